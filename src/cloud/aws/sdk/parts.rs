//! Parts of values, as places of a description name them.

use crate::flow::{Arguments, Atom, Host, SdkValue, Shape};

use crate::text::{SmolStr, TemplateString};

use super::Stage;

/// Whether a value has a part on every path, as far as that is known.
pub(super) fn is_sure(of: &Shape, name: &str, host: &mut dyn Host) -> bool {
    of.atoms().iter().all(|atom| {
        let record = match atom {
            Atom::Object(record) => Some(*record),
            Atom::Sdk(value) if matches!(Stage::of(value), Stage::Object | Stage::Client) => value.data,
            Atom::Nil | Atom::Flag(_) | Atom::Number(_) | Atom::Text(_) => return false,
            _ => return true,
        };
        let Some(record) = record.filter(|_| name != "[]") else { return name == "[]" };
        let stated = host.states_records();
        let (fields, _) = host.fields(record);
        let is_there = |(known, value, always): &(SmolStr, Shape, bool)| {
            known == name && (*always || !stated) && !may_lack(value)
        };
        fields.iter().any(is_there)
    })
}

/// Whether a record, where that is one, has a field on every path.
pub(super) fn states_always(of: &Shape, name: &str, host: &mut dyn Host) -> bool {
    let [Atom::Object(record)] = of.atoms() else { return true };
    host.fields(*record).0.iter().all(|(field, _, always)| field != name || *always)
}

/// Whether a value may be the language's own nothing.
pub(super) fn may_lack(value: &Shape) -> bool {
    value.atoms().iter().any(|atom| matches!(atom, Atom::Nil))
}

/// A field of an argument: of a record by its key, of an object of this binding by its member. `[]` is any element, and what
/// begins with `@` a member of the class of an object of the project.
pub(super) fn part_of(of: &Shape, name: &str, host: &mut dyn Host) -> Shape {
    if name == "[]" {
        let is_event = |atom: &Atom| matches!(atom, Atom::Event(_));
        let mut elements = each(&of.filter(|atom| !is_event(atom)), host);
        elements.join(&host.elements(&of.filter(is_event)));
        return elements;
    }
    let mut shape = Shape::nothing();
    for atom in of.atoms() {
        match atom {
            Atom::Object(_) | Atom::Class(_) if name.starts_with('@') => {
                let known = host.member(&atom.clone().into(), name);
                shape.join(&known.filter(|atom| matches!(atom, Atom::Object(_))));
            }
            // An attribute of a class.
            Atom::Object(_) | Atom::Class(_) if name.starts_with('[') => {
                let declared = host.member(&atom.clone().into(), name);
                shape.join(&declared.filter(|atom| !matches!(atom, Atom::Any(_) | Atom::Member(_))));
            }
            Atom::Object(record) => shape.join(&host.field(*record, name)),
            Atom::Sdk(value) if matches!(Stage::of(value), Stage::Object | Stage::Client) => {
                if let Some(data) = value.data {
                    shape.join(&host.field(data, name));
                }
            }
            Atom::Sdk(_) | Atom::Event(_) | Atom::Environment => {
                shape.join(&host.index(&atom.clone().into(), name));
            }
            _ => {}
        }
    }
    shape
}

/// Objects of classes of the project; everything else as it is.
pub(super) fn made(of: &Shape, host: &mut dyn Host) -> Shape {
    let is_class = |atom: &Atom| matches!(atom, Atom::Class(_));
    let mut shape = of.filter(|atom| !is_class(atom));
    let classes = of.filter(is_class);
    if !classes.is_nothing() {
        shape.join(&host.invoke(&classes, Arguments::unknown()));
    }
    shape
}

/// The elements of lists, and everything else as it is.
pub(super) fn each(of: &Shape, host: &mut dyn Host) -> Shape {
    let mut shape = host.elements(&of.filter(|atom| matches!(atom, Atom::Object(_))));
    shape.join(&of.filter(|atom| !matches!(atom, Atom::Object(_))));
    shape
}

/// Only what is a list.
pub(super) fn lists(of: &Shape, host: &mut dyn Host) -> Shape {
    let is_list = |atom: &Atom| match atom {
        Atom::Object(object) => {
            let (fields, more) = host.fields(*object);
            let numbered = |name: &SmolStr| name.chars().all(|letter| letter.is_ascii_digit());
            (more || !fields.is_empty()) && fields.iter().all(|(name, _, _)| numbered(name))
        }
        _ => false,
    };
    let known: Vec<bool> = of.atoms().iter().map(is_list).collect();
    of.atoms()
        .iter()
        .zip(known)
        .filter(|(_, list)| *list)
        .map(|(atom, _)| Shape::from(atom.clone()))
        .collect()
}

/// What the fields of records hold, and whatever else they may.
pub(super) fn values(of: &Shape, host: &mut dyn Host) -> Shape {
    let mut shape = Shape::nothing();
    for atom in of.atoms() {
        let Atom::Object(record) = atom else { return Shape::some_text() };
        let (fields, more) = host.fields(*record);
        for (_, value, _) in &fields {
            shape.join(value);
        }
        if more {
            shape.join(&Shape::some_text());
        }
    }
    shape
}

/// The names of the fields of records; any text where there may be more.
pub(super) fn keys(of: &Shape, host: &mut dyn Host) -> Shape {
    let mut shape = Shape::nothing();
    for atom in of.atoms() {
        let Atom::Object(record) = atom else { return Shape::some_text() };
        let (fields, more) = host.fields(*record);
        for (name, _, _) in &fields {
            shape.join(&Shape::text(name));
        }
        if more {
            shape.join(&Shape::some_text());
        }
    }
    shape
}

/// The object of a description: where a class of the project derives from the described one, an object of that class.
pub(super) fn itself(object: SdkValue, host: &mut dyn Host) -> Shape {
    let own = object.data.map(|data| host.field(data, "")).unwrap_or_default();
    if own.is_nothing() {
        return object.into_shape();
    }
    let mut made = own.filter(|atom| !matches!(atom, Atom::Class(_)));
    let classes = own.filter(|atom| matches!(atom, Atom::Class(_)));
    if !classes.is_nothing() {
        let unknown = Arguments { rest: Some(Shape::some_text()), open: true, ..Arguments::default() };
        made.join(&host.invoke(&classes, unknown));
    }
    made
}

/// Nothing, or only the language's own nothing.
pub(super) fn is_absent(shape: &Shape) -> bool {
    shape.atoms().iter().all(|atom| matches!(atom, Atom::Nil))
}

/// What texts are written out of, where they are records or lists that a program wrote out.
pub(super) fn written_out(texts: &Shape) -> Shape {
    texts.atoms().iter().filter_map(Atom::written_out).flat_map(|value| value.atoms().to_vec()).collect()
}

/// A member, or what only descriptions spell: any element, what a class states.
pub(super) fn member_or_part(of: &Shape, name: &str, host: &mut dyn Host) -> Shape {
    if name.starts_with('[') { part_of(of, name, host) } else { host.member(of, name) }
}

/// Whether a value is an object of which not all is known that it was made with.
fn may_hold_more(atom: &Atom, host: &mut dyn Host) -> bool {
    matches!(atom, Atom::Object(object) if host.fields(*object).1)
}

/// What filters give that look at values rather than at their texts; `None` for another filter.
pub(super) fn part_behind(filter: &str, shape: &Shape, host: &mut dyn Host) -> Option<Shape> {
    let (kind, path) = filter.split_once('.').unwrap_or((filter, ""));
    let parts = path.split('.').filter(|part| !part.is_empty());
    match kind {
        "each" => Some(each(shape, host)),
        "open" => Some(shape.atoms().iter().filter(|atom| may_hold_more(atom, host)).cloned().collect()),
        "keys" => Some(keys(shape, host)),
        "list" => Some(lists(shape, host)),
        "text" | "scalar" | "credentials" => Some(super::facts::only(filter, shape)),
        "object" => {
            let objects = shape.filter(super::facts::is_object);
            Some(parts.fold(objects, |object, part| part_of(&object, part, host)))
        }
        "made" => Some(parts.fold(made(shape, host), |object, part| host.member(&object, part))),
        "document" => Some(parts.fold(written_out(shape), |value, part| part_of(&value, part, host))),
        "values" => Some(parts.fold(values(shape, host), |value, part| part_of(&value, part, host))),
        _ => None,
    }
}

/// The path of a class as one name, as Ruby's libraries call what belongs to it.
pub(super) fn underscored(path: TemplateString) -> TemplateString {
    let name = path.as_literal().map(|path| path.replace("::", "_").replace(['.', '/'], "_"));
    name.map_or(path, |name| name.as_str().into())
}
