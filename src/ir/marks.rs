//! What a front end says of routines and classes beside their code: how they are bound, what they are marked with, what a
//! container does with them.

use crate::text::SmolStr;

use super::builder::Builder;
use super::graph::{ClassId, Managed, Mark, Receiver, RoutineId};

impl Builder {
    /// The innermost routine's receiver, set where it differs from an object.
    pub fn set_receiver(&mut self, routine: RoutineId, receiver: Receiver) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.receiver = receiver;
        }
    }

    /// Says that others of a routine's name may stand beside it, of which a call takes the one that fits.
    pub fn set_overloaded(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.overloaded = true;
        }
    }

    /// Says that only code of its own class can call a routine by its name.
    pub fn set_private(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.private = true;
        }
    }

    /// Says that code outside the project calls a routine once it has an object of its class.
    pub fn set_exposed(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.managed = Managed::Exposed;
        }
    }

    /// Says that a container calls this constructor where it makes objects by itself.
    pub fn set_injected(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.managed = Managed::Constructor;
        }
    }

    /// Says what the objects of a class are declared to hold, and whether there are any of the class itself.
    pub fn declare_objects(&mut self, class: ClassId, fields: Vec<SmolStr>, is_abstract: bool) {
        if let Some(class) = self.module.classes.get_mut(class.0 as usize) {
            class.fields = fields;
            class.is_abstract = is_abstract;
        }
    }

    /// Says that a container calls this method for objects of the type that it is declared to give.
    pub fn set_provides(&mut self, routine: RoutineId) {
        if let Some(routine) = self.module.routines.get_mut(routine.0 as usize) {
            routine.managed = Managed::Provider;
        }
    }

    /// Notes what a declaration is marked with.
    pub fn mark(&mut self, mark: Mark) {
        self.module.marks.push(mark);
    }
}
