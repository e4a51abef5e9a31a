//! The ledger: every reply that was ever paid for, in one SQLite file.
//!
//! One row a reply, by the digest of everything that could change it. A row is never changed: a better reader reads it
//! again. One process writes at a time; another one is refused at the door.

use std::collections::HashMap;
use std::fs::{File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, params};

use crate::judge::live::StoredReply;

/// Marks the file as a ledger of ours ("LACU").
const APPLICATION: i64 = 0x4C41_4355;
/// Version of the table.
const VERSION: i64 = 1;
/// Replies in one transaction at most: enough that a disk is not the limit, few enough that a kill loses little.
const BATCH: usize = 512;
/// Commits follow one another no faster than this: under load many replies share one, and where replies come one by one each
/// is committed as soon as it is there.
const BETWEEN_COMMITS: Duration = Duration::from_millis(5);
/// Replies that may wait to be written.
const QUEUE: usize = 4096;

const TABLE: &str = "
CREATE TABLE IF NOT EXISTS replies (
  sha256 BLOB PRIMARY KEY NOT NULL,
  judge TEXT NOT NULL,
  example TEXT NOT NULL,
  repeat INTEGER NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  latency_ms REAL NOT NULL,
  attempts INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT";

/// Why a ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another process holds it.
    #[error("{path}: another lacuna is using this ledger; wait for it, or give each run its own with --ledger", path = .0.display())]
    InUse(PathBuf),
    /// It is some other file.
    #[error("{path}: is not a ledger of this program; allowed: a new file, or a ledger", path = .0.display())]
    Foreign(PathBuf),
    /// It was made by a newer program.
    #[error("{path}: has version {found}; allowed: {VERSION}", path = .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it says.
        found: i64,
    },
    /// SQLite or the file system failed.
    #[error("{path}: {message}", path = .path.display())]
    Storage {
        /// The file.
        path: PathBuf,
        /// What they said.
        message: String,
    },
}

/// A reply on its way into the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Digest of the call, 64 hexadecimal digits.
    pub sha256: String,
    /// The judge that asked first, for people who look into the file.
    pub judge: String,
    /// The example it was asked about.
    pub example: String,
    /// Which repeat.
    pub repeat: u32,
    /// The reply.
    pub reply: StoredReply,
}

/// What the writer is told.
#[derive(Debug)]
enum Message {
    Write(Box<Entry>),
    /// Answer when everything before this is written.
    Flush(SyncSender<()>),
}

/// Replies handed in and not yet in the file: when each came, by its digest. Only looked up.
#[derive(Debug, Default, Clone)]
struct Pending(Arc<Mutex<HashMap<[u8; 32], String>>>);

impl Pending {
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    reader: Mutex<Connection>,
    pending: Pending,
    sender: Option<SyncSender<Message>>,
    writer: Option<JoinHandle<Result<(), String>>>,
    /// Held for as long as the ledger is open; the system lets go of it even where the process is killed.
    _lock: LedgerLock,
}

/// The lock file, held. It is let go of by name, since a program that is being started in this instant has a copy of the open
/// file, and closing ours would not do.
#[derive(Debug)]
struct LedgerLock(File);

impl Drop for LedgerLock {
    fn drop(&mut self) {
        // Where it fails, the end of the process lets go of it.
        let _ = self.0.unlock();
    }
}

impl Ledger {
    /// Opens a ledger, or makes it.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let storage = |message: String| LedgerError::Storage { path: path.to_owned(), message };
        refuse_other_files(path)?;
        let lock = lock(path)?;
        let connection = Connection::open(path).map_err(|error| storage(error.to_string()))?;
        prepare(path, &connection)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(path, flags).map_err(|error| storage(error.to_string()))?;
        let (sender, receiver) = sync_channel(QUEUE);
        let pending = Pending::default();
        let written = pending.clone();
        let writer = std::thread::Builder::new()
            .name("ledger".to_owned())
            .spawn(move || write_all(connection, &receiver, &written))
            .map_err(|error| storage(error.to_string()))?;
        Ok(Self {
            path: path.to_owned(),
            reader: Mutex::new(reader),
            pending,
            sender: Some(sender),
            writer: Some(writer),
            _lock: lock,
        })
    }

    /// The reply to a call, if it was ever bought.
    pub fn find(&self, sha256: &str) -> Result<Option<StoredReply>, LedgerError> {
        let Some(key) = digest(sha256) else { return Ok(None) };
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = reader
            .prepare_cached("SELECT status, body, latency_ms, attempts, at FROM replies WHERE sha256 = ?1")
            .map_err(|error| self.storage(&error.to_string()))?;
        let found = statement.query_row(params![key], |row| {
            Ok(StoredReply {
                status: row.get(0)?,
                body: row.get(1)?,
                latency_ms: row.get(2)?,
                attempts: row.get(3)?,
                at: row.get(4)?,
            })
        });
        found.optional().map_err(|error| self.storage(&error.to_string()))
    }

    /// The reply to a call, unless it is from before a moment.
    pub fn find_recent(&self, sha256: &str, oldest: Option<&str>) -> Result<Option<StoredReply>, LedgerError> {
        Ok(self.find(sha256)?.filter(|reply| recent(&reply.at, oldest)))
    }

    /// When a reply came, without reading it; of one that is on its way into the file as well.
    pub fn when(&self, sha256: &str) -> Result<Option<String>, LedgerError> {
        let Some(key) = digest(sha256) else { return Ok(None) };
        // It leaves this list only when it is in the file, so that it is seen in one or the other.
        if let Some(at) = self.pending.lock().get(&key) {
            return Ok(Some(at.clone()));
        }
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let mut statement = reader
            .prepare_cached("SELECT at FROM replies WHERE sha256 = ?1")
            .map_err(|error| self.storage(&error.to_string()))?;
        statement.query_row(params![key], |row| row.get(0)).optional().map_err(|error| self.storage(&error.to_string()))
    }

    /// Whether a reply was bought, and not before a moment (RFC 3339 in UTC, to the second).
    pub fn has(&self, sha256: &str, oldest: Option<&str>) -> Result<bool, LedgerError> {
        Ok(self.when(sha256)?.is_some_and(|at| recent(&at, oldest)))
    }

    /// Hands a reply to the writer; waits where thousands are before it. A reply of the same call is replaced: it is only
    /// asked for again where the user says so.
    pub fn record(&self, entry: Entry) -> Result<(), LedgerError> {
        let sender = self.sender.as_ref().expect("the sender lives until the ledger is closed");
        if let Some(key) = digest(&entry.sha256) {
            self.pending.lock().insert(key, entry.reply.at.clone());
        }
        sender.send(Message::Write(Box::new(entry))).map_err(|_| self.storage("the writer stopped"))
    }

    /// Comes back when everything handed in so far is in the file.
    pub fn flush(&self) -> Result<(), LedgerError> {
        let (done, wait) = sync_channel(1);
        let sender = self.sender.as_ref().expect("the sender lives until the ledger is closed");
        sender.send(Message::Flush(done)).map_err(|_| self.storage("the writer stopped"))?;
        wait.recv().map_err(|_| self.storage("the writer stopped"))
    }

    /// Writes what is on its way and closes the file.
    pub fn close(mut self) -> Result<(), LedgerError> {
        drop(self.sender.take());
        let Some(writer) = self.writer.take() else { return Ok(()) };
        match writer.join() {
            Ok(Ok(())) => Ok(()),
            Ok(Err(message)) => Err(self.storage(&message)),
            Err(_) => Err(self.storage("the writer died")),
        }
    }

    fn storage(&self, message: &str) -> LedgerError {
        LedgerError::Storage { path: self.path.clone(), message: message.to_owned() }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(writer) = self.writer.take() {
            // An error was for `close` to report; here nobody is left to hear it.
            let _ = writer.join();
        }
    }
}

/// A file that is no database is refused before anything is put beside it.
fn refuse_other_files(path: &Path) -> Result<(), LedgerError> {
    const DATABASE: &[u8; 16] = b"SQLite format 3\0";
    // One that is not there, or cannot be read, is for those who open it to make or to complain of.
    let Ok(file) = File::open(path) else { return Ok(()) };
    let mut start = Vec::new();
    let read = file.take(DATABASE.len() as u64).read_to_end(&mut start);
    match read {
        Ok(length) if length > 0 && start != DATABASE => Err(LedgerError::Foreign(path.to_owned())),
        _ => Ok(()),
    }
}

/// Takes the lock file beside the ledger. It stays behind, empty: removing it would let two processes hold two files of
/// one name.
fn lock(path: &Path) -> Result<LedgerLock, LedgerError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let storage = |error: std::io::Error| LedgerError::Storage { path: path.to_owned(), message: error.to_string() };
    let file = File::options().create(true).write(true).truncate(false).open(name).map_err(storage)?;
    match file.try_lock() {
        Ok(()) => Ok(LedgerLock(file)),
        Err(TryLockError::WouldBlock) => Err(LedgerError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(storage(error)),
    }
}

/// Checks that the file is a ledger, or makes it one where it is empty.
fn prepare(path: &Path, connection: &Connection) -> Result<(), LedgerError> {
    let storage = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => LedgerError::Foreign(path.to_owned()),
        _ => LedgerError::Storage { path: path.to_owned(), message: error.to_string() },
    };
    let number = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(storage)?;
    let (application, version) = (number("application_id").map_err(storage)?, number("user_version").map_err(storage)?);
    if tables > 0 && application != APPLICATION {
        return Err(LedgerError::Foreign(path.to_owned()));
    }
    if tables > 0 && version != VERSION {
        return Err(LedgerError::Version { path: path.to_owned(), found: version });
    }
    // A write-ahead log survives a kill at any moment; only a power failure may cost the last commits, not the file.
    connection.pragma_update(None, "journal_mode", "wal").map_err(storage)?;
    connection.pragma_update(None, "synchronous", "normal").map_err(storage)?;
    connection.pragma_update(None, "application_id", APPLICATION).map_err(storage)?;
    connection.pragma_update(None, "user_version", VERSION).map_err(storage)?;
    connection.execute(TABLE, []).map_err(storage)?;
    Ok(())
}

/// Writes what arrives until nobody can send any more: what is there is committed soon, so that little is on its way.
fn write_all(mut connection: Connection, receiver: &Receiver<Message>, pending: &Pending) -> Result<(), String> {
    let mut committed: Option<Instant> = None;
    while let Ok(first) = receiver.recv() {
        if let Some(wait) = committed.and_then(|committed| BETWEEN_COMMITS.checked_sub(committed.elapsed())) {
            std::thread::sleep(wait);
        }
        let (mut flushed, mut written) = (Vec::new(), Vec::new());
        let transaction = connection.transaction().map_err(|error| error.to_string())?;
        for message in std::iter::once(first).chain(receiver.try_iter().take(BATCH - 1)) {
            match message {
                Message::Write(entry) => written.push(write(&transaction, *entry)?),
                Message::Flush(done) => flushed.push(done),
            }
        }
        transaction.commit().map_err(|error| error.to_string())?;
        committed = Some(Instant::now());
        let mut pending = pending.lock();
        written.iter().for_each(|key| drop(pending.remove(key)));
        drop(pending);
        // Whoever asked may have left meanwhile.
        for done in flushed {
            let _ = done.send(());
        }
    }
    connection.close().map_err(|(_, error)| error.to_string())
}

/// Returns the digest.
fn write(transaction: &Transaction<'_>, entry: Entry) -> Result<[u8; 32], String> {
    let Entry { sha256, judge, example, repeat, reply } = entry;
    let key = digest(&sha256).ok_or("a digest is 64 hexadecimal digits")?;
    let StoredReply { status, body, latency_ms, attempts, at } = reply;
    transaction
        .prepare_cached("INSERT OR REPLACE INTO replies VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .and_then(|mut insert| {
            insert.execute(params![key, judge, example, repeat, status, body, latency_ms, attempts, at])
        })
        .map(|_| key)
        .map_err(|error| error.to_string())
}

/// Dates of one form are ordered as their texts are.
fn recent(at: &str, oldest: Option<&str>) -> bool {
    oldest.is_none_or(|oldest| at >= oldest)
}

/// The bytes of a digest.
pub(super) fn digest(sha256: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(sha256, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(index: u8, body: &str) -> Entry {
        Entry {
            sha256: hex::encode([index; 32]),
            judge: "j".to_owned(),
            example: format!("e{index}"),
            repeat: 0,
            reply: StoredReply {
                status: 200,
                body: body.to_owned(),
                latency_ms: 12.5,
                attempts: 2,
                at: "2026-01-02T03:04:05Z".to_owned(),
            },
        }
    }

    #[test]
    fn a_reply_comes_back_as_it_was_after_closing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let ledger = Ledger::open(&path).unwrap();
        for index in 0..100 {
            ledger.record(entry(index, &format!("{{\"text\": \"\u{1f9ea} {index}\"}}"))).unwrap();
        }
        ledger.flush().unwrap();
        assert!(ledger.find(&hex::encode([99; 32])).unwrap().is_some());
        ledger.close().unwrap();
        let ledger = Ledger::open(&path).unwrap();
        for index in 0..100 {
            let found = ledger.find(&hex::encode([index; 32])).unwrap().unwrap();
            assert_eq!(found, entry(index, &format!("{{\"text\": \"\u{1f9ea} {index}\"}}")).reply);
        }
        assert_eq!(ledger.find(&hex::encode([200; 32])).unwrap(), None);
        assert_eq!(ledger.when(&hex::encode([7; 32])).unwrap().as_deref(), Some("2026-01-02T03:04:05Z"));
    }

    #[test]
    fn a_reply_asked_for_again_takes_the_place_of_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("l")).unwrap();
        ledger.record(entry(1, "old")).unwrap();
        ledger.record(entry(1, "new")).unwrap();
        assert!(ledger.when(&hex::encode([1; 32])).unwrap().is_some(), "on its way or written");
        ledger.close().unwrap();
        let ledger = Ledger::open(&folder.path().join("l")).unwrap();
        assert_eq!(ledger.find(&hex::encode([1; 32])).unwrap().unwrap().body, "new");
    }

    #[test]
    fn a_second_opening_is_refused_until_the_first_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l");
        let first = Ledger::open(&path).unwrap();
        assert!(matches!(Ledger::open(&path), Err(LedgerError::InUse(_))));
        drop(first);
        assert!(Ledger::open(&path).is_ok());
    }

    /// A program that is being started holds a copy of every open file until it runs.
    #[test]
    fn a_copy_of_the_open_lock_does_not_keep_the_ledger() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("l");
        let first = Ledger::open(&path).unwrap();
        let copy = first._lock.0.try_clone().unwrap();
        drop(first);
        assert!(Ledger::open(&path).is_ok());
        drop(copy);
    }

    #[test]
    fn other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("notes.txt");
        std::fs::write(&text, "not a database, and longer than its header would be: ".repeat(10)).unwrap();
        assert!(matches!(Ledger::open(&text), Err(LedgerError::Foreign(_))));
        let other = folder.path().join("other.sqlite");
        Connection::open(&other).unwrap().execute("CREATE TABLE t (a)", []).unwrap();
        assert!(matches!(Ledger::open(&other), Err(LedgerError::Foreign(_))));
        assert_eq!(std::fs::read_to_string(&text).unwrap().len(), 530);
        assert!(!folder.path().join("notes.txt.lock").exists());
    }
}
