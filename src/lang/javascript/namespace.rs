//! Namespaces: records of what they export.

use oxc_ast::ast::{Declaration, Statement, TSNamespaceDeclaration, TSNamespaceDeclarationBody};

use crate::ir::{Node, NodeId};
use crate::text::SmolStr;

use super::{Lowering, names, span};

impl Lowering {
    /// A namespace; one that is declared again adds to what is there.
    pub(super) fn namespace(&mut self, namespace: &TSNamespaceDeclaration<'_>) {
        if namespace.declare {
            return;
        }
        let at = span(&namespace.id);
        let known = self.builder.read(&namespace.id.name, at);
        let mut fields = vec![(None, known)];
        let outer = std::mem::take(&mut self.exports);
        match &namespace.body {
            TSNamespaceDeclarationBody::TSModuleBlock(block) => {
                self.builder.enter_block(names::of_block(&block.body));
                for statement in &block.body {
                    if let Statement::ExportDeclaration(export) = statement
                        && let Declaration::FunctionDeclaration(function) = &export.declaration
                    {
                        self.function_declaration(function);
                    }
                }
                self.body(&block.body);
            }
            // `namespace a.b {}`
            TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => {
                let name = SmolStr::from(inner.id.name.as_str());
                self.builder.enter_block([name.clone()]);
                self.namespace(inner);
                self.exports.push((name.clone(), name));
            }
        }
        for (outside, inside) in std::mem::take(&mut self.exports) {
            let key: NodeId = self.builder.text(&outside, at);
            let value = self.builder.read(&inside, at);
            fields.push((Some(key), value));
        }
        self.builder.leave_block();
        self.exports = outer;
        let record = self.builder.node(Node::Record(fields), at);
        self.builder.assign(&namespace.id.name, record, at);
    }
}
