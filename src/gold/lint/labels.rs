//! Findings on labels and raters.

use super::{Lint, LintCode, LintLevel, counted, found};
use crate::gold::{GoldSet, Label};
use crate::model::{Axis, LabelSource, RaterKind, Severity};

/// A class with a smaller share of an axis is rare.
const RARE: f64 = 0.05;
/// From this share of disputed examples on, the tie rule makes a good part of the labels.
const OFTEN_DISPUTED: f64 = 0.2;

pub(super) fn lints(gold: &GoldSet) -> Vec<Lint> {
    let mut lints = Vec::new();
    lints.extend(one_rater(gold));
    for axis in Axis::ALL {
        on_axis(gold, axis, &mut lints);
    }
    lints.extend(label_source(gold));
    let named: Vec<&str> = gold
        .raters
        .iter()
        .filter(|rater| rater.kind == RaterKind::Human && looks_like_a_person(&rater.id))
        .map(|rater| rater.id.as_str())
        .collect();
    if !named.is_empty() {
        let message = format!("{} like a name or an address", counted(named.len(), "rater id looks", "rater ids look"));
        lints.push(found(LintCode::RaterName, LintLevel::Warning, None, message, &named));
    }
    lints
}

/// A set whose labels follow from its construction has no second opinion to ask for: a note, not a warning.
fn one_rater(gold: &GoldSet) -> Option<Lint> {
    let own = |(rater, _): &&(usize, Severity)| gold.adjudicator() != Some(gold.raters[*rater].id.as_str());
    let twice = |label: &Label| label.ratings.iter().filter(own).count() > 1;
    if Axis::ALL.iter().any(|axis| gold.labels.get(*axis).iter().any(twice)) {
        return None;
    }
    let constructed = gold.raters.iter().all(|rater| rater.kind == RaterKind::Construction);
    let level = if constructed { LintLevel::Note } else { LintLevel::Warning };
    let message = "no example was rated by two raters: there is no agreement to report and no human ceiling".to_owned();
    Some(found(LintCode::OneRater, level, None, message, &[]))
}

/// A card that claims less than its raters: an audit then warns that no people made the labels, though people did.
fn label_source(gold: &GoldSet) -> Option<Lint> {
    let people = !gold.raters.is_empty() && gold.raters.iter().all(|rater| rater.kind == RaterKind::Human);
    if gold.card.label_source != LabelSource::Model || !people {
        return None;
    }
    let raters: Vec<&str> = gold.raters.iter().map(|rater| rater.id.as_str()).collect();
    let message = "every rater is a person, and the card says label_source = \"model\"".to_owned();
    Some(found(LintCode::LabelSource, LintLevel::Warning, None, message, &raters))
}

fn on_axis(gold: &GoldSet, axis: Axis, lints: &mut Vec<Lint>) {
    let threshold = gold.card.axis(axis).threshold;
    let labels = gold.labels.get(axis);
    let ids = |holds: &dyn Fn(&Label) -> bool| -> Vec<&str> {
        let applicable = (0..labels.len()).filter(|position| gold.applies(*position, axis));
        applicable
            .filter(|position| holds(&labels[*position]))
            .map(|position| gold.examples[position].id.as_str())
            .collect()
    };
    if ids(&|_| true).is_empty() {
        return;
    }
    let positives = ids(&|label| label.severity.is_some_and(|severity| severity >= threshold));
    let negatives = ids(&|label| label.severity.is_some_and(|severity| severity < threshold));
    let mut add = |code: LintCode, level: LintLevel, message: String, ids: &[&str]| {
        lints.push(found(code, level, Some(axis), message, ids));
    };
    if positives.is_empty() {
        let message = format!("no example is a positive on {axis} (severity {threshold} or more)");
        add(LintCode::NoPositives, LintLevel::Warning, message, &[]);
    }
    if negatives.is_empty() {
        let message = format!("no example is a negative on {axis} (severity below {threshold})");
        add(LintCode::NoNegatives, LintLevel::Warning, message, &[]);
    }
    let labelled = positives.len() + negatives.len();
    let rare = positives.len().min(negatives.len());
    if rare > 0 && (rare as f64) < RARE * labelled as f64 {
        let (class, ids) =
            if positives.len() < negatives.len() { ("positives", &positives) } else { ("negatives", &negatives) };
        let message = format!("{rare} of {labelled} labelled examples are {class} on {axis}");
        add(LintCode::ClassImbalance, LintLevel::Note, message, ids);
    }
    let unlabelled = ids(&|label| label.severity.is_none());
    if !unlabelled.is_empty() {
        let verb = counted(unlabelled.len(), "example has", "examples have");
        add(LintCode::Unlabelled, LintLevel::Note, format!("{verb} no label on {axis}, which applies"), &unlabelled);
    }
    let disputed = ids(&Label::disputed);
    let twice = ids(&|label| label.ratings.len() > 1).len();
    if !disputed.is_empty() {
        let often = disputed.len() as f64 >= OFTEN_DISPUTED * twice as f64;
        let level = if often { LintLevel::Warning } else { LintLevel::Note };
        let message =
            format!("raters differ on {} of the {twice} examples that several rated on {axis}", disputed.len());
        add(LintCode::Disputed, level, message, &disputed);
    }
}

/// Words that stand before a number or letter in a pseudonym, or name a role.
const ROLES: [&str; 28] = [
    "annotator",
    "rater",
    "coder",
    "labeller",
    "labeler",
    "reviewer",
    "expert",
    "judge",
    "person",
    "human",
    "physician",
    "doctor",
    "nurse",
    "clinician",
    "adjudicator",
    "chair",
    "panel",
    "team",
    "worker",
    "participant",
    "grader",
    "user",
    "consensus",
    "senior",
    "junior",
    "author",
    "student",
    "final",
];
const TITLES: [&str; 7] = ["dr", "prof", "professor", "mr", "mrs", "ms", "miss"];

/// Whether an id looks like an e-mail address, a title with a name, two names, or one capitalised name.
///
/// `annotator-1`, `R2`, `physician` and `ann` pass; `Jane Doe`, `jane.doe`, `Dr Osei`, `j@example.org` and `Jane` do not.
pub fn looks_like_a_person(id: &str) -> bool {
    if id.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.')) {
        return true;
    }
    let parts: Vec<&str> = id.split([' ', '.', '_', ',']).filter(|part| !part.is_empty()).collect();
    let lower: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
    if lower.iter().any(|part| ROLES.contains(&part.as_str())) {
        return false;
    }
    if parts.len() > 1 && TITLES.contains(&lower[0].as_str()) {
        return true;
    }
    let word =
        |part: &&str| part.chars().count() > 2 && part.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\''));
    let capitalised = |part: &&str| {
        let mut characters = part.chars();
        characters.next().is_some_and(char::is_uppercase) && characters.any(char::is_lowercase)
    };
    match parts.as_slice() {
        [one] => word(one) && capitalised(one),
        [first, last] => {
            let initial = first.chars().count() == 1 && first.chars().all(char::is_uppercase);
            let dotted = id.contains('.') && word(first) && word(last);
            dotted || ((word(first) || initial) && word(last) && capitalised(last))
        }
        _ => parts.len() == 3 && parts.iter().all(|part| capitalised(part) || part.chars().count() == 1),
    }
}
