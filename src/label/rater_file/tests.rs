use serde_json::json;

use super::*;

/// Opens a file and makes it ready, as a desk does; where a cut-off line went.
fn opened(path: &Path) -> (RaterFile, Vec<u8>, Option<PathBuf>) {
    let Opened { mut file, bytes } = RaterFile::open(path).unwrap();
    let set_aside = file.settle().unwrap();
    (file, bytes, set_aside)
}

#[test]
fn lines_are_added_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annotations/ann.jsonl");
    let (mut file, bytes, set_aside) = opened(&path);
    assert_eq!((bytes.len(), set_aside), (0, None));
    file.append(&json!({"a": 1})).unwrap();
    file.append(&json!({"a": "two\nlines"})).unwrap();
    assert!(matches!(RaterFile::open(&path), Err(StorageError::InUse(_))));
    assert!(matches!(RaterFile::look(&path), Err(StorageError::InUse(_))));
    drop(file);
    assert_eq!(opened(&path).1, b"{\"a\":1}\n{\"a\":\"two\\nlines\"}\n");
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
        let Opened { mut file, bytes: whole } = RaterFile::open(&path).unwrap();
        assert_eq!(whole, b"{\"a\":1}\n");
        assert_eq!(fs::read(&path).unwrap(), bytes, "opening changes nothing");
        if index == 0 {
            assert_eq!(file.settle().unwrap(), Some(folder.path().join("ann.jsonl.cut")));
            assert_eq!(file.settle().unwrap(), None, "once");
        }
        // A line that was not set aside before is when the next one comes.
        file.append(&json!({"a": 3})).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":3}\n");
    }
    let kept = fs::read(folder.path().join("ann.jsonl.cut")).unwrap();
    assert_eq!(kept, b"{\"a\":2\n{\"a\":\"\xc3\n");
}

#[test]
fn a_whole_last_line_without_a_line_break_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ann.jsonl");
    for start in ["", "\u{feff}"] {
        fs::write(&path, format!("{start}{{\"a\":1}}")).unwrap();
        let (mut file, bytes, set_aside) = opened(&path);
        assert_eq!((String::from_utf8(bytes).unwrap(), set_aside), (format!("{start}{{\"a\":1}}"), None));
        file.append(&json!({"a": 2})).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{start}{{\"a\":1}}\n{{\"a\":2}}\n"));
    }
}

#[test]
fn a_look_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ann.jsonl");
    assert!(RaterFile::look(&path).unwrap().is_none() && !path.exists());
    fs::write(&path, "{\"a\":1}\n{\"a\":").unwrap();
    let looked = RaterFile::look(&path).unwrap().unwrap();
    assert_eq!(looked.bytes, b"{\"a\":1}\n");
    assert!(matches!(RaterFile::open(&path), Err(StorageError::InUse(_))), "nobody labels meanwhile");
    drop(looked);
    assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":");
    assert!(!folder.path().join("ann.jsonl.cut").exists());
}

#[test]
fn what_a_full_disk_left_of_a_line_does_not_spoil_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ann.jsonl");
    let (mut file, ..) = opened(&path);
    file.append(&json!({"a": 1})).unwrap();
    // As if half a line had been written and could not be taken away.
    File::options().append(true).open(&path).unwrap().write_all(b"{\"a\":").unwrap();
    file.torn = true;
    file.append(&json!({"a": 2})).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"{\"a\":1}\n{\"a\":2}\n");
}

/// Lines that somebody adds, a file that an editor puts in the place of this one, and one that is gone: nothing is overwritten, and
/// no answer goes where nobody will find it.
#[test]
fn a_file_that_others_changed_meanwhile_takes_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ann.jsonl");
    let refused = |file: &mut RaterFile, text: Option<&str>| {
        assert!(matches!(file.append(&json!({"a": 2})), Err(StorageError::Changed(_))), "{text:?}");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), text);
    };
    let (mut file, ..) = opened(&path);
    file.append(&json!({"a": 1})).unwrap();
    File::options().append(true).open(&path).unwrap().write_all(b"{\"a\":9}\n").unwrap();
    refused(&mut file, Some("{\"a\":1}\n{\"a\":9}\n"));
    drop(file);
    let (mut file, ..) = opened(&path);
    file.append(&json!({"a": 3})).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(folder.path().join("new"), &text).unwrap();
    fs::rename(folder.path().join("new"), &path).unwrap();
    refused(&mut file, Some(&text));
    fs::remove_file(&path).unwrap();
    refused(&mut file, None);
}
