//! The files of a new set for people's labels, with the examples of another.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::gold::{GoldSet, SetFiles, card_for_people};

/// The card and the examples of a new set that people label: the examples as they are, byte for byte, no annotation, and a card
/// that claims nothing that was true of the other labels alone.
pub fn labelling_set(files: &SetFiles, gold: &GoldSet) -> BTreeMap<PathBuf, Vec<u8>> {
    let card = toml::to_string(&card_for_people(&gold.card, "with `lacuna label`"))
        .expect("a card is a plain table of text and numbers");
    let examples = files.examples.1.clone();
    [(PathBuf::from("card.toml"), card.into_bytes()), (PathBuf::from("examples.jsonl"), examples)].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{bundled_set, starter_set};
    use crate::model::{LabelSource, Tie};

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
}
