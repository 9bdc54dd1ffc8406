//! Policy templates of the serverless transform in the place of statements, where one grants exactly the same.

use super::model::PolicyTemplateUse;
use crate::infra::{PolicyTemplate, policy_templates};
use crate::policy::{ActionFacts, Document, Pattern, Patterns, Statement};
use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// An action on a resource.
type Cell = (SmolStr, TemplateString);

/// The policy templates that grant a part of the document and nothing else, and the rest of the document.
pub fn with_templates(document: Document, facts: &dyn ActionFacts) -> (Vec<PolicyTemplateUse>, Document) {
    let mut rest = cells(&document);
    let mut used: Vec<(usize, PolicyTemplateUse)> = vec![];
    let mut found: Vec<(Vec<Cell>, PolicyTemplateUse)> = vec![];
    for (name, template) in policy_templates() {
        let [parameter] = template.parameters.as_slice() else { continue };
        for argument in arguments(template, parameter, &rest) {
            let Some(granted) = granted(template, &argument, facts) else { continue };
            if granted.iter().all(|cell| rest.contains(cell)) {
                let name = name.as_str().into();
                let parameter = parameter.as_str().into();
                found.push((granted, PolicyTemplateUse { name, parameter, argument }));
            }
        }
    }
    found.sort_by_key(|(granted, _)| std::cmp::Reverse(granted.len()));
    for (granted, template) in found {
        if granted.iter().all(|cell| rest.contains(cell)) {
            rest.retain(|cell| !granted.contains(cell));
            used.push((used.len(), template));
        }
    }
    let document = if used.is_empty() { document } else { narrowed(document, &rest) };
    (used.into_iter().map(|(_, template)| template).collect(), document)
}

/// What the statements without conditions grant.
fn cells(document: &Document) -> Vec<Cell> {
    let plain = document.statements.iter().filter(|statement| {
        statement.conditions.is_empty() && !statement.actions.negated && !statement.resources.negated
    });
    let mut cells = vec![];
    for statement in plain {
        for action in &statement.actions.list {
            let Some(name) = action.text.as_literal() else { continue };
            cells
                .extend(statement.resources.list.iter().map(|resource| (name.into(), resource.text.clone())));
        }
    }
    cells
}

/// The document without what the templates grant. A statement of which they grant a part is written anew.
fn narrowed(document: Document, rest: &[Cell]) -> Document {
    let mut statements: Vec<Statement> = vec![];
    for statement in document.statements {
        if !statement.conditions.is_empty() || statement.actions.negated || statement.resources.negated {
            statements.push(statement);
            continue;
        }
        for resource in &statement.resources.list {
            let stays = |action: &&Pattern| {
                action
                    .text
                    .as_literal()
                    .is_some_and(|name| rest.contains(&(name.into(), resource.text.clone())))
            };
            let actions: Vec<Pattern> = statement.actions.list.iter().filter(stays).cloned().collect();
            let same = |other: &&mut Statement| {
                other.conditions.is_empty() && other.sid == statement.sid && other.actions.list == actions
            };
            if actions.is_empty() {
                continue;
            }
            match statements.iter_mut().find(same) {
                Some(known) => known.resources.list.push(resource.clone()),
                None => statements.push(Statement {
                    actions: Patterns { negated: false, list: actions },
                    resources: Patterns { negated: false, list: vec![resource.clone()] },
                    ..statement.clone()
                }),
            }
        }
    }
    Document { statements, ..document }
}

/// What the parameter may be, going by the resources that are needed.
fn arguments(template: &PolicyTemplate, parameter: &str, cells: &[Cell]) -> Vec<TemplateString> {
    let mut arguments: Vec<TemplateString> = vec![];
    for text in template.statements.iter().flat_map(|statement| &statement.resources) {
        let pattern = filled(text, &Hole::Parameter(parameter.into()).into());
        for argument in cells.iter().filter_map(|(_, resource)| unified(&pattern, parameter, resource)) {
            if !argument.is_empty() && !arguments.contains(&argument) {
                arguments.push(argument);
            }
        }
    }
    arguments
}

/// Everything that a template grants for an argument; `None` where that is not plain.
fn granted(
    template: &PolicyTemplate,
    argument: &TemplateString,
    facts: &dyn ActionFacts,
) -> Option<Vec<Cell>> {
    let mut granted = vec![];
    for statement in &template.statements {
        if !statement.conditions.is_empty() {
            return None;
        }
        for action in &statement.actions {
            let actions =
                if action.contains('*') { facts.expand(action) } else { vec![action.as_str().into()] };
            for resource in &statement.resources {
                let resource = filled(resource, argument);
                granted.extend(actions.iter().map(|action| (action.clone(), resource.clone())));
            }
        }
    }
    (!granted.is_empty()).then_some(granted)
}

/// A text of a template with its only parameter in place.
fn filled(text: &str, argument: &TemplateString) -> TemplateString {
    let text = text.replace("${AWS::Partition}", "${Partition}");
    let text = text.replace("${AWS::Region}", "${Region}").replace("${AWS::AccountId}", "${Account}");
    TemplateString::filled(&text, |_| argument.clone())
}

/// What stands in the parameter's place in `text`, where the rest of it is the same.
fn unified(pattern: &TemplateString, parameter: &str, text: &TemplateString) -> Option<TemplateString> {
    let hole = Piece::Hole(Hole::Parameter(parameter.into()));
    let at = pattern.pieces().iter().position(|piece| *piece == hole)?;
    let (before, behind) = pattern.pieces().split_at_checked(at)?;
    let mut rest = text.clone();
    for piece in before {
        rest = match piece {
            Piece::Text(known) => rest.strip_prefix(known)?,
            Piece::Hole(_) => {
                let (first, others) = rest.pieces().split_first()?;
                if first != piece {
                    return None;
                }
                joined(others)
            }
        };
    }
    match behind.split_first()?.1 {
        [] => Some(rest),
        [Piece::Text(end)] => {
            let (last, others) = rest.pieces().split_last()?;
            let Piece::Text(last) = last else { return None };
            let mut argument = joined(others);
            argument.push_str(last.strip_suffix(end.as_str())?);
            Some(argument)
        }
        _ => None,
    }
}

fn joined(pieces: &[Piece]) -> TemplateString {
    let mut text = TemplateString::new();
    for piece in pieces {
        match piece {
            Piece::Text(known) => text.push_str(known),
            Piece::Hole(hole) => text.push_hole(hole.clone()),
        }
    }
    text
}
