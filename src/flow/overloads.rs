//! Several routines of one name: a call takes the one that fits its arguments, by their number and then by declared types.

use crate::ir::{Dialect, Intrinsic, Managed, ParamKind, Routine, ValueKind};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::shape::{Atom, ClosureId, Shape, TypeId};

/// A routine among others of its name.
struct Candidate<'a> {
    atom: &'a Atom,
    closure: ClosureId,
    receiver: Option<&'a Atom>,
    name: SmolStr,
}

/// How well a value fits a declared type.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Not,
    Perhaps,
    Surely,
}

impl Machine<'_> {
    /// What a call takes of routines of one name; `None` where there is nothing to choose.
    pub(super) fn fitting(&mut self, callee: &Shape, arguments: &Arguments) -> Option<Shape> {
        if callee.atoms().len() < 2 {
            return None;
        }
        let candidates: Vec<Candidate<'_>> =
            callee.atoms().iter().filter_map(|atom| self.candidate(atom)).collect();
        if candidates.len() < 2 {
            return None;
        }
        let mut dropped: Vec<&Atom> = vec![];
        let mut rest: Vec<&Candidate<'_>> = candidates.iter().collect();
        while let Some(first) = rest.first().copied() {
            let (group, others): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|other| other.receiver == first.receiver && other.name == first.name);
            rest = others;
            if group.len() > 1 {
                let kept = self.choose_overload(&group, arguments);
                dropped.extend(group.iter().filter(|one| !kept.contains(&one.closure)).map(|one| one.atom));
            }
        }
        (!dropped.is_empty()).then(|| callee.filter(|atom| !dropped.contains(&atom)))
    }

    fn candidate<'a>(&self, atom: &'a Atom) -> Option<Candidate<'a>> {
        let (closure, receiver) = match atom {
            Atom::Routine(closure) => (*closure, None),
            Atom::Bound(closure, receiver) => (*closure, Some(receiver.as_ref())),
            _ => return None,
        };
        let routine = self.routine_of(closure)?;
        routine.overloaded.then(|| Candidate { atom, closure, receiver, name: routine.name.clone() })
    }

    pub(super) fn routine_of(&self, closure: ClosureId) -> Option<&Routine> {
        let value = self.heap.closure(closure)?;
        self.module(value.unit)?.routine(value.routine)
    }

    fn choose_overload(&mut self, group: &[&Candidate<'_>], arguments: &Arguments) -> Vec<ClosureId> {
        let all: Vec<(ClosureId, usize)> =
            group.iter().map(|one| (one.closure, usize::from(one.receiver.is_some()))).collect();
        if arguments.is_open() && arguments.positional.is_empty() {
            return self.choose_unasked(&all);
        }
        let given = arguments.positional.len();
        let mut fitting: Vec<(ClosureId, usize)> = vec![];
        for exact in [true, false] {
            let fits = |(closure, shift): &&(ClosureId, usize)| {
                self.routine_of(*closure)
                    .is_some_and(|routine| takes(routine, *shift, given, exact, arguments.is_open()))
            };
            fitting = all.iter().filter(fits).copied().collect();
            if !fitting.is_empty() {
                break;
            }
        }
        if fitting.len() < 2 {
            return if fitting.is_empty() { all } else { fitting }.into_iter().map(|(one, _)| one).collect();
        }
        if self.pass == 1 && arguments.positional.iter().any(Shape::is_nothing) {
            // What is handed over may become known in the next pass.
            self.dirty = true;
            return vec![];
        }
        self.best(&fitting, arguments)
    }

    /// The constructor that a container or the platform takes, which hands over what it likes: the one marked for that, else
    /// the one that wants nothing. Of methods each may be meant.
    fn choose_unasked(&self, all: &[(ClosureId, usize)]) -> Vec<ClosureId> {
        let is_constructor = |(closure, _): &(ClosureId, usize)| {
            let routine = self.routine_of(*closure);
            routine.is_some_and(|routine| self.is_constructor_of_class(*closure, &routine.name))
        };
        let pick = |wanted: &dyn Fn(&Routine, usize) -> bool| -> Vec<ClosureId> {
            let fits = |(closure, shift): &&(ClosureId, usize)| {
                self.routine_of(*closure).is_some_and(|routine| wanted(routine, *shift))
            };
            all.iter().filter(fits).map(|(closure, _)| *closure).collect()
        };
        if all.iter().all(is_constructor) {
            let marked = pick(&|routine, _| routine.managed == Managed::Constructor);
            if !marked.is_empty() {
                return marked;
            }
            let plain = pick(&|routine, shift| routine.params.len() <= shift);
            if !plain.is_empty() {
                return plain;
            }
        }
        all.iter().map(|(closure, _)| *closure).collect()
    }

    /// Whether a name is that of the constructor of the class whose member a routine is.
    pub(super) fn is_constructor_of_class(&self, closure: ClosureId, name: &str) -> bool {
        let class = self.heap.closure(closure).and_then(|closure| {
            let module = self.module(closure.unit)?;
            module.class(module.routine(closure.routine)?.class?)
        });
        class.is_some_and(|class| class.constructor == name)
    }

    /// Those whose declared types fit best.
    fn best(&mut self, fitting: &[(ClosureId, usize)], arguments: &Arguments) -> Vec<ClosureId> {
        let mut scored: Vec<(ClosureId, Option<usize>)> = vec![];
        for (closure, shift) in fitting {
            let mut sum = Some(0);
            for (value, place) in arguments.positional.iter().zip(*shift..) {
                let declared = self.declared_at_place(*closure, place);
                let fit = declared.map_or(Fit::Perhaps, |declared| self.fit(&declared, value));
                sum = match fit {
                    Fit::Not => None,
                    Fit::Perhaps => sum.map(|sum| sum + 1),
                    Fit::Surely => sum.map(|sum| sum + 2),
                };
            }
            scored.push((*closure, sum));
        }
        let best = scored.iter().filter_map(|(_, sum)| *sum).max();
        scored.into_iter().filter(|(_, sum)| *sum == best || best.is_none()).map(|(one, _)| one).collect()
    }

    fn declared_at_place(&self, closure: ClosureId, place: usize) -> Option<Shape> {
        let closure = self.heap.closure(closure)?;
        let cell = closure.declared.iter().find(|(index, _)| *index as usize == place);
        cell.map(|(_, cell)| cell.peek().clone())
    }

    fn fit(&mut self, declared: &Shape, value: &Shape) -> Fit {
        let mut best = if declared.is_nothing() { Fit::Perhaps } else { Fit::Not };
        for kind in declared.atoms() {
            for atom in value.atoms() {
                best = best.max(self.fit_of(kind, atom));
            }
        }
        if value.is_nothing() { Fit::Perhaps } else { best }
    }

    fn fit_of(&mut self, kind: &Atom, atom: &Atom) -> Fit {
        if matches!(atom, Atom::Any(_) | Atom::Event(_) | Atom::External(_) | Atom::Member(_) | Atom::Nil) {
            return Fit::Perhaps;
        }
        if let Some(kind) = self.value_kind(kind) {
            return fit_of_kind(kind, self.kind_of_value(atom));
        }
        match (kind, atom) {
            (Atom::Class(class), Atom::Object(id)) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(made)) if made == *class => Fit::Surely,
                Some(ObjectKind::Instance(made)) if self.derives(made, *class, 0) => Fit::Surely,
                _ => Fit::Not,
            },
            (Atom::Class(_) | Atom::Sdk(_), Atom::Text(_) | Atom::Number(_) | Atom::Flag(_))
            | (Atom::Sdk(_), Atom::Object(_))
            | (Atom::Class(_), Atom::Sdk(_)) => Fit::Not,
            (Atom::Sdk(kind), Atom::Sdk(value)) => {
                let binding = self.binding;
                let is_same = |atom: &Atom| match atom {
                    Atom::Sdk(made) => {
                        made.stage == value.stage && made.service == value.service && made.name == value.name
                    }
                    _ => false,
                };
                let made = binding.instance(kind, self);
                if made.atoms().iter().any(is_same) {
                    Fit::Surely
                } else if made.is_nothing() || binding.is_data(value) {
                    Fit::Perhaps
                } else {
                    Fit::Not
                }
            }
            _ => Fit::Perhaps,
        }
    }

    /// What a value of one of the language's own types is.
    fn value_kind(&self, kind: &Atom) -> Option<ValueKind> {
        match kind {
            Atom::External(path) => Dialect::find(self.dialect()?.types, path),
            Atom::Native(Intrinsic::ToText, None) => Some(ValueKind::Text),
            Atom::Native(Intrinsic::MakeList, None) => Some(ValueKind::List),
            Atom::Native(Intrinsic::MakeRecord, None) => Some(ValueKind::Record),
            _ => None,
        }
    }

    fn kind_of_value(&self, atom: &Atom) -> Option<ValueKind> {
        Some(match atom {
            Atom::Text(_) => ValueKind::Text,
            Atom::Number(_) => ValueKind::Number,
            Atom::Flag(_) => ValueKind::Flag,
            Atom::Environment => ValueKind::Record,
            Atom::Object(id) => match self.heap.object(*id)?.kind {
                ObjectKind::List => ValueKind::List,
                ObjectKind::Record => ValueKind::Record,
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The routines of that name in the classes above that stand beside those of a class: what it does not override.
    pub(super) fn overloads_above(&mut self, class: TypeId, name: &str, own: &Shape, depth: u32) -> Shape {
        let mut found = Shape::nothing();
        let routines: Vec<ClosureId> = own.atoms().iter().filter_map(closure_in).collect();
        let is_overloaded = |closure: &ClosureId| {
            self.routine_of(*closure).is_some_and(|routine| routine.overloaded)
                && !self.is_constructor_of_class(*closure, name)
        };
        if routines.is_empty() || !routines.iter().all(is_overloaded) || depth > MAX_ABOVE {
            return found;
        }
        for base in self.class_bases(class) {
            let above = self.own_member(base, name).unwrap_or_default();
            for atom in above.atoms() {
                let is_new = closure_in(atom)
                    .is_some_and(|other| !routines.iter().any(|one| self.is_same_signature(*one, other)));
                if is_new {
                    found.add(atom.clone());
                }
            }
            let mut known = own.clone();
            known.join(&above);
            let further = self.overloads_above(base, name, &known, depth + 1);
            found.join(&further);
        }
        found
    }

    /// The classes of the project that a class derives from.
    pub(super) fn class_bases(&mut self, class: TypeId) -> Vec<TypeId> {
        let pass = self.pass;
        let Some(value) = self.heap.types.get_mut(class.0 as usize) else { return vec![] };
        let bases: Vec<Shape> = value.bases.iter_mut().map(|base| base.get(pass)).collect();
        let class_in = |atom: &Atom| match atom {
            Atom::Class(class) => Some(*class),
            _ => None,
        };
        bases.iter().flat_map(Shape::atoms).filter_map(class_in).collect()
    }

    fn is_same_signature(&self, one: ClosureId, other: ClosureId) -> bool {
        let count = |closure| self.routine_of(closure).map(|routine| routine.params.len());
        let (Some(places), others) = (count(one), count(other)) else { return false };
        let differs = |place| match (self.declared_at_place(one, place), self.declared_at_place(other, place))
        {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        Some(places) == others && !(0..places).any(differs)
    }
}

/// How far up routines of one name are looked for.
const MAX_ABOVE: u32 = 12;

fn closure_in(atom: &Atom) -> Option<ClosureId> {
    match atom {
        Atom::Routine(closure) | Atom::Bound(closure, _) => Some(*closure),
        _ => None,
    }
}

/// Whether a routine takes that many arguments. `exact`: each has a parameter of its own.
fn takes(routine: &Routine, shift: usize, given: usize, exact: bool, more: bool) -> bool {
    let plain = routine.params.iter().filter(|param| param.kind == ParamKind::Plain).count();
    let rest = routine.params.iter().any(|param| param.kind == ParamKind::Rest);
    let wanted = plain.saturating_sub(shift);
    if more {
        return wanted >= given || rest;
    }
    if exact { !rest && wanted == given } else { rest && wanted <= given }
}

fn fit_of_kind(kind: ValueKind, of: Option<ValueKind>) -> Fit {
    match of {
        Some(of) if of == kind => Fit::Surely,
        Some(_) => Fit::Not,
        // An object is none of them; what a request answered may be any.
        None => Fit::Perhaps,
    }
}
