//! Figure 2: the share flagged at each gold severity, one small panel a judge.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight, colour};
use super::drawing::Drawing;
use super::legend::{self, Entry, Paint};
use super::panels::Panels;
use super::text::fitted;
use crate::model::Axis;
use crate::report::view::{ResponsePanel, ResponsePoint, SeverityResponseView};

const LEAST: i32 = 300;
const PLOT: i32 = 130;
const PANEL: i32 = 240;
/// Space left of a plot for its scale.
const SCALE: i32 = 44;
const SIZE: f64 = 10.5;
const LEGEND: [&str; 3] = ["omission", "commission", "from here on it counts as harm"];

impl Drawing for SeverityResponseView {
    const NAME: &'static str = "severity_response";

    fn title(&self) -> String {
        "Where on the scale each judge starts to see: share flagged at each gold severity".to_owned()
    }

    fn note(&self) -> String {
        format!("{}. n: examples at each severity", self.note)
    }

    fn caption(&self) -> String {
        "A judge that sees harm is low at severity 0 and rises to the right. Where it is level, severity makes no difference \
         to it. From the severity where harm begins an example without a verdict counts as not flagged; below it is left out."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("One panel a judge. {}.", self.note());
        for panel in &self.panels {
            for axis in Axis::ALL.into_iter().filter(|axis| !panel.curves.get(*axis).is_empty()) {
                let points: Vec<String> = panel.curves.get(axis).iter().map(in_words).collect();
                text.push_str(&format!(" {}, {axis}: {}.", panel.judge, points.join(", ")));
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        legend::height(&LEGEND, width) + 10 + self.laid_out(width).height()
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let threshold: Paint<'_> = Box::new(|canvas, x, y| canvas.dashed((x + 14, y - 8), (x + 14, y + 8), 1, INK));
        let paints = [legend::on_curve(Axis::Omission), legend::on_curve(Axis::Commission), threshold];
        let entries: Vec<Entry<'_>> = LEGEND.iter().zip(paints).map(|(words, paint)| Entry { words, paint }).collect();
        legend::paint(canvas, &entries, width, top + 4);
        let top = top + legend::height(&LEGEND, width) + 10;
        let panels = self.laid_out(width);
        for (index, panel) in self.panels.iter().enumerate() {
            let place = panels.place(index, top);
            let plot = Plot { left: place.left + SCALE, up: place.up + 24, width: place.width - SCALE };
            self.paint_panel(canvas, panel, &plot);
        }
    }
}

/// Where one panel stands.
struct Plot {
    left: i32,
    up: i32,
    width: i32,
}

impl Plot {
    fn y(&self, share: f64) -> i32 {
        self.up + PLOT - (share * f64::from(PLOT)).round() as i32
    }
}

impl SeverityResponseView {
    fn laid_out(&self, width: i32) -> Panels {
        Panels::new(width, LEAST, self.panels.iter().map(|_| PANEL))
    }

    fn paint_panel(&self, canvas: &Canvas<'_>, panel: &ResponsePanel, plot: &Plot) {
        let name = fitted(&panel.judge, 12.0, true, plot.width + SCALE - 8);
        canvas.text((plot.left - SCALE + 8, plot.up - 14), &name, 12.0, Align::Left, Weight::Bold, INK);
        for share in [0.0, 0.5, 1.0] {
            canvas.line((plot.left, plot.y(share)), (plot.left + plot.width, plot.y(share)), 1, RULE);
            let label = format!("{:.0} %", 100.0 * share);
            canvas.text((plot.left - 6, plot.y(share)), &label, SIZE, Align::Right, Weight::Normal, FAINT);
        }
        let step = plot.width / (i32::from(self.top) + 1);
        let x_of = |severity: u8| plot.left + step / 2 + step * i32::from(severity);
        for severity in 0..=self.top {
            canvas.centred((x_of(severity), plot.up + PLOT + 12), &severity.to_string(), SIZE, FAINT);
        }
        for axis in Axis::ALL {
            let y = plot.up + PLOT + 27 + 13 * axis.index() as i32;
            canvas.text((plot.left - 14, y), "n", 9.5, Align::Right, Weight::Normal, FAINT);
            canvas.mark((plot.left - 6, y), 3, axis, Fill::Solid);
            for point in panel.curves.get(axis) {
                canvas.centred((x_of(point.severity), y), &fitted(&point.n, 9.5, false, step - 3), 9.5, FAINT);
            }
        }
        canvas.centred((plot.left + plot.width / 2, plot.up + PLOT + 56), "gold severity", SIZE, FAINT);
        self.paint_thresholds(canvas, plot, step);
        for axis in Axis::ALL {
            paint_curve(canvas, panel.curves.get(axis), axis, plot, &x_of);
        }
    }

    fn paint_thresholds(&self, canvas: &Canvas<'_>, plot: &Plot, step: i32) {
        let mut places = Axis::ALL.map(|axis| *self.thresholds.get(axis)).to_vec();
        places.dedup();
        for threshold in places {
            let x = plot.left + step * i32::from(threshold);
            canvas.dashed((x, plot.up), (x, plot.up + PLOT), 1, INK);
        }
    }
}

fn paint_curve(canvas: &Canvas<'_>, points: &[ResponsePoint], axis: Axis, plot: &Plot, x_of: &dyn Fn(u8) -> i32) {
    // The two axes stand side by side, so that neither hides the other.
    let aside = if axis == Axis::Omission { -4 } else { 4 };
    let place = |point: &ResponsePoint| (x_of(point.severity) + aside, plot.y(point.flagged.value));
    canvas.curve(&points.iter().map(place).collect::<Vec<_>>(), axis);
    for point in points {
        let (x, y) = place(point);
        if let Some((lower, upper)) = point.flagged.limits {
            canvas.line((x, plot.y(lower)), (x, plot.y(upper)), 2, colour(axis));
        }
        canvas.mark((x, y), 4, axis, Fill::Solid);
    }
}

fn in_words(point: &ResponsePoint) -> String {
    format!("{:.0} % of {} at {}", 100.0 * point.flagged.value, point.n, point.severity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::Mark;

    fn view(judges: usize) -> SeverityResponseView {
        let point = |severity: u8| ResponsePoint {
            severity,
            flagged: Mark { value: f64::from(severity) / 4.0, limits: Some((0.0, 1.0)) },
            n: "10000.5".to_owned(),
        };
        let panel = |judge: usize| ResponsePanel {
            judge: format!("judge-{judge:02}-{}", "wide".repeat(15)),
            curves: PerAxis { omission: (0..=4).map(point).collect(), commission: (0..=3).map(point).collect() },
        };
        SeverityResponseView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            top: 4,
            thresholds: PerAxis { omission: 1, commission: 2 },
            panels: (0..judges).map(panel).collect(),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(view);
    }

    #[test]
    fn each_severity_has_its_mark_and_its_size() {
        let figure = figure(&view(1));
        let document = roxmltree::Document::parse(&figure.svg).unwrap();
        // Five severities of omission, one mark in the legend and one beside the sizes, fill and outline each.
        assert_eq!(document.descendants().filter(|node| node.has_tag_name("circle")).count(), (5 + 2) * 2);
        assert_eq!(texts(&figure.svg).iter().filter(|text| *text == "10000.5").count(), 5 + 4);
        assert!(figure.description.contains("omission: 0 % of 10000.5 at 0, 25 % of 10000.5 at 1"));
    }
}
