//! `generate --write`: the roles' statements in the templates become what is needed.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::answers::{KeptPolicies, Making};
use super::failure::Failure;
use super::run::Analysis;
use super::settings::Settings;
use crate::cloud::aws::CatalogFacts;
use crate::decide::{self, Difference, FunctionAnalysis, Include, Severity};
use crate::infra::{Deployment, Dialect, Function, HeldPolicy, Resource, Role, policy_templates};
use crate::policy::{Condition, Document, Effect};
use crate::report::snippet::edit::{Edit, apply, patch};
use crate::report::snippet::write::Rewriting;
use crate::report::snippet::{Made, says_more};
use crate::text::FileId;

/// What is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// The changed files: path, text before and after.
    pub files: Vec<(String, String, String)>,
    /// What a person should know, as sentences without a final period.
    pub notes: Vec<String>,
}

impl Writing {
    /// The changes as a unified patch.
    pub fn patch(&self) -> String {
        let patches: Vec<String> =
            self.files.iter().map(|(path, before, after)| patch(path, before, after)).collect();
        patches.concat()
    }
}

/// The functions that share a role.
struct Group<'a> {
    deployment: &'a Deployment,
    declared: &'a Function,
    role: &'a Role,
    users: Vec<(&'a FunctionAnalysis, &'a Difference)>,
    /// What was added to the deployment beside the statements.
    added: Rc<RefCell<IndexSet<String>>>,
}

/// Works out the changes of all templates.
pub(super) fn writing(
    settings: &Settings,
    analysis: &Analysis,
    kept: &KeptPolicies,
    possible: bool,
) -> Result<Writing, Failure> {
    let mut writing = Writing::default();
    let mut edits: IndexMap<FileId, Vec<Edit>> = IndexMap::new();
    for group in groups(analysis, &mut writing.notes) {
        let names: Vec<&str> = group.users.iter().map(|(function, _)| function.name.as_str()).collect();
        match group.changes(settings, analysis, by_hand(kept, &names), possible)? {
            Ok(Some((changes, notes))) => {
                for (file, own) in changes {
                    edits.entry(file).or_default().extend(own);
                }
                writing.notes.extend(notes.into_iter().map(|note| format!("{}: {note}", names.join(", "))));
            }
            Ok(None) => {}
            Err(why) => writing.notes.push(format!("{} is not written: {why}", names.join(", "))),
        }
    }
    for (file, edits) in edits {
        let Some(source) = analysis.sources.get(file) else { continue };
        let after = apply(source.text(), &edits);
        if after != source.text() {
            writing.files.push((source.path().to_owned(), source.text().to_owned(), after));
        }
    }
    Ok(writing)
}

/// The documents that are kept for any of the functions, each once.
fn by_hand<'a>(kept: &'a KeptPolicies, functions: &[&str]) -> Vec<&'a Document> {
    let mut all: Vec<&Document> = vec![];
    for document in functions.iter().flat_map(|name| kept.of(name)) {
        if !all.iter().any(|other| std::ptr::eq(*other, document)) {
            all.push(document);
        }
    }
    all
}

/// The functions by their roles. What has no role in a template is noted.
fn groups<'a>(analysis: &'a Analysis, notes: &mut Vec<String>) -> Vec<Group<'a>> {
    let mut groups: IndexMap<(usize, &str), Group<'a>> = IndexMap::new();
    let added: Vec<Rc<RefCell<IndexSet<String>>>> =
        analysis.deployments.iter().map(|_| Rc::default()).collect();
    for (function, difference) in analysis.functions.iter().zip(&analysis.differences) {
        let declared = analysis.deployments.iter().enumerate().find_map(|(index, deployment)| {
            Some((index, deployment, deployment.function_at(function.template, &function.name)?))
        });
        let role = declared.and_then(|(_, deployment, declared)| {
            let id = declared.role.as_deref()?;
            Some((id, deployment.roles.get(id)?))
        });
        let (Some((index, deployment, declared)), Some((id, role))) = (declared, role) else {
            notes.push(format!("{} is not written: no template declares its role", function.name));
            continue;
        };
        let group = groups.entry((index, id)).or_insert_with(|| Group {
            deployment,
            declared,
            role,
            users: vec![],
            added: added.get(index).cloned().unwrap_or_default(),
        });
        group.users.push((function, difference));
    }
    groups.into_values().collect()
}

/// The changes of a role with what a person should know, `None` where it is right; or why it is not written.
type Changes = Result<Option<(Vec<(FileId, Vec<Edit>)>, Vec<String>)>, String>;

impl Group<'_> {
    /// `by_hand` is what stays in the role beside what is needed.
    fn changes(
        &self,
        settings: &Settings,
        analysis: &Analysis,
        by_hand: Vec<&Document>,
        possible: bool,
    ) -> Result<Changes, Failure> {
        if let Some(why) = self.refusal() {
            return Ok(Err(why));
        }
        let is_right = |difference: &Difference| rows(difference).all(|row| row.severity < Severity::Low);
        let are_right =
            self.users.iter().map(|(_, difference)| difference).all(|difference| is_right(difference));
        if are_right && by_hand.is_empty() {
            return Ok(Ok(None));
        }
        // What stands in the function's own list can be taken out of it; what is attached elsewhere stays.
        let own = self.deployment.makes_role(self.declared);
        let (kept, rest): (Vec<&HeldPolicy>, Vec<&HeldPolicy>) =
            self.role.policies.iter().partition(|policy| {
                policy.implied || self.is_attached(policy) && (!own || self.is_narrow(policy))
            });
        let rest = rest.into_iter().filter(|policy| !self.is_attached(policy));
        let rest: Vec<&HeldPolicy> = rest.collect();
        if let Some(why) = rest.iter().find_map(|policy| self.narrows(policy)) {
            return Ok(Err(why));
        }
        let (good, wide): (Vec<&HeldPolicy>, Vec<&HeldPolicy>) =
            kept.iter().partition(|policy| policy.implied || self.is_narrow(policy));
        let Some((first, _)) = self.users.first() else { return Ok(Ok(None)) };
        let function = FunctionAnalysis {
            requirements: self.users.iter().flat_map(|(user, _)| user.requirements.clone()).collect(),
            ..(*first).clone()
        };
        let facts = CatalogFacts(settings.scope.overlay.catalog());
        let include = if possible { Include::Possible } else { Include::Certain };
        let dialect = self.deployment.dialect;
        let making = Making {
            scope: &settings.scope,
            dialect: Some(dialect),
            uses_templates: dialect == Dialect::CloudFormation,
            granted: good.iter().map(|policy| &policy.document).collect(),
            kept: by_hand,
            function: &function,
            deployment: Some(self.deployment),
            include,
            facts: &facts,
        };
        let synthesis = making.synthesis(false)?;
        let (deployment, declared) = (self.deployment, Some(self.declared));
        let made = Made { function: &function, synthesis: &synthesis, deployment, declared };
        let rewriting =
            Rewriting { made, role: self.role, kept, sources: &analysis.sources, added: &self.added };
        let mut notes: Vec<String> =
            synthesis.warnings.iter().filter(|line| says_more(line)).cloned().collect();
        notes.extend(wide.iter().map(|policy| {
            format!("`{}` stays attached and grants more than is needed: detach it", policy.name)
        }));
        Ok(rewriting.changes().map(|changes| Some((changes, notes))))
    }

    /// Why the role must not be written at all.
    fn refusal(&self) -> Option<String> {
        let hides =
            |function: &FunctionAnalysis| function.blind_spots.iter().any(|spot| spot.kind.hides_actions());
        if let Some((function, _)) = self.users.iter().find(|(function, _)| hides(function)) {
            let name = &function.name;
            return Some(format!(
                "a blind spot of `{name}` may hide a permission (`leastwise scan` shows it)"
            ));
        }
        let id = &self.declared.role;
        let all = self.deployment.functions.iter().filter(|function| function.role == *id).count();
        (all > self.users.len()).then(|| "other functions share the role: write them together".to_owned())
    }

    /// Whether a policy is attached by its name, not written out in the template: all of it is taken to stand where it is
    /// named.
    fn is_attached(&self, policy: &HeldPolicy) -> bool {
        let is_template = policy_templates().contains_key(policy.name.as_str());
        let is_here = |resource: &Resource| resource.site == policy.site;
        let is_declared = self.deployment.resources.values().any(is_here);
        !is_template
            && !is_declared
            && policy.document.statements.iter().all(|statement| {
                let actions = statement.actions.list.iter().map(|action| action.site);
                actions.chain([statement.site]).all(|site| site.is_none_or(|site| site == policy.site))
            })
    }

    /// What in a policy says more than what can be read off the code.
    fn narrows(&self, policy: &HeldPolicy) -> Option<String> {
        let name = &policy.name;
        policy.document.statements.iter().find_map(|statement| {
            if statement.effect == Effect::Deny {
                return Some(format!("`{name}` has a statement that denies, which no code asks for"));
            }
            let has = statement.conditions.iter().any(|condition| !self.is_of_code(condition));
            has.then(|| format!("`{name}` has a statement with a condition, which no code asks for"))
        })
    }

    /// Whether the condition is on a key of which the code's requests say what it is.
    fn is_of_code(&self, condition: &Condition) -> bool {
        let needs = self.users.iter().flat_map(|(user, _)| &user.requirements);
        let mut known = needs.flat_map(|need| {
            let carried = need.carried.iter().map(|carried| &carried.condition);
            need.conditions.iter().chain(carried)
        });
        known.any(|known| known.key.eq_ignore_ascii_case(&condition.key))
    }

    /// Whether nothing that a policy grants is too much.
    fn is_narrow(&self, policy: &HeldPolicy) -> bool {
        let of_policy = |row: &&decide::Row| {
            row.severity >= Severity::Low
                && row.held_by.as_ref().is_some_and(|held| held.policy == policy.name)
        };
        !self.users.iter().flat_map(|(_, difference)| rows(difference)).any(|row| of_policy(&row))
    }
}

fn rows(difference: &Difference) -> impl Iterator<Item = &decide::Row> {
    difference.missing.iter().chain(&difference.excess).chain(&difference.too_wide)
}
