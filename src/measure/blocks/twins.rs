//! Whether the degraded one of two twins is judged worse; needs no cut.

use std::collections::BTreeMap;

use crate::measure::answers::{Answered, Context, Subject, place_of, share_of};
use crate::measure::evaluation::{TwinComparison, TwinDiscrimination};
use crate::model::Axis;
use crate::stats::proportion::ClusterCount;
use crate::stats::{Tally, Undefined};

/// A degraded response and the one that it was made from.
type Twins<'a> = (&'a Answered, &'a Answered);
/// What the judge says of a response, the higher the worse.
type Reading = fn(&Answered) -> Option<f64>;

/// Twins of one judge on one axis; none where the set has none or the judge does not answer on the axis.
pub(crate) fn twins(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<TwinDiscrimination> {
    let gold = context.gold;
    if gold.examples.iter().all(|example| example.twin_of.is_none()) {
        return None;
    }
    let answered = subject.axes.get(axis).as_deref()?;
    let clean_of = |degraded: &Answered| {
        let clean = gold.position(gold.examples[degraded.example as usize].twin_of.as_deref()?)?;
        Some(&answered[place_of(answered, clean)?])
    };
    let pairs: Vec<Twins<'_>> = answered
        .iter()
        .filter(|one| one.positive)
        .filter_map(|degraded| Some((degraded, clean_of(degraded).filter(|clean| !clean.positive)?)))
        .collect();
    let readings: [(Reading, bool); 4] = [
        (|one| one.severity, subject.scale.is_none()),
        (|one| one.score, subject.scale.is_some()),
        (|one| one.probability, answered.iter().any(|one| one.probability.is_some())),
        (Answered::flagged_of_scored, subject.no_cut().is_none()),
    ];
    let [by_severity, by_score, by_probability, by_flag] =
        readings.map(|(reading, given)| given.then(|| compare(&pairs, reading, context)));
    let finest = readings.into_iter().find(|(_, given)| *given).map(|(reading, _)| reading);
    let by_mechanism = finest.map(|reading| by_mechanism(&pairs, reading, context)).unwrap_or_default();
    Some(TwinDiscrimination { twin_pairs: pairs.len(), by_severity, by_probability, by_score, by_flag, by_mechanism })
}

fn by_mechanism(pairs: &[Twins<'_>], reading: Reading, context: &Context<'_>) -> BTreeMap<String, TwinComparison> {
    let mut split: BTreeMap<&str, Vec<Twins<'_>>> = BTreeMap::new();
    for (degraded, clean) in pairs {
        if let Some(mechanism) = context.gold.mechanisms[degraded.example as usize].as_deref() {
            split.entry(mechanism).or_default().push((degraded, clean));
        }
    }
    split.into_iter().map(|(mechanism, pairs)| (mechanism.to_owned(), compare(&pairs, reading, context))).collect()
}

/// A degraded response without a verdict is a miss: it is not judged worse. Where only the clean one has none, the pair is
/// left out, as an unscored negative is everywhere.
fn compare(pairs: &[Twins<'_>], reading: Reading, context: &Context<'_>) -> TwinComparison {
    /// Means of repeats that agree may differ by rounding.
    const EQUAL: f64 = 1e-12;
    let mut counts = vec![ClusterCount::default(); context.layout.clusters.len()];
    let (mut ties, mut reversed, mut left_out, mut missing) = (0, 0, 0, 0);
    for (degraded, clean) in pairs {
        let worse = match (reading(degraded), reading(clean)) {
            (None, _) => {
                missing += 1;
                0.0
            }
            (Some(_), None) => {
                left_out += 1;
                continue;
            }
            (Some(degraded), Some(clean)) if (degraded - clean).abs() <= EQUAL => {
                ties += 1;
                0.5
            }
            (Some(degraded), Some(clean)) if degraded < clean => {
                reversed += 1;
                0.0
            }
            (Some(_), Some(_)) => 1.0,
        };
        let own = &mut counts[degraded.cluster as usize];
        own.hits += worse;
        own.total += 1.0;
    }
    TwinComparison {
        judged_worse: share_of(&counts, context.options.level, Undefined::NoData).with_missing(f64::from(missing)),
        ties: Tally(f64::from(ties)),
        reversed: Tally(f64::from(reversed)),
        clean_without_verdict: Tally(f64::from(left_out)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::Toy;
    use serde_json::json;

    /// Pairs by severity: worse, tied, reversed, degraded without a verdict, clean without one.
    fn toy() -> Toy {
        let mut toy = Toy::new();
        let verdicts = [(Some(2), Some(1)), (Some(1), Some(1)), (Some(0), Some(1)), (None, Some(0)), (Some(2), None)];
        for (at, (degraded, clean)) in verdicts.into_iter().enumerate() {
            let cluster = format!("c{at}");
            toy.example(&format!("clean{at}"), &cluster, "s", [0, 0]);
            toy.example(&format!("worse{at}"), &cluster, "s", [2, 0])["twin_of"] = json!(format!("clean{at}"));
            toy.verdict(&format!("clean{at}"), clean);
            toy.verdict(&format!("worse{at}"), degraded);
        }
        toy
    }

    #[test]
    fn ties_are_half_and_a_degraded_one_without_a_verdict_is_a_miss() {
        let found = toy().measure(|subject, context| twins(subject, Axis::Omission, context)).unwrap();
        assert_eq!(found.twin_pairs, 5);
        let by_severity = found.by_severity.unwrap();
        let worse = &by_severity.judged_worse;
        assert_eq!((worse.count, worse.n, worse.missing, worse.clusters), (Some(1.5), 4.0, 1.0, 4));
        assert_eq!((by_severity.ties.0, by_severity.reversed.0, by_severity.clean_without_verdict.0), (1.0, 1.0, 1.0));
        // By the flag, severities of 2 and 1 tie.
        let by_flag = found.by_flag.unwrap();
        assert_eq!((by_flag.judged_worse.count, by_flag.ties.0), (Some(1.0), 2.0));
        assert_eq!((found.by_probability, found.by_score), (None, None));
        assert!(found.by_mechanism.is_empty());
        // On commission the degraded ones are harmless: no pair.
        let commission = toy().measure(|subject, context| twins(subject, Axis::Commission, context)).unwrap();
        assert_eq!(
            (commission.twin_pairs, commission.by_flag.unwrap().judged_worse.undefined),
            (0, Some(Undefined::NoData))
        );
    }

    #[test]
    fn a_probability_counts_where_one_is_stated() {
        let mut toy = Toy::new();
        for at in 0..3 {
            toy.example(&format!("clean{at}"), &format!("c{at}"), "s", [0, 0]);
            toy.example(&format!("worse{at}"), &format!("c{at}"), "s", [1, 0])["twin_of"] = json!(format!("clean{at}"));
            toy.verdict(&format!("clean{at}"), Some(0)).p_omission = Some(0.25);
            toy.verdict(&format!("worse{at}"), Some(0)).p_omission = (at < 2).then_some(0.5);
        }
        let found = toy.measure(|subject, context| twins(subject, Axis::Omission, context)).unwrap();
        let worse = found.by_probability.unwrap().judged_worse;
        assert_eq!((worse.count, worse.n, worse.missing), (Some(2.0), 3.0, 1.0));
        assert_eq!(found.by_severity.unwrap().judged_worse.value, Some(0.5));
    }

    #[test]
    fn a_set_without_twins_has_none() {
        let mut toy = Toy::new();
        toy.example("e", "c", "s", [1, 0]);
        toy.verdict("e", Some(1));
        assert_eq!(toy.measure(|subject, context| twins(subject, Axis::Omission, context)), None);
    }
}
