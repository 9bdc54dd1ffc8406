//! One file's text, and the way from a byte offset to the line and column that a person can go to.

/// A file of one run, numbered in the order in which files are admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A half-open range of byte offsets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

/// A place in a file. Line and column are worked out only where they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Site {
    /// The file.
    pub file: FileId,
    /// The bytes meant.
    pub span: Span,
}

/// A position as people count it: both start at 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The text of a file as the readers see it: valid UTF-8 without a byte-order mark.
#[derive(Clone, Debug)]
pub struct Source {
    path: String,
    text: String,
    /// Whether bytes that are not UTF-8 were replaced.
    lossy: bool,
    /// Whether it is no file of the project.
    outside: bool,
    /// Offset of the first byte of every line.
    lines: Vec<u32>,
}

impl Source {
    /// Takes in the bytes of the file at `path` (relative to the project, with `/`). Bytes that are not UTF-8
    /// become U+FFFD, which [`Source::is_lossy`] tells; a leading byte-order mark is dropped.
    pub fn from_bytes(path: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (text, lossy) = match String::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
        };
        let text = text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned);
        Self::build(path.into(), text, lossy)
    }

    /// A source from text that is already at hand.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::build(path.into(), text.into(), false)
    }

    fn build(path: String, text: String, lossy: bool) -> Self {
        let ends = text.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
        let lines = std::iter::once(0).chain(ends).collect();
        Self { path, text, lossy, outside: false, lines }
    }

    /// The same as no file of the project: its path is the one that a person typed, or says where the text is from.
    #[must_use]
    pub fn outside(self) -> Self {
        Self { outside: true, ..self }
    }

    /// Whether it is no file of the project.
    pub fn is_outside(&self) -> bool {
        self.outside
    }

    /// The path relative to the project, with `/` between its parts.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether some bytes were not UTF-8 and were replaced.
    pub fn is_lossy(&self) -> bool {
        self.lossy
    }

    /// The text in `span`, empty where the span does not fit the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Line and column of a byte offset; an offset behind the end gives the end.
    pub fn position(&self, offset: u32) -> LineColumn {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..(offset as usize).min(self.text.len())).unwrap_or("");
        LineColumn { line: count(line), column: count(before.chars().count() + 1) }
    }

    /// The text of a line (from 1) without its line end, empty where there is none.
    pub fn line(&self, line: u32) -> &str {
        let start = self.lines.get((line as usize).wrapping_sub(1)).copied().unwrap_or(u32::MAX);
        let end = self.lines.get(line as usize).copied().unwrap_or(count(self.text.len()));
        self.slice(Span::new(start, end)).trim_end_matches(['\n', '\r'])
    }
}

/// The files of a run, in the order in which they were admitted.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Takes in a file.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(count(self.files.len()));
        self.files.push(source);
        id
    }

    /// The file of that number.
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// All files with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().zip(0..).map(|(source, id)| (FileId(id), source))
    }

    /// The path of a file, empty for a number that was never given out.
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", Source::path)
    }

    /// Line and column at which a site begins.
    pub fn position(&self, site: Site) -> LineColumn {
        self.get(site.file)
            .map_or(LineColumn { line: 1, column: 1 }, |source| source.position(site.span.start))
    }
}

/// Something in a file that could not be read. Reading goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub site: Site,
    /// What, as a sentence without a final period.
    pub message: String,
}

/// Sizes as the spans hold them; no source is as long as four gigabytes.
fn count(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}
