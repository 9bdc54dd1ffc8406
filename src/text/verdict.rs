//! Yes, no, or not decided: what a question about text that is known in part can be answered with.

/// The answer to a question that may depend on text which is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not hold, whatever the unknown text is.
    No,
    /// It depends on text that is not known, or the question was too large.
    Unknown,
    /// It holds, whatever the unknown text is.
    Yes,
}

impl Verdict {
    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// At least one holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The opposite holds.
    #[must_use]
    pub const fn negate(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Whether it holds for certain.
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// Whether it is excluded for certain.
    pub fn is_no(self) -> bool {
        self == Self::No
    }

    /// All of them hold; `Yes` for none.
    pub fn all(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::Yes, Self::and)
    }

    /// At least one of them holds; `No` for none.
    pub fn any(verdicts: impl IntoIterator<Item = Self>) -> Self {
        verdicts.into_iter().fold(Self::No, Self::or)
    }
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
