//! Paths into a request: `TableName`, `Entries[].Source`, `RequestItems{key}`.

use std::fmt;

/// A path into a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path<'a>(&'a str);

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step<'a> {
    /// A member of a record.
    Field(&'a str),
    /// Any element of a list: `[]`.
    Element,
    /// Any value of a map: `{}`.
    Value,
    /// Any key of a map: `{key}`.
    Key,
}

impl<'a> Path<'a> {
    /// The path that a text states.
    pub const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text.
    pub const fn as_str(self) -> &'a str {
        self.0
    }

    /// The steps from the request inwards.
    pub fn steps(self) -> impl Iterator<Item = Step<'a>> + Clone {
        self.0.split('.').flat_map(|part| {
            let end = part.find(['[', '{']).unwrap_or(part.len());
            let (name, suffixes) = part.split_at_checked(end).unwrap_or((part, ""));
            std::iter::once(Step::Field(name)).chain(suffixes.split_inclusive([']', '}']).filter_map(
                |suffix| match suffix {
                    "[]" => Some(Step::Element),
                    "{}" => Some(Step::Value),
                    "{key}" => Some(Step::Key),
                    _ => None,
                },
            ))
        })
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps() {
        let steps: Vec<_> = Path::new("TransactItems[].Put.TableName").steps().collect();
        let wanted =
            [Step::Field("TransactItems"), Step::Element, Step::Field("Put"), Step::Field("TableName")];
        assert_eq!(steps, wanted);
        let steps: Vec<_> = Path::new("RequestItems{key}").steps().collect();
        assert_eq!(steps, [Step::Field("RequestItems"), Step::Key]);
        let steps: Vec<_> = Path::new("A{}[].B").steps().collect();
        assert_eq!(steps, [Step::Field("A"), Step::Value, Step::Element, Step::Field("B")]);
    }
}
