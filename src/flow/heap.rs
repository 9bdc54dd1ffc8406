//! What the run remembers between evaluations: frames, objects, closures and types. Everything only grows, so that
//! repeating the run comes to an end.

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use crate::ir::{ClassId, NodeId, RoutineId};
use crate::text::{Hole, SmolStr, TemplateString};

use super::shape::{Atom, ClosureId, ObjectId, Shape, TypeId, UnitId};

/// An evaluation of a routine for one set of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FrameId(pub(super) u32);

/// A remembered value, and the pass in which it was last read.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    shape: Shape,
    read: u32,
    /// What all texts begin with, once they have grown for so long that only this is kept of them.
    stem: Option<SmolStr>,
}

/// The pass from which texts that still grow are cut to what they begin with.
const SETTLING_PASS: u32 = 5;

impl Cell {
    /// Reads the value in a pass.
    pub(super) fn get(&mut self, pass: u32) -> Shape {
        self.read = pass;
        self.shape.clone()
    }

    /// Looks at the value without counting as a reader.
    pub(super) fn peek(&self) -> &Shape {
        &self.shape
    }

    /// Adds to the value. `true` where somebody read it in this pass and so knows too little.
    pub(super) fn add(&mut self, shape: &Shape, pass: u32) -> bool {
        if shape.within(&self.shape) {
            return false;
        }
        if pass < SETTLING_PASS {
            self.shape.join(shape);
            return self.read == pass;
        }
        let before = self.shape.clone();
        self.shape.join(shape);
        self.settle(&before);
        self.read == pass && self.shape != before
    }

    /// Cuts texts that grow from pass to pass (a sum in a loop) to what they begin with.
    fn settle(&mut self, before: &Shape) {
        let grew = self.shape.atoms().iter().any(|atom| matches!(atom, Atom::Text(_)) && !before.has(atom));
        if self.stem.is_none() && !grew {
            return;
        }
        let stem = self.shape.common_stem(self.stem.as_deref());
        self.shape = self.shape.filter(|atom| !matches!(atom, Atom::Text(_)));
        let mut text = TemplateString::from(stem.as_str());
        text.push_hole(Hole::Unknown);
        self.shape.add(Atom::Text(text));
        self.stem = Some(stem);
    }
}

/// A routine's evaluation.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) unit: UnitId,
    pub(super) routine: RoutineId,
    pub(super) parent: Option<FrameId>,
    pub(super) arguments: Vec<Shape>,
    pub(super) values: Vec<Shape>,
    pub(super) cells: Vec<Cell>,
    pub(super) result: Cell,
    pub(super) yields: Cell,
    /// The pass in which it was last evaluated.
    pub(super) pass: u32,
    /// The first call in this pass that led here.
    pub(super) caller: Option<(FrameId, NodeId)>,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ObjectKind {
    Record,
    /// A record whose fields are no members.
    Map,
    List,
    /// Several results of one call.
    Results,
    /// What a generator yields: looked through where something else than an iteration asks.
    Generator,
    Instance(TypeId),
    /// A callable with arguments already handed over, by place and by name; the callable in the field without a name.
    Partial,
}

/// A field of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct FieldCell {
    pub(super) cell: Cell,
    /// Whether it is there on every path.
    pub(super) always: bool,
}

/// A record, list or instance.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) kind: ObjectKind,
    /// The evaluation that made it.
    pub(super) maker: FrameId,
    /// Where it was made; of a copy where the original was.
    pub(super) made: (FrameId, NodeId),
    /// What it is a copy of, and where it was copied.
    pub(super) copy: Option<(ObjectId, (FrameId, NodeId))>,
    pub(super) fields: IndexMap<SmolStr, FieldCell>,
    /// What stands under keys that are not known.
    pub(super) elements: Cell,
    /// The texts of keys that are not known.
    pub(super) keys: Cell,
    /// What it was made of that is no record: its members are looked up there where it has none of the name.
    pub(super) rest: Cell,
    /// Whether there may be fields of which nothing is known.
    pub(super) open: bool,
}

/// A routine with its scope and the values of its defaults and declared types.
#[derive(Debug)]
pub(super) struct ClosureValue {
    pub(super) unit: UnitId,
    pub(super) routine: RoutineId,
    pub(super) parent: FrameId,
    pub(super) defaults: Vec<(u32, Cell)>,
    pub(super) declared: Vec<(u32, Cell)>,
    /// The type of what it gives, where a container asks for that.
    pub(super) provides: Option<Cell>,
}

/// The declared type of a field.
#[derive(Debug, Default)]
pub(super) struct DeclaredField {
    pub(super) kind: Cell,
    /// Whether the object has an object of that type as a part from the beginning.
    pub(super) is_part: bool,
}

/// A class with the frame of its body.
#[derive(Debug)]
pub(super) struct TypeValue {
    pub(super) unit: UnitId,
    pub(super) class: ClassId,
    pub(super) body: FrameId,
    pub(super) bases: Vec<Cell>,
    /// The declared types of its fields, in the order of their declaration.
    pub(super) fields: IndexMap<SmolStr, DeclaredField>,
    /// Members that were added from outside of its body.
    pub(super) added: IndexMap<SmolStr, Cell>,
}

/// What tells one evaluation of a routine from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct FrameKey {
    pub(super) unit: UnitId,
    pub(super) routine: RoutineId,
    pub(super) parent: Option<FrameId>,
    /// `None` for the evaluation that stands for all further ones.
    pub(super) arguments: Option<Vec<Shape>>,
}

/// Everything that is remembered.
#[derive(Debug, Default)]
pub(super) struct Heap {
    pub(super) frames: Vec<Frame>,
    pub(super) frame_ids: FxHashMap<FrameKey, FrameId>,
    pub(super) objects: Vec<Object>,
    pub(super) object_ids: FxHashMap<(FrameId, NodeId, u16), ObjectId>,
    /// The instances of each class.
    pub(super) instances: FxHashMap<TypeId, Vec<ObjectId>>,
    pub(super) closures: Vec<ClosureValue>,
    pub(super) closure_ids: FxHashMap<(FrameId, NodeId), ClosureId>,
    /// What is put on routines under names, in languages where they are objects.
    pub(super) properties: FxHashMap<ClosureId, ObjectId>,
    pub(super) types: Vec<TypeValue>,
    pub(super) type_ids: FxHashMap<(FrameId, NodeId), TypeId>,
    /// The classes by the frames of their bodies.
    pub(super) types_of_bodies: FxHashMap<FrameId, TypeId>,
}

impl Heap {
    pub(super) fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(id.0 as usize)
    }

    pub(super) fn frame_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        self.frames.get_mut(id.0 as usize)
    }

    pub(super) fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(id.0 as usize)
    }

    pub(super) fn object_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        self.objects.get_mut(id.0 as usize)
    }

    pub(super) fn closure(&self, id: ClosureId) -> Option<&ClosureValue> {
        self.closures.get(id.0 as usize)
    }

    pub(super) fn type_value(&self, id: TypeId) -> Option<&TypeValue> {
        self.types.get(id.0 as usize)
    }

    /// The object made at a place, made now where it is not there yet.
    pub(super) fn object_at(
        &mut self,
        frame: FrameId,
        node: NodeId,
        slot: u16,
        kind: ObjectKind,
    ) -> ObjectId {
        *self.object_ids.entry((frame, node, slot)).or_insert_with(|| {
            let id = ObjectId(number(self.objects.len()));
            if let ObjectKind::Instance(class) = kind {
                self.instances.entry(class).or_default().push(id);
            }
            self.objects.push(Object {
                kind,
                maker: frame,
                made: (frame, node),
                copy: None,
                fields: IndexMap::default(),
                elements: Cell::default(),
                keys: Cell::default(),
                rest: Cell::default(),
                open: false,
            });
            id
        })
    }
}

/// Counts as the heap holds them; the run's own limits stop it long before four thousand million.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
