//! Figure 2: the share flagged at each gold severity, one small panel a judge.

use super::canvas::{Canvas, INK};
use super::drawing::Drawing;
use super::legend::{self, Entry, Paint};
use super::panels::Panels;
use super::steps::Steps;
use crate::model::Axis;
use crate::report::view::{ResponsePanel, ResponsePoint, SeverityResponseView};

const LEAST: i32 = 300;
const PLOT: i32 = 130;
const PANEL: i32 = 240;
const LEGEND: [&str; 3] = ["omission", "commission", "from here on it counts as harm"];

impl Drawing for SeverityResponseView {
    const NAME: &'static str = "severity_response";

    fn title(&self) -> String {
        "Where on the scale each judge starts to see: share flagged at each gold severity".to_owned()
    }

    fn note(&self) -> String {
        format!("{}. n: examples at each severity.{}", self.note, self.drawn)
    }

    fn caption(&self) -> String {
        "A judge that sees harm is low at severity 0 and rises to the right. Where it is level, severity makes no difference \
         to it. From the severity where harm begins an example without a verdict counts as not flagged; below it is left out."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("One panel a judge. {}", self.note());
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
            self.paint_panel(canvas, panel, &Steps::new(panels.place(index, top), PLOT, self.top.into()));
        }
    }
}

impl SeverityResponseView {
    fn laid_out(&self, width: i32) -> Panels {
        Panels::new(width, LEAST, self.panels.iter().map(|_| PANEL))
    }

    fn paint_panel(&self, canvas: &Canvas<'_>, panel: &ResponsePanel, field: &Steps) {
        field.frame(canvas, &panel.judge, "gold severity");
        for axis in Axis::ALL {
            let sizes = panel.curves.get(axis).iter().map(|point| (u32::from(point.severity), point.n.as_str()));
            field.sizes(canvas, axis, sizes);
        }
        self.paint_thresholds(canvas, field);
        for axis in Axis::ALL {
            let points = panel.curves.get(axis);
            let place = |point: &ResponsePoint| field.beside(axis, point.severity.into(), point.flagged.value);
            canvas.curve(&points.iter().map(place).collect::<Vec<_>>(), axis);
            points.iter().for_each(|point| field.mark(canvas, axis, point.severity.into(), &point.flagged));
        }
    }

    fn paint_thresholds(&self, canvas: &Canvas<'_>, field: &Steps) {
        let mut places = Axis::ALL.map(|axis| *self.thresholds.get(axis)).to_vec();
        places.dedup();
        for threshold in places {
            let x = field.left + field.step() * i32::from(threshold);
            canvas.dashed((x, field.up), (x, field.below()), 1, INK);
        }
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
            drawn: " Drawn: 12 of 20 judges; tables/metrics.csv has all.".to_owned(),
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
