//! The project as it was at another revision, read through the user's own `git`. The work tree and the index stay as they
//! are: objects are read, nothing is checked out.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::disk::{self, MemoryDisk};
use super::failure::Failure;

/// The program, as it is found on the path.
const PROGRAM: &str = "git";

/// A revision of a project.
pub(super) struct Revision {
    /// The commit.
    pub(super) commit: String,
    /// The files of the project at that commit.
    pub(super) disk: MemoryDisk,
}

/// What leads from the root of the repository to the project: empty, or a path that ends in `/`.
pub(super) fn prefix(root: &Path) -> Result<String, Failure> {
    Ok(text(&git(root, &["rev-parse", "--show-prefix"], &[])?))
}

/// The commit that a name stands for.
pub(super) fn commit(root: &Path, revision: &str) -> Result<String, Failure> {
    let wanted = format!("{revision}^{{commit}}");
    let found = git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted], &[]);
    found.map(|commit| text(&commit)).map_err(|failure| {
        match failure.message().strip_prefix("cannot start") {
            Some(_) => failure,
            None => Failure::new(format!("there is no revision `{revision}`"))
                .help("fetch it first: a shallow clone has only the newest"),
        }
    })
}

/// The project at a revision.
///
/// # Errors
/// `git` is missing or says no.
pub(super) fn revision(root: &Path, revision: &str) -> Result<Revision, Failure> {
    let commit = commit(root, revision)?;
    let prefix = prefix(root)?;
    let tree = format!("{commit}:{}", prefix.trim_end_matches('/'));
    let listed = match git(root, &["ls-tree", "-r", "-z", "-l", "--full-tree", &tree], &[]) {
        Ok(listed) => listed,
        // The project was not there yet.
        Err(_) if !prefix.is_empty() => vec![],
        Err(failure) => return Err(failure),
    };
    let entries: Vec<(String, String)> =
        listed.split(|byte| *byte == 0).filter_map(|entry| blob(&String::from_utf8_lossy(entry))).collect();
    let mut wanted = Vec::new();
    for (object, _) in &entries {
        wanted.extend(object.bytes().chain([b'\n']));
    }
    let contents = git(root, &["cat-file", "--batch"], &wanted)?;
    Ok(Revision { commit, disk: MemoryDisk::new(files(entries, &contents)) })
}

/// Object and path of a plain file of `ls-tree`, where the file is read at all.
fn blob(entry: &str) -> Option<(String, String)> {
    let (about, path) = entry.split_once('\t')?;
    let mut words = about.split_whitespace();
    let (mode, kind, object, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    // What a link holds is a path, what a submodule holds is elsewhere.
    let is_plain = mode.starts_with("100") && kind == "blob";
    let is_read = size.parse::<u64>().is_ok_and(|size| size <= disk::MAX_BYTES) && !disk::is_left_out(path);
    (is_plain && is_read).then(|| (object.to_owned(), path.to_owned()))
}

/// The contents in the answer of `cat-file --batch`, in the order of the entries.
fn files(entries: Vec<(String, String)>, mut contents: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (_, path) in entries {
        let Some(end) = contents.iter().position(|byte| *byte == b'\n') else { break };
        let Some((head, rest)) = contents.split_at_checked(end) else { break };
        let size =
            String::from_utf8_lossy(head).rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
        let Some((content, behind)) = size.and_then(|size| rest.get(1..)?.split_at_checked(size)) else {
            break;
        };
        files.push((path, content.to_vec()));
        contents = behind.get(1..).unwrap_or(&[]);
    }
    files
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned()
}

/// Runs one command that reads.
fn git(root: &Path, words: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut program = Command::new(PROGRAM);
    program.arg("--no-optional-locks").arg("-C").arg(root).args(words);
    // Nobody is asked for a password, and what a partial clone lacks is not fetched.
    program.env("GIT_TERMINAL_PROMPT", "0").env("GIT_NO_LAZY_FETCH", "1");
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: std::io::Error| Failure::new(format!("cannot start `{PROGRAM}`: {error}"));
    let mut child = program.spawn().map_err(failed)?;
    let pipe = child.stdin.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input)));
        child.wait_with_output()
    });
    let output = output.map_err(failed)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`{PROGRAM} {}` failed: {}", words.join(" "), said.trim())))
}
