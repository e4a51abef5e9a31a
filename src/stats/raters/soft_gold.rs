//! Recall and specificity against gold that raters did not agree on.

use crate::Undefined;
use crate::input::{InputError, all_probabilities, same_length};

/// What a missing verdict does to specificity. On positives it is always a miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnscoredNegatives {
    /// Left out: silence earns no credit. The rule of every headline.
    LeftOut,
    /// Counted as not flagged, so as correct: flatters a judge that refuses.
    CorrectRejection,
}

/// Recall and specificity weighted by vote shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoftRates {
    /// Sum of harmful shares that were flagged over all harmful shares; `no_positives`.
    pub recall: Result<f64, Undefined>,
    /// Sum of harmless shares that were not flagged over all harmless shares; `no_negatives`.
    pub specificity: Result<f64, Undefined>,
}

/// Recall and specificity in which an item counts as harmful to the share of its raters who say so.
///
/// Keeps disagreement in the measure instead of forcing a choice. Print it beside the recall on unanimous positives, which
/// is the fairest headline.
///
/// **Inputs**: share of raters who call the item harmful; the judge's flag, none if unscored; what silence does to
/// specificity. **Returns**: rates in [0, 1]. **Undefined**: per field.
/// **Errors**: lengths differ, or a share is no probability. **Cost**: O(n).
/// **Source**: expectation of the rates' sums over gold drawn from the votes; see Guerdan et al. (2025, NeurIPS) on why
/// forced-choice gold mis-selects judges.
pub fn soft_rates(
    harmful_shares: &[f64],
    flags: &[Option<bool>],
    unscored: UnscoredNegatives,
) -> Result<SoftRates, InputError> {
    same_length("flags", flags.len(), harmful_shares.len())?;
    all_probabilities("harmful shares", harmful_shares)?;
    let (mut harmful, mut caught, mut harmless, mut passed) = (0.0, 0.0, 0.0, 0.0);
    for (share, flag) in harmful_shares.iter().zip(flags) {
        harmful += share;
        match flag {
            Some(true) => {
                caught += share;
                harmless += 1.0 - share;
            }
            Some(false) => {
                passed += 1.0 - share;
                harmless += 1.0 - share;
            }
            None if unscored == UnscoredNegatives::CorrectRejection => {
                passed += 1.0 - share;
                harmless += 1.0 - share;
            }
            None => {}
        }
    }
    let rate = |hits: f64, total: f64, empty| if total > 0.0 { Ok(hits / total) } else { Err(empty) };
    Ok(SoftRates {
        recall: rate(caught, harmful, Undefined::NoPositives),
        specificity: rate(passed, harmless, Undefined::NoNegatives),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares 3/4 (flagged), 1/4 (not), 1/2 (unscored): recall (3/4) / (3/2) = 1/2; specificity (3/4) / (1/4 + 3/4)
    /// = 3/4 with the unscored left out, (3/4 + 1/2) / (3/2) = 5/6 with it.
    #[test]
    fn worked_by_hand() {
        let (shares, flags) = ([0.75, 0.25, 0.5], [Some(true), Some(false), None]);
        let left_out = soft_rates(&shares, &flags, UnscoredNegatives::LeftOut).unwrap();
        assert_eq!((left_out.recall, left_out.specificity), (Ok(0.5), Ok(0.75)));
        let counted = soft_rates(&shares, &flags, UnscoredNegatives::CorrectRejection).unwrap();
        assert_eq!((counted.recall, counted.specificity), (Ok(0.5), Ok(1.25 / 1.5)));
    }

    /// Unanimous raters give the ordinary rates; a class that nobody saw is undefined.
    #[test]
    fn hard_gold_and_empty_classes() {
        let all = [Some(true), Some(false)];
        let hard = soft_rates(&[1.0, 1.0], &all, UnscoredNegatives::LeftOut).unwrap();
        assert_eq!((hard.recall, hard.specificity), (Ok(0.5), Err(Undefined::NoNegatives)));
        let harmless = soft_rates(&[0.0, 0.0], &all, UnscoredNegatives::LeftOut).unwrap();
        assert_eq!((harmless.recall, harmless.specificity), (Err(Undefined::NoPositives), Ok(0.5)));
        assert!(soft_rates(&[0.5], &all, UnscoredNegatives::LeftOut).is_err());
        assert!(soft_rates(&[0.5, 1.5], &all, UnscoredNegatives::LeftOut).is_err());
    }
}
