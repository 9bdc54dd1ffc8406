//! The documentation of the checks of policies, as one page in Markdown.

use std::fmt::Write as _;

use super::Context;
use crate::policy::lint::Check;

/// The answer of `lint --rules --format markdown`.
pub(super) fn page(_context: &Context<'_>, checks: &&[&Check]) -> String {
    let mut page =
        String::from("# Checks of policies\n\n| check | severity | what it finds |\n|---|---|---|\n");
    for check in *checks {
        let Check { id, severity, title, .. } = check;
        let _ = writeln!(page, "| [`{id}`](#{id}) | {} | {title} |", severity.name());
    }
    for check in *checks {
        let Check { id, severity, title, why, help, bad, good, .. } = check;
        let _ = write!(page, "\n## {id}\n\n{title} ({}). {why}\n\n{help}\n", severity.name());
        // A policy that is too long would be too long here too.
        if !bad.is_empty() {
            let _ = write!(page, "\n```json\n{}\n```\n\nWithout the finding:\n", lines(bad));
            let _ = write!(page, "\n```json\n{}\n```\n", lines(good));
        }
    }
    page
}

/// JSON in lines where it is JSON.
fn lines(text: &str) -> String {
    let as_is = || text.to_owned();
    // Reading would lose a key that stands twice.
    if text.matches("\"Action\"").count() > text.matches("\"Effect\"").count() {
        return as_is();
    }
    serde_json::from_str::<serde_json::Value>(text).map_or_else(|_| as_is(), |value| format!("{value:#}"))
}
