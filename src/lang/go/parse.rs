//! From text to gosyn's tree. The parser stops at the first mistake: the declaration that has it is taken out, and the
//! rest is read.

use gosyn::Error;
use gosyn::ast::File;

use crate::text::Span;

/// How many mistakes of one file are told and stepped over.
const MAX_ERRORS: usize = 8;
/// How many characters a file has at most. The parser's depth grows with what it reads.
const MAX_LENGTH: usize = 3_000_000;
/// How deep brackets nest at most, and how many signs stand in front of one another.
const MAX_NESTING: usize = 800;

/// What became of a text.
pub(super) struct Parsed {
    pub file: File,
    /// Mistakes, each with its place.
    pub problems: Vec<(Span, String)>,
}

/// The parser counts characters, the program bytes.
pub(super) struct Offsets {
    /// The byte at which each character begins; empty where every character is one byte.
    bytes: Vec<u32>,
    length: u32,
}

impl Offsets {
    pub(super) fn of(text: &str) -> Self {
        let length = number(text.len());
        if text.is_ascii() {
            return Self { bytes: vec![], length };
        }
        Self { bytes: text.char_indices().map(|(byte, _)| number(byte)).collect(), length }
    }

    fn byte(&self, character: usize) -> u32 {
        if self.bytes.is_empty() {
            return number(character).min(self.length);
        }
        self.bytes.get(character).copied().unwrap_or(self.length)
    }

    /// The bytes of so many characters.
    pub(super) fn span(&self, start: usize, characters: usize) -> Span {
        Span::new(self.byte(start), self.byte(start + characters))
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Reads a file; never fails.
pub(super) fn parse(text: &str) -> Parsed {
    if text.len() > MAX_LENGTH || is_too_deep(text) {
        let message = "the file is too long or nests too deep, nothing of it is read".to_owned();
        return Parsed { file: File::default(), problems: vec![(Span::default(), message)] };
    }
    let mut text = text.replacen('\u{feff}', " ", 1);
    let mut problems = vec![];
    loop {
        match gosyn::parse_source(&text) {
            Ok(file) => return Parsed { file, problems },
            Err(error) => {
                let (line, message) = error.downcast_ref::<Error>().map_or((0, error.to_string()), describe);
                let lines = lines(&text);
                let line = line.min(lines.len().saturating_sub(1));
                let (start, end) = lines.get(line).copied().unwrap_or_default();
                problems.push((Span::new(number(start), number(end)), format!("syntax error: {message}")));
                let taken = if problems.len() < MAX_ERRORS { without(&text, &lines, line) } else { None };
                let Some(rest) = taken else { return Parsed { file: File::default(), problems } };
                text = rest;
            }
        }
    }
}

/// The line of a mistake, counted from 0 (the parser counts the ends of lines that it has passed), and what it is.
fn describe(error: &Error) -> (usize, String) {
    match error {
        Error::UnexpectedToken { location, actual, .. } => {
            let found =
                actual.as_ref().map_or("the end of the file".to_owned(), |token| format!("{token:?}"));
            (location.0, format!("{found} is not expected here"))
        }
        Error::Else { location, reason, .. } => (location.0, reason.clone()),
        Error::IO(_) => (0, error.to_string()),
    }
}

/// Where each line begins and ends, in bytes.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut start = 0;
    let mut lines = vec![];
    for line in text.split('\n') {
        lines.push((start, start + line.len()));
        start += line.len() + 1;
    }
    lines
}

/// The text with the declaration around a line blanked out; `None` where there is none.
fn without(text: &str, lines: &[(usize, usize)], line: usize) -> Option<String> {
    let begins = |(start, end): &(usize, usize)| {
        let line = text.get(*start..*end).unwrap_or_default();
        ["func ", "func(", "type ", "var ", "const ", "import "].iter().any(|word| line.starts_with(word))
    };
    // The mistake may be noticed only where the next declaration begins.
    let found = lines.iter().take(line + 1).rposition(begins)?;
    let next = lines.iter().skip(found + 1).position(begins).map(|place| place + found + 1);
    let text_of =
        |place: usize| lines.get(place).and_then(|(start, end)| text.get(*start..*end)).unwrap_or_default();
    let closes = |place: &usize| {
        let alone = *place == found && text_of(*place).trim_end().ends_with(['}', ')']);
        alone || *place > found && text_of(*place).starts_with(['}', ')'])
    };
    // Behind a declaration that has ended, the mistake is none of its own.
    let first = (found..line).find(closes).map_or(found, |end| end + 1);
    let (start, _) = *lines.get(first)?;
    let end = next.and_then(|next| lines.get(next)).map_or(text.len(), |(start, _)| *start);
    let blank = |part: &str| -> String {
        part.chars().map(|letter| if letter == '\n' { '\n' } else { ' ' }).collect()
    };
    let (before, rest) = (text.get(..start)?, text.get(start..)?);
    let (taken, behind) = rest.split_at_checked(end - start)?;
    // Characters, not bytes, keep their number: places are told by them.
    Some(format!("{before}{}{behind}", blank(taken)))
}

/// Whether brackets nest, or signs stand before one another, deeper than any program that people write.
fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut signs) = (0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match byte {
            b'*' | b'!' | b'+' | b'-' | b'^' | b'&' | b'<' | b'~' => signs += 1,
            b' ' | b'\t' | b'\r' | b'\n' | b'(' => {}
            _ => signs = 0,
        }
        if depth > MAX_NESTING || signs > MAX_NESTING {
            return true;
        }
    }
    false
}
