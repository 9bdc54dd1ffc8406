//! Settings files: what a container reads beside the environment.

use crate::text::SmolStr;

use super::super::ReadText;
use super::super::settings::of_document;
use super::resolve;

/// The files, those that count more first.
const FILES: [&str; 4] =
    ["application.properties", "microprofile-config.properties", "application.yml", "application.yaml"];

/// What the settings files say that are packed with a program, by dotted name; what counts more comes first.
pub(in super::super) fn settings(
    path: &str,
    listing: &[String],
    read: &ReadText<'_>,
) -> Vec<(SmolStr, SmolStr)> {
    let packed = resolve::packed_with(path, listing, read, |file| FILES.contains(&file_name(file)));
    let mut found = vec![];
    for name in FILES {
        let is_it = |file: &&&String| file_name(file) == name;
        for file in packed.iter().filter(is_it) {
            let Some(text) = read(file) else { continue };
            if name.ends_with("properties") {
                of_properties(&text, &mut found);
            } else {
                of_document(file, text, &mut found);
            }
        }
    }
    found
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `name=value` or `name: value` on each line; a line that ends in `\` goes on.
fn of_properties(text: &str, found: &mut Vec<(SmolStr, SmolStr)>) {
    let joined = text.replace("\\\r\n", "").replace("\\\n", "");
    let mut of_profile = vec![];
    for line in joined.lines() {
        let line = line.trim();
        if line.starts_with(['#', '!']) {
            continue;
        }
        let Some(place) = line.find(['=', ':']) else { continue };
        let (name, value) = line.split_at(place);
        let value = value.get(1..).unwrap_or_default().trim();
        let name = name.trim();
        match name.strip_prefix("%prod.") {
            // What holds where the program is deployed counts more.
            Some(name) => of_profile.push((name.into(), value.into())),
            None if name.starts_with('%') => {}
            None => found.push((name.into(), value.into())),
        }
    }
    found.splice(0..0, of_profile);
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn read(files: &[(&str, &str)]) -> Vec<(SmolStr, SmolStr)> {
        let listing: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read =
            |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
        settings("src/main/java/a/App.java", &listing, &read)
    }

    #[test]
    fn properties_and_documents_say_settings() {
        let found = read(&[
            ("pom.xml", ""),
            ("src/main/java/a/App.java", ""),
            (
                "src/main/resources/application.properties",
                "# no\norders.table = orders\n%dev.a=b\n%prod.orders.table=live\n",
            ),
            ("src/main/resources/application.yml", "orders:\n  queue: ${QUEUE:none}\n  size: 3\n"),
            ("src/test/resources/application.properties", "orders.table=test\n"),
        ]);
        let found: Vec<(&str, &str)> =
            found.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(
            found,
            [
                ("orders.table", "live"),
                ("orders.table", "orders"),
                ("orders.queue", "${QUEUE:none}"),
                ("orders.size", "3"),
            ]
        );
    }
}
