//! Imports and exports, of both kinds of module.

use oxc_ast::ast::{
    Declaration, ExportDefaultDeclarationKind, ImportDeclaration, ImportDeclarationSpecifier,
    ImportOrExportKind, ModuleDeclaration, ModuleExportName, Program, Statement, TSImportEqualsDeclaration,
    TSModuleReference,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::{EXPORTS, Lowering, names, span};

impl Lowering {
    /// The module's body. What declarations export is written at the end, where everything has its value.
    pub(super) fn program(&mut self, program: &Program<'_>) {
        let at = Span::default();
        if !program.body.iter().any(replaces_exports) {
            let record = self.builder.node(Node::Record(vec![]), at);
            self.builder.assign(EXPORTS, record, at);
        }
        for statement in &program.body {
            match statement {
                Statement::ExportDeclaration(export) => {
                    if let Declaration::FunctionDeclaration(function) = &export.declaration {
                        self.function_declaration(function);
                    }
                }
                Statement::ExportDefaultDeclaration(export) => {
                    if let ExportDefaultDeclarationKind::FunctionDeclaration(function) = &export.declaration {
                        self.function_declaration(function);
                    }
                }
                _ => {}
            }
        }
        self.body(&program.body);
        for (outside, inside) in std::mem::take(&mut self.exports) {
            let value = self.builder.read(&inside, at);
            self.export(&outside, value, at);
        }
    }

    fn export(&mut self, name: &str, value: NodeId, at: Span) {
        let exports = self.builder.read(EXPORTS, at);
        self.builder.store(exports, name.into(), value, at);
    }

    /// A module as its importer sees it.
    pub(super) fn imported(&mut self, name: &str, at: Span) -> NodeId {
        let name = name.strip_prefix("node:").unwrap_or(name);
        let level = u32::from(name.starts_with('.'));
        self.builder.import(name.into(), level, None, at)
    }

    pub(super) fn module_declaration(&mut self, declaration: &ModuleDeclaration<'_>) {
        match declaration {
            ModuleDeclaration::ImportDeclaration(import) => self.import(import),
            ModuleDeclaration::ExportDeclaration(export) => {
                self.declaration(&export.declaration);
                let mut declared = vec![];
                match &export.declaration {
                    Declaration::VariableDeclaration(variables) => {
                        names::of_variables(variables, &mut declared);
                    }
                    other => declared.extend(other.id().map(|id| SmolStr::from(id.name.as_str()))),
                }
                self.exports.extend(declared.into_iter().map(|name| (name.clone(), name)));
            }
            ModuleDeclaration::ExportNamedDeclaration(export) => {
                for specifier in &export.specifiers {
                    self.exports.push((export_name(&specifier.exported), export_name(&specifier.local)));
                }
            }
            ModuleDeclaration::ExportFromDeclaration(export) => {
                if export.export_kind == ImportOrExportKind::Type {
                    return;
                }
                let at = span(&export.source);
                let module = self.imported(&export.source.value, at);
                for specifier in &export.specifiers {
                    let at = span(specifier);
                    let value = self.member_of(module, &export_name(&specifier.local), at);
                    self.export(&export_name(&specifier.exported), value, at);
                }
            }
            ModuleDeclaration::ExportAllDeclaration(all) => {
                let at = span(&all.source);
                let module = self.imported(&all.source.value, at);
                if let Some(name) = &all.exported {
                    self.export(&export_name(name), module, at);
                } else {
                    let exports = self.builder.read(EXPORTS, at);
                    let assign = self.native("Object.assign", at);
                    let arguments = vec![Argument::Plain(exports), Argument::Plain(module)];
                    self.builder.call(assign, arguments, at);
                }
            }
            ModuleDeclaration::ExportDefaultDeclaration(export) => self.export_default(&export.declaration),
            ModuleDeclaration::TSExportAssignment(export) => {
                let value = self.nested(&export.expression);
                self.builder.assign(EXPORTS, value, span(export.as_ref()));
            }
            ModuleDeclaration::TSNamespaceExportDeclaration(_) => {}
        }
    }

    fn export_default(&mut self, declaration: &ExportDefaultDeclarationKind<'_>) {
        let at = span(declaration);
        let value = match declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => match &function.id {
                Some(id) => self.builder.read(&id.name, at),
                None => self.plain(function, "default", at),
            },
            ExportDefaultDeclarationKind::ClassDeclaration(class) => match &class.id {
                Some(id) => {
                    self.class_declaration(class);
                    self.builder.read(&id.name, at)
                }
                None => self.class(class, "default".into(), at),
            },
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(_) => return,
            other => match other.as_expression() {
                Some(value) => self.named("default", value),
                None => return,
            },
        };
        self.export("default", value, at);
    }

    fn import(&mut self, import: &ImportDeclaration<'_>) {
        let at = span(&import.source);
        let module = self.imported(&import.source.value, at);
        for specifier in import.specifiers.iter().flatten() {
            let at = span(specifier);
            let (local, value) = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(named) => {
                    (&named.local, self.member_of(module, &export_name(&named.imported), at))
                }
                ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => {
                    (&default.local, self.default_of(module, at))
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => (&all.local, module),
            };
            self.builder.assign(&local.name, value, at);
        }
    }

    fn member_of(&mut self, module: NodeId, name: &str, at: Span) -> NodeId {
        if name == "default" {
            return self.default_of(module, at);
        }
        self.builder.node(Node::Member(module, name.into()), at)
    }

    /// `import x = require("y")` and `import x = a.b`.
    pub(super) fn import_equals(&mut self, import: &TSImportEqualsDeclaration<'_>) {
        let at = span(&import.id);
        let value = match &import.module_reference {
            TSModuleReference::ExternalModuleReference(module) => {
                self.imported(&module.expression.value, span(&module.expression))
            }
            TSModuleReference::IdentifierReference(id) => self.builder.read(&id.name, at),
            TSModuleReference::QualifiedName(_) => self.builder.unknown(at),
        };
        self.builder.assign(&import.id.name, value, at);
    }
}

/// Whether a statement puts something in the place of the object that a module exports.
fn replaces_exports(statement: &Statement<'_>) -> bool {
    use oxc_ast::ast::{AssignmentTarget, Expression};
    let Statement::ExpressionStatement(statement) = statement else { return false };
    let mut expression = &statement.expression;
    while let Expression::AssignmentExpression(assignment) = expression {
        if let AssignmentTarget::StaticMemberExpression(member) = &assignment.left
            && member.property.name == "exports"
            && member.object.is_specific_id("module")
        {
            return true;
        }
        expression = &assignment.right;
    }
    false
}

fn export_name(name: &ModuleExportName<'_>) -> SmolStr {
    name.name().as_str().into()
}
