//! Paths that a template names. None of them leads outside of the project.

use crate::text::paths::climb;
use crate::text::tree::{Node, Value};

/// `path` seen from `folder`, both relative to the project. `None` where it leads outside, or is absolute.
pub(crate) fn join(folder: &str, path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    if path.starts_with('/') || path.starts_with('~') || has_drive(&path) {
        return None;
    }
    let joined = climb(folder, &path)?;
    Some(if joined.is_empty() { ".".to_owned() } else { joined })
}

/// Whether a path begins with a drive letter or a scheme (`c:/`, `https://`).
fn has_drive(path: &str) -> bool {
    path.split('/').next().is_some_and(|first| first.contains(':'))
}

/// The parts at a path of keys (`Targets[].Arn`): `[]` walks a list, `*` every value of a map.
pub(crate) fn walk<'a>(node: &'a Node, path: &str) -> Vec<&'a Node> {
    let mut found = vec![node];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let (key, list) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
        found = found.into_iter().flat_map(|node| children(node, key)).collect();
        if list {
            found = found.into_iter().flat_map(Node::one_or_many).collect();
        }
    }
    found.retain(|node| node.value != Value::Null);
    found
}

fn children<'a>(node: &'a Node, key: &str) -> Vec<&'a Node> {
    match (key, node.as_map()) {
        ("*", Some(map)) => map.values().map(|entry| &entry.node).collect(),
        (_, Some(map)) => map.get(key).map(|entry| &entry.node).into_iter().collect(),
        (_, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn a_path_stays_inside() {
        assert_eq!(join("app", "./src/"), Some("app/src".to_owned()));
        assert_eq!(join("app", "../lib"), Some("lib".to_owned()));
        assert_eq!(join("", "."), Some(".".to_owned()));
        assert_eq!(join("app", "../../etc"), None);
        assert_eq!(join("", "a/../../b"), None);
        assert_eq!(join("app", "/etc"), None);
        assert_eq!(join("app", "c:\\x"), None);
    }
}
