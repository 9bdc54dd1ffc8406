//! Texts with places: `format!("{name}-{}", id)`.

/// A part of such a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text as it is.
    Text(String),
    /// The next value, or that of this number or name.
    Place(Option<String>),
    /// A value that is written in a way of its own, of which nothing is known; whether it is the next one.
    Formatted(bool),
}

/// The parts of a text with places.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut found = vec![];
    let mut known = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' if letters.peek() == Some(&letter) => {
                letters.next();
                known.push(letter);
            }
            '{' => {
                let place: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                if !known.is_empty() {
                    found.push(Part::Text(std::mem::take(&mut known)));
                }
                found.push(part(&place));
            }
            other => known.push(other),
        }
    }
    if !known.is_empty() {
        found.push(Part::Text(known));
    }
    found
}

fn part(place: &str) -> Part {
    let (name, format) = place.split_once(':').unwrap_or((place, ""));
    let name = name.trim();
    if !format.is_empty() && format.trim() != "?" && format != "#?" {
        return Part::Formatted(name.is_empty());
    }
    Part::Place((!name.is_empty()).then(|| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_from_text() {
        let place = |name: &str| Part::Place(Some(name.to_owned()));
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(parts("{a}/{}-x"), [place("a"), text("/"), Part::Place(None), text("-x")]);
        assert_eq!(
            parts("{{{0}}} {n:>3}{x:?}"),
            [text("{"), place("0"), text("} "), Part::Formatted(false), place("x")]
        );
        assert_eq!(parts("{broken"), [place("broken")]);
    }
}
