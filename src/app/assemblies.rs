//! What the CDK made of a program (a cloud assembly): its templates deploy, and the code beside them is a copy of what
//! the project has.

use super::code::Code;
use super::functions::Candidate;
use crate::infra::Deployment;
use crate::lang;
use crate::text::paths;

/// The folder that the CDK writes to where nobody says, and the file that it puts into each such folder.
const MARK: &str = "cdk.out";
/// What the folders and files of copied code begin with.
const COPY: &str = "asset.";
/// What the templates of an assembly end in.
const TEMPLATE: &str = ".template.json";

/// The files of a project, those of assemblies told from the others.
#[derive(Debug, Default)]
pub(super) struct Assemblies {
    /// The folders of assemblies.
    folders: Vec<String>,
    /// Copied code.
    pub(super) copies: Vec<String>,
}

impl Assemblies {
    /// Takes the files of assemblies out of a listing, but for the templates that deploy.
    pub(super) fn split(files: Vec<String>) -> (Vec<String>, Self) {
        let mut folders: Vec<String> = files.iter().filter_map(|file| assembly(file)).collect();
        folders.sort();
        folders.dedup();
        let mut assemblies = Self { folders, copies: vec![] };
        let mut project = vec![];
        for file in files {
            match assemblies.inside(&file) {
                None => project.push(file),
                Some(inside) if inside.split('/').any(|part| part.starts_with(COPY)) => {
                    assemblies.copies.push(file);
                }
                Some(inside) if inside.ends_with(TEMPLATE) => project.push(file),
                Some(_) => {}
            }
        }
        (project, assemblies)
    }

    /// Whether a file lies in an assembly.
    pub(super) fn holds(&self, file: &str) -> bool {
        self.inside(file).is_some()
    }

    /// The path of a file in its assembly.
    fn inside<'p>(&self, file: &'p str) -> Option<&'p str> {
        self.folders.iter().find_map(|folder| match folder.as_str() {
            "" => Some(file),
            folder => file.strip_prefix(folder)?.strip_prefix('/'),
        })
    }
}

/// The files that lie in no assembly of the project, unless it is one as a whole.
pub(super) fn written(files: Vec<String>) -> Vec<String> {
    let (files, mut assemblies) = Assemblies::split(files);
    assemblies.folders.retain(|folder| !folder.is_empty());
    files.into_iter().filter(|file| !assemblies.holds(file)).collect()
}

/// The stage whose assembly, inside another, a file lies in.
pub(super) fn stage(file: &str) -> Option<&str> {
    let mut folders = paths::folder(file).rsplit('/');
    folders.find_map(|folder| folder.strip_prefix("assembly-")).filter(|_| file.ends_with(TEMPLATE))
}

/// Whether a folder or file of that name is code that an assembly holds a copy of.
pub(super) fn is_copy(name: &str) -> bool {
    name.starts_with(COPY)
}

/// The assembly whose mark a file is, or in whose folder it lies.
fn assembly(file: &str) -> Option<String> {
    let marked = file == MARK || file.ends_with("/cdk.out");
    let named = paths::up(paths::folder(file)).filter(|folder| folder.rsplit('/').next() == Some(MARK));
    let named = named.last().map(str::to_owned);
    named.or_else(|| marked.then(|| paths::folder(file).to_owned()))
}

/// Leaves out functions of what a tool made (assemblies, plans, states) that the deployments of the project declare as
/// well, and with those of an assembly those that no source of the project stands behind: the constructs bring them along.
pub(super) fn once(candidates: &mut Vec<Candidate>, deployments: &[Deployment], code: &Code<'_>) {
    let is_made = |candidate: &Candidate| {
        let deployment = candidate.declared.and_then(|(deployment, _)| deployments.get(deployment));
        deployment.is_some_and(|deployment| deployment.made)
    };
    let written: Vec<Candidate> = candidates.iter().filter(|each| !is_made(each)).cloned().collect();
    let known = |candidate: &Candidate| written.iter().any(|other| is_same(candidate, other));
    let any = candidates.iter().any(|candidate| is_made(candidate) && known(candidate));
    let is_copy = |candidate: &Candidate| {
        candidate.path.is_some()
            && candidate
                .start
                .as_ref()
                .is_none_or(|start| code.is_copy(&start.file) || start.file.starts_with('#'))
    };
    let made = candidates.iter().any(|candidate| is_made(candidate) && !is_copy(candidate));
    candidates.retain(|each| {
        if is_made(each) {
            !(known(each) || any && is_copy(each))
        } else {
            // What the program calls by a name that is not known is there under the one that it has.
            !(made && each.start.is_none() && each.name.contains('*'))
        }
    });
}

/// Whether a function of an assembly is one that a program deploys, by the way to the construct.
fn is_same(made: &Candidate, written: &Candidate) -> bool {
    let (Some(path), id) = (&made.path, written.name.as_str()) else {
        return made.name.split('[').next() == written.name.split('[').next();
    };
    path == id || path.strip_suffix(id).is_some_and(|rest| rest.ends_with('/'))
}

/// The file of the project that a file of copied code was made of, and whether that is a guess: the same text, or what a
/// bundle says that it is made of, or what the construct is called.
pub(super) fn original(copy: &str, construct: &str, code: &Code<'_>) -> Option<(String, bool)> {
    let inside = copy.split_once(COPY).and_then(|(_, rest)| rest.split_once('/')).map(|(_, inside)| inside);
    let text = code.text(copy).filter(|_| code.has(copy));
    if let (Some(inside), Some(text)) = (inside, &text) {
        let is_named = |file: &&str| {
            file.strip_suffix(inside).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
        };
        let same = |file: &&str| code.text(file).as_ref() == Some(text);
        if let Some(file) = code.files().filter(is_named).find(same) {
            return Some((file.to_owned(), false));
        }
    }
    let bundled = text.and_then(|text| bundled(copy, &text, code)).map(|file| (file, false));
    bundled.or_else(|| Some((named(construct, code)?, true)))
}

/// The last file of the project that a bundle mentions: the entry comes behind what it imports.
fn bundled(copy: &str, text: &str, code: &Code<'_>) -> Option<String> {
    let root = copy.split("/asset.").next().unwrap_or_default();
    let root = paths::up(root).find(|folder| folder.rsplit('/').next() != Some(MARK));
    let root = root.unwrap_or_default();
    let sources = text.lines().filter_map(|line| line.strip_prefix("// ")).map(str::to_owned);
    let mut mentioned: Vec<String> = sources.collect();
    let map = code.text(&[copy, ".map"].concat()).unwrap_or_default();
    let (map, _) = crate::text::yaml::parse(&crate::text::Source::new("", map), crate::text::FileId(0));
    let listed = map.get("sources").map(crate::text::tree::Node::one_or_many).unwrap_or_default();
    mentioned.extend(listed.iter().filter_map(|source| source.as_str().map(str::to_owned)));
    mentioned.iter().rev().find_map(|source| {
        let plain = source.trim().trim_start_matches("../").trim_start_matches("./");
        let at = [paths::climb(root, source.trim()), Some(paths::join(root, plain)), Some(plain.to_owned())];
        at.into_iter().flatten().find(|file| is_source(file, code))
    })
}

/// The only file of the project that is called as a construct is, or that is named after it as a handler.
fn named(construct: &str, code: &Code<'_>) -> Option<String> {
    let id = construct.rsplit('/').next().filter(|id| !id.is_empty())?;
    let is_named = |file: &&str| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let is_id = |word: &str| word.eq_ignore_ascii_case(id);
        (is_id(stem) || stem.rsplit_once('.').is_some_and(|(_, last)| is_id(last))) && is_source(file, code)
    };
    let mut found = code.files().filter(is_named);
    found.next().filter(|_| found.next().is_none()).map(str::to_owned)
}

fn is_source(file: &str, code: &Code<'_>) -> bool {
    code.has(file) && !code.is_copy(file) && lang::language_of(file).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assembly_is_known_by_its_folder_or_its_mark() {
        let files = [
            "app/cdk.json",
            "app/cdk.out/A.template.json",
            "app/cdk.out/AB.nested.template.json",
            "app/cdk.out/asset.1/index.py",
            "app/cdk.out/assembly-Prod/B.template.json",
            "app/cdk.out/tree.json",
            "made/cdk.out",
            "made/C.template.json",
            "made/manifest.json",
        ];
        let (project, assemblies) = Assemblies::split(files.map(str::to_owned).into());
        let kept = [
            "app/cdk.json",
            "app/cdk.out/A.template.json",
            "app/cdk.out/AB.nested.template.json",
            "app/cdk.out/assembly-Prod/B.template.json",
            "made/C.template.json",
        ];
        assert_eq!(project, kept);
        assert_eq!(assemblies.copies, ["app/cdk.out/asset.1/index.py"]);
        assert!(assemblies.holds("made/C.template.json") && !assemblies.holds("app/cdk.json"));
    }
}
