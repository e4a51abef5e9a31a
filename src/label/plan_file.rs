//! The file of the plan: read and held against what is asked for now, or made at the first call, under a lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::plan::{Plan, PlanSettings, fault_of_names};
use super::practice::{Practice, practice, same_scales};
use super::rater_file::{Opened, RaterFile, StorageError, sync_folder};
use super::request::{LabelError, LabelRequest, PracticeChoice};
use crate::gold::{GoldSet, SetFiles, bundled_set, holding, read_document, read_rater_lines, read_text};
use crate::model::{Problem, Problems, shown};

/// Name of the plan's file.
const PLAN_FILE: &str = "plan.json";
/// Held while a plan is read or made, so that two first calls make one plan.
const LOCK_FILE: &str = ".lock";
/// Seed of a plan where none is given.
const SEED: u64 = 1;

/// Waits for the lock under which plans are made.
pub(super) fn hold(folder: &Path) -> Result<File, StorageError> {
    fs::create_dir_all(folder).map_err(|source| StorageError::disk(folder, source))?;
    let path = folder.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    let held = file.and_then(|file| file.lock().map(|()| file));
    held.map_err(|source| StorageError::disk(&path, source))
}

/// The plan of the folder, or a new one; and whether it has to be written.
pub(super) fn plan(
    gold: &GoldSet,
    files: &SetFiles,
    folder: &Path,
    request: &LabelRequest<'_>,
) -> Result<(Plan, bool), LabelError> {
    let path = folder.join(PLAN_FILE);
    let digest = hex::encode(Sha256::digest(&files.examples.1));
    if fs::symlink_metadata(&path).is_err() {
        return Ok((new_plan(gold, digest, request)?, true));
    }
    let mut plan: Plan = read_document(&path, &read_text(&path)?, "the plan as `lacuna label` wrote it")?;
    plan.check(&path, gold, &digest)?;
    check_same(&plan, &path, request)?;
    let unknown: Vec<&String> = request.raters.iter().filter(|rater| plan.of(rater).is_none()).collect();
    if unknown.is_empty() {
        return Ok((plan, false));
    }
    let known = plan.raters.iter().map(|own| own.rater.as_str());
    if let Some(rater) = unknown.first().filter(|_| !request.add) {
        let known = known.collect::<Vec<_>>().join(", ");
        let message = format!(
            "has no rater {}; allowed: {known}, or `--add`, which gives a new rater a share of the work",
            shown(rater)
        );
        return Err(Problem::file(&path, message).into());
    }
    if let Some(message) = fault_of_names(known.chain(unknown.iter().map(|rater| rater.as_str()))) {
        return Err(Problem::file(Path::new("--rater"), message).into());
    }
    let finished = if plan.overlap.is_some() { finished(&plan, folder)? } else { BTreeMap::new() };
    for rater in unknown {
        plan.add(gold, rater, &finished);
    }
    Ok((plan, true))
}

fn new_plan(gold: &GoldSet, digest: String, request: &LabelRequest<'_>) -> Result<Plan, Problem> {
    if let Some(overlap) = request.overlap {
        let fault = |message: String| Err(Problem::file(Path::new("--overlap"), message));
        if !(0.0..=1.0).contains(&overlap) {
            return fault(format!("found {overlap}; allowed: a share from 0 to 1"));
        }
        if request.raters.len() < 2 {
            return fault(
                "is shared out between raters; allowed: with two `--rater` or more at the first call".to_owned(),
            );
        }
    }
    let seed = request.seed.unwrap_or(SEED);
    let settings = PlanSettings { seed, overlap: request.overlap, raters: request.raters };
    Ok(Plan::make(gold, digest, settings, practice_of(gold, &request.practice, seed)?))
}

fn practice_of(gold: &GoldSet, choice: &PracticeChoice, seed: u64) -> Result<Option<Practice>, Problem> {
    match choice {
        PracticeChoice::Without => Ok(None),
        PracticeChoice::Usual => {
            let bundled = GoldSet::from_files(&bundled_set()).ok().filter(|bundled| same_scales(bundled, gold));
            Ok(bundled.and_then(|bundled| practice(&bundled, gold, seed)))
        }
        PracticeChoice::From(set) => {
            let fault = |message: &str| Problem::file(Path::new("--practice"), message);
            if !same_scales(set, gold) {
                return Err(fault("has other scales; allowed: a set with as many levels on each axis"));
            }
            let nothing =
                "has nothing to practise on; allowed: a labelled set with responses and other prompts than this one";
            practice(set, gold, seed).map(Some).ok_or_else(|| fault(nothing))
        }
    }
}

/// What was asked for has to be what the plan has.
fn check_same(plan: &Plan, path: &Path, request: &LabelRequest<'_>) -> Result<(), LabelError> {
    let fault = |what: String| {
        Err(Problem::file(path, format!("{what}, and a plan does not change; allowed: the same or none")).into())
    };
    if request.seed.is_some_and(|seed| seed != plan.seed) {
        return fault(format!("was made with --seed {}", plan.seed));
    }
    if request.overlap.is_some() && request.overlap != plan.overlap {
        let made = plan.overlap.map_or("without --overlap".to_owned(), |overlap| format!("with --overlap {overlap}"));
        return fault(format!("was made {made}"));
    }
    let same = match &request.practice {
        PracticeChoice::Usual => true,
        PracticeChoice::Without => plan.practice.is_none(),
        PracticeChoice::From(set) => plan.practice.as_ref().is_some_and(|round| round.is_of(set)),
    };
    if same { Ok(()) } else { fault("was made with another practice round".to_owned()) }
}

/// What each rater of a plan has answered. Their files are locked while this is read, since what is unfinished may move; they stay
/// as they are.
fn finished(plan: &Plan, folder: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, LabelError> {
    let mut finished = BTreeMap::new();
    let mut held = Vec::new();
    for own in &plan.raters {
        let path = folder.join(format!("{}.jsonl", own.rater));
        let Some(Opened { file, bytes }) = RaterFile::look(&path)? else { continue };
        held.push(file);
        let mut problems = Problems::default();
        let lines = read_rater_lines(&path, &bytes, &mut problems);
        problems.or(())?;
        finished.insert(own.rater.clone(), holding(lines).into_iter().map(|line| line.value.example).collect());
    }
    Ok(finished)
}

/// Writes a plan beside its place and moves it in whole.
pub(super) fn write_plan(folder: &Path, plan: &Plan) -> Result<(), StorageError> {
    let (path, beside) = (folder.join(PLAN_FILE), folder.join(".plan.json.new"));
    let written = serde_json::to_vec_pretty(plan).map_err(io::Error::other).and_then(|mut bytes| {
        bytes.push(b'\n');
        let mut file = File::create(&beside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&beside, &path)?;
        sync_folder(folder)
    });
    written.map_err(|source| {
        // Half a plan, where the disk was full.
        let _ = fs::remove_file(&beside);
        StorageError::disk(&path, source)
    })
}
