//! When conditions of rules hold.

use super::*;
use crate::text::Hole;

/// A request by path: presence and texts.
struct Fixed(Vec<(&'static str, Presence, Vec<TemplateString>, bool)>);

impl Request for Fixed {
    fn presence(&self, path: Path<'_>) -> Presence {
        self.0.iter().find(|entry| entry.0 == path.as_str()).map_or(Presence::Never, |entry| entry.1)
    }

    fn texts(&self, path: Path<'_>) -> Texts<'_> {
        let found = self.0.iter().find(|entry| entry.0 == path.as_str());
        found.map_or_else(Texts::default, |entry| Texts { known: entry.2.iter().collect(), open: entry.3 })
    }
}

fn template(text: &str) -> TemplateString {
    let mut result = TemplateString::new();
    for (index, part) in text.split('{').enumerate() {
        if index > 0 {
            result.push_hole(Hole::Unknown);
        }
        result.push_str(part.trim_start_matches('}'));
    }
    result
}

fn ask(condition: &str, presence: Presence, texts: &[&str]) -> Answer {
    let texts: Vec<_> = texts.iter().map(|text| template(text)).collect();
    let open = texts.is_empty();
    When::parse(condition).holds(&Fixed(vec![("X", presence, texts, open)]))
}

#[test]
fn presence() {
    for (condition, presence, wanted) in [
        ("X", Presence::Always, Answer::Yes),
        ("X", Presence::Sometimes, Answer::Yes),
        ("X", Presence::Never, Answer::No),
        ("X", Presence::Unknown, Answer::Maybe),
        ("!X", Presence::Always, Answer::No),
        ("!X", Presence::Sometimes, Answer::Yes),
        ("!X", Presence::Never, Answer::Yes),
        ("!X", Presence::Unknown, Answer::Maybe),
        ("?X", Presence::Unknown, Answer::No),
        ("!?X", Presence::Unknown, Answer::Yes),
    ] {
        assert_eq!(ask(condition, presence, &[]), wanted, "{condition} {presence:?}");
    }
}

#[test]
fn texts() {
    for (condition, text, wanted) in [
        ("X=auto", "auto", Answer::Yes),
        ("X=auto", "de", Answer::No),
        ("X=auto", "au{}", Answer::Maybe),
        ("X=auto", "de{}", Answer::No),
        ("X!=auto", "de", Answer::Yes),
        ("X!=auto", "auto", Answer::No),
        ("X~select", "SELECT * FROM t", Answer::Yes),
        ("X~select", "{} t", Answer::Maybe),
        ("X~^insert", "  INSERT INTO {}", Answer::Yes),
        ("X~^insert", "select 'insert'", Answer::No),
        ("X^=arn:", "arn:aws:{}", Answer::Yes),
        ("X^=arn:", "{}", Answer::Maybe),
        ("?X^=arn:", "{}", Answer::No),
        ("!?X^=arn:", "{}", Answer::Yes),
        ("X^=arn:", "my-{}", Answer::No),
        ("X$=--x-s3", "{}--x-s3", Answer::Yes),
        ("X$=--x-s3", "{}-s3", Answer::Maybe),
        ("!X~versionId=", "b/{}?versionId={}", Answer::No),
    ] {
        assert_eq!(ask(condition, Presence::Always, &[text]), wanted, "{condition} on {text}");
    }
}

#[test]
fn several_texts_are_several_requests() {
    assert_eq!(ask("X=a", Presence::Always, &["a", "b"]), Answer::Yes);
    assert_eq!(ask("!X=a", Presence::Always, &["a", "b"]), Answer::Yes);
    assert_eq!(ask("X=c", Presence::Always, &["a", "b"]), Answer::No);
}

#[test]
fn absent_members_equal_nothing() {
    assert_eq!(ask("X=a", Presence::Never, &[]), Answer::No);
    assert_eq!(ask("X!=a", Presence::Never, &[]), Answer::Yes);
    assert_eq!(ask("X~a", Presence::Unknown, &[]), Answer::Maybe);
}

#[test]
fn and_binds_closer_than_or() {
    let request = Fixed(vec![("A", Presence::Always, vec![template("x")], false)]);
    assert_eq!(When::parse("B|A&A=x").holds(&request), Answer::Yes);
    assert_eq!(When::parse("B&A|A=y").holds(&request), Answer::No);
    let paths: Vec<_> = When::parse("B|!?A[].C~^x=y").paths().map(Path::as_str).collect();
    assert_eq!(paths, ["B", "A[].C"]);
}
