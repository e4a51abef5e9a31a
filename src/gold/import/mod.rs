//! Published sets, read in their publishers' own layouts, and any table by a mapping file.
//!
//! An importer returns the files of one folder; it writes nothing. Published values are taken as they are: a reply
//! that the publisher could not read stays without a verdict.

mod iatrobench;
mod mapping;
mod xstest;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use iatrobench::import_iatrobench;
pub use mapping::{JudgePlace, Layout, MappingFile, Preview, TableFormat, import_mapping};
pub use xstest::import_xstest;

use super::files::SetFiles;
use super::jsonl::json_lines;
use super::set::GoldSet;
use crate::model::{Annotation, Card, Example, JUDGE_FORMAT, Problems, VERDICT_FORMAT, Verdict};

/// A folder ready to be audited: a gold set, judge files and recorded verdicts.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Contents by path within the folder.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// What the reader of the data should know: rows left out, values cut.
    pub notes: Vec<String>,
    /// The set, as it will be read back.
    pub gold: GoldSet,
    /// Judges and how many verdicts each has.
    pub judges: Vec<(String, usize)>,
    /// Where a mapping says what the files of judges hold.
    pub places: BTreeMap<String, JudgePlace>,
}

/// A recorded judge: what its file says and its verdicts.
struct RecordedJudge {
    name: String,
    title: String,
    model: Option<&'static str>,
    verdicts: Vec<Verdict>,
    /// More keys of its file.
    more: toml::Table,
}

/// The judge file of a recorded judge.
#[derive(Serialize)]
struct RecordedJudgeFile<'a> {
    format: &'a str,
    name: &'a str,
    title: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    verdicts: String,
    #[serde(flatten)]
    more: toml::Table,
}

/// First line of a verdict file that we write.
#[derive(Serialize)]
struct VerdictHeader {
    format: &'static str,
}

/// Puts the folder together and reads the set back, so that an importer can only produce what the reader accepts.
fn assemble(
    card: &Card,
    examples: &[Example],
    annotations: &[Annotation],
    judges: Vec<RecordedJudge>,
    notes: Vec<String>,
) -> Result<Imported, Problems> {
    let card_text = toml::to_string(card).expect("a card is a plain table of text and numbers");
    let set = SetFiles::made(card_text, json_lines(examples), json_lines(annotations));
    let gold = GoldSet::from_files(&set)?;
    let mut files = set.into_folder();
    let mut counts = Vec::new();
    for judge in judges {
        let verdicts = format!("verdicts/{}.jsonl", judge.name);
        let file = RecordedJudgeFile {
            format: JUDGE_FORMAT,
            name: &judge.name,
            title: &judge.title,
            kind: "recorded",
            model: judge.model,
            verdicts: verdicts.clone(),
            more: judge.more,
        };
        let text = toml::to_string(&file).expect("a judge file is a plain table of text");
        files.insert(Path::new("judges").join(format!("{}.toml", judge.name)), text.into_bytes());
        let mut lines = json_lines(&[VerdictHeader { format: VERDICT_FORMAT }]);
        lines.extend(json_lines(&judge.verdicts));
        files.insert(PathBuf::from(verdicts), lines);
        counts.push((judge.name, judge.verdicts.len()));
    }
    Ok(Imported { files, notes, gold, judges: counts, places: BTreeMap::new() })
}
