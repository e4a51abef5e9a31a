//! The cheapest judge that is not worse than the best by the margin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::evaluation::{Evaluation, RankedMetric};
use crate::measure::options::{PrimaryComparison, PrimaryMetric};
use crate::run::JudgeRun;
use crate::stats::{Estimate, Tally};

/// What a judge costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeCost {
    /// The judge.
    pub judge: String,
    /// US dollars for a thousand examples, repeats and samples included; null where no verdict names a cost.
    pub usd_per_thousand: Option<f64>,
    /// Examples that it was asked.
    pub examples: usize,
    /// Verdicts on them.
    pub verdicts: usize,
    /// Of those, verdicts that name a cost; the others are reckoned at the mean of these.
    pub priced: usize,
}

/// What each run cost, by the costs that its verdicts name. A baseline costs nothing.
pub fn costs(runs: &[JudgeRun]) -> Vec<JudgeCost> {
    let cost = |run: &JudgeRun| {
        let mut examples: Vec<&str> = run.verdicts.iter().map(|verdict| verdict.example.as_str()).collect();
        examples.sort_unstable();
        examples.dedup();
        let named: Vec<f64> = run.verdicts.iter().filter_map(|verdict| verdict.cost_usd).collect();
        let (verdicts, priced) = (run.verdicts.len(), named.len());
        let usd_per_thousand = if run.spec.kind.is_baseline() {
            Some(0.0)
        } else {
            let mean = named.iter().sum::<f64>() / priced.max(1) as f64;
            (priced > 0).then(|| 1_000.0 * mean * verdicts as f64 / examples.len().max(1) as f64)
        };
        JudgeCost { judge: run.spec.name.clone(), usd_per_thousand, examples: examples.len(), verdicts, priced }
    };
    runs.iter().map(cost).collect()
}

/// One judge beside the best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The judge.
    pub judge: String,
    /// Its primary metric less that of the best; null for the best itself.
    pub difference: Option<Estimate>,
    /// Whether the lower limit of that lies above minus the margin; true for the best itself.
    pub not_worse: bool,
    /// US dollars for a thousand examples; null where unknown.
    pub usd_per_thousand: Option<f64>,
}

/// Why no judge is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoChoice {
    /// Fewer than two judges can be ranked by the primary metric.
    NoRanking,
    /// The cost of a judge that is not worse is not known.
    NoCosts,
}

/// The choice on one part of the set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What the judges are compared on.
    pub primary: PrimaryComparison,
    /// How much worse than the best a judge may be.
    pub margin: f64,
    /// The judge with the highest value; null without a ranking.
    pub best: Option<String>,
    /// Every ranked judge, highest value first.
    pub candidates: Vec<Candidate>,
    /// The cheapest of those that are not worse; null with the reason in `no_choice`.
    pub chosen: Option<String>,
    /// Why there is none.
    pub no_choice: Option<NoChoice>,
}

/// Chooses by an evaluation and by what each judge costs.
///
/// Not worse is shown, not assumed: the two-sided interval of the difference has to lie above minus the margin, which tests
/// non-inferiority at half of one less the level. A judge whose difference has no interval is not shown to be as good.
pub fn choose(evaluation: &Evaluation, costs: &[JudgeCost]) -> Choice {
    let (primary, margin) = (evaluation.settings.primary, evaluation.settings.margin);
    let metric = match primary.metric {
        PrimaryMetric::YoudenJ => RankedMetric::YoudenJ,
        PrimaryMetric::Recall => RankedMetric::Recall,
    };
    let ranking =
        evaluation.rankings.iter().find(|ranking| ranking.metric == metric && ranking.axis == Some(primary.axis));
    let ranked = ranking.map(|ranking| ranking.judges.as_slice()).unwrap_or_default();
    let best = ranked.first().filter(|judge| judge.estimate.value.is_some()).map(|judge| judge.judge.clone());
    let Some(best) = best else {
        let no_choice = Some(NoChoice::NoRanking);
        return Choice { primary, margin, best: None, candidates: Vec::new(), chosen: None, no_choice };
    };
    let candidates: Vec<Candidate> = ranked
        .iter()
        .map(|judge| {
            let difference = (judge.judge != best).then(|| against(evaluation, primary, &judge.judge, &best)).flatten();
            let above = |difference: &Estimate| difference.lower.is_some_and(|lower| lower > -margin);
            let cost = costs.iter().find(|cost| cost.judge == judge.judge);
            Candidate {
                not_worse: judge.judge == best || difference.as_ref().is_some_and(above),
                difference,
                usd_per_thousand: cost.and_then(|cost| cost.usd_per_thousand),
                judge: judge.judge.clone(),
            }
        })
        .collect();
    let chosen = cheapest(&candidates);
    let no_choice = chosen.is_none().then_some(NoChoice::NoCosts);
    Choice { primary, margin, best: Some(best), candidates, chosen, no_choice }
}

/// The cheapest of those that are not worse, the better of equally cheap ones; none where a cost is not known, unless there is
/// nothing to choose from.
fn cheapest(candidates: &[Candidate]) -> Option<String> {
    let good: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.not_worse).collect();
    if let [only] = good.as_slice() {
        return Some(only.judge.clone());
    }
    let priced: Option<Vec<(f64, &Candidate)>> =
        good.iter().map(|candidate| Some((candidate.usd_per_thousand?, *candidate))).collect();
    let least = priced?.into_iter().min_by(|one, other| one.0.total_cmp(&other.0))?;
    Some(least.1.judge.clone())
}

/// The primary metric of one judge less that of another, on the examples that both were asked; none where they were not compared.
fn against(evaluation: &Evaluation, primary: PrimaryComparison, judge: &str, other: &str) -> Option<Estimate> {
    let pair = |first: &str, second: &str| {
        let comparison = evaluation.comparisons.iter().find(|found| found.first == first && found.second == second)?;
        let numbers = comparison.axes.get(primary.axis).as_ref()?;
        Some(match primary.metric {
            PrimaryMetric::YoudenJ => numbers.youden_j.difference.clone(),
            PrimaryMetric::Recall => numbers.recall.difference.clone(),
        })
    };
    pair(judge, other).or_else(|| pair(other, judge).map(turned))
}

/// The same difference seen from the other judge.
fn turned(estimate: Estimate) -> Estimate {
    let opposite = |value: Option<f64>| value.map(|value| 0.0 - value);
    Estimate {
        value: opposite(estimate.value),
        lower: opposite(estimate.upper),
        upper: opposite(estimate.lower),
        ..estimate
    }
}

/// A choice made on one part, looked at on another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceCheck {
    /// Name of the part that it was checked on.
    pub gold: String,
    /// The chosen judge's primary metric there, on the examples that it was asked.
    pub value: Option<Estimate>,
    /// Examples that both judges were asked there.
    pub examples: Tally,
    /// The chosen judge less the one that was best on the first part; null where they are the same or were not compared.
    pub difference: Option<Estimate>,
    /// Whether the lower limit of that lies above minus the margin; null where there is no such limit.
    pub holds: Option<bool>,
}

/// Looks at a choice on an evaluation of another part; none where nothing was chosen.
pub fn check_choice(choice: &Choice, held_out: &Evaluation) -> Option<ChoiceCheck> {
    let (chosen, best) = choice.chosen.as_ref().zip(choice.best.as_ref())?;
    let difference = against(held_out, choice.primary, chosen, best);
    let holds = if chosen == best {
        Some(true)
    } else {
        difference.as_ref().and_then(|found| found.lower).map(|lower| lower > -choice.margin)
    };
    let numbers = held_out.judges.iter().find(|judge| judge.judge == *chosen);
    let numbers = numbers.and_then(|judge| judge.axes.get(choice.primary.axis).as_deref());
    let value = numbers.map(|numbers| match choice.primary.metric {
        PrimaryMetric::YoudenJ => numbers.youden_j.clone(),
        PrimaryMetric::Recall => numbers.recall.clone(),
    });
    Some(ChoiceCheck {
        gold: held_out.gold.name.clone(),
        value,
        examples: Tally(difference.as_ref().map_or(0.0, |found| found.n)),
        difference,
        holds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(judge: &str, not_worse: bool, usd_per_thousand: Option<f64>) -> Candidate {
        Candidate { judge: judge.to_owned(), difference: None, not_worse, usd_per_thousand }
    }

    #[test]
    fn the_cheapest_that_is_not_worse_and_of_equals_the_better() {
        let dear = candidate("best", true, Some(9.0));
        let worse = candidate("worse", false, Some(0.1));
        let found = cheapest(&[dear.clone(), candidate("near", true, Some(2.0)), worse.clone()]);
        assert_eq!(found.as_deref(), Some("near"));
        let equal = [candidate("a", true, Some(2.0)), candidate("b", true, Some(2.0))];
        assert_eq!(cheapest(&equal).as_deref(), Some("a"));
        assert_eq!(cheapest(&[dear.clone(), candidate("free", true, None)]), None);
        assert_eq!(cheapest(&[dear, worse]).as_deref(), Some("best"));
    }

    #[test]
    fn a_difference_is_turned_with_its_limits() {
        let mut estimate = Estimate::undefined(crate::stats::Undefined::NoData, 0.95, "");
        (estimate.value, estimate.lower, estimate.upper) = (Some(0.1), Some(-0.2), Some(0.3));
        let found = turned(estimate);
        assert_eq!((found.value, found.lower, found.upper), (Some(-0.1), Some(-0.3), Some(0.2)));
    }
}
