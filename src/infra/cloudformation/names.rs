//! What `Ref` and `Fn::GetAtt` return: names, ARNs and other attributes of the template's resources.

use super::super::facts::{Reference, type_facts};
use super::super::paths::walk;
use super::intrinsics::{Evaluator, nothing_known};
use crate::text::tree::Node;
use crate::text::{Hole, SmolStr, TemplateString};

/// How often an ARN may hold another resource's name.
const ARN_DEPTH: usize = 8;

impl Evaluator<'_> {
    /// What `Ref` returns.
    pub(crate) fn reference(&self, id: &str) -> TemplateString {
        if let Some(pseudo) = pseudo_parameter(id) {
            return pseudo;
        }
        if self.parameters.contains_key(id) {
            return TemplateString::hole(Hole::Parameter(id.into()));
        }
        let Some(resource) = self.resources.get(id) else {
            return self.version_or_alias(id).unwrap_or_else(|| TemplateString::resource(id));
        };
        match type_facts(&resource.kind).map(|facts| facts.reference()) {
            None | Some(Reference::Name) => TemplateString::resource(id),
            Some(Reference::Arn) => self.attribute(id, "Arn"),
            Some(Reference::Attribute(attribute)) => self.attribute(id, attribute),
        }
    }

    /// What `Fn::GetAtt` returns.
    pub(crate) fn attribute(&self, id: &str, attribute: &str) -> TemplateString {
        if let Some(known) = self.outputs.get([id, ".", attribute].concat().as_str()) {
            return known.clone();
        }
        let known = self.resources.get(id).and_then(|resource| {
            let facts = type_facts(&resource.kind)?;
            let text = match facts.attributes.get(attribute) {
                Some(text) => Some(text),
                None if attribute == "Arn" => facts.arn.as_ref(),
                None => None,
            };
            self.assemble(id, &resource.node, text?)
        });
        known.unwrap_or_else(|| {
            TemplateString::hole(Hole::Resource { id: id.into(), attribute: attribute.into() })
        })
    }

    /// The ARN of a resource with its own id for its name.
    pub(super) fn arn(&self, id: &str) -> Option<TemplateString> {
        let resource = self.resources.get(id)?;
        self.assemble(id, &resource.node, type_facts(&resource.kind)?.arn.as_ref()?)
    }

    /// The physical name of a resource, where the template states one.
    pub(super) fn stated_name(&self, id: &str, properties: &Node) -> Option<TemplateString> {
        let facts = type_facts(&self.resources.get(id)?.kind)?;
        let stated = walk(properties, facts.name.as_deref()?).first().and_then(|name| name.as_template())?;
        if stated.is_empty() {
            return None;
        }
        let mut name = stated;
        name.push_str(&facts.behind);
        Some(name)
    }

    /// The key that a resource's data is encrypted with, where the template names one of the customer's.
    pub(super) fn customer_key(&self, id: &str, properties: &Node) -> Option<TemplateString> {
        let path = type_facts(&self.resources.get(id)?.kind)?.key.as_deref()?;
        let key = walk(properties, path).first().and_then(|key| key.as_template())?;
        let managed =
            key.starts_with("alias/aws/") || key.to_string().contains(":alias/aws/") || key.is_empty();
        (!managed).then_some(key)
    }

    /// The roles that a resource runs with.
    pub(super) fn roles_of(&self, id: &str, properties: &Node) -> Vec<TemplateString> {
        let facts = self.resources.get(id).and_then(|resource| type_facts(&resource.kind));
        let paths = facts.into_iter().flat_map(|facts| &facts.roles);
        let roles = paths.flat_map(|path| walk(properties, path)).filter_map(Node::as_template);
        roles.filter(|role| !role.is_empty()).collect()
    }

    /// Fills the words of a catalog text (see `catalogs/aws/cloudformation.toml`).
    fn assemble(&self, id: &str, resource: &Node, text: &str) -> Option<TemplateString> {
        {
            let mut within = self.within.borrow_mut();
            if within.len() >= ARN_DEPTH || within.iter().any(|open| open == id) {
                return None;
            }
            within.push(id.into());
        }
        let assembled = self.fill_words(id, resource, text);
        self.within.borrow_mut().pop();
        Some(assembled)
    }

    fn fill_words(&self, id: &str, resource: &Node, text: &str) -> TemplateString {
        TemplateString::filled(text, |word| match word {
            "Name" => TemplateString::resource(id),
            _ => self.property(resource, word),
        })
    }

    /// A property that is part of an ARN. Where it holds an ARN itself, the name at its end is meant.
    fn property(&self, resource: &Node, word: &str) -> TemplateString {
        let (name, default) = word.split_once('|').unwrap_or((word, ""));
        let Some(property) = resource.at(&["Properties", name]) else {
            return if default.is_empty() { nothing_known() } else { default.into() };
        };
        let text = self.text(property).unwrap_or_else(nothing_known);
        if !text.starts_with("arn:") {
            return text;
        }
        let last = text.splitn(6, ':').pop().unwrap_or_else(nothing_known);
        last.split(':').pop().and_then(|last| last.split('/').pop()).unwrap_or_else(nothing_known)
    }

    /// What a serverless function's `${Function.Version}` and `${Function.Alias}` refer to.
    fn version_or_alias(&self, id: &str) -> Option<TemplateString> {
        let (function, which) = id.split_once('.')?;
        if !matches!(which, "Version" | "Alias") || !self.resources.contains_key(function) {
            return None;
        }
        let mut arn = self.attribute(function, "Arn");
        arn.push_str(":*");
        Some(arn)
    }
}

/// What the deployment itself stands for.
fn pseudo_parameter(name: &str) -> Option<TemplateString> {
    let hole = match name {
        "AWS::Region" => Hole::Region,
        "AWS::AccountId" => Hole::Account,
        "AWS::Partition" => Hole::Partition,
        "AWS::NoValue" => return Some(TemplateString::new()),
        _ if name.starts_with("AWS::") => Hole::Parameter(SmolStr::from(name)),
        _ => return None,
    };
    Some(TemplateString::hole(hole))
}
