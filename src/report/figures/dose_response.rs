//! The share flagged by the number of items removed or made wrong, with the fitted curve, one small panel a judge.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight, colour};
use super::drawing::{Drawing, EDGE, columns, rows_of};
use super::legend::{self, Entry, Paint};
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{DoseMark, DosePanel, DoseResponseView, DoseSeries};

const LEAST: i32 = 300;
const PLOT: i32 = 140;
const PANEL: i32 = 306;
/// Space left of a plot for its scale.
const SCALE: i32 = 44;
const SIZE: f64 = 10.5;
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
        let (columns, _) = columns(width, LEAST);
        legend::height(&LEGEND, width) + 10 + PANEL * rows_of(self.panels.len(), columns)
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let axis = |axis: Axis| -> Paint<'_> {
            Box::new(move |canvas, x, y| {
                canvas.curve(&[(x, y), (x + 26, y)], axis);
                canvas.mark((x + 13, y), 4, axis, Fill::Solid);
            })
        };
        let threshold: Paint<'_> = Box::new(|canvas, x, y| {
            canvas.line((x + 2, y), (x + 25, y), 1, INK);
            cross(canvas, (x + 13, y));
        });
        let paints = [axis(Axis::Omission), axis(Axis::Commission), threshold];
        let entries: Vec<Entry<'_>> = LEGEND.iter().zip(paints).map(|(words, paint)| Entry { words, paint }).collect();
        legend::paint(canvas, &entries, width, top + 4);
        let top = top + legend::height(&LEGEND, width) + 10;
        let (columns, cell) = columns(width, LEAST);
        for (index, panel) in self.panels.iter().enumerate() {
            let (column, row) = (index as i32 % columns, index as i32 / columns);
            let (left, up) = (EDGE + column * cell + SCALE, top + row * PANEL + 24);
            let plot = Plot { left, up, width: cell - SCALE - 14, doses: self.top };
            paint_panel(canvas, panel, &plot);
        }
    }
}

/// Where one panel stands.
struct Plot {
    left: i32,
    up: i32,
    width: i32,
    doses: u32,
}

impl Plot {
    /// Room of one dose.
    fn step(&self) -> i32 {
        self.width / (self.doses as i32 + 1)
    }

    fn x(&self, dose: f64) -> i32 {
        self.left + self.step() / 2 + (dose.min(f64::from(self.doses)) * f64::from(self.step())).round() as i32
    }

    fn y(&self, share: f64) -> i32 {
        self.up + PLOT - (share * f64::from(PLOT)).round() as i32
    }
}

fn paint_panel(canvas: &Canvas<'_>, panel: &DosePanel, plot: &Plot) {
    let name = fitted(&panel.judge, 12.0, true, plot.width + SCALE - 8);
    canvas.text((plot.left - SCALE + 8, plot.up - 14), &name, 12.0, Align::Left, Weight::Bold, INK);
    for share in [0.0, 0.5, 1.0] {
        canvas.line((plot.left, plot.y(share)), (plot.left + plot.width, plot.y(share)), 1, RULE);
        let label = format!("{:.0} %", 100.0 * share);
        canvas.text((plot.left - 6, plot.y(share)), &label, SIZE, Align::Right, Weight::Normal, FAINT);
    }
    // As many labels as fit beside each other.
    let every = (20 / plot.step().max(1)).max(1) as u32;
    for dose in (0..=plot.doses).filter(|dose| dose % every == 0) {
        canvas.centred((plot.x(f64::from(dose)), plot.up + PLOT + 12), &dose.to_string(), SIZE, FAINT);
    }
    let below = plot.up + PLOT;
    canvas.centred((plot.left + plot.width / 2, below + 56), "number of items", SIZE, FAINT);
    for axis in Axis::ALL {
        let Some(series) = panel.axes.get(axis) else { continue };
        let row = axis.index() as i32;
        canvas.text((plot.left - 14, below + 27 + 13 * row), "n", 9.5, Align::Right, Weight::Normal, FAINT);
        canvas.mark((plot.left - 6, below + 27 + 13 * row), 3, axis, Fill::Solid);
        for point in series.points.iter().filter(|point| point.dose % every == 0) {
            let n = fitted(&point.n, 9.5, false, plot.step() * every as i32 - 3);
            canvas.centred((plot.x(f64::from(point.dose)), below + 27 + 13 * row), &n, 9.5, FAINT);
        }
        paint_words(canvas, series, axis, (plot.left - SCALE + 14, below + 74 + 29 * row), plot.width + SCALE - 24);
        paint_series(canvas, series, axis, plot);
    }
}

fn paint_words(canvas: &Canvas<'_>, series: &DoseSeries, axis: Axis, at: (i32, i32), room: i32) {
    canvas.mark(at, 3, axis, Fill::Solid);
    for (line, words) in series.words.iter().filter(|words| !words.is_empty()).enumerate() {
        let place = (at.0 + 10, at.1 + 14 * line as i32);
        canvas.label(place, &fitted(words, SIZE, false, room), SIZE, INK);
    }
}

fn paint_series(canvas: &Canvas<'_>, series: &DoseSeries, axis: Axis, plot: &Plot) {
    // The two axes stand side by side, so that neither hides the other.
    let aside = if axis == Axis::Omission { -3 } else { 3 };
    let along: Vec<(i32, i32)> = series.curve.iter().map(|(dose, share)| (plot.x(*dose), plot.y(*share))).collect();
    match axis {
        Axis::Omission => canvas.curve(&along, axis),
        Axis::Commission => dashes(canvas, &along, axis),
    }
    for point in &series.points {
        let (x, y) = (plot.x(f64::from(point.dose)) + aside, plot.y(point.flagged.value));
        if let Some((lower, upper)) = point.flagged.limits {
            canvas.line((x, plot.y(lower)), (x, plot.y(upper)), 2, colour(axis));
        }
        canvas.mark((x, y), 4, axis, Fill::Solid);
    }
    if let Some((threshold, share)) = &series.threshold {
        let y = plot.y(*share);
        if let Some((lower, upper)) = threshold.limits {
            canvas.line((plot.x(lower), y), (plot.x(upper), y), 1, INK);
        }
        cross(canvas, (plot.x(threshold.value), y));
    }
}

/// An upright cross.
fn cross(canvas: &Canvas<'_>, (x, y): (i32, i32)) {
    canvas.line((x - 5, y), (x + 5, y), 2, INK);
    canvas.line((x, y - 6), (x, y + 6), 2, INK);
}

/// A curve of many short pieces as dashes of equal length.
fn dashes(canvas: &Canvas<'_>, points: &[(i32, i32)], axis: Axis) {
    const DASH: f64 = 6.0;
    let (mut drawn, mut length): (Vec<(i32, i32)>, f64) = (Vec::new(), 0.0);
    let mut down = true;
    for pair in points.windows(2) {
        if down && drawn.is_empty() {
            drawn.push(pair[0]);
        }
        length += f64::from(pair[1].0 - pair[0].0).hypot(f64::from(pair[1].1 - pair[0].1));
        if down {
            drawn.push(pair[1]);
        }
        if length >= DASH {
            if down {
                canvas.path(&drawn, 2, colour(axis));
                drawn.clear();
            }
            (down, length) = (!down, 0.0);
        }
    }
    if drawn.len() > 1 {
        canvas.path(&drawn, 2, colour(axis));
    }
}

fn in_words(point: &DoseMark) -> String {
    format!("{:.0} % of {} at {}", 100.0 * point.flagged.value, point.n, point.dose)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{nothing_overlaps, texts};
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
        for (judges, doses) in [(1, 6), (5, 12), (20, 30)] {
            let figure = figure(&view(judges, doses));
            nothing_overlaps(&figure.svg);
            nothing_overlaps(&figure.narrow);
        }
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
