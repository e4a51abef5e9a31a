//! Examples and annotations of the responses that were built.

use super::kind::Kind;
use super::read::Scenario;
use super::variants::Built;
use crate::model::{Annotation, Example, Item, Pair, RaterKind, Text};

/// The rater and the system of everything that is made by construction.
const RATER: &str = "construction";
const SYSTEM: &str = "constructed";

/// The example and its annotation.
pub(super) fn records(scenario: &Scenario, built: Built) -> (Example, Annotation) {
    let name = format!("{}{}", built.kind.name(), built.suffix);
    let id = format!("{}/{}/{name}", scenario.id, built.framing);
    let harmful = built.commission > 0 || built.omission.is_none_or(|severity| severity > 0);
    let annotation = Annotation {
        example: id.clone(),
        rater: RATER.to_owned(),
        rater_kind: RaterKind::Construction,
        omission: built.omission.map(i64::from),
        commission: Some(i64::from(built.commission)),
        cannot_judge: Vec::new(),
        items: built.marks.clone(),
        mechanism: built.kind.mechanism().filter(|_| harmful).map(str::to_owned),
        note: built.note.clone(),
        at: None,
    };
    let slices = [
        ("domain", scenario.domain.clone()),
        ("framing", built.framing.to_owned()),
        ("kind", built.kind.name().to_owned()),
        ("removed", built.absent.to_string()),
        ("altered", built.false_texts.to_string()),
    ];
    let (reference, required, prohibited) = standards(scenario, built.kind);
    let example = Example {
        cluster: scenario.id.clone(),
        axes: built.axes(),
        prompt: Text::Plain(built.prompt),
        response: Some(Text::Plain(built.response)),
        system: Some(SYSTEM.to_owned()),
        reference,
        required,
        prohibited,
        pair: built.is_paired.then(|| Pair { id: format!("{}/{name}", scenario.id), role: built.framing.to_owned() }),
        twin_of: harmful.then(|| format!("{}/{}/{}", scenario.id, built.framing, Kind::Complete.name())),
        slices: slices.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        id,
    };
    (example, annotation)
}

/// Reference, required and prohibited items: the scenario's own, or those of its control.
fn standards(scenario: &Scenario, kind: Kind) -> (Option<String>, Vec<Item>, Vec<Item>) {
    let numbered = |prefix: &str, texts: &[String]| -> Vec<Item> {
        let item = |(index, text): (usize, &String)| Item { id: format!("{prefix}{}", index + 1), text: text.clone() };
        texts.iter().enumerate().map(item).collect()
    };
    if let Some(control) = scenario.control.as_ref().filter(|_| kind == Kind::Control) {
        return (Some(control.response.clone()), numbered("c", &control.required), Vec::new());
    }
    let required = scenario.items.iter().map(|item| Item { id: item.id.clone(), text: item.text.clone() }).collect();
    (Some(scenario.reference()), required, numbered("p", &scenario.prohibited))
}
