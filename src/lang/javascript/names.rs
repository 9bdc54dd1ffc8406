//! Which names a body declares, and which a loop writes.

use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentTargetPropertyIdentifier, BindingIdentifier, BindingPattern, Class,
    Declaration, ExportDefaultDeclarationKind, Function, ImportDeclarationSpecifier, SimpleAssignmentTarget,
    Statement, VariableDeclaration, VariableDeclarationKind,
};
use oxc_ast_visit::{Visit, walk};
use oxc_syntax::scope::ScopeFlags;

use crate::text::SmolStr;

/// The names of a function's or module's body: those of its outermost block, and `var`s wherever they stand.
pub(super) fn of_body(body: &[Statement<'_>]) -> Vec<SmolStr> {
    let mut names = of_block(body);
    let mut hoisted = Hoisted::default();
    for statement in body {
        hoisted.visit_statement(statement);
    }
    names.extend(hoisted.names);
    unique(names)
}

/// The names that the statements of one block declare.
pub(super) fn of_block(body: &[Statement<'_>]) -> Vec<SmolStr> {
    let mut names = vec![];
    for statement in body {
        match statement {
            Statement::ImportDeclaration(import) => {
                for specifier in import.specifiers.iter().flatten() {
                    let local = match specifier {
                        ImportDeclarationSpecifier::ImportSpecifier(named) => &named.local,
                        ImportDeclarationSpecifier::ImportDefaultSpecifier(default) => &default.local,
                        ImportDeclarationSpecifier::ImportNamespaceSpecifier(all) => &all.local,
                    };
                    names.push(local.name.as_str().into());
                }
            }
            Statement::ExportDeclaration(export) => of_declaration(&export.declaration, &mut names),
            Statement::ExportDefaultDeclaration(export) => match &export.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                    names.extend(function.id.iter().map(|id| SmolStr::from(id.name.as_str())));
                }
                ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                    names.extend(class.id.iter().map(|id| SmolStr::from(id.name.as_str())));
                }
                _ => {}
            },
            other => {
                if let Some(declaration) = other.as_declaration() {
                    of_declaration(declaration, &mut names);
                }
            }
        }
    }
    unique(names)
}

fn of_declaration(declaration: &Declaration<'_>, names: &mut Vec<SmolStr>) {
    match declaration {
        Declaration::VariableDeclaration(variables) => of_variables(variables, names),
        Declaration::TSNamespaceDeclaration(namespace) if !namespace.declare => {
            names.push(namespace.id.name.as_str().into());
        }
        other => names.extend(other.id().map(|id| SmolStr::from(id.name.as_str()))),
    }
}

/// The names of a declaration of variables.
pub(super) fn of_variables(variables: &VariableDeclaration<'_>, names: &mut Vec<SmolStr>) {
    for declarator in &variables.declarations {
        of_pattern(&declarator.id, names);
    }
}

/// The names that a pattern binds.
pub(super) fn of_pattern(pattern: &BindingPattern<'_>, names: &mut Vec<SmolStr>) {
    names.extend(pattern.get_binding_identifiers().iter().map(|id| SmolStr::from(id.name.as_str())));
}

/// The names that something in a loop writes.
pub(super) fn written(visit: impl FnOnce(&mut Written)) -> Vec<SmolStr> {
    let mut written = Written::default();
    visit(&mut written);
    unique(written.names)
}

fn unique(mut names: Vec<SmolStr>) -> Vec<SmolStr> {
    let mut seen = rustc_hash::FxHashSet::default();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// Collects the names of `var`s.
#[derive(Default)]
struct Hoisted {
    names: Vec<SmolStr>,
}

impl<'a> Visit<'a> for Hoisted {
    fn visit_variable_declaration(&mut self, variables: &VariableDeclaration<'a>) {
        if variables.kind == VariableDeclarationKind::Var {
            of_variables(variables, &mut self.names);
        }
    }

    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {}

    fn visit_class(&mut self, _: &Class<'a>) {}
}

/// Collects the names that are written.
#[derive(Default)]
pub(super) struct Written {
    names: Vec<SmolStr>,
}

impl<'a> Visit<'a> for Written {
    fn visit_binding_identifier(&mut self, id: &BindingIdentifier<'a>) {
        self.names.push(id.name.as_str().into());
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        if let SimpleAssignmentTarget::AssignmentTargetIdentifier(id) = target {
            self.names.push(id.name.as_str().into());
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property_identifier(
        &mut self,
        property: &AssignmentTargetPropertyIdentifier<'a>,
    ) {
        self.names.push(property.binding.name.as_str().into());
        walk::walk_assignment_target_property_identifier(self, property);
    }

    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_arrow_function_expression(&mut self, _: &ArrowFunctionExpression<'a>) {}

    fn visit_class(&mut self, _: &Class<'a>) {}
}
