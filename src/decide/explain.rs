//! The part of an analysis that answers one question: why an action is needed, or what a line of code asks for.

use super::FunctionAnalysis;
use crate::cloud::{Cause, Requirement};
use crate::flow::{ApiCall, BlindSpot};
use crate::text::{Site, SmolStr, Sources};

/// What a person wants explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// An action (`s3:GetObject`); letter case does not count.
    Action(SmolStr),
    /// A line of a file.
    Place {
        /// The file, relative to the project, with `/`.
        file: String,
        /// The line, from 1.
        line: u32,
    },
}

/// What one function has to say to a [`Question`].
#[derive(Clone, Debug)]
pub struct Explanation<'a> {
    /// The function.
    pub function: &'a FunctionAnalysis,
    /// The API calls concerned: those behind the action, or those on the line and behind it.
    pub calls: Vec<&'a ApiCall>,
    /// The requirements concerned.
    pub requirements: Vec<&'a Requirement>,
    /// What the line sets or has invoke the function.
    pub causes: Vec<&'a Cause>,
    /// The blind spots on the line.
    pub blind_spots: Vec<&'a BlindSpot>,
}

/// Answers a question: one explanation for each function that has something to say, in the order of `functions`.
pub fn explain<'a>(
    functions: &'a [FunctionAnalysis],
    sources: &Sources,
    question: &Question,
) -> Vec<Explanation<'a>> {
    functions
        .iter()
        .map(|function| match question {
            Question::Action(action) => of_action(function, action),
            Question::Place { file, line } => of_place(function, |site| {
                sources.path(site.file) == file && sources.position(site).line == *line
            }),
        })
        .filter(|found| {
            !(found.calls.is_empty()
                && found.requirements.is_empty()
                && found.causes.is_empty()
                && found.blind_spots.is_empty())
        })
        .collect()
}

fn of_action<'a>(function: &'a FunctionAnalysis, action: &str) -> Explanation<'a> {
    let requirements: Vec<_> =
        function.requirements.iter().filter(|needed| needed.action.eq_ignore_ascii_case(action)).collect();
    let calls = function
        .calls
        .iter()
        .filter(|call| requirements.iter().any(|needed| is_behind(needed, call.site)))
        .collect();
    Explanation { function, calls, requirements, causes: Vec::new(), blind_spots: Vec::new() }
}

fn of_place(function: &FunctionAnalysis, is_there: impl Fn(Site) -> bool) -> Explanation<'_> {
    let calls: Vec<_> = function
        .calls
        .iter()
        .filter(|call| is_there(call.site) || call.route.iter().any(|step| is_there(step.site)))
        .collect();
    let requirements = function
        .requirements
        .iter()
        .filter(|needed| {
            needed.evidence.iter().any(|evidence| is_there(evidence.site))
                || calls.iter().any(|call| is_behind(needed, call.site))
        })
        .collect();
    let blind_spots = function.blind_spots.iter().filter(|spot| spot.site.is_some_and(&is_there)).collect();
    let causes = function.causes.iter().filter(|cause| is_there(cause.site)).collect();
    Explanation { function, calls, requirements, causes, blind_spots }
}

fn is_behind(requirement: &Requirement, site: Site) -> bool {
    requirement.evidence.iter().any(|evidence| evidence.site == site)
}
