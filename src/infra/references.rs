//! How a deployment refers to its own resources, so that what is written for it reads like the rest of it.

use super::facts::{Naming, TypeFacts, terraform_types, type_facts};
use super::model::{Deployment, Resource};
use super::paths::walk;
use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// A language in which a deployment refers to its own resources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// CloudFormation, and the formats that become it: `!GetAtt Orders.Arn`.
    #[default]
    CloudFormation,
    /// The Serverless Framework: CloudFormation with the framework's own variables.
    Serverless,
    /// Terraform: `aws_dynamodb_table.orders.arn`.
    Terraform,
    /// The constructs of the CDK: `orders.tableArn`.
    Cdk,
}

impl Dialect {
    /// Whether what is written in this dialect may refer to the resources of a deployment in another one.
    pub const fn speaks(self, deployment: Self) -> bool {
        match self {
            Self::Terraform => matches!(deployment, Self::Terraform),
            Self::CloudFormation | Self::Serverless | Self::Cdk => !matches!(deployment, Self::Terraform),
        }
    }
}

/// A part of a text as a deployment would spell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text.
    Text(SmolStr),
    /// What a resource's attribute comes to; the attribute as the dialect spells it.
    Attribute {
        /// The resource's id.
        id: SmolStr,
        /// The attribute; empty for what a plain reference to the resource returns.
        attribute: SmolStr,
    },
    /// A parameter of the deployment.
    Parameter(SmolStr),
    /// The account that the deployment is made in.
    Account,
    /// The region that the deployment is made in.
    Region,
    /// The partition that the deployment is made in.
    Partition,
    /// A variable that the policy language fills in at each request.
    Variable(SmolStr),
}

impl Deployment {
    /// The text as parts that the dialect has references for. What is not known is `*`.
    pub fn parts(&self, text: &TemplateString, dialect: Dialect) -> Vec<Part> {
        let (mut parts, rest) = match self.leading_arn(text, dialect) {
            Some((part, rest)) => (vec![part], rest),
            None => (vec![], text.clone()),
        };
        for piece in rest.pieces() {
            parts.push(match piece {
                Piece::Text(text) => Part::Text(text.clone()),
                Piece::Hole(Hole::Resource { id, attribute }) => {
                    let attribute = self.spelled(id, attribute, dialect);
                    Part::Attribute { id: id.clone(), attribute }
                }
                Piece::Hole(Hole::Parameter(name)) => Part::Parameter(name.clone()),
                Piece::Hole(Hole::Account) => Part::Account,
                Piece::Hole(Hole::Region) => Part::Region,
                Piece::Hole(Hole::Partition) => Part::Partition,
                Piece::Hole(Hole::PolicyVariable(name)) => Part::Variable(name.clone()),
                Piece::Hole(Hole::Environment(_) | Hole::Event(_) | Hole::Unknown) => Part::Text("*".into()),
            });
        }
        parts
    }

    /// Whether the text begins with the ARN of a resource that the dialect has a reference for.
    pub fn has_arn_reference(&self, text: &TemplateString, dialect: Dialect) -> bool {
        self.leading_arn(text, dialect).is_some()
    }

    /// The attribute that the text begins with the value of, and what stands behind it. The longest value counts.
    fn leading_arn(&self, text: &TemplateString, dialect: Dialect) -> Option<(Part, TemplateString)> {
        let mut found: Option<(usize, Part, TemplateString)> = None;
        for hole in text.holes() {
            let Hole::Resource { id, attribute } = hole else { continue };
            let Some(resource) = self.resources.get(id).filter(|_| attribute.is_empty()) else { continue };
            for (attribute, arn) in arns(id, resource, dialect) {
                let Some(rest) = behind(text, &arn) else { continue };
                let length = arn.to_string().len();
                if found.as_ref().is_none_or(|(known, ..)| *known < length) {
                    found = Some((length, Part::Attribute { id: id.clone(), attribute }, rest));
                }
            }
        }
        found.map(|(_, part, rest)| (part, rest))
    }

    /// An attribute of the model as the dialect spells it; the empty one is the physical name.
    fn spelled(&self, id: &str, attribute: &str, dialect: Dialect) -> SmolStr {
        let Some(resource) = self.resources.get(id) else { return attribute.into() };
        match dialect {
            Dialect::Terraform => terraform_spelling(id, resource, attribute),
            Dialect::Cdk if attribute.is_empty() => naming(resource).cdk_name.as_str().into(),
            _ if attribute.is_empty() => naming(resource).name.as_str().into(),
            _ => attribute.into(),
        }
    }
}

fn naming(resource: &Resource) -> Naming {
    type_facts(&resource.kind).map(TypeFacts::naming).unwrap_or_default()
}

/// The attributes of a resource that are ARNs, with their values.
fn arns(id: &SmolStr, resource: &Resource, dialect: Dialect) -> Vec<(SmolStr, TemplateString)> {
    let facts = type_facts(&resource.kind);
    match dialect {
        Dialect::Terraform => {
            let arn = resource.arn.clone();
            arn.map(|arn| (terraform_spelling(id, resource, "Arn"), arn)).into_iter().collect()
        }
        Dialect::Cdk => {
            let name = naming(resource).cdk_arn;
            let arn = resource.arn.clone().filter(|_| !name.is_empty());
            arn.map(|arn| (name.as_str().into(), arn)).into_iter().collect()
        }
        Dialect::CloudFormation | Dialect::Serverless => {
            let texts = facts.map(|facts| facts.arns()).unwrap_or_default();
            texts.into_iter().map(|(name, text)| (name.into(), assembled(id, resource, text))).collect()
        }
    }
}

/// Fills the words of a catalog text (see `catalogs/aws/cloudformation.toml`) for a resource that is read.
fn assembled(id: &SmolStr, resource: &Resource, text: &str) -> TemplateString {
    TemplateString::filled(text, |word| {
        if word == "Name" {
            return TemplateString::resource(id.clone());
        }
        let (path, default) = word.split_once('|').unwrap_or((word, ""));
        let stated = walk(&resource.properties, path).first().and_then(|node| node.as_template());
        stated.unwrap_or_else(|| if default.is_empty() { Hole::Unknown.into() } else { default.into() })
    })
}

/// What stands behind `prefix` in the text, where it begins with it and a new part of an ARN begins there.
fn behind(text: &TemplateString, prefix: &TemplateString) -> Option<TemplateString> {
    let mut rest = text.clone();
    for piece in prefix.pieces() {
        rest = match piece {
            Piece::Text(known) => rest.strip_prefix(known)?,
            Piece::Hole(hole) => {
                let (first, others) = rest.pieces().split_first()?;
                if *first != Piece::Hole(hole.clone()) {
                    return None;
                }
                let mut behind = TemplateString::new();
                for piece in others {
                    match piece {
                        Piece::Text(text) => behind.push_str(text),
                        Piece::Hole(hole) => behind.push_hole(hole.clone()),
                    }
                }
                behind
            }
        };
    }
    (rest.is_empty() || rest.starts_with("/") || rest.starts_with(":")).then_some(rest)
}

/// The attribute of Terraform that an attribute of CloudFormation is; empty for the physical name.
fn terraform_spelling(id: &str, resource: &Resource, attribute: &str) -> SmolStr {
    let kind = id.split('.').next().unwrap_or_default();
    let (_, facts) = terraform_types()
        .find(|(name, facts)| {
            if kind == "module" {
                name.contains('/') && *facts.kind == *resource.kind
            } else {
                **name == *kind
            }
        })
        .unzip();
    facts.map_or_else(
        || if attribute.is_empty() { "name".into() } else { attribute.to_lowercase().into() },
        |facts| facts.spelling(attribute),
    )
}
