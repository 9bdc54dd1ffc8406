//! `--format terraform`: a policy document for each function, and the resource that puts it into the role.

use super::hcl::Hcl;
use super::{Made, made};
use crate::infra::{Deployment, Dialect};
use crate::report::{Context, Format, Generate};

/// The format.
pub(in crate::report) const FORMAT: Format =
    Format { dialect: Some(Dialect::Terraform), generate: Some(generate), ..Format::named("terraform") };

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let nothing = Deployment::default();
    let all = made(generate, &nothing);
    let text: String = all.iter().map(|made| part(context, made)).collect::<Vec<_>>().join("\n");
    let home = all.iter().find(|made| made.deployment.dialect == Dialect::Terraform);
    let undeclared = Hcl { deployment: home.map_or(&nothing, |made| made.deployment) }.undeclared(&text);
    undeclared + &text
}

/// The blocks of a function.
fn part(context: &Context<'_>, made: &Made<'_>) -> String {
    let mut text = made.notes(context, "#", Dialect::Terraform);
    let hcl = Hcl { deployment: made.deployment };
    let several = made.synthesis.policies.len() > 1;
    for (policy, number) in made.synthesis.policies.iter().zip(1..) {
        let mut label = label(made);
        if several {
            label.push_str(&number.to_string());
        }
        let statements = hcl.statements(&policy.document, 2);
        text.extend([format!("data \"aws_iam_policy_document\" \"{label}\" {{\n{statements}}}\n")]);
        if let Some(role) = made.role(Dialect::Terraform) {
            text.push('\n');
            text.extend([format!(
                "resource \"aws_iam_role_policy\" \"{label}\" {{\n  name   = \"{label}\"\n  role   = {role}.id\n  \
                 policy = data.aws_iam_policy_document.{label}.json\n}}\n"
            )]);
        }
    }
    text
}

/// A label for the blocks of a function: its name with words apart.
fn label(made: &Made<'_>) -> String {
    let mut label = String::new();
    for character in made.function.name.chars() {
        if character.is_ascii_uppercase() && label.ends_with(|last: char| last.is_ascii_lowercase()) {
            label.push('_');
        }
        label.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' });
    }
    let starts = label.starts_with(|character: char| character.is_ascii_alphabetic());
    if starts { label } else { format!("function_{label}") }
}
