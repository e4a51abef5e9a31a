//! Reading the files that a user names.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::model::{InputFile, Problem, Problems};

/// Reads a regular file. Anything else, such as a pipe or a device that a stranger's folder holds, could be endless.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    let found = fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if !found.is_file() {
        return Err(Problem::file(path, "is not a regular file; allowed: a file"));
    }
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// A file that cannot be read, and why.
pub(super) fn unreadable(path: &Path, error: &Error) -> Problem {
    let why = match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "its permissions forbid it".to_owned(),
        _ => error.to_string(),
    };
    Problem::file(path, format!("cannot be read: {why}; allowed: a file that can be read"))
}

/// Reads a regular file of UTF-8 text.
pub fn read_text(path: &Path) -> Result<String, Problem> {
    String::from_utf8(read_file(path)?).map_err(|_| Problem::file(path, "is not UTF-8; allowed: UTF-8 text"))
}

/// The bytes of the three files of a set and the names they go by in messages.
#[derive(Debug, Clone)]
pub struct SetFiles {
    /// `card.toml`.
    pub card: (PathBuf, Vec<u8>),
    /// `examples.jsonl`.
    pub examples: (PathBuf, Vec<u8>),
    /// `annotations.jsonl`.
    pub annotations: (PathBuf, Vec<u8>),
}

impl SetFiles {
    /// Reads the three files of a folder.
    pub fn read(folder: &Path) -> Result<Self, Problems> {
        if !folder.is_dir() {
            return Err(Problem::file(
                folder,
                "no such folder; allowed: a folder with card.toml, examples.jsonl and annotations.jsonl",
            )
            .into());
        }
        let mut problems = Problems::default();
        let mut read = |name: &str| {
            let path = folder.join(name);
            let bytes = read_file(&path).map_err(|problem| problems.push(problem)).unwrap_or_default();
            (path, bytes)
        };
        let files =
            Self { card: read("card.toml"), examples: read("examples.jsonl"), annotations: read("annotations.jsonl") };
        problems.or(files)
    }

    /// The files with their digests, in order.
    pub fn inputs(&self) -> Vec<InputFile> {
        [&self.card, &self.examples, &self.annotations]
            .map(|(path, bytes)| InputFile {
                path: path.display().to_string(),
                sha256: hex::encode(Sha256::digest(bytes)),
            })
            .to_vec()
    }

    /// One digest of the three files.
    pub(super) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for (_, bytes) in [&self.card, &self.examples, &self.annotations] {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        }
        hex::encode(digest.finalize())
    }
}
