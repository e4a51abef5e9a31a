//! Recall on both axes with intervals, beside false alarms, the human ceiling and chance.

use super::Figure;
use super::canvas::{Align, BAND, BAND_EDGE, Canvas, FAINT, Fill, INK, RULE, Weight, colour, draw as draw_svg};
use crate::model::Axis;
use crate::report::view::{Mark, RecallPanel, RecallRow, RecallView};

const WIDTH: i32 = 1000;
const TOP: i32 = 92;
const ROW: i32 = 40;
const NAMES: i32 = 196;
const PANEL: i32 = 310;
const COUNTS: i32 = 78;
const BETWEEN: i32 = 14;
const FOOT: i32 = 92;

pub(super) fn draw(view: &RecallView, labels: &str, level: f64) -> Figure {
    let title = "Recall on omission and on commission, beside false alarms".to_owned();
    let description = describe(view, labels);
    let bottom = TOP + ROW * view.judges.len() as i32;
    let svg = draw_svg((WIDTH, bottom + FOOT), &title, &description, |canvas| {
        canvas.text((16, 22), &title, 17.0, Align::Left, Weight::Bold, INK);
        let subtitle = format!("{labels}; {:.0} % intervals over clusters; sorted by omission Youden J", 100.0 * level);
        canvas.text((16, 44), &subtitle, 12.0, Align::Left, Weight::Normal, FAINT);
        for (row, judge) in view.judges.iter().enumerate() {
            canvas.text((NAMES - 12, centre(row)), judge, 12.5, Align::Right, Weight::Normal, INK);
        }
        for (index, panel) in view.panels.iter().enumerate() {
            let left = NAMES + index as i32 * (PANEL + COUNTS + BETWEEN);
            draw_panel(canvas, panel, left, bottom);
        }
        draw_legend(canvas, bottom + 50, view);
    });
    Figure { name: "recall", title, description, svg }
}

fn centre(row: usize) -> i32 {
    TOP + ROW * row as i32 + ROW / 2
}

fn at(left: i32, share: f64) -> i32 {
    left + (share * f64::from(PANEL)).round() as i32
}

fn draw_panel(canvas: &Canvas<'_>, panel: &RecallPanel, left: i32, bottom: i32) {
    let name = match panel.axis {
        Axis::Omission => "Omission",
        Axis::Commission => "Commission",
    };
    let heading = format!("{name}: {} positives, {} negatives", panel.positives, panel.negatives);
    canvas.text((left, TOP - 18), &heading, 13.0, Align::Left, Weight::Bold, colour(panel.axis));
    if let Some((lowest, highest)) = panel.ceiling {
        let (from, to) = (at(left, lowest) - 2, at(left, highest) + 3);
        canvas.rectangle((from, TOP), (to, bottom), BAND);
        for edge in [from, to] {
            canvas.line((edge, TOP), (edge, bottom), 1, BAND_EDGE);
        }
    }
    for tick in 0..=4 {
        let share = f64::from(tick) / 4.0;
        let x = at(left, share);
        canvas.line((x, TOP), (x, bottom), 1, RULE);
        canvas.text((x, bottom + 13), &format!("{:.0} %", 100.0 * share), 11.0, Align::Centre, Weight::Normal, FAINT);
    }
    for (row, numbers) in panel.rows.iter().enumerate() {
        match numbers {
            Some(numbers) => draw_row(canvas, panel.axis, numbers, left, centre(row)),
            None => {
                let middle = (left + PANEL / 2, centre(row));
                canvas.text(middle, "does not answer on this axis", 11.0, Align::Centre, Weight::Normal, FAINT);
            }
        }
    }
}

fn draw_row(canvas: &Canvas<'_>, axis: Axis, row: &RecallRow, left: i32, y: i32) {
    if let Some(chance) = row.chance {
        let x = at(left, chance);
        canvas.line((x, y - 14), (x, y + 2), 3, FAINT);
    }
    let whisker = |mark: &Mark, y: i32, width: u32| {
        if let Some((lower, upper)) = mark.limits {
            canvas.line((at(left, lower), y), (at(left, upper), y), width, colour(axis));
        }
    };
    if let Some(mark) = &row.false_alarms {
        whisker(mark, y + 10, 1);
        canvas.mark((at(left, mark.value), y + 10), 4, axis, Fill::Hollow);
    }
    match &row.recall {
        Some(mark) => {
            whisker(mark, y - 6, 2);
            canvas.mark((at(left, mark.value), y - 6), 6, axis, Fill::Solid);
        }
        None => canvas.text((left + PANEL / 2, y - 6), "recall undefined", 11.0, Align::Centre, Weight::Normal, FAINT),
    }
    let counts = left + PANEL + 14;
    canvas.text((counts, y - 6), &row.recall_count, 11.5, Align::Left, Weight::Normal, INK);
    canvas.text((counts, y + 10), &row.false_alarm_count, 11.0, Align::Left, Weight::Normal, FAINT);
}

fn draw_legend(canvas: &Canvas<'_>, y: i32, view: &RecallView) {
    let ceiling = view.panels.iter().any(|panel| panel.ceiling.is_some());
    let mut x = NAMES;
    let mut entry = |width: i32, text: &str, paint: &dyn Fn(i32)| {
        paint(x);
        canvas.text((x + 26, y), text, 11.5, Align::Left, Weight::Normal, INK);
        x += width;
    };
    let both = |x: i32, radius: i32, fill: Fill| {
        canvas.mark((x + 2, y), radius, Axis::Omission, fill);
        canvas.mark((x + 16, y), radius, Axis::Commission, fill);
    };
    entry(178, "recall (flagged positives)", &|x| both(x, 5, Fill::Solid));
    entry(208, "false alarms (flagged negatives)", &|x| both(x, 4, Fill::Hollow));
    entry(206, "chance: the judge's own flag rate", &|x| canvas.line((x + 12, y - 8), (x + 12, y + 8), 3, FAINT));
    if ceiling {
        entry(180, "people against each other", &|x| canvas.rectangle((x + 2, y - 8), (x + 20, y + 8), BAND));
    }
    let mut note =
        "An example without a verdict is a miss where it is a positive, and left out where it is a negative."
            .to_owned();
    let counts = view.panels.iter().flat_map(|panel| panel.rows.iter().flatten()).map(|row| &row.recall_count);
    if counts.into_iter().any(|count| count.contains('.')) {
        note.push_str(" Repeats are averaged.");
    }
    canvas.text((NAMES, y + 24), &note, 11.0, Align::Left, Weight::Normal, FAINT);
}

fn describe(view: &RecallView, labels: &str) -> String {
    let mut text = format!("One row a judge ({labels}).");
    for (index, judge) in view.judges.iter().enumerate() {
        for panel in &view.panels {
            match &panel.rows[index] {
                Some(row) => text.push_str(&format!(
                    " {judge}, {}: recall {}, false alarms {}.",
                    panel.axis, row.recall_count, row.false_alarm_count
                )),
                None => text.push_str(&format!(" {judge} does not answer on {}.", panel.axis)),
            }
        }
    }
    text
}
