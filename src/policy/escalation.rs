//! Combinations of actions with which a role can become more than it is. Which they are is data that whoever asks hands
//! in; here is what it means that a role holds one.

use serde::Deserialize;

use super::arn;
use super::contain::{Grant, Grants};
use super::model::{Condition, Pattern, Patterns};
use super::severity::Severity;
use crate::text::{Site, SmolStr, TemplateString, Verdict};

/// So many ids are listed after those that are explained.
const FEW: usize = 6;

/// How the role becomes more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// It changes what it may do itself.
    SelfEscalation,
    /// It starts something that runs with another role.
    NewPassrole,
    /// It changes something that runs with another role.
    ExistingPassrole,
    /// It reaches the credentials of another principal.
    PrincipalAccess,
}

/// A combination.
#[derive(Clone, Debug, Deserialize)]
pub struct EscalationPath {
    /// Its id (`iam-001`).
    pub id: SmolStr,
    /// How the role becomes more.
    pub category: Category,
    /// The actions that make it up.
    pub actions: Vec<SmolStr>,
    /// The services to one of which a role must be handed over; empty where that does not matter.
    #[serde(default)]
    passed_to: Vec<SmolStr>,
}

/// What hands a role over.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Passing {
    /// The action.
    pub action: SmolStr,
    /// The key that says to which service.
    pub key: SmolStr,
}

/// All combinations.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Escalations {
    /// What hands a role over.
    pub passing: Passing,
    /// The combinations, sorted by id.
    #[serde(rename = "path")]
    pub paths: Vec<EscalationPath>,
}

/// Combinations that turn on one statement.
#[derive(Clone, Debug)]
pub struct Ways<'a> {
    /// Where the statement stands.
    pub site: Site,
    /// The combinations, at least one.
    pub list: Vec<Escalation<'a>>,
}

/// A combination that a role holds.
#[derive(Clone, Copy, Debug)]
pub struct Escalation<'a> {
    /// The combination.
    pub path: &'a EscalationPath,
    /// How much it matters.
    pub severity: Severity,
    /// What it lets the role do, as the end of a sentence.
    pub effect: &'static str,
}

impl Category {
    /// How much it matters that a role holds one of them.
    pub const fn severity(self) -> Severity {
        match self {
            Self::SelfEscalation | Self::NewPassrole => Severity::High,
            Self::ExistingPassrole | Self::PrincipalAccess => Severity::Medium,
        }
    }

    const fn effect(self) -> &'static str {
        match self {
            Self::SelfEscalation => "change what it may do itself",
            Self::NewPassrole => "start something that runs with another role",
            Self::ExistingPassrole => "change something that runs with another role",
            Self::PrincipalAccess => "reach the credentials of another principal",
        }
    }
}

impl Escalation<'_> {
    /// What it is made of and what it lets the role do, with its id.
    fn sentence(&self, who: &str) -> String {
        let actions: Vec<String> = self.path.actions.iter().map(|action| format!("`{action}`")).collect();
        format!("with {} {who} can {} ({})", actions.join(", "), self.effect, self.path.id)
    }
}

impl<'a> Ways<'a> {
    /// The combinations by the statement that allows the first of the actions of each, in the order in which they were found.
    /// One whose statements stand nowhere is left out.
    pub fn by_statement(held: &[Escalation<'a>], grants: &Grants<'_>) -> Vec<Self> {
        let allowed_at = |action: &SmolStr| {
            grants.allowing().find(|grant| grant.has_action(action).is_yes())?.statement.site
        };
        let mut found: Vec<Self> = Vec::new();
        for escalation in held {
            let Some(site) = escalation.path.actions.iter().find_map(allowed_at) else { continue };
            match found.iter_mut().find(|ways| ways.site == site) {
                Some(ways) => ways.list.push(*escalation),
                None => found.push(Self { site, list: vec![*escalation] }),
            }
        }
        found
    }

    /// How much the worst of them matters.
    pub fn severity(&self) -> Severity {
        self.list.iter().map(|escalation| escalation.severity).max().unwrap_or(Severity::Medium)
    }

    /// All of it as one sentence: the only combination, or how many there are and the first of each category, with the ids of
    /// the others where they are few.
    pub fn message(&self) -> String {
        if let [only] = self.list.as_slice() {
            return only.sentence("the role");
        }
        let mut categories: Vec<Category> = Vec::new();
        let (mut examples, mut others) = (Vec::new(), Vec::new());
        for escalation in &self.list {
            if categories.contains(&escalation.path.category) {
                others.push(escalation.path.id.as_str());
            } else {
                categories.push(escalation.path.category);
                examples.push(escalation.sentence("it"));
            }
        }
        if !others.is_empty() && others.len() <= FEW {
            examples.push(format!("also {}", others.join(", ")));
        }
        format!("the role can become more in {} ways: {}", self.list.len(), examples.join("; "))
    }
}

impl Escalations {
    /// Reads combinations from TOML.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// The combinations that the grants, less what they deny, hold in full. A combination is left out where one of
    /// fewer actions within it is held too.
    pub fn held(&self, grants: &Grants<'_>) -> Vec<Escalation<'_>> {
        let held: Vec<&EscalationPath> =
            self.paths.iter().filter(|path| self.is_held(path, grants)).collect();
        let is_smallest = |path: &EscalationPath| {
            !held.iter().any(|other| {
                other.actions.len() < path.actions.len()
                    && other.category.severity() >= path.category.severity()
                    && other.actions.iter().all(|action| path.actions.contains(action))
            })
        };
        held.iter()
            .filter(|path| is_smallest(path))
            .map(|path| Escalation {
                path,
                severity: Self::severity(path, grants),
                effect: path.category.effect(),
            })
            .collect()
    }

    /// What reaches named resources only was meant for these: it depends on them how far it reaches.
    fn severity(path: &EscalationPath, grants: &Grants<'_>) -> Severity {
        let depends = matches!(path.category, Category::ExistingPassrole | Category::PrincipalAccess);
        let mut granting = grants
            .allowing()
            .filter(|grant| path.actions.iter().any(|action| grant.has_action(action).is_yes()));
        if depends && granting.all(|grant| names_resources(&grant.statement.resources)) {
            return Severity::Note;
        }
        path.category.severity()
    }

    fn is_held(&self, path: &EscalationPath, grants: &Grants<'_>) -> bool {
        path.actions.iter().all(|action| {
            let facts = self.facts(path, action);
            grants.allowing().any(|grant| {
                grant.has_action(action).is_yes()
                    && !grant.has_conditions(&facts).is_no()
                    && !grants.denying().any(|deny| denies_all(deny, grant, action, &facts))
            })
        })
    }

    /// What is known of the request that hands a role over.
    fn facts(&self, path: &EscalationPath, action: &str) -> Vec<Condition> {
        if path.passed_to.is_empty() || action != self.passing.action {
            return Vec::new();
        }
        let values = path.passed_to.iter().map(|service| TemplateString::from(service.as_str())).collect();
        vec![Condition { operator: "StringEquals".into(), key: self.passing.key.clone(), values }]
    }

    /// Whether the action alone lets a role change what it may do itself.
    pub fn is_self_sufficient(&self, action: &str) -> bool {
        self.paths.iter().any(|path| path.category == Category::SelfEscalation && path.actions == [action])
    }

    /// Whether the action is the one that a severe combination turns on: the first in it.
    pub fn is_decisive(&self, action: &str) -> bool {
        let mut severe = self.paths.iter().filter(|path| path.category.severity() == Severity::High);
        severe.any(|path| path.actions.first().is_some_and(|first| first == action))
    }
}

/// Whether each of the resources is named, whatever region or account it is in.
fn names_resources(resources: &Patterns) -> bool {
    let is_named = |pattern: &Pattern| {
        let name = arn::parts(&pattern.text).map_or_else(|| pattern.text.clone(), |[.., name]| name);
        !arn::has_wildcard(&name)
    };
    !resources.negated && resources.list.iter().all(is_named)
}

/// Whether one statement denies all that another allows of an action.
pub fn denies_all(deny: &Grant<'_>, allow: &Grant<'_>, action: &str, facts: &[Condition]) -> bool {
    let resources = &allow.statement.resources;
    let everything = TemplateString::from("*");
    let denied = if resources.negated {
        deny.has_resource(&everything)
    } else {
        Verdict::all(resources.list.iter().map(|pattern| deny.has_resource(&pattern.text)))
    };
    deny.has_action(action).and(deny.has_conditions(facts)).and(denied).is_yes()
}
