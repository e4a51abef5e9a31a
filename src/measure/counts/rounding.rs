//! Sums of parts of examples without what rounding leaves.

/// Far below one trial at a million repeats, far above rounding.
pub(crate) const NOTHING: f64 = 1e-9;

/// A sum of parts of examples: parts that add up to a whole number do so but for rounding.
pub(crate) fn whole(sum: f64) -> f64 {
    if (sum - sum.round()).abs() < NOTHING { sum.round() } else { sum }
}

/// What is left of a sum from which a part was taken: what rounding leaves of nothing is nothing.
pub(crate) fn left_over(difference: f64) -> f64 {
    if difference < NOTHING { 0.0 } else { difference }
}
