//! How much a finding matters.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Should be looked at some time.
    Low,
    /// Should be fixed.
    Medium,
    /// Will break the function, or grants what an attacker wants.
    High,
    /// Grants control of the account or of all of its data.
    Critical,
}

impl Severity {
    /// The name in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
