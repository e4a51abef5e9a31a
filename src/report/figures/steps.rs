//! A field of shares over whole numbers, severities or doses: name, scale, sizes below, and both axes side by side.

use super::canvas::{Align, Canvas, FAINT, Fill, INK, RULE, Weight, colour};
use super::panels::Place;
use super::text::{fitted, named};
use crate::model::Axis;
use crate::report::view::Mark;

/// Size of the words of such a field.
pub(super) const SIZE: f64 = 10.5;
/// Space left of a field for its scale.
const SCALE: i32 = 44;
/// Space above a field for its name.
const NAME: i32 = 24;

/// Where a field stands.
pub(super) struct Steps {
    pub(super) left: i32,
    pub(super) up: i32,
    pub(super) width: i32,
    height: i32,
    /// The largest whole number; the first is 0.
    last: u32,
}

impl Steps {
    /// A field of this height in its panel.
    pub(super) const fn new(place: Place, height: i32, last: u32) -> Self {
        Self { left: place.left + SCALE, up: place.up + NAME, width: place.width - SCALE, height, last }
    }

    /// Left end of the panel's words.
    pub(super) const fn words(&self) -> i32 {
        self.left - SCALE + 8
    }

    /// Lower end of the field.
    pub(super) const fn below(&self) -> i32 {
        self.up + self.height
    }

    /// Room of one step.
    pub(super) const fn step(&self) -> i32 {
        self.width / (self.last as i32 + 1)
    }

    /// Every which step has a label, so that they fit beside each other.
    fn every(&self) -> u32 {
        (20 / self.step().max(1)).max(1) as u32
    }

    pub(super) fn x(&self, value: f64) -> i32 {
        let within = value.min(f64::from(self.last));
        self.left + self.step() / 2 + (within * f64::from(self.step())).round() as i32
    }

    pub(super) fn y(&self, share: f64) -> i32 {
        self.below() - (share * f64::from(self.height)).round() as i32
    }

    /// Draws the name above, both scales, and what the steps are.
    pub(super) fn frame(&self, canvas: &Canvas<'_>, name: &str, what: &str) {
        let name = named(name, 12.0, true, self.width + self.left - self.words());
        canvas.text((self.words(), self.up - 14), &name, 12.0, Align::Left, Weight::Bold, INK);
        for share in [0.0, 0.5, 1.0] {
            canvas.line((self.left, self.y(share)), (self.left + self.width, self.y(share)), 1, RULE);
            let label = format!("{:.0} %", 100.0 * share);
            canvas.text((self.left - 6, self.y(share)), &label, SIZE, Align::Right, Weight::Normal, FAINT);
        }
        for step in (0..=self.last).step_by(self.every() as usize) {
            canvas.centred((self.x(f64::from(step)), self.below() + 12), &step.to_string(), SIZE, FAINT);
        }
        canvas.centred((self.left + self.width / 2, self.below() + 56), what, SIZE, FAINT);
    }

    /// Draws the sizes of an axis below its steps.
    pub(super) fn sizes<'a>(&self, canvas: &Canvas<'_>, axis: Axis, sizes: impl Iterator<Item = (u32, &'a str)>) {
        let mut sizes = sizes.peekable();
        if sizes.peek().is_none() {
            return;
        }
        let y = self.below() + 27 + 13 * axis.index() as i32;
        canvas.text((self.left - 14, y), "n", 9.5, Align::Right, Weight::Normal, FAINT);
        canvas.mark((self.left - 6, y), 3, axis, Fill::Solid);
        let room = self.step() * self.every() as i32 - 3;
        for (step, n) in sizes.filter(|(step, _)| step.is_multiple_of(self.every())) {
            canvas.centred((self.x(f64::from(step)), y), &fitted(n, 9.5, false, room), 9.5, FAINT);
        }
    }

    /// Where a mark stands: the two axes side by side, so that neither hides the other.
    pub(super) fn beside(&self, axis: Axis, step: u32, share: f64) -> (i32, i32) {
        let aside = if axis == Axis::Omission { -4 } else { 4 };
        (self.x(f64::from(step)) + aside, self.y(share))
    }

    /// Draws a share with its limits.
    pub(super) fn mark(&self, canvas: &Canvas<'_>, axis: Axis, step: u32, flagged: &Mark) {
        let (x, y) = self.beside(axis, step, flagged.value);
        if let Some((lower, upper)) = flagged.limits {
            canvas.line((x, self.y(lower)), (x, self.y(upper)), 2, colour(axis));
        }
        canvas.mark((x, y), 4, axis, Fill::Solid);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five steps of 40 in 200 pixels beside a scale of 44; a height of 100 below a name of 24.
    #[test]
    fn steps_stand_in_the_middle_of_their_room() {
        let field = Steps::new(Place { left: 10, up: 0, width: 244 }, 100, 4);
        assert_eq!((field.left, field.step()), (54, 40));
        assert_eq!((field.x(0.0), field.x(1.5), field.x(4.0), field.x(9.0)), (74, 134, 234, 234));
        assert_eq!((field.y(0.0), field.y(0.25), field.y(1.0)), (124, 99, 24));
        assert_eq!(field.beside(Axis::Omission, 1, 0.0).0 + 8, field.beside(Axis::Commission, 1, 0.0).0);
    }

    #[test]
    fn labels_are_left_out_where_there_is_no_room() {
        let every = |last: u32| Steps::new(Place { left: 0, up: 0, width: 244 }, 100, last).every();
        assert_eq!([every(4), every(9), every(19), every(39)], [1, 1, 2, 4]);
    }
}
