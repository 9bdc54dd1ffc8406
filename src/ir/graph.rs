//! The types of the value graph.

use crate::text::{FileId, Problem, SmolStr, Span};

use super::Dialect;

/// A node of a routine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// A routine of a module; number 0 is what runs when the module loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoutineId(pub u32);

/// A class of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u32);

/// An import of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportId(pub u32);

impl RoutineId {
    /// What runs when the module loads.
    pub const BODY: Self = Self(0);
}

/// A variable of a routine's scope, seen from that routine or from one inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableRef {
    /// The routine whose scope holds the variable.
    pub routine: RoutineId,
    /// Its number among the routine's variables.
    pub index: u32,
}

/// One file as a value graph.
#[derive(Clone, Debug)]
pub struct Module {
    /// The file.
    pub file: FileId,
    /// What the language calls the things that every program uses.
    pub dialect: &'static Dialect,
    /// The routines; the first is the module's own body.
    pub routines: Vec<Routine>,
    /// The classes.
    pub classes: Vec<Class>,
    /// What the module imports.
    pub imports: Vec<Import>,
    /// The package or namespace that the file says it belongs to, in a language where files of one namespace share
    /// their names; else empty.
    pub namespace: SmolStr,
    /// Those of its imports that hold for every file compiled with it.
    pub everywhere: Vec<ImportId>,
    /// What its classes and their members are marked with, for frameworks that go by that.
    pub marks: Vec<Mark>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

impl Module {
    /// The routine of that number.
    pub fn routine(&self, id: RoutineId) -> Option<&Routine> {
        self.routines.get(id.0 as usize)
    }

    /// The class of that number.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id.0 as usize)
    }

    /// A class as a dotted path from the top of the file.
    pub fn class_path(&self, id: ClassId) -> SmolStr {
        let mut names: Vec<&str> = vec![];
        let mut next = Some(id);
        // A class stands in a routine that is the body of the class around, or a member of it.
        while let Some(class) = next.and_then(|id| self.class(id)) {
            names.push(&class.name);
            let body = self.routine(class.body);
            let around = body.and_then(|body| self.routine(body.outer?));
            let holder = around.and_then(|around| {
                let of_body = self.classes.iter().position(|other| self.is_body(other, around));
                of_body.and_then(|place| u32::try_from(place).ok()).map(ClassId).or(around.class)
            });
            next = holder.filter(|holder| Some(*holder) != next && names.len() < self.classes.len());
        }
        names.reverse();
        names.join(".").into()
    }

    fn is_body(&self, class: &Class, routine: &Routine) -> bool {
        self.routine(class.body).is_some_and(|body| std::ptr::eq(body, routine))
    }

    /// The import of that number.
    pub fn import(&self, id: ImportId) -> Option<&Import> {
        self.imports.get(id.0 as usize)
    }

    /// The names that the module exports.
    pub fn exports(&self) -> impl Iterator<Item = &str> {
        let body = self.routine(RoutineId::BODY).into_iter();
        body.flat_map(|body| body.variables.iter().map(|variable| variable.name.as_str()))
    }

    /// The names that the module declares itself, without those that it only imports.
    pub fn declared(&self) -> Vec<&str> {
        let Some(body) = self.routine(RoutineId::BODY) else { return vec![] };
        let mut imported = vec![false; body.variables.len()];
        let mut declared = vec![false; body.variables.len()];
        for node in &body.nodes {
            if let Node::Write(variable, value) = node
                && variable.routine == RoutineId::BODY
            {
                let is_import = matches!(body.node(*value), Some(Node::Import(_)));
                let marks = if is_import { &mut imported } else { &mut declared };
                if let Some(mark) = marks.get_mut(variable.index as usize) {
                    *mark = true;
                }
            }
        }
        let marks = imported.into_iter().zip(declared);
        let own = self.exports().zip(marks).filter(|(_, (imported, declared))| *declared || !imported);
        own.map(|(name, _)| name).collect()
    }

    /// The number of the variable that the module exports under `name`.
    pub fn export(&self, name: &str) -> Option<u32> {
        let body = self.routine(RoutineId::BODY)?;
        body.variables.iter().zip(0..).find(|(variable, _)| variable.name == name).map(|(_, index)| index)
    }
}

/// What a declaration is marked with (`@Named("orders")`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The name of the marking, without its package.
    pub name: SmolStr,
    /// The class, or that of the member, as a dotted path from the top of the file.
    pub class: SmolStr,
    /// The member that is marked; `None` for the class itself.
    pub member: Option<SmolStr>,
    /// The first text that the marking states.
    pub text: Option<SmolStr>,
    /// The type that the member is declared to give, by the last part of its name.
    pub result: Option<SmolStr>,
}

/// Something that a module imports.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Import {
    /// The module as the source spells it, in the language's own form (`a.b`, `./util`); relative levels apart.
    pub module: SmolStr,
    /// How many levels above the importing file's own folder a relative import begins, plus one; 0 is absolute.
    pub level: u32,
    /// The name taken out of the module; `None` for the module itself.
    pub member: Option<SmolStr>,
    /// Where it stands.
    pub span: Span,
}

/// What a routine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoutineKind {
    /// What runs when the module loads.
    Module,
    /// The body of a class: its variables are the fields of the class.
    ClassBody,
    /// A function, method or closure.
    Plain,
    /// One whose call gives an iterator over what it yields.
    Generator,
}

/// What a method's first parameter is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Receiver {
    /// The object.
    Object,
    /// The class.
    Class,
    /// Nothing.
    None,
    /// The object; reading the member calls the routine.
    Getter,
    /// The object; writing the member calls the routine with the value.
    Setter,
    /// Nothing; reading the member of the class calls the routine.
    ClassGetter,
    /// Nothing; writing the member of the class calls the routine with the value.
    ClassSetter,
    /// What the routine is called on as if it were a member of that: a member of any value that has none of the name.
    Extension,
}

/// What a container that makes objects by itself does with a routine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Managed {
    /// Nothing.
    #[default]
    No,
    /// It calls this constructor, and none beside it.
    Constructor,
    /// It calls this method for objects of the type that it is declared to give.
    Provider,
    /// Code outside the project calls it once it has an object of its class.
    Exposed,
}

/// A function, method or closure, or the body of a module or class.
#[derive(Clone, Debug)]
pub struct Routine {
    /// Its name; `<module>`, `<lambda>` and the like where it has none.
    pub name: SmolStr,
    /// What it is.
    pub kind: RoutineKind,
    /// How it is bound when it is a member of a class.
    pub receiver: Receiver,
    /// Whether others of its name may stand beside it, of which a call takes the one that fits its arguments.
    pub overloaded: bool,
    /// Whether only code of its own class can call it by its name.
    pub private: bool,
    /// Whether a list that it is handed alone is taken apart where it has several parameters.
    pub unpacks: bool,
    /// What a container that makes objects by itself does with it.
    pub managed: Managed,
    /// The routine in whose scope it stands.
    pub outer: Option<RoutineId>,
    /// The class whose member it is.
    pub class: Option<ClassId>,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The variables of its scope.
    pub variables: Vec<Variable>,
    /// The nodes in the order of evaluation.
    pub nodes: Vec<Node>,
    /// The bytes behind each node.
    pub spans: Vec<Span>,
    /// The name of the routine in the source, else the whole of it.
    pub span: Span,
}

impl Routine {
    /// The node of that number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// The bytes behind a node.
    pub fn span_of(&self, id: NodeId) -> Span {
        self.spans.get(id.0 as usize).copied().unwrap_or(self.span)
    }
}

/// A variable of a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: SmolStr,
    /// Whether a routine inside reads or writes it.
    pub captured: bool,
}

/// How a parameter takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParamKind {
    /// By position or name.
    Plain,
    /// By name alone.
    Named,
    /// The rest of the positional arguments, as a list.
    Rest,
    /// The rest of the named arguments, as a record.
    NamedRest,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: SmolStr,
    /// How it takes its argument.
    pub kind: ParamKind,
}

/// A class.
#[derive(Clone, Debug)]
pub struct Class {
    /// Its name.
    pub name: SmolStr,
    /// The routine whose variables are the fields of the class.
    pub body: RoutineId,
    /// The name of the member that is called when an object is made.
    pub constructor: SmolStr,
    /// What it is.
    pub kind: ClassKind,
    /// Fields whose members the object has too.
    pub delegates: Vec<SmolStr>,
    /// What its objects are declared to hold, in a language that declares it: such a member is the object's own.
    pub fields: Vec<SmolStr>,
    /// Whether there are no objects of the class itself, only of those that derive from it.
    pub is_abstract: bool,
    /// Whether other files may declare more of the class.
    pub partial: bool,
    /// Where its name stands.
    pub span: Span,
}

/// What a class is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ClassKind {
    /// Objects are made of it.
    #[default]
    Plain,
    /// It says which members an object must have: whatever has them all is one of its objects. Its body holds under the
    /// name of each member the types in the member's signature, as a list.
    Interface,
    /// Another name for a type that is no class, with members of its own: calling it gives the argument back.
    Name,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// By position.
    Plain(NodeId),
    /// By name.
    Named(SmolStr, NodeId),
    /// Every element of a list, by position.
    Spread(NodeId),
    /// Every field of a record, by name.
    NamedSpread(NodeId),
}

impl Argument {
    /// The value that is handed over.
    pub const fn value(&self) -> NodeId {
        match self {
            Self::Plain(value) | Self::Named(_, value) | Self::Spread(value) | Self::NamedSpread(value) => {
                *value
            }
        }
    }
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called.
    pub callee: NodeId,
    /// What is handed over.
    pub arguments: Vec<Argument>,
}

/// A routine as a value: with the defaults of its parameters, worked out where the routine stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The routine.
    pub routine: RoutineId,
    /// Defaults by the number of the parameter.
    pub defaults: Vec<(u32, NodeId)>,
    /// Declared types by the number of the parameter.
    pub declared: Vec<(u32, NodeId)>,
    /// The declared type of the result.
    pub result: Option<NodeId>,
}

/// A value, a store or a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Text.
    Text(SmolStr),
    /// A number, as it is spelled.
    Number(SmolStr),
    /// `true` or `false`.
    Flag(bool),
    /// Nothing.
    Nil,
    /// Something that the graph does not follow.
    Unknown,
    /// The routine's parameter of that number.
    Param(u32),
    /// A variable seen from another scope: whatever was ever written to it.
    Read(VariableRef),
    /// A write to a variable that other scopes may see.
    Write(VariableRef, NodeId),
    /// A name that no scope declares.
    Free(SmolStr),
    /// An imported module or member.
    Import(ImportId),
    /// A member by its name.
    Member(NodeId, SmolStr),
    /// A member that is called, in a language that tells methods from fields.
    Method(NodeId, SmolStr),
    /// An element by its index or key.
    Index(NodeId, NodeId),
    /// A part of a list or text.
    Slice(NodeId),
    /// Any element.
    Element(NodeId),
    /// A call.
    Call(Call),
    /// Makes an object of a class. One of a class that nothing describes has the fields that it is given.
    New(Call),
    /// A type with type arguments.
    Generic(NodeId, Vec<NodeId>),
    /// Calls a member that the language calls by itself (`__enter__`), where a class of the project has it; else the
    /// value as it is.
    Protocol(NodeId, SmolStr),
    /// A routine.
    Routine(Closure),
    /// A class with its bases.
    Class(ClassId, Vec<NodeId>),
    /// The bases of the class whose member the routine is, bound to the first parameter.
    Super,
    /// Texts one behind the other.
    Concat(Vec<NodeId>),
    /// The result of an operator that the graph does not follow.
    Operation(Vec<NodeId>),
    /// A list; spread elements are themselves lists.
    List(Vec<Argument>),
    /// A record; keys are values, `None` spreads another record.
    Record(Vec<(Option<NodeId>, NodeId)>),
    /// One of several, by the path taken.
    OneOf(Vec<NodeId>),
    /// What a name means, by two ways to look it up: what the first finds, where it finds anything, else what the second does.
    Within(NodeId, NodeId),
    /// A value that a declaration gives a type.
    Cast(NodeId, NodeId),
    /// An object behind a call that may have changed it: what the call gave, where that is the object with more in it.
    Changed(NodeId, NodeId),
    /// Several results of a routine.
    Results(Vec<NodeId>),
    /// One of several results by its number. A value that is no such bundle is its own first result.
    Result(NodeId, u32),
    /// An object of a type with these fields, no constructor run; fields without a name stand in the order in which the
    /// class declares them. What is no class makes a record, or a list where no field has a name.
    Make(NodeId, Vec<(Option<SmolStr>, NodeId)>),
    /// In the body of a class: the declared type of a field, for objects of which nothing is known to be stored there.
    Field(SmolStr, NodeId),
    /// The same of a field that holds an object of its type from the beginning, as a part of the object around it.
    Part(SmolStr, NodeId),
    /// A store to a member. `definite`: on every path from the making of the base.
    Store {
        /// What is changed.
        base: NodeId,
        /// The member.
        field: SmolStr,
        /// What it gets.
        value: NodeId,
        /// Whether no path goes round it.
        definite: bool,
    },
    /// A method that stands apart from its type: a member of a class of the project, else of any value that has none of
    /// that name.
    Extend {
        /// The type.
        base: NodeId,
        /// The method.
        field: SmolStr,
        /// The routine.
        value: NodeId,
    },
    /// The names in a module, class or package are seen by the whole file without its own name in front of them.
    Open(NodeId),
    /// A base of a class that stands apart from it.
    Implement(NodeId, NodeId),
    /// A store to an element.
    StoreIndex {
        /// What is changed.
        base: NodeId,
        /// The index or key.
        index: NodeId,
        /// What it gets.
        value: NodeId,
        /// Whether no path goes round it.
        definite: bool,
    },
    /// A result of the routine.
    Return(NodeId),
    /// An element of the iterator that the routine gives.
    Yield(NodeId),
    /// Every element of another iterator.
    YieldFrom(NodeId),
}
