//! Markdown for pull requests: lists and code spans only, in which foreign text cannot become anything else.

use std::fmt::Write as _;

use super::escape::{markdown_block, markdown_code, markdown_message};
use super::{Compare, Context, Diff, Format, Generate, Linted, Reviewed, Scan, grouped, json};
use crate::cloud::{Certainty, Evidence};
use crate::decide::{Difference, FunctionAnalysis, Row};
use crate::flow::BlindSpot;
use crate::policy::algebra::Standing;
use crate::text::TemplateString;

/// `--format markdown`
pub(super) const FORMAT: Format = Format {
    scan: Some(scan),
    generate: Some(generate),
    diff: Some(diff),
    review: Some(review),
    lint: Some(lint),
    checks: Some(super::checks::page),
    compare: Some(compare),
    ..Format::named("markdown")
};

/// How many places are listed of one thing.
const PLACES: usize = 5;

fn scan(context: &Context<'_>, scan: &Scan<'_>) -> String {
    let mut page = Page::default();
    for function in scan.functions {
        page.title(context, function);
        for needed in &function.requirements {
            let possible = if needed.certainty == Certainty::Possible { " (possible)" } else { "" };
            let resources = codes(needed.resources.iter().map(|resource| &resource.arn));
            page.item(&format!("{}{possible} on {resources}", markdown_code(&needed.action)));
            page.evidence(context, &needed.evidence);
        }
        if function.requirements.is_empty() {
            page.paragraph("No permissions needed.");
        }
        page.blind_spots(context, &function.blind_spots);
    }
    page.finish()
}

fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let mut page = Page::default();
    for (function, synthesis) in generate.functions {
        page.title(context, function);
        for policy in &synthesis.policies {
            page.block(&markdown_block("json", &json::print(&json::document(&policy.document))));
        }
        if synthesis.policies.is_empty() {
            page.paragraph("No permissions needed.");
        }
        for warning in &synthesis.warnings {
            page.item(&markdown_message(warning));
        }
        for kept in &synthesis.kept {
            let place = kept.site.map(|site| context.place(site)).unwrap_or_default();
            let sid = kept.sid.as_deref().unwrap_or_default();
            page.item(&markdown_message(&format!("kept {place} {sid}: {}", kept.purpose())));
        }
        if !synthesis.complete {
            page.paragraph("**Incomplete**: a blind spot may hide a permission that is missing here.");
        }
        page.blind_spots(context, &function.blind_spots);
    }
    page.finish()
}

fn diff(context: &Context<'_>, diff: &Diff<'_>) -> String {
    let mut page = Page::default();
    for (function, difference) in diff.functions {
        page.title(context, function);
        if !difference.shared_with.is_empty() {
            let names: Vec<String> = difference.shared_with.iter().map(|name| markdown_code(name)).collect();
            page.paragraph(&format!("Shares its role with {}.", names.join(", ")));
        }
        sides(&mut page, context, function, difference);
        let spots = function.blind_spots.iter().chain(&difference.blind_spots);
        page.blind_spots(context, spots);
    }
    page.finish()
}

fn review(_context: &Context<'_>, reviewed: &Reviewed<'_>) -> String {
    super::comment::summary(reviewed)
}

fn lint(_context: &Context<'_>, linted: &Linted<'_>) -> String {
    let mut page = Page::default();
    let mut file = "";
    for issue in linted.issues {
        if issue.file != file {
            file = &issue.file;
            page.paragraph(&format!("### {}", markdown_code(file)));
        }
        let (severity, rule, line) = (issue.severity.name(), markdown_code(issue.rule), issue.start.line);
        page.item(&format!("line {line}: {} ({severity}, {rule})", markdown_message(&issue.message)));
        page.sub_item(&markdown_message(issue.help));
    }
    if linted.issues.is_empty() {
        page.paragraph("The checks found nothing.");
    }
    page.finish()
}

fn sides(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, difference: &Difference) {
    if function.held.is_none() {
        page.paragraph("Nothing is known of the policy in force.");
        return;
    }
    let sides = [
        ("**Missing**: the function will be denied", "needed on", &difference.missing),
        ("**Excess**: granted, but nothing here needs it", "granted on", &difference.excess),
        ("**Too wide**: needed, but granted on more than is needed", "needed on", &difference.too_wide),
    ];
    if sides.iter().all(|(_, _, rows)| rows.is_empty()) {
        page.paragraph("The role grants what is needed and nothing else.");
    }
    for (heading, word, rows) in sides.into_iter().filter(|(_, _, rows)| !rows.is_empty()) {
        page.paragraph(heading);
        for alike in grouped::together(rows, grouped::are_alike) {
            row(page, context, &alike, word);
        }
    }
}

fn compare(context: &Context<'_>, compare: &Compare<'_>) -> String {
    let mut page = Page::default();
    let difference = compare.difference;
    let standing = match difference.standing {
        Standing::Equal => "Both policies allow the same.",
        Standing::Narrower => "The new policy allows less.",
        Standing::Wider => "**The new policy allows more.**",
        Standing::Incomparable => "**Each policy allows something that the other does not.**",
        Standing::Unknown => "**Whether the new policy allows more could not be decided.**",
    };
    page.paragraph(&format!("### {} → {}", markdown_code(compare.old), markdown_code(compare.new)));
    page.paragraph(standing);
    let lists = [
        ("**Only in the new policy**", &difference.only_in_new),
        ("**Only in the old policy**", &difference.only_in_old),
        ("**Not decided**", &difference.undecided),
    ];
    for (heading, rows) in lists.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        page.paragraph(heading);
        for each in rows {
            row(&mut page, context, &[&each.row], "on");
        }
    }
    page.finish()
}

fn witness(page: &mut Page, row: &Row) {
    let Some(witness) = &row.witness else { return };
    let mut text =
        format!("for example {} on {}", markdown_code(&witness.action), markdown_code(&witness.resource));
    for (place, (key, values)) in witness.context.iter().enumerate() {
        let word = if place == 0 { "with" } else { "and" };
        let _ = write!(text, " {word} {} = {}", markdown_code(key), markdown_code(&values.join(", ")));
    }
    page.sub_item(&text);
}

fn row(page: &mut Page, context: &Context<'_>, alike: &[&Row], word: &str) {
    let Some(row) = alike.first() else { return };
    let mut text = alike.iter().map(|each| markdown_code(&each.action)).collect::<Vec<_>>().join(", ");
    if !row.except.is_empty() {
        let except: Vec<String> = row.except.iter().map(|action| markdown_code(action)).collect();
        let _ = write!(text, " except {}", except.join(", "));
    }
    let _ = write!(text, " ({})", row.severity.name());
    if !row.message.is_empty() && alike.len() == 1 {
        let _ = write!(text, ": {}", markdown_message(&row.message));
    }
    page.item(&text);
    let held = codes(row.held_resources.iter());
    let meant = codes(row.resources.iter().map(|resource| &resource.arn));
    if !held.is_empty() {
        page.sub_item(&format!("granted on {held}"));
    }
    // The resources of an excess are the held ones.
    if !meant.is_empty() && meant != held {
        page.sub_item(&format!("{word} {meant}"));
    }
    for (function, actions) in grouped::needed_by(alike) {
        let actions: Vec<String> = actions.iter().map(|action| markdown_code(action)).collect();
        page.sub_item(&format!("needed by {}: {}", markdown_code(function), actions.join(", ")));
    }
    if let Some(held) = &row.held_by {
        let site =
            held.site.map(|site| format!("{} ", markdown_code(&context.place(site)))).unwrap_or_default();
        page.sub_item(&format!("granted by {site}{}", markdown_code(&held.policy)));
    }
    witness(page, row);
    page.evidence(context, &row.evidence);
}

fn codes<'a>(texts: impl Iterator<Item = &'a TemplateString>) -> String {
    let codes: Vec<String> = texts.map(|text| markdown_code(&text.to_string())).collect();
    codes.join(", ")
}

/// Blocks of Markdown as they gather.
#[derive(Default)]
struct Page {
    text: String,
    in_list: bool,
}

impl Page {
    fn title(&mut self, context: &Context<'_>, function: &FunctionAnalysis) {
        let entry = function
            .entry
            .as_ref()
            .map(|entry| format!(" at {}", markdown_code(&context.place(entry.site))))
            .unwrap_or_default();
        self.paragraph(&format!("### {}{entry}", markdown_code(&function.name)));
    }

    fn paragraph(&mut self, text: &str) {
        self.block(&format!("{text}\n"));
    }

    fn block(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self.in_list = false;
    }

    fn item(&mut self, text: &str) {
        if !self.in_list && !self.text.is_empty() {
            self.text.push('\n');
        }
        self.in_list = true;
        let _ = writeln!(self.text, "- {text}");
    }

    fn sub_item(&mut self, text: &str) {
        let _ = writeln!(self.text, "  - {text}");
    }

    fn evidence(&mut self, context: &Context<'_>, evidence: &[Evidence]) {
        for each in evidence.iter().take(PLACES) {
            let excerpt = context.excerpt(each.site);
            let source =
                if excerpt.is_empty() { String::new() } else { format!(" {}", markdown_code(excerpt)) };
            self.sub_item(&format!("{}{source}", markdown_code(&context.place(each.site))));
        }
        if let Some(hidden) = evidence.len().checked_sub(PLACES).filter(|hidden| *hidden > 0) {
            self.sub_item(&format!("and {hidden} more"));
        }
    }

    fn blind_spots<'a>(&mut self, context: &Context<'_>, spots: impl IntoIterator<Item = &'a BlindSpot>) {
        let mut spots = spots.into_iter().peekable();
        if spots.peek().is_none() {
            return;
        }
        self.paragraph("**Blind spots**");
        for spot in spots {
            let at =
                spot.site.map(|site| format!("{} ", markdown_code(&context.place(site)))).unwrap_or_default();
            self.item(&format!("{at}{}", markdown_message(&spot.message)));
        }
    }

    fn finish(mut self) -> String {
        if self.text.is_empty() {
            self.paragraph("No function was found.");
        }
        self.text
    }
}
