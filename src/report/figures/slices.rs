//! Figure 5: a forest of recalls, one panel a judge and slice.

use super::canvas::{Canvas, Fill};
use super::drawing::Drawing;
use super::legend;
use super::panels::{Forest, Panels, Place};
use crate::model::Axis;
use crate::report::view::{SlicePanel, SliceRow, SlicesView};

const LEAST: i32 = 340;
/// A row with marks on both axes, and one with a mark on one.
const BOTH: i32 = 30;
const ONE: i32 = 19;

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
        legend::height_of_axes(width) + self.laid_out(width).height() + 8
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        legend::paint_axes(canvas, legend::with_interval, width, top);
        let top = top + legend::height_of_axes(width);
        let panels = self.laid_out(width);
        let forest = self.forest(panels.width());
        for (index, panel) in self.panels.iter().enumerate() {
            paint_panel(canvas, &forest, panel, panels.place(index, top));
        }
    }
}

impl SlicesView {
    fn laid_out(&self, width: i32) -> Panels {
        Panels::new(width, LEAST, self.panels.iter().map(|panel| Forest::height(row_height(panel), panel.rows.len())))
    }

    fn forest(&self, width: i32) -> Forest {
        let rows = || self.panels.iter().flat_map(|panel| &panel.rows);
        let counts = rows().flat_map(|row| Axis::ALL.map(|axis| row.recall.get(axis).as_ref())).flatten();
        Forest::new(width, rows().map(|row| row.value.as_str()), counts.map(|(_, count)| count.as_str()))
    }
}

/// Whether a row has a mark on both axes, which then stand one below the other.
fn has_both(row: &SliceRow) -> bool {
    Axis::ALL.iter().all(|axis| row.recall.get(*axis).is_some())
}

fn row_height(panel: &SlicePanel) -> i32 {
    if panel.rows.iter().any(has_both) { BOTH } else { ONE }
}

fn paint_panel(canvas: &Canvas<'_>, forest: &Forest, panel: &SlicePanel, place: Place) {
    let height = row_height(panel);
    let plot = forest.frame(canvas, place, &panel.name, height * panel.rows.len() as i32);
    for (index, row) in panel.rows.iter().enumerate() {
        let middle = plot.up + height * index as i32 + height / 2;
        forest.name(canvas, &plot, middle, &row.value);
        for axis in Axis::ALL {
            let aside = match axis {
                _ if !has_both(row) => 0,
                Axis::Omission => -6,
                Axis::Commission => 7,
            };
            if let Some((mark, count)) = row.recall.get(axis) {
                plot.mark_level(canvas, middle + aside, mark, axis, Fill::Solid);
                forest.count(canvas, &plot, middle + aside, count);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::Mark;

    /// Panels with two rows and more; in every third one axis alone.
    fn view(panels: usize) -> SlicesView {
        let mark = |value: f64| Some((Mark { value, limits: Some((0.0, 1.0)) }, "10000.5/20000".to_owned()));
        let row = |index: usize, both: bool| SliceRow {
            value: format!("value-{index}-{}", "wide".repeat(15)),
            recall: PerAxis { omission: mark(index as f64 / 20.0), commission: if both { mark(0.5) } else { None } },
        };
        let panel = |index: usize| SlicePanel {
            name: format!("judge-{index}-{}: slice", "wide".repeat(15)),
            rows: (0..2 + index % 19).map(|value| row(value, !index.is_multiple_of(3))).collect(),
        };
        SlicesView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            panels: (0..panels).map(panel).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_in_one_five_and_twenty_panels() {
        holds_when_crowded(view);
    }

    #[test]
    fn each_value_has_its_marks() {
        let figure = figure(&view(5));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let marks = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        // Panels of 2, 3, 4, 5 and 6 rows and the legend; a circle has a fill and an outline. The first and the fourth panel
        // have no diamonds.
        assert_eq!((marks("circle"), marks("polygon")), (2 * (2 + 3 + 4 + 5 + 6 + 1), 3 + 4 + 6 + 1));
    }

    #[test]
    fn a_name_is_not_cut_where_there_is_room() {
        let mut view = view(1);
        view.panels[0].rows.iter_mut().for_each(|row| row.value = "a subgroup with a long name".to_owned());
        let words = texts(&figure(&view).svg);
        assert_eq!(words.iter().filter(|text| *text == "a subgroup with a long name").count(), 2, "{words:?}");
    }
}
