//! What bundlers and compilers wrote, led back to what they read: by the source map beside a file or in it.

use indexmap::IndexMap;

use super::disk::Disk;
use crate::flow::Findings;
use crate::text::{FileId, LineColumn, Site, Source, SourceMap, Sources, Span, bytes_of_base64, paths};

/// How the last line of a file names its map.
const MARK: &str = "//# sourceMappingURL=";
/// How many bytes at the end of a file are looked at for the mark of a map that lies beside it.
const TAIL: usize = 400;

/// The maps of the files of a run.
#[derive(Default)]
pub(super) struct SourceMaps {
    maps: IndexMap<FileId, Map>,
}

struct Map {
    map: SourceMap,
    /// The file of each source; `None` where its text is not known.
    files: Vec<Option<FileId>>,
}

impl SourceMaps {
    /// Finds the maps of the files that were read, and takes in the sources that they lead to.
    pub(super) fn find(disk: &dyn Disk, sources: &mut Sources) -> Self {
        let mut maps = Self::default();
        let of_file = |(file, source): (FileId, &Source)| {
            Some((file, source.path().to_owned(), text_of_map(source, disk)?))
        };
        let found: Vec<_> = sources.iter().filter_map(of_file).collect();
        for (file, path, text) in found {
            let Some(map) = SourceMap::read(&text) else { continue };
            let mut known = |(name, text): &(String, Option<String>)| {
                let path = place(paths::folder(&path), name)?;
                if let Some((known, _)) = sources.iter().find(|(_, source)| source.path() == path) {
                    return Some(known);
                }
                let source = match disk.read(&path) {
                    Ok(bytes) => Source::from_bytes(path, bytes),
                    Err(_) => Source::new(path, text.clone()?).outside(),
                };
                Some(sources.add(source))
            };
            let files = map.sources.iter().map(&mut known).collect();
            maps.maps.insert(file, Map { map, files });
        }
        maps
    }

    /// Leads the places of a run back.
    pub(super) fn lead_back(&self, findings: &mut Findings, sources: &Sources) {
        if self.maps.is_empty() {
            return;
        }
        let back = |site: &mut Site| {
            if let Some(led) = self.original(*site, sources) {
                *site = led;
            }
        };
        for call in &mut findings.calls {
            back(&mut call.site);
            call.route.iter_mut().for_each(|step| back(&mut step.site));
        }
        findings.blind_spots.iter_mut().filter_map(|spot| spot.site.as_mut()).for_each(back);
    }

    /// The place that a place came from.
    pub(super) fn original(&self, site: Site, sources: &Sources) -> Option<Site> {
        let Map { map, files } = self.maps.get(&site.file)?;
        let built = sources.get(site.file)?;
        let position = sources.position(site);
        let line = position.line.checked_sub(1)?;
        let before: usize =
            built.line(position.line).chars().take(before(position)).map(char::len_utf16).sum();
        let (source, line, column) = map.original(line, u32::try_from(before).ok()?)?;
        let file = (*files.get(usize::try_from(source).ok()?)?)?;
        let text = sources.get(file)?.text();
        let start = offset(text, line, column)?;
        let word: usize = text
            .get(start..)?
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '$'))
            .map(char::len_utf8)
            .sum();
        let end = start + word.max(1).min(text.len().saturating_sub(start));
        Some(Site { file, span: Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?) })
    }
}

/// How many characters stand before a position in its line.
fn before(position: LineColumn) -> usize {
    usize::try_from(position.column).unwrap_or_default().saturating_sub(1)
}

/// The bytes before a place of a text; columns count UTF-16 units.
fn offset(text: &str, line: u32, column: u32) -> Option<usize> {
    let mut start = 0;
    for _ in 0..line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let mut units = 0;
    for (place, letter) in text.get(start..)?.char_indices() {
        if units >= column || letter == '\n' {
            return Some(start + place);
        }
        units += u32::try_from(letter.len_utf16()).ok()?;
    }
    Some(text.len())
}

/// The text of the map of a file, where it has one.
fn text_of_map(source: &Source, disk: &dyn Disk) -> Option<String> {
    let text = source.text();
    let (_, name) = text.rsplit_once(MARK)?;
    let name = name.trim();
    if let Some(inline) = name.strip_prefix("data:") {
        let (_, encoded) = inline.split_once("base64,")?;
        return String::from_utf8(bytes_of_base64(encoded)?).ok();
    }
    if name.len() > TAIL || name.contains(char::is_whitespace) || name.contains("://") {
        return None;
    }
    let path = paths::climb(paths::folder(source.path()), name)?;
    Some(String::from_utf8_lossy(&disk.read(&path).ok()?).into_owned())
}

/// The path of a source in the project, by the name that a map in a folder has for it.
fn place(folder: &str, name: &str) -> Option<String> {
    let name = name.strip_prefix("file://").unwrap_or(name);
    // Bundlers put the project's name before the path.
    if let Some((_, rest)) = name.split_once("://") {
        let inner = rest.split_once("./").map_or(rest, |(_, inner)| inner);
        return paths::climb("", inner.trim_start_matches('/')).filter(|path| !path.is_empty());
    }
    paths::climb(folder, name).filter(|path| !path.is_empty() && !name.starts_with('/'))
}
