//! A square field with shares on both sides, and the marks that small multiples have in common.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight, colour};
use super::text::{fitted, named};
use crate::model::Axis;
use crate::report::view::Mark;

pub(super) const SIZE: f64 = 10.5;

/// A field whose sides run over an interval each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot {
    pub(super) left: i32,
    pub(super) up: i32,
    pub(super) width: i32,
    pub(super) height: i32,
    /// Value at the right end and at the top; both begin at 0.
    pub(super) most: (f64, f64),
}

impl Plot {
    /// A field of shares.
    pub(super) const fn shares(left: i32, up: i32, width: i32, height: i32) -> Self {
        Self { left, up, width, height, most: (1.0, 1.0) }
    }

    pub(super) fn x(&self, value: f64) -> i32 {
        self.left + ((value / self.most.0).clamp(0.0, 1.0) * f64::from(self.width)).round() as i32
    }

    pub(super) fn y(&self, value: f64) -> i32 {
        self.up + self.height - ((value / self.most.1).clamp(0.0, 1.0) * f64::from(self.height)).round() as i32
    }

    pub(super) fn at(&self, x: f64, y: f64) -> (i32, i32) {
        (self.x(x), self.y(y))
    }

    /// Lines and scales of a field of shares, with the name of each side.
    pub(super) fn frame(&self, canvas: &Canvas<'_>, below: &str, beside: &str) {
        for share in [0.0, 0.5, 1.0] {
            let label = format!("{:.0} %", 100.0 * share);
            canvas.line(self.at(0.0, share), self.at(1.0, share), 1, RULE);
            canvas.line(self.at(share, 0.0), self.at(share, 1.0), 1, RULE);
            canvas.text((self.left - 8, self.y(share)), &label, SIZE, Align::Right, Weight::Normal, FAINT);
            canvas.centred((self.x(share), self.up + self.height + 13), &label, SIZE, FAINT);
        }
        let middle = self.left + self.width / 2;
        canvas.centred((middle, self.up + self.height + 26), &fitted(below, SIZE, false, self.width + 40), SIZE, FAINT);
        canvas.label((self.left - 40, self.up - 14), &fitted(beside, SIZE, false, self.width + 40), SIZE, FAINT);
    }

    /// A mark with its interval upright.
    pub(super) fn mark_upright(&self, canvas: &Canvas<'_>, x: f64, mark: &Mark, axis: Axis, fill: Fill) {
        if let Some((lower, upper)) = mark.limits {
            canvas.line(self.at(x, lower), self.at(x, upper), 2, colour(axis));
        }
        canvas.mark(self.at(x, mark.value), 4, axis, fill);
    }

    /// A mark with its interval level, at a height in pixels.
    pub(super) fn mark_level(&self, canvas: &Canvas<'_>, y: i32, mark: &Mark, axis: Axis, fill: Fill) {
        if let Some((lower, upper)) = mark.limits {
            canvas.line((self.x(lower), y), (self.x(upper), y), 2, colour(axis));
        }
        canvas.mark((self.x(mark.value), y), 4, axis, fill);
    }
}

/// The name of a panel.
pub(super) fn heading(canvas: &Canvas<'_>, at: (i32, i32), words: &str, room: i32) {
    canvas.text(at, &named(words, 12.0, true, room), 12.0, Align::Left, Weight::Bold, INK);
}
