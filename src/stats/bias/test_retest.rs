//! Does a judge say the same when it is asked again?

use crate::Undefined;

/// Agreement of a judge with itself over repeats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestRetest {
    /// Items with two verdicts or more.
    pub n: usize,
    /// Mean over items of the share of agreeing pairs of repeats.
    pub pairwise: f64,
    /// Share of items whose repeats all agree (falls with the number of repeats).
    pub unanimous: f64,
    /// Mean over items of the share of the commonest verdict.
    pub modal_share: f64,
}

/// Test-retest agreement of verdicts.
///
/// Separates a blind judge, which is stable, from a noisy one. `pairwise` is unbiased at any number of repeats and the one
/// to compare; each item counts once.
///
/// **Inputs**: verdict codes, one row of repeats an item, none where a repeat gave no verdict.
/// **Returns**: shares in [0, 1]. **Undefined**: `too_few` where no item has two verdicts. **Cost**: O(n m log m).
/// **Source**: sum n_c (n_c - 1) / (m (m - 1)) per item, the observed agreement of Fleiss (1971).
///
/// ```
/// use lacuna_stats::bias::test_retest;
/// // 0, 0, 1: one of three pairs agrees; the commonest has 2/3.
/// let found = test_retest(&[vec![Some(0), Some(0), Some(1)]]).unwrap();
/// assert!((found.pairwise - 1.0 / 3.0).abs() < 1e-15 && found.unanimous == 0.0);
/// ```
pub fn test_retest(items: &[Vec<Option<usize>>]) -> Result<TestRetest, Undefined> {
    let (mut n, mut pairwise, mut unanimous, mut modal) = (0, 0.0, 0.0, 0.0);
    for repeats in items {
        let mut verdicts: Vec<usize> = repeats.iter().flatten().copied().collect();
        if verdicts.len() < 2 {
            continue;
        }
        verdicts.sort_unstable();
        let counts: Vec<f64> = verdicts.chunk_by(|a, b| a == b).map(|same| same.len() as f64).collect();
        let m = verdicts.len() as f64;
        n += 1;
        pairwise += counts.iter().map(|count| count * (count - 1.0)).sum::<f64>() / (m * (m - 1.0));
        unanimous += f64::from(counts.len() == 1);
        modal += counts.iter().copied().fold(0.0, f64::max) / m;
    }
    if n == 0 {
        return Err(Undefined::TooFew);
    }
    let items = f64::from(n);
    Ok(TestRetest {
        n: n as usize,
        pairwise: pairwise / items,
        unanimous: unanimous / items,
        modal_share: modal / items,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 1 1 1 and 0 0 1 1 (one repeat lost): pairs 1 and (2 + 2) / 12 = 1/3, modal 1 and 1/2.
    #[test]
    fn worked_by_hand() {
        let same = vec![Some(1); 4];
        let split = vec![Some(0), None, Some(1), Some(0), Some(1)];
        let found = test_retest(&[same.clone(), split.clone(), vec![Some(3), None]]).unwrap();
        assert_eq!((found.n, found.unanimous, found.modal_share), (2, 0.5, 0.75));
        assert!((found.pairwise - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(test_retest(&[split, same]).unwrap(), found);
    }

    #[test]
    fn one_run_says_nothing() {
        assert_eq!(test_retest(&[vec![Some(1)], vec![None, Some(2)]]), Err(Undefined::TooFew));
        assert_eq!(test_retest(&[]), Err(Undefined::TooFew));
    }
}
