//! Paths of a project: relative to it, with `/`.

/// The folder of a file, without a trailing `/`; empty for the project itself.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A file or folder of a folder.
pub fn join(folder: &str, name: &str) -> String {
    match (folder.is_empty() || folder == ".", name.is_empty()) {
        (true, _) => name.to_owned(),
        (_, true) => folder.to_owned(),
        _ => format!("{folder}/{name}"),
    }
}

/// Whether the last part of a path looks like the name of a file: it has an ending.
pub fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

/// A folder and those above it, up to the project itself.
pub fn up(from: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(from), |current| (!current.is_empty()).then(|| folder(current)))
}

/// Whether a path lies below a folder; the project's own folder is empty.
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a path is that of tests, by the name of a folder or a part of a name.
pub fn is_of_tests(path: &str) -> bool {
    let is_test = |part: &str| {
        ["test", "tests", "spec", "unittests", "integrationtests"]
            .iter()
            .any(|word| part.eq_ignore_ascii_case(word))
    };
    path.split(['/', '.']).any(is_test)
}

/// A relative path seen from a folder, without `.` and `..`; `None` where it leads out of the project.
pub fn climb(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = vec![];
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            other => parts.push(other),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_a_folder() {
        assert_eq!(climb("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(climb("", "a").as_deref(), Some("a"));
        assert_eq!(climb("a", "..").as_deref(), Some(""));
        assert_eq!(climb("a", "../../b"), None);
    }

    #[test]
    fn folders_end_with_the_project() {
        assert_eq!(up("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(join("", "a"), "a");
        assert_eq!(join(".", "a"), "a");
        assert_eq!(join("a", ""), "a");
        assert_eq!(join("a", "b"), "a/b");
    }

    #[test]
    fn a_file_at_the_top_is_in_the_project_itself() {
        assert_eq!(folder("a/b/c.go"), "a/b");
        assert_eq!(folder("c.go"), "");
    }
}
