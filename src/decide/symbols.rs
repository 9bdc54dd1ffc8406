//! References that stand for whole ARNs, put where the ARNs of such resources have the name. A reference compares with
//! what is spelled out only in that place.

use indexmap::IndexMap;

use crate::infra::HeldPolicy;
use crate::policy::{ActionFacts, Statement, arn};
use crate::text::{Glob, Hole, Piece, SmolStr, TemplateString};

/// So many actions of a statement are asked what they act on.
const ACTIONS: usize = 64;

/// Where a reference begins a resource: the actions on it, and what stands behind it.
struct Use {
    actions: Vec<SmolStr>,
    behind: TemplateString,
}

/// The policies with every reference to a whole ARN as an ARN of the type that its statements act on. What no type
/// fits is left open.
pub(super) fn placed(sets: [&[HeldPolicy]; 2], facts: &dyn ActionFacts) -> [Vec<HeldPolicy>; 2] {
    let mut uses: IndexMap<Hole, Vec<Use>> = IndexMap::new();
    for statement in sets.iter().copied().flatten().flat_map(|policy| &policy.document.statements) {
        for pattern in &statement.resources.list {
            if let Some((hole, behind)) = leading(&pattern.text) {
                let actions = actions(statement, facts);
                uses.entry(hole.clone()).or_default().push(Use { actions, behind });
            }
        }
    }
    let arns: IndexMap<Hole, Option<TemplateString>> =
        uses.iter().map(|(hole, uses)| (hole.clone(), arn_of(hole, uses, facts))).collect();
    let [old, new] = sets.map(|set| set.iter().map(|policy| rewritten(policy, &arns)).collect::<Vec<_>>());
    [settled(&old, &new), settled(&new, &old)]
}

/// The policies with the partition, region and account that the other ones name, where those leave none of it open: they
/// are about one deployment.
fn settled(own: &[HeldPolicy], other: &[HeldPolicy]) -> Vec<HeldPolicy> {
    let places = [(1, Hole::Partition), (3, Hole::Region), (4, Hole::Account)];
    let named: IndexMap<Hole, TemplateString> = places
        .into_iter()
        .filter_map(|(place, hole)| {
            let mut names: Vec<TemplateString> = resources(other)
                .filter_map(|text| arn::parts(text)?.into_iter().nth(place))
                .filter(|name| name.as_literal().is_none_or(|name| !name.is_empty() && name != "*"))
                .collect();
            names.sort();
            names.dedup();
            let [only] = names.as_slice() else { return None };
            only.as_literal().filter(|name| !name.contains(['*', '?']))?;
            Some((hole, only.clone()))
        })
        .collect();
    let mut own = own.to_vec();
    let statements = own.iter_mut().flat_map(|policy| &mut policy.document.statements);
    for pattern in statements.flat_map(|statement| &mut statement.resources.list) {
        pattern.text = pattern.text.fill(|hole| named.get(hole).cloned());
    }
    own
}

fn resources(policies: &[HeldPolicy]) -> impl Iterator<Item = &TemplateString> {
    let statements = policies.iter().flat_map(|policy| &policy.document.statements);
    statements.flat_map(|statement| &statement.resources.list).map(|pattern| &pattern.text)
}

/// The reference that the text begins with, and the rest.
fn leading(text: &TemplateString) -> Option<(&Hole, TemplateString)> {
    let (first, rest) = text.pieces().split_first()?;
    let Piece::Hole(hole) = first else { return None };
    if matches!(
        hole,
        Hole::PolicyVariable(_) | Hole::Account | Hole::Region | Hole::Partition | Hole::Unknown
    ) {
        return None;
    }
    let mut behind = TemplateString::new();
    for piece in rest {
        match piece {
            Piece::Text(text) => behind.push_str(text),
            Piece::Hole(hole) => behind.push_hole(hole.clone()),
        }
    }
    Some((hole, behind))
}

fn actions(statement: &Statement, facts: &dyn ActionFacts) -> Vec<SmolStr> {
    let patterns = statement.actions.list.iter().filter_map(|pattern| pattern.text.as_literal());
    let expanded = patterns.filter(|pattern| *pattern != "*").flat_map(|pattern| facts.expand(pattern));
    if statement.actions.negated { Vec::new() } else { expanded.take(ACTIONS).collect() }
}

/// The ARN of the type that fits all uses, the plainest first, with the reference for its name.
fn arn_of(hole: &Hole, uses: &[Use], facts: &dyn ActionFacts) -> Option<TemplateString> {
    let mut prefixes: Vec<&str> =
        uses.iter().flat_map(|each| &each.actions).filter_map(|action| action.split(':').next()).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let mut types: Vec<SmolStr> =
        prefixes.into_iter().flat_map(|prefix| facts.service_types(prefix)).collect();
    types.sort_by_key(|template| (template.matches("${").count(), template.len()));
    let instances = types.iter().map(|template| named(template, hole));
    instances.into_iter().find(|arn| uses.iter().all(|each| fits(arn, each, facts)))
}

/// An ARN of the type with the reference for its name, and for everything else that has one.
fn named(template: &str, hole: &Hole) -> TemplateString {
    TemplateString::filled(template, |word| match word {
        "Partition" => Hole::Partition.into(),
        "Region" => Hole::Region.into(),
        "Account" => Hole::Account.into(),
        _ => hole.clone().into(),
    })
}

/// Whether an action of the use acts on the ARN with what stands behind it.
fn fits(arn: &TemplateString, each: &Use, facts: &dyn ActionFacts) -> bool {
    let mut text = arn.fill(|_| Some("x".into()));
    text.push(&each.behind.fill(|_| Some("*".into())));
    let own = Glob::held(&text);
    let acts = |action: &SmolStr| {
        let types = facts.resource_types(action).unwrap_or_default();
        types.iter().any(|kind| !Glob::resource_type(kind).overlaps(&own).is_no())
    };
    each.actions.iter().any(acts)
}

fn rewritten(policy: &HeldPolicy, arns: &IndexMap<Hole, Option<TemplateString>>) -> HeldPolicy {
    let mut policy = policy.clone();
    let statements = policy.document.statements.iter_mut();
    for pattern in statements.flat_map(|statement| &mut statement.resources.list) {
        let Some((hole, behind)) = leading(&pattern.text) else { continue };
        let mut text = match arns.get(hole) {
            Some(Some(arn)) => arn.clone(),
            _ => TemplateString::hole(Hole::Unknown),
        };
        text.push(&behind);
        pattern.text = text;
    }
    policy
}
