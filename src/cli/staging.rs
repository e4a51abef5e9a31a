//! Output folders are written beside their place and moved in whole: nothing half-written is ever left.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::CliError;
use crate::model::{MANIFEST_FORMAT, Problem, Problems};

/// What may stand where a folder is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// A report of ours, which is replaced.
    Report,
    /// Nothing, or an empty folder: what people made is never replaced.
    Nothing,
}

/// Refuses early what [`write_folder`] would refuse at the end.
pub(super) fn check_target(out: &Path, existing: Existing) -> Result<(), CliError> {
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(_) if !out.exists() => return Ok(()),
        Err(error) => return Err(Problem::file(out, format!("cannot be written to: {error}")).into()),
    };
    if entries.count() == 0 || (existing == Existing::Report && is_report(out)) {
        return Ok(());
    }
    let allowed = match existing {
        Existing::Report => "a new or empty folder, or one with nothing but what an earlier audit wrote",
        Existing::Nothing => "a new or empty folder; what an earlier command wrote there has to be removed first",
    };
    Err(Problem::file(out, format!("exists and holds other files; allowed: {allowed}")).into())
}

/// What a report holds at its top, and the ending of the files in its folders.
const REPORT_FILES: [&str; 9] = [
    "audit_card.json",
    "audit_card.md",
    "evaluation.json",
    "gates.json",
    "index.html",
    "manifest.json",
    "methods.md",
    "report.md",
    "verdicts.parquet",
];
const REPORT_FOLDERS: [(&str, &[&str]); 5] = [
    ("figures", &["pdf", "png", "svg"]),
    ("replication", &["md", "toml"]),
    ("replication/judges", &["toml"]),
    ("replication/verdicts", &["parquet"]),
    ("tables", &["csv", "tex"]),
];

/// A folder with a manifest of ours and nothing that a report does not have: labels or notes that somebody keeps there
/// are never replaced.
fn is_report(folder: &Path) -> bool {
    let ours = fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .is_some_and(|manifest| manifest["format"] == MANIFEST_FORMAT);
    ours && entries(folder).is_some_and(|entries| entries.iter().all(|path| is_part_of_report(folder, path)))
}

/// Whether a report has something at this place, and for a folder whether it has all that is in it.
fn is_part_of_report(report: &Path, path: &Path) -> bool {
    let Some(place) = path.strip_prefix(report).ok().and_then(Path::to_str) else { return false };
    let Ok(found) = fs::symlink_metadata(path) else { return false };
    if found.is_dir() {
        return REPORT_FOLDERS.iter().any(|(folder, _)| *folder == place)
            && entries(path).is_some_and(|entries| entries.iter().all(|path| is_part_of_report(report, path)));
    }
    let Some((folder, name)) = place.rsplit_once('/') else { return found.is_file() && REPORT_FILES.contains(&place) };
    let endings = REPORT_FOLDERS.iter().find(|(known, _)| *known == folder).map_or(&[][..], |(_, endings)| endings);
    found.is_file() && endings.iter().any(|ending| Path::new(name).extension().is_some_and(|found| found == *ending))
}

fn entries(folder: &Path) -> Option<Vec<PathBuf>> {
    fs::read_dir(folder).ok()?.map(|entry| Some(entry.ok()?.path())).collect()
}

/// Writes all files into a temporary folder beside `out` and moves it into place.
pub(super) fn write_folder(out: &Path, files: &BTreeMap<PathBuf, Vec<u8>>, existing: Existing) -> Result<(), CliError> {
    let staged = Staged::new(out, existing)?;
    for (name, bytes) in files {
        let mut file = staged.file(name)?;
        file.write(bytes)?;
        file.finish()?;
    }
    staged.place()
}

/// A folder that is being written beside its place. Dropped before it is placed, it leaves nothing.
#[derive(Debug)]
pub(super) struct Staged {
    out: PathBuf,
    folder: TempDir,
    /// Where what stood there goes meanwhile.
    parent: PathBuf,
}

impl Staged {
    /// Refuses what must not be replaced, and begins.
    pub(super) fn new(out: &Path, existing: Existing) -> Result<Self, CliError> {
        check_target(out, existing)?;
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(|error| fault(parent, error))?;
        let folder = temporary_folder(parent).map_err(|error| fault(parent, error))?;
        Ok(Self { out: out.to_owned(), folder, parent: parent.to_owned() })
    }

    /// A new file in it.
    pub(super) fn file(&self, name: &Path) -> Result<StagedFile, CliError> {
        let path = self.folder.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
        }
        let file = fs::File::create(&path).map_err(|error| fault(&path, error))?;
        Ok(StagedFile { path, writer: BufWriter::new(file) })
    }

    /// Moves the folder into its place. What stood there is moved aside first, so that a failure leaves one of the two
    /// whole.
    pub(super) fn place(self) -> Result<(), CliError> {
        let Self { out, folder, parent } = self;
        let aside = temporary_folder(&parent).map_err(|error| fault(&parent, error))?;
        if out.exists() {
            fs::rename(&out, aside.path().join("replaced")).map_err(|error| fault(&out, error))?;
        }
        match fs::rename(folder.path(), &out) {
            Ok(()) => {
                // The folder has moved: there is nothing to clean up under its old name.
                let _ = folder.keep();
                Ok(())
            }
            Err(error) => {
                let _ = fs::rename(aside.path().join("replaced"), &out);
                Err(fault(&out, error))
            }
        }
    }
}

/// A file of a folder that is being written.
#[derive(Debug)]
pub(super) struct StagedFile {
    path: PathBuf,
    writer: BufWriter<fs::File>,
}

impl StagedFile {
    /// Writes more of it.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), CliError> {
        self.writer.write_all(bytes).map_err(|error| fault(&self.path, error))
    }

    /// Writes what is left and waits until the disk has it.
    pub(super) fn finish(mut self) -> Result<(), CliError> {
        let written = self.writer.flush().and_then(|()| self.writer.get_ref().sync_all());
        written.map_err(|error| fault(&self.path, error))
    }
}

fn fault(path: &Path, source: std::io::Error) -> CliError {
    CliError::Write { path: path.to_owned(), source }
}

/// Refuses early what [`write_new_files`] would refuse at the end.
pub(super) fn check_new(folder: &Path, names: &[&str]) -> Result<(), CliError> {
    if let Some(file) = folder.ancestors().find(|part| part.exists() && !part.is_dir()) {
        return Err(Problem::file(file, "is no folder; allowed: a folder, new or there already").into());
    }
    let mut problems = Problems::default();
    for name in names {
        let path = folder.join(name);
        // A link that leads nowhere is there as well.
        if fs::symlink_metadata(&path).is_ok() {
            problems.push(Problem::file(&path, "exists and is not written over; allowed: a folder without it"));
        }
    }
    Ok(problems.or(())?)
}

/// Writes new files into a folder that may hold others: all of them or none, and never over one that is there.
pub(super) fn write_new_files(folder: &Path, files: &BTreeMap<&str, Vec<u8>>) -> Result<(), CliError> {
    check_new(folder, &files.keys().copied().collect::<Vec<_>>())?;
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
    let mut placed: Vec<PathBuf> = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        // Refuses what somebody wrote in the meantime.
        let created = fs::File::create_new(&path).and_then(|mut file| {
            placed.push(path.clone());
            file.write_all(bytes)?;
            file.sync_all()
        });
        if let Err(error) = created {
            placed.iter().for_each(|path| drop(fs::remove_file(path)));
            return Err(fault(&path, error));
        }
    }
    Ok(())
}

/// Writes a file beside its place and moves it in whole: one that is there is replaced at once or not at all.
pub(super) fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let written = tempfile::Builder::new().prefix(".lacuna-").tempfile_in(folder).and_then(|mut file| {
        file.write_all(bytes)?;
        // A temporary file is its owner's alone; the file it replaces may be anybody's.
        if let Ok(found) = fs::metadata(path) {
            fs::set_permissions(file.path(), found.permissions())?;
        }
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    });
    written.map_err(|error| fault(path, error))
}

/// A hidden folder with ordinary permissions, removed when dropped.
fn temporary_folder(parent: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lacuna-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_file(text: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        BTreeMap::from([(PathBuf::from("sub/a.txt"), text.as_bytes().to_vec())])
    }

    #[test]
    fn a_folder_is_moved_into_place_and_leaves_nothing_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("deep/out");
        write_folder(&out, &one_file("1"), Existing::Nothing).unwrap();
        assert_eq!(fs::read_to_string(out.join("sub/a.txt")).unwrap(), "1");
        assert_eq!(fs::read_dir(root.path().join("deep")).unwrap().count(), 1);
    }

    #[test]
    fn only_a_report_that_holds_nothing_else_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let manifest = format!("{{\"format\": \"{MANIFEST_FORMAT}\"}}");
        let report = |text: &str| {
            BTreeMap::from([
                (PathBuf::from("manifest.json"), manifest.clone().into_bytes()),
                (PathBuf::from("tables/a.csv"), text.as_bytes().to_vec()),
            ])
        };
        write_folder(&out, &report("1"), Existing::Report).unwrap();
        write_folder(&out, &report("2"), Existing::Report).unwrap();
        assert_eq!(fs::read_to_string(out.join("tables/a.csv")).unwrap(), "2");
        for name in ["annotations.jsonl", "tables/notes.txt", "gold/card.toml"] {
            let mine = out.join(name);
            fs::create_dir_all(mine.parent().unwrap()).unwrap();
            fs::write(&mine, "mine").unwrap();
            assert!(matches!(write_folder(&out, &report("3"), Existing::Report), Err(CliError::Input(_))), "{name}");
            assert_eq!(fs::read_to_string(&mine).unwrap(), "mine");
            fs::remove_file(&mine).unwrap();
            let _ = fs::remove_dir(out.join("gold"));
        }
        fs::remove_file(out.join("manifest.json")).unwrap();
        assert!(matches!(write_folder(&out, &report("4"), Existing::Report), Err(CliError::Input(_))));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
