//! What a program does with construct libraries: every call is kept, with what it is handed, and gives a value that says
//! which call made it.

use indexmap::IndexMap;

use crate::flow::{
    Arguments, Atom, BASE, Binding, Confidence, Host, ObjectId, Principal, Request, SdkValue, Shape,
};
use crate::text::tree::{Node, Value};
use crate::text::{Hole, SmolStr, TemplateString};

use super::facts::{Attribute, Described, Facts, facts, is_class, is_constant, spelled};

/// The service under which the run keeps calls.
pub(super) const SERVICE: &str = "cdk";
/// The field of a kept call that holds its key.
pub(super) const KEY: &str = "<key>";
/// The field of a kept call that holds the object whose method it is.
pub(super) const ON: &str = "<on>";
/// The field of a kept call that holds further arguments of unknown number.
pub(super) const REST: &str = "<rest>";
/// What stands in front of the name of a class or constant that is handed over.
pub(super) const NAMED: &str = "cdk:";

/// The members by which languages name a constructor.
const CONSTRUCTORS: &[&str] = &["", "constructor", "__init__", ".ctor", "<init>"];

/// What kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A module, class or constant; `name` is its path.
    Named = 0,
    /// What a call gave: `service` is its class, `data` the call.
    Made = 1,
    /// A member of that which is no text: `name` is the path, `service` its class as far as known.
    Part = 2,
    /// A member to be called: `name` is `path#method`, `service` the class that it is looked up in.
    Method = 3,
    /// The constructor of a class, for an object of a class of the project that derives from it.
    Above = 4,
    /// A call whose arguments further calls set.
    Builder = 5,
    /// A member of such.
    Setter = 6,
    /// A member that is text, in a language that calls it to read it.
    Getter = 7,
}

impl Stage {
    fn of(value: &SdkValue) -> Self {
        let stages = [
            Self::Named,
            Self::Made,
            Self::Part,
            Self::Method,
            Self::Above,
            Self::Builder,
            Self::Setter,
            Self::Getter,
        ];
        stages.into_iter().find(|stage| *stage as u16 == value.stage).unwrap_or(Self::Named)
    }

    fn value(self, class: &str, name: &str, data: Option<ObjectId>) -> SdkValue {
        let confidence = Confidence::Proven;
        SdkValue { stage: self as u16, service: class.into(), name: name.into(), data, confidence }
    }
}

/// The binding.
#[derive(Debug)]
pub struct Cdk {
    facts: &'static Facts,
    /// What the program's settings say of its context.
    context: IndexMap<SmolStr, Node>,
    /// Whether the program's language calls members to read them.
    calls_members: bool,
}

impl Cdk {
    /// A binding for a program with that context, in that language.
    pub fn new(context: IndexMap<SmolStr, Node>, language: &str) -> Self {
        Self { facts: facts(), context, calls_members: language == "go" }
    }

    /// Keeps a call and gives the record with what it was handed.
    fn keep(callee: &str, on: Option<Shape>, arguments: &Arguments, host: &mut dyn Host) -> ObjectId {
        let mut fields: Vec<(SmolStr, Shape, bool)> = vec![];
        for (place, value) in arguments.positional.iter().enumerate() {
            fields.push((place.to_string().into(), value.clone(), true));
        }
        fields.extend(
            arguments.named.iter().map(|(name, value, always)| (spelled(name), value.clone(), *always)),
        );
        fields.extend(arguments.rest.clone().map(|rest| (REST.into(), rest, false)));
        fields.extend(on.map(|on| (ON.into(), on, true)));
        let record = host.record(slot(callee), fields);
        host.put(record, &Shape::text(KEY), &Shape::text(&key(record)));
        host.request(Request {
            service: SERVICE.into(),
            operation: callee.into(),
            arguments: record,
            client: None,
            principal: Principal::ExecutionRole,
            confidence: Confidence::Proven,
            certain: true,
        });
        record
    }

    /// What a kept call gives: text where the catalog says so, else a value.
    fn given(&self, callee: &str, record: ObjectId) -> Shape {
        let described = self.facts.described(callee);
        if described.is_some_and(|described| described.text.is_some() || described.call.is_some()) {
            return text_of(record, "");
        }
        let is = described.and_then(|described: &Described| described.is.as_deref());
        let class = if is_class(callee) {
            callee.into()
        } else {
            is.map_or_else(|| callee.into(), super::facts::canonical)
        };
        Stage::Made.value(&class, "", Some(record)).into_shape()
    }

    /// The argument that a call only gives back.
    fn passed(&self, path: &str, arguments: &Arguments, host: &mut dyn Host) -> Option<Shape> {
        let name = self.facts.described(path)?.passes.as_deref()?;
        if name.starts_with('*') {
            let elements = arguments.positional.iter().cloned().chain(arguments.rest.clone()).collect();
            return Some(host.list(0, elements));
        }
        Some(arguments.get(name, 0).cloned().unwrap_or(Atom::Nil.into()))
    }

    fn make(&self, path: &str, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        if let Some(passed) = self.passed(path, arguments, host) {
            return passed;
        }
        if let Some(class) = path.strip_suffix(".Builder.create").or_else(|| path.strip_suffix(".builder")) {
            let record = Self::keep(class, None, arguments, host);
            return Stage::Builder.value(class, "", Some(record)).into_shape();
        }
        let record = Self::keep(path, None, arguments, host);
        self.given(path, record)
    }

    fn call_method(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let (path, name) = on.name.rsplit_once('#').unwrap_or(("", &on.name));
        let plain = name.strip_prefix("get").filter(|_| arguments.positional.is_empty() && is_getter(name));
        if let Some(member) = plain.map(spelled).filter(|_| self.facts.method(&on.service, name).is_none()) {
            let owner = if path.is_empty() { Stage::Made } else { Stage::Part };
            return self.part(&owner.value(&on.service, path, on.data), &member);
        }
        let callee = self.facts.method(&on.service, name);
        let callee = callee.unwrap_or_else(|| [on.service.as_str(), "#", name].concat().into());
        if let Some(known) = self.facts.described(&callee).and_then(|known| known.context.as_ref()) {
            return self.context_value(known, arguments, host);
        }
        let receiver = if path.is_empty() { Stage::Made } else { Stage::Part };
        let receiver = receiver.value(&on.service, path, on.data).into_shape();
        let record = Self::keep(&callee, Some(receiver), arguments, host);
        self.given(&callee, record)
    }

    fn context_value(&self, _place: &str, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let names = arguments.positional.first().map(|name| host.texts(name)).unwrap_or_default();
        let mut found = Shape::nothing();
        for name in names.iter().filter_map(TemplateString::as_literal) {
            if let Some(node) = self.context.get(name) {
                found.join(&stated(node, name, host));
            }
        }
        if found.is_nothing() { Atom::Nil.into() } else { found }
    }

    /// Makes the base of an object: the object then has the members of what its class derives from.
    fn make_base(on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let record = Self::keep(&on.service, None, arguments, host);
        let base = Stage::Made.value(&on.service, "", Some(record)).into_shape();
        let receivers = on.data.map(|data| host.field(data, "")).unwrap_or_default();
        for atom in receivers.atoms() {
            if let Atom::Object(id) = atom {
                host.put(*id, &Shape::text(BASE), &base);
            }
        }
        base
    }

    /// A member of a class that a class of the project derives from, seen from an object of that.
    fn member_above(&self, on: &SdkValue, data: ObjectId, name: &str, host: &mut dyn Host) -> Shape {
        if CONSTRUCTORS.contains(&name) {
            return Stage::Above.value(&on.name, "", Some(data)).into_shape();
        }
        let name = spelled(name);
        let known = self.facts.attribute(&on.name, &name).is_some()
            || self.facts.method(&on.name, &name).is_some()
            || name == "node";
        if !known {
            return Shape::nothing();
        }
        let receivers = host.field(data, "");
        let mut found = Shape::nothing();
        for atom in receivers.atoms() {
            let Atom::Object(id) = atom else { continue };
            for base in host.field(*id, BASE).atoms() {
                if let Atom::Sdk(base) = base {
                    found.join(&self.part(base, &name));
                }
            }
        }
        found
    }

    /// A member of what a call gave.
    fn part(&self, of: &SdkValue, name: &str) -> Shape {
        let found = self.read(of, name);
        let is_text = found.atoms().iter().all(|atom| matches!(atom, Atom::Text(_)));
        if !self.calls_members || found.is_nothing() || !is_text {
            return found;
        }
        Stage::Getter.value(&of.service, &below(&of.name, name), of.data).into_shape()
    }

    /// A member of what a call gave, as it is read.
    fn read(&self, of: &SdkValue, name: &str) -> Shape {
        let path = below(&of.name, name);
        match self.facts.attribute(&of.service, name) {
            Some(Attribute::Text(text)) => match plain(text) {
                Some(text) => Atom::Text(text).into(),
                None => of.data.map(|data| text_of(data, &path)).unwrap_or_default(),
            },
            Some(Attribute::Construct { is, .. }) => {
                Stage::Part.value(&super::facts::canonical(is), &path, of.data).into_shape()
            }
            None if self.facts.is_text(name)
                && !is_getter(name)
                && self.facts.method(&of.service, name).is_none() =>
            {
                of.data.map(|data| text_of(data, &path)).unwrap_or_default()
            }
            None => Stage::Method.value(&of.service, &format!("{}#{name}", of.name), of.data).into_shape(),
        }
    }
}

impl Binding for Cdk {
    fn import(&self, _language: &str, path: &str) -> Option<SdkValue> {
        Some(Stage::Named.value("", &self.facts.imported(path)?, None))
    }

    fn is_certain(&self, on: &SdkValue) -> bool {
        Stage::of(on) != Stage::Named || self.facts.has(&on.name)
    }

    fn member(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        match (Stage::of(on), on.data) {
            (Stage::Named, Some(data)) => self.member_above(on, data, name, host),
            (Stage::Named, None) => {
                let path = self.facts.member(&on.name, name);
                match self.facts.constant(&path).and_then(plain) {
                    Some(text) if !self.calls_members => Atom::Text(text).into(),
                    _ => Stage::Named.value("", &path, None).into_shape(),
                }
            }
            (Stage::Made | Stage::Part, _) => self.part(on, &spelled(name)),
            // A member of a member that nothing describes.
            (Stage::Method, _) => {
                let path = on.name.trim_start_matches('#').replace('#', ".");
                self.part(&Stage::Part.value("", &path, on.data), &spelled(name))
            }
            (Stage::Builder, _) if name == "build" => {
                Stage::Setter.value(&on.service, "", on.data).into_shape()
            }
            (Stage::Builder, _) => Stage::Setter.value(&on.service, &spelled(name), on.data).into_shape(),
            (Stage::Above | Stage::Setter | Stage::Getter, _) => Shape::nothing(),
        }
    }

    fn store(&self, on: &SdkValue, name: &str, value: &Shape, always: bool, host: &mut dyn Host) {
        if let (Stage::Made, Some(record)) = (Stage::of(on), on.data) {
            host.set(record, &spelled(name), value, always);
        }
    }

    fn index(&self, on: &SdkValue, _key: Option<&str>, _host: &mut dyn Host) -> Shape {
        on.clone().into_shape()
    }

    fn element(&self, on: &SdkValue, _host: &mut dyn Host) -> Shape {
        on.clone().into_shape()
    }

    fn call(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        match (Stage::of(on), on.data) {
            (Stage::Named, None) if self.calls_members && is_constant(&on.name) => {
                let text = self.facts.constant(&on.name).and_then(plain);
                text.map_or_else(|| on.clone().into_shape(), |text| Atom::Text(text).into())
            }
            (Stage::Named, _) => self.make(&on.name, arguments, host),
            (Stage::Getter, _) => {
                let (before, name) = on.name.rsplit_once('.').unwrap_or(("", &on.name));
                self.read(&Stage::Part.value(&on.service, before, on.data), name)
            }
            (Stage::Method, _) => self.call_method(on, arguments, host),
            (Stage::Above, _) => Self::make_base(on, arguments, host),
            (Stage::Setter, Some(_)) if on.name.is_empty() => {
                Stage::Made.value(&on.service, "", on.data).into_shape()
            }
            (Stage::Setter, Some(data)) => {
                if let Some(value) = arguments.positional.first() {
                    host.put(data, &Shape::text(&on.name), value);
                }
                Stage::Builder.value(&on.service, "", on.data).into_shape()
            }
            (Stage::Made | Stage::Part | Stage::Builder | Stage::Setter, _) => on.clone().into_shape(),
        }
    }

    fn instance(&self, _on: &SdkValue, _host: &mut dyn Host) -> Shape {
        Shape::nothing()
    }

    fn reach(&self, on: &SdkValue) -> Option<Vec<SmolStr>> {
        let is_made = matches!(Stage::of(on), Stage::Made | Stage::Part);
        on.data.filter(|_| is_made).map(|data| vec![key(data).into()])
    }

    fn is_class(&self, on: &SdkValue) -> bool {
        Stage::of(on) == Stage::Named && is_class(&on.name)
    }

    fn stands_for(&self, _members: &[(SmolStr, Shape)], _host: &mut dyn Host) -> Shape {
        Shape::nothing()
    }

    fn is_handed(&self, _: &SdkValue) -> bool {
        false
    }

    fn hand_over(&self, _on: &SdkValue, _host: &mut dyn Host) -> bool {
        false
    }

    fn has(&self, on: &SdkValue, _name: &str) -> bool {
        !matches!(Stage::of(on), Stage::Above | Stage::Setter | Stage::Getter)
    }

    fn looks_like(&self, _name: &str, _arguments: &Arguments) -> Vec<SmolStr> {
        vec![]
    }

    fn is_bound_call(&self, _on: &SdkValue) -> bool {
        false
    }

    fn is_data(&self, _on: &SdkValue) -> bool {
        false
    }

    fn context(&self, _language: &str) -> Option<SdkValue> {
        None
    }

    fn record(&self, _on: &SdkValue) -> Option<ObjectId> {
        None
    }

    fn shown(&self, on: &SdkValue) -> Option<TemplateString> {
        match (Stage::of(on), on.data) {
            (Stage::Named, _) => Some([NAMED, &on.name].concat().as_str().into()),
            (_, Some(data)) => {
                let path = on.name.trim_start_matches('#').replace('#', ".");
                let path = if Stage::of(on) == Stage::Setter { "" } else { &path };
                Some(Hole::Resource { id: key(data).into(), attribute: path.into() }.into())
            }
            (_, None) => None,
        }
    }

    fn constructs(&self, on: &SdkValue) -> bool {
        Stage::of(on) == Stage::Above
    }
}

/// A part of a document as a value. `path` tells it from other parts.
fn stated(node: &Node, path: &str, host: &mut dyn Host) -> Shape {
    match &node.value {
        Value::Null => Atom::Nil.into(),
        Value::Flag(flag) => Atom::Flag(*flag).into(),
        Value::Number(number) => Atom::Number(number.clone()).into(),
        Value::Text(text) => Atom::Text(text.clone()).into(),
        Value::Map(map) => {
            let fields = map.iter().map(|(name, entry)| {
                let value = stated(&entry.node, &[path, ".", name].concat(), host);
                (name.clone(), value, true)
            });
            let fields = fields.collect();
            Atom::Object(host.record(slot(path), fields)).into()
        }
        Value::List(items) => {
            let mut elements = Shape::nothing();
            for (item, index) in items.iter().zip(0..) {
                elements.join(&stated(item, &format!("{path}.{index}"), host));
            }
            host.list(slot(path), elements)
        }
    }
}

/// The key of a kept call.
fn key(record: ObjectId) -> String {
    format!("@{}", record.number())
}

/// Text that a part of what a call gave is.
fn text_of(record: ObjectId, path: &str) -> Shape {
    Atom::Text(Hole::Resource { id: key(record).into(), attribute: path.into() }.into()).into()
}

/// A text without places of the call's own.
fn plain(text: &str) -> Option<TemplateString> {
    if text == "{?}" {
        return Some(Hole::Unknown.into());
    }
    let whole = text.contains("${") || text.contains('.') || text.contains('-');
    let places = text.replace("${", "").contains('{');
    let place = |word: &str| match word {
        own if own.starts_with("AWS::") => Hole::Parameter(own.into()).into(),
        _ => Hole::Unknown.into(),
    };
    (whole && !places).then(|| TemplateString::filled(text, place))
}

/// A number for the record of a call, so that calls of several things at one place do not meet.
fn slot(callee: &str) -> u16 {
    callee.bytes().fold(7_u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(u16::from(byte))) % 20_000
}

/// The path of a member.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { [path, ".", name].concat() }
}

/// Whether a member is spelled as a method that gives another (`getTableName`).
fn is_getter(name: &str) -> bool {
    name.strip_prefix("get").is_some_and(|rest| rest.starts_with(char::is_uppercase))
}
