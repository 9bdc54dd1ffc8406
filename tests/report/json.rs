//! The JSON of every command keeps to its published schema, and says what the contract says.

use crate::sample::{Sample, context, rules, sample, site};
use leastwise::catalog::{Catalog, Coverage};
use leastwise::cloud::Certainty;
use leastwise::cloud::aws::CatalogFacts;
use leastwise::decide::{PolicySet, Question, compare_policies, explain, findings};
use leastwise::flow::{Argument, BlindKind, BlindSpot, Field, Principal, Record};
use leastwise::infra::HeldPolicy;
use leastwise::policy::{Document, Effect, Pattern, Patterns, Statement};
use leastwise::report::{Compare, Context, Diff, Explain, Generate, Scan, Search, format};
use leastwise::text::{Problem, Source};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn check(schema: &str, answer: &str) -> Value {
    let path = format!("{}/schemas/{schema}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let answer: Value = serde_json::from_str(answer).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&answer).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert_eq!(errors, Vec::<String>::new());
    answer
}

fn json_of(sample: &Sample) -> Value {
    let functions = std::slice::from_ref(&sample.function);
    let scan = format("json").unwrap().scan.unwrap();
    check("scan", &scan(&context(&sample.sources), &Scan { functions, findings: &[] }))
}

#[test]
fn compare_shows_each_difference_with_a_request() {
    let sample = sample();
    let held = |action: &str| {
        let pattern =
            |text: &str| Patterns { negated: false, list: vec![Pattern { text: text.into(), site: None }] };
        let statement = Statement {
            sid: None,
            effect: Effect::Allow,
            actions: pattern(action),
            resources: pattern("arn:aws:s3:::b/*"),
            conditions: Vec::new(),
            site: None,
        };
        let document = Document { version: Some("2012-10-17".into()), statements: vec![statement] };
        let site = sample.function.template.unwrap();
        let policy = HeldPolicy { name: "inline".into(), document, implied: false, site };
        PolicySet { policies: vec![policy], ..PolicySet::default() }
    };
    let facts = CatalogFacts(Catalog::embedded());
    let difference = compare_policies(&held("s3:GetObject"), &held("s3:PutObject"), &facts);
    let compare = format("json").unwrap().compare.unwrap();
    let shown = Compare { old: "old.json", new: "new.json", difference: &difference };
    let answer = check("compare", &compare(&context(&sample.sources), &shown));
    assert_eq!(answer["relation"], "incomparable");
    assert_eq!(answer["undecided"], json!([]));
    assert_eq!(
        answer["only_in_new"][0]["witness"],
        json!({"action": "s3:PutObject", "resource": "arn:aws:s3:::b/example", "context": {}})
    );
    assert_eq!(answer["only_in_old"][0]["action"], "s3:GetObject");
}

#[test]
fn scan_says_what_is_called_and_needed() {
    let answer = json_of(&sample());
    assert_eq!(answer["schema_version"], 1);
    assert_eq!(
        answer["tool"],
        json!({"name": "leastwise", "version": "0.1.0", "catalog": "2026-11-23 0badcafe"})
    );
    let function = &answer["functions"][0];
    assert_eq!(function["entry"], json!({"file": "src/app.py", "symbol": "handler", "line": 3}));
    assert_eq!(function["template"], json!({"file": "template.yaml", "line": 2}));
    assert_eq!(
        function["calls"][0],
        json!({
            "service": "dynamodb", "operation": "PutItem",
            "file": "src/repo.py", "line": 6, "column": 11,
            "route": [{"file": "src/app.py", "line": 4, "routine": "handler"}],
            "arguments": {"TableName": "${env:TABLE}", "Item": {"$unknown": "event"}, "$open": true},
            "principal": "execution-role", "confidence": "proven", "certainty": "certain",
        })
    );
    assert_eq!(
        function["requirements"][1],
        json!({
            "action": "kms:Decrypt", "certainty": "possible", "source": "dependent", "confidence": "proven",
            "resources": [{"arn": "*", "type": "key", "resolution": "any"}],
            "conditions": {"StringLike": {"kms:ViaService": ["dynamodb.*.amazonaws.com"]}},
            "evidence": [{"file": "src/repo.py", "line": 6, "what": "dynamodb.PutItem"}],
        })
    );
    assert_eq!(
        function["requirements"][0]["resources"][0]["arn"],
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"
    );
    assert_eq!(
        function["blind_spots"],
        json!([{"kind": "unresolved-resource", "file": "src/repo.py", "line": 7, "services": ["sqs"],
                "message": "the queue's name comes from the event"}])
    );
}

#[test]
fn arguments_that_json_cannot_say_are_marked() {
    let mut sample = sample();
    let field = |value| Field { value, always: true };
    let mut record = Record::default();
    record.fields.insert("Bucket".into(), field(Argument::Text(vec!["a".into(), "b".into()])));
    record.fields.insert("Limit".into(), field(Argument::Number("10".into())));
    record.fields.insert("Size".into(), field(Argument::Number("".into())));
    record.fields.insert("Flag".into(), Field { value: Argument::Flag(true), always: false });
    record.fields.insert("Keys".into(), field(Argument::List(vec![Argument::Nil])));
    record.fields.insert(
        "Either".into(),
        field(Argument::OneOf(vec![
            Argument::Nil,
            Argument::Record(Record { open: true, ..Record::default() }),
        ])),
    );
    sample.function.calls[0].arguments = record;
    assert_eq!(
        json_of(&sample)["functions"][0]["calls"][0]["arguments"],
        json!({
            "Bucket": {"$one_of": ["a", "b"]},
            "Limit": 10,
            "Size": {"$unknown": "number"},
            "Flag": true,
            "Keys": [null],
            "Either": {"$one_of": [null, {"$open": true}]},
            "$sometimes": ["Flag"],
        })
    );
}

#[test]
fn a_function_without_source_or_template_is_still_said() {
    let mut sample = sample();
    sample.function.entry = None;
    sample.function.template = None;
    sample.function.runtime = None;
    sample.function.calls[0].principal = Principal::AssumedRole("arn:aws:iam::1:role/x".into());
    sample.function.blind_spots = vec![BlindSpot {
        kind: BlindKind::NoEntry,
        site: None,
        services: Vec::new(),
        message: "no entry".into(),
    }];
    let answer = json_of(&sample);
    let function = &answer["functions"][0];
    assert_eq!(function["entry"], Value::Null);
    assert_eq!(function["calls"][0]["principal_detail"], "arn:aws:iam::1:role/x");
    assert_eq!(function["blind_spots"], json!([{"kind": "no-entry", "message": "no entry"}]));
}

#[test]
fn findings_are_the_unreadable_and_the_blind_spots_that_hide_actions() {
    let mut sample = sample();
    sample.function.blind_spots.push(BlindSpot {
        kind: BlindKind::Subprocess,
        site: Some(site(&sample.sources, "src/repo.py", "import os")),
        services: Vec::new(),
        message: "`aws` is started".into(),
    });
    let file = sample.sources.add(Source::new("broken.yaml", "a: [\n"));
    let problem = Problem {
        site: leastwise::text::Site { file, span: leastwise::text::Span::new(3, 4) },
        message: "the list has no end".into(),
    };
    let functions = std::slice::from_ref(&sample.function);
    let findings = findings(functions, &[problem]);
    let scan = format("json").unwrap().scan.unwrap();
    let answer = check("scan", &scan(&context(&sample.sources), &Scan { functions, findings: &findings }));
    assert_eq!(
        answer["findings"],
        json!([
            {"rule": "unreadable", "severity": "medium", "message": "the list has no end",
             "file": "broken.yaml", "line": 1, "column": 4},
            {"rule": "subprocess", "severity": "low", "message": "`aws` is started",
             "file": "src/repo.py", "line": 1, "column": 1, "function": "OrdersFunction"},
        ])
    );
}

fn generated(bare: bool) -> String {
    let sample = sample();
    let render = format("json").unwrap().generate.unwrap();
    render(
        &context(&sample.sources),
        &Generate { functions: &[(&sample.function, &sample.synthesis)], deployments: &[], bare },
    )
}

#[test]
fn generate_gives_documents() {
    let answer = check("generate", &generated(false));
    let function = &answer["functions"][0];
    assert_eq!(function["complete"], true);
    assert_eq!(function["policies"][0]["kind"], "inline");
    assert_eq!(
        function["policies"][0]["document"]["Statement"][0],
        json!({
            "Effect": "Allow", "Action": "dynamodb:PutItem",
            "Resource": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}",
        })
    );
}

#[test]
fn bare_gives_the_document_alone() {
    let text = generated(true);
    assert!(text.starts_with("{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": ["), "{text}");
}

#[test]
fn diff_says_what_lacks_and_what_is_too_much() {
    let sample = sample();
    let render = format("json").unwrap().diff.unwrap();
    let functions = [(&sample.function, &sample.difference)];
    let answer = Diff { functions: &functions, findings: &[] };
    let answer = check("diff", &render(&context(&sample.sources), &answer));
    let function = &answer["functions"][0];
    assert_eq!(
        function["held"],
        json!([{"file": "template.yaml", "line": 6, "name": "OrdersFunctionPolicy0"}])
    );
    assert_eq!(function["shared_with"], json!(["RefundsFunction"]));
    assert_eq!(function["missing"][0]["severity"], "high");
    assert_eq!(function["missing"][0]["held_by"], Value::Null);
    assert_eq!(
        function["missing"][0]["witness"],
        json!({
            "action": "dynamodb:PutItem", "resource": "arn:aws:dynamodb:us-east-1:123456789012:table/Orders",
            "context": {"aws:SecureTransport": ["true"]},
        })
    );
    assert_eq!(
        function["excess"][0],
        json!({
            "action": "s3:*", "except": [], "resources": [{"arn": "*", "type": "*", "resolution": "any"}],
            "held_resources": ["*"], "conditions": {}, "severity": "medium", "message": "nothing calls `s3`",
            "evidence": [],
            "held_by": {"file": "template.yaml", "line": 9, "sid": "Store", "policy": "OrdersFunctionPolicy0"},
            "witness": null,
        })
    );
    assert_eq!(
        function["too_wide"][0]["held_by"],
        json!({"file": null, "line": null, "sid": null, "policy": "AmazonDynamoDBFullAccess"})
    );
}

#[test]
fn nothing_known_of_what_is_held_is_null() {
    let mut sample = sample();
    sample.function.held = None;
    let render = format("json").unwrap().diff.unwrap();
    let nothing = leastwise::decide::Difference::default();
    let answer = Diff { functions: &[(&sample.function, &nothing)], findings: &[] };
    let answer = check("diff", &render(&context(&sample.sources), &answer));
    assert_eq!(answer["functions"][0]["held"], Value::Null);
}

fn explained(sample: &Sample, question: &Question) -> Value {
    let functions = std::slice::from_ref(&sample.function);
    let explanations = explain(functions, &sample.sources, question);
    let rules = [rules()];
    let answer = Explain { question, explanations: &explanations, rules: &rules };
    let context: Context<'_> = context(&sample.sources);
    check("explain", &format("json").unwrap().explain.unwrap()(&context, &answer))
}

#[test]
fn explain_an_action_gives_its_calls() {
    let answer = explained(&sample(), &Question::Action("DynamoDB:putitem".into()));
    let function = &answer["functions"][0];
    assert_eq!(function["calls"].as_array().unwrap().len(), 1);
    assert_eq!(function["requirements"].as_array().unwrap().len(), 1);
    assert_eq!(function["requirements"][0]["action"], "dynamodb:PutItem");
    assert_eq!(answer["rules"][0]["actions"][0]["action"], "dynamodb:PutItem");
}

#[test]
fn explain_a_line_gives_what_it_leads_to() {
    let sample = sample();
    let place = |file: &str, line| Question::Place { file: file.to_owned(), line };
    let calls = |answer: &Value| answer["functions"][0]["calls"].as_array().map_or(0, Vec::len);
    assert_eq!(calls(&explained(&sample, &place("src/repo.py", 6))), 1);
    assert_eq!(calls(&explained(&sample, &place("src/app.py", 4))), 2);
    assert_eq!(explained(&sample, &place("src/app.py", 1))["functions"], json!([]));
    let declared = explained(&sample, &place("template.yaml", 2));
    assert_eq!(declared["functions"][0]["requirements"][0]["action"], "logs:PutLogEvents");
}

#[test]
fn catalog_show_gives_rules() {
    let sample = sample();
    let render = format("json").unwrap().catalog_show.unwrap();
    let answer = check("catalog-show", &render(&context(&sample.sources), &rules()));
    assert_eq!(answer["actions"][1]["when"], "the table has a customer key");
    assert_eq!(answer["actions"][0].get("when"), None);
    assert_eq!(rules().actions[0].certainty, Certainty::Certain);
}

#[test]
fn catalog_show_of_a_service_gives_its_operations() {
    let sample = sample();
    let render = format("json").unwrap().catalog_service.unwrap();
    let service = Catalog::embedded().service("dynamodb").unwrap();
    let answer = check("catalog-service", &render(&context(&sample.sources), &service));
    let operations = answer["operations"].as_array().unwrap();
    assert_eq!(operations.len(), service.operations().len());
    let put = operations.iter().find(|each| each["operation"] == "PutItem").unwrap();
    assert_eq!(put["authorization"], "actions");
    assert!(put["actions"].as_array().unwrap().contains(&json!("dynamodb:PutItem")));
}

#[test]
fn catalog_search_gives_as_many_as_are_wanted() {
    let sample = sample();
    let render = format("json").unwrap().catalog_search.unwrap();
    let search = |text, limit| Search { text, limit, found: Catalog::embedded().search(text) };
    let answer =
        |text, limit| check("catalog-search", &render(&context(&sample.sources), &search(text, limit)));
    let few = answer("table", 2);
    assert_eq!(few["operations"].as_array().unwrap().len(), 2);
    assert!(few["totals"]["operations"].as_u64().unwrap() > 2);
    let put = answer("dynamodb.put_item", 0);
    assert_eq!(put["operations"][0]["service"], "dynamodb");
    assert_eq!(put["operations"][0]["operation"], "PutItem");
    assert_eq!(answer("dynamodb:putitem", 0)["actions"][0]["action"], "dynamodb:PutItem");
    assert_eq!(answer("dynamodb:LeadingKeys", 0)["condition_keys"][0]["key"], "dynamodb:LeadingKeys");
    let globs = answer("s3:Get*Acl", 0);
    let globs: Vec<&str> =
        globs["actions"].as_array().unwrap().iter().map(|each| each["action"].as_str().unwrap()).collect();
    assert_eq!(globs, ["s3:GetBucketAcl", "s3:GetObjectAcl", "s3:GetObjectVersionAcl"]);
}

#[test]
fn catalog_coverage_adds_up() {
    let sample = sample();
    let render = format("json").unwrap().catalog_coverage.unwrap();
    let coverage = Coverage::of(Catalog::embedded());
    let answer = check("catalog-coverage", &render(&context(&sample.sources), &coverage));
    let number = |value: &Value| value.as_u64().unwrap();
    let parts = ["mapped", "not_authorized", "unverified", "unmapped"];
    assert_eq!(number(&answer["total"]), parts.iter().map(|part| number(&answer[part])).sum::<u64>());
    let services = answer["services"].as_array().unwrap();
    for part in parts {
        assert_eq!(number(&answer[part]), services.iter().map(|each| number(&each[part])).sum::<u64>());
    }
    for service in services {
        let open = service["open"].as_array().unwrap().len() as u64;
        assert_eq!(open, number(&service["unverified"]) + number(&service["unmapped"]));
    }
    assert!(answer["share"].as_f64().unwrap() > 0.98, "{}", answer["share"]);
}
