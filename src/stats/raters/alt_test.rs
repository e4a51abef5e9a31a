//! The alternative annotator test: may a judge replace a human rater?

use super::RatingTable;
use crate::Undefined;
use crate::compare::{Adjustment, adjust_p_values};
use crate::input::{Clusters, InputError, all_finite, open_unit, same_length};
use crate::special::t_cdf;

/// How close a rating is to the remaining raters' ratings of the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closeness {
    /// Share of them that it equals.
    Accuracy,
    /// Minus the root mean square distance to them, in levels.
    NegativeRmse,
}

/// Settings of the test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AltTestSettings {
    /// Advantage granted to the judge for being cheap: 0.2 against experts, 0.15 skilled raters, 0.1 crowds.
    pub epsilon: f64,
    /// False discovery rate over raters.
    pub q: f64,
    /// How closeness is measured.
    pub closeness: Closeness,
    /// Raters with fewer comparable items are left out (30).
    pub min_items: usize,
    /// Items with fewer ratings are left out (2; better 3).
    pub min_raters: usize,
}

impl Default for AltTestSettings {
    fn default() -> Self {
        Self { epsilon: 0.2, q: 0.05, closeness: Closeness::Accuracy, min_items: 30, min_raters: 2 }
    }
}

/// The comparison of the judge with one rater left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AltTestRater {
    /// Column of the rater.
    pub rater: usize,
    /// Items compared.
    pub items: usize,
    /// Share of items on which the judge is at least as close to the others as the rater.
    pub judge_wins: f64,
    /// Share of items on which the rater is at least as close as the judge.
    pub rater_wins: f64,
    /// One-sided p-value of "the rater is better by epsilon or more".
    pub p: f64,
    /// `p` after Benjamini and Yekutieli.
    pub p_adjusted: f64,
    /// Whether that is rejected: the judge may replace this rater.
    pub rejected: bool,
}

/// Result of the alternative annotator test.
#[derive(Debug, Clone, PartialEq)]
pub struct AltTest {
    /// omega: share of raters that the judge may replace; the test is passed at 0.5.
    pub winning_rate: f64,
    /// rho: mean over raters of the judge's wins.
    pub advantage: f64,
    /// The comparisons.
    pub raters: Vec<AltTestRater>,
}

/// A standard error below this is 0: the differences are whole numbers and their means are of order 1.
const NO_VARIANCE: f64 = 1e-12;

/// The alternative annotator test of Calderon, Reichart and Dror.
///
/// Each rater in turn is left out, and rater and judge are compared by how close they come to the remaining raters. Run it
/// for omission and commission apart: a judge can pass one and fail the other. Give the clusters where items share
/// scenarios; without them the test assumes independent items.
///
/// **Inputs**: the judge's level an item (none = unscored, left out); the ratings; cluster ids or none; settings.
/// **Returns**: winning rate, advantage, and one entry an eligible rater. Ties count for both sides.
/// **Undefined**: `too_few` where no rater has enough items; `single_cluster` where a rater's items lie in one cluster.
/// With a standard error of 0, p is 0 or 1.
/// **Errors**: lengths differ, epsilon not finite, q outside (0, 1). **Cost**: O(items x raters^2).
/// **Source**: Calderon, Reichart and Dror (2025, ACL); agrees with their notebook to 4e-16. The clustered
/// form, t with G-1 degrees of freedom, is ours.
pub fn alternative_annotator_test(
    judge: &[Option<usize>],
    table: &RatingTable,
    clusters: Option<&[usize]>,
    settings: &AltTestSettings,
) -> Result<Result<AltTest, Undefined>, InputError> {
    same_length("judge's levels", judge.len(), table.items().len())?;
    all_finite("epsilon", &[settings.epsilon])?;
    open_unit("false discovery rate", settings.q)?;
    if let Some(clusters) = clusters {
        same_length("clusters", clusters.len(), judge.len())?;
    }
    Ok(test(judge, table, clusters, settings))
}

fn test(
    judge: &[Option<usize>],
    table: &RatingTable,
    clusters: Option<&[usize]>,
    settings: &AltTestSettings,
) -> Result<AltTest, Undefined> {
    let mut raters = Vec::new();
    for rater in 0..table.raters() {
        let duels = duels(judge, table, rater, settings);
        // A standard error needs two items whatever the setting.
        if duels.len() >= settings.min_items.max(2) {
            raters.push(compare(rater, &duels, clusters, settings.epsilon)?);
        }
    }
    if raters.is_empty() {
        return Err(Undefined::TooFew);
    }
    adjust(&mut raters, settings.q)?;
    let count = raters.len() as f64;
    Ok(AltTest {
        winning_rate: raters.iter().filter(|rater| rater.rejected).count() as f64 / count,
        advantage: raters.iter().map(|rater| rater.judge_wins).sum::<f64>() / count,
        raters,
    })
}

/// One item on which judge and left-out rater are compared.
struct Duel {
    item: usize,
    judge_wins: bool,
    rater_wins: bool,
}

fn duels(judge: &[Option<usize>], table: &RatingTable, rater: usize, settings: &AltTestSettings) -> Vec<Duel> {
    let duel = |item: usize| {
        let (own, judged) = (table.items()[item][rater]?, judge[item]?);
        let others = table.others(item, rater);
        if others.is_empty() || others.len() + 1 < settings.min_raters {
            return None;
        }
        let (of_rater, of_judge) =
            (distance(own, &others, settings.closeness), distance(judged, &others, settings.closeness));
        Some(Duel { item, judge_wins: of_judge <= of_rater, rater_wins: of_rater <= of_judge })
    };
    (0..judge.len()).filter_map(duel).collect()
}

/// Distance in whole numbers, so that ties are exact: both sides face the same ratings, and means and roots keep order.
fn distance(level: usize, others: &[usize], closeness: Closeness) -> usize {
    match closeness {
        Closeness::Accuracy => others.iter().filter(|other| **other != level).count(),
        Closeness::NegativeRmse => others.iter().map(|other| other.abs_diff(level).pow(2)).sum(),
    }
}

fn compare(rater: usize, duels: &[Duel], clusters: Option<&[usize]>, epsilon: f64) -> Result<AltTestRater, Undefined> {
    let n = duels.len() as f64;
    let differences: Vec<f64> =
        duels.iter().map(|duel| f64::from(duel.rater_wins) - f64::from(duel.judge_wins)).collect();
    let mean = differences.iter().sum::<f64>() / n;
    let residuals: Vec<f64> = differences.iter().map(|difference| difference - mean).collect();
    let squares = |values: &[f64]| values.iter().map(|value| value * value).sum::<f64>();
    let (se, df) = match clusters {
        None => ((squares(&residuals) / (n - 1.0) / n).sqrt(), n - 1.0),
        Some(ids) => {
            let clusters = Clusters::new(&duels.iter().map(|duel| ids[duel.item]).collect::<Vec<_>>());
            if clusters.count() < 2 {
                return Err(Undefined::SingleCluster);
            }
            let count = clusters.count() as f64;
            ((count / (count - 1.0) * squares(&clusters.totals(&residuals))).sqrt() / n, count - 1.0)
        }
    };
    let excess = mean - epsilon;
    let p = match se > NO_VARIANCE {
        true => t_cdf(excess / se, df),
        false => f64::from(excess >= 0.0),
    };
    let share = |wins: fn(&Duel) -> bool| duels.iter().filter(|duel| wins(duel)).count() as f64 / n;
    Ok(AltTestRater {
        rater,
        items: duels.len(),
        judge_wins: share(|duel| duel.judge_wins),
        rater_wins: share(|duel| duel.rater_wins),
        p,
        p_adjusted: p,
        rejected: false,
    })
}

/// Benjamini and Yekutieli's adjustment, valid under any dependence: raters share items.
fn adjust(raters: &mut [AltTestRater], q: f64) -> Result<(), Undefined> {
    let p_values: Vec<f64> = raters.iter().map(|rater| rater.p).collect();
    let adjusted = adjust_p_values(&p_values, Adjustment::BenjaminiYekutieli)?;
    for (rater, p_adjusted) in raters.iter_mut().zip(adjusted) {
        rater.p_adjusted = p_adjusted;
        rater.rejected = p_adjusted <= q;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn settings() -> AltTestSettings {
        AltTestSettings { min_items: 2, ..AltTestSettings::default() }
    }

    fn table(rows: &[[usize; 2]]) -> RatingTable {
        RatingTable::new(rows.iter().map(|row| row.map(Some).to_vec()).collect(), 4).unwrap()
    }

    /// Raters disagree on both items, the judge sides with the second rater. Left out rater 0: the judge equals rater 1
    /// and rater 0 does not: the judge wins twice, mean -1, se 0, p 0. Left out rater 1: both differ from rater 0, a tie
    /// for both: mean 0 < 0.2, se 0, p 0. Adjusted 0; omega 1, rho 1.
    #[test]
    fn ties_and_certainty_by_hand() {
        let found = alternative_annotator_test(&[Some(1), Some(2)], &table(&[[0, 1], [1, 2]]), None, &settings());
        let found = found.unwrap().unwrap();
        assert_eq!((found.winning_rate, found.advantage), (1.0, 1.0));
        assert_eq!((found.raters[0].rater_wins, found.raters[1].rater_wins), (0.0, 1.0));
    }

    /// Rater 0 left out on two items: one win for the judge (-1), one for the rater (+1): mean 0, se 1, t = -0.2 with one
    /// degree of freedom: p = 1/2 - atan(1/5) / pi. As clusters of one item: sqrt(2 * 2) / 2 = 1, the same.
    #[test]
    fn t_by_hand() {
        let ratings = table(&[[0, 1], [2, 2]]);
        let judge = [Some(1), Some(0)];
        let expected = 0.5 - 0.2_f64.atan() / std::f64::consts::PI;
        for clusters in [None, Some([4, 9])] {
            let clusters = clusters.as_ref().map(<[usize; 2]>::as_slice);
            let found = alternative_annotator_test(&judge, &ratings, clusters, &settings()).unwrap().unwrap();
            assert!((found.raters[0].p - expected).abs() < 1e-14);
            // Two raters: harmonic 3/2 times 2, the larger p times 3/2.
            assert!(found.raters.iter().all(|rater| rater.p_adjusted >= rater.p && rater.p_adjusted <= 1.0));
        }
    }

    #[test]
    fn undefined_and_malformed() {
        let ratings = table(&[[0, 1], [2, 2]]);
        let run = |judge: &[Option<usize>], clusters: Option<&[usize]>, settings: &AltTestSettings| {
            alternative_annotator_test(judge, &ratings, clusters, settings)
        };
        let judge = [Some(1), Some(0)];
        assert_eq!(run(&judge, None, &AltTestSettings::default()), Ok(Err(Undefined::TooFew)));
        assert_eq!(run(&[None, None], None, &settings()), Ok(Err(Undefined::TooFew)));
        assert_eq!(run(&judge, Some(&[1, 1]), &settings()), Ok(Err(Undefined::SingleCluster)));
        let strict = AltTestSettings { min_raters: 3, ..settings() };
        assert_eq!(run(&judge, None, &strict), Ok(Err(Undefined::TooFew)));
        assert!(run(&[Some(1)], None, &settings()).is_err());
        assert!(run(&judge, Some(&[1]), &settings()).is_err());
        assert!(run(&judge, None, &AltTestSettings { q: 0.0, ..settings() }).is_err());
        assert!(run(&judge, None, &AltTestSettings { epsilon: f64::NAN, ..settings() }).is_err());
    }

    /// A judge that copies a rater ties with that rater everywhere; p-values stay probabilities.
    #[test]
    fn a_copy_always_ties() {
        let mut random = Arbitrary::new(25);
        for _ in 0..100 {
            let n = 2 + random.below(10);
            let rows: Vec<Vec<Option<usize>>> =
                (0..n).map(|_| (0..3).map(|_| Some(random.below(4))).collect()).collect();
            let copy: Vec<Option<usize>> = rows.iter().map(|row| row[1]).collect();
            let ratings = RatingTable::new(rows, 4).unwrap();
            for closeness in [Closeness::Accuracy, Closeness::NegativeRmse] {
                let settings = AltTestSettings { closeness, ..settings() };
                let found = alternative_annotator_test(&copy, &ratings, None, &settings).unwrap().unwrap();
                assert_eq!(
                    (found.raters[1].judge_wins, found.raters[1].rater_wins, found.raters[1].p),
                    (1.0, 1.0, 0.0)
                );
                assert!(found.raters.iter().all(|rater| (0.0..=1.0).contains(&rater.p)));
            }
        }
    }
}
