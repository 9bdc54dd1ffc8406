//! Blocks: routines that are handed over beside the arguments.

use super::builder::Builder;
use super::graph::{Param, RoutineId};

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
