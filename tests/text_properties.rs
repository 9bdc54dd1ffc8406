//! Laws of text with holes, held against texts of every shape.

use leastwise::text::{Hole, Piece, TemplateString};
use pretty_assertions::assert_eq;
use proptest::collection::vec;
use proptest::prelude::*;

/// A hole of every kind.
fn hole() -> impl Strategy<Value = Hole> {
    prop_oneof![
        "[A-Z]{1,3}".prop_map(|name| Hole::Environment(name.into())),
        "[A-Z]{1,3}".prop_map(|name| Hole::Parameter(name.into())),
        ("[A-Z]{1,3}", "(Arn)?")
            .prop_map(|(id, attribute)| Hole::Resource { id: id.into(), attribute: attribute.into() }),
        "[a-z.]{0,5}".prop_map(|path| Hole::Event(path.into())),
        Just(Hole::Account),
        Just(Hole::Region),
        Just(Hole::Partition),
        Just(Hole::Unknown),
    ]
}

/// Text of few letters, so that prefixes and separators do occur, with some that are longer than a byte.
fn words() -> impl Strategy<Value = String> {
    "[ab/:é🦀]{0,6}"
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Hole(Hole),
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![words().prop_map(Part::Text), hole().prop_map(Part::Hole)]
}

fn built(parts: &[Part]) -> TemplateString {
    let mut template = TemplateString::new();
    for part in parts {
        match part {
            Part::Text(text) => template.push_str(text),
            Part::Hole(hole) => template.push_hole(hole.clone()),
        }
    }
    template
}

fn template() -> impl Strategy<Value = TemplateString> {
    vec(part(), 0..6).prop_map(|parts| built(&parts))
}

fn joined(parts: &[TemplateString], separator: char) -> TemplateString {
    let mut whole = TemplateString::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            whole.push_str(&separator.to_string());
        }
        whole.push(part);
    }
    whole
}

/// No two texts beside each other, no empty text, no two unknown holes beside each other.
fn is_normal(template: &TemplateString) -> bool {
    let neighbours = template.pieces().windows(2).all(|pair| {
        let texts = pair.iter().all(|piece| matches!(piece, Piece::Text(_)));
        let unknown = pair.iter().all(|piece| *piece == Piece::Hole(Hole::Unknown));
        !texts && !unknown
    });
    neighbours && template.pieces().iter().all(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equal_texts_compare_equal_however_they_were_put_together(left in vec(part(), 0..4), right in vec(part(), 0..4)) {
        let mut pushed = built(&left);
        pushed.push(&built(&right));
        let whole: Vec<Part> = left.into_iter().chain(right).collect();
        assert_eq!(pushed, built(&whole));
        assert!(is_normal(&pushed));
    }

    #[test]
    fn the_parts_of_a_split_make_the_whole(template in template(), separator in prop_oneof![Just('/'), Just(':'), Just('é')]) {
        let parts = template.split(separator);
        assert_eq!(joined(&parts, separator), template);
        for part in &parts {
            assert!(is_normal(part));
            assert!(part.pieces().iter().all(|piece| !matches!(piece, Piece::Text(text) if text.contains(separator))));
        }
    }

    #[test]
    fn a_split_with_a_limit_has_no_more_parts_and_makes_the_whole(template in template(), limit in 1usize..5) {
        let parts = template.splitn(limit, '/');
        assert!(!parts.is_empty() && parts.len() <= limit, "{} parts of {limit}", parts.len());
        assert_eq!(joined(&parts, '/'), template);
        let all = template.split('/');
        assert_eq!(parts.len(), limit.min(all.len()));
        assert_eq!(parts[..parts.len() - 1], all[..parts.len() - 1]);
    }

    #[test]
    fn a_split_of_known_text_is_that_of_the_language(text in words(), limit in 1usize..5) {
        let template = TemplateString::from(text.as_str());
        let expected: Vec<TemplateString> = text.splitn(limit, ':').map(TemplateString::from).collect();
        assert_eq!(template.splitn(limit, ':'), expected);
    }

    #[test]
    fn filling_nothing_changes_nothing(template in template()) {
        assert_eq!(template.fill(|_| None), template);
    }

    #[test]
    fn filling_twice_is_filling_once_where_nothing_new_comes_in(template in template(), text in words()) {
        let once = template.fill(|hole| matches!(hole, Hole::Environment(_)).then(|| text.as_str().into()));
        let twice = once.fill(|hole| matches!(hole, Hole::Environment(_)).then(|| "other".into()));
        assert_eq!(once, twice);
        assert!(is_normal(&once));
        assert!(once.holes().all(|hole| !matches!(hole, Hole::Environment(_))));
    }

    #[test]
    fn filling_every_hole_gives_known_text(template in template(), text in words()) {
        let filled = template.fill(|_| Some(text.as_str().into()));
        let pieces = template.pieces().iter();
        let expected: String = pieces.map(|piece| match piece {
            Piece::Text(known) => known.as_str(),
            Piece::Hole(_) => text.as_str(),
        }).collect();
        assert_eq!(filled.as_literal(), Some(expected.as_str()));
    }

    #[test]
    fn filling_and_joining_commute(left in template(), right in template(), text in words()) {
        let fill = |template: &TemplateString| template.fill(|hole| (*hole == Hole::Region).then(|| text.as_str().into()));
        let mut whole = left.clone();
        whole.push(&right);
        let mut filled = fill(&left);
        filled.push(&fill(&right));
        assert_eq!(fill(&whole), filled);
    }

    #[test]
    fn a_prefix_that_was_added_is_stripped_again(template in template(), prefix in words()) {
        let mut whole = TemplateString::from(prefix.as_str());
        whole.push(&template);
        // Only where there is text at the front can there be a prefix.
        if !prefix.is_empty() {
            assert!(whole.starts_with(&prefix));
            assert_eq!(whole.strip_prefix(&prefix), Some(template));
        }
    }

    #[test]
    fn what_is_stripped_was_there(template in template(), prefix in words()) {
        match template.strip_prefix(&prefix) {
            Some(rest) => {
                assert!(template.starts_with(&prefix));
                assert!(is_normal(&rest));
                let mut whole = TemplateString::from(prefix.as_str());
                whole.push(&rest);
                assert_eq!(whole, template);
            }
            None => assert!(!template.starts_with(&prefix)),
        }
    }

    #[test]
    fn known_text_is_shown_as_it_is(text in words()) {
        assert_eq!(TemplateString::from(text.as_str()).to_string(), text.clone());
        assert_eq!(TemplateString::from(text.as_str()).as_literal(), Some(text.as_str()));
    }
}
