//! The share that a judge flags at each dose, with the fitted curve.

use super::{Mark, in_drawing_order, labels_and_level};
use crate::measure::{DoseResponse, Evaluation};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, number, reason, tally};
use crate::stats::Tally;

/// Points of a curve for each unit of dose.
const STEPS: u32 = 24;

/// One panel a judge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DoseResponseView {
    pub(in crate::report) note: String,
    /// Largest dose of either axis.
    pub(in crate::report) top: u32,
    pub(in crate::report) panels: Vec<DosePanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DosePanel {
    pub(in crate::report) judge: String,
    pub(in crate::report) axes: PerAxis<Option<DoseSeries>>,
}

/// A judge on one axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DoseSeries {
    pub(in crate::report) points: Vec<DoseMark>,
    /// Dose and share flagged, along the curve; empty where there is none.
    pub(in crate::report) curve: Vec<(f64, f64)>,
    /// The threshold, and the share flagged there.
    pub(in crate::report) threshold: Option<(Mark, f64)>,
    /// Threshold, and probability of an item.
    pub(in crate::report) words: [String; 2],
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct DoseMark {
    pub(in crate::report) dose: u32,
    pub(in crate::report) flagged: Mark,
    /// Responses behind it.
    pub(in crate::report) n: String,
}

impl DoseResponseView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let panels: Vec<DosePanel> = in_drawing_order(evaluation)
            .into_iter()
            .map(|judge| DosePanel {
                judge: clean(&judge.judge),
                axes: PerAxis::from_fn(|axis| {
                    judge
                        .axes
                        .get(axis)
                        .as_ref()?
                        .dose_response
                        .as_ref()
                        .map(series)
                        .filter(|own| !own.points.is_empty())
                }),
            })
            .filter(|panel| Axis::ALL.iter().any(|axis| panel.axes.get(*axis).is_some()))
            .collect();
        let doses = panels.iter().flat_map(|panel| Axis::ALL.map(|axis| panel.axes.get(axis).as_ref()));
        let top = doses.flatten().flat_map(|series| &series.points).map(|point| point.dose).max().unwrap_or(1);
        Self { note: labels_and_level(evaluation), top: top.max(1), panels }
    }
}

fn series(found: &DoseResponse) -> DoseSeries {
    let points: Vec<DoseMark> = found
        .doses
        .iter()
        .filter_map(|point| {
            let n = tally(Tally(point.flagged.n));
            Some(DoseMark { dose: point.dose, flagged: Mark::of(&point.flagged)?, n })
        })
        .collect();
    let curve = found.curve.or(found.independent.curve);
    let last = points.last().map_or(0, |point| point.dose);
    let along = |curve: crate::measure::DoseCurve| {
        (0..=last * STEPS)
            .map(|step| f64::from(step) / f64::from(STEPS))
            .map(move |dose| (dose, curve.probability(dose)))
    };
    let threshold = Mark::of(&found.threshold).zip(found.curve);
    let half = match (found.threshold.value, found.threshold.undefined) {
        (None, Some(undefined)) => format!("no threshold: {}", reason(undefined)),
        _ => format!("half at {}", number(&found.threshold)),
    };
    let per_item = match found.independent.per_item.value {
        Some(_) => format!("an item {}", number(&found.independent.per_item)),
        None => String::new(),
    };
    DoseSeries {
        curve: curve.into_iter().flat_map(along).collect(),
        threshold: threshold.map(|(mark, curve)| (mark, curve.probability(mark.value))),
        words: [half, per_item],
        points,
    }
}
