//! Places in several files as one run of bytes, and back.

use super::model::{Code, Definition, Deployment};
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Site, Source, Span};

/// Files, one behind the other.
#[derive(Clone, Debug, Default)]
pub struct Places {
    files: Vec<Place>,
    /// Where the next file begins.
    end: u32,
}

/// Where a file begins, and which it is.
#[derive(Clone, Debug)]
struct Place {
    base: u32,
    file: FileId,
    /// For a file that was written out in other words: offsets in these, and what they are in the file.
    words: Vec<(u32, u32)>,
}

impl Places {
    /// Files in the order in which they follow each other.
    pub fn new(files: &[(FileId, &Source)]) -> Self {
        let mut places = Self::default();
        for (file, source) in files {
            places.add(*file, source.text().len(), vec![]);
        }
        places
    }

    /// Adds a file behind the others and says where it begins. `words` are offsets of a text that stands for the file, in
    /// their order, and what they are in the file.
    pub(super) fn add(&mut self, file: FileId, length: usize, words: Vec<(u32, u32)>) -> usize {
        let base = self.end;
        self.files.push(Place { base, file, words });
        self.end = base.saturating_add(u32::try_from(length).unwrap_or(u32::MAX)).saturating_add(1);
        base as usize
    }

    /// A place of a file among all bytes; that of the first where the file is none of these.
    pub fn place(&self, site: Site) -> Span {
        let base = self.files.iter().find(|place| place.file == site.file).map(|place| place.base);
        base.map_or_else(Span::default, |base| Span::new(site.span.start + base, site.span.end + base))
    }

    fn back(&self, site: &mut Site) {
        let of = self.files.iter().rev().find(|place| place.base <= site.span.start);
        let Some(place) = of else { return };
        let inside = |offset: u32| place.original(offset.saturating_sub(place.base));
        *site = Site { file: place.file, span: Span::new(inside(site.span.start), inside(site.span.end)) };
    }

    /// Gives what stands within something its places in the file of that. A part that was taken from another file stands
    /// where the whole does; one without a place stays without.
    fn back_within(&self, node: &mut Node, whole: Site) {
        let put = |span: &mut Span| {
            if *span == Span::default() {
                return;
            }
            let mut site = Site { file: whole.file, span: *span };
            self.back(&mut site);
            *span = if site.file == whole.file { site.span } else { whole.span };
        };
        put(&mut node.span);
        match &mut node.value {
            Value::Map(map) => map.values_mut().for_each(|entry| {
                put(&mut entry.key);
                self.back_within(&mut entry.node, whole);
            }),
            Value::List(list) => list.iter_mut().for_each(|item| self.back_within(item, whole)),
            _ => {}
        }
    }

    /// Gives every place of a deployment its file.
    pub(super) fn put_back(&self, deployment: &mut Deployment) {
        for function in &mut deployment.functions {
            self.back(&mut function.site);
            function.triggers.iter_mut().for_each(|trigger| self.back(&mut trigger.site));
            function.settings.iter_mut().for_each(|setting| self.back(&mut setting.site));
            match &mut function.code {
                Code::Inline { site, .. } => self.back(site),
                Code::Workflow(workflow) => {
                    if let Definition::Read { node, file } = &mut workflow.definition {
                        self.back_within(node, function.site);
                        *file = function.site.file;
                    }
                }
                _ => {}
            }
        }
        for resource in deployment.resources.values_mut() {
            self.back(&mut resource.site);
            self.back_within(&mut resource.properties, resource.site);
        }
        deployment.parameters.values_mut().for_each(|parameter| self.back(&mut parameter.site));
        deployment.problems.iter_mut().for_each(|problem| self.back(&mut problem.site));
        for role in deployment.roles.values_mut() {
            self.back(&mut role.site);
            role.unknown.iter_mut().for_each(|(_, site)| self.back(site));
            for policy in &mut role.policies {
                self.back(&mut policy.site);
                for statement in &mut policy.document.statements {
                    statement.site.iter_mut().for_each(|site| self.back(site));
                    let patterns = statement.actions.list.iter_mut().chain(&mut statement.resources.list);
                    patterns.filter_map(|pattern| pattern.site.as_mut()).for_each(|site| self.back(site));
                }
            }
        }
    }
}

impl Place {
    /// What an offset is in the file itself.
    fn original(&self, offset: u32) -> u32 {
        if self.words.is_empty() {
            return offset;
        }
        let behind = self.words.partition_point(|(written, _)| *written <= offset);
        let known = behind.checked_sub(1).and_then(|at| self.words.get(at));
        known.map_or(0, |(_, original)| *original)
    }
}
