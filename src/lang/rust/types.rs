//! What a declared type says of a value: the class, client or traits that it names, whatever is wrapped around them.

use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound};

use crate::ir::NodeId;
use crate::text::Span;

use super::{Lowering, name, span};

/// Types that say nothing, and those that hold many values of another type.
const PLAIN: [&str; 34] = [
    "BTreeMap",
    "BTreeSet",
    "BinaryHeap",
    "Duration",
    "HashMap",
    "HashSet",
    "Instant",
    "LinkedList",
    "OsString",
    "PathBuf",
    "String",
    "Value",
    "Vec",
    "VecDeque",
    "bool",
    "char",
    "f32",
    "f64",
    "i128",
    "i16",
    "i32",
    "i64",
    "i8",
    "isize",
    "str",
    "u128",
    "u16",
    "u32",
    "u64",
    "u8",
    "usize",
    "Bytes",
    "Uuid",
    "Regex",
];
/// Traits that say nothing of what a value does here.
const MARKERS: [&str; 30] = [
    "AsRef",
    "AsyncRead",
    "AsyncWrite",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deref",
    "Deserialize",
    "DeserializeOwned",
    "Display",
    "Error",
    "Eq",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Hash",
    "Into",
    "Iterator",
    "IntoIterator",
    "Ord",
    "PartialEq",
    "Send",
    "Serialize",
    "Sized",
    "Sync",
    "ToString",
    "TryFrom",
    "Unpin",
];

impl Lowering {
    /// The value that a type names; `None` where it says nothing.
    pub(super) fn declared(&mut self, declared: &Type) -> Option<NodeId> {
        let at = span(declared);
        let mut found = vec![];
        if self.builder.descend(at) {
            self.collect(declared, &mut found);
        }
        self.builder.ascend();
        (!found.is_empty()).then(|| self.builder.one_of(found, at))
    }

    fn collect(&mut self, declared: &Type, found: &mut Vec<NodeId>) {
        match declared {
            Type::Reference(inner) => self.collect(&inner.elem, found),
            Type::Paren(inner) => self.collect(&inner.elem, found),
            Type::Group(inner) => self.collect(&inner.elem, found),
            Type::Ptr(inner) => self.collect(&inner.elem, found),
            Type::ImplTrait(inner) => self.bounds(inner.bounds.iter(), found),
            Type::TraitObject(inner) => self.bounds(inner.bounds.iter(), found),
            Type::Path(path) => self.collect_path(path, found),
            _ => {}
        }
    }

    fn collect_path(&mut self, path: &syn::TypePath, found: &mut Vec<NodeId>) {
        let Some(last) = path.path.segments.last() else { return };
        let is_plain = PLAIN.contains(&name(&last.ident).as_str());
        if is_plain && self.variable(&name(&last.ident)).is_none() {
            return;
        }
        found.push(self.path(&path.path, path.qself.as_ref()));
        // What is wrapped is as good as what wraps it.
        if let PathArguments::AngleBracketed(arguments) = &last.arguments {
            let types = arguments.args.iter().filter_map(|argument| match argument {
                GenericArgument::Type(inner) => Some(inner),
                _ => None,
            });
            let types: Vec<&Type> =
                if last.ident == "Result" { types.take(1).collect() } else { types.collect() };
            for inner in types {
                self.collect(inner, found);
            }
        }
    }

    fn bounds<'b>(&mut self, bounds: impl Iterator<Item = &'b TypeParamBound>, found: &mut Vec<NodeId>) {
        for bound in bounds {
            let TypeParamBound::Trait(bound) = bound else { continue };
            let Some(last) = bound.path.segments.last() else { continue };
            if last.ident == "Future" {
                if let Some(output) = output_of(&last.arguments) {
                    self.collect(output, found);
                }
            } else if !is_marker(&bound.path) {
                found.push(self.path(&bound.path, None));
            }
        }
    }

    /// Takes in the type parameters of a routine or type, with what they must be; gives how many there were before.
    pub(super) fn enter_generics(&mut self, generics: &syn::Generics) -> usize {
        let before = self.generics.len();
        for parameter in generics.type_params() {
            let bounds = traits(parameter.bounds.iter());
            self.generics.push((name(&parameter.ident), bounds));
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            if let syn::WherePredicate::Type(predicate) = predicate
                && let Type::Path(bounded) = &predicate.bounded_ty
                && let Some(ident) = bounded.path.get_ident()
                && let Some((_, bounds)) =
                    self.generics.iter_mut().skip(before).find(|(known, _)| *known == name(ident))
            {
                bounds.extend(traits(predicate.bounds.iter()));
            }
        }
        before
    }

    /// Leaves the type parameters that were taken in.
    pub(super) fn leave_generics(&mut self, before: usize) {
        self.generics.truncate(before);
    }

    /// A value with what its declared type adds.
    pub(super) fn cast(&mut self, value: NodeId, declared: &Type, at: Span) -> NodeId {
        match self.declared(declared) {
            Some(declared) => self.builder.node(crate::ir::Node::Cast(value, declared), at),
            None => value,
        }
    }
}

/// The traits among bounds that say what a value does.
pub(super) fn traits<'b>(bounds: impl Iterator<Item = &'b TypeParamBound>) -> Vec<syn::Path> {
    let path = |bound: &TypeParamBound| match bound {
        TypeParamBound::Trait(bound) if !is_marker(&bound.path) => Some(bound.path.clone()),
        _ => None,
    };
    bounds.filter_map(path).collect()
}

fn is_marker(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| MARKERS.contains(&name(&last.ident).as_str()))
}

/// The type that a future comes to.
fn output_of(arguments: &PathArguments) -> Option<&Type> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
                _ => None,
            })
        }
        PathArguments::Parenthesized(arguments) => match &arguments.output {
            ReturnType::Type(_, output) => Some(output),
            ReturnType::Default => None,
        },
        PathArguments::None => None,
    }
}
