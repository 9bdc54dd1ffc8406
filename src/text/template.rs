//! Text that is known in part: fixed pieces and holes, each hole saying where its text will come from.

use std::fmt;

use smallvec::SmallVec;
use smol_str::SmolStr;

/// Where the text of a hole comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Hole {
    /// A variable of the function's environment.
    Environment(SmolStr),
    /// A parameter of the deployment.
    Parameter(SmolStr),
    /// An attribute of a resource that the deployment declares. The empty attribute is the resource's physical
    /// name, whatever the format's own reference returns; others are spelled as the format spells them (`Arn`).
    Resource {
        /// The resource's own id in the deployment (logical id, address, construct id).
        id: SmolStr,
        /// The attribute asked for; empty for the physical name.
        attribute: SmolStr,
    },
    /// A value inside the invocation event, by its path (`Records[].s3.bucket.name`).
    Event(SmolStr),
    /// The account that the function runs in.
    Account,
    /// The region that the function runs in.
    Region,
    /// The partition that the function runs in (`aws`, `aws-cn`, `aws-us-gov`).
    Partition,
    /// A variable that the policy language itself fills in at each request (`aws:username`).
    PolicyVariable(SmolStr),
    /// Nothing is known.
    Unknown,
}

/// A part of a [`TemplateString`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// Text that is known.
    Text(SmolStr),
    /// Text that is not.
    Hole(Hole),
}

/// Text with holes. Neighbouring texts are always joined and empty texts left out, so equal values compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TemplateString {
    pieces: SmallVec<[Piece; 1]>,
}

impl TemplateString {
    /// The empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// One hole and nothing else.
    pub fn hole(hole: Hole) -> Self {
        Self { pieces: SmallVec::from_buf([Piece::Hole(hole)]) }
    }

    /// The physical name of a resource of the deployment.
    pub fn resource(id: impl Into<SmolStr>) -> Self {
        Self::hole(Hole::Resource { id: id.into(), attribute: SmolStr::default() })
    }

    /// Adds text at the end.
    pub fn push_str(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            *last = [last.as_str(), text].concat().into();
        } else {
            self.pieces.push(Piece::Text(text.into()));
        }
    }

    /// A text with places (`arn:${Partition}:sqs:${Region}:${Account}:${Name}`) filled in: those three by what stands for
    /// the deployment's own, any other by what `place` gives for its word.
    pub fn filled(text: &str, mut place: impl FnMut(&str) -> Self) -> Self {
        let mut filled = Self::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let (word, behind) = after.split_once('}').unwrap_or((after, ""));
            match word {
                "Partition" => filled.push_hole(Hole::Partition),
                "Region" => filled.push_hole(Hole::Region),
                "Account" => filled.push_hole(Hole::Account),
                word => filled.push(&place(word)),
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }

    /// Adds a hole at the end. Two unknown holes beside each other are one.
    pub fn push_hole(&mut self, hole: Hole) {
        if hole != Hole::Unknown || self.pieces.last() != Some(&Piece::Hole(Hole::Unknown)) {
            self.pieces.push(Piece::Hole(hole));
        }
    }

    /// Adds another template string at the end.
    pub fn push(&mut self, other: &Self) {
        for piece in &other.pieces {
            match piece {
                Piece::Text(text) => self.push_str(text),
                Piece::Hole(hole) => self.push_hole(hole.clone()),
            }
        }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Whether this is the empty text.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// The text, where all of it is known.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The hole, where this is one hole and nothing else.
    pub fn as_hole(&self) -> Option<&Hole> {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// The holes in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Text(_) => None,
        })
    }

    /// The same text with every hole replaced by what `fill` gives for it; `None` leaves the hole.
    #[must_use]
    pub fn fill(&self, mut fill: impl FnMut(&Hole) -> Option<Self>) -> Self {
        let mut filled = Self::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Hole(hole) => match fill(hole) {
                    Some(text) => filled.push(&text),
                    None => filled.push_hole(hole.clone()),
                },
            }
        }
        filled
    }

    /// Splits at every `separator` in the known text; holes stay whole.
    pub fn split(&self, separator: char) -> Vec<Self> {
        self.splitn(usize::MAX, separator)
    }

    /// Splits at the first `limit - 1` separators in the known text; holes stay whole.
    pub fn splitn(&self, limit: usize, separator: char) -> Vec<Self> {
        let mut parts = vec![Self::new()];
        for piece in &self.pieces {
            match piece {
                Piece::Hole(hole) => {
                    if let Some(part) = parts.last_mut() {
                        part.push_hole(hole.clone());
                    }
                }
                Piece::Text(text) => {
                    let room = limit.saturating_sub(parts.len()).saturating_add(1);
                    for (index, segment) in text.splitn(room, separator).enumerate() {
                        if index > 0 {
                            parts.push(Self::new());
                        }
                        if let Some(part) = parts.last_mut() {
                            part.push_str(segment);
                        }
                    }
                }
            }
        }
        parts
    }

    /// Whether the known text at the front begins with `prefix`.
    pub fn starts_with(&self, prefix: &str) -> bool {
        matches!(self.pieces.first(), Some(Piece::Text(text)) if text.starts_with(prefix))
    }

    /// The rest behind `prefix`, where the known text begins with it.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Self> {
        let Some(Piece::Text(text)) = self.pieces.first() else { return None };
        let rest = text.strip_prefix(prefix)?;
        let mut stripped = Self::from(rest);
        for piece in self.pieces.iter().skip(1) {
            stripped.pieces.push(piece.clone());
        }
        Some(stripped)
    }
}

impl From<&str> for TemplateString {
    fn from(text: &str) -> Self {
        let mut template = Self::new();
        template.push_str(text);
        template
    }
}

impl From<Hole> for TemplateString {
    fn from(hole: Hole) -> Self {
        Self::hole(hole)
    }
}

/// As the reports and the JSON contract spell it: `${env:TABLE}`, `${Orders}`, `${AWS::Region}`, `*` for unknown.
impl fmt::Display for TemplateString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Hole(hole) => hole.fmt(f),
        })
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "${{env:{name}}}"),
            Self::Resource { id, attribute } if !attribute.is_empty() => write!(f, "${{{id}.{attribute}}}"),
            Self::Parameter(name) | Self::Resource { id: name, .. } | Self::PolicyVariable(name) => {
                write!(f, "${{{name}}}")
            }
            Self::Event(path) => write!(f, "${{event:{path}}}"),
            Self::Account => f.write_str("${AWS::AccountId}"),
            Self::Region => f.write_str("${AWS::Region}"),
            Self::Partition => f.write_str("${AWS::Partition}"),
            Self::Unknown => f.write_str("*"),
        }
    }
}
