//! What every figure is: a title that says what it shows, a note on labels and sizes, and a body, on a wide and on a narrow
//! sheet.

use super::canvas::{Align, Canvas, FAINT, INK, Weight, draw};
use super::text::wrapped;

/// Width of the sheet that is written as a file, and of the one for narrow screens.
pub(super) const WIDE: i32 = 960;
pub(super) const NARROW: i32 = 380;

/// Space at both sides.
pub(super) const EDGE: i32 = 16;
const TITLE_SIZE: f64 = 16.0;
const NOTE_SIZE: f64 = 11.5;

/// A figure ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// File name without its ending.
    pub name: &'static str,
    /// What it shows.
    pub title: String,
    /// How it is read.
    pub caption: String,
    /// What a reader who does not see it should know.
    pub description: String,
    /// Whether shades of cells carry its meaning, so that it stays on a light sheet.
    pub tinted: bool,
    /// The SVG.
    pub svg: String,
    /// The same for a narrow screen.
    pub narrow: String,
}

/// A figure that can be drawn at any width.
pub(super) trait Drawing {
    /// File name without its ending.
    const NAME: &'static str;
    /// Whether shades of cells carry its meaning.
    const TINTED: bool = false;
    /// What it shows, as a statement.
    fn title(&self) -> String;
    /// What the labels are, sizes, intervals.
    fn note(&self) -> String;
    /// How it is read.
    fn caption(&self) -> String;
    /// Its numbers in words.
    fn describe(&self) -> String;
    /// Height of the body on a sheet of this width.
    fn height(&self, width: i32) -> i32;
    /// Draws the body from `top` down.
    fn paint(&self, canvas: &Canvas<'_>, width: i32, top: i32);
}

/// Draws a figure on both sheets.
pub(super) fn figure<D: Drawing>(drawing: &D) -> Figure {
    let sheet = |width: i32| {
        let head = Head::new(width, &drawing.title(), &drawing.note());
        let size = (width, head.height + drawing.height(width));
        draw(size, &drawing.title(), &drawing.describe(), |canvas| {
            head.paint(canvas);
            drawing.paint(canvas, width, head.height);
        })
    };
    Figure {
        name: D::NAME,
        title: drawing.title(),
        caption: drawing.caption(),
        description: drawing.describe(),
        tinted: D::TINTED,
        svg: sheet(WIDE),
        narrow: sheet(NARROW),
    }
}

/// Title and note, broken into lines.
struct Head {
    title: Vec<String>,
    note: Vec<String>,
    height: i32,
}

const TITLE_LINE: i32 = 21;
const NOTE_LINE: i32 = 16;

impl Head {
    fn new(width: i32, title: &str, note: &str) -> Self {
        let title = wrapped(title, TITLE_SIZE, true, width - 2 * EDGE);
        let note = wrapped(note, NOTE_SIZE, false, width - 2 * EDGE);
        let height = 14 + TITLE_LINE * title.len() as i32 + NOTE_LINE * note.len() as i32 + 12;
        Self { title, note, height }
    }

    fn paint(&self, canvas: &Canvas<'_>) {
        let mut y = 22;
        for line in &self.title {
            canvas.text((EDGE, y), line, TITLE_SIZE, Align::Left, Weight::Bold, INK);
            y += TITLE_LINE;
        }
        y -= 2;
        for line in &self.note {
            canvas.text((EDGE, y), line, NOTE_SIZE, Align::Left, Weight::Normal, FAINT);
            y += NOTE_LINE;
        }
    }
}

/// Panels of at least `least` pixels beside each other: how many, and how wide each is with what parts them.
pub(super) fn columns(width: i32, least: i32) -> (i32, i32) {
    let room = width - 2 * EDGE;
    let columns = (room / least).max(1);
    (columns, room / columns)
}

/// Panels in rows.
pub(super) fn rows_of(panels: usize, columns: i32) -> i32 {
    (panels as i32 + columns - 1) / columns
}
