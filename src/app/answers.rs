//! From what is known of the functions to what was asked for: policies and differences.

use super::failure::Failure;
use super::settings::{Scope, Settings};
use super::templates::Templates;
use crate::catalog::Catalog;
use crate::cloud::aws::CatalogFacts;
use crate::decide::{self, FunctionAnalysis, Include, NamedPolicy, PolicyKind, Synthesis, Target};
use crate::infra::Deployment;
use crate::policy::quota::{INLINE_POLICIES_SIZE, MANAGED_POLICY_SIZE, size, split};
use crate::text::{Hole, SmolStr, TemplateString};

/// The policies of each function.
///
/// # Errors
/// A reference that nothing fills, where only exact policies are wanted.
pub(super) fn syntheses(
    settings: &Settings,
    functions: &[FunctionAnalysis],
    templates: &Templates,
    possible: bool,
    exact: bool,
) -> Result<Vec<Synthesis>, Failure> {
    let include = if possible { Include::Possible } else { Include::Certain };
    let synthesis = |function: &FunctionAnalysis| {
        let site = function.template;
        let deployment = site.and_then(|site| {
            templates.deployments.iter().find(|each| each.functions.iter().any(|other| other.site == site))
        });
        let fill = |hole: &Hole| fill(hole, &settings.scope, deployment);
        synthesize(function, include, exact, &fill, settings.format.keeps_references)
    };
    functions.iter().map(synthesis).collect()
}

fn synthesize(
    function: &FunctionAnalysis,
    include: Include,
    exact: bool,
    fill: &dyn Fn(&Hole) -> Option<TemplateString>,
    keeps_references: bool,
) -> Result<Synthesis, Failure> {
    let facts = CatalogFacts(Catalog::embedded());
    let target = if keeps_references { Target::template(fill) } else { Target::upload(fill) };
    let document = decide::synthesize(&function.requirements, include, &target, &facts);
    let defects = decide::prove(&document, &function.requirements, include, &target, &facts);
    if let Some(defect) = defects.first() {
        return Err(Failure::new(format!("the policy of `{}` is not sound: {defect:?}", function.name))
            .help("this is a defect of leastwise: please report it with the function"));
    }
    let widened = target.widened();
    let warnings: Vec<String> =
        widened.iter().map(|place| format!("`{}` became `{}`", place.from, place.to)).collect();
    if exact && let Some(first) = warnings.first() {
        return Err(Failure::new(format!("in the policy of `{}`, {first}", function.name))
            .help("say more with `--account`, `--region` and `--param NAME=VALUE`"));
    }
    let complete = !function.blind_spots.iter().any(|spot| spot.kind.hides_actions());
    Ok(Synthesis { policies: policies(&function.name, document), complete, warnings })
}

/// One inline policy, or several managed ones where one would be too long.
fn policies(function: &str, document: crate::policy::Document) -> Vec<NamedPolicy> {
    let name: String = function.chars().filter(char::is_ascii_alphanumeric).collect();
    let render = &crate::policy::print::by_name;
    if document.statements.is_empty() {
        return vec![];
    }
    if size(&document, render) <= INLINE_POLICIES_SIZE {
        return vec![NamedPolicy { name: name.into(), kind: PolicyKind::Inline, document }];
    }
    let parts = split(&document, MANAGED_POLICY_SIZE, render);
    let policy = |(document, number): (crate::policy::Document, usize)| NamedPolicy {
        name: SmolStr::from(format!("{name}{number}")),
        kind: PolicyKind::Managed,
        document,
    };
    parts.into_iter().zip(1..).map(policy).collect()
}

/// What the command line and the template's defaults say of a hole.
fn fill(hole: &Hole, scope: &Scope, deployment: Option<&Deployment>) -> Option<TemplateString> {
    let known = |text: &Option<SmolStr>| text.as_deref().map(TemplateString::from);
    match hole {
        Hole::Account => known(&scope.account),
        Hole::Region => known(&scope.region),
        Hole::Partition => {
            known(&scope.partition).or_else(|| Some(partition(scope.region.as_deref()).into()))
        }
        Hole::Parameter(name) => {
            let given = scope.parameters.get(name).map(|value| value.as_str().into());
            given.or_else(|| deployment?.parameters.get(name)?.default.clone())
        }
        _ => None,
    }
}

/// The partition of a region.
fn partition(region: Option<&str>) -> &'static str {
    match region {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
