//! Judge against judge in sentences, as the evaluation words them.

use super::format::clean;
use super::own::OwnFirst;
use crate::measure::{Comparison, Evaluation};

/// The sentences of the first `most` pairs of judges that are no baselines, and how many more pairs there are; nothing where
/// fewer than two judges are compared. Where there is one such judge, those of it and each baseline; where there is none,
/// those of all pairs.
pub(super) fn compared(evaluation: &Evaluation, most: usize) -> Vec<String> {
    let judges = OwnFirst::of(evaluation);
    let own = |pair: &Comparison| {
        [&pair.first, &pair.second].into_iter().filter(|judge| !judges.for_comparison(judge)).count()
    };
    let least = if judges.own.len() > 1 { 2 } else { 1 };
    let pairs: Vec<&Comparison> = evaluation.comparisons.iter().filter(|pair| own(pair) >= least).collect();
    let more = pairs.len().saturating_sub(most);
    let which = if more == 1 { "One more pair".to_owned() } else { format!("{more} more pairs") };
    let left = (more > 0).then(|| format!("{which}: see tables/comparisons.csv, or lacuna compare."));
    pairs.iter().take(most).map(|pair| clean(&pair.in_words)).chain(left).collect()
}
