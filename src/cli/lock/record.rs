//! `lacuna.lock`: what it holds, and every difference of what is found later.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::digest;
use crate::cli::config::AuditSettings;
use crate::cli::error::CliError;
use crate::gate::Gate;
use crate::gold::{GoldSet, read_file};
use crate::judge::{JudgeKind, JudgeSpec};
use crate::measure::PrimaryMetric;
use crate::model::{Axis, InputFile, LOCK_FORMAT, PerAxis, Severity, shown};
use crate::report::counted;

/// `lacuna.lock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Lock {
    /// `lacuna-lock/1`.
    pub(super) format: String,
    /// Version of the program that wrote it.
    lacuna: String,
    /// The day on which it was written, in UTC.
    pub(super) locked: String,
    /// Every setting that a number depends on.
    settings: LockedSettings,
    /// The sets.
    gold: Vec<LockedSet>,
    /// The gates, in order.
    #[serde(default)]
    gates: Vec<Gate>,
}

/// Settings as they were resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LockedSettings {
    /// Seed of every random stream.
    seed: u64,
    /// Confidence level of every interval.
    level: f64,
    /// Margin of equivalence.
    margin: f64,
    /// Resamples of clusters.
    resamples: usize,
    /// What judges are compared on first.
    metric: PrimaryMetric,
    /// And on which axis.
    axis: Axis,
}

/// A gold set with its judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LockedSet {
    /// Short name.
    name: String,
    /// Version.
    version: String,
    /// Severity from which an example is a positive.
    thresholds: PerAxis<Severity>,
    /// Digest of each of its files, labels included, by name.
    files: BTreeMap<String, String>,
    /// Its judges.
    judges: Vec<LockedJudge>,
}

/// A judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LockedJudge {
    /// Short name.
    name: String,
    /// What its file says it is.
    kind: String,
    /// Digest of each file that makes it what it is: its own, its prompt, its phrases.
    files: BTreeMap<String, String>,
    /// Digest of its verdicts, where they were recorded already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdicts: Option<String>,
}

impl Lock {
    /// The lock of these settings, sets and judges.
    ///
    /// # Errors
    /// Recorded verdicts that cannot be read.
    pub(super) fn of(
        settings: &AuditSettings,
        sets: &[(&GoldSet, &[JudgeSpec])],
        place: &Path,
        locked: String,
    ) -> Result<Self, CliError> {
        Ok(Self {
            format: LOCK_FORMAT.to_owned(),
            lacuna: env!("CARGO_PKG_VERSION").to_owned(),
            locked,
            settings: LockedSettings {
                seed: settings.seed.value,
                level: settings.level.value,
                margin: settings.margin.value,
                resamples: settings.resamples.value,
                metric: settings.primary_metric.value,
                axis: settings.primary_axis.value,
            },
            gold: sets
                .iter()
                .map(|(gold, judges)| LockedSet::of(settings, gold, judges, place))
                .collect::<Result<_, _>>()?,
            gates: settings.gates.iter().map(|gate| gate.value.clone()).collect(),
        })
    }

    /// Judges whose verdicts were recorded when it was written.
    pub(super) fn recorded(&self) -> Vec<String> {
        let judges = self.gold.iter().flat_map(|set| &set.judges);
        let recorded: BTreeSet<&str> =
            judges.filter(|judge| judge.verdicts.is_some()).map(|judge| judge.name.as_str()).collect();
        recorded.into_iter().map(ToOwned::to_owned).collect()
    }

    /// What was locked, for the terminal.
    pub(super) fn in_words(&self) -> String {
        let judges: usize = self.gold.iter().map(|set| set.judges.len()).sum();
        let before = match self.recorded().as_slice() {
            [] => "no verdicts were recorded yet".to_owned(),
            names => format!("verdicts were recorded already of {}", names.join(", ")),
        };
        format!(
            "locked: {} with {}, {}; {before}. Publish the digest where it gets a date: the program cannot tell when a \
             lock was written.",
            counted(self.gold.len(), "set", "sets"),
            counted(judges, "judge", "judges"),
            counted(self.gates.len(), "gate", "gates"),
        )
    }

    /// Every difference of what is found now, in words.
    pub(super) fn deviations(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        let mut differ = |what: String, locked: String, now: String| {
            if locked != now {
                found.push(format!("{what}: locked {locked}, found {now}"));
            }
        };
        let (old, new) = (&self.settings, &now.settings);
        differ("seed".to_owned(), old.seed.to_string(), new.seed.to_string());
        differ("level".to_owned(), old.level.to_string(), new.level.to_string());
        differ("margin".to_owned(), old.margin.to_string(), new.margin.to_string());
        differ("resamples".to_owned(), old.resamples.to_string(), new.resamples.to_string());
        differ("comparison.metric".to_owned(), old.metric.name().to_owned(), new.metric.name().to_owned());
        differ("comparison.axis".to_owned(), old.axis.to_string(), new.axis.to_string());
        differ("gates".to_owned(), gates(&self.gates), gates(&now.gates));
        for (name, pair) in paired(&self.gold, &now.gold, |set| &set.name) {
            match pair {
                [Some(old), Some(new)] => found.extend(old.deviations(new)),
                pair => found.push(one_sided("the set", name, pair[0].is_some())),
            }
        }
        found
    }
}

impl LockedSet {
    fn of(settings: &AuditSettings, gold: &GoldSet, judges: &[JudgeSpec], place: &Path) -> Result<Self, CliError> {
        Ok(Self {
            name: gold.card.name.clone(),
            version: gold.card.version.clone(),
            thresholds: PerAxis::from_fn(|axis| {
                settings.thresholds.get(axis).value.unwrap_or(gold.card.axis(axis).threshold)
            }),
            files: by_name(&gold.inputs, place),
            judges: judges.iter().map(|judge| LockedJudge::of(judge, place)).collect::<Result<_, _>>()?,
        })
    }

    fn deviations(&self, now: &Self) -> Vec<String> {
        let set = &self.name;
        let mut found = Vec::new();
        if self.version != now.version {
            found.push(format!("{set}: version: locked {}, found {}", shown(&self.version), shown(&now.version)));
        }
        for axis in Axis::ALL {
            let (old, new) = (self.thresholds.get(axis), now.thresholds.get(axis));
            if old != new {
                found.push(format!("{set}: threshold of {axis}: locked {old}, found {new}"));
            }
        }
        found.extend(changed(set, &self.files, &now.files));
        for (name, pair) in paired(&self.judges, &now.judges, |judge| &judge.name) {
            match pair {
                [Some(old), Some(new)] => found.extend(old.deviations(new)),
                pair => found.push(one_sided("the judge", name, pair[0].is_some())),
            }
        }
        found
    }
}

impl LockedJudge {
    fn of(judge: &JudgeSpec, place: &Path) -> Result<Self, CliError> {
        let verdicts = match &judge.kind {
            JudgeKind::Recorded { verdicts } if verdicts.exists() => Some(digest(&read_file(verdicts)?)),
            _ => None,
        };
        let name = judge.name.clone();
        Ok(Self { name, kind: judge.kind.name().to_owned(), files: by_name(&judge.inputs, place), verdicts })
    }

    /// Verdicts that came after the lock are what it was written for; those that were there have to stay as they were.
    fn deviations(&self, now: &Self) -> Vec<String> {
        let mut found = Vec::new();
        if self.kind != now.kind {
            found.push(format!("{}: kind: locked {}, found {}", self.name, self.kind, now.kind));
        }
        found.extend(changed(&self.name, &self.files, &now.files));
        if self.verdicts.is_some() && self.verdicts != now.verdicts {
            found.push(format!("{}: its recorded verdicts are others", self.name));
        }
        found
    }
}

/// Digests by path, from the folder of the lock where the file lies below it.
fn by_name(inputs: &[InputFile], place: &Path) -> BTreeMap<String, String> {
    let folder = place.parent().unwrap_or_else(|| Path::new(""));
    let name = |path: &str| {
        Path::new(path).strip_prefix(folder).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
    };
    inputs.iter().map(|input| (name(&input.path), input.sha256.clone())).collect()
}

/// Files that are others, came, or went.
fn changed(of: &str, locked: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = locked.keys().chain(now.keys()).collect();
    let change = |name: &String| match (locked.get(name), now.get(name)) {
        (Some(old), Some(new)) if old == new => None,
        (Some(_), Some(_)) => Some(format!("{of}: {} is another", shown(name))),
        (Some(_), None) => Some(format!("{of}: {} was locked and is not there", shown(name))),
        (None, _) => Some(format!("{of}: {} was not locked", shown(name))),
    };
    names.into_iter().filter_map(change).collect()
}

/// Both sides by name, in the order of the names.
fn paired<'a, T>(
    locked: &'a [T],
    now: &'a [T],
    name: impl Fn(&'a T) -> &'a String,
) -> BTreeMap<&'a str, [Option<&'a T>; 2]> {
    let mut pairs: BTreeMap<&str, [Option<&T>; 2]> = BTreeMap::new();
    for (side, list) in [locked, now].into_iter().enumerate() {
        list.iter().for_each(|one| pairs.entry(name(one)).or_default()[side] = Some(one));
    }
    pairs
}

fn one_sided(what: &str, name: &str, locked: bool) -> String {
    let how = if locked { "was locked and is not there" } else { "was not locked" };
    format!("{what} {} {how}", shown(name))
}

fn gates(gates: &[Gate]) -> String {
    let texts: Vec<String> = gates.iter().map(ToString::to_string).collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}
