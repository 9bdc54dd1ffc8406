//! The descriptions by path, each file read when the first path that it may hold is asked for.

use std::sync::{Arc, OnceLock};

use crate::catalog::{
    Behaviour, Entries, EntryRule, Form, LIBRARY_FILES, Library, LibraryClass as Class, PathPattern, Value,
};
use crate::text::SmolStr;

/// How many classes above one another are searched for a member.
const MAX_BASES: u32 = 12;

/// The packages of a language that the catalog describes, by the names under which they are imported.
pub fn described_packages(language: &str) -> Vec<&'static str> {
    let files = LIBRARY_FILES.iter().filter(|file| file.language == language);
    let roots = files.flat_map(|file| file.roots).filter(|root| !root.ends_with('*'));
    let mut names: Vec<&str> = roots.map(|root| package_of(root)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Those of the described packages that make clients: what does not mention them can send nothing by itself.
pub fn client_packages(language: &str) -> Vec<&'static str> {
    let makes_clients = |name: &&str| {
        let mut files = LIBRARY_FILES.iter().filter(|file| file.language == language && file.covers(name));
        files.any(|file| file.text.contains("{ client = "))
    };
    described_packages(language).into_iter().filter(makes_clients).collect()
}

/// Whether the catalog describes a module of a language, by the name under which it is imported.
pub fn is_described(language: &str, module: &str) -> bool {
    let first = package_of(module);
    described_packages(language).contains(&first)
        || LIBRARY_FILES.iter().any(|file| {
            let families = file.roots.iter().filter_map(|root| root.strip_suffix('*'));
            file.language == language && families.into_iter().any(|family| module.starts_with(family))
        })
}

/// Whether a library that the catalog describes under a module of a language sends requests: frameworks that only find what
/// they enter do not.
pub fn may_send(language: &str, module: &str) -> bool {
    LIBRARY_FILES.iter().filter(|file| file.language == language && file.may_hold(module)).any(|file| {
        file.text.contains("client = ")
            || file.text.contains("operation = ")
            || file.text.contains("\"operation\":")
    })
}

/// The package at the beginning of a dotted path. Names of folders and hosts in front of the last `/` have dots too.
fn package_of(path: &str) -> &str {
    let start = path.rfind('/').map_or(0, |slash| slash + 1);
    let end = path.get(start..).and_then(|name| name.find('.')).map_or(path.len(), |dot| start + dot);
    path.get(..end).unwrap_or(path)
}

/// The descriptions, those of the program and those of the user.
#[derive(Debug)]
pub(super) struct Libraries {
    embedded: Vec<OnceLock<Option<Arc<Library>>>>,
    overlays: Vec<Arc<Library>>,
}

impl Libraries {
    /// The program's descriptions, and in front of them those of overlays.
    pub(super) fn new(overlays: Vec<Arc<Library>>) -> Self {
        let embedded = LIBRARY_FILES.iter().map(|_| OnceLock::new()).collect();
        Self { embedded, overlays }
    }

    /// The descriptions that may hold a path; the user's come first.
    fn holding<'a, 'p>(&'a self, path: &'p str) -> impl Iterator<Item = &'a Library> + use<'a, 'p> {
        let overlays = self.overlays.iter().map(AsRef::as_ref);
        let files = LIBRARY_FILES.iter().zip(&self.embedded).filter(move |(file, _)| file.covers(path));
        overlays.chain(files.filter_map(|(file, slot)| {
            slot.get_or_init(|| Library::parse(file.text).ok().map(Arc::new)).as_deref()
        }))
    }

    /// Whether a path, or something below it, is described for a language; for any where that is empty.
    pub(super) fn knows(&self, language: &str, path: &str) -> bool {
        let below = |key: &SmolStr| {
            key.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.holding(path).filter(|library| library.is_for(language)).any(|library| {
            library.symbols.keys().any(below)
                || library.classes.keys().any(below)
                || library.patterns.iter().any(|pattern| pattern.begins(path))
        })
    }

    /// The function or value at a path.
    pub(super) fn symbol(&self, path: &str) -> Option<&Behaviour> {
        self.holding(path).find_map(|library| library.symbols.get(path))
    }

    /// What the platform enters in programs of a language that no deployment names.
    pub(super) fn handlers(&self, language: &str) -> Vec<EntryRule> {
        let overlays = self.overlays.iter().map(AsRef::as_ref).filter(|library| library.is_for(language));
        let files = LIBRARY_FILES.iter().zip(&self.embedded).filter(|(file, _)| file.language == language);
        let said = files.filter(|(file, _)| file.text.contains("[[handlers]]"));
        let embedded = said.filter_map(|(file, slot)| {
            slot.get_or_init(|| Library::parse(file.text).ok().map(Arc::new)).as_deref()
        });
        overlays.chain(embedded).flat_map(|library| library.handlers.iter().cloned()).collect()
    }

    /// The members of a language's classes that a program of its own enters by, with the packages that make one.
    pub(super) fn natives(&self, language: &str) -> Vec<(SmolStr, Entries)> {
        let overlays = self.overlays.iter().map(AsRef::as_ref).filter(|library| library.is_for(language));
        let files = LIBRARY_FILES.iter().zip(&self.embedded).filter(|(file, _)| file.language == language);
        let said = files.filter(|(file, _)| file.text.contains("\nnative = ["));
        let embedded = said.filter_map(|(file, slot)| {
            slot.get_or_init(|| Library::parse(file.text).ok().map(Arc::new)).as_deref()
        });
        let mut found = vec![];
        for library in overlays.chain(embedded) {
            for (class, described) in &library.classes {
                let members = described.members.iter().filter_map(|(name, member)| {
                    let entries = member.enters.as_ref().filter(|entries| !entries.native.is_empty())?;
                    Some((format!("{class}.{name}").into(), entries.clone()))
                });
                found.extend(members);
            }
        }
        found
    }

    /// The class at a path.
    pub(super) fn class(&self, path: &str) -> Option<&Class> {
        self.holding(path).find_map(|library| library.classes.get(path))
    }

    /// A member of a class or of its bases.
    pub(super) fn member(&self, class: &str, name: &str) -> Option<Behaviour> {
        self.find(class, 0, &|class| class.members.get(name).cloned())
    }

    /// The forms of members that a class of clients has.
    pub(super) fn forms(&self, class: &str) -> Vec<Form> {
        self.inherited(class, &|class| (!class.forms.is_empty()).then(|| class.forms.clone()))
            .unwrap_or_default()
    }

    /// What a class or the first of its bases that has it says.
    pub(super) fn inherited<T>(&self, class: &str, pick: &dyn Fn(&Class) -> Option<T>) -> Option<T> {
        self.find(class, 0, pick)
    }

    fn find<T>(&self, class: &str, depth: u32, pick: &dyn Fn(&Class) -> Option<T>) -> Option<T> {
        let found = self.class(class)?;
        if let Some(value) = pick(found) {
            return Some(value);
        }
        if depth >= MAX_BASES {
            return None;
        }
        found.bases.iter().find_map(|base| self.find(base, depth + 1, pick))
    }

    /// The pattern that a path follows, with what its places took.
    pub(super) fn pattern(&self, path: &str) -> Option<(&PathPattern, Vec<(SmolStr, SmolStr)>)> {
        self.holding(path)
            .flat_map(|library| &library.patterns)
            .find_map(|pattern| Some((pattern, pattern.places(path)?)))
    }

    /// The services that an object of a class can send requests to.
    pub(super) fn reach(&self, class: &str) -> Option<Vec<SmolStr>> {
        let found = self.class(class).filter(|found| !found.plain)?;
        if found.acts || found.members.values().any(makes_any_client) {
            return Some(vec![]);
        }
        let members = found.members.values().flat_map(|member| &member.calls);
        let calls = members.chain(&found.load).chain(found.element.iter().flat_map(|element| &element.calls));
        let mut services: Vec<SmolStr> = calls
            .filter_map(|call| call.operation.split_once('.'))
            .map(|(service, _)| SmolStr::from(service))
            .filter(|service| !service.contains('{'))
            .collect();
        services.sort();
        services.dedup();
        (!services.is_empty()).then_some(services)
    }
}

/// Whether a call gives a client of whichever service it is asked for.
pub(super) fn makes_any_client(behaviour: &Behaviour) -> bool {
    behaviour.returns.iter().any(|value| match value {
        Value::Client { client, .. } => client.contains('{') && !client.starts_with("{self."),
        _ => false,
    })
}
