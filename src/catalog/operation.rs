//! The SDK's side of the catalog: services, their operations, and the actions that a call is checked against.

use super::layout::Section;
use super::spelling;
use super::table::{Row, Table};

/// A service, by botocore's client name.
#[derive(Clone, Copy)]
pub struct Service {
    pub(super) table: Table,
    pub(super) index: u32,
}

impl Service {
    fn row(self) -> Row {
        self.table.row(Section::Services, self.index)
    }

    /// The client name (`stepfunctions`).
    pub fn name(self) -> &'static str {
        self.row().text(0)
    }

    /// The prefix of its actions (`states`).
    pub fn prefix(self) -> &'static str {
        self.row().text(1)
    }

    /// The service id, from which most SDKs make their names (`SFN`).
    pub fn service_id(self) -> &'static str {
        self.row().text(2)
    }

    /// All operations, by lower-cased name.
    pub fn operations(self) -> impl ExactSizeIterator<Item = Operation> {
        let table = self.table;
        self.row().range(3).indices().map(move |index| Operation { table, index })
    }

    /// The operation of that API name (`PutItem`).
    pub fn operation(self, name: &str) -> Option<Operation> {
        self.operation_by_key(name).filter(|operation| operation.name() == name)
    }

    /// The operation that a program spells that way: any case, with or without `_` and `-`.
    pub fn operation_by_key(self, spelling: &str) -> Option<Operation> {
        let table = self.table;
        let order = |index| spelling::compare_keys(table.row(Section::Operations, index).text(0), spelling);
        self.row().range(3).search(order).map(|index| Operation { table, index })
    }

    /// The operations with a paginator.
    pub fn paginators(self) -> impl ExactSizeIterator<Item = Operation> {
        let table = self.table;
        self.row().range(5).indices().map(move |word| Operation { table, index: table.list_word(word) })
    }

    /// The operation that a paginator of that spelling repeats.
    pub fn paginator(self, spelling: &str) -> Option<Operation> {
        let operation = self.operation_by_key(spelling)?;
        self.paginators().any(|paginated| paginated == operation).then_some(operation)
    }

    /// The operation that a waiter of that spelling asks until its answer is the right one.
    pub fn waiter(self, spelling: &str) -> Option<Operation> {
        self.waiters()
            .find(|(name, _)| spelling::compare_keys(name, spelling).is_eq())
            .map(|(_, operation)| operation)
    }

    /// All waiters with the operations that they ask.
    pub fn waiters(self) -> impl Iterator<Item = (&'static str, Operation)> {
        let table = self.table;
        let range = self.row().range(7);
        (0..range.count).map(move |index| {
            let word = range.first + index * 2;
            let operation = Operation { table, index: table.list_word(word + 1) };
            (table.text(table.list_word(word)), operation)
        })
    }
}

impl std::fmt::Debug for Service {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Service({})", self.name())
    }
}

/// Whether the catalog knows what IAM checks when an operation is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Authorization {
    /// The rules say which actions.
    Actions,
    /// IAM does not authorize the operation; there are no rules.
    NotAuthorized,
    /// The operation is newer than the authorization data: its one rule is the action of the same name.
    Unverified,
    /// The authorization data does not know the service: the one rule is a guess.
    Unmapped,
}

impl Authorization {
    const fn from_word(word: u32) -> Self {
        match word {
            0 => Self::Actions,
            1 => Self::NotAuthorized,
            2 => Self::Unverified,
            _ => Self::Unmapped,
        }
    }

    /// The name in the catalog's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actions => "actions",
            Self::NotAuthorized => "none",
            Self::Unverified => "unverified",
            Self::Unmapped => "unmapped",
        }
    }
}

/// An operation of a service.
#[derive(Clone, Copy)]
pub struct Operation {
    pub(super) table: Table,
    pub(super) index: u32,
}

impl Operation {
    fn row(self) -> Row {
        self.table.row(Section::Operations, self.index)
    }

    /// The API's name (`PutItem`).
    pub fn name(self) -> &'static str {
        self.row().text(0)
    }

    /// The service that it belongs to.
    pub fn service(self) -> Service {
        Service { table: self.table, index: self.row().word(1) }
    }

    /// Whether IAM authorizes it, and whether that is known.
    pub fn authorization(self) -> Authorization {
        Authorization::from_word(self.row().word(2))
    }

    /// The members of its request, outermost level, in the order of the service's model.
    pub fn parameters(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.table.texts(self.row().range(3))
    }

    /// The member of its request of that spelling, whatever its case and with or without `_`.
    pub fn parameter_by_key(self, spelling: &str) -> Option<&'static str> {
        self.parameters().find(|name| spelling::compare_keys(name, spelling).is_eq())
    }

    /// What a call is checked against.
    pub fn rules(self) -> impl ExactSizeIterator<Item = Rule> {
        let table = self.table;
        self.row().range(5).indices().map(move |index| Rule { table, index })
    }
}

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.table == other.table
    }
}

impl Eq for Operation {}

impl std::fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Operation({}.{})", self.service().name(), self.name())
    }
}

/// When a rule's action is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// At every call.
    Always,
    /// When the rule's condition holds on the request.
    Conditional,
    /// `iam:PassRole` on a role that the request hands over, when it does.
    PassRole,
    /// Depending on the state of the deployment, which the request does not show.
    State,
    /// Never needed for the call to succeed; it changes how a failure reads.
    Optional,
    /// The service uses the caller's permissions on another service, when the rule's condition holds.
    Forward,
}

impl Class {
    const fn from_word(word: u32) -> Self {
        match word & 0xff {
            0 => Self::Always,
            1 => Self::Conditional,
            2 => Self::PassRole,
            3 => Self::State,
            4 => Self::Optional,
            _ => Self::Forward,
        }
    }

    /// The name in the catalog's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Conditional => "conditional",
            Self::PassRole => "pass-role",
            Self::State => "state",
            Self::Optional => "optional",
            Self::Forward => "forward",
        }
    }
}

/// How sure the catalog is of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleConfidence {
    /// A guess.
    Low,
    /// One source, or an old one.
    Medium,
    /// Documented.
    High,
}

impl RuleConfidence {
    const fn from_word(word: u32) -> Self {
        match (word >> 8) & 0xff {
            0 => Self::Low,
            1 => Self::Medium,
            _ => Self::High,
        }
    }

    /// The name in the catalog's files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One action that a call is checked against.
#[derive(Clone, Copy)]
pub struct Rule {
    table: Table,
    index: u32,
}

impl Rule {
    fn row(self) -> Row {
        self.table.row(Section::Rules, self.index)
    }

    /// The action (`dynamodb:PutItem`). `*` and `ssm:*` stand for whatever the request turns out to touch.
    pub fn action(self) -> &'static str {
        self.row().text(0)
    }

    /// When it is checked.
    pub fn class(self) -> Class {
        Class::from_word(self.row().word(1))
    }

    /// How sure the catalog is.
    pub fn confidence(self) -> RuleConfidence {
        RuleConfidence::from_word(self.row().word(1))
    }

    /// The condition on the request, to be read by [`super::When`]; `None` where there is none.
    pub fn when(self) -> Option<&'static str> {
        Some(self.row().text(2)).filter(|text| !text.is_empty())
    }

    /// Where the rule comes from.
    pub fn provenance(self) -> &'static str {
        self.row().text(3)
    }

    /// A remark for people; often empty.
    pub fn note(self) -> &'static str {
        self.row().text(4)
    }

    /// What the action is checked on: every resource whose own condition does not fail.
    pub fn resources(self) -> impl ExactSizeIterator<Item = ResourceRule> {
        let table = self.table;
        self.row().range(5).indices().map(move |index| ResourceRule { table, index })
    }

    /// The context of the request, as conditions.
    pub fn conditions(self) -> impl ExactSizeIterator<Item = ConditionRule> {
        let table = self.table;
        self.row().range(7).indices().map(move |index| ConditionRule { table, index })
    }
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Rule({} {})", self.action(), self.class().name())
    }
}

/// A resource of a rule.
#[derive(Clone, Copy)]
pub struct ResourceRule {
    table: Table,
    index: u32,
}

impl ResourceRule {
    fn row(self) -> Row {
        self.table.row(Section::Resources, self.index)
    }

    /// The resource type (`table`); `*` where there is none, or where any type may be meant.
    pub fn kind(self) -> &'static str {
        self.row().text(0)
    }

    /// The ARN template, to be read by [`super::ArnTemplate`]; `*` where the action takes no resource.
    pub fn arn(self) -> &'static str {
        self.row().text(1)
    }

    /// The condition under which the resource is meant, to be read by [`super::When`]; `None` where there is none.
    pub fn when(self) -> Option<&'static str> {
        Some(self.row().text(2)).filter(|text| !text.is_empty())
    }
}

impl std::fmt::Debug for ResourceRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ResourceRule({} {} {:?})", self.kind(), self.arn(), self.when())
    }
}

/// A condition key of a rule's request.
#[derive(Clone, Copy)]
pub struct ConditionRule {
    table: Table,
    index: u32,
}

impl ConditionRule {
    fn row(self) -> Row {
        self.table.row(Section::Conditions, self.index)
    }

    /// The condition key (`iam:PassedToService`).
    pub fn key(self) -> &'static str {
        self.row().text(0)
    }

    /// Its value: text, or a template with `${param:…}` as in ARNs.
    pub fn value(self) -> &'static str {
        self.row().text(1)
    }

    /// Whether the condition is only a way to grant less than the action as such; else it belongs to the requirement.
    pub fn is_narrowing(self) -> bool {
        self.row().word(2) != 0
    }
}

impl std::fmt::Debug for ConditionRule {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ConditionRule({}={})", self.key(), self.value())
    }
}
