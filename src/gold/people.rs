//! The card of a set whose examples people label anew.

use super::aggregate::AggregateRule;
use crate::model::{Card, LabelSource, Tie};

/// The card of a set of the same examples whose labels are those of people.
///
/// `how` completes "labelled by people …". A rule that names a rater of the other labels cannot serve, and what the card says
/// of those labels, their limits and who read them, is no longer true.
pub fn card_for_people(card: &Card, how: &str) -> Card {
    let Card { name, version, source, .. } = card;
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
        source: format!("Examples of {name} {version} ({source}), labelled by people {how}."),
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
    use crate::gold::{GoldSet, starter_set};

    #[test]
    fn a_rater_of_the_other_set_does_not_decide() {
        let gold = GoldSet::from_files(&starter_set()).unwrap();
        let card = Card { aggregate: "construction".to_owned(), tie: None, ..gold.card };
        let made = card_for_people(&card, "in Label Studio");
        assert_eq!((made.aggregate.as_str(), made.tie), ("majority", Some(Tie::Higher)));
    }
}
