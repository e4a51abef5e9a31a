//! Confusion grids: gold severity against judge severity, with the examples that got no verdict.

use plotters::prelude::RGBColor;

use super::Figure;
use super::canvas::{Align, Canvas, FAINT, INK, PAPER, Weight, colour, draw as draw_svg};
use crate::model::Axis;
use crate::report::view::{ConfusionGrid, ConfusionRow, ConfusionView};

const WIDTH: i32 = 1000;
const TOP: i32 = 84;
const CELL: (i32, i32) = (46, 24);
const GRID_LEFT: [i32; 2] = [136, 624];
const HEADS: i32 = 46;

pub(super) fn draw(view: &ConfusionView, labels: &str) -> Figure {
    let title = "Confusion: gold severity (rows) by judge severity (columns)".to_owned();
    let description = describe(view, labels);
    let heights: Vec<i32> = view.judges.iter().map(height).collect();
    let svg = draw_svg((WIDTH, TOP + heights.iter().sum::<i32>()), &title, &description, |canvas| {
        canvas.text((16, 22), &title, 17.0, Align::Left, Weight::Bold, INK);
        let subtitle = format!(
            "{labels}; shade: share of the row; thick lines: thresholds of gold and judge; last column: no verdict"
        );
        canvas.text((16, 44), &subtitle, 12.0, Align::Left, Weight::Normal, FAINT);
        let mut top = TOP;
        for (row, height) in view.judges.iter().zip(&heights) {
            canvas.text((16, top), &row.judge, 13.0, Align::Left, Weight::Bold, INK);
            for (grid, left) in row.grids.iter().zip(GRID_LEFT) {
                if let Some(grid) = grid {
                    draw_grid(canvas, grid, left, top + HEADS);
                }
            }
            top += height;
        }
    });
    Figure { name: "confusion", title, description, svg }
}

fn height(row: &ConfusionRow) -> i32 {
    let rows = row.grids.iter().flatten().map(|grid| grid.cells.len() as i32).max().unwrap_or(1);
    HEADS + rows * CELL.1 + 34
}

fn draw_grid(canvas: &Canvas<'_>, grid: &ConfusionGrid, left: i32, top: i32) {
    let levels = grid.cells.len() as i32;
    let name = if grid.axis == Axis::Omission { "Omission" } else { "Commission" };
    canvas.text((left, top - 32), name, 12.0, Align::Left, Weight::Bold, colour(grid.axis));
    for column in 0..=levels {
        let head = if column == levels { "no verdict".to_owned() } else { column.to_string() };
        let aside = if column == levels { 8 } else { 0 };
        let x = left + column * CELL.0 + CELL.0 / 2 + aside;
        canvas.text((x, top - 12), &head, 10.5, Align::Centre, Weight::Normal, FAINT);
    }
    for (row, cells) in grid.cells.iter().enumerate() {
        let y = top + row as i32 * CELL.1;
        let label = format!("{} {row}", short(&grid.levels[row]));
        canvas.text((left - 8, y + CELL.1 / 2), &label, 11.0, Align::Right, Weight::Normal, INK);
        let total: f64 = cells.iter().sum();
        for (column, count) in cells.iter().enumerate() {
            let aside = if column as i32 == levels { 8 } else { 0 };
            let corner = (left + column as i32 * CELL.0 + aside, y);
            draw_cell(canvas, grid.axis, corner, *count, total);
        }
    }
    let (right, bottom) = (left + levels * CELL.0, top + levels * CELL.1);
    let gold = top + grid.threshold as i32 * CELL.1;
    canvas.line((left, gold), (right + CELL.0 + 8, gold), 2, INK);
    let judge = left + grid.flag_at as i32 * CELL.0;
    canvas.line((judge, top), (judge, bottom), 2, INK);
}

fn draw_cell(canvas: &Canvas<'_>, axis: Axis, (x, y): (i32, i32), count: f64, total: f64) {
    let share = if total > 0.0 { count / total } else { 0.0 };
    canvas.rectangle((x + 1, y + 1), (x + CELL.0 - 1, y + CELL.1 - 1), tint(colour(axis), share));
    let text = if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.1}") };
    let ink = if share > 0.55 { PAPER } else { INK };
    canvas.text((x + CELL.0 / 2, y + CELL.1 / 2), &text, 11.0, Align::Centre, Weight::Normal, ink);
}

/// From near-white to the full colour.
fn tint(full: RGBColor, share: f64) -> RGBColor {
    let mix = |channel: u8| (245.0 + (f64::from(channel) - 245.0) * share).round() as u8;
    RGBColor(mix(full.0), mix(full.1), mix(full.2))
}

/// A level name that fits beside its row.
fn short(level: &str) -> String {
    const CHARACTERS: usize = 16;
    if level.chars().count() <= CHARACTERS {
        return level.to_owned();
    }
    let mut cut: String = level.chars().take(CHARACTERS - 1).collect();
    cut.push('…');
    cut
}

fn describe(view: &ConfusionView, labels: &str) -> String {
    let mut text = format!("One pair of grids a judge ({labels}).");
    for row in &view.judges {
        for grid in row.grids.iter().flatten() {
            let rows: Vec<String> = grid
                .cells
                .iter()
                .enumerate()
                .map(|(gold, cells)| {
                    let counts: Vec<String> = cells.iter().map(|count| format!("{count}")).collect();
                    format!("gold {gold}: {}", counts.join(", "))
                })
                .collect();
            text.push_str(&format!(" {}, {}: {}.", row.judge, grid.axis, rows.join("; ")));
        }
    }
    text
}
