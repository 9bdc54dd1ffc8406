//! What names in expressions stand for: locals, variables with the defaults of their types, outputs of modules, attributes
//! of resources and of what is looked up.

use hcl_edit::expr::Expression;

use super::super::documents::{map, text};
use super::super::facts::terraform_type;
use super::instances::{ALL, chosen};
use super::known_module;
use super::values::{In, descend, hole, is_plain, refer, unknown};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span};

impl In<'_, '_> {
    /// What a path of names stands for.
    pub(super) fn named(self, path: &[&str], span: Span) -> Node {
        match path {
            ["local", name, rest @ ..] => {
                let address = [&self.scope.prefix, "local.", name].concat();
                let local = || Some(self.of(*self.scope.locals.get(name)?));
                let local = self.values.keeping(address, local);
                local.and_then(|local| self.values.part(&local, rest)).unwrap_or_else(|| unknown(span))
            }
            ["var", name, rest @ ..] => self.variable(name, rest, span),
            ["path", "module"] => text(self.scope.folder.as_str().into(), span),
            ["path", ..] => text(".".into(), span),
            ["terraform", "workspace"] => hole(Hole::Parameter("terraform.workspace".into()), span),
            ["data", "aws_caller_identity", _, "account_id" | "id"] => hole(Hole::Account, span),
            ["data", "aws_region", _, "name" | "id" | "region"] => hole(Hole::Region, span),
            ["data", "aws_partition", _, "partition" | "id"] => hole(Hole::Partition, span),
            ["data", "aws_partition", _, "dns_suffix"] => text("amazonaws.com".into(), span),
            ["data", "aws_iam_policy_document", name, "json" | "minified_json"] => {
                let document = self.scope.data.get(&("aws_iam_policy_document", *name));
                document.map_or_else(|| unknown(span), |block| self.document(*block, span))
            }
            ["data", "aws_iam_policy", name, "arn" | "id"] => self.aws_policy(name, span),
            ["data", "template_file", name, "rendered"] => self.rendered(name, span),
            ["data", "archive_file", name, ..] | ["archive_file", name, ..] => self.archived(name, span),
            ["module", name, attribute, rest @ ..] => self.output(name, attribute, rest, span),
            ["data", ..] => hole(Hole::Parameter(path.join(".").into()), span),
            [kind, name, rest @ ..] if kind.contains('_') => {
                let attribute = rest.last().copied().unwrap_or("id");
                let attribute = terraform_type(kind).map_or(attribute, |facts| facts.attribute(attribute));
                self.instance(&[kind, "."].concat(), name, attribute, span)
            }
            ["each" | "count" | "self", ..] => unknown(span),
            _ => hole(Hole::Parameter(path.join(".").into()), span),
        }
    }

    /// A reference to a resource, or to one of its instances, or to all of them.
    fn instance(self, kind: &str, name: &str, attribute: &str, span: Span) -> Node {
        let (name, chosen) = chosen(name);
        let id = [self.scope.prefix.as_str(), kind, name].concat();
        let of = |suffix: &String| refer(&[id.as_str(), suffix].concat(), attribute, span);
        match self.values.repeated.get().and_then(|repeated| repeated.get(&id)) {
            Some(all) if chosen == ALL => Node::new(span, Value::List(all.iter().map(of).collect())),
            Some(all) => all.iter().find(|known| *known == chosen).map_or_else(|| of(&String::new()), of),
            None => of(&String::new()),
        }
    }

    /// A variable: of the root, a parameter of the deployment; of a module, what it is called with.
    fn variable(self, name: &str, rest: &[&str], span: Span) -> Node {
        let address = [&self.scope.prefix, "var.", name].concat();
        let value = self.values.keeping(address, || self.given(name, span));
        match value {
            _ if self.scope.caller.is_some() => {
                value.and_then(|value| self.values.part(&value, rest)).unwrap_or_else(|| unknown(span))
            }
            Some(value) if value.as_map().is_some() || value.as_list().is_some() => {
                self.values.part(&value, rest).unwrap_or_else(|| unknown(span))
            }
            _ => map(vec![("Ref", text(name.into(), span))], span),
        }
    }

    /// What a variable is given, else its default.
    fn given(self, name: &str, span: Span) -> Option<Node> {
        let variable = self.scope.variables.get(name);
        let part = |part: &str| Some((variable?.part.body.get_attribute(part)?, variable?.base));
        let default = || part("default").map(|(default, base)| self.value(&default.value, base));
        let given = match self.scope.caller {
            None => self.scope.given(name).map(|given| self.value(given, usize::MAX)),
            Some((parent, call)) => {
                let given = call.part.body.get_attribute(name).zip(self.at(parent));
                let open = [("each", unknown(span)), ("count", unknown(span))];
                let names = open.into_iter().chain(self.scope.bound.clone());
                let names = names.map(|(name, node)| (SmolStr::from(name), node));
                given
                    .map(|(given, parent)| {
                        self.values.binding(names, || parent.value(&given.value, call.base))
                    })
                    .filter(|given| given.value != Value::Null)
            }
        };
        let mut value = given.or_else(default)?;
        if let Some((shape, base)) = part("type") {
            self.complete(&mut value, &shape.value, base);
        }
        Some(value)
    }

    /// Adds the parts of an object that its type makes optional, with the defaults stated there.
    fn complete(self, value: &mut Node, shape: &Expression, base: usize) {
        let Expression::FuncCall(call) = shape else { return };
        let mut arguments = call.args.iter();
        match (call.name.name.value().as_str(), arguments.next(), &mut value.value) {
            ("object", Some(Expression::Object(fields)), Value::Map(entries)) if is_plain(entries) => {
                for (key, field) in fields {
                    let Some((key, at)) = self.key(key, base) else { continue };
                    let is_stated = entries.get(&key).is_some_and(|entry| entry.node.value != Value::Null);
                    if let (false, Some(node)) = (is_stated, self.optional(field.expr(), base)) {
                        entries.insert(key.clone(), Entry { key: at, node });
                    }
                    if let Some(entry) = entries.get_mut(&key) {
                        self.complete(&mut entry.node, field.expr(), base);
                    }
                }
            }
            ("map", Some(each), Value::Map(entries)) if is_plain(entries) => {
                for entry in entries.values_mut() {
                    self.complete(&mut entry.node, each, base);
                }
            }
            ("list" | "set", Some(each), Value::List(items)) => {
                for item in items {
                    self.complete(item, each, base);
                }
            }
            ("optional", Some(inner), _) => self.complete(value, inner, base),
            _ => {}
        }
    }

    /// The default of an optional part of an object.
    fn optional(self, shape: &Expression, base: usize) -> Option<Node> {
        let Expression::FuncCall(call) = shape else { return None };
        let default = call.args.iter().nth(1).filter(|_| call.name.name.value().as_str() == "optional")?;
        Some(self.value(default, base))
    }

    /// An output of a module: of one of the project, its value; of one that is known, an attribute of its resource.
    fn output(self, name: &str, attribute: &str, rest: &[&str], span: Span) -> Node {
        let (plain, index) = chosen(name);
        let all = self.scope.modules.iter().filter(|(name, _)| chosen(name).0 == plain);
        let value = |module: Self| {
            let output = module.scope.outputs.get(attribute)?;
            let value = output.part.body.get_attribute("value")?;
            descend(&module.value(&value.value, output.base), rest)
        };
        let mut values = all.filter_map(|(known, at)| Some((known, self.at(*at)?))).peekable();
        if values.peek().is_none() {
            let facts = self.scope.sources.get(plain).and_then(|source| known_module(source));
            let open = || hole(Hole::Parameter(["module.", plain, ".", attribute].concat().into()), span);
            return facts.map_or_else(open, |(_, facts)| {
                self.instance("module.", name, facts.attribute(attribute), span)
            });
        }
        if index == ALL {
            return Node::new(span, Value::List(values.filter_map(|(_, module)| value(module)).collect()));
        }
        let found = values.find(|(known, _)| *known == name || *known == plain);
        found.and_then(|(_, module)| value(module)).unwrap_or_else(|| unknown(span))
    }
}
