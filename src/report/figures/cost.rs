//! Figure 9: omission recall against what a judge costs and how long it takes.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight};
use super::drawing::Drawing;
use super::panels::{Panels, Place};
use super::plot::{Plot, SIZE, heading};
use super::text::{fitted, named, width as width_of};
use crate::model::Axis;
use crate::report::view::{CostPanel, CostRow, CostView};

const LEAST: i32 = 400;
/// Space left of a field for its scale, and between the field and the names.
const SCALE: i32 = 46;
const LEADER: i32 = 24;
/// Height of a name.
const LINE: i32 = 16;
const FIELD: i32 = 190;
const AROUND: i32 = 44 + 50;

impl Drawing for CostView {
    const NAME: &'static str = "cost";

    fn title(&self) -> String {
        let against: Vec<&str> = self.panels.iter().map(|panel| panel.name).collect();
        format!("Omission recall of each judge against what it takes: {}", against.join(" and "))
    }

    fn note(&self) -> String {
        format!("{}. Only judges whose verdicts state it", self.note)
    }

    fn caption(&self) -> String {
        "A judge to the right of and below another costs more (or takes longer) and sees less of the omission harm. Amounts are \
         those that the verdicts state for this run: a mean for money, a median for time; they have no interval and can be \
         other another day."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text =
            "Omission recall of each judge against what its verdicts cost and how long they took.".to_owned();
        for panel in &self.panels {
            let rows: Vec<String> = panel.rows.iter().map(|row| format!("{}: {}", row.judge, row.words)).collect();
            text.push_str(&format!(" Against {} ({}). {}.", panel.name, panel.unit, rows.join("; ")));
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        self.laid_out(width).height()
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let (panels, field) = (self.laid_out(width), self.field());
        for (index, panel) in self.panels.iter().enumerate() {
            paint_panel(canvas, panel, panels.place(index, top), field);
        }
    }
}

impl CostView {
    fn laid_out(&self, width: i32) -> Panels {
        let height = self.field() + AROUND;
        Panels::new(width, LEAST, self.panels.iter().map(|_| height))
    }

    /// Height of a field: every name has a line beside it.
    fn field(&self) -> i32 {
        FIELD.max(LINE * self.panels.iter().map(|panel| panel.rows.len() as i32).max().unwrap_or(0))
    }
}

fn paint_panel(canvas: &Canvas<'_>, panel: &CostPanel, Place { left, up, width }: Place, field: i32) {
    heading(canvas, (left, up + 8), &format!("Against {}", panel.name), width);
    canvas.label((left, up + 28), "omission recall", SIZE, FAINT);
    let names = width * 2 / 5;
    let most = panel.rows.iter().map(|row| row.amount).fold(0.0, f64::max);
    let (end, decimals) = scale_end(most);
    let plot = Plot {
        left: left + SCALE,
        up: up + 44,
        width: width - SCALE - LEADER - names,
        height: field,
        most: (end, 1.0),
    };
    for part in [0.0, 0.5, 1.0] {
        canvas.line(plot.at(0.0, part), plot.at(end, part), 1, RULE);
        canvas.line(plot.at(part * end, 0.0), plot.at(part * end, 1.0), 1, RULE);
        let share = format!("{:.0} %", 100.0 * part);
        canvas.text((plot.left - 5, plot.y(part)), &share, SIZE, Align::Right, Weight::Normal, FAINT);
        let amount = fitted(&tick(part * end, decimals), SIZE, false, plot.width / 2 - 4);
        canvas.centred((plot.x(part * end), plot.up + field + 11), &amount, SIZE, FAINT);
    }
    canvas.label((left, plot.up + field + 29), &fitted(panel.unit, SIZE, false, width), SIZE, FAINT);
    paint_rows(canvas, panel, &plot, names);
}

/// Marks, and names beside the field with a line to each mark.
fn paint_rows(canvas: &Canvas<'_>, panel: &CostPanel, plot: &Plot, names: i32) {
    let mut rows: Vec<&CostRow> = panel.rows.iter().collect();
    rows.sort_by(|one, other| other.recall.value.total_cmp(&one.recall.value));
    let wanted: Vec<i32> = rows.iter().map(|row| plot.y(row.recall.value)).collect();
    let places = spread(&wanted, plot.up + LINE / 2, plot.up + plot.height - LINE / 2);
    let right = plot.left + plot.width;
    for (row, y) in rows.iter().zip(&places) {
        let mark = plot.at(row.amount, row.recall.value);
        canvas.path(&[mark, (right + 6, *y), (right + LEADER - 6, *y)], 1, FAINT);
    }
    for (row, y) in rows.iter().zip(&places) {
        plot.mark_upright(canvas, row.amount, &row.recall, Axis::Omission, Fill::Solid);
        let amount = format!(": {}", row.written);
        let room = names - width_of(&amount, SIZE, false).ceil() as i32;
        let words = format!("{}{amount}", named(&row.judge, SIZE, false, room));
        canvas.label((right + LEADER, *y), &words, SIZE, INK);
    }
}

/// Ascending places as near as may be to the wanted ones, a line apart, between two ends that have room for them.
fn spread(wanted: &[i32], top: i32, bottom: i32) -> Vec<i32> {
    let mut places: Vec<i32> = Vec::with_capacity(wanted.len());
    for want in wanted {
        let after = places.last().map_or(top, |last| last + LINE);
        places.push(after.max(*want));
    }
    let mut before = bottom;
    for place in places.iter_mut().rev() {
        *place = (*place).min(before);
        before = *place - LINE;
    }
    places
}

/// The end of a scale from 0, 1, 2 or 5 times a power of ten, and the decimals with which its half is written.
fn scale_end(most: f64) -> (f64, usize) {
    const LEAST_POWER: i32 = -6;
    let power = if most > 0.0 { (most.log10().floor() as i32).max(LEAST_POWER) } else { 0 };
    let unit = 10_f64.powi(power);
    let end = [1.0, 2.0, 5.0].map(|times| times * unit).into_iter().find(|end| *end >= most).unwrap_or(10.0 * unit);
    (end, usize::try_from(1 - power).unwrap_or(0))
}

fn tick(amount: f64, decimals: usize) -> String {
    let text = format!("{amount:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::Mark;

    fn panel(judges: usize, dearest: f64) -> CostPanel {
        let row = |index: usize| CostRow {
            judge: format!("judge-{index:02}-{}", "wide".repeat(15)),
            amount: dearest * (index as f64 / judges as f64).powi(3),
            written: format!("$ {index}.00"),
            // Five in one place, so that names have to part.
            recall: Mark { value: 0.9 - (index / 5) as f64 / 10.0, limits: Some((0.05, 0.95)) },
            words: "recall".to_owned(),
        };
        CostPanel { name: "cost", unit: "US dollars for 1000 verdicts", rows: (0..judges).map(row).collect() }
    }

    fn view(judges: usize, dearest: f64) -> CostView {
        CostView {
            note: "Measured against human labels; bars are 95 % intervals over clusters".to_owned(),
            panels: vec![panel(judges, dearest), panel(judges, 0.002)],
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        for dearest in [0.0, 3.4, 123_456.0] {
            holds_when_crowded(|judges| view(judges, dearest));
        }
    }

    #[test]
    fn every_judge_has_a_mark_and_a_name() {
        let figure = figure(&view(20, 3.4));
        for svg in [&figure.svg, &figure.narrow] {
            assert_eq!(texts(svg).iter().filter(|text| text.starts_with("judge-")).count(), 2 * 20);
            let document = roxmltree::Document::parse(svg).unwrap();
            let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
            // One mark a judge and panel, fill and outline.
            assert_eq!(circles, 2 * 20 * 2);
        }
    }

    #[test]
    fn a_scale_ends_at_a_round_number() {
        let ends = [0.0, 0.9, 1.0, 3.4, 51.0, 0.0021].map(|most| {
            let (end, decimals) = scale_end(most);
            (tick(end, decimals), tick(end / 2.0, decimals))
        });
        let expected = [("1", "0.5"), ("1", "0.5"), ("1", "0.5"), ("5", "2.5"), ("100", "50"), ("0.005", "0.0025")];
        assert_eq!(ends, expected.map(|(end, half)| (end.to_owned(), half.to_owned())));
    }

    #[test]
    fn names_part_and_stay_between_the_ends() {
        assert_eq!(spread(&[10, 10, 12, 90], 8, 92), [10, 26, 42, 90]);
        assert_eq!(spread(&[90, 91, 92], 8, 92), [60, 76, 92]);
        assert_eq!(spread(&[], 8, 92), Vec::<i32>::new());
    }
}
