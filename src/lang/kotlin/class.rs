//! Classes, interfaces, enumerations and objects.

use tree_sitter::Node as Part;

use crate::ir::{self, Argument, Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::routine::Taken;
use super::tree::{field, has_token, named, part_of_kind, parts, span};
use super::{CONSTRUCTOR, Lowering, Receiver, THIS, With, names};

/// The method that every data class has.
const COPY: &str = "copy";

/// What a class is made of.
struct Shape<'s> {
    name: SmolStr,
    /// The parameters of its primary constructor.
    taken: Vec<Taken<'s>>,
    /// What it derives from.
    above: Vec<Part<'s>>,
    body: Option<Part<'s>>,
    /// Whether its members are those of the class itself: an `object`.
    is_object: bool,
    is_abstract: bool,
    /// Whether objects can be copied with other properties.
    is_data: bool,
}

impl<'s> Lowering<'s> {
    /// A class, interface or object under its name, one level deeper.
    pub(super) fn class(&mut self, part: Part<'s>) {
        if self.builder.descend(span(part)) {
            self.named_class(part);
        }
        self.builder.ascend();
    }

    fn named_class(&mut self, part: Part<'s>) {
        let Some(name) = self.own_name(part) else { return };
        let at = part_of_kind(part, "type_identifier").map_or_else(|| span(part), span);
        let shape = self.shape(part, name.clone());
        let value = self.class_of(&shape, at);
        if !self.builder.is_own(&name) {
            self.builder.declare(name.clone());
        }
        self.builder.assign(&name, value, at);
        if let Some(body) = shape.body.filter(|body| body.kind() == "enum_class_body") {
            self.entries(body, value);
        }
    }

    /// An object with a name whose members stand in its own line, which the grammar takes for an operator between an object
    /// and a lambda.
    pub(super) fn object_in_a_line(&mut self, part: Part<'s>) -> bool {
        let Some((name, body)) = names::object_in_a_line(part) else { return false };
        let at = span(name);
        let name = self.name(name);
        let shape = Shape { body, is_object: true, ..self.shape(part, name.clone()) };
        let value = self.class_of(&shape, at);
        if !self.builder.is_own(&name) {
            self.builder.declare(name.clone());
        }
        self.builder.assign(&name, value, at);
        true
    }

    /// An object of a class that has no name. Where its members stand in its own line, the grammar takes them for a lambda.
    pub(super) fn object(&mut self, part: Part<'s>, members: Option<Part<'s>>) -> NodeId {
        let at = span(part);
        self.unnamed += 1;
        let name = SmolStr::from(format!("<object {}>", self.unnamed));
        let shape = self.shape(part, name);
        let shape = Shape { body: shape.body.or(members), ..shape };
        let class = self.class_of(&shape, at);
        self.builder.call(class, vec![], at)
    }

    fn shape(&self, part: Part<'s>, name: SmolStr) -> Shape<'s> {
        let all = named(part);
        let constructor = part_of_kind(part, "primary_constructor");
        let modifiers = part_of_kind(part, "modifiers").map_or("", |part| self.text(part));
        Shape {
            name,
            taken: constructor.map(|list| self.taken(list)).unwrap_or_default(),
            above: all.iter().copied().filter(|part| part.kind() == "delegation_specifier").collect(),
            body: all.iter().copied().find(|part| matches!(part.kind(), "class_body" | "enum_class_body")),
            is_object: part.kind() == "object_declaration",
            is_abstract: has_token(part, "interface")
                || modifiers.contains("abstract")
                || modifiers.contains("sealed"),
            is_data: modifiers.split_whitespace().any(|word| word == "data"),
        }
    }

    fn class_of(&mut self, shape: &Shape<'s>, at: Span) -> NodeId {
        let mut bases = vec![];
        for above in &shape.above {
            let inner = named(*above).first().copied();
            let kind = inner.and_then(|inner| match inner.kind() {
                "user_type" => Some(inner),
                _ => part_of_kind(inner, "user_type"),
            });
            bases.extend(kind.and_then(|kind| self.type_value(kind)));
        }
        let members = shape.body.map(named).unwrap_or_default();
        let mut own: Vec<SmolStr> =
            shape.taken.iter().filter(|one| one.is_property).map(|one| one.name.clone()).collect();
        own.extend(members.iter().flat_map(|member| names::names_of(*member, self.source)));
        own.push(CONSTRUCTOR.into());
        own.extend(shape.is_data.then(|| COPY.into()));
        let id = self.builder.enter_class(shape.name.clone(), CONSTRUCTOR.into(), own.clone(), at);
        self.classes.push(own);
        self.variables.push(names::variables_of(
            shape.taken.iter().map(|one| &one.part),
            &members,
            self.source,
        ));
        for one in shape.taken.iter().filter(|one| one.is_property) {
            self.field(&one.name, one.kind);
        }
        if shape.is_object {
            self.members_of_class(&members);
        } else {
            self.constructors(shape, &members, at);
            self.members_of_objects(&members);
            if shape.is_data {
                self.copying(shape, at);
            }
        }
        self.classes.pop();
        self.variables.pop();
        self.builder.leave();
        for place in 0..shape.above.iter().filter_map(|above| delegate(*above)).count() {
            self.builder.delegate(id, delegate_field(place));
        }
        self.builder.declare_objects(id, vec![], shape.is_abstract);
        self.builder.node(Node::Class(id, bases), at)
    }

    /// Says what a field is declared to hold.
    fn field(&mut self, name: &SmolStr, kind: Option<Part<'s>>) {
        if let Some(kind) = kind {
            let at = span(kind);
            if let Some(kind) = self.type_value(kind) {
                self.builder.node(Node::Field(name.clone(), kind), at);
            }
        }
    }

    /// What objects have: methods, accessors, classes inside; and what the companion has.
    fn members_of_objects(&mut self, members: &[Part<'s>]) {
        for member in members {
            match member.kind() {
                // What has no body only says what others have.
                "function_declaration" if part_of_kind(*member, "function_body").is_none() => {}
                "function_declaration" => self.function(*member, ir::Receiver::Object),
                "class_declaration" | "object_declaration" => self.class(*member),
                "companion_object" => {
                    let inside = part_of_kind(*member, "class_body").map(named).unwrap_or_default();
                    self.members_of_class(&inside);
                }
                "property_declaration" => {
                    let variable = names::variables(*member).first().copied();
                    let Some(name) = variable.and_then(|variable| self.own_name(variable)) else { continue };
                    if is_computed(*member, self.source) {
                        self.getter(*member, &name, ir::Receiver::Getter);
                    } else {
                        let kind = variable.and_then(|variable| {
                            named(variable).into_iter().find(|part| super::routine::is_type(*part))
                        });
                        self.field(&name, kind);
                    }
                }
                _ => {}
            }
        }
    }

    /// What an object or companion has, which is the class itself.
    fn members_of_class(&mut self, members: &[Part<'s>]) {
        for member in members {
            match member.kind() {
                "function_declaration" => self.function(*member, ir::Receiver::Class),
                "class_declaration" | "object_declaration" => self.class(*member),
                "property_declaration" => {
                    let variable = names::variables(*member).first().copied();
                    let Some(name) = variable.and_then(|variable| self.own_name(variable)) else { continue };
                    let at = span(*member);
                    if let Some(value) = self.property_value(*member) {
                        self.builder.assign(&name, value, at);
                    }
                }
                _ => {}
            }
        }
    }

    /// An accessor, or a property that is worked out when it is first read.
    fn getter(&mut self, part: Part<'s>, name: &SmolStr, receiver: ir::Receiver) {
        let value = self.accessor(part, name, receiver, Receiver::This);
        self.builder.assign(name, value, span(part));
    }

    /// A property of a type that stands elsewhere, worked out whenever it is read.
    pub(super) fn extension_property(&mut self, part: Part<'s>) {
        let name = names::variables(part).first().and_then(|variable| self.own_name(*variable));
        let kind = field(part, "receiver").and_then(|kind| self.type_value(kind));
        let (Some(field), Some(base)) = (name, kind) else { return };
        let receiver = Receiver::Lambda(THIS.into(), With::Receiver);
        let value = self.accessor(part, &field, ir::Receiver::Getter, receiver);
        self.builder.node(Node::Extend { base, field, value }, span(part));
    }

    fn accessor(
        &mut self,
        part: Part<'s>,
        name: &SmolStr,
        receiver: ir::Receiver,
        runs_with: Receiver,
    ) -> NodeId {
        let at = span(part);
        let (closure, routine) = self.enter_routine(name, &[], true, at);
        self.builder.set_receiver(routine, receiver);
        self.receivers.push(runs_with);
        match part_of_kind(part, "getter").and_then(|getter| part_of_kind(getter, "function_body")) {
            Some(body) => self.function_body(body),
            None => {
                if let Some(value) = self.property_value(part) {
                    self.builder.node(Node::Return(value), at);
                }
            }
        }
        self.receivers.pop();
        self.builder.leave();
        self.builder.closure(closure, at)
    }

    /// The primary constructor with what it makes of the properties, and the others.
    fn constructors(&mut self, shape: &Shape<'s>, members: &[Part<'s>], at: Span) {
        let others: Vec<&Part<'s>> =
            members.iter().filter(|part| part.kind() == "secondary_constructor").collect();
        let (closure, routine) = self.enter_routine(&CONSTRUCTOR.into(), &shape.taken, true, at);
        self.builder.set_receiver(routine, ir::Receiver::Object);
        self.receivers.push(Receiver::This);
        let this = self.builder.read(THIS, at);
        for one in shape.taken.iter().filter(|one| one.is_property) {
            let value = self.builder.read(&one.name, at);
            self.builder.store(this, one.name.clone(), value, at);
        }
        for above in &shape.above {
            if let Some(arguments) = part_of_kind(*above, "constructor_invocation")
                .and_then(|made| part_of_kind(made, "value_arguments"))
            {
                let arguments = self.arguments(arguments);
                self.constructor_above(arguments, at);
            }
        }
        for (delegate, place) in shape.above.iter().filter_map(|above| delegate(*above)).zip(0..) {
            let value = self.nested(delegate);
            self.builder.store(this, delegate_field(place), value, at);
        }
        for member in members {
            self.initialise(*member, this);
        }
        self.receivers.pop();
        self.builder.leave();
        if !others.is_empty() {
            self.builder.set_overloaded(routine);
        }
        let value = self.builder.closure(closure, at);
        self.builder.assign(CONSTRUCTOR, value, at);
        for other in others {
            self.secondary(*other);
        }
    }

    /// The method of a data class that makes another object of it, with what is not given taken from the first.
    fn copying(&mut self, shape: &Shape<'s>, at: Span) {
        let plain = |name: SmolStr| Param { name, kind: ParamKind::Plain };
        let names = || shape.taken.iter().map(|one| one.name.clone());
        let params = std::iter::once(THIS.into()).chain(names()).map(plain).collect();
        let nil = self.nil(at);
        let defaults = names().zip(1..).map(|(_, place)| (place, nil)).collect();
        let routine = self.builder.enter(COPY.into(), RoutineKind::Plain, params, [], at);
        self.builder.set_receiver(routine, ir::Receiver::Object);
        self.receivers.push(Receiver::This);
        let this = self.builder.read(THIS, at);
        let mut arguments = vec![];
        for name in names() {
            let given = self.builder.read(&name, at);
            let own = self.builder.node(Node::Member(this, name.clone()), at);
            let value = self.call_native("?:", vec![given, own], at);
            arguments.push(Argument::Named(name, value));
        }
        let class = self.named_value(&shape.name, at);
        let object = self.builder.call(class, arguments, at);
        self.builder.node(Node::Return(object), at);
        self.receivers.pop();
        self.builder.leave();
        let closure = Closure { routine, defaults, declared: vec![], result: None };
        let value = self.builder.closure(closure, at);
        self.builder.assign(COPY, value, at);
    }

    fn constructor_above(&mut self, arguments: Vec<Argument>, at: Span) {
        let base = self.builder.node(Node::Super, at);
        let constructor = self.builder.node(Node::Member(base, CONSTRUCTOR.into()), at);
        self.builder.call(constructor, arguments, at);
    }

    /// What a member does when an object is made.
    fn initialise(&mut self, member: Part<'s>, this: NodeId) {
        let at = span(member);
        match member.kind() {
            "anonymous_initializer" => {
                if let Some(body) = part_of_kind(member, "statements") {
                    self.statements(body);
                }
            }
            "property_declaration" if !is_computed(member, self.source) => {
                let has_value =
                    parts(member).iter().any(|part| matches!(part.kind(), "=" | "property_delegate"));
                let Some(value) = self.property_value(member).filter(|_| has_value) else { return };
                let variable = names::variables(member).first().copied();
                if let Some(name) = variable.and_then(|variable| self.own_name(variable)) {
                    self.builder.store(this, name, value, at);
                }
            }
            _ => {}
        }
    }

    fn secondary(&mut self, part: Part<'s>) {
        let at = span(part);
        let list = part_of_kind(part, "function_value_parameters");
        let taken = list.map(|list| self.taken(list)).unwrap_or_default();
        let (closure, routine) = self.enter_routine(&CONSTRUCTOR.into(), &taken, true, at);
        self.builder.set_receiver(routine, ir::Receiver::Object);
        self.builder.set_overloaded(routine);
        self.receivers.push(Receiver::This);
        if let Some(call) = part_of_kind(part, "constructor_delegation_call") {
            let arguments =
                part_of_kind(call, "value_arguments").map(|list| self.arguments(list)).unwrap_or_default();
            if has_token(call, "super") {
                self.constructor_above(arguments, at);
            } else {
                let this = self.builder.read(THIS, at);
                let constructor = self.builder.node(Node::Member(this, CONSTRUCTOR.into()), at);
                self.builder.call(constructor, arguments, at);
            }
        }
        if let Some(body) = part_of_kind(part, "statements") {
            self.statements(body);
        }
        self.receivers.pop();
        self.builder.leave();
        let value = self.builder.closure(closure, at);
        self.builder.assign(CONSTRUCTOR, value, at);
    }

    /// The entries of an enumeration: objects of the class that hang at it.
    fn entries(&mut self, body: Part<'s>, class: NodeId) {
        for entry in named(body).into_iter().filter(|part| part.kind() == "enum_entry") {
            let at = span(entry);
            let Some(name) = self.own_name(entry) else { continue };
            let arguments =
                part_of_kind(entry, "value_arguments").map(|list| self.arguments(list)).unwrap_or_default();
            let mut object = self.builder.call(class, arguments, at);
            // An entry without anything of its own is known by its name.
            if part_of_kind(entry, "value_arguments").is_none() && part_of_kind(entry, "class_body").is_none()
            {
                let text = self.builder.text(&name, at);
                object = self.builder.one_of(vec![object, text], at);
            }
            self.builder.store(class, name, object, at);
        }
    }

    /// The object whose method the code stands in, or what a function extends.
    pub(super) fn own_this(&mut self, at: Span) -> Option<NodeId> {
        let has = self.receivers.iter().any(|receiver| matches!(receiver, Receiver::This))
            || self
                .receivers
                .iter()
                .any(|receiver| matches!(receiver, Receiver::Lambda(name, _) if name == THIS));
        has.then(|| self.builder.read(THIS, at))
    }

    /// `this`: what the code is run with, else the object.
    pub(super) fn this(&mut self, at: Span) -> NodeId {
        let around = self.own_this(at);
        let is_sure = !matches!(self.receivers.last(), Some(Receiver::Lambda(_, With::Perhaps)));
        match (self.lambda_receiver(at), around) {
            (Some(receiver), Some(around)) => {
                if is_sure {
                    receiver
                } else {
                    around
                }
            }
            (Some(value), None) | (None, Some(value)) => value,
            (None, None) => self.builder.unknown(at),
        }
    }
}

/// The object whose members a class has because it says so (`: Store by other`).
fn delegate(above: Part<'_>) -> Option<Part<'_>> {
    part_of_kind(above, "explicit_delegation").and_then(|delegation| named(delegation).last().copied())
}

/// The field that holds such an object.
fn delegate_field(place: usize) -> SmolStr {
    format!("<by {place}>").into()
}

/// Whether a property is worked out when it is read: by an accessor, or lazily.
fn is_computed(part: Part<'_>, source: &crate::text::Source) -> bool {
    let delegate = part_of_kind(part, "property_delegate");
    let has_value = parts(part).iter().any(|part| part.kind() == "=");
    let is_lazy = |delegate: Part<'_>| super::tree::text(delegate, source).contains("lazy");
    delegate.is_some_and(is_lazy) || (part_of_kind(part, "getter").is_some() && !has_value)
}
