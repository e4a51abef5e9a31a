//! Figure 6: ROC and precision-recall curves, the judge's own rule marked.

use super::canvas::{Canvas, FAINT, Fill};
use super::drawing::{Drawing, EDGE, WIDE, rows_of};
use super::legend;
use super::plot::{Plot, heading};
use super::text::fitted;
use crate::model::{Axis, PerAxis};
use crate::report::view::{Curves, OperatingView};

const FIELD: i32 = 170;
const SCALE: i32 = 46;
const WORDS: f64 = 10.0;

/// Fields beside each other: judges in a row, width of a field with what parts it, height of a judge.
fn layout(width: i32) -> (i32, i32, i32) {
    let cell = (width - 2 * EDGE) / if width >= WIDE { 4 } else { 1 };
    if width >= WIDE { (2, cell, 24 + field_height() + 40) } else { (1, cell, 24 + 2 * field_height() + 40) }
}

const fn field_height() -> i32 {
    FIELD + 22 + 42
}

impl Drawing for OperatingView {
    const NAME: &'static str = "operating";

    fn title(&self) -> String {
        "What each judge would find at other cuts: recall against false alarms, precision against recall".to_owned()
    }

    fn note(&self) -> String {
        let (note, drawn) = (&self.note, &self.drawn);
        format!("{note}. Filled mark: the judge's own rule. Cuts of the budgets are fitted on other clusters.{drawn}")
    }

    fn caption(&self) -> String {
        "Left (above on a narrow screen) the ROC curve: on the dotted diagonal a judge sees nothing. Right precision of this \
         set, which depends on how common harm is here. Omission is the whole line, commission the dashed one."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = "Operating curves of each judge.".to_owned();
        for (judge, curves) in &self.judges {
            for axis in Axis::ALL {
                let Some(curves) = curves.get(axis) else { continue };
                let own = curves.own_roc.map_or_else(String::new, |(alarms, recall)| {
                    format!(" its own rule finds {:.0} % at {:.0} % false alarms;", 100.0 * recall, 100.0 * alarms)
                });
                let budget = curves.budget.as_deref().unwrap_or("no budget was met");
                text.push_str(&format!(" {judge}, {axis}: {} cuts;{own} {budget}.", curves.roc.len()));
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        let (across, _, height) = layout(width);
        legend::height_of_axes(width) + height * rows_of(self.judges.len(), across)
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        legend::paint_axes(canvas, legend::on_curve, width, top);
        let top = top + legend::height_of_axes(width);
        let (across, cell, height) = layout(width);
        for (index, (judge, curves)) in self.judges.iter().enumerate() {
            let (column, row) = (index as i32 % across, index as i32 / across);
            let (left, up) = (EDGE + column * 2 * cell, top + row * height);
            let room = if across == 2 { 2 * cell - 16 } else { cell - 8 };
            heading(canvas, (left, up + 8), judge, room);
            let beside = if across == 2 { (cell, 0) } else { (0, field_height()) };
            let roc = Plot::shares(left + SCALE, up + 44, cell - SCALE - 28, FIELD);
            let precision = Plot { left: roc.left + beside.0, up: roc.up + beside.1, ..roc };
            paint_fields(canvas, curves, &roc, &precision);
            let mut y = precision.up + FIELD + 44;
            for axis in Axis::ALL {
                if let Some(words) = curves.get(axis).as_ref().and_then(|curves| curves.budget.as_ref()) {
                    canvas.mark((left + 6, y), 3, axis, Fill::Solid);
                    canvas.label((left + 16, y), &fitted(words, WORDS, false, room - 20), WORDS, FAINT);
                }
                y += 15;
            }
        }
    }
}

fn paint_fields(canvas: &Canvas<'_>, curves: &PerAxis<Option<Curves>>, roc: &Plot, precision: &Plot) {
    roc.frame(canvas, "false alarms", "recall");
    precision.frame(canvas, "recall", "precision");
    canvas.dashed(roc.at(0.0, 0.0), roc.at(1.0, 1.0), 1, FAINT);
    for axis in Axis::ALL {
        let Some(curves) = curves.get(axis) else { continue };
        let line = |plot: &Plot, points: &[(f64, f64)]| -> Vec<(i32, i32)> {
            let mut line: Vec<(i32, i32)> = points.iter().map(|(x, y)| plot.at(*x, *y)).collect();
            line.dedup();
            line
        };
        canvas.curve(&line(roc, &curves.roc), axis);
        canvas.curve(&line(precision, &curves.precision), axis);
        for (plot, own) in [(roc, curves.own_roc), (precision, curves.own_precision)] {
            if let Some((x, y)) = own {
                canvas.mark(plot.at(x, y), 5, axis, Fill::Solid);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::holds_when_crowded;
    use crate::report::figures::drawing::figure;

    fn view(judges: usize) -> OperatingView {
        let curves = Curves {
            roc: (0..=20).map(|at| (f64::from(at) / 20.0, (f64::from(at) / 20.0).sqrt())).collect(),
            precision: (0..=20).map(|at| (f64::from(at) / 20.0, 1.0 - f64::from(at) / 40.0)).collect(),
            own_roc: Some((0.1, 0.4)),
            own_precision: Some((0.4, 0.8)),
            budget: Some("commission: recall 57 % [50-63] within 5 % false alarms".to_owned()),
        };
        let name = |judge: usize| format!("judge-{judge:02}-{}", "wide".repeat(15));
        let both =
            |judge: usize| (name(judge), PerAxis { omission: Some(curves.clone()), commission: Some(curves.clone()) });
        OperatingView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            drawn: String::new(),
            judges: (0..judges).map(both).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(view);
    }

    #[test]
    fn each_judge_has_two_fields_and_its_own_rule_in_both() {
        let figure = figure(&view(5));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
        // The own rule in two fields, the mark of the budget and the legend, fill and outline each.
        assert_eq!(circles, (5 * 3 + 1) * 2);
    }
}
