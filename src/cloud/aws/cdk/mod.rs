//! Deployments that are programs written with the AWS CDK: a binding that keeps what a program calls, and the template that
//! the calls come to.

mod binding;
mod expression;
mod facts;
mod names;
mod nodes;
mod prepare;
mod states;
mod template;
mod trace;

pub use binding::Cdk;
pub use template::Surroundings;

use crate::flow::{BlindKind, Findings, World};
use crate::text::tree::Node;
use crate::text::{Hole, SmolStr, TemplateString};

use facts::facts;

/// Whether a module is one of construct libraries, by the name under which it is imported.
pub fn is_construct_library(module: &str) -> bool {
    facts().is_construct_library(module)
}

/// The template that a run of a program came to.
pub fn template(findings: &Findings, around: &Surroundings<'_>) -> Node {
    let trace = trace::trace(facts(), &findings.calls);
    let spots = findings.blind_spots.iter().filter(|spot| spot.kind == BlindKind::EscapedClient);
    let handed: Vec<(SmolStr, String)> = spots
        .flat_map(|spot| {
            let what = spot.message.split('`').nth(1).unwrap_or("code outside the project").to_owned();
            spot.services.iter().map(move |key| (key.clone(), what.clone()))
        })
        .collect();
    template::template(trace, &handed, around)
}

/// Where a program that deploys runs: nothing of its environment is known but where it deploys to.
#[derive(Clone, Copy, Debug)]
pub struct Deployer;

impl World for Deployer {
    fn variable(&self, name: &str) -> Option<TemplateString> {
        facts().variable(name)
    }

    fn environment_is_known(&self) -> bool {
        true
    }

    fn decides(&self) -> bool {
        true
    }

    fn expand(&self, _hole: &Hole) -> Option<TemplateString> {
        None
    }
}
