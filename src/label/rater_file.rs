//! A rater's own file: locked while it is open, only ever added to, each line on the disk before it counts.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::gold::whole_lines;

/// Why a rater's file cannot be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process has it open.
    #[error("{0}: another process labels for this rater; allowed: one at a time")]
    InUse(PathBuf),
    /// Somebody else wrote it, or put another file in its place, while it was open.
    #[error("{0}: was changed by another program while it was open; allowed: a start of the same command")]
    Changed(PathBuf),
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
pub(super) struct RaterFile {
    path: PathBuf,
    file: File,
    /// Bytes of whole lines.
    whole: u64,
    /// What lay behind them when it was opened: a last line that was cut off.
    rest: Vec<u8>,
    /// Whether the last whole line lacks its line break.
    unended: bool,
    /// Whether a write failed and its beginning may still lie behind the whole lines.
    torn: bool,
}

/// A file as it was found.
#[derive(Debug)]
pub(super) struct Opened {
    /// The file, locked.
    pub(super) file: RaterFile,
    /// Its whole lines.
    pub(super) bytes: Vec<u8>,
}

impl RaterFile {
    /// Opens a file, or makes it, and locks it until it is dropped. What is in it stays as it is until [`RaterFile::settle`].
    pub(super) fn open(path: &Path) -> Result<Opened, StorageError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let disk = |source: io::Error| StorageError::disk(path, source);
        check_regular(path)?;
        fs::create_dir_all(folder).map_err(|source| StorageError::disk(folder, source))?;
        let file = File::options().create(true).truncate(false).read(true).append(true).open(path).map_err(disk)?;
        let opened = Self::hold(path, file)?;
        sync_folder(folder).map_err(|source| StorageError::disk(folder, source))?;
        Ok(opened)
    }

    /// Opens a file to read it, locked as long as it is held, and changes nothing; none where there is no such file.
    pub(super) fn look(path: &Path) -> Result<Option<Opened>, StorageError> {
        check_regular(path)?;
        match File::open(path) {
            Ok(file) => Self::hold(path, file).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(StorageError::disk(path, source)),
        }
    }

    fn hold(path: &Path, mut file: File) -> Result<Opened, StorageError> {
        let disk = |source: io::Error| StorageError::disk(path, source);
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StorageError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(disk(source)),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(disk)?;
        let rest = bytes.split_off(whole_lines(&bytes));
        let unended = bytes.last().is_some_and(|last| *last != b'\n');
        let file = Self { path: path.to_owned(), file, whole: bytes.len() as u64, rest, unended, torn: false };
        Ok(Opened { file, bytes })
    }

    /// Makes the file ready for the next line, and says where a last line went that had been cut off: to a file beside it,
    /// `<file>.cut`, to which later ones are added. It never counted, since the reply that says that an answer is saved comes
    /// after its line is on the disk.
    pub(super) fn settle(&mut self) -> Result<Option<PathBuf>, StorageError> {
        let set_aside = if self.rest.is_empty() { None } else { Some(self.set_aside()?) };
        if self.unended {
            self.add(b"\n")?;
            self.unended = false;
        }
        Ok(set_aside)
    }

    /// Keeps the rest of a line in a file of its own before it leaves this one.
    fn set_aside(&mut self) -> Result<PathBuf, StorageError> {
        self.check_unchanged(self.whole + self.rest.len() as u64)?;
        let mut name = self.path.as_os_str().to_owned();
        name.push(".cut");
        let path = PathBuf::from(name);
        let kept = File::options().create(true).append(true).open(&path).and_then(|mut file| {
            file.write_all(&self.rest)?;
            file.write_all(b"\n")?;
            file.sync_all()
        });
        kept.map_err(|source| StorageError::disk(&path, source))?;
        let cut = self.file.set_len(self.whole).and_then(|()| self.file.sync_all());
        cut.map_err(|source| StorageError::disk(&self.path, source))?;
        self.rest.clear();
        Ok(path)
    }

    /// Adds a record as one line. When this returns, the disk has it; after an error the file is as it was before.
    pub(super) fn append(&mut self, record: &impl Serialize) -> Result<(), StorageError> {
        self.settle()?;
        let mut line = serde_json::to_vec(record)
            .map_err(io::Error::other)
            .map_err(|source| StorageError::disk(&self.path, source))?;
        line.push(b'\n');
        self.add(&line)
    }

    fn add(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        let disk = |path: &Path, source: io::Error| StorageError::disk(path, source);
        if self.torn {
            self.file.set_len(self.whole).map_err(|source| disk(&self.path, source))?;
            self.torn = false;
        }
        self.check_unchanged(self.whole)?;
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_all());
        match written {
            Ok(()) => self.whole += bytes.len() as u64,
            // A full disk may have taken half of it.
            Err(_) => self.torn = self.file.set_len(self.whole).is_err(),
        }
        written.map_err(|source| disk(&self.path, source))
    }

    /// Refuses to write into a file that is not as this program left it: an editor may have put another in its place, into which
    /// no answer would go, or have added lines, which must not be overwritten.
    fn check_unchanged(&self, length: u64) -> Result<(), StorageError> {
        let disk = |source: io::Error| StorageError::disk(&self.path, source);
        let own = self.file.metadata().map_err(disk)?;
        let there = match fs::metadata(&self.path) {
            Ok(there) => there,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(StorageError::Changed(self.path.clone()));
            }
            Err(source) => return Err(disk(source)),
        };
        let same = own.len() == length && there.len() == length && is_same_file(&own, &there);
        if same { Ok(()) } else { Err(StorageError::Changed(self.path.clone())) }
    }
}

/// A folder, a pipe or a device is no rater's file.
fn check_regular(path: &Path) -> Result<(), StorageError> {
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        let source = io::Error::other("is not a regular file; allowed: a file");
        return Err(StorageError::disk(path, source));
    }
    Ok(())
}

#[cfg(unix)]
fn is_same_file(one: &fs::Metadata, other: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Where files have no number, a file that is open can be neither moved nor replaced.
#[cfg(not(unix))]
fn is_same_file(_: &fs::Metadata, _: &fs::Metadata) -> bool {
    true
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
mod tests;
