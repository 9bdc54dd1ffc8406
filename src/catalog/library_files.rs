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
pub const LIBRARY_FILES: &[LibraryFile] = &[LibraryFile {
    language: "python",
    roots: &["boto3", "botocore", "aioboto3", "aiobotocore", "client", "mypy_boto3_*", "types_boto3_*"],
    text: include_str!("../../catalogs/aws/libraries/python/boto3.toml"),
}];

impl LibraryFile {
    /// Whether the file may describe a path.
    pub fn covers(&self, path: &str) -> bool {
        self.roots.iter().any(|root| match root.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        })
    }
}
