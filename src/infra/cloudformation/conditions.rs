//! Conditions: what the parameters decide, and what they leave open.

use super::intrinsics::{Evaluator, call};
use crate::text::tree::Node;
use crate::text::{SmolStr, TemplateString};

impl Evaluator<'_> {
    /// Whether a condition holds; `None` where the parameters and their defaults do not decide it.
    pub(crate) fn condition(&self, name: &str) -> Option<bool> {
        if let Some(known) = self.decided.borrow().get(name) {
            return *known;
        }
        // Undecided while it is being decided: a condition that leads back to itself stays so.
        self.decided.borrow_mut().insert(name.into(), None);
        let decided = self.conditions.get(name).and_then(|node| self.decide(node));
        self.decided.borrow_mut().insert(name.into(), decided);
        decided
    }

    /// Every condition of the template.
    pub(super) fn all_conditions(&self) -> impl Iterator<Item = (SmolStr, Option<bool>)> + '_ {
        let names = self.conditions.as_map().into_iter().flat_map(|map| map.keys());
        names.map(|name| (name.clone(), self.condition(name)))
    }

    fn decide(&self, node: &Node) -> Option<bool> {
        let (function, argument) = call(node)?;
        match function {
            "Condition" => self.condition(argument.as_str()?),
            "Fn::Not" => argument.one_or_many().first().and_then(|part| self.decide(part)).map(|held| !held),
            "Fn::And" => self.all(argument, true),
            "Fn::Or" => self.all(argument, false),
            "Fn::Equals" => {
                let [left, right] = argument.as_list()? else { return None };
                self.equal(&self.text(left)?, &self.text(right)?)
            }
            _ => None,
        }
    }

    /// `and` of the parts where `every`, else `or`.
    fn all(&self, parts: &Node, every: bool) -> Option<bool> {
        let parts: Vec<Option<bool>> = parts.one_or_many().iter().map(|part| self.decide(part)).collect();
        if parts.contains(&Some(!every)) {
            return Some(!every);
        }
        parts.iter().all(Option::is_some).then_some(every)
    }

    fn equal(&self, left: &TemplateString, right: &TemplateString) -> Option<bool> {
        let (left, right) = (self.fill(left), self.fill(right));
        match (left.as_literal(), right.as_literal()) {
            (Some(left), Some(right)) => Some(left == right),
            _ => None,
        }
    }
}
