//! What a name means: a local variable, a field or method of a class around, a class, something imported.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;

/// The member that holds the object of the outer class.
pub(super) const OUTER: &str = "this$0";

/// What is visible at a place.
pub(super) enum Frame {
    /// Local variables and local classes of a block or of a routine's parameters.
    Block(FxHashSet<SmolStr>),
    /// The type parameters of a class or method.
    Parameters(FxHashSet<SmolStr>),
    /// The members of a class.
    Class(ClassScope),
}

/// How an object of a class comes by that of the class around.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// It does not.
    None,
    /// The class stands in a routine and sees its variables.
    Captured,
    /// By a member.
    Member,
}

/// What the members of a class see of it.
pub(super) struct ClassScope {
    pub(super) name: SmolStr,
    /// The variable that holds the object in its methods.
    pub(super) this: SmolStr,
    pub(super) link: Link,
    /// Whether the class is a variable of the routine that it stands in.
    pub(super) is_local: bool,
    pub(super) fields: FxHashMap<SmolStr, Field>,
    pub(super) methods: FxHashSet<SmolStr>,
    pub(super) types: FxHashMap<SmolStr, bool>,
    pub(super) has_bases: bool,
    /// Whether the code is that of the class's body itself, where its static fields are variables.
    pub(super) in_body: bool,
}

/// A field of a class.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) is_static: bool,
    /// The member under which the graph keeps it.
    pub(super) key: SmolStr,
}

/// Where a name leads.
pub(super) enum Target {
    Local,
    /// A field of the class in that frame.
    Field(usize, Field),
    Other,
}

impl Lowering<'_> {
    /// Begins a block of local variables.
    pub(super) fn enter_block(&mut self) {
        self.builder.enter_block([]);
        self.frames.push(Frame::Block(FxHashSet::default()));
    }

    /// Ends the innermost block.
    pub(super) fn leave_block(&mut self) {
        self.frames.pop();
        self.builder.leave_block();
    }

    /// Declares a local variable in the innermost block.
    pub(super) fn declare(&mut self, name: &SmolStr) {
        self.builder.declare(name.clone());
        if let Some(Frame::Block(names)) = self.frames.last_mut() {
            names.insert(name.clone());
        }
    }

    /// Declares a local variable and gives it a value.
    pub(super) fn bind(&mut self, name: &SmolStr, value: NodeId, at: Span) {
        self.declare(name);
        self.builder.assign(name, value, at);
    }

    /// Where a name that stands alone leads.
    pub(super) fn target(&self, name: &str) -> Target {
        for (index, frame) in self.frames.iter().enumerate().rev() {
            match frame {
                Frame::Block(names) if names.contains(name) => return Target::Local,
                Frame::Class(class) => {
                    if let Some(found) = class.fields.get(name) {
                        return Target::Field(index, found.clone());
                    }
                }
                _ => {}
            }
        }
        Target::Other
    }

    /// The value of a name that stands alone.
    pub(super) fn read_name(&mut self, name: &str, at: Span) -> NodeId {
        match self.target(name) {
            Target::Local => self.builder.read(name, at),
            Target::Field(index, field) => self.read_field(index, &field, at),
            Target::Other => self.read_other(name, at),
        }
    }

    fn read_field(&mut self, index: usize, field: &Field, at: Span) -> NodeId {
        if field.is_static && self.class_at(index).is_some_and(|class| class.in_body) {
            return self.builder.read(&field.key, at);
        }
        let holder = if field.is_static { self.class_value(index, at) } else { self.this_of(index, at) };
        self.builder.node(Node::Member(holder, field.key.clone()), at)
    }

    fn read_other(&mut self, name: &str, at: Span) -> NodeId {
        if let Some(path) = self.static_imports.get(name).cloned() {
            let class = self.imported(&path, at);
            return self.builder.node(Node::Member(class, name.into()), at);
        }
        if is_class_name(name) || self.knows_type(name) {
            return self.type_named(name, at).unwrap_or_else(|| self.builder.unknown(at));
        }
        match self.inherited(name, at) {
            Some(value) => value,
            None => self.native(name, at),
        }
    }

    /// A member that comes from a class above, or from one whose static members are imported.
    pub(super) fn inherited(&mut self, name: &str, at: Span) -> Option<NodeId> {
        let mut values = vec![];
        let with_bases = |frame: &Frame| matches!(frame, Frame::Class(class) if class.has_bases);
        if let Some(index) = self.frames.iter().rposition(with_bases) {
            let holder = self.receiver(index, at);
            values.push(self.builder.node(Node::Member(holder, name.into()), at));
        }
        for path in self.static_stars.clone() {
            let class = self.imported(&path, at);
            values.push(self.builder.node(Node::Member(class, name.into()), at));
        }
        (!values.is_empty()).then(|| self.builder.one_of(values, at))
    }

    /// What a method of a class around is a member of: the object, or the class in a static member.
    pub(super) fn receiver(&mut self, index: usize, at: Span) -> NodeId {
        if self.is_static(index) { self.class_value(index, at) } else { self.this_of(index, at) }
    }

    /// Whether there is no object of the class in that frame.
    fn is_static(&self, index: usize) -> bool {
        let place = self.class_frames().position(|frame| frame == index);
        place.and_then(|place| self.statics.get(place)).copied().unwrap_or(false)
    }

    fn class_frames(&self) -> impl Iterator<Item = usize> + '_ {
        self.frames.iter().zip(0..).filter(|(frame, _)| matches!(frame, Frame::Class(_))).map(|(_, at)| at)
    }

    pub(super) fn class_at(&self, index: usize) -> Option<&ClassScope> {
        match self.frames.get(index) {
            Some(Frame::Class(class)) => Some(class),
            _ => None,
        }
    }

    /// The innermost class.
    pub(super) fn innermost(&self) -> Option<usize> {
        self.frames.iter().rposition(|frame| matches!(frame, Frame::Class(_)))
    }

    /// The object of the class in that frame.
    pub(super) fn this_of(&mut self, index: usize, at: Span) -> NodeId {
        let frames: Vec<usize> = self.class_frames().filter(|frame| *frame >= index).collect();
        let mut value: Option<NodeId> = None;
        for place in frames.into_iter().rev() {
            if self.is_static(place) && place >= index {
                if place == index {
                    return self.builder.unknown(at);
                }
                value = None;
            }
            let Some((this, link)) = self.class_at(place).map(|class| (class.this.clone(), class.link))
            else {
                return self.builder.unknown(at);
            };
            let object = match value {
                Some(object) => object,
                None => self.builder.read(&this, at),
            };
            if place == index {
                return object;
            }
            value = match link {
                Link::Captured => None,
                Link::Member => Some(self.builder.node(Node::Member(object, OUTER.into()), at)),
                Link::None => return self.builder.unknown(at),
            };
        }
        self.builder.unknown(at)
    }

    /// The class in that frame.
    pub(super) fn class_value(&mut self, index: usize, at: Span) -> NodeId {
        let Some(class) = self.class_at(index) else { return self.builder.unknown(at) };
        let (name, is_local) = (class.name.clone(), class.is_local);
        let outer = self.class_frames().take_while(|frame| *frame < index).last();
        match outer {
            Some(outer) if !is_local => {
                let outer = self.class_value(outer, at);
                self.builder.node(Node::Member(outer, name), at)
            }
            _ => self.builder.read(&name, at),
        }
    }

    /// Whether a name is one of the classes that the file itself names.
    pub(super) fn knows_type(&self, name: &str) -> bool {
        self.types.iter().any(|known| known == name)
            || self.imports.contains_key(name)
            || self.frames.iter().any(|frame| match frame {
                Frame::Class(class) => class.name == name || class.types.contains_key(name),
                _ => false,
            })
    }

    /// A class by its simple name; nothing for a type parameter.
    pub(super) fn type_named(&mut self, name: &str, at: Span) -> Option<NodeId> {
        for index in (0..self.frames.len()).rev() {
            match self.frames.get(index)? {
                Frame::Parameters(names) if names.contains(name) => return None,
                Frame::Block(names) if names.contains(name) => return Some(self.builder.read(name, at)),
                Frame::Class(class) if class.name == name => return Some(self.class_value(index, at)),
                Frame::Class(class) if class.types.contains_key(name) => {
                    if class.in_body {
                        return Some(self.builder.read(name, at));
                    }
                    let class = self.class_value(index, at);
                    return Some(self.builder.node(Node::Member(class, name.into()), at));
                }
                _ => {}
            }
        }
        if self.types.iter().any(|known| known == name) {
            return Some(self.builder.read(name, at));
        }
        Some(match self.imports.get(name).cloned() {
            Some(path) => self.imported(&path, at),
            None => self.native(name, at),
        })
    }

    /// The class around of which `name` is an inner class: its objects belong to one of that class.
    pub(super) fn inner_class(&self, name: &str) -> Option<usize> {
        let holds = |frame: &Frame| match frame {
            Frame::Class(class) => class.types.get(name).copied().unwrap_or(false),
            _ => false,
        };
        self.frames.iter().rposition(holds)
    }
}

/// Whether a name looks like that of a class: a capital at its beginning, small letters behind.
pub(super) fn is_class_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
        && (name.chars().any(char::is_lowercase) || name.len() == 1 || !name.contains('_'))
}
