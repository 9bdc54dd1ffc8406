//! References and functions in a template's values, replaced by what is known of their result.
//!
//! What stays unknown until the stack is there becomes a hole. Evaluation is bounded: a template may make its
//! results grow faster than itself, and a budget ends that in a problem.

use std::cell::{Cell, RefCell};

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::model::Parameter;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Piece, Problem, Site, SmolStr, Span, TemplateString};

/// How many parts and characters the evaluation of one template may make.
const BUDGET: usize = 8 << 20;

/// A resource as the template has it.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// Its type.
    pub(crate) kind: SmolStr,
    /// Everything of it: `Properties`, `Condition`, `Metadata`.
    pub(crate) node: Node,
    /// Where its id stands.
    pub(crate) site: Site,
}

/// Evaluates the values of one template.
pub(crate) struct Evaluator<'a> {
    pub(super) file: FileId,
    pub(super) parameters: IndexMap<SmolStr, Parameter>,
    pub(crate) resources: IndexMap<SmolStr, Declared>,
    pub(super) mappings: Node,
    pub(super) conditions: Node,
    /// What the stacks return that the template calls, by `Stack.Outputs.Name`.
    pub(super) outputs: IndexMap<SmolStr, TemplateString>,
    pub(super) given: &'a IndexMap<SmolStr, SmolStr>,
    pub(super) decided: RefCell<FxHashMap<SmolStr, Option<bool>>>,
    /// Resources whose ARN is being put together, innermost last.
    pub(super) within: RefCell<Vec<SmolStr>>,
    /// Whether the branches are taken that the conditions switch off.
    flipped: Cell<bool>,
    spent: Cell<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator of a template without resources, which [`Evaluator::resources`] then takes in.
    pub(super) fn new(file: FileId, template: &Node, given: &'a IndexMap<SmolStr, SmolStr>) -> Self {
        let part = |key: &str| template.get(key).cloned().unwrap_or_else(null);
        Self {
            file,
            parameters: parameters(file, template),
            resources: IndexMap::new(),
            mappings: part("Mappings"),
            conditions: part("Conditions"),
            outputs: IndexMap::new(),
            given,
            decided: RefCell::default(),
            within: RefCell::default(),
            flipped: Cell::new(false),
            spent: Cell::new(0),
            problems: RefCell::default(),
        }
    }

    /// An evaluator of a part of a template of which nothing else is there.
    pub(crate) fn fragment(file: FileId, given: &'a IndexMap<SmolStr, SmolStr>) -> Self {
        Self::new(file, &null(), given)
    }

    /// The template's parameters.
    pub(super) fn parameters(&self) -> &IndexMap<SmolStr, Parameter> {
        &self.parameters
    }

    /// The problems met so far.
    pub(super) fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    /// Says that a part cannot be read.
    pub(crate) fn problem(&self, span: Span, message: impl Into<String>) {
        let problem = Problem { site: self.site(span), message: message.into() };
        self.problems.borrow_mut().push(problem);
    }

    /// A place in the template.
    pub(crate) fn site(&self, span: Span) -> Site {
        Site { file: self.file, span }
    }

    /// The part with everything in it evaluated; null for what is left out (`AWS::NoValue`).
    pub(crate) fn resolve(&self, node: &Node) -> Node {
        self.value(node).unwrap_or_else(|| Node::new(node.span, Value::Null))
    }

    /// The part as it would be if every condition were decided the other way.
    pub(crate) fn resolve_other(&self, node: &Node) -> Node {
        self.flipped.set(true);
        let other = self.resolve(node);
        self.flipped.set(false);
        other
    }

    /// The text of a part with everything in it evaluated.
    pub(crate) fn text(&self, node: &Node) -> Option<TemplateString> {
        self.resolve(node).as_template()
    }

    /// The text with parameters replaced by what is given for them or by their defaults, where it is known then.
    pub(crate) fn literal(&self, text: &TemplateString) -> Option<SmolStr> {
        self.fill(text).as_literal().map(SmolStr::from)
    }

    /// The text with parameters replaced by what is given for them or by their defaults.
    pub(crate) fn fill(&self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Parameter(name) => self.parameter_value(name),
            _ => None,
        })
    }

    pub(super) fn parameter_value(&self, name: &str) -> Option<TemplateString> {
        let given = self.given.get(name).map(|value| value.as_str().into());
        given.or_else(|| self.parameters.get(name)?.default.clone())
    }

    fn value(&self, node: &Node) -> Option<Node> {
        if !self.spend(1, node.span) {
            return Some(unknown(node.span));
        }
        if let Some((name, argument)) = call(node).filter(|(name, _)| *name != "Condition") {
            return self.apply(name, argument, node.span).map(|result| self.counted(result));
        }
        let value = match &node.value {
            Value::Map(map) => Value::Map(self.entries(map)),
            Value::List(list) => Value::List(list.iter().filter_map(|item| self.value(item)).collect()),
            Value::Text(text) => Value::Text(without_dynamic_references(text)),
            other => other.clone(),
        };
        Some(Node { span: node.span, tag: None, value })
    }

    fn entries(&self, map: &IndexMap<SmolStr, Entry>) -> IndexMap<SmolStr, Entry> {
        let entries = map.iter().filter_map(|(key, entry)| {
            let node = self.value(&entry.node)?;
            Some((key.clone(), Entry { key: entry.key, node }))
        });
        entries.collect()
    }

    /// The result of a function; `None` for what is left out.
    fn apply(&self, name: &str, argument: &Node, span: Span) -> Option<Node> {
        let text = match name {
            "Ref" => return named(argument, span, |id| self.reference(id)),
            "Fn::GetAtt" => self.attribute_of(argument),
            "Fn::Sub" => self.substitute(argument),
            "Fn::Join" => self.join(argument),
            "Fn::Select" => return Some(self.select(argument, span)),
            "Fn::Split" => return Some(self.split(argument, span)),
            "Fn::FindInMap" => return Some(self.find_in_map(argument, span)),
            "Fn::If" => return self.choose(argument),
            "Fn::Base64" => return self.value(argument),
            _ => None,
        };
        Some(text.map_or_else(|| unknown(span), |text| Node::new(span, Value::Text(text))))
    }

    fn attribute_of(&self, argument: &Node) -> Option<TemplateString> {
        if let Some(list) = argument.as_list() {
            let [id, path @ ..] = list else { return None };
            let path: Option<Vec<&str>> = path.iter().map(Node::as_str).collect();
            return Some(self.attribute(id.as_str()?, &path?.join(".")));
        }
        let (id, path) = argument.as_str()?.split_once('.')?;
        Some(self.attribute(id, path))
    }

    fn substitute(&self, argument: &Node) -> Option<TemplateString> {
        let (text, variables) = match argument.as_list() {
            Some([text, variables, ..]) => (text, variables.as_map()),
            Some([text]) => (text, None),
            Some([]) => return None,
            None => (argument, None),
        };
        let variables: FxHashMap<&str, TemplateString> = variables
            .into_iter()
            .flatten()
            .map(|(name, entry)| (name.as_str(), self.text(&entry.node).unwrap_or_else(nothing_known)))
            .collect();
        let text = without_dynamic_references(&text.as_template()?);
        let mut result = TemplateString::new();
        for piece in text.pieces() {
            match piece {
                Piece::Text(text) => self.fill_in(text, &variables, argument.span, &mut result)?,
                Piece::Hole(hole) => result.push_hole(hole.clone()),
            }
        }
        Some(result)
    }

    /// Replaces `${Name}`, `${Resource.Attribute}` and `${!Literal}`; `None` once the budget is spent.
    fn fill_in(
        &self,
        text: &str,
        variables: &FxHashMap<&str, TemplateString>,
        span: Span,
        result: &mut TemplateString,
    ) -> Option<()> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                result.push_str("${");
                rest = after;
                continue;
            };
            let filled = match (name.strip_prefix('!'), variables.get(name.trim())) {
                (Some(literal), _) => TemplateString::from(["${", literal, "}"].concat().as_str()),
                (None, Some(value)) => value.clone(),
                (None, None) => self.dotted(name.trim()),
            };
            if !self.spend(size(&filled), span) {
                return None;
            }
            result.push(&filled);
            rest = behind;
        }
        result.push_str(rest);
        Some(())
    }

    fn dotted(&self, name: &str) -> TemplateString {
        match name.split_once('.') {
            Some((id, path)) if !name.starts_with("AWS::") => self.attribute(id, path),
            _ => self.reference(name),
        }
    }

    fn join(&self, argument: &Node) -> Option<TemplateString> {
        let [separator, list] = argument.as_list()? else { return None };
        let list = self.resolve(list);
        let separator = separator.as_str()?;
        let mut result = TemplateString::new();
        for (index, item) in list.one_or_many().iter().enumerate() {
            if index > 0 {
                result.push_str(separator);
            }
            let text = item.as_template().unwrap_or_else(nothing_known);
            if !self.spend(size(&text) + separator.len(), argument.span) {
                return None;
            }
            result.push(&text);
        }
        Some(result)
    }

    fn select(&self, argument: &Node, span: Span) -> Node {
        let selected = argument.as_list().and_then(|arguments| {
            let [index, list] = arguments else { return None };
            let index: usize = self.literal(&self.text(index)?)?.parse().ok()?;
            let list = self.resolve(list);
            if let Some(items) = list.as_list() {
                return items.get(index).cloned();
            }
            let known = self.literal(&list.as_template()?)?;
            let item = known.split(',').nth(index)?.trim();
            Some(Node::new(span, Value::Text(item.into())))
        });
        selected.unwrap_or_else(|| unknown(span))
    }

    fn split(&self, argument: &Node, span: Span) -> Node {
        let parts = argument.as_list().and_then(|arguments| {
            let [separator, text] = arguments else { return None };
            let text = self.text(text)?;
            let parts = split_at(&text, separator.as_str()?)?;
            if parts.len() > 1 || text.as_literal().is_some() {
                return Some(parts);
            }
            split_at(&self.fill(&text), separator.as_str()?).filter(|parts| parts.len() > 1)
        });
        let item = |text| Node::new(span, Value::Text(text));
        parts.map_or_else(
            || unknown(span),
            |parts| Node::new(span, Value::List(parts.into_iter().map(item).collect())),
        )
    }

    fn find_in_map(&self, argument: &Node, span: Span) -> Node {
        let found = argument.as_list().and_then(|arguments| {
            let [map, first, second, ..] = arguments else { return None };
            let map = self.mappings.get(&self.literal(&self.text(map)?)?)?;
            let second = self.literal(&self.text(second)?)?;
            match self.literal(&self.text(first)?) {
                Some(first) => map.get(&first)?.get(&second).cloned(),
                None => same_everywhere(map, &second),
            }
        });
        found.map_or_else(|| unknown(span), |found| Node { span, ..self.resolve(&found) })
    }

    fn choose(&self, argument: &Node) -> Option<Node> {
        let Some([condition, first, second]) = argument.as_list() else {
            return Some(unknown(argument.span));
        };
        let held = condition.as_str().and_then(|name| self.condition(name));
        match held.map(|held| held != self.flipped.get()) {
            Some(true) => self.value(first),
            Some(false) => self.value(second),
            None => self.value(first).or_else(|| self.value(second)),
        }
    }

    /// Counts what a function made.
    fn counted(&self, node: Node) -> Node {
        let cost = node.as_template().map_or(1, |text| size(&text));
        if self.spend(cost, node.span) { node } else { unknown(node.span) }
    }

    /// Takes from the budget; false once it is spent.
    pub(super) fn spend(&self, cost: usize, span: Span) -> bool {
        let before = self.spent.get();
        if before > BUDGET {
            return false;
        }
        self.spent.set(before.saturating_add(cost));
        if self.spent.get() > BUDGET {
            self.problem(
                span,
                "the values of this template grow without end: the rest of them is not evaluated",
            );
            return false;
        }
        true
    }
}

/// The parameters of a template. Where a parameter's value is a name under which the value is stored, the default
/// is such a name and no value.
fn parameters(file: FileId, template: &Node) -> IndexMap<SmolStr, Parameter> {
    let declared = template.get("Parameters").and_then(Node::as_map).into_iter().flatten();
    let parameter = |(name, entry): (&SmolStr, &Entry)| {
        let stored = entry.node.get("Type").and_then(Node::as_str);
        let stored = stored.is_some_and(|kind| kind.starts_with("AWS::SSM::Parameter::Value"));
        let default = entry.node.get("Default").filter(|_| !stored).and_then(Node::as_template);
        (name.clone(), Parameter { default, site: Site { file, span: entry.key } })
    };
    declared.map(parameter).collect()
}

/// The function that a part calls, with its argument: `{"Fn::Sub": …}`, `{"Ref": …}`.
pub(super) fn call(node: &Node) -> Option<(&'static str, &Node)> {
    let map = node.as_map().filter(|map| map.len() == 1)?;
    let (key, entry) = map.first()?;
    FUNCTIONS.iter().find(|name| *name == key).map(|name| (*name, &entry.node))
}

/// The functions by their long names.
const FUNCTIONS: &[&str] = &[
    "Ref",
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
];

/// What a name stands for; `AWS::NoValue` is left out.
fn named(argument: &Node, span: Span, find: impl Fn(&str) -> TemplateString) -> Option<Node> {
    match argument.as_str() {
        Some("AWS::NoValue") => None,
        Some(id) => Some(Node::new(span, Value::Text(find(id)))),
        None => Some(unknown(span)),
    }
}

/// Text of which nothing is known.
pub(crate) fn nothing_known() -> TemplateString {
    TemplateString::hole(Hole::Unknown)
}

fn unknown(span: Span) -> Node {
    Node::new(span, Value::Text(nothing_known()))
}

/// Nothing.
pub(crate) fn null() -> Node {
    Node::new(Span::default(), Value::Null)
}

/// What a text costs.
fn size(text: &TemplateString) -> usize {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.len(),
        Piece::Hole(_) => 8,
    };
    text.pieces().iter().map(piece).sum()
}

/// The text with references to stored values (`{{resolve:ssm:…}}`) replaced by what is known of those: nothing.
fn without_dynamic_references(text: &TemplateString) -> TemplateString {
    let Some(known) = text.as_literal().filter(|known| known.contains("{{resolve:")) else {
        return text.clone();
    };
    let mut result = TemplateString::new();
    let mut rest = known;
    while let Some((before, after)) = rest.split_once("{{resolve:") {
        result.push_str(before);
        result.push_hole(Hole::Unknown);
        rest = after.split_once("}}").map_or("", |(_, behind)| behind);
    }
    result.push_str(rest);
    result
}

/// The parts between the separators in the known text.
fn split_at(text: &TemplateString, separator: &str) -> Option<Vec<TemplateString>> {
    let mut characters = separator.chars();
    match (characters.next(), characters.next()) {
        (Some(single), None) => Some(text.split(single)),
        (Some(_), Some(_)) => Some(text.as_literal()?.split(separator).map(TemplateString::from).collect()),
        (None, _) => None,
    }
}

/// The value under `key`, where all rows of a mapping agree on it.
fn same_everywhere(map: &Node, key: &str) -> Option<Node> {
    let mut rows = map.as_map()?.values().map(|row| row.node.get(key));
    let first = rows.next()??;
    rows.all(|row| row.is_some_and(|row| row.value == first.value)).then(|| first.clone())
}
