//! Values that are counted apart, where there are too many of them.

/// Up to so many distinct values are taken as they are; beyond it they are thinned, so that the cost of a curve does not
/// grow with the number of examples.
pub(crate) const MOST_VALUES: usize = 1_000;

/// How more than [`MOST_VALUES`] distinct values become fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thinning {
    /// To values that stand for equally many examples each: a value becomes the next lower one that is kept, so that
    /// "flag from a kept value on" flags exactly what it says.
    EqualMass,
    /// To the nearest multiple of 1/1000: of probabilities, whose distance matters.
    Grid,
}

/// Values that are counted apart, and where each value belongs.
pub(super) struct Kept {
    pub(super) values: Vec<f64>,
    /// Of rounded values: position of each place of the grid.
    of_grid: Option<Vec<usize>>,
}

impl Kept {
    /// `all` holds the values in ascending order, `distinct` of them different.
    pub(super) fn new(all: &[f64], distinct: usize, thinning: Thinning) -> Self {
        let mut values: Vec<f64> = Vec::new();
        if distinct <= MOST_VALUES {
            values.extend(all.chunk_by(|a, b| a == b).filter_map(<[f64]>::first));
            return Self { values, of_grid: None };
        }
        if thinning == Thinning::EqualMass {
            values.extend((0..MOST_VALUES).map(|rank| all[rank * all.len() / MOST_VALUES]));
            values.dedup();
            return Self { values, of_grid: None };
        }
        let mut seen = vec![false; SLOTS];
        all.iter().for_each(|value| seen[slot(*value)] = true);
        let mut of_grid = Vec::with_capacity(seen.len());
        for (slot, seen) in seen.into_iter().enumerate() {
            of_grid.push(values.len());
            if seen {
                values.push(at_slot(slot));
            }
        }
        Self { values, of_grid: Some(of_grid) }
    }

    pub(super) fn position(&self, value: f64) -> usize {
        match &self.of_grid {
            Some(of_grid) => of_grid[slot(value)],
            None => self.values.partition_point(|kept| *kept <= value).saturating_sub(1),
        }
    }
}

/// Places of the grid: 0, half a step, every multiple of 1/1000 between, half a step below 1, and 1.
const SLOTS: usize = MOST_VALUES + 3;

/// The place of a probability: that of the nearest multiple of 1/1000. What is neither 0 nor 1 does not become a certainty: it
/// stands half a step inside.
pub(super) fn slot(value: f64) -> usize {
    if value <= 0.0 {
        return 0;
    }
    if value >= 1.0 {
        return SLOTS - 1;
    }
    (value * MOST_VALUES as f64).round() as usize + 1
}

/// The probability that stands at a place.
pub(super) fn at_slot(slot: usize) -> f64 {
    let step = 1.0 / MOST_VALUES as f64;
    match slot {
        0 => 0.0,
        1 => 0.5 * step,
        _ if slot == SLOTS - 2 => 1.0 - 0.5 * step,
        _ if slot == SLOTS - 1 => 1.0,
        _ => (slot - 1) as f64 / MOST_VALUES as f64,
    }
}
