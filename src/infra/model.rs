//! What a deployment says, in one model for every format.

use indexmap::IndexMap;

use super::paths::walk;
use super::references::Dialect;
use crate::policy::Document;
use crate::text::tree::Node;
use crate::text::{FileId, Hole, Piece, Problem, Site, SmolStr, TemplateString};

/// One deployment: the functions and resources that a template declares together.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// The language in which it refers to its resources.
    pub dialect: Dialect,
    /// What the deployment calls its account, region and partition, where it has names of its own for them.
    pub own_names: IndexMap<SmolStr, SmolStr>,
    /// The functions, in the order of the template.
    pub functions: Vec<Function>,
    /// Every resource by its own id, functions among them, and those that a transform implies.
    pub resources: IndexMap<SmolStr, Resource>,
    /// The parameters by name.
    pub parameters: IndexMap<SmolStr, Parameter>,
    /// The conditions by name: what the parameters decide, `None` where they do not.
    pub conditions: IndexMap<SmolStr, Option<bool>>,
    /// The roles by id; a role that a transform implies has the id that the transform gives it.
    pub roles: IndexMap<SmolStr, Role>,
    /// Other folders whose files are parts of it, and no deployments of their own.
    pub parts: Vec<String>,
    /// Which of its environments it is read for, where it has several.
    pub environment: Option<Environment>,
    /// Whether a tool made it of something that the project may have as well.
    pub made: bool,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// An environment of a deployment: a stage, a profile, a file with values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: SmolStr,
    /// Whether somebody chose it; else it is what is deployed where nobody says.
    pub chosen: bool,
    /// Those that there are, as far as that is written down.
    pub others: Vec<SmolStr>,
}

/// A parameter of a deployment.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The value used where nobody gives one. A parameter that names where its value is stored has none.
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
    /// The ARN with the resource's own id for its physical name, where the type is known.
    pub arn: Option<TemplateString>,
    /// The customer-managed key for the data at rest, where the template names one: an ARN, id or alias.
    pub key: Option<TemplateString>,
    /// The ARNs of roles that it runs with: whoever starts it hands them over.
    pub roles: Vec<TemplateString>,
    /// The condition under which it is created, by name.
    pub condition: Option<SmolStr>,
    /// Where it is declared; for one that a transform implies, what implies it.
    pub site: Site,
}

impl Resource {
    /// The texts of a property, as a path (`KeySchema[].AttributeName`).
    pub fn texts(&self, path: &str) -> Vec<TemplateString> {
        walk(&self.properties, path).into_iter().filter_map(Node::as_template).collect()
    }
}

/// A deployed function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its id in the deployment.
    pub id: SmolStr,
    /// What people call it: the id, but where the format has a name of its own for functions.
    pub label: SmolStr,
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
    /// How it is built, as the format has it (`BuildMethod`, `BuildProperties.EntryPoints`); null where nothing is said.
    pub build: Node,
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

impl Function {
    /// The way to the construct that it was made of, by the ids of the constructs from the outermost on, where the
    /// deployment says it.
    pub fn construct(&self) -> Option<&str> {
        let path = self.build.get("aws:cdk:path")?.as_str()?;
        Some(path.strip_suffix("/Resource").unwrap_or(path))
    }

    /// What a framework enters for other functions only, of the program that this one is of: names of routines.
    pub fn apart(&self) -> impl Iterator<Item = &str> {
        let apart = self.build.get("Apart").map(Node::one_or_many).unwrap_or_default();
        apart.iter().filter_map(Node::as_str)
    }
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
    /// An image that is built from a folder of the project.
    Image {
        /// The folder, relative to the project.
        context: String,
        /// The file that says how, relative to the project.
        dockerfile: Option<String>,
    },
    /// Something built or stored elsewhere; the text says what (`s3://bucket/key.zip`, an image).
    Elsewhere(String),
    /// A state machine, whose states say what is done.
    Workflow(Box<Workflow>),
    /// Requests that a service sends for whoever comes to it.
    Integrations(Vec<Integration>),
}

/// A state machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Workflow {
    /// Its states.
    pub definition: Definition,
    /// What stands for `${Name}` in the definition.
    pub substitutions: IndexMap<SmolStr, TemplateString>,
}

/// Where the states of a state machine are.
#[derive(Clone, Debug, PartialEq)]
pub enum Definition {
    /// In the template, or in a file that was read.
    Read {
        /// The definition.
        node: Node,
        /// The file that it stands in.
        file: FileId,
    },
    /// In a file of the project, relative to it.
    File(String),
    /// Nowhere in the project; the text says where.
    Elsewhere(String),
}

/// A request that a service sends with a role.
#[derive(Clone, Debug, PartialEq)]
pub struct Integration {
    /// What is asked, as the service spells it.
    pub target: TemplateString,
    /// What the template says of the request.
    pub properties: Node,
    /// Where it stands.
    pub site: Site,
}

/// What a function is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FunctionKind {
    /// A program.
    #[default]
    Function,
    /// A state machine.
    StateMachine,
    /// Requests that a service sends for whoever comes to it.
    Integration,
}

impl FunctionKind {
    /// The kind as it is told to programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::StateMachine => "state-machine",
            Self::Integration => "integration",
        }
    }
}

impl Function {
    /// What the function is.
    pub const fn kind(&self) -> FunctionKind {
        match self.code {
            Code::Workflow(_) => FunctionKind::StateMachine,
            Code::Integrations(_) => FunctionKind::Integration,
            _ => FunctionKind::Function,
        }
    }
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
    /// Whether it is there; false where the parameters' defaults switch it off.
    pub certain: bool,
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
    /// What stands there, as the format has it.
    pub properties: Node,
    /// Whether it is there; false where the parameters' defaults switch it off.
    pub certain: bool,
    /// Where it stands.
    pub site: Site,
}

/// An execution role.
#[derive(Clone, Debug)]
pub struct Role {
    /// The policies whose statements are known.
    pub policies: Vec<HeldPolicy>,
    /// Policies of declared resources that name the role: what they allow, it may do without a policy of its own.
    pub given: Vec<HeldPolicy>,
    /// Statements of declared resources' policies that deny the role something, whatever it holds.
    pub refused: Vec<HeldPolicy>,
    /// Policies that are attached but whose statements nobody in the project knows: name or ARN.
    pub unknown: Vec<(TemplateString, Site)>,
    /// The policy that bounds what the role may do, by name or ARN.
    pub boundary: Option<TemplateString>,
    /// Policies that limit what the role may do whatever it holds: its boundary, the policies of an organisation. Each
    /// must allow what is to be allowed.
    pub limits: Vec<HeldPolicy>,
    /// The services that its trust policy lets take it on; `None` where that is not known.
    pub trusted: Option<Vec<TemplateString>>,
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
    /// Whether the format adds it by itself, so that nobody wrote it and nobody can take it out.
    pub implied: bool,
    /// Where it is attached.
    pub site: Site,
}

/// How often a stated name may lead to another resource's name.
const NAME_DEPTH: usize = 8;

impl Deployment {
    /// The physical name of a resource: what the template states, else a hole for it.
    pub fn physical_name(&self, id: &str) -> Option<TemplateString> {
        let resource = self.resources.get(id)?;
        Some(resource.name.clone().unwrap_or_else(|| TemplateString::resource(id)))
    }

    /// The same text with the names of resources as the template states them. Names that it does not state, and
    /// names that lead in a circle, stay holes.
    #[must_use]
    pub fn physical(&self, text: &TemplateString) -> TemplateString {
        self.named(text, &mut Vec::new())
    }

    fn named(&self, text: &TemplateString, within: &mut Vec<SmolStr>) -> TemplateString {
        let mut named = TemplateString::new();
        for piece in text.pieces() {
            match piece {
                Piece::Text(text) => named.push_str(text),
                Piece::Hole(hole) => match self.stated(hole, within) {
                    Some(name) => push_name(&mut named, &name),
                    None => named.push_hole(hole.clone()),
                },
            }
        }
        named
    }

    fn stated(&self, hole: &Hole, within: &mut Vec<SmolStr>) -> Option<TemplateString> {
        let Hole::Resource { id, attribute } = hole else { return None };
        if !attribute.is_empty() || within.len() >= NAME_DEPTH || within.contains(id) {
            return None;
        }
        let name = self.resources.get(id)?.name.as_ref()?;
        within.push(id.clone());
        let name = self.named(name, within);
        within.pop();
        Some(name)
    }

    /// The function that stands at a place; of several that one place declares, that of the name.
    pub fn function_at(&self, site: Option<Site>, label: &str) -> Option<&Function> {
        let mut here = self.functions.iter().filter(|function| Some(function.site) == site);
        here.find(|function| function.label == label)
    }

    /// Whether the role of a function is one that the serverless transform makes of the function's own `Policies`.
    pub fn makes_role(&self, function: &Function) -> bool {
        self.resources.get(&function.id).is_some_and(|resource| {
            super::sam::role_id(&resource.kind, &function.id).is_some()
                && resource.properties.get("Role").is_none()
        })
    }

    /// Whether a resource is created: false where the parameters' defaults switch it off.
    pub fn is_there(&self, resource: &Resource) -> bool {
        let held = resource.condition.as_ref().and_then(|name| self.conditions.get(name).copied().flatten());
        held != Some(false)
    }

    /// The id of the resource of that type whose stated name is `name`.
    pub fn resource_named(&self, kind: &str, name: &TemplateString) -> Option<&SmolStr> {
        if name.is_empty() {
            return None;
        }
        let mut named = self.resources.iter().filter(|(_, resource)| resource.kind == kind);
        named.find(|(_, resource)| resource.name.as_ref() == Some(name)).map(|(id, _)| id)
    }

    /// The resource that an ARN of the deployment, as a template refers to it, is about, with its id.
    pub fn resource_of(&self, arn: &TemplateString) -> Option<(&SmolStr, &Resource)> {
        let ids = arn.holes().filter_map(|hole| match hole {
            Hole::Resource { id, .. } => Some(id),
            _ => None,
        });
        ids.last().and_then(|id| self.resources.get_key_value(id)).or_else(|| {
            let named =
                |resource: &Resource| resource.arn.as_ref().is_some_and(|own| self.physical(own) == *arn);
            self.resources.iter().find(|(_, resource)| named(resource))
        })
    }

    /// The same ARN with a resource's own id, where it spells out the name that the template states for the resource:
    /// the ARN of the resource itself, or of something in it.
    pub fn referring(&self, arn: &TemplateString) -> Option<TemplateString> {
        let spelled = arn.to_string();
        let mut named = self.resources.values().filter(|resource| resource.name.is_some());
        named.find_map(|resource| {
            let own = resource.arn.as_ref()?;
            let physical = self.physical(own);
            let behind = spelled.strip_prefix(&physical.to_string())?;
            let within = behind.is_empty() || (behind.starts_with(['/', ':']) && !behind.contains("${"));
            if !within || physical == *own {
                return None;
            }
            let mut referring = own.clone();
            referring.push_str(behind);
            Some(referring)
        })
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

/// Puts a name into an ARN. The `/` that a hierarchical name begins with stands in the ARN once.
fn push_name(arn: &mut TemplateString, name: &TemplateString) {
    let ends_in_slash = matches!(arn.pieces().last(), Some(Piece::Text(text)) if text.ends_with('/'));
    let rest = if ends_in_slash { name.strip_prefix("/") } else { None };
    arn.push(rest.as_ref().unwrap_or(name));
}
