//! Latent gold from several raters by Dawid and Skene's EM.

use super::RatingTable;
use crate::stats::Undefined;

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
/// **Cost**: O(steps x ratings x levels).
/// **Source**: Dawid and Skene (1979), Applied Statistics 28:20, equations 2.3 to 2.5, started from vote shares; agrees
/// with crowd-kit 1.4.2 to 1e-10.
pub fn dawid_skene(table: &RatingTable, steps: usize) -> Result<DawidSkene, Undefined> {
    let rated: Vec<usize> =
        (0..table.items().len()).filter(|item| table.items()[*item].iter().any(Option::is_some)).collect();
    if rated.is_empty() {
        return Err(Undefined::NoData);
    }
    let active = (0..table.raters()).filter(|rater| table.items().iter().any(|row| row[*rater].is_some()));
    if active.count() < 3 {
        return Err(Undefined::TooFew);
    }
    let mut posteriors: Vec<Vec<f64>> = rated.iter().map(|item| vote_shares(table, *item)).collect();
    let mut prevalence = mean(&posteriors);
    let mut confusions = maximise(table, &rated, &posteriors);
    for _ in 0..steps {
        posteriors = rated.iter().map(|item| posterior(table, *item, &prevalence, &confusions)).collect();
        prevalence = mean(&posteriors);
        confusions = maximise(table, &rated, &posteriors);
    }
    let mut by_item = vec![None; table.items().len()];
    for (item, posterior) in rated.into_iter().zip(posteriors) {
        by_item[item] = Some(posterior);
    }
    Ok(DawidSkene { posteriors: by_item, prevalence, confusions })
}

fn vote_shares(table: &RatingTable, item: usize) -> Vec<f64> {
    let mut shares = vec![0.0; table.levels()];
    table.items()[item].iter().flatten().for_each(|level| shares[*level] += 1.0);
    normalise(&mut shares);
    shares
}

fn normalise(values: &mut [f64]) {
    let total: f64 = values.iter().sum();
    values.iter_mut().for_each(|value| *value /= total);
}

fn mean(posteriors: &[Vec<f64>]) -> Vec<f64> {
    let level = |level: usize| posteriors.iter().map(|posterior| posterior[level]).sum::<f64>();
    (0..posteriors[0].len()).map(|index| level(index) / posteriors.len() as f64).collect()
}

/// M-step: expected counts of (said, true) a rater, normalised over what was said.
fn maximise(table: &RatingTable, rated: &[usize], posteriors: &[Vec<f64>]) -> Vec<Vec<Vec<f64>>> {
    let levels = table.levels();
    let mut confusions = vec![vec![vec![0.0; levels]; levels]; table.raters()];
    let mut said = vec![vec![false; levels]; table.raters()];
    for (item, posterior) in rated.iter().zip(posteriors) {
        for (rater, level) in table.items()[*item].iter().enumerate() {
            let Some(level) = *level else { continue };
            said[rater][level] = true;
            for (count, probability) in confusions[rater][level].iter_mut().zip(posterior) {
                *count += probability;
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
fn posterior(table: &RatingTable, item: usize, prevalence: &[f64], confusions: &[Vec<Vec<f64>>]) -> Vec<f64> {
    let mut logs: Vec<f64> = prevalence.iter().map(|share| share.max(FLOOR).ln()).collect();
    for (rater, level) in table.items()[item].iter().enumerate() {
        let Some(level) = *level else { continue };
        for (log, probability) in logs.iter_mut().zip(&confusions[rater][level]) {
            *log += probability.ln();
        }
    }
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut posterior: Vec<f64> = logs.iter().map(|log| (log - largest).exp()).collect();
    normalise(&mut posterior);
    posterior
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::arbitrary::Arbitrary;

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
