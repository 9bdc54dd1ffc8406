//! Calls.

use ruby_prism::{ArgumentsNode, CallNode, Node as Tree};

use crate::ir::{Argument, BLOCK, Call, Dialect, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::resolve::RACKUP;
use super::{Lowering, Place, dialect, is_block, span, stated_name, text};

/// The name that a symbol or text spells.
pub(super) fn symbol(tree: &Tree<'_>) -> Option<SmolStr> {
    let symbol = tree.as_symbol_node().map(|symbol| text(symbol.unescaped()));
    symbol.or_else(|| tree.as_string_node().map(|string| text(string.unescaped())))
}

/// The methods that a call in a body makes (`attr_reader :a`).
pub(super) fn declared(call: &CallNode<'_>) -> Vec<SmolStr> {
    let arguments = call.arguments();
    let named = arguments.iter().flat_map(|all| all.arguments().iter()).filter_map(|tree| symbol(&tree));
    let setter = |name: SmolStr| SmolStr::from(format!("{name}="));
    match call.name().as_slice() {
        b"attr_reader" | b"attr" => named.collect(),
        b"attr_writer" => named.map(setter).collect(),
        b"attr_accessor" => named.flat_map(|name| [name.clone(), setter(name)]).collect(),
        b"define_method" | b"alias_method" => named.take(1).collect(),
        _ => vec![],
    }
}

impl Lowering<'_> {
    /// A call.
    pub(super) fn call(&mut self, call: &CallNode<'_>) -> NodeId {
        let at = call.message_loc().map_or_else(|| span(&call.location()), |name| span(&name));
        let name = text(call.name().as_slice());
        match call.receiver() {
            Some(receiver) => self.call_on(&receiver, &name, call, at),
            None => self.call_own(&name, call, at),
        }
    }

    /// A call of a method of something.
    fn call_on(&mut self, receiver: &Tree<'_>, name: &SmolStr, call: &CallNode<'_>, at: Span) -> NodeId {
        let object = self.nested(receiver);
        match name.as_str() {
            "new" => {
                let arguments = self.arguments_of(call);
                self.builder.node(Node::New(Call { callee: object, arguments }), at)
            }
            "[]" => self.subscript(object, call, at),
            "[]=" => self.subscript_write(object, call, at),
            "dig" => {
                let keys = self.values(call);
                keys.into_iter().fold(object, |base, key| self.builder.node(Node::Index(base, key), at))
            }
            "send" | "public_send" | "__send__" => self.reflective(object, call, at),
            "method" | "public_method" => match self.values(call).as_slice() {
                [named] => self.call_native("(member)", vec![object, *named], at),
                _ => self.builder.unknown(at),
            },
            "parse_file" if rackup(call).is_some() => {
                let path = rackup(call).unwrap_or_default();
                self.builder.import(path, 0, None, at)
            }
            _ if is_operator(name) => self.operator_call(object, name, call, at),
            _ => self.method_call(object, name, call, at),
        }
    }

    fn method_call(&mut self, object: NodeId, name: &SmolStr, call: &CallNode<'_>, at: Span) -> NodeId {
        let arguments = self.arguments_of(call);
        let method = self.builder.node(Node::Method(object, name.clone()), at);
        self.builder.call(method, arguments, at)
    }

    /// A method by a name that is a value.
    fn reflective(&mut self, object: NodeId, call: &CallNode<'_>, at: Span) -> NodeId {
        let mut arguments = self.arguments_of(call);
        if !matches!(arguments.first(), Some(Argument::Plain(_))) {
            return self.builder.unknown(at);
        }
        let named = arguments.remove(0).value();
        let method = self.call_native("(member)", vec![object, named], at);
        self.builder.call(method, arguments, at)
    }

    fn reflective_own(&mut self, call: &CallNode<'_>, at: Span) -> NodeId {
        if let Some(object) = self.own_object(at) {
            return self.reflective(object, call, at);
        }
        let named = call.arguments().and_then(|all| symbol(&all.arguments().first()?));
        let mut arguments = self.arguments_of(call);
        match named {
            Some(name) => {
                arguments.remove(0);
                let method = self.own_method(&name, at);
                self.builder.call(method, arguments, at)
            }
            None => self.builder.unknown(at),
        }
    }

    fn subscript(&mut self, object: NodeId, call: &CallNode<'_>, at: Span) -> NodeId {
        let arguments = self.arguments_of(call);
        match arguments.as_slice() {
            [Argument::Plain(index)] if !takes_range(call) => {
                self.builder.node(Node::Index(object, *index), at)
            }
            _ => self.builder.node(Node::Slice(object), at),
        }
    }

    fn subscript_write(&mut self, object: NodeId, call: &CallNode<'_>, at: Span) -> NodeId {
        let arguments = self.arguments_of(call);
        match arguments.as_slice() {
            [Argument::Plain(index), Argument::Plain(value)] => {
                self.builder.store_index(object, *index, *value, at);
                *value
            }
            _ => self.builder.unknown(at),
        }
    }

    fn operator_call(&mut self, object: NodeId, name: &str, call: &CallNode<'_>, at: Span) -> NodeId {
        let values = self.values(call);
        self.operator(name, object, &values, at)
    }

    /// The result of an operator on values that are already there.
    pub(super) fn operator(&mut self, name: &str, left: NodeId, right: &[NodeId], at: Span) -> NodeId {
        let all = || std::iter::once(left).chain(right.iter().copied()).collect::<Vec<_>>();
        match name {
            "+" if right.len() == 1 => self.builder.node(Node::Concat(all()), at),
            "==" | "!=" => self.call_native(name, all(), at),
            "<<" | "%" | "|" | "-" | "&" | "*" => {
                let method = self.builder.node(Node::Method(left, name.into()), at);
                let arguments = right.iter().map(|value| Argument::Plain(*value)).collect();
                self.builder.call(method, arguments, at)
            }
            _ => self.builder.node(Node::Operation(all()), at),
        }
    }

    /// A call without a receiver.
    fn call_own(&mut self, name: &SmolStr, call: &CallNode<'_>, at: Span) -> NodeId {
        match name.as_str() {
            "require" | "require_relative" | "load" => return self.require(name, call, at),
            "include" | "extend" | "prepend" if self.is_in_body() => return self.nil(at),
            "lambda" | "proc" => {
                if let Some(block) = call.block() {
                    return self.block_value(&block);
                }
            }
            "block_given?" => return self.call_native(name, vec![], at),
            "define_method" => return self.define_method(call, at),
            "alias_method" => return self.alias_call(call, at),
            "method" => {
                if let Some(named) = call.arguments().and_then(|all| symbol(&all.arguments().first()?)) {
                    return self.own_method(&named, at);
                }
            }
            "send" | "public_send" | "__send__" => return self.reflective_own(call, at),
            "new" => {
                if let Some(class) = self.own_object(at) {
                    let arguments = self.arguments_of(call);
                    return self.builder.node(Node::New(Call { callee: class, arguments }), at);
                }
            }
            _ if self.is_in_body() && self.accessors(name, call) => return self.nil(at),
            _ => {}
        }
        let method = self.own_method(name, at);
        let arguments = self.arguments_of(call);
        if self.is_in_body() {
            self.state(name, &arguments, at);
        }
        self.builder.call(method, arguments, at)
    }

    /// Notes what a call in the body of a class states: its first argument, else a record of those with names.
    fn state(&mut self, call: &str, arguments: &[Argument], at: Span) {
        let first = arguments.iter().find_map(|argument| match argument {
            Argument::Plain(value) => Some(*value),
            _ => None,
        });
        let value = match first {
            Some(value) => value,
            None => {
                let mut pairs = vec![];
                for argument in arguments {
                    if let Argument::Named(name, value) = argument
                        && !is_block(name)
                    {
                        pairs.push((Some(self.builder.text(name, at)), *value));
                    }
                }
                self.builder.node(Node::Record(pairs), at)
            }
        };
        self.builder.assign(&stated_name(call), value, at);
    }

    fn is_in_body(&self) -> bool {
        matches!(self.places.last(), Some(Place::Class { .. }))
    }

    /// A method that is called without a receiver: of the object, else of the file or of the language.
    fn own_method(&mut self, name: &SmolStr, at: Span) -> NodeId {
        let is_known =
            self.methods.contains(name) || Dialect::find(dialect::DIALECT.functions, name).is_some();
        match self.own_object(at).filter(|_| !is_known) {
            Some(object) => self.builder.node(Node::Method(object, name.clone()), at),
            None => self.builder.read(name, at),
        }
    }

    fn require(&mut self, how: &str, call: &CallNode<'_>, at: Span) -> NodeId {
        let first = call.arguments().and_then(|all| all.arguments().first());
        let Some(path) = first.as_ref().and_then(symbol) else {
            return self.builder.unknown(at);
        };
        let path = path.strip_suffix(".rb").map_or_else(|| path.clone(), SmolStr::from);
        let path = if how == "require_relative" { format!("./{path}").into() } else { path };
        self.builder.import(path, 0, None, at)
    }

    fn define_method(&mut self, call: &CallNode<'_>, at: Span) -> NodeId {
        let first = call.arguments().and_then(|all| all.arguments().first());
        let name = first.as_ref().and_then(symbol);
        if let (Some(name), Some(block)) = (name, call.block()) {
            let value = self.block_value(&block);
            self.builder.assign(&name, value, at);
        }
        self.nil(at)
    }

    fn alias_call(&mut self, call: &CallNode<'_>, at: Span) -> NodeId {
        let names: Vec<SmolStr> = call
            .arguments()
            .iter()
            .flat_map(|all| all.arguments().iter())
            .filter_map(|tree| symbol(&tree))
            .collect();
        if let [new, old] = names.as_slice() {
            self.alias(new, old, at);
        }
        self.nil(at)
    }

    /// Gives a method of the body around another name.
    pub(super) fn alias(&mut self, new: &SmolStr, old: &SmolStr, at: Span) {
        let value = self.builder.read(old, at);
        self.builder.assign(new, value, at);
    }

    /// The arguments of a call that are values by themselves.
    fn values(&mut self, call: &CallNode<'_>) -> Vec<NodeId> {
        let arguments = self.arguments_of(call);
        arguments.iter().map(Argument::value).collect()
    }

    fn arguments_of(&mut self, call: &CallNode<'_>) -> Vec<Argument> {
        let mut arguments = self.arguments(call.arguments());
        if let Some(block) = call.block() {
            let value = self.block_value(&block);
            arguments.push(Argument::Named(BLOCK.into(), value));
        }
        arguments
    }

    /// Arguments without the block.
    pub(super) fn arguments(&mut self, arguments: Option<ArgumentsNode<'_>>) -> Vec<Argument> {
        let mut lowered = vec![];
        for tree in arguments.iter().flat_map(|all| all.arguments().iter()) {
            let at = span(&tree.location());
            if let Some(splat) = tree.as_splat_node() {
                let value = match splat.expression() {
                    Some(inner) => self.nested(&inner),
                    None => self.builder.read("*", at),
                };
                lowered.push(Argument::Spread(value));
            } else if let Some(keywords) = tree.as_keyword_hash_node() {
                self.keywords(&keywords, &mut lowered);
            } else if tree.as_forwarding_arguments_node().is_some() {
                let (rest, named) = (self.builder.read("*", at), self.builder.read("**", at));
                let block = self.builder.read(BLOCK, at);
                lowered.extend([Argument::Spread(rest), Argument::NamedSpread(named)]);
                lowered.push(Argument::Named(BLOCK.into(), block));
            } else {
                lowered.push(Argument::Plain(self.nested(&tree)));
            }
        }
        lowered
    }

    /// Arguments by name; a key that is no name makes a record of them.
    fn keywords(&mut self, keywords: &ruby_prism::KeywordHashNode<'_>, lowered: &mut Vec<Argument>) {
        let elements: Vec<Tree<'_>> = keywords.elements().iter().collect();
        let is_named = |tree: &Tree<'_>| match tree.as_assoc_node() {
            Some(pair) => pair.key().as_symbol_node().is_some(),
            None => true,
        };
        if !elements.iter().all(is_named) {
            let at = span(&keywords.location());
            let record = self.record(&elements, at);
            lowered.push(Argument::Plain(record));
            return;
        }
        for tree in elements {
            if let Some(pair) = tree.as_assoc_node() {
                let name = symbol(&pair.key()).unwrap_or_default();
                let value = self.nested(&pair.value());
                lowered.push(Argument::Named(name, value));
            } else if let Some(spread) = tree.as_assoc_splat_node() {
                let at = span(&spread.location());
                let value = match spread.value() {
                    Some(inner) => self.nested(&inner),
                    None => self.builder.read("**", at),
                };
                lowered.push(Argument::NamedSpread(value));
            }
        }
    }

    /// A block, or what is handed over in the place of one.
    pub(super) fn block_value(&mut self, tree: &Tree<'_>) -> NodeId {
        let at = span(&tree.location());
        if let Some(block) = tree.as_block_node() {
            return self.block(&block);
        }
        let handed = tree.as_block_argument_node();
        match handed.and_then(|handed| handed.expression()) {
            Some(inner) => match inner.as_symbol_node() {
                Some(name) => self.method_of_argument(&text(name.unescaped()), at),
                None => self.nested(&inner),
            },
            None => self.builder.read(BLOCK, at),
        }
    }
}

/// Whether the only argument of a subscript is a range.
fn takes_range(call: &CallNode<'_>) -> bool {
    let first = call.arguments().and_then(|all| all.arguments().first());
    first.is_some_and(|tree| tree.as_range_node().is_some())
}

fn is_operator(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_alphabetic() || first == '_' || !first.is_ascii())
}

/// The file that says which application answers requests, where a call reads one beside the file.
fn rackup(call: &CallNode<'_>) -> Option<SmolStr> {
    let first = call.arguments()?.arguments().first()?;
    let last = first.as_interpolated_string_node().and_then(|parts| symbol(&parts.parts().last()?));
    let path = last.or_else(|| symbol(&first)).filter(|path| path.ends_with(RACKUP))?;
    Some(format!("./{}", path.trim_start_matches(['.', '/'])).into())
}
