//! Figure 3: reliability of stated probabilities by isotonic regression, or what each severity of a judge was worth.

use super::canvas::{Align, BAND, Canvas, FAINT, Fill, RULE, Weight, colour};
use super::drawing::Drawing;
use super::legend;
use super::panels::Panels;
use super::plot::{Plot, SIZE, heading};
use super::text::{fitted, wrapped};
use crate::model::{Axis, PerAxis};
use crate::report::view::{CalibrationPanel, CalibrationView, Reliability, Worth};

const LEAST: i32 = 300;
const FIELD: i32 = 190;
const BARS: i32 = 26;
/// Heading, field, scales, two histograms and words of two axes.
const PANEL: i32 = 44 + FIELD + 40 + 2 * (BARS + 8) + 4 * 14 + 14;
const SCALE: i32 = 44;
/// Heading, field, scale and sizes of a panel of severities.
const SEVERITIES: i32 = 44 + FIELD + 76;
const COUNT_SIZE: f64 = 9.5;

impl Drawing for CalibrationView {
    const NAME: &'static str = "calibration";

    fn title(&self) -> String {
        if self.states_probabilities() {
            "What a stated probability of harm was worth: share of harm against probability".to_owned()
        } else {
            "What each severity that a judge gave was worth: mean gold severity".to_owned()
        }
    }

    fn note(&self) -> String {
        if !self.states_probabilities() {
            return format!("{}. n: examples to which the judge gave each severity.{}", self.note, self.drawn);
        }
        format!(
            "{}. Curves: isotonic regression (CORP); shaded: where a calibrated judge would lie (95 %); below: histogram of the \
             probabilities, omission above commission.{}",
            self.note, self.drawn
        )
    }

    fn caption(&self) -> String {
        if !self.states_probabilities() {
            return "Mean gold severity of the examples to which the judge gave each severity. On the diagonal a judge means what \
                    it says; above it harm is worse than it says, below it less bad. Circles are omission, diamonds commission."
                .to_owned();
        }
        "On the diagonal a judge means what it says; below it it states too much harm, above it too little. MCB is \
         miscalibration (0 is calibrated), DSC what the judge tells harm and harmlessness apart by (0 sees nothing), UNC how \
         uncertain the set is. Omission is the whole line, commission the dashed one. Judges without probabilities: mean \
         gold severity at each of their severities."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("One panel a judge. {}.", self.note);
        for (judge, panel) in &self.panels {
            for axis in Axis::ALL {
                match panel {
                    CalibrationPanel::Probabilities(axes) => {
                        if let Some(reliability) = axes.get(axis) {
                            text.push_str(&format!(" {judge}, {axis}: {}.", reliability.words));
                        }
                    }
                    CalibrationPanel::Severities(axes, _) => {
                        let points: Vec<String> = axes
                            .get(axis)
                            .iter()
                            .map(|at| format!("{} was worth {:.2} (n {})", at.severity, at.gold.value, at.n))
                            .collect();
                        if !points.is_empty() {
                            text.push_str(&format!(" {judge}, {axis}: {}.", points.join(", ")));
                        }
                    }
                }
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        legend::height_of_axes(width) + self.laid_out(width).height()
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        legend::paint_axes(canvas, legend::on_curve, width, top);
        let top = top + legend::height_of_axes(width);
        let panels = self.laid_out(width);
        for (index, (judge, panel)) in self.panels.iter().enumerate() {
            let place = panels.place(index, top);
            heading(canvas, (place.left, place.up + 8), judge, place.width);
            let plot = Plot::shares(place.left + SCALE, place.up + 40, place.width - SCALE - 4, FIELD);
            match panel {
                CalibrationPanel::Probabilities(axes) => paint_probabilities(canvas, &plot, axes, place.width),
                CalibrationPanel::Severities(axes, top) => paint_severities(canvas, &plot, axes, *top),
            }
        }
    }
}

impl CalibrationView {
    fn states_probabilities(&self) -> bool {
        self.panels.iter().any(|(_, panel)| matches!(panel, CalibrationPanel::Probabilities(_)))
    }

    /// Severities have neither histograms nor parts of a score below them.
    fn laid_out(&self, width: i32) -> Panels {
        let height = |panel: &CalibrationPanel| match panel {
            CalibrationPanel::Probabilities(_) => PANEL,
            CalibrationPanel::Severities(..) => SEVERITIES,
        };
        Panels::new(width, LEAST, self.panels.iter().map(|(_, panel)| height(panel)))
    }
}

fn paint_probabilities(canvas: &Canvas<'_>, plot: &Plot, axes: &PerAxis<Option<Reliability>>, room: i32) {
    // The band of the one axis that is drawn, or of omission: two of them would hide each other.
    let banded = axes.omission.as_ref().or(axes.commission.as_ref());
    for pair in banded.map(|reliability| reliability.points.as_slice()).unwrap_or_default().windows(2) {
        if let ((from, _, Some((lower, upper))), (to, _, _)) = (&pair[0], &pair[1]) {
            canvas.rectangle(plot.at(*from, *upper), plot.at(*to, *lower), BAND);
        }
    }
    plot.frame(canvas, "stated probability of harm", "share of harm");
    canvas.dashed(plot.at(0.0, 0.0), plot.at(1.0, 1.0), 1, FAINT);
    let mut words = plot.up + FIELD + 40 + 2 * (BARS + 8) + 8;
    for axis in Axis::ALL {
        let Some(reliability) = axes.get(axis) else { continue };
        let line: Vec<(i32, i32)> = reliability.points.iter().map(|(p, worth, _)| plot.at(*p, *worth)).collect();
        canvas.curve(&line, axis);
        for at in [line.first(), line.last()].into_iter().flatten() {
            canvas.mark(*at, 3, axis, Fill::Solid);
        }
        let base = plot.up + FIELD + 40 + (BARS + 8) * (axis.index() as i32 + 1) - 4;
        let most = reliability.bars.iter().copied().fold(0.0, f64::max);
        canvas.line((plot.left, base), (plot.left + plot.width, base), 1, RULE);
        for (bar, share) in reliability.bars.iter().enumerate() {
            let height = (share / most.max(f64::MIN_POSITIVE) * f64::from(BARS)).round() as i32;
            if *share > 0.0 {
                let x = |bar: usize| plot.x(bar as f64 / reliability.bars.len() as f64);
                canvas.rectangle((x(bar) + 1, base - height.max(1)), (x(bar + 1) - 1, base), colour(axis));
            }
        }
        canvas.mark((plot.left - SCALE + 6, words), 3, axis, Fill::Solid);
        for line in wrapped(&reliability.words, 10.0, false, room - 16).iter().take(2) {
            canvas.label((plot.left - SCALE + 16, words), line, 10.0, FAINT);
            words += 14;
        }
    }
}

fn paint_severities(canvas: &Canvas<'_>, plot: &Plot, axes: &PerAxis<Vec<Worth>>, top: u8) {
    let most = f64::from(top.max(1));
    let plot = Plot { most: (most + 0.5, most), ..*plot };
    for severity in 0..=top {
        let value = f64::from(severity);
        canvas.line(plot.at(0.0, value), (plot.left + plot.width, plot.y(value)), 1, RULE);
        canvas.text((plot.left - 6, plot.y(value)), &severity.to_string(), SIZE, Align::Right, Weight::Normal, FAINT);
        canvas.centred((plot.x(value + 0.25), plot.up + FIELD + 11), &severity.to_string(), SIZE, FAINT);
    }
    canvas.centred((plot.left + plot.width / 2, plot.up + FIELD + 54), "severity that the judge gave", SIZE, FAINT);
    let beside = fitted("mean gold severity", SIZE, false, plot.width);
    canvas.label((plot.left - 40, plot.up - 14), &beside, SIZE, FAINT);
    canvas.dashed(plot.at(0.25, 0.0), plot.at(most + 0.25, most), 1, FAINT);
    for axis in Axis::ALL {
        paint_worth(canvas, &plot, axes.get(axis), axis);
    }
}

/// The points of an axis, and below the scale how many examples each stands for.
fn paint_worth(canvas: &Canvas<'_>, plot: &Plot, points: &[Worth], axis: Axis) {
    let aside = if axis == Axis::Omission { 0.21 } else { 0.29 };
    let line: Vec<(i32, i32)> =
        points.iter().map(|at| plot.at(f64::from(at.severity) + aside, at.gold.value)).collect();
    canvas.curve(&line, axis);
    let y = plot.up + FIELD + 25 + 13 * axis.index() as i32;
    if !points.is_empty() {
        canvas.text((plot.left - 14, y), "n", COUNT_SIZE, Align::Right, Weight::Normal, FAINT);
        canvas.mark((plot.left - 6, y), 3, axis, Fill::Solid);
    }
    // The first column begins at the field's left end, where the mark of the row stands.
    let room = plot.x(1.0) - plot.x(0.0) - 3;
    for at in points {
        plot.mark_upright(canvas, f64::from(at.severity) + aside, &at.gold, axis, Fill::Solid);
        let n = fitted(&at.n, COUNT_SIZE, false, room);
        canvas.centred((plot.x(f64::from(at.severity) + 0.25), y), &n, COUNT_SIZE, FAINT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::Mark;

    fn view(judges: usize) -> CalibrationView {
        let reliability = Reliability {
            points: (0..=10).map(|p| (f64::from(p) / 10.0, f64::from(p) / 20.0, Some((0.0, 1.0)))).collect(),
            bars: vec![0.05; 20],
            words: "MCB 0.012 DSC 0.083 UNC 0.240 ECE 0.051 smooth 0.043 n 100000".to_owned(),
        };
        let worth = |severity: u8| Worth {
            severity,
            gold: Mark { value: f64::from(severity) / 2.0, limits: Some((0.0, 4.0)) },
            n: "10000.5".to_owned(),
        };
        let marks: Vec<Worth> = (0..5).map(worth).collect();
        let panel = |judge: usize| match judge % 2 {
            0 => CalibrationPanel::Probabilities(PerAxis {
                omission: Some(reliability.clone()),
                commission: Some(reliability.clone()),
            }),
            _ => CalibrationPanel::Severities(PerAxis { omission: marks.clone(), commission: marks[..4].to_vec() }, 4),
        };
        let name = |judge: usize| format!("judge-{judge:02}-{}", "wide".repeat(15));
        CalibrationView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            drawn: " Drawn: 12 of 20 judges; tables/metrics.csv has all.".to_owned(),
            panels: (0..judges).map(|judge| (name(judge), panel(judge))).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(view);
    }

    #[test]
    fn the_parts_of_the_score_stand_in_the_panel() {
        let figure = figure(&view(2));
        assert_eq!(texts(&figure.svg).iter().filter(|text| text.starts_with("MCB 0.012 DSC 0.083")).count(), 2);
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        // The sheet, ten steps of one band and twenty bars on each axis.
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("rect")).count(), 1 + 10 + 2 * 20);
        assert!(figure.description.contains("omission: 0 was worth 0.00 (n 10000.5), 1 was worth 0.50 (n"));
        // Each severity of the judge on either axis.
        assert_eq!(texts(&figure.svg).iter().filter(|text| *text == "10000.5").count(), 5 + 4);
    }
}
