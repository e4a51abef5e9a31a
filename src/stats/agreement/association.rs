//! Rank association: whether the judge orders the examples as the gold labels do, at whatever level.

use super::table::ConfusionTable;
use crate::Undefined;

/// Rank association of gold and judge severities. Every measure ignores a constant under-call: print the signed error beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankAssociation {
    /// Kendall's tau-b; `NoVariation` where either side is constant.
    pub tau_b: Result<f64, Undefined>,
    /// Goodman and Kruskal's gamma; `NoVariation` where every pair ties.
    pub gamma: Result<f64, Undefined>,
    /// Somers' D of the judge given gold; `NoVariation` where gold is constant.
    pub somers_d: Result<f64, Undefined>,
    /// Spearman's correlation of mid-ranks; `NoVariation` where either side is constant.
    pub spearman: Result<f64, Undefined>,
}

/// Weights of pairs of examples.
struct Pairs {
    concordant: f64,
    discordant: f64,
    /// Tied on gold only.
    gold_ties: f64,
    /// Tied on the judge only.
    judge_ties: f64,
}

/// Kendall's tau-b, gamma, Somers' D and Spearman's correlation from the table of gold and judge.
///
/// **Returns** values in \[-1, 1\]. **Undefined**: `NoData` for an empty table; each measure for itself. **Cost** O(q^2) by prefix sums.
/// **Source**: Agresti (2010), Analysis of Ordinal Categorical Data, 2nd ed.; `scipy` 1.17 agrees to 1e-11.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, rank_association};
/// // Pairs (0,0), (0,1), (1,1): one pair concordant, one tied on gold, one on the judge: tau-b = 1/2, gamma 1, D = 1/2.
/// let table = ConfusionTable::from_rows(&[vec![1.0, 1.0], vec![0.0, 1.0]]).unwrap();
/// let found = rank_association(&table).unwrap();
/// assert_eq!((found.tau_b, found.gamma, found.somers_d), (Ok(0.5), Ok(1.0), Ok(0.5)));
/// ```
pub fn rank_association(table: &ConfusionTable) -> Result<RankAssociation, Undefined> {
    if table.total() == 0.0 {
        return Err(Undefined::NoData);
    }
    let Pairs { concordant, discordant, gold_ties, judge_ties } = pairs(table);
    let excess = concordant - discordant;
    let untied = concordant + discordant;
    let ratio = |denominator: f64| {
        if denominator > 0.0 { Ok((excess / denominator).clamp(-1.0, 1.0)) } else { Err(Undefined::NoVariation) }
    };
    Ok(RankAssociation {
        tau_b: ratio(((untied + gold_ties) * (untied + judge_ties)).sqrt()),
        gamma: ratio(untied),
        somers_d: ratio(untied + judge_ties),
        spearman: spearman(table),
    })
}

fn pairs(table: &ConfusionTable) -> Pairs {
    let levels = table.levels();
    let mut pairs = Pairs { concordant: 0.0, discordant: 0.0, gold_ties: 0.0, judge_ties: 0.0 };
    // Examples of lower gold severity, by judge severity.
    let mut lower_gold = vec![0.0; levels];
    for gold in 0..levels {
        let below: f64 = lower_gold.iter().sum();
        let (mut lower_both, mut lower_judge) = (0.0, 0.0);
        for (judge, same_judge) in lower_gold.iter_mut().enumerate() {
            let cell = table.get(gold, judge);
            pairs.concordant += cell * lower_both;
            pairs.discordant += cell * (below - lower_both - *same_judge);
            pairs.judge_ties += cell * *same_judge;
            pairs.gold_ties += cell * lower_judge;
            lower_both += *same_judge;
            lower_judge += cell;
            *same_judge += cell;
        }
    }
    pairs
}

fn spearman(table: &ConfusionTable) -> Result<f64, Undefined> {
    let total = table.total();
    let ranks = |margin: Vec<f64>| -> Vec<f64> {
        let mut below = 0.0;
        let rank = |&count: &f64| {
            let centre = below + 0.5 * count - 0.5 * total;
            below += count;
            centre
        };
        margin.iter().map(rank).collect()
    };
    let (gold, judge) = (ranks(table.gold_margin()), ranks(table.judge_margin()));
    let (mut product, mut gold_square, mut judge_square) = (0.0, 0.0, 0.0);
    for (i, j, cell) in table.iter() {
        product += cell * gold[i] * judge[j];
        gold_square += cell * gold[i] * gold[i];
        judge_square += cell * judge[j] * judge[j];
    }
    let varies = |margin: Vec<f64>| margin.iter().filter(|count| **count > 0.0).count() > 1;
    if varies(table.gold_margin()) && varies(table.judge_margin()) {
        Ok((product / (gold_square * judge_square).sqrt()).clamp(-1.0, 1.0))
    } else {
        Err(Undefined::NoVariation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[&[f64]]) -> ConfusionTable {
        ConfusionTable::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    /// Counts over all pairs of examples.
    fn brute(table: &ConfusionTable) -> [f64; 4] {
        let mut counts = [0.0; 4];
        for (g1, j1, a) in table.iter() {
            for (g2, j2, b) in table.iter() {
                let weight = 0.5 * a * b;
                match (g1.cmp(&g2) as i8, j1.cmp(&j2) as i8) {
                    (0, 0) => {}
                    (0, _) => counts[2] += weight,
                    (_, 0) => counts[3] += weight,
                    (gold, judge) if gold == judge => counts[0] += weight,
                    _ => counts[1] += weight,
                }
            }
        }
        counts
    }

    #[test]
    fn prefix_sums_equal_the_count_over_all_pairs() {
        let table =
            table(&[&[4.0, 1.0, 2.0, 0.5], &[0.0, 3.0, 1.0, 1.0], &[2.0, 0.0, 5.0, 1.0], &[0.0, 1.0, 1.0, 2.0]]);
        let found = pairs(&table);
        let expected = brute(&table);
        let found = [found.concordant, found.discordant, found.gold_ties, found.judge_ties];
        for (a, b) in found.iter().zip(expected) {
            assert!((a - b).abs() < 1e-10, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn reversing_the_judge_turns_every_sign() {
        let forward = rank_association(&table(&[&[4.0, 1.0, 2.0], &[0.0, 3.0, 1.0], &[0.0, 1.0, 5.0]])).unwrap();
        let reversed = rank_association(&table(&[&[2.0, 1.0, 4.0], &[1.0, 3.0, 0.0], &[5.0, 1.0, 0.0]])).unwrap();
        for read in [
            |found: &RankAssociation| found.tau_b,
            |found: &RankAssociation| found.gamma,
            |found: &RankAssociation| found.somers_d,
            |found: &RankAssociation| found.spearman,
        ] {
            assert!((read(&forward).unwrap() + read(&reversed).unwrap()).abs() < 1e-14);
        }
    }

    #[test]
    fn a_constant_under_call_is_not_seen() {
        let shifted = rank_association(&table(&[&[0.0, 0.0, 0.0], &[3.0, 0.0, 0.0], &[0.0, 4.0, 0.0]])).unwrap();
        assert_eq!((shifted.tau_b, shifted.gamma), (Ok(1.0), Ok(1.0)));
        assert!((shifted.spearman.unwrap() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn constants_have_no_association() {
        let constant_judge = rank_association(&table(&[&[3.0, 0.0], &[2.0, 0.0]])).unwrap();
        assert_eq!(constant_judge.tau_b, Err(Undefined::NoVariation));
        assert_eq!((constant_judge.somers_d, constant_judge.spearman), (Ok(0.0), Err(Undefined::NoVariation)));
        let constant_gold = rank_association(&table(&[&[3.0, 2.0], &[0.0, 0.0]])).unwrap();
        assert_eq!(
            (constant_gold.gamma, constant_gold.somers_d),
            (Err(Undefined::NoVariation), Err(Undefined::NoVariation))
        );
        assert_eq!(rank_association(&ConfusionTable::new(2).unwrap()), Err(Undefined::NoData));
    }
}
