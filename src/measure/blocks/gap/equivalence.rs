//! Whether the gap is small enough to call it none: a gap that is not shown is not thereby absent.

use crate::measure::evaluation::{EquivalenceVerdict, GapEquivalence};
use crate::measure::options::MeasureOptions;
use crate::stats::gap::{GapCount, MOVER_GUARDED, describe_gap, lies_within, recall_gap, two_one_sided_tests};
use crate::stats::{Estimate, Undefined};

/// The level at which an interval within the margin is a one-sided test at one minus the level of the audit.
fn interval_level(level: f64) -> f64 {
    1.0 - 2.0 * (1.0 - level)
}

/// No verdict, for this reason.
pub(super) fn undefined_equivalence(options: &MeasureOptions, reason: Undefined) -> GapEquivalence {
    GapEquivalence {
        margin: options.margin,
        verdict: None,
        undefined: Some(reason),
        p_value: None,
        p_value_undefined: Some(reason),
        interval: None,
        level: interval_level(options.level),
        method: MOVER_GUARDED.to_owned(),
    }
}

/// Two one-sided tests of the gap, and the verdict by intervals: equivalent if that of level 1 - 2a lies within the margin,
/// different if that of level 1 - a leaves out zero, else undecided.
pub(super) fn equivalence(counts: &[GapCount], gap: &Estimate, options: &MeasureOptions) -> GapEquivalence {
    let within = recall_gap(counts, interval_level(options.level));
    let Some(inner) = within.interval() else {
        let reason = within.undefined.or(within.interval_undefined).unwrap_or(Undefined::TooFew);
        return undefined_equivalence(options, reason);
    };
    let tests = describe_gap(counts, options.level).and_then(|gap| {
        let error = gap.variance?.standard_error;
        two_one_sided_tests(gap.value, error, gap.clusters as f64 - 1.0, options.margin, options.level)
    });
    let apart = gap.interval().is_some_and(|interval| interval.lower > 0.0 || interval.upper < 0.0);
    let verdict = match (lies_within(inner, options.margin), apart) {
        (true, _) => EquivalenceVerdict::Equivalent,
        (false, true) => EquivalenceVerdict::Different,
        (false, false) => EquivalenceVerdict::Undecided,
    };
    GapEquivalence {
        verdict: Some(verdict),
        undefined: None,
        p_value: tests.as_ref().ok().map(|tests| tests.p_value),
        p_value_undefined: tests.err(),
        interval: Some(inner),
        ..undefined_equivalence(options, Undefined::NoData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::options::{DEFAULT_MARGIN, DEFAULT_RESAMPLES};
    use crate::model::PerAxis;
    use crate::stats::proportion::ClusterCount;

    fn options() -> MeasureOptions {
        MeasureOptions {
            seed: 1,
            level: 0.95,
            thresholds: PerAxis::default(),
            margin: DEFAULT_MARGIN,
            resamples: DEFAULT_RESAMPLES,
            primary: Default::default(),
        }
    }

    /// `clusters` clusters of ten positives on either axis with these hits.
    fn verdict(clusters: usize, first: f64, second: f64) -> Option<EquivalenceVerdict> {
        let counts =
            vec![GapCount { first: ClusterCount::new(first, 10.0), second: ClusterCount::new(second, 10.0) }; clusters];
        equivalence(&counts, &recall_gap(&counts, 0.95), &options()).verdict
    }

    #[test]
    fn no_sign_of_a_gap_is_no_sign_of_equality() {
        assert_eq!(verdict(4, 5.0, 5.0), Some(EquivalenceVerdict::Undecided));
        assert_eq!(verdict(400, 5.0, 5.0), Some(EquivalenceVerdict::Equivalent));
        assert_eq!(verdict(40, 9.0, 3.0), Some(EquivalenceVerdict::Different));
        assert_eq!(verdict(1, 5.0, 5.0), None);
    }

    /// Every cluster has the same gap: the standard error is 0 and says nothing, the interval still does.
    #[test]
    fn without_a_standard_error_there_is_no_p_value() {
        let counts = vec![GapCount { first: ClusterCount::new(5.0, 10.0), second: ClusterCount::new(5.0, 10.0) }; 400];
        let found = equivalence(&counts, &recall_gap(&counts, 0.95), &options());
        assert_eq!((found.p_value, found.p_value_undefined), (None, Some(Undefined::ZeroVariance)));
        assert!((found.level - 0.9).abs() < 1e-12 && found.interval.unwrap().upper < 0.1);
    }
}
