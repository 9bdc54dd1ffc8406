//! Policies in Terraform's language.

use crate::infra::{Deployment, Dialect, Part};
use crate::policy::{Document, Effect, Patterns, Statement};
use crate::text::{SmolStr, TemplateString};

/// Writes texts with the references of Terraform.
pub(crate) struct Hcl<'a> {
    /// The deployment that the texts refer to.
    pub(crate) deployment: &'a Deployment,
}

impl Hcl<'_> {
    /// A text as an expression.
    pub(crate) fn text(&self, text: &TemplateString) -> String {
        let parts = self.deployment.parts(text, Dialect::Terraform);
        if let [part] = parts.as_slice()
            && let Some(reference) = self.reference(part)
        {
            return reference;
        }
        let mut quoted = String::from('"');
        for part in &parts {
            match (self.reference(part), part) {
                (Some(reference), _) => quoted.extend(["${", &reference, "}"]),
                (None, Part::Variable(name)) => quoted.extend(["$${", name, "}"]),
                (None, Part::Text(text)) => quoted.push_str(&escaped(text)),
                (None, _) => {}
            }
        }
        quoted.push('"');
        quoted
    }

    fn reference(&self, part: &Part) -> Option<String> {
        Some(match part {
            Part::Attribute { id, attribute } => format!("{id}.{attribute}"),
            Part::Parameter(name) if name.contains('.') => name.to_string(),
            Part::Parameter(name) => format!("var.{name}"),
            Part::Account => self.own("account"),
            Part::Region => self.own("region"),
            Part::Partition => self.own("partition"),
            Part::Text(_) | Part::Variable(_) => return None,
        })
    }

    fn own(&self, word: &str) -> String {
        self.deployment.own_names.get(word).map_or_else(
            || OWN.iter().find(|(own, ..)| *own == word).map_or_else(String::new, own_name),
            SmolStr::to_string,
        )
    }

    /// The data sources that a document mentions and that the deployment does not declare.
    pub(crate) fn undeclared(&self, written: &str) -> Vec<String> {
        let missing = OWN
            .iter()
            .filter(|own| !self.deployment.own_names.contains_key(own.0) && written.contains(&own_name(own)));
        missing.map(|(_, kind, _)| format!("data \"{kind}\" \"current\" {{}}\n\n")).collect()
    }

    /// The blocks of a policy document.
    pub(crate) fn statements(&self, document: &Document, indent: usize) -> String {
        let blocks: Vec<String> =
            document.statements.iter().map(|statement| self.statement(statement, indent)).collect();
        blocks.join("\n")
    }

    fn statement(&self, statement: &Statement, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let mut arguments = vec![];
        if let Some(sid) = &statement.sid {
            arguments.push(("sid", format!("\"{}\"", escaped(sid))));
        }
        if statement.effect == Effect::Deny {
            arguments.push(("effect", "\"Deny\"".to_owned()));
        }
        arguments.push(self.patterns(["actions", "not_actions"], &statement.actions, indent + 2));
        arguments.push(self.patterns(["resources", "not_resources"], &statement.resources, indent + 2));
        let mut text = format!("{pad}statement {{\n{}", aligned(&arguments, indent + 2));
        for condition in &statement.conditions {
            let values: Vec<&TemplateString> = condition.values.iter().collect();
            let arguments = [
                ("test", format!("\"{}\"", escaped(&condition.operator))),
                ("variable", format!("\"{}\"", escaped(&condition.key))),
                ("values", self.list(&values, indent + 4)),
            ];
            text.extend(["\n", &pad, "  condition {\n", &aligned(&arguments, indent + 4), &pad, "  }\n"]);
        }
        text.extend([&pad, "}\n"]);
        text
    }

    /// The document as a call of `jsonencode`; every line but the first begins with `indent` spaces.
    pub(crate) fn encoded(&self, document: &Document, indent: usize) -> String {
        let pad = " ".repeat(indent);
        let statements: Vec<String> =
            document.statements.iter().map(|statement| self.object(statement, &pad)).collect();
        let version = document.version.as_deref().unwrap_or("2012-10-17");
        let statements = statements.concat();
        format!(
            "jsonencode({{\n{pad}  Version = \"{version}\"\n{pad}  Statement = [\n{statements}{pad}  ]\n{pad}}})"
        )
    }

    fn object(&self, statement: &Statement, pad: &str) -> String {
        let indent = pad.len() + 6;
        let mut arguments = vec![];
        if let Some(sid) = &statement.sid {
            arguments.push(("Sid", format!("\"{}\"", escaped(sid))));
        }
        let effect = if statement.effect == Effect::Deny { "\"Deny\"" } else { "\"Allow\"" };
        arguments.push(("Effect", effect.to_owned()));
        arguments.push(self.patterns(["Action", "NotAction"], &statement.actions, indent));
        arguments.push(self.patterns(["Resource", "NotResource"], &statement.resources, indent));
        // A list of one is written as the one.
        for (_, value) in &mut arguments {
            if let Some(only) = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
                && !value.contains('\n')
            {
                *value = only.to_owned();
            }
        }
        let conditions: Vec<String> = statement
            .conditions
            .iter()
            .map(|condition| {
                let values: Vec<&TemplateString> = condition.values.iter().collect();
                let values = self.list(&values, indent + 4);
                let (operator, key) = (&condition.operator, escaped(&condition.key));
                format!("{operator} = {{ \"{key}\" = {values} }}")
            })
            .collect();
        if !conditions.is_empty() {
            arguments.push(("Condition", format!("{{ {} }}", conditions.join(", "))));
        }
        format!("{pad}    {{\n{}{pad}    }},\n", aligned(&arguments, indent))
    }

    fn patterns<'n>(
        &self,
        [plain, negated]: [&'n str; 2],
        patterns: &Patterns,
        indent: usize,
    ) -> (&'n str, String) {
        let texts: Vec<&TemplateString> = patterns.list.iter().map(|pattern| &pattern.text).collect();
        (if patterns.negated { negated } else { plain }, self.list(&texts, indent))
    }

    fn list(&self, texts: &[&TemplateString], indent: usize) -> String {
        let texts: Vec<String> = texts.iter().map(|text| self.text(text)).collect();
        if let [only] = texts.as_slice() {
            return format!("[{only}]");
        }
        let pad = " ".repeat(indent);
        let lines: Vec<String> = texts.iter().map(|text| format!("{pad}  {text},\n")).collect();
        let lines = lines.concat();
        format!("[\n{lines}{pad}]")
    }
}

/// What stands for the deployment's own account, region and partition: the word, the data source, its attribute.
const OWN: &[(&str, &str, &str)] = &[
    ("account", "aws_caller_identity", "account_id"),
    ("region", "aws_region", "name"),
    ("partition", "aws_partition", "partition"),
];

fn own_name((_, kind, attribute): &(&str, &str, &str)) -> String {
    format!("data.{kind}.current.{attribute}")
}

/// Arguments, one a line; the signs of those that stand together are below each other.
fn aligned(arguments: &[(&str, String)], indent: usize) -> String {
    let pad = " ".repeat(indent);
    let width = |group: &[(&str, String)]| group.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    let mut rest = arguments;
    while !rest.is_empty() {
        // An argument of several lines ends a group.
        let end = rest.iter().position(|(_, value)| value.contains('\n')).map_or(rest.len(), |at| at.max(1));
        let (group, behind) = rest.split_at(end.min(rest.len()));
        let width = width(group);
        for (name, value) in group {
            text.extend([format!("{pad}{name:width$} = {value}\n")]);
        }
        rest = behind;
    }
    text
}

/// Text within quotes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace("${", "$${")
        .replace("%{", "%%{")
        .replace('\n', "\\n")
}
