//! What responses and the platform say about names and credentials.

use crate::catalog::{Platform, ResponsePrincipal, Responses};
use crate::flow::{Atom, Host, Principal, SdkValue, Shape, Why};
use crate::text::{Hole, SmolStr, TemplateString};

use super::scope::Scope;
use super::{AwsSdk, Stage};

/// How long the path into a response is followed.
const MAX_PATH: usize = 120;

impl AwsSdk {
    /// A member of what the platform hands to a handler.
    pub(super) fn context_member(&self, language: &str, name: &str, host: &mut dyn Host) -> Shape {
        let text = Platform::embedded().context_member(language, name);
        let shape = text.and_then(|text| Scope::empty(self).text(text, host)).map(|(shape, _)| shape);
        shape.unwrap_or_else(|| Shape::any(Why::External))
    }

    /// A part of a response: text where the catalog knows what stands there, else a longer path.
    pub(super) fn response_part(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        let path = format!("{}/{name}", on.name);
        let mut parts = path.split('/');
        let operation = parts.next().unwrap_or_default();
        for text in Responses::embedded().texts(&on.service, operation, parts) {
            let mut scope = Scope::empty(self);
            if let Some(data) = on.data {
                scope.named = host.fields(data).0;
            }
            if let Some((shape, _)) = scope.text(text, host) {
                return shape;
            }
        }
        if path.len() > MAX_PATH {
            return on.clone().into_shape();
        }
        let mut part = Stage::Response.value(&on.service, &path, on.data);
        part.confidence = on.confidence;
        part.into_shape()
    }

    /// Whom credentials make a client act as.
    pub(super) fn principals(&self, credentials: &Shape, host: &mut dyn Host) -> Vec<Principal> {
        let mut principals: Vec<Principal> = vec![];
        for atom in credentials.atoms() {
            let principal = match atom {
                Atom::Nil => Principal::ExecutionRole,
                Atom::Sdk(value) => self.principal_of(value, host),
                Atom::Event(_) => Principal::Other("the event".into()),
                Atom::Text(text) => match text.as_hole() {
                    Some(Hole::Environment(name)) if Platform::embedded().is_own_credential(name) => {
                        Principal::ExecutionRole
                    }
                    Some(Hole::Environment(name)) => {
                        Principal::Other(format!("the environment variable {name}").into())
                    }
                    _ => Principal::Other("explicit keys".into()),
                },
                Atom::External(path) => Principal::Other(path.clone()),
                _ => Principal::Other("credentials that are not known".into()),
            };
            if !principals.contains(&principal) {
                principals.push(principal);
            }
        }
        if principals.is_empty() {
            principals.push(Principal::ExecutionRole);
        }
        principals
    }

    fn principal_of(&self, value: &SdkValue, host: &mut dyn Host) -> Principal {
        if Stage::of(value) != Stage::Response {
            return Principal::ExecutionRole;
        }
        let (operation, path) = value.name.split_once('/').unwrap_or((value.name.as_str(), ""));
        let other = || Principal::Other(format!("the response of {}.{operation}", value.service).into());
        let Some(known) = Responses::embedded().credentials(&value.service, operation) else {
            return other();
        };
        if !path.replace('/', ".").starts_with(known.at.as_str()) {
            return other();
        }
        match &known.principal {
            ResponsePrincipal::Own => Principal::ExecutionRole,
            ResponsePrincipal::Other => other(),
            ResponsePrincipal::Role(text) => {
                let mut scope = Scope::empty(self);
                scope.named = value.data.map(|data| host.fields(data).0).unwrap_or_default();
                let roles = scope.texts(text, host);
                Principal::AssumedRole(roles.into_iter().next().unwrap_or_else(|| Hole::Unknown.into()))
            }
        }
    }
}

/// A pseudo parameter of a description. What only the function knows is a variable of its environment.
pub(super) fn pseudo(name: &str) -> TemplateString {
    match name {
        "Region" => Hole::Region.into(),
        "Account" => Hole::Account.into(),
        "Partition" => Hole::Partition.into(),
        // Variables of the platform have names of their own in descriptions, all others their own.
        other if other.chars().all(|letter| !letter.is_lowercase()) => Hole::Environment(other.into()).into(),
        other => {
            let text = format!("${{{other}}}");
            let mut variables = Platform::embedded().variables();
            let variable = variables.find(|(_, known)| *known == text).map(|(name, _)| name);
            variable.map_or(Hole::Unknown, |name| Hole::Environment(name.into())).into()
        }
    }
}

/// What of a value may be text, or say in whose name a client acts: the answer to a request for credentials, or a key.
pub(super) fn only(what: &str, value: &Shape) -> Shape {
    value.filter(|atom| may_be(what, atom))
}

fn may_be(what: &str, atom: &Atom) -> bool {
    match atom {
        atom if atom.written_out().is_some() => what != "credentials",
        Atom::Text(_) | Atom::Event(_) => true,
        Atom::Any(_) | Atom::Member(_) | Atom::External(_) => what == "scalar",
        Atom::Sdk(value) => what != "text" && Stage::of(value) == Stage::Response,
        _ => false,
    }
}

/// Whether a value is known to be an object.
pub(super) fn is_object(atom: &Atom) -> bool {
    match atom {
        Atom::Object(_) => true,
        Atom::Sdk(value) => Stage::of(value) == Stage::Object,
        _ => false,
    }
}

impl Scope<'_> {
    /// An object with its members set from the environment, or from a section of the configuration.
    pub(super) fn bound(
        &mut self,
        of: &str,
        marks: &[SmolStr],
        section: Option<&str>,
        host: &mut dyn Host,
    ) -> Option<(Shape, bool)> {
        let (declared, _) = self.text(of, host)?;
        let section = section.and_then(|section| self.texts(section, host).into_iter().next());
        let section = section.as_ref().and_then(TemplateString::as_literal);
        let made = host.bound(&declared, marks, section);
        (!made.is_nothing()).then_some((made, true))
    }

    /// What the configuration holds under names that a text comes to; where nobody says, the variable of the environment.
    pub(super) fn setting(&mut self, name: &str, host: &mut dyn Host) -> Option<(Shape, bool)> {
        let (names, always) = self.text(name, host)?;
        let value = |name: &TemplateString| match name.as_literal() {
            Some(name) => {
                host.setting(name).unwrap_or_else(|| Hole::Environment(name.replace(':', "__").into()).into())
            }
            None => Hole::Unknown.into(),
        };
        let found: Shape = host.texts(&names).iter().map(value).map(Atom::Text).collect();
        (!found.is_nothing()).then_some((found, always))
    }
}
