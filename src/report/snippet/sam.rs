//! `--format sam`: the `Policies` of each function, with policy templates where one grants exactly what is needed.

use super::cloudformation::resource;
use super::tree::{Speller, Tree};
use super::yaml::yaml;
use super::{Made, made, without_itself};
use crate::infra::{Deployment, Dialect};
use crate::report::{Context, Format, Generate};

/// The format.
pub(in crate::report) const FORMAT: Format = Format {
    dialect: Some(Dialect::CloudFormation),
    uses_templates: true,
    generate: Some(generate),
    ..Format::named("sam")
};

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let nothing = Deployment::default();
    let mut text = String::from("Resources:\n");
    for made in made(generate, &nothing) {
        text.push_str(&made.notes(context, "  #", Dialect::CloudFormation));
        if let Tree::Map(pairs) = resources(&made) {
            for pair in pairs {
                text.push_str(&yaml(&Tree::Map(vec![pair]), 2));
            }
        }
    }
    text
}

/// What goes below `Resources` for a function.
fn resources(made: &Made<'_>) -> Tree {
    let name = made.identifier();
    if !made.has_own_role() {
        let policies = made.synthesis.policies.iter().zip(1..).map(|(policy, number)| {
            let id = if number == 1 { format!("{name}Policy") } else { format!("{name}Policy{number}") };
            (id, resource(made, &policy.name, policy.kind, &policy.document))
        });
        return Tree::Map(policies.collect());
    }
    let id = made.declared.map_or("", |declared| declared.id.as_str());
    let (list, others) = policies(made);
    let mut tree = Tree::Map(vec![]);
    if !list.is_empty() {
        tree = Tree::List(list).below(&[id, "Properties", "Policies"]);
    }
    tree.merged(Tree::Map(others))
}

/// The items of `Policies`, and the policies that cannot be among them.
pub(crate) fn policies(made: &Made<'_>) -> (Vec<Tree>, Vec<(String, Tree)>) {
    let speller = Speller { deployment: made.deployment, dialect: Dialect::CloudFormation };
    let (mut list, mut others) = (vec![], vec![]);
    for template in &made.synthesis.templates {
        let argument = speller.text(&template.argument);
        list.push(argument.below(&[&template.name, &template.parameter]));
    }
    for (policy, number) in made.synthesis.policies.iter().zip(1..) {
        let (within, of_itself) = without_itself(made, policy);
        if !within.statements.is_empty() {
            list.push(speller.document(&within));
        }
        if !of_itself.statements.is_empty() {
            let id = format!(
                "{}OwnPolicy{}",
                made.identifier(),
                if number == 1 { String::new() } else { number.to_string() }
            );
            others.push((id.clone(), resource(made, &id, policy.kind, &of_itself)));
        }
    }
    (list, others)
}
