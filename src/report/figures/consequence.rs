//! Figure 8: harm rate of each system as the judge reports it, against the corrected one.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight};
use super::drawing::{Drawing, EDGE, columns};
use super::legend::{self, Entry, Paint};
use super::plot::{Plot, SIZE, heading};
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{ConsequencePanel, ConsequenceView, Mark};

const LEAST: i32 = 340;
const ROW: i32 = 28;
const NAMES: i32 = 110;
const COUNTS: i32 = 56;
const AROUND: i32 = 78;
const LEGEND: [&str; 3] = ["as the judge reports it", "from the judge and a part of the labels", "by all labels"];

impl Drawing for ConsequenceView {
    const NAME: &'static str = "consequence";

    fn title(&self) -> String {
        "Harm rates of the systems as each judge reports them, and corrected".to_owned()
    }

    fn note(&self) -> String {
        format!("{}. n: examples; at most six judges and twelve systems", self.note)
    }

    fn caption(&self) -> String {
        "Where a hollow mark lies far from the tick, a leaderboard by this judge misstates the system. The filled mark \
         combines the judge with labels on a part of the examples. A pair flips where the judge puts two systems in the \
         other order than the labels do."
            .to_owned()
    }

    fn describe(&self) -> String {
        let written =
            |mark: &Option<Mark>| mark.map_or_else(|| "-".to_owned(), |mark| format!("{:.0} %", 100.0 * mark.value));
        let mut text = "Harm rates by system.".to_owned();
        for panel in &self.panels {
            let rows: Vec<String> = panel
                .rows
                .iter()
                .map(|row| {
                    format!("{} reported {}, corrected {}", row.system, written(&row.reported), written(&row.corrected))
                })
                .collect();
            text.push_str(&format!(" {}: {}. {}.", panel.name, rows.join("; "), panel.flips));
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        let (columns, _) = columns(width, LEAST);
        legend::height(&LEGEND, width) + 12 + self.heights(columns).iter().sum::<i32>()
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let both = |fill: Fill| -> Paint<'_> {
            Box::new(move |canvas, x, y| {
                canvas.mark((x + 6, y), 4, Axis::Omission, fill);
                canvas.mark((x + 20, y), 4, Axis::Commission, fill);
            })
        };
        let tick: Paint<'_> = Box::new(|canvas, x, y| canvas.line((x + 14, y - 7), (x + 14, y + 7), 3, FAINT));
        let paints = [both(Fill::Hollow), both(Fill::Solid), tick];
        let entries: Vec<Entry<'_>> = LEGEND.iter().zip(paints).map(|(words, paint)| Entry { words, paint }).collect();
        legend::paint(canvas, &entries, width, top + 4);
        let top = top + legend::height(&LEGEND, width) + 12;
        let (columns, cell) = columns(width, LEAST);
        let heights = self.heights(columns);
        for (index, panel) in self.panels.iter().enumerate() {
            let (column, row) = (index % columns as usize, index / columns as usize);
            let up = top + heights[..row].iter().sum::<i32>();
            paint_panel(canvas, panel, EDGE + column as i32 * cell, up, cell - 16);
        }
    }
}

impl ConsequenceView {
    fn heights(&self, columns: i32) -> Vec<i32> {
        self.panels
            .chunks(columns as usize)
            .map(|panels| AROUND + ROW * panels.iter().map(|panel| panel.rows.len() as i32).max().unwrap_or(0))
            .collect()
    }
}

fn paint_panel(canvas: &Canvas<'_>, panel: &ConsequencePanel, left: i32, up: i32, width: i32) {
    heading(canvas, (left, up + 8), &panel.name, width);
    let height = ROW * panel.rows.len() as i32;
    let plot = Plot::shares(left + NAMES, up + 22, width - NAMES - COUNTS, height);
    for share in [0.0, 0.5, 1.0] {
        canvas.line(plot.at(share, 0.0), plot.at(share, 1.0), 1, RULE);
        canvas.centred((plot.x(share), plot.up + height + 11), &format!("{:.0} %", 100.0 * share), SIZE, FAINT);
    }
    canvas.label((left, plot.up + height + 28), &fitted(&panel.flips, SIZE, false, width), SIZE, INK);
    for (index, row) in panel.rows.iter().enumerate() {
        let y = plot.up + ROW * index as i32 + ROW / 2;
        let system = fitted(&row.system, SIZE, false, NAMES - 12);
        canvas.text((plot.left - 8, y), &system, SIZE, Align::Right, Weight::Normal, INK);
        if let Some(share) = row.by_labels {
            canvas.line((plot.x(share), y - 9), (plot.x(share), y + 9), 3, FAINT);
        }
        if let Some(mark) = &row.reported {
            plot.mark_level(canvas, y - 5, &Mark { limits: None, ..*mark }, panel.axis, Fill::Hollow);
        }
        if let Some(mark) = &row.corrected {
            plot.mark_level(canvas, y + 5, mark, panel.axis, Fill::Solid);
        }
        canvas.label((plot.left + plot.width + 10, y), &fitted(&row.n, 9.5, false, COUNTS - 12), 9.5, FAINT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::nothing_overlaps;
    use crate::report::figures::drawing::figure;
    use crate::report::view::SystemRow;

    #[test]
    fn each_system_has_three_marks_and_nothing_overlaps() {
        let row = |index: usize| SystemRow {
            system: format!("system-{index}-{}", "wide".repeat(15)),
            reported: Some(Mark { value: 0.2, limits: Some((0.1, 0.3)) }),
            corrected: Some(Mark { value: 0.4, limits: Some((0.2, 0.6)) }),
            by_labels: Some(0.5),
            n: "100000".to_owned(),
        };
        let panel = |index: usize| ConsequencePanel {
            name: format!("judge-{index}-{}, omission", "wide".repeat(15)),
            axis: Axis::Omission,
            rows: (0..2 + index % 11).map(row).collect(),
            flips: format!("3 of 10 pairs of systems flip: {}", "one and another; ".repeat(9)),
        };
        for panels in [1, 5, 12] {
            let view = ConsequenceView {
                note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
                panels: (0..panels).map(panel).collect(),
            };
            let figure = figure(&view);
            nothing_overlaps(&figure.svg);
            nothing_overlaps(&figure.narrow);
            let document = roxmltree::Document::parse(&figure.svg).unwrap();
            let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
            let systems: usize = (0..panels).map(|index| 2 + index % 11).sum();
            // Reported and corrected of each system and of the legend, fill and outline each.
            assert_eq!(circles, (2 * systems + 2) * 2);
        }
    }
}
