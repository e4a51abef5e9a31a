//! Examples: one from the rows of the first source that share an id.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::cells::ValueFile;
use super::context::{Context, Place};
use super::expression::{Conditions, Value};
use super::file::{AxesFile, ExampleFile};
use super::items::Items;
use super::row::Row;
use super::source::Source;
use super::tables::Table;
use crate::model::{Axis, Example, Item, Pair, PerAxis, Problem, Problems, Text};

/// What an example is made of, checked.
#[derive(Debug)]
pub(super) struct ExampleSpec {
    id: Value,
    id_place: Place,
    key: Option<Value>,
    cluster: Value,
    prompt: Value,
    response: Option<Value>,
    system: Option<Value>,
    reference: Option<Value>,
    twin_of: Option<Value>,
    pair: Option<(Value, Value)>,
    required: Option<Items>,
    prohibited: Option<Items>,
    slices: Vec<(String, Value)>,
    axes: PerAxis<Conditions>,
}

impl ExampleSpec {
    /// Checks `[example]` and `[axes]`.
    pub(super) fn check(context: &mut Context<'_>, file: &ExampleFile, axes: &AxesFile) -> Self {
        let id_place = context.place("example.id");
        let mut value = |name: &str, file: &ValueFile| Value::check(context, 0, &format!("example.{name}"), file);
        let id = value("id", &file.id);
        Self {
            key: file.key.as_ref().map(|file| value("key", file)),
            cluster: file.cluster.as_ref().map_or_else(|| id.clone(), |file| value("cluster", file)),
            id,
            id_place,
            prompt: value("prompt", &file.prompt),
            response: file.response.as_ref().map(|file| value("response", file)),
            system: file.system.as_ref().map(|file| value("system", file)),
            reference: file.reference.as_ref().map(|file| value("reference", file)),
            twin_of: file.twin_of.as_ref().map(|file| value("twin_of", file)),
            pair: file.pair.as_ref().map(|pair| (value("pair.id", &pair.id), value("pair.role", &pair.role))),
            slices: file
                .slices
                .iter()
                .map(|(name, file)| (name.clone(), value(&format!("slices.{name}"), file)))
                .collect(),
            required: file.required.as_ref().map(|items| Items::check(context, "example.required", items)),
            prohibited: file.prohibited.as_ref().map(|items| Items::check(context, "example.prohibited", items)),
            axes: PerAxis::from_fn(|axis| {
                let conditions = match axis {
                    Axis::Omission => &axes.omission,
                    Axis::Commission => &axes.commission,
                };
                conditions.as_ref().map_or_else(Conditions::default, |conditions| {
                    Conditions::check(context, 0, &format!("axes.{axis}"), conditions)
                })
            }),
        }
    }

    /// Makes the examples, in the order of their first rows.
    pub(super) fn build(&self, sources: &[Source], tables: &[Table], problems: &mut Problems) -> Examples {
        let mut examples = Examples { keys: self.key.as_ref().map(|_| BTreeMap::new()), ..Examples::default() };
        for row in &tables[0].rows {
            let Some(id) = self.id.text(row) else {
                problems.push(row.fault(&self.id.name(), "found nothing; allowed: the id of an example"));
                continue;
            };
            let made = self.example(row, id, problems);
            match examples.positions.get(&made.id) {
                None => {
                    self.add_key(row, &mut examples, problems);
                    examples.positions.insert(made.id.clone(), examples.list.len());
                    examples.rows.push(row.clone());
                    examples.list.push(made);
                }
                Some(position) => {
                    let (first, at) = (&examples.list[*position], &examples.rows[*position]);
                    if let Some(key) = difference(first, &made) {
                        let message = format!("another value than {} has for this example", at.place());
                        examples.torn = true;
                        let id = format!("or another id for each ({})", self.id_place.told());
                        problems.push(row.fault(key, format!("{message}; allowed: the same in all its rows, {id}")));
                    }
                }
            }
        }
        self.add_items(sources, tables, &mut examples, problems);
        examples
    }

    /// Keeps the name by which other sources know the example that comes next.
    fn add_key(&self, row: &Row, examples: &mut Examples, problems: &mut Problems) {
        let (Some(value), Some(keys)) = (&self.key, &mut examples.keys) else { return };
        let Some(key) = value.text(row) else {
            return problems.push(row.fault(&value.name(), "found nothing; allowed: the key of an example"));
        };
        if let Some(first) = keys.insert(key.trim().to_owned(), examples.list.len()) {
            let place = examples.rows[first].place();
            let message =
                format!("{} is the key of {place} already; allowed: one example a key", crate::model::shown(&key));
            problems.push(row.fault(&value.name(), message));
        }
    }

    fn example(&self, row: &Row, id: String, problems: &mut Problems) -> Example {
        let optional = |value: &Option<Value>| value.as_ref().and_then(|value| value.text(row));
        let mut needed = |name: &str, value: &Value| {
            value.text(row).unwrap_or_else(|| {
                problems.push(row.fault(&value.name(), format!("found nothing; allowed: the {name} of an example")));
                String::new()
            })
        };
        let cluster = needed("cluster", &self.cluster);
        let pair = self.pair.as_ref().and_then(|(id, role)| Some(Pair { id: id.text(row)?, role: role.text(row)? }));
        let blank = |text: &Text| matches!((&self.prompt, text), (Value::Column(_), Text::Plain(text)) if text.trim().is_empty());
        let prompt = text_or_chat(&self.prompt, row, problems).filter(|text| !blank(text)).unwrap_or_else(|| {
            problems.push(row.fault(&self.prompt.name(), "found nothing; allowed: the prompt of an example"));
            Text::Plain(String::new())
        });
        let response = self.response.as_ref().and_then(|value| text_or_chat(value, row, problems));
        let axes: Vec<Axis> = Axis::ALL.into_iter().filter(|axis| self.axes.get(*axis).hold(row)).collect();
        if axes.is_empty() {
            problems
                .push(row.fault("axes", "no axis applies to this row; allowed: conditions of [axes] that one meets"));
        }
        Example {
            id,
            cluster,
            prompt,
            response,
            system: optional(&self.system),
            axes,
            reference: optional(&self.reference),
            required: Vec::new(),
            prohibited: Vec::new(),
            pair,
            twin_of: optional(&self.twin_of),
            slices: self.slices.iter().filter_map(|(name, value)| Some((name.clone(), value.text(row)?))).collect(),
        }
    }

    fn add_items(&self, sources: &[Source], tables: &[Table], examples: &mut Examples, problems: &mut Problems) {
        let kinds = [(&self.required, "r"), (&self.prohibited, "p")];
        for (items, prefix) in kinds {
            let Some(items) = items else { continue };
            let source = match items {
                Items::Rows { source, .. } => *source,
                Items::List(..) | Items::Columns(_) => 0,
            };
            for row in &tables[source].rows {
                let found = match items.read(row, prefix) {
                    Ok(found) => found,
                    Err((key, message)) => {
                        problems.push(row.fault(&key, message));
                        continue;
                    }
                };
                let id = sources[source].example.text(row);
                let Some(position) = id.as_ref().and_then(|id| examples.position(source, id)) else {
                    if source > 0 {
                        problems.push(unknown_example(row, &sources[source].example, id.as_deref()));
                    }
                    continue;
                };
                let example = &mut examples.list[position];
                let list = if prefix == "r" { &mut example.required } else { &mut example.prohibited };
                add(list, found, row, problems);
            }
        }
    }
}

/// Adds items; one that is there already has to have the same text.
fn add(list: &mut Vec<Item>, found: Vec<Item>, row: &Row, problems: &mut Problems) {
    for item in found {
        match list.iter().find(|known| known.id == item.id) {
            None => list.push(item),
            Some(known) if known.text == item.text => {}
            Some(_) => {
                let message = format!("item {} has another text in an earlier row", crate::model::shown(&item.id));
                problems.push(row.fault("items", format!("{message}; allowed: one text an item of an example")));
            }
        }
    }
}

/// The examples of a set.
#[derive(Debug, Default)]
pub(super) struct Examples {
    pub(super) list: Vec<Example>,
    /// The first row of each.
    pub(super) rows: Vec<Row>,
    pub(super) positions: BTreeMap<String, usize>,
    /// Positions by the names that other sources use, where the mapping has `key`.
    keys: Option<BTreeMap<String, usize>>,
    /// Whether rows of one id differ: what raters and judges say in them is of several examples.
    pub(super) torn: bool,
}

impl Examples {
    /// The example that a row of a source names.
    pub(super) fn position(&self, source: usize, name: &str) -> Option<usize> {
        match &self.keys {
            Some(keys) if source > 0 => keys.get(name.trim()).copied(),
            _ => self.positions.get(name).copied(),
        }
    }
}

/// A row about an example that the first source does not have.
pub(super) fn unknown_example(row: &Row, value: &Value, id: Option<&str>) -> Problem {
    let found = id.map_or("nothing".to_owned(), crate::model::shown);
    row.fault(&value.name(), format!("found {found}; allowed: the id of an example of the first source"))
}

/// The key on which two rows of one example differ.
fn difference(one: &Example, other: &Example) -> Option<&'static str> {
    let same = [
        ("cluster", one.cluster == other.cluster),
        ("prompt", one.prompt == other.prompt),
        ("response", one.response == other.response),
        ("system", one.system == other.system),
        ("axes", one.axes == other.axes),
        ("reference", one.reference == other.reference),
        ("pair", one.pair == other.pair),
        ("twin_of", one.twin_of == other.twin_of),
        ("slices", one.slices == other.slices),
    ];
    same.into_iter().find_map(|(key, same)| (!same).then_some(key))
}

/// Text, or the messages of a conversation where the cell holds a list of them.
fn text_or_chat(value: &Value, row: &Row, problems: &mut Problems) -> Option<Text> {
    match value.cell(row) {
        Some(list @ Json::Array(_)) => match serde_json::from_value(list.clone()) {
            Ok(messages) => Some(Text::Chat(messages)),
            Err(_) => {
                let message = "is not a conversation; allowed: text, or a list of {role, content} messages";
                problems.push(row.fault(&value.name(), message));
                Some(Text::Plain(String::new()))
            }
        },
        // An empty text is an answer: some systems give one. Only null says that there is none.
        Some(Json::String(text)) => Some(Text::Plain(text.clone())),
        _ => value.text(row).map(Text::Plain),
    }
}
