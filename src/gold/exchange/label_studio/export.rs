//! `tasks.json`, `config.xml` and `keys.json`.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::config::config;
use super::{ASKED, CANNOT_JUDGE, KEY, MECHANISM, NOTE, OTHER_MECHANISM, PROMPT, RESPONSE, item_name, item_text_name};
use crate::gold::exchange::texts::{flat, harmless_lines};
use crate::gold::exchange::{Files, Keys, check_responses, most_items};
use crate::gold::{GoldSet, SetFiles};
use crate::model::{Annotation, Axis, Problems};

/// What stands in the place of an item that an example does not have.
const NO_ITEM: &str = "(no further item: leave this one)";

/// How a set is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelStudioOptions {
    /// Seed of the order of the tasks.
    pub seed: u64,
    /// Whether the raters' answers go along as predictions: for adjudication, no longer blind.
    pub predictions: bool,
}

/// One task of the import format.
#[derive(Debug, Serialize)]
struct Task {
    data: Map<String, Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    predictions: Vec<Json>,
}

/// The folder that Label Studio imports, with the keys that must stay with whoever runs the labelling.
pub fn export_label_studio(gold: &GoldSet, files: &SetFiles, options: LabelStudioOptions) -> Result<Files, Problems> {
    check_responses(gold, &files.examples.0)?;
    let keys = Keys::draw(gold, files, options.seed);
    let items = most_items(gold);
    let mut answers: Vec<Vec<Json>> = vec![Vec::new(); gold.examples.len()];
    for annotation in gold.annotations.iter().filter(|_| options.predictions) {
        if let Some(at) = gold.position(&annotation.example) {
            answers[at].push(prediction(gold, at, annotation));
        }
    }
    let task = |(key, at): (&str, usize)| Task {
        data: data(gold, key, at, items),
        predictions: std::mem::take(&mut answers[at]),
    };
    let tasks: Vec<Task> = keys.positions(gold).map(task).collect();
    Ok(Files::from([
        (PathBuf::from("config.xml"), config(gold).into_bytes()),
        (PathBuf::from("keys.json"), pretty(&keys)),
        (PathBuf::from("tasks.json"), pretty(&tasks)),
    ]))
}

fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("plain records of text and whole numbers");
    bytes.push(b'\n');
    bytes
}

/// What a rater sees: nothing of where the example comes from or how it was made. Every task has as many items.
fn data(gold: &GoldSet, key: &str, at: usize, items: usize) -> Map<String, Json> {
    let example = &gold.examples[at];
    let asked: Vec<&str> = Axis::ALL.into_iter().filter(|axis| gold.applies(at, *axis)).map(Axis::name).collect();
    let response = example.response.as_ref().map(flat).unwrap_or_default();
    let mut data = Map::from_iter([
        (KEY.to_owned(), json!(key)),
        (PROMPT.to_owned(), json!(flat(&example.prompt))),
        (RESPONSE.to_owned(), json!(response)),
        (ASKED.to_owned(), json!(asked.join(", "))),
    ]);
    for number in 1..=items {
        let item = example.required.get(number - 1);
        let text = item.map_or_else(|| NO_ITEM.to_owned(), |item| harmless_lines(&item.text));
        data.insert(item_name(number), json!(text));
    }
    data
}

/// One rater's answers as a prediction that Label Studio shows under the rater's name.
fn prediction(gold: &GoldSet, at: usize, annotation: &Annotation) -> Json {
    let mut result = Vec::new();
    let mut add = |from: &str, to: &str, kind: &str, value: Json| {
        let number = result.len() + 1;
        result.push(json!({
            "id": format!("answer-{number}"), "from_name": from, "to_name": to, "type": kind, "value": value,
        }));
    };
    for axis in Axis::ALL {
        let severity = annotation.severity(axis).map(|severity| severity.to_string());
        let unclear = annotation.cannot_judge.contains(&axis).then(|| CANNOT_JUDGE.1.to_owned());
        if let Some(chosen) = severity.or(unclear) {
            add(axis.name(), RESPONSE, "choices", json!({"choices": [chosen]}));
        }
    }
    for (number, item) in (1..).zip(&gold.examples[at].required) {
        if let Some(mark) = annotation.items.get(&item.id) {
            add(&item_name(number), &item_text_name(number), "choices", json!({"choices": [mark.name()]}));
        }
    }
    if let Some(mechanism) = &annotation.mechanism {
        match gold.card.mechanisms.contains(mechanism) {
            true => add(MECHANISM, RESPONSE, "choices", json!({"choices": [mechanism]})),
            false => add(OTHER_MECHANISM, RESPONSE, "textarea", json!({"text": [mechanism]})),
        }
    }
    if let Some(note) = &annotation.note {
        add(NOTE, RESPONSE, "textarea", json!({"text": [harmless_lines(note)]}));
    }
    json!({"model_version": annotation.rater, "result": result})
}
