//! Public data that tests read and that the repository does not have: vectors, historic prices, profiles.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Where a file or folder of the data is: below the environment's `GRIDPEG_DATA`, by default the folder `shared` beside
/// the checkout. `None`, with a line that says what is not tested, if it is not there; panics if it must be:
/// `GRIDPEG_DATA` is set, or `CI` is true.
pub fn path(name: &str) -> Option<PathBuf> {
    let given = env::var_os("GRIDPEG_DATA").filter(|folder| !folder.is_empty());
    let demanded = given.is_some() || env::var_os("CI").is_some_and(|value| value == "true");
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let path = given.map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(!demanded, "{} is missing: set GRIDPEG_DATA to the folder with the public data", path.display());
    println!("skipped what needs {}: set GRIDPEG_DATA to the folder with the public data", path.display());
    None
}
