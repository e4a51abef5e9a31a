//! A rater's own file: locked while it is open, only ever added to, each line on the disk before it counts.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::gold::whole_lines;

/// Why a rater's file cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process has it open.
    #[error("{0}: another process labels for this rater; allowed: one at a time")]
    InUse(PathBuf),
    /// The disk or its permissions.
    #[error("{path}: {source}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl StorageError {
    pub(super) fn disk(path: &Path, source: io::Error) -> Self {
        Self::Disk { path: path.to_owned(), source }
    }
}

/// A rater's own file.
#[derive(Debug)]
pub struct RaterFile {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines; what lies behind them is the rest of a line that could not be written.
    whole: u64,
}

/// A file as it was found.
#[derive(Debug)]
pub struct Opened {
    /// The file, locked.
    pub file: RaterFile,
    /// Its whole lines.
    pub bytes: Vec<u8>,
    /// Where a last line went that was cut off when it was written.
    pub set_aside: Option<PathBuf>,
}

impl RaterFile {
    /// Opens a file, or makes it, and locks it until it is dropped.
    ///
    /// A last line that was cut off is moved to a file beside it, `<file>.cut`, to which later ones are added. It never counted:
    /// the reply that says that an answer is saved comes after its line is on the disk.
    pub fn open(path: &Path) -> Result<Opened, StorageError> {
        let disk = |source: io::Error| StorageError::disk(path, source);
        if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
            return Err(disk(io::Error::other("is not a regular file; allowed: a file")));
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|source| StorageError::disk(folder, source))?;
        let mut file = File::options().create(true).truncate(false).read(true).append(true).open(path).map_err(disk)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StorageError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(disk(source)),
        }
        sync_folder(folder).map_err(|source| StorageError::disk(folder, source))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(disk)?;
        let rest = bytes.split_off(whole_lines(&bytes));
        let mut opened = Self { path: path.to_owned(), file, whole: bytes.len() as u64 };
        let set_aside = if rest.is_empty() { None } else { Some(opened.set_aside(&rest)?) };
        if bytes.last().is_some_and(|last| *last != b'\n') {
            opened.add(b"\n").map_err(disk)?;
            bytes.push(b'\n');
        }
        Ok(Opened { file: opened, bytes, set_aside })
    }

    /// Keeps the rest of a line in a file of its own before it leaves this one.
    fn set_aside(&mut self, rest: &[u8]) -> Result<PathBuf, StorageError> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".cut");
        let path = PathBuf::from(name);
        let kept = File::options().create(true).append(true).open(&path).and_then(|mut file| {
            file.write_all(rest)?;
            file.write_all(b"\n")?;
            file.sync_all()
        });
        kept.map_err(|source| StorageError::disk(&path, source))?;
        let cut = self.file.set_len(self.whole).and_then(|()| self.file.sync_all());
        cut.map_err(|source| StorageError::disk(&self.path, source))?;
        Ok(path)
    }

    /// Adds a record as one line. When this returns, the disk has it; after an error the file is as it was before.
    pub fn append(&mut self, record: &impl Serialize) -> Result<(), StorageError> {
        let line = serde_json::to_vec(record).map_err(io::Error::other);
        let added = line.and_then(|mut line| {
            line.push(b'\n');
            self.add(&line)
        });
        added.map_err(|source| StorageError::disk(&self.path, source))
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        // The rest of a line that an earlier call could neither finish nor take away.
        if self.file.seek(SeekFrom::End(0))? != self.whole {
            self.file.set_len(self.whole)?;
        }
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        match written {
            Ok(()) => self.whole += bytes.len() as u64,
            // A full disk may have taken half of it.
            Err(_) => drop(self.file.set_len(self.whole)),
        }
        written
    }
}

/// Waits until a folder's entry of a new file is on the disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_are_added_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("annotations/ann.jsonl");
        let mut opened = RaterFile::open(&path).unwrap();
        assert_eq!((opened.bytes.len(), opened.set_aside), (0, None));
        opened.file.append(&json!({"a": 1})).unwrap();
        opened.file.append(&json!({"a": "two\nlines"})).unwrap();
        assert!(matches!(RaterFile::open(&path), Err(StorageError::InUse(_))));
        drop(opened.file);
        let opened = RaterFile::open(&path).unwrap();
        assert_eq!(opened.bytes, b"{\"a\":1}\n{\"a\":\"two\\nlines\"}\n");
    }

    #[test]
    fn a_line_that_was_cut_off_is_set_aside_and_never_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ann.jsonl");
        for (index, rest) in ["{\"a\":2", "{\"a\":\"\u{e9}"].into_iter().enumerate() {
            let mut bytes = format!("{{\"a\":1}}\n{rest}").into_bytes();
            if index == 1 {
                // In the middle of a character.
                bytes.pop();
            }
            fs::write(&path, &bytes).unwrap();
            let mut opened = RaterFile::open(&path).unwrap();
            assert_eq!(opened.bytes, b"{\"a\":1}\n");
            assert_eq!(opened.set_aside, Some(folder.path().join("ann.jsonl.cut")));
            opened.file.append(&json!({"a": 3})).unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":3}\n");
        }
        let kept = fs::read(folder.path().join("ann.jsonl.cut")).unwrap();
        assert_eq!(kept, b"{\"a\":2\n{\"a\":\"\xc3\n");
    }

    #[test]
    fn a_whole_last_line_without_a_line_break_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ann.jsonl");
        fs::write(&path, "{\"a\":1}").unwrap();
        let mut opened = RaterFile::open(&path).unwrap();
        assert_eq!((opened.bytes.as_slice(), opened.set_aside), (b"{\"a\":1}\n".as_slice(), None));
        opened.file.append(&json!({"a": 2})).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":2}\n");
    }

    #[test]
    fn what_a_full_disk_left_of_a_line_does_not_spoil_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ann.jsonl");
        let mut opened = RaterFile::open(&path).unwrap();
        opened.file.append(&json!({"a": 1})).unwrap();
        // As if half a line had been written and could not be taken away.
        File::options().append(true).open(&path).unwrap().write_all(b"{\"a\":").unwrap();
        opened.file.append(&json!({"a": 2})).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":2}\n");
    }
}
