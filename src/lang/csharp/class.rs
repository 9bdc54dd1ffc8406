//! Classes, structs, records, interfaces and enumerations.

use tree_sitter::Node as Tree;

use crate::ir::{Argument, Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::module::is_type;
use super::scope::Members;
use super::types::type_arguments;
use super::{CONSTRUCTOR, Lowering, THIS, attribute_name, names, tree};

/// A base of a type as it is spelled.
pub(super) struct Base<'s> {
    pub(super) name: Tree<'s>,
    /// What its constructor gets, where the type says so at its head.
    pub(super) arguments: Option<Tree<'s>>,
}

impl<'s> Lowering<'s> {
    /// A type that stands at the top of a namespace or in another type.
    pub(super) fn type_declaration(&mut self, node: Tree<'s>) {
        let Some(name) = tree::field(node, "name") else { return };
        let at = tree::span(name);
        let name = self.identifier(name);
        if !self.builder.descend(at) {
            self.builder.ascend();
            return;
        }
        let value = if node.kind() == "enum_declaration" {
            self.enumeration(node, &name, at)
        } else {
            self.class(node, &name, at)
        };
        self.builder.ascend();
        self.builder.assign(&name, value, at);
    }

    fn class(&mut self, node: Tree<'s>, name: &SmolStr, at: Span) -> NodeId {
        let bases = Self::bases(node);
        let values = bases.iter().filter_map(|base| self.declared_type(base.name)).collect();
        let members = self.members_of(node, name);
        let mut declared: Vec<SmolStr> =
            members.instance.iter().chain(&members.fixed).chain(&members.types).cloned().collect();
        declared.sort_unstable();
        declared.extend([CONSTRUCTOR.into(), initialiser(name)]);
        self.attribute_names(node, &mut declared);
        let id = self.builder.enter_class(name.clone(), CONSTRUCTOR.into(), declared, at);
        let is_abstract = node.kind() == "interface_declaration" || has_modifier(node, "abstract", self);
        self.builder.declare_objects(id, vec![], is_abstract);
        self.builder.set_partial(id, has_modifier(node, "partial", self));
        self.scopes.enter_type(members);
        self.attributes(node, "");
        let parts = parts_of(node);
        for part in parts.iter().filter(|part| is_type(part.kind())) {
            self.type_declaration(*part);
        }
        self.constructors(node, name, &parts, &bases, at);
        self.members(&parts);
        self.scopes.leave();
        self.builder.leave();
        self.builder.node(Node::Class(id, values), at)
    }

    fn enumeration(&mut self, node: Tree<'s>, name: &SmolStr, at: Span) -> NodeId {
        let body = tree::field(node, "body");
        let members: Vec<Tree<'s>> = body
            .map(tree::named)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|member| tree::field(member, "name"))
            .collect();
        let names: Vec<SmolStr> = members.iter().map(|member| self.identifier(*member)).collect();
        let id = self.builder.enter_class(name.clone(), CONSTRUCTOR.into(), names.clone(), at);
        for (member, name) in members.into_iter().zip(names) {
            let at = tree::span(member);
            let value = self.builder.text(&name, at);
            self.builder.assign(&name, value, at);
        }
        self.builder.leave();
        self.builder.node(Node::Class(id, vec![]), at)
    }

    fn bases(node: Tree<'s>) -> Vec<Base<'s>> {
        let Some(list) = tree::part_of_kind(node, "base_list") else { return vec![] };
        let mut bases: Vec<Base<'s>> = vec![];
        for part in tree::named(list) {
            match part.kind() {
                "argument_list" => {
                    if let Some(base) = bases.last_mut() {
                        base.arguments = Some(part);
                    }
                }
                "primary_constructor_base_type" => {
                    if let Some(name) = tree::field(part, "type") {
                        let arguments = tree::part_of_kind(part, "argument_list");
                        bases.push(Base { name, arguments });
                    }
                }
                _ => bases.push(Base { name: part, arguments: None }),
            }
        }
        bases
    }

    /// What a type declares, before anything of it is lowered.
    fn members_of(&self, node: Tree<'s>, name: &SmolStr) -> Members<'s> {
        let mut members = Members { name: name.clone(), ..Members::default() };
        if let Some(list) = tree::part_of_kind(node, "type_parameter_list") {
            let parameters = tree::named(list).into_iter().filter_map(|part| tree::field(part, "name"));
            members.parameters = parameters.map(|name| self.identifier(name)).collect();
            members.instance.extend(members.parameters.iter().cloned());
        }
        for parameter in primary_parameters(node) {
            if let Some(name) = tree::field(parameter, "name") {
                let name = self.identifier(name);
                members.instance.insert(name.clone());
                members.declared.extend(tree::field(parameter, "type").map(|declared| (name, declared)));
            }
        }
        for part in parts_of(node) {
            self.member_of(part, &mut members);
        }
        members
    }

    fn member_of(&self, part: Tree<'s>, members: &mut Members<'s>) {
        let kind = part.kind();
        if is_type(kind) || kind == "delegate_declaration" {
            members.types.extend(tree::field(part, "name").map(|name| self.identifier(name)));
            return;
        }
        let fixed = has_modifier(part, "static", self) || has_modifier(part, "const", self);
        let mut add = |name: SmolStr, declared: Option<Tree<'s>>| {
            if kind == "method_declaration" {
                members.methods.insert(name.clone());
            }
            members.declared.extend(declared.map(|declared| (name.clone(), declared)));
            if fixed {
                members.fixed.insert(name)
            } else {
                members.instance.insert(name)
            };
        };
        match kind {
            "field_declaration" | "event_field_declaration" => {
                let Some(declaration) = tree::part_of_kind(part, "variable_declaration") else { return };
                let declared = tree::field(declaration, "type");
                for declarator in tree::named(declaration) {
                    if let Some(name) = tree::field(declarator, "name") {
                        add(self.identifier(name), declared);
                    }
                }
            }
            "property_declaration" | "method_declaration" | "event_declaration" => {
                if let Some(name) = tree::field(part, "name") {
                    add(self.identifier(name), tree::field(part, "type"));
                }
            }
            "indexer_declaration" => add(super::member::INDEXER.into(), None),
            _ => {}
        }
    }

    /// Attributes as values in the body of a type: the first argument, and each that is named.
    pub(super) fn attributes(&mut self, node: Tree<'s>, member: &str) {
        for attribute in attributes_of(node) {
            let Some(name) = tree::field(attribute, "name") else { continue };
            let at = tree::span(attribute);
            let name = self.last_name(name);
            let arguments =
                tree::part_of_kind(attribute, "attribute_argument_list").map(tree::named).unwrap_or_default();
            let mut whole = None;
            for argument in arguments {
                let Some(value) = tree::named(argument).into_iter().next_back() else { continue };
                let value = self.nested(value);
                match tree::field(argument, "name") {
                    Some(key) if tree::has_token(argument, "=") => {
                        let key = format!("{name}.{}", self.text(key));
                        self.builder.assign(&attribute_name(&key, member), value, at);
                    }
                    _ => whole = whole.or(Some(value)),
                }
            }
            let whole = whole.unwrap_or_else(|| self.builder.node(Node::Flag(true), at));
            self.builder.assign(&attribute_name(&name, member), whole, at);
            let text = self.stated_text(attribute);
            self.mark(name.strip_suffix("Attribute").unwrap_or(&name), member, text);
        }
    }

    /// The names under which the attributes of a type and of its members stand in its body.
    fn attribute_names(&self, node: Tree<'s>, names: &mut Vec<SmolStr>) {
        self.attribute_names_of(node, "", names);
        for part in parts_of(node) {
            if let Some(name) = tree::field(part, "name").filter(|_| !is_type(part.kind())) {
                self.attribute_names_of(part, &self.identifier(name), names);
            }
        }
    }

    fn attribute_names_of(&self, node: Tree<'s>, member: &str, names: &mut Vec<SmolStr>) {
        for attribute in attributes_of(node) {
            let Some(name) = tree::field(attribute, "name") else { continue };
            let name = self.last_name(name);
            names.push(attribute_name(&name, member));
            let list = tree::part_of_kind(attribute, "attribute_argument_list");
            for key in list
                .map(tree::named)
                .unwrap_or_default()
                .into_iter()
                .filter_map(|one| tree::field(one, "name"))
            {
                names.push(attribute_name(&format!("{name}.{}", self.text(key)), member));
            }
        }
    }

    pub(super) fn last_name(&self, name: Tree<'s>) -> String {
        let path = self.path_text(name);
        path.rsplit('.').next().unwrap_or_default().to_owned()
    }

    fn constructors(
        &mut self,
        node: Tree<'s>,
        name: &SmolStr,
        parts: &[Tree<'s>],
        bases: &[Base<'s>],
        at: Span,
    ) {
        let initialised = self.field_initialisers(name, parts, at);
        let is_instance = |part: &&Tree<'s>| {
            part.kind() == "constructor_declaration" && !has_modifier(**part, "static", self)
        };
        let written: Vec<Tree<'s>> = parts.iter().filter(is_instance).copied().collect();
        let head = Head { name, bases, initialised };
        for constructor in &written {
            self.written_constructor(*constructor, &head);
        }
        let primary = tree::part_of_kind(node, "parameter_list");
        let has_objects = node.kind() != "interface_declaration" && !has_modifier(node, "static", self);
        if primary.is_some() || (written.is_empty() && has_objects) {
            self.primary_constructor(primary, &head, at);
        }
    }

    fn written_constructor(&mut self, node: Tree<'s>, head: &Head<'_, 's>) {
        let at = tree::field(node, "name").map_or_else(|| tree::span(node), tree::span);
        let Some(list) = tree::field(node, "parameters") else { return };
        let signature = self.signature(Some(list), true, &type_parameters(head, self));
        let body = tree::field(node, "body");
        let declared = body.map(|body| names::declared(body, self.source)).unwrap_or_default();
        let routine = self.enter_method(CONSTRUCTOR, &signature, declared, at);
        let chained = tree::part_of_kind(node, "constructor_initializer");
        let arguments = chained.and_then(|chained| tree::part_of_kind(chained, "argument_list"));
        if chained.is_some_and(|chained| tree::has_token(chained, "this")) {
            // A constructor of this very class, whatever class the object is of.
            let place = self.scopes.innermost_type().unwrap_or_default();
            let class = self.type_at(place, at);
            let callee = self.builder.node(Node::Member(class, CONSTRUCTOR.into()), at);
            let mut handed = vec![Argument::Plain(self.builder.read(THIS, at))];
            handed.extend(self.arguments(arguments));
            self.own_type_arguments(&mut handed, at);
            self.builder.call(callee, handed, at);
        } else {
            self.begin_object(head, arguments, at);
        }
        self.routine_body(body);
        self.leave_routine();
        let value = self.closed(routine, signature, at);
        self.builder.assign(CONSTRUCTOR, value, at);
    }

    /// The constructor at the head of a type, or the one that a type has without one: its parameters are members.
    fn primary_constructor(&mut self, list: Option<Tree<'s>>, head: &Head<'_, 's>, at: Span) {
        let signature = self.signature(list, true, &type_parameters(head, self));
        let given: Vec<SmolStr> = signature.own.clone();
        let routine = self.enter_method(CONSTRUCTOR, &signature, vec![], at);
        for name in given {
            let this = self.builder.read(THIS, at);
            let value = self.builder.read(&name, at);
            self.builder.store(this, name, value, at);
        }
        let arguments = head.bases.iter().find_map(|base| base.arguments);
        self.begin_object(head, arguments, at);
        self.leave_routine();
        let value = self.closed(routine, signature, at);
        self.builder.assign(CONSTRUCTOR, value, at);
    }

    /// What every object gets: type arguments, the values of fields, and what the constructor of the base does.
    fn begin_object(&mut self, head: &Head<'_, 's>, arguments: Option<Tree<'s>>, at: Span) {
        let this = self.builder.read(THIS, at);
        let parameters = self.scopes.members().map(|members| members.parameters.clone()).unwrap_or_default();
        for (place, parameter) in parameters.iter().enumerate() {
            let value = self.builder.read(&type_argument(place), at);
            self.builder.store(this, parameter.clone(), value, at);
        }
        if head.initialised {
            let callee = self.builder.node(Node::Member(this, initialiser(head.name)), at);
            self.builder.call(callee, vec![], at);
        }
        // Interfaces come behind the class and have no constructor.
        let base = head
            .bases
            .first()
            .filter(|base| arguments.is_some() || !is_interface(&self.last_name(base.name)));
        if let Some(base) = base {
            let mut handed = self.arguments(arguments);
            for (place, argument) in type_arguments(base.name).into_iter().enumerate() {
                let value = self.type_value(argument);
                handed.push(Argument::Named(type_argument(place), value));
            }
            let base = self.builder.node(Node::Super, at);
            let callee = self.builder.node(Node::Member(base, CONSTRUCTOR.into()), at);
            self.builder.call(callee, handed, at);
        }
    }

    /// The type arguments of the object at hand, for another constructor of it.
    fn own_type_arguments(&mut self, handed: &mut Vec<Argument>, at: Span) {
        let count = self.scopes.members().map_or(0, |members| members.parameters.len());
        for place in 0..count {
            let value = self.builder.read(&type_argument(place), at);
            handed.push(Argument::Named(type_argument(place), value));
        }
    }

    /// A routine that gives the fields of an object the values that stand beside them; whether there are any.
    fn field_initialisers(&mut self, name: &SmolStr, parts: &[Tree<'s>], at: Span) -> bool {
        let is_instance = |part: &&Tree<'s>| {
            matches!(part.kind(), "field_declaration" | "property_declaration")
                && !has_modifier(**part, "static", self)
                && !has_modifier(**part, "const", self)
        };
        let fields: Vec<Tree<'s>> = parts.iter().filter(is_instance).copied().collect();
        let values: Vec<(Tree<'s>, Tree<'s>, Option<Tree<'s>>)> =
            fields.into_iter().flat_map(initial_values).collect();
        if values.is_empty() {
            return false;
        }
        let params = vec![Param { name: THIS.into(), kind: ParamKind::Plain }];
        let routine = initialiser(name);
        self.scopes.enter_routine([SmolStr::from(THIS)]);
        let id = self.builder.enter(routine.clone(), RoutineKind::Plain, params, [], at);
        for (field, value, declared) in values {
            let at = tree::span(field);
            let value = self.nested_as(value, declared);
            let this = self.builder.read(THIS, at);
            let field = self.identifier(field);
            self.builder.store(this, field, value, at);
        }
        self.builder.leave();
        self.scopes.leave();
        let closure = Closure { routine: id, defaults: vec![], declared: vec![], result: None };
        let value = self.builder.closure(closure, at);
        self.builder.assign(&routine, value, at);
        true
    }
}

/// What a constructor needs of its type.
struct Head<'a, 's> {
    name: &'a SmolStr,
    bases: &'a [Base<'s>],
    initialised: bool,
}

/// The parameters that take the type arguments of the type around.
fn type_parameters(_: &Head<'_, '_>, lowering: &Lowering<'_>) -> Vec<SmolStr> {
    let count = lowering.scopes.members().map_or(0, |members| members.parameters.len());
    (0..count).map(type_argument).collect()
}

/// The name under which the type argument at a place is handed over.
pub(super) fn type_argument(place: usize) -> SmolStr {
    format!("<{place}>").into()
}

/// The routine that gives fields their values.
fn initialiser(class: &str) -> SmolStr {
    format!(".fields:{class}").into()
}

/// Fields and properties with the values that stand beside them, and their types.
fn initial_values(part: Tree<'_>) -> Vec<(Tree<'_>, Tree<'_>, Option<Tree<'_>>)> {
    if part.kind() == "property_declaration" {
        let value = tree::field(part, "value").filter(|value| value.kind() != "arrow_expression_clause");
        let name = tree::field(part, "name");
        let declared = tree::field(part, "type");
        return name.zip(value).map(|(name, value)| (name, value, declared)).into_iter().collect();
    }
    let Some(declaration) = tree::part_of_kind(part, "variable_declaration") else { return vec![] };
    let declared = tree::field(declaration, "type");
    let declarators =
        tree::named(declaration).into_iter().filter(|part| part.kind() == "variable_declarator");
    let with_value =
        |declarator| Some((tree::field(declarator, "name")?, declarator_value(declarator)?, declared));
    declarators.filter_map(with_value).collect()
}

/// The value that a declarator gives its variable.
pub(super) fn declarator_value(declarator: Tree<'_>) -> Option<Tree<'_>> {
    if !tree::has_token(declarator, "=") {
        return None;
    }
    tree::named(declarator).into_iter().next_back()
}

/// The parameters at the head of a type.
fn primary_parameters(node: Tree<'_>) -> Vec<Tree<'_>> {
    let list = tree::part_of_kind(node, "parameter_list");
    list.map(tree::named).unwrap_or_default().into_iter().filter(|part| part.kind() == "parameter").collect()
}

/// The declarations in the body of a type, those under conditions of the build too.
fn parts_of(node: Tree<'_>) -> Vec<Tree<'_>> {
    let mut parts = vec![];
    let mut open: Vec<Tree<'_>> = tree::field(node, "body").map(tree::named).unwrap_or_default();
    open.reverse();
    while let Some(part) = open.pop() {
        if part.kind().starts_with("preproc_") {
            open.extend(tree::named(part).into_iter().rev());
        } else {
            parts.push(part);
        }
    }
    parts
}

/// The attributes of a declaration.
pub(super) fn attributes_of(node: Tree<'_>) -> Vec<Tree<'_>> {
    let lists = tree::named(node).into_iter().filter(|part| part.kind() == "attribute_list");
    lists.flat_map(tree::named).filter(|part| part.kind() == "attribute").collect()
}

/// Whether a declaration has a modifier.
pub(super) fn has_modifier(node: Tree<'_>, modifier: &str, lowering: &Lowering<'_>) -> bool {
    tree::named(node).iter().any(|part| part.kind() == "modifier" && lowering.text(*part) == modifier)
}

/// Whether a name is formed as those of interfaces are.
fn is_interface(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}
