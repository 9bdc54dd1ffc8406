//! What the places of a description stand for in one call.

use crate::catalog::{Keep, LibraryTest, Value};
use crate::flow::{Arguments, Atom, Host, ObjectId, SdkValue, Shape};
use crate::text::{Hole, SmolStr, TemplateString};

use super::behave::alternatives;
use super::facts::pseudo;
use super::parts::{
    each, is_absent, is_sure, itself, may_lack, member_or_part, part_behind, part_of, states_always,
    underscored,
};
use super::{AwsSdk, Stage};

/// How many texts a text with places may come to.
const MAX_TEXTS: usize = 32;

/// The slot of the record that routines fill which set options.
const OPTIONS_SLOT: u16 = 9_500;

/// The field that says in whose name a client acts.
pub(super) const CREDENTIALS: &str = "credentials";

/// The arguments and the object of one call.
pub(super) struct Scope<'a> {
    pub(super) sdk: &'a AwsSdk,
    /// The object whose member is called.
    pub(super) object: Option<SdkValue>,
    /// The arguments by the names of the parameters, and whether each is there on every path.
    pub(super) named: Vec<(SmolStr, Shape, bool)>,
    /// Whether there may be more named arguments.
    pub(super) open: bool,
    /// Texts for places that a pattern or an operation's name brings.
    pub(super) words: Vec<(SmolStr, SmolStr)>,
    /// The number of the next record made in this call.
    pub(super) slot: u16,
    /// Whether what the last place stood for is there on every path.
    pub(super) sure: bool,
    /// The object where whose making stands what is sent.
    pub(super) made: Option<ObjectId>,
    /// The one of several records that the request is made of.
    pub(super) apart: Option<ObjectId>,
}

impl<'a> Scope<'a> {
    /// No arguments, no object.
    pub(super) fn empty(sdk: &'a AwsSdk) -> Self {
        Self {
            sdk,
            object: None,
            named: vec![],
            open: false,
            words: vec![],
            slot: 0,
            sure: true,
            made: None,
            apart: None,
        }
    }

    /// An object without a call.
    pub(super) fn of_object(sdk: &'a AwsSdk, object: SdkValue) -> Self {
        Self { object: Some(object), ..Self::empty(sdk) }
    }

    /// A call with its arguments under the names of the parameters.
    pub(super) fn of_call(
        sdk: &'a AwsSdk,
        object: Option<SdkValue>,
        parameters: &[SmolStr],
        arguments: &Arguments,
        host: &mut dyn Host,
    ) -> Self {
        let mut named: Vec<(SmolStr, Shape, bool)> = arguments.named.clone();
        for (place, name) in parameters.iter().enumerate() {
            if let Some(name) = name.strip_prefix('*') {
                named.push((name.into(), configured(arguments, place, host), true));
                continue;
            }
            if let Some(name) = name.strip_prefix("...") {
                named.push((name.into(), further(arguments, place), true));
                continue;
            }
            if named.iter().any(|(known, _, _)| known == name) {
                continue;
            }
            if let Some(value) = arguments.positional.get(place) {
                named.push((name.clone(), value.clone(), true));
            } else if let Some(rest) = &arguments.rest {
                named.push((name.clone(), rest.clone(), false));
            }
        }
        named.retain(|(_, value, _)| !value.is_nothing());
        Self { object, named, open: arguments.open, ..Self::empty(sdk) }
    }

    /// The same call once for each object that a parameter (or `self`) may be, with where that was made.
    pub(super) fn each_made(&self, parameter: Option<&str>, host: &mut dyn Host) -> Vec<Self> {
        let whole = |made: Option<ObjectId>| vec![Self { made, ..self.again() }];
        let Some(parameter) = parameter else { return whole(None) };
        let own = self.object.as_ref().and_then(|object| object.data);
        if parameter == "self" {
            return whole(own);
        }
        if let Some(field) = parameter.strip_prefix("self.") {
            let value = own.map(|own| host.field(own, field)).unwrap_or_default();
            let made = value.atoms().iter().find_map(|atom| match atom {
                Atom::Sdk(value) => value.data,
                _ => None,
            });
            return whole(made.or(own));
        }
        let Some((_, value, _)) = self.named.iter().find(|(name, _, _)| name == parameter) else {
            return whole(None);
        };
        let one = |atom: &Atom| {
            let mut scope = self.with(parameter, atom.clone().into());
            if let Atom::Sdk(value) = atom {
                scope.made = value.data;
            }
            scope
        };
        value.atoms().iter().map(one).collect()
    }

    /// The same call once for each of the records that a parameter may be whose fields are those of the request.
    pub(super) fn each_record(self, spread: &[SmolStr]) -> Vec<Self> {
        let parameters = spread.iter().map(|path| path.split('.').next().unwrap_or(path));
        let several = parameters.filter_map(|name| {
            let (_, value, _) = self.named.iter().find(|(known, _, _)| known == name)?;
            let found = alternatives(value, |atom| self.sdk.record_in(atom));
            (found.len() > 1).then(|| (name.to_owned(), value.clone(), found))
        });
        let Some((name, value, found)) = several.take(1).next() else { return vec![self] };
        // What is nothing sends nothing.
        let is_known = |atom: &Atom| matches!(atom, Atom::Nil) || self.sdk.record_in(atom).is_some();
        let others = value.filter(|atom| !is_known(atom));
        let mut scopes: Vec<Self> =
            found.into_iter().map(|(apart, one)| Self { apart, ..self.with(&name, one) }).collect();
        if !others.is_nothing() {
            scopes.push(self.with(&name, others));
        }
        scopes
    }

    /// The same call.
    fn again(&self) -> Self {
        Self {
            object: self.object.clone(),
            named: self.named.clone(),
            open: self.open,
            words: self.words.clone(),
            made: self.made,
            ..Self::empty(self.sdk)
        }
    }

    /// The same call with another value for a parameter.
    fn with(&self, parameter: &str, value: Shape) -> Self {
        let mut scope = self.again();
        if let Some((_, given, _)) = scope.named.iter_mut().find(|(name, _, _)| name == parameter) {
            *given = value;
        }
        scope
    }

    /// Has routines fill what they are handed, which then stands in their place.
    pub(super) fn build(&mut self, builds: &indexmap::IndexMap<SmolStr, Value>, host: &mut dyn Host) {
        for (name, value) in builds {
            let Some(place) = self.named.iter().position(|(known, _, _)| known == name) else { continue };
            let Some((_, given, _)) = self.named.get(place).cloned() else { continue };
            let routines = given.filter(is_routine);
            if routines.is_nothing() {
                continue;
            }
            let mut filled = given.filter(|atom| !is_routine(atom));
            if let Some((built, _)) = self.value(value, host) {
                let given = host.invoke(&routines, Arguments::of([built.clone()]));
                filled.join(&what_was_filled(&given, built));
            }
            if let Some((_, given, _)) = self.named.get_mut(place) {
                *given = filled;
            }
        }
    }

    /// Keeps a value for the whole program.
    pub(super) fn keep(&mut self, keep: &Keep, host: &mut dyn Host) {
        let Some(each_of) = &keep.each else { return self.keep_one(keep, host) };
        let Some((elements, _)) = self.text(each_of, host) else { return };
        let before = self.named.len();
        for element in each(&elements, host).atoms() {
            self.named.push(("element".into(), element.clone().into(), true));
            self.keep_one(keep, host);
            self.named.truncate(before);
        }
    }

    fn keep_one(&mut self, keep: &Keep, host: &mut dyn Host) {
        let Some((token, _)) = self.value(&keep.under, host) else { return };
        let Some((mut value, _)) = self.value(&keep.value, host) else { return };
        if keep.sometimes {
            value.add(Atom::Nil);
        }
        host.keep(&token, &value);
    }

    /// The number of a record that the call makes.
    pub(super) fn next_slot(&mut self) -> u16 {
        self.slot += 1;
        self.slot
    }

    /// The service that names without one belong to.
    fn service(&self) -> SmolStr {
        let of_package = || {
            let (_, name) = self.words.iter().find(|(word, _)| word == "service")?;
            self.sdk.service_of_package("", name).map(SmolStr::from)
        };
        let of_object = self.object.as_ref().map(|object| object.service.clone());
        of_object.or_else(of_package).unwrap_or_default()
    }

    /// A value in the words of a description; `None` where an argument that it needs is not there. The flag says
    /// whether it is there on every path.
    pub(super) fn value(&mut self, value: &Value, host: &mut dyn Host) -> Option<(Shape, bool)> {
        match value {
            Value::Text(text) => self.text(text, host),
            Value::Instance { instance } => {
                let (declared, _) = self.text(instance, host)?;
                let made = host.instance(&declared);
                (!made.is_nothing()).then_some((made, true))
            }
            Value::Bound { bound, marks, section } => self.bound(bound, marks, section.as_deref(), host),
            Value::Setting { setting } => self.setting(setting, host),
            Value::Kept { kept } => {
                let (token, _) = self.text(kept, host)?;
                let kept = host.kept(&token);
                self.sure = !may_lack(&kept);
                (!is_absent(&kept)).then_some((kept, true))
            }
            Value::Call { call, with } => self.call(call, with, host),
            Value::Member { member, of, filter } => {
                let (part, always) = self.member(member, of, host)?;
                let part = if filter.is_empty() { part } else { self.filter(filter, &part, host) };
                Some((part, always))
            }
            Value::Mapped { mapped, to } => self.mapped(mapped, to, host),
            Value::First { first } => first.iter().find_map(|candidate| self.value(candidate, host)),
            Value::List { list } => {
                let (element, _) = self.value(list, host)?;
                let slot = self.next_slot();
                Some((host.list(slot, element), true))
            }
            Value::Record { record } => Some((self.record(record, host), true)),
            Value::Object { class, with } => {
                let fields = self.fields(with, host);
                let slot = self.next_slot();
                let data = host.record(slot, fields);
                let classes = self.texts(class, host);
                let service = self.service();
                let object = |class: &TemplateString| {
                    let name = class.as_literal()?;
                    Some(Atom::Sdk(Stage::Object.value(&service, name, Some(data))))
                };
                Some((classes.iter().filter_map(object).collect(), true))
            }
            Value::Client { client, members, with } => {
                let fields = self.fields(with, host);
                let slot = self.next_slot();
                let data = host.record(slot, fields);
                Some((self.clients(client, members, data, host), true))
            }
        }
    }

    fn clients(&mut self, client: &str, members: &str, data: ObjectId, host: &mut dyn Host) -> Shape {
        let mut shape = Shape::nothing();
        let mut unknown = true;
        for text in self.texts(client, host) {
            let Some(service) = text.as_literal() else { continue };
            if self.sdk.service(service).is_some() {
                shape.add(Atom::Sdk(Stage::Client.value(service, members, Some(data))));
                unknown = false;
            } else {
                let message = format!("`{service}` is no service that the catalog knows");
                host.blind(crate::flow::BlindKind::UnknownService, &[], message);
                unknown = false;
            }
        }
        if unknown {
            let message = "a client is made of a service that is not known".to_owned();
            host.blind(crate::flow::BlindKind::UnknownService, &[], message);
            shape.add(Atom::Any(crate::flow::Why::External));
        }
        shape
    }

    /// A record; names with places are keys that are values themselves.
    fn record(&mut self, fields: &indexmap::IndexMap<SmolStr, Value>, host: &mut dyn Host) -> Shape {
        let slot = self.next_slot();
        let id = host.record(slot, vec![]);
        for (name, value) in fields {
            let Some((value, always)) = self.value(value, host) else { continue };
            if name.contains('{') {
                if let Some((key, _)) = self.text(name, host) {
                    host.put(id, &key, &value);
                }
            } else {
                host.record(slot, vec![(name.clone(), value, always)]);
            }
        }
        Atom::Object(id).into()
    }

    /// Whether a condition of a description holds.
    pub(super) fn passes(&mut self, test: &LibraryTest, host: &mut dyn Host) -> bool {
        let Some((shape, _)) = self.text(&test.value, host) else { return test.passes(None) };
        let mut texts: Vec<TemplateString> = host.texts(&shape).iter().map(|text| host.known(text)).collect();
        texts.extend(shape.atoms().iter().filter_map(|atom| match atom {
            Atom::Flag(flag) => Some(if *flag { "true" } else { "false" }.into()),
            Atom::Number(number) if !number.is_empty() => Some(number.as_str().into()),
            _ => None,
        }));
        test.passes(Some(&texts))
    }

    /// The fields of a record that are there.
    pub(super) fn fields(
        &mut self,
        fields: &indexmap::IndexMap<SmolStr, Value>,
        host: &mut dyn Host,
    ) -> Vec<(SmolStr, Shape, bool)> {
        let field = |(name, value): (&SmolStr, &Value)| {
            let (mut value, always) = self.value(value, host)?;
            if name == CREDENTIALS && !self.sure {
                // Without them a client acts in the function's own name.
                value.add(Atom::Nil);
            }
            Some((name.clone(), value, always))
        };
        fields.iter().filter_map(field).collect()
    }

    /// The texts that a text with places comes to.
    pub(super) fn texts(&mut self, text: &str, host: &mut dyn Host) -> Vec<TemplateString> {
        self.text(text, host).map(|(shape, _)| host.texts(&shape)).unwrap_or_default()
    }

    /// Whether what the first place of a text begins with has a value at all.
    pub(super) fn reaches(&self, text: &str) -> bool {
        let place = text.split_once('{').and_then(|(_, rest)| rest.split(['.', '|', '}']).next());
        self.named.iter().any(|(name, value, _)| Some(name.as_str()) == place && !value.is_nothing())
    }

    /// The value of a text with places, and whether it is there on every path.
    pub(super) fn text(&mut self, text: &str, host: &mut dyn Host) -> Option<(Shape, bool)> {
        if let Some(place) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
            && !place.contains('{')
        {
            return self.place(place, host);
        }
        let mut texts = vec![TemplateString::new()];
        let mut always = true;
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            let (place, behind) = after.strip_prefix('{')?.split_once('}')?;
            let choices = match before.strip_suffix('$') {
                Some(before) => {
                    add(&mut texts, before);
                    vec![pseudo(place)]
                }
                None => {
                    add(&mut texts, before);
                    let (value, there) = self.place(place, host)?;
                    always &= there;
                    let mut choices = host.texts(&value);
                    if choices.is_empty() {
                        choices.push(Hole::Unknown.into());
                    }
                    choices
                }
            };
            texts = product(&texts, &choices);
            rest = behind;
        }
        add(&mut texts, rest);
        Some((texts.into_iter().map(Atom::Text).collect(), always))
    }

    /// What one place stands for: a name, a path of names, and filters.
    fn place(&mut self, place: &str, host: &mut dyn Host) -> Option<(Shape, bool)> {
        let mut filters = place.split('|');
        let path = filters.next()?;
        let (mut shape, always) = self.path(path, host)?;
        for filter in filters {
            shape = self.filter(filter, &shape, host);
        }
        (!shape.is_nothing()).then_some((shape, always))
    }

    fn path(&mut self, path: &str, host: &mut dyn Host) -> Option<(Shape, bool)> {
        let mut parts = path.split('.');
        let first = parts.next()?;
        self.sure = true;
        if first == "?" {
            return Some((Shape::some_text(), true));
        }
        if let Some((_, word)) = self.words.iter().find(|(name, _)| name == first) {
            return Some((Shape::text(word), true));
        }
        if first == "self" {
            let object = self.object.clone()?;
            let Some(field) = parts.next() else { return Some((itself(object, host), true)) };
            let mut shape = object.data.map(|data| host.field(data, field)).unwrap_or_default();
            if shape.is_nothing() && field == "service" && !object.service.is_empty() {
                return Some((Shape::text(&object.service), true));
            }
            if shape.is_nothing() {
                // An object of a class of the project: its own members come in the field without a name.
                let own = object.data.map(|data| host.field(data, "")).unwrap_or_default();
                shape = if own.is_nothing() { own } else { member_or_part(&own, field, host) };
            }
            // What a class states is data, whatever members the language gives such.
            let mut stated = field.starts_with('[');
            for part in parts {
                shape = if stated { part_of(&shape, part, host) } else { member_or_part(&shape, part, host) };
                stated |= part.starts_with('[');
            }
            self.sure = !may_lack(&shape);
            return (!is_absent(&shape)).then_some((shape, true));
        }
        let (_, value, always) = self.named.iter().find(|(name, _, _)| name == first)?;
        let (mut shape, mut always) = (value.clone(), *always);
        self.sure = always;
        for part in parts {
            always &= states_always(&shape, part, host);
            self.sure &= is_sure(&shape, part, host);
            shape = part_of(&shape, part, host);
        }
        (!is_absent(&shape)).then_some((shape, always))
    }

    fn filter(&self, filter: &str, shape: &Shape, host: &mut dyn Host) -> Shape {
        if let Some(shape) = part_behind(filter, shape, host) {
            return shape;
        }
        let service = self.service();
        let texts = host.texts(shape);
        super::behave::unnamed_operation(filter, &service, shape, &texts, host);
        let filtered = texts.into_iter().filter_map(|text| self.filtered(filter, &service, text, host));
        let found: Shape = filtered.map(Atom::Text).collect();
        if found.is_nothing() && matches!(filter, "bucket" | "key") { Shape::some_text() } else { found }
    }

    /// What a filter makes of a text.
    fn filtered(
        &self,
        filter: &str,
        service: &str,
        text: TemplateString,
        host: &mut dyn Host,
    ) -> Option<TemplateString> {
        let literal = text.as_literal();
        let (kind, family) = filter.split_once('.').unwrap_or((filter, ""));
        Some(match kind {
            "service" => {
                let named = literal.and_then(|name| self.sdk.service_of_package(family, name));
                named.map_or(text, Into::into)
            }
            "operation" | "paginator" | "waiter" => {
                let Some(operation) = literal.and_then(|name| self.operation(filter, service, name)) else {
                    let message = format!("`{text}` names no operation of {service} that is known");
                    host.blind(crate::flow::BlindKind::UnknownOperation, &[service], message);
                    return None;
                };
                format!("{service}.{operation}").as_str().into()
            }
            "variable" => literal.map_or(Hole::Unknown, |name| Hole::Environment(name.into())).into(),
            "underscored" => underscored(text),
            "bucket" => split_path(text).0,
            "key" => split_path(text).1,
            "name" if text.starts_with("arn:") => {
                text.split(':').pop().unwrap_or_default().split('/').pop().unwrap_or_default()
            }
            _ if super::url::asks(filter) => return super::url::part(&text, filter),
            _ => text,
        })
    }

    fn operation(&self, filter: &str, service: &str, name: &str) -> Option<&'static str> {
        let service = self.sdk.service(service)?;
        let operation = match filter {
            "waiter" => service.waiter(name)?,
            "paginator" => service.paginator(name).or_else(|| service.operation_by_key(name))?,
            _ => service.operation_by_key(name)?,
        };
        Some(operation.name())
    }
}

/// All arguments from a place on as one value.
fn further(arguments: &Arguments, place: usize) -> Shape {
    arguments.positional.iter().skip(place).chain(&arguments.rest).cloned().collect()
}

/// All arguments from a place on as one value. A routine among them is called with a record, and is what it puts in
/// there.
fn configured(arguments: &Arguments, place: usize, host: &mut dyn Host) -> Shape {
    let further = further(arguments, place);
    let routines = further.filter(is_routine);
    let mut values = further.filter(|atom| !is_routine(atom));
    if !routines.is_nothing() {
        let options = Shape::from(Atom::Object(host.record(OPTIONS_SLOT, vec![])));
        host.invoke(&routines, Arguments { positional: vec![options.clone()], ..Arguments::default() });
        values.join(&options);
    }
    values
}

/// The bucket and the key of a path, with or without its scheme.
fn split_path(text: TemplateString) -> (TemplateString, TemplateString) {
    let path = text.strip_prefix("s3://").or_else(|| text.strip_prefix("s3a://")).unwrap_or(text);
    let mut parts = path.splitn(2, '/');
    let key = if parts.len() > 1 { parts.swap_remove(1) } else { Hole::Unknown.into() };
    (parts.swap_remove(0), key)
}

/// What a routine filled: what it gives, where that is an object of this binding, since it has all that was set.
pub(super) fn what_was_filled(given: &Shape, handed: Shape) -> Shape {
    let is_object = |atom: &Atom| matches!(atom, Atom::Sdk(value) if Stage::of(value) == Stage::Object);
    let objects = given.filter(is_object);
    if objects.is_nothing() { handed } else { objects }
}

/// Whether a value is a routine that may be handed something to fill.
pub(super) fn is_routine(atom: &Atom) -> bool {
    matches!(atom, Atom::Routine(_) | Atom::Bound(..))
}

fn product(texts: &[TemplateString], choices: &[TemplateString]) -> Vec<TemplateString> {
    let choices = if texts.len() * choices.len() > MAX_TEXTS { &[Hole::Unknown.into()] } else { choices };
    let join = |text: &TemplateString| {
        let text = text.clone();
        choices.iter().map(move |choice| {
            let mut text = text.clone();
            text.push(choice);
            text
        })
    };
    texts.iter().flat_map(join).collect()
}

/// Adds text to every one of several.
fn add(texts: &mut [TemplateString], more: &str) {
    for text in texts {
        text.push_str(more);
    }
}
