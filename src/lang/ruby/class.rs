//! Classes and modules, and the methods that Ruby makes by itself.

use ruby_prism::{CallNode, ClassNode, ModuleNode, Node as Tree, SingletonClassNode};

use crate::ir::{Argument, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{CLASS_PATH, CONSTRUCTOR, Lowering, Place, SELF, call, names, span, text};

impl Lowering<'_> {
    /// A class.
    pub(super) fn class(&mut self, class: &ClassNode<'_>) -> NodeId {
        let bases: Vec<NodeId> = class.superclass().iter().map(|base| self.nested(base)).collect();
        self.body(&class.constant_path(), text(class.name().as_slice()), bases, class.body())
    }

    /// A module: a class of which no objects are made.
    pub(super) fn module(&mut self, module: &ModuleNode<'_>) -> NodeId {
        self.body(&module.constant_path(), text(module.name().as_slice()), vec![], module.body())
    }

    fn body(
        &mut self,
        path: &Tree<'_>,
        name: SmolStr,
        mut bases: Vec<NodeId>,
        body: Option<Tree<'_>>,
    ) -> NodeId {
        let at = span(&path.location());
        let mut of_class = false;
        for (taken, tree) in mixins(body.as_ref()) {
            match taken {
                Mixin::Included => bases.push(self.nested(&tree)),
                Mixin::OfClass => of_class = true,
            }
        }
        let mut own = names::of_body(body.as_ref());
        own.push(CLASS_PATH.into());
        let id = self.builder.enter_class(name.clone(), CONSTRUCTOR.into(), own, at);
        self.builder.set_partial(id, true);
        self.places.push(Place::Class { name: name.clone(), of_class });
        let spelled = self.class_path(path);
        let spelled = self.builder.text(&spelled, at);
        self.builder.assign(CLASS_PATH, spelled, at);
        if let Some(body) = &body {
            self.declare_locals(body);
            self.nested(body);
        }
        self.places.pop();
        self.builder.leave();
        let value = self.builder.node(Node::Class(id, bases), at);
        match path.as_constant_path_node().and_then(|path| path.parent()) {
            Some(outer) => {
                let outer = self.nested(&outer);
                self.builder.store(outer, name, value, at);
            }
            None => self.bind_constant(&name, value, at),
        }
        value
    }

    /// The path of the class whose body begins, from the outermost class around it on.
    fn class_path(&self, path: &Tree<'_>) -> String {
        let around = self.places.split_last().map(|(_, around)| around).unwrap_or_default();
        let names = around.iter().filter_map(|place| match place {
            Place::Class { name, .. } => Some(name.as_str()),
            _ => None,
        });
        names.chain([self.spelled(&path.location())]).collect::<Vec<&str>>().join("::")
    }

    /// Declares the local variables of a body.
    fn declare_locals(&mut self, body: &Tree<'_>) {
        for name in names::written(&[body]) {
            let name = self.local(&name);
            self.builder.declare(name);
        }
    }

    /// What stands under `class << self`: methods of the class itself.
    pub(super) fn singleton(&mut self, class: &SingletonClassNode<'_>) -> NodeId {
        let at = span(&class.location());
        let outer = match self.places.last_mut() {
            Some(Place::Class { of_class, .. }) => std::mem::replace(of_class, true),
            _ => return self.nil(at),
        };
        if let Some(body) = class.body() {
            self.nested(&body);
        }
        if let Some(Place::Class { of_class, .. }) = self.places.last_mut() {
            *of_class = outer;
        }
        self.nil(at)
    }

    /// A class that is made by a call: `Struct.new(:a, :b)`, `Data.define(:a)`.
    pub(super) fn made_class(&mut self, name: &SmolStr, made: &CallNode<'_>) -> Option<NodeId> {
        let receiver = made.receiver()?;
        let of = text(receiver.as_constant_read_node()?.name().as_slice());
        let method = text(made.name().as_slice());
        let is_record = matches!((of.as_str(), method.as_str()), ("Struct", "new") | ("Data", "define"));
        let is_class = of == "Class" && method == "new";
        if !is_record && !is_class {
            return None;
        }
        let at = span(&made.location());
        let arguments: Vec<Tree<'_>> =
            made.arguments().iter().flat_map(|all| all.arguments().iter()).collect();
        let fields: Vec<SmolStr> = arguments.iter().filter_map(call::symbol).collect();
        let bases: Vec<NodeId> =
            if is_class { arguments.iter().map(|base| self.nested(base)).collect() } else { vec![] };
        let body = made.block().and_then(|block| block.as_block_node()).and_then(|block| block.body());
        let mut own = names::of_body(body.as_ref());
        own.extend(fields.iter().flat_map(|field| [field.clone(), format!("{field}=").into()]));
        own.push(CONSTRUCTOR.into());
        let id = self.builder.enter_class(name.clone(), CONSTRUCTOR.into(), own, at);
        self.places.push(Place::Class { name: name.clone(), of_class: false });
        if is_record {
            self.constructor_of(&fields, at);
        }
        for field in &fields {
            self.reader(field, at);
            self.writer(field, at);
        }
        if let Some(body) = &body {
            self.nested(body);
        }
        self.places.pop();
        self.builder.leave();
        Some(self.builder.node(Node::Class(id, bases), at))
    }

    fn constructor_of(&mut self, fields: &[SmolStr], at: Span) {
        let own = Param { name: SELF.into(), kind: ParamKind::Plain };
        let given = fields.iter().map(|field| Param { name: field.clone(), kind: ParamKind::Plain });
        let params = std::iter::once(own).chain(given).collect();
        let routine = self.builder.enter(CONSTRUCTOR.into(), RoutineKind::Plain, params, [], at);
        let object = self.builder.read(SELF, at);
        for field in fields {
            let value = self.builder.read(field, at);
            self.builder.store(object, format!("@{field}").into(), value, at);
        }
        self.builder.leave();
        self.builder.set_receiver(routine, Receiver::Object);
        let value = self.plain_routine(routine, at);
        self.bind_method(&CONSTRUCTOR.into(), value, at);
    }

    /// The calls in a body that make methods (`attr_accessor`); `false` for another call.
    pub(super) fn accessors(&mut self, name: &str, call: &CallNode<'_>) -> bool {
        let (reads, writes) = match name {
            "attr_reader" | "attr" => (true, false),
            "attr_writer" => (false, true),
            "attr_accessor" => (true, true),
            _ => return false,
        };
        let at = span(&call.location());
        for argument in call.arguments().iter().flat_map(|all| all.arguments().iter()) {
            let Some(field) = call::symbol(&argument) else { continue };
            if reads {
                self.reader(&field, at);
            }
            if writes {
                self.writer(&field, at);
            }
        }
        true
    }

    fn accessor_receiver(&self) -> Receiver {
        match self.places.last() {
            Some(Place::Class { of_class: true, .. }) => Receiver::Class,
            _ => Receiver::Object,
        }
    }

    fn reader(&mut self, field: &SmolStr, at: Span) {
        let params = vec![Param { name: SELF.into(), kind: ParamKind::Plain }];
        let routine = self.builder.enter(field.clone(), RoutineKind::Plain, params, [], at);
        let object = self.builder.read(SELF, at);
        let value = self.builder.node(Node::Member(object, format!("@{field}").into()), at);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.builder.set_receiver(routine, self.accessor_receiver());
        let value = self.plain_routine(routine, at);
        self.bind_method(field, value, at);
    }

    fn writer(&mut self, field: &SmolStr, at: Span) {
        let params = [SELF, "value"].map(|name| Param { name: name.into(), kind: ParamKind::Plain }).into();
        let name = SmolStr::from(format!("{field}="));
        let routine = self.builder.enter(name.clone(), RoutineKind::Plain, params, [], at);
        let (object, value) = (self.builder.read(SELF, at), self.builder.read("value", at));
        self.builder.store(object, format!("@{field}").into(), value, at);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.builder.set_receiver(routine, self.accessor_receiver());
        let value = self.plain_routine(routine, at);
        self.bind_method(&name, value, at);
    }

    /// `super`: the method of that name in the classes above. Without arguments of its own it hands on those of the method.
    pub(super) fn above(&mut self, arguments: Option<Vec<Argument>>, at: Span) -> NodeId {
        let Some((name, true)) = self.method() else { return self.builder.unknown(at) };
        let name = name.clone();
        let base = self.builder.node(Node::Super, at);
        let method = self.builder.node(Node::Member(base, name), at);
        let arguments = arguments.unwrap_or_else(|| self.handed_on(at));
        self.builder.call(method, arguments, at)
    }

    fn handed_on(&mut self, at: Span) -> Vec<Argument> {
        let params = self.builder.params();
        let mut arguments = vec![];
        for param in params.iter().filter(|param| param.name != SELF) {
            let value = self.builder.read(&param.name, at);
            arguments.push(match param.kind {
                ParamKind::Plain => Argument::Plain(value),
                ParamKind::Named => Argument::Named(param.name.clone(), value),
                ParamKind::Rest => Argument::Spread(value),
                ParamKind::NamedRest => Argument::NamedSpread(value),
            });
        }
        arguments
    }
}

/// What a body takes from a module.
enum Mixin {
    /// Its methods, for objects.
    Included,
    /// Its own methods, for itself: those of the body are methods of the class too.
    OfClass,
}

/// The modules that a body takes in.
fn mixins<'pr>(body: Option<&Tree<'pr>>) -> Vec<(Mixin, Tree<'pr>)> {
    let statements = body.and_then(Tree::as_statements_node);
    let mut found = vec![];
    for tree in statements.iter().flat_map(|statements| statements.body().iter()) {
        let Some(call) = tree.as_call_node().filter(|call| call.receiver().is_none()) else { continue };
        let arguments =
            || call.arguments().into_iter().flat_map(|all| all.arguments().iter().collect::<Vec<_>>());
        match call.name().as_slice() {
            b"include" | b"prepend" => found.extend(arguments().map(|tree| (Mixin::Included, tree))),
            b"extend" => found.extend(
                arguments().filter(|tree| tree.as_self_node().is_some()).map(|tree| (Mixin::OfClass, tree)),
            ),
            b"module_function" if call.arguments().is_none() => found.push((Mixin::OfClass, tree)),
            _ => {}
        }
    }
    found
}
