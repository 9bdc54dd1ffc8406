//! Paths with places: which path follows a pattern, and what its places take.

use crate::text::SmolStr;

use super::PathPattern;

impl PathPattern {
    /// What the places take where the path follows the pattern.
    pub fn places(&self, path: &str) -> Option<Vec<(SmolStr, SmolStr)>> {
        let mut taken = vec![];
        let (mut pattern, mut parts) = (self.path.split('.'), path.split('.'));
        loop {
            match (pattern.next(), parts.next()) {
                (None, None) => return Some(taken),
                (Some(pattern), Some(part)) => take(pattern, part, &mut taken)?,
                _ => return None,
            }
        }
    }

    /// Whether the pattern goes on where the path ends.
    pub fn begins(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('.').collect();
        let pattern: Vec<&str> = self.path.split('.').collect();
        let mut taken = vec![];
        // A place alone takes any name: what it stands for is known only with what follows.
        let is_open = |word: &&str| word.starts_with('{') && word.find('}') == Some(word.len() - 1);
        let last = pattern.get(parts.len().saturating_sub(1));
        if parts.len() < pattern.len() && last.is_some_and(is_open) {
            return false;
        }
        parts.len() <= pattern.len()
            && pattern.iter().zip(&parts).all(|(pattern, part)| take(pattern, part, &mut taken).is_some())
    }
}

/// Matches one word of a path: text, and places in it. A place takes no more than a part between slashes.
fn take(pattern: &str, part: &str, taken: &mut Vec<(SmolStr, SmolStr)>) -> Option<()> {
    let Some((before, rest)) = pattern.split_once('{') else { return (pattern == part).then_some(()) };
    let (name, behind) = rest.split_once('}')?;
    let part = part.strip_prefix(before)?;
    let literal = behind.split('{').next().unwrap_or_default();
    let end = match (literal.is_empty(), behind.contains('{')) {
        (true, _) => part.len(),
        (false, true) => part.find(literal)?,
        (false, false) => part.len().checked_sub(literal.len())?,
    };
    let (middle, part) = part.split_at_checked(end)?;
    if middle.is_empty() || middle.contains('/') {
        return None;
    }
    // A place that comes again takes the same, whatever its case and with or without what stands between words.
    let plain = |text: &str| text.replace(['-', '_'], "");
    match taken.iter().find(|(known, _)| known == name) {
        Some((_, before)) if !plain(before).eq_ignore_ascii_case(&plain(middle)) => return None,
        Some(_) => {}
        None => {
            let value = if name == "service" { middle.replace('_', "-").into() } else { middle.into() };
            taken.push((name.into(), value));
        }
    }
    take(behind, part, taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(pattern: &str, path: &str) -> Option<Vec<(SmolStr, SmolStr)>> {
        PathPattern { path: pattern.into(), value: None, client: None, call: None }.places(path)
    }

    #[test]
    fn a_place_takes_a_part_between_slashes() {
        let pattern = "sdk/{service}/{service}iface.{service}API";
        assert!(places(pattern, "sdk/dynamodb/dynamodbiface.DynamoDBAPI").is_some());
        assert!(places(pattern, "sdk/dynamodb/sqsiface.SQSAPI").is_none());
        assert!(places(pattern, "sdk/dynamodb/dynamodbiface.API").is_none());
        assert!(places("sdk/{service}.New", "sdk/s3/types.New").is_none());
        let taken = places("kit_{service}.{name}Client", "kit_a_b.XClient");
        assert_eq!(taken, Some(vec![("service".into(), "a-b".into()), ("name".into(), "X".into())]));
    }
}
