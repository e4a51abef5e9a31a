//! The files of a new set for people's labels, with the examples of another.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::gold::{AggregateRule, GoldSet, SetFiles};
use crate::model::{Card, LabelSource, Tie};

/// The card and the examples of a new set that people label: the examples as they are, byte for byte, no annotation, and a card
/// that claims nothing that was true of the other labels alone.
pub fn labelling_set(files: &SetFiles, gold: &GoldSet) -> BTreeMap<PathBuf, Vec<u8>> {
    let card = toml::to_string(&card_for_people(&gold.card)).expect("a card is a plain table of text and numbers");
    let examples = files.examples.1.clone();
    [(PathBuf::from("card.toml"), card.into_bytes()), (PathBuf::from("examples.jsonl"), examples)].into_iter().collect()
}

fn card_for_people(card: &Card) -> Card {
    let Card { name, version, .. } = card;
    let made = match card.label_source {
        LabelSource::Human => "made by people",
        LabelSource::Constructed => "constructed",
        LabelSource::Model => "made by a model",
    };
    // A rater of the other set does not decide here.
    let aggregate = match AggregateRule::from_card(&card.aggregate) {
        AggregateRule::Adjudicator(_) => "majority".to_owned(),
        AggregateRule::Majority | AggregateRule::Median => card.aggregate.clone(),
    };
    Card {
        name: format!("{name}-labelled"),
        source: format!("Examples of {name} {version} ({}), labelled by people with `lacuna label`.", card.source),
        label_source: LabelSource::Human,
        aggregate,
        adjudicator: None,
        // What an expert read was read for the other labels.
        expert_review: None,
        tie: card.tie.or(Some(Tie::Higher)),
        limits: Some(format!(
            "The examples are those of {name} {version}, whose own labels were {made} and are not used here. Its card tells the \
             limits of the examples. People labelled them blind, without ids, systems, or labels of others."
        )),
        ..card.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{bundled_set, starter_set};

    #[test]
    fn the_new_card_calls_peoples_labels_human_and_drops_the_claims_of_the_others() {
        for source in [starter_set(), bundled_set()] {
            let gold = GoldSet::from_files(&source).unwrap();
            let made = labelling_set(&source, &gold);
            let file = |name: &str| (PathBuf::from(name), made[&PathBuf::from(name)].clone());
            let files = SetFiles {
                card: file("card.toml"),
                examples: file("examples.jsonl"),
                annotations: ("annotations.jsonl".into(), Vec::new()),
                by_rater: Vec::new(),
            };
            assert_eq!(files.examples.1, source.examples.1);
            let card = GoldSet::in_the_making(&files).unwrap().card;
            assert_eq!((card.label_source, card.tie), (LabelSource::Human, Some(Tie::Higher)));
            assert_eq!((card.axes, card.expert_review), (gold.card.axes, None));
            let limits = card.limits.unwrap();
            assert!(limits.contains("constructed") && !limits.contains("There is one rater"), "{limits}");
        }
    }

    #[test]
    fn a_rater_of_the_other_set_does_not_decide() {
        let gold = GoldSet::from_files(&starter_set()).unwrap();
        let card = Card { aggregate: "construction".to_owned(), tie: None, ..gold.card };
        let made = card_for_people(&card);
        assert_eq!((made.aggregate.as_str(), made.tie), ("majority", Some(Tie::Higher)));
    }
}
