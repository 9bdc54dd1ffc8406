//! What the language's own library does, as far as the analysis follows it.

use crate::ir::Intrinsic;
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::model::BlindKind;
use super::shape::{Atom, Shape, Why};

impl Machine<'_> {
    /// The result of an intrinsic. A receiver stands in front of the arguments for those that take either.
    pub(super) fn intrinsic(
        &mut self,
        which: Intrinsic,
        receiver: Option<&Shape>,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        if receiver.is_none()
            && changes_text(which)
            && self.dialect().is_some_and(|dialect| dialect.texts_come_first)
        {
            let mut rest = arguments.clone();
            if !rest.positional.is_empty() {
                let text = rest.positional.remove(0);
                return self.intrinsic(which, Some(&text), &rest);
            }
        }
        let first = receiver
            .or_else(|| arguments.positional.first())
            .or(arguments.rest.as_ref())
            .cloned()
            .unwrap_or_default();
        match which {
            I::Environment => Atom::Environment.into(),
            I::EnvironmentGet => self.environment_get(arguments),
            I::SettingGet => self.setting_get(arguments),
            I::Identity => first,
            I::Second => arguments.positional.get(1).cloned().unwrap_or_default(),
            I::ToText | I::PrintDocument if first.is_nothing() => Shape::text(""),
            I::ToText => super::texts::as_texts(&first).into_iter().map(Atom::Text).collect(),
            I::PrintDocument => super::texts::printed(&first),
            I::SomeText => Shape::some_text(),
            I::Split => self.split(&first, arguments, false),
            I::SplitLast => self.split(&first, arguments, true),
            I::Partition => self.partition(&first, arguments),
            I::JoinElements => self.join_elements(&first, arguments.positional.first()),
            I::JoinReceiver => {
                let separator = arguments.positional.first().cloned().unwrap_or_else(|| Shape::text(","));
                self.join_elements(&separator, Some(&first))
            }
            I::JoinPath => join_path(receiver, arguments),
            I::ParentPath => super::texts::parents(&first),
            I::WorkingFolder => Shape::text(&self.world.folder()),
            I::Substring => super::texts::substring(&first, arguments),
            I::Choose => self.choose(arguments),
            I::Same => self.compare(arguments, true),
            I::Differs => self.compare(arguments, false),
            I::Format | I::FormatPercent => self.format(which, &first, arguments),
            I::Concatenate | I::JoinAll | I::FormatFirst => self.text_of_arguments(which, arguments),
            I::Lower | I::Upper | I::Replace | I::Strip | I::StripPrefix | I::StripSuffix => {
                self.change(which, &first, arguments)
            }
            I::SomeNumber => Shape::some_number(),
            I::SomeFlag => [Atom::Flag(false), Atom::Flag(true)].into_iter().collect(),
            I::Ignore => Shape::any(Why::External),
            I::ParseDocument => parse(&first),
            _ => self.intrinsic_on_values(which, receiver, &first, arguments),
        }
    }

    fn intrinsic_on_values(
        &mut self,
        which: Intrinsic,
        receiver: Option<&Shape>,
        first: &Shape,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        match which {
            I::Get | I::SetDefault => self.get(which, first, arguments),
            I::Pairs => self.pairs(first),
            I::Keys => {
                let keys = self.each_object(first, Self::keys_of, Shape::some_text);
                self.new_list(300, &keys)
            }
            I::Values => {
                let values = self.each_object(first, Self::elements_of, || Shape::any(Why::Dynamic));
                self.new_list(301, &values)
            }
            I::Update => self.update(receiver, arguments),
            I::MakeRecord => self.make_record(receiver, arguments),
            I::Append | I::Extend => self.append(which, first, arguments),
            I::Take | I::Next => {
                let mut element = self.element(first);
                if which == I::Next
                    && receiver.is_none()
                    && let Some(default) = arguments.positional.get(1)
                {
                    element.join(default);
                }
                element
            }
            I::MakeList => {
                // A number is how long it may become.
                let first = first.filter(|atom| !matches!(atom, Atom::Number(_)));
                let elements = if first.is_nothing() { Shape::nothing() } else { self.element(&first) };
                self.new_list(302, &elements)
            }
            I::Enumerate => {
                let element = self.element(first);
                let pair = self.new_object(
                    303,
                    ObjectKind::List,
                    vec![("0".into(), Shape::some_number()), ("1".into(), element)],
                );
                self.new_list(304, &pair)
            }
            I::Zip => {
                let mut fields = vec![];
                for (place, list) in arguments.positional.iter().enumerate() {
                    fields.push((SmolStr::from(place.to_string()), self.element(list)));
                }
                let row = self.new_object(305, ObjectKind::List, fields);
                self.new_list(306, &row)
            }
            I::Range => self.new_list(307, &Shape::some_number()),
            I::Gather => {
                let elements: Shape = arguments.all().cloned().collect();
                self.new_list(308, &elements)
            }
            _ => self.intrinsic_on_callables(which, receiver, first, arguments),
        }
    }

    fn intrinsic_on_callables(
        &mut self,
        which: Intrinsic,
        receiver: Option<&Shape>,
        first: &Shape,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        match which {
            I::Map | I::MapParts | I::Filter => self.map(which, arguments),
            I::Invoke => self.invoke_first(arguments),
            I::InvokeTarget => self.invoke_target(arguments),
            I::Partial => self.partial(arguments),
            I::GetMember => self.get_member(arguments),
            I::SetMember => {
                let (name, value) = (
                    self.literal(arguments.positional.get(1)),
                    arguments.positional.get(2).cloned().unwrap_or_default(),
                );
                if let Some(name) = name {
                    self.store(first, &name, &value, false);
                }
                Shape::nothing()
            }
            I::ClassOf => self.class_of(first),
            I::FieldDefault => self.field_default(arguments),
            I::Allocate => self.allocate(first),
            I::ImportModule => self.import_module(first),
            I::Subprocess => {
                self.note_here(
                    BlindKind::Subprocess,
                    &[],
                    "another program is started; what it calls is not seen".into(),
                );
                Shape::any(Why::External)
            }
            I::Evaluate => {
                self.note_here(
                    BlindKind::Reflection,
                    &[],
                    "text is run as a program; what it calls is not seen".into(),
                );
                Shape::any(Why::Dynamic)
            }
            _ => self.intrinsic_with_callbacks(which, receiver, first, arguments),
        }
    }

    fn environment_get(&mut self, arguments: &Arguments) -> Shape {
        if arguments.all().next().is_none() {
            return Atom::Environment.into();
        }
        let mut shape = Shape::nothing();
        for atom in arguments.positional.first().map(Shape::atoms).unwrap_or_default() {
            let Atom::Text(text) = atom else { continue };
            let Some(name) = text.as_literal() else {
                shape.join(&Shape::some_text());
                continue;
            };
            let set = self.world.variable(name).is_some();
            let default = arguments.get("default", 1);
            if set || default.is_none() || !self.world.environment_is_known() {
                shape.join(&super::member::variable(name));
            }
            if let Some(default) = default.filter(|_| !set) {
                shape.join(&default.filter(|atom| !matches!(atom, Atom::Nil)));
            }
        }
        if shape.is_nothing() { Shape::some_text() } else { shape }
    }

    fn partition(&mut self, text: &Shape, arguments: &Arguments) -> Shape {
        let separator = arguments.positional.first().cloned().unwrap_or_default();
        let whole = Arguments {
            positional: vec![separator.clone(), Atom::Number("1".into()).into()],
            ..Arguments::default()
        };
        let parts = self.split(text, &whole, false);
        let (before, behind) = (
            self.index(&parts, &Atom::Number("0".into()).into()),
            self.index(&parts, &Atom::Number("1".into()).into()),
        );
        self.new_object(
            310,
            ObjectKind::List,
            vec![("0".into(), before), ("1".into(), separator), ("2".into(), behind)],
        )
    }

    fn get(&mut self, which: Intrinsic, record: &Shape, arguments: &Arguments) -> Shape {
        let Some(key) = arguments.positional.first().cloned() else { return self.element(record) };
        let default = arguments.get("default", 1).cloned();
        let mut shape = Shape::nothing();
        for atom in record.atoms() {
            let one = Shape::from(atom.clone());
            let Atom::Object(id) = atom else {
                let value = self.index(&one, &key);
                shape.join(&value);
                continue;
            };
            let mut found = Shape::nothing();
            for atom in key.atoms() {
                let value = match super::objects::literal_key(atom) {
                    Some(name) => self.field(*id, &name),
                    // Under a key that is not known there may be none.
                    None if self.fields_are_members() => {
                        [self.elements_of(*id), Atom::Nil.into()].into_iter().collect()
                    }
                    None => self.elements_of(*id),
                };
                found.join(&value);
            }
            if self.heap.object(*id).is_some_and(|object| object.open) {
                found.add(Atom::Any(Why::Dynamic));
            }
            shape.join(&found);
            if which == Intrinsic::SetDefault
                && let Some(default) = &default
            {
                self.put_keyed(*id, &key, default, false);
            }
        }
        if let Some(default) = &default {
            shape.join(default);
        }
        if shape.is_nothing() && !record.is_nothing() { Atom::Nil.into() } else { shape }
    }

    fn each_object(
        &mut self,
        shape: &Shape,
        mut of: impl FnMut(&mut Self, super::shape::ObjectId) -> Shape,
        other: impl Fn() -> Shape,
    ) -> Shape {
        let mut found = Shape::nothing();
        for atom in shape.atoms() {
            let value = match atom {
                Atom::Object(id) => of(self, *id),
                Atom::Event(path) => super::member::event_element(path),
                _ => other(),
            };
            found.join(&value);
        }
        found
    }

    pub(super) fn pairs(&mut self, record: &Shape) -> Shape {
        let keys = self.each_object(record, Self::keys_of, Shape::some_text);
        let values = self.each_object(record, Self::elements_of, || Shape::any(Why::Dynamic));
        let pair = self.new_object(311, ObjectKind::List, vec![("0".into(), keys), ("1".into(), values)]);
        self.new_list(312, &pair)
    }

    fn update(&mut self, receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
        for atom in receiver.map(Shape::atoms).unwrap_or_default() {
            let Atom::Object(id) = atom else { continue };
            for other in &arguments.positional {
                self.merge(*id, other, false);
            }
            for (name, value, _) in &arguments.named {
                self.put(*id, name, value, false);
            }
        }
        Atom::Nil.into()
    }

    fn make_record(&mut self, receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, 313, ObjectKind::Record);
        for other in receiver.into_iter().chain(&arguments.positional) {
            let records = other.filter(|atom| !matches!(atom, Atom::Native(..) | Atom::Class(_)));
            self.merge(id, &records, true);
        }
        for (name, value, always) in &arguments.named {
            self.put(id, name, value, *always);
        }
        Atom::Object(id).into()
    }

    fn append(&mut self, which: Intrinsic, list: &Shape, arguments: &Arguments) -> Shape {
        let value: Shape = match which {
            Intrinsic::Extend => {
                let mut elements = Shape::nothing();
                for other in &arguments.positional {
                    elements.join(&self.element(other));
                }
                elements
            }
            _ => arguments.positional.last().cloned().unwrap_or_default(),
        };
        for atom in list.atoms() {
            if let Atom::Object(id) = atom {
                self.put_element(*id, &value);
            }
        }
        list.clone()
    }

    fn map(&mut self, which: Intrinsic, arguments: &Arguments) -> Shape {
        let Some((callee, lists)) = arguments.positional.split_first() else {
            return Shape::any(Why::Dynamic);
        };
        let mut positional = vec![];
        for list in lists {
            positional.push(self.element(list));
        }
        let elements = positional.first().cloned().unwrap_or_default();
        let mut handed = Arguments { positional, ..Arguments::default() };
        if which == Intrinsic::MapParts {
            handed.positional.clear();
            self.spread(&elements, &mut handed);
        }
        let result = self.call(callee, &handed);
        self.new_list(314, if which == Intrinsic::Filter { &elements } else { &result })
    }

    pub(super) fn invoke_first(&mut self, arguments: &Arguments) -> Shape {
        // Some take a place, a pool or a lock in front of the routine.
        let is_routine = |shape: &Shape| {
            let is = |atom: &Atom| {
                matches!(atom, Atom::Routine(_) | Atom::Bound(..) | Atom::Native(..) | Atom::Sdk(_))
            };
            shape.atoms().iter().any(is)
        };
        let is_object = |shape: &Shape| shape.atoms().iter().any(|atom| matches!(atom, Atom::Object(_)));
        let given = &arguments.positional;
        let start = given.iter().position(is_routine).or_else(|| given.iter().position(is_object));
        let start = start.unwrap_or(0);
        let Some(callee) = arguments.positional.get(start).cloned() else { return Shape::any(Why::Dynamic) };
        let positional = arguments.positional.iter().skip(start + 1).cloned().collect();
        self.call(&callee, &Arguments { positional, ..arguments.clone() })
    }

    fn invoke_target(&mut self, arguments: &Arguments) -> Shape {
        let Some(target) = arguments
            .named("target")
            .or_else(|| arguments.named("function"))
            .or_else(|| arguments.positional.get(1))
            .cloned()
        else {
            return Shape::any(Why::External);
        };
        let mut handed = Arguments::default();
        if let Some([Atom::Object(id)]) = arguments.get("args", 2).map(Shape::atoms) {
            let (fields, elements, _) = self.contents(*id);
            handed.positional = fields.into_iter().map(|(_, value, _)| value).collect();
            handed.rest = (!elements.is_nothing()).then_some(elements);
        }
        if let Some([Atom::Object(id)]) = arguments.named("kwargs").map(Shape::atoms) {
            handed.named = self.contents(*id).0;
        }
        self.call(&target, &handed);
        Shape::any(Why::External)
    }

    fn partial(&mut self, arguments: &Arguments) -> Shape {
        let mut fields = vec![];
        for (place, value) in arguments.positional.iter().enumerate() {
            let name = if place == 0 { SmolStr::default() } else { SmolStr::from((place - 1).to_string()) };
            fields.push((name, value.clone()));
        }
        fields.extend(arguments.named.iter().map(|(name, value, _)| (name.clone(), value.clone())));
        self.new_object(315, ObjectKind::Partial, fields)
    }

    fn get_member(&mut self, arguments: &Arguments) -> Shape {
        let [of, name, ..] = arguments.positional.as_slice() else { return Shape::any(Why::Dynamic) };
        let mut shape = Shape::nothing();
        for atom in name.atoms() {
            let literal = match atom {
                Atom::Text(text) => self.expand(text).as_literal().map(SmolStr::from),
                _ => None,
            };
            match literal {
                Some(name) if self.fields_are_apart() => shape.join(&self.method(of, &name)),
                Some(name) => shape.join(&self.member(of, &name)),
                None => self.unknown_member(of, &mut shape),
            }
        }
        if let Some(default) = arguments.positional.get(2) {
            shape.join(default);
        }
        shape
    }

    /// A member whose name is worked out while the program runs.
    pub(super) fn unknown_member(&mut self, of: &Shape, shape: &mut Shape) {
        for atom in of.atoms() {
            match atom {
                Atom::Sdk(value) => {
                    if let Some(services) = self.binding.reach(value) {
                        let names: Vec<&str> = services.iter().map(SmolStr::as_str).collect();
                        let message = format!(
                            "an operation of {} is chosen by a name that is not known",
                            names.join(", ")
                        );
                        self.note_here(BlindKind::UnknownOperation, &names, message);
                    }
                }
                Atom::Object(id) => {
                    let class = self.heap.object(*id).map(|object| object.kind);
                    if let Some(ObjectKind::Instance(class)) = class {
                        for name in self.member_names(class) {
                            shape.join(&self.member(&atom.clone().into(), &name));
                        }
                    }
                }
                _ => {}
            }
        }
        shape.add(Atom::Any(Why::Dynamic));
    }

    fn field_default(&mut self, arguments: &Arguments) -> Shape {
        match arguments.named("default_factory").cloned() {
            Some(factory) => self.call(&factory, &Arguments::default()),
            None => arguments.get("default", 0).cloned().unwrap_or_else(|| Shape::any(Why::Dynamic)),
        }
    }

    fn class_of(&self, of: &Shape) -> Shape {
        let class = |atom: &Atom| match atom {
            Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(class)) => Atom::Class(class),
                _ => Atom::Any(Why::Dynamic),
            },
            _ => Atom::Any(Why::Dynamic),
        };
        of.atoms().iter().map(class).collect()
    }

    fn import_module(&mut self, name: &Shape) -> Shape {
        let literal = self.literal(Some(name));
        let unit = self.heap.frame(self.here.0).map(|frame| frame.unit);
        if let (Some(name), Some(unit)) = (&literal, unit) {
            match self.program.named(name) {
                Some(target) => {
                    self.load(target);
                    return Atom::Unit(target).into();
                }
                None => return self.outside(unit, name),
            }
        }
        self.note_here(BlindKind::Reflection, &[], "a module is imported by a name that is not known".into());
        Shape::any(Why::Dynamic)
    }
}

/// What is known of a parsed document: nothing, but a part of the event stays one.
fn parse(text: &Shape) -> Shape {
    let parsed = |atom: &Atom| match atom {
        Atom::Event(path) => Atom::Event(path.clone()).into(),
        Atom::Sdk(value) => Atom::Sdk(value.clone()).into(),
        atom => atom.written_out().cloned().unwrap_or_else(|| Shape::any(Why::Dynamic)),
    };
    text.atoms().iter().map(parsed).collect()
}

/// The arguments as parts of a path.
fn join_path(receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
    let mut parts = vec![];
    for part in receiver.into_iter().chain(&arguments.positional) {
        if !parts.is_empty() {
            parts.push(Shape::text("/"));
        }
        parts.push(part.clone());
    }
    if arguments.rest.is_some() { Shape::some_text() } else { super::texts::join_texts(&parts) }
}

/// Whether an intrinsic changes or takes apart the text that is its receiver.
fn changes_text(which: Intrinsic) -> bool {
    use Intrinsic as I;
    matches!(
        which,
        I::Split
            | I::SplitLast
            | I::Partition
            | I::JoinReceiver
            | I::FormatPercent
            | I::Lower
            | I::Upper
            | I::Replace
            | I::Strip
            | I::StripPrefix
            | I::StripSuffix
            | I::Substring
    )
}
