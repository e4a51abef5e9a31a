//! `lacuna lock`: the analysis written down before the verdicts are there, and what deviates from it later.

mod record;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;
pub(super) use record::Lock;
use sha2::{Digest, Sha256};

use super::args::AuditArgs;
use super::chosen::{check_thresholds, gold_sets, judges};
use super::config::AuditSettings;
use super::error::CliError;
use super::made::{day, made_unix_s};
use super::output;
use crate::gold::{GoldSet, read_text, read_toml};
use crate::judge::JudgeSpec;
use crate::model::{LOCK_FORMAT, LockRecord, Problem, Problems, shown};

/// The lock lies beside the audit file.
const LOCK_FILE: &str = "lacuna.lock";

/// Arguments of `lacuna lock`.
#[derive(Debug, Args)]
#[command(after_help = "\
Writes lacuna.lock beside the audit file: settings, gates, and the digest of every file of the sets
and the judges. From then on `lacuna audit` refuses to audit anything else, unless --deviate is
given, and the report says what deviates. A lock is never written over. docs/lock.md has the rules.

Examples:
  lacuna lock
  lacuna lock --config study/lacuna.toml")]
pub(super) struct LockArgs {
    /// Audit file to lock instead of lacuna.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: &LockArgs) -> Result<(), CliError> {
    let settings = AuditSettings::resolve(&AuditArgs { config: args.config.clone(), ..AuditArgs::default() })?;
    let Some(file) = &settings.file else {
        let message =
            "there is none in this folder; allowed: an audit file, which says what to lock (`lacuna init` writes one)";
        return Err(Problem::file(Path::new("lacuna.toml"), message).into());
    };
    let place = place_of(file);
    let mut sets = Vec::new();
    for (gold, folder) in gold_sets(&settings)? {
        check_thresholds(&settings, &gold)?;
        let judges = judges(&settings, &gold, folder.as_deref())?;
        sets.push((gold, judges));
    }
    let locked: Vec<(&GoldSet, &[JudgeSpec])> = sets.iter().map(|(gold, judges)| (gold, judges.as_slice())).collect();
    let today = day(made_unix_s()?).ok_or_else(|| CliError::unexpected("the clock is beyond the calendar"))?;
    let lock = Lock::of(&settings, &locked, &place, today)?;
    let text = toml::to_string(&lock).map_err(CliError::unexpected)?;
    write_new(&place, &text)?;
    output::data(&format!("{}  {}\n", digest(text.as_bytes()), output::path(&place)))?;
    output::say(&lock.in_words());
    Ok(())
}

fn place_of(audit_file: &Path) -> PathBuf {
    audit_file.with_file_name(LOCK_FILE)
}

/// Writes a file that is not there yet: nothing is ever written over a lock.
fn write_new(place: &Path, text: &str) -> Result<(), CliError> {
    let fault = |source| CliError::Write { path: place.to_owned(), source };
    match fs::File::create_new(place) {
        Ok(mut file) => file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let message = "is there already; allowed: no lock. One that no longer holds has to be moved away by hand";
            Err(Problem::file(place, message).into())
        }
        Err(error) => Err(fault(error)),
    }
}

/// SHA-256, hexadecimal.
fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// What the lock beside the audit file says of this audit; none where there is no lock.
pub(super) fn held(
    settings: &AuditSettings,
    sets: &[(&GoldSet, &[JudgeSpec])],
) -> Result<Option<LockRecord>, CliError> {
    let Some(place) = settings.file.as_deref().map(place_of).filter(|place| place.exists()) else { return Ok(None) };
    let text = read_text(&place)?;
    let lock: Lock = read_toml(&place, &text)?;
    if lock.format != LOCK_FORMAT {
        let message = format!("found {}; allowed: \"{LOCK_FORMAT}\"", shown(&lock.format));
        return Err(Problem::key(&place, 1, "format", message).into());
    }
    let now = Lock::of(settings, sets, &place, lock.locked.clone())?;
    Ok(Some(LockRecord {
        sha256: digest(text.as_bytes()),
        locked: lock.locked.clone(),
        recorded_before: lock.recorded(),
        deviations: lock.deviations(&now),
    }))
}

/// Refuses what deviates, unless the user said that it may.
pub(super) fn allow(record: Option<&LockRecord>, settings: &AuditSettings, deviate: bool) -> Result<(), CliError> {
    let Some((record, file)) = record.zip(settings.file.as_deref()) else { return Ok(()) };
    if record.deviations.is_empty() {
        return Ok(());
    }
    let place = place_of(file);
    if deviate {
        output::say(&format!(
            "{}: this audit deviates, and its report says so: {}",
            output::path(&place),
            record.deviations.join("; ")
        ));
        return Ok(());
    }
    let mut problems = Problems::default();
    for deviation in &record.deviations {
        let message =
            format!("{deviation}; allowed: what was locked, or --deviate, with which the report says what deviates");
        problems.push(Problem::file(&place, message));
    }
    Err(problems.into())
}
