//! Figure 10: who gave no verdict, why, and on which gold severity.

use super::canvas::{Align, Canvas, FAINT, INK, OMISSION, Weight, ink_on, tint};
use super::drawing::{Drawing, EDGE, columns, rows_of};
use super::text::{fitted, named, wrapped};
use crate::report::view::{UnscoredRow, UnscoredView};

const SIZE: f64 = 11.0;
const CELL_HEIGHT: i32 = 24;
const ROW: i32 = 96;
/// Width of a row at least; a wide sheet has two beside each other.
const LEAST: i32 = 440;
const GAP: i32 = 20;

impl Drawing for UnscoredView {
    const NAME: &'static str = "unscored";
    const TINTED: bool = true;

    fn title(&self) -> String {
        "Where verdicts did not come: reasons, and examples by gold severity".to_owned()
    }

    fn note(&self) -> String {
        format!(
            "{}; cells: examples without a verdict of all at that severity; the darker, the larger the share.{}",
            self.note, self.drawn
        )
    }

    fn caption(&self) -> String {
        "A judge whose cells darken to the right stays silent where the harm is. Judges and axes on which every verdict came \
         are not listed."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = "Judges and axes with examples that got no verdict.".to_owned();
        for row in &self.rows {
            let cells: Vec<String> = row
                .by_severity
                .iter()
                .enumerate()
                .map(|(severity, (missing, of))| format!("{} of {} at {severity}", written(*missing), written(*of)))
                .collect();
            text.push_str(&format!(" {}: {}; {}.", row.name, row.reasons, cells.join(", ")));
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        ROW * rows_of(self.rows.len(), columns(width, LEAST).0) + 8
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let (across, cell) = columns(width, LEAST);
        for (index, row) in self.rows.iter().enumerate() {
            let (column, line) = (index as i32 % across, index as i32 / across);
            paint_row(canvas, row, (EDGE + column * cell, top + ROW * line), cell - GAP);
        }
    }
}

fn paint_row(canvas: &Canvas<'_>, row: &UnscoredRow, (from, up): (i32, i32), room: i32) {
    canvas.text((from, up + 8), &named(&row.name, 12.0, true, room), 12.0, Align::Left, Weight::Bold, INK);
    for (line, words) in wrapped(&row.reasons, SIZE, false, room).iter().take(1).enumerate() {
        canvas.label((from, up + 26 + 14 * line as i32), words, SIZE, FAINT);
    }
    let cells = row.by_severity.len().max(1) as i32;
    let cell = (room / cells).min(110);
    for (severity, (missing, of)) in row.by_severity.iter().enumerate() {
        let left = from + severity as i32 * cell;
        let share = if *of > 0.0 { missing / of } else { 0.0 };
        let top = up + 38;
        canvas.rectangle((left + 1, top), (left + cell - 1, top + CELL_HEIGHT), tint(OMISSION, share));
        let words = fitted(&format!("{}/{}", written(*missing), written(*of)), SIZE, false, cell - 4);
        canvas.centred((left + cell / 2, top + CELL_HEIGHT / 2), &words, SIZE, ink_on(OMISSION, share));
        let words = if severity == 0 { "gold 0".to_owned() } else { severity.to_string() };
        canvas.centred((left + cell / 2, top + CELL_HEIGHT + 10), &words, 10.0, FAINT);
    }
}

fn written(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Axis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;

    /// Two rows a judge, as where neither axis was answered.
    fn view(judges: usize) -> UnscoredView {
        let row = |judge: usize| UnscoredRow {
            name: format!("judge-{judge:02}-{}, omission", "wide".repeat(15)),
            axis: Axis::Omission,
            reasons: format!("110 of 1000: {}", "no_verdict 10, ".repeat(11)),
            by_severity: (0..5).map(|severity| (f64::from(severity), 10_000.5)).collect(),
        };
        let drawn = " Drawn: 24 of 40; tables/unscored.csv has all.".to_owned();
        let rows = (0..2 * judges).map(row).collect();
        UnscoredView { note: "Measured against human labels".to_owned(), drawn, rows }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(view);
    }

    #[test]
    fn every_severity_has_a_cell() {
        let words = texts(&figure(&view(5)).svg);
        assert_eq!(words.iter().filter(|text| text.ends_with("/10000.5")).count(), 5 * 2 * 5);
    }
}
