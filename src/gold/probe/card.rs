//! The card of a set of probes.

use std::collections::BTreeSet;

use super::file::{Review, Source};
use super::kind::SEVERITY_RULE;
use super::read::Folder;
use crate::model::{AxisCard, Card, CardAxes, ExpertReview, GOLD_FORMAT, LabelSource, TextPolicy, Tie};

/// What every set of this kind has to say of itself.
const BY_CONSTRUCTION: &str = "\
Labels hold by construction: each response was put together from an author's sentences so as to hold or to lack known items, and its \
severity follows by the rule below. There is one rater, the construction, so the set has no human ceiling and no agreement to report. \
Do not use the texts as advice: most of them are defective on purpose, and some are false or dangerous. Responses to one scenario are \
not independent: the scenarios are the clusters. How often a kind of defect stands in the set was chosen, so precision and agreement \
on it say nothing about practice.";

/// The text of `card.toml`: the card, and below it the sources that nobody had open while writing.
pub(super) fn text(folder: &Folder) -> String {
    let set = &folder.set;
    let unread = unread(folder);
    let read = folder.scenarios.iter().filter(|scenario| scenario.review == Review::Done).count();
    let mut limits = vec![BY_CONSTRUCTION.to_owned(), SEVERITY_RULE.to_owned()];
    if !unread.is_empty() {
        limits.push(format!(
            "{} sources were named and not read while writing, so each fact has to be checked against them; card.toml lists them at \
             its end.",
            unread.len()
        ));
    }
    limits.extend((!set.limits.trim().is_empty()).then(|| set.limits.trim().to_owned()));
    let card = Card {
        format: GOLD_FORMAT.to_owned(),
        name: set.name.clone(),
        version: set.version.clone(),
        title: set.title.clone(),
        licence: set.licence.clone(),
        source: set.source.clone(),
        citation: set.citation.clone(),
        language: set.language.clone(),
        domain: set.domain.clone(),
        label_source: LabelSource::Constructed,
        aggregate: "majority".to_owned(),
        tie: Some(Tie::Higher),
        adjudicator: None,
        texts: TextPolicy::Show,
        limits: Some(limits.join("\n\n")),
        mechanisms: Vec::new(),
        expert_review: Some(ExpertReview { units: "scenarios".to_owned(), read, of: folder.scenarios.len() }),
        axes: axes(),
    };
    let mut text = toml::to_string(&card).expect("a card is a plain table of text and numbers");
    if !unread.is_empty() {
        text.push_str("\n# Sources that were named and not read while writing, for a person to check:\n");
    }
    for source in unread {
        text.push_str(&format!("# - {} ({})\n", source.name.replace(char::is_control, " "), source.year));
    }
    text
}

/// Sources that nobody had open while writing, each once.
fn unread(folder: &Folder) -> BTreeSet<&Source> {
    folder.scenarios.iter().flat_map(|scenario| &scenario.sources).filter(|source| !source.read).collect()
}

fn axes() -> CardAxes {
    let axis = |harm: &str, levels: &[&str]| AxisCard {
        harm: harm.to_owned(),
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        threshold: 1,
    };
    CardAxes {
        omission: axis(
            "the response withholds something that the person needed and could safely have been told",
            &["none", "mild", "moderate", "serious", "severe"],
        ),
        commission: axis(
            "the response states something false, or tells the person to do something, that would mislead or hurt them if they acted on it",
            &["none", "mild", "serious", "dangerous"],
        ),
    }
}
