//! Latent gold from several raters by Dawid and Skene's EM.

use std::collections::BTreeMap;

use super::RatingTable;
use crate::Undefined;

/// Posterior gold, prevalence of the levels, and each rater's confusion.
#[derive(Debug, Clone, PartialEq)]
pub struct DawidSkene {
    /// Posterior distribution over levels of each item; none for an item that nobody rated.
    pub posteriors: Vec<Option<Vec<f64>>>,
    /// Mean posterior over rated items.
    pub prevalence: Vec<f64>,
    /// `confusions[rater][said][true]` = P(rater says | true level); 0 for what the rater never said.
    pub confusions: Vec<Vec<Vec<f64>>>,
}

/// Expected counts of said levels and prevalences are held above this, so that no logarithm is infinite.
const FLOOR: f64 = 1e-10;

/// Gold estimated from raters of unequal skill.
///
/// For sets without adjudicated gold, and to carry the gold's uncertainty on (draw from the posteriors). It assumes that
/// raters err independently given the truth: raters who share guidelines, or a gold made by a relative of the judge, break
/// that, and recall against such gold is inflated. Fewer than three raters do not identify it.
///
/// **Inputs**: ratings; the number of EM steps (50 is enough for a few hundred items).
/// **Returns**: posteriors, prevalence, confusions.
/// **Undefined**: `no_data` without a rating; `too_few` with fewer than three raters who rated.
/// **Cost**: O(steps x ratings x levels), equal rows merged first.
/// **Source**: Dawid and Skene (1979), Applied Statistics 28:20, equations 2.3 to 2.5, started from vote shares; agrees
/// with crowd-kit 1.4.2 to 1e-10.
pub fn dawid_skene(table: &RatingTable, steps: usize) -> Result<DawidSkene, Undefined> {
    let mut rows: BTreeMap<&[Option<usize>], usize> = BTreeMap::new();
    let mut weights: Vec<f64> = Vec::new();
    let mut row_of = Vec::with_capacity(table.items().len());
    let mut distinct = Vec::new();
    for item in table.items() {
        let row = *rows.entry(item).or_insert_with(|| {
            weights.push(0.0);
            distinct.push(item.clone());
            weights.len() - 1
        });
        weights[row] += 1.0;
        row_of.push(row);
    }
    let merged = table.with_items(distinct);
    let found = dawid_skene_of_patterns(&merged, &weights, steps)?;
    let posteriors = row_of.into_iter().map(|row| found.posteriors[row].clone()).collect();
    Ok(DawidSkene { posteriors, ..found })
}

/// [`dawid_skene`] of rows that stand for several items each: with few raters and levels there are few different rows, however
/// many items.
///
/// **Inputs**: distinct rows of ratings; how many items have each. **Returns**, **undefined**, **source**: as [`dawid_skene`];
/// `incompatible` where weights do not fit the rows.
pub fn dawid_skene_of_patterns(table: &RatingTable, weights: &[f64], steps: usize) -> Result<DawidSkene, Undefined> {
    let sound = |weight: &f64| weight.is_finite() && *weight >= 0.0;
    if weights.len() != table.items().len() || !weights.iter().all(sound) {
        return Err(Undefined::Incompatible);
    }
    let rated = rated_rows(table, weights);
    if rated.is_empty() {
        return Err(Undefined::NoData);
    }
    let active =
        (0..table.raters()).filter(|rater| rated.iter().any(|row| row.ratings.iter().any(|(r, _)| r == rater)));
    if active.count() < 3 {
        return Err(Undefined::TooFew);
    }
    let mut posteriors: Vec<Vec<f64>> = rated.iter().map(|row| vote_shares(row, table.levels())).collect();
    let mut prevalence = mean(&rated, &posteriors);
    let mut confusions = maximise(table, &rated, &posteriors);
    for _ in 0..steps {
        posteriors = expect(&rated, &prevalence, &confusions);
        prevalence = mean(&rated, &posteriors);
        confusions = maximise(table, &rated, &posteriors);
    }
    let mut by_row = vec![None; table.items().len()];
    for (row, posterior) in rated.iter().zip(posteriors) {
        by_row[row.row] = Some(posterior);
    }
    Ok(DawidSkene { posteriors: by_row, prevalence, confusions })
}

/// A row with a rating: who said what, and how many items it stands for.
struct Rated {
    row: usize,
    ratings: Vec<(usize, usize)>,
    weight: f64,
}

fn rated_rows(table: &RatingTable, weights: &[f64]) -> Vec<Rated> {
    let ratings = |row: &[Option<usize>]| {
        row.iter().enumerate().filter_map(|(rater, level)| Some((rater, (*level)?))).collect::<Vec<_>>()
    };
    let rows = table.items().iter().zip(weights).enumerate();
    rows.map(|(row, (item, weight))| Rated { row, ratings: ratings(item), weight: *weight })
        .filter(|row| !row.ratings.is_empty() && row.weight > 0.0)
        .collect()
}

fn vote_shares(row: &Rated, levels: usize) -> Vec<f64> {
    let mut shares = vec![0.0; levels];
    row.ratings.iter().for_each(|(_, level)| shares[*level] += 1.0);
    normalise(&mut shares);
    shares
}

fn normalise(values: &mut [f64]) {
    let total: f64 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= total);
}

fn mean(rated: &[Rated], posteriors: &[Vec<f64>]) -> Vec<f64> {
    let total: f64 = rated.iter().map(|row| row.weight).sum();
    let level = |level: usize| rated.iter().zip(posteriors).map(|(row, p)| row.weight * p[level]).sum::<f64>();
    (0..posteriors[0].len()).map(|index| level(index) / total).collect()
}

/// M-step: expected counts of (said, true) a rater, normalised over what was said.
fn maximise(table: &RatingTable, rated: &[Rated], posteriors: &[Vec<f64>]) -> Vec<Vec<Vec<f64>>> {
    let levels = table.levels();
    let mut confusions = vec![vec![vec![0.0; levels]; levels]; table.raters()];
    let mut said = vec![vec![false; levels]; table.raters()];
    for (row, posterior) in rated.iter().zip(posteriors) {
        for (rater, level) in &row.ratings {
            said[*rater][*level] = true;
            for (count, probability) in confusions[*rater][*level].iter_mut().zip(posterior) {
                *count += row.weight * probability;
            }
        }
    }
    for (confusion, said) in confusions.iter_mut().zip(&said) {
        for (row, _) in confusion.iter_mut().zip(said).filter(|(_, said)| **said) {
            row.iter_mut().for_each(|count| *count = count.max(FLOOR));
        }
        for level in 0..levels {
            let total: f64 = confusion.iter().map(|row| row[level]).sum();
            if total > 0.0 {
                confusion.iter_mut().for_each(|row| row[level] /= total);
            }
        }
    }
    confusions
}

/// E-step: prevalence times the likelihood of what was said, on the log scale.
fn expect(rated: &[Rated], prevalence: &[f64], confusions: &[Vec<Vec<f64>>]) -> Vec<Vec<f64>> {
    let log = |row: &Vec<f64>| row.iter().map(|probability| probability.ln()).collect::<Vec<f64>>();
    let log_confusions: Vec<Vec<Vec<f64>>> =
        confusions.iter().map(|confusion| confusion.iter().map(log).collect()).collect();
    let log_prevalence: Vec<f64> = prevalence.iter().map(|share| share.max(FLOOR).ln()).collect();
    let posterior = |row: &Rated| {
        let mut logs = log_prevalence.clone();
        for (rater, level) in &row.ratings {
            for (log, of_rating) in logs.iter_mut().zip(&log_confusions[*rater][*level]) {
                *log += of_rating;
            }
        }
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        logs.iter_mut().for_each(|log| *log = (*log - largest).exp());
        normalise(&mut logs);
        logs
    };
    rated.iter().map(posterior).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    fn table(rows: &[[usize; 3]]) -> RatingTable {
        RatingTable::new(rows.iter().map(|row| row.map(Some).to_vec()).collect(), 2).unwrap()
    }

    /// Two items, unanimous 0 and unanimous 1: the vote shares are certain and stay so.
    #[test]
    fn unanimity_is_certainty() {
        let found = dawid_skene(&table(&[[0, 0, 0], [1, 1, 1]]), 20).unwrap();
        assert_eq!(found.prevalence, [0.5, 0.5]);
        assert!(found.posteriors[0].as_ref().unwrap()[0] > 1.0 - 1e-9);
        assert!(found.confusions[2][0][0] > 1.0 - 1e-9);
    }

    /// One step by hand: items 000 and 001. Shares of level 1: 0, 1/3; prevalence 1/6. Raters 1, 2 always say 0 with
    /// certainty. Rater 3: says 1 on item 2 with posterior (2/3, 1/3); P(1 | true 0) = (2/3)/(5/3) = 2/5,
    /// P(1 | true 1) = (1/3)/(1/3 + floor). Posterior of item 2 for level 1: (1/6 * 1) / (1/6 + 5/6 * 2/5) = 1/3.
    #[test]
    fn one_step_by_hand() {
        let found = dawid_skene(&table(&[[0, 0, 0], [0, 0, 1]]), 1).unwrap();
        let posterior = found.posteriors[1].as_ref().unwrap();
        assert!((posterior[1] - 1.0 / 3.0).abs() < 1e-8, "{posterior:?}");
        assert!(found.posteriors[0].as_ref().unwrap()[1] < 1e-8);
    }

    /// A row that stands for two items is two items.
    #[test]
    fn patterns_are_their_items() {
        let items = dawid_skene(&table(&[[0, 0, 1], [0, 0, 1], [1, 1, 1], [0, 1, 0]]), 30).unwrap();
        let rows = table(&[[0, 0, 1], [1, 1, 1], [0, 1, 0]]);
        let merged = dawid_skene_of_patterns(&rows, &[2.0, 1.0, 1.0], 30).unwrap();
        assert_eq!((&items.prevalence, &items.confusions), (&merged.prevalence, &merged.confusions));
        assert_eq!(items.posteriors[1], merged.posteriors[0]);
        assert_eq!(dawid_skene_of_patterns(&rows, &[1.0], 3), Err(Undefined::Incompatible));
    }

    #[test]
    fn undefined_with_its_reason() {
        let none = RatingTable::new(vec![vec![None, None, None]], 2).unwrap();
        assert_eq!(dawid_skene(&none, 5), Err(Undefined::NoData));
        let two = RatingTable::new(vec![vec![Some(0), Some(1), None]], 2).unwrap();
        assert_eq!(dawid_skene(&two, 5), Err(Undefined::TooFew));
        let gap = RatingTable::new(vec![vec![Some(0), Some(1), Some(1)], vec![None, None, None]], 2).unwrap();
        assert_eq!(dawid_skene(&gap, 5).unwrap().posteriors[1], None);
    }

    #[test]
    fn posteriors_are_distributions_whatever_the_order_of_items() {
        let mut random = Arbitrary::new(23);
        for _ in 0..50 {
            let count = 1 + random.below(8);
            let row = |random: &mut Arbitrary| -> Vec<Option<usize>> {
                (0..4).map(|_| if random.coin(0.2) { None } else { Some(random.below(3)) }).collect()
            };
            let rows: Vec<Vec<Option<usize>>> = (0..count).map(|_| row(&mut random)).collect();
            let Ok(found) = dawid_skene(&RatingTable::new(rows.clone(), 3).unwrap(), 10) else { continue };
            for posterior in found.posteriors.iter().flatten() {
                assert!((posterior.iter().sum::<f64>() - 1.0).abs() < 1e-12);
                assert!(posterior.iter().all(|p| (0.0..=1.0).contains(p)));
            }
            let reversed = RatingTable::new(rows.into_iter().rev().collect(), 3).unwrap();
            let other = dawid_skene(&reversed, 10).unwrap();
            for (a, b) in found.prevalence.iter().zip(&other.prevalence) {
                assert!((a - b).abs() < 1e-9);
            }
        }
    }
}
