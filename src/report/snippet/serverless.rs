//! `--format serverless`: statements for the role that the functions of a service share, or for a function's own.

use super::cloudformation::resource;
use super::tree::{Speller, Tree};
use super::yaml::yaml;
use super::{Made, made};
use crate::infra::{Deployment, Dialect};
use crate::report::{Context, Format, Generate};

/// The format.
pub(in crate::report) const FORMAT: Format =
    Format { dialect: Some(Dialect::Serverless), generate: Some(generate), ..Format::named("serverless") };

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let nothing = Deployment::default();
    let mut tree = Tree::Map(vec![]);
    let mut text = String::new();
    for made in made(generate, &nothing) {
        text.push_str(&made.notes(context, "#", Dialect::Serverless));
        tree = tree.merged(place(&made));
    }
    if tree != Tree::Map(vec![]) {
        text.push_str(&yaml(&tree, 0));
    }
    text
}

/// What a function needs, in its place in the service.
fn place(made: &Made<'_>) -> Tree {
    if made.synthesis.policies.is_empty() {
        return Tree::Map(vec![]);
    }
    match role(made) {
        Role::Shared => Tree::List(statements(made)).below(&["provider", "iam", "role", "statements"]),
        Role::Own => {
            let key = made.declared.map_or("", |declared| declared.label.as_str());
            Tree::List(statements(made)).below(&["functions", key, "iamRoleStatements"])
        }
        Role::Declared => {
            let policies = made.synthesis.policies.iter().zip(1..).map(|(policy, number)| {
                let number = if number == 1 { String::new() } else { number.to_string() };
                let tree = resource(made, &policy.name, policy.kind, &policy.document);
                (format!("{}Policy{number}", made.identifier()), tree)
            });
            Tree::Map(policies.collect()).below(&["resources", "Resources"])
        }
    }
}

/// Which role a function has.
pub(crate) enum Role {
    /// The one of all functions.
    Shared,
    /// One that the framework makes for the function.
    Own,
    /// One that the service declares itself.
    Declared,
}

/// Which role a function has. The framework's own ids say so.
pub(crate) fn role(made: &Made<'_>) -> Role {
    match made.role(Dialect::Serverless) {
        Some("IamRoleLambdaExecution") | None => Role::Shared,
        Some(role) if role.ends_with("IamRoleLambdaExecution") => Role::Own,
        Some(_) => Role::Declared,
    }
}

/// The statements of a function's policies. Names of statements that several functions have are told apart.
pub(crate) fn statements(made: &Made<'_>) -> Vec<Tree> {
    let speller = Speller { deployment: made.deployment, dialect: Dialect::Serverless };
    let trees = made.synthesis.policies.iter().map(|policy| speller.statements(&policy.document));
    let statements = trees.flat_map(|tree| if let Tree::List(items) = tree { items } else { vec![] });
    let prefix = made.identifier();
    let named = |mut statement: Tree| {
        if let Tree::Map(pairs) = &mut statement
            && let Some((_, Tree::Text(sid))) = pairs.iter_mut().find(|(key, _)| key == "Sid")
        {
            sid.insert_str(0, &prefix);
        }
        statement
    };
    statements.map(named).collect()
}
