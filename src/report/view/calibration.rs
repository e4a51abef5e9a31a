//! Figure 3: what a stated probability is worth, or a severity.

use super::{Mark, first_panels, in_drawing_order, labels_and_level};
use crate::measure::{BinRule, Calibration, Evaluation, JudgeEvaluation, SeverityCalibration};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, tally};
use crate::stats::Tally;

/// Judges that are drawn, so that the figure fits on a page; the table has all.
const MOST_JUDGES: usize = 12;
/// Bars of the histogram.
const BARS: usize = 20;

/// Panels of judges that state probabilities, and of judges with severities alone.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct CalibrationView {
    pub(in crate::report) note: String,
    /// What is left out.
    pub(in crate::report) drawn: String,
    pub(in crate::report) panels: Vec<(String, CalibrationPanel)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) enum CalibrationPanel {
    /// Reliability of probabilities.
    Probabilities(PerAxis<Option<Reliability>>),
    /// Mean gold severity at each severity of the judge; the highest severity of either axis.
    Severities(PerAxis<Vec<Worth>>, u8),
}

/// What a severity of the judge was worth.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Worth {
    /// Severity that the judge gave.
    pub(in crate::report) severity: u8,
    /// Mean gold severity of those examples.
    pub(in crate::report) gold: Mark,
    /// How many they are.
    pub(in crate::report) n: String,
}

/// Probability, what it was worth, and where a calibrated judge would lie.
type ReliabilityPoint = (f64, f64, Option<(f64, f64)>);

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Reliability {
    pub(in crate::report) points: Vec<ReliabilityPoint>,
    /// Share of the examples in each bar of the histogram.
    pub(in crate::report) bars: Vec<f64>,
    /// MCB, DSC, UNC, ECE, smooth ECE and n.
    pub(in crate::report) words: String,
}

impl CalibrationView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let mut panels: Vec<_> = in_drawing_order(evaluation)
            .into_iter()
            .filter_map(|judge| Some((clean(&judge.judge), panel(evaluation, judge)?)))
            .collect();
        let drawn =
            first_panels(&mut panels, MOST_JUDGES, "judges that state probabilities or severities", "calibration");
        Self { note: labels_and_level(evaluation), drawn, panels }
    }
}

fn panel(evaluation: &Evaluation, judge: &JudgeEvaluation) -> Option<CalibrationPanel> {
    let on = |axis: Axis| judge.axes.get(axis).as_deref();
    let stated = PerAxis::from_fn(|axis| on(axis)?.calibration.as_ref().and_then(reliability));
    if stated.omission.is_some() || stated.commission.is_some() {
        return Some(CalibrationPanel::Probabilities(stated));
    }
    let severities = PerAxis::from_fn(|axis| {
        on(axis).and_then(|numbers| numbers.severity_calibration.as_ref()).map(worth).unwrap_or_default()
    });
    let top = Axis::ALL.iter().map(|axis| evaluation.gold.axes.get(*axis).levels.len().saturating_sub(1)).max();
    let top = top.and_then(|top| u8::try_from(top).ok()).unwrap_or(1);
    (!severities.omission.is_empty() || !severities.commission.is_empty())
        .then_some(CalibrationPanel::Severities(severities, top))
}

fn worth(calibration: &SeverityCalibration) -> Vec<Worth> {
    let points = calibration.gold_given_judge.iter();
    points
        .filter_map(|point| {
            let n = tally(Tally(point.mean_gold.n));
            Some(Worth { severity: point.severity, gold: Mark::of(&point.mean_gold)?, n })
        })
        .collect()
}

fn reliability(calibration: &Calibration) -> Option<Reliability> {
    if calibration.curve.is_empty() {
        return None;
    }
    let points = calibration
        .curve
        .iter()
        .map(|point| (point.p, point.recalibrated, point.consistent_lower.zip(point.consistent_upper)))
        .collect();
    let mut bars = vec![0.0; BARS];
    let in_all: f64 = calibration.curve.iter().map(|point| point.n.0).sum();
    for point in &calibration.curve {
        let bar = ((point.p * BARS as f64) as usize).min(BARS - 1);
        bars[bar] += point.n.0 / in_all.max(1.0);
    }
    let value = |estimate: &crate::stats::Estimate| {
        estimate.value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
    };
    let plain = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let ece = calibration.binned.iter().find(|binned| binned.rule == BinRule::EqualMass).or(calibration.binned.first());
    Some(Reliability {
        points,
        bars,
        words: format!(
            "MCB {} DSC {} UNC {} ECE {} smooth {} n {}",
            value(&calibration.corp.miscalibration),
            value(&calibration.corp.discrimination),
            value(&calibration.corp.uncertainty),
            plain(ece.map(|ece| ece.ece)),
            plain(calibration.smooth_error),
            tally(calibration.n)
        ),
    })
}
