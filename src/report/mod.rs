//! Answers → text, one file a format. Reports decide nothing and touch nothing: they are pure functions.
//!
//! To add a format: one file with a [`Format`] in it, and its line in [`FORMATS`]. What comes from source or template
//! passes [`escape`] on its way out.

mod checks;
mod comment;
pub mod escape;
mod fingerprint;
mod grouped;
mod issue;
mod json;
mod lookup;
mod markdown;
mod rules;
mod sarif;
pub(crate) mod snippet;
mod text;

use crate::catalog::{Class, Coverage, Found, RuleConfidence, Service};
use crate::cloud::Certainty;
use crate::decide::{
    Difference, Explanation, Finding, FunctionAnalysis, PolicyDifference, Question, Synthesis,
};
use crate::infra::{Deployment, Dialect};
use crate::policy::lint::Check;
use crate::text::{SmolStr, Sources};

pub use comment::{Comment, Reviewed, Suggestion};
pub use issue::{Issue, Linted};

/// What every report needs beside the answer.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The files that sites point into.
    pub sources: &'a Sources,
    /// The version of the program.
    pub version: &'a str,
    /// The date and hash of the catalog.
    pub catalog: &'a str,
    /// What leads from the reader's folder to the project: empty, or a path that ends in `/`. JSON goes without it.
    pub prefix: &'a str,
    /// Whether text is coloured.
    pub colour: Colour,
    /// How much text is shown.
    pub detail: Detail,
}

/// Whether terminal text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    #[default]
    Plain,
    /// ANSI styles.
    Ansi,
}

/// How much of the evidence terminal text shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The first places and the nearest step of a route.
    #[default]
    Brief,
    /// All of it.
    Full,
}

/// The answer of `scan`.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    /// The functions.
    pub functions: &'a [FunctionAnalysis],
    /// What to tell people beside them.
    pub findings: &'a [Finding],
}

/// The answer of `generate`.
#[derive(Clone, Copy, Debug)]
pub struct Generate<'a> {
    /// The functions with their policies.
    pub functions: &'a [(&'a FunctionAnalysis, &'a Synthesis)],
    /// The deployments that declare them.
    pub deployments: &'a [Deployment],
    /// Whether the document is wanted alone, without what surrounds it. It holds for the first policy.
    pub bare: bool,
}

/// The answer of `diff`.
#[derive(Clone, Copy, Debug)]
pub struct Diff<'a> {
    /// The functions with their differences.
    pub functions: &'a [(&'a FunctionAnalysis, &'a Difference)],
    /// What to tell people beside them.
    pub findings: &'a [Finding],
}

/// The answer of `compare`.
#[derive(Clone, Copy, Debug)]
pub struct Compare<'a> {
    /// What the old policy was called.
    pub old: &'a str,
    /// What the new policy was called.
    pub new: &'a str,
    /// How they differ.
    pub difference: &'a PolicyDifference,
}

/// The answer of `explain`.
#[derive(Clone, Copy, Debug)]
pub struct Explain<'a> {
    /// What was asked.
    pub question: &'a Question,
    /// What the functions have to say.
    pub explanations: &'a [Explanation<'a>],
    /// The rules of the catalog behind the requirements.
    pub rules: &'a [OperationRules],
}

/// The actions that an operation needs, as the catalog has them: the answer of `catalog show`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationRules {
    /// The service by its client name (`dynamodb`).
    pub service: SmolStr,
    /// The operation by the API's name (`PutItem`).
    pub operation: SmolStr,
    /// What it needs.
    pub actions: Vec<ActionRule>,
}

/// A rule of the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRule {
    /// The action.
    pub action: SmolStr,
    /// When it is checked, in the words of the catalog.
    pub class: Class,
    /// Whether the request that meets the rule is checked against the action in any case.
    pub certainty: Certainty,
    /// What the request must look like; `None` for every request.
    pub when: Option<String>,
    /// ARN templates of the resources.
    pub resources: Vec<String>,
    /// The context of the request that the action is asked with: condition key and value.
    pub conditions: Vec<(SmolStr, SmolStr)>,
    /// Where the knowledge comes from.
    pub provenance: String,
    /// How sure the catalog is.
    pub confidence: RuleConfidence,
    /// A remark for people; often empty.
    pub note: SmolStr,
}

/// What the catalog has of a name: the answer of `catalog search`.
#[derive(Clone, Debug)]
pub struct Search<'a> {
    /// What was searched for.
    pub text: &'a str,
    /// How many of each kind are shown; 0 for all.
    pub limit: usize,
    /// What was found, the nearest first.
    pub found: Found,
}

impl Search<'_> {
    /// The part of what was found that is shown.
    pub(crate) fn shown<'a, T>(&self, found: &'a [T]) -> &'a [T] {
        if self.limit == 0 { found } else { found.get(..self.limit).unwrap_or(found) }
    }
}

/// A report function for an answer of type `A`.
pub type Render<A> = fn(&Context<'_>, &A) -> String;

/// A format, by the answers that it can show.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The dialect in which it writes the deployment's own references. Others need policies in which they are filled.
    pub dialect: Option<Dialect>,
    /// Whether it can name policy templates in the place of statements.
    pub uses_templates: bool,
    /// Shows the answer of `scan`.
    pub scan: Option<for<'a> fn(&Context<'_>, &Scan<'a>) -> String>,
    /// Shows the answer of `generate`.
    pub generate: Option<for<'a> fn(&Context<'_>, &Generate<'a>) -> String>,
    /// Shows the answer of `diff`.
    pub diff: Option<for<'a> fn(&Context<'_>, &Diff<'a>) -> String>,
    /// Shows the answer of `review`.
    pub review: Option<for<'a> fn(&Context<'_>, &Reviewed<'a>) -> String>,
    /// Shows the answer of `lint`.
    pub lint: Option<for<'a> fn(&Context<'_>, &Linted<'a>) -> String>,
    /// Shows the checks of policies.
    pub checks: Option<for<'a> fn(&Context<'_>, &&'a [&'a Check]) -> String>,
    /// Shows the answer of `compare`.
    pub compare: Option<for<'a> fn(&Context<'_>, &Compare<'a>) -> String>,
    /// Shows the answer of `explain`.
    pub explain: Option<for<'a> fn(&Context<'_>, &Explain<'a>) -> String>,
    /// Shows the answer of `catalog show`.
    pub catalog_show: Option<Render<OperationRules>>,
    /// Shows the answer of `catalog show` for a whole service.
    pub catalog_service: Option<Render<Service>>,
    /// Shows the answer of `catalog search`.
    pub catalog_search: Option<for<'a> fn(&Context<'_>, &Search<'a>) -> String>,
    /// Shows the answer of `catalog coverage`.
    pub catalog_coverage: Option<Render<Coverage>>,
}

impl Format {
    /// A format of that name that shows nothing yet.
    const fn named(name: &'static str) -> Self {
        Self {
            name,
            dialect: None,
            uses_templates: false,
            scan: None,
            generate: None,
            diff: None,
            review: None,
            lint: None,
            checks: None,
            compare: None,
            explain: None,
            catalog_show: None,
            catalog_service: None,
            catalog_search: None,
            catalog_coverage: None,
        }
    }
}

/// Every format; the first is what a command uses when none is asked for.
pub static FORMATS: &[Format] = &[
    text::FORMAT,
    json::FORMAT,
    json::GITHUB,
    markdown::FORMAT,
    sarif::FORMAT,
    snippet::CLOUDFORMATION,
    snippet::SAM,
    snippet::SERVERLESS,
    snippet::TERRAFORM,
    snippet::CDK,
    snippet::CDK_PYTHON,
];

/// The format of that name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}
