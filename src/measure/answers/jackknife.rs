//! A smooth statistic of sums by cluster, with its jackknife.

use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::{Estimate, Undefined};

/// The sum without each part in turn, from sums before and after it: nothing is subtracted.
pub(crate) fn without_each<T: Clone>(zero: &T, parts: &[T], add: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut after = vec![zero.clone(); parts.len() + 1];
    for (index, part) in parts.iter().enumerate().rev() {
        after[index] = after[index + 1].clone();
        add(&mut after[index], part);
    }
    let mut before = zero.clone();
    let mut without = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let mut rest = before.clone();
        add(&mut rest, &after[index + 1]);
        without.push(rest);
        add(&mut before, part);
    }
    without
}

/// Adds lists of sums.
pub(crate) fn add_lists(sum: &mut [f64], part: &[f64]) {
    sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
}

/// A smooth statistic of sums, with its cluster jackknife; parts that are all zero are no clusters of it.
pub(crate) fn jackknife_of_sums(
    parts: &[Vec<f64>],
    scale: Scale,
    level: f64,
    statistic: impl Fn(&[f64]) -> Result<f64, Undefined>,
) -> Estimate {
    let parts: Vec<Vec<f64>> = parts.iter().filter(|part| part.iter().any(|sum| *sum != 0.0)).cloned().collect();
    let zero = vec![0.0; parts.first().map_or(0, Vec::len)];
    let mut all = zero.clone();
    parts.iter().for_each(|part| add_lists(&mut all, part));
    let without = without_each(&zero, &parts, |sum, part| add_lists(sum, part));
    jackknife(parts.len(), scale, level, |left_out| match left_out {
        None if parts.is_empty() => Err(Undefined::NoData),
        None => statistic(&all),
        Some(cluster) => statistic(&without[cluster]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_without_each_are_the_sums_of_the_others() {
        let parts = [vec![1.0, 10.0], vec![2.0, 20.0], vec![4.0, 40.0]];
        let without = without_each(&vec![0.0; 2], &parts, |sum, part| add_lists(sum, part));
        assert_eq!(without, [vec![6.0, 60.0], vec![5.0, 50.0], vec![3.0, 30.0]]);
        assert!(without_each(&vec![0.0; 2], &[], |sum, part| add_lists(sum, part)).is_empty());
    }

    /// The mean of 1, 2, 3 as a ratio of sums: its jackknife error is that of the textbook, 1 / sqrt(3).
    #[test]
    fn the_jackknife_of_sums_is_the_jackknife() {
        let parts = [vec![1.0, 1.0], vec![0.0, 0.0], vec![2.0, 1.0], vec![3.0, 1.0]];
        let found = jackknife_of_sums(&parts, Scale::Identity, 0.95, |sums| Ok(sums[0] / sums[1]));
        let half = 4.302_652_729_749_462 / 3.0_f64.sqrt();
        assert_eq!((found.value, found.clusters), (Some(2.0), 3));
        assert!((found.upper.unwrap() - 2.0 - half).abs() < 1e-9);
        assert_eq!(jackknife_of_sums(&[], Scale::Identity, 0.95, |_| Ok(1.0)).undefined, Some(Undefined::NoData));
    }
}
