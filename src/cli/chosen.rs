//! The sets and the judges that an audit is about, as its settings name them.

use std::path::{Path, PathBuf};

use super::config::{AuditSettings, Origin};
use super::error::CliError;
use super::output;
use crate::gold::{GoldSet, bundled_set};
use crate::judge::{JudgeKind, JudgeSpec, bundled_judges, can_be_asked, load_judges};
use crate::model::{Axis, Problem, Problems};

/// The sets asked for with their folders, or the bundled one; problems of all of them together.
pub(super) fn gold_sets(settings: &AuditSettings) -> Result<Vec<(GoldSet, Option<PathBuf>)>, Problems> {
    if settings.gold.value.is_empty() {
        output::say("no --gold and no lacuna.toml that names one: auditing the bundled core set");
        return Ok(vec![(GoldSet::from_files(&bundled_set())?, None)]);
    }
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    for folder in &settings.gold.value {
        match GoldSet::load(folder) {
            Ok(set) => sets.push((set, Some(folder.clone()))),
            Err(_) if !folder.is_dir() => problems.push(no_set(settings, folder)),
            Err(found) => problems.append(found),
        }
    }
    problems.or(sets)
}

/// A gold set that is not there, named where the user wrote it down.
fn no_set(settings: &AuditSettings, folder: &Path) -> Problem {
    let allowed =
        "allowed: a folder with card.toml, examples.jsonl and annotations.jsonl, as `lacuna gold import` writes one";
    match &settings.gold.origin {
        Origin::File { file, line } => {
            Problem::key(file, *line, "gold", format!("found {}: no such folder; {allowed}", output::path(folder)))
        }
        Origin::Flag | Origin::Default => Problem::file(folder, format!("no such folder; {allowed}")),
    }
}

/// Refuses a threshold that the scale of the set does not reach.
pub(super) fn check_thresholds(settings: &AuditSettings, gold: &GoldSet) -> Result<(), CliError> {
    for axis in Axis::ALL {
        let setting = settings.thresholds.get(axis);
        let top = gold.card.axis(axis).top();
        let Some(threshold) = setting.value.filter(|threshold| !(1..=top).contains(threshold)) else { continue };
        let message = format!("found {threshold}; allowed: 1 to {top} on the scale of {}", gold.card.name);
        return Err(match &setting.origin {
            Origin::File { file, line } => Problem::key(file, *line, axis.name(), message),
            Origin::Flag | Origin::Default => Problem::file(Path::new(&format!("--{axis}-threshold")), message),
        }
        .into());
    }
    Ok(())
}

/// The judges asked for; without any, the baselines that the set gives something to judge, and those of its `judges/`.
pub(super) fn judges(
    settings: &AuditSettings,
    gold: &GoldSet,
    folder: Option<&Path>,
) -> Result<Vec<JudgeSpec>, Problems> {
    if !settings.judges.value.is_empty() {
        return load_judges(&settings.judges.value);
    }
    let (mut judges, left_out): (Vec<_>, Vec<_>) =
        bundled_judges().into_iter().partition(|judge| can_be_asked(judge, gold));
    for judge in left_out {
        output::say(&format!("{}: left out, since {} gives it nothing to judge", judge.name, gold.card.name));
    }
    if let Some(own) = folder.map(|folder| folder.join("judges")).filter(|own| own.is_dir()) {
        let declared = load_judges(&[own])?;
        refuse_live(&declared)?;
        judges.retain(|judge| {
            let replaced = declared.iter().any(|other| other.name == judge.name);
            if replaced {
                output::say(&format!(
                    "{}: the set's own judge of this name takes the place of the bundled one",
                    judge.name
                ));
            }
            !replaced
        });
        judges.extend(declared);
    }
    Ok(judges)
}

/// What comes with a set is recorded: nothing that a set brings along is asked, and no program of its is started.
fn refuse_live(judges: &[JudgeSpec]) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for judge in judges.iter().filter(|judge| is_asked(judge)) {
        let message = "is a judge that has to be asked; allowed in a set: recorded judges. Name the file with --judge \
                       to ask it all the same";
        problems.push(judge.fault("kind", message));
    }
    problems.or(())
}

pub(super) const fn is_asked(spec: &JudgeSpec) -> bool {
    matches!(spec.kind, JudgeKind::Live(_) | JudgeKind::Panel(_))
}
