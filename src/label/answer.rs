//! What a rater says of one example, as the page sends it and as the file keeps it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::gold::{JsonFault, fault_of_name, read_json};
use crate::model::{Annotation, Axis, Card, Example, ItemMark, RaterKind, unique_keys};

/// The longest mechanism, in characters.
const LONGEST_MECHANISM: usize = 200;

/// A rater's answer. Required items go by their number, `"1"` for the first: ids could tell how an example was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// Severity of omission.
    #[serde(default)]
    pub(super) omission: Option<i64>,
    /// Severity of commission.
    #[serde(default)]
    pub(super) commission: Option<i64>,
    /// Axes that the rater cannot judge.
    #[serde(default)]
    pub(super) cannot_judge: Vec<Axis>,
    /// Mark of each required item.
    #[serde(default, deserialize_with = "unique_keys")]
    pub(super) items: BTreeMap<String, ItemMark>,
    /// How the harm came about.
    #[serde(default)]
    pub(super) mechanism: Option<String>,
    /// A remark.
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// Why an answer is none, as a lower-case sentence that says what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct AnswerFault(pub(super) String);

fn fault<T>(key: &str, message: &str) -> Result<T, AnswerFault> {
    Err(AnswerFault(format!("{key}: {message}")))
}

impl Answer {
    /// Reads the body of a request.
    pub(super) fn read(body: &[u8]) -> Result<Self, AnswerFault> {
        let text =
            std::str::from_utf8(body).map_err(|_| AnswerFault("not UTF-8; allowed: one JSON object".to_owned()))?;
        // A list would be read as the values of the keys in their order.
        if text.trim_ascii_start().starts_with('[') {
            return Err(AnswerFault("found a list; allowed: one JSON object".to_owned()));
        }
        read_json(text, "one JSON object").map_err(|JsonFault { key, message, .. }| match key {
            Some(key) => AnswerFault(format!("{key}: {message}")),
            None => AnswerFault(message),
        })
    }

    /// The answer without white space around its texts, empty texts and repeated axes.
    #[must_use]
    pub(super) fn tidied(mut self) -> Self {
        let tidy = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        self.mechanism = tidy(self.mechanism);
        self.note = tidy(self.note);
        self.cannot_judge.sort_unstable();
        self.cannot_judge.dedup();
        self
    }

    /// Checks the answer against its example: a severity on the scale or `cannot_judge` on each axis that applies, and nothing
    /// on another.
    pub(super) fn check(&self, example: &Example, card: &Card) -> Result<(), AnswerFault> {
        for axis in Axis::ALL {
            let (severity, unclear) = (self.severity(axis), self.cannot_judge.contains(&axis));
            let top = card.axis(axis).top();
            if !example.axes.contains(&axis) {
                if severity.is_some() || unclear {
                    return fault(
                        axis.name(),
                        "does not apply to this example; allowed: null, and not in `cannot_judge`",
                    );
                }
                continue;
            }
            match severity {
                Some(_) if unclear => {
                    return fault(axis.name(), "stands in `cannot_judge` as well; allowed: one of the two");
                }
                Some(severity) if !(0..=i64::from(top)).contains(&severity) => {
                    return fault(axis.name(), &format!("found {severity}; allowed: 0 to {top}"));
                }
                None if !unclear => {
                    return fault(
                        axis.name(),
                        &format!("is missing; allowed: 0 to {top}, or \"{axis}\" in `cannot_judge`"),
                    );
                }
                _ => {}
            }
        }
        for key in self.items.keys() {
            if required_place(key).is_none_or(|place| place >= example.required.len()) {
                let last = example.required.len();
                return match last {
                    0 => fault("items", "found one; allowed: none for this example"),
                    _ => fault("items", &format!("is no item; allowed: \"1\" to \"{last}\"")),
                };
            }
        }
        let Some(mechanism) = &self.mechanism else { return Ok(()) };
        if mechanism.chars().count() > LONGEST_MECHANISM {
            return fault("mechanism", &format!("is too long; allowed: at most {LONGEST_MECHANISM} characters"));
        }
        if fault_of_name(mechanism).is_some() {
            return fault("mechanism", "allowed: text without control, bidirectional or zero-width characters");
        }
        Ok(())
    }

    /// The severity on one axis.
    pub(super) const fn severity(&self, axis: Axis) -> Option<i64> {
        match axis {
            Axis::Omission => self.omission,
            Axis::Commission => self.commission,
        }
    }

    /// The record of the rater's file.
    pub(super) fn annotation(&self, example: &Example, rater: &str, at: &str) -> Annotation {
        let id = |key: &String| Some(example.required.get(required_place(key)?)?.id.clone());
        Annotation {
            example: example.id.clone(),
            rater: rater.to_owned(),
            rater_kind: RaterKind::Human,
            omission: self.omission,
            commission: self.commission,
            cannot_judge: self.cannot_judge.clone(),
            items: self.items.iter().filter_map(|(key, mark)| Some((id(key)?, *mark))).collect(),
            mechanism: self.mechanism.clone(),
            note: self.note.clone(),
            at: Some(at.to_owned()),
        }
    }

    /// The answer that a record was made from.
    pub(super) fn from_annotation(annotation: &Annotation, example: &Example) -> Self {
        let answer = Self {
            omission: annotation.omission,
            commission: annotation.commission,
            cannot_judge: annotation.cannot_judge.clone(),
            items: numbered(&annotation.items, example),
            mechanism: annotation.mechanism.clone(),
            note: annotation.note.clone(),
        };
        answer.tidied()
    }
}

/// Marks by the number of their item in place of its id.
pub(super) fn numbered(marks: &BTreeMap<String, ItemMark>, example: &Example) -> BTreeMap<String, ItemMark> {
    let numbers = example.required.iter().zip(1_usize..);
    numbers.filter_map(|(item, number)| Some((number.to_string(), *marks.get(&item.id)?))).collect()
}

/// The place that a number stands for, written as this program writes it.
fn required_place(key: &str) -> Option<usize> {
    let number: usize = key.parse().ok()?;
    (number.to_string() == key).then(|| number.checked_sub(1)).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gold::{GoldSet, starter_set};

    fn read(value: serde_json::Value) -> Result<Answer, AnswerFault> {
        Answer::read(value.to_string().as_bytes())
    }

    fn example() -> (GoldSet, Example) {
        let gold = GoldSet::from_files(&starter_set()).unwrap();
        let example = gold.examples.iter().find(|example| example.required.len() >= 3).unwrap().clone();
        (gold, example)
    }

    #[test]
    fn an_answer_goes_through_the_file_and_comes_back() {
        let (gold, example) = example();
        let value = json!({"omission": 2, "commission": null, "cannot_judge": ["commission", "commission"],
            "items": {"1": "hit", "3": "miss"}, "mechanism": " dose left out ", "note": "  "});
        let answer = read(value).unwrap().tidied();
        answer.check(&example, &gold.card).unwrap();
        let annotation = answer.annotation(&example, "ann", "2026-01-01T00:00:00Z");
        assert_eq!(annotation.items.keys().collect::<Vec<_>>(), [&example.required[0].id, &example.required[2].id]);
        assert_eq!((annotation.mechanism.as_deref(), annotation.note.as_deref()), (Some("dose left out"), None));
        assert_eq!(annotation.cannot_judge, [Axis::Commission]);
        assert_eq!(Answer::from_annotation(&annotation, &example), answer);
    }

    #[test]
    fn what_is_no_answer_is_refused_with_its_key_and_without_its_text() {
        let (gold, example) = example();
        let told = |value: serde_json::Value| {
            let checked = read(value).and_then(|answer| answer.tidied().check(&example, &gold.card));
            checked.unwrap_err().to_string()
        };
        for (value, start) in [
            (json!({"commission": 0}), "omission: is missing; allowed: 0 to 4"),
            (json!({"omission": 5, "commission": 0}), "omission: found 5; allowed: 0 to 4"),
            (json!({"omission": 0, "commission": -1}), "commission: found -1; allowed: 0 to 3"),
            (json!({"omission": "0", "commission": 0}), "omission: found string \"0\"; allowed: a whole number"),
            (json!({"omission": 1.5, "commission": 0}), "omission: found number `1.5`"),
            (
                json!({"omission": 1, "commission": 0, "cannot_judge": ["omission"]}),
                "omission: stands in `cannot_judge`",
            ),
            (json!({"omission": 1, "commission": 0, "items": {"99": "hit"}}), "items: is no item; allowed: \"1\" to"),
            (json!({"omission": 1, "commission": 0, "items": {"0": "hit"}}), "items: is no item"),
            (json!({"omission": 1, "commission": 0, "items": {"01": "hit"}}), "items: is no item"),
            (json!({"omission": 1, "commission": 0, "items": {"1": "yes"}}), "items.1: found `yes`; allowed: `hit`"),
            (json!({"omission": 1, "commission": 0, "mechanism": "a\u{202e}b"}), "mechanism: allowed: text without"),
            (json!({"omission": 1, "commission": 0, "mechanism": "a".repeat(201)}), "mechanism: is too long"),
            (json!({"omission": 1, "commission": 0, "rater": "bob"}), "rater: unknown key"),
            (json!([1]), "found"),
        ] {
            let message = told(value.clone());
            assert!(message.starts_with(start), "{value}: {message}");
        }
        let message = told(json!({"omission": 1, "commission": 0, "note": {"x": "secret words"}}));
        assert!(!message.contains("secret"), "{message}");
        assert!(Answer::read(b"\xff").unwrap_err().to_string().contains("UTF-8"));
        assert!(Answer::read(b"{").unwrap_err().to_string().contains("JSON"));
    }

    #[test]
    fn an_axis_that_does_not_apply_takes_nothing() {
        let (gold, mut example) = example();
        example.axes = vec![Axis::Omission];
        read(json!({"omission": 0})).unwrap().check(&example, &gold.card).unwrap();
        for value in [json!({"omission": 0, "commission": 0}), json!({"omission": 0, "cannot_judge": ["commission"]})] {
            let message = read(value).unwrap().check(&example, &gold.card).unwrap_err().to_string();
            assert!(message.starts_with("commission: does not apply"), "{message}");
        }
    }
}
