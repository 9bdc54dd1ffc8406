//! Methods, properties, indexers and static fields.

use tree_sitter::Node as Tree;

use crate::ir::{Node, NodeId, Receiver};
use crate::text::SmolStr;

use super::class::{attributes_of, declarator_value, has_modifier};
use super::{Lowering, names, tree};

/// The member that an index calls.
pub(super) const INDEXER: &str = "this[]";

impl<'s> Lowering<'s> {
    /// Everything in the body of a type but constructors and types. Routines come first: values may need them.
    pub(super) fn members(&mut self, parts: &[Tree<'s>]) {
        for part in parts {
            if let Some(name) = tree::field(*part, "name") {
                let name = self.identifier(name);
                self.attributes_of_member(*part, &name);
            }
            match part.kind() {
                "method_declaration" => self.method(*part),
                "property_declaration" => self.property(*part),
                "indexer_declaration" => self.indexer(*part),
                _ => {}
            }
        }
        for part in parts {
            if has_modifier(*part, "static", self) || has_modifier(*part, "const", self) {
                self.fixed_values(*part);
            }
        }
        for part in parts {
            if part.kind() == "constructor_declaration" && has_modifier(*part, "static", self) {
                self.static_constructor(*part);
            }
        }
    }

    fn attributes_of_member(&mut self, part: Tree<'s>, name: &str) {
        if matches!(part.kind(), "method_declaration" | "property_declaration") {
            self.attributes(part, name);
        }
        if part.kind() == "method_declaration" {
            self.mark_open(part, name);
        }
    }

    fn method(&mut self, node: Tree<'s>) {
        let (Some(name), Some(body)) = (tree::field(node, "name"), tree::field(node, "body")) else { return };
        let at = tree::span(name);
        let name = self.identifier(name);
        let is_static = has_modifier(node, "static", self);
        let list = tree::field(node, "parameters");
        let generic: Vec<SmolStr> = self.method_type_parameters(node);
        let signature = self.generic_signature(list, !is_static, &generic);
        let mut declared = names::declared(body, self.source);
        declared.extend(generic.iter().cloned());
        let routine = self.enter_method(&name, &signature, declared, at);
        self.bind_type_parameters(&generic, at);
        self.injected_parameters(list, node);
        self.results.push(tree::field(node, "returns"));
        self.routine_body(Some(body));
        self.results.pop();
        self.leave_routine();
        let extends = list.and_then(super::first).is_some_and(|first| {
            is_static
                && tree::named(first)
                    .iter()
                    .any(|part| part.kind() == "modifier" && self.text(*part) == "this")
        });
        let receiver = match (extends, is_static) {
            (true, _) => Receiver::Extension,
            (_, true) => Receiver::None,
            _ => Receiver::Object,
        };
        self.builder.set_receiver(routine, receiver);
        if self.is_private(node) {
            self.builder.set_private(routine);
        }
        let value = self.closed(routine, signature, at);
        self.builder.assign(&name, value, at);
    }

    /// Whether nothing outside its type calls a method: what is marked may be found by its marks.
    fn is_private(&self, method: Tree<'s>) -> bool {
        let is_open = ["public", "protected", "internal"].iter().any(|open| has_modifier(method, open, self));
        let in_interface = method.parent().and_then(|body| body.parent());
        !is_open
            && attributes_of(method).is_empty()
            && tree::part_of_kind(method, "explicit_interface_specifier").is_none()
            && in_interface.is_some_and(|around| around.kind() != "interface_declaration")
    }

    /// Parameters that a framework fills from what is registered, not from the event.
    fn injected_parameters(&mut self, list: Option<Tree<'s>>, method: Tree<'s>) {
        let generated = |name: &Tree<'s>| self.last_name(*name).starts_with("LambdaFunction");
        if !attributes_of(method)
            .iter()
            .filter_map(|one| tree::field(*one, "name"))
            .any(|name| generated(&name))
        {
            return;
        }
        for parameter in list.map(tree::named).unwrap_or_default() {
            let from = attributes_of(parameter);
            let is_service = from
                .iter()
                .filter_map(|one| tree::field(*one, "name"))
                .any(|name| self.last_name(name).starts_with("FromServices"));
            let (Some(name), Some(declared)) =
                (tree::field(parameter, "name"), tree::field(parameter, "type"))
            else {
                continue;
            };
            if is_service && let Some(declared) = self.declared_type(declared) {
                let at = tree::span(name);
                let unknown = self.builder.unknown(at);
                let value = self.builder.node(Node::Cast(unknown, declared), at);
                let name = self.identifier(name);
                self.builder.assign(&name, value, at);
            }
        }
    }

    fn property(&mut self, node: Tree<'s>) {
        let Some(name_node) = tree::field(node, "name") else { return };
        let name = self.identifier(name_node);
        let is_static = has_modifier(node, "static", self);
        let declared = tree::field(node, "type");
        let computed = tree::field(node, "value").filter(|value| value.kind() == "arrow_expression_clause");
        if let Some(body) = computed {
            let value = self.accessor(&name, name_node, body, is_static, None, declared);
            self.builder.assign(&name, value, tree::span(name_node));
            return;
        }
        let Some(accessors) = tree::field(node, "accessors") else { return };
        for accessor in tree::named(accessors) {
            let Some(body) = tree::field(accessor, "body") else { continue };
            let sets = tree::has_token(accessor, "set") || tree::has_token(accessor, "init");
            let parameter = sets.then(|| SmolStr::from("value"));
            let value = self.accessor(&name, name_node, body, is_static, parameter, declared);
            self.builder.assign(&name, value, tree::span(name_node));
        }
    }

    /// A routine that reading or writing a property calls.
    fn accessor(
        &mut self,
        name: &str,
        at: Tree<'s>,
        body: Tree<'s>,
        is_static: bool,
        parameter: Option<SmolStr>,
        declared: Option<Tree<'s>>,
    ) -> NodeId {
        let at = tree::span(at);
        let mut signature = self.signature(None, !is_static, &[]);
        let receiver = match (&parameter, is_static) {
            (None, false) => Receiver::Getter,
            (None, true) => Receiver::ClassGetter,
            (Some(_), false) => Receiver::Setter,
            (Some(_), true) => Receiver::ClassSetter,
        };
        signature.add(parameter);
        let names = names::declared(body, self.source);
        let routine = self.enter_routine(name, &signature, names, at);
        self.results.push(declared);
        self.routine_body(Some(body));
        self.results.pop();
        self.leave_routine();
        self.builder.set_receiver(routine, receiver);
        self.closed(routine, signature, at)
    }

    fn indexer(&mut self, node: Tree<'s>) {
        let at = tree::span(node);
        let getter = tree::field(node, "value").or_else(|| {
            let accessors = tree::named(tree::field(node, "accessors")?);
            accessors
                .into_iter()
                .find(|one| tree::has_token(*one, "get"))
                .and_then(|one| tree::field(one, "body"))
        });
        let (Some(body), Some(list)) = (getter, tree::field(node, "parameters")) else { return };
        let signature = self.signature(Some(list), true, &[]);
        let declared = names::declared(body, self.source);
        let routine = self.enter_routine(INDEXER, &signature, declared, at);
        self.results.push(tree::field(node, "type"));
        self.routine_body(Some(body));
        self.results.pop();
        self.leave_routine();
        let value = self.closed(routine, signature, at);
        self.builder.assign(INDEXER, value, at);
    }

    /// Static fields, constants, and static properties with a value.
    fn fixed_values(&mut self, node: Tree<'s>) {
        match node.kind() {
            "field_declaration" => {
                let Some(declaration) = tree::part_of_kind(node, "variable_declaration") else { return };
                let declared = tree::field(declaration, "type");
                for declarator in tree::named(declaration) {
                    if let (Some(name), Some(value)) =
                        (tree::field(declarator, "name"), declarator_value(declarator))
                    {
                        self.fixed_value(name, value, declared);
                    }
                }
            }
            "property_declaration" => {
                let value =
                    tree::field(node, "value").filter(|value| value.kind() != "arrow_expression_clause");
                if let (Some(name), Some(value)) = (tree::field(node, "name"), value) {
                    self.fixed_value(name, value, tree::field(node, "type"));
                }
            }
            _ => {}
        }
    }

    fn fixed_value(&mut self, name: Tree<'s>, value: Tree<'s>, declared: Option<Tree<'s>>) {
        let at = tree::span(name);
        let value = self.nested_as(value, declared);
        let value = self.as_declared(value, declared, at);
        let name = self.identifier(name);
        self.builder.assign(&name, value, at);
    }

    /// Runs when the type is first used.
    fn static_constructor(&mut self, node: Tree<'s>) {
        let Some(body) = tree::field(node, "body") else { return };
        let at = tree::span(node);
        let signature = self.signature(None, false, &[]);
        let declared = names::declared(body, self.source);
        let routine = self.enter_routine(".cctor", &signature, declared, at);
        self.routine_body(Some(body));
        self.leave_routine();
        self.builder.set_receiver(routine, Receiver::None);
        let value = self.closed(routine, signature, at);
        self.builder.call(value, vec![], at);
    }
}
