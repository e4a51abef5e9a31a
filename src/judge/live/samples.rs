//! Probabilities from samples: the share of an example's verdicts that flag.

use std::collections::BTreeMap;

use super::flag::flags;
use super::verdict::probability_of;
use crate::judge::spec::JudgeSpec;
use crate::model::{Axis, Card, Verdict};

/// Fills `p_omission` and `p_commission` of one judge's verdicts: for each example and axis, the share of its verdicts
/// with a say on that axis that flag it, the same on each of them. A single verdict has no share: 0 and 1 would claim a
/// certainty that nobody measured. Verdicts without a say are left as they are.
pub fn share_of_samples(judge: &JudgeSpec, card: &Card, verdicts: &mut [Verdict]) {
    for axis in Axis::ALL {
        let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        let said: Vec<Option<bool>> = verdicts.iter().map(|verdict| flags(judge, card, verdict, axis)).collect();
        for (verdict, flag) in verdicts.iter().zip(&said) {
            if let Some(flag) = flag {
                let (flagged, all) = counts.entry(&verdict.example).or_default();
                *flagged += u32::from(*flag);
                *all += 1;
            }
        }
        let share = |verdict: &Verdict| match counts.get(verdict.example.as_str()) {
            Some((flagged, all)) if *all > 1 => Some(f64::from(*flagged) / f64::from(*all)),
            _ => None,
        };
        let shares: Vec<Option<f64>> = verdicts.iter().map(share).collect();
        for ((verdict, flag), share) in verdicts.iter_mut().zip(said).zip(shares) {
            if flag.is_some() {
                *probability_of(verdict, axis) = share;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::examples::{card, judge};
    use crate::model::Outcome;

    fn verdict(example: &str, omission: Option<i64>) -> Verdict {
        let outcome = if omission.is_some() { Outcome::Scored } else { Outcome::Truncated };
        Verdict { omission, ..Verdict::new("j", example, outcome) }
    }

    /// Of `a`, 2 of 3 with a say flag; of `b`, one alone; of `c`, none of 2.
    #[test]
    fn shares_worked_by_hand() {
        let mut verdicts = vec![
            verdict("a", Some(2)),
            verdict("b", Some(4)),
            verdict("a", Some(0)),
            verdict("a", None),
            verdict("c", Some(0)),
            verdict("a", Some(1)),
            verdict("c", Some(0)),
        ];
        share_of_samples(&judge("j"), &card(), &mut verdicts);
        let thirds = Some(2.0 / 3.0);
        let shares: Vec<_> = verdicts.iter().map(|verdict| verdict.p_omission).collect();
        assert_eq!(shares, [thirds, None, thirds, None, Some(0.0), thirds, Some(0.0)]);
        assert!(verdicts.iter().all(|verdict| verdict.p_commission.is_none()));
    }
}
