//! What a policy is written for: which holes stay references, which are filled, and what becomes of the rest.

use std::cell::RefCell;

use indexmap::IndexSet;

use crate::cloud::Resource;
use crate::policy::{ActionFacts, arn};
use crate::text::{Hole, Piece, TemplateString};

/// What a policy is written for.
pub struct Target<'a> {
    /// The text of a hole, where it is known.
    fill: &'a dyn Fn(&Hole) -> Option<TemplateString>,
    /// Whether a hole that is not filled may stay, because the format has a reference for it.
    keeps: fn(&Hole) -> bool,
    /// Which spelling of a resource is written.
    spell: &'a dyn Fn(&Resource) -> TemplateString,
    widened: RefCell<IndexSet<Widened>>,
}

/// A place in a policy where text that is not known became `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Widened {
    /// The text as it was.
    pub from: TemplateString,
    /// What stands in the policy.
    pub to: TemplateString,
    /// The holes that nothing is known of.
    pub holes: Vec<Hole>,
}

impl<'a> Target<'a> {
    /// A policy that goes into the template: resources, parameters, account, region and partition stay references.
    pub fn template(fill: &'a dyn Fn(&Hole) -> Option<TemplateString>) -> Self {
        let keeps = |hole: &Hole| !matches!(hole, Hole::Environment(_) | Hole::Event(_) | Hole::Unknown);
        Self { fill, keeps, spell: &plainly, widened: RefCell::default() }
    }

    /// A policy that goes into a template which does not declare the resources: only the account, region and partition
    /// stay references.
    pub fn foreign(fill: &'a dyn Fn(&Hole) -> Option<TemplateString>) -> Self {
        let keeps = |hole: &Hole| {
            matches!(hole, Hole::Account | Hole::Region | Hole::Partition | Hole::PolicyVariable(_))
        };
        Self { fill, keeps, spell: &plainly, widened: RefCell::default() }
    }

    /// A policy that is uploaded as it is: no reference stays.
    pub fn upload(fill: &'a dyn Fn(&Hole) -> Option<TemplateString>) -> Self {
        let keeps = |hole: &Hole| matches!(hole, Hole::PolicyVariable(_));
        Self { fill, keeps, spell: &plainly, widened: RefCell::default() }
    }

    /// The same, with resources in the spelling that `spell` chooses.
    #[must_use]
    pub fn spelling(self, spell: &'a dyn Fn(&Resource) -> TemplateString) -> Self {
        Self { spell, ..self }
    }

    /// The resource in the spelling that is written.
    pub fn spelled(&self, resource: &Resource) -> TemplateString {
        (self.spell)(resource)
    }

    /// What became `*` so far, in the order in which it was met.
    pub fn widened(&self) -> Vec<Widened> {
        self.widened.borrow().iter().cloned().collect()
    }

    /// Text of a condition's value: `None` where a part of it is not known, for a guess would deny.
    pub fn value(&self, text: &TemplateString) -> Option<TemplateString> {
        let filled = text.fill(|hole| (self.fill)(hole));
        let is_known = filled.holes().all(|hole| (self.keeps)(hole));
        is_known.then_some(filled)
    }

    /// The resource as it stands in the policy: a valid ARN pattern that includes what was asked for.
    pub fn resource(&self, action: &str, text: &TemplateString, facts: &dyn ActionFacts) -> TemplateString {
        let mut holes = Vec::new();
        let filled = text.fill(|hole| {
            if let Some(known) = (self.fill)(hole) {
                return Some(known);
            }
            (!(self.keeps)(hole)).then(|| {
                holes.push(hole.clone());
                TemplateString::from("*")
            })
        });
        let plain = plain(&filled);
        let lost = plain.as_literal() == Some("*") && text.as_literal() != Some("*");
        let by_type = if lost { self.any_of_type(action, facts) } else { None };
        let valid = by_type.unwrap_or_else(|| valid_arn(action, &plain, facts));
        if !holes.is_empty() {
            let widened = Widened { from: text.clone(), to: valid.clone(), holes };
            self.widened.borrow_mut().insert(widened);
        }
        valid
    }
}

impl Target<'_> {
    /// Everything of the only type of resource that an action acts on.
    fn any_of_type(&self, action: &str, facts: &dyn ActionFacts) -> Option<TemplateString> {
        let types = facts.resource_types(action)?;
        let [only] = types.as_slice() else { return None };
        let mut arn = TemplateString::new();
        let mut rest = only.as_str();
        while let Some((before, behind)) = rest.split_once("${") {
            let (name, behind) = behind.split_once('}')?;
            arn.push_str(before);
            let hole = match name {
                "Partition" => Some(Hole::Partition),
                "Region" => Some(Hole::Region),
                "Account" => Some(Hole::Account),
                _ => None,
            };
            arn.push(&hole.and_then(|hole| (self.fill)(&hole)).unwrap_or_else(|| "*".into()));
            rest = behind;
        }
        arn.push_str(rest);
        Some(arn)
    }
}

/// A resource by its physical name.
fn plainly(resource: &Resource) -> TemplateString {
    resource.arn.clone()
}

/// The text with runs of `*` as one, and `*` for characters that no policy may have.
fn plain(text: &TemplateString) -> TemplateString {
    let mut plain = TemplateString::new();
    for piece in text.pieces() {
        let known = match piece {
            Piece::Hole(hole) => {
                plain.push_hole(hole.clone());
                continue;
            }
            Piece::Text(known) => known,
        };
        let mut last = None;
        for character in known.chars() {
            let allowed = if matches!(character, '\u{20}'..='\u{ff}') { character } else { '*' };
            if allowed != '*' || last != Some('*') {
                plain.push_str(allowed.encode_utf8(&mut [0; 4]));
            }
            last = Some(allowed);
        }
    }
    plain
}

/// The text where it is a valid pattern; else one that includes it, as narrow as the action's resources allow.
fn valid_arn(action: &str, text: &TemplateString, facts: &dyn ActionFacts) -> TemplateString {
    let whole =
        text.as_literal() == Some("*") || facts.resource_types(action).is_some_and(|types| types.is_empty());
    if whole {
        return "*".into();
    }
    if let Some(parts) = arn::parts(text) {
        let service = parts.get(2).and_then(TemplateString::as_literal).unwrap_or("");
        if !service.is_empty() && !service.contains(['*', '?']) {
            return text.clone();
        }
        // The service is not known, so nothing behind it can be trusted to stand where it should.
        return any_of_service(action, facts);
    }
    // One reference that may be a whole ARN is left as it is.
    if matches!(text.pieces().first(), Some(Piece::Hole(hole)) if !matches!(hole, Hole::PolicyVariable(_))) {
        return text.clone();
    }
    match text.pieces().first() {
        Some(Piece::Text(known)) if known.starts_with('*') && service_of(action, facts).is_some() => {
            let mut arn = any_of_service(action, facts);
            arn.push_str(known.strip_prefix('*').unwrap_or(""));
            text.pieces().iter().skip(1).for_each(|piece| match piece {
                Piece::Text(known) => arn.push_str(known),
                Piece::Hole(hole) => arn.push_hole(hole.clone()),
            });
            arn
        }
        _ => any_of_service(action, facts),
    }
}

/// Everything of the service that the action's resources belong to; `*` where that is not known.
fn any_of_service(action: &str, facts: &dyn ActionFacts) -> TemplateString {
    match service_of(action, facts) {
        Some(service) => TemplateString::from(format!("arn:*:{service}:*:*:*").as_str()),
        None => "*".into(),
    }
}

/// The service part that all ARNs of the action's resources have.
fn service_of(action: &str, facts: &dyn ActionFacts) -> Option<String> {
    let types = facts.resource_types(action)?;
    let mut services = types.iter().filter_map(|template| template.split(':').nth(2));
    let first = services.next()?;
    (services.all(|service| service == first) && !first.contains(['$', '*'])).then(|| first.to_owned())
}
