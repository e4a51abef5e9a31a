//! Figures as SVG, one file each, drawn from the view models; each on a wide and on a narrow sheet.

mod blindness;
mod canvas;
#[cfg(test)]
mod checks;
mod confusion;
mod drawing;
mod legend;
mod severity_response;
mod text;

pub use drawing::Figure;

use drawing::figure;

use super::view::{BlindnessView, ConfusionView, SeverityResponseView};
use crate::measure::Evaluation;

/// The figures of an evaluation that have something to show, in the order in which they are read.
pub fn figures(evaluation: &Evaluation) -> Vec<Figure> {
    let response = SeverityResponseView::of(evaluation);
    let confusion = ConfusionView::of(evaluation);
    let mut figures = vec![figure(&BlindnessView::of(evaluation))];
    figures.extend((!response.panels.is_empty()).then(|| figure(&response)));
    figures.extend((!confusion.judges.is_empty()).then(|| figure(&confusion)));
    figures
}
