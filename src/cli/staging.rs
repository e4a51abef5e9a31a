//! Output folders are written beside their place and moved in whole: nothing half-written is ever left.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::error::CliError;
use crate::model::{MANIFEST_FORMAT, Problem};

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
        Existing::Report => "a new or empty folder, or one that an earlier audit wrote",
        Existing::Nothing => "a new or empty folder",
    };
    Err(Problem::file(out, format!("exists and holds other files; allowed: {allowed}")).into())
}

/// A folder with a manifest of ours.
fn is_report(folder: &Path) -> bool {
    fs::read(folder.join("manifest.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
        .is_some_and(|manifest| manifest["format"] == MANIFEST_FORMAT)
}

/// Writes all files into a temporary folder beside `out` and moves it into place.
pub(super) fn write_folder(out: &Path, files: &BTreeMap<PathBuf, Vec<u8>>, existing: Existing) -> Result<(), CliError> {
    check_target(out, existing)?;
    let fault = |path: &Path, source: std::io::Error| CliError::Write { path: path.to_owned(), source };
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(|error| fault(parent, error))?;
    let staged = temporary_folder(parent).map_err(|error| fault(parent, error))?;
    for (name, bytes) in files {
        let path = staged.path().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| fault(folder, error))?;
        }
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| fault(&path, error))?;
    }
    // What stood there is moved aside first, so that a failure leaves one of the two whole.
    let aside = temporary_folder(parent).map_err(|error| fault(parent, error))?;
    if out.exists() {
        fs::rename(out, aside.path().join("replaced")).map_err(|error| fault(out, error))?;
    }
    match fs::rename(staged.path(), out) {
        Ok(()) => {
            // The folder has moved: there is nothing to clean up under its old name.
            let _ = staged.keep();
            Ok(())
        }
        Err(error) => {
            let _ = fs::rename(aside.path().join("replaced"), out);
            Err(fault(out, error))
        }
    }
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
    fn only_a_report_is_replaced() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        write_folder(&out, &one_file("mine"), Existing::Report).unwrap();
        assert!(matches!(write_folder(&out, &one_file("2"), Existing::Report), Err(CliError::Input(_))));
        assert_eq!(fs::read_to_string(out.join("sub/a.txt")).unwrap(), "mine");
        fs::write(out.join("manifest.json"), format!("{{\"format\": \"{MANIFEST_FORMAT}\"}}")).unwrap();
        write_folder(&out, &one_file("2"), Existing::Report).unwrap();
        assert_eq!(fs::read_to_string(out.join("sub/a.txt")).unwrap(), "2");
        assert!(!out.join("manifest.json").exists());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
