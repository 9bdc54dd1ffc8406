//! The names of a folder, and of the modules of the project that it calls.

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, BlockLabel, Body};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::paths::join;
use super::instances::{Instance, Instances};
use crate::text::tree::Node;

/// How deep modules may call each other, and how many calls are followed.
const NESTED: usize = 8;
const CALLS: usize = 256;

/// A part of a program with the place where its file begins among the files of the deployment.
pub(super) struct Placed<'a, T> {
    pub(super) part: &'a T,
    pub(super) base: usize,
}

impl<T> Clone for Placed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Placed<'_, T> {}

/// What names stand for in one folder, as it is called once.
#[derive(Default)]
pub(super) struct Scope<'a> {
    /// What the ids of its resources begin with: empty for the root, `module.name.` for a module, `module.name["key"].`
    /// for one of its instances.
    pub(super) prefix: String,
    /// The same without what chooses instances.
    pub(super) address: String,
    /// What `each` or `count` stands for in the call of this instance.
    pub(super) bound: Option<(&'static str, Node)>,
    /// The folder, seen from the root.
    pub(super) folder: String,
    /// The root, seen from the project.
    pub(super) root: String,
    pub(super) locals: FxHashMap<&'a str, Placed<'a, Expression>>,
    pub(super) variables: FxHashMap<&'a str, Placed<'a, Block>>,
    pub(super) outputs: FxHashMap<&'a str, Placed<'a, Block>>,
    /// Data sources by type and name, and archives that are resources.
    pub(super) data: IndexMap<(&'a str, &'a str), Placed<'a, Block>>,
    /// The resources and calls of modules, in the order of the files.
    pub(super) blocks: Vec<Placed<'a, Block>>,
    /// The sources of modules that are no part of the project, by name.
    pub(super) sources: FxHashMap<&'a str, String>,
    /// The scopes of modules of the project, by name with what chooses the instance.
    pub(super) modules: IndexMap<String, usize>,
    /// The scope that calls this one, and how.
    pub(super) caller: Option<(usize, Placed<'a, Block>)>,
    /// The files with values for variables, the most important last.
    pub(super) stated: Vec<&'a Body>,
}

impl<'a> Scope<'a> {
    /// The value that stands beside the program for a variable.
    pub(super) fn given(&self, name: &str) -> Option<&'a Expression> {
        self.stated.iter().rev().find_map(|body| Some(&body.get_attribute(name)?.value))
    }

    fn take(&mut self, body: &'a Body, base: usize) {
        for block in body.blocks() {
            let placed = Placed { part: block, base };
            match (block.ident.value().as_str(), labels(block).as_slice()) {
                ("locals", _) => {
                    for local in block.body.attributes() {
                        self.locals.insert(local.key.value().as_str(), Placed { part: &local.value, base });
                    }
                }
                ("variable", [name]) => drop(self.variables.insert(name, placed)),
                ("output", [name]) => drop(self.outputs.insert(name, placed)),
                ("data", [kind, name]) => drop(self.data.insert((kind, name), placed)),
                ("resource", [kind, name]) => {
                    if *kind == "archive_file" {
                        self.data.insert((kind, name), placed);
                    }
                    self.blocks.push(placed);
                }
                ("module", [_]) => self.blocks.push(placed),
                _ => {}
            }
        }
    }
}

/// The bodies of a folder, each with the place where its file begins.
pub(super) type Bodies<'a> = Vec<(usize, &'a Body)>;

/// The scopes of a root and of the modules that it calls. `bodies` gives those of a folder of the project, `repeated` the
/// calls that stand for several.
pub(super) fn scopes<'a>(
    root: &str,
    stated: Vec<&'a Body>,
    bodies: &dyn Fn(&str) -> Bodies<'a>,
    repeated: &Instances,
) -> Vec<Scope<'a>> {
    let first = Scope { folder: ".".to_owned(), root: root.to_owned(), stated, ..Scope::default() };
    let mut scopes = vec![first];
    let mut depths = vec![0_usize];
    let mut next = 0;
    while next < scopes.len() {
        let Some(scope) = scopes.get_mut(next) else { break };
        let Some(path) = join(root, &scope.folder) else { break };
        for (base, body) in bodies(&path) {
            scope.take(body, base);
        }
        let depth = depths.get(next).copied().unwrap_or_default();
        let (prefix, folder, calls) = (scope.prefix.clone(), scope.folder.clone(), scope.blocks.clone());
        let above = scope.address.clone();
        for call in calls.into_iter().filter(|call| call.part.ident.value().as_str() == "module") {
            let Some(name) = labels(call.part).first().copied() else { continue };
            let source = call.part.body.get_attribute("source").and_then(|source| source.value.as_str());
            let source = source.unwrap_or_default();
            let is_here = source.starts_with("./") || source.starts_with("../");
            let inner = join(&folder_of(root, &folder), source).filter(|_| is_here);
            let inner = inner.filter(|path| !bodies(path).is_empty());
            let index = scopes.len();
            let Some(scope) = scopes.get_mut(next) else { break };
            if inner.is_none() || depth >= NESTED || index >= CALLS {
                scope.sources.insert(name, source.to_owned());
                continue;
            }
            let address = [above.as_str(), "module.", name].concat();
            let only = [Instance { suffix: String::new(), bound: None }];
            for instance in repeated.get(&address).map_or(only.as_slice(), Vec::as_slice) {
                let index = scopes.len();
                let Some(scope) = scopes.get_mut(next).filter(|_| index < CALLS) else { break };
                scope.modules.insert([name, &instance.suffix].concat(), index);
                scopes.push(Scope {
                    prefix: [prefix.as_str(), "module.", name, &instance.suffix, "."].concat(),
                    address: [address.as_str(), "."].concat(),
                    bound: instance.bound.clone(),
                    folder: beside(&folder, source),
                    root: root.to_owned(),
                    caller: Some((next, call)),
                    ..Scope::default()
                });
                depths.push(depth + 1);
            }
        }
        next += 1;
    }
    scopes
}

fn folder_of(root: &str, folder: &str) -> String {
    join(root, folder).unwrap_or_default()
}

/// A folder seen from another one, both seen from the root; it may lie above the root.
fn beside(folder: &str, source: &str) -> String {
    let mut parts: Vec<&str> = vec![];
    for part in folder.split('/').chain(source.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// The labels of a block.
pub(super) fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(BlockLabel::as_str).collect()
}
