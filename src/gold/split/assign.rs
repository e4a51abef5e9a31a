//! Deals units to the two parts so that each kind of example is shared in proportion.
//!
//! Iterative stratification of Sechidis, Tsoumakas & Vlahavas (2011), ECML PKDD, LNCS 6913:145, on units instead of examples:
//! the kind that fewest units still hold is dealt first, each unit to the part that lacks most of it. Before that, each part
//! gets one unit with positives of each axis.

use super::units::{KINDS, Unit};
use super::{Part, SplitOptions};
use crate::model::Axis;
use crate::stats::random::{StreamKey, shuffle};

/// The part of each unit.
pub(super) fn assign(units: &[Unit], options: SplitOptions) -> Vec<Part> {
    let mut dealer = Dealer::new(units, options);
    dealer.give_each_part_positives();
    while let Some(kind) = dealer.rarest_kind() {
        while let Some(unit) = dealer.next_with(kind) {
            dealer.give(unit, dealer.neediest(Some(kind)));
            if dealer.rarest_kind() != Some(kind) {
                break;
            }
        }
    }
    for unit in dealer.order.clone() {
        if dealer.part_of[unit].is_none() {
            dealer.give(unit, dealer.neediest(None));
        }
    }
    dealer.leave_no_part_empty();
    dealer.part_of.into_iter().map(|part| part.unwrap_or(Part::Test)).collect()
}

/// What a part still lacks of each kind, and of examples.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    kinds: [f64; KINDS],
    examples: f64,
}

struct Dealer<'a> {
    units: &'a [Unit],
    /// Units in random order.
    order: Vec<usize>,
    part_of: Vec<Option<Part>>,
    /// Calibration, then test.
    wanted: [Wanted; 2],
    /// Units without a part that hold each kind.
    left: [usize; KINDS],
    /// Up to where the order was searched for each kind.
    searched: [usize; KINDS],
}

impl<'a> Dealer<'a> {
    fn new(units: &'a [Unit], options: SplitOptions) -> Self {
        let mut total = Wanted { kinds: [0.0; KINDS], examples: 0.0 };
        let mut left = [0; KINDS];
        for unit in units {
            total.examples += unit.examples.len() as f64;
            for (kind, count) in unit.kinds.iter().enumerate() {
                total.kinds[kind] += *count as f64;
                left[kind] += usize::from(*count > 0);
            }
        }
        let wanted = [options.calibration, 1.0 - options.calibration]
            .map(|share| Wanted { kinds: total.kinds.map(|count| share * count), examples: share * total.examples });
        let order = shuffled(units.len(), options.seed);
        Self { units, order, part_of: vec![None; units.len()], wanted, left, searched: [0; KINDS] }
    }

    /// Each part gets a unit with positives of each axis, if two units have some.
    ///
    /// This never fails: what the first axis took away from the second also gave a part its positives.
    fn give_each_part_positives(&mut self) {
        for kind in Axis::ALL.map(Axis::index) {
            for part in Part::ALL {
                let holds = |unit: &usize| self.units[*unit].kinds[kind] > 0;
                let has = self.order.iter().any(|unit| self.part_of[*unit] == Some(part) && holds(unit));
                let free = self.order.iter().copied().find(|unit| self.part_of[*unit].is_none() && holds(unit));
                if let Some(unit) = free.filter(|_| !has) {
                    self.give(unit, part);
                }
            }
        }
    }

    fn give(&mut self, unit: usize, part: Part) {
        self.part_of[unit] = Some(part);
        let wanted = &mut self.wanted[part as usize];
        wanted.examples -= self.units[unit].examples.len() as f64;
        for (kind, count) in self.units[unit].kinds.iter().enumerate() {
            wanted.kinds[kind] -= *count as f64;
            self.left[kind] -= usize::from(*count > 0);
        }
    }

    /// The kind that fewest undealt units hold.
    fn rarest_kind(&self) -> Option<usize> {
        (0..KINDS).filter(|kind| self.left[*kind] > 0).min_by_key(|kind| self.left[*kind])
    }

    fn next_with(&mut self, kind: usize) -> Option<usize> {
        while let Some(unit) = self.order.get(self.searched[kind]).copied() {
            if self.part_of[unit].is_none() && self.units[unit].kinds[kind] > 0 {
                return Some(unit);
            }
            self.searched[kind] += 1;
        }
        None
    }

    /// The part that lacks most of a kind; of two that lack as much, the one that lacks more examples.
    fn neediest(&self, kind: Option<usize>) -> Part {
        let lack = |part: Part| {
            let wanted = &self.wanted[part as usize];
            (kind.map_or(0.0, |kind| wanted.kinds[kind]), wanted.examples)
        };
        let (calibration, test) = (lack(Part::Calibration), lack(Part::Test));
        let order = calibration.0.total_cmp(&test.0).then(calibration.1.total_cmp(&test.1));
        if order.is_lt() { Part::Test } else { Part::Calibration }
    }

    /// With an extreme share one part may have got nothing: it gets the smallest unit.
    fn leave_no_part_empty(&mut self) {
        for part in Part::ALL {
            if self.part_of.iter().all(|found| *found != Some(part))
                && let Some(unit) = self.order.iter().copied().min_by_key(|unit| self.units[*unit].examples.len())
            {
                self.part_of[unit] = Some(part);
            }
        }
    }
}

fn shuffled(size: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..size).collect();
    shuffle(&mut order, &mut StreamKey::new(seed, "", "", "gold_split").stream(0));
    order
}
