//! The name that a person may have meant.

/// How many letters may differ.
const MAX_DISTANCE: usize = 3;

/// The name nearest to what was typed, where one is near.
pub(super) fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let measured = names.map(|name| (distance(&typed.to_lowercase(), &name.to_lowercase()), name));
    let near = measured.filter(|(distance, name)| {
        *distance <= MAX_DISTANCE || name.ends_with(typed) || name.contains(typed) && typed.len() > 2
    });
    near.min_by_key(|(distance, name)| (*distance, *name)).map(|(_, name)| name)
}

/// The number of letters to add, drop or change (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.chars().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        for (cell, other) in row.iter_mut().skip(1).zip(&to) {
            let up = *cell;
            left = (diagonal + usize::from(letter != *other)).min(up + 1).min(left + 1);
            diagonal = up;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(nearest("lambda_handle", ["main", "lambda_handler"].into_iter()), Some("lambda_handler"));
        assert_eq!(nearest("xyz", ["lambda_handler"].into_iter()), None);
    }
}
