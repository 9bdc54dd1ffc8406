//! Standard output, standard error and the file that an answer may go to.

use std::fs;
use std::io::{ErrorKind, IsTerminal as _, Read as _, Write, stderr, stdin, stdout};
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::args::When;
use super::failure::Failure;
use crate::report::{Colour, escape};

/// No policy is longer.
const MOST_INPUT: u64 = 16 << 20;

/// Writes the answer. A reader that stops reading has what it wanted.
pub(super) fn write(text: &str, file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        let mut out = stdout().lock();
        return pass(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    };
    fs::write(path, text).map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))
}

/// All of standard input.
pub(super) fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    stdin()
        .lock()
        .take(MOST_INPUT)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

fn pass(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write the answer: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says on standard error why the command could not do its work. Where even that is closed, nobody listens.
pub(super) fn complain(failure: &Failure, when: When) {
    let colour = choose(when, stderr().is_terminal(), |name| std::env::var(name).ok());
    let mut out = stderr().lock();
    let _ = out.write_all(complaint(failure, colour).as_bytes());
}

fn complaint(failure: &Failure, colour: Colour) -> String {
    let label = |style: Style, word: &str| match colour {
        Colour::Ansi => format!("{style}{word}:{style:#}"),
        Colour::Plain => format!("{word}:"),
    };
    let error = label(AnsiColor::Red.on_default().bold(), "error");
    let text = format!("{error} {}\n", escape::terminal(failure.message()));
    let Some(advice) = failure.advice() else { return text };
    let help = label(AnsiColor::Cyan.on_default().bold(), "help");
    format!("{text}{help} {}\n", escape::terminal(advice))
}

/// Whether the answer is coloured.
pub(super) fn colour(when: When, file: Option<&Path>) -> Colour {
    choose(when, file.is_none() && stdout().is_terminal(), |name| std::env::var(name).ok())
}

/// What was asked for, else what the environment says, else what the terminal can do.
fn choose(when: When, is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> Colour {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    let is = |name: &str, value: &str| variable(name).as_deref() == Some(value);
    let wanted = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if is_set("NO_COLOR") => false,
        When::Auto if is_set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
        When::Auto => is_terminal && !is("CLICOLOR", "0") && !is("TERM", "dumb"),
    };
    if wanted { Colour::Ansi } else { Colour::Plain }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn chosen(when: When, is_terminal: bool, variables: &[(&str, &str)]) -> bool {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        choose(when, is_terminal, variable) == Colour::Ansi
    }

    #[test]
    fn colour_is_for_terminals_that_want_it() {
        assert!(chosen(When::Auto, true, &[]));
        assert!(!chosen(When::Auto, false, &[]));
        assert!(!chosen(When::Auto, true, &[("NO_COLOR", "1")]));
        assert!(chosen(When::Auto, true, &[("NO_COLOR", "")]));
        assert!(!chosen(When::Auto, true, &[("CLICOLOR", "0")]));
        assert!(!chosen(When::Auto, true, &[("TERM", "dumb")]));
        assert!(chosen(When::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(chosen(When::Always, false, &[("NO_COLOR", "1")]));
        assert!(!chosen(When::Never, true, &[("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn a_reader_that_stops_reading_is_no_failure() {
        assert_eq!(pass(Err(ErrorKind::BrokenPipe.into())), Ok(()));
        assert!(pass(Err(ErrorKind::StorageFull.into())).is_err());
    }

    #[test]
    fn a_complaint_says_what_and_what_to_do() {
        let failure = Failure::new("there is no folder `a\u{1b}b`").help("check the path");
        let text = "error: there is no folder `a\\u{1b}b`\nhelp: check the path\n";
        assert_eq!(complaint(&failure, Colour::Plain), text);
    }
}
