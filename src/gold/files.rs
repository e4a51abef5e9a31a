//! Reading the files that a user names.

use std::fs;
use std::path::Path;

use crate::model::Problem;

/// Reads a regular file. Anything else, such as a pipe or a device that a stranger's folder holds, could be endless.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    let fault = |message: String| Problem::file(path, message);
    let found = fs::metadata(path).map_err(|error| fault(format!("cannot be read: {error}")))?;
    if !found.is_file() {
        return Err(fault("is not a regular file; allowed: a file".to_owned()));
    }
    fs::read(path).map_err(|error| fault(format!("cannot be read: {error}")))
}

/// Reads a regular file of UTF-8 text.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    String::from_utf8(read_file(path)?).map_err(|_| Problem::file(path, "is not UTF-8; allowed: UTF-8 text"))
}
