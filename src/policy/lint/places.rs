//! Places in the text of a policy that a person or a program fills in before it is one: `${name}`, `{name}`, `<name>`,
//! `%NAME%`, and words where an ARN has its region or account. What stands there later is not known.

use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Problem, Site, SmolStr, TemplateString};

/// What a place begins and ends with, longer ones first. `${` is one in templates alone: elsewhere it is a variable.
const BRACKETS: [(&str, &str); 6] =
    [("${", "}"), ("{{", "}}"), ("{", "}"), ("<<", ">>"), ("<", ">"), ("%", "%")];

/// What begins a value that CloudFormation puts in, whatever stands behind it.
const RESOLVED: &str = "resolve:";

/// The parts of an ARN in which a word is a place: region and account.
const WORDS: [usize; 2] = [3, 4];

/// Finds places.
pub(super) struct Opener {
    file: FileId,
    /// Whether `${name}` is a place, too, where no policy variable has such a name.
    is_template: bool,
    found: Vec<Problem>,
}

impl Opener {
    pub(super) fn new(file: FileId, is_template: bool) -> Self {
        Self { file, is_template, found: vec![] }
    }

    /// The texts with places in them, with what is to be said of each. Those of templates are there to be filled in.
    pub(super) fn found(self) -> Vec<Problem> {
        if self.is_template { vec![] } else { self.found }
    }

    /// The tree with a hole for each place.
    pub(super) fn open(&mut self, node: Node) -> Node {
        let value = match node.value {
            Value::Text(text) => Value::Text(match text.as_literal() {
                Some(known) => self.opened(known, node.span),
                None => text,
            }),
            Value::List(list) => Value::List(list.into_iter().map(|each| self.open(each)).collect()),
            Value::Map(map) => {
                let opened =
                    |(key, entry): (SmolStr, Entry)| (key, Entry { node: self.open(entry.node), ..entry });
                Value::Map(map.into_iter().map(opened).collect())
            }
            other => other,
        };
        Node { value, ..node }
    }

    fn opened(&mut self, text: &str, span: crate::text::Span) -> TemplateString {
        let mut opened = TemplateString::new();
        let mut rest = text;
        let mut first = None;
        while let Some((before, place, name, after)) = self.next(rest) {
            push_words(&mut opened, before, &mut first);
            opened.push_hole(Hole::Parameter(name.into()));
            first = first.or(Some(place));
            rest = after;
        }
        push_words(&mut opened, rest, &mut first);
        if let Some(place) = first {
            let message = format!("`{place}` in `{text}` is filled in later");
            self.found.push(Problem { site: Site { file: self.file, span }, message });
        }
        opened
    }

    /// The next place between brackets: the text before it, as it is written, its name, and the text behind.
    fn next<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str, &'t str, &'t str)> {
        let mut at = 0;
        while let Some(rest) = text.get(at..) {
            let (step, _) = rest.char_indices().find(|(_, character)| "${<%".contains(*character))?;
            let from = at + step;
            let (before, rest) = text.split_at_checked(from)?;
            let (open, close) =
                BRACKETS.into_iter().find(|(open, _)| rest.starts_with(open)).unwrap_or(("", ""));
            let inside = rest.strip_prefix(open).and_then(|inside| inside.split_once(close));
            match inside.filter(|(name, _)| !close.is_empty() && is_name(name.trim())) {
                Some((name, after)) if open != "${" || self.is_template => {
                    let place = rest.get(..rest.len() - after.len())?;
                    return Some((before, place, name.trim(), after));
                }
                // A variable is left as it is, with its brackets.
                Some((_, after)) => at = text.len() - after.len(),
                None => at = from + open.len().max(1),
            }
        }
        None
    }
}

/// Whether a place may have that name: no key of a context has one without `:`.
fn is_name(name: &str) -> bool {
    name.starts_with(RESOLVED)
        || name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name.chars().all(|character| character.is_ascii_alphanumeric() || "_.- ".contains(character))
}

/// Adds text, with holes for the words that stand where an ARN has its region or account.
fn push_words<'t>(opened: &mut TemplateString, text: &'t str, first: &mut Option<&'t str>) {
    let is_arn = opened.is_empty() && text.starts_with("arn:") || opened.starts_with("arn:");
    let place = opened.split(':').len() - 1;
    for (index, part) in text.split(':').enumerate() {
        if index > 0 {
            opened.push_str(":");
        }
        let is_whole = index > 0 && (text.split(':').nth(index + 1).is_some());
        if is_arn && is_whole && WORDS.contains(&(place + index)) && is_word(part) {
            opened.push_hole(Hole::Parameter(part.into()));
            *first = first.or(Some(part));
        } else {
            opened.push_str(part);
        }
    }
}

/// Whether the text says in words what stands there: `REGION`, `your-account-id`, `xxxxxxxxxxxx`.
fn is_word(text: &str) -> bool {
    let is_of_words =
        text.chars().all(|character| character.is_ascii_alphabetic() || "_-".contains(character));
    let says_so = text.chars().any(|character| character.is_ascii_uppercase() || character == '_')
        || ["account", "region", "your"].iter().any(|word| text.contains(word))
        || text.chars().all(|character| character == 'x');
    !text.is_empty() && is_of_words && says_so
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use pretty_assertions::assert_eq;

    fn opened(text: &str, is_template: bool) -> String {
        let mut opener = Opener::new(FileId(0), is_template);
        let opened = opener.opened(text, Span::default());
        let names: Vec<String> = opened.holes().map(|hole| format!("{hole:?}")).collect();
        assert_eq!(names.is_empty() || is_template, opener.found().is_empty(), "{text}");
        opened.to_string()
    }

    #[test]
    fn places_in_texts() {
        let cases = [
            ("{bucket_arn}/*", "${bucket_arn}/*"),
            ("arn:aws:s3:::{{ bucket }}/a", "arn:aws:s3:::${bucket}/a"),
            ("arn:aws:sqs:<region>:<account>:q", "arn:aws:sqs:${region}:${account}:q"),
            ("%QUEUE%", "${QUEUE}"),
            ("arn:aws:sns:us-east-1:<<ACCOUNT>>:t", "arn:aws:sns:us-east-1:${ACCOUNT}:t"),
            ("{{resolve:ssm:/a/b:1}}", "${resolve:ssm:/a/b:1}"),
            ("arn:aws:sqs:REGION:ACCOUNT_ID:q", "arn:aws:sqs:${REGION}:${ACCOUNT_ID}:q"),
            ("arn:aws:sqs:us-east-1:xxxxxxxxxxxx:q", "arn:aws:sqs:us-east-1:${xxxxxxxxxxxx}:q"),
            ("arn:aws:iam::your-account-id:role/r", "arn:aws:iam::${your-account-id}:role/r"),
            ("arn:aws:sqs:{region}:ACCOUNT:q", "arn:aws:sqs:${region}:${ACCOUNT}:q"),
        ];
        for (text, expected) in cases {
            assert_eq!(opened(text, false), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_place() {
        let texts = [
            "arn:aws:s3:::b/${aws:username}/*",
            "arn:aws:sqs:us-east-1a:12345678901:q",
            "arn:aws:iam::aws:policy/P",
            "arn:aws:s3:::b/{\"a\": 1}",
            "arn:aws:s3:::b/100%/*",
            "arn:aws:s3:::b/<",
            "arn:aws:logs:*:*:LOG_GROUP:x",
            "${name}",
            "a:b:REGION:ACCOUNT:q",
        ];
        for text in texts {
            assert_eq!(opened(text, false), text);
        }
        assert_eq!(opened("${name}", true), "${name}");
    }
}
