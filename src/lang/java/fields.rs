//! What a class gives to its objects and keeps for itself: fields, initialisers, constructors, and what the language or its
//! compiler makes up.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::Lowering;
use super::class::{CONSTRUCTOR, ClassSource, Kind, has_modifier};
use super::scope::Target;
use super::tree::{field, named, part_of_kind, span};

/// Annotations by which the compiler is told to write the methods that read fields.
const READERS: [&str; 3] = ["Data", "Getter", "Value"];
/// Annotations by which the compiler is told to write the methods that set fields.
const WRITERS: [&str; 2] = ["Data", "Setter"];
/// Annotations by which the compiler is told to write a constructor of the fields.
const MAKERS: [&str; 4] = ["AllArgsConstructor", "Data", "RequiredArgsConstructor", "Value"];

impl Lowering<'_> {
    /// The fields and blocks that belong to the class itself.
    pub(super) fn static_fields(&mut self, source: &ClassSource<'_>) {
        for member in &source.members {
            match member.kind() {
                "static_initializer" => {
                    if let Some(block) = part_of_kind(*member, "block") {
                        self.block(block);
                    }
                }
                "field_declaration" | "constant_declaration"
                    if source.is_interface() || has_modifier(*member, "static") =>
                {
                    for declarator in super::tree::fields(*member, "declarator") {
                        self.static_field(*member, declarator);
                    }
                }
                _ => {}
            }
        }
    }

    fn static_field(&mut self, declaration: Part<'_>, declarator: Part<'_>) {
        let Some(name) = field(declarator, "name") else { return };
        let at = span(name);
        let name = self.name(name);
        let value = match self.initial(declaration, declarator) {
            Some(value) => value,
            None => match self.setting(declaration, at) {
                Some(value) => value,
                None => return,
            },
        };
        if let Target::Field(_, field) = self.target(&name) {
            self.builder.assign(&field.key, value, at);
        }
    }

    /// What a declaration gives a field, with what its type adds.
    fn initial(&mut self, declaration: Part<'_>, declarator: Part<'_>) -> Option<NodeId> {
        let value = field(declarator, "value")?;
        let node = self.initialised(value, field(declaration, "type"));
        Some(node)
    }

    /// The routine that gives every object its fields, in the order in which they stand.
    pub(super) fn fields_routine(&mut self, source: &ClassSource<'_>) {
        let at = source.at;
        let assigned = self.assigned(source);
        let members = source.members.clone();
        let (whole, is_interface) = (source.whole, source.is_interface());
        self.made_up_on_object(&source.initialiser(), vec![], at, &mut |lowering| {
            for member in &members {
                match member.kind() {
                    "field_declaration" if !is_interface && !has_modifier(*member, "static") => {
                        lowering.aspects(*member);
                        for declarator in super::tree::fields(*member, "declarator") {
                            lowering.object_field(whole, *member, declarator, &assigned);
                        }
                    }
                    "block" => {
                        lowering.block(*member);
                    }
                    _ => {}
                }
            }
        });
    }

    fn object_field(
        &mut self,
        class: Part<'_>,
        declaration: Part<'_>,
        declarator: Part<'_>,
        assigned: &[SmolStr],
    ) {
        let Some(name) = field(declarator, "name") else { return };
        let at = span(name);
        let name = self.name(name);
        let value = self
            .initial(declaration, declarator)
            .or_else(|| self.setting(declaration, at))
            .or_else(|| self.group_setting(class, &name, at));
        let value = match value {
            Some(value) => value,
            // Somebody outside sets what the class itself does not.
            None if assigned.contains(&name) => return,
            None => match field(declaration, "type").and_then(|kind| self.declared(kind)) {
                Some(declared) => {
                    let unknown = self.builder.unknown(at);
                    self.builder.node(Node::Cast(unknown, declared), at)
                }
                None => return,
            },
        };
        self.store_field(&name, value, at);
    }

    /// Puts a value into a field of the innermost class's object.
    pub(super) fn store_field(&mut self, name: &str, value: NodeId, at: Span) {
        let Target::Field(index, field) = self.target(name) else { return };
        let this = self.this_of(index, at);
        self.builder.store(this, field.key, value, at);
    }

    /// All constructors; one made up where the source has none.
    pub(super) fn constructors(&mut self, source: &ClassSource<'_>) {
        if source.is_interface() {
            return;
        }
        self.fields_routine(source);
        let at = source.at;
        let mut made = vec![];
        for member in &source.members {
            if member.kind() == "constructor_declaration" {
                made.push(self.written_constructor(source, *member));
            }
        }
        if source.kind == Kind::Record {
            made.push(self.record_constructor(source));
        } else if let Some(value) = self.compiled_constructor(source) {
            made.push(value);
        }
        if made.is_empty() {
            made.push(self.default_constructor(source));
        }
        let value = self.builder.one_of(made, at);
        self.builder.assign(CONSTRUCTOR, value, at);
    }

    fn written_constructor(&mut self, source: &ClassSource<'_>, part: Part<'_>) -> NodeId {
        let at = field(part, "name").map_or(source.at, span);
        let body = field(part, "body");
        let statements = body.map(named).unwrap_or_default();
        let explicit =
            statements.first().copied().filter(|part| part.kind() == "explicit_constructor_invocation");
        let initialiser = source.initialiser();
        let has_superclass = source.has_superclass;
        let injected = self.is_injected(part);
        let value = self.method_routine(part, CONSTRUCTOR, at, false, &mut |lowering| {
            let other = explicit
                .is_some_and(|call| field(call, "constructor").is_some_and(|which| which.kind() == "this"));
            match explicit {
                Some(call) => lowering.explicit_constructor(call),
                None if has_superclass => lowering.super_constructor(vec![], at),
                None => {}
            }
            if !other {
                lowering.call_own(&initialiser, vec![], at);
            }
            let rest: Vec<Part<'_>> =
                statements.iter().copied().skip(usize::from(explicit.is_some())).collect();
            lowering.statements(&rest);
        });
        if let Some(routine) = self.builder.routine_of(value).filter(|_| injected) {
            self.builder.set_injected(routine);
        }
        value
    }

    fn explicit_constructor(&mut self, call: Part<'_>) {
        let at = span(call);
        let arguments = field(call, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
        match field(call, "constructor").map(|which| which.kind()) {
            Some("this") => self.call_own(CONSTRUCTOR, arguments, at),
            _ => self.super_constructor(arguments, at),
        }
    }

    fn super_constructor(&mut self, arguments: Vec<Argument>, at: Span) {
        let base = self.builder.node(Node::Super, at);
        let above = self.builder.node(Node::Member(base, CONSTRUCTOR.into()), at);
        self.builder.call(above, arguments, at);
    }

    /// Calls a member of the object that the innermost class itself declares.
    fn call_own(&mut self, name: &str, arguments: Vec<Argument>, at: Span) {
        let Some(index) = self.innermost() else { return };
        let this = self.this_of(index, at);
        let member = self.builder.node(Node::Member(this, name.into()), at);
        self.builder.call(member, arguments, at);
    }

    fn default_constructor(&mut self, source: &ClassSource<'_>) -> NodeId {
        let at = source.at;
        let initialiser = source.initialiser();
        let (has_superclass, is_anonymous) = (source.has_superclass, source.kind == Kind::Anonymous);
        let rest: SmolStr = "<arguments>".into();
        let mut params = vec![];
        if is_anonymous {
            params.push(Param { name: rest.clone(), kind: ParamKind::Rest });
        }
        self.routine_on_object(CONSTRUCTOR, params, vec![], at, &mut |lowering| {
            if has_superclass {
                let mut arguments = vec![];
                if is_anonymous {
                    let rest = lowering.builder.read(&rest, at);
                    arguments.push(Argument::Spread(rest));
                }
                lowering.super_constructor(arguments, at);
            }
            lowering.call_own(&initialiser, vec![], at);
        })
    }

    /// The constructor of a record: its components become fields, after what the source does with them.
    fn record_constructor(&mut self, source: &ClassSource<'_>) -> NodeId {
        let at = source.at;
        let components: Vec<(SmolStr, Part<'_>)> = source
            .components
            .iter()
            .filter_map(|component| Some((self.field_text(*component, "name")?, *component)))
            .collect();
        let compact =
            source.members.iter().copied().find(|part| part.kind() == "compact_constructor_declaration");
        let initialiser = source.initialiser();
        self.of_fields(&components, at, &mut |lowering| {
            lowering.call_own(&initialiser, vec![], at);
            if let Some(body) = compact.and_then(|part| field(part, "body")) {
                lowering.block(body);
            }
        })
    }

    /// The constructor that an annotation makes the compiler write.
    fn compiled_constructor(&mut self, source: &ClassSource<'_>) -> Option<NodeId> {
        if !self.annotations(source.whole).iter().any(|(name, _)| MAKERS.contains(&name.as_str())) {
            return None;
        }
        let everything = self.annotations(source.whole).iter().any(|(name, _)| name == "AllArgsConstructor");
        let is_needed = |declaration: Part<'_>, declarator: Part<'_>| {
            let is_open = field(declarator, "value").is_none();
            !has_modifier(declaration, "static")
                && (everything || is_open && has_modifier(declaration, "final"))
        };
        let parts: Vec<(SmolStr, Part<'_>)> = source
            .fields()
            .into_iter()
            .filter(|(declaration, declarator)| is_needed(*declaration, *declarator))
            .filter_map(|(declaration, declarator)| Some((self.field_text(declarator, "name")?, declaration)))
            .collect();
        if parts.is_empty() {
            return None;
        }
        let at = source.at;
        let initialiser = source.initialiser();
        Some(self.of_fields(&parts, at, &mut |lowering| lowering.call_own(&initialiser, vec![], at)))
    }

    /// A constructor with a parameter for each of the fields given, with the part that states its type.
    fn of_fields(
        &mut self,
        fields: &[(SmolStr, Part<'_>)],
        at: Span,
        before: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        let params: Vec<Param> =
            fields.iter().map(|(name, _)| Param { name: name.clone(), kind: ParamKind::Plain }).collect();
        let mut declared = vec![];
        for ((_, part), place) in fields.iter().zip(1..) {
            if let Some(kind) = field(*part, "type").and_then(|kind| self.declared(kind)) {
                declared.push((place, kind));
            }
        }
        self.routine_on_object(CONSTRUCTOR, params, declared, at, &mut |lowering| {
            before(lowering);
            for (name, _) in fields {
                let value = lowering.builder.read(name, at);
                let Some(index) = lowering.innermost() else { continue };
                let key = lowering.class_at(index).and_then(|class| class.fields.get(name)).cloned();
                let this = lowering.this_of(index, at);
                if let Some(field) = key {
                    lowering.builder.store(this, field.key, value, at);
                }
            }
        })
    }

    /// Methods that nobody wrote: those that read the components of a record, and those that annotations make the compiler
    /// write. With the field, and whether the method sets it.
    pub(super) fn made_up_methods(&self, source: &ClassSource<'_>) -> Vec<(SmolStr, SmolStr, bool)> {
        let mut found = vec![];
        for component in &source.components {
            found.extend(self.field_text(*component, "name").map(|name| (name.clone(), name, false)));
        }
        let of_class = self.annotations(source.whole);
        for (declaration, declarator) in source.fields() {
            let Some(name) = self.field_text(declarator, "name") else { continue };
            let own = self.annotations(declaration);
            let has =
                |names: &[&str]| own.iter().chain(&of_class).any(|(name, _)| names.contains(&name.as_str()));
            let setting = own.iter().any(|(name, part)| name == "Value" && part.kind() == "annotation");
            let mut letters = name.chars();
            let first: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().collect();
            let capital = first + letters.as_str();
            if has(&READERS) && !setting {
                found.push((format!("get{capital}").into(), name.clone(), false));
            }
            if has(&WRITERS) {
                found.push((format!("set{capital}").into(), name, true));
            }
        }
        let written: Vec<SmolStr> =
            source.methods().filter_map(|method| self.field_text(method, "name")).collect();
        found.retain(|(method, _, _)| !written.contains(method));
        found
    }

    /// A routine that the language makes up: with `field`, one that reads it; without, one of the class.
    pub(super) fn made_up(
        &mut self,
        name: &str,
        field: Option<SmolStr>,
        at: Span,
        body: &mut dyn FnMut(&mut Self),
    ) {
        match field {
            Some(key) => {
                let value = self.routine_on_object(name, vec![], vec![], at, &mut |lowering| {
                    let Some(index) = lowering.innermost() else { return };
                    let this = lowering.this_of(index, at);
                    let value = lowering.builder.node(Node::Member(this, key.clone()), at);
                    lowering.builder.node(Node::Return(value), at);
                });
                self.builder.assign(name, value, at);
            }
            None => {
                let outside = self.leave_body();
                let routine = self.builder.enter(name.into(), RoutineKind::Plain, vec![], [], at);
                self.builder.set_receiver(routine, crate::ir::Receiver::None);
                body(self);
                self.builder.leave();
                self.return_to_body(outside);
                let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
                let value = self.builder.closure(closure, at);
                self.builder.assign(name, value, at);
            }
        }
    }

    fn made_up_on_object(
        &mut self,
        name: &str,
        params: Vec<Param>,
        at: Span,
        body: &mut dyn FnMut(&mut Self),
    ) {
        let value = self.routine_on_object(name, params, vec![], at, body);
        self.builder.assign(name, value, at);
    }

    /// Methods that read or set fields.
    pub(super) fn field_methods(&mut self, source: &ClassSource<'_>) {
        let at = source.at;
        for (method, name, sets) in self.made_up_methods(source) {
            let Some(key) = self
                .innermost()
                .and_then(|index| self.class_at(index))
                .and_then(|class| class.fields.get(&name))
                .map(|field| field.key.clone())
            else {
                continue;
            };
            if !sets {
                self.made_up(&method, Some(key), at, &mut |_| {});
                continue;
            }
            let params = vec![Param { name: "value".into(), kind: ParamKind::Plain }];
            self.made_up_on_object(&method, params, at, &mut |lowering| {
                let value = lowering.builder.read("value", at);
                if let Some(index) = lowering.innermost() {
                    let this = lowering.this_of(index, at);
                    lowering.builder.store(this, key.clone(), value, at);
                }
            });
        }
    }
}
