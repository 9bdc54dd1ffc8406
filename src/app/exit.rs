//! Exit codes. Scripts and pipelines rely on them.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to report.
    Clean,
    /// There are findings.
    Findings,
    /// The command could not do its work.
    Failure,
}

impl Exit {
    /// The code that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failure => 2,
        }
    }

    /// Findings, where there are any.
    pub const fn of_findings(any: bool) -> Self {
        if any { Self::Findings } else { Self::Clean }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn codes_are_a_contract() {
        assert_eq!(Exit::Clean.code(), 0);
        assert_eq!(Exit::Findings.code(), 1);
        assert_eq!(Exit::Failure.code(), 2);
        assert_eq!(Exit::of_findings(false), Exit::Clean);
        assert_eq!(Exit::of_findings(true), Exit::Findings);
    }
}
