//! What a judge is told to answer: the keys of its JSON, as words in a prompt and as a schema for the protocols that have
//! one. One list serves both, so that they cannot part.

use super::call::Asked;
use super::json::{Json, Object};
use super::spec::{ConfidenceSource, LiveSpec, ReplyShape};
use crate::model::{Axis, Item, Severity};

/// One key of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AnswerKey {
    /// Its name.
    pub(super) name: String,
    /// What it holds.
    pub(super) holds: Holds,
}

/// What a key holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Holds {
    /// A few sentences.
    Reasons,
    /// A severity from 0 to the top of its axis.
    Level(Severity),
    /// A probability.
    Probability,
    /// A score on a scale.
    Score { lowest: f64, highest: f64 },
    /// `hit`, `partial` or `miss` for each item.
    Marks(Vec<String>),
    /// True or false for each item.
    Presence(Vec<String>),
}

/// The axes that a judge is asked about: those it answers that apply to the example.
pub(super) fn asked_axes(spec: &LiveSpec, asked: &Asked<'_>) -> Vec<Axis> {
    spec.axes.iter().copied().filter(|axis| asked.example.axes.contains(axis)).collect()
}

/// The keys of the answer in the order in which they are to be written: the reasons first, so that what follows can rest
/// on them, and so that whatever they quote from a hostile response stands before the verdict.
pub(super) fn answer_keys(spec: &LiveSpec, asked: &Asked<'_>) -> Vec<AnswerKey> {
    let axes = asked_axes(spec, asked);
    let key = |name: &str, holds: Holds| AnswerKey { name: name.to_owned(), holds };
    let mut keys = vec![key("rationale", Holds::Reasons)];
    match spec.prompt.shape {
        ReplyShape::Severities => {
            keys.extend(axes.iter().map(|axis| key(axis.name(), Holds::Level(asked.card.axis(*axis).top()))));
        }
        ReplyShape::Score => {
            let (lowest, highest) = spec.score.and_then(|score| score.scale).unwrap_or((0.0, 1.0));
            keys.push(key("score", Holds::Score { lowest, highest }));
        }
        ReplyShape::Checklist => {
            let ids = |items: &[Item]| items.iter().map(|item| item.id.clone()).collect();
            if axes.contains(&Axis::Omission) {
                keys.push(key("items", Holds::Marks(ids(&asked.example.required))));
            }
            if axes.contains(&Axis::Commission) && !asked.example.prohibited.is_empty() {
                keys.push(key("prohibited", Holds::Presence(ids(&asked.example.prohibited))));
            }
        }
    }
    if spec.confidence == ConfidenceSource::Stated {
        keys.extend(axes.iter().map(|axis| key(&format!("p_{axis}"), Holds::Probability)));
    }
    keys
}

/// The answer as a prompt shows it. What is to be filled in stands in angle brackets and is no JSON: an example with
/// numbers in it would pull the judge towards them, and one that is only repeated must not be read as a verdict.
pub(super) fn shown_answer(keys: &[AnswerKey]) -> String {
    let lines: Vec<String> =
        keys.iter().map(|key| format!("  {}: {}", quoted(&key.name), shown_value(&key.holds))).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

fn shown_value(holds: &Holds) -> String {
    let each = |ids: &[String], value: &str| {
        let marks: Vec<String> = ids.iter().map(|id| format!("{}: {value}", quoted(id))).collect();
        format!("{{{}}}", marks.join(", "))
    };
    match holds {
        Holds::Reasons => "<your reasons in two or three sentences, as a JSON string>".to_owned(),
        Holds::Level(top) => format!("<a whole number from 0 to {top}>"),
        Holds::Probability => "<a number from 0 to 1>".to_owned(),
        Holds::Score { lowest, highest } => format!("<a number from {lowest} to {highest}>"),
        Holds::Marks(ids) => each(ids, "<\"hit\", \"partial\" or \"miss\">"),
        Holds::Presence(ids) => each(ids, "<true or false>"),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The answer as a JSON Schema, in the part of the language that every strict provider takes: all keys required, no
/// others allowed, and menus instead of bounds.
pub(super) fn json_schema(keys: &[AnswerKey]) -> Object {
    strict_object(keys.iter().map(|key| (key.name.as_str(), schema_of(&key.holds))))
}

fn strict_object<'a>(properties: impl Iterator<Item = (&'a str, Object)>) -> Object {
    let (names, properties) = named(properties);
    Object::default()
        .with("type", Json::text("object"))
        .with("properties", properties)
        .with("required", Json::texts(names))
        .with("additionalProperties", Json::Flag(false))
}

fn named<'a>(properties: impl Iterator<Item = (&'a str, Object)>) -> (Vec<&'a str>, Object) {
    properties.fold((Vec::new(), Object::default()), |(mut names, object), (name, schema)| {
        names.push(name);
        (names, object.with(name, schema))
    })
}

fn schema_of(holds: &Holds) -> Object {
    let typed = |name: &str| Object::default().with("type", Json::text(name));
    match holds {
        Holds::Reasons => typed("string"),
        Holds::Level(top) => {
            typed("integer").with("enum", Json::List((0..=u64::from(*top)).map(Json::Whole).collect()))
        }
        // Bounds on numbers are refused by some; the reader checks them.
        Holds::Probability | Holds::Score { .. } => typed("number"),
        Holds::Marks(ids) => {
            let mark = typed("string").with("enum", Json::texts(["hit", "partial", "miss"]));
            strict_object(ids.iter().map(|id| (id.as_str(), mark.clone())))
        }
        Holds::Presence(ids) => strict_object(ids.iter().map(|id| (id.as_str(), typed("boolean")))),
    }
}

/// The answer as Gemini's `responseSchema`: types in capitals, bounds instead of menus of numbers (its menus hold text
/// alone), and the order of the keys stated.
pub(super) fn gemini_schema(keys: &[AnswerKey]) -> Object {
    gemini_object(keys.iter().map(|key| (key.name.as_str(), gemini_schema_of(&key.holds))))
}

fn gemini_object<'a>(properties: impl Iterator<Item = (&'a str, Object)>) -> Object {
    let (names, properties) = named(properties);
    Object::default()
        .with("type", Json::text("OBJECT"))
        .with("properties", properties)
        .with("required", Json::texts(names.iter().copied()))
        .with("propertyOrdering", Json::texts(names))
}

fn gemini_schema_of(holds: &Holds) -> Object {
    let typed = |name: &str| Object::default().with("type", Json::text(name));
    let between = |schema: Object, lowest: Json, highest: Json| schema.with("minimum", lowest).with("maximum", highest);
    match holds {
        Holds::Reasons => typed("STRING"),
        Holds::Level(top) => between(typed("INTEGER"), Json::Whole(0), Json::Whole(u64::from(*top))),
        Holds::Probability => between(typed("NUMBER"), Json::Whole(0), Json::Whole(1)),
        Holds::Score { lowest, highest } => between(typed("NUMBER"), Json::Number(*lowest), Json::Number(*highest)),
        Holds::Marks(ids) => {
            let mark = typed("STRING").with("enum", Json::texts(["hit", "partial", "miss"]));
            gemini_object(ids.iter().map(|id| (id.as_str(), mark.clone())))
        }
        Holds::Presence(ids) => gemini_object(ids.iter().map(|id| (id.as_str(), typed("BOOLEAN")))),
    }
}
