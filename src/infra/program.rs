//! Deployments that are programs: the template that was made of one, read as any other.

use super::Settings;
use super::cloudformation::deployment;
use super::model::Deployment;
use super::places::Places;
use crate::text::tree::Node;
use crate::text::{FileId, Source};

/// The deployment of a template whose places are those of `places`. Relative paths in it begin in the folder of
/// the file that is given.
pub fn synthesized(
    template: &Node,
    (file, source): (FileId, &Source),
    places: &Places,
    settings: &Settings<'_>,
) -> Deployment {
    let mut deployment = deployment(source, file, settings, template, vec![], &|_, _| {});
    places.put_back(&mut deployment);
    deployment
}
