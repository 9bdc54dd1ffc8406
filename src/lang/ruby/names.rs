//! Which names a file or body declares, and which variables a loop or block writes.

use ruby_prism::{
    BlockNode, CallNode, ClassNode, ClassVariableAndWriteNode, ClassVariableOperatorWriteNode,
    ClassVariableOrWriteNode, ClassVariableTargetNode, ClassVariableWriteNode, ConstantOrWriteNode,
    ConstantWriteNode, DefNode, GlobalVariableAndWriteNode, GlobalVariableOperatorWriteNode,
    GlobalVariableOrWriteNode, GlobalVariableTargetNode, GlobalVariableWriteNode,
    InstanceVariableAndWriteNode, InstanceVariableOperatorWriteNode, InstanceVariableOrWriteNode,
    InstanceVariableTargetNode, InstanceVariableWriteNode, LambdaNode, LocalVariableAndWriteNode,
    LocalVariableOperatorWriteNode, LocalVariableOrWriteNode, LocalVariableTargetNode,
    LocalVariableWriteNode, ModuleNode, Node as Tree, SingletonClassNode, Visit, visit_call_node,
    visit_class_node, visit_module_node,
};

use crate::text::SmolStr;

use super::{call, text};

/// What a file declares.
#[derive(Default)]
pub(super) struct FileNames {
    /// Everything that is seen from everywhere in the file.
    pub module: Vec<SmolStr>,
    /// The methods among it.
    pub methods: Vec<SmolStr>,
}

/// The names that a file declares.
pub(super) fn of_file(tree: &Tree<'_>) -> FileNames {
    let mut body = Declared::default();
    body.visit(tree);
    let mut variables = Variables::default();
    variables.visit(tree);
    let mut module = body.names;
    module.extend(variables.names);
    FileNames { module, methods: body.methods }
}

/// The names that the body of a class or module declares.
pub(super) fn of_body(body: Option<&Tree<'_>>) -> Vec<SmolStr> {
    let mut declared = Declared::default();
    if let Some(body) = body {
        declared.visit(body);
    }
    declared.names.extend(declared.stated);
    declared.names
}

/// The local variables that a part of a routine writes, also in blocks inside.
pub(super) fn written(trees: &[&Tree<'_>]) -> Vec<SmolStr> {
    let mut written = Written::default();
    for tree in trees {
        written.visit(tree);
    }
    written.names.sort();
    written.names.dedup();
    written.names
}

/// Constants, classes and methods of a body, not of the bodies inside.
#[derive(Default)]
struct Declared {
    names: Vec<SmolStr>,
    methods: Vec<SmolStr>,
    /// What calls without a receiver state.
    stated: Vec<SmolStr>,
}

impl<'pr> Visit<'pr> for Declared {
    fn visit_def_node(&mut self, node: &DefNode<'pr>) {
        self.names.push(text(node.name().as_slice()));
        self.methods.push(text(node.name().as_slice()));
    }

    fn visit_class_node(&mut self, node: &ClassNode<'pr>) {
        self.names.push(text(node.name().as_slice()));
    }

    fn visit_module_node(&mut self, node: &ModuleNode<'pr>) {
        self.names.push(text(node.name().as_slice()));
    }

    fn visit_singleton_class_node(&mut self, node: &SingletonClassNode<'pr>) {
        if let Some(body) = node.body() {
            self.visit(&body);
        }
    }

    fn visit_constant_write_node(&mut self, node: &ConstantWriteNode<'pr>) {
        self.names.push(text(node.name().as_slice()));
        self.visit(&node.value());
    }

    fn visit_constant_or_write_node(&mut self, node: &ConstantOrWriteNode<'pr>) {
        self.names.push(text(node.name().as_slice()));
    }

    fn visit_alias_method_node(&mut self, node: &ruby_prism::AliasMethodNode<'pr>) {
        self.names.extend(call::symbol(&node.new_name()));
    }

    fn visit_call_node(&mut self, node: &CallNode<'pr>) {
        if node.receiver().is_none() {
            self.names.extend(call::declared(node));
            self.stated.push(super::stated_name(&text(node.name().as_slice())));
        }
        visit_call_node(self, node);
    }

    fn visit_block_node(&mut self, _: &BlockNode<'pr>) {}

    fn visit_lambda_node(&mut self, _: &LambdaNode<'pr>) {}
}

/// Variables that are seen from everywhere in a file.
#[derive(Default)]
struct Variables {
    names: Vec<SmolStr>,
    /// Whether the code stands in a class.
    inside: bool,
}

impl Variables {
    fn add(&mut self, name: &[u8]) {
        self.names.push(text(name));
    }

    fn add_instance(&mut self, name: &[u8]) {
        if !self.inside {
            self.add(name);
        }
    }
}

/// Visitors of the ways in which a kind of variable is written.
macro_rules! writes {
    ($add:ident: $($method:ident $node:ident),* $(,)?) => {$(
        fn $method(&mut self, node: &$node<'pr>) {
            self.$add(node.name().as_slice());
            self.visit(&node.value());
        }
    )*};
}

impl<'pr> Visit<'pr> for Variables {
    fn visit_class_node(&mut self, node: &ClassNode<'pr>) {
        let outer = std::mem::replace(&mut self.inside, true);
        visit_class_node(self, node);
        self.inside = outer;
    }

    fn visit_module_node(&mut self, node: &ModuleNode<'pr>) {
        let outer = std::mem::replace(&mut self.inside, true);
        visit_module_node(self, node);
        self.inside = outer;
    }

    writes! { add:
        visit_global_variable_write_node GlobalVariableWriteNode,
        visit_global_variable_or_write_node GlobalVariableOrWriteNode,
        visit_global_variable_and_write_node GlobalVariableAndWriteNode,
        visit_global_variable_operator_write_node GlobalVariableOperatorWriteNode,
        visit_class_variable_write_node ClassVariableWriteNode,
        visit_class_variable_or_write_node ClassVariableOrWriteNode,
        visit_class_variable_and_write_node ClassVariableAndWriteNode,
        visit_class_variable_operator_write_node ClassVariableOperatorWriteNode,
    }

    writes! { add_instance:
        visit_instance_variable_write_node InstanceVariableWriteNode,
        visit_instance_variable_or_write_node InstanceVariableOrWriteNode,
        visit_instance_variable_and_write_node InstanceVariableAndWriteNode,
        visit_instance_variable_operator_write_node InstanceVariableOperatorWriteNode,
    }

    fn visit_global_variable_target_node(&mut self, node: &GlobalVariableTargetNode<'pr>) {
        self.add(node.name().as_slice());
    }

    fn visit_class_variable_target_node(&mut self, node: &ClassVariableTargetNode<'pr>) {
        self.add(node.name().as_slice());
    }

    fn visit_instance_variable_target_node(&mut self, node: &InstanceVariableTargetNode<'pr>) {
        self.add_instance(node.name().as_slice());
    }
}

/// Local variables that are written.
#[derive(Default)]
struct Written {
    names: Vec<SmolStr>,
}

impl Written {
    fn add(&mut self, name: &[u8]) {
        self.names.push(text(name));
    }
}

impl<'pr> Visit<'pr> for Written {
    writes! { add:
        visit_local_variable_write_node LocalVariableWriteNode,
        visit_local_variable_or_write_node LocalVariableOrWriteNode,
        visit_local_variable_and_write_node LocalVariableAndWriteNode,
        visit_local_variable_operator_write_node LocalVariableOperatorWriteNode,
    }

    fn visit_local_variable_target_node(&mut self, node: &LocalVariableTargetNode<'pr>) {
        self.add(node.name().as_slice());
    }

    fn visit_def_node(&mut self, _: &DefNode<'pr>) {}

    fn visit_class_node(&mut self, _: &ClassNode<'pr>) {}

    fn visit_module_node(&mut self, _: &ModuleNode<'pr>) {}
}
