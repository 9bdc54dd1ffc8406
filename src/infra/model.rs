//! What a deployment says, in one model for every format.

use indexmap::IndexMap;

use crate::policy::Document;
use crate::text::tree::Node;
use crate::text::{Hole, Problem, Site, SmolStr, TemplateString};

/// One deployment: the functions and resources that a template declares together.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// The functions, in the order of the template.
    pub functions: Vec<Function>,
    /// Every resource by its own id, functions among them, and those that a transform implies.
    pub resources: IndexMap<SmolStr, Resource>,
    /// The parameters by name.
    pub parameters: IndexMap<SmolStr, Parameter>,
    /// The execution roles by id; a role that a transform implies has the id that the transform gives it.
    pub roles: IndexMap<SmolStr, Role>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// A parameter of a deployment.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The value used where nobody gives one.
    pub default: Option<TemplateString>,
    /// Where it is declared.
    pub site: Site,
}

/// A resource of a deployment.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The type as the format spells it (`AWS::DynamoDB::Table`).
    pub kind: SmolStr,
    /// The properties, with every reference that could be resolved replaced by template strings.
    pub properties: Node,
    /// The physical name, where the template states one.
    pub name: Option<TemplateString>,
    /// Where it is declared.
    pub site: Site,
}

/// A deployed function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its id in the deployment.
    pub id: SmolStr,
    /// Its physical name, where the template states one.
    pub name: Option<TemplateString>,
    /// The runtime (`python3.13`), where the template states one.
    pub runtime: Option<SmolStr>,
    /// The handler setting, as the platform reads it.
    pub handler: Option<SmolStr>,
    /// Where the code is.
    pub code: Code,
    /// Folders of layers whose content the project holds, relative to the project.
    pub layers: Vec<String>,
    /// The environment's variables.
    pub environment: IndexMap<SmolStr, TemplateString>,
    /// What invokes the function.
    pub triggers: Vec<Trigger>,
    /// Settings that may need permissions of the role (VPC, tracing, dead-letter queue, …).
    pub settings: Vec<Setting>,
    /// The id of its execution role in [`Deployment::roles`]; `None` where the role is declared elsewhere.
    pub role: Option<SmolStr>,
    /// Where it is declared.
    pub site: Site,
}

/// Where a function's code is.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// A folder or file, relative to the project, with `/`.
    Path(String),
    /// In the template itself.
    Inline {
        /// The program text.
        text: String,
        /// Where it stands.
        site: Site,
    },
    /// Something built or stored elsewhere; the text says what (`s3://bucket/key.zip`, an image).
    Elsewhere(String),
}

/// Something that invokes a function.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The id of the trigger in `catalogs/aws/triggers` (`sqs`, `dynamodb-streams`, `apigateway-rest`).
    pub kind: SmolStr,
    /// The ARN of what triggers, where it has one.
    pub source: Option<TemplateString>,
    /// The properties of the trigger as the format has them.
    pub properties: Node,
    /// Where it is declared.
    pub site: Site,
}

/// A setting of a function that may need permissions.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The id of the setting in `catalogs/aws/triggers` (`vpc`, `xray`, `dlq`).
    pub kind: SmolStr,
    /// The ARN of what the setting names, where it names something.
    pub target: Option<TemplateString>,
    /// Where it stands.
    pub site: Site,
}

/// An execution role.
#[derive(Clone, Debug)]
pub struct Role {
    /// The policies whose statements are known.
    pub policies: Vec<HeldPolicy>,
    /// Policies that are attached but whose statements nobody in the project knows: name or ARN.
    pub unknown: Vec<(TemplateString, Site)>,
    /// Where the role is declared; for an implied role, where the function's policies stand.
    pub site: Site,
}

/// A policy that a role holds.
#[derive(Clone, Debug)]
pub struct HeldPolicy {
    /// Its name: of the inline policy, the managed policy or the policy template.
    pub name: SmolStr,
    /// Its statements.
    pub document: Document,
    /// Where it is attached.
    pub site: Site,
}

impl Deployment {
    /// The physical name of a resource: what the template states, else a hole for it.
    pub fn physical_name(&self, id: &str) -> Option<TemplateString> {
        let resource = self.resources.get(id)?;
        Some(resource.name.clone().unwrap_or_else(|| TemplateString::resource(id)))
    }

    /// TEMP
    pub fn physical(&self, text: &TemplateString) -> TemplateString {
        text.clone()
    }

    /// The text with every parameter replaced that `given` or, where `defaults`, the template's default decides.
    pub fn fill_parameters(
        &self,
        text: &TemplateString,
        given: &IndexMap<SmolStr, SmolStr>,
        defaults: bool,
    ) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Parameter(name) => given
                .get(name)
                .map(|value| value.as_str().into())
                .or_else(|| if defaults { self.parameters.get(name)?.default.clone() } else { None }),
            _ => None,
        })
    }
}
