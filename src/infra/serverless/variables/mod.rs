//! Variables replaced by what they stand for. What only a deployment decides stays a hole with the variable's spelling.
//!
//! Nothing is executed: a file that is a program is told, not run. Variables may make their results grow faster than
//! the text: a budget ends that in a problem, and so does a variable that leads to itself.

mod expression;

use std::cell::{Cell, RefCell};

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::Settings;
use super::super::cloudformation::expand;
use super::super::documents::moved;
use super::super::facts::{Construct, framework};
use super::super::model::Environment;
use super::super::paths::join;
use super::fill;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Piece, Problem, Site, SmolStr, Source, Span, TemplateString, yaml};

/// How many parts and characters the variables of one service may make.
const BUDGET: usize = 4 << 20;
/// How often a variable may lead to another.
const DEPTH: usize = 32;
/// The variable that stands for the stage where the service states none.
const STAGE: &str = "sls:stage";
/// The stage that is deployed where nobody says.
const DEFAULT_STAGE: &str = "dev";

/// Replaces the variables of one service.
pub(super) struct Variables<'a> {
    pub(super) root: &'a Node,
    pub(super) folder: &'a str,
    pub(super) file: FileId,
    pub(super) settings: &'a Settings<'a>,
    /// The variables that are being replaced, innermost last.
    open: RefCell<Vec<String>>,
    files: RefCell<FxHashMap<String, Option<Node>>>,
    spent: Cell<usize>,
    problems: RefCell<Vec<Problem>>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(root: &'a Node, folder: &'a str, file: FileId, settings: &'a Settings<'a>) -> Self {
        Self {
            root,
            folder,
            file,
            settings,
            open: RefCell::default(),
            files: RefCell::default(),
            spent: Cell::new(0),
            problems: RefCell::default(),
        }
    }

    /// The problems met so far.
    pub(super) fn take_problems(&self) -> Vec<Problem> {
        self.problems.take()
    }

    /// Says that a part cannot be read.
    pub(super) fn problem(&self, span: Span, message: impl Into<String>) {
        let problem = Problem { site: Site { file: self.file, span }, message: message.into() };
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    /// What stays open with the value that the framework takes where nobody says.
    fn defaults() -> [(&'static str, &'static str); 2] {
        [(STAGE, DEFAULT_STAGE), ("opt:stage", DEFAULT_STAGE)]
    }

    /// The part with everything in it replaced.
    pub(super) fn resolve(&self, node: &Node) -> Node {
        if !self.spend(1, node.span) {
            return Node::new(node.span, Value::Text(Hole::Unknown.into()));
        }
        let value = match &node.value {
            Value::Text(text) => {
                let Some(known) = text.as_literal() else { return self.open_text(text, node.span) };
                return Node { tag: node.tag.clone(), ..self.text(known, node.span) };
            }
            Value::List(list) => Value::List(list.iter().map(|item| self.resolve(item)).collect()),
            Value::Map(map) => Value::Map(
                map.iter()
                    .map(|(key, entry)| {
                        (key.clone(), Entry { key: entry.key, node: self.resolve(&entry.node) })
                    })
                    .collect(),
            ),
            other => other.clone(),
        };
        Node { span: node.span, tag: node.tag.clone(), value }
    }

    /// Text of a program that is not known in full. What its environment says is a variable.
    fn open_text(&self, text: &TemplateString, span: Span) -> Node {
        let mut result = TemplateString::new();
        for piece in text.pieces() {
            match piece {
                Piece::Text(known) => result.push(&self.text(known, span).as_template().unwrap_or_default()),
                Piece::Hole(Hole::Environment(name)) => {
                    let name = ["env:", name].concat();
                    let open = || hole(Hole::Parameter(name.as_str().into()), span);
                    let value = self.given(&name, span).unwrap_or_else(open);
                    result.push(&value.as_template().unwrap_or_default());
                }
                Piece::Hole(hole) => result.push_hole(hole.clone()),
            }
        }
        Node::new(span, Value::Text(result))
    }

    fn text(&self, text: &str, span: Span) -> Node {
        // The plugin for pseudo parameters has a notation of its own for them.
        let text = text.replace("#{AWS::", "${AWS::");
        if let Some(("", content, "")) = expression::next(&text) {
            return self.variable(content, span);
        }
        let mut result = TemplateString::new();
        let mut rest = text.as_str();
        while let Some((before, content, after)) = expression::next(rest) {
            result.push_str(before);
            let value = self.variable(content, span);
            match (&value.value, value.as_template()) {
                (_, Some(text)) => result.push(&text),
                (Value::Null, None) => {}
                (_, None) => result.push_hole(Hole::Unknown),
            }
            rest = after;
        }
        result.push_str(rest);
        if !self.spend(text.len(), span) {
            return hole(Hole::Unknown, span);
        }
        Node::new(span, Value::Text(result))
    }

    /// What a variable stands for.
    fn variable(&self, content: &str, span: Span) -> Node {
        if let Some(pseudo) = content.strip_prefix("AWS::") {
            return hole(pseudo_parameter(pseudo), span);
        }
        if !self.spend(content.len(), span) {
            return hole(Hole::Unknown, span);
        }
        let circle = {
            let open = self.open.borrow();
            open.len() >= DEPTH || open.iter().any(|known| known == content)
        };
        if circle {
            let shown = content.escape_debug();
            self.problem(span, format!("the variable `{shown}` leads in a circle"));
            return hole(Hole::Unknown, span);
        }
        self.open.borrow_mut().push(content.to_owned());
        let sources = expression::sources(content);
        let found = sources
            .iter()
            .find_map(|source| self.source(source, span).filter(|node| node.value != Value::Null));
        self.open.borrow_mut().pop();
        let is_null = sources.last().is_some_and(|last| *last == "null");
        match (found, sources.first()) {
            (Some(found), _) => found,
            (None, _) if is_null => Node::new(span, Value::Null),
            (None, Some(first)) => hole(Hole::Parameter((*first).into()), span),
            (None, None) => hole(Hole::Unknown, span),
        }
    }

    fn source(&self, source: &str, span: Span) -> Option<Node> {
        if let Some(text) = expression::quoted(source) {
            return Some(self.text(text, span));
        }
        if source.starts_with("${") {
            return Some(self.text(source, span));
        }
        match source {
            "true" | "false" => return Some(Node::new(span, Value::Flag(source == "true"))),
            _ if source.parse::<f64>().is_ok() => {
                return Some(Node::new(span, Value::Number(source.into())));
            }
            _ => {}
        }
        let reference = expression::reference(source)?;
        let address = self.plain(reference.address, span);
        match reference.kind {
            "self" => self.own(&address?, span),
            "opt" => match address?.as_str() {
                "region" => Some(hole(Hole::Region, span)),
                "stage" => self.given("opt:stage", span).or_else(|| self.given(STAGE, span)),
                name => self.given(&["opt:", name].concat(), span),
            },
            "env" => self.given(&["env:", &address?].concat(), span),
            "param" => self.parameter(&address?, span),
            "sls" if address.as_deref() == Some("stage") => Some(self.stage(span)),
            "aws" => match address?.as_str() {
                "accountId" => Some(hole(Hole::Account, span)),
                "region" => Some(hole(Hole::Region, span)),
                _ => None,
            },
            "file" => self.file(reference.parameter, &address?, span),
            "strToBool" => {
                let text = self.plain(reference.parameter, span)?;
                Some(Node::new(span, Value::Flag(matches!(text.as_str(), "true" | "1"))))
            }
            "construct" => Some(self.construct(&address?, source, span)),
            _ => Some(hole(Hole::Parameter(source.into()), span)),
        }
    }

    /// The text of an address with the variables in it replaced; `None` where it is not known.
    fn plain(&self, address: &str, span: Span) -> Option<String> {
        let text = self.text(address, span).as_template()?;
        let defaults = Self::defaults();
        let filled = text.fill(|hole| match hole {
            Hole::Parameter(name) => {
                defaults.iter().find(|(known, _)| known == name).map(|(_, value)| (*value).into())
            }
            _ => None,
        });
        filled.as_literal().map(str::to_owned)
    }

    fn given(&self, name: &str, span: Span) -> Option<Node> {
        let chosen = || self.settings.environment.filter(|_| matches!(name, STAGE | "opt:stage"));
        let value = self.settings.parameters.get(name).map(SmolStr::as_str).or_else(chosen)?;
        Some(Node::new(span, Value::Text(value.into())))
    }

    /// The stage that is deployed, as an environment.
    pub(super) fn environment(&self) -> Environment {
        let span = Span::default();
        let chosen = self.given(STAGE, span).or_else(|| self.given("opt:stage", span)).is_some();
        let stage = self.plain("${sls:stage}", span).unwrap_or_else(|| DEFAULT_STAGE.to_owned());
        let stages = ["params", "stages"].into_iter().filter_map(|key| self.root.get(key)?.as_map());
        let others = stages.flat_map(|stages| stages.keys()).filter(|name| *name != "default").cloned();
        Environment { name: stage.into(), chosen, others: others.collect() }
    }

    /// The stage that is deployed.
    pub(super) fn stage(&self, span: Span) -> Node {
        let given = self.given(STAGE, span).or_else(|| self.given("opt:stage", span));
        given
            .or_else(|| {
                let stated = self.root.at(&["provider", "stage"])?;
                Some(self.resolve(stated)).filter(|stage| stage.as_template().is_some())
            })
            .unwrap_or_else(|| hole(Hole::Parameter(STAGE.into()), span))
    }

    /// A part of the service itself.
    fn own(&self, address: &str, span: Span) -> Option<Node> {
        let root = self.root;
        match address {
            "" => return None,
            "service" | "service.name" => {
                let service = root.get("service")?;
                return Some(self.resolve(service.get("name").unwrap_or(service)));
            }
            // The region is that of the deployment, whatever it is called.
            "provider.region" => return Some(hole(Hole::Region, span)),
            "provider.stage" => return Some(self.stage(span)),
            _ => {}
        }
        let path: Vec<&str> = address.split('.').collect();
        self.descend(root, &path)
    }

    /// The part at the end of a path, where variables may stand on the way.
    fn descend(&self, node: &Node, path: &[&str]) -> Option<Node> {
        let Some((key, rest)) = path.split_first() else { return Some(self.resolve(node)) };
        let within = match &node.value {
            Value::Map(map) => &map.get(*key)?.node,
            Value::List(list) => list.get(key.parse::<usize>().ok()?)?,
            Value::Text(text) if text.as_literal().is_some_and(|text| text.contains("${")) => {
                let resolved = self.resolve(node);
                return if resolved == *node { None } else { self.descend(&resolved, path) };
            }
            _ => return None,
        };
        self.descend(within, rest)
    }

    /// A parameter of the service: the stage's, else that of all stages.
    fn parameter(&self, name: &str, span: Span) -> Option<Node> {
        if let Some(given) = self.given(&["param:", name].concat(), span) {
            return Some(given);
        }
        let stage = self.stage(span).as_template();
        let stage = stage.as_ref().and_then(TemplateString::as_literal).unwrap_or(DEFAULT_STAGE);
        let find = |stage: &str| {
            let old = self.descend(self.root, &["params", stage, name]);
            old.or_else(|| self.descend(self.root, &["stages", stage, "params", name]))
        };
        find(stage).or_else(|| find("default"))
    }

    /// A part of another file of the project.
    fn file(&self, path: &str, address: &str, span: Span) -> Option<Node> {
        let path = self.plain(path, span)?;
        let path = path.trim().trim_matches(['"', '\'']);
        let shown = path.escape_debug();
        let Some(joined) = join(self.folder, path) else {
            self.problem(span, format!("`{shown}` leads outside of the project and is not read"));
            return None;
        };
        let extension = joined.rsplit('.').next().unwrap_or_default();
        let is_program = matches!(extension, "js" | "cjs" | "mjs" | "ts");
        let stated = if is_program { (self.settings.data)(&joined) } else { None };
        if is_program && stated.is_none() {
            self.problem(span, format!("`{shown}` is a program of which is not known what it states"));
            return None;
        }
        let Some(content) = stated.or_else(|| self.content(&joined, extension)) else {
            self.problem(span, format!("there is no file `{shown}`"));
            return None;
        };
        let path: Vec<&str> = address.split('.').filter(|key| !key.is_empty()).collect();
        Some(moved(self.descend(&content, &path)?, span))
    }

    fn content(&self, path: &str, extension: &str) -> Option<Node> {
        if let Some(known) = self.files.borrow().get(path) {
            return known.clone();
        }
        let content = (self.settings.sibling)(path).map(|text| {
            if matches!(extension, "yml" | "yaml" | "json") {
                expand(yaml::parse(&Source::new(path, text), self.file).0)
            } else {
                Node::new(Span::default(), Value::Text(text.as_str().into()))
            }
        });
        self.files.borrow_mut().insert(path.to_owned(), content.clone());
        content
    }

    /// An attribute of a construct. Its name is the only thing that is left open.
    fn construct(&self, address: &str, spelled: &str, span: Span) -> Node {
        let open = || hole(Hole::Parameter(spelled.into()), span);
        let Some((id, attribute)) = address.split_once('.') else { return open() };
        let kind = self.root.at(&["constructs", id, "type"]).and_then(Node::as_str).unwrap_or_default();
        let Some(facts) = framework().construct.get(kind) else { return open() };
        let name = construct_name(id, facts);
        if attribute == facts.name {
            return Node::new(span, Value::Text(name));
        }
        let Some(text) = facts.attributes.get(attribute) else { return open() };
        Node::new(span, Value::Text(fill(text, &name)))
    }

    /// Takes from the budget; false once it is spent.
    fn spend(&self, cost: usize, span: Span) -> bool {
        let before = self.spent.get();
        if before > BUDGET {
            return false;
        }
        self.spent.set(before.saturating_add(cost));
        if self.spent.get() > BUDGET {
            self.problem(span, "the variables of this service grow without end: the rest of them stays open");
            return false;
        }
        true
    }
}

/// The physical name of a construct, which only a deployment decides: that of the resource that it declares.
pub(super) fn construct_name(id: &str, facts: &Construct) -> TemplateString {
    match facts.kind {
        Some(_) => TemplateString::resource(id),
        None => TemplateString::hole(Hole::Parameter(format!("construct:{id}.{}", facts.name).into())),
    }
}

fn hole(hole: Hole, span: Span) -> Node {
    Node::new(span, Value::Text(hole.into()))
}

fn pseudo_parameter(name: &str) -> Hole {
    match name {
        "Region" => Hole::Region,
        "AccountId" => Hole::Account,
        "Partition" => Hole::Partition,
        _ => Hole::Parameter(["AWS::", name].concat().into()),
    }
}

/// The parameters of the template that stand for what variables leave open.
pub(super) fn parameters(span: Span) -> IndexMap<SmolStr, Entry> {
    let text = |text: &str| Node::new(span, Value::Text(text.into()));
    let parameter = |(name, default): (&str, &str)| {
        let default = Entry { key: span, node: text(default) };
        let node = Node::new(span, Value::Map(IndexMap::from([("Default".into(), default)])));
        (name.into(), Entry { key: span, node })
    };
    Variables::defaults().into_iter().map(parameter).collect()
}
