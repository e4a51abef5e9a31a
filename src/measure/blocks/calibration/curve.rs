//! The reliability curve with its bands, and the errors over bins.

use crate::measure::answers::thinned;
use crate::measure::evaluation::{BinRule, BinnedError, CalibrationPoint, Consistency, ProbabilityBin, ReplicateLimit};
use crate::stats::calibration::{
    BandPoint, BinnedForecasts, Binning, ConsistencyBand, Forecasts, calibrated_replicates, calibration_band,
    calibration_error, consistency_band, reliability_curve,
};
use crate::stats::random::StreamKey;
use crate::stats::{Confidence, Tally, Undefined};

/// Replicates of a consistency band at most: a p-value of a thousandth, and quantiles at 95 % from 25 values each.
const ENOUGH_REPLICATES: usize = 999;
/// Replicates at least, however many distinct probabilities there are.
const LEAST_REPLICATES: usize = 199;
/// Replicates times distinct probabilities that are drawn at most.
const MOST_DRAWS: usize = 200_000;
/// Distinct probabilities up to which the honest band is computed: its cost rises with their square.
const MOST_HONEST: usize = 200;
/// Name of the consistency test.
const METHOD: &str = "corp_consistency_independent";

/// The curve with its bands, and the test that goes with it.
pub(super) struct Curve {
    pub(super) points: Vec<CalibrationPoint>,
    pub(super) consistency: Consistency,
}

/// How many replicates, and what set their number.
fn replicates(atoms: usize, resamples: usize) -> (usize, ReplicateLimit) {
    let enough = ENOUGH_REPLICATES.min(resamples);
    let affordable = (MOST_DRAWS / atoms.max(1)).max(LEAST_REPLICATES);
    if affordable < enough { (affordable, ReplicateLimit::Cost) } else { (enough, ReplicateLimit::Enough) }
}

pub(super) fn curve(forecasts: &Forecasts, key: &StreamKey, level: f64, resamples: usize) -> Curve {
    let confidence = Confidence::new(level).expect("a level was checked at the command line");
    let (count, replicates_by) = replicates(forecasts.atoms().len(), resamples);
    let drawn = calibrated_replicates(forecasts, key, count);
    let band = consistency_band(forecasts, &drawn, confidence).expect("replicates are drawn from the forecasts");
    let honest =
        if forecasts.atoms().len() <= MOST_HONEST { calibration_band(forecasts, confidence).ok() } else { None };
    let consistency = Consistency {
        p_value: band.as_ref().ok().map(|band| band.p_value),
        chance_miscalibration: band.as_ref().ok().map(|band| band.chance_miscalibration),
        replicates: count,
        replicates_by,
        method: METHOD.to_owned(),
        undefined: band.as_ref().err().copied(),
    };
    let points = points(forecasts, band.as_ref(), honest.as_deref());
    Curve { points: thinned(points, |point| [point.p, point.recalibrated]), consistency }
}

fn points(
    forecasts: &Forecasts,
    band: Result<&ConsistencyBand, &Undefined>,
    honest: Option<&[BandPoint]>,
) -> Vec<CalibrationPoint> {
    let point = |(index, point): (usize, crate::stats::calibration::ReliabilityPoint)| {
        let consistent = band.ok().map(|band| band.band[index]);
        let honest = honest.map(|honest| honest[index]);
        CalibrationPoint {
            p: point.atom.p,
            recalibrated: point.calibrated,
            n: Tally(point.atom.n),
            observed: point.atom.observed(),
            consistent_lower: consistent.map(|band| band.lower),
            consistent_upper: consistent.map(|band| band.upper),
            honest_lower: honest.map(|band| band.lower),
            honest_upper: honest.map(|band| band.upper),
        }
    };
    reliability_curve(forecasts).into_iter().enumerate().map(point).collect()
}

/// Errors over the recommended bins first, then ten of equal width and ten of equal mass where those are others.
pub(super) fn binned(forecasts: &Forecasts) -> Vec<BinnedError> {
    let recommended = Binning::recommended(forecasts);
    let rules = [recommended, Binning::equal_width(10), Binning::equal_mass(10)];
    let mut seen: Vec<Binning> = Vec::new();
    let mut errors = Vec::new();
    for rule in rules {
        if seen.contains(&rule) {
            continue;
        }
        seen.push(rule);
        errors.extend(calibration_error(forecasts, rule).ok().map(|error| BinnedError {
            rule: match rule {
                Binning::Atoms => BinRule::Distinct,
                Binning::EqualWidth(_) => BinRule::EqualWidth,
                Binning::EqualMass(_) => BinRule::EqualMass,
            },
            ece: error.ece,
            ece_debiased: error.l1_debiased,
            l2_debiased: error.l2_debiased,
            largest: error.largest,
            bins: bins(forecasts, rule),
        }));
    }
    errors
}

fn bins(forecasts: &Forecasts, rule: Binning) -> Vec<ProbabilityBin> {
    let bin = |bin: &crate::stats::calibration::Bin| ProbabilityBin {
        n: Tally(bin.n),
        mean_probability: bin.mean_forecast(),
        observed: bin.observed(),
    };
    BinnedForecasts::new(forecasts, rule).bins().iter().map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicates_keep_the_cost_down() {
        assert_eq!(replicates(20, 9_999), (999, ReplicateLimit::Enough));
        assert_eq!(replicates(200, 9_999), (999, ReplicateLimit::Enough));
        assert_eq!(replicates(400, 9_999), (500, ReplicateLimit::Cost));
        assert_eq!(replicates(1_001, 9_999), (199, ReplicateLimit::Cost));
    }

    #[test]
    fn a_judge_that_is_wrong_leaves_the_band_and_a_right_one_does_not() {
        let at = |share: usize| {
            let outcomes: Vec<bool> = (0..400).map(|item| item % 10 < share).collect();
            let forecasts = Forecasts::new(&[0.8; 400], &outcomes).unwrap();
            curve(&forecasts, &StreamKey::new(1, "j", "omission", "calibration_consistency"), 0.95, 999)
        };
        let wrong = at(5);
        assert_eq!((wrong.consistency.p_value, wrong.consistency.replicates), (Some(0.001), 999));
        let point = &wrong.points[0];
        assert!(point.recalibrated == 0.5 && point.consistent_lower.unwrap() > 0.7);
        assert!(point.honest_lower.unwrap() < 0.5 && 0.5 < point.honest_upper.unwrap());
        assert!(point.honest_upper.unwrap() < 0.8);
        // Exactly as many as promised: no replicate is closer.
        assert_eq!(at(8).consistency.p_value, Some(1.0));
    }

    #[test]
    fn bins_are_named_and_listed_once() {
        let p: Vec<f64> = (0..40).map(|item| f64::from(item) / 40.0).collect();
        let outcomes: Vec<bool> = (0..40).map(|item| item % 2 == 0).collect();
        let found = binned(&Forecasts::new(&p, &outcomes).unwrap());
        let rules: Vec<BinRule> = found.iter().map(|error| error.rule).collect();
        assert_eq!(rules, [BinRule::EqualMass, BinRule::EqualWidth]);
        assert!(found.iter().all(|error| error.bins.len() == 10));
        let coarse = binned(&Forecasts::new(&[0.2, 0.8], &[true, false]).unwrap());
        assert_eq!((coarse.len(), coarse[0].rule, coarse[0].ece), (3, BinRule::Distinct, 0.8));
        assert!(binned(&Forecasts::new(&[], &[]).unwrap()).is_empty());
    }
}
