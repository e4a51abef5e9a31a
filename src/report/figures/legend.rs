//! Legends: entries that wrap to the width of the sheet.

use super::canvas::{Canvas, INK};
use super::drawing::EDGE;
use super::text;

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
