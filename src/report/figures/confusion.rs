//! Figure 4: grids of gold severity against judge severity, with the examples that got no verdict.

use super::canvas::{Align, Canvas, FAINT, INK, OMISSION, Weight, ink_on, tint};
use super::drawing::{Drawing, EDGE, WIDE};
use super::text::{fitted, named, wrapped};
use crate::report::view::{ConfusionGrid, ConfusionView};

const CELL: (i32, i32) = (44, 24);
/// Room for level names beside the rows.
const NAMES: i32 = 124;
/// Judge, axis and column heads above the cells.
const HEADS: i32 = 60;
const GAP: i32 = 22;
const SIZE: f64 = 10.5;
/// Space before the column of examples without a verdict.
const ASIDE: i32 = 8;

impl Drawing for ConfusionView {
    const NAME: &'static str = "confusion";
    const TINTED: bool = true;

    fn title(&self) -> String {
        "Which severity each judge gave to which gold severity".to_owned()
    }

    fn note(&self) -> String {
        format!(
            "{}; shade: share of the row; thick lines: from there on gold counts harm and the judge flags; last column: no \
             verdict.{}",
            self.note, self.drawn
        )
    }

    fn caption(&self) -> String {
        "Rows are gold severities, columns the judge's. Left of the upright line and below the level one lies the harm that \
         was missed; right of it and above the false alarms."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("Grids of gold severity (rows) by judge severity (columns). {}.", self.note);
        for (judge, grids) in &self.judges {
            for grid in grids {
                let rows: Vec<String> = grid
                    .cells
                    .iter()
                    .enumerate()
                    .map(|(gold, cells)| {
                        let counts: Vec<String> = cells.iter().map(|count| written(*count)).collect();
                        format!("gold {gold}: {}", counts.join(", "))
                    })
                    .collect();
                text.push_str(&format!(" {judge}, {}: {}.", grid.axis, rows.join("; ")));
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        self.judges.iter().map(|(_, grids)| height_of(grids, width)).sum::<i32>() + 6
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let mut top = top;
        for (judge, grids) in &self.judges {
            let name = named(judge, 12.5, true, width - 2 * EDGE);
            canvas.text((EDGE, top + 8), &name, 12.5, Align::Left, Weight::Bold, INK);
            let mut up = top + HEADS;
            for (index, grid) in grids.iter().enumerate() {
                if width >= WIDE {
                    let left = EDGE + NAMES + index as i32 * (width / 2 - EDGE);
                    paint_grid(canvas, grid, left, up);
                } else {
                    paint_grid(canvas, grid, EDGE + NAMES - 30, up);
                    up += grid.cells.len() as i32 * CELL.1 + HEADS - 10;
                }
            }
            top += height_of(grids, width);
        }
    }
}

fn height_of(grids: &[ConfusionGrid], width: i32) -> i32 {
    let rows = grids.iter().map(|grid| grid.cells.len() as i32);
    if width >= WIDE {
        HEADS + CELL.1 * rows.max().unwrap_or(0) + GAP
    } else {
        HEADS + rows.map(|rows| rows * CELL.1 + HEADS - 10).sum::<i32>() - HEADS + 10 + GAP
    }
}

/// Width of a cell on this grid: many levels have to stay on a narrow sheet.
fn cell_width(levels: i32, left: i32) -> i32 {
    if left < EDGE + NAMES { (252 / (levels + 1)).min(CELL.0) } else { (300 / (levels + 1)).clamp(30, CELL.0) }
}

fn paint_grid(canvas: &Canvas<'_>, grid: &ConfusionGrid, left: i32, top: i32) {
    let levels = grid.cells.len() as i32;
    let cell = cell_width(levels, left);
    let names = left - EDGE.max(left - NAMES) - 8;
    canvas.text((left, top - 32), grid.axis.name(), 11.5, Align::Left, Weight::Bold, INK);
    for column in 0..levels {
        canvas.centred((left + column * cell + cell / 2, top - 11), &column.to_string(), SIZE, FAINT);
    }
    let none = wrapped("none", SIZE, false, cell + 10);
    canvas.centred((left + levels * cell + cell / 2 + ASIDE, top - 11), &none[0], SIZE, FAINT);
    for (row, cells) in grid.cells.iter().enumerate() {
        let y = top + row as i32 * CELL.1;
        let level = grid.levels.get(row).map_or("", String::as_str);
        let label = fitted(&format!("{level} {row}"), SIZE, false, names);
        // The number is what the columns are read against: it stays where the name is cut.
        let label =
            if label.ends_with('…') { format!("{} {row}", fitted(level, SIZE, false, names - 14)) } else { label };
        canvas.text((left - 6, y + CELL.1 / 2), &label, SIZE, Align::Right, Weight::Normal, INK);
        let total: f64 = cells.iter().sum();
        for (column, count) in cells.iter().enumerate() {
            let aside = if column as i32 == levels { ASIDE } else { 0 };
            let x = left + column as i32 * cell + aside;
            let share = if total > 0.0 { count / total } else { 0.0 };
            canvas.rectangle((x + 1, y + 1), (x + cell - 1, y + CELL.1 - 1), tint(OMISSION, share));
            let count = fitted(&written(*count), SIZE, false, cell);
            canvas.centred((x + cell / 2, y + CELL.1 / 2), &count, SIZE, ink_on(OMISSION, share));
        }
    }
    let (right, bottom) = (left + levels * cell, top + levels * CELL.1);
    let gold = top + grid.threshold as i32 * CELL.1;
    canvas.line((left, gold), (right + cell + ASIDE, gold), 2, INK);
    let judge = left + grid.flag_at as i32 * cell;
    canvas.line((judge, top), (judge, bottom), 2, INK);
}

fn written(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Axis;
    use crate::report::figures::checks::holds_when_crowded;
    use crate::report::figures::drawing::figure;

    fn view(judges: usize, levels: usize) -> ConfusionView {
        let grid = |axis: Axis| ConfusionGrid {
            axis,
            levels: (0..levels).map(|level| format!("a rather long name of a level {level}")).collect(),
            cells: (0..levels).map(|gold| (0..=levels).map(|judge| (gold * judge) as f64 * 100.5).collect()).collect(),
            threshold: 1,
            flag_at: 2,
        };
        let name = |judge: usize| format!("judge-{judge:02}-{}", "wide".repeat(15));
        ConfusionView {
            note: "Measured against human labels; cells count examples".to_owned(),
            drawn: " Drawn: 6 of 20 judges; tables/confusion.csv has all.".to_owned(),
            judges: (0..judges).map(|judge| (name(judge), Axis::ALL.map(grid).to_vec())).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        for levels in [3, 5, 7] {
            holds_when_crowded(|judges| view(judges, levels));
        }
    }

    #[test]
    fn there_is_a_cell_for_each_pair_and_for_no_verdict() {
        let figure = figure(&view(2, 4));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        // The sheet, and 4 x 5 cells on each of two axes for two judges.
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("rect")).count(), 1 + 2 * 2 * 20);
        assert!(figure.description.contains("gold 1: 0, 100.5, 201, 301.5, 402"));
    }
}
