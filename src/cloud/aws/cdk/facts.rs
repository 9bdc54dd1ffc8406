//! What the construct libraries' classes and methods come to: data, read once when first asked for.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::text::{Hole, SmolStr, TemplateString};

/// The catalog's files.
const FILES: &[&str] = &[
    include_str!("../../../../catalogs/aws/cdk/core.toml"),
    include_str!("../../../../catalogs/aws/cdk/iam.toml"),
    include_str!("../../../../catalogs/aws/cdk/lambda.toml"),
    include_str!("../../../../catalogs/aws/cdk/data.toml"),
    include_str!("../../../../catalogs/aws/cdk/messages.toml"),
    include_str!("../../../../catalogs/aws/cdk/states.toml"),
    include_str!("../../../../catalogs/aws/cdk/ecs.toml"),
];
/// How far bases are followed.
const MAX_BASES: usize = 8;

/// Everything that the catalog says of construct libraries.
#[derive(Debug, Default)]
pub(super) struct Facts {
    packages: Vec<Package>,
    constants: FxHashMap<SmolStr, String>,
    suffixes: Vec<String>,
    enums: FxHashMap<SmolStr, String>,
    calls: FxHashMap<SmolStr, Described>,
    modules: FxHashSet<SmolStr>,
    /// Every class of which something is described.
    classes: FxHashSet<SmolStr>,
    environment: FxHashMap<SmolStr, String>,
}

/// One catalog file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    packages: Vec<Package>,
    constants: FxHashMap<String, String>,
    environment: FxHashMap<String, String>,
    words: Words,
    enums: FxHashMap<String, String>,
    calls: IndexMap<String, Described>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Words {
    suffixes: Vec<String>,
}

/// A package of constructs, by the beginning of the paths under which it is imported.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Package {
    prefix: String,
    /// The module that all of it is; else the first part behind the prefix is one.
    module: Option<String>,
    /// Whether that part lacks the beginning `aws-`.
    service: bool,
}

/// What a call comes to. See `catalogs/aws/cdk/README.md`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Described {
    pub(super) is: Option<String>,
    pub(super) passes: Option<String>,
    pub(super) parameters: Option<Vec<String>>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) properties: IndexMap<String, String>,
    pub(super) metadata: IndexMap<String, String>,
    pub(super) role: Option<IndexMap<String, Vec<String>>>,
    pub(super) attributes: IndexMap<String, Attribute>,
    pub(super) gives: IndexMap<String, String>,
    pub(super) text: Option<String>,
    pub(super) call: Option<String>,
    pub(super) context: Option<String>,
    pub(super) parameter: Option<String>,
    pub(super) adds: IndexMap<String, String>,
    pub(super) emits: Vec<Emit>,
    pub(super) grants: Vec<Grant>,
    pub(super) attaches: Vec<Attach>,
    pub(super) binds: Vec<String>,
    pub(super) bind_to: Option<String>,
    pub(super) bound: Option<Bound>,
    pub(super) states: Option<States>,
    pub(super) state: Option<State>,
}

/// What the states of a machine are found by.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct States {
    /// The places of its definition.
    pub(super) from: Vec<String>,
    /// The modules whose calls lead from one state to others.
    pub(super) through: Vec<String>,
    /// The module whose constructs are tasks.
    pub(super) tasks: String,
}

/// The state that a construct is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct State {
    /// The state as it stands in the definition.
    pub(super) whole: Option<String>,
    /// What a task asks.
    pub(super) resource: String,
    /// What it hands over, by path.
    pub(super) parameters: IndexMap<String, String>,
}

/// A member that is text, or a construct.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Attribute {
    /// `Ref`, an attribute of the template, or text with places.
    Text(String),
    /// A construct of that class, made beside it where `implied`.
    Construct {
        /// The class.
        is: String,
        /// Whether it is there without being given.
        #[serde(default)]
        implied: bool,
    },
}

/// A further resource.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Emit {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) when: Option<String>,
    pub(super) each: Option<String>,
    pub(super) properties: IndexMap<String, String>,
}

/// Rights that are granted.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Grant {
    pub(super) to: Option<String>,
    pub(super) when: Option<String>,
    pub(super) unless: Vec<String>,
    pub(super) each: Option<String>,
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
}

/// Statements or a document that go to a role.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Attach {
    pub(super) to: String,
    pub(super) each: Option<String>,
    pub(super) statements: Option<String>,
    pub(super) document: Option<String>,
}

/// What takes effect where a value is bound to a construct.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Bound {
    pub(super) emits: Vec<Emit>,
    pub(super) grants: Vec<Grant>,
}

/// The catalog. Its files are part of the program, and a test reads each: none is ever left out unseen.
pub(super) fn facts() -> &'static Facts {
    static FACTS: OnceLock<Facts> = OnceLock::new();
    FACTS.get_or_init(|| {
        let mut facts = Facts::default();
        for text in FILES {
            facts.take(toml::from_str(text).unwrap_or_default());
        }
        facts.packages.sort_by_key(|package| std::cmp::Reverse(package.prefix.len()));
        facts
    })
}

impl Facts {
    fn take(&mut self, file: File) {
        self.packages.extend(file.packages);
        self.suffixes.extend(file.words.suffixes);
        self.environment.extend(file.environment.into_iter().map(|(name, text)| (name.into(), text)));
        self.constants.extend(file.constants.into_iter().map(|(path, text)| (canonical(&path), text)));
        self.enums.extend(file.enums.into_iter().map(|(path, text)| (canonical(&path), text)));
        self.classes.extend(self.constants.keys().chain(self.enums.keys()).filter_map(|path| class_of(path)));
        for (paths, described) in file.calls {
            for path in paths.split('|') {
                let path = canonical(path);
                if let Some((module, _)) = path.split_once('.') {
                    self.modules.insert(module.into());
                }
                self.classes.extend(class_of(&path));
                self.calls.insert(path, described.clone());
            }
        }
    }

    /// Whether a module is one of construct libraries, by the name under which it is imported.
    pub(super) fn is_construct_library(&self, module: &str) -> bool {
        self.in_package(module).is_some()
    }

    fn in_package<'p>(&self, path: &'p str) -> Option<(&Package, &'p str)> {
        self.packages.iter().find_map(|package| {
            let rest = path.strip_prefix(package.prefix.as_str())?;
            let ends =
                rest.is_empty() || rest.starts_with(['.', '/']) || package.prefix.ends_with(['.', '/']);
            ends.then_some((package, rest.trim_start_matches(['.', '/'])))
        })
    }

    /// The catalog's name of what is imported under a path; `None` outside of construct libraries.
    pub(super) fn imported(&self, path: &str) -> Option<SmolStr> {
        let (package, rest) = self.in_package(path)?;
        // A whole path that is looked up in a namespace which was opened.
        let last = rest.rsplit('.').next().filter(|last| !last.is_empty());
        let is_root = |package: &Package| package.prefix.split('.').next() == last;
        if last.is_some() && self.packages.iter().any(is_root) {
            return None;
        }
        let mut name = package.module.as_deref().map(squash).unwrap_or_default();
        for part in rest.split(['.', '/']).filter(|part| !part.is_empty()) {
            if name.is_empty() && package.service {
                name = squash(&["aws", part].concat());
            } else {
                name = self.member(&name, part);
            }
        }
        Some(name)
    }

    /// The name of a member of a module or class.
    pub(super) fn member(&self, of: &str, name: &str) -> SmolStr {
        if !of.contains('.') {
            // What makes an object of a class, and what belongs to a class, where packages have only functions.
            let name =
                name.strip_prefix("New").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(name);
            let (class, member) = name.split_once('_').unwrap_or((name, ""));
            if !member.is_empty() && is_capital(class) {
                return self.member(&self.of_module(of, class), member);
            }
            return self.of_module(of, name);
        }
        [of, ".", &spelled(name)].concat().into()
    }

    fn of_module(&self, of: &str, name: &str) -> SmolStr {
        if of.is_empty() {
            // `AWS` is the beginning of every service's namespace.
            return if name.starts_with(char::is_lowercase) || name == "AWS" {
                squash(name)
            } else {
                ["core.", name].concat().into()
            };
        }
        let nested = squash(&[of, name].concat());
        if self.modules.contains(&nested) { nested } else { [of, ".", name].concat().into() }
    }

    /// Whether there is something of that name for sure: it is described, or gives the arguments of what is.
    pub(super) fn has(&self, path: &str) -> bool {
        let Some((module, class)) = path.split_once('.') else { return self.modules.contains(path) };
        let plain = ["Props", "Options", "Attributes"].iter().find_map(|ending| class.strip_suffix(ending));
        let known = |path: &str| self.classes.contains(path);
        known(path)
            || plain.is_some_and(|plain| known([module, ".", plain].concat().as_str()))
            || super::nodes::known_type(path).is_some()
    }

    /// A variable of the environment in which programs that deploy run.
    pub(super) fn variable(&self, name: &str) -> Option<TemplateString> {
        let text = self.environment.get(name)?;
        Some(TemplateString::filled(text, |_| Hole::Unknown.into()))
    }

    /// The text that a name stands for.
    pub(super) fn constant(&self, path: &str) -> Option<&str> {
        self.constants.get(path).map(String::as_str)
    }

    /// What the value of an enumeration is in the template.
    pub(super) fn value(&self, path: &str) -> SmolStr {
        let (class, value) = path.rsplit_once('.').unwrap_or(("", path));
        if let Some(text) = self.enums.get(path) {
            return text.as_str().into();
        }
        if self.enums.contains_key(format!("{class}.*").as_str()) {
            let (first, rest) = value.split_once('_').unwrap_or((value, ""));
            return [first, &rest.replace('_', ".")].concat().to_lowercase().into();
        }
        value.into()
    }

    /// What the catalog says of a call.
    pub(super) fn described(&self, path: &str) -> Option<&Described> {
        self.calls.get(path)
    }

    /// A class and what it is, nearest first.
    pub(super) fn chain<'a>(&'a self, class: &str) -> Vec<(SmolStr, &'a Described)> {
        let mut found = vec![];
        let mut next = Some(SmolStr::from(class));
        while let Some((name, described)) =
            next.take().and_then(|name| Some((name.clone(), self.calls.get(&name)?)))
        {
            next = described.is.as_deref().map(canonical);
            found.push((name, described));
            if found.len() >= MAX_BASES {
                break;
            }
        }
        found
    }

    /// What takes effect where a call is made: its own description, and of a class those of its bases.
    pub(super) fn effects<'a>(&'a self, path: &str) -> Vec<&'a Described> {
        let mut chain = self.chain(path);
        if !is_class(path) {
            chain.truncate(1);
        }
        chain.into_iter().map(|(_, described)| described).collect()
    }

    /// The catalog's name of a method of a class; that of any class where its own are not described.
    pub(super) fn method(&self, class: &str, name: &str) -> Option<SmolStr> {
        let of = |class: &str| SmolStr::from([class, "#", name].concat());
        let own = self.chain(class).into_iter().map(|(class, _)| of(&class));
        own.chain([of("")]).find(|path| self.calls.contains_key(path))
    }

    /// A member of a class.
    pub(super) fn attribute<'a>(&'a self, class: &str, name: &str) -> Option<&'a Attribute> {
        self.chain(class).into_iter().find_map(|(_, described)| described.attributes.get(name))
    }

    /// Whether a member is text by its spelling.
    pub(super) fn is_text(&self, name: &str) -> bool {
        self.suffixes.iter().any(|suffix| name.ends_with(suffix.as_str()))
    }
}

/// The module and class that a name begins with.
fn class_of(path: &str) -> Option<SmolStr> {
    let mut parts = path.split(['.', '#']);
    let (module, class) = (parts.next()?, parts.next()?);
    (!module.is_empty()).then(|| [module, ".", class].concat().into())
}

/// Whether a word is in capitals and small letters, as classes are.
fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)
}

/// Whether a name is that of a constant: a member of a class, all in capitals.
pub(super) fn is_constant(path: &str) -> bool {
    path.matches('.').count() >= 2
        && path.rsplit('.').next().is_some_and(|leaf| !leaf.contains(char::is_lowercase))
}

/// Whether a name is that of a class: what is made has a capital.
pub(super) fn is_class(path: &str) -> bool {
    !path.contains('#') && path.rsplit('.').next().is_some_and(|leaf| leaf.starts_with(char::is_uppercase))
}

/// A name with its module in one spelling.
pub(super) fn canonical(path: &str) -> SmolStr {
    match path.split_once('.') {
        Some((module, rest)) if !module.contains('#') => [&squash(module), ".", rest].concat().into(),
        _ => path.into(),
    }
}

/// A module without the signs that languages spell differently.
fn squash(module: &str) -> SmolStr {
    let plain: String =
        module.chars().filter(|letter| !matches!(letter, '-' | '_')).flat_map(char::to_lowercase).collect();
    plain.strip_suffix("alpha").unwrap_or(&plain).into()
}

/// A member or argument in the spelling of TypeScript: `from_asset` and `FromAsset` are `fromAsset`.
pub(super) fn spelled(name: &str) -> SmolStr {
    let mut letters = name.chars();
    let (first, second) = (letters.next(), letters.next());
    let lower = name.contains(char::is_lowercase);
    if lower && name.contains('_') && first != Some('_') {
        let mut parts = name.split('_').filter(|part| !part.is_empty());
        let mut made: String = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let mut letters = part.chars();
            made.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
            made.push_str(letters.as_str());
        }
        return made.into();
    }
    match (first, second) {
        (Some(first), Some(second))
            if first.is_ascii_uppercase() && second.is_lowercase() && name != "Builder" =>
        {
            name.chars()
                .enumerate()
                .map(|(place, letter)| if place == 0 { first.to_ascii_lowercase() } else { letter })
                .collect::<String>()
                .into()
        }
        _ => name.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_every_name_leads_somewhere() {
        for text in FILES {
            let read: Result<File, _> = toml::from_str(text);
            assert!(read.is_ok(), "{read:?}");
        }
        let bases = facts().calls.values().filter_map(|described| described.is.as_deref());
        let lost: Vec<&str> = bases.filter(|base| !facts().calls.contains_key(&canonical(base))).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn names_of_all_languages_are_one() {
        let named = |path: &str| facts().imported(path);
        for path in [
            "aws-cdk-lib/aws-lambda.Function",
            "aws-cdk-lib.aws_lambda.Function",
            "@aws-cdk/aws-lambda.Function",
            "aws_cdk.aws_lambda.Function",
            "software.amazon.awscdk.services.lambda.Function",
            "Amazon.CDK.AWS.Lambda.Function",
            "github.com/aws/aws-cdk-go/awscdk/v2/awslambda.NewFunction",
        ] {
            assert_eq!(named(path).as_deref(), Some("awslambda.Function"), "{path}");
        }
        for path in [
            "software.amazon.awscdk.services.lambda.go.alpha.GoFunction",
            "@aws-cdk/aws-lambda-go-alpha.GoFunction",
            "aws_cdk.aws_lambda_go_alpha.GoFunction",
            "github.com/aws/aws-cdk-go/awscdklambdagoalpha/v2.NewGoFunction",
        ] {
            assert_eq!(named(path).as_deref(), Some("awslambdago.GoFunction"), "{path}");
        }
        assert_eq!(named("aws_cdk.Stack").as_deref(), Some("core.Stack"));
        let source = named("Amazon.CDK.AWS.Lambda.EventSources.SqsEventSource");
        assert_eq!(source.as_deref(), Some("awslambdaeventsources.SqsEventSource"));
        let code = named("github.com/aws/aws-cdk-go/awscdk/v2/awslambda.Code_FromAsset");
        assert_eq!(code.as_deref(), Some("awslambda.Code.fromAsset"));
        let runtime = named("github.com/aws/aws-cdk-go/awscdk/v2/awslambda.Runtime_PROVIDED_AL2");
        assert_eq!(runtime.as_deref(), Some("awslambda.Runtime.PROVIDED_AL2"));
        assert_eq!(named("aws_cdkextra.Stack"), None);
    }
}
