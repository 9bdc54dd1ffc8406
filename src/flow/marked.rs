//! Which classes and members of a program a framework enters: those that are marked, or that derive, as it says.

use rustc_hash::FxHashMap;

use crate::catalog::EntryRule;
use crate::ir::{Class, ClassId, Module};
use crate::text::{SmolStr, TemplateString};

/// How many classes above one another are searched.
const MAX_BASES: u32 = 16;

/// A class that a framework makes, or a member of it that it enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The number of the module among those that were searched.
    pub module: usize,
    /// The class as a dotted path from the top of the file.
    pub class: SmolStr,
    /// The member; `None` where the class is only made.
    pub member: Option<SmolStr>,
    /// The members of what the member gives that are entered in its place; empty where it is entered itself.
    pub given: Vec<SmolStr>,
    /// Whether the member was found by what it is marked with.
    pub by_mark: bool,
    /// The names under which a setting may ask for it.
    pub names: Vec<SmolStr>,
}

impl Marked {
    /// As a dotted path from the exports of its module.
    pub fn symbol(&self) -> SmolStr {
        match &self.member {
            Some(member) => format!("{}.{member}", self.class).into(),
            None => self.class.clone(),
        }
    }
}

/// What the rules mean in these modules, in the order of the modules.
pub fn marked(modules: &[&Module], rules: &[EntryRule]) -> Vec<Marked> {
    let search = Search::new(modules);
    let mut found: Vec<Marked> = vec![];
    for (place, module) in modules.iter().enumerate() {
        for (class, id) in module.classes.iter().zip(0..) {
            if class.is_abstract || class.name.starts_with('<') {
                continue;
            }
            let path = module.class_path(ClassId(id));
            for rule in rules {
                for marked in search.of_class((place, module), class, &path, rule) {
                    if !found.iter().any(|known| known.symbol() == marked.symbol() && known.module == place) {
                        found.push(marked);
                    }
                }
            }
        }
    }
    found
}

/// Those that a setting asks for; all where it says nothing that is known.
pub fn asked_for(found: Vec<Marked>, setting: Option<&TemplateString>) -> Vec<Marked> {
    let Some(setting) = setting.and_then(TemplateString::as_literal) else { return found };
    let asked: Vec<&str> = setting.split(['|', ',', ';', ' ']).filter(|name| !name.is_empty()).collect();
    let is_asked = |marked: &&Marked| marked.names.iter().any(|name| asked.contains(&name.as_str()));
    let named: Vec<Marked> = found.iter().filter(is_asked).cloned().collect();
    if named.is_empty() { found } else { named }
}

struct Search<'m> {
    modules: &'m [&'m Module],
    /// The bases of classes, by name.
    bases: FxHashMap<SmolStr, Vec<SmolStr>>,
}

impl<'m> Search<'m> {
    fn new(modules: &'m [&'m Module]) -> Self {
        let mut bases: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
        for (class, above) in modules.iter().flat_map(|module| super::nominal::derivations(module)) {
            bases.entry(class).or_default().extend(above);
        }
        Self { modules, bases }
    }

    fn derives(&self, class: &str, wanted: &[SmolStr], depth: u32) -> bool {
        let above = self.bases.get(class).map(Vec::as_slice).unwrap_or_default();
        depth < MAX_BASES
            && above.iter().any(|base| wanted.contains(base) || self.derives(base, wanted, depth + 1))
    }

    fn of_class(
        &self,
        (place, module): (usize, &Module),
        class: &Class,
        path: &SmolStr,
        rule: &EntryRule,
    ) -> Vec<Marked> {
        let own = module.marks.iter().filter(|mark| mark.class == *path && mark.member.is_none());
        let is_marked = rule.classes.is_empty() || own.clone().any(|mark| rule.classes.contains(&mark.name));
        let derives = rule.bases.is_empty() || self.derives(&class.name, &rule.bases, 0);
        if !is_marked || !derives {
            return vec![];
        }
        let mut names: Vec<SmolStr> = own.filter_map(|mark| mark.text.clone()).collect();
        names.extend([class.name.clone(), decapitalised(&class.name)]);
        let marked = |member: Option<SmolStr>, by_mark: bool, names: Vec<SmolStr>| Marked {
            module: place,
            class: path.clone(),
            given: if rule.gives { rule.members.clone() } else { vec![] },
            member,
            by_mark,
            names,
        };
        if !rule.marks.is_empty() {
            let found = self.members_marked(module, &class.name, path, rule, 0).into_iter();
            return found.map(|(member, names)| marked(Some(member), true, names)).collect();
        }
        if rule.members.is_empty() {
            return vec![marked(None, false, names)];
        }
        let has = |member: &&SmolStr| self.declares(module, class, member, 0);
        let member = rule.members.iter().find(has).or(rule.members.first());
        vec![marked(member.cloned(), false, names)]
    }

    /// The members of a class, and of those above it, that are marked, each with the names that it may have.
    fn members_marked(
        &self,
        module: &Module,
        name: &str,
        path: &str,
        rule: &EntryRule,
        depth: u32,
    ) -> Vec<(SmolStr, Vec<SmolStr>)> {
        let mut found: Vec<(SmolStr, Vec<SmolStr>)> = vec![];
        for mark in module.marks.iter().filter(|mark| mark.class == path) {
            let gives = rule.results.is_empty()
                || mark.result.as_ref().is_some_and(|result| rule.results.contains(result));
            if let Some(member) = mark.member.clone().filter(|_| gives && rule.marks.contains(&mark.name)) {
                let names = mark.text.iter().cloned().chain([member.clone()]).collect();
                found.push((member, names));
            }
        }
        if depth < MAX_BASES {
            for (module, class) in self.above(name) {
                found.extend(self.members_marked(module, &class.name, &class.name, rule, depth + 1));
            }
        }
        found
    }

    fn declares(&self, module: &Module, class: &Class, member: &str, depth: u32) -> bool {
        let body = module.routine(class.body);
        let own = body.is_some_and(|body| body.variables.iter().any(|variable| variable.name == member));
        own || depth < MAX_BASES
            && self
                .above(&class.name)
                .iter()
                .any(|(module, base)| self.declares(module, base, member, depth + 1))
    }

    /// The classes of the program that a class derives from.
    fn above(&self, name: &str) -> Vec<(&'m Module, &'m Class)> {
        let names = self.bases.get(name).map(Vec::as_slice).unwrap_or_default();
        let of_name = |class: &&Class| names.contains(&class.name) && class.name != name;
        let classes = self
            .modules
            .iter()
            .flat_map(|module| module.classes.iter().filter(of_name).map(move |class| (*module, class)));
        classes.collect()
    }
}

/// A name with a small letter at its beginning.
fn decapitalised(name: &str) -> SmolStr {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    (first + letters.as_str()).into()
}
