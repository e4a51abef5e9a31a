//! Figure 5: a forest of recalls by subgroup, one panel a judge, beside its recall over all.

use super::canvas::{Canvas, FAINT, Fill};
use super::drawing::Drawing;
use super::legend::{self, Entry};
use super::panels::{Forest, Forests, Place};
use super::plot::Plot;
use crate::model::Axis;
use crate::report::view::{SlicePanel, SliceRow, SlicesView};

/// A row with marks on both axes, one with a mark on one, and the name of a slice above its rows.
const BOTH: i32 = 30;
const ONE: i32 = 19;
const GROUP: i32 = 17;
const OVERALL: &str = "the judge's recall over all";
const LEGEND: [&str; 3] = [Axis::Omission.name(), Axis::Commission.name(), OVERALL];

impl Drawing for SlicesView {
    const NAME: &'static str = "slices";

    fn title(&self) -> String {
        if self.picked {
            "The subgroups in which each judge's recall differs most from its recall over all".to_owned()
        } else {
            "How much of the harm is seen in each subgroup".to_owned()
        }
    }

    fn note(&self) -> String {
        self.note.clone()
    }

    fn caption(&self) -> String {
        let picked = if self.picked {
            " Subgroups are picked because they differ, so that the differences are likely to be somewhat too large."
        } else {
            ""
        };
        format!(
            "Circles are omission, diamonds commission; the tick is the judge's recall over all examples. Intervals of small \
             subgroups are wide: two that overlap do not show a difference.{picked} Paired framings are the same facts put \
             in two ways, on responses that are harmful in both."
        )
    }

    fn describe(&self) -> String {
        let mut text = format!("Recall by subgroup. {}", self.note);
        for panel in &self.panels {
            let mut parts = Vec::new();
            for axis in Axis::ALL {
                parts.extend(panel.overall.get(axis).map(|share| format!("{axis} over all {:.0} %", 100.0 * share)));
            }
            for (group, row) in panel.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row))) {
                parts.extend(Axis::ALL.into_iter().filter_map(|axis| {
                    let (mark, count) = row.recall.get(axis).as_ref()?;
                    Some(format!("{} {} {axis} {:.0} % ({count})", group.name, row.value, 100.0 * mark.value))
                }));
            }
            text.push_str(&format!(" {}: {}.", panel.name, parts.join(", ")));
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        legend::height(&LEGEND, width) + 10 + self.forests(width).height() + 8
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let entry = |axis: Axis| Entry { words: LEGEND[axis.index()], paint: legend::with_interval(axis) };
        let tick = Entry { words: OVERALL, paint: Box::new(|canvas, x, y| overall(canvas, (x + 13, y))) };
        legend::paint(canvas, &[entry(Axis::Omission), entry(Axis::Commission), tick], width, top + 4);
        let top = top + legend::height(&LEGEND, width) + 10;
        self.forests(width).paint(&self.panels, top, |forest, panel, place| paint_panel(canvas, forest, panel, place));
    }
}

impl SlicesView {
    fn forests(&self, width: i32) -> Forests {
        let groups = || self.panels.iter().flat_map(|panel| &panel.groups);
        let rows = || groups().flat_map(|group| &group.rows);
        let counts = rows().flat_map(|row| Axis::ALL.map(|axis| row.recall.get(axis).as_ref())).flatten();
        let names = groups().map(|group| group.name.as_str()).chain(rows().map(|row| row.value.as_str()));
        Forests::new(width, self.panels.iter().map(field), 0, names, counts.map(|(_, count)| count.as_str()))
    }
}

/// Height of the field of a panel.
fn field(panel: &SlicePanel) -> i32 {
    let rows: usize = panel.groups.iter().map(|group| group.rows.len()).sum();
    GROUP * panel.groups.len() as i32 + row_height(panel) * rows as i32
}

/// Whether a row has a mark on both axes, which then stand one below the other.
fn has_both(row: &SliceRow) -> bool {
    Axis::ALL.iter().all(|axis| row.recall.get(*axis).is_some())
}

fn row_height(panel: &SlicePanel) -> i32 {
    let mut rows = panel.groups.iter().flat_map(|group| &group.rows);
    if rows.any(has_both) { BOTH } else { ONE }
}

/// The tick of a recall over all.
fn overall(canvas: &Canvas<'_>, (x, y): (i32, i32)) {
    canvas.line((x, y - 6), (x, y + 6), 3, FAINT);
}

fn paint_panel(canvas: &Canvas<'_>, forest: &Forest, panel: &SlicePanel, place: Place) {
    let plot = forest.frame(canvas, place, &panel.name, field(panel));
    let height = row_height(panel);
    let mut y = plot.up;
    for group in &panel.groups {
        forest.group(canvas, &plot, y + GROUP / 2 + 2, &group.name);
        y += GROUP;
        for row in &group.rows {
            paint_row(canvas, forest, &plot, panel, row, y + height / 2);
            y += height;
        }
    }
}

fn paint_row(canvas: &Canvas<'_>, forest: &Forest, plot: &Plot, panel: &SlicePanel, row: &SliceRow, middle: i32) {
    forest.name(canvas, plot, middle, &row.value);
    for axis in Axis::ALL {
        let aside = match axis {
            _ if !has_both(row) => 0,
            Axis::Omission => -6,
            Axis::Commission => 7,
        };
        let Some((mark, count)) = row.recall.get(axis) else { continue };
        if let Some(share) = panel.overall.get(axis) {
            overall(canvas, (plot.x(*share), middle + aside));
        }
        plot.mark_level(canvas, middle + aside, mark, axis, Fill::Solid);
        forest.count(canvas, plot, middle + aside, count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::{Mark, SliceGroup};

    /// Panels with three rows and more in two groups; in every third one axis alone.
    fn view(panels: usize) -> SlicesView {
        let mark = |value: f64| Some((Mark { value, limits: Some((0.0, 1.0)) }, "10000.5/20000".to_owned()));
        let row = |index: usize, both: bool| SliceRow {
            value: format!("value-{index}-{}", "wide".repeat(15)),
            recall: PerAxis { omission: mark(index as f64 / 20.0), commission: if both { mark(0.5) } else { None } },
        };
        let group = |panel: usize, rows: usize| SliceGroup {
            name: format!("slice-{panel}-{}", "wide".repeat(15)),
            rows: (0..rows).map(|value| row(value, !panel.is_multiple_of(3))).collect(),
        };
        let panel = |index: usize| SlicePanel {
            name: format!("judge-{index}-{}", "wide".repeat(15)),
            overall: PerAxis { omission: Some(0.3), commission: Some(0.95) },
            groups: vec![group(index, 1), group(index, 2 + index % 19)],
        };
        SlicesView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            panels: (0..panels).map(panel).collect(),
            picked: true,
        }
    }

    #[test]
    fn nothing_overlaps_in_one_five_and_twenty_panels() {
        holds_when_crowded(view);
    }

    #[test]
    fn each_value_has_its_marks_and_each_slice_its_name() {
        let figure = figure(&view(5));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let marks = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        // Panels of 3, 4, 5, 6 and 7 rows and the legend; a circle has a fill and an outline. The first and the fourth panel
        // have no diamonds.
        assert_eq!((marks("circle"), marks("polygon")), (2 * (3 + 4 + 5 + 6 + 7 + 1), 4 + 5 + 7 + 1));
        assert_eq!(texts(&figure.svg).iter().filter(|text| text.starts_with("slice-")).count(), 2 * 5);
    }

    #[test]
    fn a_name_is_not_cut_where_there_is_room() {
        let mut view = view(1);
        for group in &mut view.panels[0].groups {
            group.name = "a slice".to_owned();
            group.rows.iter_mut().for_each(|row| row.value = "a subgroup with a long name".to_owned());
        }
        let words = texts(&figure(&view).svg);
        assert_eq!(words.iter().filter(|text| *text == "a subgroup with a long name").count(), 3, "{words:?}");
    }
}
