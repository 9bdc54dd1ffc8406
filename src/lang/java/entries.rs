//! What the platform may enter: methods of the classes at the top of a file.

use crate::ir::{Module, Routine, RoutineId};
use crate::text::SmolStr;

/// The method that the platform calls where a handler names a class alone.
pub(super) const HANDLER_METHOD: &str = "handleRequest";

/// The handlers of a file: the methods that the platform calls by convention.
pub(super) fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    methods(module).into_iter().filter(|(_, method)| *method == HANDLER_METHOD).map(path).collect()
}

/// Every method of the classes at the top of a file.
pub(super) fn exported(module: &Module) -> Vec<SmolStr> {
    methods(module).into_iter().map(path).collect()
}

/// `a.b.Class::method`, `Class.method`, `Class`, or `method` alone, as a path from the classes at the top of the file.
pub(super) fn symbol(module: &Module, name: &str) -> SmolStr {
    let name = name.replace("::", ".").replace('$', ".");
    let inside = name.strip_prefix(module.namespace.as_str()).and_then(|rest| rest.strip_prefix('.'));
    let inside = inside.unwrap_or(&name);
    let first = inside.split('.').next().unwrap_or(inside);
    if module.export(first).is_some() {
        let last = inside.rsplit('.').next().unwrap_or(inside);
        let is_class = last == first || last.starts_with(char::is_uppercase);
        return if is_class { path((inside, HANDLER_METHOD)) } else { inside.into() };
    }
    match methods(module).into_iter().find(|(_, method)| *method == inside) {
        Some(found) => path(found),
        None => name.into(),
    }
}

fn path((class, method): (&str, &str)) -> SmolStr {
    format!("{class}.{method}").into()
}

/// The methods of the classes at the top of a file, each with its class.
fn methods(module: &Module) -> Vec<(&str, &str)> {
    let of = |routine: &'_ Routine| {
        let class = module.class(routine.class?)?;
        let is_at_top = module.routine(class.body)?.outer == Some(RoutineId::BODY);
        (is_at_top && !routine.name.starts_with('<')).then_some(class.name.as_str())
    };
    let mut found: Vec<(&str, &str)> =
        module.routines.iter().filter_map(|routine| Some((of(routine)?, routine.name.as_str()))).collect();
    found.dedup();
    found
}
