//! Assignments.

use ruby_prism::{MultiTargetNode, Node as Tree, NodeList};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::{Lowering, Place, span, text};

/// How what is assigned comes from what was there before.
enum Change {
    /// `||=`: what was there, where it was.
    Or,
    /// `&&=`
    And,
    /// `+=` and the like.
    Operator(SmolStr),
}

/// Where something is assigned to, its parts worked out once.
enum Target {
    Local(SmolStr),
    Instance(SmolStr),
    /// A variable that is seen from everywhere in the file.
    Everywhere(SmolStr),
    Constant(SmolStr),
    Index(NodeId, NodeId),
    /// An attribute of an object, by the names of the methods that read and write it.
    Attribute(NodeId, SmolStr, SmolStr),
    /// A constant in a class or module.
    Member(NodeId, SmolStr),
}

/// A kind of assignment that changes a variable: the target by its name, the value, and how.
macro_rules! changes {
    ($self:ident, $tree:ident, $at:ident; $($variant:ident $cast:ident $target:ident $change:expr;)*) => {
        match $tree {
            $(Tree::$variant { .. } => {
                let node = $tree.$cast()?;
                let target = $self.target_of(Target::$target, &text(node.name().as_slice()));
                let change = $change;
                Some($self.change(&target, &change(&node), &node.value(), $at))
            })*
            _ => None,
        }
    };
}

impl Lowering<'_> {
    /// An assignment; its value is what was assigned.
    pub(super) fn written(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let plain = self.write_plain(tree, at);
        plain.or_else(|| self.write_changed(tree, at)).or_else(|| self.write_parts(tree, at))
    }

    fn write_plain(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let (target, value) = match tree {
            Tree::LocalVariableWriteNode { .. } => {
                let node = tree.as_local_variable_write_node()?;
                (self.target_of(Target::Local, &text(node.name().as_slice())), node.value())
            }
            Tree::InstanceVariableWriteNode { .. } => {
                let node = tree.as_instance_variable_write_node()?;
                (Target::Instance(text(node.name().as_slice())), node.value())
            }
            Tree::GlobalVariableWriteNode { .. } => {
                let node = tree.as_global_variable_write_node()?;
                (Target::Everywhere(text(node.name().as_slice())), node.value())
            }
            Tree::ClassVariableWriteNode { .. } => {
                let node = tree.as_class_variable_write_node()?;
                (Target::Everywhere(text(node.name().as_slice())), node.value())
            }
            Tree::ConstantWriteNode { .. } => {
                let node = tree.as_constant_write_node()?;
                let name = text(node.name().as_slice());
                if let Some(call) = node.value().as_call_node()
                    && let Some(class) = self.made_class(&name, &call)
                {
                    self.bind_constant(&name, class, at);
                    return Some(class);
                }
                (Target::Constant(name), node.value())
            }
            Tree::ConstantPathWriteNode { .. } => {
                let node = tree.as_constant_path_write_node()?;
                let outer = self.nested(&node.target().parent()?);
                (Target::Member(outer, text(node.target().name()?.as_slice())), node.value())
            }
            _ => return None,
        };
        let value = self.nested(&value);
        self.write(&target, value, at);
        Some(value)
    }

    fn write_changed(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let variable = changes! { self, tree, at;
            LocalVariableOrWriteNode as_local_variable_or_write_node Local |_: &_| Change::Or;
            LocalVariableAndWriteNode as_local_variable_and_write_node Local |_: &_| Change::And;
            LocalVariableOperatorWriteNode as_local_variable_operator_write_node Local
                |node: &ruby_prism::LocalVariableOperatorWriteNode<'_>| operator(node.binary_operator());
            InstanceVariableOrWriteNode as_instance_variable_or_write_node Instance |_: &_| Change::Or;
            InstanceVariableAndWriteNode as_instance_variable_and_write_node Instance |_: &_| Change::And;
            InstanceVariableOperatorWriteNode as_instance_variable_operator_write_node Instance
                |node: &ruby_prism::InstanceVariableOperatorWriteNode<'_>| operator(node.binary_operator());
            GlobalVariableOrWriteNode as_global_variable_or_write_node Everywhere |_: &_| Change::Or;
            GlobalVariableAndWriteNode as_global_variable_and_write_node Everywhere |_: &_| Change::And;
            GlobalVariableOperatorWriteNode as_global_variable_operator_write_node Everywhere
                |node: &ruby_prism::GlobalVariableOperatorWriteNode<'_>| operator(node.binary_operator());
            ClassVariableOrWriteNode as_class_variable_or_write_node Everywhere |_: &_| Change::Or;
            ClassVariableAndWriteNode as_class_variable_and_write_node Everywhere |_: &_| Change::And;
            ClassVariableOperatorWriteNode as_class_variable_operator_write_node Everywhere
                |node: &ruby_prism::ClassVariableOperatorWriteNode<'_>| operator(node.binary_operator());
            ConstantOrWriteNode as_constant_or_write_node Constant |_: &_| Change::Or;
        };
        variable.or_else(|| self.change_part(tree, at))
    }

    /// An element or attribute that is changed.
    fn change_part(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let (target, change, value) = match tree {
            Tree::IndexOrWriteNode { .. } => {
                let node = tree.as_index_or_write_node()?;
                (self.index_target(node.receiver(), node.arguments(), at)?, Change::Or, node.value())
            }
            Tree::IndexAndWriteNode { .. } => {
                let node = tree.as_index_and_write_node()?;
                (self.index_target(node.receiver(), node.arguments(), at)?, Change::And, node.value())
            }
            Tree::IndexOperatorWriteNode { .. } => {
                let node = tree.as_index_operator_write_node()?;
                let target = self.index_target(node.receiver(), node.arguments(), at)?;
                (target, operator(node.binary_operator()), node.value())
            }
            Tree::CallOrWriteNode { .. } => {
                let node = tree.as_call_or_write_node()?;
                let names = [node.read_name(), node.write_name()];
                (self.attribute(node.receiver(), names, at)?, Change::Or, node.value())
            }
            Tree::CallAndWriteNode { .. } => {
                let node = tree.as_call_and_write_node()?;
                let names = [node.read_name(), node.write_name()];
                (self.attribute(node.receiver(), names, at)?, Change::And, node.value())
            }
            Tree::CallOperatorWriteNode { .. } => {
                let node = tree.as_call_operator_write_node()?;
                let names = [node.read_name(), node.write_name()];
                (self.attribute(node.receiver(), names, at)?, operator(node.binary_operator()), node.value())
            }
            _ => return None,
        };
        Some(self.change(&target, &change, &value, at))
    }

    fn target_of(&self, kind: impl Fn(SmolStr) -> Target, name: &str) -> Target {
        match kind(name.into()) {
            Target::Local(name) => Target::Local(self.local(&name)),
            other => other,
        }
    }

    fn index_target(
        &mut self,
        receiver: Option<Tree<'_>>,
        arguments: Option<ruby_prism::ArgumentsNode<'_>>,
        at: Span,
    ) -> Option<Target> {
        let base = match receiver {
            Some(receiver) => self.nested(&receiver),
            None => self.own_object(at)?,
        };
        let index = self.nested(&arguments?.arguments().first()?);
        Some(Target::Index(base, index))
    }

    fn attribute(
        &mut self,
        receiver: Option<Tree<'_>>,
        [read, write]: [ruby_prism::ConstantId<'_>; 2],
        at: Span,
    ) -> Option<Target> {
        let base = match receiver {
            Some(receiver) => self.nested(&receiver),
            None => self.own_object(at)?,
        };
        Some(Target::Attribute(base, text(read.as_slice()), text(write.as_slice())))
    }

    /// Assigns what comes of what was there and of a value.
    fn change(&mut self, target: &Target, change: &Change, value: &Tree<'_>, at: Span) -> NodeId {
        let before = self.read_target(target, at);
        let value = self.nested(value);
        let changed = match change {
            Change::Or => self.call_native("||", vec![before, value], at),
            Change::And => self.builder.one_of(vec![before, value], at),
            Change::Operator(name) => self.operator(name, before, &[value], at),
        };
        self.write(target, changed, at);
        changed
    }

    fn read_target(&mut self, target: &Target, at: Span) -> NodeId {
        match target {
            Target::Local(name) | Target::Everywhere(name) | Target::Constant(name) => {
                self.builder.read(name, at)
            }
            Target::Instance(name) => self.instance_variable(name, at),
            Target::Index(base, index) => self.builder.node(Node::Index(*base, *index), at),
            Target::Attribute(base, name, _) => {
                let method = self.builder.node(Node::Method(*base, name.clone()), at);
                self.builder.call(method, vec![], at)
            }
            Target::Member(base, name) => self.builder.node(Node::Member(*base, name.clone()), at),
        }
    }

    fn write(&mut self, target: &Target, value: NodeId, at: Span) {
        match target {
            Target::Local(name) => self.builder.assign(name, value, at),
            Target::Everywhere(name) => self.write_everywhere(name, value, at),
            Target::Constant(name) => self.bind_constant(name, value, at),
            Target::Instance(name) => match self.own_object(at) {
                Some(object) => self.builder.store(object, name.clone(), value, at),
                None => self.write_everywhere(name, value, at),
            },
            Target::Index(base, index) => self.builder.store_index(*base, *index, value, at),
            Target::Attribute(base, _, name) => {
                let method = self.builder.node(Node::Method(*base, name.clone()), at);
                self.builder.call(method, vec![Argument::Plain(value)], at);
            }
            Target::Member(base, name) => self.builder.store(*base, name.clone(), value, at),
        }
    }

    /// Writes a variable that is seen from everywhere in the file.
    pub(super) fn write_everywhere(&mut self, name: &SmolStr, value: NodeId, at: Span) {
        if self.places.last() != Some(&Place::File) || !self.builder.is_own(name) {
            self.builder.declare_foreign(name, true);
        }
        self.builder.assign(name, value, at);
    }

    /// Binds a constant in the body around.
    pub(super) fn bind_constant(&mut self, name: &SmolStr, value: NodeId, at: Span) {
        if self.builder.is_own(name) {
            self.builder.assign(name, value, at);
        } else {
            self.write_everywhere(name, value, at);
        }
    }

    /// An assignment to several targets.
    fn write_parts(&mut self, tree: &Tree<'_>, _: Span) -> Option<NodeId> {
        let node = tree.as_multi_write_node()?;
        let value = self.nested(&node.value());
        self.unpack(&node.lefts(), node.rest(), &node.rights(), value);
        Some(value)
    }

    /// Binds a target of an assignment to several, of a loop or of a pattern.
    pub(super) fn bind(&mut self, target: &Tree<'_>, value: NodeId) {
        let at = span(&target.location());
        if let Some(inner) = target.as_multi_target_node() {
            self.unpack_target(&inner, value);
        } else if let Some(inner) = target.as_splat_node() {
            if let Some(inner) = inner.expression() {
                let list = self.builder.node(Node::Slice(value), at);
                self.bind(&inner, list);
            }
        } else if let Some(param) = target.as_required_parameter_node() {
            let name = self.local(&text(param.name().as_slice()));
            self.builder.assign(&name, value, at);
        } else if let Some(target) = self.target(target, at) {
            self.write(&target, value, at);
        }
    }

    fn target(&mut self, tree: &Tree<'_>, at: Span) -> Option<Target> {
        Some(match tree {
            Tree::LocalVariableTargetNode { .. } => {
                self.target_of(Target::Local, &text(tree.as_local_variable_target_node()?.name().as_slice()))
            }
            Tree::InstanceVariableTargetNode { .. } => {
                Target::Instance(text(tree.as_instance_variable_target_node()?.name().as_slice()))
            }
            Tree::GlobalVariableTargetNode { .. } => {
                Target::Everywhere(text(tree.as_global_variable_target_node()?.name().as_slice()))
            }
            Tree::ClassVariableTargetNode { .. } => {
                Target::Everywhere(text(tree.as_class_variable_target_node()?.name().as_slice()))
            }
            Tree::ConstantTargetNode { .. } => {
                Target::Constant(text(tree.as_constant_target_node()?.name().as_slice()))
            }
            Tree::IndexTargetNode { .. } => {
                let node = tree.as_index_target_node()?;
                self.index_target(Some(node.receiver()), node.arguments(), at)?
            }
            Tree::CallTargetNode { .. } => {
                let node = tree.as_call_target_node()?;
                let base = self.nested(&node.receiver());
                let name = text(node.name().as_slice());
                Target::Attribute(base, name.clone(), name)
            }
            _ => return None,
        })
    }

    fn unpack_target(&mut self, target: &MultiTargetNode<'_>, value: NodeId) {
        self.unpack(&target.lefts(), target.rest(), &target.rights(), value);
    }

    fn unpack(&mut self, lefts: &NodeList<'_>, rest: Option<Tree<'_>>, rights: &NodeList<'_>, value: NodeId) {
        for (place, target) in lefts.iter().enumerate() {
            let at = span(&target.location());
            let index = self.builder.node(Node::Number(place.to_string().into()), at);
            let part = self.builder.node(Node::Index(value, index), at);
            self.bind(&target, part);
        }
        if let Some(rest) = rest {
            self.bind(&rest, value);
        }
        for target in rights {
            let at = span(&target.location());
            let part = self.builder.node(Node::Element(value), at);
            self.bind(&target, part);
        }
    }
}

fn operator(name: ruby_prism::ConstantId<'_>) -> Change {
    Change::Operator(text(name.as_slice()))
}
