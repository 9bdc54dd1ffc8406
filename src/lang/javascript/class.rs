//! Classes.

use oxc_ast::ast::{
    Class, ClassElement, Decorator, Expression, FormalParameters, Function, MethodDefinition,
    MethodDefinitionKind, PropertyDefinition, PropertyKey, TSTypeAnnotation,
};

use crate::ir::{Argument, Closure, Mark, Node, NodeId, Param, ParamKind, Receiver, RoutineId, RoutineKind};
use crate::text::{SmolStr, Span};

use super::object::property_name;
use super::pattern::private;
use super::routine::{ABOVE, THIS};
use super::{Lowering, This, span};

/// The member that makes an object ready.
pub(super) const CONSTRUCTOR: &str = "constructor";

impl Lowering {
    /// A class that stands as a statement.
    pub(super) fn class_declaration(&mut self, class: &Class<'_>) {
        let Some(id) = &class.id else { return };
        let at = span(id);
        let value = self.class(class, id.name.as_str().into(), at);
        self.builder.assign(&id.name, value, at);
    }

    /// A class as a value.
    pub(super) fn class_expression(&mut self, class: &Class<'_>) -> NodeId {
        let given = self.name.take();
        let own = class.id.as_ref();
        let at = own.map_or_else(|| span(class), span);
        let name = own.map(|id| SmolStr::from(id.name.as_str())).or(given);
        let own = own.map(|id| SmolStr::from(id.name.as_str()));
        self.builder.enter_block(own.clone());
        let value = self.class(class, name.unwrap_or_else(|| "<class>".into()), at);
        if let Some(own) = own {
            self.builder.assign(&own, value, at);
        }
        self.builder.leave_block();
        value
    }

    /// A class: its body holds methods and statics, its constructor what every object gets.
    pub(super) fn class(&mut self, class: &Class<'_>, name: SmolStr, at: Span) -> NodeId {
        let bases = self.bases(class);
        let mut names: Vec<SmolStr> = class.body.body.iter().filter_map(class_member).collect();
        names.push(CONSTRUCTOR.into());
        let path = name.clone();
        let id = self.builder.enter_class(name, CONSTRUCTOR.into(), names, at);
        let fields: Vec<&PropertyDefinition<'_>> =
            class.body.body.iter().filter_map(instance_field).collect();
        self.constructor(class, &fields, at);
        self.declared_fields(&fields);
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method)
                    if method.kind != MethodDefinitionKind::Constructor =>
                {
                    self.class_method(method);
                }
                ClassElement::PropertyDefinition(field) if field.r#static => {
                    if let (Some(name), Some(value)) = (member_name(&field.key), &field.value) {
                        let at = span(&field.key);
                        let value = self.named(&name, value);
                        self.builder.assign(&name, value, at);
                    }
                }
                ClassElement::StaticBlock(block) => {
                    self.block(&block.body);
                }
                _ => {}
            }
        }
        self.builder.leave();
        self.builder.declare_objects(id, vec![], class.r#abstract);
        self.note_marks(class, &path);
        let value = self.builder.node(Node::Class(id, bases), at);
        self.decorate(class, value, at)
    }

    /// Notes what a class and its methods are decorated with.
    fn note_marks(&mut self, class: &Class<'_>, path: &SmolStr) {
        self.note_marks_of(&class.decorators, path, None);
        for element in &class.body.body {
            if let ClassElement::MethodDefinition(method) = element {
                let member = member_name(&method.key);
                self.note_marks_of(&method.decorators, path, member.as_ref());
            }
        }
    }

    fn note_marks_of(&mut self, decorators: &[Decorator<'_>], class: &SmolStr, member: Option<&SmolStr>) {
        for decorator in decorators {
            if let Some((name, text)) = spelled(&decorator.expression) {
                let (class, member) = (class.clone(), member.cloned());
                self.builder.mark(Mark { name, class, member, text, result: None });
            }
        }
    }

    /// What a place is declared to hold: what its decorators give (a container's object for a token), else its type.
    pub(super) fn injected(
        &mut self,
        decorators: &[Decorator<'_>],
        annotation: Option<&TSTypeAnnotation<'_>>,
    ) -> Option<NodeId> {
        let mut declared = self.annotation(annotation);
        for decorator in decorators {
            let at = span(decorator);
            let decorator = self.nested(&decorator.expression);
            let given = self.builder.call(decorator, vec![], at);
            declared = Some(match declared {
                Some(declared) => {
                    let either = self.native("??", at);
                    self.builder.call(either, vec![Argument::Plain(given), Argument::Plain(declared)], at)
                }
                None => given,
            });
        }
        declared
    }

    /// What a class derives from, and the interfaces that it implements.
    fn bases(&mut self, class: &Class<'_>) -> Vec<NodeId> {
        let mut bases: Vec<NodeId> =
            class.heritage.iter().map(|heritage| self.nested(&heritage.expression)).collect();
        for implemented in &class.implements {
            bases.extend(self.type_name(&implemented.expression));
        }
        bases
    }

    /// Calls the decorators of a class, the innermost first.
    fn decorate(&mut self, class: &Class<'_>, value: NodeId, at: Span) -> NodeId {
        let mut value = value;
        for decorator in class.decorators.iter().rev() {
            let decorator = self.nested(&decorator.expression);
            value = self.decorated(decorator, None, value, at);
        }
        value
    }

    /// What a decorator makes of a class or method.
    pub(super) fn decorated(
        &mut self,
        decorator: NodeId,
        name: Option<&str>,
        value: NodeId,
        at: Span,
    ) -> NodeId {
        let mut arguments = vec![Argument::Plain(decorator)];
        if let Some(name) = name {
            arguments.push(Argument::Plain(self.builder.text(name, at)));
        }
        arguments.push(Argument::Plain(value));
        let decorate = self.native("decorate", at);
        self.builder.call(decorate, arguments, at)
    }

    fn class_method(&mut self, method: &MethodDefinition<'_>) {
        let Some(name) = member_name(&method.key) else { return };
        if method.value.body.is_none() {
            return;
        }
        let at = span(&method.key);
        self.this.push(This::Variable(THIS.into()));
        let value = self.routine(&method.value, &name, at, true, &mut |_| {});
        self.this.pop();
        let receiver = match (method.kind, method.r#static) {
            (MethodDefinitionKind::Get, _) => Receiver::Getter,
            (MethodDefinitionKind::Set, false) => Receiver::Setter,
            (MethodDefinitionKind::Set, true) => Receiver::ClassSetter,
            (_, true) => Receiver::Class,
            _ => Receiver::Object,
        };
        self.receive(value, receiver);
        let mut value = value;
        for decorator in method.decorators.iter().rev() {
            let decorator = self.nested(&decorator.expression);
            value = self.decorated(decorator, Some(&name), value, at);
        }
        self.builder.assign(&name, value, at);
    }

    fn receive(&mut self, value: NodeId, receiver: Receiver) {
        if let Some(routine) = self.builder.routine_of(value) {
            self.builder.set_receiver(routine, receiver);
        }
    }

    /// The constructor: fields first, then what the source says; one made up where the source has none.
    fn constructor(&mut self, class: &Class<'_>, fields: &[&PropertyDefinition<'_>], at: Span) {
        let written = class.body.body.iter().find_map(|element| match element {
            ClassElement::MethodDefinition(method)
                if method.kind == MethodDefinitionKind::Constructor && method.value.body.is_some() =>
            {
                Some(&method.value)
            }
            _ => None,
        });
        self.this.push(This::Variable(THIS.into()));
        let value = match written {
            Some(function) => self.written_constructor(function, fields, at),
            None => self.made_up_constructor(class.heritage.is_some(), fields, at),
        };
        self.this.pop();
        self.builder.assign(CONSTRUCTOR, value, at);
    }

    fn written_constructor(
        &mut self,
        function: &Function<'_>,
        fields: &[&PropertyDefinition<'_>],
        at: Span,
    ) -> NodeId {
        self.routine(function, CONSTRUCTOR, at, true, &mut |lowering| {
            lowering.parameter_fields(&function.params);
            lowering.fields(fields);
        })
    }

    fn made_up_constructor(&mut self, derived: bool, fields: &[&PropertyDefinition<'_>], at: Span) -> NodeId {
        let rest = self.fresh("rest");
        let params = vec![
            Param { name: THIS.into(), kind: ParamKind::Plain },
            Param { name: rest.clone(), kind: ParamKind::Rest },
        ];
        let names = [ABOVE.into()];
        let routine: RoutineId =
            self.builder.enter(CONSTRUCTOR.into(), RoutineKind::Plain, params, names, at);
        if derived {
            let base = self.builder.node(Node::Super, at);
            self.builder.assign(ABOVE, base, at);
            let above = self.builder.node(Node::Member(base, CONSTRUCTOR.into()), at);
            let rest = self.builder.read(&rest, at);
            self.builder.call(above, vec![Argument::Spread(rest)], at);
        }
        self.fields(fields);
        self.builder.leave();
        let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
        self.builder.closure(closure, at)
    }

    /// Fields that the constructor's parameters declare (`private readonly client: S3Client`).
    fn parameter_fields(&mut self, parameters: &FormalParameters<'_>) {
        for parameter in &parameters.items {
            if parameter.has_modifier()
                && let Some(name) = parameter.pattern.get_identifier_name()
            {
                let at = span(parameter);
                let (this, value) = (self.this(at), self.builder.read(&name, at));
                self.builder.store(this, name.as_str().into(), value, at);
            }
        }
    }

    /// What fields are declared to hold that the class itself puts nothing into.
    fn declared_fields(&mut self, fields: &[&PropertyDefinition<'_>]) {
        for field in fields.iter().filter(|field| field.value.is_none()) {
            let Some(name) = member_name(&field.key) else { continue };
            if let Some(declared) = self.injected(&field.decorators, field.type_annotation.as_deref()) {
                self.builder.node(Node::Field(name, declared), span(&field.key));
            }
        }
    }

    fn fields(&mut self, fields: &[&PropertyDefinition<'_>]) {
        for field in fields {
            let Some(name) = member_name(&field.key) else { continue };
            let at = span(&field.key);
            let Some(value) = &field.value else { continue };
            let declared = self.annotation(field.type_annotation.as_deref());
            let value = self.named(&name, value);
            let value = declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at));
            let this = self.this(at);
            self.builder.store(this, name, value, at);
        }
    }
}

/// The name of a decorator, and the first text that it states.
fn spelled(decorator: &Expression<'_>) -> Option<(SmolStr, Option<SmolStr>)> {
    match decorator.get_inner_expression() {
        Expression::CallExpression(call) => {
            let (name, _) = spelled(&call.callee)?;
            let first = call.arguments.first().and_then(|argument| argument.as_expression());
            let text = match first {
                Some(Expression::StringLiteral(text)) => Some(text.value.as_str().into()),
                _ => None,
            };
            Some((name, text))
        }
        Expression::StaticMemberExpression(member) => Some((member.property.name.as_str().into(), None)),
        Expression::Identifier(id) => Some((id.name.as_str().into(), None)),
        _ => None,
    }
}

/// The name of what stands in the class's own body.
fn class_member(element: &ClassElement<'_>) -> Option<SmolStr> {
    match element {
        ClassElement::MethodDefinition(method) => member_name(&method.key),
        ClassElement::PropertyDefinition(field) if field.r#static => member_name(&field.key),
        _ => None,
    }
}

fn instance_field<'a, 'b>(element: &'b ClassElement<'a>) -> Option<&'b PropertyDefinition<'a>> {
    match element {
        ClassElement::PropertyDefinition(field) if !field.r#static => Some(field),
        _ => None,
    }
}

fn member_name(key: &PropertyKey<'_>) -> Option<SmolStr> {
    match key {
        PropertyKey::PrivateIdentifier(id) => Some(private(&id.name)),
        other => property_name(other),
    }
}
