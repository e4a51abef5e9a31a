//! Marks of items, in the form and the words that a request wants.

use serde_json::{Value, json};

use super::ask::{Wanted, keys};
use crate::model::ItemMark;

/// The words of a pair of marks, in the spellings that prompts use.
pub(super) struct Words {
    hit: &'static [&'static str],
    partial: &'static [&'static str],
    miss: &'static [&'static str],
}

impl Words {
    /// Of a required item.
    pub(super) const MARKS: Self = Self { hit: &["hit", "yes"], partial: &["partial"], miss: &["miss", "no"] };
    /// Of a prohibited item: whether it is there.
    pub(super) const PRESENCE: Self =
        Self { hit: &["present", "there", "yes", "hit"], partial: &[], miss: &["absent", "not_there", "no", "miss"] };

    /// The word for a mark, out of those that are offered; the first spelling where none is.
    fn of(&self, mark: ItemMark, offered: &[String]) -> &'static str {
        let spellings = match mark {
            ItemMark::Partial if !self.partial.is_empty() => self.partial,
            ItemMark::Hit | ItemMark::Partial => self.hit,
            ItemMark::Miss => self.miss,
        };
        spellings.iter().find(|word| offered.iter().any(|other| other == *word)).unwrap_or(&spellings[0])
    }
}

/// Marks in the form that the request wants: an object by id, or a list of objects.
pub(super) fn listed(wanted: &Wanted, marks: Vec<(String, ItemMark)>, words: Words) -> Value {
    let offered = offered(wanted);
    let truth_value = offered.iter().any(|word| word == "true" || word == "boolean");
    let value = |mark: ItemMark| {
        if truth_value { json!(mark == ItemMark::Hit) } else { json!(words.of(mark, &offered)) }
    };
    if kind(&wanted.schema) != "array" && !wanted.hint.starts_with('[') {
        return Value::Object(marks.into_iter().map(|(id, mark)| (id, value(mark))).collect());
    }
    let fields = fields(wanted);
    let one = |(id, mark): (String, ItemMark)| {
        let field = |name: &String| match name.as_str() {
            "id" | "item" => (name.clone(), json!(id)),
            "mark" | "verdict" | "status" | "present" | "there" => (name.clone(), value(mark)),
            _ => (name.clone(), json!("")),
        };
        Value::Object(fields.iter().map(field).collect())
    };
    Value::Array(marks.into_iter().map(one).collect())
}

/// Names of the fields of a list's objects.
fn fields(wanted: &Wanted) -> Vec<String> {
    let properties = wanted.schema.pointer("/items/properties").and_then(Value::as_object);
    if let Some(properties) = properties {
        return properties.keys().cloned().collect();
    }
    let shown = keys(wanted.hint.trim_matches(|c| "[]{} \n.,…".contains(c)));
    let names: Vec<String> = shown.into_iter().map(|wanted| wanted.name).collect();
    if names.is_empty() { vec!["id".to_owned(), "mark".to_owned()] } else { names }
}

/// Ids that a schema names as properties, or that the prompt shows as keys, or else those of the example.
pub(super) fn ids(wanted: &Wanted, known: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if let Some(properties) = wanted.schema.get("properties").and_then(Value::as_object) {
        return properties.keys().cloned().collect();
    }
    let inside = wanted.hint.strip_prefix('{').and_then(|hint| hint.strip_suffix('}')).map(keys).unwrap_or_default();
    let shown: Vec<String> = inside.into_iter().map(|wanted| wanted.name).filter(|id| !id.contains('<')).collect();
    if shown.is_empty() { known() } else { shown }
}

/// The words of a schema or hint.
pub(super) fn offered(wanted: &Wanted) -> Vec<String> {
    let text = schema_text(wanted) + &wanted.hint;
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn schema_text(wanted: &Wanted) -> String {
    if wanted.schema.is_null() { String::new() } else { wanted.schema.to_string() }
}

/// The type that a schema names, in lower case: Gemini writes it in capitals.
pub(super) fn kind(schema: &Value) -> String {
    schema.get("type").and_then(Value::as_str).unwrap_or("").to_lowercase()
}
