//! Statistics of cluster sums, with their jackknife intervals.

use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::{Estimate, Undefined};

/// A ratio of sums over clusters (a mean), with its jackknife interval over the clusters that it counts.
///
/// `parts` holds numerator and denominator of each cluster; `empty` is the reason without a denominator.
pub(super) fn ratio(parts: &[(f64, f64)], scale: Scale, level: f64, empty: Undefined) -> Estimate {
    let occupied: Vec<(f64, f64)> = parts.iter().filter(|part| part.0 > 0.0 || part.1 > 0.0).copied().collect();
    let (numerator, denominator) = sums(&occupied);
    let mut estimate = jackknife(occupied.len(), scale, level, |left_out| {
        let (a, b) = left_out.map_or((0.0, 0.0), |cluster| occupied[cluster]);
        let rest = denominator - b;
        if rest <= 1e-9 { Err(empty) } else { Ok((numerator - a) / rest) }
    });
    estimate.n = denominator;
    estimate
}

/// A skill, one minus a ratio that cannot be negative: at most 1, and so are its limits.
pub(super) fn one_minus(ratio: Estimate) -> Estimate {
    let turned = |value: Option<f64>| value.map(|value| 1.0 - value);
    Estimate { value: turned(ratio.value), lower: turned(ratio.upper), upper: turned(ratio.lower), ..ratio }
}

/// Sums over clusters.
pub(super) fn sums(parts: &[(f64, f64)]) -> (f64, f64) {
    parts.iter().fold((0.0, 0.0), |(a, b), part| (a + part.0, b + part.1))
}

/// An estimate from its value and its values without each cluster.
pub(super) fn from_values(
    value: Result<f64, Undefined>,
    leave_one_out: &[Result<f64, Undefined>],
    scale: Scale,
    level: f64,
) -> Estimate {
    jackknife(leave_one_out.len(), scale, level, |left_out| left_out.map_or(value, |cluster| leave_one_out[cluster]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_by_hand() {
        // 1/1, 0/1 and an empty cluster: 1/2; without each 0 and 1: se = sqrt(1/2 (1/4 + 1/4)) = 1/2.
        let found = ratio(&[(1.0, 1.0), (0.0, 0.0), (0.0, 1.0)], Scale::Identity, 0.5, Undefined::NoData);
        assert_eq!((found.value, found.n, found.clusters), (Some(0.5), 2.0, 2));
        // t of one degree of freedom at 50 % is 1.
        assert!(found.lower.unwrap().abs() < 1e-12 && (found.upper.unwrap() - 1.0).abs() < 1e-12);
        // Harm in a cluster where none was expected counts: 2/1; without either cluster 1/0 and 1/1.
        let unexpected = ratio(&[(1.0, 0.0), (1.0, 1.0)], Scale::Identity, 0.95, Undefined::NoData);
        assert_eq!((unexpected.value, unexpected.clusters), (Some(2.0), 2));
        assert_eq!(unexpected.interval_undefined, Some(Undefined::LooUndefined));
        let none = ratio(&[], Scale::Logit, 0.95, Undefined::NoPositives);
        assert_eq!((none.value, none.undefined), (None, Some(Undefined::NoPositives)));
        let one = ratio(&[(1.0, 2.0)], Scale::Logit, 0.95, Undefined::NoData);
        assert_eq!((one.value, one.interval_undefined), (Some(0.5), Some(Undefined::SingleCluster)));
    }
}
