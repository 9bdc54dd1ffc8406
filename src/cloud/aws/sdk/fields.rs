//! Objects whose members set and give fields, whatever their names: builders of requests and of parts of requests.

use indexmap::IndexMap;

use crate::catalog::Setters;
use crate::flow::{Arguments, Atom, Host, ObjectId, SdkValue, Shape, Why};
use crate::text::SmolStr;

use super::scope::{is_routine, what_was_filled};
use super::{AwsSdk, Stage};

/// Beginnings of slots for what one call of a setter makes.
const SETTER_SLOT: u16 = 8_000;

impl AwsSdk {
    fn setters(&self, class: &str) -> Option<Setters> {
        self.libraries.inherited(class, &|class| class.setters.clone())
    }

    /// A member that sets or gives a field, bound to its object.
    pub(super) fn setter(&self, object: &SdkValue, name: &str) -> Option<Shape> {
        let (field, sets) = self.setters(&object.name)?.field(name)?;
        let way = if sets { "set" } else { "get" };
        let name = format!("{way}#{field}#{}", object.name);
        let mut bound = Stage::Setter.value(&object.service, &name, object.data);
        bound.confidence = object.confidence;
        Some(bound.into_shape())
    }

    /// Calls a member that sets or gives a field.
    pub(super) fn call_setter(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let mut parts = on.name.splitn(3, '#');
        let (Some(way), Some(field), Some(class)) = (parts.next(), parts.next(), parts.next()) else {
            return Shape::any(Why::External);
        };
        let (Some(setters), Some(data)) = (self.setters(class), on.data) else {
            return Shape::any(Why::External);
        };
        let holders = match &setters.into {
            None => vec![data],
            Some(into) => {
                let known = records(&host.field(data, into));
                if known.is_empty() { vec![host.record(SETTER_SLOT + 2, vec![])] } else { known }
            }
        };
        if way == "get" || arguments.all().next().is_none() {
            let found: Shape = holders.iter().map(|holder| host.field(*holder, field)).collect();
            return if found.is_nothing() { Shape::any(Why::External) } else { found };
        }
        // What never comes about is never set.
        if arguments.all().any(Shape::is_nothing) {
            return Shape::nothing();
        }
        let arguments = &built(&setters, arguments, host);
        let mut made = Shape::nothing();
        for holder in holders {
            let value = value_set(&setters, holder, field, arguments, host);
            let copy = host.copy(holder, field);
            host.set(copy, field, &value, true);
            if setters.changes {
                host.set(holder, field, &value, false);
            }
            made.add(Atom::Object(copy));
        }
        let record = match &setters.into {
            None => records(&made).into_iter().next(),
            Some(into) => {
                let outer = host.copy(data, into);
                host.set(outer, into, &made, true);
                Some(outer)
            }
        };
        let mut object = Stage::Object.value(&on.service, class, record.or(on.data));
        object.confidence = on.confidence;
        object.into_shape()
    }

    /// The record that an object is in a request.
    pub(super) fn record_of(&self, value: &SdkValue) -> Option<ObjectId> {
        let is_record = || self.setters(&value.name).is_some_and(|setters| setters.into.is_none());
        (Stage::of(value) == Stage::Object && is_record()).then_some(value.data).flatten()
    }

    /// The names of request fields that an SDK spells in its own way for a service.
    fn renames(&self, client: &SdkValue) -> Option<&IndexMap<SmolStr, SmolStr>> {
        let family = client.name.rsplit_once('.').map_or("", |(family, _)| family);
        self.libraries.class(&format!("{family}.{}", client.service)).map(|class| &class.renames)
    }

    /// The fields of a request under the API's names.
    pub(super) fn spelled(
        &self,
        service: &str,
        operation: &str,
        client: Option<&SdkValue>,
        mut fields: Vec<(SmolStr, Shape, bool)>,
    ) -> Vec<(SmolStr, Shape, bool)> {
        let known = self.service(service).and_then(|service| service.operation(operation));
        let Some(operation) = known else { return fields };
        let renames = client.and_then(|client| self.renames(client));
        for (name, _, _) in &mut fields {
            if let Some(api) = renames.and_then(|renames| renames.get(name)) {
                *name = api.clone();
            }
            if let Some(spelled) = operation.parameter_by_key(name) {
                *name = spelled.into();
            }
        }
        fields
    }
}

/// The arguments of a setter with what routines among them fill in their place.
fn built(setters: &Setters, arguments: &Arguments, host: &mut dyn Host) -> Arguments {
    let mut built = arguments.clone();
    if setters.builds.is_empty() {
        return built;
    }
    for (argument, slot) in built.positional.iter_mut().zip(SETTER_SLOT + 3..) {
        let routines = argument.filter(is_routine);
        if routines.is_nothing() {
            continue;
        }
        let record = host.record(slot, vec![]);
        let object = Stage::Object.value("", &setters.builds, Some(record)).into_shape();
        let given = host.invoke(&routines, Arguments::of([object.clone()]));
        let mut filled = argument.filter(|atom| !is_routine(atom));
        filled.join(&what_was_filled(&given, object));
        *argument = filled;
    }
    built
}

/// What a field holds when it is set with these arguments: an entry is put beside those that are there already.
fn value_set(
    setters: &Setters,
    holder: ObjectId,
    field: &str,
    arguments: &Arguments,
    host: &mut dyn Host,
) -> Shape {
    let before = host.field(holder, field);
    let given: Vec<Shape> = arguments.all().cloned().collect();
    if let (true, [key, value]) = (setters.pairs, given.as_slice()) {
        let entries = records(&before);
        let map = match entries.first() {
            Some(entries) => host.copy(*entries, ""),
            None => host.record(SETTER_SLOT, vec![]),
        };
        host.put(map, key, value);
        return Atom::Object(map).into();
    }
    match given.as_slice() {
        [value] if before.is_nothing() || !setters.appends => value.clone(),
        // A setter that changes its object meets its own value again.
        [value] if value.within(&before) => before,
        _ => {
            let mut elements = host.elements(&before.filter(|atom| matches!(atom, Atom::Object(_))));
            elements.join(&before.filter(|atom| !matches!(atom, Atom::Object(_))));
            for value in &given {
                elements.join(value);
            }
            host.list(SETTER_SLOT + 1, elements)
        }
    }
}

fn records(shape: &Shape) -> Vec<ObjectId> {
    let record = |atom: &Atom| match atom {
        Atom::Object(id) => Some(*id),
        _ => None,
    };
    shape.atoms().iter().filter_map(record).collect()
}
