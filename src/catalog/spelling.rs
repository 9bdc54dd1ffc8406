//! Names as programs spell them: any case, with or without `_` and `-`. Globs over names of any case.

use std::cmp::Ordering;

/// The bytes that count in a spelling.
fn key(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes().filter(|byte| !matches!(byte, b'_' | b'-')).map(|byte| byte.to_ascii_lowercase())
}

/// The order of two spellings.
pub(super) fn compare_keys(left: &str, right: &str) -> Ordering {
    key(left).cmp(key(right))
}

/// Whether two names are one in the spellings of different languages.
pub fn is_same_name(left: &str, right: &str) -> bool {
    left == right || compare_keys(left, right).is_eq()
}

/// The order of two names, whatever their case.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    left.bytes()
        .map(|byte| byte.to_ascii_lowercase())
        .cmp(right.bytes().map(|byte| byte.to_ascii_lowercase()))
}

/// Whether `text` is of the form of `pattern`, in which `*` stands for any run and `?` for one character.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut position) = (0, 0);
    // Where to go on when a later character does not fit: behind the last `*`, one character further.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(position) {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                retry = Some((at, position));
            }
            Some(wanted) if *wanted == b'?' || wanted.eq_ignore_ascii_case(byte) => {
                at += 1;
                position += 1;
            }
            _ => match retry {
                Some((star, start)) => {
                    (at, position) = (star, start + 1);
                    retry = Some((star, start + 1));
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_equal_whatever_their_case() {
        assert_eq!(compare_keys("ListObjectsV2", "list_objects_v2"), Ordering::Equal);
        assert_eq!(compare_keys("ListObjectsV2", "list-objects-v2"), Ordering::Equal);
        assert_eq!(compare_keys("GetItem", "getItems"), Ordering::Less);
    }

    #[test]
    fn globs() {
        for (pattern, text) in
            [("*", ""), ("Get*", "getobject"), ("*Object", "GetObject"), ("G?t*j*", "GetObject")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("Get", "GetObject"), ("?", ""), ("*Objects", "GetObject")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
