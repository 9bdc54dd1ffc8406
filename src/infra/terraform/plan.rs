//! What `terraform show -json` says of a plan or a state, and the state's own file: resources with their values.
//!
//! What a plan does not know yet is a reference to another resource where the configuration beside the values has
//! one, else it stays open.

use indexmap::IndexMap;

use super::super::Settings;
use super::super::cloudformation::deployment;
use super::super::documents::map;
use super::super::facts::terraform_type;
use super::super::model::Deployment;
use super::super::references::Dialect;
use super::instances::label;
use super::translate;
use super::values::{refer, unknown};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Problem, Site, SmolStr, Source, Span, yaml};

/// How deep modules nest, and how often one reference leads to another.
const DEPTH: usize = 16;

/// Whether a text is a plan or a state.
pub(in crate::infra) fn shows(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && text.contains("\"terraform_version\"")
        && ["\"planned_values\"", "\"values\"", "\"resources\""].iter().any(|part| text.contains(part))
}

/// Reads a plan or a state.
pub(in crate::infra) fn read(source: &Source, file: FileId, settings: &Settings<'_>) -> Deployment {
    let (root, mut problems) = yaml::parse(source, file);
    let mut plan = Plan { configuration: root.at(&["configuration", "root_module"]), ..Plan::default() };
    let values = root.get("planned_values").or_else(|| root.get("values"));
    for part in [root.at(&["prior_state", "values"]), values].into_iter().flatten() {
        plan.module(part.get("root_module"), 0);
    }
    if values.is_none() {
        plan.state(&root);
        if plan.resources.is_empty() {
            let message = "this plan or state lists no resources".to_owned();
            problems.push(Problem { site: Site { file, span: Span::new(0, 0) }, message });
        }
    }
    plan.drop_prior(values.is_some());
    let unknown: IndexMap<&str, &Node> = root
        .get("resource_changes")
        .map(Node::one_or_many)
        .unwrap_or_default()
        .iter()
        .filter_map(|change| {
            Some((change.get("address")?.as_str()?, change.at(&["change", "after_unknown"])?))
        })
        .collect();
    let template = plan.template(&unknown);
    let mut deployment = deployment(source, file, settings, &template, problems, &|_, _| {});
    deployment.dialect = Dialect::Terraform;
    deployment.made = true;
    for function in &mut deployment.functions {
        function.label = label(&function.id);
    }
    deployment
}

/// A resource with its values.
#[derive(Clone, Copy)]
struct Instance<'a> {
    address: &'a str,
    module: &'a str,
    kind: &'a str,
    name: &'a str,
    index: Option<&'a Node>,
    is_data: bool,
    values: &'a Node,
    span: Span,
}

/// The resources of a plan and how the program makes them.
#[derive(Default)]
struct Plan<'a> {
    resources: Vec<Instance<'a>>,
    configuration: Option<&'a Node>,
}

impl<'a> Plan<'a> {
    /// Takes in a module and those inside it.
    fn module(&mut self, module: Option<&'a Node>, depth: usize) {
        let Some(module) = module.filter(|_| depth < DEPTH) else { return };
        let address = module.get("address").and_then(Node::as_str).unwrap_or_default();
        for resource in list(module, "resources") {
            let word = |key: &str| resource.get(key).and_then(Node::as_str);
            let (Some(kind), Some(name), Some(values)) =
                (word("type"), word("name"), resource.get("values").filter(|node| node.as_map().is_some()))
            else {
                continue;
            };
            self.resources.push(Instance {
                address: word("address").unwrap_or(name),
                module: address,
                kind,
                name,
                index: resource.get("index"),
                is_data: word("mode") == Some("data"),
                values,
                span: resource.span,
            });
        }
        for child in list(module, "child_modules") {
            self.module(Some(child), depth + 1);
        }
    }

    /// Takes in the file that a state is kept in.
    fn state(&mut self, root: &'a Node) {
        for resource in list(root, "resources") {
            let word = |key: &str| resource.get(key).and_then(Node::as_str);
            let (Some(kind), Some(name)) = (word("type"), word("name")) else { continue };
            for instance in list(resource, "instances") {
                let Some(values) = instance.get("attributes").filter(|node| node.as_map().is_some()) else {
                    continue;
                };
                self.resources.push(Instance {
                    address: "",
                    module: word("module").unwrap_or_default(),
                    kind,
                    name,
                    index: instance.get("index_key"),
                    is_data: word("mode") == Some("data"),
                    values,
                    span: instance.span,
                });
            }
        }
    }

    /// What was there before counts only for data sources, once there is a plan.
    fn drop_prior(&mut self, planned: bool) {
        if !planned {
            return;
        }
        let mut seen: Vec<&str> = vec![];
        let mut kept: Vec<Instance<'a>> = vec![];
        for instance in std::mem::take(&mut self.resources).into_iter().rev() {
            if !seen.contains(&instance.address) {
                seen.push(instance.address);
                kept.push(instance);
            }
        }
        kept.reverse();
        self.resources = kept;
    }

    /// The id of a resource: its address, without the index of the only instance.
    fn id(&self, instance: &Instance<'_>) -> SmolStr {
        let whole = plain(instance);
        let is_one =
            self.resources.iter().filter(|other| !other.is_data && plain(other) == whole).count() < 2;
        match instance.index.filter(|_| !is_one) {
            None => whole.into(),
            Some(index) => {
                let shown = index.as_template().unwrap_or_default().to_string();
                let is_word = matches!(index.value, Value::Text(_));
                let shown = if is_word { format!("\"{shown}\"") } else { shown };
                format!("{whole}[{shown}]").into()
            }
        }
    }

    fn template(&self, open: &IndexMap<&str, &Node>) -> Node {
        let mut resources: IndexMap<SmolStr, Entry> = IndexMap::new();
        for instance in self.resources.iter().filter(|instance| !instance.is_data) {
            let configured = self.configured(instance.module, instance.kind, instance.name);
            let mut body = instance.values.clone();
            if let Some(expressions) = configured.and_then(|known| known.get("expressions")) {
                let unknown = open.get(instance.address).copied();
                self.fill(&mut body, expressions, unknown, instance.module);
            }
            let facts = terraform_type(instance.kind);
            let mut entry = translate::resource(facts, instance.kind, &body, instance.span);
            self.unpack(&mut entry.node);
            resources.insert(self.id(instance), entry);
        }
        translate::attach(&mut resources);
        map(vec![("Resources", Node::new(Span::default(), Value::Map(resources)))], Span::default())
    }

    /// Puts what an archive is made of in its place, where a data source says it.
    fn unpack(&self, resource: &mut Node) {
        let Value::Map(parts) = &mut resource.value else { return };
        let Some(Value::Map(properties)) = parts.get_mut("Properties").map(|entry| &mut entry.node.value)
        else {
            return;
        };
        let archives = || self.resources.iter().filter(|instance| instance.kind == "archive_file");
        for key in ["Code", "Content"] {
            let Some(entry) = properties.get_mut(key) else { continue };
            let Some(path) = entry.node.as_str() else { continue };
            let mut made = archives().filter(|archive| {
                let output = archive.values.get("output_path").and_then(Node::as_str);
                output.is_some_and(|output| output.trim_start_matches("./") == path.trim_start_matches("./"))
            });
            let of = made.next().and_then(|archive| {
                let source = ["source_dir", "source_file"]
                    .into_iter()
                    .find_map(|key| archive.values.get(key)?.as_str());
                source.map(|source| Node::new(entry.node.span, Value::Text(source.into())))
            });
            entry.node = of.unwrap_or_else(|| entry.node.clone());
        }
    }

    /// What the program says of a resource.
    fn configured(&self, module: &str, kind: &str, name: &str) -> Option<&'a Node> {
        let known = list(self.inside(module)?, "resources");
        known.iter().find(|each| {
            let word = |key: &str| each.get(key).and_then(Node::as_str);
            word("type") == Some(kind) && word("name") == Some(name)
        })
    }

    /// What the program says of a module.
    fn inside(&self, module: &str) -> Option<&'a Node> {
        let mut at = self.configuration?;
        for name in names(module) {
            at = at.get("module_calls")?.get(&name)?.get("module")?;
        }
        Some(at)
    }

    /// Fills what is not known yet with what the program refers to there.
    fn fill(&self, values: &mut Node, expressions: &Node, open: Option<&Node>, module: &str) {
        let Value::Map(fields) = &mut values.value else { return };
        for (key, entry) in expressions.as_map().into_iter().flatten() {
            let open = open.and_then(|open| open.get(key));
            let known = fields.get_mut(key.as_str()).filter(|known| known.node.value != Value::Null);
            if entry.node.get("references").is_some() {
                let value = self.value(&entry.node, module, values.span);
                match known {
                    None => drop(fields.insert(key.clone(), Entry { key: entry.key, node: value })),
                    Some(known) => complete(&mut known.node, open, &value),
                }
                continue;
            }
            let Some(known) = known else { continue };
            let inner = entry.node.one_or_many();
            match &mut known.node.value {
                Value::List(items) => {
                    for (at, item) in items.iter_mut().enumerate() {
                        let open = open.and_then(|open| open.as_list()?.get(at));
                        if let Some(expressions) = inner.get(at).or(inner.first()) {
                            self.fill(item, expressions, open, module);
                        }
                    }
                }
                _ => {
                    for expressions in inner {
                        self.fill(&mut known.node, expressions, open, module);
                    }
                }
            }
        }
    }

    /// The one thing that an expression refers to.
    fn value(&self, expression: &Node, module: &str, span: Span) -> Node {
        let mut found: Vec<(String, String)> = vec![];
        self.referred(expression, module, &mut found, 0);
        found.dedup();
        match found.as_slice() {
            [(id, attribute)] => {
                let kind = id.rsplit('.').nth(1).unwrap_or_default();
                let facts = terraform_type(kind);
                refer(id, facts.map_or(attribute.as_str(), |facts| facts.attribute(attribute)), span)
            }
            _ => unknown(span),
        }
    }

    /// The attributes of resources that an expression refers to, through variables and outputs of modules.
    fn referred(&self, expression: &Node, module: &str, found: &mut Vec<(String, String)>, depth: usize) {
        let words: Vec<String> = list(expression, "references")
            .iter()
            .filter_map(|word| word.as_str().map(without_index))
            .collect();
        if depth > DEPTH {
            return;
        }
        // Behind a reference to an attribute comes the resource itself.
        let is_part = |word: &String| {
            words
                .iter()
                .any(|other| other.strip_prefix(word.as_str()).is_some_and(|rest| rest.starts_with('.')))
        };
        for word in words.iter().filter(|word| !is_part(word)) {
            let path: Vec<&str> = word.split('.').collect();
            match path.as_slice() {
                ["var", name, ..] => {
                    let mut above = names(module);
                    let Some(call) = above.pop() else { continue };
                    let parent =
                        above.iter().map(|name| format!("module.{name}")).collect::<Vec<_>>().join(".");
                    let calls =
                        self.inside(&parent).and_then(|module| module.get("module_calls")?.get(&call));
                    if let Some(given) = calls.and_then(|call| call.get("expressions")?.get(name)) {
                        self.referred(given, &parent, found, depth + 1);
                    }
                }
                ["module", name, output, ..] => {
                    let dot = if module.is_empty() { "" } else { "." };
                    let inner = [module, dot, "module.", name].concat();
                    let output =
                        self.inside(&inner).and_then(|module| module.at(&["outputs", output, "expression"]));
                    if let Some(output) = output {
                        self.referred(output, &inner, found, depth + 1);
                    }
                }
                [kind, name, rest @ ..] if kind.contains('_') => {
                    let dot = if module.is_empty() { "" } else { "." };
                    let id = [without_index(module).as_str(), dot, kind, ".", name].concat();
                    found.push((id, rest.first().copied().unwrap_or("id").to_owned()));
                }
                _ => {}
            }
        }
    }
}

/// The address of a resource without its index.
fn plain(instance: &Instance<'_>) -> String {
    let dot = if instance.module.is_empty() { "" } else { "." };
    [without_index(instance.module).as_str(), dot, instance.kind, ".", instance.name].concat()
}

/// Puts a reference where the only part of a map is that is not known yet.
fn complete(known: &mut Node, open: Option<&Node>, value: &Node) {
    let Value::Map(fields) = &mut known.value else { return };
    let is_open = |(_, entry): &(&SmolStr, &Entry)| entry.node.as_flag() == Some(true);
    let open: Vec<(&SmolStr, &Entry)> =
        open.and_then(Node::as_map).into_iter().flatten().filter(is_open).collect();
    let one = open.len() == 1;
    for (key, entry) in open {
        let node = if one { value.clone() } else { unknown(value.span) };
        fields.insert(key.clone(), Entry { key: entry.key, node });
    }
}

/// The names of the modules on the way to one (`module.a["x"].module.b`).
fn names(module: &str) -> Vec<String> {
    let plain = without_index(module);
    let parts: Vec<&str> = plain.split('.').collect();
    parts.chunks(2).filter_map(|pair| pair.get(1).map(|name| (*name).to_owned())).collect()
}

/// An address without the indexes of instances.
fn without_index(address: &str) -> String {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for letter in address.chars() {
        match letter {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => plain.push(other),
            _ => {}
        }
    }
    plain
}

fn list<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.get(key).and_then(Node::as_list).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_the_indexes_of_instances() {
        assert_eq!(without_index("module.a[\"x.y\"].aws_sqs_queue.q[0]"), "module.a.aws_sqs_queue.q");
        assert_eq!(names("module.a[\"x.y\"].module.b"), ["a", "b"]);
        assert!(names("").is_empty());
    }
}
