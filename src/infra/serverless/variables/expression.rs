//! The notation of variables: `${self:custom.${sls:stage}.table, 'orders'}`.

/// A text up to its first variable, the variable's content, and the rest. `${AWS::Region}` and `${Logical.Attribute}`
/// are the template's own and no variables, but those of the pseudo parameters are found as well.
pub(super) fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find("${")?;
        let inner = text.get(start + 2..)?;
        let length = end(inner)?;
        let content = inner.get(..length)?;
        if is_variable(content) || content.starts_with("AWS::") {
            return Some((text.get(..start)?, content, inner.get(length + 1..)?));
        }
        from = start + 2;
    }
}

/// Where the brace closes that the text stands behind.
fn end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(index),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn is_variable(content: &str) -> bool {
    let content = content.trim_start();
    let word = content.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let named = content.starts_with(|c: char| c.is_ascii_alphabetic());
    named && (word.starts_with('(') || (word.starts_with(':') && !word.starts_with("::")))
        || content.starts_with("${")
}

/// The sources of a variable, in the order in which they are asked.
pub(super) fn sources(content: &str) -> Vec<&str> {
    let (mut found, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (index, character) in content.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '{' | '(') => depth += 1,
            (None, '}' | ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                found.extend(content.get(start..index));
                start = index + 1;
            }
            (Some(_) | None, _) => {}
        }
    }
    found.extend(content.get(start..));
    found.into_iter().map(str::trim).filter(|source| !source.is_empty()).collect()
}

/// A source that stands for something else: its kind, what stands in parentheses, and its address.
pub(super) struct Reference<'a> {
    pub(super) kind: &'a str,
    pub(super) parameter: &'a str,
    pub(super) address: &'a str,
}

/// Takes a source apart.
pub(super) fn reference(source: &str) -> Option<Reference<'_>> {
    let end = source.find([':', '('])?;
    let (kind, rest) = source.split_at_checked(end)?;
    let Some(inside) = rest.strip_prefix('(') else {
        return Some(Reference { kind, parameter: "", address: rest.strip_prefix(':')?.trim() });
    };
    let (parameter, behind) = inside.rsplit_once(')')?;
    Some(Reference { kind, parameter: parameter.trim(), address: behind.trim_start_matches(':').trim() })
}

/// The text between quotes.
pub(super) fn quoted(source: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| source.strip_prefix(quote)?.strip_suffix(quote))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_from_the_templates_own() {
        let (before, content, after) = next("a-${Table.Arn}-${self:x.${opt:y, 'z'}}-b").unwrap();
        assert_eq!((before, content, after), ("a-${Table.Arn}-", "self:x.${opt:y, 'z'}", "-b"));
        assert!(next("${Name} ${!Literal} ${open").is_none());
        assert_eq!(next("${AWS::Region}").map(|(_, content, _)| content), Some("AWS::Region"));
        assert_eq!(
            sources("opt:a, self:b.${opt:c, 'd,e'}, 'f, g'"),
            ["opt:a", "self:b.${opt:c, 'd,e'}", "'f, g'"]
        );
        let file = reference("file(./a/${sls:stage}.yml):b.c").unwrap();
        assert_eq!((file.kind, file.parameter, file.address), ("file", "./a/${sls:stage}.yml", "b.c"));
        assert_eq!(quoted("'dev'"), Some("dev"));
    }
}
