//! The abstract run from an entry over the value graph. Knows no language, no cloud and no service name.

mod binding;
mod blocks;
mod bound;
mod call;
mod callbacks;
mod choice;
mod collections;
mod create;
mod data;
mod eval;
mod freeze;
mod heap;
mod host;
mod intrinsic;
mod machine;
mod member;
mod method;
mod model;
mod nominal;
mod objects;
mod overloads;
mod program;
mod properties;
mod run;
mod shape;
mod texts;
mod types;

pub use binding::{Arguments, BASE, Binding, Host, Request, SdkValue, World};
pub use data::exported;
pub use model::{ApiCall, Argument, BlindKind, BlindSpot, Confidence, Field, Principal, Record, Step};
pub use program::{Link, Program, Unit};
pub use run::{Entry, Findings, run};
pub use shape::{Atom, ClosureId, ObjectId, Shape, TypeId, UnitId, Why};
