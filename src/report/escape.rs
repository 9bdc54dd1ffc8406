//! Text that others wrote, made harmless for where it is shown.
//!
//! Names, source lines and values come from repositories that nobody vouches for. They must not move a terminal's
//! cursor, reorder the text around them, or become a link, a mention, an image or HTML in a pull request.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line of text for a terminal: control, format and reordering characters become visible (`\u{1b}`), tabs and
/// line ends become a space each.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\t' | '\n' => safe.push(' '),
            '\r' => {}
            unsafe_one if is_unsafe(unsafe_one) => push_visible(&mut safe, unsafe_one),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

/// Text for a paragraph of Markdown: nothing in it is markup, a mention, a reference or a link.
pub fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in terminal(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // A joiner of no width keeps hosts from reading a user, an issue or an address.
            '@' => safe.push_str("@\u{2060}"),
            '#' => safe.push_str("\\#\u{2060}"),
            ':' => safe.push_str(":\u{2060}"),
            '.' => safe.push_str(".\u{2060}"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '+' | '-' | '!' | '|' | '~'
            | '$' | '=' => {
                safe.push('\\');
                safe.push(character);
            }
            other => safe.push(other),
        }
    }
    safe
}

/// Text for a paragraph of Markdown in which what stands between backticks is code, as our messages have it.
pub fn markdown_message(message: &str) -> String {
    let parts: Vec<&str> = message.split('`').collect();
    // An odd number of backticks would leave text between code spans for code: then all of it is plain.
    if parts.len().is_multiple_of(2) {
        return markdown(message);
    }
    let mut safe = String::with_capacity(message.len() + 8);
    for (index, part) in parts.into_iter().enumerate() {
        match index % 2 {
            0 => safe.push_str(&prose(part)),
            _ => safe.push_str(&markdown_code(part)),
        }
    }
    safe
}

/// Our own words between code spans: full stops and colons are no address as long as no letter follows.
fn prose(text: &str) -> String {
    markdown(text).replace(".\u{2060} ", ". ").replace(":\u{2060} ", ": ").replace("\\-", "-")
}

/// A code span of Markdown, whatever is in the text.
pub fn markdown_code(text: &str) -> String {
    let text = terminal(text);
    if text.trim().is_empty() {
        return "` `".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fenced block of Markdown. The text keeps its lines.
pub fn markdown_block(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let mut block = format!("{fence}{language}\n");
    for line in text.lines() {
        block.push_str(&terminal(line));
        block.push('\n');
    }
    block.push_str(&fence);
    block.push('\n');
    block
}

/// A JSON text in which every character that steers a terminal is spelled as an escape. It stays the same JSON:
/// outside of strings there is only ASCII, and inside them line ends are escaped already.
pub fn json(text: String) -> String {
    let is_raw = |character| character != '\n' && is_unsafe(character);
    if !text.chars().any(is_raw) {
        return text;
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_raw(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    safe
}

/// The text of a SARIF message: what would be read as an embedded link is not.
pub fn sarif(text: &str) -> String {
    let safe = terminal(text);
    if safe.contains("](") { safe.replace('[', "\\[").replace(']', "\\]") } else { safe.into_owned() }
}

/// A relative path as the path of a URI.
pub fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

fn longest_run(text: &str) -> usize {
    let mut longest = 0;
    let mut current = 0;
    for character in text.chars() {
        current = if character == '`' { current + 1 } else { 0 };
        longest = longest.max(current);
    }
    longest
}

fn push_visible(out: &mut String, character: char) {
    let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
}

/// Control characters of both sets, and characters that show nothing but change what is shown.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_terminal_is_not_steered() {
        assert_eq!(terminal("\u{1b}[2Jgone\u{7}"), "\\u{1b}[2Jgone\\u{7}");
        assert_eq!(terminal("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(terminal("admin\u{202e}txt"), "admin\\u{202e}txt");
        assert_eq!(terminal("a\tb\r\nc"), "a b c");
        assert_eq!(terminal("Größe → 完"), "Größe → 完");
    }

    #[test]
    fn markdown_text_stays_text() {
        assert_eq!(markdown("<img src=x>"), "&lt;img src\\=x&gt;");
        assert_eq!(markdown("[a](b) **c** |"), "\\[a\\]\\(b\\) \\*\\*c\\*\\* \\|");
        assert_eq!(markdown("@org #1"), "@\u{2060}org \\#\u{2060}1");
        assert_eq!(markdown("https://evil.test"), "https:\u{2060}//evil.\u{2060}test");
    }

    #[test]
    fn a_code_span_cannot_be_left() {
        assert_eq!(markdown_code("plain"), "`plain`");
        assert_eq!(markdown_code("a`b``c"), "```a`b``c```");
        assert_eq!(markdown_code("`<b>"), "`` `<b> ``");
        assert_eq!(markdown_code("a\n\nb"), "`a  b`");
        assert_eq!(markdown_code(""), "` `");
    }

    #[test]
    fn a_message_keeps_its_code_spans_only_when_they_pair() {
        assert_eq!(markdown_message("needs `s3:Get*`. Add it"), "needs `s3:Get*`. Add it");
        assert_eq!(markdown_message("odd ` tick <b>"), "odd \\` tick &lt;b&gt;");
        assert_eq!(markdown_message("x `a` <b> `c`"), "x `a` &lt;b&gt; `c`");
    }

    #[test]
    fn a_block_cannot_be_left() {
        assert_eq!(markdown_block("py", "a\n```\n<b>"), "````py\na\n```\n<b>\n````\n");
    }

    #[test]
    fn json_does_not_steer_a_terminal() {
        let hostile = "a\u{9b}31m\u{202e}\u{e0041}".to_owned();
        let text = json(serde_json::to_string(&hostile).unwrap());
        assert_eq!(text, "\"a\\u009b31m\\u202e\\udb40\\udc41\"");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }

    #[test]
    fn sarif_has_no_links_but_ours() {
        assert_eq!(sarif("see [x](http://evil)"), "see \\[x\\](http://evil)");
        assert_eq!(sarif("list[0]"), "list[0]");
    }

    #[test]
    fn a_path_is_a_uri() {
        assert_eq!(uri_path("src/a b/ü#.py"), "src/a%20b/%C3%BC%23.py");
    }
}
