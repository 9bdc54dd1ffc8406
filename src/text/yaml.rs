//! YAML, and with it JSON, as a [`Node`]: every part with the bytes it stands in, local tags kept.
//!
//! Reading never fails. What a broken document holds up to the break is kept, and the break is a [`Problem`].
//! Nesting is limited, and so is what aliases may repeat, so that no document overflows the stack or the memory.

use granit_parser::{Event, Options, Parser, ScalarStyle, StrInput, StructureStyle, Tag};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::tree::{Entry, Node, Value};
use super::{FileId, Problem, Site, Source, Span, TemplateString};

/// Lists and maps in each other, of one notation. Both notations together reach twice as deep.
const NESTING_LIMIT: usize = 96;

/// How deep a document may be once its aliases are replaced.
const DEPTH_LIMIT: usize = 2 * NESTING_LIMIT;

/// How many parts the aliases of a file may repeat together.
const ALIAS_LIMIT: usize = 100_000;

/// The first document of a file that holds anything; null where there is none.
pub fn parse(source: &Source, file: FileId) -> (Node, Vec<Problem>) {
    let (documents, problems) = parse_all(source, file);
    let first = documents.into_iter().find(|document| document.value != Value::Null);
    (first.unwrap_or_else(|| Node::new(Span::default(), Value::Null)), problems)
}

/// Every document of a file.
pub fn parse_all(source: &Source, file: FileId) -> (Vec<Node>, Vec<Problem>) {
    let mut options = Options::default();
    options.set_emit_comments(false);
    options.emit_unresolved_aliases = true;
    options.flow_nesting_limit = NESTING_LIMIT;
    options.block_nesting_limit = NESTING_LIMIT;
    let mut parser = Parser::new_from_str_with_options(source.text(), options);
    let mut builder = Builder::new(file, offset(source.text().len()));
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => builder.event(event, range(&span), span.tag_start()),
            Err(error) => {
                builder.broken(&error);
                if !goes_on(&mut parser) {
                    break;
                }
            }
        }
    }
    builder.finish()
}

/// Whether another document begins behind a break.
fn goes_on<'a>(parser: &mut Parser<'a, StrInput<'a>>) -> bool {
    parser.proceed_next_document().unwrap_or(false)
}

/// The bytes of an event.
fn range(span: &granit_parser::Span) -> Span {
    let bytes = span.byte_range().unwrap_or(0..0);
    Span::new(offset(bytes.start), offset(bytes.end))
}

/// Sizes as the spans hold them.
fn offset(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// A list or map whose end has not been read.
struct Frame {
    start: u32,
    end: u32,
    tag: Option<SmolStr>,
    anchor: usize,
    style: StructureStyle,
    size: Size,
    content: Content,
}

/// What a [`Frame`] holds so far.
enum Content {
    List(Vec<Node>),
    Map { entries: IndexMap<SmolStr, Entry>, merged: Vec<Node>, key: Option<Key> },
}

/// The key of a pair whose value has not been read.
struct Key {
    text: SmolStr,
    span: Span,
    merges: bool,
}

/// How large a part is once its aliases are replaced.
#[derive(Clone, Copy, Default)]
struct Size {
    parts: usize,
    depth: usize,
}

impl Size {
    const ONE: Self = Self { parts: 1, depth: 1 };

    fn hold(&mut self, child: Self) {
        self.parts = self.parts.saturating_add(child.parts);
        self.depth = self.depth.max(child.depth + 1);
    }
}

/// Puts the tree together from the parser's events.
struct Builder {
    file: FileId,
    end: u32,
    frames: Vec<Frame>,
    anchors: FxHashMap<usize, (Node, Size)>,
    repeated: usize,
    document: Option<Node>,
    documents: Vec<Node>,
    problems: Vec<Problem>,
}

impl Builder {
    fn new(file: FileId, end: u32) -> Self {
        Self {
            file,
            end,
            frames: Vec::new(),
            anchors: FxHashMap::default(),
            repeated: 0,
            document: None,
            documents: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span, tag_start: Option<granit_parser::Marker>) {
        let start = tag_start.and_then(|mark| mark.byte_offset()).map_or(span.start, offset);
        let whole = Span::new(start.min(span.start), span.end);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let node = Node { span: whole, tag: local(tag.as_deref()), value };
                self.define(anchor, &node, Size::ONE);
                self.place(node, Size::ONE, plain && text == "<<");
            }
            Event::SequenceStart(style, anchor, tag) => {
                let content = Content::List(Vec::new());
                self.open(whole, anchor, style, tag.as_deref(), content);
            }
            Event::MappingStart(style, anchor, tag) => {
                let content = Content::Map { entries: IndexMap::new(), merged: Vec::new(), key: None };
                self.open(whole, anchor, style, tag.as_deref(), content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span.end),
            Event::Alias(id) => self.alias(id, span),
            Event::UnresolvedAlias(name) => {
                self.problem(span, format!("nothing is anchored as `{}`", name.escape_debug()));
                self.place(Node::new(span, Value::Null), Size::ONE, false);
            }
            Event::DocumentEnd => self.end_document(),
            _ => {}
        }
    }

    fn open(
        &mut self,
        span: Span,
        anchor: usize,
        style: StructureStyle,
        tag: Option<&Tag>,
        content: Content,
    ) {
        let (start, tag, size) = (span.start, local(tag), Size::ONE);
        self.frames.push(Frame { start, end: span.end, tag, anchor, style, size, content });
    }

    /// Ends the innermost list or map. A block has no closing token: it ends where its last part does.
    fn close(&mut self, end: u32) {
        let Some(frame) = self.frames.pop() else { return };
        let value = match frame.content {
            Content::List(list) => Value::List(list),
            Content::Map { entries, merged, .. } => Value::Map(merge(entries, merged)),
        };
        let end = if frame.style == StructureStyle::Flow { end.max(frame.end) } else { frame.end };
        let node = Node { span: Span::new(frame.start, end), tag: frame.tag, value };
        self.define(frame.anchor, &node, frame.size);
        self.place(node, frame.size, false);
    }

    fn define(&mut self, anchor: usize, node: &Node, size: Size) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
    }

    fn alias(&mut self, id: usize, span: Span) {
        let Some((node, size)) = self.anchors.get(&id) else {
            self.problem(span, "an alias stands inside of what it repeats");
            return self.place(Node::new(span, Value::Null), Size::ONE, false);
        };
        let size = *size;
        let within = self.frames.len() + size.depth <= DEPTH_LIMIT;
        if within && self.repeated.saturating_add(size.parts) <= ALIAS_LIMIT {
            self.repeated += size.parts;
            let node = node.clone();
            return self.place_alias(node, size, span);
        }
        self.problem(
            span,
            format!("the aliases of this file repeat more than {ALIAS_LIMIT} parts, or nest too deep"),
        );
        self.place(Node::new(span, Value::Null), Size::ONE, false);
    }

    /// Places what an alias repeats. It keeps the place where it is written; the parent ends with the alias.
    fn place_alias(&mut self, node: Node, size: Size, span: Span) {
        self.place(node, size, false);
        if let Some(frame) = self.frames.last_mut() {
            frame.end = frame.end.max(span.end);
        }
    }

    /// Gives a finished part to the list or map that it stands in.
    fn place(&mut self, node: Node, size: Size, may_merge: bool) {
        let Some(frame) = self.frames.last_mut() else {
            self.document = Some(node);
            return;
        };
        frame.size.hold(size);
        if node.span.start >= frame.start {
            frame.end = frame.end.max(node.span.end);
        }
        match &mut frame.content {
            Content::List(list) => list.push(node),
            Content::Map { entries, merged, key } => match key.take() {
                None => {
                    let span = node.span;
                    let text = node.as_template().and_then(|text| text.as_literal().map(SmolStr::from));
                    let unreadable = text.is_none() && node.value != Value::Null;
                    *key = Some(Key { text: text.unwrap_or_default(), span, merges: may_merge });
                    if unreadable {
                        self.problem(span, "a key is neither text nor a number");
                    }
                }
                Some(Key { merges: true, .. }) => merged.push(node),
                Some(Key { text, span, .. }) => {
                    if entries.insert(text.clone(), Entry { key: span, node }).is_some() {
                        self.problem(
                            span,
                            format!("the key `{}` stands twice in one map", text.escape_debug()),
                        );
                    }
                }
            },
        }
    }

    fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem { site: Site { file: self.file, span }, message: message.into() });
    }

    /// Keeps what was read up to a break.
    fn broken(&mut self, error: &granit_parser::ScanError) {
        let at = error.marker().byte_offset().map_or(self.end, offset).min(self.end);
        self.problem(Span::new(at, at), format!("this is not valid YAML: {}", error.info()));
        while !self.frames.is_empty() {
            self.close(at);
        }
        self.end_document();
    }

    fn end_document(&mut self) {
        self.anchors.clear();
        self.documents.extend(self.document.take());
    }

    fn finish(mut self) -> (Vec<Node>, Vec<Problem>) {
        while !self.frames.is_empty() {
            self.close(self.end);
        }
        self.end_document();
        (self.documents, self.problems)
    }
}

/// Takes in what `<<` names: keys that the map has itself stay, and so do those of earlier sources.
fn merge(mut entries: IndexMap<SmolStr, Entry>, merged: Vec<Node>) -> IndexMap<SmolStr, Entry> {
    for node in merged {
        let maps = match node.value {
            Value::List(list) => list,
            _ => vec![node],
        };
        for map in maps {
            let Value::Map(map) = map.value else { continue };
            for (key, entry) in map {
                entries.entry(key).or_insert(entry);
            }
        }
    }
    entries
}

/// The name of a local tag (`!Sub`); tags of YAML's own schema are no part of the document.
fn local(tag: Option<&Tag>) -> Option<SmolStr> {
    let tag = tag.filter(|tag| !tag.is_yaml_core_schema())?;
    let suffix = tag.suffix().trim_start_matches('!');
    (!suffix.is_empty()).then(|| suffix.into())
}

/// What a scalar holds. Only plain scalars can be anything but text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let as_text = || Value::Text(TemplateString::from(text));
    let core = tag.and_then(Tag::core_suffix);
    if style != ScalarStyle::Plain || core == Some("str") || core == Some("binary") {
        return as_text();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Flag(true),
        "false" | "False" | "FALSE" => Value::Flag(false),
        _ if is_number(text) => Value::Number(text.into()),
        _ => as_text(),
    }
}

/// Whether a plain scalar is a number: decimal, with a fraction or an exponent, hexadecimal or octal.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(digits) = unsigned.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = unsigned.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| (b'0'..b'8').contains(&byte));
    }
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && digits(exponent)
        && !exponent.is_empty()
        && !(whole.is_empty() && fraction.is_empty())
}
