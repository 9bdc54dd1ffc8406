//! What the embedded catalog says of well-known operations, and that it says something definite of every one.
#![expect(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test says what is missing and how much is covered, and reads the files of the catalog"
)]

use pretty_assertions::assert_eq;

use leastwise::catalog::{ArnTemplate, Authorization, Catalog, Class, Operation, ResourceRule, Rule, When};

fn operation(service: &str, name: &str) -> Operation {
    let found = Catalog::embedded().service(service).and_then(|service| service.operation(name));
    found.unwrap_or_else(|| panic!("{service}.{name} is not in the catalog"))
}

/// A rule on one line, as `tests/catalog/rules.txt` explains it.
fn line(rule: Rule) -> String {
    let class =
        if rule.class() == Class::Always { String::new() } else { format!("{} ", rule.class().name()) };
    let condition = |when: Option<&str>| when.map_or(String::new(), |when| format!(" if {when}"));
    let short = |arn: &str| {
        arn.replace("arn:${Partition}:", "…").replace("${Region}:${Account}", "R:A").replace("${param:", "${")
    };
    let resources: Vec<_> = rule
        .resources()
        .map(|resource| {
            format!("{} {}{}", resource.kind(), short(resource.arn()), condition(resource.when()))
        })
        .collect();
    let context: Vec<_> = rule
        .conditions()
        .filter(|condition| !condition.is_narrowing())
        .map(|condition| format!("{}={}", condition.key(), condition.value()))
        .collect();
    let with = if context.is_empty() { String::new() } else { format!(" with {}", context.join(", ")) };
    format!("{class}{}{} on {}{with}", rule.action(), condition(rule.when()), resources.join(", "))
}

/// An operation with its rules, as `tests/catalog/rules.txt` shows it.
fn entry(service: &str, name: &str) -> String {
    let operation = operation(service, name);
    let authorization = match operation.authorization() {
        Authorization::Actions => "",
        Authorization::NotAuthorized => ": none",
        Authorization::Unverified => ": unverified",
        Authorization::Unmapped => ": unmapped",
    };
    let rules = operation.rules().map(|rule| format!("  {}\n", line(rule)));
    format!("{service}.{name}{authorization}\n{}", rules.collect::<String>())
}

#[test]
fn every_operation_resolves() {
    let catalog = Catalog::embedded();
    let mut counts = std::collections::BTreeMap::new();
    for service in catalog.services() {
        for operation in service.operations() {
            *counts.entry(format!("{:?}", operation.authorization())).or_insert(0) += 1;
            assert_eq!(service.operation(operation.name()), Some(operation));
            let is_empty = operation.rules().len() == 0;
            assert_eq!(is_empty, operation.authorization() == Authorization::NotAuthorized, "{operation:?}");
            for rule in operation.rules() {
                assert!(rule.resources().len() > 0, "{operation:?} {rule:?}");
                let is_checked =
                    operation.authorization() == Authorization::Actions && !rule.action().contains('*');
                assert!(!is_checked || catalog.action(rule.action()).is_some(), "{operation:?} {rule:?}");
                assert_paths(operation, rule);
            }
        }
    }
    let total: u32 = counts.values().sum();
    assert_of_botocore(&catalog);
    println!("{total} operations: {counts:?}");
    assert!(total > 19_000, "{total}");
    let known = counts.get("Actions").unwrap_or(&0) + counts.get("NotAuthorized").unwrap_or(&0);
    assert!(known * 100 > total * 96, "{counts:?}");
}

/// All that botocore has was packed; beside it are only the requests that no API describes.
fn assert_of_botocore(catalog: &Catalog) {
    let sources: serde_json::Value =
        serde_json::from_str(include_str!("../catalogs/aws/sources.json")).unwrap();
    let signed = std::fs::read_dir(format!("{}/catalogs/aws/signed", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let signed: Vec<_> = signed.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let of_botocore =
        || catalog.services().filter(|service| !signed.contains(&format!("{}.json", service.name())));
    assert_eq!(sources["services"], of_botocore().count());
    assert_eq!(sources["operations"], of_botocore().map(|service| service.operations().len()).sum::<usize>());
}

/// Conditions and ARNs ask only about members that the request has.
fn assert_paths(operation: Operation, rule: Rule) {
    let whens = rule.when().into_iter().chain(rule.resources().filter_map(ResourceRule::when));
    let mut paths: Vec<String> = whens
        .flat_map(|when| When::parse(when).paths().map(|path| path.to_string()).collect::<Vec<_>>())
        .collect();
    for resource in rule.resources() {
        assert!(resource.arn() == "*" || resource.arn().starts_with("arn:"), "{operation:?} {resource:?}");
        let template = ArnTemplate::parse(resource.arn());
        paths.extend(template.paths().map(|path| path.to_string()));
    }
    for path in paths {
        let first = path.split(['.', '[', '{']).next().unwrap_or_default();
        assert!(operation.parameters().any(|name| name == first), "{operation:?} has no `{path}`");
    }
}

/// The operations that `docs/verification.md` calls compared with the reference are among those that were read.
#[test]
fn the_most_used_operations_are_read() {
    let page = include_str!("../docs/verification.md");
    let listed = page.lines().filter_map(|line| line.strip_prefix("- `")?.split_once("`: "));
    let mut count = 0;
    for (client, operations) in listed {
        let file = format!("{}/catalogs/aws/authorized/{client}.json", env!("CARGO_MANIFEST_DIR"));
        let read: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for name in operations.split(", ") {
            let actions = read["operations"].get(name).or_else(|| read["unlisted"].get(name));
            assert!(actions.is_some(), "{client}.{name}");
            assert!(operation(client, name).name() == name);
            count += 1;
        }
    }
    assert_eq!(count, 200);
}

#[test]
fn spellings_find_operations() {
    let catalog = Catalog::embedded();
    let s3 = catalog.service("s3").unwrap();
    for spelling in ["ListObjectsV2", "list_objects_v2", "listObjectsV2", "list-objects-v2"] {
        assert_eq!(s3.operation_by_key(spelling).unwrap().name(), "ListObjectsV2");
    }
    assert!(s3.operation("listobjectsv2").is_none());
    assert_eq!(s3.paginator("list_objects_v2").unwrap().name(), "ListObjectsV2");
    assert!(s3.paginator("get_object").is_none());
    assert_eq!(s3.waiter("bucket_exists").unwrap().name(), "HeadBucket");
    assert_eq!(catalog.service("stepfunctions").unwrap().prefix(), "states");
    assert_eq!(catalog.service("stepfunctions").unwrap().service_id(), "SFN");
    assert!(catalog.service("nothing").is_none());
}

#[test]
fn actions_and_patterns() {
    let catalog = Catalog::embedded();
    let action = catalog.action("S3:getobject").unwrap();
    assert_eq!(action.to_string(), "s3:GetObject");
    assert_eq!(action.access_level().name(), "Read");
    assert!(action.resource_types().any(|(kind, _)| kind.name() == "object"));
    let table = catalog.resource_type("dynamodb", "table").unwrap();
    let pattern = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}";
    assert_eq!(table.arn_patterns().collect::<Vec<_>>(), [pattern]);
    let names: Vec<_> = catalog.expand("SQS:*messagebatch").iter().map(ToString::to_string).collect();
    assert!(names.is_empty());
    let names: Vec<_> = catalog.expand("sqs:Send*").iter().map(ToString::to_string).collect();
    assert_eq!(names, ["sqs:SendMessage"]);
    assert_eq!(catalog.expand("*").len(), catalog.all_actions().len());
    assert_eq!(catalog.expand("s3:*").len(), catalog.actions("s3").len());
    assert!(catalog.expand("dynamo*:GetItem").len() == 1);
    for pair in catalog.all_actions().zip(0..) {
        assert_eq!(pair.0.index(), pair.1);
    }
}

#[test]
fn rules_of_well_known_operations() {
    let wanted: Vec<_> =
        include_str!("catalog/rules.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let names = wanted.iter().filter(|line| !line.starts_with(' ') && !line.is_empty());
    let found: String = names
        .filter_map(|line| line.split(':').next()?.split_once('.'))
        .map(|(service, name)| entry(service, name))
        .collect();
    assert_eq!(found.trim_end(), wanted.join("\n").trim());
}

#[test]
fn managed_policies() {
    let catalog = Catalog::embedded();
    let name = "AWSLambdaBasicExecutionRole";
    let document = catalog.managed_policy(name).unwrap();
    assert!(document.contains("logs:PutLogEvents"), "{document}");
    let arn = "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    assert_eq!(catalog.managed_policy(arn).as_ref(), Some(&document));
    assert!(catalog.managed_policy("arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole").is_none());
    assert!(catalog.managed_policy("AdministratorAccess").is_some());
    assert!(catalog.managed_policy("NoSuchPolicy").is_none());
    for path in catalog.managed_policies() {
        let document = catalog.managed_policy(&format!("arn:aws:iam::aws:policy/{path}")).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&document).is_ok(), "{path}");
    }
    assert!(catalog.managed_policies().len() > 1_500);
}
