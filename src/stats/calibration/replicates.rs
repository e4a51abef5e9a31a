//! What a calibrated judge would have met: outcomes drawn from its own forecasts.

use super::forecasts::{Atom, Forecasts};
use crate::random::{StreamKey, uniform};

/// Positives per atom in which a calibrated judge would result, drawn anew for each replicate.
///
/// The positives of an atom of n items at forecast p are binomial (n, p), drawn by inverting its distribution function,
/// which is tabulated once: a draw costs a search among the values that have a probability, whatever the number of items.
///
/// **Inputs**: forecasts with whole counts (a fractional one is rounded); the key of the streams, one stream a
/// replicate; the number of replicates. **Returns**: replicates for [`consistency_band`](super::consistency_band).
/// **Cost**: O(sum of sqrt n) once, O(atoms log n) a replicate.
///
/// ```
/// use lacuna_stats::calibration::{Forecasts, calibrated_replicates};
/// use lacuna_stats::random::StreamKey;
/// // Forecasts of 0 and 1 leave nothing to chance.
/// let forecasts = Forecasts::new(&[0.0, 1.0, 1.0], &[true, false, true])?;
/// let key = StreamKey::new(1, "judge", "omission", "calibration_consistency");
/// assert_eq!(calibrated_replicates(&forecasts, &key, 2), [[0.0, 2.0], [0.0, 2.0]]);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn calibrated_replicates(forecasts: &Forecasts, key: &StreamKey, replicates: usize) -> Vec<Vec<f64>> {
    let tables: Vec<Binomial> = forecasts.atoms().iter().map(Binomial::new).collect();
    let replicate = |replicate: usize| {
        let mut random = key.stream(replicate as u64);
        tables.iter().map(|table| table.at(uniform(&mut random))).collect()
    };
    (0..replicates).map(replicate).collect()
}

/// The distribution function of a binomial, where it is neither 0 nor 1 to rounding.
struct Binomial {
    first: f64,
    cumulative: Vec<f64>,
}

/// Probabilities below this part of the largest are left out: a 2^-53 grid of uniform numbers hardly meets them.
const NEGLIGIBLE: f64 = 1e-18;

impl Binomial {
    fn new(atom: &Atom) -> Self {
        let (n, p) = (atom.n.round(), atom.p);
        if p <= 0.0 || p >= 1.0 {
            return Self { first: if p >= 1.0 { n } else { 0.0 }, cumulative: vec![1.0] };
        }
        let odds = p / (1.0 - p);
        let mode = ((n + 1.0) * p).floor().min(n);
        // Outwards from the mode by the ratio of neighbours, relative to the mode.
        let mut below = Vec::new();
        let (mut k, mut weight) = (mode, 1.0);
        while k > 0.0 && weight > NEGLIGIBLE {
            weight *= k / ((n - k + 1.0) * odds);
            k -= 1.0;
            below.push(weight);
        }
        let first = mode - below.len() as f64;
        let mut weights: Vec<f64> = below.into_iter().rev().chain([1.0]).collect();
        let (mut k, mut weight) = (mode, 1.0);
        while k < n && weight > NEGLIGIBLE {
            weight *= (n - k) * odds / (k + 1.0);
            k += 1.0;
            weights.push(weight);
        }
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        for weight in &mut weights {
            sum += *weight;
            *weight = sum / total;
        }
        Self { first, cumulative: weights }
    }

    /// The least value whose distribution function exceeds `uniform`.
    fn at(&self, uniform: f64) -> f64 {
        let above = self.cumulative.partition_point(|cumulative| *cumulative <= uniform);
        self.first + above.min(self.cumulative.len() - 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::binomial_cdf;

    #[test]
    fn the_table_is_the_binomial_distribution() {
        for (n, p) in [(1.0, 0.3), (7.0, 0.5), (40.0, 0.02), (3000.0, 0.9)] {
            let table = Binomial::new(&Atom { p, n, positives: 0.0 });
            for (index, cumulative) in table.cumulative.iter().enumerate() {
                let expected = binomial_cdf(table.first + index as f64, n, p);
                assert!((cumulative - expected).abs() < 1e-11, "{n}, {p}, {index}: {cumulative} and {expected}");
            }
        }
        // Of two items at 1/2: 0, 1, 2 with distribution function 1/4, 3/4, 1.
        let two = Binomial::new(&Atom { p: 0.5, n: 2.0, positives: 0.0 });
        assert_eq!([0.2, 0.3, 0.8, 0.999].map(|uniform| two.at(uniform)), [0.0, 1.0, 2.0, 2.0]);
    }

    #[test]
    fn a_replicate_depends_on_its_number_alone() {
        let forecasts = Forecasts::new(&[0.3, 0.3, 0.3, 0.7, 0.7], &[true; 5]).unwrap();
        let key = StreamKey::new(3, "a", "b", "c");
        let many = calibrated_replicates(&forecasts, &key, 50);
        assert_eq!(many[..3], calibrated_replicates(&forecasts, &key, 3));
        assert!(many.iter().all(|drawn| drawn[0] <= 3.0 && drawn[1] <= 2.0));
        assert!(many.iter().any(|drawn| *drawn != many[0]));
    }
}
