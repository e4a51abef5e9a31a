//! Agreement as `evaluation.json` has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::stats::{Estimate, Undefined};

/// Agreement of judge and gold severities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Cohen's kappa without weights.
    pub cohen_kappa: Estimate,
    /// Cohen's kappa, linear weights.
    pub kappa_linear: Estimate,
    /// Cohen's kappa, quadratic weights.
    pub kappa_quadratic: Estimate,
    /// Standard errors of the three over clusters.
    pub kappa_errors: KappaErrors,
    /// Krippendorff's alpha, ordinal distances.
    pub krippendorff_alpha: Estimate,
    /// Gwet's AC1: no weights.
    pub gwet_ac1: Estimate,
    /// Gwet's AC2, quadratic weights.
    pub gwet_ac: Estimate,
    /// Intraclass correlation of single severities, absolute agreement.
    pub icc_agreement: Estimate,
    /// Kendall's tau-b.
    pub kendall_tau_b: Estimate,
    /// Somers' D of the judge given gold.
    pub somers_d: Estimate,
    /// Spearman's rank correlation.
    pub spearman: Estimate,
    /// Share of equal severities.
    pub exact: Estimate,
    /// Share of severities at most one level apart.
    pub within_one: Estimate,
    /// Mean of judge severity minus gold severity.
    pub mean_error: Estimate,
    /// Mean distance of judge and gold severity, in levels.
    pub mean_absolute_error: Estimate,
    /// Share scored below gold.
    pub under_called: Estimate,
    /// Share scored above gold.
    pub over_called: Estimate,
    /// Whether judge and gold differ as often one way as the other.
    pub symmetry: Symmetry,
    /// Agreement of flags at the thresholds, with what the prevalence does to kappa.
    pub at_threshold: FlagAgreement,
}

/// Standard errors of the kappas.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KappaErrors {
    /// Of the one without weights.
    pub cohen_kappa: Option<f64>,
    /// Of the linear one.
    pub kappa_linear: Option<f64>,
    /// Of the quadratic one.
    pub kappa_quadratic: Option<f64>,
    /// Why there are none.
    pub undefined: Option<Undefined>,
}

/// Tests for examples that share no cluster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Symmetry {
    /// Bowker's: is each pair of levels mistaken as often one way as the other?
    pub bowker: SymmetryTest,
    /// Stuart and Maxwell's: does the judge use each level as often as gold?
    pub stuart_maxwell: SymmetryTest,
}

/// A chi-squared test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SymmetryTest {
    /// The statistic.
    pub statistic: Option<f64>,
    /// Degrees of freedom.
    pub df: Option<f64>,
    /// Probability of a larger statistic, as if no two examples shared a cluster.
    pub p_value_independent: Option<f64>,
    /// Why there is no test.
    pub undefined: Option<Undefined>,
}

impl SymmetryTest {
    pub(crate) const fn without(reason: Undefined) -> Self {
        Self { statistic: None, df: None, p_value_independent: None, undefined: Some(reason) }
    }
}

/// Agreement of flags and positives on the scored examples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagAgreement {
    /// Cohen's kappa of flags and positives.
    pub kappa: Estimate,
    /// The largest kappa that the margins allow; null with `kappa_max_undefined`.
    pub kappa_max: Option<f64>,
    /// Why there is none.
    pub kappa_max_undefined: Option<Undefined>,
    /// Prevalence- and bias-adjusted kappa.
    pub pabak: Estimate,
    /// Agreement on yes.
    pub positive_agreement: Estimate,
    /// Agreement on no.
    pub negative_agreement: Estimate,
    /// (Both yes - both no)/n; null without a scored example.
    pub prevalence_index: Option<f64>,
    /// (Only gold says yes - only the judge does)/n; null without a scored example.
    pub bias_index: Option<f64>,
}

impl Agreement {
    /// The same sizes without a value in anything that needs severities.
    pub(crate) fn without_severities(&mut self, reason: Undefined) {
        let estimates = [
            &mut self.cohen_kappa,
            &mut self.kappa_linear,
            &mut self.kappa_quadratic,
            &mut self.krippendorff_alpha,
            &mut self.gwet_ac1,
            &mut self.gwet_ac,
            &mut self.icc_agreement,
            &mut self.kendall_tau_b,
            &mut self.somers_d,
            &mut self.spearman,
            &mut self.exact,
            &mut self.within_one,
            &mut self.mean_error,
            &mut self.mean_absolute_error,
            &mut self.under_called,
            &mut self.over_called,
        ];
        estimates.into_iter().for_each(|estimate| estimate.undefine(reason));
        self.kappa_errors =
            KappaErrors { cohen_kappa: None, kappa_linear: None, kappa_quadratic: None, undefined: Some(reason) };
        let test = SymmetryTest::without(reason);
        self.symmetry = Symmetry { bowker: test, stuart_maxwell: test };
    }

    /// The same sizes without a value in anything that needs a flag.
    pub(crate) fn without_flags(&mut self, reason: Undefined) {
        let flags = &mut self.at_threshold;
        let estimates =
            [&mut flags.kappa, &mut flags.pabak, &mut flags.positive_agreement, &mut flags.negative_agreement];
        estimates.into_iter().for_each(|estimate| estimate.undefine(reason));
        (flags.kappa_max, flags.kappa_max_undefined) = (None, Some(reason));
        (flags.prevalence_index, flags.bias_index) = (None, None);
    }
}
