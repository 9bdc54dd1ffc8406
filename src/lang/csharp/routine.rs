//! Parameters, lambdas and local functions.

use tree_sitter::Node as Tree;

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, RoutineId, RoutineKind};
use crate::text::{SmolStr, Span};

use super::class::type_argument;
use super::{Lowering, THIS, names, tree};

/// What is known of a routine's parameters before its body is entered.
#[derive(Default)]
pub(super) struct Signature {
    params: Vec<Param>,
    defaults: Vec<(u32, NodeId)>,
    declared: Vec<(u32, NodeId)>,
    /// The names of the parameters that the source spells.
    pub(super) own: Vec<SmolStr>,
}

impl Signature {
    /// Adds a parameter without a type.
    pub(super) fn add(&mut self, name: Option<SmolStr>) {
        self.params.extend(name.map(|name| Param { name, kind: ParamKind::Plain }));
    }
}

impl<'s> Lowering<'s> {
    /// The parameters of a list. `receiver`: the object comes first; `types` are the names that type arguments come under.
    pub(super) fn signature(
        &mut self,
        list: Option<Tree<'s>>,
        receiver: bool,
        types: &[SmolStr],
    ) -> Signature {
        let mut signature = Signature::default();
        signature.add(receiver.then(|| THIS.into()));
        let mut rest = false;
        for part in list.map(tree::parts).unwrap_or_default() {
            match part.kind() {
                "params" => rest = true,
                "parameter" => self.parameter(part, &mut signature),
                // The last of a list with `params` stands in it without a node of its own.
                "identifier" if rest => {
                    let name = self.identifier(part);
                    signature.own.push(name.clone());
                    signature.params.push(Param { name, kind: ParamKind::Rest });
                }
                _ => {}
            }
        }
        signature
            .params
            .extend(types.iter().map(|name| Param { name: name.clone(), kind: ParamKind::Named }));
        signature
    }

    /// As [`Self::signature`], for a routine that has type parameters itself.
    pub(super) fn generic_signature(
        &mut self,
        list: Option<Tree<'s>>,
        receiver: bool,
        generic: &[SmolStr],
    ) -> Signature {
        self.scopes.enter_routine(generic.iter().cloned());
        let types: Vec<SmolStr> = (0..generic.len()).map(type_argument).collect();
        let signature = self.signature(list, receiver, &types);
        self.scopes.leave();
        signature
    }

    fn parameter(&mut self, node: Tree<'s>, signature: &mut Signature) {
        let Some(name) = tree::field(node, "name") else { return };
        let place = u32::try_from(signature.params.len()).unwrap_or(u32::MAX);
        let declared = tree::field(node, "type");
        if tree::has_token(node, "=")
            && let Some(default) = tree::named(node).into_iter().next_back()
        {
            let value = self.nested_as(default, declared);
            signature.defaults.push((place, value));
        }
        if let Some(declared) = declared.and_then(|declared| self.declared_type(declared)) {
            signature.declared.push((place, declared));
        }
        let name = self.identifier(name);
        signature.own.push(name.clone());
        signature.params.push(Param { name, kind: ParamKind::Plain });
    }

    /// The type parameters of a method or local function.
    pub(super) fn method_type_parameters(&self, node: Tree<'s>) -> Vec<SmolStr> {
        let list = tree::part_of_kind(node, "type_parameter_list").map(tree::named).unwrap_or_default();
        let names = list.into_iter().filter_map(|part| tree::field(part, "name"));
        names.map(|name| self.identifier(name)).collect()
    }

    /// Gives type parameters the type arguments of the call.
    pub(super) fn bind_type_parameters(&mut self, generic: &[SmolStr], at: Span) {
        for (place, name) in generic.iter().enumerate() {
            let value = self.builder.read(&type_argument(place), at);
            self.builder.assign(name, value, at);
        }
    }

    /// Enters a routine with its parameters and the variables that it declares.
    pub(super) fn enter_routine(
        &mut self,
        name: &str,
        signature: &Signature,
        declared: Vec<SmolStr>,
        at: Span,
    ) -> RoutineId {
        let params = signature.params.iter().map(|param| param.name.clone());
        self.scopes.enter_routine(params.chain(declared.iter().cloned()));
        self.builder.enter(name.into(), RoutineKind::Plain, signature.params.clone(), declared, at)
    }

    /// As [`Self::enter_routine`], for a method or constructor, beside which there may be others of its name.
    pub(super) fn enter_method(
        &mut self,
        name: &str,
        signature: &Signature,
        declared: Vec<SmolStr>,
        at: Span,
    ) -> RoutineId {
        let routine = self.enter_routine(name, signature, declared, at);
        self.builder.set_overloaded(routine);
        routine
    }

    pub(super) fn leave_routine(&mut self) {
        self.builder.leave();
        self.scopes.leave();
    }

    /// The routine as a value.
    pub(super) fn closed(&mut self, routine: RoutineId, signature: Signature, at: Span) -> NodeId {
        let Signature { defaults, declared, .. } = signature;
        self.builder.closure(Closure { routine, defaults, declared, result: None }, at)
    }

    /// What a routine does: a block, or an expression that is its result.
    pub(super) fn routine_body(&mut self, body: Option<Tree<'s>>) {
        let Some(body) = body else { return };
        match body.kind() {
            "block" => {
                let statements = tree::named(body);
                self.statements(&statements);
            }
            "arrow_expression_clause" => {
                if let Some(value) = super::first(body) {
                    self.result(value);
                }
            }
            _ => self.result(body),
        }
    }

    fn result(&mut self, value: Tree<'s>) {
        let wanted = self.results.last().copied().flatten();
        let node = self.nested_as(value, wanted);
        self.builder.node(Node::Return(node), tree::span(value));
    }

    /// A lambda or anonymous method.
    pub(super) fn lambda(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let mut signature = Signature::default();
        match tree::field(node, "parameters") {
            Some(list) if list.kind() == "parameter_list" => {
                signature = self.signature(Some(list), false, &[]);
            }
            Some(single) => signature.add(Some(self.identifier(single))),
            None => {}
        }
        let body = tree::field(node, "body").or_else(|| tree::part_of_kind(node, "block"));
        let routine = self.inner_routine("<lambda>", &signature, body, &[], at);
        self.closed(routine, signature, at)
    }

    /// A routine that sees and writes the variables of those around it.
    fn inner_routine(
        &mut self,
        name: &str,
        signature: &Signature,
        body: Option<Tree<'s>>,
        generic: &[SmolStr],
        at: Span,
    ) -> RoutineId {
        let mut declared = body.map(|body| names::declared(body, self.source)).unwrap_or_default();
        declared.extend(generic.iter().cloned());
        let written = body.map(|body| names::written(body, self.source)).unwrap_or_default();
        let params: Vec<SmolStr> = signature.params.iter().map(|param| param.name.clone()).collect();
        let own = |name: &SmolStr| declared.contains(name) || params.contains(name);
        let foreign: Vec<SmolStr> =
            written.into_iter().filter(|name| !own(name) && self.scopes.is_local(name)).collect();
        let routine = self.enter_routine(name, signature, declared.clone(), at);
        for name in foreign {
            self.builder.declare_foreign(&name, false);
        }
        self.bind_type_parameters(generic, at);
        self.results.push(None);
        self.routine_body(body);
        self.results.pop();
        self.leave_routine();
        routine
    }

    /// A function that stands among statements.
    pub(super) fn local_function(&mut self, node: Tree<'s>) {
        let Some(name) = tree::field(node, "name") else { return };
        let at = tree::span(name);
        let name = self.identifier(name);
        let generic = self.method_type_parameters(node);
        let signature = self.generic_signature(tree::field(node, "parameters"), false, &generic);
        let routine = self.inner_routine(&name, &signature, tree::field(node, "body"), &generic, at);
        let value = self.closed(routine, signature, at);
        self.builder.assign(&name, value, at);
    }
}
