//! Recorded judges split along with their set: each part gets the judge files as they are and its own verdicts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::recorded::read_recorded;
use super::spec::{JudgeKind, JudgeSpec, load_judges};
use crate::gold::{GoldSet, Part, Split, read_file, verdict_lines};
use crate::model::{Problem, Problems, Verdict};
use crate::table::{TextColumns, write_verdicts};

/// The judges of a set's own `judges/`, split.
#[derive(Debug, Clone, Default)]
pub struct SplitJudges {
    /// Files by place, relative to the folder of both parts.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Judges by name, each with its verdicts in calibration and test; none for a baseline.
    pub judges: Vec<(String, Option<[usize; 2]>)>,
    /// Verdicts for examples that the set does not have: they belong to neither part.
    pub left_out: usize,
}

/// Splits the verdicts of the judges that a set's folder holds. Verdicts are checked first, as an audit does.
pub fn split_judges(folder: &Path, gold: &GoldSet, split: &Split) -> Result<SplitJudges, Problems> {
    let own = folder.join("judges");
    let mut found = SplitJudges::default();
    if !own.is_dir() {
        return Ok(found);
    }
    let mut problems = Problems::default();
    for judge in load_judges(&[own])? {
        if let Err(faults) = split_judge(&judge, folder, gold, split, &mut found) {
            problems.append(faults);
        }
    }
    problems.or(found)
}

fn split_judge(
    judge: &JudgeSpec,
    folder: &Path,
    gold: &GoldSet,
    split: &Split,
    found: &mut SplitJudges,
) -> Result<(), Problems> {
    for input in &judge.inputs {
        let path = Path::new(&input.path);
        let (place, bytes) = (place_in(folder, path)?, read_file(path)?);
        for part in Part::ALL {
            found.files.insert(Path::new(part.name()).join(&place), bytes.clone());
        }
    }
    let JudgeKind::Recorded { verdicts: file } = &judge.kind else {
        found.judges.push((judge.name.clone(), None));
        return Ok(());
    };
    let (verdicts, _) = read_recorded(judge, file, gold)?;
    let place = place_in(folder, file)?;
    let bytes = read_file(file)?;
    let part_of = |example: &str| gold.position(example).map(|position| split.part_of[position]);
    let mut counts = [0; 2];
    for part in Part::ALL {
        let own: Vec<&Verdict> = verdicts.iter().filter(|verdict| part_of(&verdict.example) == Some(part)).collect();
        counts[part as usize] = own.len();
        let rows = if file.extension().is_some_and(|extension| extension == "parquet") {
            // A Parquet file has no lines to keep: its rows are written afresh.
            write_verdicts(&own, TextColumns::Written).map_err(|error| Problem::file(file, error.to_string()))?
        } else {
            verdict_lines(&bytes, |example| part_of(example) == Some(part))
        };
        found.files.insert(Path::new(part.name()).join(&place), rows);
    }
    found.left_out += verdicts.len() - counts.iter().sum::<usize>();
    found.judges.push((judge.name.clone(), Some(counts)));
    Ok(())
}

/// Where a judge's file lies within the set's folder.
fn place_in(folder: &Path, file: &Path) -> Result<PathBuf, Problem> {
    let place = file.strip_prefix(folder).map(Path::to_owned);
    place.map_err(|_| Problem::file(file, "lies outside the set's folder; allowed: a file inside it"))
}
