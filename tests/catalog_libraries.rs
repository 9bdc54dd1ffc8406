//! The library descriptions that come with the program.

use leastwise::catalog::{LIBRARY_FILES, Library};

#[test]
fn every_description_reads() {
    for file in LIBRARY_FILES {
        let library = Library::parse(file.text).unwrap_or_else(|error| panic!("{:?}: {error}", file.roots));
        assert_eq!(library.language, file.language, "{:?}", file.roots);
        assert!(!library.version.is_empty() && !library.source.is_empty(), "{:?}", file.roots);
    }
}
