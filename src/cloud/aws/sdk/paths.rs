//! Modules, functions and classes of described libraries, and objects of described classes.

use crate::flow::{Arguments, Atom, Host, ObjectId, SdkValue, Shape, Why};

use super::behave::invoke;
use super::scope::Scope;
use super::{AwsSdk, Stage};

/// The slot of the record that holds an object's fields.
const OBJECT_SLOT: u16 = 9_000;

impl AwsSdk {
    /// A member of a module or class.
    pub(super) fn path_member(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape {
        let path = format!("{}.{name}", on.name);
        if let Some(behaviour) = self.libraries.symbol(&path)
            && let Some(value) = &behaviour.is
        {
            return Scope::empty(self)
                .value(value, host)
                .map_or_else(|| Shape::any(Why::External), |(shape, _)| shape);
        }
        let is_function = self.libraries.symbol(&path).is_some();
        if self.libraries.class(&on.name).is_some() && !is_function {
            // A member of the class itself, or of a class of the project that derives from it.
            let object = Stage::Object.value("", &on.name, on.data);
            return match self.libraries.member(&on.name, name) {
                Some(member) => {
                    self.described_member(&member, Scope::of_object(self, object), &on.name, name, host)
                }
                None => Shape::nothing(),
            };
        }
        if self.libraries.knows("", &path) {
            return Stage::Path.value("", &path, None).into_shape();
        }
        Atom::External(path.into()).into()
    }

    /// Calls a function, or makes an object of a class.
    pub(super) fn call_path(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        if let Some(behaviour) = self.libraries.symbol(&on.name) {
            let scope = Scope::of_call(self, None, &behaviour.parameters, arguments, host);
            return self.behave(behaviour, scope, arguments, host);
        }
        if let Some((pattern, words)) = self.libraries.pattern(&on.name)
            && let Some(behaviour) = &pattern.call
        {
            let mut scope = Scope::of_call(self, None, &behaviour.parameters, arguments, host);
            scope.words = words;
            return self.behave(behaviour, scope, arguments, host);
        }
        let Some(class) = self.libraries.class(&on.name) else {
            arguments.all().for_each(|argument| host.escape(argument));
            return Shape::any(Why::External);
        };
        let parameters = self
            .libraries
            .inherited(&on.name, &|class| (!class.parameters.is_empty()).then(|| class.parameters.clone()));
        let mut scope = Scope::of_call(self, None, &parameters.unwrap_or_default(), arguments, host);
        let mut fields = scope.fields(&class.fields, host);
        for (name, value, always) in &scope.named {
            if !fields.iter().any(|(known, _, _)| known == name) {
                fields.push((name.clone(), value.clone(), *always));
            }
        }
        let data = host.record(OBJECT_SLOT, fields);
        let object = Stage::Object.value("", &on.name, Some(data));
        scope.object = Some(object.clone());
        self.send(&class.calls, &scope, host);
        invoke(&class.invokes, &scope, arguments, host);
        object.into_shape()
    }

    /// What an annotation with a path stands for.
    pub(super) fn instance_of_path(
        &self,
        path: &str,
        arguments: Option<ObjectId>,
        host: &mut dyn Host,
    ) -> Shape {
        if let Some((pattern, words)) = self.libraries.pattern(path) {
            let mut scope = Scope { words, ..Scope::empty(self) };
            let value = pattern.value.as_ref().and_then(|value| scope.value(value, host));
            return value.map(|(shape, _)| shape).unwrap_or_default();
        }
        if let Some(class) = self.libraries.class(path) {
            // Type arguments are fields, and so is what needs no argument.
            let mut given = Scope::empty(self).fields(&class.fields, host);
            given.extend(arguments.map(|arguments| host.fields(arguments).0).unwrap_or_default());
            let data = host.record(OBJECT_SLOT, given);
            return Stage::Object.value("", path, Some(data)).into_shape();
        }
        Shape::nothing()
    }

    /// What an iteration over an object gives.
    pub(super) fn object_element(&self, on: &SdkValue, host: &mut dyn Host) -> Shape {
        let Some(element) = self.libraries.inherited(&on.name, &|class| class.element.clone()) else {
            return Shape::any(Why::External);
        };
        let scope = Scope::of_object(self, on.clone());
        self.behave(&element, scope, &Arguments::default(), host)
    }

    /// An element of an object by its index.
    pub(super) fn object_index(&self, on: &SdkValue, key: Option<&str>, host: &mut dyn Host) -> Shape {
        let Some(index) = self.libraries.inherited(&on.name, &|class| class.index.clone()) else {
            return self.object_element(on, host);
        };
        let mut scope = Scope::of_object(self, on.clone());
        let key = key.map_or_else(Shape::some_text, Shape::text);
        scope.named.push(("key".into(), key, true));
        self.behave(&index, scope, &Arguments::default(), host)
    }

    /// Calls an object.
    pub(super) fn call_object(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape {
        let Some(call) = self.libraries.inherited(&on.name, &|class| class.call.clone()) else {
            // A decorator object gives what behaves like the routine it is given.
            arguments.all().for_each(|argument| host.escape(argument));
            let routines = |shape: &Shape| {
                shape.filter(|atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..) | Atom::Class(_)))
            };
            let mut result: Shape = arguments.positional.iter().map(routines).collect();
            result.add(Atom::Any(Why::External));
            return result;
        };
        let scope = Scope::of_call(self, Some(on.clone()), &call.parameters, arguments, host);
        self.behave(&call, scope, arguments, host)
    }
}
