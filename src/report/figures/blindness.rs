//! The blindness curve: how much of the harm a judge scores as none at all, by how bad the harm is.

use super::Figure;
use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight, colour, draw as draw_svg};
use crate::model::Axis;
use crate::report::view::{BlindnessCurve, BlindnessPanel, BlindnessView};

const WIDTH: i32 = 1000;
const COLUMNS: i32 = 3;
const PANEL: (i32, i32) = (250, 150);
const CELL: (i32, i32) = (320, 232);
const LEFT: i32 = 56;
const TOP: i32 = 104;

pub(super) fn draw(view: &BlindnessView, labels: &str) -> Figure {
    let title = "Blindness: share of harm that the judge scores as none".to_owned();
    let description = describe(view, labels);
    let rows = (view.panels.len() as i32 + COLUMNS - 1) / COLUMNS;
    let svg = draw_svg((WIDTH, TOP + rows * CELL.1 - 12), &title, &description, |canvas| {
        canvas.text((16, 22), &title, 17.0, Align::Left, Weight::Bold, INK);
        let subtitle = format!("{labels}; examples with a verdict only; n: omission | commission; higher is blinder");
        canvas.text((16, 44), &subtitle, 12.0, Align::Left, Weight::Normal, FAINT);
        canvas.mark((22, 66), 5, Axis::Omission, Fill::Solid);
        canvas.text((36, 66), "omission", 11.5, Align::Left, Weight::Normal, INK);
        canvas.mark((112, 66), 5, Axis::Commission, Fill::Solid);
        canvas.text((126, 66), "commission", 11.5, Align::Left, Weight::Normal, INK);
        for (index, panel) in view.panels.iter().enumerate() {
            let (column, row) = (index as i32 % COLUMNS, index as i32 / COLUMNS);
            draw_panel(canvas, panel, view.top, (LEFT + column * CELL.0, TOP + row * CELL.1));
        }
    });
    Figure { name: "blindness", title, description, svg }
}

fn draw_panel(canvas: &Canvas<'_>, panel: &BlindnessPanel, top: u8, (left, up): (i32, i32)) {
    canvas.text((left, up - 12), &panel.judge, 12.5, Align::Left, Weight::Bold, INK);
    let y_of = |share: f64| up + PANEL.1 - (share * f64::from(PANEL.1)).round() as i32;
    for tick in 0..=2 {
        let share = f64::from(tick) / 2.0;
        canvas.line((left, y_of(share)), (left + PANEL.0, y_of(share)), 1, RULE);
        let label = format!("{:.0} %", 100.0 * share);
        canvas.text((left - 6, y_of(share)), &label, 10.5, Align::Right, Weight::Normal, FAINT);
    }
    let step = PANEL.0 / i32::from(top.max(1));
    let x_of = |severity: u8| left + step / 2 + step * (i32::from(severity) - 1);
    for severity in 1..=top {
        let label = format!("{severity} or more");
        canvas.text((x_of(severity), up + PANEL.1 + 13), &label, 10.5, Align::Centre, Weight::Normal, FAINT);
    }
    canvas.text((left + PANEL.0 / 2, up + PANEL.1 + 45), "gold severity", 10.5, Align::Centre, Weight::Normal, FAINT);
    for severity in 1..=top {
        let size = |axis: Axis| {
            let curve = panel.curves.iter().find(|curve| curve.axis == axis);
            let point = curve.and_then(|curve| curve.points.iter().find(|point| point.severity == severity));
            format!("{:.0}", point.map_or(0.0, |point| point.examples))
        };
        let label = format!("n {} | {}", size(Axis::Omission), size(Axis::Commission));
        canvas.text((x_of(severity), up + PANEL.1 + 28), &label, 10.5, Align::Centre, Weight::Normal, FAINT);
    }
    for curve in &panel.curves {
        draw_curve(canvas, curve, &x_of, &y_of);
    }
}

fn draw_curve(canvas: &Canvas<'_>, curve: &BlindnessCurve, x_of: &dyn Fn(u8) -> i32, y_of: &dyn Fn(f64) -> i32) {
    // The two axes stand side by side, so that neither hides the other.
    let aside = if curve.axis == Axis::Omission { -4 } else { 4 };
    let place = |severity: u8| x_of(severity) + aside;
    let line: Vec<(i32, i32)> =
        curve.points.iter().map(|point| (place(point.severity), y_of(point.share.value))).collect();
    if line.len() > 1 {
        canvas.path(&line, 1, colour(curve.axis));
    }
    for point in &curve.points {
        let (x, mark) = (place(point.severity), point.share);
        if let Some((lower, upper)) = mark.limits {
            canvas.line((x, y_of(lower)), (x, y_of(upper)), 2, colour(curve.axis));
        }
        canvas.mark((x, y_of(mark.value)), 4, curve.axis, Fill::Solid);
    }
}

fn describe(view: &BlindnessView, labels: &str) -> String {
    let mut text = format!("One panel a judge ({labels}).");
    for panel in &view.panels {
        for curve in &panel.curves {
            let points: Vec<String> = curve
                .points
                .iter()
                .map(|point| {
                    let share = 100.0 * point.share.value;
                    format!("{share:.0} % of {:.0} at {} or more", point.examples, point.severity)
                })
                .collect();
            text.push_str(&format!(" {}, {}: {}.", panel.judge, curve.axis, points.join(", ")));
        }
    }
    text
}
