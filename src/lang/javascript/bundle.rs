//! Bundles: files in which a bundler put many modules, each a function that is called once. A module is lowered as a routine
//! of its own that gives what the module exports, so that what many modules have in common keeps them apart.

use indexmap::IndexMap;
use oxc_ast::ast::{
    Argument as Given, CallExpression, ComputedMemberExpression, Expression, Function, ObjectPropertyKind,
    Program, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::GetSpan;
use oxc_syntax::scope::ScopeFlags;

use crate::ir::{Argument, Closure, Node, NodeId, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{Lowering, span};

/// The folder of installed packages, as bundlers name modules.
const INSTALLED: &str = "node_modules/";
/// Folders of a package that hold what its build wrote: what stands there is what the package exports.
const BUILT: [&str; 12] =
    ["build", "cjs", "dist", "dist-cjs", "dist-es", "es", "esm", "index", "lib", "main", "out", "src"];

/// What a helper does with the function that is a module.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapper {
    /// Calls it with `exports` and `module`.
    CommonJs,
    /// Calls it with nothing.
    Init,
}

/// The helpers of a bundle, as far as a file is one.
#[derive(Default)]
pub(super) struct Bundle {
    /// Helpers that make a module of a function, by name.
    wrappers: IndexMap<SmolStr, Wrapper>,
    /// Functions that give a module by its number or path, each with the variable that holds all modules.
    requires: IndexMap<SmolStr, SmolStr>,
    /// The names that such a function has in the modules around.
    aliases: Vec<SmolStr>,
    /// The modules that are lowered as routines, by number or path.
    modules: Vec<SmolStr>,
}

impl Bundle {
    /// Finds the helpers of a program.
    pub(super) fn of(program: &Program<'_>) -> Self {
        let mut finder = Finder { text: program.source_text, bundle: Self::default(), functions: vec![] };
        finder.visit_program(program);
        let mut bundle = finder.bundle;
        bundle.aliases = bundle.requires.keys().cloned().collect();
        bundle
    }
}

/// Looks for the helpers.
struct Finder<'t> {
    text: &'t str,
    bundle: Bundle,
    /// The functions around that have a name, with those of their first parameters.
    functions: Vec<(SmolStr, SmolStr)>,
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        let name = declarator.id.get_identifier_name();
        if let (Some(name), Some(init @ Expression::ArrowFunctionExpression(arrow))) =
            (name, &declarator.init)
            && arrow.params.items.len() == 2
            && super::copy::only_result(init).is_some_and(is_function)
        {
            let at = arrow.span();
            let text = self.text.get(at.start as usize..at.end as usize).unwrap_or_default();
            let text: String = text.split_whitespace().collect();
            if text.contains("{exports:{}}") {
                self.bundle.wrappers.insert(name.as_str().into(), Wrapper::CommonJs);
            } else if text.contains("=0)") {
                self.bundle.wrappers.insert(name.as_str().into(), Wrapper::Init);
            }
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        let first = function.params.items.first().and_then(|first| first.pattern.get_identifier_name());
        let named = function.id.as_ref().zip(first);
        if let Some((id, first)) = &named {
            self.functions.push((id.name.as_str().into(), first.as_str().into()));
        }
        walk::walk_function(self, function, flags);
        if named.is_some() {
            self.functions.pop();
        }
    }

    /// `modules[id](module, module.exports, require)` in `function require(id)`
    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Some((own, id)) = self.functions.last()
            && let Some(member) = called_element(&call.callee)
            && member.expression.is_specific_id(id)
            && let Expression::Identifier(modules) = &member.object
            && matches!(call.arguments.last(), Some(Given::Identifier(last)) if last.name == own.as_str())
        {
            self.bundle.requires.insert(own.clone(), modules.name.as_str().into());
        }
        walk::walk_call_expression(self, call);
    }
}

/// The element that is called, by itself or by `call`.
fn called_element<'a, 'b>(callee: &'b Expression<'a>) -> Option<&'b ComputedMemberExpression<'a>> {
    match callee {
        Expression::ComputedMemberExpression(member) => Some(member),
        Expression::StaticMemberExpression(call) if call.property.name == "call" => match &call.object {
            Expression::ComputedMemberExpression(member) => Some(member),
            _ => None,
        },
        _ => None,
    }
}

const fn is_function(expression: &Expression<'_>) -> bool {
    matches!(expression, Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_))
}

impl Lowering {
    /// The modules of a bundle, where a variable of that name holds them: each becomes a routine.
    pub(super) fn bundled_modules(&mut self, name: &str, all: &Expression<'_>) {
        if !self.has_modules(name) {
            return;
        }
        let mut modules: Vec<(String, &Expression<'_>)> = vec![];
        match all {
            Expression::ObjectExpression(object) => {
                for property in &object.properties {
                    if let ObjectPropertyKind::ObjectProperty(property) = property
                        && let Some(key) = property.key.static_name()
                    {
                        modules.push((key.to_string(), &property.value));
                    }
                }
            }
            Expression::ArrayExpression(array) => {
                for (place, element) in array.elements.iter().enumerate() {
                    modules.extend(element.as_expression().map(|value| (place.to_string(), value)));
                }
            }
            _ => {}
        }
        modules.retain(|(_, value)| is_function(value));
        for (key, _) in &modules {
            self.builder.declare(variable(key));
            self.bundle.modules.push(key.as_str().into());
        }
        for (key, function) in modules {
            let at = span(function);
            let alias = third_parameter(function);
            self.bundle.aliases.extend(alias.clone());
            let value = self.module_routine(Some(&key), function, Wrapper::CommonJs, false, at);
            if alias.is_some() {
                self.bundle.aliases.pop();
            }
            self.builder.assign(&variable(&key), value, at);
        }
    }

    /// A routine that gives what a module exports.
    fn module_routine(
        &mut self,
        key: Option<&str>,
        function: &Expression<'_>,
        wrapper: Wrapper,
        exports_first: bool,
        at: Span,
    ) -> NodeId {
        let routine = self.builder.enter("<module>".into(), RoutineKind::Plain, vec![], [], at);
        let callee = self.nested(function);
        let result = if wrapper == Wrapper::Init {
            self.builder.call(callee, vec![], at)
        } else {
            let exports = self.builder.node(Node::Record(vec![]), at);
            let name = self.builder.text("exports", at);
            let module = self.builder.node(Node::Record(vec![(Some(name), exports)]), at);
            let mut arguments = vec![Argument::Plain(module), Argument::Plain(exports)];
            if exports_first {
                arguments.reverse();
            } else if let Some(require) = self.bundle.requires.keys().next().cloned() {
                arguments.push(Argument::Plain(self.builder.read(&require, at)));
            }
            self.builder.call(callee, arguments, at);
            self.builder.node(Node::Member(module, "exports".into()), at)
        };
        self.builder.node(Node::Return(result), at);
        self.builder.leave();
        self.builder.set_receiver(routine, crate::ir::Receiver::None);
        let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
        let value = self.builder.closure(closure, at);
        match key.and_then(installed) {
            Some(package) => self.vendored(&package, value, at),
            None => value,
        }
    }

    /// A routine that gives what an installed package exports: what is known of it, else what the bundle has of it.
    fn vendored(&mut self, package: &str, source: NodeId, at: Span) -> NodeId {
        let name = self.fresh("package");
        self.builder.declare(name.clone());
        self.builder.assign(&name, source, at);
        let routine = self.builder.enter("<package>".into(), RoutineKind::Plain, vec![], [], at);
        let known = self.imported(package, at);
        let source = self.builder.read(&name, at);
        let vendored = self.native("vendored", at);
        let arguments = vec![Argument::Plain(known), Argument::Plain(source)];
        let result = self.builder.call(vendored, arguments, at);
        self.builder.node(Node::Return(result), at);
        self.builder.leave();
        self.builder.set_receiver(routine, crate::ir::Receiver::None);
        self.builder.closure(Closure { routine, defaults: vec![], declared: vec![], result: None }, at)
    }

    /// A call of a bundle's helpers; `None` for any other call.
    pub(super) fn bundle_call(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        let Expression::Identifier(callee) = &call.callee else { return None };
        let at = span(call);
        let [given] = call.arguments.as_slice() else { return None };
        let given = given.as_expression()?;
        if let Some(wrapper) = self.bundle.wrappers.get(callee.name.as_str()).copied() {
            let (key, function) = wrapped(given)?;
            return Some(self.module_routine(key.as_deref(), function, wrapper, true, at));
        }
        if !self.bundle.aliases.iter().any(|alias| alias == callee.name.as_str()) {
            return None;
        }
        let key = module_key(given).filter(|key| self.bundle.modules.iter().any(|known| known == key))?;
        let routine = self.builder.read(&variable(&key), at);
        Some(self.builder.call(routine, vec![], at))
    }

    /// A function that is called where it stands, with the modules of a bundle; `None` for any other.
    pub(super) fn bundle_function(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        if self.bundle.requires.is_empty() {
            return None;
        }
        let Expression::FunctionExpression(function) = &call.callee else { return None };
        let params = function.params.items.iter();
        let mut given = params.zip(&call.arguments).filter_map(|(param, given)| {
            Some((param.pattern.get_identifier_name()?, given.as_expression()?))
        });
        let (name, modules) = given.find(|(name, _)| self.has_modules(name))?;
        let at = span(function.as_ref());
        Some(self.routine(function, "<bundle>", at, false, &mut |lowering| {
            lowering.bundled_modules(&name, modules);
        }))
    }

    fn has_modules(&self, name: &str) -> bool {
        self.bundle.requires.values().any(|modules| modules == name)
    }
}

/// The variable that holds the routine of a module.
fn variable(key: &str) -> SmolStr {
    format!("<module {key}>").into()
}

/// The number or path in `require(17)` and `require(require.s = 17)`.
fn module_key(mut given: &Expression<'_>) -> Option<SmolStr> {
    while let Expression::AssignmentExpression(assignment) = given {
        given = &assignment.right;
    }
    match given {
        Expression::StringLiteral(text) => Some(text.value.as_str().into()),
        Expression::NumericLiteral(number) => Some(number.value.to_string().into()),
        _ => None,
    }
}

/// The function that is a module, with its path where the bundle has it.
fn wrapped<'a, 'b>(given: &'b Expression<'a>) -> Option<(Option<String>, &'b Expression<'a>)> {
    match given {
        Expression::ObjectExpression(object) => match object.properties.as_slice() {
            [ObjectPropertyKind::ObjectProperty(only)] if is_function(&only.value) => {
                Some((only.key.static_name().map(|name| name.to_string()), &only.value))
            }
            _ => None,
        },
        function if is_function(function) => Some((None, function)),
        _ => None,
    }
}

fn third_parameter(function: &Expression<'_>) -> Option<SmolStr> {
    let params = match function {
        Expression::FunctionExpression(function) => &function.params,
        Expression::ArrowFunctionExpression(arrow) => &arrow.params,
        _ => return None,
    };
    params.items.get(2)?.pattern.get_identifier_name().map(|name| name.as_str().into())
}

/// The package that a module's path lies in, with the path within where that is no output of a build.
pub(super) fn installed(path: &str) -> Option<String> {
    let (_, rest) = path.rsplit_once(INSTALLED)?;
    let scoped = usize::from(rest.starts_with('@')) + 1;
    let parts: Vec<&str> = rest.split('/').collect();
    let package = parts.get(..scoped)?.join("/");
    let first = parts.get(scoped).map_or("index", |first| first.split('.').next().unwrap_or(first));
    if parts.len() == scoped || BUILT.contains(&first) {
        return Some(package);
    }
    let inner = parts.get(scoped..)?.join("/");
    let inner = super::resolve::stem(&inner);
    Some(format!("{package}/{inner}"))
}
