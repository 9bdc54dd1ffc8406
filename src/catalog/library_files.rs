//! The library descriptions that come with the program, found by the first words of a path.

/// A description and where its names begin.
#[derive(Debug)]
pub struct LibraryFile {
    /// The language that the library is written for.
    pub language: &'static str,
    /// The beginnings of the paths that it describes: whole names up to a dot. A trailing `*` takes any rest.
    pub roots: &'static [&'static str],
    /// The description.
    pub text: &'static str,
}

/// All of them.
pub const LIBRARY_FILES: &[LibraryFile] = &[
    LibraryFile {
        language: "python",
        roots: &["boto3", "botocore", "aioboto3", "aiobotocore", "mypy_boto3_*", "types_boto3_*"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3.toml"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.cloudformation"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/cloudformation.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.cloudwatch"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/cloudwatch.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.dynamodb"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/dynamodb.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.ec2"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/ec2.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.glacier"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/glacier.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.iam"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/iam.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.s3"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/s3.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.sns"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/sns.json"),
    },
    LibraryFile {
        language: "python",
        roots: &["boto3.resources.sqs"],
        text: include_str!("../../catalogs/aws/libraries/python/boto3-resources/sqs.json"),
    },
];

impl LibraryFile {
    /// Whether the file may describe a path.
    pub fn covers(&self, path: &str) -> bool {
        self.roots.iter().any(|root| match root.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        })
    }
}
