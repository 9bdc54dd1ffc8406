//! SARIF for code scanning.

use leastwise::report::{Context, Diff, Scan, format};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::sample::{Sample, context, sample};

fn run(context: &Context<'_>, sample: &Sample) -> Value {
    let functions = [(&sample.function, &sample.difference)];
    let answer = Diff { functions: &functions, findings: &[] };
    let log: Value = serde_json::from_str(&format("sarif").unwrap().diff.unwrap()(context, &answer)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    log["runs"][0].clone()
}

#[test]
fn each_row_is_a_result_at_the_line_to_change() {
    let sample = sample();
    let run = run(&Context { prefix: "my app/", ..context(&sample.sources) }, &sample);
    let results = run["results"].as_array().unwrap();
    let rules: Vec<&Value> = results.iter().map(|result| &result["ruleId"]).collect();
    assert_eq!(
        rules,
        ["missing-permission", "excess-permission", "too-wide-resource", "unresolved-resource"]
    );
    let levels: Vec<&Value> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "warning", "warning", "note"]);
    assert_eq!(
        results[0]["locations"],
        json!([{"physicalLocation": {
            "artifactLocation": {"uri": "my%20app/src/repo.py", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 6, "startColumn": 11, "endLine": 6, "endColumn": 19},
        }}])
    );
    assert_eq!(results[1]["locations"][0]["physicalLocation"]["region"]["startLine"], 9);
    assert_eq!(
        results[0]["message"]["text"],
        "OrdersFunction lacks dynamodb:PutItem: no statement allows `dynamodb:PutItem`; for example `dynamodb:PutItem` on \
         `arn:aws:dynamodb:us-east-1:123456789012:table/Orders` with `aws:SecureTransport` = `true`"
    );
}

#[test]
fn each_rule_is_documented() {
    let sample = sample();
    let run = run(&context(&sample.sources), &sample);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    assert!(rules.iter().all(|rule| rule["help"]["markdown"].as_str().is_some_and(|help| help.len() > 40)));
}

#[test]
fn fingerprints_outlive_moved_lines_and_tell_twins_apart() {
    let mut sample = sample();
    let print =
        |run: &Value, index: usize| run["results"][index]["partialFingerprints"]["leastwise/v1"].clone();
    let before = run(&context(&sample.sources), &sample);
    sample.difference.excess[0].held_by.as_mut().unwrap().site.as_mut().unwrap().span.start = 0;
    let twin = sample.difference.missing[0].clone();
    sample.difference.missing.push(twin);
    let after = run(&context(&sample.sources), &sample);
    assert_eq!(print(&before, 0), print(&after, 0));
    assert_eq!(print(&before, 1), print(&after, 2));
    assert_eq!(print(&after, 1).as_str().unwrap(), format!("{}:2", print(&after, 0).as_str().unwrap()));
}

#[test]
fn scan_reports_blind_spots() {
    let sample = sample();
    let functions = std::slice::from_ref(&sample.function);
    let scan = format("sarif").unwrap().scan.unwrap();
    let log: Value =
        serde_json::from_str(&scan(&context(&sample.sources), &Scan { functions, findings: &[] })).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "unresolved-resource");
    assert_eq!(log["runs"][0]["results"][0]["properties"]["function"], "OrdersFunction");
}
