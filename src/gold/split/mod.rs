//! A set in two parts: one to calibrate on, one to test on. Clusters stay whole, and lines stay as they were written.

mod assign;
mod parts;
mod units;

use serde::Serialize;

use super::files::SetFiles;
use super::set::GoldSet;
use crate::model::{Axis, PerAxis, Problem, Problems};
use assign::assign;
use parts::part_files;
use units::units;

pub use parts::verdict_lines;

/// One of the two parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// For cuts, prompts and every other choice.
    Calibration,
    /// For the numbers that are reported.
    Test,
}

impl Part {
    /// Both parts, in order.
    pub const ALL: [Self; 2] = [Self::Calibration, Self::Test];

    /// Name of its folder, and the ending of its card's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calibration => "calibration",
            Self::Test => "test",
        }
    }
}

/// What a user may choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SplitOptions {
    /// Share of the examples for calibration, in (0, 1).
    pub calibration: f64,
    /// Seed of the order in which clusters are dealt.
    pub seed: u64,
}

/// A part, read back from its own files.
#[derive(Debug, Clone)]
pub struct PartSet {
    /// Which part.
    pub part: Part,
    /// Its files; paths are relative to the folder of both parts.
    pub files: SetFiles,
    /// The set.
    pub gold: GoldSet,
}

/// A set in two parts.
#[derive(Debug, Clone)]
pub struct Split {
    /// Part of each example, in the order of the set.
    pub part_of: Vec<Part>,
    /// Calibration, then test.
    pub parts: Vec<PartSet>,
    /// Clusters that a pair or a twin ties together, and that therefore went to one part; each group sorted.
    pub joined: Vec<Vec<String>>,
    /// Axes on which a part has no positive, because one cluster holds them all.
    pub without_positives: Vec<(Part, Axis)>,
}

/// Splits a set by cluster.
///
/// Clusters that share a pair or a twin are joined first, so that neither is torn apart. Each axis that has positives in two
/// clusters or more has some in both parts.
pub fn split_set(files: &SetFiles, gold: &GoldSet, options: SplitOptions) -> Result<Split, Problems> {
    let (units, joined) = units(gold);
    if units.len() < 2 {
        let found =
            if joined.is_empty() { "holds one cluster" } else { "holds clusters that pairs or twins tie into one" };
        return Err(Problem::file(&files.examples.0, format!("{found}; allowed: two or more to split")).into());
    }
    let part_of_unit = assign(&units, options);
    let mut part_of = vec![Part::Test; gold.examples.len()];
    for (unit, part) in units.iter().zip(&part_of_unit) {
        for position in &unit.examples {
            part_of[*position] = *part;
        }
    }
    let mut parts = Vec::new();
    for part in Part::ALL {
        let files = part_files(files, gold, part, &part_of)?;
        let gold = GoldSet::from_files(&files)?;
        parts.push(PartSet { part, files, gold });
    }
    let without_positives = parts
        .iter()
        .flat_map(|part| Axis::ALL.map(|axis| (part, axis)))
        .filter(|(part, axis)| positives(gold, *axis) > 0 && positives(&part.gold, *axis) == 0)
        .map(|(part, axis)| (part.part, axis))
        .collect();
    Ok(Split { part_of, parts, joined, without_positives })
}

/// Positions of the examples in groups that are independent of each other: a cluster, or clusters that a pair or a twin ties
/// together.
pub fn tied_examples(gold: &GoldSet) -> Vec<Vec<usize>> {
    units(gold).0.into_iter().map(|unit| unit.examples).collect()
}

/// Examples at or above the card's threshold.
fn positives(gold: &GoldSet, axis: Axis) -> usize {
    let threshold = gold.card.axis(axis).threshold;
    let positive = |label: &&super::Label| label.severity.is_some_and(|severity| severity >= threshold);
    gold.labels.get(axis).iter().filter(positive).count()
}

impl PartSet {
    /// Positives per axis.
    pub fn positives(&self) -> PerAxis<usize> {
        PerAxis::from_fn(|axis| positives(&self.gold, axis))
    }
}

#[cfg(test)]
mod tests;
