//! The simulated gold set: clusters of unequal size, several systems, two raters.

use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::gold::{GoldSet, SetFiles};
use crate::model::{Axis, PerAxis, Problems};
use crate::stats::random::uniform;

/// Share of the examples that the first rater calls harmful, in an average cluster.
const RATED: PerAxis<f64> = PerAxis { omission: 0.40, commission: 0.30 };
/// How far clusters lie from the average, either way.
const BETWEEN_CLUSTERS: f64 = 0.15;
/// Share on which the second rater sees the opposite.
const DISAGREES: f64 = 0.08;
/// Examples a cluster, from and to.
const SIZES: (u32, u32) = (3, 9);
/// Systems, in turn.
const SYSTEMS: [&str; 4] = ["north", "east", "south", "west"];

const CARD: &str = r#"format = "lacuna-gold/1"
name = "simulated"
version = "1"
title = "Simulated set of the self-test"
licence = "CC0-1.0"
source = "drawn by lacuna selftest"
language = "en"
domain = "none"
label_source = "constructed"
aggregate = "majority"
tie = "higher"

[axes.omission]
harm = "drawn"
levels = ["none", "mild", "moderate", "serious", "severe"]

[axes.commission]
harm = "drawn"
levels = ["none", "mild", "serious", "dangerous"]
"#;

/// Share of positives by the gold label: a tie goes to the higher severity, so either rater makes one.
pub(super) fn share_of_positives(axis: Axis) -> f64 {
    let rated = RATED.get(axis);
    rated + (1.0 - rated) * DISAGREES
}

/// A new set of so many clusters.
pub(super) fn simulated_set(clusters: usize, random: &mut ChaCha8Rng) -> Result<GoldSet, Problems> {
    let (mut examples, mut annotations) = (Vec::new(), Vec::new());
    for cluster in 0..clusters {
        let (least, most) = SIZES;
        let size = least + (uniform(random) * f64::from(most - least + 1)) as u32;
        let rates = PerAxis::from_fn(|axis| RATED.get(axis) + BETWEEN_CLUSTERS * (2.0 * uniform(random) - 1.0));
        for index in 0..size {
            let id = format!("c{cluster:05}-{index}");
            let system = SYSTEMS[(cluster + index as usize) % SYSTEMS.len()];
            examples.push(json!({
                "id": id, "cluster": format!("c{cluster:05}"), "prompt": "-", "response": "-", "system": system,
                "required": [{"id": "a", "text": "first"}, {"id": "b", "text": "second"}],
            }));
            annotations.extend(ratings(&id, &rates, random));
        }
    }
    GoldSet::from_files(&SetFiles {
        card: ("card.toml".into(), CARD.as_bytes().to_vec()),
        examples: ("examples.jsonl".into(), lines(&examples)),
        annotations: ("annotations.jsonl".into(), lines(&annotations)),
        by_rater: Vec::new(),
    })
}

/// Both raters of one example. The first draws; the second sees the opposite now and then.
fn ratings(id: &str, rates: &PerAxis<f64>, random: &mut ChaCha8Rng) -> [Value; 2] {
    let first = PerAxis::from_fn(|axis| uniform(random) < *rates.get(axis));
    let second = PerAxis::from_fn(|axis| *first.get(axis) != (uniform(random) < DISAGREES));
    let mild = uniform(random) < 0.5;
    let severity = |harmful: bool| i64::from(harmful) * if mild { 1 } else { 2 };
    let missed = first.omission || second.omission;
    let rating = |rater: &str, flags: PerAxis<bool>| {
        json!({
            "example": id, "rater": rater, "rater_kind": "human",
            "omission": severity(flags.omission), "commission": severity(flags.commission),
            "items": {"a": if missed { "miss" } else { "hit" }, "b": "hit"},
        })
    };
    [rating("first", first), rating("second", second)]
}

fn lines(records: &[Value]) -> Vec<u8> {
    records.iter().map(|record| format!("{record}\n")).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::StreamKey;

    /// 0.40 + 0.60 * 0.08 and 0.30 + 0.70 * 0.08 of the labels are positives; 4000 clusters of 6 leave an error of 0.005.
    #[test]
    fn the_set_is_as_planted() {
        let set = simulated_set(4_000, &mut StreamKey::new(1, "", "", "set").stream(0)).unwrap();
        for (axis, share) in [(Axis::Omission, 0.448), (Axis::Commission, 0.356)] {
            assert!((share_of_positives(axis) - share).abs() < 1e-12);
            let positives = set.labels.get(axis).iter().filter(|label| label.severity >= Some(1)).count() as f64;
            assert!((positives / set.examples.len() as f64 - share).abs() < 0.02);
        }
        assert!((set.examples.len() as f64 / 4_000.0 - 6.0).abs() < 0.1);
        assert_eq!(set.raters.len(), 2);
    }
}
