//! The harm rate of a system from the judge's flag rate and its error rates, behind the guards that it needs.

use std::collections::BTreeMap;

use crate::measure::answers::{Answered, Context, jackknife_of_sums};
use crate::measure::counts::whole;
use crate::measure::evaluation::{CorrectionRefused, EqualErrors};
use crate::stats::correct::{Confusion, RoganGladen, rogan_gladen};
use crate::stats::jackknife::Scale;
use crate::stats::{Confidence, Estimate, Undefined};

/// Below this Youden J the correction multiplies noise (at sensitivity 0.30 its interval is four times that of few labels).
const LEAST_YOUDEN_J: f64 = 0.5;
/// Errors that differ between systems at this level are no errors to correct by.
const EVIDENCE: f64 = 0.05;

/// Where a cluster's sums stand: caught, missed, false alarms, passed; flagged and all of the target.
const WIDTH: usize = 6;

/// Clusters that say how the judge errs, over all systems; the others hold what is corrected.
pub(super) struct Pools {
    calibration: Vec<[f64; 4]>,
    is_target: Vec<bool>,
    one_system: bool,
}

impl Pools {
    pub(super) fn new(
        systems: &BTreeMap<&str, Vec<&Answered>>,
        places: &[usize],
        labelled_share: f64,
        context: &Context<'_>,
    ) -> Self {
        let clusters = context.layout.clusters.len();
        let labelled = (labelled_share * clusters as f64).ceil() as usize;
        let is_target: Vec<bool> = places.iter().map(|place| *place >= labelled).collect();
        let mut calibration = vec![[0.0; 4]; clusters];
        for one in systems.values().flatten().filter(|one| !is_target[one.cluster as usize]) {
            let (flagged, passed) = trials(one);
            let cell = if one.positive { 0 } else { 2 };
            calibration[one.cluster as usize][cell] += flagged;
            calibration[one.cluster as usize][cell + 1] += passed;
        }
        Self { calibration, is_target, one_system: systems.len() < 2 }
    }
}

/// Shares of the trials that flag and that pass.
fn trials(one: &Answered) -> (f64, f64) {
    let share = |count: u32| f64::from(count) / f64::from(one.trials);
    (share(one.flagged), share(one.scored - one.flagged))
}

/// The corrected rate of one system, or the guard that refuses it.
pub(super) fn rogan_gladen_of(
    examples: &[&Answered],
    pools: &Pools,
    equal_errors: Option<&EqualErrors>,
    context: &Context<'_>,
) -> Result<Estimate, CorrectionRefused> {
    let mut parts: Vec<Vec<f64>> = pools.calibration.iter().map(|cells| [&cells[..], &[0.0, 0.0]].concat()).collect();
    for one in examples.iter().filter(|one| pools.is_target[one.cluster as usize]) {
        let (flagged, passed) = trials(one);
        parts[one.cluster as usize][4] += flagged;
        parts[one.cluster as usize][5] += flagged + passed;
    }
    let all: Vec<f64> = (0..WIDTH).map(|column| parts.iter().map(|part| part[column]).sum()).collect();
    let confidence = Confidence::new(context.options.level).unwrap_or(Confidence::DEFAULT);
    let found = of_sums(&all, confidence).map_err(|_| CorrectionRefused::TooFew)?;
    if found.youden_j < LEAST_YOUDEN_J {
        return Err(CorrectionRefused::WeakJudge);
    }
    if !pools.one_system {
        match equal_errors.map(|errors| (errors.recall_p_value, errors.false_alarm_p_value)) {
            Some((Some(recall), Some(alarms))) if recall.min(alarms) >= EVIDENCE => {}
            Some((recall, alarms)) if recall.is_some_and(|p| p < EVIDENCE) || alarms.is_some_and(|p| p < EVIDENCE) => {
                return Err(CorrectionRefused::DifferentialErrors);
            }
            _ => return Err(CorrectionRefused::UntestedErrors),
        }
    }
    if found.is_incompatible() {
        return Err(CorrectionRefused::Incompatible);
    }
    let mut estimate = jackknife_of_sums(&parts, Scale::Logit, context.options.level, |sums| {
        of_sums(sums, confidence).and_then(|found| found.value)
    });
    estimate.n = whole(all[5]);
    let long = estimate.interval().is_none_or(|interval| interval.upper - interval.lower > 0.5);
    if found.is_vacuous() || long { Err(CorrectionRefused::Vacuous) } else { Ok(estimate) }
}

fn of_sums(sums: &[f64], confidence: Confidence) -> Result<RoganGladen, Undefined> {
    let cells = |index: usize| sums[index].max(0.0);
    let calibration = Confusion::new(cells(0), cells(1), cells(2), cells(3)).map_err(|_| Undefined::Incompatible)?;
    let (flagged, n) = (cells(4), cells(5));
    rogan_gladen(flagged.min(n), n, &calibration, confidence).map_err(|_| Undefined::Incompatible)?
}
