//! Legends: entries that wrap to the width of the sheet.

use super::canvas::{Canvas, Fill, INK, colour};
use super::drawing::EDGE;
use super::text;
use crate::model::Axis;

const SIZE: f64 = 11.5;
const LINE: i32 = 19;
/// Room for the mark of an entry.
const MARK: i32 = 30;
const BETWEEN: i32 = 18;

/// How the mark of an entry is drawn.
pub(super) type Paint<'a> = Box<dyn Fn(&Canvas<'_>, i32, i32) + 'a>;

/// An entry: how its mark is drawn, from the left end of its room at the middle of the line, and its words.
pub(super) struct Entry<'a> {
    pub(super) words: &'a str,
    pub(super) paint: Paint<'a>,
}

/// Where the words of each entry begin, by line.
fn places(words: &[&str], width: i32) -> Vec<(i32, i32)> {
    let (mut x, mut line) = (EDGE, 0);
    words
        .iter()
        .map(|words| {
            let room = MARK + text::width(words, SIZE, false).ceil() as i32 + BETWEEN;
            if x > EDGE && x + room > width {
                (x, line) = (EDGE, line + 1);
            }
            let place = (x, line);
            x += room;
            place
        })
        .collect()
}

/// Height of a legend with these words.
pub(super) fn height(words: &[&str], width: i32) -> i32 {
    LINE * (places(words, width).last().map_or(0, |place| place.1) + 1)
}

/// Draws a legend with the middle of its first line at `y`.
pub(super) fn paint(canvas: &Canvas<'_>, entries: &[Entry<'_>], width: i32, y: i32) {
    let words: Vec<&str> = entries.iter().map(|entry| entry.words).collect();
    for (entry, (x, line)) in entries.iter().zip(places(&words, width)) {
        let y = y + line * LINE;
        (entry.paint)(canvas, x, y);
        canvas.label((x + MARK, y), &text::fitted(entry.words, SIZE, false, width - x - MARK - 2), SIZE, INK);
    }
}

/// What the two axes are called.
const AXES: [&str; 2] = [Axis::Omission.name(), Axis::Commission.name()];

/// Height of the legend of the two axes, with the space below it.
pub(super) fn height_of_axes(width: i32) -> i32 {
    height(&AXES, width) + 10
}

/// Draws the legend of the two axes from `top` down.
pub(super) fn paint_axes(canvas: &Canvas<'_>, paint_axis: fn(Axis) -> Paint<'static>, width: i32, top: i32) {
    let entry = |axis: Axis| Entry { words: AXES[axis.index()], paint: paint_axis(axis) };
    paint(canvas, &Axis::ALL.map(entry), width, top + 4);
}

/// The mark of an axis on its curve.
pub(super) fn on_curve(axis: Axis) -> Paint<'static> {
    Box::new(move |canvas, x, y| {
        canvas.curve(&[(x, y), (x + 26, y)], axis);
        canvas.mark((x + 13, y), 4, axis, Fill::Solid);
    })
}

/// The mark of an axis with its interval.
pub(super) fn with_interval(axis: Axis) -> Paint<'static> {
    Box::new(move |canvas, x, y| {
        canvas.line((x, y), (x + 26, y), 2, colour(axis));
        canvas.mark((x + 13, y), 4, axis, Fill::Solid);
    })
}
