//! Judge against judge in sentences, as the evaluation words them.

use super::format::clean;
use crate::measure::{Comparison, Evaluation};

/// The sentences of the first `most` pairs of judges that are no baselines, and how many more pairs there are; nothing where
/// fewer than two judges are compared. Where there are no two judges that are none, those of all pairs.
pub(super) fn compared(evaluation: &Evaluation, most: usize) -> Vec<String> {
    let baseline = |name: &str| evaluation.judges.iter().any(|judge| judge.judge == name && judge.kind == "baseline");
    let judged = |pair: &&Comparison| !baseline(&pair.first) && !baseline(&pair.second);
    let mut pairs: Vec<&Comparison> = evaluation.comparisons.iter().filter(judged).collect();
    if pairs.is_empty() {
        pairs = evaluation.comparisons.iter().collect();
    }
    let more = pairs.len().saturating_sub(most);
    let which = if more == 1 { "One more pair".to_owned() } else { format!("{more} more pairs") };
    let left = (more > 0).then(|| format!("{which}: see tables/comparisons.csv, or lacuna compare."));
    pairs.iter().take(most).map(|pair| clean(&pair.in_words)).chain(left).collect()
}
