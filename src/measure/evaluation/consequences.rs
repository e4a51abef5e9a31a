//! What follows from relying on the judge: harm undetected, its worth in labels, harm rates of systems as it reports them
//! and corrected, and the order in which it would put them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Severity;
use crate::stats::{Estimate, Tally, Undefined};

/// What follows from relying on the judge on one axis. Prevalences are those of this set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequences {
    /// Harm that passes undetected, from the threshold and from the next severe level where the scale has one.
    pub panels: Vec<ConsequencePanel>,
    /// What the judge is worth in labels: by its flags, and by its probabilities, score or severities where it gives them.
    pub label_equivalents: Vec<LabelWorth>,
    /// The panel at the threshold and the worth in one paragraph.
    pub in_words: String,
    /// Harm rates per system; empty where the set names no system.
    pub by_system: Vec<SystemConsequences>,
    /// What ranking systems by this judge would do; null below two systems, above 100, or without a flag.
    pub ranking_of_systems: Option<SystemRanking>,
}

/// Harm that passes undetected, from one gold severity. The judge's flag is its own at every severity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsequencePanel {
    /// Gold severity from which an example is harmful here.
    pub from_severity: Severity,
    /// Harmful examples that were not flagged, per thousand asked examples of this set.
    pub undetected_per_1000: Estimate,
    /// Share of harmful examples among those that the judge passed.
    pub false_omission_rate: Estimate,
    /// Share of harmful examples in this set.
    pub true_prevalence: Estimate,
    /// Share of examples that the judge flags: the prevalence it reports.
    pub apparent_prevalence: Estimate,
    /// By this factor differences between systems shrink in the judge's eyes.
    pub discrimination: Estimate,
    /// How many times more responses it takes to tell two systems apart by this judge than by the labels.
    pub sample_size_factor: Estimate,
}

/// From what a judge's worth in labels is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorthBasis {
    /// Its flags as they are.
    Flags,
    /// Its probabilities, recalibrated on other clusters.
    Probabilities,
    /// The scores of its single scale, recalibrated on other clusters.
    Scores,
    /// Its severities, recalibrated on other clusters.
    Severities,
}

impl Consequences {
    /// The worth that sentences quote, by [`LabelWorth::quoted`].
    pub fn quoted_worth(&self) -> Option<&LabelWorth> {
        LabelWorth::quoted(&self.label_equivalents)
    }
}

impl WorthBasis {
    /// The basis for a person.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Flags => "flags",
            Self::Probabilities => "probabilities",
            Self::Scores => "scores",
            Self::Severities => "severities",
        }
    }
}

/// What a judge is worth in labels when a harm rate is estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelWorth {
    /// From what it is computed.
    pub basis: WorthBasis,
    /// Step to which more than 20,000 probabilities or scores are rounded before; null where they are taken as they are.
    pub rounded_to: Option<f64>,
    /// Squared correlation of the judge's value and gold: the share of the labels' variance that it explains.
    pub squared_correlation: Estimate,
    /// Labels of the plan for which the worth is computed.
    pub planned_labels: Tally,
    /// Responses of the plan that only the judge reads.
    pub planned_judged: Tally,
    /// Factor by which the judge multiplies the labels.
    pub multiplier: Estimate,
    /// Labels that the judge is worth beside the planned ones.
    pub extra_labels: Estimate,
}

impl LabelWorth {
    /// The one that sentences quote: by the most that the judge says, whatever came out largest (probabilities, then scores,
    /// then severities, then flags), so that nothing is chosen by its result.
    pub fn quoted(all: &[Self]) -> Option<&Self> {
        [WorthBasis::Probabilities, WorthBasis::Scores, WorthBasis::Severities, WorthBasis::Flags]
            .into_iter()
            .find_map(|basis| all.iter().find(|worth| worth.basis == basis && worth.extra_labels.value.is_some()))
    }
}

/// Why a harm rate is not corrected by the judge's error rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionRefused {
    /// Youden J is below 0.5: the correction would multiply the noise.
    WeakJudge,
    /// The judge errs more on some systems than on others.
    DifferentialErrors,
    /// Nobody can tell whether the judge errs more on some systems than on others.
    UntestedErrors,
    /// The interval would be longer than 0.5.
    Vacuous,
    /// The corrected rate would lie outside 0 to 1.
    Incompatible,
    /// One of the parts holds no harmful or no harmless example, or nothing of the system.
    TooFew,
}

/// One system: its harm rate by the labels, as the judge reports it, and corrected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemConsequences {
    /// The system.
    pub system: String,
    /// Share of its asked examples that are harmful by the labels.
    pub harm_rate: Estimate,
    /// Share that the judge flags, of those with a verdict.
    pub reported_rate: Estimate,
    /// Its examples whose labels the correction sees.
    pub labelled: Tally,
    /// Its examples whose labels are hidden from the correction.
    pub judged_only: Tally,
    /// The harm rate from the labels that are seen and the judge's values on all.
    pub corrected_rate: Estimate,
    /// Weight of the judge in it, 0 to 1; null where it is undefined.
    pub judge_weight: Option<f64>,
    /// The harm rate from the labels that are seen alone.
    pub labels_only_rate: Estimate,
    /// Length of the corrected interval over that of the labels alone; null where either has none.
    pub width_ratio: Option<f64>,
    /// The rate corrected by sensitivity and specificity; null where a guard refuses it.
    pub rogan_gladen: Option<Estimate>,
    /// Which guard.
    pub rogan_gladen_refused: Option<CorrectionRefused>,
}

/// What ranking systems by this judge would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemRanking {
    /// Systems by harm rate of the labels, the least harmful first; equal ones by name.
    pub gold_order: Vec<String>,
    /// Systems by the rate that the judge reports, the lowest first; equal ones by name.
    pub apparent_order: Vec<String>,
    /// Pairs of systems.
    pub system_pairs: usize,
    /// Pairs that the judge puts the other way round than the labels.
    pub flipped_pairs: usize,
    /// The pairs that are most likely put wrong, most likely first, at most 50.
    pub pairs: Vec<SystemPair>,
    /// Kendall's tau-b of both orders.
    pub tau_b: Estimate,
    /// Pairs that a ranking by this judge is expected to put wrong; null where nothing can be said of a pair.
    pub expected_wrong_pairs: Option<f64>,
    /// The difference of recall that would suffice to swap two systems; null at J <= 0 or without a harmful example.
    pub smallest_swap: Option<SmallestSwap>,
    /// Whether the judge errs alike on all systems at equal gold severity.
    pub equal_errors: EqualErrors,
    /// The gist in words.
    pub in_words: String,
}

/// Two systems in the order of the labels and of the judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SystemPair {
    /// The system that is less harmful by the labels (the first by name where they are equal).
    pub better: String,
    /// The other one.
    pub worse: String,
    /// Harm rate of the worse minus that of the better one.
    pub gold_difference: f64,
    /// The same as the judge reports it.
    pub apparent_difference: f64,
    /// Whether the judge turns the order.
    pub flips: bool,
    /// Probability that the labels' own order is due to the choice of scenarios; null where that has no variance.
    pub gold_doubt: Option<f64>,
    /// Probability that this judge would put them the wrong way round on as many new scenarios; null for equal labels.
    pub probability_wrong: Option<f64>,
}

/// The two systems that the least difference in the judge's sight would swap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SmallestSwap {
    /// The less harmful one.
    pub better: String,
    /// The more harmful one.
    pub worse: String,
    /// If the judge's recall on the more harmful one were lower by this much, both would look alike.
    pub recall_difference: f64,
}

/// Tests that errors do not depend on the system.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EqualErrors {
    /// p-value of equal recall over systems at equal gold severity.
    pub recall_p_value: Option<f64>,
    /// Why there is none.
    pub recall_p_value_undefined: Option<Undefined>,
    /// p-value of equal false alarms over systems at equal gold severity.
    pub false_alarm_p_value: Option<f64>,
    /// Why there is none.
    pub false_alarm_p_value_undefined: Option<Undefined>,
    /// Name of the method.
    pub method: String,
}
