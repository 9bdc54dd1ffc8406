//! Blocks: routines that are handed over beside the arguments.

use crate::text::{SmolStr, Span};

use super::builder::Builder;
use super::graph::{Node, NodeId, Param, RoutineId};

/// The name of the argument and the parameter for a block. What is no routine of the project takes a block as its last
/// argument.
pub const BLOCK: &str = "&";

impl Builder {
    /// Says that a routine takes a list apart that it is handed alone.
    pub fn set_unpacks(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.unpacks = true;
        }
    }

    /// Gives a parameter another value before anything reads it: what it is handed, or its default.
    pub fn settle_param(&mut self, name: &str, value: NodeId, span: Span) {
        let first =
            self.scopes.last().and_then(|scope| self.module.routine(scope.routine)).and_then(|routine| {
                let index = routine.variables.iter().position(|variable| variable.name == name)?;
                routine.nodes.iter().position(
                    |node| matches!(node, Node::Write(variable, _) if variable.index as usize == index),
                )
            });
        let routine = self.scopes.last().map(|scope| scope.routine.0 as usize);
        let nodes = routine.and_then(|routine| self.module.routines.get_mut(routine));
        if let (Some(place), Some(routine)) = (first, nodes)
            && let Some(node) = routine.nodes.get_mut(place)
        {
            *node = Node::Nil;
        }
        self.assign(name, value, span);
    }

    /// A store to a member that no path through the innermost routine goes round, where the code stands on all of them.
    pub fn store_straight(&mut self, base: NodeId, field: SmolStr, value: NodeId, span: Span) {
        let straight = self.scopes.last().is_some_and(|scope| scope.regions.first() == Some(&scope.region));
        self.node(Node::Store { base, field, value, definite: straight }, span);
    }

    /// The parameters of the innermost routine that is no block.
    pub fn params(&self) -> Vec<Param> {
        let mut routine = self.scopes.last().map(|scope| scope.routine);
        while let Some(inner) = routine.and_then(|id| self.module.routine(id)) {
            if !inner.unpacks && !inner.name.starts_with('<') {
                return inner.params.clone();
            }
            routine = inner.outer;
        }
        vec![]
    }
}
