//! `--format terraform`: a policy document for each function, and the resource that puts it into the role.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::parser::parse_body;
use hcl_edit::structure::Body;

use super::edit::Edit;
use super::hcl::Hcl;
use super::write::{Change, Rewriting};
use super::{Made, made};
use crate::infra::{Deployment, Dialect, HeldPolicy};
use crate::report::{Context, Format, Generate};
use crate::text::{FileId, Site, Span};

/// The format.
pub(in crate::report) const FORMAT: Format =
    Format { dialect: Some(Dialect::Terraform), generate: Some(generate), ..Format::named("terraform") };

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let nothing = Deployment::default();
    let all = made(generate, &nothing);
    let text: String = all.iter().map(|made| part(context, made)).collect::<Vec<_>>().join("\n");
    let home = all.iter().find(|made| made.deployment.dialect == Dialect::Terraform);
    let undeclared = Hcl { deployment: home.map_or(&nothing, |made| made.deployment) }.undeclared(&text);
    undeclared.concat() + &text
}

/// What is written for a function.
fn part(context: &Context<'_>, made: &Made<'_>) -> String {
    made.notes(context, "#", Dialect::Terraform) + &blocks(made)
}

/// The blocks of a function.
fn blocks(made: &Made<'_>) -> String {
    let mut text = String::new();
    let hcl = Hcl { deployment: made.deployment };
    let several = made.synthesis.policies.len() > 1;
    for (policy, number) in made.synthesis.policies.iter().zip(1..) {
        let mut label = label(made);
        if several {
            label.push_str(&number.to_string());
        }
        let statements = hcl.statements(&policy.document, 2);
        text.extend([format!("data \"aws_iam_policy_document\" \"{label}\" {{\n{statements}}}\n")]);
        if let Some(role) = made.role(Dialect::Terraform) {
            text.push('\n');
            text.extend([format!(
                "resource \"aws_iam_role_policy\" \"{label}\" {{\n  name   = \"{label}\"\n  role   = {role}.id\n  \
                 policy = data.aws_iam_policy_document.{label}.json\n}}\n"
            )]);
        }
    }
    text
}

/// A label for the blocks of a function: its name with words apart.
fn label(made: &Made<'_>) -> String {
    let mut label = String::new();
    for character in made.function.name.chars() {
        if character.is_ascii_uppercase() && label.ends_with(|last: char| last.is_ascii_lowercase()) {
            label.push('_');
        }
        label.push(if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' });
    }
    let starts = label.starts_with(|character: char| character.is_ascii_alphabetic());
    if starts { label } else { format!("function_{label}") }
}

/// The changes that make a role hold what is needed: in the data source or expression that its statements stand in, or
/// below the function where it has none.
pub(super) fn changes(rewriting: &Rewriting<'_>) -> Result<Vec<Change>, String> {
    let made = &rewriting.made;
    let hcl = Hcl { deployment: made.deployment };
    if made.declared.is_some_and(|declared| declared.id.starts_with("module.")) {
        return Err("a module declares the role, which others may call too".to_owned());
    }
    if made.declared.and_then(|declared| declared.role.as_deref()).is_some_and(|role| role.contains('[')) {
        return Err("one block declares the role for several keys".to_owned());
    }
    let document = made.synthesis.policies.first().map(|policy| &policy.document);
    let replaced: Vec<&HeldPolicy> = rewriting
        .role
        .policies
        .iter()
        .filter(|policy| !rewriting.kept.iter().any(|kept| std::ptr::eq(*kept, *policy)))
        .collect();
    match replaced.as_slice() {
        [] => {
            let site = made.function.template.ok_or("the function is not declared")?;
            let source = rewriting.sources.get(site.file).ok_or("the template is not at hand")?;
            let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
            let text = blocks(made);
            let text = format!("\n{}{text}", rewriting.new_blocks(hcl.undeclared(&text)).concat());
            Ok(vec![(site.file, vec![Edit { span: Span::new(end, end), text }])])
        }
        [only] => {
            let document = document.ok_or("nothing is needed: the policy can be taken out")?;
            let sites: Vec<Site> = only.document.statements.iter().filter_map(|each| each.site).collect();
            let file = sites.first().map_or(only.site.file, |site| site.file);
            let source = rewriting.sources.get(file).ok_or("the file is not at hand")?;
            let place = place(source.text(), &sites, file)?;
            let text = match place.form {
                Form::Blocks => hcl.statements(document, 2).trim_end().to_owned(),
                Form::Call => hcl.encoded(document, place.indent),
            };
            let mut edits = vec![Edit { span: place.span, text: text.clone() }];
            let undeclared = rewriting.new_blocks(hcl.undeclared(&text)).concat();
            if !undeclared.is_empty() {
                let end = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
                let text = format!("\n{}", undeclared.trim_end());
                edits.push(Edit { span: Span::new(end, end), text: text + "\n" });
            }
            Ok(vec![(file, edits)])
        }
        _ => Err("the statements of the role stand in several places".to_owned()),
    }
}

/// How statements are written.
enum Form {
    /// As blocks of a data source.
    Blocks,
    /// As an argument of `jsonencode`.
    Call,
}

/// Where statements stand.
struct Place {
    span: Span,
    form: Form,
    indent: usize,
}

/// The part of a file that holds all of the statements and nothing else.
fn place(text: &str, sites: &[Site], file: FileId) -> Result<Place, String> {
    let body = parse_body(text).map_err(|_| "the file cannot be read".to_owned())?;
    let inside = |range: &std::ops::Range<usize>| {
        sites.iter().all(|site| {
            site.file == file
                && range.start <= site.span.start as usize
                && site.span.end as usize <= range.end
        })
    };
    let span = |range: std::ops::Range<usize>| {
        Span::new(u32::try_from(range.start).unwrap_or(0), u32::try_from(range.end).unwrap_or(0))
    };
    for block in body.blocks() {
        let Some(range) = block.span().filter(&inside) else { continue };
        let is_document =
            block.labels.first().is_some_and(|label| label.as_str() == "aws_iam_policy_document");
        if is_document {
            let mut statements = block.body.get_blocks("statement").filter_map(hcl_edit::Span::span);
            let first = statements.next().ok_or("the data source has no statement of its own")?;
            let last = statements.last().unwrap_or_else(|| first.clone());
            let start = text
                .get(..first.start)
                .and_then(|before| before.rfind('\n'))
                .map_or(first.start, |line| line + 1);
            return Ok(Place { span: span(start..last.end), form: Form::Blocks, indent: 2 });
        }
        if let Some(found) = call_in(&block.body, &inside) {
            let line =
                text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |line| line + 1);
            let indent = range.start - line + 2;
            return Ok(Place { span: span(found), form: Form::Call, indent });
        }
    }
    Err("the statements are not written out where they can be changed".to_owned())
}

/// The call of `jsonencode` in a block that holds the statements.
fn call_in(body: &Body, inside: &impl Fn(&std::ops::Range<usize>) -> bool) -> Option<std::ops::Range<usize>> {
    let encoded = |expression: &Expression| match expression {
        Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" => call.span(),
        _ => None,
    };
    let own = body.attributes().filter_map(|attribute| encoded(&attribute.value));
    let mut own = own.collect::<Vec<_>>();
    own.extend(body.blocks().filter_map(|block| call_in(&block.body, inside)));
    if let [only] = own.as_slice() { Some(only.clone()) } else { own.into_iter().find(|range| inside(range)) }
}
