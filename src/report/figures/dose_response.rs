//! The share flagged by the number of items removed or made wrong, with the fitted curve, one small panel a judge.

use super::canvas::{Canvas, Fill, INK};
use super::drawing::Drawing;
use super::legend::{self, Entry, Paint};
use super::panels::Panels;
use super::steps::{SIZE, Steps};
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{DoseMark, DosePanel, DoseResponseView, DoseSeries};

const LEAST: i32 = 300;
const PLOT: i32 = 140;
const PANEL: i32 = 306;
const LEGEND: [&str; 3] =
    ["items removed (omission)", "items made wrong (commission)", "threshold: halfway to what the judge comes to flag"];

impl Drawing for DoseResponseView {
    const NAME: &'static str = "dose_response";

    fn title(&self) -> String {
        "How much has to be missing, or wrong, before each judge sees it: share flagged by number of items".to_owned()
    }

    fn note(&self) -> String {
        format!("{}. n: responses at each number of items", self.note)
    }

    fn caption(&self) -> String {
        "At 0 nothing was removed or made wrong: what is flagged there are false alarms. A curve that rises late has blind room; one \
         that levels off below 100 % belongs to a judge that passes some responses whatever they lack. \u{201c}An item\u{201d} is the \
         probability that one item is found, were each found on its own. Where there are too few doses for a threshold, that curve \
         is drawn."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("One panel a judge. {}.", self.note());
        for panel in &self.panels {
            for axis in Axis::ALL {
                let Some(series) = panel.axes.get(axis) else { continue };
                let points: Vec<String> = series.points.iter().map(in_words).collect();
                let words: Vec<&str> =
                    series.words.iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
                text.push_str(&format!(" {}, {axis}: {}; {}.", panel.judge, points.join(", "), words.join("; ")));
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        legend::height(&LEGEND, width) + 10 + self.laid_out(width).height()
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let threshold: Paint<'_> = Box::new(|canvas, x, y| {
            canvas.line((x + 2, y), (x + 25, y), 1, INK);
            cross(canvas, (x + 13, y));
        });
        let paints = [legend::on_curve(Axis::Omission), legend::on_curve(Axis::Commission), threshold];
        let entries: Vec<Entry<'_>> = LEGEND.iter().zip(paints).map(|(words, paint)| Entry { words, paint }).collect();
        legend::paint(canvas, &entries, width, top + 4);
        let top = top + legend::height(&LEGEND, width) + 10;
        let panels = self.laid_out(width);
        for (index, panel) in self.panels.iter().enumerate() {
            paint_panel(canvas, panel, &Steps::new(panels.place(index, top), PLOT, self.top));
        }
    }
}

impl DoseResponseView {
    fn laid_out(&self, width: i32) -> Panels {
        Panels::new(width, LEAST, self.panels.iter().map(|_| PANEL))
    }
}

fn paint_panel(canvas: &Canvas<'_>, panel: &DosePanel, field: &Steps) {
    field.frame(canvas, &panel.judge, "number of items");
    for axis in Axis::ALL {
        let Some(series) = panel.axes.get(axis) else { continue };
        field.sizes(canvas, axis, series.points.iter().map(|point| (point.dose, point.n.as_str())));
        let place = (field.words() + 6, field.below() + 74 + 29 * axis.index() as i32);
        paint_words(canvas, series, axis, place, field.left + field.width - field.words() - 16);
        paint_series(canvas, series, axis, field);
    }
}

fn paint_words(canvas: &Canvas<'_>, series: &DoseSeries, axis: Axis, at: (i32, i32), room: i32) {
    canvas.mark(at, 3, axis, Fill::Solid);
    for (line, words) in series.words.iter().filter(|words| !words.is_empty()).enumerate() {
        let place = (at.0 + 10, at.1 + 14 * line as i32);
        canvas.label(place, &fitted(words, SIZE, false, room), SIZE, INK);
    }
}

fn paint_series(canvas: &Canvas<'_>, series: &DoseSeries, axis: Axis, field: &Steps) {
    let along: Vec<(i32, i32)> = series.curve.iter().map(|(dose, share)| (field.x(*dose), field.y(*share))).collect();
    canvas.curve(&along, axis);
    series.points.iter().for_each(|point| field.mark(canvas, axis, point.dose, &point.flagged));
    if let Some((threshold, share)) = &series.threshold {
        let y = field.y(*share);
        if let Some((lower, upper)) = threshold.limits {
            canvas.line((field.x(lower), y), (field.x(upper), y), 1, INK);
        }
        cross(canvas, (field.x(threshold.value), y));
    }
}

/// An upright cross.
fn cross(canvas: &Canvas<'_>, (x, y): (i32, i32)) {
    canvas.line((x - 5, y), (x + 5, y), 2, INK);
    canvas.line((x, y - 6), (x, y + 6), 2, INK);
}

fn in_words(point: &DoseMark) -> String {
    format!("{:.0} % of {} at {}", 100.0 * point.flagged.value, point.n, point.dose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::Mark;

    fn series(doses: u32) -> DoseSeries {
        let share = |dose: u32| f64::from(dose) / f64::from(doses);
        let point = |dose: u32| DoseMark {
            dose,
            flagged: Mark { value: share(dose), limits: Some((0.0, 1.0)) },
            n: "10000.5".to_owned(),
        };
        DoseSeries {
            points: (0..=doses).map(point).collect(),
            curve: (0..=doses * 10)
                .map(|step| (f64::from(step) / 10.0, f64::from(step) / f64::from(doses * 10)))
                .collect(),
            threshold: Some((Mark { value: 2.0, limits: Some((0.0, 99.0)) }, 0.5)),
            words: ["half at 2.00 [0.00, 99.00]".to_owned(), format!("an item 0.33 {}", "wide ".repeat(30))],
        }
    }

    fn view(judges: usize, doses: u32) -> DoseResponseView {
        let panel = |judge: usize| DosePanel {
            judge: format!("judge-{judge:02}-{}", "wide".repeat(15)),
            axes: PerAxis { omission: Some(series(doses)), commission: (judge != 1).then(|| series(3)) },
        };
        DoseResponseView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            top: doses,
            panels: (0..judges).map(panel).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(|judges| view(judges, 6 + judges as u32));
        holds_when_crowded(|judges| view(judges, 30));
    }

    #[test]
    fn each_dose_has_its_mark_and_its_size() {
        let figure = figure(&view(1, 6));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        // Seven doses, one mark each in the legend, beside the sizes and beside the words; fill and outline.
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("circle")).count(), (7 + 3) * 2);
        assert_eq!(texts(&figure.svg).iter().filter(|text| text.starts_with("half at 2.00")).count(), 2);
        assert!(figure.description.contains("omission: 0 % of 10000.5 at 0, 17 % of 10000.5 at 1"));
    }
}
