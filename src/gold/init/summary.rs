//! What was guessed, in a few lines for the terminal.

use super::examples::IdGuess;
use super::page::told;
use super::{Guess, Place};
use crate::model::Axis;

/// One line for each part of a mapping.
pub(super) fn summary(guess: &Guess, place: &Place<'_>) -> String {
    let rows = guess.example.groups.of_row.len();
    let mut text = format!("{}: {rows} rows, {} columns\n", told(place.file), guess.columns.len());
    let mut line = |part: &str, what: String| text.push_str(&format!("{part:<11} {what}\n"));
    let named = |position: usize| told(guess.path(position));
    let pick = |pick: &Option<super::Pick>| pick.as_ref().map_or("none".to_owned(), |pick| named(pick.column));
    line("prompt", pick(&guess.texts.prompt));
    line("response", pick(&guess.texts.response));
    line(
        "examples",
        match &guess.example.id {
            IdGuess::Line => format!("{rows}, one a row"),
            IdGuess::Columns(columns) => {
                let names: Vec<String> = columns.iter().map(|column| named(*column)).collect();
                format!("{} by {}", guess.example.groups.count, names.join(" and "))
            }
        },
    );
    line("cluster", pick(&guess.example.cluster));
    line("system", pick(&guess.example.system));
    for axis in Axis::ALL {
        let columns: Vec<String> =
            guess.raters.list.iter().filter_map(|rater| rater.labels.get(axis).map(named)).collect();
        let labels = if columns.is_empty() { "no labels".to_owned() } else { columns.join(", ") };
        line(axis.name(), labels);
    }
    if let Some(rater) = &guess.rater {
        line("raters", format!("in {}", named(rater.column)));
    }
    let mut judges: Vec<String> = guess.judges.iter().map(|judge| judge.name.clone()).collect();
    judges.extend(guess.models.iter().map(|model| told(model)));
    let left: Vec<usize> = guess.unnamed.iter().chain(&guess.commas).chain(&guess.unsteady).copied().collect();
    line("judges", if judges.is_empty() { "none".to_owned() } else { judges.join(", ") });
    if !left.is_empty() {
        line(
            "not used",
            format!("{}: see the end of the mapping", left.into_iter().map(named).collect::<Vec<_>>().join(", ")),
        );
    }
    text
}
