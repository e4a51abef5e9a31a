//! Figures as SVG, one file each, drawn from the view model.

mod blindness;
mod canvas;
mod confusion;
mod recall;

use super::view::{blindness_view, confusion_view, recall_view};
use crate::measure::Evaluation;

/// A figure ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// File name without its ending.
    pub name: &'static str,
    /// What it shows.
    pub title: String,
    /// What a reader who does not see it should know.
    pub description: String,
    /// The SVG.
    pub svg: String,
}

/// The figures of an evaluation: recall and, where a judge gives severities, blindness and confusion.
pub fn figures(evaluation: &Evaluation) -> Vec<Figure> {
    let labels = super::format::label_source(evaluation.gold.label_source);
    let single = evaluation.judges.iter().filter(|judge| judge.scale.is_some()).count();
    let of_severities = match single {
        0 => labels.to_owned(),
        1 => format!("{labels}; without the judge that gives one score"),
        several => format!("{labels}; without the {several} judges that give one score"),
    };
    let (blindness, confusion) = (blindness_view(evaluation), confusion_view(evaluation));
    // Judges with one score have nothing to show there.
    let (any_curve, any_grid) = (!blindness.panels.is_empty(), !confusion.judges.is_empty());
    let mut figures = vec![recall::draw(&recall_view(evaluation), labels, evaluation.settings.level)];
    figures.extend(any_curve.then(|| blindness::draw(&blindness, &of_severities)));
    figures.extend(any_grid.then(|| confusion::draw(&confusion, &of_severities)));
    figures
}
