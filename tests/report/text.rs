//! Text at a terminal, word for word.

use leastwise::catalog::{Catalog, Coverage};
use leastwise::decide::{Difference, Question, explain};
use leastwise::report::{Colour, Context, Diff, Explain, Generate, Scan, Search, format};
use leastwise::text::{Source, Sources};
use pretty_assertions::assert_eq;

use crate::sample::{Sample, context, rules, sample};

fn scan(context: &Context<'_>, sample: &Sample) -> String {
    let functions = std::slice::from_ref(&sample.function);
    format("text").unwrap().scan.unwrap()(context, &Scan { functions, findings: &[] })
}

#[test]
fn scan_shows_each_permission_and_its_line() {
    let sample = sample();
    assert_eq!(
        scan(&context(&sample.sources), &sample),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  dynamodb:PutItem
      on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler
  logs:PutLogEvents  for the configuration
      on arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${OrdersFunction}
      template.yaml:2  the function's own log group  OrdersFunction:
  sqs:SendMessage
      on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*
      src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")
        from src/app.py:4 in handler

  possible  needed only in a state of the deployment that is not shown here
  kms:Decrypt  on the caller's behalf
      on *
      if kms:ViaService StringLike dynamodb.*.amazonaws.com
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler

  blind spots
  · the queue's name comes from the event  unresolved-resource
      src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")

1 function · 2 API calls · 4 permissions (1 possible) · 1 blind spot
"
    );
}

#[test]
fn generate_shows_the_policy_and_why() {
    let sample = sample();
    let render = format("text").unwrap().generate.unwrap();
    let answer =
        Generate { functions: &[(&sample.function, &sample.synthesis)], deployments: &[], bare: false };
    assert_eq!(
        render(&context(&sample.sources), &answer),
        "\
OrdersFunction  src/app.py:3 handler  python3.13

{
  \"Version\": \"2012-10-17\",
  \"Statement\": [
    {
      \"Effect\": \"Allow\",
      \"Action\": \"dynamodb:PutItem\",
      \"Resource\": \"arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}\"
    },
    {
      \"Effect\": \"Allow\",
      \"Action\": \"logs:PutLogEvents\",
      \"Resource\": \"arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${OrdersFunction}\"
    },
    {
      \"Effect\": \"Allow\",
      \"Action\": \"sqs:SendMessage\",
      \"Resource\": \"arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*\"
    }
  ]
}

  dynamodb:PutItem
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler
  logs:PutLogEvents
      template.yaml:2  the function's own log group  OrdersFunction:
  sqs:SendMessage
      src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")
        from src/app.py:4 in handler

  ! the queue of `sqs:SendMessage` is not known and became `*`

  blind spots
  · the queue's name comes from the event  unresolved-resource
      src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")

1 function · 1 policy
"
    );
}

fn diff(sample: &Sample, difference: &Difference) -> String {
    let render = format("text").unwrap().diff.unwrap();
    render(&context(&sample.sources), &Diff { functions: &[(&sample.function, difference)], findings: &[] })
}

#[test]
fn diff_shows_what_lacks_and_what_is_too_much() {
    let mut sample = sample();
    sample.function.blind_spots.clear();
    assert_eq!(
        diff(&sample, &sample.difference),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  holds OrdersFunctionPolicy0  template.yaml:6
  shares its role with RefundsFunction

  missing  the function will be denied
  + dynamodb:PutItem  high
      no statement allows `dynamodb:PutItem`
      needed on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
      denied, for example dynamodb:PutItem on arn:aws:dynamodb:us-east-1:123456789012:table/Orders with aws:SecureTransport = true
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler

  excess  granted, but nothing here needs it
  - s3:*  medium
      nothing calls `s3`
      granted on *
      granted by template.yaml:9 OrdersFunctionPolicy0 statement Store

  too wide  needed, but granted on more than is needed
  ~ dynamodb:PutItem  low
      one table is enough
      granted on *
      needed on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
      granted by AmazonDynamoDBFullAccess
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler

1 function · 1 missing · 1 excess · 1 too wide
"
    );
}

#[test]
fn diff_says_when_all_is_well_and_when_nothing_is_known() {
    let mut sample = sample();
    sample.function.blind_spots.clear();
    let nothing = Difference::default();
    assert_eq!(
        diff(&sample, &nothing),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  holds OrdersFunctionPolicy0  template.yaml:6
  grants what is needed and nothing else

1 function · 0 missing · 0 excess · 0 too wide
"
    );
    sample.function.held = None;
    assert_eq!(
        diff(&sample, &nothing),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  nothing is known of the policy in force

1 function · 0 missing · 0 excess · 0 too wide · 1 with a role that is not known
"
    );
}

fn explained(question: &Question) -> String {
    let sample = sample();
    let functions = std::slice::from_ref(&sample.function);
    let explanations = explain(functions, &sample.sources, question);
    let rules = [rules()];
    let rules = if explanations.is_empty() { &[][..] } else { &rules[..] };
    let answer = Explain { question, explanations: &explanations, rules };
    format("text").unwrap().explain.unwrap()(&context(&sample.sources), &answer)
}

#[test]
fn explain_an_action_shows_its_lines_and_its_rule() {
    assert_eq!(
        explained(&Question::Action("dynamodb:PutItem".into())),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  dynamodb:PutItem
      on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
      src/repo.py:6  table.put_item(Item=order)
        from src/app.py:4 in handler

what the catalog says

dynamodb PutItem
  dynamodb:PutItem
      on arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}
      service authorization reference, 2026-11-23
"
    );
    assert_eq!(explained(&Question::Action("s3:GetObject".into())), "no function here needs s3:GetObject\n");
}

#[test]
fn explain_a_line_shows_what_it_leads_to() {
    assert_eq!(
        explained(&Question::Place { file: "src/repo.py".into(), line: 7 }),
        "\
OrdersFunction  src/app.py:3 handler  python3.13
  sqs.SendMessage  src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")
        from src/app.py:4 in handler
    needs sqs:SendMessage
      on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*

  blind spots
  · the queue's name comes from the event  unresolved-resource
      src/repo.py:7  queue.send_message(QueueUrl=order[\"reply_to\"], MessageBody=\"saved\")

what the catalog says

dynamodb PutItem
  dynamodb:PutItem
      on arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}
      service authorization reference, 2026-11-23
  kms:Decrypt  possible
      when the table has a customer key
      on arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}
      service authorization reference, 2026-11-23, low confidence
"
    );
    assert_eq!(
        explained(&Question::Place { file: "src/app.py".into(), line: 1 }),
        "src/app.py:1 neither calls a cloud service nor leads to a call, and asks for nothing\n"
    );
}

#[test]
fn catalog_show_says_when_nothing_is_needed() {
    let sources = Sources::default();
    let mut rules = rules();
    rules.actions.clear();
    let render = format("text").unwrap().catalog_show.unwrap();
    assert_eq!(render(&context(&sources), &rules), "dynamodb PutItem\n  is not authorized by IAM\n");
}

#[test]
fn paths_start_where_the_reader_stands() {
    let sample = sample();
    let context = Context { prefix: "examples/orders/", ..context(&sample.sources) };
    let text = scan(&context, &sample);
    assert!(text.contains("      examples/orders/src/repo.py:6  table"), "{text}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let sample = sample();
    let plain = scan(&context(&sample.sources), &sample);
    let coloured = scan(&Context { colour: Colour::Ansi, ..context(&sample.sources) }, &sample);
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    assert_ne!(coloured, plain);
}

#[test]
fn source_cannot_steer_the_terminal() {
    let mut sample = sample();
    let mut sources = Sources::default();
    for (_, source) in sample.sources.iter() {
        let text = source
            .text()
            .replace("save(event", "save(\u{1b}]0;owned\u{7}")
            .replace("table.put", "\u{202e}.put");
        sources.add(Source::new(source.path(), text));
    }
    sample.sources = sources;
    sample.function.name = "Orders\u{1b}[31m\nFunction".into();
    let text = scan(&context(&sample.sources), &sample);
    assert!(text.starts_with("Orders\\u{1b}[31m Function  src"), "{text}");
    assert!(text.chars().all(|character| character == '\n' || !character.is_control()), "{text}");
    assert!(text.contains("\\u{202e}.put"), "{text}");
}

#[test]
fn the_catalog_is_searched() {
    let sources = Sources::default();
    let render = format("text").unwrap().catalog_search.unwrap();
    let search = |text, limit| {
        render(&context(&sources), &Search { text, limit, found: Catalog::embedded().search(text) })
    };
    assert_eq!(
        search("sqs:Send*", 20),
        "\
actions (1)
  sqs:SendMessage  Write on queue
"
    );
    let text = search("GetItem", 1);
    assert!(text.starts_with("operations ("), "{text}");
    assert!(text.contains("\n  dax-data.GetItem  dax:GetItem\n"), "{text}");
    assert!(text.contains(" more: --limit 0 shows all\n"), "{text}");
    assert_eq!(search("nobodyCallsItSo", 0), "nothing in the catalog is called nobodyCallsItSo\n");
}

#[test]
fn the_catalog_says_what_it_is_not_sure_of() {
    let sources = Sources::default();
    let render = format("text").unwrap().catalog_coverage.unwrap();
    let coverage = Coverage::of(Catalog::embedded());
    let text = render(&context(&sources), &coverage);
    let first = format!("{} operations of {} services", coverage.all.total(), coverage.services.len());
    assert!(text.starts_with(&first), "{text}");
    assert_eq!(
        text.matches("  newer than the authorization data\n").count(),
        coverage.all.unverified as usize
    );
}

#[test]
fn a_service_is_shown_by_its_operations() {
    let sources = Sources::default();
    let render = format("text").unwrap().catalog_service.unwrap();
    let text = render(&context(&sources), &Catalog::embedded().service("sts").unwrap());
    assert!(text.starts_with("sts  STS, actions of sts\n  AssumeRole  sts:AssumeRole"), "{text}");
    assert!(text.contains("\n  GetCallerIdentity  "), "{text}");
}
