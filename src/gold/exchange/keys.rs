//! Opaque keys (`lacuna-keys/1`): ids say what an example is, and often how it was made, so no task carries one.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::gold::files::{SetFiles, read_text};
use crate::gold::jsonl::read_document;
use crate::gold::{GoldSet, spread, tied_examples};
use crate::model::{Axis, KEYS_FORMAT, PerAxis, Problem, Problems, shown};
use crate::stats::random::StreamKey;

/// `keys.json`: which example each key stands for. Whoever labels must not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// `lacuna-keys/1`.
    pub format: String,
    /// Name of the set.
    pub gold: String,
    /// SHA-256 of its `examples.jsonl`: the numbers of required items are certain for these examples alone.
    pub examples_sha256: String,
    /// How many levels each axis has.
    pub levels: PerAxis<usize>,
    /// Seed of the order in which the keys count.
    pub seed: u64,
    /// Example ids by key.
    pub keys: BTreeMap<String, String>,
}

impl Keys {
    /// Keys that count in an order which follows from the seed alone, with the examples of one cluster as far apart as they can be.
    pub(super) fn draw(gold: &GoldSet, files: &SetFiles, seed: u64) -> Self {
        let order = task_order(gold, seed, "");
        let width = order.len().to_string().len();
        // A letter first: a spreadsheet would take the zeros off a number.
        let key = |(number, at): (usize, usize)| (format!("e{:0width$}", number + 1), gold.examples[at].id.clone());
        Self {
            format: KEYS_FORMAT.to_owned(),
            gold: gold.card.name.clone(),
            examples_sha256: digest(&files.examples.1),
            levels: PerAxis::from_fn(|axis| gold.card.axis(axis).levels.len()),
            seed,
            keys: order.into_iter().enumerate().map(key).collect(),
        }
    }

    /// Key and position of each example, in the order of the keys.
    pub(super) fn positions<'a>(&'a self, gold: &'a GoldSet) -> impl Iterator<Item = (&'a str, usize)> {
        self.keys.iter().filter_map(move |(key, id)| Some((key.as_str(), gold.position(id)?)))
    }

    /// Reads the file, and refuses one that was made for other examples or another scale.
    pub(super) fn read(path: &Path, gold: &GoldSet, files: &SetFiles) -> Result<Self, Problems> {
        let keys: Self = read_document(path, &read_text(path)?, "the keys.json of an export")?;
        let mut problems = Problems::default();
        let mut fault = |key: &str, message: String| {
            let key = Some(key.to_owned());
            problems.push(Problem { file: path.to_owned(), line: None, key, message });
        };
        if keys.format != KEYS_FORMAT {
            fault("format", format!("found {}; allowed: \"{KEYS_FORMAT}\"", shown(&keys.format)));
        } else if keys.examples_sha256 != digest(&files.examples.1) {
            let examples = files.examples.0.display();
            let message =
                format!("is not that of {examples}; allowed: the set that was exported, with the same examples");
            fault("examples_sha256", message);
        }
        for axis in Axis::ALL {
            let (then, now) = (*keys.levels.get(axis), gold.card.axis(axis).levels.len());
            if then != now {
                let message =
                    format!("found {then} levels, and the card has {now}; allowed: the scale that was exported");
                fault(&format!("levels.{axis}"), message);
            }
        }
        problems.or(keys)
    }
}

/// Positions of the examples in an order of a rater's own; the keys count in that of nobody.
pub(super) fn task_order(gold: &GoldSet, seed: u64, rater: &str) -> Vec<usize> {
    spread(&tied_examples(gold), &mut StreamKey::new(seed, rater, "", "exchange_order").stream(0))
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
