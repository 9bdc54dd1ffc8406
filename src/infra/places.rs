//! Places in several files as one run of bytes, and back.

use super::model::{Code, Deployment};
use crate::text::{FileId, Site, Source, Span};

/// Files, one behind the other.
#[derive(Clone, Debug)]
pub struct Places {
    /// Where each file begins, and which it is.
    files: Vec<(u32, FileId)>,
}

impl Places {
    /// Files in the order in which they follow each other.
    pub fn new(files: &[(FileId, &Source)]) -> Self {
        let mut base = 0_u32;
        let place = |(file, source): &(FileId, &Source)| {
            let here = (base, *file);
            let length = u32::try_from(source.text().len()).unwrap_or(u32::MAX);
            base = base.saturating_add(length).saturating_add(1);
            here
        };
        Self { files: files.iter().map(place).collect() }
    }

    /// A place of a file among all bytes; that of the first where the file is none of these.
    pub fn place(&self, site: Site) -> Span {
        let base = self.files.iter().find(|(_, file)| *file == site.file).map(|(base, _)| *base);
        base.map_or_else(Span::default, |base| Span::new(site.span.start + base, site.span.end + base))
    }

    /// Where each file begins.
    pub(super) fn bases(&self) -> Vec<usize> {
        self.files.iter().map(|(base, _)| *base as usize).collect()
    }

    fn back(&self, site: &mut Site) {
        let of = self.files.iter().rev().find(|(base, _)| *base <= site.span.start);
        let Some((base, file)) = of else { return };
        let span = Span::new(site.span.start - base, site.span.end.saturating_sub(*base));
        *site = Site { file: *file, span };
    }

    /// Gives every place of a deployment its file.
    pub(super) fn put_back(&self, deployment: &mut Deployment) {
        for function in &mut deployment.functions {
            self.back(&mut function.site);
            function.triggers.iter_mut().for_each(|trigger| self.back(&mut trigger.site));
            function.settings.iter_mut().for_each(|setting| self.back(&mut setting.site));
            if let Code::Inline { site, .. } = &mut function.code {
                self.back(site);
            }
        }
        deployment.resources.values_mut().for_each(|resource| self.back(&mut resource.site));
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
