//! What several formats look up in the same way: paths as the reader types them, and what stands behind an action.

use super::Context;
use crate::catalog::{Authorization, Class, Operation};
use crate::cloud::{Certainty, Origin, Requirement};
use crate::decide::FunctionAnalysis;
use crate::flow::{ApiCall, Confidence};
use crate::policy::{Effect, Pattern, Statement};
use crate::text::{Site, Source};

impl Context<'_> {
    /// The path of a site's file from the reader's folder.
    pub(super) fn path(&self, site: Site) -> String {
        let is_outside = self.sources.get(site.file).is_some_and(Source::is_outside);
        format!("{}{}", if is_outside { "" } else { self.prefix }, self.sources.path(site.file))
    }

    /// `path:line` from the reader's folder, as terminals link it.
    pub(super) fn place(&self, site: Site) -> String {
        format!("{}:{}", self.path(site), self.sources.position(site).line)
    }

    /// The source line of a site without the space around it.
    pub(super) fn excerpt(&self, site: Site) -> &str {
        let line = self.sources.position(site).line;
        self.sources.get(site.file).map_or("", |source| source.line(line).trim())
    }
}

/// The call at a site.
pub(super) fn call_at(function: &FunctionAnalysis, site: Site) -> Option<&ApiCall> {
    function.calls.iter().find(|call| call.site == site)
}

/// The requirements that an allowing statement is there for.
pub(super) fn behind<'a>(function: &'a FunctionAnalysis, statement: &Statement) -> Vec<&'a Requirement> {
    if statement.effect == Effect::Deny || statement.actions.negated {
        return Vec::new();
    }
    let named = |action: &str| statement.actions.list.iter().any(|pattern| is_match(pattern, action));
    function.requirements.iter().filter(|needed| named(&needed.action)).collect()
}

fn is_match(pattern: &Pattern, action: &str) -> bool {
    pattern.text.as_literal().is_some_and(|text| {
        let (pattern, action) = (text.to_ascii_lowercase(), action.to_ascii_lowercase());
        glob(pattern.as_bytes(), action.as_bytes())
    })
}

/// Whether `pattern` with `*` and `?` covers `text`. Linear but for one point of return.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(read) {
        match pattern.get(at) {
            Some(b'*') => {
                back = Some((at, read));
                at += 1;
            }
            Some(b'?') => (at, read) = (at + 1, read + 1),
            Some(expected) if expected == byte => (at, read) = (at + 1, read + 1),
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    (at, read) = (star + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// The actions that an operation may need, each once, in the order of its rules.
pub(super) fn actions(operation: Operation) -> Vec<&'static str> {
    let mut names: Vec<&str> = vec![];
    for rule in operation.rules().filter(|rule| rule.class() != Class::Optional) {
        if !names.contains(&rule.action()) {
            names.push(rule.action());
        }
    }
    names
}

/// Why the catalog only guesses at an operation.
pub(super) const fn reason(authorization: Authorization) -> Option<&'static str> {
    match authorization {
        Authorization::Unverified => Some("newer than the authorization data"),
        Authorization::Unmapped => Some("the authorization data does not know the service"),
        Authorization::Actions | Authorization::NotAuthorized => None,
    }
}

/// The word for a certainty in the contracts.
pub(super) const fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
    }
}

/// The word for an origin in the contracts.
pub(super) const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Call => "call",
        Origin::Dependent => "dependent",
        Origin::Configuration => "configuration",
    }
}

/// The word for a confidence in the contracts.
pub(super) const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Proven => "proven",
        Confidence::Likely => "likely",
        Confidence::Assumed => "assumed",
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn globs_cover_as_iam_says() {
        assert!(glob(b"s3:*", b"s3:getobject"));
        assert!(glob(b"s3:get*object", b"s3:getobject"));
        assert!(glob(b"s3:?etobject", b"s3:getobject"));
        assert!(!glob(b"s3:get", b"s3:getobject"));
        assert!(!glob(b"s3:get?", b"s3:get"));
    }
}
