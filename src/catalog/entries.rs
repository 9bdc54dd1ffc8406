//! What frameworks enter by themselves, by what classes and members are marked with. `catalogs/aws/libraries/README.md` has the
//! format.

use serde::Deserialize;

use crate::text::SmolStr;

use super::library::Test;

/// What a framework enters, and what it makes when it starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Entries {
    /// The setting that names what is entered, where several have a name; without it, or where it says nothing, all are.
    pub named: SmolStr,
    /// What is entered with the event.
    pub found: Vec<EntryRule>,
    /// What is made when the framework starts, and what is called then.
    pub made: Vec<EntryRule>,
    /// Packages of which one makes of a build a program of its own that enters so, whatever its handler is named.
    pub native: Vec<SmolStr>,
}

/// Classes, or members of them. All that is said must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntryRule {
    /// The class is marked with one of these.
    pub classes: Vec<SmolStr>,
    /// It derives from one of these, by the last part of their name.
    pub bases: Vec<SmolStr>,
    /// The members, by name.
    pub members: Vec<SmolStr>,
    /// The members, by what they are marked with.
    pub marks: Vec<SmolStr>,
    /// The types that such members are declared to give, by the last part of their name; empty for any.
    pub results: Vec<SmolStr>,
    /// Conditions on the values at hand, all of which must hold.
    pub when: Vec<Test>,
    /// Whether it is what the member gives that is entered.
    pub gives: bool,
    /// What is made, and what is called then, before it is entered.
    pub starts: Vec<EntryRule>,
}
