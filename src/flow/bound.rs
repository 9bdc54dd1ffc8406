//! Members of classes as an object or a class sees them.

use crate::ir::Receiver;

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::shape::{Atom, ClosureId, Shape};

impl Machine<'_> {
    /// Class members as an object or class sees them: methods bound, getters called.
    pub(super) fn bind(&mut self, shape: &Shape, receiver: &Atom) -> Shape {
        let apart = self.dialect().is_some_and(|dialect| dialect.class_methods_are_apart);
        let mut bound = shape.filter(|atom| !matches!(atom, Atom::Routine(_)));
        for atom in shape.atoms() {
            let Atom::Routine(closure) = atom else { continue };
            match (self.receiver(*closure), receiver) {
                (Receiver::Object, Atom::Class(_)) | (Receiver::Class, Atom::Object(_)) if apart => {}
                (Receiver::Setter | Receiver::ClassSetter, _) => {}
                (Receiver::None | Receiver::Extension, _) | (Receiver::Object, Atom::Class(_)) => {
                    bound.add(atom.clone());
                }
                (Receiver::ClassGetter, _) => {
                    let value = self.call(&atom.clone().into(), &Arguments::default());
                    bound.join(&value);
                }
                (Receiver::Getter, owner) if self.is_read_of(owner) => {
                    let value = self.call_bound(*closure, receiver, &Arguments::default());
                    bound.join(&value);
                }
                (Receiver::Class, Atom::Object(id)) => {
                    let class = match self.heap.object(*id).map(|object| object.kind) {
                        Some(ObjectKind::Instance(class)) => Atom::Class(class),
                        _ => receiver.clone(),
                    };
                    bound.add(Atom::Bound(*closure, Box::new(class)));
                }
                _ => bound.add(Atom::Bound(*closure, Box::new(receiver.clone()))),
            }
        }
        bound
    }

    pub(super) fn bind_routines(&self, shape: &Shape, receiver: &Atom) -> Shape {
        let bind = |atom: &Atom| match atom {
            Atom::Routine(closure)
                if !matches!(self.receiver(*closure), Receiver::None | Receiver::Extension) =>
            {
                Atom::Bound(*closure, Box::new(receiver.clone()))
            }
            other => other.clone(),
        };
        shape.atoms().iter().map(bind).collect()
    }

    pub(super) fn receiver(&self, closure: ClosureId) -> Receiver {
        let routine = self
            .heap
            .closure(closure)
            .and_then(|closure| self.module(closure.unit)?.routine(closure.routine));
        routine.map_or(Receiver::None, |routine| routine.receiver)
    }
}
