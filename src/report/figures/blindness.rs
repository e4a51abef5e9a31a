//! Figure 1: a dumbbell a judge. Recall on omission above, on commission below, false alarms beside each, chance as a tick,
//! people as a band.

use super::canvas::{Align, BAND, BAND_EDGE, Canvas, FAINT, Fill, INK, RULE, Weight, colour};
use super::drawing::{Drawing, EDGE, WIDE};
use super::legend::{self, Entry};
use super::text::{fitted, named, width as width_of, wrapped};
use crate::model::Axis;
use crate::report::view::{Apart, AxisRow, BlindnessView, JudgeRow, Mark};

/// Half the distance between the two lines of a judge.
const APART: i32 = 12;
const NAME_SIZE: f64 = 12.5;
const WORDS_SIZE: f64 = 11.0;
const FOOT_LINE: i32 = 15;
/// What stands with the name of a baseline, and its room beside one.
const BASELINE: &str = "baseline";
const BASELINE_ROOM: i32 = 60;

/// How a count is written that there is not.
const NONE: &str = "-";
const RECALL: &str = "recall: share of the harm that is flagged";
const ALARMS: &str = "false alarms: share of the rest that is flagged";
const CHANCE: &str = "chance: the judge's own flag rate";
const PEOPLE: &str = "people, each against the others";

/// Where things stand on a sheet.
struct Layout {
    left: i32,
    right: i32,
    row: i32,
    /// Middle of the marks below the top of a row.
    middle: i32,
    wide: bool,
}

impl Layout {
    fn new(width: i32) -> Self {
        if width >= WIDE {
            Self { left: 184, right: 614, row: 58, middle: 29, wide: true }
        } else {
            Self { left: EDGE + 6, right: width - EDGE - 6, row: 102, middle: 40, wide: false }
        }
    }

    /// Room for the heads of the columns of words.
    const fn above(&self) -> i32 {
        if self.wide { 26 } else { 4 }
    }

    fn at(&self, share: f64) -> i32 {
        self.left + (share * f64::from(self.right - self.left)).round() as i32
    }
}

impl BlindnessView {
    fn legend(&self) -> Vec<&'static str> {
        let people = Axis::ALL.iter().any(|axis| self.ceiling.get(*axis).is_some());
        [RECALL, ALARMS, CHANCE].into_iter().chain(people.then_some(PEOPLE)).collect()
    }

    /// In what order the rows stand, and what that order is worth.
    fn order(&self) -> String {
        let mixed = self.rows.iter().any(|row| row.baseline) && self.rows.iter().any(|row| !row.baseline);
        let mut text = "Best on omission (Youden J) first".to_owned();
        if mixed {
            text.push_str(", baselines last");
        }
        match &self.apart {
            Apart::Nobody => {}
            Apart::These(names) => {
                let whose = if names.len() == 1 { "whose row is" } else { "whose rows are" };
                text.push_str(&format!(
                    "; held against other examples: {}, {whose} not to be compared",
                    names.join(" and ")
                ));
            }
            Apart::Everybody => {
                text.push_str("; judges answered on different examples, so that rows are not to be compared");
            }
        }
        text
    }

    fn foot(&self, width: i32) -> Vec<String> {
        let mut text =
            "An example without a verdict is a miss where it is harmful, and left out where it is not.".to_owned();
        if self.groups {
            text.push_str(" Judges that share a letter are not told apart (omission Youden J, simultaneous).");
        }
        if self.repeats {
            text.push_str(" Repeats are averaged.");
        }
        wrapped(&text, WORDS_SIZE, false, width - 2 * EDGE)
    }
}

impl Drawing for BlindnessView {
    const NAME: &'static str = "blindness";

    fn title(&self) -> String {
        self.title.clone()
    }

    fn note(&self) -> String {
        let on = |axis: Axis| match self.sizes.get(axis) {
            (0, 0) => format!("no labels on {axis}"),
            (harmful, others) => format!("{axis}: {harmful} harmful, {others} not"),
        };
        let mut sizes = Axis::ALL.map(on).join("; ");
        sizes[..1].make_ascii_uppercase();
        format!("{}. {sizes}. {}.", self.note, self.order())
    }

    fn caption(&self) -> String {
        "Each judge has two lines: omission (circle) above, commission (diamond) below. The further right the filled mark, the \
         more of the harm the judge sees; the further left the hollow one, the fewer false alarms it pays with. A judge \
         whose filled mark does not pass its tick sees no more than a coin with its habits would."
            .to_owned()
    }

    fn describe(&self) -> String {
        let mut text = format!("One row a judge. {}", self.note());
        for JudgeRow { name: judge, axes, .. } in &self.rows {
            for axis in Axis::ALL {
                match axes.get(axis) {
                    Some(row) => text.push_str(&format!(
                        " {judge}, {axis}: recall {} ({}), false alarms {} ({}).",
                        row.recall_words, row.recall_count, row.false_alarm_words, row.false_alarm_count
                    )),
                    None => text.push_str(&format!(" {judge} does not answer on {axis}.")),
                }
            }
        }
        text
    }

    fn height(&self, width: i32) -> i32 {
        let layout = Layout::new(width);
        let foot = FOOT_LINE * self.foot(width).len() as i32;
        layout.above() + layout.row * self.rows.len() as i32 + 40 + legend::height(&self.legend(), width) + foot + 10
    }

    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32) {
        let layout = Layout::new(width);
        let top = top + layout.above();
        let bottom = top + layout.row * self.rows.len() as i32;
        if layout.wide {
            let y = top - 14;
            canvas.label((layout.right + 18, y), "recall", WORDS_SIZE, FAINT);
            canvas.label((layout.right + 226, y), "false alarms", WORDS_SIZE, FAINT);
        }
        for tick in 0..=4 {
            let share = f64::from(tick) / 4.0;
            if layout.wide {
                canvas.line((layout.at(share), top), (layout.at(share), bottom), 1, RULE);
            }
            canvas.centred((layout.at(share), bottom + 12), &format!("{:.0} %", 100.0 * share), WORDS_SIZE, FAINT);
        }
        for (index, judge) in self.rows.iter().enumerate() {
            let y = top + layout.row * index as i32;
            if index > 0 {
                canvas.line((EDGE, y), (width - EDGE, y), 1, RULE);
            }
            self.bands(canvas, &layout, y + layout.middle);
            if !layout.wide {
                // Words stand between the rows: lines only behind the marks.
                let (from, to) = (y + layout.middle - 2 * APART + 2, y + layout.middle + 2 * APART - 2);
                (0..=4)
                    .map(|tick| layout.at(f64::from(tick) / 4.0))
                    .for_each(|x| canvas.line((x, from), (x, to), 1, RULE));
            }
            draw_name(canvas, &layout, judge, y, width);
            draw_judge(canvas, &layout, &judge.axes, y + layout.middle, width);
        }
        self.paint_legend(canvas, width, bottom + 40);
    }
}

impl BlindnessView {
    fn bands(&self, canvas: &Canvas<'_>, layout: &Layout, middle: i32) {
        for axis in Axis::ALL {
            if let Some(band) = self.ceiling.get(axis) {
                let y = line_of(axis, middle);
                let (from, to) = (layout.at(band.lowest) - 2, layout.at(band.highest) + 2);
                canvas.rectangle((from, y - APART + 2), (to, y + APART - 2), BAND);
                for edge in [from, to] {
                    canvas.line((edge, y - APART + 2), (edge, y + APART - 2), 1, BAND_EDGE);
                }
            }
        }
    }

    fn paint_legend(&self, canvas: &Canvas<'_>, width: i32, y: i32) {
        let both = |canvas: &Canvas<'_>, x: i32, y: i32, radius: i32, fill: Fill| {
            canvas.mark((x + 6, y), radius, Axis::Omission, fill);
            canvas.mark((x + 20, y), radius, Axis::Commission, fill);
        };
        let words = self.legend();
        let entries: Vec<Entry<'_>> = words
            .iter()
            .map(|words| Entry {
                words,
                paint: match *words {
                    RECALL => Box::new(move |canvas, x, y| both(canvas, x, y, 5, Fill::Solid)),
                    ALARMS => Box::new(move |canvas, x, y| both(canvas, x, y, 4, Fill::Hollow)),
                    CHANCE => Box::new(|canvas, x, y| canvas.line((x + 14, y - 8), (x + 14, y + 8), 3, FAINT)),
                    _ => Box::new(|canvas, x, y| canvas.rectangle((x + 4, y - 8), (x + 22, y + 8), BAND)),
                },
            })
            .collect();
        legend::paint(canvas, &entries, width, y);
        let mut y = y + legend::height(&words, width) + 2;
        for line in self.foot(width) {
            canvas.label((EDGE, y), &line, WORDS_SIZE, FAINT);
            y += FOOT_LINE;
        }
    }
}

/// Omission above, commission below.
const fn line_of(axis: Axis, middle: i32) -> i32 {
    match axis {
        Axis::Omission => middle - APART,
        Axis::Commission => middle + APART,
    }
}

fn draw_name(canvas: &Canvas<'_>, layout: &Layout, judge: &JudgeRow, y: i32, width: i32) {
    if layout.wide {
        let room = layout.left - EDGE - 12;
        // A name somewhat too long is written somewhat smaller before it is cut.
        let fits = width_of(&judge.name, NAME_SIZE, true) <= f64::from(room);
        let size = if fits { NAME_SIZE } else { WORDS_SIZE };
        let name = named(&judge.name, size, true, room);
        let middle = y + layout.middle - if judge.baseline { 7 } else { 0 };
        canvas.text((EDGE, middle), &name, size, Align::Left, Weight::Bold, INK);
        if judge.baseline {
            canvas.label((EDGE, middle + 16), BASELINE, WORDS_SIZE, FAINT);
        }
    } else {
        let aside = if judge.baseline { BASELINE_ROOM } else { 0 };
        let name = named(&judge.name, NAME_SIZE, true, width - 2 * EDGE - aside);
        canvas.text((EDGE, y + 11), &name, NAME_SIZE, Align::Left, Weight::Bold, INK);
        if judge.baseline {
            canvas.text((width - EDGE, y + 11), BASELINE, WORDS_SIZE, Align::Right, Weight::Normal, FAINT);
        }
    }
}

fn draw_judge(
    canvas: &Canvas<'_>,
    layout: &Layout,
    axes: &crate::model::PerAxis<Option<AxisRow>>,
    middle: i32,
    width: i32,
) {
    let recall = |axis: Axis| axes.get(axis).as_ref().and_then(|row| row.recall);
    if let (Some(omission), Some(commission)) = (recall(Axis::Omission), recall(Axis::Commission)) {
        let end = |mark: Mark, axis: Axis| (layout.at(mark.value), line_of(axis, middle));
        canvas.line(end(omission, Axis::Omission), end(commission, Axis::Commission), 2, FAINT);
    }
    for axis in Axis::ALL {
        let y = line_of(axis, middle);
        match axes.get(axis) {
            Some(row) => {
                draw_marks(canvas, layout, axis, row, y);
                draw_words(canvas, layout, axis, row, y, width);
            }
            None => {
                let words = format!("does not answer on {axis}");
                canvas.centred(((layout.left + layout.right) / 2, y), &words, WORDS_SIZE, FAINT);
            }
        }
    }
}

fn draw_marks(canvas: &Canvas<'_>, layout: &Layout, axis: Axis, row: &AxisRow, y: i32) {
    if let Some(chance) = row.chance {
        canvas.line((layout.at(chance), y - 8), (layout.at(chance), y + 8), 3, FAINT);
    }
    let whisker = |mark: &Mark, width: u32| {
        if let Some((lower, upper)) = mark.limits {
            canvas.line((layout.at(lower), y), (layout.at(upper), y), width, colour(axis));
        }
    };
    if let Some(mark) = &row.false_alarms {
        whisker(mark, 1);
        canvas.mark((layout.at(mark.value), y), 4, axis, Fill::Hollow);
    }
    match &row.recall {
        Some(mark) => {
            whisker(mark, 2);
            canvas.mark((layout.at(mark.value), y), 6, axis, Fill::Solid);
        }
        // The words beside the field say why; in the field they would stand on the false alarms.
        None if row.false_alarms.is_some() => {}
        None => canvas.centred(((layout.left + layout.right) / 2, y), "recall undefined", WORDS_SIZE, FAINT),
    }
}

fn draw_words(canvas: &Canvas<'_>, layout: &Layout, axis: Axis, row: &AxisRow, y: i32, width: i32) {
    let with = |words: &str, count: &str| if count == NONE { words.to_owned() } else { format!("{words}  {count}") };
    let recall = with(&row.recall_words, &row.recall_count);
    let alarms = with(&row.false_alarm_words, &row.false_alarm_count);
    if layout.wide {
        let left = layout.right + 18;
        canvas.label((left, y), &fitted(&recall, WORDS_SIZE, false, 200), WORDS_SIZE, INK);
        canvas.label((left + 208, y), &fitted(&alarms, WORDS_SIZE, false, width - left - 214), WORDS_SIZE, FAINT);
    } else {
        // Below the marks, one line an axis, which its mark names.
        let line = if axis == Axis::Omission { y + 2 * APART + 16 } else { y + 30 };
        canvas.mark((EDGE + 5, line), 3, axis, Fill::Solid);
        let words = format!("{recall}; false alarms {alarms}");
        canvas.label((EDGE + 14, line), &fitted(&words, 10.0, false, width - 2 * EDGE - 14), 10.0, INK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PerAxis;
    use crate::report::figures::checks::{holds_when_crowded, texts};
    use crate::report::figures::drawing::figure;
    use crate::report::view::CeilingBand;

    fn row(value: f64) -> AxisRow {
        let mark = Mark { value, limits: Some(((value - 0.1).max(0.0), (value + 0.1).min(1.0))) };
        AxisRow {
            recall: Some(mark),
            false_alarms: Some(Mark { value: value / 4.0, limits: None }),
            chance: Some(value / 2.0),
            recall_words: format!("{:.0} % [100-100]", 100.0 * value),
            recall_count: "99999.5/100000".to_owned(),
            false_alarm_words: "< 0.1 %".to_owned(),
            false_alarm_count: "10000.5/90000".to_owned(),
        }
    }

    fn view(judges: usize) -> BlindnessView {
        let name = |judge: usize| format!("judge-{judge:02}-{}", "wide".repeat(15));
        let axes = |judge: usize| PerAxis {
            omission: Some(row(judge as f64 / 20.0)),
            commission: (judge % 3 != 1).then(|| row(1.0 - judge as f64 / 20.0)),
        };
        BlindnessView {
            title: "Judges see from 0 % (one with a rather long name) to 100 % (another) of the omission harm"
                .to_owned(),
            note: "Measured against constructed labels (not human); bars are 95 % intervals over clusters".to_owned(),
            rows: (0..judges)
                .map(|judge| JudgeRow { name: name(judge), baseline: judge % 2 == 1, axes: axes(judge) })
                .collect(),
            ceiling: PerAxis { omission: Some(CeilingBand { lowest: 0.9, highest: 0.97 }), commission: None },
            sizes: PerAxis { omission: (10_000, 90_000), commission: (5_000, 95_000) },
            groups: true,
            repeats: true,
            apart: Apart::These(vec![name(0), name(1)]),
        }
    }

    #[test]
    fn nothing_overlaps_with_one_five_and_twenty_judges() {
        holds_when_crowded(view);
    }

    #[test]
    fn every_judge_has_its_marks_and_its_counts() {
        let figure = figure(&view(5));
        // On the narrow sheet a mark of its own also names the line of numbers.
        for (svg, marks) in [(&figure.svg, 2), (&figure.narrow, 3)] {
            let document = roxmltree::Document::parse(svg).unwrap();
            // Circles are omission: recall and false alarms of five judges and two in the legend, fill and outline each.
            let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
            assert_eq!(circles, (5 * marks + 2) * 2);
            // The band of people: one in each row, one in the legend; and the sheet.
            let bands = document.descendants().filter(|node| node.has_tag_name("rect")).count();
            assert_eq!(bands, 5 + 1 + 1);
            let silent = texts(svg).iter().filter(|text| *text == "does not answer on commission").count();
            assert_eq!(silent, 2);
            assert_eq!(texts(svg).iter().filter(|text| *text == "baseline").count(), 2);
        }
        assert!(figure.description.contains("omission: recall 5 % [100-100] (99999.5/100000), false alarms < 0.1 %"));
    }
}
