//! What each kind of finding means and what to do about it, for formats that carry their own documentation.

/// The documentation of a kind of finding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Its id in every format.
    pub(super) id: &'static str,
    /// What it is, in a few words.
    pub(super) title: &'static str,
    /// Why it matters.
    pub(super) why: &'static str,
    /// What to do.
    pub(super) help: &'static str,
    /// How much it matters as a security finding, from 0 to 10; `None` where it is none.
    pub(super) score: Option<&'static str>,
}

/// Needed, not granted.
pub(super) const MISSING: &str = "missing-permission";
/// Granted, not needed.
pub(super) const EXCESS: &str = "excess-permission";
/// Allowed by a new policy alone.
pub(super) const GAINED: &str = "gained-permission";
/// Allowed by an old policy alone.
pub(super) const LOST: &str = "lost-permission";
/// Allowed by one of two policies alone, or by both.
pub(super) const UNDECIDED: &str = "undecided-permission";
/// Granted on more than is needed.
pub(super) const TOO_WIDE: &str = "too-wide-resource";

/// Every rule, by id.
pub(super) static RULES: &[Rule] = &[
    Rule {
        id: "escaped-client",
        title: "A client is handed to code outside the project",
        why: "That code may call operations that the analysis cannot see, so that permissions may be missing.",
        help: "Check what the receiving code calls, or describe it in the catalog of libraries.",
        score: None,
    },
    Rule {
        id: EXCESS,
        title: "The role grants what the function does not need",
        why: "Whoever takes over the function inherits the permission.",
        help: "Remove the action from the statement, or replace the pattern by the actions that are needed.",
        score: Some("6.0"),
    },
    Rule {
        id: GAINED,
        title: "The new policy allows what the old one does not",
        why: "Whoever holds the policy can do more than before.",
        help: "Check that it is wanted; else narrow the statement to what the old policy allows.",
        score: Some("6.0"),
    },
    Rule {
        id: "limit",
        title: "A limit of the analysis was reached",
        why: "What lies behind the limit was not looked at, so that permissions may be missing.",
        help: "Analyse a smaller part of the project, or name the entry by `--handler`.",
        score: None,
    },
    Rule {
        id: LOST,
        title: "The old policy allows what the new one does not",
        why: "What relies on it will be denied.",
        help: "Check that nothing needs it any more.",
        score: None,
    },
    Rule {
        id: MISSING,
        title: "The role does not grant what the function needs",
        why: "The request will be denied when the function sends it.",
        help: "Add the action on the resource to the policy of the role, or remove the call.",
        score: None,
    },
    Rule {
        id: "no-entry",
        title: "No entry of the function was found",
        why: "Every exported routine was taken for an entry, or none could be, so that the answer is a guess.",
        help: "Name the entry by `--handler FILE:SYMBOL`, or correct the handler setting.",
        score: None,
    },
    Rule {
        id: "reflection",
        title: "A name is worked out while the program runs",
        why: "Which operation is called cannot be read from the source, so that permissions may be missing.",
        help: "Call the operation by name, or review what the name may become.",
        score: None,
    },
    Rule {
        id: "subprocess",
        title: "The function starts another program",
        why: "What that program calls with the role's credentials is not seen.",
        help: "Check the program's needs by hand and add them to the policy.",
        score: None,
    },
    Rule {
        id: TOO_WIDE,
        title: "The role grants an action on more resources than are needed",
        why: "Whoever takes over the function reaches the other resources too.",
        help: "Narrow the resources of the statement to those that are needed.",
        score: Some("4.0"),
    },
    Rule {
        id: UNDECIDED,
        title: "Whether only one of two policies allows it could not be decided",
        why: "The new policy may allow more than the old one.",
        help: "Compare the statements by hand, or write them with operators and references that can be compared.",
        score: None,
    },
    Rule {
        id: "unknown-operation",
        title: "An operation is not known",
        why: "The actions of an operation that the catalog does not know cannot be listed.",
        help: "Check the spelling of the call, update the program, or review the call by hand.",
        score: None,
    },
    Rule {
        id: "unknown-service",
        title: "A client's service is not known",
        why: "The actions behind its calls cannot be listed, so that permissions may be missing.",
        help: "Make the service a constant, or review the calls by hand.",
        score: None,
    },
    Rule {
        id: "unread-file",
        title: "A file of the function could not be read",
        why: "Calls in it are not seen, so that permissions may be missing.",
        help: "Correct the file, or review it by hand.",
        score: None,
    },
    Rule {
        id: "unread-format",
        title: "A template or language is not read",
        why: "What it says of functions, resources and calls is not seen.",
        help: "Name the functions by `--handler`, or review it by hand.",
        score: None,
    },
    Rule {
        id: "unreadable",
        title: "A part of a file could not be read",
        why: "What it says is missing from the answer.",
        help: "Correct the file.",
        score: None,
    },
    Rule {
        id: "unresolved-resource",
        title: "A resource's name is not known",
        why: "The permission is granted on every resource that the name might stand for.",
        help: "Take the name from a variable that the template sets, or narrow the resource by hand.",
        score: None,
    },
    Rule {
        id: "untrusted-service",
        title: "The service that the function runs in cannot take its role on",
        why: "The trust policy of the role does not name it: the function cannot be deployed, or does not start.",
        help: "Allow the service `sts:AssumeRole` in the trust policy.",
        score: None,
    },
];

/// The place of a rule in [`RULES`].
pub(super) fn position(id: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::BlindKind;

    #[test]
    fn rules_are_sorted() {
        assert!(RULES.is_sorted_by_key(|rule| rule.id));
    }

    #[test]
    fn every_kind_of_blind_spot_has_its_rule() {
        use BlindKind::{
            EscapedClient, Limit, NoEntry, Reflection, Subprocess, UnknownOperation, UnknownService,
            UnreadFile, UnreadFormat, UnresolvedResource,
        };
        for kind in [
            EscapedClient,
            Limit,
            NoEntry,
            Reflection,
            Subprocess,
            UnknownOperation,
            UnknownService,
            UnreadFile,
            UnreadFormat,
            UnresolvedResource,
        ] {
            assert!(position(kind.name()).is_some(), "{}", kind.name());
        }
    }
}
