//! Values that come of others: what routines give, parts that the program names, and records made field by field.

use crate::catalog::Value;
use crate::flow::{Arguments, Atom, Host, Shape, Why};

use super::parts::{is_absent, part_of};
use super::scope::{Scope, is_routine};

impl Scope<'_> {
    /// What a routine gives for these arguments, or an object of a class; nothing where there is none.
    pub(super) fn call(
        &mut self,
        call: &Value,
        with: &[Value],
        host: &mut dyn Host,
    ) -> Option<(Shape, bool)> {
        let (callee, _) = self.value(call, host)?;
        let is_called = |atom: &Atom| is_routine(atom) || matches!(atom, Atom::Class(_));
        let routines = callee.filter(is_called);
        if routines.is_nothing() {
            return None;
        }
        let unknown = || Shape::any(Why::External);
        let handed = with.iter().map(|value| match self.value(value, host) {
            Some((shape, _)) => shape,
            // What nobody keeps yet may be kept later.
            None if matches!(value, Value::Kept { .. }) => Shape::nothing(),
            None => unknown(),
        });
        let positional = handed.collect();
        let arguments = Arguments { positional, rest: Some(unknown()), open: true, ..Arguments::default() };
        let given = host.invoke(&routines, arguments);
        // Other possibilities stay what they are.
        let others = callee.filter(|atom| !is_called(atom));
        Some(([given, others].into_iter().collect(), true))
    }

    /// The part of a value whose name, or path of names, an argument says.
    pub(super) fn member(&mut self, member: &str, of: &Value, host: &mut dyn Host) -> Option<(Shape, bool)> {
        let (whole, _) = self.value(of, host)?;
        let mut found = Shape::nothing();
        for name in self.texts(member, host) {
            let Some(path) = name.as_literal() else { continue };
            let part = path.split('.').fold(whole.clone(), |value, name| part_of(&value, name, host));
            found.join(&part);
        }
        (!is_absent(&found)).then_some((found, true))
    }

    /// A record with the names of another, each field made of what the other has there.
    pub(super) fn mapped(&mut self, mapped: &str, to: &Value, host: &mut dyn Host) -> Option<(Shape, bool)> {
        let (of, _) = self.text(mapped, host)?;
        let slot = self.next_slot();
        let id = host.record(slot, vec![]);
        let mut found = false;
        for atom in of.atoms() {
            let Atom::Object(record) = atom else { continue };
            found = true;
            let (fields, more) = host.fields(*record);
            for (name, value, always) in fields {
                let before = self.named.len();
                self.named.push(("element".into(), value, true));
                self.named.push(("name".into(), Shape::text(&name), true));
                if let Some((made, _)) = self.value(to, host) {
                    host.record(slot, vec![(name, made, always)]);
                }
                self.named.truncate(before);
            }
            if more {
                host.open(id);
            }
        }
        found.then(|| (Atom::Object(id).into(), true))
    }
}
