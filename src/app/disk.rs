//! The files of a project. Nothing outside the project is read because something inside it says so.

use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::{DirEntry, WalkBuilder};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::failure::Failure;
use crate::text::paths;

/// Files beyond this size are no source; a bundle of a megabyte is common, one of sixteen is data.
pub(super) const MAX_BYTES: u64 = 16 << 20;
/// Where walking ends in a project that is made to be endless.
const MAX_FILES: usize = 500_000;
/// How deep folders are walked.
const MAX_DEPTH: usize = 64;

/// Folders that hold what was installed or built, by name.
const SKIPPED: &[&str] = &["__pycache__", "node_modules", "site-packages", "venv"];
/// Folders whose name begins with a period and that are walked all the same.
const SHOWN: &[&str] = &[".chalice"];

/// The files that a run can see.
pub trait Disk: Sync {
    /// The files of the project, sorted, relative to it, with `/`, and what could not be listed.
    fn walk(&self) -> Listing;

    /// Reads a file of the project, by its path relative to the project. It must lie in the project, wherever links
    /// lead.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// Reads a file that the person who runs the program named, wherever it is.
    fn read_given(&self, path: &Path) -> Result<Vec<u8>, ReadError>;
}

/// The files of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files.
    pub files: Vec<String>,
    /// What could not be listed, as sentences without a final period.
    pub problems: Vec<String>,
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// There is no such file.
    Missing,
    /// It lies outside the project.
    Outside,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// It is longer than what is read, in bytes.
    TooLong(u64),
    /// The system says no.
    Refused(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::Outside => f.write_str("it lies outside the project"),
            Self::NotAFile => f.write_str("it is not a file"),
            Self::TooLong(bytes) => write!(f, "it is too long ({bytes} bytes)"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

/// A path with `/` between its parts.
pub(super) fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace('\\', "/") }
}

/// A folder of this machine.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Opens the project in the folder at `path`.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let root = fs::canonicalize(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::new(format!("there is no folder `{shown}`")),
            _ => Failure::new(format!("cannot open `{shown}`: {error}")),
        })?;
        if root.is_dir() {
            return Ok(Self { root });
        }
        Err(Failure::new(format!("`{shown}` is not a folder"))
            .help("name the folder of the project, and a file in it by `--handler FILE`"))
    }
}

impl Disk for Folder {
    fn walk(&self) -> Listing {
        let mut listing = Listing::default();
        for entry in walker(&self.root) {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                    if let Ok(path) = entry.path().strip_prefix(&self.root) {
                        listing.files.push(slashes(path));
                    }
                }
                Ok(entry) if entry.depth() == MAX_DEPTH => {
                    listing.problems.push(format!("folders more than {MAX_DEPTH} deep are not looked into"));
                }
                Ok(_) => {}
                Err(error) => listing.problems.extend(problem(&error, &self.root)),
            }
            if listing.files.len() >= MAX_FILES {
                listing.problems.push(format!("the project has more than {MAX_FILES} files"));
                break;
            }
        }
        listing.files.sort_unstable();
        listing.problems.dedup();
        listing
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let real = fs::canonicalize(self.root.join(path)).map_err(refusal)?;
        if !real.starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        read_file(&real)
    }

    fn read_given(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        read_file(path)
    }
}

/// Walks everything but what is installed, built or hidden. Ignore files of version control are not asked: what they
/// name may still be deployed. `.leastwiseignore` is.
fn walker(root: &Path) -> ignore::Walk {
    let walked: Mutex<FxHashSet<PathBuf>> = Mutex::default();
    let base = Arc::new(root.to_owned());
    let mut builder = WalkBuilder::new(root);
    builder
        .standard_filters(false)
        .add_custom_ignore_filename(".leastwiseignore")
        .follow_links(true)
        .max_depth(Some(MAX_DEPTH))
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .filter_entry(move |entry| is_walked(entry, &base, &walked));
    builder.build()
}

fn is_walked(entry: &DirEntry, root: &Path, walked: &Mutex<FxHashSet<PathBuf>>) -> bool {
    if entry.depth() == 0 {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    if is_folder && is_skipped(entry.path(), &name) {
        return false;
    }
    if !entry.path_is_symlink() {
        return true;
    }
    // A link is followed inside the project, and each folder behind links once: so there is an end.
    let Ok(target) = fs::canonicalize(entry.path()) else { return false };
    let Ok(inside) = target.strip_prefix(root) else { return false };
    if !is_folder {
        return true;
    }
    let is_walked_itself = inside.ancestors().all(|part| {
        part.file_name().is_none_or(|name| !is_skipped(&root.join(part), &name.to_string_lossy()))
    });
    is_walked_itself && walked.lock().is_ok_and(|mut walked| walked.insert(target))
}

fn is_skipped(path: &Path, name: &str) -> bool {
    (name.starts_with('.') && !SHOWN.contains(&name))
        || SKIPPED.contains(&name)
        || path.join("pyvenv.cfg").is_file()
        || (name == "target" && path.join("CACHEDIR.TAG").is_file())
}

/// Whether a file lies in a folder that holds what was installed or built, by the names of its folders.
pub(super) fn is_left_out(path: &str) -> bool {
    let folders = paths::folder(path);
    folders
        .split('/')
        .any(|name| (name.starts_with('.') && !SHOWN.contains(&name)) || SKIPPED.contains(&name))
}

/// What could not be listed. A link that leads nowhere or in a circle hides nothing.
fn problem(error: &ignore::Error, root: &Path) -> Option<String> {
    let refused = error.io_error().filter(|error| error.kind() != std::io::ErrorKind::NotFound);
    // The path on this machine is of no use to a reader of the report.
    let root = format!("{}/", slashes(root));
    refused.map(|_| error.to_string().replace(&root, ""))
}

/// Reads a file, wherever it is.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, ReadError> {
    let about = fs::metadata(path).map_err(refusal)?;
    // Opening a pipe would wait for its other end.
    if !about.is_file() {
        return Err(ReadError::NotAFile);
    }
    if about.len() > MAX_BYTES {
        return Err(ReadError::TooLong(about.len()));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(refusal)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(refusal)?;
    let length = bytes.len() as u64;
    if length > MAX_BYTES { Err(ReadError::TooLong(length)) } else { Ok(bytes) }
}

fn refusal(error: std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::Refused(error.to_string()),
    }
}

/// A project in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    files: IndexMap<String, Vec<u8>>,
}

impl MemoryDisk {
    /// A project of these files.
    pub fn new<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let files = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        Self { files }
    }
}

impl Disk for MemoryDisk {
    fn walk(&self) -> Listing {
        let mut files: Vec<String> = self.files.keys().cloned().collect();
        files.sort_unstable();
        Listing { files, problems: Vec::new() }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        if Path::new(path).components().any(|part| part == Component::ParentDir) {
            return Err(ReadError::Outside);
        }
        self.files.get(path).cloned().ok_or(ReadError::Missing)
    }

    fn read_given(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.read(&slashes(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn project(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    #[test]
    fn what_is_installed_built_or_hidden_is_not_walked() {
        let folder = project(&[
            "src/app.py",
            "template.yaml",
            ".chalice/config.json",
            ".aws-sam/build/app.py",
            ".git/config",
            "node_modules/x/index.js",
            "env/pyvenv.cfg",
            "env/lib/x.py",
            "web/target/index.js",
            "rust/target/CACHEDIR.TAG",
            "generated/x.py",
        ]);
        fs::write(folder.path().join(".leastwiseignore"), "generated/\n").unwrap();
        fs::write(folder.path().join(".gitignore"), "src/\n").unwrap();
        let listing = Folder::open(folder.path()).unwrap().walk();
        let files = [".chalice/config.json", ".gitignore", ".leastwiseignore", "src/app.py", "template.yaml"];
        assert_eq!(listing.files[..5], files);
        assert_eq!(listing.files[5..], ["web/target/index.js"]);
        assert_eq!(listing.problems, Vec::<String>::new());
    }

    #[test]
    fn a_file_is_read_only_inside_the_project() {
        let folder = project(&["shop/a.py", "secret"]);
        let shop = Folder::open(&folder.path().join("shop")).unwrap();
        assert_eq!(shop.read("a.py"), Ok(b"x".to_vec()));
        assert_eq!(shop.read("b.py"), Err(ReadError::Missing));
        assert_eq!(shop.read("../secret"), Err(ReadError::Outside));
        assert_eq!(shop.read("/etc/hostname"), Err(ReadError::Outside));
        assert_eq!(shop.read("."), Err(ReadError::NotAFile));
        assert_eq!(shop.read_given(&folder.path().join("secret")), Ok(b"x".to_vec()));
    }

    #[test]
    fn a_file_that_is_too_long_is_not_read() {
        let folder = project(&["a.js"]);
        fs::File::create(folder.path().join("a.js")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        let error = Folder::open(folder.path()).unwrap().read("a.js");
        assert_eq!(error, Err(ReadError::TooLong(MAX_BYTES + 1)));
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_neither_out_nor_in_circles() {
        use std::os::unix::fs::symlink;
        let folder =
            project(&["shop/src/a.py", "shop/shared/b.py", "outside/c.py", "shop/node_modules/d/e.js"]);
        let shop = folder.path().join("shop");
        symlink("../shared", shop.join("src/shared")).unwrap();
        symlink("../shared", shop.join("src/again")).unwrap();
        symlink("../src", shop.join("src/circle")).unwrap();
        symlink("../node_modules/d", shop.join("src/installed")).unwrap();
        symlink("../outside", shop.join("out")).unwrap();
        symlink("../outside/c.py", shop.join("c.py")).unwrap();
        symlink("nowhere", shop.join("broken")).unwrap();
        let shop = Folder::open(&shop).unwrap();
        let listing = shop.walk();
        assert_eq!(listing.files, ["shared/b.py", "src/a.py", "src/again/b.py"]);
        assert_eq!(listing.problems, Vec::<String>::new());
        assert_eq!(shop.read("out/c.py"), Err(ReadError::Outside));
        assert_eq!(shop.read("c.py"), Err(ReadError::Outside));
        assert_eq!(shop.read("src/shared/b.py"), Ok(b"x".to_vec()));
    }
}
