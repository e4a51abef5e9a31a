//! Sample quantiles.

/// Type-7 quantile (linear interpolation between order statistics; the default of R and numpy) of a non-empty ascending
/// slice, for a probability in [0, 1]. Source: Hyndman and Fan (1996), definition 7.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    let position = probability * (sorted.len() - 1) as f64;
    let below = (position.floor() as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (position - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_order_statistics() {
        let sorted = [1.0, 2.0, 4.0];
        let at = |probability| quantile_of_sorted(&sorted, probability);
        assert_eq!((at(0.0), at(0.25), at(0.75), at(1.0)), (1.0, 1.5, 3.0, 4.0));
        assert_eq!(quantile_of_sorted(&[7.0], 0.3), 7.0);
    }
}
