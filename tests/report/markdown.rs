//! Markdown for pull requests.

use leastwise::report::{Diff, Generate, Scan, format};
use pretty_assertions::assert_eq;

use crate::sample::{Sample, context, sample};

fn diff(sample: &Sample) -> String {
    let render = format("markdown").unwrap().diff.unwrap();
    let functions = [(&sample.function, &sample.difference)];
    render(&context(&sample.sources), &Diff { functions: &functions, findings: &[] })
}

#[test]
fn diff_is_a_list_a_side() {
    assert_eq!(
        diff(&sample()),
        "\
### `OrdersFunction` at `src/app.py:3`

Shares its role with `RefundsFunction`.

**Missing**: the function will be denied

- `dynamodb:PutItem` (high): no statement allows `dynamodb:PutItem`
  - needed on `arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}`
  - for example `dynamodb:PutItem` on `arn:aws:dynamodb:us-east-1:123456789012:table/Orders` with `aws:SecureTransport` = `true`
  - `src/repo.py:6` `table.put_item(Item=order)`

**Excess**: granted, but nothing here needs it

- `s3:*` (medium): nothing calls `s3`
  - granted on `*`
  - granted by `template.yaml:9` `OrdersFunctionPolicy0`

**Too wide**: needed, but granted on more than is needed

- `dynamodb:PutItem` (low): one table is enough
  - granted on `*`
  - needed on `arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}`
  - granted by `AmazonDynamoDBFullAccess`
  - `src/repo.py:6` `table.put_item(Item=order)`

**Blind spots**

- `src/repo.py:7` the queue's name comes from the event
"
    );
}

#[test]
fn generate_puts_the_policy_into_a_block() {
    let sample = sample();
    let render = format("markdown").unwrap().generate.unwrap();
    let answer =
        Generate { functions: &[(&sample.function, &sample.synthesis)], deployments: &[], bare: false };
    let text = render(&context(&sample.sources), &answer);
    assert!(text.contains("```json\n{\n  \"Version\": \"2012-10-17\","), "{text}");
    assert!(
        text.contains("\n}\n```\n\n- the queue of `sqs:SendMessage` is not known and became `*`\n"),
        "{text}"
    );
}

#[test]
fn foreign_text_stays_text() {
    let mut sample = sample();
    sample.function.name = "x` <img src=x> @org\n# y".into();
    sample.difference.missing[0].message = "<script> [a](http://b) ` @org".into();
    sample.function.blind_spots[0].message = "`a``<b>` **c** www.d.test".into();
    let text = diff(&sample);
    assert!(text.starts_with("### ``x` <img src=x> @org # y`` at"), "{text}");
    assert!(!text.contains("<script>") && !text.contains("](") && !text.contains(" @org\n"), "{text}");
    assert!(text.contains("\\*\\*c\\*\\* www.\u{2060}d.\u{2060}test"), "{text}");
}

#[test]
fn nothing_found_is_said() {
    let sample = sample();
    let scan = format("markdown").unwrap().scan.unwrap();
    let answer = Scan { functions: &[], findings: &[] };
    assert_eq!(scan(&context(&sample.sources), &answer), "No function was found.\n");
}
