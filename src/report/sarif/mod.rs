//! SARIF 2.1.0, for code scanning. A result points at the line to change; what is behind it are related locations.

mod lint;
mod model;

use indexmap::IndexMap;
use model::{
    ArtifactLocation, Descriptor, DescriptorProperties, Driver, Fingerprints, Help, Location, Log, Message,
    Output, PhysicalLocation, Properties, Region, Run, Tool,
};

use super::fingerprint::fingerprint;
use super::rules::{self, RULES, Rule};
use super::{Compare, Context, Diff, Format, Scan, escape, json};
use crate::cloud::Evidence;
use crate::decide::{Finding, FunctionAnalysis, PolicyRow, Row, Severity};
use crate::flow::BlindSpot;
use crate::policy::algebra::Witness;
use crate::text::{Site, SmolStr};

/// `--format sarif`
pub(super) const FORMAT: Format = Format {
    scan: Some(scan),
    diff: Some(diff),
    lint: Some(lint::lint),
    compare: Some(compare),
    ..Format::named("sarif")
};

fn scan(context: &Context<'_>, scan: &Scan<'_>) -> String {
    let mut results = Results::new(context);
    for function in scan.functions {
        results.blind_spots(function, &[]);
    }
    results.unreadable(scan.findings);
    results.print()
}

fn diff(context: &Context<'_>, diff: &Diff<'_>) -> String {
    let mut results = Results::new(context);
    for (function, difference) in diff.functions {
        results.rows(function, rules::MISSING, &difference.missing);
        results.rows(function, rules::EXCESS, &difference.excess);
        results.rows(function, rules::TOO_WIDE, &difference.too_wide);
        results.blind_spots(function, &difference.blind_spots);
    }
    results.unreadable(diff.findings);
    results.print()
}

fn compare(context: &Context<'_>, compare: &Compare<'_>) -> String {
    let mut results = Results::new(context);
    let difference = compare.difference;
    results.differing(rules::GAINED, &difference.only_in_new);
    results.differing(rules::LOST, &difference.only_in_old);
    results.differing(rules::UNDECIDED, &difference.undecided);
    results.print()
}

/// What a result is made of.
struct Draft<'a> {
    rule: &'static str,
    severity: Severity,
    text: &'a str,
    site: Option<Site>,
    related: Vec<Location>,
    function: Option<&'a SmolStr>,
    /// What makes it the same finding in the next run.
    identity: &'a [&'a str],
}

/// Results as they gather. Equal findings are told apart by their number, so that no two fingerprints are the same.
struct Results<'a> {
    context: &'a Context<'a>,
    outputs: Vec<Output>,
    seen: IndexMap<String, usize>,
}

impl<'a> Results<'a> {
    fn new(context: &'a Context<'a>) -> Self {
        Self { context, outputs: Vec::new(), seen: IndexMap::new() }
    }

    fn rows(&mut self, function: &FunctionAnalysis, rule: &'static str, rows: &[Row]) {
        for row in rows {
            let held = row.held_by.as_ref().and_then(|held| held.site);
            let first = row.evidence.first().map(|evidence| evidence.site);
            // What is missing is explained by the code that needs it; what is too much by the line that grants it.
            let site = if rule == rules::MISSING { first } else { held.or(first) };
            let site = site.or(function.template).or_else(|| function.entry.as_ref().map(|entry| entry.site));
            let example = row.witness.as_ref().map(example).unwrap_or_default();
            let text = format!("{} {}: {}{example}", function.name, describe(rule, row), row.message);
            let related = related(self.context, &row.evidence, site);
            let resources: Vec<String> =
                row.resources.iter().map(|resource| resource.arn.to_string()).collect();
            let path = site.map_or("", |site| self.context.sources.path(site.file));
            let identity = [rule, path, &function.name, &row.action, &resources.join(" ")];
            self.push(Draft {
                rule,
                severity: row.severity,
                text: &text,
                site,
                related,
                function: Some(&function.name),
                identity: &identity,
            });
        }
    }

    /// What one of two policies allows alone. What the old one allows is for information.
    fn differing(&mut self, rule: &'static str, rows: &[PolicyRow]) {
        for PolicyRow { row, .. } in rows {
            let site = row.held_by.as_ref().and_then(|held| held.site);
            let example = row.witness.as_ref().map(example).unwrap_or_default();
            let path = site.map_or("", |site| self.context.sources.path(site.file));
            let held: Vec<String> = row.held_resources.iter().map(ToString::to_string).collect();
            self.push(Draft {
                rule,
                severity: if rule == rules::LOST { Severity::Note } else { row.severity },
                text: &format!("{}{example}", row.message),
                site,
                related: Vec::new(),
                function: None,
                identity: &[rule, path, &row.action, &held.join(" ")],
            });
        }
    }

    fn blind_spots(&mut self, function: &FunctionAnalysis, more: &[BlindSpot]) {
        for spot in function.blind_spots.iter().chain(more) {
            let mut finding = Finding::of_blind_spot(&function.name, spot);
            finding.site = finding.site.or(function.template);
            self.finding(&finding);
        }
    }

    fn unreadable(&mut self, findings: &[Finding]) {
        findings
            .iter()
            .filter(|finding| finding.function.is_none())
            .for_each(|finding| self.finding(finding));
    }

    fn finding(&mut self, finding: &Finding) {
        let path = finding.site.map_or("", |site| self.context.sources.path(site.file));
        let function = finding.function.as_ref();
        let identity = [finding.rule, path, function.map_or("", SmolStr::as_str), &finding.message];
        self.push(Draft {
            rule: finding.rule,
            severity: finding.severity,
            text: &finding.message,
            site: finding.site,
            related: Vec::new(),
            function,
            identity: &identity,
        });
    }

    fn push(&mut self, draft: Draft<'_>) {
        let mut first = fingerprint(draft.identity);
        let times = self.seen.entry(first.clone()).or_default();
        *times += 1;
        if *times > 1 {
            first = format!("{first}:{times}");
        }
        self.outputs.push(Output {
            rule_id: draft.rule,
            rule_index: rules::position(draft.rule),
            level: level(draft.severity),
            message: Message { text: escape::sarif(draft.text) },
            locations: draft.site.map(|site| location(self.context, site)).into_iter().collect(),
            related_locations: draft.related,
            partial_fingerprints: Fingerprints { first },
            properties: Properties {
                severity: draft.severity.name(),
                function: draft.function.map(ToString::to_string),
            },
        });
    }

    fn print(self) -> String {
        log(self.context, RULES.iter().map(descriptor).collect(), self.outputs)
    }
}

/// The whole of it.
fn log(context: &Context<'_>, rules: Vec<Descriptor>, results: Vec<Output>) -> String {
    json::print(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "leastwise", semantic_version: context.version, rules } },
            column_kind: "unicodeCodePoints",
            results,
        }],
    })
}

/// The request behind a row, as a part of its message.
fn example(witness: &Witness) -> String {
    let keys: Vec<String> =
        witness.context.iter().map(|(key, values)| format!("`{key}` = `{}`", values.join("`, `"))).collect();
    let with = if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(" and ")) };
    format!("; for example `{}` on `{}`{with}", witness.action, witness.resource)
}

fn describe(rule: &str, row: &Row) -> String {
    let except =
        if row.except.is_empty() { String::new() } else { format!(" except {}", row.except.join(", ")) };
    match rule {
        rules::MISSING => format!("lacks {}", row.action),
        rules::EXCESS => format!("does not need {}{except}", row.action),
        _ => format!("holds {} on more than it needs", row.action),
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Low | Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

fn descriptor(rule: &Rule) -> Descriptor {
    let message = |text: &str| Message { text: text.to_owned() };
    Descriptor {
        id: rule.id,
        short_description: message(rule.title),
        full_description: message(rule.why),
        help: Help {
            text: format!("{} {}", rule.why, rule.help.replace('`', "")),
            markdown: format!("{}\n\n{}", rule.why, rule.help),
        },
        properties: DescriptorProperties { tags: &["security", "iam"], security_severity: rule.score },
    }
}

fn related(context: &Context<'_>, evidence: &[Evidence], primary: Option<Site>) -> Vec<Location> {
    let others = evidence.iter().filter(|evidence| Some(evidence.site) != primary);
    let numbered = others.zip(1..).map(|(evidence, id)| Location {
        id: Some(id),
        message: Some(Message { text: escape::sarif(&evidence.what) }),
        ..location(context, evidence.site)
    });
    numbered.collect()
}

fn location(context: &Context<'_>, site: Site) -> Location {
    let start = context.sources.position(site);
    let source = context.sources.get(site.file);
    let end = source.map_or(start, |source| source.position(site.span.end)).max(start);
    Location {
        id: None,
        physical: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: escape::uri_path(&context.path(site)),
                uri_base_id: "%SRCROOT%",
            },
            region: Region {
                start_line: start.line,
                start_column: start.column,
                end_line: end.line,
                end_column: end.column,
            },
        },
        message: None,
    }
}
