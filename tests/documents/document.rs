//! A document of cases: Markdown in, its cases and the lines of their expectations out.

use std::fmt;
use std::ops::Range;

/// A file of a case.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// A fenced block that the program's answer is held against.
#[derive(Clone, Debug)]
pub(crate) struct Expectation {
    /// `calls`, `requirements`, …
    pub(crate) kind: String,
    /// The lines between the fences.
    lines: Range<usize>,
}

/// What stands under one heading.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) intent: String,
    pub(crate) files: Vec<File>,
    pub(crate) entries: Vec<String>,
    pub(crate) environment: Option<String>,
    pub(crate) expectations: Vec<Expectation>,
}

/// One file of cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document {
    lines: Vec<String>,
    cases: Vec<Case>,
    /// What takes the place of lines, by the first of them.
    replaced: Vec<(Range<usize>, String)>,
}

impl Document {
    /// Reads a document.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut document = Self { lines, ..Self::default() };
        let mut line = 0;
        while let Some(text) = document.lines.get(line) {
            if let Some(name) = text.strip_prefix("## ") {
                document.cases.push(Case { name: name.to_owned(), ..Case::default() });
            } else if let Some(info) = text.strip_prefix("```") {
                let (info, first) = (info.to_owned(), line + 1);
                let length = document.lines.iter().skip(first).position(|line| line == "```");
                let end = first + length.ok_or_else(|| format!("line {first} opens a fence for ever"))?;
                document.fence(&info, first..end).map_err(|problem| format!("line {first}: {problem}"))?;
                line = end;
            } else if let Some(case) = document.cases.last_mut()
                && case.files.is_empty()
            {
                case.intent.extend([text.trim(), " "]);
            }
            line += 1;
        }
        Ok(document)
    }

    /// A document that could not be read, with the reason in its place.
    pub(crate) fn broken(problem: &str) -> Self {
        Self { lines: vec![problem.to_owned()], ..Self::default() }
    }

    fn fence(&mut self, info: &str, lines: Range<usize>) -> Result<(), String> {
        let text = self.lines.get(lines.clone()).unwrap_or_default().join("\n");
        let case = self.cases.last_mut().ok_or("a fence in front of the first heading")?;
        match info.split_once(' ') {
            Some(("text", "entry")) => case.entries = text.lines().map(str::to_owned).collect(),
            Some(("text", "environment")) => case.environment = Some(text),
            Some((
                "text",
                kind @ ("environments" | "calls" | "requirements" | "configuration" | "causes" | "routes"
                | "policy" | "difference" | "failure"),
            )) => {
                case.expectations.push(Expectation { kind: kind.to_owned(), lines });
            }
            Some(("text", other)) if !other.contains(['.', '/']) => {
                return Err(format!("nobody knows what `{other}` is to hold"));
            }
            Some((_, path)) => case.files.push(File { path: path.to_owned(), text: text + "\n" }),
            None => return Err(format!("`{info}` names no file")),
        }
        Ok(())
    }

    /// The cases in order.
    pub(crate) fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Puts an answer in the place of an expectation.
    pub(crate) fn replace(&mut self, expectation: &Expectation, answer: &str) {
        self.replaced.push((expectation.lines.clone(), answer.to_owned()));
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut from = 0;
        let write = |f: &mut fmt::Formatter<'_>, lines: Range<usize>| {
            self.lines.get(lines).unwrap_or_default().iter().try_for_each(|line| writeln!(f, "{line}"))
        };
        for (lines, answer) in &self.replaced {
            write(f, from..lines.start)?;
            f.write_str(answer)?;
            from = lines.end;
        }
        write(f, from..self.lines.len())
    }
}
