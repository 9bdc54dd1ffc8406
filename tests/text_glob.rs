//! Patterns: what they match, contain and share, by table and against brute force over small alphabets.

use leastwise::text::{Glob, Hole, Piece, TemplateString, Verdict};
use proptest::prelude::*;

/// `{X}` is an environment hole, `<X>` a resource's name, `{?}` nothing known; the rest is text.
fn template(text: &str) -> TemplateString {
    let mut template = TemplateString::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(['{', '<']) {
        let is_name = rest.strip_prefix(before).is_some_and(|rest| rest.starts_with('<'));
        let Some((name, after)) = behind.split_once(['}', '>']) else { break };
        template.push_str(before);
        template.push_hole(match name {
            "?" => Hole::Unknown,
            "region" => Hole::Region,
            "account" => Hole::Account,
            _ if is_name => Hole::Resource { id: name.into(), attribute: "".into() },
            _ => Hole::Environment(name.into()),
        });
        rest = after;
    }
    template.push_str(rest);
    template
}

fn pattern(text: &str) -> Glob {
    Glob::pattern(&template(text))
}

use Verdict::{No, Unknown, Yes};

#[test]
fn containment() {
    let cases = [
        ("*", "{X}", Yes),
        ("*", "", Yes),
        ("table/*", "table/{X}", Yes),
        ("table/{X}", "table/{X}", Yes),
        ("table/<A>", "table/<A>", Yes),
        ("table/<A>", "table/<B>", No),
        ("table/<A>*", "table/<A>/index/*", Yes),
        ("table/<A>", "table/<A>/index/*", No),
        ("table/orders", "table/<A>", Unknown),
        ("table/orders", "bucket/<A>", No),
        ("table/<A>", "table/orders", Unknown),
        ("table/<A>", "table/*", No),
        ("table/{X}", "table/{Y}", Unknown),
        ("{X}a", "a{X}", Unknown),
        ("uploads/a", "uploads/{?}", No),
        ("uploads/*", "uploads/{?}", Yes),
        ("a?c", "abc", Yes),
        ("a?c", "a*c", No),
        ("?*", "*?", Yes),
        ("a:{region}:b", "a:us-east-1:b", Unknown),
        ("a:{region}:b", "a:us:east:b", No),
        ("a:{region}:b", "a:{account}:b", No),
    ];
    for (outer, inner, expected) in cases {
        assert_eq!(pattern(outer).contains(&pattern(inner)), expected, "{outer} contains {inner}");
    }
}

#[test]
fn overlap() {
    let cases = [
        ("*a", "b*", Yes),
        ("a*", "b*", No),
        ("table/<A>", "table/*", Yes),
        ("table/<A>", "table/<B>", No),
        ("table/<A>", "table/orders", Unknown),
        ("table/{X}", "table/{Y}", Unknown),
        ("a/{X}", "b/{X}", No),
        ("?", "", No),
    ];
    for (left, right, expected) in cases {
        assert_eq!(pattern(left).overlaps(&pattern(right)), expected, "{left} with {right}");
        assert_eq!(pattern(right).overlaps(&pattern(left)), expected, "{right} with {left}");
    }
}

#[test]
fn an_unknown_grant_is_no_wildcard() {
    let held = Glob::held(&template("bucket/{?}"));
    assert_eq!(held.contains(&pattern("bucket/a")), Unknown);
    assert_eq!(held.contains(&pattern("bucket/*")), No);
    assert_eq!(held.contains(&held), Unknown);
    assert_eq!(pattern("bucket/*").contains(&held), Yes);
}

#[test]
fn a_union_covers_what_no_member_does() {
    let members = [pattern("a*"), pattern("")];
    let union: Vec<&Glob> = members.iter().collect();
    assert_eq!(pattern("a*").covered_by(&union), Yes);
    assert_eq!(pattern("*").covered_by(&union), No);
    assert_eq!(pattern("*").covered_by(&[&pattern("?*"), &pattern("")]), Yes);
    assert_eq!(pattern("x").covered_by(&[]), No);
}

#[test]
fn parts_of_an_arn_are_matched_for_themselves() {
    let parts = Glob::arn_parts(&template("arn:*:s3:::b*"));
    assert_eq!(parts.matches("arn:aws:s3:::b/x:y"), Yes);
    assert_eq!(parts.matches("arn:aws:x:s3:::b"), No);
    assert_eq!(Glob::pattern(&template("arn:*:s3:::b*")).matches("arn:aws:x:s3:::b"), Yes);
}

#[test]
fn resource_types_keep_to_their_segments() {
    let bucket = Glob::resource_type("arn:${Partition}:s3:::${BucketName}");
    let object = Glob::resource_type("arn:${Partition}:s3:::${BucketName}/${ObjectName}");
    assert_eq!(bucket.matches("arn:aws:s3:::orders"), Yes);
    assert_eq!(bucket.matches("arn:aws:s3:::orders/a"), No);
    assert_eq!(object.matches("arn:aws:s3:::orders/a/b"), Yes);
    assert_eq!(object.overlaps(&pattern("arn:aws:s3:::orders")), No);
    assert_eq!(object.overlaps(&pattern("arn:aws:s3:::<Orders>/*")), Unknown);
}

#[test]
fn escaped_characters_and_case() {
    let star = TemplateString::hole(Hole::PolicyVariable("*".into()));
    assert_eq!(Glob::pattern(&star).matches("*"), Yes);
    assert_eq!(Glob::pattern(&star).matches("a"), No);
    let action = pattern("S3:Get*").ignoring_case();
    assert_eq!(action.matches("s3:getobject"), Yes);
    assert_eq!(action.matches("s3:PutObject"), No);
    let variable = |name: &str| Glob::held(&TemplateString::hole(Hole::PolicyVariable(name.into())));
    assert_eq!(variable("aws:UserName").contains(&variable("aws:username")), Yes);
}

#[test]
fn a_long_pattern_ends_in_time() {
    let many = "*a".repeat(60);
    assert_ne!(pattern(&many).contains(&pattern(&"*a?b".repeat(20))), Yes);
    assert_eq!(pattern("*").contains(&pattern(&many)), Yes);
}

/// Every word over `a`, `b` of at most `length` characters.
fn words(length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = all.clone();
    for _ in 0..length {
        last = last.iter().flat_map(|word| ["a", "b"].map(|end| format!("{word}{end}"))).collect();
        all.extend(last.clone());
    }
    all
}

/// The plain definition of a match.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((b'*', behind)), rest) => {
            matches(behind, text) || rest.is_some_and(|(_, rest)| matches(pattern, rest))
        }
        (Some((b'?', behind)), Some((_, rest))) => matches(behind, rest),
        (Some((own, behind)), Some((first, rest))) => own == first && matches(behind, rest),
        (Some(_), None) => false,
    }
}

fn covers_by_words(outer: &[String], inner: &str) -> bool {
    words(8)
        .iter()
        .filter(|word| matches(inner.as_bytes(), word.as_bytes()))
        .all(|word| outer.iter().any(|pattern| matches(pattern.as_bytes(), word.as_bytes())))
}

fn overlaps_by_words(left: &str, right: &str) -> bool {
    words(8)
        .iter()
        .any(|word| matches(left.as_bytes(), word.as_bytes()) && matches(right.as_bytes(), word.as_bytes()))
}

/// The text that stands for the template once `X` and `Y` are known.
fn filled(template: &TemplateString, x: &str, y: &str) -> String {
    let fill = |hole: &Hole| match hole {
        Hole::Environment(name) if name == "X" => x.to_owned(),
        _ => y.to_owned(),
    };
    template
        .pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Hole(hole) => fill(hole),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn unions_agree_with_all_words(inner in "[ab*?]{0,4}", outer in prop::collection::vec("[ab*?]{0,4}", 1..4)) {
        let globs: Vec<Glob> = outer.iter().map(|text| pattern(text)).collect();
        let union: Vec<&Glob> = globs.iter().collect();
        let verdict = pattern(&inner).covered_by(&union);
        // Words over two letters do not tell `a*` or `b*` from everything: a third one in the patterns would.
        prop_assert_ne!(verdict, Unknown);
        if verdict == Yes {
            prop_assert!(covers_by_words(&outer, &inner));
        } else if !outer.iter().any(|text| text.contains(['a', 'b'])) {
            prop_assert!(!covers_by_words(&outer, &inner));
        }
    }

    #[test]
    fn single_patterns_agree_with_all_words(inner in "[a*?]{0,5}", outer in "[a*?]{0,5}") {
        let verdict = pattern(&outer).contains(&pattern(&inner));
        prop_assert_eq!(verdict, Verdict::from(covers_by_words(&[outer], &inner)));
    }

    #[test]
    fn matches_agree_with_the_plain_definition(text in "[ab]{0,7}", own in "[ab*?]{0,6}") {
        prop_assert_eq!(pattern(&own).matches(&text), Verdict::from(matches(own.as_bytes(), text.as_bytes())));
        let upper = pattern(&own.to_uppercase()).ignoring_case();
        prop_assert_eq!(upper.matches(&text), Verdict::from(matches(own.as_bytes(), text.as_bytes())));
    }

    #[test]
    fn overlap_agrees_with_all_words(left in "[ab*?]{0,5}", right in "[ab*?]{0,5}") {
        let verdict = pattern(&left).overlaps(&pattern(&right));
        prop_assert_eq!(verdict, Verdict::from(overlaps_by_words(&left, &right)));
    }

    #[test]
    fn what_is_decided_holds_for_every_text_of_the_holes(
        outer in prop::collection::vec(prop::sample::select(vec!["a", "b", "*", "?", "{X}", "{Y}"]), 0..5),
        inner in prop::collection::vec(prop::sample::select(vec!["a", "b", "*", "?", "{X}", "{Y}"]), 0..5),
    ) {
        let (outer, inner) = (template(&outer.concat()), template(&inner.concat()));
        let contains = Glob::pattern(&outer).contains(&Glob::pattern(&inner));
        let overlaps = Glob::pattern(&outer).overlaps(&Glob::pattern(&inner));
        for x in words(2) {
            for y in words(2) {
                let (wide, narrow) = (filled(&outer, &x, &y), filled(&inner, &x, &y));
                let exact = pattern(&wide).contains(&pattern(&narrow));
                prop_assert!(contains == Unknown || contains == exact, "{outer} {inner}: {wide} {narrow}");
                let exact = pattern(&wide).overlaps(&pattern(&narrow));
                prop_assert!(overlaps == Unknown || overlaps == exact, "{outer} {inner}: {wide} {narrow}");
            }
        }
    }
}
