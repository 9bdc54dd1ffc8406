//! Where a row of the catalog meets a deployment: whether its conditions hold, and which resources it is about.

use super::Subject;
use crate::cloud::{Resolution, Resource};
use crate::infra::{Deployment, Function, Need, destination_service};
use crate::policy;
use crate::text::tree::Node;
use crate::text::{Hole, Piece, TemplateString};

/// Whether a need's condition holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// The template does not show it.
    Open,
}

/// A trigger or setting of a function in a deployment.
pub(super) struct Place<'a> {
    pub(super) function: &'a Function,
    pub(super) deployment: &'a Deployment,
    pub(super) subject: &'a Subject<'a>,
}

impl Place<'_> {
    /// Whether a condition of the catalog holds here.
    pub(super) fn condition(&self, when: Option<&str>) -> Condition {
        let Some(when) = when else { return Condition::Holds };
        let (word, list) = when.split_once(':').unwrap_or((when, ""));
        match word {
            "group-missing" => holds(!self.group_is_there()),
            "consumer" => {
                holds(self.subject.named.is_some_and(|named| named.to_string().contains("/consumer/")))
            }
            "customer-key" | "target-key" => self.key_of(self.subject.named),
            "service" => self.is_service(list),
            "glue-registry" => holds(self.registry().is_some()),
            "registry-access" => holds(!self.registry_accesses().is_empty()),
            "no-access" => holds(self.accesses("").is_empty()),
            "access" => holds(!self.accesses(list).is_empty()),
            "access-key" => {
                let keys = self.accesses(list).into_iter().map(|secret| self.key_of(Some(&secret)));
                keys.min_by_key(|key| {
                    [Condition::Holds, Condition::Open, Condition::Fails]
                        .iter()
                        .position(|known| known == key)
                })
                .unwrap_or(Condition::Fails)
            }
            _ => Condition::Open,
        }
    }

    /// Whether a resource is encrypted with a customer's key: of a resource from elsewhere nobody here knows.
    fn key_of(&self, arn: Option<&TemplateString>) -> Condition {
        let Some(arn) = arn else { return Condition::Fails };
        match self.deployment.resource_of(&before(arn, "/consumer/")) {
            Some((_, resource)) => holds(resource.key.is_some()),
            None => Condition::Open,
        }
    }

    /// Whether the target is of a service. Several services may come into question for one that cannot be read.
    fn is_service(&self, service: &str) -> Condition {
        let Some(target) = self.subject.named else { return Condition::Open };
        let filled = self.deployment.fill_parameters(target, &indexmap::IndexMap::new(), true);
        if filled.starts_with("kafka://") {
            return holds(service == "kafka");
        }
        if let Some(found) = filled.split(':').get(2).and_then(TemplateString::as_literal) {
            return holds(found == service);
        }
        // The output of a nested stack is of some service of its own.
        let is_output = |hole: &Hole| matches!(hole, Hole::Resource { attribute, .. } if attribute.starts_with("Outputs."));
        let named = Some(target).filter(|target| !target.holes().any(is_output));
        let declared = named.and_then(|target| self.deployment.resource_of(target));
        let declared = declared.and_then(|(_, resource)| resource.kind.split("::").nth(1));
        let stated = self.subject.properties.and_then(|node| node.get("Type")?.as_str());
        let stated = stated.map(|stated| destination_service(stated).unwrap_or(stated));
        match declared.or(stated) {
            Some(known) => holds(known.eq_ignore_ascii_case(service)),
            None => Condition::Open,
        }
    }

    /// The URIs of the source's access configurations of these types (separated by commas), or of all.
    fn accesses(&self, types: &str) -> Vec<TemplateString> {
        let configurations = self.subject.properties.and_then(|node| node.get("SourceAccessConfigurations"));
        let configurations = configurations.map(Node::one_or_many).unwrap_or_default().iter();
        let uri = |configuration: &Node| {
            let kind = configuration.get("Type")?.as_str()?;
            let wanted = types.is_empty() || types.split(',').any(|known| known == kind);
            if wanted { configuration.get("URI")?.as_template() } else { None }
        };
        configurations.filter_map(uri).collect()
    }

    /// The name of the function's log group, and whether the template names it.
    fn log_group(&self) -> (TemplateString, bool) {
        let properties =
            self.deployment.resources.get(&self.function.id).map(|resource| &resource.properties);
        let stated = properties.and_then(|node| node.at(&["LoggingConfig", "LogGroup"])?.as_template());
        stated.map_or_else(
            || {
                let mut name = TemplateString::from("/aws/lambda/");
                name.push_hole(Hole::Resource { id: self.function.id.clone(), attribute: "".into() });
                (name, false)
            },
            |stated| (stated, true),
        )
    }

    /// Whether the function's log group is there before its first line is written.
    fn group_is_there(&self) -> bool {
        let (group, is_stated) = self.log_group();
        let wanted = self.deployment.physical(&group);
        let groups =
            self.deployment.resources.values().filter(|resource| resource.kind == "AWS::Logs::LogGroup");
        let mut declared = groups.filter_map(|group| group.name.as_ref());
        is_stated || declared.any(|name| self.deployment.physical(name) == wanted)
    }

    /// The resources that a need is about.
    pub(super) fn resources(&self, need: &Need) -> Vec<Resource> {
        let texts = match need.resource.as_str() {
            "*" => vec!["*".into()],
            "access" => self.accesses(access_types(need)),
            "registry-access" => self.registry_accesses(),
            "key" => vec![self.key(need)],
            "key-itself" => vec![self.named_key(self.subject.named.cloned())],
            other => vec![self.text(other, need)],
        };
        let resource = |text: TemplateString| {
            let arn = self.deployment.physical(&text);
            let resolution = match (arn.as_literal(), arn.holes().any(|hole| *hole == Hole::Unknown)) {
                (Some("*"), _) => Resolution::Any,
                (_, true) => Resolution::Partial,
                (_, false) => Resolution::Template,
            };
            let reference = (arn != text).then_some(text);
            Resource { arn, reference, kind: need.kind.as_str().into(), resolution }
        };
        texts.into_iter().map(resource).collect()
    }

    /// The conditions of a need's request.
    pub(super) fn conditions(&self, need: &Need) -> Vec<policy::Condition> {
        let condition = need.condition.iter().map(|condition| policy::Condition {
            operator: condition.operator.as_str().into(),
            key: condition.key.as_str().into(),
            values: vec![self.deployment.physical(&self.text(&condition.value, need))],
        });
        condition.collect()
    }

    /// The text of a word of the catalog.
    fn text(&self, word: &str, need: &Need) -> TemplateString {
        let named = || self.named(need);
        match word {
            "source" => before(&named(), "/consumer/"),
            "source-itself" | "target" => named(),
            "target/*" => {
                let mut objects = named();
                objects.push_str("/*");
                objects
            }
            "file-system" => self.file_system(),
            "registry" => self.registry().unwrap_or_default(),
            "registry-schemas" => self.schemas(),
            _ => word.strip_prefix("kafka:").map_or_else(|| self.assemble(word), |kind| self.kafka(kind)),
        }
    }

    /// What triggers or is named: of an unknown one, anything of its service.
    fn named(&self, need: &Need) -> TemplateString {
        let known = self.subject.named.filter(|named| named.as_hole() != Some(&Hole::Unknown));
        known.cloned().unwrap_or_else(|| {
            let action = need.actions.first().map(String::as_str).unwrap_or_default();
            let service = action.split(':').next().unwrap_or_default();
            need.fallback
                .as_ref()
                .map_or_else(|| self.anything_of(service), |fallback| self.assemble(fallback))
        })
    }

    fn anything_of(&self, service: &str) -> TemplateString {
        self.assemble(&["arn:${Partition}:", service, ":${Region}:${Account}:${Anything}"].concat())
    }

    fn key(&self, need: &Need) -> TemplateString {
        let secrets = self.accesses(access_types(need));
        let subjects = if need.when.as_deref().is_some_and(|when| when.starts_with("access-key")) {
            secrets.iter().collect()
        } else {
            Vec::from_iter(self.subject.named)
        };
        let key = subjects.into_iter().find_map(|arn| self.deployment.resource_of(arn)?.1.key.clone());
        self.named_key(key)
    }

    /// The ARN of a key that is named by its ARN, its id or a reference. An alias does not name one.
    fn named_key(&self, key: Option<TemplateString>) -> TemplateString {
        match key {
            Some(key) if key.starts_with("arn:") => key,
            Some(key) if key.as_hole().is_some_and(|hole| self.is_key(hole)) => self.key_arn(&key),
            Some(key) if key.as_literal().is_some_and(|key| !key.starts_with("alias/")) => self.key_arn(&key),
            _ => self.key_arn(&TemplateString::hole(Hole::Unknown)),
        }
    }

    fn is_key(&self, hole: &Hole) -> bool {
        let Hole::Resource { id, attribute } = hole else { return false };
        attribute.is_empty()
            && self.deployment.resources.get(id).is_some_and(|resource| resource.kind == "AWS::KMS::Key")
    }

    fn key_arn(&self, id: &TemplateString) -> TemplateString {
        let mut arn = self.assemble("arn:${Partition}:kms:${Region}:${Account}:key/");
        arn.push(id);
        arn
    }

    /// How an event source's registry of schemas is reached.
    fn registry_config(&self) -> Option<&Node> {
        let properties = self.subject.properties?;
        let holders = ["AmazonManagedKafkaEventSourceConfig", "SelfManagedKafkaEventSourceConfig"];
        let held = || holders.into_iter().find_map(|holder| properties.at(&[holder, "SchemaRegistryConfig"]));
        properties.get("SchemaRegistryConfig").or_else(held)
    }

    /// The Glue registry of an event source's schemas.
    fn registry(&self) -> Option<TemplateString> {
        let uri = self.registry_config()?.get("SchemaRegistryURI")?.as_template()?;
        uri.split(':').get(2).is_some_and(|service| service.as_literal() == Some("glue")).then_some(uri)
    }

    /// The secrets that a registry of schemas is reached with.
    fn registry_accesses(&self) -> Vec<TemplateString> {
        let configs = self.registry_config().and_then(|config| config.get("AccessConfigs"));
        let configs = configs.map(Node::one_or_many).unwrap_or_default().iter();
        configs.filter_map(|config| config.get("URI")?.as_template()).collect()
    }

    /// The schemas of that registry.
    fn schemas(&self) -> TemplateString {
        let name = self.registry().and_then(|uri| uri.split('/').pop());
        let mut arn = self.assemble("arn:${Partition}:glue:${Region}:${Account}:schema/");
        arn.push(&name.unwrap_or_else(|| TemplateString::hole(Hole::Unknown)));
        arn.push_str("/*");
        arn
    }

    /// The file system of an access point.
    fn file_system(&self) -> TemplateString {
        let access_point = self.subject.named.and_then(|named| self.deployment.resource_of(named));
        let id = access_point.and_then(|(_, point)| point.properties.get("FileSystemId")?.as_template());
        let mut arn = self.assemble("arn:${Partition}:elasticfilesystem:${Region}:${Account}:file-system/");
        arn.push(&id.unwrap_or_else(|| TemplateString::hole(Hole::Unknown)));
        arn
    }

    /// A cluster of Kafka, or the topic or consumer group that the mapping reads there.
    fn kafka(&self, kind: &str) -> TemplateString {
        let cluster = self.subject.named.map(|named| named.splitn(2, '/'));
        let rest = cluster.filter(|parts| parts.len() == 2).and_then(|parts| parts.into_iter().nth(1));
        let mut arn = self.assemble(&["arn:${Partition}:kafka:${Region}:${Account}:", kind, "/"].concat());
        let Some(rest) = rest else {
            arn.push_hole(Hole::Unknown);
            return arn;
        };
        arn.push(&rest);
        let property = |name: &str| self.subject.properties.and_then(|node| node.get(name));
        let part = match kind {
            "topic" => property("Topics").and_then(|topics| topics.one_or_many().first()?.as_template()),
            "group" => property("AmazonManagedKafkaEventSourceConfig")
                .or_else(|| property("ConsumerGroupId"))
                .and_then(|config| config.get("ConsumerGroupId").unwrap_or(config).as_template()),
            _ => return arn,
        };
        arn.push_str("/");
        arn.push(&part.unwrap_or_else(|| TemplateString::hole(Hole::Unknown)));
        arn
    }

    /// An ARN of the catalog with this deployment's parts.
    fn assemble(&self, template: &str) -> TemplateString {
        TemplateString::filled(template, |word| match word {
            "LogGroup" => self.log_group().0,
            "FunctionName" => TemplateString::resource(self.function.id.clone()),
            _ => TemplateString::hole(Hole::Unknown),
        })
    }
}

fn holds(condition: bool) -> Condition {
    if condition { Condition::Holds } else { Condition::Fails }
}

/// The types of access configuration that a need is about.
fn access_types(need: &Need) -> &str {
    need.when.as_deref().and_then(|when| when.split_once(':')).map_or("", |(_, types)| types)
}

/// The text before the first place where its known text has `end`.
fn before(text: &TemplateString, end: &str) -> TemplateString {
    let mut result = TemplateString::new();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => result.push_hole(hole.clone()),
            Piece::Text(known) => match known.split_once(end) {
                Some((known, _)) => {
                    result.push_str(known);
                    return result;
                }
                None => result.push_str(known),
            },
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use crate::infra::triggers;

    #[test]
    fn the_catalog_uses_known_words() {
        let conditions = [
            "group-missing",
            "consumer",
            "customer-key",
            "target-key",
            "service",
            "registry-access",
            "no-access",
            "access",
            "access-key",
            "glue-registry",
        ];
        let resources = [
            "*",
            "source",
            "source-itself",
            "target",
            "target/*",
            "key",
            "key-itself",
            "access",
            "registry-access",
            "file-system",
            "kafka:cluster",
            "kafka:topic",
            "kafka:group",
            "registry",
            "registry-schemas",
        ];
        for need in triggers().iter().flat_map(|row| &row.needs) {
            let condition = need.when.as_deref().and_then(|when| when.split(':').next());
            assert!(condition.is_none_or(|word| conditions.contains(&word)), "{condition:?}");
            assert!(
                need.resource.starts_with("arn:") || resources.contains(&need.resource.as_str()),
                "{}",
                need.resource
            );
            assert!(need.certainty.as_deref().is_none_or(|word| word == "possible"), "{need:?}");
        }
    }
}
