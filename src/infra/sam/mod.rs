//! What the serverless transform adds to a template: global properties, events, roles and their policies.

mod added;
mod connectors;
mod events;
mod globals;
mod implied;
mod profiles;
mod role;

pub(super) use connectors::connectors;
pub(super) use events::{events, source_arn};
pub(super) use globals::{merge, with_globals};
pub(super) use implied::imply;
pub(super) use profiles::profile;
pub(super) use role::fill_role;
pub(crate) use role::role_id;

/// The type of a serverless function.
const FUNCTION: &str = "AWS::Serverless::Function";

/// The type of a serverless state machine.
const MACHINE: &str = "AWS::Serverless::StateMachine";
