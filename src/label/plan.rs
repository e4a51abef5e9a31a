//! Who labels what, and in which order: fixed at the first call, so that a resume is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deal::{deal, move_to_another};
use super::name::{collide, fault_of_name};
use super::practice::Practice;
use crate::gold::{GoldSet, spread, tied_examples};
use crate::model::{Example, LABELLING_FORMAT, Problem, Problems, shown};
use crate::stats::random::StreamKey;

/// `annotations/plan.json`: who labels what, and in which order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `lacuna-labelling/1`.
    pub(super) format: String,
    /// Seed of what was drawn.
    pub(super) seed: u64,
    /// Share of the examples that two raters label; null where every rater labels everything.
    pub(super) overlap: Option<f64>,
    /// SHA-256 of the examples that the plan was made for.
    pub(super) examples_sha256: String,
    /// The practice round; null where there is none.
    pub(super) practice: Option<Practice>,
    /// The raters, in the order in which they came.
    pub(super) raters: Vec<RaterPlan>,
}

/// What one rater labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RaterPlan {
    /// The rater's pseudonym.
    pub(super) rater: String,
    /// Ids of the examples, in the order in which they are shown.
    pub(super) examples: Vec<String>,
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanSettings<'a> {
    pub(super) seed: u64,
    pub(super) overlap: Option<f64>,
    pub(super) raters: &'a [String],
}

/// Whether a person can read and judge an example.
pub(super) fn can_be_read(example: &Example) -> bool {
    example.response.is_some()
}

/// Why names cannot be those of raters, if they cannot.
pub(super) fn fault_of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if let Some(allowed) = fault_of_name(name) {
            return Some(format!("found {}; {allowed}", shown(name)));
        }
        if let Some(other) = seen.iter().find(|other| **other == name || collide(other, name)) {
            return Some(format!(
                "found {} and {}; allowed: names that differ in more than capitals, each once",
                shown(other),
                shown(name)
            ));
        }
        seen.push(name);
    }
    None
}

impl Plan {
    /// Makes a plan for the examples of a set that can be read.
    ///
    /// The settings have been checked: names that can be those of raters, two of them or more where there is an overlap.
    pub(super) fn make(
        gold: &GoldSet,
        examples_sha256: String,
        settings: PlanSettings<'_>,
        practice: Option<Practice>,
    ) -> Self {
        let PlanSettings { seed, overlap, raters } = settings;
        let groups = readable_groups(gold);
        let everything = || groups.iter().flatten().copied().collect();
        let dealt = match overlap {
            None => vec![everything(); raters.len()],
            Some(share) => {
                let mut random = StreamKey::new(seed, "", "", "label_overlap").stream(0);
                deal(&groups, raters.len(), share, &mut random)
            }
        };
        let own = |(rater, examples): (&String, Vec<usize>)| rater_plan(gold, &groups, seed, rater, &examples);
        Self {
            format: LABELLING_FORMAT.to_owned(),
            seed,
            overlap,
            examples_sha256,
            practice,
            raters: raters.iter().zip(dealt).map(own).collect(),
        }
    }

    /// One more rater. Where every rater labels everything, so does this one; otherwise unfinished examples of the others go
    /// to this one until loads are balanced as far as that allows. `finished` holds, by rater, what stays where it is.
    pub(super) fn add(&mut self, gold: &GoldSet, rater: &str, finished: &BTreeMap<String, BTreeSet<String>>) {
        let groups = readable_groups(gold);
        let examples: Vec<usize> = if self.overlap.is_none() {
            groups.iter().flatten().copied().collect()
        } else {
            let position = |id: &String| gold.position(id);
            let mut dealt: Vec<Vec<usize>> =
                self.raters.iter().map(|own| own.examples.iter().filter_map(position).collect()).collect();
            let names: Vec<&str> = self.raters.iter().map(|own| own.rater.as_str()).collect();
            let is_finished = |own: usize, example: usize| {
                finished.get(names[own]).is_some_and(|done| done.contains(&gold.examples[example].id))
            };
            let moved = move_to_another(&mut dealt, |own, example| !is_finished(own, example));
            let ids = |list: &Vec<usize>| list.iter().map(|example| gold.examples[*example].id.clone()).collect();
            for (own, list) in self.raters.iter_mut().zip(&dealt) {
                own.examples = ids(list);
            }
            moved
        };
        self.raters.push(rater_plan(gold, &groups, self.seed, rater, &examples));
    }

    /// What one rater labels.
    pub(super) fn of(&self, rater: &str) -> Option<&RaterPlan> {
        self.raters.iter().find(|own| own.rater == rater)
    }

    /// Whether some example goes to two raters or more.
    pub(super) fn has_two_raters_for_an_example(&self) -> bool {
        let mut seen = BTreeSet::new();
        !self.raters.iter().flat_map(|own| &own.examples).all(|example| seen.insert(example))
    }

    /// What the types cannot say of a plan that was read.
    pub(super) fn check(&self, file: &Path, gold: &GoldSet, examples_sha256: &str) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut fault = |message: String| problems.push(Problem::file(file, message));
        if self.format != LABELLING_FORMAT {
            fault(format!("format: found {}; allowed: \"{LABELLING_FORMAT}\"", shown(&self.format)));
        }
        if self.examples_sha256 != examples_sha256 {
            fault(
                "was made for other examples: examples.jsonl has changed since; allowed: examples.jsonl as it was, or a new \
                 folder (`--out`) for the new examples"
                    .to_owned(),
            );
        } else if let Some(id) = self.raters.iter().flat_map(|own| &own.examples).find(|id| gold.position(id).is_none())
        {
            fault(format!("raters: found example {}; allowed: ids of examples.jsonl", shown(id)));
        }
        if let Some(message) = fault_of_names(self.raters.iter().map(|own| own.rater.as_str())) {
            fault(format!("raters: {message}"));
        }
        for own in &self.raters {
            let distinct: BTreeSet<&String> = own.examples.iter().collect();
            if distinct.len() < own.examples.len() {
                fault(format!("raters: {} has an example twice; allowed: each once", shown(&own.rater)));
            }
        }
        problems.or(())
    }
}

/// Examples that can be read, those of one cluster, and of clusters that pairs or twins tie together, in one group.
fn readable_groups(gold: &GoldSet) -> Vec<Vec<usize>> {
    let readable = |position: &usize| can_be_read(&gold.examples[*position]);
    let groups = tied_examples(gold).into_iter().map(|group| group.into_iter().filter(readable).collect::<Vec<_>>());
    groups.filter(|group| !group.is_empty()).collect()
}

/// One rater's examples in an order of the rater's own, those of one group as far apart as they can be.
fn rater_plan(gold: &GoldSet, groups: &[Vec<usize>], seed: u64, rater: &str, examples: &[usize]) -> RaterPlan {
    let own: BTreeSet<usize> = examples.iter().copied().collect();
    let groups: Vec<Vec<usize>> =
        groups.iter().map(|group| group.iter().copied().filter(|example| own.contains(example)).collect()).collect();
    let order = spread(&groups, &mut StreamKey::new(seed, rater, "", "label_order").stream(0));
    RaterPlan {
        rater: rater.to_owned(),
        examples: order.into_iter().map(|example| gold.examples[example].id.clone()).collect(),
    }
}
