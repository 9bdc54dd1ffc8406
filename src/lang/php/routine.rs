//! Functions, methods and closures.

use tree_sitter::Node as Part;

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineId, RoutineKind};
use crate::text::{SmolStr, Span};

use super::tree::{field, named, part_of_kind, span};
use super::{Lowering, THIS, names};

/// A parameter.
pub(super) struct Taken<'s> {
    /// Its name, with the sign.
    pub name: SmolStr,
    pub is_rest: bool,
    /// The property that it fills too, without the sign.
    pub property: Option<SmolStr>,
    pub kind: Option<Part<'s>>,
    pub default: Option<Part<'s>>,
}

impl Taken<'_> {
    /// Its name without the sign, as arguments by name spell it.
    fn plain_name(&self) -> SmolStr {
        self.name.trim_start_matches('$').into()
    }
}

impl<'s> Lowering<'s> {
    /// The parameters of a routine.
    pub(super) fn taken(&self, part: Part<'s>) -> Vec<Taken<'s>> {
        let list = field(part, "parameters").map(named).unwrap_or_default();
        let of = |parameter: Part<'s>| {
            let name = field(parameter, "name")?;
            let name = if name.kind() == "by_ref" { named(name).into_iter().next()? } else { name };
            let spelled = self.text(name);
            let is_property = parameter.kind() == "property_promotion_parameter";
            Some(Taken {
                name: spelled.into(),
                is_rest: parameter.kind() == "variadic_parameter",
                property: is_property.then(|| spelled.trim_start_matches('$').into()),
                kind: field(parameter, "type"),
                default: field(parameter, "default_value"),
            })
        };
        list.into_iter().filter_map(of).collect()
    }

    /// A function, known under its name.
    pub(super) fn function(&mut self, part: Part<'s>) {
        let Some(name) = field(part, "name") else { return };
        let at = span(name);
        let name: SmolStr = self.text(name).into();
        let taken = self.taken(part);
        let (closure, routine) = self.enter_routine(&name, part, &taken, None, at);
        self.builder.set_receiver(routine, Receiver::None);
        self.body(part);
        let value = self.leave_routine(closure, at);
        if !self.builder.is_own(&name) {
            self.builder.declare(name.clone());
        }
        self.builder.assign(&name, value, at);
    }

    /// Enters a routine with these parameters. Its types are worked out where it stands, its defaults when it runs.
    pub(super) fn enter_routine(
        &mut self,
        name: &SmolStr,
        part: Part<'s>,
        taken: &[Taken<'s>],
        receiver: Option<Receiver>,
        at: Span,
    ) -> (Closure, RoutineId) {
        let mut params: Vec<Param> = vec![];
        if receiver.is_some() {
            params.push(Param { name: THIS.into(), kind: ParamKind::Plain });
        }
        let (mut defaults, mut declared) = (vec![], vec![]);
        for parameter in taken {
            let place = u32::try_from(params.len()).unwrap_or(u32::MAX);
            if parameter.default.is_some() {
                defaults.push((place, self.nil(at)));
            }
            let kind = parameter.kind.and_then(|kind| self.type_value(kind));
            let kind = kind.or_else(|| self.documented(part, &parameter.name));
            declared.extend(kind.map(|kind| (place, kind)));
            let kind = if parameter.is_rest { ParamKind::Rest } else { ParamKind::Plain };
            params.push(Param { name: parameter.plain_name(), kind });
        }
        let result = field(part, "return_type").and_then(|kind| self.type_value(kind));
        let body = field(part, "body");
        let own = body.map(|body| names::mentioned(body, self.source)).unwrap_or_default();
        let is_closure = matches!(part.kind(), "anonymous_function" | "arrow_function");
        let own: Vec<SmolStr> =
            if is_closure { vec![] } else { own.into_iter().filter(|name| name != THIS).collect() };
        let routine = self.builder.enter(name.clone(), RoutineKind::Plain, params, own, at);
        self.depth += 1;
        if !is_closure {
            self.begin(taken, at);
        }
        (Closure { routine, defaults, declared, result }, routine)
    }

    /// The variables of the parameters: what is handed over, or the default where nothing is.
    fn begin(&mut self, taken: &[Taken<'s>], at: Span) {
        for parameter in taken {
            let given = self.builder.read(&parameter.plain_name(), at);
            let value = match parameter.default {
                Some(default) => {
                    let value = self.nested(default);
                    self.call_native("(default)", vec![given, value], span(default))
                }
                None => given,
            };
            self.builder.declare(parameter.name.clone());
            self.builder.assign(&parameter.name, value, at);
        }
    }

    /// The body of a routine.
    pub(super) fn body(&mut self, part: Part<'s>) {
        let Some(body) = field(part, "body") else { return };
        if names::yields(body) {
            self.builder.set_generator();
        }
        self.statement(body);
    }

    /// Ends a routine and makes a value of it.
    pub(super) fn leave_routine(&mut self, closure: Closure, at: Span) -> NodeId {
        self.builder.leave();
        self.depth -= 1;
        self.builder.closure(closure, at)
    }

    /// `function (…) use (…) { … }`: it sees copies of the variables that it names, and itself those that it refers to.
    pub(super) fn anonymous(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let taken = self.taken(part);
        let (closure, routine) = self.enter_routine(&"<closure>".into(), part, &taken, None, at);
        self.builder.set_receiver(routine, Receiver::None);
        let used = part_of_kind(part, "anonymous_function_use_clause").map(named).unwrap_or_default();
        let mut own = vec![];
        for variable in used {
            let at = span(variable);
            if variable.kind() == "by_ref" {
                if let Some(name) = named(variable).first() {
                    let name = self.text(*name).into();
                    self.builder.declare_foreign(&name, false);
                    own.push(name);
                }
            } else {
                let name = SmolStr::from(self.text(variable));
                let value = self.builder.read(&name, at);
                self.builder.declare(name.clone());
                self.builder.assign(&name, value, at);
                own.push(name);
            }
        }
        let body = field(part, "body");
        for name in body.map(|body| names::mentioned(body, self.source)).unwrap_or_default() {
            if name != THIS && !own.contains(&name) {
                self.builder.declare(name);
            }
        }
        self.begin(&taken, at);
        self.body(part);
        self.leave_routine(closure, at)
    }

    /// `fn (…) => …`: it sees all variables around.
    pub(super) fn arrow(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let taken = self.taken(part);
        let (closure, routine) = self.enter_routine(&"<closure>".into(), part, &taken, None, at);
        self.builder.set_receiver(routine, Receiver::None);
        self.begin(&taken, at);
        if let Some(body) = field(part, "body") {
            for name in names::written(body, self.source) {
                self.builder.declare(name);
            }
            let value = self.nested(body);
            self.builder.node(Node::Return(value), span(body));
        }
        self.leave_routine(closure, at)
    }
}
