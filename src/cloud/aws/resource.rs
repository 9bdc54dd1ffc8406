//! A rule's ARN template and a call's arguments → the resources that the request is checked against.

use crate::catalog::{
    Answer, ArnPiece, ArnTemplate, Filter, Filtered, ParameterHole, Path, Presence, Request, Rule, When,
};
use crate::flow::{Argument, Record};
use crate::text::{Hole, TemplateString};

use super::super::{Resolution, Resource};
use super::names::Names;
use super::request::{Arguments, Chosen};

/// How many resources one template may come to before the rest is one with a wildcard.
const MAX_CHOICES: usize = 64;

/// An ARN as it is put together.
#[derive(Clone)]
struct Draft {
    arn: TemplateString,
    resolution: Resolution,
    /// Text of the template that an ARN as argument already ends in.
    behind: Option<&'static str>,
}

/// Which texts of an argument count: those for which the condition holds, at least that surely, and of which the rule may
/// be about.
#[derive(Clone, Copy)]
struct Only<'a, 'w> {
    when: Option<&'a When<'w>>,
    least: Answer,
    rule: Option<&'a When<'w>>,
}

/// What is needed to fill templates for one call.
pub(super) struct Filler<'a> {
    pub(super) arguments: &'a Arguments<'a>,
    pub(super) client: &'a Record,
    pub(super) names: Names<'a>,
}

impl Filler<'_> {
    /// The resources that a template comes to. Of an argument that may be several texts those count that meet the
    /// condition; where nothing tells whether any does, those that do for sure once their names are resolved.
    pub(super) fn resources(&self, kind: &str, template: &str, when: Option<&str>) -> Vec<Resource> {
        self.filled(kind, template, when, None)
    }

    fn filled(&self, kind: &str, template: &str, when: Option<&str>, rule: Option<&str>) -> Vec<Resource> {
        let template = ArnTemplate::parse(template);
        let when = when.map(When::parse);
        let rule = rule.map(When::parse);
        let mut only = Only { when: when.as_ref(), least: Answer::Maybe, rule: rule.as_ref() };
        if let Some(when) = &when {
            let mut meant = when.holds(self.arguments);
            if meant == Answer::Maybe {
                meant = when.holds(&self.arguments.strict());
            }
            if meant == Answer::Maybe && template.paths().any(|path| when.paths().any(|asked| asked == path))
            {
                only.least = Answer::Yes;
            } else if meant != Answer::Yes {
                return vec![];
            }
        }
        if template.is_any() {
            return vec![any(kind)];
        }
        let mut drafts =
            vec![Draft { arn: TemplateString::new(), resolution: Resolution::Literal, behind: None }];
        for piece in template.pieces() {
            drafts = self.extend(&drafts, piece, only);
        }
        drafts.into_iter().map(|draft| self.finish(kind, draft)).collect()
    }

    /// The resources of a rule that the request means: of several texts those for which the rule may hold.
    pub(super) fn of_rule(&self, rule: Rule) -> Vec<Resource> {
        let all = |when: Option<&str>| -> Vec<Resource> {
            let resources = rule.resources();
            resources.flat_map(|each| self.filled(each.kind(), each.arn(), each.when(), when)).collect()
        };
        let meant = all(rule.when());
        if meant.is_empty() { all(None) } else { meant }
    }

    /// The texts that a template for a condition's value comes to.
    pub(super) fn values(&self, template: &str) -> Vec<TemplateString> {
        let template = ArnTemplate::parse(template);
        let mut drafts =
            vec![Draft { arn: TemplateString::new(), resolution: Resolution::Literal, behind: None }];
        for piece in template.pieces() {
            drafts = self.extend(&drafts, piece, Only { when: None, least: Answer::Maybe, rule: None });
        }
        drafts.into_iter().map(|draft| draft.arn).collect()
    }

    fn extend(&self, drafts: &[Draft], piece: &ArnPiece<'_>, only: Only<'_, '_>) -> Vec<Draft> {
        let simple = |text: TemplateString| {
            let add = |draft: &Draft| {
                let mut draft = draft.clone();
                draft.arn.push(&text);
                draft
            };
            drafts.iter().map(add).collect::<Vec<Draft>>()
        };
        match piece {
            ArnPiece::Text(text) => drafts.iter().map(|draft| with_text(draft, text)).collect(),
            ArnPiece::Partition => simple(Hole::Partition.into()),
            ArnPiece::Region => self.regions().into_iter().flat_map(&simple).collect(),
            ArnPiece::Account => simple(Hole::Account.into()),
            ArnPiece::Parameter(hole) => self.with_parameter(drafts, hole, only),
        }
    }

    /// The regions of the client, where the code states them; one that is not known may be any.
    fn regions(&self) -> Vec<TemplateString> {
        let Some(Argument::Text(texts)) = self.client.fields.get("region").map(|field| &field.value) else {
            return vec![Hole::Region.into()];
        };
        let region = |text: &TemplateString| -> TemplateString {
            let text = self.names.resolve(text);
            let is_unknown = |hole: &Hole| matches!(hole, Hole::Event(_) | Hole::Unknown);
            match text.as_literal() {
                Some(literal) if is_region(literal) => text,
                None if text.holes().any(is_unknown) => Hole::Unknown.into(),
                _ => Hole::Region.into(),
            }
        };
        let mut regions: Vec<TemplateString> = texts.iter().map(region).collect();
        regions.sort();
        regions.dedup();
        regions
    }

    fn with_parameter(&self, drafts: &[Draft], hole: &ParameterHole<'_>, only: Only<'_, '_>) -> Vec<Draft> {
        let mut choices = self.choices(hole, only);
        if choices.len() * drafts.len() > MAX_CHOICES {
            choices = vec![(Hole::Unknown.into(), Resolution::Partial)];
        }
        let mut extended = vec![];
        for draft in drafts {
            for (text, resolution) in &choices {
                extended.push(apply(draft, hole, text, *resolution));
            }
        }
        extended
    }

    /// The argument's texts: of the first path that the request carries, and of the next where it carries that only
    /// on some paths of the program.
    fn choices(&self, hole: &ParameterHole<'_>, only: Only<'_, '_>) -> Vec<(TemplateString, Resolution)> {
        let mut choices = vec![];
        let mut dropped = false;
        let mut absent = true;
        for path in &hole.paths {
            let presence = self.arguments.presence(*path);
            if presence == Presence::Never {
                continue;
            }
            for text in self.arguments.choices(*path) {
                for resolved in self.names.alternatives(&text) {
                    if !self.suits(only, *path, &resolved) {
                        dropped = true;
                        continue;
                    }
                    let choice = (resolved, self.names.origin(&text));
                    if !choices.contains(&choice) {
                        choices.push(choice);
                    }
                }
            }
            absent = presence != Presence::Always;
            if !absent || presence == Presence::Unknown {
                break;
            }
        }
        // A request with an empty name is refused before anybody asks who sends it.
        choices.retain(|(text, _)| !text.is_empty());
        match hole.default() {
            Some(default) if absent => choices.push((default.into(), Resolution::Literal)),
            _ if choices.is_empty() && !dropped => choices.push((Hole::Unknown.into(), Resolution::Partial)),
            _ => {}
        }
        choices
    }

    /// Whether the requests in which an argument has this text meet the condition.
    fn suits(&self, only: Only<'_, '_>, path: Path<'_>, text: &TemplateString) -> bool {
        let meets = |when: &When<'_>, least: Answer| {
            !when.paths().any(|asked| asked == path)
                || when.holds(&Chosen { arguments: self.arguments, path, text }) >= least
        };
        only.when.is_none_or(|when| meets(when, only.least))
            && only.rule.is_none_or(|rule| meets(rule, Answer::Maybe))
    }

    fn finish(&self, kind: &str, draft: Draft) -> Resource {
        let with_ids = by_name(&wildcards(&draft.arn));
        let arn = match self.names.deployment {
            Some(deployment) => deployment.physical(&with_ids),
            None => with_ids.clone(),
        };
        let whole = arn.starts_with("arn:") || arn.as_hole().is_some_and(|hole| *hole != Hole::Unknown);
        if !whole {
            return any(kind);
        }
        let by_text = || self.names.deployment.and_then(|deployment| deployment.referring(&arn));
        let reference = if arn == with_ids { by_text() } else { Some(with_ids) };
        Resource { arn, reference, kind: kind.into(), resolution: draft.resolution }
    }
}

/// Whether a text is a region (`eu-central-1`); local emulators are given other names.
fn is_region(text: &str) -> bool {
    let mut parts = text.split('-');
    let continent = parts.next().is_some_and(|part| part.len() == 2);
    let number = parts
        .next_back()
        .is_some_and(|part| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit()));
    continent && number && parts.next().is_some()
}

/// `*`: nothing is known, or there is no resource.
fn any(kind: &str) -> Resource {
    Resource { arn: "*".into(), reference: None, kind: kind.into(), resolution: Resolution::Any }
}

/// What comes from the event or is not known stands for anything.
fn wildcards(arn: &TemplateString) -> TemplateString {
    arn.fill(|hole| matches!(hole, Hole::Event(_)).then(|| Hole::Unknown.into()))
}

fn with_text(draft: &Draft, text: &str) -> Draft {
    let mut draft = draft.clone();
    match draft.behind.take() {
        // The argument was a whole ARN that may end in what the template adds.
        Some(prefix) => {
            let ends = matches!(draft.arn.pieces().last(), Some(crate::text::Piece::Text(known)) if known.ends_with(text));
            if !ends {
                draft.arn.push_str(prefix);
                draft.arn.push_str(text);
            }
        }
        // What is not known may be anything already.
        None if draft.arn.pieces().last() == Some(&crate::text::Piece::Hole(Hole::Unknown)) => {
            draft.arn.push_str(text.strip_prefix('*').unwrap_or(text));
        }
        None => draft.arn.push_str(text),
    }
    draft
}

fn apply(draft: &Draft, hole: &ParameterHole<'_>, text: &TemplateString, resolution: Resolution) -> Draft {
    let mut draft = draft.clone();
    let mut text = text.clone();
    // What a parameter that takes an ARN gets from outside is one.
    let takes_arn = hole.paths.iter().any(|path| path.as_str().to_ascii_lowercase().ends_with("arn"));
    if takes_arn && matches!(text.as_hole(), Some(Hole::Environment(_) | Hole::Parameter(_))) {
        return Draft { arn: text, resolution: draft.resolution.max(resolution), behind: Some("") };
    }
    for filter in hole.filters.iter().filter(|filter| !matches!(filter, Filter::Default(_))) {
        match filter.apply(&text) {
            Filtered::Text(filtered) => text = filtered,
            Filtered::Whole(arn) => {
                return Draft { arn, resolution: draft.resolution.max(resolution), behind: Some("") };
            }
            Filtered::AccessPoint(arn) => {
                return Draft { arn, resolution: draft.resolution.max(resolution), behind: Some("/object") };
            }
        }
    }
    let unknown = text.holes().any(|hole| *hole == Hole::Unknown);
    draft.resolution = draft.resolution.max(resolution);
    if unknown {
        draft.resolution = draft.resolution.max(Resolution::Partial);
    }
    draft.arn.push(&text);
    draft
}

/// Attributes that name a resource, whatever the format calls them, are its physical name. What a stack returns is none.
fn by_name(arn: &TemplateString) -> TemplateString {
    arn.fill(|hole| match hole {
        Hole::Resource { id, attribute }
            if !attribute.is_empty()
                && !attribute.starts_with("Outputs.")
                && !attribute.to_lowercase().ends_with("arn") =>
        {
            Some(TemplateString::resource(id.clone()))
        }
        _ => None,
    })
}

#[cfg(test)]
#[path = "resource_tests.rs"]
mod tests;
