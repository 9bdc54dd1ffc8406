//! Classes, interfaces, enumerations and records.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Part;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;
use super::names;
use super::scope::{ClassScope, Field, Frame, Link, OUTER};
use super::tree::{field, fields, named, part_of_kind, span};

/// The member that makes an object ready.
pub(super) const CONSTRUCTOR: &str = "<init>";
/// The member that holds the name of a constant of an enumeration.
const CONSTANT_NAME: &str = "<constant>";

/// Whether a part declares a class.
pub(super) fn is_type(part: Part<'_>) -> bool {
    matches!(
        part.kind(),
        "class_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "annotation_type_declaration"
    )
}

/// Whether a declaration has a modifier.
pub(super) fn has_modifier(part: Part<'_>, modifier: &str) -> bool {
    part_of_kind(part, "modifiers").is_some_and(|modifiers| super::tree::has_token(modifiers, modifier))
}

/// A class as the source has it.
pub(super) struct ClassSource<'t> {
    pub(super) name: SmolStr,
    pub(super) at: Span,
    /// The whole declaration; of a class without name its body.
    pub(super) whole: Part<'t>,
    pub(super) members: Vec<Part<'t>>,
    pub(super) constants: Vec<Part<'t>>,
    /// The components of a record.
    pub(super) components: Vec<Part<'t>>,
    pub(super) kind: Kind,
    pub(super) has_superclass: bool,
    pub(super) link: Link,
    pub(super) is_local: bool,
}

/// What a class is declared as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Class,
    Interface,
    Record,
    Anonymous,
}

impl<'t> ClassSource<'t> {
    fn of_members(name: SmolStr, at: Span, whole: Part<'t>, members: Vec<Part<'t>>) -> Self {
        Self {
            name,
            at,
            whole,
            members,
            constants: vec![],
            components: vec![],
            kind: Kind::Class,
            has_superclass: false,
            link: Link::None,
            is_local: false,
        }
    }

    pub(super) fn is_interface(&self) -> bool {
        self.kind == Kind::Interface
    }

    /// The methods that have a body.
    pub(super) fn methods(&self) -> impl Iterator<Item = Part<'t>> + '_ {
        let methods = self.members.iter().copied().filter(|part| part.kind() == "method_declaration");
        methods.filter(|part| field(*part, "body").is_some())
    }

    /// The fields, each with its declaration.
    pub(super) fn fields(&self) -> Vec<(Part<'t>, Part<'t>)> {
        let declarations = self.members.iter().copied();
        let declarations =
            declarations.filter(|part| matches!(part.kind(), "field_declaration" | "constant_declaration"));
        declarations
            .flat_map(|part| fields(part, "declarator").into_iter().map(move |field| (part, field)))
            .collect()
    }

    /// The name of the routine that gives every object its fields.
    pub(super) fn initialiser(&self) -> SmolStr {
        format!("<fields {}>", self.name).into()
    }
}

impl Lowering<'_> {
    /// A class that has a name: the variable of that name holds it.
    pub(super) fn type_declaration(&mut self, part: Part<'_>) {
        let Some(name) = field(part, "name") else { return };
        let at = span(name);
        let name = self.name(name);
        let is_local = matches!(self.frames.last(), Some(Frame::Block(_)));
        let is_member = self.innermost().is_some() && !is_local;
        if is_local {
            self.declare(&name);
        }
        let inner = part.kind() == "class_declaration" && !has_modifier(part, "static");
        let value = if self.builder.descend(at) {
            let mut source = declared_class(part, name.clone(), at);
            source.is_local = is_local;
            source.link = match (is_local, is_member && inner) {
                (true, _) => Link::Captured,
                (_, true) => Link::Member,
                _ => Link::None,
            };
            let generics = self.type_parameters(part);
            self.frames.push(Frame::Parameters(generics));
            let bases = self.bases(part);
            let value = self.class(&source, bases);
            self.frames.pop();
            value
        } else {
            self.builder.unknown(at)
        };
        self.builder.ascend();
        self.builder.assign(&name, value, at);
    }

    /// The classes that a class derives from, the superclass first.
    fn bases(&mut self, part: Part<'_>) -> Vec<NodeId> {
        let superclass = field(part, "superclass").map(named).unwrap_or_default();
        let lists = field(part, "interfaces").into_iter().chain(part_of_kind(part, "extends_interfaces"));
        let interfaces: Vec<Part<'_>> =
            lists.flat_map(named).filter(|list| list.kind() == "type_list").flat_map(named).collect();
        superclass.into_iter().chain(interfaces).filter_map(|base| self.base(base)).collect()
    }

    /// `new Base(…) { … }`: the class, whose objects are made with the arguments of the base.
    pub(super) fn anonymous_class(&mut self, base: Part<'_>, body: Part<'_>) -> NodeId {
        let at = span(base);
        let bases: Vec<NodeId> = self.base(base).into_iter().collect();
        let name = self.fresh(self.text(base));
        let mut source = ClassSource::of_members(name, at, body, named(body));
        source.kind = Kind::Anonymous;
        source.has_superclass = true;
        source.is_local = true;
        source.link = Link::Captured;
        self.class(&source, bases)
    }

    /// A class: its body holds methods and statics, its constructor what every object gets.
    fn class(&mut self, source: &ClassSource<'_>, bases: Vec<NodeId>) -> NodeId {
        let at = source.at;
        self.note_marks(source);
        let scope = self.class_scope(source, !bases.is_empty());
        let mut names: Vec<SmolStr> = scope.types.keys().cloned().collect();
        names.extend(scope.fields.values().filter(|field| field.is_static).map(|field| field.key.clone()));
        names.extend(scope.methods.iter().cloned());
        names.extend(self.stated_annotations(source.whole).into_iter().map(|(name, _)| name));
        names.sort_unstable();
        names.extend([CONSTRUCTOR.into(), source.initialiser()]);
        let outside = self.leave_body();
        let id = self.builder.enter_class(source.name.clone(), CONSTRUCTOR.into(), names, at);
        let held = scope.fields.values().filter(|field| !field.is_static).map(|field| field.key.clone());
        let mut held: Vec<SmolStr> = held.chain([OUTER.into(), CONSTANT_NAME.into()]).collect();
        held.sort_unstable();
        let is_abstract = source.is_interface() || has_modifier(source.whole, "abstract");
        self.builder.declare_objects(id, held, is_abstract);
        self.frames.push(Frame::Class(scope));
        self.statics.push(true);
        for member in &source.members {
            if is_type(*member) {
                // Objects of an inner class belong to one of this class.
                self.set_static(has_modifier(*member, "static"));
                self.type_declaration(*member);
                self.set_static(true);
            }
        }
        self.methods(source);
        self.constructors(source);
        self.static_fields(source);
        for (name, list) in self.stated_annotations(source.whole) {
            let value = self.annotation_value(list);
            self.builder.assign(&name, value, at);
        }
        self.statics.pop();
        let scope = self.frames.pop();
        self.builder.leave();
        self.return_to_body(outside);
        let value = self.builder.node(Node::Class(id, bases), at);
        if let Some(Frame::Class(scope)) = scope {
            self.constants(source, scope, value);
        }
        value
    }

    /// Says whether what follows in the innermost class belongs to the class itself.
    fn set_static(&mut self, is_static: bool) {
        if let Some(innermost) = self.statics.last_mut() {
            *innermost = is_static;
        }
    }

    fn class_scope(&self, source: &ClassSource<'_>, has_bases: bool) -> ClassScope {
        let depth = self.statics.len();
        let mut methods: FxHashSet<SmolStr> =
            source.methods().filter_map(|method| self.field_text(method, "name")).collect();
        let mut fields: FxHashMap<SmolStr, Field> = FxHashMap::default();
        for (declaration, declarator) in source.fields() {
            let Some(name) = self.field_text(declarator, "name") else { continue };
            let is_static = source.is_interface() || has_modifier(declaration, "static");
            fields.insert(name.clone(), Field { is_static, key: name });
        }
        for component in &source.components {
            let Some(name) = self.field_text(*component, "name") else { continue };
            methods.insert(name.clone());
            fields.insert(name.clone(), Field { is_static: false, key: name });
        }
        for constant in &source.constants {
            let Some(name) = self.field_text(*constant, "name") else { continue };
            fields.insert(name.clone(), Field { is_static: true, key: name });
        }
        if !source.constants.is_empty() {
            methods.extend(["values".into(), "valueOf".into(), "name".into(), "toString".into()]);
        }
        methods.extend(self.made_up_methods(source).into_iter().map(|(name, _, _)| name));
        // A field and a method of one name are two members.
        for field in fields.values_mut().filter(|field| methods.contains(&field.key)) {
            field.key = format!("<{}>", field.key).into();
        }
        let types = source.members.iter().filter(|member| is_type(**member)).filter_map(|member| {
            let inner = member.kind() == "class_declaration" && !has_modifier(*member, "static");
            Some((self.field_text(*member, "name")?, inner && !source.is_interface()))
        });
        ClassScope {
            name: source.name.clone(),
            this: if depth == 0 { "this".into() } else { format!("this${depth}").into() },
            link: source.link,
            is_local: source.is_local,
            fields,
            methods,
            types: types.collect(),
            has_bases,
            in_body: true,
        }
    }

    /// The constants of an enumeration: objects of the class, made when it is there.
    fn constants(&mut self, source: &ClassSource<'_>, scope: ClassScope, class: NodeId) {
        if source.constants.is_empty() {
            return;
        }
        self.frames.push(Frame::Class(ClassScope { in_body: false, is_local: true, ..scope }));
        self.statics.push(true);
        for constant in &source.constants {
            let Some(name) = field(*constant, "name") else { continue };
            let at = span(name);
            let made = match field(*constant, "body") {
                Some(body) => self.constant_class(body, class, at),
                None => class,
            };
            let arguments: Vec<Argument> =
                field(*constant, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
            let object = self.builder.call(made, arguments, at);
            let name = self.name(name);
            let text = self.builder.text(&name, at);
            self.builder.store(object, CONSTANT_NAME.into(), text, at);
            self.builder.store(class, name, object, at);
        }
        self.statics.pop();
        self.frames.pop();
    }

    /// The class of a constant that has a body of its own.
    fn constant_class(&mut self, body: Part<'_>, class: NodeId, at: Span) -> NodeId {
        let name = self.fresh("constant");
        let mut source = ClassSource::of_members(name, at, body, named(body));
        source.kind = Kind::Anonymous;
        source.has_superclass = true;
        source.is_local = true;
        source.link = Link::Captured;
        self.class(&source, vec![class])
    }

    /// What every enumeration has: its constants, and the name of each.
    pub(super) fn enumeration_methods(&mut self, source: &ClassSource<'_>) {
        if source.constants.is_empty() {
            return;
        }
        let at = source.at;
        let names: Vec<SmolStr> =
            source.constants.iter().filter_map(|constant| self.field_text(*constant, "name")).collect();
        let own: Vec<SmolStr> =
            source.methods().filter_map(|method| self.field_text(method, "name")).collect();
        for method in ["values", "valueOf"] {
            let names = names.clone();
            self.made_up(method, None, at, &mut |lowering| {
                let class = lowering.innermost();
                let holder = class.map(|class| lowering.class_value(class, at));
                let holder = holder.unwrap_or_else(|| lowering.builder.unknown(at));
                let constants: Vec<NodeId> = names
                    .iter()
                    .map(|name| lowering.builder.node(Node::Member(holder, name.clone()), at))
                    .collect();
                let result = if method == "values" {
                    let elements = constants.into_iter().map(Argument::Plain).collect();
                    lowering.builder.node(Node::List(elements), at)
                } else {
                    lowering.builder.one_of(constants, at)
                };
                lowering.builder.node(Node::Return(result), at);
            });
        }
        for method in ["name", "toString"].into_iter().filter(|name| !own.iter().any(|own| own == name)) {
            self.made_up(method, Some(CONSTANT_NAME.into()), at, &mut |_| {});
        }
    }

    /// The object of the class around, which a new object of an inner class keeps.
    pub(super) fn keep_outer(&mut self, object: NodeId, outer: usize, at: Span) {
        let this = self.receiver(outer, at);
        self.builder.store(object, OUTER.into(), this, at);
    }

    /// Says that what follows does not stand in the body of a class itself; gives back which body that was.
    pub(super) fn leave_body(&mut self) -> Option<usize> {
        let index = self.innermost()?;
        match self.frames.get_mut(index) {
            Some(Frame::Class(class)) if class.in_body => {
                class.in_body = false;
                Some(index)
            }
            _ => None,
        }
    }

    /// Undoes [`Self::leave_body`].
    pub(super) fn return_to_body(&mut self, body: Option<usize>) {
        if let Some(Frame::Class(class)) = body.and_then(|index| self.frames.get_mut(index)) {
            class.in_body = true;
        }
    }

    /// The type parameters that a declaration brings.
    pub(super) fn type_parameters(&self, part: Part<'_>) -> FxHashSet<SmolStr> {
        let parameters = field(part, "type_parameters").map(named).unwrap_or_default();
        let name =
            |parameter: Part<'_>| part_of_kind(parameter, "type_identifier").map(|part| self.name(part));
        parameters.into_iter().filter_map(name).collect()
    }

    /// The annotations of a declaration that state something: the member that holds it, and what they state.
    fn stated_annotations<'t>(&self, part: Part<'t>) -> Vec<(SmolStr, Part<'t>)> {
        let stated = self.annotations(part).into_iter();
        stated
            .filter_map(|(name, part)| Some((format!("@{name}").into(), field(part, "arguments")?)))
            .collect()
    }

    /// What an annotation states, by name.
    fn annotation_value(&mut self, list: Part<'_>) -> NodeId {
        let mut pairs = vec![];
        for part in named(list) {
            let at = span(part);
            let (name, value) = match (field(part, "key"), field(part, "value")) {
                (Some(key), Some(value)) => (self.name(key), value),
                _ => ("value".into(), part),
            };
            let key = self.builder.text(&name, at);
            let value = if value.kind().ends_with("annotation") {
                self.builder.unknown(at)
            } else {
                self.nested(value)
            };
            pairs.push((Some(key), value));
        }
        self.builder.node(Node::Record(pairs), span(list))
    }

    /// The fields to which something is assigned somewhere in the class.
    pub(super) fn assigned(&self, source: &ClassSource<'_>) -> Vec<SmolStr> {
        names::assigned_fields(source.whole, self.source)
    }
}

/// What a declaration says of a class.
fn declared_class(part: Part<'_>, name: SmolStr, at: Span) -> ClassSource<'_> {
    let body = field(part, "body").map(named).unwrap_or_default();
    let (constants, members): (Vec<_>, Vec<_>) =
        body.into_iter().partition(|part| part.kind() == "enum_constant");
    let members = members.into_iter().flat_map(|part| match part.kind() {
        "enum_body_declarations" => named(part),
        _ => vec![part],
    });
    let kind = match part.kind() {
        "record_declaration" => Kind::Record,
        "interface_declaration" | "annotation_type_declaration" => Kind::Interface,
        _ => Kind::Class,
    };
    let components =
        field(part, "parameters").filter(|_| kind == Kind::Record).map(named).unwrap_or_default();
    ClassSource {
        constants,
        components,
        kind,
        has_superclass: field(part, "superclass").is_some(),
        ..ClassSource::of_members(name, at, part, members.collect())
    }
}
