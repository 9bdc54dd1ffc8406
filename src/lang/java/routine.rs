//! Methods, constructors and lambda expressions.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Part;

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::Lowering;
use super::class::{ClassSource, has_modifier};
use super::scope::Frame;
use super::tree::{field, named, part_of_kind, span};

/// The parameters as the source has them.
struct Signature {
    params: Vec<Param>,
    declared: Vec<(u32, NodeId)>,
}

impl Lowering<'_> {
    /// The methods of a class; those of one name are one member.
    pub(super) fn methods(&mut self, source: &ClassSource<'_>) {
        self.field_methods(source);
        self.enumeration_methods(source);
        let mut by_name: FxHashMap<SmolStr, Vec<NodeId>> = FxHashMap::default();
        let mut order: Vec<(SmolStr, Span)> = vec![];
        for method in source.methods() {
            let Some(name) = field(method, "name") else { continue };
            let (at, name) = (span(name), self.name(name));
            let is_static = has_modifier(method, "static");
            let body = field(method, "body").map(named).unwrap_or_default();
            let value = self.method_routine(method, &name, at, is_static, &mut |lowering| {
                lowering.aspects(method);
                lowering.statements(&body);
            });
            if let Some(routine) = self.builder.routine_of(value).filter(|_| self.is_provider(method)) {
                self.builder.set_provides(routine);
            }
            if let Some(routine) = self.builder.routine_of(value).filter(|_| self.is_private(method)) {
                self.builder.set_private(routine);
            }
            let known = by_name.entry(name.clone()).or_default();
            if known.is_empty() {
                order.push((name, at));
            }
            known.push(value);
        }
        for (name, at) in order {
            let value = self.builder.one_of(by_name.remove(&name).unwrap_or_default(), at);
            self.builder.assign(&name, value, at);
        }
    }

    /// A method or constructor with its parameters.
    pub(super) fn method_routine(
        &mut self,
        part: Part<'_>,
        name: &str,
        at: Span,
        is_static: bool,
        body: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        let generics = self.type_parameters(part);
        self.frames.push(Frame::Parameters(generics));
        let parameters = field(part, "parameters").map(named).unwrap_or_default();
        let signature = self.signature(&parameters, usize::from(!is_static));
        let result = field(part, "type").and_then(|kind| self.declared(kind));
        let value = if is_static {
            self.plain_routine(name, signature, result, at, body)
        } else {
            self.object_routine(name, signature, result, at, body)
        };
        self.frames.pop();
        value
    }

    fn signature(&mut self, parameters: &[Part<'_>], shift: usize) -> Signature {
        let mut signature = Signature { params: vec![], declared: vec![] };
        for parameter in parameters {
            let place = u32::try_from(signature.params.len() + shift).unwrap_or(u32::MAX);
            match parameter.kind() {
                "formal_parameter" => {
                    let Some(name) = self.field_text(*parameter, "name") else { continue };
                    // What the configuration says stands in the place of the type.
                    let declared = self
                        .setting(*parameter, span(*parameter))
                        .or_else(|| field(*parameter, "type").and_then(|kind| self.any_type(kind)));
                    signature.declared.extend(declared.map(|declared| (place, declared)));
                    signature.params.push(Param { name, kind: ParamKind::Plain });
                }
                "spread_parameter" => {
                    let declarator = part_of_kind(*parameter, "variable_declarator");
                    let name = declarator.and_then(|part| self.field_text(part, "name"));
                    signature.params.extend(name.map(|name| Param { name, kind: ParamKind::Rest }));
                }
                "identifier" => {
                    let name = self.name(*parameter);
                    signature.params.push(Param { name, kind: ParamKind::Plain });
                }
                _ => {}
            }
        }
        signature
    }

    /// A routine that is bound to an object, whose parameters are known.
    pub(super) fn routine_on_object(
        &mut self,
        name: &str,
        params: Vec<Param>,
        declared: Vec<(u32, NodeId)>,
        at: Span,
        body: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        self.object_routine(name, Signature { params, declared }, None, at, body)
    }

    fn object_routine(
        &mut self,
        name: &str,
        mut signature: Signature,
        result: Option<NodeId>,
        at: Span,
        body: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        let this = self.innermost().and_then(|index| self.class_at(index)).map(|class| class.this.clone());
        let this = Param { name: this.unwrap_or_else(|| "this".into()), kind: ParamKind::Plain };
        signature.params.insert(0, this);
        let static_before = self.statics.last().copied();
        if let Some(is_static) = self.statics.last_mut() {
            *is_static = false;
        }
        let value = self.routine(name, signature, result, at, Receiver::Object, body);
        if let (Some(is_static), Some(before)) = (self.statics.last_mut(), static_before) {
            *is_static = before;
        }
        value
    }

    fn plain_routine(
        &mut self,
        name: &str,
        signature: Signature,
        result: Option<NodeId>,
        at: Span,
        body: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        self.routine(name, signature, result, at, Receiver::None, body)
    }

    fn routine(
        &mut self,
        name: &str,
        signature: Signature,
        result: Option<NodeId>,
        at: Span,
        receiver: Receiver,
        body: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        let Signature { params, declared } = signature;
        let outside = self.leave_body();
        let names: FxHashSet<SmolStr> = params.iter().map(|param| param.name.clone()).collect();
        let routine = self.builder.enter(name.into(), RoutineKind::Plain, params, [], at);
        self.builder.set_receiver(routine, receiver);
        self.builder.set_overloaded(routine);
        self.frames.push(Frame::Block(names));
        self.texts.push(vec![]);
        body(self);
        self.texts.pop();
        self.frames.pop();
        self.builder.leave();
        self.return_to_body(outside);
        self.builder.closure(Closure { routine, defaults: vec![], declared, result }, at)
    }

    /// `x -> …`: the object and the variables around are those of the place where it stands.
    pub(super) fn lambda(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let parameters = field(part, "parameters").map(|list| match list.kind() {
            "formal_parameters" | "inferred_parameters" => named(list),
            _ => vec![list],
        });
        let signature = self.signature(&parameters.unwrap_or_default(), 0);
        let Some(body) = field(part, "body") else { return self.builder.unknown(at) };
        self.plain_routine("<lambda>", signature, None, at, &mut |lowering| {
            if body.kind() == "block" {
                lowering.statements(&named(body));
            } else {
                let value = lowering.nested(body);
                lowering.builder.node(Node::Return(value), span(body));
            }
        })
    }

    /// `x -> x.name()`: what a reference to a method of another class comes to.
    pub(super) fn member_lambda(&mut self, name: &str, at: Span) -> NodeId {
        let params = vec![Param { name: "object".into(), kind: ParamKind::Plain }];
        let signature = Signature { params, declared: vec![] };
        self.plain_routine("<reference>", signature, None, at, &mut |lowering| {
            let object = lowering.builder.read("object", at);
            let member = lowering.builder.node(Node::Member(object, name.into()), at);
            let value = lowering.builder.call(member, vec![], at);
            lowering.builder.node(Node::Return(value), at);
        })
    }
}
