//! Sums of parts of examples without what rounding leaves.

/// Far below one trial at a million repeats, far above rounding.
pub(crate) const NOTHING: f64 = 1e-9;

/// A sum of parts of examples: parts that add up to a whole number do so but for rounding.
pub(crate) fn whole(sum: f64) -> f64 {
    // The sum of no numbers is -0.
    if (sum - sum.round()).abs() < NOTHING { sum.round() + 0.0 } else { sum }
}

/// What is left of a sum from which a part was taken: what rounding leaves of nothing is nothing.
pub(crate) fn left_over(difference: f64) -> f64 {
    if difference < NOTHING { 0.0 } else { difference }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_of_nothing_is_nothing_and_not_minus_nothing() {
        assert!(whole(std::iter::empty::<f64>().sum()).is_sign_positive());
        assert_eq!(whole(2.0 + 1e-12), 2.0);
        assert_eq!(whole(2.5), 2.5);
    }
}
