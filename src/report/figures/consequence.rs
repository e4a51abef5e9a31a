//! Figure 8: harm rate of each system as the judge reports it, against the corrected one.

use super::canvas::{Canvas, FAINT, Fill, INK};
use super::drawing::Drawing;
use super::legend::{self, Entry, Paint};
use super::panels::{Forest, Forests, Place};
use super::plot::SIZE;
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{ConsequencePanel, ConsequenceView, Mark};

const ROW: i32 = 28;
/// The line on pairs that flip.
const FLIPS: i32 = 22;
const LEGEND: [&str; 3] = ["as the judge reports it", "from the judge and a part of the labels", "by all labels"];

impl Drawing for ConsequenceView {
    const NAME: &'static str = "consequence";

    fn title(&self) -> String {
        self.title.clone()
    }

    fn note(&self) -> String {
        self.note.clone()
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
        legend::height(&LEGEND, width) + 12 + self.forests(width).height()
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
        self.forests(width).paint(&self.panels, top, |forest, panel, place| paint_panel(canvas, forest, panel, place));
    }
}

impl ConsequenceView {
    fn forests(&self, width: i32) -> Forests {
        let rows = || self.panels.iter().flat_map(|panel| &panel.rows);
        let fields = self.panels.iter().map(|panel| ROW * panel.rows.len() as i32);
        Forests::new(width, fields, FLIPS, rows().map(|row| row.system.as_str()), rows().map(|row| row.n.as_str()))
    }
}

fn paint_panel(canvas: &Canvas<'_>, forest: &Forest, panel: &ConsequencePanel, place: Place) {
    let height = ROW * panel.rows.len() as i32;
    let plot = forest.frame(canvas, place, &panel.name, height);
    let flips = fitted(&panel.flips, SIZE, false, place.width);
    canvas.label((place.left, plot.up + height + 28), &flips, SIZE, INK);
    for (index, row) in panel.rows.iter().enumerate() {
        let y = plot.up + ROW * index as i32 + ROW / 2;
        forest.name(canvas, &plot, y, &row.system);
        if let Some(share) = row.by_labels {
            canvas.line((plot.x(share), y - 9), (plot.x(share), y + 9), 3, FAINT);
        }
        if let Some(mark) = &row.reported {
            plot.mark_level(canvas, y - 5, &Mark { limits: None, ..*mark }, panel.axis, Fill::Hollow);
        }
        if let Some(mark) = &row.corrected {
            plot.mark_level(canvas, y + 5, mark, panel.axis, Fill::Solid);
        }
        forest.count(canvas, &plot, y, &row.n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::holds_when_crowded;
    use crate::report::figures::drawing::figure;
    use crate::report::view::SystemRow;

    fn view(panels: usize) -> ConsequenceView {
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
        ConsequenceView {
            title: "Harm rates of 12 systems as each judge reports them, and corrected".to_owned(),
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            panels: (0..panels).map(panel).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_in_one_five_and_twenty_panels() {
        holds_when_crowded(view);
    }

    #[test]
    fn each_system_has_three_marks() {
        let figure = figure(&view(5));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
        // Reported and corrected of each of 2 + 3 + 4 + 5 + 6 systems and of the legend, fill and outline each.
        assert_eq!(circles, (2 * 20 + 2) * 2);
    }
}
