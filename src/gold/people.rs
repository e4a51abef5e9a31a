//! A set of the same examples for people to label.

use super::aggregate::AggregateRule;
use super::files::SetFiles;
use super::set::GoldSet;
use crate::model::{Card, LabelSource, Tie};

/// The files of a set of the same examples, byte for byte, whose labels are those of people: these annotations, or none so far.
///
/// `how` completes "labelled by people …".
pub fn people_set(gold: &GoldSet, files: &SetFiles, how: &str, annotations: Vec<u8>) -> SetFiles {
    let card = toml::to_string(&card_for_people(&gold.card, how)).expect("a card is a plain table of text and numbers");
    SetFiles::made(card, files.examples.1.clone(), annotations)
}

/// The card of such a set.
///
/// A rule that names a rater of the other labels cannot serve, and what the card says of those labels, their limits and who read
/// them, is no longer true. Raters read the title, so it must not tell what to look for: it names the domain alone.
pub(super) fn card_for_people(card: &Card, how: &str) -> Card {
    let Card { name, version, title, source, .. } = card;
    let aggregate = match AggregateRule::from_card(&card.aggregate) {
        AggregateRule::Adjudicator(_) => "majority".to_owned(),
        AggregateRule::Majority | AggregateRule::Median => card.aggregate.clone(),
    };
    let made = match card.label_source {
        LabelSource::Human => "made by other people",
        LabelSource::Constructed => "constructed",
        LabelSource::Model => "made by a model",
    };
    Card {
        name: format!("{name}-labelled"),
        title: neutral_title(card),
        source: format!("Examples of {name} {version} ({title}; {source}), labelled by people {how}."),
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

fn neutral_title(card: &Card) -> String {
    match card.domain.trim() {
        "" => "Responses to judge".to_owned(),
        domain => format!("Responses to judge: {domain}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{bundled_set, starter_set};

    #[test]
    fn a_rater_of_the_other_set_does_not_decide() {
        let gold = GoldSet::from_files(&starter_set()).unwrap();
        let card = Card { aggregate: "construction".to_owned(), tie: None, ..gold.card };
        let made = card_for_people(&card, "in Label Studio");
        assert_eq!((made.aggregate.as_str(), made.tie), ("majority", Some(Tie::Higher)));
    }

    #[test]
    fn the_new_card_calls_peoples_labels_human_and_drops_the_claims_of_the_others() {
        for source in [starter_set(), bundled_set()] {
            let gold = GoldSet::from_files(&source).unwrap();
            let files = people_set(&gold, &source, "with `lacuna label`", Vec::new());
            assert_eq!(files.examples.1, source.examples.1);
            let card = GoldSet::in_the_making(&files).unwrap().card;
            assert_eq!((card.label_source, card.tie), (LabelSource::Human, Some(Tie::Higher)));
            assert_eq!((card.axes, card.expert_review), (gold.card.axes, None));
            let limits = card.limits.unwrap();
            assert!(limits.contains("constructed") && !limits.contains("There is one rater"), "{limits}");
            let written: Vec<_> = files.into_folder().into_keys().collect();
            assert_eq!(written, ["card.toml", "examples.jsonl"].map(std::path::PathBuf::from), "nobody labelled yet");
        }
    }

    #[test]
    fn the_title_tells_the_domain_and_not_what_to_look_for() {
        let card = GoldSet::from_files(&bundled_set()).unwrap().card;
        assert!(card.title.contains("something removed, hedged, refused or made wrong"), "{}", card.title);
        let made = card_for_people(&card, "in spreadsheets");
        assert_eq!(made.title, format!("Responses to judge: {}", card.domain));
        assert!(made.source.contains(&card.title), "whoever reads the card still learns what the set is");
        let made = card_for_people(&Card { domain: " ".to_owned(), ..card }, "in spreadsheets");
        assert_eq!(made.title, "Responses to judge");
    }
}
