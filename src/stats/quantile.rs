//! Quantiles of a sample, type 7: linear between order statistics, the default of numpy and R.

/// The type-7 quantile of an ascending sample at `p` in \[0, 1\]; `None` for an empty one.
///
/// **Source**: Hyndman & Fan (1996), Am Stat 50:361, definition 7: position `(n - 1) p` among the order statistics counted from 0.
///
/// ```
/// use lacuna_stats::quantile::quantile;
/// // Position 3 * 0.25 = 0.75: three quarters of the way from 1 to 2.
/// assert_eq!(quantile(&[1.0, 2.0, 4.0, 8.0], 0.25), Some(1.75));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    Some(interpolate(ascending[below], ascending[(below + 1).min(last)], position - below as f64))
}

/// As [`quantile`], of a sample in which each value stands `multiplicity` times.
pub(crate) fn quantile_of_multiples(ascending: &[(f64, u64)], p: f64) -> Option<f64> {
    let total: u64 = ascending.iter().map(|(_, multiplicity)| multiplicity).sum();
    let last = total.checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let at = |index: u64| {
        let mut seen = 0;
        let found = ascending.iter().find(|(_, multiplicity)| {
            seen += multiplicity;
            index < seen
        });
        found.map(|(value, _)| *value)
    };
    let index = below as u64;
    Some(interpolate(at(index)?, at((index + 1).min(last))?, position - below))
}

fn interpolate(low: f64, high: f64, share: f64) -> f64 {
    // Between equal values there is nothing to add, and no rounding to let in.
    if low == high { low } else { low + share * (high - low) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_repeated_values() {
        let multiples = [(1.0, 2), (3.0, 1), (4.0, 3)];
        let repeated = [1.0, 1.0, 3.0, 4.0, 4.0, 4.0];
        for p in [0.0, 0.1, 0.25, 0.3, 0.5, 0.77, 1.0] {
            assert_eq!(quantile_of_multiples(&multiples, p), quantile(&repeated, p));
        }
        assert_eq!(quantile_of_multiples(&[], 0.5), None);
    }

    #[test]
    fn the_ends_are_the_extremes() {
        assert_eq!((quantile(&[2.0, 5.0], 0.0), quantile(&[2.0, 5.0], 1.0)), (Some(2.0), Some(5.0)));
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
    }
}
