//! Figure 5: a forest of recalls, one panel a judge and slice.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight};
use super::drawing::{Drawing, EDGE, columns, rows_of};
use super::plot::{Plot, SIZE, heading};
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{SlicePanel, SlicesView};

const LEAST: i32 = 340;
const ROW: i32 = 30;
const NAMES: i32 = 120;
const COUNTS: i32 = 84;
/// Heading and scale of a panel.
const AROUND: i32 = 56;

impl Drawing for SlicesView {
    const NAME: &'static str = "slices";

    fn title(&self) -> String {
        "How much of the harm is seen in each subgroup".to_owned()
    }

    fn note(&self) -> String {
        self.note.clone()
    }

    fn caption(&self) -> String {
        "Circles are omission, diamonds commission. Intervals of small subgroups are wide: two that overlap do not show a \
         difference. Paired framings are the same facts put in two ways."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("Recall by subgroup. {}", self.note);
        for panel in &self.panels {
            let rows: Vec<String> = panel
                .rows
                .iter()
                .flat_map(|row| {
                    Axis::ALL.into_iter().filter_map(move |axis| {
                        let (mark, count) = row.recall.get(axis).as_ref()?;
                        Some(format!("{} {axis} {:.0} % ({count})", row.value, 100.0 * mark.value))
                    })
                })
                .collect();
            text.push_str(&format!(" {}: {}.", panel.name, rows.join(", ")));
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        let (columns, _) = columns(width, LEAST);
        self.heights(columns).iter().sum::<i32>() + 8
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let (columns, cell) = columns(width, LEAST);
        let heights = self.heights(columns);
        for (index, panel) in self.panels.iter().enumerate() {
            let (column, row) = (index % columns as usize, index / columns as usize);
            let up = top + heights[..row].iter().sum::<i32>();
            paint_panel(canvas, panel, EDGE + column as i32 * cell, up, cell - 16);
        }
    }
}

impl SlicesView {
    /// Height of each row of panels.
    fn heights(&self, columns: i32) -> Vec<i32> {
        debug_assert_eq!(rows_of(self.panels.len(), columns) as usize, self.panels.chunks(columns as usize).count());
        self.panels
            .chunks(columns as usize)
            .map(|panels| AROUND + ROW * panels.iter().map(|panel| panel.rows.len() as i32).max().unwrap_or(0))
            .collect()
    }
}

fn paint_panel(canvas: &Canvas<'_>, panel: &SlicePanel, left: i32, up: i32, width: i32) {
    heading(canvas, (left, up + 8), &panel.name, width);
    let height = ROW * panel.rows.len() as i32;
    let plot = Plot::shares(left + NAMES, up + 22, width - NAMES - COUNTS, height);
    for share in [0.0, 0.5, 1.0] {
        canvas.line(plot.at(share, 0.0), plot.at(share, 1.0), 1, RULE);
        canvas.centred((plot.x(share), plot.up + height + 11), &format!("{:.0} %", 100.0 * share), SIZE, FAINT);
    }
    for (index, row) in panel.rows.iter().enumerate() {
        let middle = plot.up + ROW * index as i32 + ROW / 2;
        let value = fitted(&row.value, SIZE, false, NAMES - 14);
        canvas.text((plot.left - 10, middle), &value, SIZE, Align::Right, Weight::Normal, INK);
        for axis in Axis::ALL {
            let y = if axis == Axis::Omission { middle - 6 } else { middle + 7 };
            if let Some((mark, count)) = row.recall.get(axis) {
                plot.mark_level(canvas, y, mark, axis, Fill::Solid);
                let count = fitted(count, 9.5, false, COUNTS - 12);
                canvas.label((plot.left + plot.width + 12, y), &count, 9.5, FAINT);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::nothing_overlaps;
    use crate::report::figures::drawing::figure;
    use crate::report::view::{Mark, SliceRow};

    #[test]
    fn each_value_has_its_marks_and_nothing_overlaps() {
        let mark = |value: f64| Some((Mark { value, limits: Some((0.0, 1.0)) }, "10000.5/20000".to_owned()));
        let row = |index: usize| SliceRow {
            value: format!("value-{index}-{}", "wide".repeat(15)),
            recall: PerAxis { omission: mark(index as f64 / 12.0), commission: mark(0.5) },
        };
        let panel = |index: usize| SlicePanel {
            name: format!("judge-{index}-{}: slice", "wide".repeat(15)),
            rows: (0..3 + index % 10).map(row).collect(),
        };
        for panels in [1, 5, 24] {
            let view = SlicesView {
                note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
                panels: (0..panels).map(panel).collect(),
            };
            let figure = figure(&view);
            nothing_overlaps(&figure.svg);
            nothing_overlaps(&figure.narrow);
            let document = roxmltree::Document::parse(&figure.svg).unwrap();
            let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
            assert_eq!(circles, 2 * (0..panels).map(|index| 3 + index % 10).sum::<usize>());
        }
    }
}
