//! The embedded facts: libraries that send requests, what responses say, what the platform provides.

mod library;
mod library_files;
mod platform;
mod responses;

pub use library::{Behaviour, Call as LibraryCall, Class as LibraryClass, Library, PathPattern, Test as LibraryTest, Value};
pub use library_files::{LIBRARY_FILES, LibraryFile};
pub use platform::{EventCredentials, Platform};
pub use responses::{Answer as ResponseFact, Credentials as ResponseCredentials, Principal as ResponsePrincipal, Responses};
