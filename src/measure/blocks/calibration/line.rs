//! Cox's calibration line and Spiegelhalter's test.

use super::clustered::{from_values, ratio};
use super::stated::Stated;
use crate::measure::evaluation::{CalibrationLine, Spiegelhalter};
use crate::stats::calibration::{
    Atom, DEFAULT_LOGIT_CLIP, Forecasts, cox_calibration, cox_leave_one_out, spiegelhalter_clustered, spiegelhalter_z,
};
use crate::stats::jackknife::Scale;
use crate::stats::{Estimate, Tally, Undefined};

/// Name of the interval: leave-one-out values by one Newton step.
const METHOD: &str = "cluster_jackknife_one_step_t";

/// The line with intervals over clusters.
pub(super) fn line(stated: &Stated, level: f64) -> CalibrationLine {
    let missing = stated.counts.missing();
    let held = stated.at_the_ends();
    let named = |mut estimate: Estimate| {
        estimate.n = stated.all.n();
        METHOD.clone_into(&mut estimate.method);
        estimate.with_missing(missing)
    };
    let expected = |cluster: &Forecasts| {
        (cluster.positives(), cluster.atoms().iter().map(|atom: &Atom| atom.n * atom.p).sum::<f64>())
    };
    let expected: Vec<(f64, f64)> = stated.clusters.iter().map(expected).collect();
    let mut observed_over_expected = ratio(&expected, Scale::Log, level, Undefined::NoFlags).with_missing(missing);
    observed_over_expected.n = stated.all.n();
    let fitted = stated.held_at().ok_or(Undefined::TooFew).and_then(|clip| {
        cox_leave_one_out(&stated.all, &stated.clusters, clip).expect("the distance is between 0 and 1/2")
    });
    let (intercept, slope, in_the_large) = match &fitted {
        Ok(found) => {
            let part = |part: fn((f64, f64)) -> f64, all: Result<f64, Undefined>| {
                let without: Vec<_> = found.line.iter().map(|line| line.map(part)).collect();
                from_values(all, &without, Scale::Identity, level)
            };
            let all = found.all.line;
            (
                part(|line| line.0, all.map(|line| line.intercept.value)),
                part(|line| line.1, all.map(|line| line.slope.value)),
                from_values(
                    found.all.in_the_large.map(|large| large.value),
                    &found.in_the_large,
                    Scale::Identity,
                    level,
                ),
            )
        }
        Err(reason) => {
            let undefined = || Estimate::undefined(*reason, level, METHOD);
            (undefined(), undefined(), undefined())
        }
    };
    CalibrationLine {
        intercept: named(intercept),
        slope: named(slope),
        in_the_large: named(in_the_large),
        observed_over_expected,
        held_at: stated.held_at().filter(|_| held > 0.0),
        held: Tally(held),
        slope_held_at_rounding: if held > 0.0 { slope_at(&stated.all, DEFAULT_LOGIT_CLIP) } else { None },
    }
}

fn slope_at(forecasts: &Forecasts, clip: f64) -> Option<f64> {
    cox_calibration(forecasts, clip).ok()?.ok()?.line.ok().map(|line| line.slope.value)
}

/// Spiegelhalter's test over examples and over clusters.
pub(super) fn spiegelhalter(stated: &Stated) -> Spiegelhalter {
    let (independent, clustered) = (spiegelhalter_z(&stated.all), spiegelhalter_clustered(&stated.clusters));
    Spiegelhalter {
        z: independent.ok().map(|test| test.statistic),
        p_value_independent: independent.ok().map(|test| test.p),
        undefined: independent.err(),
        t: clustered.ok().map(|test| test.statistic),
        p_value: clustered.ok().map(|test| test.p),
        p_value_undefined: clustered.err(),
    }
}
