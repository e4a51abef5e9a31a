//! Prompts that are nearly the same and stand in different clusters.
//!
//! MinHash with banding: Broder (1997), Compression and Complexity of Sequences, 21-29; Leskovec, Rajaraman & Ullman (2020), Mining
//! of Massive Datasets, ch. 3. A candidate pair is settled by its exact Jaccard similarity. With 16 bands of 4 rows a pair at a
//! similarity of 0.8 is missed with probability (1 - 0.8^4)^16 = 0.0002.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::words::{asked, fnv1a, scrambled, words};
use super::{Lint, LintCode, LintLevel, counted, found};
use crate::gold::GoldSet;

/// Words in a shingle.
const SHINGLE: usize = 3;
const BANDS: usize = 16;
const ROWS: usize = 4;
/// Jaccard similarity of shingles from which prompts are nearly the same.
const SIMILAR: f64 = 0.8;
/// Prompts of one bucket that a prompt is compared with: near-duplicates are close to the last ones just as well, and a bucket
/// of thousands stays linear.
const COMPARED: usize = 16;

pub(super) fn lints(gold: &GoldSet) -> Vec<Lint> {
    let groups = near_duplicates(gold);
    let ids: Vec<&str> = groups.iter().flatten().map(|position| gold.examples[*position].id.as_str()).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    let message = format!(
        "{} of nearly the same prompt {} different clusters",
        counted(groups.len(), "group", "groups"),
        if groups.len() == 1 { "stands in" } else { "stand in" }
    );
    vec![found(LintCode::NearDuplicates, LintLevel::Warning, None, message, &ids)]
}

/// Groups of positions, one example for each cluster of a group of similar prompts.
fn near_duplicates(gold: &GoldSet) -> Vec<Vec<usize>> {
    // Prompts with the same shingles are one text.
    let mut texts: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
    for (position, example) in gold.examples.iter().enumerate() {
        texts.entry(shingles(&asked(&example.prompt))).or_default().push(position);
    }
    texts.retain(|shingles, _| !shingles.is_empty());
    let (shingles, positions): (Vec<Vec<u64>>, Vec<Vec<usize>>) = texts.into_iter().unzip();
    let mut group = Groups::new(shingles.len());
    let signatures: Vec<[u64; BANDS]> = shingles.iter().map(|set| bands(set)).collect();
    for band in 0..BANDS {
        let mut buckets: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (text, signature) in signatures.iter().enumerate() {
            let bucket = buckets.entry(signature[band]).or_default();
            for other in bucket.iter().rev().take(COMPARED) {
                if group.first(text) != group.first(*other) && jaccard(&shingles[text], &shingles[*other]) >= SIMILAR {
                    group.join(text, *other);
                }
            }
            bucket.push(text);
        }
    }
    let mut members: BTreeMap<usize, BTreeMap<&str, usize>> = BTreeMap::new();
    for (text, positions) in positions.iter().enumerate() {
        let clusters = members.entry(group.first(text)).or_default();
        for position in positions {
            let first = clusters.entry(&gold.examples[*position].cluster).or_insert(*position);
            *first = (*first).min(*position);
        }
    }
    let spread = members.into_values().filter(|clusters| clusters.len() > 1);
    let mut groups: Vec<Vec<usize>> = spread.map(|clusters| sorted(clusters.into_values().collect())).collect();
    groups.sort();
    groups
}

fn sorted(mut positions: Vec<usize>) -> Vec<usize> {
    positions.sort_unstable();
    positions
}

/// The shingles of a text as sorted numbers; a text of fewer words is one shingle.
fn shingles(text: &str) -> Vec<u64> {
    let words: Vec<u64> = words(text).iter().map(|word| fnv1a(word.as_bytes())).collect();
    let joined = |words: &[u64]| words.iter().fold(words.len() as u64, |hash, word| scrambled(hash ^ word));
    let set: BTreeSet<u64> = match words.len() {
        0 => BTreeSet::new(),
        length if length < SHINGLE => BTreeSet::from([joined(&words)]),
        _ => words.windows(SHINGLE).map(joined).collect(),
    };
    set.into_iter().collect()
}

/// One number a band: the smallest hashes of its rows together.
fn bands(shingles: &[u64]) -> [u64; BANDS] {
    std::array::from_fn(|band| {
        (0..ROWS).fold(0, |hash, row| {
            let salt = scrambled((band * ROWS + row + 1) as u64);
            let smallest = shingles.iter().map(|shingle| scrambled(shingle ^ salt)).min().unwrap_or(0);
            scrambled(hash ^ smallest)
        })
    })
}

/// Shared members of two sorted sets, of all.
fn jaccard(one: &[u64], other: &[u64]) -> f64 {
    let (mut at, mut shared) = (0, 0_usize);
    for member in one {
        while other.get(at).is_some_and(|found| found < member) {
            at += 1;
        }
        shared += usize::from(other.get(at) == Some(member));
    }
    shared as f64 / (one.len() + other.len() - shared) as f64
}
