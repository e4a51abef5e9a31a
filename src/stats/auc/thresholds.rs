//! Choosing the threshold from which a score is a flag.

use super::labelled::ScoreLevels;
use crate::Undefined;
use crate::input::{InputError, all_counts, all_probabilities};

/// The rule "flag from this score on".
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// Flag scores at or above the value.
    At(f64),
    /// Flag nothing.
    Never,
}

/// The threshold of the highest Youden J.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YoudenThreshold {
    /// The rule.
    pub threshold: Threshold,
    /// Recall plus specificity minus 1 under the rule.
    pub youden_j: f64,
}

/// The threshold of the lowest cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostThreshold {
    /// The rule.
    pub threshold: Threshold,
    /// Mean cost per item under the rule.
    pub cost: f64,
}

/// The threshold of the highest recall within a budget of false alarms.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecallThreshold {
    /// The rule.
    pub threshold: Threshold,
    /// Recall under the rule.
    pub recall: f64,
    /// Specificity under the rule.
    pub specificity: f64,
}

/// Rules whose criteria differ by less count as tied; sums of the same fractions in another order must not decide.
const TIED: f64 = 1e-12;

/// What one rule catches and what it flags falsely.
#[derive(Debug, Clone, Copy)]
struct Rule {
    threshold: Threshold,
    caught: f64,
    false_alarms: f64,
}

/// All rules, the strictest first: never, then each distinct score downwards.
fn rules(levels: &ScoreLevels) -> Vec<Rule> {
    let mut rules = vec![Rule { threshold: Threshold::Never, caught: 0.0, false_alarms: 0.0 }];
    let (mut caught, mut false_alarms) = (0.0, 0.0);
    for level in levels.rows().iter().rev() {
        caught += level.positives;
        false_alarms += level.negatives;
        rules.push(Rule { threshold: Threshold::At(level.score), caught, false_alarms });
    }
    rules
}

/// The rule with the largest criterion; among tied ones the strictest, which has the fewest alarms.
fn best(rules: &[Rule], criterion: impl Fn(&Rule) -> f64) -> Rule {
    let mut best = rules[0];
    for rule in rules {
        if criterion(rule) > criterion(&best) + TIED {
            best = *rule;
        }
    }
    best
}

/// Threshold of the highest Youden J (recall + specificity - 1).
///
/// Weighs a missed harm and a false alarm by their classes' sizes only; where the costs are known, use
/// [`lowest_cost`]. Any of these thresholds is to be chosen on other clusters than it is judged on.
///
/// **Inputs**: counts of both classes per distinct score.
/// **Returns**: the rule and its J, 0 to 1 (never flagging has J = 0).
/// **Undefined**: `one_class`. **Cost**: O(K). Ties go to the largest threshold.
/// **Source**: Youden (1950); rules as scikit-learn 1.9.1 `roc_curve(drop_intermediate=False)`.
///
/// ```
/// use lacuna_stats::auc::{LabelledScores, Threshold, highest_youden_j};
/// let labels = [true, true, false, false];
/// let scores = LabelledScores::new(&labels, &[0.9, 0.4, 0.5, 0.1])?;
/// // From 0.9: 1/2 - 0. From 0.5: 1/2 - 1/2. From 0.4: 1 - 1/2. The tie goes to 0.9.
/// let chosen = highest_youden_j(&scores.levels()).unwrap();
/// assert_eq!((chosen.threshold, chosen.youden_j), (Threshold::At(0.9), 0.5));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn highest_youden_j(levels: &ScoreLevels) -> Result<YoudenThreshold, Undefined> {
    let (positives, negatives) = both_classes(levels)?;
    let youden_j = |rule: &Rule| rule.caught / positives - rule.false_alarms / negatives;
    let rule = best(&rules(levels), youden_j);
    Ok(YoudenThreshold { threshold: rule.threshold, youden_j: youden_j(&rule) })
}

/// Threshold of the lowest expected cost.
///
/// **Inputs**: counts of both classes per distinct score; the cost of a missed positive and of a false alarm (0 or
/// more, same unit).
/// **Returns**: the rule and its mean cost per item of this set (its prevalence enters).
/// **Undefined**: `no_data` for no items; a single class is fine.
/// **Errors**: a negative or non-finite cost. **Cost**: O(K). Ties go to the largest threshold.
pub fn lowest_cost(
    levels: &ScoreLevels,
    cost_of_miss: f64,
    cost_of_false_alarm: f64,
) -> Result<Result<CostThreshold, Undefined>, InputError> {
    all_counts("costs", &[cost_of_miss, cost_of_false_alarm])?;
    let (positives, negatives) = (levels.positives(), levels.negatives());
    if positives + negatives <= 0.0 {
        return Ok(Err(Undefined::NoData));
    }
    let cost = |rule: &Rule| cost_of_miss * (positives - rule.caught) + cost_of_false_alarm * rule.false_alarms;
    let rule = best(&rules(levels), |rule| -cost(rule));
    Ok(Ok(CostThreshold { threshold: rule.threshold, cost: cost(&rule) / (positives + negatives) }))
}

/// Threshold of the highest recall whose specificity is at least the one asked for.
///
/// **Inputs**: counts of both classes per distinct score; the least specificity, 0 to 1.
/// **Returns**: the rule with its recall and specificity; never flagging always qualifies.
/// **Undefined**: `one_class`. **Errors**: not a probability. **Cost**: O(K). Ties go to the largest threshold.
pub fn highest_recall_at_specificity(
    levels: &ScoreLevels,
    least_specificity: f64,
) -> Result<Result<RecallThreshold, Undefined>, InputError> {
    all_probabilities("least specificity", &[least_specificity])?;
    Ok(both_classes(levels).map(|(positives, negatives)| {
        let specificity = |rule: &Rule| 1.0 - rule.false_alarms / negatives;
        let mut allowed = rules(levels);
        allowed.retain(|rule| specificity(rule) >= least_specificity - TIED);
        let rule = best(&allowed, |rule| rule.caught);
        RecallThreshold { threshold: rule.threshold, recall: rule.caught / positives, specificity: specificity(&rule) }
    }))
}

fn both_classes(levels: &ScoreLevels) -> Result<(f64, f64), Undefined> {
    let (positives, negatives) = (levels.positives(), levels.negatives());
    if positives > 0.0 && negatives > 0.0 { Ok((positives, negatives)) } else { Err(Undefined::OneClass) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::auc::LabelledScores;

    fn levels(labels: &[bool], scores: &[f64]) -> ScoreLevels {
        LabelledScores::new(labels, scores).unwrap().levels()
    }

    /// Scores 4+ 3- 2+ 1-: costs per rule with a miss at 5 and an alarm at 1: never 10, 4: 5, 3: 6, 2: 1, 1: 2.
    #[test]
    fn worked_by_hand() {
        let levels = levels(&[true, false, true, false], &[4.0, 3.0, 2.0, 1.0]);
        let chosen = lowest_cost(&levels, 5.0, 1.0).unwrap().unwrap();
        assert_eq!((chosen.threshold, chosen.cost), (Threshold::At(2.0), 0.25));
        let free = highest_recall_at_specificity(&levels, 1.0).unwrap().unwrap();
        assert_eq!((free.threshold, free.recall, free.specificity), (Threshold::At(4.0), 0.5, 1.0));
        let half = highest_recall_at_specificity(&levels, 0.5).unwrap().unwrap();
        assert_eq!((half.threshold, half.recall, half.specificity), (Threshold::At(2.0), 1.0, 0.5));
    }

    #[test]
    fn a_score_without_information_never_flags() {
        let levels = levels(&[true, false], &[0.5, 0.5]);
        assert_eq!(highest_youden_j(&levels).unwrap().threshold, Threshold::Never);
        assert_eq!(lowest_cost(&levels, 1.0, 1.0).unwrap().unwrap().threshold, Threshold::Never);
    }

    #[test]
    fn undefined_and_malformed() {
        let (one, none) = (levels(&[true, true], &[0.1, 0.2]), levels(&[], &[]));
        assert_eq!(highest_youden_j(&one), Err(Undefined::OneClass));
        assert_eq!(highest_recall_at_specificity(&one, 0.9), Ok(Err(Undefined::OneClass)));
        let flag_all = lowest_cost(&one, 1.0, 1.0).unwrap().unwrap();
        assert_eq!((flag_all.threshold, flag_all.cost), (Threshold::At(0.1), 0.0));
        assert_eq!(lowest_cost(&none, 1.0, 1.0), Ok(Err(Undefined::NoData)));
        assert!(lowest_cost(&one, -1.0, 1.0).is_err());
        assert!(highest_recall_at_specificity(&one, 1.1).is_err());
    }

    #[test]
    fn no_other_threshold_is_better() {
        let mut random = Arbitrary::new(4);
        for _ in 0..200 {
            let n = 2 + random.below(10);
            let labels: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let scores: Vec<f64> = (0..n).map(|_| random.grid(5)).collect();
            let Ok(chosen) = highest_youden_j(&levels(&labels, &scores)) else { continue };
            for &threshold in &scores {
                let rate = |class: bool| {
                    let of_class: Vec<f64> = (0..n).filter(|i| labels[*i] == class).map(|i| scores[i]).collect();
                    of_class.iter().filter(|score| **score >= threshold).count() as f64 / of_class.len() as f64
                };
                assert!(rate(true) - rate(false) <= chosen.youden_j + 1e-12);
            }
        }
    }
}
