//! `review`: the project before and after a change, side by side.

use std::path::{Path, PathBuf};

use indexmap::{IndexMap, IndexSet};

use super::disk::{self, Disk, Folder};
use super::failure::Failure;
use super::git;
use super::run::{Analysis, analyse};
use super::settings::{Scope, Settings};
use crate::cloud::Requirement;
use crate::cloud::aws::CatalogFacts;
use crate::decide::{self, Change, FunctionAnalysis, Include, Row, Target};
use crate::policy::print;
use crate::report::{Comment, Suggestion};
use crate::text::{Hole, Site, SmolStr, Sources};

/// What is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A revision, as `git` names it.
    Revision(String),
    /// A folder with the project before the change.
    Folder(PathBuf),
}

/// How a change looks.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// What is compared with.
    pub base: String,
    /// What is compared.
    pub head: String,
    /// What leads from the root of the repository to the project.
    pub within: String,
    /// How the functions change.
    pub changes: Vec<Change>,
    /// The files before the change.
    pub base_sources: Sources,
    /// What to say.
    pub comments: Vec<Comment>,
}

/// Compares the project on `disk` with what it was. Gives the analysis of what it is, too.
///
/// # Errors
/// A revision or folder that is not there, or an analysis that cannot be done.
pub fn review(settings: &Settings, base: &Base, disk: &dyn Disk) -> Result<(Review, Analysis), Failure> {
    let root = &settings.scope.root;
    let mut review = Review::default();
    let before: Box<dyn Disk> = match base {
        Base::Revision(name) => {
            let revision = git::revision(root, name)?;
            review.base = revision.commit;
            review.head = git::commit(root, "HEAD")?;
            review.within = git::prefix(root)?;
            Box::new(revision.disk)
        }
        Base::Folder(path) => {
            review.base = disk::slashes(path);
            review.head = disk::slashes(root);
            Box::new(Folder::open(path)?)
        }
    };
    let head = analyse(settings, disk)?;
    let old = analyse_base(settings, base, &*before)?;
    let facts = CatalogFacts(settings.scope.overlay.catalog());
    let place = |function: &FunctionAnalysis| {
        let entry = function.entry.as_ref()?;
        let of = |sources: &Sources| sources.path(entry.site.file).to_owned();
        let is_old = old.functions.iter().any(|other| std::ptr::eq(other, function));
        let file = if is_old { of(&old.sources) } else { of(&head.sources) };
        Some(format!("{file}:{}", entry.symbol))
    };
    review.changes = decide::review(&old.functions, &head.functions, &facts, &place);
    let wanted = &settings.scope.functions;
    review.changes.retain(|change| wanted.is_empty() || wanted.contains(&change.name));
    let anchors = Anchors { head: &head, before: &*before, facts };
    review.comments = anchors.comments(&review.changes);
    review.base_sources = old.sources;
    Ok((review, head))
}

/// What was named by hand may not be there yet.
fn analyse_base(settings: &Settings, base: &Base, disk: &dyn Disk) -> Result<Analysis, Failure> {
    let Scope { root, template, handlers, .. } = &settings.scope;
    let relative = template.as_ref().map(|path| path.strip_prefix(root).unwrap_or(path).to_owned());
    let template = relative.map(|path| match base {
        Base::Revision(_) => path,
        Base::Folder(folder) => folder.join(path),
    });
    let there = |file: &Path| disk.read_given(file).is_ok();
    let template = template.filter(|path| there(path));
    let mut before = settings.clone();
    before.scope = Scope { template, functions: vec![], ..settings.scope.clone() };
    before.scope.handlers = handlers.iter().filter(|each| disk.read(&each.file).is_ok()).cloned().collect();
    if !handlers.is_empty() && before.scope.handlers.is_empty() {
        return Ok(Analysis::default());
    }
    match analyse(&before, disk) {
        Err(_) if !handlers.is_empty() => Ok(Analysis::default()),
        other => other,
    }
}

struct Anchors<'a> {
    head: &'a Analysis,
    before: &'a dyn Disk,
    facts: CatalogFacts,
}

impl Anchors<'_> {
    /// One comment a line, by file and line.
    fn comments(&self, changes: &[Change]) -> Vec<Comment> {
        let mut touched: IndexMap<String, IndexSet<u32>> = IndexMap::new();
        let mut comments: IndexMap<(String, u32), Comment> = IndexMap::new();
        for change in changes {
            let Some(function) = self.head.functions.iter().find(|each| each.name == change.name) else {
                continue;
            };
            for row in &change.added {
                let Some((site, is_changed)) = self.anchor(function, row, &mut touched) else { continue };
                let file = self.head.sources.path(site.file).to_owned();
                let line = self.head.sources.position(site).line;
                let comment = comments.entry((file.clone(), line)).or_insert_with(|| Comment {
                    file,
                    line,
                    is_changed,
                    rows: vec![],
                    suggestion: None,
                });
                comment.rows.push((function.name.clone(), row.clone()));
            }
        }
        let mut comments: Vec<Comment> = comments.into_values().collect();
        for comment in &mut comments {
            comment.suggestion = self.suggestion(&comment.rows);
        }
        comments.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        comments
    }

    /// The line that brings a need: of the call and what leads to it, the nearest that the change touches.
    fn anchor(
        &self,
        function: &FunctionAnalysis,
        row: &Row,
        touched: &mut IndexMap<String, IndexSet<u32>>,
    ) -> Option<(Site, bool)> {
        let mut sites: Vec<Site> = row.evidence.iter().map(|evidence| evidence.site).collect();
        for call in function.calls.iter().filter(|call| sites.contains(&call.site)).collect::<Vec<_>>() {
            sites.extend(call.route.iter().rev().map(|step| step.site));
        }
        sites.extend(function.template);
        let mut is_touched = |site: &Site| {
            let path = self.head.sources.path(site.file).to_owned();
            let line = self.head.sources.position(*site).line;
            let lines = touched.entry(path.clone()).or_insert_with(|| {
                let new = self.head.sources.get(site.file).map_or("", |source| source.text());
                let old =
                    self.before.read(&path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
                changed_lines(old.as_deref().unwrap_or(""), new)
            });
            lines.contains(&line)
        };
        let found = sites.iter().copied().find(&mut is_touched);
        found.map(|site| (site, true)).or_else(|| Some((*sites.first()?, false)))
    }

    /// The statements that the role in the template lacks for these rows.
    fn suggestion(&self, rows: &[(SmolStr, Row)]) -> Option<Suggestion> {
        let (name, _) = rows.first()?;
        let function = self.head.functions.iter().find(|each| each.name == *name)?;
        let site = function.template.filter(|_| function.held.is_some())?;
        let missing = decide::compare(function, &[], &self.facts).missing;
        let lacks = |row: &Row| missing.iter().any(|each| each.action == row.action);
        let mut needs: Vec<Requirement> = vec![];
        for (_, row) in rows.iter().filter(|(own, row)| own == name && lacks(row)) {
            let need = function.requirements.iter().find(|need| need.action == row.action);
            needs.extend(need.map(|need| Requirement { resources: row.resources.clone(), ..need.clone() }));
        }
        if needs.is_empty() {
            return None;
        }
        let fill = |_: &Hole| None;
        let target = Target::template(&fill);
        let document = decide::synthesize(&needs, Include::Certain, &target, &self.facts);
        let json = print::to_json(&document, &print::by_name);
        let statements = json.get("Statement").map(print::pretty)?;
        let line = self.head.sources.position(site).line;
        Some(Suggestion { file: self.head.sources.path(site.file).to_owned(), line, text: statements })
    }
}

/// How many pairs of lines are compared to find what a change touches.
const MAX_PAIRS: usize = 4_000_000;

/// The lines of the new text that a shortest edit script adds, from 1. Where the texts are too long for one, all lines
/// between their common beginning and end.
fn changed_lines(old: &str, new: &str) -> IndexSet<u32> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = (old.len().min(new.len())) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let old = old.get(start..old.len() - end).unwrap_or_default();
    let middle = new.get(start..new.len() - end).unwrap_or_default();
    let kept = if old.len().saturating_mul(middle.len()) > MAX_PAIRS { vec![] } else { common(old, middle) };
    let lines = (0..middle.len()).filter(|line| !kept.contains(line));
    lines.filter_map(|line| u32::try_from(start + line + 1).ok()).collect()
}

/// The places in `new` of a longest common subsequence.
fn common(old: &[&str], new: &[&str]) -> Vec<usize> {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    let at =
        |lengths: &[u32], row: usize, column: usize| lengths.get(row * width + column).copied().unwrap_or(0);
    for (row, left) in old.iter().enumerate().rev() {
        for (column, right) in new.iter().enumerate().rev() {
            let best = if left == right {
                at(&lengths, row + 1, column + 1) + 1
            } else {
                at(&lengths, row + 1, column).max(at(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(row * width + column) {
                *cell = best;
            }
        }
    }
    let (mut row, mut column, mut kept) = (0, 0, vec![]);
    while let (Some(left), Some(right)) = (old.get(row), new.get(column)) {
        if left == right {
            kept.push(column);
            (row, column) = (row + 1, column + 1);
        } else if at(&lengths, row + 1, column) >= at(&lengths, row, column + 1) {
            row += 1;
        } else {
            column += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_lines_are_those_of_an_edit() {
        let lines = |old: &str, new: &str| changed_lines(old, new).into_iter().collect::<Vec<u32>>();
        assert_eq!(lines("a\nb\nc\n", "a\nx\nb\nc\ny\n"), [2, 5]);
        assert_eq!(lines("", "a\nb\n"), [1, 2]);
        assert_eq!(lines("a\na\n", "a\na\na\n").len(), 1);
        assert_eq!(lines("a\nb\n", "a\nb\n"), Vec::<u32>::new());
    }
}
