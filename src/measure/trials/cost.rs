//! What a judge's verdicts cost and how long they took, as far as the verdicts say.

use crate::measure::evaluation::{CostAndSpeed, LatencySeconds};
use crate::model::Verdict;
use crate::stats::quantile::quantile;

/// Cost and speed by the verdicts of a judge; none where no verdict states a cost, a time or a number of tokens.
pub(crate) fn cost_and_speed(verdicts: &[Verdict]) -> Option<CostAndSpeed> {
    let costs = ascending(verdicts.iter().filter_map(|verdict| verdict.cost_usd));
    let latencies = ascending(verdicts.iter().filter_map(|verdict| verdict.latency_ms));
    let tokens = |count: fn(&Verdict) -> Option<u64>| {
        mean(&ascending(verdicts.iter().filter_map(count).map(|tokens| tokens as f64)))
    };
    let (input, output) = (tokens(|verdict| verdict.input_tokens), tokens(|verdict| verdict.output_tokens));
    if costs.is_empty() && latencies.is_empty() && input.is_none() && output.is_none() {
        return None;
    }
    let seconds = |p: f64| quantile(&latencies, p).map(|milliseconds| milliseconds / 1_000.0);
    Some(CostAndSpeed {
        verdicts: verdicts.len(),
        cost_usd_per_1000: mean(&costs).map(|mean| 1_000.0 * mean).filter(|cost| cost.is_finite()),
        cost_known: costs.len(),
        latency_seconds: seconds(0.5).zip(seconds(0.9)).map(|(median, p90)| LatencySeconds { median, p90 }),
        latency_known: latencies.len(),
        input_tokens_per_verdict: input,
        output_tokens_per_verdict: output,
    })
}

/// Amounts in ascending order, so that the order of the verdicts changes no sum; what is no amount is left out.
fn ascending(amounts: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut amounts: Vec<f64> = amounts.filter(|amount| amount.is_finite() && *amount >= 0.0).collect();
    amounts.sort_unstable_by(f64::total_cmp);
    amounts
}

fn mean(amounts: &[f64]) -> Option<f64> {
    let mean = amounts.iter().sum::<f64>() / amounts.len() as f64;
    (!amounts.is_empty() && mean.is_finite()).then_some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

    fn verdict(cost_usd: Option<f64>, latency_ms: Option<f64>, tokens: Option<(u64, u64)>) -> Verdict {
        let mut verdict = Verdict::new("j", "e", Outcome::Scored);
        (verdict.cost_usd, verdict.latency_ms) = (cost_usd, latency_ms);
        (verdict.input_tokens, verdict.output_tokens) = tokens.unzip();
        verdict
    }

    /// Costs of 1/4, 1/2 and 0 dollars: 1000 x (3/4) / 3 = 250. Times of 1, 2 and 6 s: the median is 2, and the place of the
    /// 0.9 quantile is 2 x 0.9 = 1.8, four fifths of the way from 2 to 6: 5.2. Tokens sent 100 and 300, received 10 and 11.
    #[test]
    fn by_hand_over_the_verdicts_that_state_it() {
        let mut verdicts = vec![
            verdict(Some(0.5), Some(6_000.0), Some((100, 10))),
            verdict(None, Some(1_000.0), None),
            verdict(Some(0.25), None, None),
            verdict(Some(0.0), Some(2_000.0), Some((300, 11))),
            verdict(Some(f64::NAN), Some(-1.0), None),
        ];
        let found = cost_and_speed(&verdicts).unwrap();
        assert_eq!((found.verdicts, found.cost_known, found.latency_known), (5, 3, 3));
        assert_eq!(found.cost_usd_per_1000, Some(250.0));
        let latency = found.latency_seconds.clone().unwrap();
        assert!((latency.median, (latency.p90 - 5.2).abs() < 1e-12) == (2.0, true), "{latency:?}");
        assert_eq!((found.input_tokens_per_verdict, found.output_tokens_per_verdict), (Some(200.0), Some(10.5)));
        verdicts.reverse();
        assert_eq!(cost_and_speed(&verdicts).unwrap(), found);
    }

    #[test]
    fn where_nothing_is_stated_there_is_nothing() {
        assert_eq!(cost_and_speed(&[]), None);
        assert_eq!(cost_and_speed(&[verdict(None, None, None), verdict(Some(f64::INFINITY), None, None)]), None);
        let timed = cost_and_speed(&[verdict(None, Some(500.0), None)]).unwrap();
        assert_eq!((timed.cost_usd_per_1000, timed.cost_known, timed.input_tokens_per_verdict), (None, 0, None));
        assert_eq!(timed.latency_seconds, Some(LatencySeconds { median: 0.5, p90: 0.5 }));
        // A thousand times this is more than a number can hold.
        let dear = cost_and_speed(&[verdict(Some(f64::MAX), None, None)]).unwrap();
        assert_eq!((dear.cost_usd_per_1000, dear.cost_known), (None, 1));
    }
}
