//! Templates made to lead outside, to never end, or to break.

use std::fmt::Write as _;

use crate::show::{functions, read};

#[test]
fn no_path_leads_outside() {
    for code in ["../../etc", "/etc/passwd", "a/../../../b", "C:\\\\x"] {
        let shown = functions(&format!(
            "Resources: {{F: {{Type: 'AWS::Serverless::Function', Properties: {{CodeUri: \"{code}\"}}}}}}"
        ));
        assert!(shown.contains("leads outside of the project"), "{shown}");
        assert!(!shown.contains(" code "), "{shown}");
    }
}

#[test]
fn names_that_lead_in_a_circle_stay_holes() {
    let (_, deployment) = read(
        "\
Resources:
  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${B}-a'}}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${A}-b'}}
  C: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref D, Name: c}}
  D: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref C, Name: d}}
",
    );
    let name = deployment.physical(deployment.resources["A"].arn.as_ref().unwrap()).to_string();
    assert_eq!(name, "arn:${AWS::Partition}:s3:::${A}-b-a");
    assert!(deployment.resources["C"].arn.is_some());
}

#[test]
fn values_that_double_end_in_a_problem() {
    let mut value = "x".repeat(16);
    for level in 0..60 {
        value = format!("{{'Fn::Sub': ['${{v{level}}}${{v{level}}}', {{v{level}: {value}}}]}}");
    }
    let shown = functions(&format!(
        "Resources: {{F: {{Type: 'AWS::Lambda::Function', Properties: {{Environment: {{Variables: {{A: {value}}}}}}}}}}}"
    ));
    assert!(shown.contains("grow without end") || shown.contains("not valid YAML"), "{shown}");
}

#[test]
fn a_broken_template_gives_what_stands_before_the_break() {
    let shown = functions(
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src\n  G: ]\n",
    );
    assert!(shown.contains("F:2 code app/src"), "{shown}");
    assert!(shown.contains("! 6:"), "{shown}");
}

#[test]
fn shapes_that_no_template_has() {
    let odd = [
        "1",
        "[]",
        "{}",
        "null",
        "x",
        "[[]]",
        "{a: {b: [1]}}",
        "!Sub [1, [2]]",
        "!If []",
        "!Join [x]",
        "!Ref {a: 1}",
    ];
    let places = ["Properties", "Metadata", "Connectors", "Condition"];
    let inner = [
        "Events",
        "Policies",
        "Environment",
        "Layers",
        "Role",
        "CodeUri",
        "VpcConfig",
        "ImageConfig",
        "Handler",
    ];
    for value in odd {
        for place in places {
            let _ = functions(&format!(
                "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    {place}: {value}\n"
            ));
        }
        for place in inner {
            let mut text =
                String::from("Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n");
            writeln!(text, "      {place}: {value}\nGlobals: {{Function: {{{place}: {{a: 1}}}}}}").unwrap();
            let _ = functions(&text);
        }
    }
}
