//! What the SDKs of each language call services and operations. `catalogs/aws/sdk/README.md` has the format.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::{Catalog, Operation, Service};

/// The names, read when they are first asked for.
static NAMES: OnceLock<FxHashMap<&'static str, Sdk>> = OnceLock::new();

/// The names of one SDK.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sdk {
    /// What the names of packages begin with before the service's.
    #[serde(default)]
    prefix: &'static str,
    #[serde(borrow)]
    packages: FxHashMap<&'static str, &'static str>,
    classes: FxHashMap<&'static str, &'static str>,
    operations: Vec<&'static str>,
    waiters: Vec<&'static str>,
}

/// The names that an SDK (`javascript-v3`, `go-v2`) uses.
#[derive(Clone, Copy, Debug)]
pub struct SdkNames {
    sdk: &'static Sdk,
    catalog: Catalog,
}

impl SdkNames {
    /// The names of an SDK over a catalog; `None` for an SDK that is not described.
    pub fn of(sdk: &str, catalog: Catalog) -> Option<Self> {
        let text = include_str!("../../catalogs/aws/sdk/names.json");
        // What stands in the file is tested; where it did not read, no name would be known.
        let names = NAMES.get_or_init(|| serde_json::from_str(text).unwrap_or_default());
        names.get(sdk).map(|sdk| Self { sdk, catalog })
    }

    /// The service of a package (`@aws-sdk/client-dynamodb`) or of what lies in it, by its path.
    pub fn package(self, path: &str) -> Option<Service> {
        let mut path = path;
        loop {
            // The module of a crate has `_` where the crate has `-`.
            let found = self.sdk.packages.get(path);
            if let Some(name) = found.or_else(|| self.sdk.packages.get(path.replace('_', "-").as_str())) {
                return self.catalog.service(name);
            }
            path = path.rsplit_once(['/', '.', ':'])?.0;
        }
    }

    /// The service of a package by the part of its name that is the service's (`dynamodb` of `aws-sdk-dynamodb`).
    pub fn package_called(self, name: &str) -> Option<Service> {
        self.package(&format!("{}{name}", self.sdk.prefix))
    }

    /// The service of a client's class (`DynamoDBClient`).
    pub fn class(self, name: &str) -> Option<Service> {
        self.catalog.service(self.sdk.classes.get(name)?)
    }

    /// The operation that a method or a class of requests names (`putItem`, `PutItemCommand`); for a waiter's name the
    /// operation that it asks.
    pub fn operation(self, service: Service, spelling: &str) -> Option<Operation> {
        let inside = |pattern: &&'static str| {
            let (before, behind) = pattern.split_once('*')?;
            spelling.strip_prefix(before)?.strip_suffix(behind)
        };
        let formed =
            || self.sdk.operations.iter().filter_map(inside).find_map(|name| service.operation_by_key(name));
        // A method may be called as a class of another operation: `invokeAgentRuntimeCommand`.
        let is_method = spelling.starts_with(|first: char| first.is_lowercase());
        let whole = service.operation_by_key(spelling).filter(|_| is_method);
        whole
            .or_else(formed)
            .or_else(|| self.sdk.waiters.iter().filter_map(inside).find_map(|name| service.waiter(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn names(sdk: &str) -> SdkNames {
        SdkNames::of(sdk, Catalog::embedded()).unwrap()
    }

    #[test]
    fn every_name_leads_to_a_service_of_the_catalog() {
        let catalog = Catalog::embedded();
        for sdk in ["go-v2", "java-v2", "javascript-v3", "rust"] {
            let names = names(sdk);
            let all: Vec<_> = names.sdk.packages.iter().chain(&names.sdk.classes).collect();
            assert!(names.sdk.packages.len() > 400, "{sdk}");
            let lost: Vec<_> = all.iter().filter(|(_, service)| catalog.service(service).is_none()).collect();
            assert!(lost.is_empty(), "{sdk}: {lost:?}");
            assert!(
                names
                    .sdk
                    .operations
                    .iter()
                    .chain(&names.sdk.waiters)
                    .all(|form| form.matches('*').count() == 1)
            );
        }
        assert!(SdkNames::of("cobol", catalog).is_none());
    }

    #[test]
    fn services_are_found_by_package_and_class() {
        let package = |sdk, path| names(sdk).package(path).map(Service::name);
        assert_eq!(package("javascript-v3", "@aws-sdk/client-sfn"), Some("stepfunctions"));
        assert_eq!(package("javascript-v3", "@aws-sdk/client-s3/dist-cjs"), Some("s3"));
        assert_eq!(package("javascript-v3", "@aws-sdk/lib-dynamodb"), None);
        assert_eq!(package("go-v2", "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"), Some("dynamodb"));
        assert_eq!(
            package("java-v2", "software.amazon.awssdk.services.eventbridge.EventBridgeClient"),
            Some("events")
        );
        assert_eq!(package("rust", "aws-sdk-cognitoidentityprovider"), Some("cognito-idp"));
        assert_eq!(package("rust", "aws_sdk_dynamodb::types::AttributeValue"), Some("dynamodb"));
        assert_eq!(names("java-v2").class("SfnClient").map(Service::name), Some("stepfunctions"));
        assert_eq!(names("javascript-v3").class("SFNClient").map(Service::name), Some("stepfunctions"));
    }

    #[test]
    fn operations_are_found_as_programs_spell_them() {
        let found = |sdk, service, spelling| {
            let service = Catalog::embedded().service(service).unwrap();
            names(sdk).operation(service, spelling).map(Operation::name)
        };
        assert_eq!(found("javascript-v3", "dynamodb", "PutItemCommand"), Some("PutItem"));
        assert_eq!(found("javascript-v3", "dynamodb", "paginateScan"), Some("Scan"));
        assert_eq!(found("javascript-v3", "rds", "describeDBInstances"), Some("DescribeDBInstances"));
        assert_eq!(found("javascript-v3", "dynamodb", "waitUntilTableExists"), Some("DescribeTable"));
        assert_eq!(found("java-v2", "rds", "DescribeDbInstancesRequest"), Some("DescribeDBInstances"));
        assert_eq!(found("java-v2", "s3", "listObjectsV2Paginator"), Some("ListObjectsV2"));
        assert_eq!(found("go-v2", "s3", "NewListObjectsV2Paginator"), Some("ListObjectsV2"));
        assert_eq!(found("go-v2", "s3", "PresignGetObject"), Some("GetObject"));
        assert_eq!(found("go-v2", "s3", "NewBucketExistsWaiter"), Some("HeadBucket"));
        assert_eq!(found("rust", "s3", "list_objects_v2"), Some("ListObjectsV2"));
        assert_eq!(found("rust", "s3", "send"), None);
        let runtime = |spelling| found("javascript-v3", "bedrock-agentcore", spelling);
        assert_eq!(runtime("InvokeAgentRuntimeCommand"), Some("InvokeAgentRuntime"));
        assert_eq!(runtime("invokeAgentRuntimeCommand"), Some("InvokeAgentRuntimeCommand"));
    }

    #[test]
    fn every_operation_is_found_by_its_forms() {
        let (javascript, go) = (names("javascript-v3"), names("go-v2"));
        for service in Catalog::embedded().services() {
            for operation in service.operations() {
                let name = operation.name();
                assert_eq!(javascript.operation(service, &format!("{name}Command")), Some(operation));
                assert_eq!(go.operation(service, &format!("{name}Input")), Some(operation));
            }
        }
    }
}
