//! `--format cloudformation`: a policy resource for each function, attached to its role.

use super::tree::{Speller, Tree};
use super::yaml::yaml;
use super::{Made, made};
use crate::decide::PolicyKind;
use crate::infra::{Deployment, Dialect};
use crate::policy::Document;
use crate::report::{Context, Format, Generate};

/// The format.
pub(in crate::report) const FORMAT: Format = Format {
    dialect: Some(Dialect::CloudFormation),
    generate: Some(generate),
    ..Format::named("cloudformation")
};

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let nothing = Deployment::default();
    let mut text = String::from("Resources:\n");
    for made in made(generate, &nothing) {
        text.push_str(&made.notes(context, "  #", Dialect::CloudFormation));
        for (id, tree) in policies(&made) {
            text.push_str(&yaml(&Tree::Map(vec![(id, tree)]), 2));
        }
    }
    text
}

/// The policy resources of a function by id.
fn policies(made: &Made<'_>) -> Vec<(String, Tree)> {
    let several = made.synthesis.policies.len() > 1;
    let policies = made.synthesis.policies.iter().zip(1..).map(|(policy, number)| {
        let number = if several { number.to_string() } else { String::new() };
        let id = format!("{}Policy{number}", made.identifier());
        let tree = resource(made, &policy.name, policy.kind, &policy.document);
        (id, tree)
    });
    policies.collect()
}

/// A policy resource.
pub(super) fn resource(made: &Made<'_>, name: &str, kind: PolicyKind, document: &Document) -> Tree {
    let speller = Speller { deployment: made.deployment, dialect: Dialect::CloudFormation };
    let mut properties = vec![];
    let attached =
        made.role(Dialect::CloudFormation).map(|role| Tree::List(vec![Tree::Call("Ref", role.to_owned())]));
    let kind = match (kind, &attached) {
        (PolicyKind::Inline, Some(_)) => {
            properties.push(("PolicyName".to_owned(), Tree::text(name)));
            "AWS::IAM::Policy"
        }
        _ => "AWS::IAM::ManagedPolicy",
    };
    properties.extend(attached.map(|roles| ("Roles".to_owned(), roles)));
    properties.push(("PolicyDocument".to_owned(), speller.document(document)));
    Tree::map([("Type", Tree::text(kind)), ("Properties", Tree::Map(properties))])
}
