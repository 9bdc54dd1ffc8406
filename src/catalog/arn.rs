//! ARN templates: text, the places for partition, region and account, and holes that parameters of a request fill.
//!
//! ```text
//! arn:${Partition}:dynamodb:${Region}:${Account}:table/${param:TableName|arn}
//! arn:${Partition}:kinesis:${Region}:${Account}:stream/${param:StreamARN,StreamName|arn}
//! ```
//!
//! A hole names one path into the request, or several of which the first that a request carries counts. Its filters
//! are applied to the argument from left to right (see [`Filter`]). A hole whose argument is absent or unknown is `*`,
//! unless the filter `default=` gives a text for an absent one. A condition's value may be a template too.

use smallvec::SmallVec;

use super::{Filter, Path};

/// An ARN template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArnTemplate<'a> {
    pieces: SmallVec<[ArnPiece<'a>; 8]>,
}

/// A part of an [`ArnTemplate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArnPiece<'a> {
    /// Text.
    Text(&'a str),
    /// The partition.
    Partition,
    /// The region.
    Region,
    /// The account.
    Account,
    /// An argument of the request.
    Parameter(ParameterHole<'a>),
}

/// A hole that an argument of the request fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterHole<'a> {
    /// Where the argument is: the first path that the request carries.
    pub paths: SmallVec<[Path<'a>; 1]>,
    /// What is done to the argument, in order.
    pub filters: SmallVec<[Filter<'a>; 2]>,
}

impl<'a> ArnTemplate<'a> {
    /// Reads a template. Text that is no hole stays as it is.
    pub fn parse(text: &'a str) -> Self {
        let mut pieces = SmallVec::new();
        let mut rest = text;
        while let Some((before, hole, behind)) = next_hole(rest) {
            if !before.is_empty() {
                pieces.push(ArnPiece::Text(before));
            }
            pieces.push(piece(hole));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(ArnPiece::Text(rest));
        }
        Self { pieces }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[ArnPiece<'a>] {
        &self.pieces
    }

    /// Whether this is `*` alone.
    pub fn is_any(&self) -> bool {
        matches!(self.pieces.as_slice(), [ArnPiece::Text("*")])
    }

    /// The paths of all holes.
    pub fn paths(&self) -> impl Iterator<Item = Path<'a>> + '_ {
        let holes = self.pieces.iter().filter_map(|piece| match piece {
            ArnPiece::Parameter(hole) => Some(hole),
            _ => None,
        });
        holes.flat_map(|hole| hole.paths.iter().copied())
    }
}

impl ParameterHole<'_> {
    /// The text for an argument that is absent, where there is one.
    pub fn default(&self) -> Option<&str> {
        self.filters.iter().find_map(|filter| match filter {
            Filter::Default(text) => Some(*text),
            _ => None,
        })
    }
}

/// The holes that arguments fill, as they are written, without their brackets.
pub(super) fn holes(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, hole, behind) = next_hole(rest)?;
        rest = behind;
        Some(hole)
    })
}

/// The text before the next hole, the hole without its brackets, and the text behind it. Paths may hold `{}`.
fn next_hole(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let mut depth = 1;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((before, rest.get(..at)?, rest.get(at + 1..)?));
        }
    }
    None
}

fn piece(hole: &str) -> ArnPiece<'_> {
    match hole {
        "Partition" => ArnPiece::Partition,
        "Region" => ArnPiece::Region,
        "Account" => ArnPiece::Account,
        _ => {
            let mut parts = hole.strip_prefix("param:").unwrap_or(hole).split('|');
            let paths = parts.next().unwrap_or_default().split(',').map(Path::new).collect();
            ArnPiece::Parameter(ParameterHole { paths, filters: parts.filter_map(Filter::parse).collect() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let template =
            ArnTemplate::parse("arn:${Partition}:sqs:${Region}:${Account}:${param:QueueUrl|queue}");
        let queue = ParameterHole {
            paths: SmallVec::from_slice(&[Path::new("QueueUrl")]),
            filters: SmallVec::from_slice(&[Filter::Queue]),
        };
        let wanted = [
            ArnPiece::Text("arn:"),
            ArnPiece::Partition,
            ArnPiece::Text(":sqs:"),
            ArnPiece::Region,
            ArnPiece::Text(":"),
            ArnPiece::Account,
            ArnPiece::Text(":"),
            ArnPiece::Parameter(queue),
        ];
        assert_eq!(template.pieces(), wanted);
        assert!(!template.is_any());
        assert!(ArnTemplate::parse("*").is_any());
    }

    #[test]
    fn holes_with_braces_several_paths_and_a_default() {
        let template = ArnTemplate::parse("table/${param:RequestItems{key}|arn}/x/${param:A,B[]|default=c}");
        let paths: Vec<_> = template.paths().map(Path::as_str).collect();
        assert_eq!(paths, ["RequestItems{key}", "A", "B[]"]);
        let Some(ArnPiece::Parameter(hole)) = template.pieces().last() else { panic!("no hole") };
        assert_eq!(hole.default(), Some("c"));
    }
}
