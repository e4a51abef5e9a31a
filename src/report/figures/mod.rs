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

/// The three figures of an evaluation.
pub fn figures(evaluation: &Evaluation) -> Vec<Figure> {
    let labels = super::format::label_source(evaluation.gold.label_source);
    let single = evaluation.judges.iter().filter(|judge| judge.scale.is_some()).count();
    let of_severities = match single {
        0 => labels.to_owned(),
        1 => format!("{labels}; without the judge that gives one score"),
        several => format!("{labels}; without the {several} judges that give one score"),
    };
    vec![
        recall::draw(&recall_view(evaluation), labels, evaluation.settings.level),
        blindness::draw(&blindness_view(evaluation), &of_severities),
        confusion::draw(&confusion_view(evaluation), &of_severities),
    ]
}
