//! Definitions of state machines that stand in files of their own.

use super::disk::Disk;
use crate::infra::{Code, Definition, Deployment};
use crate::text::{Source, Sources, yaml};

/// Reads the files that the state machines of the deployments are defined in. One that cannot be read stays named.
pub(super) fn read(disk: &dyn Disk, deployments: &mut [Deployment], sources: &mut Sources) {
    for deployment in deployments {
        for function in &mut deployment.functions {
            let Code::Workflow(workflow) = &mut function.code else { continue };
            let Definition::File(path) = &workflow.definition else { continue };
            let Ok(bytes) = disk.read(path) else { continue };
            let source = Source::from_bytes(path.clone(), bytes);
            let file = sources.add(source.clone());
            let (node, problems) = yaml::parse(&source, file);
            deployment.problems.extend(problems);
            workflow.definition = Definition::Read { node, file };
        }
    }
}
