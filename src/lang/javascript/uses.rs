//! What a function's own code mentions: the object that it is called on, its arguments, the class above.

use oxc_ast::ast::{
    ArrowFunctionExpression, Class, Function, IdentifierReference, Statement, Super, ThisExpression,
};
use oxc_ast_visit::Visit;
use oxc_syntax::scope::ScopeFlags;

/// What a function mentions, arrows within it included.
#[derive(Clone, Copy, Default)]
pub(super) struct Uses {
    /// `this`
    pub(super) this: bool,
    /// `arguments`
    pub(super) arguments: bool,
    /// `super`
    pub(super) above: bool,
}

impl Uses {
    /// What a function's parameters and body mention.
    pub(super) fn of(function: &Function<'_>) -> Self {
        let mut uses = Self::default();
        uses.visit_formal_parameters(&function.params);
        if let Some(body) = &function.body {
            uses.statements(&body.statements);
        }
        uses
    }

    fn statements(&mut self, statements: &[Statement<'_>]) {
        for statement in statements {
            self.visit_statement(statement);
        }
    }
}

impl<'a> Visit<'a> for Uses {
    fn visit_this_expression(&mut self, _: &ThisExpression) {
        self.this = true;
    }

    fn visit_super(&mut self, _: &Super) {
        self.above = true;
        self.this = true;
    }

    fn visit_identifier_reference(&mut self, id: &IdentifierReference<'a>) {
        self.arguments |= id.name == "arguments";
    }

    fn visit_function(&mut self, _: &Function<'a>, _: ScopeFlags) {}

    fn visit_class(&mut self, class: &Class<'a>) {
        if let Some(heritage) = &class.heritage {
            self.visit_expression(&heritage.expression);
        }
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        oxc_ast_visit::walk::walk_arrow_function_expression(self, arrow);
    }
}
