//! Reading the files that a user names.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::jsonl::whole_lines;
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

/// Folder of the raters' own files inside a set.
pub const RATERS_FOLDER: &str = "annotations";

/// The bytes of the files of a set and the names they go by in messages.
#[derive(Debug, Clone)]
pub struct SetFiles {
    /// `card.toml`.
    pub card: (PathBuf, Vec<u8>),
    /// `examples.jsonl`.
    pub examples: (PathBuf, Vec<u8>),
    /// `annotations.jsonl`; empty where a set has raters' own files alone.
    pub annotations: (PathBuf, Vec<u8>),
    /// `annotations/<rater>.jsonl`, in the order of their names.
    pub by_rater: Vec<(PathBuf, Vec<u8>)>,
}

/// Whether a set is read that somebody may be labelling at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// It is finished: annotations have to be there.
    Finished,
    /// Annotations may be absent, and a line that another process is writing is passed over.
    InTheMaking,
}

impl SetFiles {
    /// Reads the files of a folder.
    pub fn read(folder: &Path) -> Result<Self, Problems> {
        Self::read_as(folder, Reading::Finished)
    }

    /// Reads the files of a folder that is being labelled: annotations may be absent, and of a rater's own file only the whole
    /// lines are taken, since another process may be writing the next.
    pub fn read_in_the_making(folder: &Path) -> Result<Self, Problems> {
        Self::read_as(folder, Reading::InTheMaking)
    }

    fn read_as(folder: &Path, reading: Reading) -> Result<Self, Problems> {
        if !folder.is_dir() {
            return Err(Problem::file(
                folder,
                "no such folder; allowed: a folder with card.toml, examples.jsonl and annotations.jsonl",
            )
            .into());
        }
        let mut problems = Problems::default();
        let mut read = |path: PathBuf| {
            let bytes = read_file(&path).map_err(|problem| problems.push(problem)).unwrap_or_default();
            (path, bytes)
        };
        let own = rater_files(folder)?;
        let shared = folder.join("annotations.jsonl");
        let may_be_absent = own.is_some() || reading == Reading::InTheMaking;
        let mut files = Self {
            card: read(folder.join("card.toml")),
            examples: read(folder.join("examples.jsonl")),
            annotations: if may_be_absent && is_absent(&shared) { (shared, Vec::new()) } else { read(shared) },
            by_rater: own.unwrap_or_default().into_iter().map(read).collect(),
        };
        if reading == Reading::InTheMaking {
            files.by_rater.iter_mut().for_each(|(_, bytes)| bytes.truncate(whole_lines(bytes)));
        }
        problems.or(files)
    }

    /// The files of a set that was made, under their own names.
    pub(super) fn made(card: String, examples: Vec<u8>, annotations: Vec<u8>) -> Self {
        let file = |name: &str, bytes: Vec<u8>| (PathBuf::from(name), bytes);
        Self {
            card: file("card.toml", card.into_bytes()),
            examples: file("examples.jsonl", examples),
            annotations: file("annotations.jsonl", annotations),
            by_rater: Vec::new(),
        }
    }

    /// Contents by path, for writing. A set that nobody labelled yet has no file of annotations, and beside raters' own files
    /// an empty one is as good as none.
    pub fn into_folder(self) -> BTreeMap<PathBuf, Vec<u8>> {
        let Self { card, examples, annotations, by_rater } = self;
        let shared = Some(annotations).filter(|(_, bytes)| !bytes.is_empty());
        [card, examples].into_iter().chain(shared).chain(by_rater).collect()
    }

    /// The files with their digests, in order.
    pub fn inputs(&self) -> Vec<InputFile> {
        // Beside raters' own files an empty annotations.jsonl is as good as none.
        let shared = Some(&self.annotations).filter(|(_, bytes)| !bytes.is_empty() || self.by_rater.is_empty());
        let files = [&self.card, &self.examples].into_iter().chain(shared).chain(&self.by_rater);
        let input = |(path, bytes): &(PathBuf, Vec<u8>)| InputFile {
            path: path.display().to_string(),
            sha256: hex::encode(Sha256::digest(bytes)),
        };
        files.map(input).collect()
    }

    /// One digest of all files. That of a set without raters' own files is a digest of its three files.
    pub(super) fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let mut add = |bytes: &[u8]| {
            digest.update((bytes.len() as u64).to_le_bytes());
            digest.update(bytes);
        };
        for (_, bytes) in [&self.card, &self.examples, &self.annotations] {
            add(bytes);
        }
        for (path, bytes) in &self.by_rater {
            add(path.file_name().unwrap_or_default().as_encoded_bytes());
            add(bytes);
        }
        hex::encode(digest.finalize())
    }
}

/// The raters' own files of a set, sorted by name; none where it has no folder for them.
fn rater_files(folder: &Path) -> Result<Option<Vec<PathBuf>>, Problem> {
    let folder = folder.join(RATERS_FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(&folder, &error)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(&folder, &error))?.path();
        // Systems and editors leave hidden files behind; no rater is called so.
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|extension| extension == "jsonl") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(Some(paths))
}

/// A link that leads nowhere is there, and a fault.
fn is_absent(path: &Path) -> bool {
    fs::symlink_metadata(path).is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
