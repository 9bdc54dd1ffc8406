//! Libraries that send requests for their users, described as data. `catalogs/aws/libraries/README.md` has the format.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::text::{Piece, SmolStr, TemplateString};

use super::entries::{Entries, EntryRule};

/// The filters of places, sorted; `segment`, `query` and `service` take a name behind a dot. What each does stands in
/// `catalogs/aws/libraries/README.md`.
pub const FILTERS: [&str; 23] = [
    "bucket",
    "credentials",
    "document",
    "each",
    "host",
    "key",
    "keys",
    "list",
    "made",
    "name",
    "object",
    "open",
    "operation",
    "paginator",
    "query",
    "scalar",
    "segment",
    "service",
    "text",
    "underscored",
    "values",
    "variable",
    "waiter",
];

/// A library: what its functions and classes do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Library {
    /// The package that brings it.
    pub package: SmolStr,
    /// The language it is written for.
    pub language: SmolStr,
    /// The version that the facts were read from.
    pub version: SmolStr,
    /// Where the facts were read (`package source`, `documentation`).
    pub source: SmolStr,
    /// Functions and values by dotted path. Several paths may share one behaviour: `a.b|a.c`.
    pub symbols: IndexMap<SmolStr, Behaviour>,
    /// Classes by dotted path, likewise.
    pub classes: IndexMap<SmolStr, Class>,
    /// Paths with places, for packages that follow a pattern.
    pub patterns: Vec<PathPattern>,
    /// What the platform enters in programs that no deployment names: members marked or inherited so.
    pub handlers: Vec<EntryRule>,
}

/// A path with places in braces, and what it stands for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathPattern {
    /// The path (`mypy_boto3_{service}.client.{name}Client`). A place takes letters, digits and `_`.
    pub path: SmolStr,
    /// What it stands for as a declared type, with the places filled; `_` in `service` becomes `-`.
    #[serde(default)]
    pub value: Option<Value>,
    /// The client whose members have this type in their signature: what an interface over such members stands for.
    #[serde(default)]
    pub client: Option<Value>,
    /// What calling it does.
    #[serde(default)]
    pub call: Option<Behaviour>,
}

/// What calling a function or member does, or what a member is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behaviour {
    /// The names of the parameters in order.
    pub parameters: Vec<SmolStr>,
    /// The requests that a call sends.
    pub calls: Vec<Call>,
    /// What a call gives; without it the response of the first request. `{response}` is that response, and
    /// `{response.Field}` a part of it.
    pub returns: Option<Value>,
    /// What the member is, where it is not called; `calls` are then sent by reading it.
    pub is: Option<Value>,
    /// Parameters whose routines are called with arguments that nobody knows; all of them where none is named.
    pub invokes: Vec<SmolStr>,
    /// Parameters, and members of them, whose routines are the handler that the platform calls with an event.
    pub serves: Vec<SmolStr>,
    /// What such a handler is handed, where that is not the event itself and the context, which are the places `event` and
    /// `context`.
    pub event: Option<Value>,
    /// Parameters that may be a routine which fills what it is handed (a builder), with what that is: it stands for the
    /// routine behind the call.
    pub builds: IndexMap<SmolStr, Value>,
    /// What a framework enters by the call.
    pub enters: Option<Entries>,
    /// Conditions on the values at hand; `makes` and `enters` count where all of them hold.
    pub when: Vec<Test>,
    /// Values that come about by the call, beside what it gives: objects that are registered, routines that are called.
    pub makes: Vec<Value>,
    /// Values that are kept for the whole program.
    pub keeps: Vec<Keep>,
}

/// A value that is kept for the whole program under a token: what a container is told, a setting that holds everywhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// The list whose elements are taken one by one, each as the place `element`.
    #[serde(default)]
    pub each: Option<SmolStr>,
    /// The token, as a text with places.
    pub under: Value,
    /// The value.
    pub value: Value,
    /// Whether it is there only on some paths.
    #[serde(default)]
    pub sometimes: bool,
}

/// A request that a library sends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The operation: `service.Operation`, or a text with places that comes to that.
    pub operation: SmolStr,
    /// The parameters of the request.
    #[serde(default)]
    pub arguments: IndexMap<SmolStr, Value>,
    /// Records whose fields are parameters of the request: parameters of the call, or `*` for all its named arguments.
    #[serde(default)]
    pub spread: Vec<SmolStr>,
    /// The parameter, or `self`, whose making names the operation: the request stands there, not where it is sent. Each
    /// object that the parameter may be sends a request of its own.
    #[serde(default)]
    pub at: Option<SmolStr>,
    /// Whether the request is sent only in a state of the deployment that the code does not show.
    #[serde(default)]
    pub possible: bool,
    /// Conditions on the values at hand; the request is sent where all of them hold.
    #[serde(default)]
    pub when: Vec<Test>,
    /// In whose name it is sent, as a text with places; without it the field `credentials` of the object.
    #[serde(default)]
    pub credentials: Option<SmolStr>,
    /// The region that it is sent to, as a text with places; without it the field `region` of the object.
    #[serde(default)]
    pub region: Option<SmolStr>,
}

/// Members that set and give fields, whatever their names.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Setters {
    /// The forms of members that set a field, with `*` for its name (`with*`). The first that fits counts.
    pub forms: Vec<SmolStr>,
    /// The forms of members that give a field; one that sets gives it too, where it is called without an argument.
    pub getters: Vec<SmolStr>,
    /// The field with the record that is set; without it the object's own fields are.
    pub into: Option<SmolStr>,
    /// Whether two arguments are the key and the value of an entry; else several are the elements of a list.
    pub pairs: bool,
    /// Whether what is set again stands beside what was set before; else it takes its place.
    pub appends: bool,
    /// Whether the object is changed too; else only what is given back has the field.
    pub changes: bool,
    /// The class of what a routine is handed that stands where a value is set: it fills it.
    pub builds: SmolStr,
    /// Fields by the names that the forms give, where these differ.
    pub renames: IndexMap<SmolStr, SmolStr>,
}

/// A condition on a value at hand. What is not given fails it, what nobody knows passes only where it says so.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Test {
    /// The value, as a text with places.
    pub value: SmolStr,
    /// What the value is where it is not given.
    pub default: Option<SmolStr>,
    /// Whether it must be given or must not; the only thing that is asked where it stands alone.
    pub given: Option<bool>,
    /// The value is one of these. Flags are spelled `true` and `false`, numbers as they are written.
    pub is: Vec<SmolStr>,
    /// Or it starts with one of these.
    pub starts: Vec<SmolStr>,
    /// Or it ends with one of these.
    pub ends: Vec<SmolStr>,
    /// Or one of these is in it.
    pub has: Vec<SmolStr>,
    /// Turns `is`, `starts`, `ends` and `has` around: none of them may hold.
    pub not: bool,
    /// Whether a value that nobody knows passes.
    pub unknown: bool,
}

/// A value in the words of a description.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Text with places: `{name}` an argument, `{self.x}` a field, `{?}` what nobody knows, `${Region}` the region; a
    /// place alone is its value.
    Text(SmolStr),
    /// An object of a class of this catalog.
    Object {
        /// The class, as a text with places.
        class: SmolStr,
        /// Its fields.
        #[serde(default)]
        with: IndexMap<SmolStr, Self>,
    },
    /// A client of a service: an object of the class named, whose further members are the service's operations.
    Client {
        /// The service's client name, as a text with places.
        client: SmolStr,
        /// The class that describes the members that every client has.
        members: SmolStr,
        /// Its fields.
        #[serde(default)]
        with: IndexMap<SmolStr, Self>,
    },
    /// An object of a type, as one who fills parameters by their types would make it.
    Instance {
        /// The type, as a text with places.
        instance: SmolStr,
    },
    /// An object of a type whose members are set from the configuration, that is, from the environment.
    Bound {
        /// The type or object, as a text with places.
        bound: SmolStr,
        /// The marks of its members that give the name of a variable.
        #[serde(default)]
        marks: Vec<SmolStr>,
        /// The section of the configuration that the members stand in, as a text with places.
        #[serde(default)]
        section: Option<SmolStr>,
    },
    /// A setting of the configuration: what the environment sets, else what the settings files say.
    Setting {
        /// Its name, the parts apart by `:`, as a text with places.
        setting: SmolStr,
    },
    /// What is kept for the whole program under a token.
    Kept {
        /// The token, as a text with places.
        kept: SmolStr,
    },
    /// What a routine gives.
    Call {
        /// The routine, or several.
        call: Box<Self>,
        /// Its arguments in order.
        #[serde(default)]
        with: Vec<Self>,
    },
    /// A part of a value, which only the program names.
    Member {
        /// The name, or a path of names with `.` between, as a text with places.
        member: SmolStr,
        /// The value that has it.
        of: Box<Self>,
        /// A filter for what is found.
        #[serde(default)]
        filter: SmolStr,
    },
    /// A record with the names of another.
    Mapped {
        /// The other record, as a text with places.
        mapped: SmolStr,
        /// What each field is; the place `element` is what the other record has there, `name` under which name.
        to: Box<Self>,
    },
    /// A list of such values.
    List {
        /// What each element is.
        list: Box<Self>,
    },
    /// The first of several that is there.
    First {
        /// The candidates.
        first: Vec<Self>,
    },
    /// A record.
    Record {
        /// The fields; their names are texts with places too.
        record: IndexMap<SmolStr, Self>,
    },
}

/// What objects of a class do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Class {
    /// The parameters of the constructor in order; they become the object's fields.
    pub parameters: Vec<SmolStr>,
    /// Classes whose members it has too.
    pub bases: Vec<SmolStr>,
    /// Requests that making an object sends.
    pub calls: Vec<Call>,
    /// Fields that differ from the constructor's arguments.
    pub fields: IndexMap<SmolStr, Value>,
    /// Its members. Several names may share one behaviour: `get|fetch`.
    pub members: IndexMap<SmolStr, Behaviour>,
    /// For the class of clients: members that are named after an operation, as each SDK spells them.
    pub forms: Vec<Form>,
    /// What an iteration over an object sends and gives.
    pub element: Option<Behaviour>,
    /// What indexing an object sends and gives; the index is the parameter `key`.
    pub index: Option<Behaviour>,
    /// What calling an object sends and gives.
    pub call: Option<Behaviour>,
    /// Other members that set and give fields.
    pub setters: Option<Setters>,
    /// What calling a member of a client does that names an operation or waiter, which is the place `operation`; without
    /// it the request is sent.
    pub operations: Option<Behaviour>,
    /// The SDK in whose names such members are spelled (`rust`).
    pub names: SmolStr,
    /// Names of request fields that differ from those of the API, for a class of clients.
    pub renames: IndexMap<SmolStr, SmolStr>,
    /// Whether what is stored in a field is kept for the whole program, under `class.field`.
    pub keeps: bool,
    /// Requests that reading any other member sends.
    pub load: Vec<Call>,
    /// What calling any other member sends and gives: packages give such objects members of their own.
    pub others: Option<Behaviour>,
    /// Requests that code which is not described may send with an object that it is handed.
    pub handed: Vec<Call>,
    /// Whether handing an object on raises no doubt, whatever it can send.
    pub plain: bool,
    /// Whether whoever has an object can send requests of any service with it: credentials, and what clients are made of.
    pub acts: bool,
    /// Parameters of the constructor whose routines are called; all of them where none is named.
    pub invokes: Vec<SmolStr>,
}

/// Members of a client that are named after an operation, a paginator or a waiter.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// The name, with the place that takes the operation's, paginator's or waiter's: `{operation}WithContext`,
    /// `WaitUntil{waiter}`. It counts where the service has what the place takes.
    pub name: SmolStr,
    /// What calling such a member does; `{operation}`, `{paginator}` or `{waiter}` is what the place took.
    pub call: Behaviour,
}

impl Form {
    /// What the form's place takes in a name: the kind of place and the text.
    pub fn take<'a>(&self, name: &'a str) -> Option<(&str, &'a str)> {
        let (before, rest) = self.name.split_once('{')?;
        let (kind, behind) = rest.split_once('}')?;
        let taken = name.strip_prefix(before)?.strip_suffix(behind)?;
        (!taken.is_empty()).then_some((kind, taken))
    }
}

impl Library {
    /// Reads a description, TOML or JSON.
    ///
    /// # Errors
    /// The reader's message, with the place in the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let library: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| error.to_string())?
        } else {
            toml::from_str(text).map_err(|error| error.to_string())?
        };
        Ok(library.spread())
    }

    /// Gives every name of `a|b` an entry of its own.
    pub(super) fn spread(mut self) -> Self {
        self.symbols = spread_names(self.symbols);
        self.classes = spread_names(self.classes);
        for class in self.classes.values_mut() {
            class.members = spread_names(std::mem::take(&mut class.members));
        }
        self
    }

    /// Whether the paths are those of a language; a description without language is for all.
    pub fn is_for(&self, language: &str) -> bool {
        language.is_empty() || self.language.is_empty() || self.language == language
    }
}

impl Setters {
    /// The field that a member sets or gives, and whether it can set it.
    pub fn field(&self, member: &str) -> Option<(SmolStr, bool)> {
        let inside = |form: &SmolStr| {
            let (before, behind) = form.split_once('*')?;
            let name = member.strip_prefix(before)?.strip_suffix(behind)?;
            (!name.is_empty()).then(|| self.renames.get(name).cloned().unwrap_or_else(|| name.into()))
        };
        let gives = || self.getters.iter().find_map(inside).map(|field| (field, false));
        gives().or_else(|| self.forms.iter().find_map(inside).map(|field| (field, true)))
    }
}

impl Test {
    /// Whether a value passes, given the texts that it may be: `None` where it is not given, an empty slice where it is
    /// given and no text. One text that passes is enough.
    pub fn passes(&self, texts: Option<&[TemplateString]>) -> bool {
        let asked = [&self.is, &self.starts, &self.ends, &self.has];
        let asks_for_text = asked.iter().any(|texts| !texts.is_empty());
        match (texts, self.given) {
            (Some(_), Some(false)) | (None, Some(true)) => false,
            (None, Some(false)) => true,
            (Some(_), _) if !asks_for_text => true,
            (None, None) => {
                self.default.as_ref().is_some_and(|text| self.allows(&TemplateString::from(text.as_str())))
            }
            (Some([]), _) => self.unknown,
            (Some(texts), _) => texts.iter().any(|text| self.allows(text)),
        }
    }

    fn allows(&self, text: &TemplateString) -> bool {
        let starts = self.starts.iter().any(|start| text.starts_with(start));
        let Some(literal) = text.as_literal() else {
            // A part may be known where the rest is not.
            let known = |part: &SmolStr| {
                let mut pieces = text.pieces().iter();
                pieces.any(|piece| matches!(piece, Piece::Text(text) if text.contains(part.as_str())))
            };
            let holds = starts || self.has.iter().any(known);
            return if holds { !self.not } else { self.unknown };
        };
        let is = self.is.iter().any(|value| value == literal);
        let has = self.has.iter().any(|part| literal.contains(part.as_str()));
        let ends = self.ends.iter().any(|end| literal.ends_with(end.as_str()));
        (starts || ends || is || has) != self.not
    }
}

/// Gives every name of `a|b` an entry of its own.
fn spread_names<T: Clone>(entries: IndexMap<SmolStr, T>) -> IndexMap<SmolStr, T> {
    let mut spread = IndexMap::with_capacity(entries.len());
    for (names, entry) in entries {
        for name in names.split('|') {
            spread.insert(SmolStr::from(name.trim()), entry.clone());
        }
    }
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(test: &str, texts: Option<&[&str]>) -> bool {
        let texts: Option<Vec<TemplateString>> =
            texts.map(|texts| texts.iter().map(|text| TemplateString::from(*text)).collect());
        toml::from_str::<Test>(test).unwrap().passes(texts.as_deref())
    }

    #[test]
    fn names_with_bars_share_a_behaviour() {
        let library = Library::parse(
            r#"
            [classes."kit.A|kit.B".members]
            "get|fetch" = { calls = [{ operation = "s3.GetObject" }] }
            "#,
        )
        .unwrap();
        for class in ["kit.A", "kit.B"] {
            for member in ["get", "fetch"] {
                assert_eq!(library.classes[class].members[member].calls.len(), 1);
            }
        }
    }

    #[test]
    fn a_value_that_is_not_given_fails_unless_it_has_a_default() {
        assert!(!passes(r#"is = ["w"]"#, None));
        assert!(passes("given = false", None));
        assert!(!passes("given = true", None));
        assert!(passes(
            r#"default = "rb"
starts = ["r"]"#,
            None
        ));
    }

    #[test]
    fn one_text_that_passes_is_enough() {
        assert!(passes(r#"starts = ["s3://"]"#, Some(&["/tmp/x", "s3://bucket/key"])));
        assert!(!passes(r#"starts = ["s3://"]"#, Some(&["/tmp/x"])));
        assert!(passes(r#"has = ["inference-profile"]"#, Some(&["arn:aws:bedrock:::inference-profile/x"])));
        assert!(!passes(
            r#"is = ["true"]
not = true"#,
            Some(&["true"])
        ));
    }

    #[test]
    fn what_nobody_knows_passes_only_where_it_says_so() {
        let hole = [TemplateString::hole(crate::text::Hole::Unknown)];
        let mut test = Test { is: vec!["w".into()], ..Test::default() };
        assert!(!test.passes(Some(&hole)) && !test.passes(Some(&[])));
        test.unknown = true;
        assert!(test.passes(Some(&hole)) && test.passes(Some(&[])));
    }
}
