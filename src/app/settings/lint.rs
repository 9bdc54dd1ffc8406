//! What a project leaves out of the checks of its policies.

use serde::Deserialize;
use toml::Spanned;

use crate::app::failure::Failure;
use crate::app::nearest::nearest;
use crate::policy::lint::{CHECKS, check};
use crate::text::{Glob, SmolStr, Source, TemplateString};

/// `[lint]` in the configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    /// Checks that are left out everywhere.
    ignore: Vec<Spanned<String>>,
    /// Checks that are left out in some files.
    allow: Vec<Allowed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    /// The check.
    rule: Spanned<String>,
    /// The files, as a pattern with `*`.
    file: String,
    /// Why, for people.
    #[serde(default, rename = "reason")]
    _reason: Option<String>,
}

/// Findings that are not reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressed {
    /// The check, and the files as a pattern.
    rules: Vec<(SmolStr, String)>,
}

impl Suppressed {
    /// Whether a finding of the check in that file is left out.
    pub fn leaves_out(&self, rule: &str, file: &str) -> bool {
        self.rules.iter().any(|(own, pattern)| {
            own == rule && Glob::pattern(&TemplateString::from(pattern.as_str())).matches(file).is_yes()
        })
    }
}

/// What the configuration `file` leaves out.
pub(super) fn read(section: &Section, file: &str, text: &str) -> Result<Suppressed, Failure> {
    let everywhere = section.ignore.iter().map(|rule| (rule, "*"));
    let some = section.allow.iter().map(|allowed| (&allowed.rule, allowed.file.as_str()));
    let rules = everywhere.chain(some).map(|(rule, pattern)| {
        let name = rule.get_ref().as_str();
        if check(name).is_some() {
            return Ok((name.into(), pattern.to_owned()));
        }
        let start = u32::try_from(rule.span().start).unwrap_or(u32::MAX);
        let at = Source::new(file, text).position(start);
        let failure = Failure::new(format!("`{file}:{}:{}`: there is no check `{name}`", at.line, at.column));
        Err(match nearest(name, CHECKS.iter().map(|check| check.id)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        })
    });
    Ok(Suppressed { rules: rules.collect::<Result<_, Failure>>()? })
}
