//! The names that a file declares, imports and writes.

use gosyn::ast::{Declaration, Expression, File, Import, Statement};
use rustc_hash::FxHashSet;

use crate::text::SmolStr;

use super::literal::unquote;
use super::visit::{self, Visit};

/// The names at the top of a file, those of its imports among them.
pub(super) fn of_file(file: &File) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = imports(file).into_iter().map(|(name, _)| name).collect();
    for declaration in &file.decl {
        match declaration {
            Declaration::Function(routine) if routine.recv.is_none() && routine.name.name != "init" => {
                names.push(routine.name.name.as_str().into());
            }
            Declaration::Function(_) => {}
            Declaration::Type(types) => {
                names.extend(types.specs.iter().map(|spec| SmolStr::from(spec.name.name.as_str())));
            }
            Declaration::Const(constants) => {
                let specs = constants.specs.iter().flat_map(|spec| &spec.name);
                names.extend(specs.map(|name| SmolStr::from(name.name.as_str())));
            }
            Declaration::Variable(variables) => {
                let specs = variables.specs.iter().flat_map(|spec| &spec.name);
                names.extend(specs.map(|name| SmolStr::from(name.name.as_str())));
            }
        }
    }
    names.retain(|name| name != "_" && name != ".");
    names
}

/// The imports with the names under which the file knows them.
pub(super) fn imports(file: &File) -> Vec<(SmolStr, &Import)> {
    let mut used = Used::default();
    for declaration in &file.decl {
        used.declaration(declaration);
    }
    let named = |import| (name_of(import, &used.names), import);
    file.imports.iter().map(named).collect()
}

/// The name of an imported package. Without one of its own the package says it: usually the last part of its path,
/// sometimes without a prefix or suffix. The file shows which, by using it.
fn name_of(import: &Import, used: &FxHashSet<SmolStr>) -> SmolStr {
    if let Some(name) = &import.name {
        return name.name.as_str().into();
    }
    let path = unquote(&import.path.value);
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or_default();
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if is_version(last) {
        last = parts.next().unwrap_or(last);
    }
    let stem = match last.rsplit_once('.') {
        Some((stem, version)) if is_version(version) => stem,
        _ => last,
    };
    let bare =
        stem.strip_prefix("go-").or_else(|| stem.strip_suffix("-go")).or_else(|| stem.strip_suffix(".go"));
    let bare = bare.unwrap_or(stem);
    let tail = stem.rsplit(['-', '.']).next().unwrap_or(stem);
    let head = stem.split(['-', '.']).next().unwrap_or(stem);
    let joined = bare.replace(['-', '.'], "");
    let lined = bare.replace(['-', '.'], "_");
    let choices = [stem, bare, tail, joined.as_str(), lined.as_str(), head];
    let found = choices.into_iter().find(|choice| used.contains(*choice));
    found.unwrap_or(stem).into()
}

/// The names that members are taken from.
#[derive(Default)]
struct Used {
    names: FxHashSet<SmolStr>,
}

impl Used {
    fn declaration(&mut self, declaration: &Declaration) {
        match declaration {
            Declaration::Function(routine) => {
                let fields = routine.recv.iter().chain([&routine.typ.params, &routine.typ.result]);
                for field in fields.flat_map(|list| &list.list) {
                    visit::expression(self, &field.typ);
                }
                routine.body.iter().for_each(|body| visit::statements(self, &body.list));
            }
            Declaration::Type(types) => {
                types.specs.iter().for_each(|spec| self.kind(&spec.typ));
            }
            Declaration::Const(constants) => {
                let values = constants.specs.iter().flat_map(|spec| spec.values.iter().chain(&spec.typ));
                values.for_each(|value| visit::expression(self, value));
            }
            Declaration::Variable(variables) => {
                let values = variables.specs.iter().flat_map(|spec| spec.values.iter().chain(&spec.typ));
                values.for_each(|value| visit::expression(self, value));
            }
        }
    }

    fn kind(&mut self, kind: &Expression) {
        match kind {
            Expression::TypeStruct(record) => {
                record.fields.iter().for_each(|field| self.kind(&field.typ));
            }
            Expression::TypeInterface(interface) => {
                interface.methods.list.iter().for_each(|method| self.kind(&method.typ));
            }
            Expression::TypeFunction(routine) => {
                let fields = routine.params.list.iter().chain(&routine.result.list);
                fields.for_each(|field| self.kind(&field.typ));
            }
            other => visit::expression(self, other),
        }
    }
}

impl Visit for Used {
    fn member(&mut self, of: Option<&str>, _name: &str) {
        if let Some(of) = of {
            self.names.insert(of.into());
        }
    }
}

/// The names that statements write, for the loop around them.
pub(super) fn written(list: &[&[Statement]]) -> Vec<SmolStr> {
    #[derive(Default)]
    struct Written(Vec<SmolStr>);
    impl Visit for Written {
        fn written(&mut self, name: &str) {
            if name != "_" && !self.0.iter().any(|known| known == name) {
                self.0.push(name.into());
            }
        }
    }
    let mut written = Written::default();
    for part in list {
        visit::statements(&mut written, part);
    }
    written.0
}
