//! Settings files beside a program, which its configuration reads under the environment.

use crate::text::{SmolStr, paths};

use super::super::{ReadText, settings};
use super::resolve;

/// The files, those that count more first: what holds where the program is deployed, then what always holds.
const FILES: [&str; 2] = ["appsettings.Production.json", "appsettings.json"];

/// What the settings files of a file's project say, by dotted name.
pub(super) fn of_project(path: &str, all: &[String], read: &ReadText<'_>) -> Vec<(SmolStr, SmolStr)> {
    let folder = resolve::folder_of_project(path, all);
    let mut found = vec![];
    for file in FILES {
        let file = paths::join(folder, file);
        if all.contains(&file)
            && let Some(text) = read(&file)
        {
            settings::of_document(&file, text, &mut found);
        }
    }
    found
}
