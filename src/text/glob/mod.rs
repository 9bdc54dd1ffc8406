//! Patterns over template strings: `*` is any run of characters, `?` is one, a hole is text that nobody knows.
//!
//! A hole is a letter of its own that equals only the same hole. What is proven with holes as letters holds for every
//! text that they may turn out to be, so `Yes` is exact. Whether a `No` could turn into a `Yes` for some text of the
//! holes is then asked of [`align`], which errs towards [`Verdict::Unknown`].

mod align;
mod inclusion;
mod product;

pub use product::{Bits, Found, Product, TooMuch};

use super::{Hole, Piece, TemplateString, Verdict};

/// Which characters a wildcard stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    /// Every character.
    Any,
    /// Every character but `:`, which separates the parts of an ARN.
    Part,
    /// Every character but `:` and `/`.
    Segment,
    /// As [`Class::Part`], and whatever a hole that is a name may be.
    OpenPart,
    /// As [`Class::Segment`], and whatever a hole that is a name may be.
    OpenSegment,
}

/// A step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Token {
    /// That character.
    Char(char),
    /// One character.
    One(Class),
    /// Any run of characters, also none.
    Run(Class),
    /// Text that is not known.
    Hole(Hole),
}

impl Token {
    /// Whether the token stands for one text, known or not.
    const fn is_text(&self) -> bool {
        matches!(self, Self::Char(_) | Self::Hole(_))
    }
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glob {
    tokens: Vec<Token>,
    ignore_case: bool,
}

impl Class {
    fn admits(self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Part | Self::OpenPart => character != ':',
            Self::Segment | Self::OpenSegment => character != ':' && character != '/',
        }
    }

    /// Whether the text of the hole is made of such characters only, whatever it is.
    fn admits_hole(self, hole: &Hole) -> bool {
        match self {
            Self::Any => true,
            Self::Part => is_ambient(hole) || is_name(hole),
            Self::Segment => is_ambient(hole),
            Self::OpenPart | Self::OpenSegment => *hole != Hole::Unknown,
        }
    }

    /// Whether a hole may stand for one such character, too.
    fn is_open(self) -> bool {
        matches!(self, Self::OpenPart | Self::OpenSegment)
    }

    fn contains(self, other: Self) -> bool {
        self == other
            || match self {
                Self::Any => true,
                Self::Part | Self::OpenSegment => other == Self::Segment,
                Self::Segment => false,
                Self::OpenPart => other != Self::Any,
            }
    }
}

/// Whether the hole is the partition, region or account that the deployment is in.
fn is_ambient(hole: &Hole) -> bool {
    matches!(hole, Hole::Account | Hole::Region | Hole::Partition)
}

/// Whether the hole is the physical name of a resource.
fn is_name(hole: &Hole) -> bool {
    matches!(hole, Hole::Resource { attribute, .. } if attribute.is_empty())
}

impl Token {
    /// Whether the token stands for the character, alone or among others.
    fn takes(&self, character: char, ignore_case: bool) -> bool {
        match self {
            Self::Char(own) => *own == if ignore_case { fold(character) } else { character },
            Self::One(class) | Self::Run(class) => class.admits(character),
            Self::Hole(_) => false,
        }
    }
}

impl Glob {
    /// A pattern whose known text has the wildcards `*` and `?`. An unknown hole acts as `*`: this is the reading
    /// for what is needed, where unknown text means that anything may be asked for.
    pub fn pattern(text: &TemplateString) -> Self {
        let mut glob = Self::held(text);
        for token in &mut glob.tokens {
            if matches!(token, Token::Hole(Hole::Unknown)) {
                *token = Token::Run(Class::Any);
            }
        }
        glob
    }

    /// A pattern like [`Glob::pattern`] in which an unknown hole stays one text that nobody knows: this is the
    /// reading for what is granted, where unknown text must not be taken for a wildcard.
    pub fn held(text: &TemplateString) -> Self {
        Self::compile(text, wildcard)
    }

    /// A pattern in which each part of an ARN is matched for itself: `*` does not reach over a `:`, except in the
    /// last part.
    pub fn arn_parts(text: &TemplateString) -> Self {
        let mut colons = 0;
        Self::compile(text, |character| {
            colons += u32::from(character == ':');
            let class = if colons < 5 { Class::Part } else { Class::Any };
            match character {
                '*' => Token::Run(class),
                '?' => Token::One(class),
                other => Token::Char(other),
            }
        })
    }

    /// Text in which `*` and `?` stand for themselves.
    pub fn exact(text: &TemplateString) -> Self {
        Self::compile(text, Token::Char)
    }

    /// Every ARN of a resource type, from the template of the authorization reference
    /// (`arn:${Partition}:s3:::${BucketName}/${ObjectName}`). A variable in front of more text does not reach over
    /// what separates it from that text; the last one takes the rest.
    pub fn resource_type(template: &str) -> Self {
        Self::of_template(template, Class::Segment, Class::Part)
    }

    /// The same, where text that is not known stands for the names that may stand there.
    pub fn resource_type_with_names(template: &str) -> Self {
        Self::of_template(template, Class::OpenSegment, Class::OpenPart)
    }

    fn of_template(template: &str, segment: Class, part: Class) -> Self {
        let mut tokens = Vec::new();
        let mut rest = template;
        while let Some((text, behind)) = rest.split_once("${") {
            tokens.extend(text.chars().map(wildcard));
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            let class = match (name, after.chars().next()) {
                ("BucketName", _) | (_, Some('/')) => segment,
                (_, Some(_)) => part,
                (_, None) => Class::Any,
            };
            // A region may be left out; the rest behind the last separator may be a wildcard that stands for nothing.
            if name != "Region" && class != Class::Any {
                tokens.push(Token::One(class));
            }
            tokens.push(Token::Run(class));
            rest = after;
        }
        tokens.extend(rest.chars().map(wildcard));
        Self { tokens, ignore_case: false }
    }

    /// The same pattern for text whose case does not matter.
    #[must_use]
    pub fn ignoring_case(mut self) -> Self {
        self.ignore_case = true;
        for token in &mut self.tokens {
            if let Token::Char(character) = token {
                *character = fold(*character);
            }
        }
        self
    }

    fn compile(text: &TemplateString, mut token: impl FnMut(char) -> Token) -> Self {
        let mut tokens = Vec::new();
        for piece in text.pieces() {
            match piece {
                Piece::Text(text) => tokens.extend(text.chars().map(&mut token)),
                Piece::Hole(hole) => tokens.push(hole_token(hole)),
            }
        }
        tokens.dedup_by(|next, last| matches!(next, Token::Run(_)) && next == last);
        Self { tokens, ignore_case: false }
    }

    /// Whether the pattern is nothing but `*`.
    pub fn is_everything(&self) -> bool {
        self.tokens == [Token::Run(Class::Any)]
    }

    /// Whether the pattern stands for one text only.
    pub fn is_exact(&self) -> bool {
        self.tokens.iter().all(|token| matches!(token, Token::Char(_) | Token::Hole(_)))
    }

    /// Whether the pattern matches this text, in which nothing is a wildcard.
    pub fn matches(&self, text: &str) -> Verdict {
        if let Some(matches) = self.matches_plainly(text) {
            return matches.into();
        }
        let text = Self { tokens: text.chars().map(Token::Char).collect(), ignore_case: self.ignore_case };
        self.contains(&if self.ignore_case { text.ignoring_case() } else { text })
    }

    /// The answer for a pattern without holes whose runs are all free: what no run can take is looked for again one
    /// character behind the last run. `None` for other patterns.
    fn matches_plainly(&self, text: &str) -> Option<bool> {
        let is_plain =
            |token: &Token| matches!(token, Token::Char(_) | Token::One(Class::Any) | Token::Run(Class::Any));
        if !self.tokens.iter().all(is_plain) {
            return None;
        }
        let (mut at, mut rest) = (0, text.chars());
        let mut retry: Option<(usize, std::str::Chars<'_>)> = None;
        loop {
            let mut behind = rest.clone();
            match (self.token(at), behind.next()) {
                (None, None) => return Some(true),
                (Some(Token::Run(_)), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                }
                (Some(token), Some(next)) if token.takes(next, self.ignore_case) => {
                    at += 1;
                    rest = behind;
                }
                _ => {
                    let Some((run, mut from)) = retry.filter(|(_, from)| !from.as_str().is_empty()) else {
                        return Some(false);
                    };
                    from.next();
                    (at, rest) = (run, from.clone());
                    retry = Some((run, from));
                }
            }
        }
    }

    /// Whether everything that `other` matches is matched here.
    pub fn contains(&self, other: &Self) -> Verdict {
        // Most patterns begin or end differently, which is seen soonest.
        if self.may_meet(other) || self.has_holes() || other.has_holes() {
            other.covered_by(&[self])
        } else {
            Verdict::No
        }
    }

    /// Whether everything matched here is matched by at least one of the patterns.
    pub fn covered_by(&self, patterns: &[&Self]) -> Verdict {
        match inclusion::included(self, patterns) {
            inclusion::Inclusion::Holds => Verdict::Yes,
            inclusion::Inclusion::Undecided => Verdict::Unknown,
            inclusion::Inclusion::Fails => self.may_be_covered_by(patterns),
        }
    }

    /// After the symbolic question failed: whether it could hold for some text of the holes.
    fn may_be_covered_by(&self, patterns: &[&Self]) -> Verdict {
        if !self.has_holes() && !patterns.iter().any(|pattern| pattern.has_holes()) {
            return Verdict::No;
        }
        let met: Vec<_> = patterns.iter().filter(|pattern| align::may_overlap(pattern, self)).collect();
        let possible = match met.as_slice() {
            [] => false,
            [pattern] => align::may_contain(pattern, self),
            _ => true,
        };
        if possible { Verdict::Unknown } else { Verdict::No }
    }

    /// Whether some text is matched by both patterns.
    pub fn overlaps(&self, other: &Self) -> Verdict {
        let has_holes = self.has_holes() || other.has_holes();
        if !has_holes && !self.may_meet(other) {
            Verdict::No
        } else if align::overlap(self, other) {
            Verdict::Yes
        } else if has_holes && align::may_overlap(self, other) {
            Verdict::Unknown
        } else {
            Verdict::No
        }
    }

    fn has_holes(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::Hole(_)))
    }

    fn token(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }
}

/// Policy variables are named without regard to case, and `${*}`, `${?}`, `${$}` are the character itself.
fn hole_token(hole: &Hole) -> Token {
    match hole {
        Hole::PolicyVariable(name) => match name.as_str() {
            "*" => Token::Char('*'),
            "?" => Token::Char('?'),
            "$" => Token::Char('$'),
            _ => Token::Hole(Hole::PolicyVariable(name.to_lowercase().into())),
        },
        other => Token::Hole(other.clone()),
    }
}

fn wildcard(character: char) -> Token {
    match character {
        '*' => Token::Run(Class::Any),
        '?' => Token::One(Class::Any),
        other => Token::Char(other),
    }
}

fn fold(character: char) -> char {
    character.to_lowercase().next().unwrap_or(character)
}
