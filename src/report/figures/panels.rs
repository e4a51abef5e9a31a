//! Small multiples: panels beside each other, each row of them as tall as its tallest. And the panel that many figures are
//! made of, a forest: a named row a line, a field of shares beside the names, counts beside the field.

use super::canvas::{Align, Canvas, FAINT, INK, RULE, Weight};
use super::drawing::{EDGE, columns};
use super::plot::{Plot, SIZE, heading};
use super::text::{fitted, named, width as width_of};

/// Space between two panels.
const GAP: i32 = 16;

/// Panels on a sheet, in reading order.
#[derive(Debug)]
pub(super) struct Panels {
    columns: usize,
    /// Width of a panel with the space after it.
    cell: i32,
    /// Height of each row of panels.
    rows: Vec<i32>,
}

/// Where a panel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) left: i32,
    pub(super) up: i32,
    pub(super) width: i32,
}

impl Panels {
    /// Panels at least `least` pixels wide on a sheet of this width, as many beside each other as it holds.
    pub(super) fn new(width: i32, least: i32, heights: impl Iterator<Item = i32>) -> Self {
        let (columns, cell) = columns(width, least);
        let heights: Vec<i32> = heights.collect();
        let rows = heights.chunks(columns as usize).map(|row| row.iter().copied().max().unwrap_or(0)).collect();
        Self { columns: columns as usize, cell, rows }
    }

    /// Width of a panel.
    pub(super) const fn width(&self) -> i32 {
        self.cell - GAP
    }

    /// Height of all of them.
    pub(super) fn height(&self) -> i32 {
        self.rows.iter().sum()
    }

    /// Where a panel stands if the first begins at `top`.
    pub(super) fn place(&self, index: usize, top: i32) -> Place {
        let (column, row) = (index % self.columns, index / self.columns);
        Place {
            left: EDGE + column as i32 * self.cell,
            up: top + self.rows[..row].iter().sum::<i32>(),
            width: self.width(),
        }
    }
}

/// Size of a count.
const COUNT_SIZE: f64 = 9.5;
/// Heading above the field of a forest, and scale and space below it.
const ABOVE: i32 = 22;
const BELOW: i32 = 34;

/// Widths of the columns of forests: the same in all panels of a figure, so that fields stand below each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Forest {
    names: i32,
    counts: i32,
}

impl Forest {
    /// Columns as wide as their words need, as far as a panel of this width has room for them beside a field.
    pub(super) fn new<'a>(
        width: i32,
        names: impl Iterator<Item = &'a str>,
        counts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let names = names.map(|name| width_of(name, SIZE, false)).fold(0.0, f64::max).ceil() as i32;
        let counts = counts.map(|count| width_of(count, COUNT_SIZE, false)).fold(0.0, f64::max).ceil() as i32;
        // A field keeps a third of the panel.
        Self { names: (names + 12).clamp(40, width * 2 / 5), counts: (counts + 14).clamp(36, width / 4) }
    }

    /// Draws heading, lines and scale of a panel, and returns its field.
    pub(super) fn frame(&self, canvas: &Canvas<'_>, place: Place, words: &str, height: i32) -> Plot {
        heading(canvas, (place.left, place.up + 8), words, place.width);
        let width = place.width - self.names - self.counts;
        let plot = Plot::shares(place.left + self.names, place.up + ABOVE, width, height);
        for share in [0.0, 0.5, 1.0] {
            canvas.line(plot.at(share, 0.0), plot.at(share, 1.0), 1, RULE);
            canvas.centred((plot.x(share), plot.up + height + 11), &format!("{:.0} %", 100.0 * share), SIZE, FAINT);
        }
        plot
    }

    /// The name of the rows that follow.
    pub(super) fn group(&self, canvas: &Canvas<'_>, plot: &Plot, y: i32, words: &str) {
        let left = plot.left - self.names;
        canvas.label((left, y), &named(words, SIZE, false, self.names - 10), SIZE, FAINT);
    }

    /// The name of a row.
    pub(super) fn name(&self, canvas: &Canvas<'_>, plot: &Plot, y: i32, words: &str) {
        let name = named(words, SIZE, false, self.names - 10);
        canvas.text((plot.left - 9, y), &name, SIZE, Align::Right, Weight::Normal, INK);
    }

    /// A count beside the field.
    pub(super) fn count(&self, canvas: &Canvas<'_>, plot: &Plot, y: i32, words: &str) {
        let count = fitted(words, COUNT_SIZE, false, self.counts - 11);
        canvas.label((plot.left + plot.width + 11, y), &count, COUNT_SIZE, FAINT);
    }
}

/// The panels of a figure that are forests: alike in their columns, each as tall as its rows.
#[derive(Debug)]
pub(super) struct Forests {
    panels: Panels,
    forest: Forest,
}

impl Forests {
    /// Width of a panel at least.
    const LEAST: i32 = 340;

    /// Forests with fields of these heights, and below each `more` for a line of words.
    pub(super) fn new<'a>(
        width: i32,
        fields: impl Iterator<Item = i32>,
        more: i32,
        names: impl Iterator<Item = &'a str>,
        counts: impl Iterator<Item = &'a str>,
    ) -> Self {
        let panels = Panels::new(width, Self::LEAST, fields.map(|field| ABOVE + field + BELOW + more));
        let forest = Forest::new(panels.width(), names, counts);
        Self { panels, forest }
    }

    /// Height of all of them.
    pub(super) fn height(&self) -> i32 {
        self.panels.height()
    }

    /// Paints each in its place, the first from `top` down.
    pub(super) fn paint<T>(&self, panels: &[T], top: i32, paint: impl Fn(&Forest, &T, Place)) {
        for (index, panel) in panels.iter().enumerate() {
            paint(&self.forest, panel, self.panels.place(index, top));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_panels_are_as_tall_as_their_tallest() {
        // 960 less two edges of 16 is 928: two of 464 each.
        let panels = Panels::new(960, 340, [100, 150, 80].into_iter());
        assert_eq!((panels.height(), panels.width()), (230, 448));
        let places = [0, 1, 2].map(|index| panels.place(index, 10)).map(|place| (place.left, place.up, place.width));
        assert_eq!(places, [(16, 10, 448), (480, 10, 448), (16, 160, 448)]);
        assert_eq!(Panels::new(380, 400, [5, 6].into_iter()).height(), 11, "one beside nothing on a narrow sheet");
    }

    #[test]
    fn a_forest_is_as_tall_as_its_rows_with_heading_and_scale() {
        let none = || [].into_iter();
        // Fields of 100 and 40 beside each other, and 60 below them: 22 + 100 + 34 + 5, then 22 + 60 + 34 + 5.
        assert_eq!(Forests::new(960, [100, 40, 60].into_iter(), 5, none(), none()).height(), 161 + 121);
    }

    #[test]
    fn columns_are_as_wide_as_their_words_and_leave_a_field() {
        let forest = |name: &str| Forest::new(300, [name].into_iter(), ["1/2"].into_iter());
        let (short, long) = (forest("a name"), forest(&"wide".repeat(30)));
        assert!(short.names < 60 && long.names == 120, "{short:?} {long:?}");
        assert!(300 - long.names - long.counts >= 100);
    }
}
