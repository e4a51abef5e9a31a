//! Verdicts of planted judges on a gold set.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rand_chacha::ChaCha8Rng;

use super::judges::PlantedJudge;
use crate::gold::GoldSet;
use crate::judge::{JudgeKind, JudgeSpec};
use crate::model::{Axis, ItemMark, Outcome, PerAxis, Severity, Verdict};
use crate::run::JudgeRun;
use crate::stats::random::uniform;
use crate::stats::special::normal_quantile;

/// Correlation of a judge's moods on the two axes of one cluster.
const MOODS_TOGETHER: f64 = 0.5;

/// A standard normal number.
pub(super) fn normal(random: &mut ChaCha8Rng) -> f64 {
    // The midpoint keeps away from 0.
    normal_quantile(uniform(random) + 0.5 / (1_u64 << 53) as f64)
}

/// What a judge would have found if every verdict had come: flagged positives and positives of each axis.
pub(super) type FullData = PerAxis<(u32, u32)>;

/// One judge's run on a set, and what it would have found if every verdict had come.
pub(super) fn run_of(
    judge: &PlantedJudge,
    gold: &GoldSet,
    shares: &PerAxis<f64>,
    random: &mut ChaCha8Rng,
) -> (JudgeRun, FullData) {
    let mut moods: BTreeMap<&str, PerAxis<f64>> = BTreeMap::new();
    for example in &gold.examples {
        moods.entry(&example.cluster).or_insert_with(|| moods_of_cluster(random));
    }
    let mut full: FullData = PerAxis::default();
    let verdicts = (0..gold.examples.len())
        .map(|position| {
            let example = &gold.examples[position];
            let mut verdict = Verdict::new(judge.name, &example.id, Outcome::Scored);
            for axis in Axis::ALL {
                let mood = *moods[example.cluster.as_str()].get(axis);
                answer(judge, gold, (position, axis), (mood, *shares.get(axis)), random, &mut verdict, &mut full);
            }
            verdict.items = items(judge, &gold.items[position], random);
            verdict
        })
        .collect();
    (JudgeRun { spec: spec(judge), verdicts, inputs: Vec::new() }, full)
}

fn moods_of_cluster(random: &mut ChaCha8Rng) -> PerAxis<f64> {
    let omission = normal(random);
    let own = (1.0 - MOODS_TOGETHER * MOODS_TOGETHER).sqrt();
    PerAxis { omission, commission: MOODS_TOGETHER * omission + own * normal(random) }
}

/// Fills in one axis of a verdict. Every draw is made whatever comes of it, so that one judge's rates move no other draw.
fn answer(
    judge: &PlantedJudge,
    gold: &GoldSet,
    (position, axis): (usize, Axis),
    (mood, share): (f64, f64),
    random: &mut ChaCha8Rng,
    verdict: &mut Verdict,
    full: &mut FullData,
) {
    let (error, silence) = (normal(random), uniform(random));
    let threshold = gold.card.axis(axis).threshold;
    let label = gold.labels.get(axis)[position].severity.filter(|_| gold.applies(position, axis));
    let positive = label.is_some_and(|severity| severity >= threshold);
    let latent = judge.axes.get(axis);
    let x = latent.sees(positive, mood, error);
    let flagged = latent.flags(x);
    if positive {
        let counts = full.get_mut(axis);
        *counts = (counts.0 + u32::from(flagged), counts.1 + 1);
    }
    let silent = match (positive, flagged) {
        (true, true) => judge.silence.on_hits,
        (true, false) => judge.silence.on_misses,
        (false, _) => judge.silence.on_negatives,
    };
    if silence < silent {
        return;
    }
    verdict.set_severity(axis, Some(i64::from(severity(label, positive, flagged, threshold))));
    if let Some(stated) = judge.stated.filter(|_| label.is_some() && share > 0.0 && share < 1.0) {
        let probability = Some(latent.states(x, share, stated));
        match axis {
            Axis::Omission => verdict.p_omission = probability,
            Axis::Commission => verdict.p_commission = probability,
        }
    }
}

/// The gold severity where it agrees with the label, the threshold for a false alarm, 0 for a miss.
fn severity(label: Option<Severity>, positive: bool, flagged: bool, threshold: Severity) -> Severity {
    match (positive, flagged) {
        (true, false) => 0,
        (false, true) => threshold,
        _ => label.unwrap_or(0),
    }
}

fn items(
    judge: &PlantedJudge,
    gold: &BTreeMap<String, ItemMark>,
    random: &mut ChaCha8Rng,
) -> BTreeMap<String, ItemMark> {
    let Some((found, false_alarms)) = judge.items else { return BTreeMap::new() };
    let mark = |(item, mark): (&String, &ItemMark)| {
        let rate = if *mark == ItemMark::Miss { found } else { false_alarms };
        (item.clone(), if uniform(random) < rate { ItemMark::Miss } else { ItemMark::Hit })
    };
    gold.iter().map(mark).collect()
}

fn spec(judge: &PlantedJudge) -> JudgeSpec {
    JudgeSpec {
        name: judge.name.to_owned(),
        title: None,
        model: None,
        axes: Axis::ALL.to_vec(),
        flag_at: BTreeMap::new(),
        score: None,
        kind: JudgeKind::Recorded { verdicts: PathBuf::new() },
        inputs: Vec::new(),
    }
}
