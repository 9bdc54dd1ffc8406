//! The role that the transform makes for a function, with what `Policies` asks for and what the transform adds.

use indexmap::IndexMap;

use super::super::cloudformation::Attachments;
use super::super::documents::{Allowed, document};
use super::super::facts::{PolicyTemplate, policy_template, trigger};
use super::super::model::{Deployment, Function, Resource, Role, Setting, Trigger};
use super::super::paths::walk;
use super::FUNCTION;
use crate::text::tree::Node;
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// The id of the role that the transform makes for a resource.
pub(in crate::infra) fn role_id(kind: &str, id: &str) -> Option<SmolStr> {
    (kind == FUNCTION).then(|| [id, "Role"].concat().into())
}

/// Fills the role that the transform makes for a function.
pub(in crate::infra) fn fill_role(
    attachments: &Attachments<'_>,
    function: &Function,
    roles: &mut IndexMap<SmolStr, Role>,
) {
    let Some(resource) = attachments.deployment.resources.get(&function.id) else { return };
    // A role that the template declares itself may well have the name that the transform would give.
    if resource.properties.get("Role").and_then(Node::as_template).is_some() {
        return;
    }
    let Some(id) = role_id(&resource.kind, &function.id).filter(|id| function.role.as_ref() == Some(id))
    else {
        return;
    };
    let policies = resource.properties.get("Policies");
    let mut role = Attachments::bare(resource.site, &resource.properties);
    for policy in policies.map(Node::one_or_many).unwrap_or_default() {
        asked_for(attachments, &mut role, policy, &function.id);
    }
    let asked = role.policies.len();
    added(attachments, &mut role, function, resource);
    role.policies.iter_mut().skip(asked).for_each(|policy| policy.implied = true);
    if let Some(policies) = policies {
        role.site.span = policies.span;
    }
    roles.insert(id, role);
}

/// An item of `Policies`: a managed policy, a document, or a policy template.
fn asked_for(attachments: &Attachments<'_>, role: &mut Role, policy: &Node, function: &str) {
    if let Some(named) = policy.as_template() {
        return attachments.managed(role, &named, policy.span);
    }
    if policy.get("Statement").is_some() {
        let name = format!("{function}RolePolicy{}", role.policies.len());
        return attachments.inline(role, &name.as_str().into(), policy, policy.span);
    }
    for (name, entry) in policy.as_map().into_iter().flatten() {
        let Some(template) = policy_template(name) else {
            role.unknown.push((name.as_str().into(), attachments.reading.evaluator.site(entry.key)));
            continue;
        };
        let document = document(instance(template, &entry.node), entry.key);
        attachments.inline(role, &name.as_str().into(), &document, entry.key);
    }
}

/// The statements of a policy template with its parameters in place. A parameter that is not given is unknown.
fn instance(template: &PolicyTemplate, arguments: &Node) -> Vec<Allowed> {
    let fill = |texts: &[String]| texts.iter().map(|text| fill_in(text, template, arguments)).collect();
    let statement = |statement: &super::super::facts::PolicyStatement| Allowed {
        actions: statement.actions.iter().map(|action| action.as_str().into()).collect(),
        resources: fill(&statement.resources),
        conditions: statement
            .conditions
            .iter()
            .map(|condition| (condition.operator.clone(), condition.key.clone(), fill(&condition.values)))
            .collect(),
    };
    template.statements.iter().map(statement).collect()
}

fn fill_in(text: &str, template: &PolicyTemplate, arguments: &Node) -> TemplateString {
    let mut filled = TemplateString::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        filled.push_str(before);
        let (word, behind) = after.split_once('}').unwrap_or((after, ""));
        match word {
            "AWS::Partition" => filled.push_hole(Hole::Partition),
            "AWS::Region" => filled.push_hole(Hole::Region),
            "AWS::AccountId" => filled.push_hole(Hole::Account),
            word if template.parameters.iter().any(|parameter| parameter == word) => {
                let argument = arguments.get(word).and_then(Node::as_template);
                filled.push(&argument.unwrap_or_else(|| TemplateString::hole(Hole::Unknown)));
            }
            word => filled.push_hole(Hole::Parameter(word.into())),
        }
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// What the transform adds by itself.
fn added(attachments: &Attachments<'_>, role: &mut Role, function: &Function, resource: &Resource) {
    let properties = &resource.properties;
    let span = function.site.span;
    let durable = properties.get("DurableConfig").is_some();
    let basic =
        if durable { "AWSLambdaBasicDurableExecutionRolePolicy" } else { "AWSLambdaBasicExecutionRole" };
    attachments.managed(role, &basic.into(), span);
    if let Some(tracing) = properties.get("Tracing").filter(|tracing| tracing.as_str() != Some("Disabled")) {
        attachments.managed(role, &"AWSXrayWriteOnlyAccess".into(), tracing.span);
    }
    if let Some(vpc) =
        properties.get("VpcConfig").filter(|vpc| vpc.as_map().is_some_and(|map| !map.is_empty()))
    {
        attachments.managed(role, &"AWSLambdaVPCAccessExecutionRole".into(), vpc.span);
    }
    for setting in &function.settings {
        if let Some((name, statements)) = destination(setting) {
            let document = document(statements, setting.site.span);
            attachments.inline(role, &name.into(), &document, setting.site.span);
        }
    }
    for event in &function.triggers {
        // Only the function's own events: what other resources declare is not the transform's.
        let own =
            walk(properties, "Events.*").iter().any(|own| own.get("Properties") == Some(&event.properties));
        if own {
            reads(attachments, role, event);
        }
    }
}

/// What the transform allows for a destination whose type the template states.
fn destination(setting: &Setting) -> Option<(&'static str, Vec<Allowed>)> {
    let target = setting.target.clone().filter(|_| setting.certain)?;
    let name = match setting.kind.as_str() {
        "dlq" => "DeadLetterQueuePolicy",
        "async-destination" => "EventInvokeDestinationPolicy",
        "esm-on-failure" => "EventSourceDestinationPolicy",
        _ => return None,
    };
    let statements = match setting.properties.get("Type")?.as_str()? {
        "SQS" => vec![Allowed::on(target, &["sqs:SendMessage"])],
        "SNS" => vec![Allowed::on(target, &["sns:Publish"])],
        "EventBridge" => vec![Allowed::on(target, &["events:PutEvents"])],
        "Lambda" => vec![Allowed::on(target, &["lambda:InvokeFunction"])],
        "S3" | "S3Bucket" => {
            let mut objects = target.clone();
            objects.push_str("/*");
            vec![Allowed::on(objects, &["s3:PutObject"]), Allowed::on(target, &["s3:ListBucket"])]
        }
        _ => return None,
    };
    Some((name, statements))
}

/// What the transform allows for an event source that Lambda reads.
fn reads(attachments: &Attachments<'_>, role: &mut Role, event: &Trigger) {
    let span = event.site.span;
    let managed = trigger(&event.kind).and_then(|row| row.managed_policy.as_deref());
    if let Some(managed) =
        managed.filter(|_| matches!(event.kind.as_str(), "sqs" | "kinesis" | "dynamodb-streams" | "msk"))
    {
        attachments.managed(role, &managed.into(), span);
    }
    let statements = access(event);
    if !statements.is_empty() {
        let name = format!("{}ExecutionRolePolicy", event.kind);
        attachments.inline(role, &name.as_str().into(), &document(statements, span), span);
    }
}

/// The statements for event sources that are read with a secret.
fn access(event: &Trigger) -> Vec<Allowed> {
    let kinds: &[&str] = match event.kind.as_str() {
        "msk" => &["CLIENT_CERTIFICATE_TLS_AUTH"],
        "amazon-mq" | "documentdb" => &["BASIC_AUTH"],
        "self-managed-kafka" => &[
            "SASL_SCRAM_256_AUTH",
            "SASL_SCRAM_512_AUTH",
            "BASIC_AUTH",
            "CLIENT_CERTIFICATE_TLS_AUTH",
            "SERVER_ROOT_CA_CERTIFICATE",
        ],
        _ => return Vec::new(),
    };
    let configurations = walk(&event.properties, "SourceAccessConfigurations[]");
    let kind = |configuration: &Node| configuration.get("Type").and_then(Node::as_str).map(str::to_owned);
    let is = |configuration: &Node, kinds: &[&str]| {
        kind(configuration).is_some_and(|kind| kinds.contains(&kind.as_str()))
    };
    let mut statements = Vec::new();
    for configuration in configurations.iter().filter(|configuration| is(configuration, kinds)) {
        if let Some(secret) = configuration.get("URI").and_then(Node::as_template) {
            statements.push(Allowed::on(secret, &["secretsmanager:GetSecretValue"]));
        }
    }
    if event.kind == "self-managed-kafka" && configurations.iter().any(|part| is(part, &["VPC_SUBNET"])) {
        let network = trigger("self-managed-kafka").and_then(|row| row.needs.first());
        let actions: Vec<&str> = network.iter().flat_map(|need| &need.actions).map(String::as_str).collect();
        statements.push(Allowed::on("*".into(), &actions));
    }
    match (event.kind.as_str(), event.source.clone()) {
        ("amazon-mq", Some(broker)) => statements.push(Allowed::on(broker, &["mq:DescribeBroker"])),
        ("documentdb", Some(cluster)) => {
            statements.push(Allowed::on(cluster, &["rds:DescribeDBClusterParameters"]));
            statements.push(Allowed::on("*".into(), DOCUMENTDB));
        }
        _ => {}
    }
    statements.extend(decrypt(event));
    statements
}

/// What the transform allows on everything for an event source that is a `DocumentDB` cluster.
const DOCUMENTDB: &[&str] = &[
    "rds:DescribeDBClusters",
    "rds:DescribeDBSubnetGroups",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeVpcs",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

fn decrypt(event: &Trigger) -> Option<Allowed> {
    let key = event.properties.get("SecretsManagerKmsKeyId")?.as_template()?;
    let mut arn = TemplateString::from("arn:");
    arn.push_hole(Hole::Partition);
    arn.push_str(":kms:");
    arn.push_hole(Hole::Region);
    arn.push_str(":");
    arn.push_hole(Hole::Account);
    arn.push_str(":key/");
    arn.push(&key);
    Some(Allowed::on(arn, &["kms:Decrypt"]))
}

/// Connectors grant what only the transform knows: they are named, not read.
pub(in crate::infra) fn connectors(attachments: &Attachments<'_>, roles: &mut IndexMap<SmolStr, Role>) {
    let deployment = attachments.deployment;
    for (id, resource) in &deployment.resources {
        if resource.kind == "AWS::Serverless::Connector" {
            let source = resource.properties.at(&["Source", "Id"]).and_then(Node::as_str);
            connect(deployment, source.unwrap_or_default(), id, resource.site.span, roles);
        }
        let written = attachments.reading.evaluator.resources.get(id);
        let embedded = written.and_then(|written| written.node.get("Connectors")).and_then(Node::as_map);
        for (name, entry) in embedded.into_iter().flatten() {
            connect(deployment, id, name, entry.key, roles);
        }
    }
}

fn connect(
    deployment: &Deployment,
    source: &str,
    name: &str,
    span: Span,
    roles: &mut IndexMap<SmolStr, Role>,
) {
    let Some(function) = deployment.functions.iter().find(|function| function.id == source) else { return };
    let Some(role) = function.role.as_ref().and_then(|role| roles.get_mut(role)) else { return };
    let named = format!("connector {name}");
    role.unknown.push((named.as_str().into(), crate::text::Site { file: function.site.file, span }));
}
