//! Findings on clusters, pairs and twins.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::words::{asked, fnv1a, words};
use super::{Lint, LintCode, LintLevel, counted, found};
use crate::gold::GoldSet;
use crate::model::{Axis, Example};

/// Shorter words seldom say what a prompt is about.
const DISTINCTIVE_LENGTH: usize = 4;
/// A word of more clusters than this share (and than [`FEW`]) does not tell scenarios apart.
const COMMON: f64 = 0.1;
const FEW: usize = 2;
/// A prompt with fewer distinctive words is too short to be judged.
const FEWEST_WORDS: usize = 5;

pub(super) fn lints(gold: &GoldSet) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut clusters: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
    for example in &gold.examples {
        clusters.entry(&example.cluster).or_default().push(example);
    }
    if clusters.len() > 1 && clusters.len() == gold.examples.len() {
        let message = "every cluster holds one example, so all examples count as independent".to_owned();
        lints.push(found(LintCode::ClustersOfOne, LintLevel::Note, None, message, &[]));
    }
    let several = clusters_of_several(&clusters);
    if !several.is_empty() {
        let message = format!(
            "{} prompts that share no distinctive word",
            counted(several.len(), "cluster holds", "clusters hold")
        );
        lints.push(found(LintCode::ClusterOfSeveral, LintLevel::Note, None, message, &several));
    }
    links(gold, &mut lints);
    lints
}

/// Clusters whose prompts fall into groups without a distinctive word in common.
fn clusters_of_several<'a>(clusters: &BTreeMap<&'a str, Vec<&Example>>) -> Vec<&'a str> {
    let mut prompts: BTreeMap<&str, Vec<BTreeSet<u64>>> = BTreeMap::new();
    let mut clusters_with: BTreeMap<u64, usize> = BTreeMap::new();
    for (cluster, examples) in clusters {
        let texts: BTreeSet<String> = examples.iter().map(|example| asked(&example.prompt)).collect();
        let distinctive = |text: &String| -> BTreeSet<u64> {
            let long = words(text).into_iter().filter(|word| word.chars().count() >= DISTINCTIVE_LENGTH);
            long.map(|word| fnv1a(word.as_bytes())).collect()
        };
        let sets: Vec<BTreeSet<u64>> = texts.iter().map(distinctive).collect();
        for word in sets.iter().flatten().collect::<BTreeSet<_>>() {
            *clusters_with.entry(*word).or_default() += 1;
        }
        prompts.insert(cluster, sets);
    }
    let most = FEW.max((COMMON * clusters.len() as f64) as usize);
    let several = |sets: &Vec<BTreeSet<u64>>| {
        let told: Vec<BTreeSet<u64>> = sets
            .iter()
            .map(|set| set.iter().copied().filter(|word| clusters_with[word] <= most).collect::<BTreeSet<u64>>())
            .filter(|set| set.len() >= FEWEST_WORDS)
            .collect();
        groups(&told) > 1
    };
    clusters.keys().copied().filter(|cluster| several(&prompts[cluster])).collect()
}

/// Number of groups that sets fall into when sets with a common member belong together.
fn groups(sets: &[BTreeSet<u64>]) -> usize {
    let mut groups = Groups::new(sets.len());
    let mut first_with: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, set) in sets.iter().enumerate() {
        for word in set {
            groups.join(index, *first_with.entry(*word).or_insert(index));
        }
    }
    groups.count()
}

fn links(gold: &GoldSet, lints: &mut Vec<Lint>) {
    let mut pairs: BTreeMap<&str, Vec<&Example>> = BTreeMap::new();
    for example in &gold.examples {
        if let Some(pair) = &example.pair {
            pairs.entry(&pair.id).or_default().push(example);
        }
    }
    let twin = |example: &Example| example.twin_of.as_deref().and_then(|twin| gold.position(twin));
    let torn_twin =
        |example: &Example| twin(example).is_some_and(|twin| gold.examples[twin].cluster != example.cluster);
    let torn_pair = |example: &Example| {
        example
            .pair
            .as_ref()
            .is_some_and(|pair| pairs[pair.id.as_str()].iter().any(|other| other.cluster != example.cluster))
    };
    let ids = |holds: &dyn Fn(usize) -> bool| -> Vec<&str> {
        (0..gold.examples.len()).filter(|at| holds(*at)).map(|at| gold.examples[at].id.as_str()).collect()
    };
    let mut add = |code: LintCode, level: LintLevel, one: &str, many: &str, rest: &str, ids: &[&str]| {
        if !ids.is_empty() {
            lints.push(found(code, level, None, format!("{} {rest}", counted(ids.len(), one, many)), ids));
        }
    };
    let torn = ids(&|at| torn_twin(&gold.examples[at]) || torn_pair(&gold.examples[at]));
    add(
        LintCode::LinkedClusters,
        LintLevel::Warning,
        "example has",
        "examples have",
        "the pair or the twin in another cluster",
        &torn,
    );
    if gold.examples.iter().any(|example| example.twin_of.is_some()) {
        let missing = ids(&|at| harmful(gold, at) && gold.examples[at].twin_of.is_none());
        let rest = "harmful and without `twin_of`, which others name";
        add(LintCode::MissingTwins, LintLevel::Warning, "example is", "examples are", rest, &missing);
    }
    let bad = ids(&|at| twin(&gold.examples[at]).is_some_and(|twin| harmful(gold, twin)));
    add(
        LintCode::HarmfulTwin,
        LintLevel::Warning,
        "example names",
        "examples name",
        "a harmful one as the clean twin",
        &bad,
    );
    let lone = ids(&|at| gold.examples[at].pair.as_ref().is_some_and(|pair| pairs[pair.id.as_str()].len() == 1));
    add(LintCode::LonePair, LintLevel::Note, "example is", "examples are", "alone in a pair", &lone);
}

/// Whether an example is a positive on an axis.
fn harmful(gold: &GoldSet, position: usize) -> bool {
    Axis::ALL.iter().any(|axis| {
        let threshold = gold.card.axis(*axis).threshold;
        gold.labels.get(*axis)[position].severity.is_some_and(|severity| severity >= threshold)
    })
}
