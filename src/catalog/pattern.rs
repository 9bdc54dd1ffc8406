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
        parts.len() <= pattern.len()
            && pattern.iter().zip(&parts).all(|(pattern, part)| take(pattern, part, &mut vec![]).is_some())
    }
}

/// Matches one word of a path: text, or text around one place.
fn take(pattern: &str, part: &str, taken: &mut Vec<(SmolStr, SmolStr)>) -> Option<()> {
    let Some((before, rest)) = pattern.split_once('{') else { return (pattern == part).then_some(()) };
    let (name, behind) = rest.split_once('}')?;
    let middle = part.strip_prefix(before)?.strip_suffix(behind)?;
    if middle.is_empty() {
        return None;
    }
    // A place that comes again takes the same, whatever its case.
    if let Some((_, before)) = taken.iter().find(|(known, _)| known == name) {
        let same = before.replace('-', "_").eq_ignore_ascii_case(middle);
        return same.then_some(());
    }
    let value = if name == "service" { SmolStr::from(middle.replace('_', "-")) } else { middle.into() };
    taken.push((name.into(), value));
    Some(())
}
