//! What the figures draw: plain numbers taken from the evaluation, in drawing order. Nothing is computed here but places.

mod agreement;
mod blindness;
mod calibration;
mod confusion;
mod consequence;
mod cost;
mod dose_response;
mod operating;
mod severity_response;
mod slices;
mod unscored;

pub(super) use agreement::{AgreementGrid, AgreementView, SameFlag};
#[cfg(test)]
pub(super) use blindness::CeilingBand;
pub(super) use blindness::{Apart, AxisRow, BlindnessView, JudgeRow};
pub(super) use calibration::{CalibrationPanel, CalibrationView, Reliability, Worth};
pub(super) use confusion::{ConfusionGrid, ConfusionView};
#[cfg(test)]
pub(super) use consequence::SystemRow;
pub(super) use consequence::{ConsequencePanel, ConsequenceView};
pub(super) use cost::{CostPanel, CostRow, CostView};
pub(super) use dose_response::{DoseMark, DosePanel, DoseResponseView, DoseSeries};
pub(super) use operating::{Curves, OperatingView};
pub(super) use severity_response::{ResponsePanel, ResponsePoint, SeverityResponseView};
#[cfg(test)]
pub(super) use slices::SliceGroup;
pub(super) use slices::{SlicePanel, SliceRow, SlicesView};
pub(super) use unscored::{UnscoredRow, UnscoredView};

use super::format::label_source;
use super::own::OwnFirst;
use crate::measure::{Evaluation, JudgeEvaluation};
use crate::stats::Estimate;

/// A point with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub(super) value: f64,
    pub(super) limits: Option<(f64, f64)>,
}

impl Mark {
    pub(super) fn of(estimate: &Estimate) -> Option<Self> {
        let limits = estimate.interval().map(|interval| (interval.lower, interval.upper));
        estimate.value.map(|value| Self { value, limits })
    }
}

/// What stands under the title of every figure: what the labels are, and how sure the marks are.
pub(super) fn labels_and_level(evaluation: &Evaluation) -> String {
    format!(
        "Measured against {}; bars are {:.0} % intervals over clusters",
        label_source(evaluation.gold.label_source),
        100.0 * evaluation.settings.level
    )
}

/// The judges that small multiples draw: those that were brought to the audit, or the baselines where there are no others, and
/// of them at most so many; the tables have all.
pub(super) fn drawn_judges(evaluation: &Evaluation, most: usize) -> Vec<&JudgeEvaluation> {
    OwnFirst::of(evaluation).own.into_iter().take(most).collect()
}

/// What of the judges a figure leaves out; `None` where it has all.
pub(super) fn drawn_in_words(evaluation: &Evaluation, drawn: usize) -> Option<String> {
    let judges = evaluation.judges.len();
    let without = if OwnFirst::of(evaluation).baselines.is_empty() { "" } else { ", no baselines" };
    (drawn < judges).then(|| format!("{drawn} of {judges} judges{without}"))
}

/// The judges as figures draw them: those that were brought to the audit before the baselines, each in the order of the
/// evaluation.
pub(super) fn in_drawing_order(evaluation: &Evaluation) -> Vec<&JudgeEvaluation> {
    OwnFirst::of(evaluation).all().collect()
}

/// What a figure draws where that is not all, and the table that has the rest.
pub(super) fn drawn_of(table: &str, parts: &[String]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    format!(" Drawn: {}; tables/{table}.csv has all.", parts.join("; "))
}

/// Leaves the first panels, as many as fit on a page, and says what is left out.
fn first_panels<T>(panels: &mut Vec<T>, most: usize, what: &str, table: &str) -> String {
    let all = panels.len();
    panels.truncate(most);
    drawn_of(table, (all > most).then(|| format!("{most} of {all} {what}")).as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_says_what_it_leaves_out() {
        assert_eq!(drawn_of("slices", &[]), "");
        let parts = ["2 of 7 judges, no baselines", "8 of 11 slices"].map(str::to_owned);
        assert_eq!(
            drawn_of("slices", &parts),
            " Drawn: 2 of 7 judges, no baselines; 8 of 11 slices; tables/slices.csv has all."
        );
        let mut panels: Vec<u8> = (0..9).collect();
        assert_eq!(first_panels(&mut panels, 9, "judges", "confusion"), "");
        let drawn = first_panels(&mut panels, 2, "judges", "confusion");
        assert_eq!((drawn.as_str(), panels), (" Drawn: 2 of 9 judges; tables/confusion.csv has all.", vec![0, 1]));
    }
}
