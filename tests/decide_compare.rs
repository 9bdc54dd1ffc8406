//! What a role holds against what its functions need.

mod common;
#[path = "common/facts.rs"]
mod facts;
#[path = "common/needs.rs"]
mod needs;

use common::{policy, template};
use facts::Facts;
use leastwise::cloud::{Certainty, Requirement};
use leastwise::decide::{Difference, FunctionAnalysis, Row, Severity, compare, role_findings};
use leastwise::flow::{BlindKind, BlindSpot};
use leastwise::infra::{HeldPolicy, Role};
use leastwise::policy::{Condition, Context, Decision, Request, evaluate};
use leastwise::text::{FileId, Site, Span};
use needs::need;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const SITE: Site = Site { file: FileId(1), span: Span::new(0, 1) };

fn role(statements: Value) -> Role {
    let held = HeldPolicy { name: "inline".into(), document: policy(statements), implied: false, site: SITE };
    Role {
        policies: vec![held],
        given: Vec::new(),
        refused: Vec::new(),
        unknown: Vec::new(),
        boundary: None,
        limits: Vec::new(),
        trusted: None,
        site: SITE,
    }
}

fn function(requirements: Vec<Requirement>, held: Option<Role>) -> FunctionAnalysis {
    FunctionAnalysis {
        name: "Orders".into(),
        kind: leastwise::infra::FunctionKind::Function,
        language: "python".into(),
        runtime: None,
        entry: None,
        template: None,
        environment: None,
        calls: Vec::new(),
        requirements,
        causes: Vec::new(),
        blind_spots: Vec::new(),
        held,
        role: None,
    }
}

fn allow(actions: Value, resources: Value) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resources})
}

fn difference(requirements: Vec<Requirement>, statements: Value) -> Difference {
    compare(&function(requirements, Some(role(statements))), &[], &Facts)
}

/// A row in short: kind, severity, action, what is needed of it.
fn short(difference: &Difference) -> Vec<String> {
    let row = |kind: &str, row: &Row| {
        let except =
            if row.except.is_empty() { String::new() } else { format!(" but {}", row.except.join(", ")) };
        format!("{kind} {} {}{except}", row.severity.name(), row.action)
    };
    let missing = difference.missing.iter().map(|line| row("missing", line));
    let excess = difference.excess.iter().map(|line| row("excess", line));
    let wide = difference.too_wide.iter().map(|line| row("too wide", line));
    missing.chain(excess).chain(wide).collect()
}

const ORDERS: &str = "arn:{partition}:dynamodb:{region}:{account}:table/{Orders}";

#[test]
fn a_boundary_must_allow_what_is_needed_too() {
    let mut held = role(allow(json!("dynamodb:*Item"), json!(ORDERS)));
    let limit = |statements: Value| HeldPolicy {
        name: "Boundary".into(),
        document: policy(statements),
        implied: false,
        site: SITE,
    };
    let needs = || vec![need("dynamodb:PutItem", &[ORDERS])];
    held.limits = vec![limit(allow(json!(["dynamodb:*", "s3:*"]), json!("*")))];
    assert_eq!(compare(&function(needs(), Some(held.clone())), &[], &Facts).missing, []);
    held.limits.push(limit(allow(json!("s3:*"), json!("*"))));
    let missing = compare(&function(needs(), Some(held)), &[], &Facts).missing;
    let messages: Vec<&str> = missing.iter().map(|row| row.message.as_str()).collect();
    let expected =
        "`dynamodb:PutItem` is needed and granted, but `Boundary`, which limits the role, does not allow it";
    assert_eq!(messages, [expected]);
}

#[test]
fn what_differs() {
    let put = || vec![need("dynamodb:PutItem", &[ORDERS])];
    let get = || vec![need("s3:GetObject", &["arn:{partition}:s3:::{Bucket}/*"])];
    let table = [
        "arn:aws:dynamodb:eu-west-1:1:table/{Orders}",
        "arn:aws:dynamodb:eu-west-1:1:table/{Orders}/index/*",
    ];
    let bucket = ["arn:aws:s3:::{Bucket}", "arn:aws:s3:::{Bucket}/*"];
    let cases: Vec<(&str, Vec<Requirement>, Value, &[&str])> = vec![
        ("the same", put(), allow(json!("dynamodb:PutItem"), json!(ORDERS)), &[]),
        ("literal places", put(), allow(json!("dynamodb:PutItem"), json!(table[0])), &[]),
        ("a table and its indexes", put(), allow(json!("dynamodb:PutItem"), json!(table)), &[]),
        ("a bucket and its objects", get(), allow(json!("s3:GetObject"), json!(bucket)), &[]),
        ("nothing", put(), json!([]), &["missing high dynamodb:PutItem"]),
        (
            "another table",
            put(),
            allow(json!("dynamodb:PutItem"), json!("arn:aws:dynamodb:*:*:table/{Customers}")),
            &["missing high dynamodb:PutItem", "excess low dynamodb:PutItem"],
        ),
        (
            "one that may be the same",
            put(),
            allow(json!("dynamodb:PutItem"), json!("arn:aws:dynamodb:eu-west-1:1:table/orders-1")),
            &["missing note dynamodb:PutItem"],
        ),
        (
            "all regions",
            put(),
            allow(json!("dynamodb:PutItem"), json!("arn:aws:dynamodb:*:*:table/{Orders}")),
            &["too wide note dynamodb:PutItem"],
        ),
        (
            "all tables",
            put(),
            allow(json!("dynamodb:PutItem"), json!("arn:aws:dynamodb:*:*:table/*")),
            &["too wide medium dynamodb:PutItem"],
        ),
        (
            "a second table",
            put(),
            allow(json!("dynamodb:PutItem"), json!([ORDERS, "arn:aws:dynamodb:*:*:table/{Customers}"])),
            &["too wide low dynamodb:PutItem"],
        ),
        (
            "a wildcard",
            put(),
            allow(json!("dynamodb:*"), json!(ORDERS)),
            &["excess medium dynamodb:* but dynamodb:PutItem"],
        ),
        (
            "objects only",
            get(),
            allow(json!("s3:*"), json!("arn:aws:s3:::{Bucket}/*")),
            &["excess medium s3:* but s3:GetObject"],
        ),
        (
            "everything",
            put(),
            allow(json!("*"), json!("*")),
            &["excess critical * but dynamodb:PutItem", "too wide medium dynamodb:PutItem"],
        ),
        (
            "everything but",
            put(),
            json!({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
            &["excess critical * but dynamodb:PutItem", "too wide medium dynamodb:PutItem"],
        ),
        (
            "a denial",
            put(),
            json!([allow(json!("dynamodb:PutItem"), json!(ORDERS)), {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}]),
            &["missing high dynamodb:PutItem"],
        ),
        (
            "a denial of the rest",
            put(),
            json!([allow(json!("dynamodb:*"), json!(ORDERS)), {"Effect": "Deny", "NotAction": "dynamodb:PutItem", "Resource": "*"}]),
            &[],
        ),
        (
            "a denial of plain text requests",
            put(),
            json!([
                allow(json!("dynamodb:PutItem"), json!(ORDERS)),
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
            ]),
            &[],
        ),
        (
            "no effect",
            get(),
            allow(json!("s3:GetObject"), json!(["arn:aws:s3:::{Bucket}/*", "arn:aws:s3:::x"])),
            &[],
        ),
        (
            "star for what takes only the star",
            vec![need("s3:ListAllMyBuckets", &["*"])],
            allow(json!("s3:ListAllMyBuckets"), json!("*")),
            &[],
        ),
        (
            "ordinary logging",
            vec![],
            allow(json!(["logs:CreateLogGroup", "logs:PutLogEvents"]), json!("*")),
            &["excess note logs:CreateLogGroup", "excess note logs:PutLogEvents"],
        ),
        ("control of the account", vec![], allow(json!("iam:*"), json!("*")), &["excess critical iam:*"]),
        (
            "secrets",
            vec![],
            allow(json!("secretsmanager:GetSecretValue"), json!("*")),
            &["excess medium secretsmanager:GetSecretValue"],
        ),
        (
            "the secrets of one application",
            vec![],
            allow(
                json!("secretsmanager:GetSecretValue"),
                json!("arn:aws:secretsmanager:eu-west-1:1:secret:orders-*"),
            ),
            &["excess low secretsmanager:GetSecretValue"],
        ),
        (
            "the objects of one bucket",
            vec![],
            allow(json!("s3:GetObject"), json!("arn:aws:s3:::orders/*")),
            &["excess low s3:GetObject"],
        ),
        (
            "the objects of all buckets",
            vec![],
            allow(json!("s3:GetObject"), json!("arn:aws:s3:::*/*")),
            &["excess medium s3:GetObject"],
        ),
        (
            "an action that nobody knows",
            vec![],
            allow(json!("new:Thing"), json!("*")),
            &["excess low new:Thing"],
        ),
        (
            "a key of the event",
            vec![need("s3:GetObject", &["arn:{partition}:s3:::{Bucket}/{event:key}"])],
            allow(json!("s3:GetObject"), json!("arn:aws:s3:::{Bucket}/*")),
            &[],
        ),
        (
            "an unknown part",
            vec![need("s3:GetObject", &["arn:{partition}:s3:::{Bucket}/{?}"])],
            allow(json!("s3:GetObject"), json!("arn:aws:s3:::{Bucket}/a/*")),
            &["missing note s3:GetObject"],
        ),
        (
            "objects of all buckets, where nothing else is one",
            vec![need("s3:GetObject", &["arn:aws:s3:::*"])],
            allow(json!("s3:GetObject"), json!("arn:aws:s3:::*/*")),
            &[],
        ),
    ];
    for (name, requirements, statements, expected) in cases {
        let difference = difference(requirements, statements);
        assert_eq!(short(&difference), expected, "{name}");
        let rows = difference.missing.iter().chain(&difference.excess).chain(&difference.too_wide);
        let shown = |row: &Row| row.severity == Severity::Note || row.witness.is_some();
        assert!(rows.into_iter().all(shown), "{name}: a row that no request shows");
    }
}

#[test]
fn each_row_names_a_request_that_shows_it() {
    let held = json!([
        allow(json!(["s3:GetObject", "dynamodb:*"]), json!(["arn:aws:s3:::b/*", "arn:aws:dynamodb:*:*:table/t"])),
        {"Effect": "Deny", "Action": "dynamodb:DeleteItem", "Resource": "*"},
    ]);
    let needs = vec![
        need("s3:GetObject", &["arn:aws:s3:::b/in/*"]),
        need("s3:PutObject", &["arn:aws:s3:::b/*"]),
        need("dynamodb:GetItem", &["arn:aws:dynamodb:eu-west-1:1:table/t"]),
    ];
    let difference = difference(needs, held.clone());
    let held = policy(held);
    let decide = |row: &Row| {
        let witness = row.witness.as_ref().unwrap();
        let context = Context::complete();
        let request = Request { action: &witness.action, resource: &witness.resource, context: &context };
        (evaluate([&held], &request), format!("{} {}", witness.action, witness.resource))
    };
    let shown = |rows: &[Row]| rows.iter().map(decide).collect::<Vec<_>>();
    assert_eq!(
        shown(&difference.missing),
        [(Decision::NotMentioned, "s3:PutObject arn:aws:s3:::b/example".into())]
    );
    assert_eq!(
        shown(&difference.excess),
        [(Decision::Allowed, "dynamodb:PutItem arn:aws:dynamodb:us-east-1:123456789012:table/t".into())]
    );
    assert_eq!(
        shown(&difference.too_wide),
        [
            (Decision::Allowed, "s3:GetObject arn:aws:s3:::b/example".into()),
            (Decision::Allowed, "dynamodb:GetItem arn:aws:dynamodb:us-east-1:123456789012:table/t".into()),
        ]
    );
}

#[test]
fn rows_say_what_to_narrow_and_where() {
    let difference = difference(
        vec![need("s3:GetObject", &["arn:{partition}:s3:::{Bucket}/*"])],
        allow(json!("s3:*"), json!("arn:aws:s3:::*")),
    );
    let wide = &difference.too_wide[0];
    assert_eq!(wide.resources[0].arn, template("arn:{partition}:s3:::{Bucket}/*"));
    assert_eq!(wide.held_resources, [template("arn:aws:s3:::*")]);
    assert_eq!(wide.evidence.len(), 1);
    assert_eq!(wide.held_by.as_ref().map(|held| held.policy.as_str()), Some("inline"));
    assert_eq!(difference.excess[0].severity, Severity::High);
}

#[test]
fn a_match_by_reference_counts() {
    let mut requirement = need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:orders"]);
    requirement.resources[0].reference = Some(template("arn:{partition}:sqs:{region}:{account}:{Queue}"));
    let held = allow(json!("sqs:SendMessage"), json!("arn:{partition}:sqs:{region}:{account}:{Queue}"));
    assert_eq!(short(&difference(vec![requirement], held)), [""; 0]);
}

#[test]
fn possible_needs_are_no_reason_to_fail() {
    let mut requirement = need("s3:GetObject", &["arn:aws:s3:::b/*"]);
    requirement.certainty = Certainty::Possible;
    assert_eq!(short(&difference(vec![requirement.clone()], json!([]))), ["missing note s3:GetObject"]);
    let held = allow(json!("s3:GetObject"), json!("arn:aws:s3:::b/*"));
    assert_eq!(short(&difference(vec![requirement], held)), [""; 0]);
}

#[test]
fn where_the_analysis_is_blind_nothing_is_superfluous() {
    let held = allow(json!(["states:StartExecution", "s3:GetObject"]), json!("*"));
    let mut analysis = function(Vec::new(), Some(role(held)));
    analysis.blind_spots.push(BlindSpot {
        kind: BlindKind::EscapedClient,
        site: None,
        services: vec!["stepfunctions".into()],
        message: "the client goes to `helper`".to_owned(),
    });
    let difference = compare(&analysis, &[], &Facts);
    assert_eq!(short(&difference), ["excess medium s3:GetObject", "excess note states:StartExecution"]);
    assert!(difference.excess[1].message.ends_with("the client goes to `helper`"));
}

#[test]
fn functions_that_share_a_role_are_counted_together() {
    let held = allow(json!(["sqs:SendMessage", "sqs:DeleteMessage"]), json!("arn:aws:sqs:eu-west-1:1:q"));
    let mine = function(vec![need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:q"])], Some(role(held)));
    let other = function(vec![need("sqs:DeleteMessage", &["arn:aws:sqs:eu-west-1:1:q"])], None);
    assert_eq!(short(&compare(&mine, &[&other], &Facts)), [""; 0]);
    assert_eq!(short(&compare(&mine, &[], &Facts)), ["excess medium sqs:DeleteMessage"]);
}

#[test]
fn what_is_not_known_of_a_role_is_said() {
    let requirement = need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:q"]);
    let unknown = compare(&function(vec![requirement.clone()], None), &[], &Facts);
    assert_eq!(short(&unknown), [""; 0]);
    assert_eq!(unknown.blind_spots.len(), 1);

    let mut held = role(json!([]));
    held.unknown.push(("arn:aws:iam::1:policy/shared".into(), SITE));
    let attached = compare(&function(vec![requirement], Some(held)), &[], &Facts);
    assert_eq!(short(&attached), [""; 0]);
    let message = "the statements of the attached policy `arn:aws:iam::1:policy/shared` are not known; \
                   it may grant `sqs:SendMessage`, which the known policies do not";
    assert_eq!(attached.blind_spots[0].message, message);
}

#[test]
fn a_role_handed_over_to_any_service_is_told() {
    let mut requirement = need("iam:PassRole", &["arn:aws:iam::1:role/r"]);
    let condition = Condition {
        operator: "StringEquals".into(),
        key: "iam:PassedToService".into(),
        values: vec!["lambda.amazonaws.com".into()],
    };
    requirement.conditions = vec![condition.clone()];
    let open = allow(json!("iam:PassRole"), json!("arn:aws:iam::1:role/r"));
    let difference = difference(vec![requirement.clone()], open.clone());
    assert_eq!(short(&difference), ["too wide note iam:PassRole"]);
    assert_eq!(difference.too_wide[0].conditions, [condition]);
    let mut closed = open;
    closed["Condition"] = json!({"StringLike": {"iam:PassedToService": "lambda.*"}});
    assert_eq!(short(&self::difference(vec![requirement.clone()], closed.clone())), [""; 0]);
    closed["Condition"] = json!({"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}});
    let refused = self::difference(vec![requirement], closed);
    assert_eq!(short(&refused), ["missing high iam:PassRole", "excess high iam:PassRole"]);
}

#[test]
fn an_escalation_points_at_the_line_to_change() {
    let held =
        allow(json!(["sqs:SendMessage", "iam:CreatePolicyVersion"]), json!("arn:aws:sqs:eu-west-1:1:q"));
    let analysis = function(vec![need("s3:GetObject", &["arn:aws:s3:::b/*"])], Some(role(held)));
    let found = role_findings(&analysis);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].rule, found[0].severity), ("privilege-escalation", Severity::High));
    assert!(found[0].message.contains("iam-001"), "{}", found[0].message);
    assert!(found[0].site.is_some());
}

#[test]
fn escalations_need_every_action_and_the_right_service() {
    let pass = |service: &str| {
        json!([
            allow(json!("lambda:*"), json!("*")),
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
             "Condition": {"StringEquals": {"iam:PassedToService": service}}}
        ])
    };
    let messages = |statements: Value| -> Vec<String> {
        let analysis = function(Vec::new(), Some(role(statements)));
        role_findings(&analysis).into_iter().map(|finding| finding.message).collect()
    };
    let starts = |service: &str| messages(pass(service)).iter().any(|message| message.contains("lambda-001"));
    assert!(starts("lambda.amazonaws.com"));
    assert!(!starts("states.amazonaws.com"));
    assert_eq!(messages(allow(json!("sqs:*"), json!("*"))), [""; 0]);
    let denied =
        json!([allow(json!("iam:*"), json!("*")), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]);
    assert_eq!(messages(denied), [""; 0]);
}

#[test]
fn what_the_policy_of_a_resource_denies_is_missing() {
    let mut held =
        role(json!([allow(json!(["s3:GetObject", "s3:PutObject"]), json!("arn:aws:s3:::files/*"))]));
    let refused = policy(json!([
        {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::files/*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}},
    ]));
    held.refused = vec![HeldPolicy { name: "Files".into(), document: refused, implied: false, site: SITE }];
    let requirements = vec![
        need("s3:GetObject", &["arn:aws:s3:::files/a"]),
        need("s3:PutObject", &["arn:aws:s3:::files/a"]),
    ];
    let difference = compare(&function(requirements, Some(held)), &[], &Facts);
    let missing: Vec<_> = difference.missing.iter().map(|row| (row.severity, row.message.as_str())).collect();
    assert_eq!(
        missing,
        [
            (Severity::High, "`s3:PutObject` is needed, but the policy of a resource denies it: `Files`"),
            (
                Severity::Note,
                "`s3:GetObject` is needed and granted, but the policy of a resource may deny it: `Files`"
            ),
        ]
    );
    assert!(difference.missing.iter().all(|row| row.witness.is_some() && row.held_by.is_some()));
}

#[test]
fn what_the_policy_of_a_resource_gives_is_not_missing() {
    let mut held = role(json!([allow(json!("sqs:SendMessage"), json!("arn:aws:sqs:eu-west-1:1:jobs"))]));
    let given = policy(json!([allow(json!("s3:GetObject"), json!("arn:aws:s3:::files/*"))]));
    held.given = vec![HeldPolicy { name: "FilesPolicy".into(), document: given, implied: false, site: SITE }];
    let requirements = vec![
        need("s3:GetObject", &["arn:aws:s3:::files/a"]),
        need("s3:PutObject", &["arn:aws:s3:::files/a"]),
        need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:jobs"]),
    ];
    let difference = compare(&function(requirements, Some(held)), &[], &Facts);
    assert_eq!(short(&difference), ["missing high s3:PutObject", "missing note s3:GetObject"]);
    let row = difference.missing.last();
    let message = "`s3:GetObject` is needed, and given by the policy of a resource: `FilesPolicy`";
    assert_eq!(row.map(|row| row.message.as_str()), Some(message));
}
