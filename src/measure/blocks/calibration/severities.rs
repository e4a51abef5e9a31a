//! What a severity of the judge is worth in gold severities, from the confusion counts by cluster.

use super::clustered::ratio;
use super::confusions::Confusions;
use super::forecast::Forecast;
use crate::measure::evaluation::{GoldGivenJudge, JudgeGivenGold, SeverityCalibration};
use crate::model::Severity;
use crate::stats::jackknife::Scale;
use crate::stats::proportion::{ClusterCount, clustered_proportion};
use crate::stats::{Tally, Undefined};

/// The block; `threshold` is the gold severity from which an example is a positive.
pub(super) fn severity_block(confusions: &Confusions, threshold: Severity, level: f64) -> SeverityCalibration {
    let levels = confusions.levels;
    let mean = |parts: Vec<(f64, f64)>| ratio(&parts, Scale::Log, level, Undefined::NoData);
    let given_judge = |severity: usize| GoldGivenJudge {
        severity: severity as Severity,
        mean_gold: mean(confusions.parts(|gold, judge| (judge == severity).then_some(gold as f64))),
        positive_share: {
            let positive = |gold| f64::from(u8::from(gold >= usize::from(threshold)));
            let parts = confusions.parts(|gold, judge| (judge == severity).then(|| positive(gold)));
            let counts: Vec<ClusterCount> = parts.iter().map(|part| ClusterCount::new(part.0, part.1)).collect();
            clustered_proportion(&counts, level, Undefined::NoData)
        },
    };
    let given_gold = |severity: usize| JudgeGivenGold {
        severity: severity as Severity,
        mean_judge: mean(confusions.parts(|gold, judge| (gold == severity).then_some(judge as f64)))
            .with_missing(confusions.missing[severity]),
    };
    let forecast = Forecast::new(confusions);
    SeverityCalibration {
        n: Tally(confusions.n()),
        missing: Tally(confusions.missing()),
        gold_given_judge: (0..levels).map(given_judge).collect(),
        judge_given_gold: (0..levels).map(given_gold).collect(),
        ranked_probability_score: forecast.score(confusions, level),
        ranked_probability_score_marginal: forecast.marginal(confusions),
        ranked_probability_skill: forecast.skill(confusions, level),
        cumulative: forecast.cumulative(confusions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::Answered;
    use crate::measure::answers::toy::stated;

    fn confusions(rows: &[(u32, Severity, Option<Severity>)], levels: usize) -> Confusions {
        let example = |(cluster, gold, judge): &(u32, Severity, Option<Severity>)| Answered {
            gold: *gold,
            scored: u32::from(judge.is_some()),
            ..stated(0, *cluster, *gold >= 1, None)
        };
        let answered: Vec<Answered> = rows.iter().map(example).collect();
        let severities: Vec<(usize, Severity)> =
            rows.iter().enumerate().filter_map(|(at, row)| Some((at, row.2?))).collect();
        Confusions::new(&answered, &severities, levels)
    }

    #[test]
    fn means_by_hand() {
        // The judge says 1 for gold 0 and 2: mean gold 1, half of them positive. Gold 2 got 1 and 2: mean 3/2.
        let rows = [(0, 0, Some(1)), (1, 2, Some(1)), (1, 2, Some(2)), (2, 1, None)];
        let found = severity_block(&confusions(&rows, 3), 1, 0.95);
        let one = &found.gold_given_judge[1];
        assert_eq!((one.mean_gold.value, one.mean_gold.n, one.mean_gold.clusters), (Some(1.0), 2.0, 2));
        assert_eq!((one.positive_share.value, one.positive_share.count), (Some(0.5), Some(1.0)));
        assert_eq!(found.judge_given_gold[2].mean_judge.value, Some(1.5));
        assert_eq!(found.gold_given_judge[0].mean_gold.undefined, Some(Undefined::NoData));
        assert_eq!((found.n, found.missing), (Tally(3.0), Tally(1.0)));
    }

    #[test]
    fn forecasts_of_two_folds_by_hand() {
        // Two levels. Cluster 0: judge 1, gold 1. Cluster 1: judge 1, gold 0. For cluster 0 the other fold gives gold 0 with
        // marginal (1 + 1/2)/2 = 3/4, and after judge 1 (1 + 3/4)/2 = 7/8: F = 7/8 where 1 came, (7/8)^2. Cluster 1 alike.
        let found = severity_block(&confusions(&[(0, 1, Some(1)), (1, 0, Some(1))], 2), 1, 0.95);
        assert!((found.ranked_probability_score.value.unwrap() - 49.0 / 64.0).abs() < 1e-15);
        assert!((found.ranked_probability_score_marginal.unwrap() - 9.0 / 16.0).abs() < 1e-15);
        assert!((found.ranked_probability_skill.value.unwrap() - (1.0 - 49.0 / 36.0)).abs() < 1e-14);
        assert!((found.cumulative[0].ece - 7.0 / 8.0).abs() < 1e-15);
    }

    #[test]
    fn a_judge_that_sees_has_skill_and_a_blind_one_has_none() {
        let seeing: Vec<_> = (0..200).map(|at| (at / 5, (at % 3) as Severity, Some((at % 3) as Severity))).collect();
        let found = severity_block(&confusions(&seeing, 3), 1, 0.95);
        assert!(found.ranked_probability_skill.lower.unwrap() > 0.9);
        let blind: Vec<_> = (0..200).map(|at| (at / 5, (at % 3) as Severity, Some(0))).collect();
        let found = severity_block(&confusions(&blind, 3), 1, 0.95);
        assert!(found.ranked_probability_skill.value.unwrap().abs() < 0.01);
        let one = severity_block(&confusions(&[(0, 1, Some(1))], 2), 1, 0.95);
        assert_eq!(one.ranked_probability_skill.undefined, Some(Undefined::SingleCluster));
        assert!(one.cumulative.is_empty() && one.ranked_probability_score_marginal.is_none());
    }
}
