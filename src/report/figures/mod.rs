//! Figures as SVG, one file each, drawn from the view models; each on a wide and on a narrow sheet. PNG and PDF on request.

mod agreement;
mod blindness;
mod calibration;
mod canvas;
#[cfg(test)]
mod checks;
mod confusion;
mod consequence;
mod cost;
mod dose_response;
mod drawing;
mod face;
mod forms;
mod legend;
mod operating;
mod panels;
mod plot;
mod severity_response;
mod slices;
mod steps;
mod text;
mod unscored;

pub use drawing::Figure;
pub use forms::FigureError;

use drawing::figure;

use super::view::{
    AgreementView, BlindnessView, CalibrationView, ConfusionView, ConsequenceView, CostView, DoseResponseView,
    OperatingView, SeverityResponseView, SlicesView, UnscoredView,
};
use crate::measure::Evaluation;

/// The figures of an evaluation that have something to show, in the order in which they are read.
pub fn figures(evaluation: &Evaluation) -> Vec<Figure> {
    let response = SeverityResponseView::of(evaluation);
    let doses = DoseResponseView::of(evaluation);
    let calibration = CalibrationView::of(evaluation);
    let confusion = ConfusionView::of(evaluation);
    let slices = SlicesView::of(evaluation);
    let operating = OperatingView::of(evaluation);
    let agreement = AgreementView::of(evaluation);
    let consequence = ConsequenceView::of(evaluation);
    let cost = CostView::of(evaluation);
    let unscored = UnscoredView::of(evaluation);
    let mut figures = vec![figure(&BlindnessView::of(evaluation))];
    figures.extend((!response.panels.is_empty()).then(|| figure(&response)));
    figures.extend((!doses.panels.is_empty()).then(|| figure(&doses)));
    figures.extend((!calibration.panels.is_empty()).then(|| figure(&calibration)));
    figures.extend((!confusion.judges.is_empty()).then(|| figure(&confusion)));
    figures.extend((!slices.panels.is_empty()).then(|| figure(&slices)));
    figures.extend((!operating.judges.is_empty()).then(|| figure(&operating)));
    figures.extend((!agreement.grids.is_empty()).then(|| figure(&agreement)));
    figures.extend((!consequence.panels.is_empty()).then(|| figure(&consequence)));
    figures.extend((!cost.panels.is_empty()).then(|| figure(&cost)));
    figures.extend((!unscored.rows.is_empty()).then(|| figure(&unscored)));
    figures
}
