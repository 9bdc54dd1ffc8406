//! `--format cdk` and `--format cdk-python`: statements for the role of the function's construct.

use super::{Made, made, without_itself};
use crate::infra::{Deployment, Dialect, Part};
use crate::policy::{Document, Effect, Statement};
use crate::report::{Context, Format, Generate};
use crate::text::TemplateString;

/// The format for TypeScript.
pub(in crate::report) const TYPESCRIPT: Format = Format {
    dialect: Some(Dialect::Cdk),
    generate: Some(|context, answer| generate(context, answer, &TypeScript)),
    ..Format::named("cdk")
};

/// The format for Python.
pub(in crate::report) const PYTHON: Format = Format {
    dialect: Some(Dialect::Cdk),
    generate: Some(|context, answer| generate(context, answer, &Python)),
    ..Format::named("cdk-python")
};

/// How a language says it.
trait Language {
    /// What begins a comment.
    fn mark(&self) -> &'static str;
    /// A name as the language spells variables and members.
    fn name(&self, name: &str) -> String;
    /// A text with the references in it.
    fn text(&self, parts: &[(String, bool)]) -> String;
    /// A statement; `arguments` are its members.
    fn statement(&self, arguments: &[(&str, String)]) -> String;
    /// A map of texts to texts.
    fn map(&self, pairs: &[(String, String)]) -> String;
    /// Adds statements to the role of a function.
    fn add(&self, function: &str, statement: &str) -> String;
    /// A policy beside the function, for what mentions the function itself.
    fn policy(&self, name: &str, function: &str, statements: &str) -> String;
}

fn generate(context: &Context<'_>, generate: &Generate<'_>, language: &dyn Language) -> String {
    let nothing = Deployment::default();
    let all = made(generate, &nothing);
    all.iter().map(|made| part(context, made, language)).collect::<Vec<_>>().join("\n")
}

fn part(context: &Context<'_>, made: &Made<'_>, language: &dyn Language) -> String {
    let mut text = made.notes(context, language.mark(), Dialect::Cdk);
    let function =
        language.name(&variable(made.declared.map_or(&made.function.name, |declared| &declared.id)));
    for policy in &made.synthesis.policies {
        let (within, of_itself) = without_itself(made, policy);
        for statement in statements(made, &within, language) {
            text.push_str(&language.add(&function, &statement));
        }
        if !of_itself.statements.is_empty() {
            let statements = statements(made, &of_itself, language).concat();
            text.push_str(&language.policy(&made.identifier(), &function, &statements));
        }
    }
    text
}

fn statements(made: &Made<'_>, document: &Document, language: &dyn Language) -> Vec<String> {
    document.statements.iter().map(|statement| self::statement(made, statement, language)).collect()
}

fn statement(made: &Made<'_>, statement: &Statement, language: &dyn Language) -> String {
    let text = |text: &TemplateString| language.text(&parts(made, text, language));
    let list = |texts: Vec<String>| {
        if let [only] = texts.as_slice() {
            return format!("[{only}]");
        }
        let lines: Vec<String> = texts.iter().map(|text| format!("    {text},\n")).collect();
        let lines = lines.concat();
        format!("[\n{lines}  ]")
    };
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let mut arguments = vec![];
    if let Some(sid) = &statement.sid {
        arguments.push(("sid", quoted(sid)));
    }
    if statement.effect == Effect::Deny {
        arguments.push(("effect", "iam.Effect.DENY".to_owned()));
    }
    let patterns = |patterns: &crate::policy::Patterns| {
        list(patterns.list.iter().map(|pattern| text(&pattern.text)).collect())
    };
    arguments.push((
        if statement.actions.negated { "notActions" } else { "actions" },
        patterns(&statement.actions),
    ));
    arguments.push((
        if statement.resources.negated { "notResources" } else { "resources" },
        patterns(&statement.resources),
    ));
    if !statement.conditions.is_empty() {
        let mut operators: Vec<(String, Vec<(String, String)>)> = vec![];
        for condition in &statement.conditions {
            let values: Vec<String> = condition.values.iter().map(text).collect();
            let values = if let [only] = values.as_slice() {
                only.clone()
            } else {
                format!("[{}]", values.join(", "))
            };
            let pair = (quoted(&condition.key), values);
            let operator = quoted(&condition.operator);
            match operators.iter_mut().find(|(known, _)| *known == operator) {
                Some((_, pairs)) => pairs.push(pair),
                None => operators.push((operator, vec![pair])),
            }
        }
        let operators: Vec<(String, String)> =
            operators.into_iter().map(|(operator, pairs)| (operator, language.map(&pairs))).collect();
        arguments.push(("conditions", language.map(&operators)));
    }
    language.statement(&arguments)
}

/// The parts of a text: what it says, and whether that is an expression.
fn parts(made: &Made<'_>, text: &TemplateString, language: &dyn Language) -> Vec<(String, bool)> {
    let parts = made.deployment.parts(text, Dialect::Cdk).into_iter().map(|part| match part {
        Part::Text(text) => (text.to_string(), false),
        Part::Variable(name) => (format!("${{{name}}}"), false),
        Part::Attribute { id, attribute } => {
            let attribute = if attribute.is_empty() { "ref".to_owned() } else { language.name(&attribute) };
            (format!("{}.{attribute}", language.name(&variable(&id))), true)
        }
        Part::Parameter(name) if name == "AWS::StackName" => ("cdk.Aws.STACK_NAME".to_owned(), true),
        Part::Parameter(name) => {
            (format!("{}.{}", language.name(&variable(&name)), language.name("valueAsString")), true)
        }
        Part::Account => ("cdk.Aws.ACCOUNT_ID".to_owned(), true),
        Part::Region => ("cdk.Aws.REGION".to_owned(), true),
        Part::Partition => ("cdk.Aws.PARTITION".to_owned(), true),
    });
    parts.collect()
}

/// The variable that a construct is likely to be kept in: its id without the hash that synthesis adds.
fn variable(id: &str) -> String {
    let hash = id.len().saturating_sub(8);
    let is_hash = hash > 0
        && id.get(hash..).is_some_and(|end| {
            end.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
        });
    let id = if is_hash { id.get(..hash).unwrap_or(id) } else { id };
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut characters = id.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

struct TypeScript;

impl Language for TypeScript {
    fn mark(&self) -> &'static str {
        "//"
    }

    fn name(&self, name: &str) -> String {
        name.to_owned()
    }

    fn text(&self, parts: &[(String, bool)]) -> String {
        match parts {
            [(expression, true)] => expression.clone(),
            _ if parts.iter().all(|(_, is_expression)| !is_expression) => {
                serde_json::to_string(&parts.iter().map(|(text, _)| text.as_str()).collect::<String>())
                    .unwrap_or_default()
            }
            _ => {
                let part = |(text, is_expression): &(String, bool)| {
                    if *is_expression {
                        format!("${{{text}}}")
                    } else {
                        text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${")
                    }
                };
                format!("`{}`", parts.iter().map(part).collect::<String>())
            }
        }
    }

    fn statement(&self, arguments: &[(&str, String)]) -> String {
        let lines: Vec<String> =
            arguments.iter().map(|(name, value)| format!("  {name}: {value},\n")).collect();
        let lines = lines.concat();
        format!("new iam.PolicyStatement({{\n{lines}}})")
    }

    fn map(&self, pairs: &[(String, String)]) -> String {
        let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{ {} }}", pairs.join(", "))
    }

    fn add(&self, function: &str, statement: &str) -> String {
        format!("{function}.addToRolePolicy({statement});\n")
    }

    fn policy(&self, name: &str, function: &str, statements: &str) -> String {
        let separated = statements.replace(")new iam", "), new iam");
        format!(
            "new iam.Policy(this, \"{name}OwnPolicy\", {{ roles: [{function}.role!], statements: [{separated}] }});\n"
        )
    }
}

struct Python;

impl Language for Python {
    fn mark(&self) -> &'static str {
        "#"
    }

    fn name(&self, name: &str) -> String {
        let mut snake = String::new();
        for character in name.chars() {
            if character.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
                snake.push('_');
            }
            snake.push(character.to_ascii_lowercase());
        }
        snake
    }

    fn text(&self, parts: &[(String, bool)]) -> String {
        match parts {
            [(expression, true)] => expression.clone(),
            _ => {
                let any = parts.iter().any(|(_, is_expression)| *is_expression);
                let part = |(text, is_expression): &(String, bool)| match (is_expression, any) {
                    (true, _) => format!("{{{text}}}"),
                    (false, true) => {
                        text.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "{{").replace('}', "}}")
                    }
                    (false, false) => text.replace('\\', "\\\\").replace('"', "\\\""),
                };
                let text: String = parts.iter().map(part).collect();
                if any { format!("f\"{text}\"") } else { format!("\"{text}\"") }
            }
        }
    }

    fn statement(&self, arguments: &[(&str, String)]) -> String {
        let lines: Vec<String> =
            arguments.iter().map(|(name, value)| format!("  {}={value},\n", self.name(name))).collect();
        let lines = lines.concat();
        format!("iam.PolicyStatement(\n{lines})")
    }

    fn map(&self, pairs: &[(String, String)]) -> String {
        let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}: {value}")).collect();
        format!("{{{}}}", pairs.join(", "))
    }

    fn add(&self, function: &str, statement: &str) -> String {
        format!("{function}.add_to_role_policy({statement})\n")
    }

    fn policy(&self, name: &str, function: &str, statements: &str) -> String {
        let separated = statements.replace(")iam.", "), iam.");
        format!("iam.Policy(self, \"{name}OwnPolicy\", roles=[{function}.role], statements=[{separated}])\n")
    }
}
