//! A handful of actions, enough to speak about policies.

use leastwise::policy::{Access, ActionFacts};
use leastwise::text::{Glob, SmolStr, TemplateString};

const BUCKET: &str = "arn:${Partition}:s3:::${BucketName}";
const OBJECT: &str = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
const TABLE: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
const INDEX: &str = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}";
const QUEUE: &str = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}";
const ROLE: &str = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";
const LOG_GROUP: &str = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
const SECRET: &str = "arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${SecretId}";
const MACHINE: &str = "arn:${Partition}:states:${Region}:${Account}:stateMachine:${StateMachineName}";

use Access::{List, Permissions, Read, Write};

/// Actions in the order of their names.
const ACTIONS: &[(&str, Access, &[&str])] = &[
    ("dynamodb:DeleteItem", Write, &[TABLE]),
    ("dynamodb:GetItem", Read, &[TABLE]),
    ("dynamodb:ListTables", List, &[]),
    ("dynamodb:PutItem", Write, &[TABLE]),
    ("dynamodb:Query", Read, &[INDEX, TABLE]),
    ("ec2:CreateNetworkInterface", Write, &[]),
    ("iam:CreatePolicyVersion", Permissions, &[ROLE]),
    ("iam:PassRole", Write, &[ROLE]),
    ("lambda:CreateFunction", Write, &[]),
    ("lambda:InvokeFunction", Write, &[]),
    ("logs:CreateLogGroup", Write, &[LOG_GROUP]),
    ("logs:CreateLogStream", Write, &[LOG_GROUP]),
    ("logs:PutLogEvents", Write, &[LOG_GROUP]),
    ("s3:DeleteObject", Write, &[OBJECT]),
    ("s3:GetObject", Read, &[OBJECT]),
    ("s3:ListAllMyBuckets", List, &[]),
    ("s3:ListBucket", List, &[BUCKET]),
    ("s3:PutBucketPolicy", Permissions, &[BUCKET]),
    ("s3:PutObject", Write, &[OBJECT]),
    ("secretsmanager:GetSecretValue", Read, &[SECRET]),
    ("sqs:DeleteMessage", Write, &[QUEUE]),
    ("sqs:ReceiveMessage", Read, &[QUEUE]),
    ("sqs:SendMessage", Write, &[QUEUE]),
    ("states:StartExecution", Write, &[MACHINE]),
];

/// The actions above, and nothing else.
pub(crate) struct Facts;

fn row(action: &str) -> Option<&'static (&'static str, Access, &'static [&'static str])> {
    ACTIONS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(action))
}

impl ActionFacts for Facts {
    fn access(&self, action: &str) -> Option<Access> {
        row(action).map(|row| row.1)
    }

    fn expand(&self, pattern: &str) -> Vec<SmolStr> {
        let glob = Glob::pattern(&TemplateString::from(pattern)).ignoring_case();
        ACTIONS.iter().filter(|row| glob.matches(row.0).is_yes()).map(|row| row.0.into()).collect()
    }

    fn resource_types(&self, action: &str) -> Option<Vec<SmolStr>> {
        row(action).map(|row| row.2.iter().map(|text| (*text).into()).collect())
    }

    fn service_types(&self, prefix: &str) -> Vec<SmolStr> {
        let own = ACTIONS.iter().filter(|row| row.0.split(':').next() == Some(prefix));
        own.flat_map(|row| row.2).map(|text| (*text).into()).collect()
    }

    fn prefixes(&self, service: &str) -> Vec<SmolStr> {
        vec![if service == "stepfunctions" { "states" } else { service }.into()]
    }
}
