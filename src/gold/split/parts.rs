//! The files of a part: the lines of the set as they were written, and the card under a name of its own.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Part;
use crate::gold::{GoldSet, RATERS_FOLDER, SetFiles, line_of_key};
use crate::model::Problem;

/// The key by which a line of annotations or verdicts belongs to an example.
#[derive(Deserialize)]
struct OfExample {
    example: String,
}

/// The key of an example's own line.
#[derive(Deserialize)]
struct Identified {
    id: String,
}

pub(super) fn part_files(files: &SetFiles, gold: &GoldSet, part: Part, part_of: &[Part]) -> Result<SetFiles, Problem> {
    let place = |name: &str| PathBuf::from(part.name()).join(name);
    let belongs = |id: &str| gold.position(id).is_some_and(|position| part_of[position] == part);
    let examples = kept_lines(&files.examples.1, |line| {
        serde_json::from_slice::<Identified>(line).is_ok_and(|example| belongs(&example.id))
    });
    let of_part = |bytes: &[u8]| {
        kept_lines(bytes, |line| {
            serde_json::from_slice::<OfExample>(line).is_ok_and(|annotation| belongs(&annotation.example))
        })
    };
    let own = files.by_rater.iter().filter_map(|(path, bytes)| {
        let name = Path::new(RATERS_FOLDER).join(path.file_name()?);
        Some((PathBuf::from(part.name()).join(name), of_part(bytes)))
    });
    Ok(SetFiles {
        card: (place("card.toml"), renamed_card(&files.card, &gold.card.name, part)?),
        examples: (place("examples.jsonl"), examples),
        annotations: (place("annotations.jsonl"), of_part(&files.annotations.1)),
        by_rater: own.filter(|(_, bytes)| !bytes.is_empty()).collect(),
    })
}

/// Lines of verdicts that belong to a part: those of its examples, and the header line that names the format.
pub fn verdict_lines(bytes: &[u8], keep: impl Fn(&str) -> bool) -> Vec<u8> {
    kept_lines(bytes, |line| match serde_json::from_slice::<OfExample>(line) {
        Ok(verdict) => keep(&verdict.example),
        // The reader has accepted the file: a line without an example is its header, or blank.
        Err(_) => !line.trim_ascii().is_empty(),
    })
}

/// The lines for which the predicate holds, byte for byte, each with a line break at its end.
fn kept_lines(bytes: &[u8], keep: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut kept = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| keep(line)) {
        kept.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            kept.push(b'\n');
        }
    }
    kept
}

/// The card with the part's name behind its own; every other byte stays.
fn renamed_card(card: &(PathBuf, Vec<u8>), name: &str, part: Part) -> Result<Vec<u8>, Problem> {
    let (path, bytes) = card;
    let text = String::from_utf8_lossy(bytes);
    let line = line_of_key(&text, "", "name");
    let renamed: Option<String> = text
        .split_inclusive('\n')
        .enumerate()
        .map(|(index, found)| if index + 1 == line { renamed_line(found, name, part) } else { Some(found.to_owned()) })
        .collect();
    renamed.map(String::into_bytes).ok_or_else(|| unplain_name(path, line, name))
}

/// `name = "x"` becomes `name = "x-test"`, whichever quotes it has and whatever follows.
fn renamed_line(line: &str, name: &str, part: Part) -> Option<String> {
    ['"', '\''].into_iter().find_map(|quote| {
        let found = format!("{quote}{name}{quote}");
        let (before, after) = line.split_once(&found)?;
        Some(format!("{before}{quote}{name}-{}{quote}{after}", part.name()))
    })
}

fn unplain_name(path: &Path, line: usize, name: &str) -> Problem {
    Problem::key(path, line, "name", format!("is not written plainly; allowed: name = \"{name}\" on one line"))
}
