//! The one way to write a [`Module`]: scopes, joins, loops, closures and classes, once for all languages.

mod names;

use rustc_hash::FxHashMap;

use crate::text::{FileId, Problem, Site, SmolStr, Span};

use super::Dialect;
use super::graph::{
    Argument, Call, Class, ClassId, ClassKind, Closure, Import, ImportId, Module, Node, NodeId, Param,
    Receiver, Routine, RoutineId, RoutineKind, Variable, VariableRef,
};

/// The straight-line region in which a module begins.
const FIRST_REGION: u32 = 1;

/// How deep expressions and statements may nest. Deeper ones are not followed, which is a problem of the module.
const MAX_DEPTH: u32 = 200;

/// The writes of one branch, to be joined with those of the others.
#[derive(Debug, Default)]
pub struct Arm {
    writes: Vec<(u32, NodeId)>,
}

/// Where a loop begins: the variables that it may change.
#[derive(Debug)]
pub struct LoopHead {
    joins: Vec<(u32, NodeId)>,
}

#[derive(Debug)]
pub(super) struct Scope {
    pub(super) routine: RoutineId,
    /// Names to variables, innermost block last.
    blocks: Vec<FxHashMap<SmolStr, u32>>,
    /// Names that belong to an outer scope although they are written here (`nonlocal`, `global`).
    foreign: FxHashMap<SmolStr, VariableRef>,
    /// The value that each variable has on the current path.
    current: Vec<Option<NodeId>>,
    /// Variables that a routine inside writes: their value is whatever was ever written.
    shared: Vec<u32>,
    /// Changes of `current` since the routine began, for undoing.
    log: Vec<(u32, Option<NodeId>)>,
    /// The straight-line region that each node was made in.
    pub(super) regions: Vec<u32>,
    pub(super) region: u32,
    class: Option<ClassId>,
}

/// Writes one module.
#[derive(Debug)]
pub struct Builder {
    pub(super) module: Module,
    pub(super) scopes: Vec<Scope>,
    next_region: u32,
    depth: u32,
}

impl Builder {
    /// Begins a module with `names` as the variables of its body.
    pub fn new(file: FileId, dialect: &'static Dialect, names: impl IntoIterator<Item = SmolStr>) -> Self {
        let module = Module {
            file,
            dialect,
            routines: vec![],
            classes: vec![],
            imports: vec![],
            namespace: SmolStr::default(),
            everywhere: vec![],
            marks: vec![],
            problems: vec![],
        };
        let mut builder = Self { module, scopes: vec![], next_region: 0, depth: 0 };
        builder.enter("<module>".into(), RoutineKind::Module, vec![], names, Span::default());
        builder
    }

    /// Ends the module.
    pub fn finish(mut self) -> Module {
        while !self.scopes.is_empty() {
            self.leave();
        }
        self.module
    }

    /// Says which package or namespace the file belongs to.
    pub fn namespace(&mut self, name: impl Into<SmolStr>) {
        self.module.namespace = name.into();
    }

    /// Notes something that could not be read.
    pub fn problem(&mut self, span: Span, message: impl Into<String>) {
        let site = Site { file: self.module.file, span };
        self.module.problems.push(Problem { site, message: message.into() });
    }

    /// Goes one level down; `false` where that is deeper than the analysis follows. Every call wants an [`Self::ascend`].
    pub fn descend(&mut self, span: Span) -> bool {
        self.depth += 1;
        if self.depth == MAX_DEPTH + 1 {
            self.problem(span, format!("nested deeper than {MAX_DEPTH} levels, not followed"));
        }
        self.depth <= MAX_DEPTH
    }

    /// Comes one level up.
    pub fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Enters a routine's scope. `names` are the variables that the routine itself writes; parameters come first.
    pub fn enter(
        &mut self,
        name: SmolStr,
        kind: RoutineKind,
        params: Vec<Param>,
        names: impl IntoIterator<Item = SmolStr>,
        span: Span,
    ) -> RoutineId {
        let id = RoutineId(size(self.module.routines.len()));
        let outer = self.scopes.last();
        let class = outer.and_then(|scope| scope.class);
        let routine = Routine {
            name,
            kind,
            receiver: Receiver::Object,
            overloaded: false,
            private: false,
            unpacks: false,
            managed: super::graph::Managed::No,
            outer: outer.map(|scope| scope.routine),
            class,
            params,
            variables: vec![],
            nodes: vec![],
            spans: vec![],
            span,
        };
        let param_names: Vec<SmolStr> = routine.params.iter().map(|param| param.name.clone()).collect();
        self.module.routines.push(routine);
        self.next_region += 1;
        self.scopes.push(Scope {
            routine: id,
            blocks: vec![FxHashMap::default()],
            foreign: FxHashMap::default(),
            current: vec![],
            shared: vec![],
            log: vec![],
            regions: vec![],
            region: self.next_region,
            class: None,
        });
        for name in param_names.iter().cloned().chain(names) {
            self.declare(name);
        }
        for (name, index) in param_names.into_iter().zip(0..) {
            let value = self.node(Node::Param(index), span);
            self.assign(&name, value, span);
        }
        id
    }

    /// Leaves the innermost routine.
    pub fn leave(&mut self) {
        self.scopes.pop();
    }

    /// The routine that a node of the innermost scope makes a value of.
    pub fn routine_of(&self, node: NodeId) -> Option<RoutineId> {
        let scope = self.scopes.last()?;
        match self.module.routine(scope.routine)?.node(node)? {
            Node::Routine(closure) => Some(closure.routine),
            _ => None,
        }
    }

    /// Makes the innermost routine a generator.
    pub fn set_generator(&mut self) {
        let Some(scope) = self.scopes.last() else { return };
        if let Some(routine) = self.module.routines.get_mut(scope.routine.0 as usize)
            && routine.kind == RoutineKind::Plain
        {
            routine.kind = RoutineKind::Generator;
        }
    }

    /// Begins a class: its body is a scope of its own.
    pub fn enter_class(
        &mut self,
        name: SmolStr,
        constructor: SmolStr,
        names: impl IntoIterator<Item = SmolStr>,
        span: Span,
    ) -> ClassId {
        let id = ClassId(size(self.module.classes.len()));
        let body = self.enter(name.clone(), RoutineKind::ClassBody, vec![], names, span);
        let (kind, delegates) = (ClassKind::default(), vec![]);
        self.module.classes.push(Class {
            name,
            body,
            constructor,
            kind,
            delegates,
            fields: vec![],
            is_abstract: false,
            partial: false,
            span,
        });
        if let Some(scope) = self.scopes.last_mut() {
            scope.class = Some(id);
        }
        id
    }

    /// Says what a class is.
    pub fn set_class_kind(&mut self, class: ClassId, kind: ClassKind) {
        if let Some(class) = self.module.classes.get_mut(class.0 as usize) {
            class.kind = kind;
        }
    }

    /// Gives the objects of a class the members of one of its fields.
    pub fn delegate(&mut self, class: ClassId, field: SmolStr) {
        if let Some(class) = self.module.classes.get_mut(class.0 as usize) {
            class.delegates.push(field);
        }
    }

    /// Says whether other files may declare more of a class.
    pub fn set_partial(&mut self, class: ClassId, partial: bool) {
        if let Some(class) = self.module.classes.get_mut(class.0 as usize) {
            class.partial = partial;
        }
    }

    /// Declares a variable in the innermost block.
    pub fn declare(&mut self, name: SmolStr) {
        let Some(scope) = self.scopes.last_mut() else { return };
        if scope.blocks.last().is_some_and(|block| block.contains_key(&name)) {
            return;
        }
        let Some(routine) = self.module.routines.get_mut(scope.routine.0 as usize) else { return };
        let index = size(routine.variables.len());
        let captured = matches!(routine.kind, RoutineKind::Module | RoutineKind::ClassBody);
        routine.variables.push(Variable { name: name.clone(), captured });
        scope.current.push(None);
        if let Some(block) = scope.blocks.last_mut() {
            block.insert(name, index);
        }
    }

    /// Says that `name`, although written here, is the variable of that name in an outer scope; with `module` in the
    /// module's own.
    pub fn declare_foreign(&mut self, name: &SmolStr, module: bool) {
        let inner = self.scopes.len().saturating_sub(1);
        let found = if module { self.module_variable(name) } else { self.outer_variable(name, inner) };
        if let (Some(reference), Some(scope)) = (found, self.scopes.last_mut()) {
            scope.foreign.insert(name.clone(), reference);
            let owner = self.scopes.iter_mut().find(|scope| scope.routine == reference.routine);
            if let Some(owner) = owner {
                owner.shared.push(reference.index);
            }
        }
    }

    /// Begins a block with variables of its own inside the routine.
    pub fn enter_block(&mut self, names: impl IntoIterator<Item = SmolStr>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.blocks.push(FxHashMap::default());
        }
        for name in names {
            self.declare(name);
        }
    }

    /// Ends the innermost block.
    pub fn leave_block(&mut self) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.blocks.pop();
        }
    }

    /// Adds a node to the innermost routine.
    pub fn node(&mut self, node: Node, span: Span) -> NodeId {
        let Some(scope) = self.scopes.last_mut() else { return NodeId(0) };
        let Some(routine) = self.module.routines.get_mut(scope.routine.0 as usize) else { return NodeId(0) };
        let id = NodeId(size(routine.nodes.len()));
        routine.nodes.push(node);
        routine.spans.push(span);
        scope.regions.push(scope.region);
        id
    }

    /// A text.
    pub fn text(&mut self, text: &str, span: Span) -> NodeId {
        self.node(Node::Text(text.into()), span)
    }

    /// Something that is not followed.
    pub fn unknown(&mut self, span: Span) -> NodeId {
        self.node(Node::Unknown, span)
    }

    /// Makes the member that a node reads one that is called.
    pub fn as_method(&mut self, node: NodeId) {
        let Some(scope) = self.scopes.last() else { return };
        let routine = self.module.routines.get_mut(scope.routine.0 as usize);
        let read = routine.and_then(|routine| routine.nodes.get_mut(node.0 as usize));
        if let Some(read) = read
            && let Node::Member(base, name) = read
        {
            *read = Node::Method(*base, name.clone());
        }
    }

    /// A call; `span` is the token that names what is called.
    pub fn call(&mut self, callee: NodeId, arguments: Vec<Argument>, span: Span) -> NodeId {
        self.node(Node::Call(Call { callee, arguments }), span)
    }

    /// An import of the module.
    pub fn import(&mut self, module: SmolStr, level: u32, member: Option<SmolStr>, span: Span) -> NodeId {
        let id = ImportId(size(self.module.imports.len()));
        self.module.imports.push(Import { module, level, member, span });
        self.node(Node::Import(id), span)
    }

    /// A module that the program names in a text and may load when it runs.
    pub fn may_import(&mut self, module: SmolStr, span: Span) {
        self.module.imports.push(Import { module, level: 0, member: None, span });
    }

    /// Something taken out of a module, to be made a value where it is used.
    pub fn import_of(&mut self, module: SmolStr, member: SmolStr, span: Span) -> ImportId {
        let id = ImportId(size(self.module.imports.len()));
        self.module.imports.push(Import { module, level: 0, member: Some(member), span });
        id
    }

    /// Opens a namespace for every file that is compiled with this one.
    pub fn import_everywhere(&mut self, module: SmolStr, span: Span) {
        self.module.everywhere.push(ImportId(size(self.module.imports.len())));
        self.import(module, 0, Some("*".into()), span);
    }

    /// A routine as a value.
    pub fn closure(&mut self, closure: Closure, span: Span) -> NodeId {
        self.node(Node::Routine(closure), span)
    }

    /// The value of a name, wherever it is declared.
    pub fn read(&mut self, name: &str, span: Span) -> NodeId {
        let inner = self.scopes.len().saturating_sub(1);
        if let Some(scope) = self.scopes.last() {
            if let Some(reference) = scope.foreign.get(name).copied() {
                return self.node(Node::Read(reference), span);
            }
            if let Some(index) = find(scope, name) {
                if let Some(value) = scope.current.get(index as usize).copied().flatten()
                    && !scope.shared.contains(&index)
                {
                    return value;
                }
                let reference = VariableRef { routine: scope.routine, index };
                return self.node(Node::Read(reference), span);
            }
        }
        match self.outer_variable(name, inner) {
            Some(reference) => self.node(Node::Read(reference), span),
            None => self.node(Node::Free(name.into()), span),
        }
    }

    /// Writes a name.
    pub fn assign(&mut self, name: &str, value: NodeId, span: Span) {
        let Some(scope) = self.scopes.last_mut() else { return };
        if let Some(reference) = scope.foreign.get(name).copied() {
            self.node(Node::Write(reference, value), span);
            return;
        }
        let Some(index) = find(scope, name) else { return };
        let reference = VariableRef { routine: scope.routine, index };
        set(scope, index, Some(value));
        self.node(Node::Write(reference, value), span);
    }

    /// A store to a member.
    pub fn store(&mut self, base: NodeId, field: SmolStr, value: NodeId, span: Span) {
        let definite = self.is_definite(base);
        self.node(Node::Store { base, field, value, definite }, span);
    }

    /// A store to an element.
    pub fn store_index(&mut self, base: NodeId, index: NodeId, value: NodeId, span: Span) {
        let definite = self.is_definite(base);
        self.node(Node::StoreIndex { base, index, value, definite }, span);
    }

    /// The value of one of several paths; a single one stays itself.
    pub fn one_of(&mut self, mut values: Vec<NodeId>, span: Span) -> NodeId {
        values.dedup();
        match values.as_slice() {
            [value] => *value,
            _ => self.node(Node::OneOf(values), span),
        }
    }

    /// Begins a branch; the mark goes to [`Self::end_arm`].
    pub fn begin_arm(&mut self) -> usize {
        self.new_region();
        self.scopes.last().map_or(0, |scope| scope.log.len())
    }

    /// Ends a branch: its writes are taken back and returned.
    pub fn end_arm(&mut self, mark: usize) -> Arm {
        let mut arm = Arm::default();
        let Some(scope) = self.scopes.last_mut() else { return arm };
        while scope.log.len() > mark {
            let Some((index, before)) = scope.log.pop() else { break };
            if !arm.writes.iter().any(|(written, _)| *written == index)
                && let Some(value) = scope.current.get(index as usize).copied().flatten()
            {
                arm.writes.push((index, value));
            }
            if let Some(slot) = scope.current.get_mut(index as usize) {
                *slot = before;
            }
        }
        self.new_region();
        arm
    }

    /// Joins branches. `through`: there is also a path that takes none of them.
    pub fn join(&mut self, arms: &[Arm], through: bool, span: Span) {
        let mut variables: Vec<u32> =
            arms.iter().flat_map(|arm| &arm.writes).map(|(index, _)| *index).collect();
        variables.sort_unstable();
        variables.dedup();
        for index in variables {
            let before =
                self.scopes.last().and_then(|scope| scope.current.get(index as usize).copied().flatten());
            let mut values: Vec<NodeId> = if through { before.into_iter().collect() } else { vec![] };
            for arm in arms {
                let written =
                    arm.writes.iter().find(|(variable, _)| *variable == index).map(|(_, value)| *value);
                if let Some(value) = written.or(before)
                    && !values.contains(&value)
                {
                    values.push(value);
                }
            }
            if values.is_empty() {
                continue;
            }
            let value = self.one_of(values, span);
            if let Some(scope) = self.scopes.last_mut() {
                set(scope, index, Some(value));
            }
        }
    }

    /// Begins a loop that may write `names`.
    pub fn begin_loop(&mut self, names: &[SmolStr], span: Span) -> LoopHead {
        let mut joins = vec![];
        for name in names {
            let Some(index) = self.scopes.last().and_then(|scope| find(scope, name)) else { continue };
            let before =
                self.scopes.last().and_then(|scope| scope.current.get(index as usize).copied().flatten());
            let join = self.node(Node::OneOf(before.into_iter().collect()), span);
            if let Some(scope) = self.scopes.last_mut() {
                set(scope, index, Some(join));
            }
            joins.push((index, join));
        }
        self.new_region();
        LoopHead { joins }
    }

    /// Ends a loop: what the body wrote flows back to its head, and on behind the loop.
    pub fn end_loop(&mut self, head: LoopHead) {
        let Some(scope) = self.scopes.last_mut() else { return };
        for (index, join) in head.joins {
            let end = scope.current.get(index as usize).copied().flatten();
            let routine = self.module.routines.get_mut(scope.routine.0 as usize);
            if let (Some(end), Some(Node::OneOf(values))) =
                (end, routine.and_then(|routine| routine.nodes.get_mut(join.0 as usize)))
                && end != join
                && !values.contains(&end)
            {
                values.push(end);
            }
            set(scope, index, Some(join));
        }
        self.new_region();
    }

    fn new_region(&mut self) {
        self.next_region += 1;
        if let Some(scope) = self.scopes.last_mut() {
            scope.region = self.next_region;
        }
    }

    /// Whether the base was made in the current straight-line region, so that no path goes round a store to it.
    fn is_definite(&self, base: NodeId) -> bool {
        let Some(scope) = self.scopes.last() else { return false };
        let routine = self.module.routines.get(scope.routine.0 as usize);
        let made = routine.and_then(|routine| routine.node(base));
        // What a module sets when it is loaded is set before anything else runs.
        let is_setting = || {
            self.scopes.len() == 1 && scope.region == FIRST_REGION && matches!(made, Some(Node::Member(..)))
        };
        matches!(made, Some(Node::Record(_) | Node::List(_) | Node::Call(_) | Node::New(_)))
            && scope.regions.get(base.0 as usize) == Some(&scope.region)
            || is_setting()
    }

    fn module_variable(&mut self, name: &SmolStr) -> Option<VariableRef> {
        let scope = self.scopes.first()?;
        let index = match find(scope, name) {
            Some(index) => index,
            None => {
                let routine = self.module.routines.first_mut()?;
                let index = size(routine.variables.len());
                routine.variables.push(Variable { name: name.clone(), captured: true });
                let scope = self.scopes.first_mut()?;
                scope.current.push(None);
                scope.blocks.first_mut()?.insert(name.clone(), index);
                index
            }
        };
        Some(VariableRef { routine: RoutineId::BODY, index })
    }

    /// The variable that a free name of the scope at `inner` means. Class bodies are not seen from inside.
    fn outer_variable(&mut self, name: &str, inner: usize) -> Option<VariableRef> {
        for scope in self.scopes.get(..inner)?.iter().rev() {
            if scope.class.is_some() {
                continue;
            }
            if let Some(reference) = scope.foreign.get(name) {
                return Some(*reference);
            }
            if let Some(index) = find(scope, name) {
                let reference = VariableRef { routine: scope.routine, index };
                let routine = self.module.routines.get_mut(scope.routine.0 as usize)?;
                routine.variables.get_mut(index as usize)?.captured = true;
                return Some(reference);
            }
        }
        None
    }
}

fn find(scope: &Scope, name: &str) -> Option<u32> {
    scope.blocks.iter().rev().find_map(|block| block.get(name).copied())
}

fn set(scope: &mut Scope, index: u32, value: Option<NodeId>) {
    let Some(slot) = scope.current.get_mut(index as usize) else { return };
    let before = std::mem::replace(slot, value);
    scope.log.push((index, before));
}

/// Counts as the graph holds them; no file has four thousand million of anything.
fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
