//! Lines of styled text. Everything written here is made harmless for a terminal first.

use anstyle::{AnsiColor, Style};

use crate::report::Colour;
use crate::report::escape::terminal;

/// The longest piece of source that is shown of a line, in characters.
const EXCERPT: usize = 96;

/// What a piece of text is, which decides how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Words.
    Plain,
    /// The name of a function.
    Title,
    /// An action.
    Action,
    /// A place in a file.
    Place,
    /// What can be skipped when reading.
    Dim,
    /// Something that breaks.
    Bad,
    /// Something to look at.
    Warn,
    /// Something that may be narrowed.
    Narrow,
    /// Something that is as it should be.
    Good,
}

impl Ink {
    fn style(self) -> Style {
        let colour = |colour: AnsiColor| colour.on_default();
        match self {
            Self::Plain => Style::new(),
            Self::Title | Self::Action => Style::new().bold(),
            Self::Place => colour(AnsiColor::Cyan),
            Self::Dim => Style::new().dimmed(),
            Self::Bad => colour(AnsiColor::Red).bold(),
            Self::Warn => colour(AnsiColor::Yellow).bold(),
            Self::Narrow => colour(AnsiColor::Magenta).bold(),
            Self::Good => colour(AnsiColor::Green).bold(),
        }
    }
}

/// A text that grows line by line.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    colour: Colour,
}

impl Page {
    pub(super) fn new(colour: Colour) -> Self {
        Self { text: String::new(), colour }
    }

    /// Writes a piece of the current line.
    pub(super) fn put(&mut self, ink: Ink, text: &str) -> &mut Self {
        let text = terminal(text);
        let style = ink.style();
        if self.colour == Colour::Plain || style.is_plain() || text.is_empty() {
            self.text.push_str(&text);
        } else {
            let piece = format!("{style}{text}{style:#}");
            self.text.push_str(&piece);
        }
        self
    }

    /// Writes words without a style.
    pub(super) fn say(&mut self, text: &str) -> &mut Self {
        self.put(Ink::Plain, text)
    }

    /// Writes spaces.
    pub(super) fn space(&mut self, count: usize) -> &mut Self {
        self.text.extend(std::iter::repeat_n(' ', count));
        self
    }

    /// Writes a piece of source, cut where it is long.
    pub(super) fn excerpt(&mut self, text: &str) -> &mut Self {
        match text.char_indices().nth(EXCERPT) {
            Some((end, _)) => {
                self.put(Ink::Dim, text.get(..end).unwrap_or("").trim_end()).put(Ink::Dim, " …")
            }
            None => self.put(Ink::Dim, text),
        }
    }

    /// Ends the line. Space at its end is dropped.
    pub(super) fn end(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        self.text.push('\n');
    }

    /// An empty line, unless there is one already or nothing above it.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// The text, without empty lines at its end.
    pub(super) fn finish(mut self) -> String {
        let length = self.text.trim_end_matches('\n').len();
        self.text.truncate(length);
        self.text.push('\n');
        self.text
    }
}
