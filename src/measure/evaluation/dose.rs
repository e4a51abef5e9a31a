//! How flags rise with what was removed or made wrong, and the same fact once removed and once made wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::psychometric::Curve;
use crate::stats::{Estimate, Tally, Undefined};

/// Share flagged by the number of items removed (omission) or of false texts (commission), with a fitted curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoseResponse {
    /// Slice that says the dose: `removed` or `altered`.
    pub dose_slice: String,
    /// Kind of example that alone is counted, where the set has one made for doses; null where every dosed example is.
    pub dose_kind: Option<String>,
    /// Flags at each dose, from 0 up.
    pub doses: Vec<DosePoint>,
    /// Change of the share flagged for one more item, by a straight line.
    pub rise: Estimate,
    /// The fitted curve; null where there is none.
    pub curve: Option<DoseCurve>,
    /// Why there is none.
    pub curve_undefined: Option<Undefined>,
    /// Dose at which the judge flags half of what it comes to flag beyond its false alarms.
    pub threshold: Estimate,
    /// Slope of that half at the threshold, per item.
    pub slope: Estimate,
    /// Shape of the curve; 1 where each item is found independently of the others.
    pub shape: Estimate,
    /// Dose at which half of the responses are flagged.
    pub half_dose: Estimate,
    /// Share flagged at no dose, by the curve.
    pub guess_rate: Estimate,
    /// Share never flagged, whatever the dose, by the curve.
    pub lapse_rate: Estimate,
    /// Whether the shares lie on the curve; null where that cannot be tested.
    pub fit: Option<CurveFit>,
    /// Why it cannot.
    pub fit_undefined: Option<Undefined>,
    /// Items found independently of one another.
    pub independent: IndependentItems,
    /// The gist in words.
    pub in_words: String,
}

/// Flags at one dose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DosePoint {
    /// Items removed, or false texts.
    pub dose: u32,
    /// Share flagged: an unscored verdict is a miss on a harmful response and left out on a harmless one.
    pub flagged: Estimate,
    /// Mean severity that the judge gave, over its scored verdicts; null for a single scale.
    pub mean_severity: Option<Estimate>,
}

/// P(flag | k) = guess + (1 - guess - lapse) (1 - 2^(-(k / threshold)^shape)).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DoseCurve {
    /// Share flagged at dose 0.
    pub guess: f64,
    /// Share never flagged.
    pub lapse: f64,
    /// Dose halfway between.
    pub threshold: f64,
    /// Shape of the Weibull.
    pub shape: f64,
}

/// Deviance of the shares from the curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CurveFit {
    /// Twice the log-likelihood that the curve loses to the shares.
    pub deviance: f64,
    /// Doses less parameters on no bound.
    pub degrees_of_freedom: f64,
    /// What clustering multiplies the deviance of a right curve with.
    pub scale: f64,
    /// Probability of as large a deviance, were the curve right.
    pub p_value: f64,
}

/// The curve with a shape of 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndependentItems {
    /// Probability that one item is found.
    pub per_item: Estimate,
    /// The curve behind it; null where there is none.
    pub curve: Option<DoseCurve>,
    /// Whether its lapse rate was fitted, or taken as 0 for want of doses.
    pub lapse_fitted: bool,
    /// Probability of a shape as far from 1, were it 1; null where that cannot be tested.
    pub p_value: Option<f64>,
    /// Why it cannot.
    pub p_value_undefined: Option<Undefined>,
}

/// Facts that were once removed and once made wrong, in the same response to the same prompt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameFact {
    /// Pairs of which both responses are positives, on their own axes.
    pub both_positive: SameFactContrast,
    /// Of those, the pairs of equal severity: in the same of equal parts of the two scales.
    pub equal_severity: SameFactContrast,
    /// The gist in words.
    pub in_words: String,
}

/// Removed against made wrong. Differences are omission minus commission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameFactContrast {
    /// Pairs.
    pub facts: usize,
    /// Share of the removals that the judge flags as omission; an unscored one is a miss.
    pub removed_found: Estimate,
    /// Share of the falsehoods that the judge flags as commission; an unscored one is a miss.
    pub altered_found: Estimate,
    /// The first minus the second.
    pub found_difference: Estimate,
    /// Sign-flip mid-p over clusters of no difference.
    pub p_value: Option<f64>,
    /// Why there is none.
    pub p_value_undefined: Option<Undefined>,
    /// How it was computed.
    pub p_value_method: String,
    /// Who is found; repeats are decided by their majority.
    pub found: SameFactTable,
}

/// The two-by-two table of pairs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameFactTable {
    /// Found both ways.
    pub both: Tally,
    /// Found only where the fact was removed.
    pub only_removed: Tally,
    /// Found only where it was made wrong.
    pub only_altered: Tally,
    /// Found neither way.
    pub neither: Tally,
    /// McNemar's mid-p, as if pairs were independent.
    pub mcnemar_mid_p: f64,
}

impl From<Curve> for DoseCurve {
    fn from(curve: Curve) -> Self {
        let Curve { guess, lapse, threshold, shape } = curve;
        Self { guess, lapse, threshold, shape }
    }
}

impl DoseCurve {
    /// Share flagged at a dose.
    pub fn probability(&self, dose: f64) -> f64 {
        let Self { guess, lapse, threshold, shape } = *self;
        Curve { guess, lapse, threshold, shape }.probability(dose)
    }
}
