//! Methods, blocks and lambdas.

use ruby_prism::{BlockNode, DefNode, LambdaNode, Node as Tree, ParametersNode};

use crate::ir::{Argument, BLOCK, Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineId, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{Lowering, Place, SELF, control, names, span, text};

/// The parameters of a routine, and what it does before its body.
#[derive(Default)]
struct Taken<'pr> {
    params: Vec<Param>,
    /// Defaults by the number of the parameter.
    defaults: Vec<(u32, Tree<'pr>)>,
    /// Parameters that are taken apart, under the name that they have in the graph.
    parts: Vec<(SmolStr, Tree<'pr>)>,
    /// The variable that holds the block.
    block: Option<SmolStr>,
}

impl<'pr> Taken<'pr> {
    fn add(&mut self, name: SmolStr, kind: ParamKind) {
        self.params.push(Param { name, kind });
    }

    fn otherwise(&mut self, value: Tree<'pr>) {
        let place = u32::try_from(self.params.len()).unwrap_or(u32::MAX);
        self.defaults.push((place, value));
    }

    fn required(&mut self, tree: Tree<'pr>) {
        match tree.as_required_parameter_node() {
            Some(param) => self.add(text(param.name().as_slice()), ParamKind::Plain),
            None => {
                let name = SmolStr::from(format!("({})", self.params.len()));
                self.add(name.clone(), ParamKind::Plain);
                self.parts.push((name, tree));
            }
        }
    }

    fn of(parameters: Option<ParametersNode<'pr>>) -> Self {
        let mut taken = Self::default();
        let Some(parameters) = parameters else { return taken };
        parameters.requireds().iter().for_each(|tree| taken.required(tree));
        for tree in &parameters.optionals() {
            if let Some(param) = tree.as_optional_parameter_node() {
                taken.otherwise(param.value());
                taken.add(text(param.name().as_slice()), ParamKind::Plain);
            }
        }
        if let Some(rest) = parameters.rest().and_then(|tree| tree.as_rest_parameter_node()) {
            let name = rest.name().map_or_else(|| "*".into(), |name| text(name.as_slice()));
            taken.add(name, ParamKind::Rest);
        }
        parameters.posts().iter().for_each(|tree| taken.required(tree));
        for tree in &parameters.keywords() {
            if let Some(param) = tree.as_required_keyword_parameter_node() {
                taken.add(text(param.name().as_slice()), ParamKind::Named);
            } else if let Some(param) = tree.as_optional_keyword_parameter_node() {
                taken.otherwise(param.value());
                taken.add(text(param.name().as_slice()), ParamKind::Named);
            }
        }
        taken.last(&parameters);
        taken
    }

    /// What is taken behind the keywords.
    fn last(&mut self, parameters: &ParametersNode<'pr>) {
        let rest = parameters.keyword_rest();
        if rest.as_ref().is_some_and(|rest| rest.as_forwarding_parameter_node().is_some()) {
            self.add("*".into(), ParamKind::Rest);
            self.add("**".into(), ParamKind::NamedRest);
        }
        if let Some(rest) = rest.and_then(|tree| tree.as_keyword_rest_parameter_node()) {
            let name = rest.name().map_or_else(|| "**".into(), |name| text(name.as_slice()));
            self.add(name, ParamKind::NamedRest);
        }
        let block = parameters.block().and_then(|tree| tree.as_block_parameter_node());
        self.block = block.and_then(|block| block.name()).map(|name| text(name.as_slice()));
    }
}

impl Lowering<'_> {
    /// A method; the value is its name.
    pub(super) fn definition(&mut self, definition: &DefNode<'_>) -> NodeId {
        let at = span(&definition.name_loc());
        let name = text(definition.name().as_slice());
        let receiver = match (self.places.last(), definition.receiver()) {
            (Some(Place::Class { of_class: false, .. }), None) => Receiver::Object,
            (Some(Place::Class { .. }), _) => Receiver::Class,
            _ => Receiver::None,
        };
        let has_self = receiver != Receiver::None;
        let mut taken = Taken::of(definition.parameters());
        if has_self {
            taken.params.insert(0, Param { name: SELF.into(), kind: ParamKind::Plain });
            taken.defaults.iter_mut().for_each(|(place, _)| *place += 1);
        }
        let locals: Vec<SmolStr> = definition.locals().iter().map(|name| text(name.as_slice())).collect();
        let body = definition.body();
        taken.params.push(Param { name: BLOCK.into(), kind: ParamKind::Named });
        self.places.push(Place::Method { name: name.clone(), has_self });
        let routine = self.builder.enter(name.clone(), RoutineKind::Plain, taken.params.clone(), locals, at);
        self.begin(&taken, at);
        self.routine_body(body.as_ref(), at);
        self.builder.leave();
        self.places.pop();
        self.builder.set_receiver(routine, receiver);
        let value = self.routine_value(routine, &taken, at);
        self.bind_method(&name, value, at);
        self.builder.text(&name, at)
    }

    /// A routine as a value. What is not given is nothing at first, and what the default says once it runs.
    fn routine_value(&mut self, routine: RoutineId, taken: &Taken<'_>, at: Span) -> NodeId {
        let nothing = |builder: &mut crate::ir::Builder| builder.node(Node::Nil, at);
        let mut defaults: Vec<(u32, NodeId)> =
            taken.defaults.iter().map(|(place, _)| (*place, nothing(&mut self.builder))).collect();
        let block = taken.params.iter().position(|param| super::is_block(&param.name));
        if let Some(place) = block.and_then(|place| u32::try_from(place).ok()) {
            defaults.push((place, nothing(&mut self.builder)));
        }
        self.builder.closure(Closure { routine, defaults, declared: vec![], result: None }, at)
    }

    /// A routine without defaults as a value.
    pub(super) fn plain_routine(&mut self, routine: RoutineId, at: Span) -> NodeId {
        self.builder.closure(Closure { routine, defaults: vec![], declared: vec![], result: None }, at)
    }

    /// Gives a routine its name in the body around.
    pub(super) fn bind_method(&mut self, name: &SmolStr, value: NodeId, at: Span) {
        if self.method().is_some() {
            self.write_everywhere(name, value, at);
        } else {
            self.builder.assign(name, value, at);
        }
    }

    /// A block or lambda as a value.
    pub(super) fn block(&mut self, block: &BlockNode<'_>) -> NodeId {
        let at = span(&block.location());
        self.closure(block.parameters(), block.body(), &block.locals(), at)
    }

    /// A lambda.
    pub(super) fn lambda(&mut self, lambda: &LambdaNode<'_>) -> NodeId {
        let at = span(&lambda.location());
        self.closure(lambda.parameters(), lambda.body(), &lambda.locals(), at)
    }

    fn closure(
        &mut self,
        parameters: Option<Tree<'_>>,
        body: Option<Tree<'_>>,
        locals: &ruby_prism::ConstantList<'_>,
        at: Span,
    ) -> NodeId {
        let numbered = parameters.as_ref().and_then(Tree::as_numbered_parameters_node);
        let is_it = parameters.as_ref().is_some_and(|tree| tree.as_it_parameters_node().is_some());
        let stated = parameters.as_ref().and_then(Tree::as_block_parameters_node);
        let mut taken = Taken::of(stated.and_then(|stated| stated.parameters()));
        if let Some(numbered) = numbered {
            (1..=numbered.maximum())
                .for_each(|place| taken.add(format!("_{place}").into(), ParamKind::Plain));
        }
        if is_it {
            taken.add("it".into(), ParamKind::Plain);
        }
        let name = |name: &SmolStr| self.local(name);
        taken.params.iter_mut().for_each(|param| param.name = name(&param.name));
        let own: Vec<SmolStr> = locals.iter().map(|name| self.local(&text(name.as_slice()))).collect();
        let written: Vec<SmolStr> =
            body.iter().flat_map(|body| names::written(&[body])).map(|name| self.local(&name)).collect();
        let routine =
            self.builder.enter("<block>".into(), RoutineKind::Plain, taken.params.clone(), own.clone(), at);
        for name in written.iter().filter(|name| !own.contains(name)) {
            self.builder.declare_foreign(name, false);
        }
        self.builder.set_receiver(routine, Receiver::None);
        self.builder.set_unpacks(routine);
        self.begin(&taken, at);
        self.routine_body(body.as_ref(), at);
        self.builder.leave();
        self.routine_value(routine, &taken, at)
    }

    /// A routine that calls a method of what it is handed (`&:name`).
    pub(super) fn method_of_argument(&mut self, name: &str, at: Span) -> NodeId {
        let param = Param { name: "(0)".into(), kind: ParamKind::Plain };
        let routine = self.builder.enter("<block>".into(), RoutineKind::Plain, vec![param], [], at);
        self.builder.set_receiver(routine, Receiver::None);
        let object = self.builder.read("(0)", at);
        let method = self.builder.node(Node::Method(object, name.into()), at);
        let value = self.builder.call(method, vec![], at);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.plain_routine(routine, at)
    }

    /// Defaults, which see the parameters before them, and parameters that are taken apart.
    fn begin(&mut self, taken: &Taken<'_>, at: Span) {
        for (place, default) in &taken.defaults {
            let Some(param) = taken.params.get(*place as usize) else { continue };
            let name = if self.method().is_some() { param.name.clone() } else { self.local(&param.name) };
            let given = self.builder.read(&param.name, at);
            let value = self.nested(default);
            let either = self.call_native("default", vec![given, value], at);
            self.builder.settle_param(&name, either, at);
        }
        for (name, part) in &taken.parts {
            let value = self.builder.read(&self.local(name), at);
            self.bind(part, value);
        }
        if let Some(name) = &taken.block {
            let value = self.builder.read(BLOCK, at);
            self.builder.assign(name, value, at);
        }
    }

    /// The body of a routine, whose last value is a result.
    fn routine_body(&mut self, body: Option<&Tree<'_>>, at: Span) {
        let value = match body {
            Some(body) => self.nested(body),
            None => self.nil(at),
        };
        if !body.is_some_and(control::leaves) {
            self.builder.node(Node::Return(value), at);
        }
    }

    /// Calls the block that a method was handed.
    pub(super) fn call_block(&mut self, arguments: Vec<Argument>, at: Span) -> NodeId {
        let block = self.builder.read(BLOCK, at);
        self.builder.call(block, arguments, at)
    }
}
