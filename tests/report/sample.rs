//! A small project as the analysis would describe it, for the tests of everything that shows answers.

use leastwise::catalog::{Class, RuleConfidence};
use leastwise::cloud::{Cause, Certainty, Evidence, Origin, Requirement, Resolution, Resource};
use leastwise::decide::{
    Difference, EntryPoint, FunctionAnalysis, HeldBy, NamedPolicy, PolicyKind, Row, Severity, Synthesis,
};
use leastwise::flow::{ApiCall, Argument, BlindKind, BlindSpot, Confidence, Field, Principal, Record, Step};
use leastwise::infra::{HeldPolicy, Role};
use leastwise::policy::algebra::Witness;
use leastwise::policy::{Condition, Document, Effect, Pattern, Patterns, Statement};
use leastwise::report::{ActionRule, Colour, Context, Detail, OperationRules};
use leastwise::text::{Hole, Site, SmolStr, Source, Sources, Span, TemplateString};

pub(crate) const APP: &str = "\
from repo import save

def handler(event, context):
    save(event[\"order\"])
";

pub(crate) const REPO: &str = "\
import os, boto3
table = boto3.resource(\"dynamodb\").Table(os.environ[\"TABLE\"])
queue = boto3.client(\"sqs\")

def save(order):
    table.put_item(Item=order)
    queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")
";

pub(crate) const TEMPLATE: &str = "\
Resources:
  OrdersFunction:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement:
            - Sid: Store
              Effect: Allow
              Action: s3:*
              Resource: '*'
";

/// A sample project: its sources, and the one function in it.
pub(crate) struct Sample {
    pub(crate) sources: Sources,
    pub(crate) function: FunctionAnalysis,
    pub(crate) synthesis: Synthesis,
    pub(crate) difference: Difference,
}

pub(crate) fn context(sources: &Sources) -> Context<'_> {
    Context {
        sources,
        version: "0.1.0",
        catalog: "2026-11-23 0badcafe",
        prefix: "",
        colour: Colour::Plain,
        detail: Detail::Brief,
    }
}

/// The place of the first `needle` in the file at `path`.
pub(crate) fn site(sources: &Sources, path: &str, needle: &str) -> Site {
    let (file, source) = sources.iter().find(|(_, source)| source.path() == path).unwrap();
    let start = source.text().find(needle).unwrap();
    let end = start + needle.len();
    Site { file, span: Span::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap()) }
}

/// An ARN of a resource of the deployment.
pub(crate) fn arn(service: &str, name: &str, id: &str) -> TemplateString {
    let mut arn = TemplateString::from("arn:");
    arn.push_hole(Hole::Partition);
    arn.push_str(&format!(":{service}:"));
    arn.push_hole(Hole::Region);
    arn.push_str(":");
    arn.push_hole(Hole::Account);
    arn.push_str(&format!(":{name}"));
    arn.push(&if id == "*" { Hole::Unknown.into() } else { TemplateString::resource(id) });
    arn
}

pub(crate) fn sample() -> Sample {
    let mut sources = Sources::default();
    sources.add(Source::new("src/app.py", APP));
    sources.add(Source::new("src/repo.py", REPO));
    sources.add(Source::new("template.yaml", TEMPLATE));
    let function = function(&sources);
    let difference = difference(&sources, &function);
    let synthesis = synthesis(&function);
    Sample { sources, function, synthesis, difference }
}

fn text(text: &str) -> Field {
    Field { value: Argument::Text(vec![text.into()]), always: true }
}

fn call(sources: &Sources, service: &str, operation: &str, token: &str, arguments: Record) -> ApiCall {
    ApiCall {
        service: service.into(),
        operation: operation.into(),
        arguments,
        client: Record::default(),
        site: site(sources, "src/repo.py", token),
        route: vec![Step { site: site(sources, "src/app.py", "save(event"), routine: "handler".into() }],
        principal: Principal::ExecutionRole,
        confidence: Confidence::Proven,
        certain: true,
    }
}

fn requirement(
    action: &str,
    arn: TemplateString,
    kind: &str,
    resolution: Resolution,
    site: Site,
    what: &str,
) -> Requirement {
    Requirement {
        action: action.into(),
        resources: vec![Resource { arn, reference: None, kind: kind.into(), resolution }],
        conditions: Vec::new(),
        carried: Vec::new(),
        certainty: Certainty::Certain,
        origin: Origin::Call,
        confidence: Confidence::Proven,
        evidence: vec![Evidence { site, what: what.into() }],
    }
}

fn calls(sources: &Sources) -> [ApiCall; 2] {
    let mut put = Record { open: true, ..Record::default() };
    put.fields.insert(
        "TableName".into(),
        Field { value: Argument::Text(vec![Hole::Environment("TABLE".into()).into()]), always: true },
    );
    put.fields.insert("Item".into(), Field { value: Argument::Unknown("event".into()), always: true });
    let mut send = Record::default();
    send.fields.insert("QueueUrl".into(), Field { value: Argument::Unknown("event".into()), always: true });
    send.fields.insert("MessageBody".into(), text("saved"));
    let put = call(sources, "dynamodb", "PutItem", "put_item", put);
    let send = call(sources, "sqs", "SendMessage", "send_message", send);
    [put, send]
}

fn invoked_by_a_topic(site: Site) -> Cause {
    let why =
        "invoked by SNS, which the function's own resource policy lets in: nothing of the execution role";
    Cause { site, what: "sns".into(), asks: false, why: why.into() }
}

fn function(sources: &Sources) -> FunctionAnalysis {
    let [put, send] = calls(sources);
    let declared = site(sources, "template.yaml", "OrdersFunction");
    let mut log = requirement(
        "logs:PutLogEvents",
        arn("logs", "log-group:/aws/lambda/", "OrdersFunction"),
        "log-stream",
        Resolution::Template,
        declared,
        "the function's own log group",
    );
    log.origin = Origin::Configuration;
    let mut decrypt =
        requirement("kms:Decrypt", "*".into(), "key", Resolution::Any, put.site, "dynamodb.PutItem");
    decrypt.certainty = Certainty::Possible;
    decrypt.origin = Origin::Dependent;
    decrypt.conditions = vec![Condition {
        operator: "StringLike".into(),
        key: "kms:ViaService".into(),
        values: vec!["dynamodb.*.amazonaws.com".into()],
    }];
    FunctionAnalysis {
        name: "OrdersFunction".into(),
        kind: leastwise::infra::FunctionKind::Function,
        language: "python".into(),
        runtime: Some("python3.13".into()),
        entry: Some(EntryPoint { site: site(sources, "src/app.py", "handler"), symbol: "handler".into() }),
        template: Some(declared),
        environment: None,
        requirements: vec![
            requirement(
                "dynamodb:PutItem",
                arn("dynamodb", "table/", "Orders"),
                "table",
                Resolution::Template,
                put.site,
                "dynamodb.PutItem",
            ),
            decrypt,
            log,
            requirement(
                "sqs:SendMessage",
                arn("sqs", "", "*"),
                "queue",
                Resolution::Event,
                send.site,
                "sqs.SendMessage",
            ),
        ],
        causes: vec![invoked_by_a_topic(declared)],
        blind_spots: vec![BlindSpot {
            kind: BlindKind::UnresolvedResource,
            site: Some(send.site),
            services: vec!["sqs".into()],
            message: "the queue's name comes from the event".into(),
        }],
        calls: vec![put, send],
        held: Some(held(sources)),
        role: Some("OrdersFunctionRole".into()),
    }
}

fn statement(actions: &[&str], resources: &[TemplateString]) -> Statement {
    let pattern = |text: TemplateString| Pattern { text, site: None };
    Statement {
        sid: None,
        effect: Effect::Allow,
        actions: Patterns {
            negated: false,
            list: actions.iter().map(|text| pattern((*text).into())).collect(),
        },
        resources: Patterns { negated: false, list: resources.iter().cloned().map(pattern).collect() },
        conditions: Vec::new(),
        site: None,
    }
}

fn held(sources: &Sources) -> Role {
    let at = site(sources, "template.yaml", "Statement");
    let mut statement = statement(&["s3:*"], &["*".into()]);
    statement.sid = Some("Store".into());
    let document = Document { version: Some("2012-10-17".into()), statements: vec![statement] };
    Role {
        given: vec![],
        refused: vec![],
        boundary: None,
        limits: Vec::new(),
        trusted: None,
        policies: vec![HeldPolicy {
            name: "OrdersFunctionPolicy0".into(),
            document,
            implied: false,
            site: at,
        }],
        unknown: Vec::new(),
        site: at,
    }
}

fn difference(sources: &Sources, function: &FunctionAnalysis) -> Difference {
    let needed = &function.requirements[0];
    let missing = Row {
        action: needed.action.clone(),
        except: Vec::new(),
        resources: needed.resources.clone(),
        held_resources: Vec::new(),
        conditions: Vec::new(),
        severity: Severity::High,
        message: "no statement allows `dynamodb:PutItem`".into(),
        evidence: needed.evidence.clone(),
        held_by: None,
        needed_by: Vec::new(),
        witness: Some(Witness {
            action: needed.action.clone(),
            resource: "arn:aws:dynamodb:us-east-1:123456789012:table/Orders".into(),
            context: vec![("aws:SecureTransport".into(), vec!["true".into()])],
        }),
    };
    let excess = Row {
        action: "s3:*".into(),
        resources: vec![Resource {
            arn: "*".into(),
            reference: None,
            kind: "*".into(),
            resolution: Resolution::Any,
        }],
        held_resources: vec!["*".into()],
        severity: Severity::Medium,
        message: "nothing calls `s3`".into(),
        evidence: Vec::new(),
        held_by: Some(HeldBy {
            site: Some(site(sources, "template.yaml", "Action: s3:*")),
            sid: Some("Store".into()),
            policy: "OrdersFunctionPolicy0".into(),
        }),
        witness: None,
        needed_by: Vec::new(),
        ..missing.clone()
    };
    let too_wide = Row {
        held_resources: vec!["*".into()],
        severity: Severity::Low,
        message: "one table is enough".into(),
        held_by: Some(HeldBy { site: None, sid: None, policy: "AmazonDynamoDBFullAccess".into() }),
        witness: None,
        needed_by: Vec::new(),
        ..missing.clone()
    };
    Difference {
        blind_spots: Vec::new(),
        missing: vec![missing],
        excess: vec![excess],
        too_wide: vec![too_wide],
        shared_with: vec!["RefundsFunction".into()],
    }
}

fn synthesis(function: &FunctionAnalysis) -> Synthesis {
    let statements = [0, 2, 3].map(|index: usize| {
        let needed = &function.requirements[index];
        statement(&[needed.action.as_str()], &[needed.resources[0].arn.clone()])
    });
    let document = Document { version: Some("2012-10-17".into()), statements: statements.into() };
    Synthesis {
        templates: vec![],
        policies: vec![NamedPolicy {
            name: "OrdersFunctionPolicy".into(),
            kind: PolicyKind::Inline,
            document,
        }],
        kept: vec![],
        complete: true,
        warnings: vec!["the queue of `sqs:SendMessage` is not known and became `*`".into()],
    }
}

/// What the catalog says of one operation.
pub(crate) fn rules() -> OperationRules {
    let rule = |action: &str, certainty, when: Option<&str>| ActionRule {
        action: SmolStr::from(action),
        class: if certainty == Certainty::Certain { Class::Always } else { Class::State },
        certainty,
        when: when.map(str::to_owned),
        resources: vec!["arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}".to_owned()],
        conditions: vec![],
        provenance: "service authorization reference, 2026-11-23".to_owned(),
        confidence: if certainty == Certainty::Certain { RuleConfidence::High } else { RuleConfidence::Low },
        note: SmolStr::default(),
    };
    OperationRules {
        service: "dynamodb".into(),
        operation: "PutItem".into(),
        actions: vec![
            rule("dynamodb:PutItem", Certainty::Certain, None),
            rule("kms:Decrypt", Certainty::Possible, Some("the table has a customer key")),
        ],
    }
}
