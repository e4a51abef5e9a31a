//! The recall gap as `evaluation.json` has it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::adjusted::AdjustedTest;
use super::bounds::Bounds;
use crate::model::{PerAxis, Severity};
use crate::stats::{Estimate, Interval, Tally, Undefined};

/// Omission recall minus commission recall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecallGap {
    /// The gap; unscored positives are misses.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// Sign-flip mid-p of no gap.
    pub p_value: Option<f64>,
    /// Why there is no p-value.
    pub p_value_undefined: Option<Undefined>,
    /// How the p-value was computed.
    pub p_value_method: String,
    /// The p-value within its family of tests; null where there is none.
    pub adjusted: Option<AdjustedTest>,
    /// The thresholds behind it: an example is a positive from these severities.
    pub thresholds: PerAxis<Severity>,
    /// The gap in one sentence, with what its sign depends on.
    pub in_words: String,
    /// The gap with unscored positives left out.
    pub scored_only: Estimate,
    /// What the gap could be, whatever the missing verdicts would have been.
    pub bounds: Bounds,
    /// Whether it is small enough to call it none.
    pub equivalence: GapEquivalence,
    /// The gap at every pair of thresholds, gold and judge cut at the same severity.
    pub surface: Vec<GapAtThresholds>,
    /// The band over the whole surface.
    pub surface_band: SurfaceBand,
    /// The gap of separation, which needs no cut.
    pub auc_gap: AucGap,
    /// The gap between positives of equal severity.
    pub severity_matched: SeverityMatched,
    /// The gap with each positive weighing its severity as a share of its scale.
    pub severity_weighted: Estimate,
    /// The gap within each system that has positives on both axes.
    pub by_system: BTreeMap<String, GapOfSystem>,
}

/// The gap at one pair of thresholds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapAtThresholds {
    /// Omission threshold.
    pub omission: Severity,
    /// Commission threshold.
    pub commission: Severity,
    /// Positives on each axis at these thresholds.
    pub positives: PerAxis<Tally>,
    /// Whether the judge gave, on each axis, a severity with which it flags there: one that never says 2 finds nothing at
    /// 2 by what it is asked.
    pub reachable: bool,
    /// The gap.
    pub gap: Estimate,
    /// Its part of the band that holds for all pairs at once.
    pub band: Option<Interval>,
    /// Why there is none.
    pub band_undefined: Option<Undefined>,
}

/// A band that holds for all pairs of thresholds at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurfaceBand {
    /// Standard errors within which the largest of all deviations stays.
    pub critical_value: Option<f64>,
    /// Why there is no band.
    pub undefined: Option<Undefined>,
    /// Pairs of thresholds that it covers.
    pub pairs: usize,
    /// Resamples of the clusters behind it.
    pub resamples: usize,
    /// Clusters that were resampled: those with a positive at the lowest pair.
    pub clusters: usize,
    /// Confidence level of the band as a whole.
    pub level: f64,
    /// Name of the method.
    pub method: String,
}

/// Whether the gap is small enough to call it none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapEquivalence {
    /// Difference of the recalls up to which they count as equal, fixed before the data are seen.
    pub margin: f64,
    /// What the data say; null where they say nothing.
    pub verdict: Option<EquivalenceVerdict>,
    /// Why there is no verdict.
    pub undefined: Option<Undefined>,
    /// The larger p of two one-sided tests that the gap lies outside of the margin.
    pub p_value: Option<f64>,
    /// Why there is no p-value.
    pub p_value_undefined: Option<Undefined>,
    /// The interval that has to lie within the margin.
    pub interval: Option<Interval>,
    /// Its level, one minus twice the error of a one-sided test.
    pub level: f64,
    /// Name of the method of the interval.
    pub method: String,
}

/// What can be said of two recalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquivalenceVerdict {
    /// The gap lies within the margin.
    Equivalent,
    /// The gap is not zero, and not shown to lie within the margin.
    Different,
    /// Neither is shown: no sign of a gap is no sign of equality.
    Undecided,
}

/// Area under the curve on omission minus that on commission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AucGap {
    /// What examples are ordered by.
    pub basis: Option<AucBasis>,
    /// The difference of the two areas.
    pub gap: Estimate,
}

/// What a judge gives that orders examples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AucBasis {
    /// Stated probabilities, on both axes.
    Probability,
    /// The score of a single scale.
    Score,
    /// Severities, in which many examples tie.
    Severity,
}

/// The gap between positives of equal severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityMatched {
    /// The mean of the gaps within classes of severity; each class counts by its positives.
    pub gap: Estimate,
    /// The classes.
    pub classes: Vec<SeverityClass>,
}

/// Severities of both scales that stand for the same share of the scale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityClass {
    /// The severities of each axis in it.
    pub severities: PerAxis<Vec<Severity>>,
    /// Positives of each axis in it.
    pub positives: PerAxis<Tally>,
    /// Of those, flagged.
    pub flagged: PerAxis<Tally>,
}

/// The gap within one system, at the thresholds of the audit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapOfSystem {
    /// Positives of this system on each axis.
    pub positives: PerAxis<Tally>,
    /// The gap.
    pub gap: Estimate,
}

/// One value is above zero and the other below, both by more than two decimals can hide.
fn opposes(one: f64, other: f64) -> bool {
    const NOTHING: f64 = 0.005;
    one * other < 0.0 && one.abs() >= NOTHING && other.abs() >= NOTHING
}

/// What these data show of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GapShown {
    /// It lies within the margin of equivalence.
    Equivalent,
    /// Its interval holds zero.
    Undecided,
    /// Its own interval leaves out zero, but not among all the tests of the audit.
    NotAmongAll,
    /// The judge sees less of what is withheld.
    LessOfOmission,
    /// The judge sees less of what is wrong.
    LessOfCommission,
}

impl RecallGap {
    /// What is shown; none without an interval.
    pub fn shown(&self) -> Option<GapShown> {
        let interval = self.estimate.interval()?;
        let adjusted = self.adjusted.as_ref();
        Some(match self.equivalence.verdict {
            Some(EquivalenceVerdict::Equivalent) => GapShown::Equivalent,
            _ if interval.lower <= 0.0 && interval.upper >= 0.0 => GapShown::Undecided,
            _ if adjusted.is_some_and(|adjusted| adjusted.p_value > 1.0 - self.estimate.level) => GapShown::NotAmongAll,
            _ if interval.upper < 0.0 => GapShown::LessOfOmission,
            _ => GapShown::LessOfCommission,
        })
    }

    /// Pairs of thresholds, as far as the judge can flag there, at which the gap has the other sign.
    pub fn opposite_at(&self) -> Vec<&GapAtThresholds> {
        let Some(value) = self.estimate.value else { return Vec::new() };
        let opposite = |at: &&GapAtThresholds| at.reachable && at.gap.value.is_some_and(|other| opposes(value, other));
        self.surface.iter().filter(opposite).collect()
    }

    /// Systems within which the gap has the other sign, by name.
    pub fn opposite_systems(&self) -> Vec<(&String, &GapOfSystem)> {
        let Some(value) = self.estimate.value else { return Vec::new() };
        let opposite = |other: &GapOfSystem| other.gap.value.is_some_and(|other| opposes(value, other));
        self.by_system.iter().filter(|(_, of_system)| opposite(of_system)).collect()
    }

    /// Whether the sign depends on verdicts that never came.
    pub fn sign_rests_on_unscored(&self) -> bool {
        let opposite =
            |other: Option<f64>| self.estimate.value.zip(other).is_some_and(|(value, other)| opposes(value, other));
        self.bounds.lower.zip(self.bounds.upper).is_some_and(|(lower, upper)| opposes(lower, upper))
            || opposite(self.scored_only.value)
    }
}
