//! What annotations say to containers and compilers: which members they make, call and fill.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Mark, NodeId};
use crate::text::{SmolStr, Span};

use super::class::ClassSource;
use super::scope::Frame;
use super::tree::{field, named, part_of_kind, span, walk};
use super::{Lowering, literal};

/// Annotations of methods that a container calls for what they give.
const PROVIDERS: [&str; 5] = ["Bean", "Produces", "Prototype", "Provides", "Singleton"];
/// Annotations of the constructor that a container calls.
const INJECTORS: [&str; 3] = ["Autowired", "Creator", "Inject"];
/// Annotations of what is set from the configuration.
const SETTINGS: [&str; 3] = ["ConfigProperty", "Property", "Value"];
/// Annotations of classes whose fields are set from the configuration.
const GROUPS: [&str; 2] = ["ConfigMapping", "ConfigurationProperties"];

/// The name under which the dialect reads the configuration.
pub(super) const SETTING: &str = "<setting>";

impl Lowering<'_> {
    /// The annotations of a declaration: the simple name and the whole.
    pub(super) fn annotations<'t>(&self, part: Part<'t>) -> Vec<(SmolStr, Part<'t>)> {
        let modifiers = part_of_kind(part, "modifiers").map(named).unwrap_or_default();
        let annotations =
            modifiers.into_iter().filter(|part| matches!(part.kind(), "annotation" | "marker_annotation"));
        annotations
            .filter_map(|part| {
                let name = self.field_text(part, "name")?;
                let simple = name.rsplit('.').next().unwrap_or(&name).into();
                Some((simple, part))
            })
            .collect()
    }

    fn is_annotated(&self, part: Part<'_>, names: &[&str]) -> bool {
        self.annotations(part).iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    /// Whether a container calls a constructor and none beside it.
    pub(super) fn is_injected(&self, part: Part<'_>) -> bool {
        self.is_annotated(part, &INJECTORS)
    }

    /// Whether nothing outside its class calls a method: what is marked may be found by its marks.
    pub(super) fn is_private(&self, part: Part<'_>) -> bool {
        super::class::has_modifier(part, "private") && self.annotations(part).is_empty()
    }

    /// Whether a container calls a method for what it gives.
    pub(super) fn is_provider(&self, part: Part<'_>) -> bool {
        self.is_annotated(part, &PROVIDERS)
    }

    /// Notes what a class and its methods are marked with.
    pub(super) fn note_marks(&mut self, source: &ClassSource<'_>) {
        let around = self.frames.iter().filter_map(|frame| match frame {
            Frame::Class(class) => Some(class.name.as_str()),
            _ => None,
        });
        let path: Vec<&str> = around.chain([source.name.as_str()]).collect();
        let class = SmolStr::from(path.join("."));
        self.note_marks_of(source.whole, &class, None);
        for method in source.members.iter().filter(|part| part.kind() == "method_declaration") {
            let name = self.field_text(*method, "name");
            self.note_marks_of(*method, &class, name.as_ref());
            // What marks a parameter says what the method is for.
            for parameter in field(*method, "parameters").map(named).unwrap_or_default() {
                self.note_marks_of(parameter, &class, name.as_ref());
            }
        }
    }

    fn note_marks_of(&mut self, part: Part<'_>, class: &SmolStr, member: Option<&SmolStr>) {
        let result = field(part, "type").filter(|_| member.is_some()).map(|kind| {
            let plain = self.text(kind).split('<').next().unwrap_or_default();
            SmolStr::from(plain.rsplit('.').next().unwrap_or(plain))
        });
        for (name, annotation) in self.annotations(part) {
            let text = self.annotation_text(annotation).map(SmolStr::from);
            let (class, member, result) = (class.clone(), member.cloned(), result.clone());
            self.builder.mark(Mark { name, class, member, text, result });
        }
    }

    /// What marks a declaration and comes from a package acts when the declaration is used: it is called with what it states.
    pub(super) fn aspects(&mut self, part: Part<'_>) {
        for (name, annotation) in self.annotations(part) {
            let Some(path) = self.imports.get(&name).filter(|path| !path.is_native()).cloned() else {
                continue;
            };
            let at = span(annotation);
            let mut arguments = vec![];
            for stated in field(annotation, "arguments").map(named).unwrap_or_default() {
                let value = field(stated, "value").unwrap_or(stated);
                if value.kind().ends_with("annotation") {
                    continue;
                }
                let value = self.nested(value);
                arguments.push(match field(stated, "key") {
                    Some(key) => Argument::Named(self.name(key), value),
                    None => Argument::Plain(value),
                });
            }
            let callee = self.imported(&path, at);
            self.builder.call(callee, arguments, at);
        }
    }

    /// A setting that a container reads out of the configuration: `@Value("${TABLE:default}")`.
    pub(super) fn setting(&mut self, declaration: Part<'_>, at: Span) -> Option<NodeId> {
        let annotations = self.annotations(declaration);
        let (kind, annotation) =
            annotations.into_iter().find(|(name, _)| SETTINGS.contains(&name.as_str()))?;
        let texts = self.annotation_texts(annotation);
        let text_of = |key: &str| texts.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone());
        let first = text_of("name").or_else(|| text_of("value"))?;
        // Only an expression names a setting there; a property is named as it is.
        if kind == "Value" || first.contains("${") {
            return Some(self.expanded(&first, at));
        }
        Some(self.read_setting(&first, text_of("defaultValue").as_deref(), at))
    }

    /// The setting of a field of a class that is filled from the configuration.
    pub(super) fn group_setting(&mut self, class: Part<'_>, name: &str, at: Span) -> Option<NodeId> {
        let annotations = self.annotations(class);
        let (_, annotation) = annotations.into_iter().find(|(name, _)| GROUPS.contains(&name.as_str()))?;
        let prefix = self.annotation_text(annotation)?;
        Some(self.read_setting(&format!("{prefix}.{name}"), None, at))
    }

    fn read_setting(&mut self, name: &str, default: Option<&str>, at: Span) -> NodeId {
        let name = self.builder.text(name, at);
        let mut arguments = vec![Argument::Plain(name)];
        if let Some(default) = default {
            let default = self.expanded(default, at);
            arguments.push(Argument::Plain(default));
        }
        let read = self.native(SETTING, at);
        self.builder.call(read, arguments, at)
    }

    /// Text with the settings named in it: `orders-${stage:dev}`.
    fn expanded(&mut self, text: &str, at: Span) -> NodeId {
        let mut parts = vec![];
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((inside, after)) = inside_braces(behind) else { break };
            if !before.is_empty() {
                parts.push(self.builder.text(before, at));
            }
            let (name, default) = match inside.split_once(':') {
                Some((name, default)) => (name, Some(default)),
                None => (inside, None),
            };
            let value = self.read_setting(name.trim(), default, at);
            parts.push(value);
            rest = after;
        }
        if rest.starts_with("#{") {
            // An expression of the framework's own language.
            return self.builder.unknown(at);
        }
        if !rest.is_empty() || parts.is_empty() {
            parts.push(self.builder.text(rest, at));
        }
        match parts.as_slice() {
            [only] => *only,
            _ => self.builder.node(crate::ir::Node::Concat(parts), at),
        }
    }

    /// The first text that an annotation states.
    pub(super) fn annotation_text(&self, annotation: Part<'_>) -> Option<String> {
        self.annotation_texts(annotation).into_iter().next().map(|(_, text)| text)
    }

    /// The texts that an annotation states, by name.
    fn annotation_texts(&self, annotation: Part<'_>) -> Vec<(SmolStr, String)> {
        let list = field(annotation, "arguments").map(named).unwrap_or_default();
        let text = |part: Part<'_>| {
            let mut found = None;
            walk(part, &mut |part| {
                if found.is_none() && part.kind() == "string_literal" {
                    found = Some(literal::string(self.text(part)));
                }
                found.is_none()
            });
            found
        };
        let pair = |part: Part<'_>| match (field(part, "key"), field(part, "value")) {
            (Some(key), Some(value)) => Some((self.name(key), text(value)?)),
            _ => Some(("value".into(), text(part)?)),
        };
        list.into_iter().filter_map(pair).collect()
    }
}

/// The text up to the brace that closes what is open, and what is behind it.
fn inside_braces(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0u32;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return Some((text.get(..place)?, text.get(place + 1..)?)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
