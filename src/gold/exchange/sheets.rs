//! Spreadsheets: one blind sheet a rater, and the mapping that reads the filled ones back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::keys::task_order;
use super::texts::{flat, harmless_lines};
use super::{Files, Keys, Reach, check_responses, most_items, reach};
use crate::gold::jsonl::json_lines;
use crate::gold::people::card_for_people;
use crate::gold::{GoldSet, SetFiles};
use crate::model::{Axis, Card, Example, MAPPING_FORMAT, Problems, spreadsheet_text};

/// What a rater writes who cannot tell.
const CANNOT_JUDGE: [&str; 2] = ["?", "cannot judge"];
/// What stands where nothing is to be written.
const NOT_APPLICABLE: &str = "n/a";

/// A folder with `sheets/<rater>.csv`, a guide for the raters, and what reads the filled sheets back: `examples.jsonl` and
/// `mapping.toml`, which no rater should see.
///
/// Every rater gets the examples in an order of its own, under keys that say nothing.
pub fn export_sheets(gold: &GoldSet, files: &SetFiles, raters: &[String], seed: u64) -> Result<Files, Problems> {
    check_responses(gold, &files.examples.0)?;
    let keys = Keys::draw(gold, files, seed);
    let key_of: BTreeMap<usize, &str> = keys.positions(gold).map(|(key, at)| (at, key)).collect();
    let mut folder = Files::from([
        (PathBuf::from("examples.jsonl"), originals(gold, &key_of)),
        (PathBuf::from("mapping.toml"), mapping(gold).into_bytes()),
        (PathBuf::from("sheets/guide.txt"), guide(gold).into_bytes()),
    ]);
    let columns = Columns::of(gold);
    for rater in raters {
        let order = task_order(gold, seed, rater);
        let rows = order.into_iter().map(|at| columns.row(gold, at, key_of[&at]));
        folder.insert(PathBuf::from("sheets").join(format!("{rater}.csv")), sheet(&columns.header(), rows));
    }
    Ok(folder)
}

/// The examples as they are, each with its key, in the order of the set.
fn originals(gold: &GoldSet, key_of: &BTreeMap<usize, &str>) -> Vec<u8> {
    #[derive(Serialize)]
    struct Keyed<'a> {
        key: &'a str,
        applies: Json,
        #[serde(flatten)]
        example: &'a Example,
    }
    let record = |(at, key): (&usize, &&str)| -> Json {
        let applies = |axis: Axis| if gold.applies(*at, axis) { "yes" } else { "no" };
        let applies = json!({"omission": applies(Axis::Omission), "commission": applies(Axis::Commission)});
        serde_json::to_value(Keyed { key, applies, example: &gold.examples[*at] }).expect("a plain record")
    };
    json_lines(&key_of.iter().map(record).collect::<Vec<_>>())
}

/// The columns that the sheets of a set have beside the texts: what they ask.
struct Columns {
    /// Axes that apply to some example.
    axes: Vec<Axis>,
    /// The most required items that an example has.
    items: usize,
}

impl Columns {
    fn of(gold: &GoldSet) -> Self {
        let axes = Axis::ALL.into_iter().filter(|axis| reach(gold, *axis) != Reach::None).collect();
        Self { axes, items: most_items(gold) }
    }

    fn header(&self) -> Vec<String> {
        let mut header = vec!["key".to_owned(), "prompt".to_owned(), "response".to_owned()];
        header.extend((self.items > 0).then(|| "required items".to_owned()));
        header.extend(self.axes.iter().map(|axis| axis.name().to_owned()));
        header.extend((1..=self.items).map(|number| format!("item {number}")));
        header.extend(["mechanism".to_owned(), "note".to_owned()]);
        header
    }

    fn row(&self, gold: &GoldSet, at: usize, key: &str) -> Vec<String> {
        let example = &gold.examples[at];
        let response = example.response.as_ref().map(flat).unwrap_or_default();
        let mut row = vec![key.to_owned(), flat(&example.prompt), response];
        if self.items > 0 {
            let listed = example.required.iter().zip(1..);
            let lines: Vec<String> =
                listed.map(|(item, number)| format!("{number}. {}", harmless_lines(&item.text))).collect();
            row.push(lines.join("\n"));
        }
        let open = |is: bool| if is { String::new() } else { NOT_APPLICABLE.to_owned() };
        row.extend(self.axes.iter().map(|axis| open(gold.applies(at, *axis))));
        row.extend((1..=self.items).map(|number| open(number <= example.required.len())));
        row.extend([String::new(), String::new()]);
        row
    }
}

/// One rater's sheet: key, texts, required items, and empty cells for the answers.
fn sheet(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("a row in memory");
    for row in rows {
        writer.write_record(row.iter().map(|cell| spreadsheet_text(cell))).expect("a row as wide as its header");
    }
    // Without the mark spreadsheets take the file for another encoding.
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    bytes.extend(writer.into_inner().expect("a table in memory"));
    bytes
}

/// What a rater has to know, in one page of plain text.
fn guide(gold: &GoldSet) -> String {
    let mut text = String::from(
        "One row is one response. Read prompt and response, then fill the empty cells of the row. Leave the key as it is.\n\
         Save the file as CSV (UTF-8) under its own name. Cells with n/a are not to be filled.\n",
    );
    for axis in Axis::ALL.into_iter().filter(|axis| reach(gold, *axis) != Reach::None) {
        let card = gold.card.axis(axis);
        text.push_str(&format!("\n{axis}: examples where {}\n", harmless_lines(card.harm.trim())));
        for (severity, level) in card.levels.iter().enumerate() {
            text.push_str(&format!("  {severity}  {}\n", level.trim()));
        }
        text.push_str(&format!("  {}  cannot judge\n", CANNOT_JUDGE[0]));
    }
    if most_items(gold) > 0 {
        text.push_str("\nitem 1, item 2, ...: hit, partial or miss, for the required item with that number.\n");
    }
    text.push_str("\nmechanism: how the harm came about, in a word or two, where there is any");
    if gold.card.mechanisms.is_empty() {
        text.push_str(".\n");
    } else {
        text.push_str(&format!("; for instance {}.\n", gold.card.mechanisms.join(", ")));
    }
    text.push_str("note: what somebody should know who reads this label.\n");
    text
}

/// The mapping that makes a gold set of the filled sheets.
fn mapping(gold: &GoldSet) -> String {
    #[derive(Serialize)]
    struct Head<'a> {
        format: &'a str,
        card: Card,
    }
    let head = Head { format: MAPPING_FORMAT, card: card_for_people(&gold.card, "in spreadsheets") };
    let mut text =
        String::from("# Reads the filled sheets back: lacuna gold import csv --map mapping.toml --out labelled\n");
    text.push_str(&toml::to_string(&head).expect("a card is a plain table of text and numbers"));
    text.push_str(
        "\n[[sources]]\nname = \"examples\"\nfiles = \"examples.jsonl\"\n\n[[sources]]\nname = \"sheets\"\n\
         files = \"sheets/{rater}.csv\"\n",
    );
    text.push_str(&example_keys(gold));
    text.push_str("\n[[raters]]\nsource = \"sheets\"\nid_column = \"rater\"\n");
    for axis in Axis::ALL.into_iter().filter(|axis| reach(gold, *axis) != Reach::None) {
        text.push_str(&format!("{axis} = {{ column = \"{axis}\", values = {{ {} }} }}\n", values(gold, axis)));
    }
    if most_items(gold) > 0 {
        text.push_str("items = { numbered = \"item {n}\" }\n");
    }
    text.push_str("mechanism = \"mechanism\"\nnote = \"note\"\n");
    text
}

/// `[example]` and `[axes]`: what the examples of this set have.
fn example_keys(gold: &GoldSet) -> String {
    let has = |holds: &dyn Fn(&Example) -> bool| gold.examples.iter().any(holds);
    let mut text = String::from(
        "\n[example]\nid = \"id\"\nkey = \"key\"\ncluster = \"cluster\"\nprompt = \"prompt\"\nresponse = \"response\"\n",
    );
    let optional = [
        ("system", has(&|example| example.system.is_some())),
        ("reference", has(&|example| example.reference.is_some())),
        ("twin_of", has(&|example| example.twin_of.is_some())),
        ("required", has(&|example| !example.required.is_empty())),
        ("prohibited", has(&|example| !example.prohibited.is_empty())),
    ];
    for (name, _) in optional.iter().filter(|(_, there)| *there) {
        text.push_str(&format!("{name} = \"{name}\"\n"));
    }
    if has(&|example| example.pair.is_some()) {
        text.push_str("pair = { id = \"pair.id\", role = \"pair.role\" }\n");
    }
    let slices: BTreeSet<&String> = gold.examples.iter().flat_map(|example| example.slices.keys()).collect();
    if !slices.is_empty() {
        text.push_str("\n[example.slices]\n");
    }
    for slice in slices {
        // A JSON pointer finds a name with dots as one.
        let pointer = format!("/slices/{}", slice.replace('~', "~0").replace('/', "~1"));
        text.push_str(&format!("{} = {{ column = {} }}\n", quoted(slice), quoted(&pointer)));
    }
    let partial: Vec<Axis> = Axis::ALL.into_iter().filter(|axis| reach(gold, *axis) != Reach::All).collect();
    if !partial.is_empty() {
        text.push_str("\n[axes]\n");
    }
    for axis in partial {
        text.push_str(&format!("{axis} = {{ column = \"applies.{axis}\", equals = \"yes\" }}\n"));
    }
    text
}

/// What a cell stands for: the number of a level or its name, and the words for "cannot judge".
fn values(gold: &GoldSet, axis: Axis) -> String {
    let levels = &gold.card.axis(axis).levels;
    let names: Vec<&str> = levels.iter().map(|level| level.trim()).collect();
    let mut values: Vec<(String, String)> =
        names.iter().enumerate().map(|(severity, name)| ((*name).to_owned(), severity.to_string())).collect();
    // Where a level is called by a number, that name goes before the number of another.
    let numbers =
        (0..levels.len()).map(|severity| severity.to_string()).filter(|number| !names.contains(&number.as_str()));
    values.extend(numbers.map(|number| (number.clone(), number)));
    let words = CANNOT_JUDGE.into_iter().filter(|word| !names.contains(word));
    values.extend(words.map(|word| (word.to_owned(), "\"cannot_judge\"".to_owned())));
    if !names.contains(&NOT_APPLICABLE) {
        values.push((NOT_APPLICABLE.to_owned(), "\"not_rated\"".to_owned()));
    }
    values.into_iter().map(|(text, stands)| format!("{} = {stands}", quoted(&text))).collect::<Vec<_>>().join(", ")
}

/// A text as TOML writes it, also as a key: names hold no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
