//! What the run asks of an SDK, and what an SDK may ask of the run. The SDK's behaviour lives above this room.

use crate::catalog::{Entries, EntryRule};
use crate::ir::BLOCK;
use crate::text::{Hole, SmolStr, TemplateString};

use super::model::{BlindKind, Confidence, Principal};
use super::shape::{Atom, ObjectId, Shape, Why};

/// The field of an object that holds what the class outside the project that it derives from made of it.
pub const BASE: &str = "<base>";

/// A value that an SDK binding made. The run carries it about and hands it back; only the binding reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SdkValue {
    /// What kind of value; the binding's own numbering.
    pub stage: u16,
    /// The service it belongs to, empty where it belongs to none.
    pub service: SmolStr,
    /// What it is within its kind.
    pub name: SmolStr,
    /// A record with whatever else the binding keeps of it.
    pub data: Option<ObjectId>,
    /// How sure the reading is that led here.
    pub confidence: Confidence,
}

/// The arguments of a call, spreads resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// By position.
    pub positional: Vec<Shape>,
    /// By name; the flag says whether it is handed over on every path.
    pub named: Vec<(SmolStr, Shape, bool)>,
    /// What more positional arguments may be, where a list of unknown length was spread.
    pub rest: Option<Shape>,
    /// Whether more named arguments may be there.
    pub open: bool,
}

impl Arguments {
    /// Arguments by position alone.
    pub fn of(positional: impl IntoIterator<Item = Shape>) -> Self {
        Self { positional: positional.into_iter().collect(), ..Self::default() }
    }

    /// Arguments of which nothing is known, not even how many there are.
    pub fn unknown() -> Self {
        Self { rest: Some(Shape::any(Why::External)), open: true, ..Self::default() }
    }

    /// Whether it is not known how many there are.
    pub fn is_open(&self) -> bool {
        self.open || self.rest.is_some()
    }

    /// The argument of that name, or at that place.
    pub fn get(&self, name: &str, place: usize) -> Option<&Shape> {
        self.named(name).or_else(|| self.positional.get(place)).or(self.rest.as_ref())
    }

    /// The argument of that name.
    pub fn named(&self, name: &str) -> Option<&Shape> {
        self.named.iter().find(|(key, _, _)| key == name).map(|(_, shape, _)| shape)
    }

    /// Whether type arguments are among them.
    pub fn has_types(&self) -> bool {
        self.named.iter().any(|(name, _, _)| name.starts_with('<'))
    }

    /// The arguments without type arguments.
    #[must_use]
    pub fn without_types(&self) -> Self {
        let mut arguments = self.clone();
        arguments.named.retain(|(name, _, _)| !name.starts_with('<'));
        arguments
    }

    /// The arguments with the block as the last of those by position; `None` where there is no block.
    pub fn with_block_last(&self) -> Option<Self> {
        let block = self.named(BLOCK).cloned()?;
        let mut arguments = self.clone();
        arguments.named.retain(|(name, _, _)| name != BLOCK);
        arguments.positional.push(block);
        Some(arguments)
    }

    /// Every argument. Type arguments, whose names begin with `<`, are none.
    pub fn all(&self) -> impl Iterator<Item = &Shape> {
        let named =
            self.named.iter().filter(|(name, _, _)| !name.starts_with('<')).map(|(_, shape, _)| shape);
        self.positional.iter().chain(named).chain(&self.rest)
    }
}

/// A request that an SDK sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The service by its client name.
    pub service: SmolStr,
    /// The operation by the API's name.
    pub operation: SmolStr,
    /// A record with what the request carries.
    pub arguments: ObjectId,
    /// A record with the settings of the client that sends it.
    pub client: Option<ObjectId>,
    /// Who sends it.
    pub principal: Principal,
    /// How sure the reading is.
    pub confidence: Confidence,
    /// Whether it is sent whatever the deployment's state.
    pub certain: bool,
}

/// What the run offers to a binding while a member or call is worked out.
pub trait Host {
    /// A record made at the current place; `slot` tells apart the records of one place. Its fields take over what
    /// they are given here, joined over every evaluation.
    fn record(&mut self, slot: u16, fields: Vec<(SmolStr, Shape, bool)>) -> ObjectId;
    /// A record like [`Self::record`], one for each of the records `of` that meet at the current place.
    fn record_for(&mut self, of: ObjectId, fields: Vec<(SmolStr, Shape, bool)>) -> ObjectId;
    /// Says that a record may have more fields than are known.
    fn open(&mut self, record: ObjectId);
    /// Puts a value into a record under a key that is a value itself.
    fn put(&mut self, record: ObjectId, key: &Shape, value: &Shape);
    /// Puts a value into a record under a name. `always`: on every path from the record's making.
    fn set(&mut self, record: ObjectId, name: &str, value: &Shape, always: bool);
    /// A copy of a record made at the current place, but for one field. What was copied here before is its own copy, so
    /// that a loop comes to an end.
    fn copy(&mut self, record: ObjectId, without: &str) -> ObjectId;
    /// The fields of a record, with whether each is there on every path, and whether there may be more.
    fn fields(&mut self, record: ObjectId) -> (Vec<(SmolStr, Shape, bool)>, bool);
    /// A field of a record; nothing where there is none.
    fn field(&mut self, record: ObjectId, name: &str) -> Shape;
    /// A member of any value.
    fn member(&mut self, of: &Shape, name: &str) -> Shape;
    /// An element of any value, at a literal index or key.
    fn index(&mut self, of: &Shape, key: &str) -> Shape;
    /// What an iteration over a value gives.
    fn elements(&mut self, of: &Shape) -> Shape;
    /// A list made at the current place.
    fn list(&mut self, slot: u16, elements: Shape) -> Shape;
    /// The texts that a value may be, as far as it is text; holes of the environment filled where known.
    fn texts(&self, of: &Shape) -> Vec<TemplateString>;
    /// Does something as if it stood where an object was made.
    fn standing_at(&mut self, object: ObjectId, act: &mut dyn FnMut(&mut dyn Host));
    /// Sends a request.
    fn request(&mut self, request: Request);
    /// Notes a blind spot at the current place.
    fn blind(&mut self, kind: BlindKind, services: &[&str], message: String);
    /// An object of a type; nothing for one of which nothing is known.
    fn instance(&mut self, of: &Shape) -> Shape;
    /// An object of a type, or an object, with its members set from the environment: each from the variable that one of the
    /// marks named gives it, else from the one of its name; or from the settings of a section of the configuration.
    fn bound(&mut self, of: &Shape, marks: &[SmolStr], section: Option<&str>) -> Shape;
    /// Notes that the program registers objects with a container: they are what their bases stand for.
    fn register(&mut self, of: &Shape);
    /// A setting of the configuration by its name.
    fn setting(&self, name: &str) -> Option<TemplateString>;
    /// Calls a value.
    fn invoke(&mut self, callee: &Shape, arguments: Arguments) -> Shape;
    /// Calls every routine in a value with unknown arguments, unless something else calls it.
    fn escape(&mut self, of: &Shape);
    /// Notes that the routines in a value are what the platform calls with an event.
    fn serve(&mut self, of: &Shape, event: Option<Shape>) -> bool;
    /// Notes that nobody knows what the program hands to the platform as its handler.
    fn note_unserved(&mut self);
    /// Whether the program states records where it makes them, so that what is put there later may be put on some paths only.
    fn states_records(&self) -> bool;
    /// Keeps a value for the whole program under a token.
    fn keep(&mut self, token: &Shape, value: &Shape);
    /// What is kept under a token; nothing where nobody kept anything.
    fn kept(&mut self, token: &Shape) -> Shape;
    /// Enters what a framework finds in the program.
    fn enter(&mut self, entries: &Entries);
    /// A text with what is known of the environment filled in.
    fn known(&self, text: &TemplateString) -> TemplateString;
}

/// An SDK's behaviour.
pub trait Binding: Sync {
    /// Something imported from outside the project, by its dotted path (`boto3`, `boto3.session.Session`).
    fn import(&self, language: &str, path: &str) -> Option<SdkValue>;
    /// Whether it is known that there is what was imported, and not only that its path could be one.
    fn is_certain(&self, _on: &SdkValue) -> bool {
        true
    }
    /// A member.
    fn member(&self, on: &SdkValue, name: &str, host: &mut dyn Host) -> Shape;
    /// An element by index or key; `None` for one that is not known.
    fn index(&self, on: &SdkValue, key: Option<&str>, host: &mut dyn Host) -> Shape;
    /// What an iteration gives.
    fn element(&self, on: &SdkValue, host: &mut dyn Host) -> Shape;
    /// A call.
    fn call(&self, on: &SdkValue, arguments: &Arguments, host: &mut dyn Host) -> Shape;
    /// A value whose declared type is `on`.
    fn instance(&self, on: &SdkValue, host: &mut dyn Host) -> Shape;
    /// Whether a value is a described class, of which objects are made.
    fn is_class(&self, on: &SdkValue) -> bool;
    /// A client that has all of these members, by name and with the types in their signatures; nothing where there is none.
    fn stands_for(&self, members: &[(SmolStr, Shape)], host: &mut dyn Host) -> Shape;
    /// The services that a value can send requests to, without names where that may be any; nothing for one that sends none.
    fn reach(&self, on: &SdkValue) -> Option<Vec<SmolStr>>;
    /// Whether an environment variable holds the key with which the program's own requests are signed.
    fn is_secret_key(&self, _variable: &str) -> bool {
        false
    }
    /// Whether it is known what code that nobody describes may send with a value that it is handed.
    fn is_handed(&self, on: &SdkValue) -> bool;
    /// Hands a value to code that nobody describes; `true` where it is known what that may send with it.
    fn hand_over(&self, on: &SdkValue, host: &mut dyn Host) -> bool;
    /// The services whose operation a call of this name with these arguments looks like.
    fn looks_like(&self, name: &str, arguments: &Arguments) -> Vec<SmolStr>;
    /// The name of what a value that waits to be called is.
    fn called(&self, _on: &SdkValue) -> Option<SmolStr> {
        None
    }
    /// Whether a value is an operation or member that only waits to be called.
    fn is_bound_call(&self, on: &SdkValue) -> bool;
    /// A store to a member. `always`: on every path from the making of the object.
    fn store(&self, _on: &SdkValue, _name: &str, _value: &Shape, _always: bool, _host: &mut dyn Host) {}
    /// Whether a value is data that came from outside, with the members that the language gives to data.
    fn is_data(&self, on: &SdkValue) -> bool;
    /// Whether a value has a member of that name.
    fn has(&self, on: &SdkValue, name: &str) -> bool;
    /// The record that a value stands for where it is a part of a request.
    fn record(&self, on: &SdkValue) -> Option<ObjectId>;
    /// What the platform hands to a handler beside the event.
    fn context(&self, language: &str) -> Option<SdkValue>;
    /// The type by which a parameter of a handler is known to get that; empty where it is the second parameter.
    fn context_type(&self, _language: &str) -> &'static str {
        ""
    }
    /// What the platform enters in programs of a language that no deployment names, and what starts before it.
    fn handlers(&self, _language: &str) -> Vec<EntryRule> {
        vec![]
    }
    /// What stands for a value where what a program does is told as plain data; nothing where it stays unknown.
    fn shown(&self, _on: &SdkValue) -> Option<TemplateString> {
        None
    }
    /// Whether a value is the constructor of a class outside the project, to be called for an object of a class of the
    /// project that has none of its own.
    fn constructs(&self, _on: &SdkValue) -> bool {
        false
    }
}

/// Where a function runs.
pub trait World: Sync {
    /// A variable of the environment, as the deployment or the platform sets it.
    fn variable(&self, name: &str) -> Option<TemplateString>;
    /// Whether the whole environment is known, so that a variable that is not set is absent.
    fn environment_is_known(&self) -> bool;
    /// Whether conditions that the environment decides are taken as decided, so that the way not taken is left out.
    fn decides(&self) -> bool {
        false
    }
    /// The folder that the program is run in.
    fn folder(&self) -> String {
        ".".to_owned()
    }
    /// A setting of the configuration by its dotted name (`orders.table`).
    fn setting(&self, _name: &str) -> Option<TemplateString> {
        None
    }
    /// What stands behind a hole, where more is known of it.
    fn expand(&self, hole: &Hole) -> Option<TemplateString>;
}

/// A named value that libraries describe as text: helpers for bindings.
impl SdkValue {
    /// The value alone.
    pub fn into_shape(self) -> Shape {
        Atom::Sdk(self).into()
    }
}
