//! The value graph that every language is lowered to, and the one builder that writes it.
//!
//! A module is a list of routines; a routine is a list of nodes in the order in which they are evaluated. A node is
//! a value, a store or a return. There are no statements and no branches: values from several paths meet in
//! [`Node::OneOf`], loops close over it. Knows no language, no cloud and no service name.

mod blocks;
mod builder;
mod dialect;
mod dump;
mod graph;
mod marks;

/// The folder of the project itself in texts that a program makes of the place of its own files.
pub const PROJECT_FOLDER: &str = "/{project}";

pub use blocks::BLOCK;
pub use builder::{Arm, Builder, LoopHead};
pub use dialect::{Dialect, Intrinsic, Typing, ValueKind};
pub use dump::dump;
pub use graph::{
    Argument, Call, Class, ClassId, ClassKind, Closure, Import, ImportId, Managed, Mark, Module, Node,
    NodeId, Param, ParamKind, Receiver, Routine, RoutineId, RoutineKind, Variable, VariableRef,
};
