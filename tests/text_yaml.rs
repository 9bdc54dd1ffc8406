//! YAML and JSON into one tree: places, tags, merging, and documents made to hurt.
#![expect(clippy::format_push_string, reason = "a test prints what is easiest to read")]

use leastwise::text::tree::{Node, Value};
use leastwise::text::{FileId, Source, yaml};
use pretty_assertions::assert_eq;

/// The tree as one line a part: path, tag, text, and what stands in its bytes.
fn show(text: &str) -> String {
    let source = Source::new("t.yaml", text);
    let (node, problems) = yaml::parse(&source, FileId(0));
    let mut out = String::new();
    walk(&source, "", &node, &mut out);
    for problem in problems {
        let at = source.position(problem.site.span.start);
        out.push_str(&format!("! {}:{} {}\n", at.line, at.column, problem.message));
    }
    out
}

fn walk(source: &Source, path: &str, node: &Node, out: &mut String) {
    let tag = node.tag.as_ref().map(|tag| format!("!{tag} ")).unwrap_or_default();
    let place = source.slice(node.span).replace('\n', "\\n");
    let path = if path.is_empty() { "." } else { path };
    match &node.value {
        Value::Map(map) => {
            out.push_str(&format!("{path} {tag}{{}} <{place}>\n"));
            for (key, entry) in map {
                walk(source, &format!("{}/{key}", path.trim_start_matches('.')), &entry.node, out);
            }
        }
        Value::List(list) => {
            out.push_str(&format!("{path} {tag}[] <{place}>\n"));
            for (index, item) in list.iter().enumerate() {
                walk(source, &format!("{}/{index}", path.trim_start_matches('.')), item, out);
            }
        }
        Value::Text(text) => out.push_str(&format!("{path} {tag}{:?} <{place}>\n", text.to_string())),
        Value::Number(number) => out.push_str(&format!("{path} {tag}number {number} <{place}>\n")),
        Value::Flag(flag) => out.push_str(&format!("{path} {tag}{flag} <{place}>\n")),
        Value::Null => out.push_str(&format!("{path} {tag}null <{place}>\n")),
    }
}

#[test]
fn scalars_keep_their_spelling_and_place() {
    assert_eq!(
        show("a: 012\nb: '012'\nc: 2012-10-17\nd: yes\ne: ~\nf: true\ng: 1.5e3\nh: \"x\\ty\"\ni: 0x1F\nj:\n"),
        "\
. {} <a: 012\\nb: '012'\\nc: 2012-10-17\\nd: yes\\ne: ~\\nf: true\\ng: 1.5e3\\nh: \"x\\ty\"\\ni: 0x1F\\nj>
/a number 012 <012>
/b \"012\" <'012'>
/c \"2012-10-17\" <2012-10-17>
/d \"yes\" <yes>
/e null <~>
/f true <true>
/g number 1.5e3 <1.5e3>
/h \"x\\ty\" <\"x\\ty\">
/i number 0x1F <0x1F>
/j null <>
"
    );
}

#[test]
fn tags_are_part_of_what_they_mark() {
    assert_eq!(
        show("a: !Sub '${X}-y'\nb: !GetAtt A.Arn\nc: !If [C, !Ref D, !Ref AWS::NoValue]\nd: !Join\n  - ''\n  - [x]\n"),
        "\
. {} <a: !Sub '${X}-y'\\nb: !GetAtt A.Arn\\nc: !If [C, !Ref D, !Ref AWS::NoValue]\\nd: !Join\\n  - ''\\n  - [x]>
/a !Sub \"${X}-y\" <!Sub '${X}-y'>
/b !GetAtt \"A.Arn\" <!GetAtt A.Arn>
/c !If [] <!If [C, !Ref D, !Ref AWS::NoValue]>
/c/0 \"C\" <C>
/c/1 !Ref \"D\" <!Ref D>
/c/2 !Ref \"AWS::NoValue\" <!Ref AWS::NoValue>
/d !Join [] <!Join\\n  - ''\\n  - [x]>
/d/0 \"\" <''>
/d/1 [] <[x]>
/d/1/0 \"x\" <x>
"
    );
}

#[test]
fn json_is_read_too() {
    assert_eq!(
        show("{\n\t\"a\": [1, null, {\"b\": \"\\u00e9\"}]\n}"),
        "\
. {} <{\\n\t\"a\": [1, null, {\"b\": \"\\u00e9\"}]\\n}>
/a [] <[1, null, {\"b\": \"\\u00e9\"}]>
/a/0 number 1 <1>
/a/1 null <null>
/a/2 {} <{\"b\": \"\\u00e9\"}>
/a/2/b \"é\" <\"\\u00e9\">
"
    );
}

#[test]
fn anchors_and_merge_keys() {
    assert_eq!(
        show("base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo: *b\nthree: *c\n"),
        "\
. {} <base: &b {x: 1, y: 2}\\none:\\n  <<: *b\\n  y: 3\\ntwo: *b\\nthree: *c>
/base {} <{x: 1, y: 2}>
/base/x number 1 <1>
/base/y number 2 <2>
/one {} <<<: *b\\n  y: 3>
/one/y number 3 <3>
/one/x number 1 <1>
/two {} <{x: 1, y: 2}>
/two/x number 1 <1>
/two/y number 2 <2>
/three null <*c>
! 6:8 nothing is anchored as `c`
"
    );
}

#[test]
fn a_key_twice_is_said() {
    assert_eq!(
        show("a: 1\na: 2\n"),
        ". {} <a: 1\\na: 2>\n/a number 2 <2>\n! 2:1 the key `a` stands twice in one map\n"
    );
}

#[test]
fn what_stands_before_a_break_is_kept() {
    let shown = show("a:\n  b: 1\n  c: [1, 2\nd: }\n");
    assert!(shown.contains("/a/b number 1 <1>"), "{shown}");
    assert!(shown.contains("/a/c/0 number 1 <1>"), "{shown}");
    assert!(shown.contains("this is not valid YAML"), "{shown}");
}

#[test]
fn several_documents() {
    let source = Source::new("t.yaml", "---\na: 1\n---\nb: [\n---\nc: 3\n");
    let (documents, problems) = yaml::parse_all(&source, FileId(0));
    assert_eq!(documents.len(), 3);
    assert_eq!(problems.len(), 1);
    assert!(documents[2].get("c").is_some());
}

#[test]
fn an_alias_bomb_ends_in_a_problem() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 10].join(", ")));
    }
    assert!(show(&text).contains("repeat more than 100000 parts"));
}

#[test]
fn a_chain_of_aliases_does_not_get_deep() {
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..2000 {
        text.push_str(&format!("a{level}: &a{level} [[*a{}]]\n", level - 1));
    }
    assert!(show(&text).contains("nest too deep"));
    assert!(show("a: &a [*a]").contains("inside of what it repeats"));
}

#[test]
fn deep_nesting_ends_in_a_problem() {
    assert!(show(&"[".repeat(100_000)).contains("! 1:"));
    assert!(show(&"- ".repeat(100_000)).contains("! 1:"));
    let mut mixed = String::new();
    for level in 0..5000 {
        mixed.push_str(&format!(
            "{}a:
",
            " ".repeat(level)
        ));
    }
    assert!(show(&mixed).contains("! "));
}

#[test]
fn block_text_is_the_lines_without_the_indicator() {
    assert_eq!(
        show("a: |\n  one\n  two\nb: >-\n  three\n  four\n"),
        "\
. {} <a: |\\n  one\\n  two\\nb: >-\\n  three\\n  four\\n>
/a \"one\\ntwo\\n\" <one\\n  two\\n>
/b \"three four\" <three\\n  four\\n>
"
    );
}
