//! The settings of an application, of a stage, and of a function in a stage: the more particular counts.

use indexmap::IndexMap;

use crate::text::tree::Node;
use crate::text::{SmolStr, TemplateString};

/// An application with the stage that is asked for.
pub(super) struct Application<'a> {
    pub(super) written: &'a Node,
    pub(super) stage: &'a str,
}

impl<'a> Application<'a> {
    pub(super) fn name(&self) -> String {
        self.written.get("app_name").and_then(Node::as_str).unwrap_or("app").to_owned()
    }

    /// The stages that there are.
    pub(super) fn stages(&self) -> Vec<SmolStr> {
        let stages = self.written.get("stages").and_then(Node::as_map);
        stages.into_iter().flatten().map(|(name, _)| name.clone()).collect()
    }

    /// Where settings may stand, the most particular first.
    fn levels(&self, function: &str) -> [Option<&'a Node>; 4] {
        let stage = self.written.at(&["stages", self.stage]);
        let of_function = |node: Option<&'a Node>| node?.at(&["lambda_functions", function]);
        [of_function(stage), stage, of_function(Some(self.written)), Some(self.written)]
    }

    /// A setting of a function.
    pub(super) fn setting(&self, function: &str, name: &str) -> Option<&'a Node> {
        self.levels(function).into_iter().flatten().find_map(|node| node.get(name))
    }

    /// The environment of a function: what all levels say together.
    pub(super) fn environment(&self, function: &str) -> IndexMap<SmolStr, TemplateString> {
        let mut environment = IndexMap::new();
        for level in self.levels(function).into_iter().rev().flatten() {
            let variables = level.get("environment_variables").and_then(Node::as_map).into_iter().flatten();
            let text = |(name, entry): (&SmolStr, &crate::text::tree::Entry)| {
                Some((name.clone(), entry.node.as_template()?))
            };
            environment.extend(variables.filter_map(text));
        }
        environment
    }
}
