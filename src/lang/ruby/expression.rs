//! Expressions: in Ruby, everything is one.

use ruby_prism::{Node as Tree, NodeList, StatementsNode};

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::{Lowering, call, control, span, text};

impl Lowering<'_> {
    /// Statements one after the other; the value is that of the last.
    pub(super) fn statements(&mut self, statements: Option<StatementsNode<'_>>) -> NodeId {
        let mut value = None;
        for tree in statements.iter().flat_map(|statements| statements.body().iter()) {
            value = Some(self.nested(&tree));
            // What stands behind is never reached.
            if control::leaves(&tree) {
                break;
            }
        }
        value.unwrap_or_else(|| self.nil(Span::default()))
    }

    /// The value of an expression.
    pub(super) fn expression(&mut self, tree: &Tree<'_>) -> NodeId {
        let at = span(&tree.location());
        if let Some(call) = tree.as_call_node() {
            return self.call(&call);
        }
        let value = self.literal(tree, at).or_else(|| self.variable(tree, at));
        let value = value.or_else(|| self.definition_of(tree, at)).or_else(|| self.written(tree, at));
        value.or_else(|| self.controlled(tree, at)).unwrap_or_else(|| self.builder.unknown(at))
    }

    fn literal(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        Some(match tree {
            Tree::StringNode { .. } => {
                let string = tree.as_string_node()?;
                self.builder.text(&text(string.unescaped()), at)
            }
            Tree::SymbolNode { .. } => {
                let symbol = tree.as_symbol_node()?;
                self.builder.text(&text(symbol.unescaped()), at)
            }
            Tree::InterpolatedStringNode { .. } => {
                self.interpolated(&tree.as_interpolated_string_node()?.parts(), at)
            }
            Tree::InterpolatedSymbolNode { .. } => {
                self.interpolated(&tree.as_interpolated_symbol_node()?.parts(), at)
            }
            Tree::XStringNode { .. } => self.call_native("system", vec![], at),
            Tree::InterpolatedXStringNode { .. } => {
                self.interpolated(&tree.as_interpolated_x_string_node()?.parts(), at);
                self.call_native("system", vec![], at)
            }
            Tree::IntegerNode { .. } | Tree::FloatNode { .. } | Tree::RationalNode { .. } => {
                let spelled = self.spelled(&tree.location()).replace('_', "");
                self.builder.node(Node::Number(spelled.into()), at)
            }
            Tree::TrueNode { .. } => self.builder.node(Node::Flag(true), at),
            Tree::FalseNode { .. } => self.builder.node(Node::Flag(false), at),
            Tree::NilNode { .. } => self.nil(at),
            Tree::ArrayNode { .. } => {
                let elements = self.elements(&tree.as_array_node()?.elements());
                self.builder.node(Node::List(elements), at)
            }
            Tree::HashNode { .. } => {
                let elements: Vec<Tree<'_>> = tree.as_hash_node()?.elements().iter().collect();
                self.record(&elements, at)
            }
            Tree::KeywordHashNode { .. } => {
                let elements: Vec<Tree<'_>> = tree.as_keyword_hash_node()?.elements().iter().collect();
                self.record(&elements, at)
            }
            Tree::RangeNode { .. } => {
                let range = tree.as_range_node()?;
                let ends: Vec<NodeId> =
                    range.left().iter().chain(&range.right()).map(|end| self.nested(end)).collect();
                self.call_native("(range)", ends, at)
            }
            Tree::LambdaNode { .. } => self.lambda(&tree.as_lambda_node()?),
            _ => return None,
        })
    }

    fn elements(&mut self, list: &NodeList<'_>) -> Vec<Argument> {
        let mut elements = vec![];
        for tree in list {
            elements.push(match tree.as_splat_node().and_then(|splat| splat.expression()) {
                Some(inner) => Argument::Spread(self.nested(&inner)),
                None => Argument::Plain(self.nested(&tree)),
            });
        }
        elements
    }

    /// A record of pairs and of what is spread into it.
    pub(super) fn record(&mut self, elements: &[Tree<'_>], at: Span) -> NodeId {
        let mut pairs = vec![];
        for tree in elements {
            if let Some(pair) = tree.as_assoc_node() {
                let key = self.nested(&pair.key());
                pairs.push((Some(key), self.nested(&pair.value())));
            } else if let Some(inner) = tree.as_assoc_splat_node().and_then(|spread| spread.value()) {
                pairs.push((None, self.nested(&inner)));
            }
        }
        self.builder.node(Node::Record(pairs), at)
    }

    fn interpolated(&mut self, parts: &NodeList<'_>, at: Span) -> NodeId {
        let mut values = vec![];
        for part in parts {
            values.push(match part.as_embedded_statements_node() {
                Some(inner) => self.statements(inner.statements()),
                None => match part.as_embedded_variable_node() {
                    Some(inner) => self.nested(&inner.variable()),
                    None => self.nested(&part),
                },
            });
        }
        self.builder.node(Node::Concat(values), at)
    }

    fn variable(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        Some(match tree {
            Tree::LocalVariableReadNode { .. } => {
                let name = self.local(&text(tree.as_local_variable_read_node()?.name().as_slice()));
                self.builder.read(&name, at)
            }
            Tree::ItLocalVariableReadNode { .. } => {
                let name = self.local("it");
                self.builder.read(&name, at)
            }
            Tree::InstanceVariableReadNode { .. } => {
                let name = text(tree.as_instance_variable_read_node()?.name().as_slice());
                self.instance_variable(&name, at)
            }
            Tree::ClassVariableReadNode { .. } => {
                let name = text(tree.as_class_variable_read_node()?.name().as_slice());
                self.builder.read(&name, at)
            }
            Tree::GlobalVariableReadNode { .. } => {
                let name = text(tree.as_global_variable_read_node()?.name().as_slice());
                self.builder.read(&name, at)
            }
            Tree::ConstantReadNode { .. } => {
                let name = text(tree.as_constant_read_node()?.name().as_slice());
                self.builder.read(&name, at)
            }
            Tree::ConstantPathNode { .. } => {
                let path = tree.as_constant_path_node()?;
                let name = text(path.name()?.as_slice());
                match path.parent() {
                    Some(outer) => {
                        let outer = self.nested(&outer);
                        self.builder.node(Node::Member(outer, name), span(&path.name_loc()))
                    }
                    None => self.builder.node(Node::Free(name), at),
                }
            }
            Tree::SelfNode { .. } => match self.itself(at) {
                Some(object) => object,
                None => self.builder.unknown(at),
            },
            Tree::ImplicitNode { .. } => self.nested(&tree.as_implicit_node()?.value()),
            _ => return None,
        })
    }

    /// A field of the object; outside of a class a variable that the whole file sees.
    pub(super) fn instance_variable(&mut self, name: &str, at: Span) -> NodeId {
        match self.own_object(at) {
            Some(object) => self.builder.node(Node::Member(object, name.into()), at),
            None => self.builder.read(name, at),
        }
    }

    fn definition_of(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        Some(match tree {
            Tree::DefNode { .. } => self.definition(&tree.as_def_node()?),
            Tree::ClassNode { .. } => self.class(&tree.as_class_node()?),
            Tree::ModuleNode { .. } => self.module(&tree.as_module_node()?),
            Tree::SingletonClassNode { .. } => self.singleton(&tree.as_singleton_class_node()?),
            Tree::AliasMethodNode { .. } => {
                let alias = tree.as_alias_method_node()?;
                let (new, old) = (call::symbol(&alias.new_name())?, call::symbol(&alias.old_name())?);
                self.alias(&new, &old, at);
                self.nil(at)
            }
            Tree::SuperNode { .. } => {
                let call = tree.as_super_node()?;
                let mut arguments = self.arguments(call.arguments());
                if let Some(block) = call.block() {
                    let value = self.block_value(&block);
                    arguments.push(Argument::Named(crate::ir::BLOCK.into(), value));
                }
                self.above(Some(arguments), at)
            }
            Tree::ForwardingSuperNode { .. } => self.above(None, at),
            Tree::YieldNode { .. } => {
                let arguments = self.arguments(tree.as_yield_node()?.arguments());
                self.call_block(arguments, at)
            }
            _ => return None,
        })
    }
}
