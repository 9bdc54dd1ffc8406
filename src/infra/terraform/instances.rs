//! Blocks that stand for several: `count` and `for_each`, where what they come to is known.

use hcl_edit::structure::Block;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::documents::{map, text};
use super::scopes::{Placed, labels};
use super::values::{In, Values, is_plain, number};
use crate::text::tree::{Node, Value};
use crate::text::{SmolStr, Span};

/// How many instances of a block are told apart. More are taken as one.
const MOST: usize = 128;

/// What chooses every instance of a block.
pub(super) const ALL: &str = "[*]";

/// One of those that a block stands for.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// What chooses it among the others (`["name"]`, `[0]`). Nothing where it is the only one of a `count`.
    pub(super) suffix: String,
    /// `each` or `count`, and what it stands for within the block.
    pub(super) bound: Option<(&'static str, Node)>,
}

/// The instances of blocks by the addresses of the blocks.
pub(super) type Instances = FxHashMap<String, Vec<Instance>>;

impl Instance {
    /// The only one.
    fn only(bound: Option<(&'static str, Node)>) -> Vec<Self> {
        vec![Self { suffix: String::new(), bound }]
    }

    fn of_key(key: &Node, value: &Node) -> Option<Self> {
        let suffix = format!("[\"{}\"]", key.as_str()?);
        let each = map(vec![("key", key.clone()), ("value", value.clone())], value.span);
        Some(Self { suffix, bound: Some(("each", each)) })
    }

    fn of_number(index: usize, span: Span) -> (&'static str, Node) {
        ("count", map(vec![("index", number(index, span))], span))
    }
}

impl Values<'_> {
    /// The calls of modules that stand for several, by their addresses without what chooses instances.
    pub(super) fn repeated_calls(&self) -> Instances {
        let mut repeated = Instances::default();
        for scope in self.all() {
            for call in scope.scope.blocks.iter().filter(|call| call.part.ident.value().as_str() == "module")
            {
                let instances = scope.instances(*call);
                let is_one = instances.iter().all(|instance| instance.suffix.is_empty());
                if let ([name], false) = (labels(call.part).as_slice(), is_one) {
                    repeated.insert([&scope.scope.address, "module.", name].concat(), instances);
                }
            }
        }
        repeated
    }

    /// The resources and foreign modules that stand for several, by their ids without what chooses the instance.
    pub(super) fn repeated_resources(&self) -> IndexMap<String, Vec<String>> {
        let mut repeated = IndexMap::new();
        for scope in self.all() {
            for block in &scope.scope.blocks {
                let suffixes: Vec<String> =
                    scope.instances(*block).into_iter().map(|instance| instance.suffix).collect();
                if suffixes.iter().any(|suffix| !suffix.is_empty()) {
                    repeated.insert([scope.scope.prefix.as_str(), &id(block.part)].concat(), suffixes);
                }
            }
        }
        repeated
    }
}

/// What a block is called within its folder.
pub(super) fn id(block: &Block) -> String {
    match (block.ident.value().as_str(), labels(block).as_slice()) {
        ("resource", [kind, name]) => [kind, ".", name].concat(),
        (kind, names) => [kind, ".", names.first().copied().unwrap_or_default()].concat(),
    }
}

impl<'a> In<'_, 'a> {
    /// The instances of a block: one where nothing repeats it, or where it is not known how often it is; none where
    /// `count` says so.
    pub(super) fn instances(self, block: Placed<'a, Block>) -> Vec<Instance> {
        let argument = |name: &str| {
            let argument = block.part.body.get_attribute(name)?;
            Some(self.decided(self.value(&argument.value, block.base)))
        };
        if let Some(count) = argument("count") {
            let known = count.as_str().and_then(|count| count.parse::<usize>().ok());
            return match known {
                Some(1) => Instance::only(Some(Instance::of_number(0, count.span))),
                Some(several) if several <= MOST => (0..several)
                    .map(|index| Instance {
                        suffix: format!("[{index}]"),
                        bound: Some(Instance::of_number(index, count.span)),
                    })
                    .collect(),
                _ => Instance::only(None),
            };
        }
        let known = argument("for_each").and_then(|from| of_each(&from));
        known.filter(|all| !all.is_empty() && all.len() <= MOST).unwrap_or_else(|| Instance::only(None))
    }

    /// What something comes to for an instance of a block.
    pub(super) fn within<T>(self, bound: Option<&(&'static str, Node)>, make: impl FnOnce() -> T) -> T {
        let names = bound.into_iter().map(|(name, node)| (SmolStr::from(*name), node.clone()));
        self.values.binding(names, make)
    }
}

/// The instances for the keys of a map or for the members of a set. Nothing where not all of them are known.
fn of_each(from: &Node) -> Option<Vec<Instance>> {
    match &from.value {
        Value::Map(entries) if is_plain(entries) => entries
            .iter()
            .map(|(key, entry)| Instance::of_key(&text(key.as_str().into(), entry.key), &entry.node))
            .collect(),
        Value::List(items) => items.iter().map(|item| Instance::of_key(item, item)).collect(),
        _ => None,
    }
}

/// A name and what chooses an instance of it.
pub(super) fn chosen(name: &str) -> (&str, &str) {
    name.find('[').map_or((name, ""), |at| name.split_at(at))
}

/// The names of the modules and of the resource in an address, each with what chooses its instance.
pub(super) fn label(address: &str) -> SmolStr {
    let (mut depth, mut place, mut label) = (0_usize, 0_usize, String::new());
    for letter in address.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter == '.' && depth == 0 {
            place += 1;
            if place > 1 && place % 2 == 1 {
                label.push('.');
            }
        } else if place % 2 == 1 {
            label.push(letter);
        }
    }
    label.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_the_names_with_what_chooses_among_instances() {
        assert_eq!(label("aws_lambda_function.read"), "read");
        assert_eq!(label("aws_lambda_function.read[\"a.b\"]"), "read[\"a.b\"]");
        assert_eq!(label("module.x[\"k\"].module.y.aws_lambda_function.f[0]"), "x[\"k\"].y.f[0]");
    }
}
