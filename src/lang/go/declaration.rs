//! What stands at the top of a file, in the order in which a program sees it: types, constants, routines, variables, `init`.

use gosyn::ast::{
    ConstSpec, Declaration, Expression, Field, File, FuncDecl, Ident, StructType, TypeSpec, VarSpec,
};

use crate::ir::{ClassKind, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::literal::unquote;
use super::{Lowering, names, order};

impl Lowering {
    pub(super) fn imports(&mut self, file: &File) {
        for (name, import) in names::imports(file) {
            let path = unquote(&import.path.value);
            let at = self.token(import.path.pos, &import.path.value);
            match name.as_str() {
                "." => {
                    self.builder.import(path.as_str().into(), 0, Some("*".into()), at);
                }
                "_" => {
                    self.builder.import(path.as_str().into(), 0, None, at);
                }
                _ => {
                    let value = self.builder.import(path.as_str().into(), 0, None, at);
                    self.builder.assign(&name, value, at);
                }
            }
        }
    }

    pub(super) fn declarations(&mut self, file: &File) {
        for declaration in &file.decl {
            if let Declaration::Type(types) = declaration {
                types.specs.iter().for_each(|spec| self.type_spec(spec));
            }
        }
        for declaration in &file.decl {
            if let Declaration::Const(constants) = declaration {
                self.constants(&constants.specs);
            }
        }
        let mut starts = vec![];
        for declaration in &file.decl {
            if let Declaration::Function(routine) = declaration {
                starts.extend(self.top_routine(routine));
            }
        }
        for spec in order::variables(file) {
            self.variables(spec);
        }
        for (start, at) in starts {
            self.builder.call(start, vec![], at);
        }
    }

    /// A routine or method at the top; gives what runs when the package loads.
    fn top_routine(&mut self, routine: &FuncDecl) -> Option<(NodeId, Span)> {
        let at = self.token(routine.name.pos, &routine.name.name);
        let name = routine.name.name.as_str();
        let value = self.declared_routine(routine);
        let receiver = routine.recv.as_ref().and_then(|receiver| receiver.list.first());
        match receiver.map(|receiver| base_name(&receiver.typ)) {
            Some(Some((kind, place))) => {
                let span = self.token(place, kind);
                let class = self.builder.read(kind, span);
                self.builder.store(class, name.into(), value, at);
            }
            Some(None) => {}
            None if name == "init" => return Some((value, at)),
            None if name == "_" => {}
            None => self.builder.assign(name, value, at),
        }
        None
    }

    /// A type declaration, whose name the scope has.
    pub(super) fn type_spec(&mut self, spec: &TypeSpec) {
        let name = SmolStr::from(spec.name.name.as_str());
        let at = self.token(spec.name.pos, &name);
        let generic = self.type_parameters(&spec.params);
        let value = match &spec.typ {
            Expression::TypeStruct(record) => self.record_type(&name, record, at),
            Expression::TypeInterface(interface) => self.interface_type(&name, interface, at),
            other if spec.alias => self.kind(other).unwrap_or_else(|| self.builder.unknown(at)),
            _ => {
                let class = self.builder.enter_class(name.clone(), SmolStr::default(), [], at);
                self.builder.leave();
                self.builder.set_class_kind(class, ClassKind::Name);
                self.builder.node(Node::Class(class, vec![]), at)
            }
        };
        self.forget(&generic);
        self.builder.assign(&name, value, at);
    }

    /// A class with the declared types of its fields.
    pub(super) fn record_type(&mut self, name: &SmolStr, record: &StructType, at: Span) -> NodeId {
        let marks: Vec<(SmolStr, String)> = record.fields.iter().flat_map(marks).collect();
        let names = marks.iter().map(|(name, _)| name.clone());
        let class = self.builder.enter_class(name.clone(), SmolStr::default(), names, at);
        for field in &record.fields {
            self.field(field, class);
        }
        for (name, text) in &marks {
            let value = self.builder.node(Node::Text(text.as_str().into()), at);
            self.builder.assign(name, value, at);
        }
        self.builder.leave();
        self.builder.node(Node::Class(class, vec![]), at)
    }

    fn field(&mut self, field: &Field, class: crate::ir::ClassId) {
        if field.name.is_empty() {
            let Some((name, place)) = base_name(&field.typ) else { return };
            let at = self.token(place, name);
            let kind = self.kind(&field.typ).unwrap_or_else(|| self.builder.unknown(at));
            self.builder.node(field_node(name, &field.typ, kind), at);
            self.builder.delegate(class, name.into());
            return;
        }
        for name in &field.name {
            let at = self.token(name.pos, &name.name);
            let kind = self.kind(&field.typ).unwrap_or_else(|| self.builder.node(Node::Nil, at));
            self.builder.node(field_node(&name.name, &field.typ, kind), at);
        }
    }

    /// Constants; one without a value of its own counts on from the one before.
    pub(super) fn constants(&mut self, specs: &[ConstSpec]) {
        for spec in specs {
            for (place, name) in spec.name.iter().enumerate() {
                let at = self.token(name.pos, &name.name);
                let value = match spec.values.get(place) {
                    Some(value) => self.nested(value),
                    None => self.builder.node(Node::Number(SmolStr::default()), at),
                };
                self.define(&name.name, value, at);
            }
        }
    }

    /// Variables, whose names the scope gets if it does not have them.
    pub(super) fn variables(&mut self, spec: &VarSpec) {
        if let ([value], true) = (spec.values.as_slice(), spec.name.len() > 1) {
            let results = self.results_of(value, spec.name.len());
            for (name, value) in spec.name.iter().zip(results) {
                let at = self.token(name.pos, &name.name);
                self.define(&name.name, value, at);
            }
            return;
        }
        for (place, name) in spec.name.iter().enumerate() {
            let at = self.token(name.pos, &name.name);
            if let (Some(kind), None, Some(declared)) =
                (&spec.typ, spec.values.get(place), self.declared.last_mut())
            {
                declared.insert(name.name.as_str().into(), kind.clone());
            }
            let value = match spec.values.get(place) {
                Some(value) => Some(self.nested(value)),
                None => spec.typ.as_ref().and_then(|kind| self.zero(kind, at)),
            };
            match (value, &spec.typ) {
                (Some(value), Some(kind)) if spec.values.get(place).is_some() => {
                    let declared = self.kind(kind);
                    let value =
                        declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at));
                    self.define(&name.name, value, at);
                }
                (Some(value), _) => self.define(&name.name, value, at),
                (None, _) if name.name != "_" => self.builder.declare(name.name.as_str().into()),
                _ => {}
            }
        }
    }

    /// Declares a name in the innermost block and gives it a value.
    pub(super) fn define(&mut self, name: &str, value: NodeId, at: Span) {
        if name != "_" {
            self.builder.declare(name.into());
            self.builder.assign(name, value, at);
        }
    }
}

/// What the tag of a field says (`env:"TABLE,required"`), each by the name under which it stands in the body of the type,
/// up to the first comma.
fn marks(field: &Field) -> Vec<(SmolStr, String)> {
    let Some(tag) = &field.tag else { return vec![] };
    let mut found = vec![];
    let mut rest = tag.value.trim_matches('`').trim_start();
    while let Some((key, behind)) = rest.split_once(":\"") {
        let (value, after) = behind.split_once('"').unwrap_or((behind, ""));
        let first = value.split(',').next().unwrap_or_default();
        if !first.is_empty() {
            let of = |name: &Ident| (format!("[{key}]{}", name.name).into(), first.to_owned());
            found.extend(field.name.iter().map(of));
        }
        rest = after.trim_start();
    }
    found
}

/// The declaration of a field: one without a pointer has its object from the beginning.
fn field_node(name: &str, declared: &Expression, kind: NodeId) -> Node {
    match declared {
        Expression::TypePointer(_) | Expression::Star(_) => Node::Field(name.into(), kind),
        _ => Node::Part(name.into(), kind),
    }
}

/// The name of a type behind pointers, packages and type arguments, and where it stands.
pub(super) fn base_name(kind: &Expression) -> Option<(&str, usize)> {
    match kind {
        Expression::Ident(name) => Some((&name.name, name.pos)),
        Expression::Selector(selector) => Some((&selector.sel.name, selector.sel.pos)),
        Expression::TypePointer(pointer) => base_name(&pointer.typ),
        Expression::Star(star) => base_name(&star.right),
        Expression::Paren(inner) => base_name(&inner.expr),
        Expression::Index(index) => base_name(&index.left),
        Expression::IndexList(index) => base_name(&index.left),
        _ => None,
    }
}
