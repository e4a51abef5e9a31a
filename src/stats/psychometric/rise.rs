//! Whether flags rise with the dose at all, without any curve.

use super::data::DoseCounts;
use crate::jackknife::{Scale, jackknife};
use crate::proportion::ClusterCount;
use crate::{Estimate, Undefined};

/// Sums of one or more clusters: scored, dose, squared dose, flagged, flagged times dose.
type Sums = [f64; 5];

/// The straight line through the shares flagged by dose: the change of the share for one more item.
///
/// Least squares over responses, with the delete-one-cluster jackknife. It assumes no curve, so that a judge whose flags do
/// not rise is told apart from one whose curve cannot be fitted.
///
/// **Returns** a slope per unit of dose. **Undefined**: `NoData`; `TooFew` with one dose; the interval `SingleCluster`,
/// `ZeroVariance`. **Cost**: O(G doses).
pub fn rise(counts: &DoseCounts, level: f64) -> Estimate {
    let parts: Vec<Sums> = counts.rows().iter().map(|row| sums(counts.doses(), row)).collect();
    let mut all = [0.0; 5];
    parts.iter().for_each(|part| add(&mut all, part, 1.0));
    let mut estimate = jackknife(parts.len(), Scale::Identity, level, |without| match without {
        _ if parts.is_empty() => Err(Undefined::NoData),
        None => slope(&all),
        Some(cluster) => {
            let mut rest = all;
            add(&mut rest, &parts[cluster], -1.0);
            slope(&rest)
        }
    });
    estimate.n = counts.sum().total;
    estimate
}

fn sums(doses: &[f64], row: &[ClusterCount]) -> Sums {
    let mut sums = [0.0; 5];
    for (dose, count) in doses.iter().zip(row) {
        let own = [count.total, count.total * dose, count.total * dose * dose, count.hits, count.hits * dose];
        add(&mut sums, &own, 1.0);
    }
    sums
}

fn add(sum: &mut Sums, part: &Sums, sign: f64) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += sign * part);
}

fn slope([total, dose, square, hits, product]: &Sums) -> Result<f64, Undefined> {
    let spread = square - dose * dose / total;
    // Counts may be fractional; what is left of them by subtraction is not.
    if *total <= 1e-9 || spread <= 1e-9 * square.max(1.0) {
        return Err(Undefined::TooFew);
    }
    Ok((product - hits * dose / total) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(flags: &[f64]) -> Vec<ClusterCount> {
        flags.iter().map(|flagged| ClusterCount::new(*flagged, 1.0)).collect()
    }

    /// Shares 0, 1/2, 1 at doses 0, 1, 2: a slope of 1/2. Without either cluster: 0, 0, 1 and 0, 1, 1 both have slope 1/2.
    #[test]
    fn slope_by_hand() {
        let counts = DoseCounts::new(&[0.0, 1.0, 2.0], &[row(&[0.0, 0.0, 1.0]), row(&[0.0, 1.0, 1.0])]).unwrap();
        let found = rise(&counts, 0.95);
        assert_eq!((found.value, found.n, found.clusters), (Some(0.5), 6.0, 2));
        assert_eq!(found.interval_undefined, Some(Undefined::ZeroVariance));
    }

    #[test]
    fn one_dose_has_no_slope() {
        let counts =
            DoseCounts::new(&[0.0, 1.0], &[vec![ClusterCount::new(1.0, 2.0), ClusterCount::default()]]).unwrap();
        assert_eq!(rise(&counts, 0.95).undefined, Some(Undefined::TooFew));
        assert_eq!(rise(&DoseCounts::new(&[0.0], &[]).unwrap(), 0.95).undefined, Some(Undefined::NoData));
    }
}
