//! What a trigger or setting asks of the role, in words: also that it asks for nothing, and why.

use crate::cloud::Cause;
use crate::infra::{Function, TriggerClass, TriggerKind, trigger};
use crate::text::Site;

/// The triggers and settings of a function, in the order of the template.
pub fn causes(function: &Function) -> Vec<Cause> {
    let triggers = function.triggers.iter().map(|found| (&found.kind, found.site));
    let settings = function.settings.iter().map(|found| (&found.kind, found.site));
    let known = triggers.chain(settings).filter_map(|(kind, site)| Some(cause(trigger(kind)?, site)));
    let mut causes: Vec<Cause> = known.collect();
    causes.sort();
    causes.dedup();
    causes
}

fn cause(row: &TriggerKind, site: Site) -> Cause {
    let asks = !row.needs.is_empty();
    let note = row.note.as_deref().map(str::trim);
    let mut why = match row.class {
        TriggerClass::Poll => "Lambda reads the source with the execution role".to_owned(),
        TriggerClass::Destination => "Lambda writes there with the execution role".to_owned(),
        TriggerClass::Push => {
            let by = row.by.as_deref().unwrap_or("another service");
            let through =
                row.through.as_deref().unwrap_or("which the function's own resource policy lets in");
            let rest = if asks { "" } else { ": nothing of the execution role" };
            format!("invoked by {by}, {through}{rest}")
        }
        TriggerClass::Setting if asks => "used with the execution role".to_owned(),
        TriggerClass::Setting => note.unwrap_or("nothing of the execution role").to_owned(),
    };
    if let Some(note) = note.filter(|note| !why.contains(note)) {
        why = format!("{why}; {note}");
    }
    Cause { site, what: row.id.as_str().into(), asks, why }
}
