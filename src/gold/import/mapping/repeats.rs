//! Examples that seem to be one: the same texts under several ids, with a rater for each.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Place;
use crate::model::{Annotation, Example};

/// The raters of one example.
type Raters<'a> = BTreeSet<&'a str>;

/// What makes two examples look like one: prompt, response and system.
type Texts<'a> = (String, String, Option<&'a str>);

/// A note where examples repeat the texts of another and no rater rated both: ratings of one response were taken for
/// responses of their own, and every interval is too narrow.
pub(super) fn note(examples: &[Example], annotations: &[Annotation], id: &Place) -> Option<String> {
    let mut raters: BTreeMap<&str, Raters<'_>> = BTreeMap::new();
    for annotation in annotations {
        raters.entry(&annotation.example).or_default().insert(&annotation.rater);
    }
    let mut alike: BTreeMap<Texts<'_>, Vec<&Raters<'_>>> = BTreeMap::new();
    for example in examples {
        if let (Some(response), Some(raters)) = (&example.response, raters.get(example.id.as_str())) {
            let texts = (example.prompt.plain(), response.plain(), example.system.as_deref());
            alike.entry(texts).or_default().push(raters);
        }
    }
    let apart = |group: &&Vec<&Raters<'_>>| {
        let all: Raters<'_> = group.iter().flat_map(|raters| raters.iter().copied()).collect();
        group.len() > 1 && all.len() == group.iter().map(|raters| raters.len()).sum::<usize>()
    };
    let count: usize = alike.values().filter(apart).map(Vec::len).sum();
    (count > 0).then(|| {
        format!(
            "{count} examples have the prompt and the response of another that other raters rated: \
             are these ratings of one example? Then they need one id ({})",
            id.told()
        )
    })
}
