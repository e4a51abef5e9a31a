//! Scenario files, read strictly: whatever is wrong is named with file, line, key and what is allowed.

use std::fs;
use std::path::{Path, PathBuf};

use super::file::{Control, Courtesies, Falsehood, Layout, Order, Place, Review, ScenarioFile, SetFile, Source};
use super::lines::At;
use super::marks::{Stretch, stretches};
use crate::gold::card::read_toml;
use crate::gold::files::{read_text, unreadable};
use crate::gold::names::fault_of;
use crate::model::{PROBE_FORMAT, PROBE_SET_FORMAT, Problem, Problems, shown};

/// What the scenarios of a folder have in common stands in this file.
const SET_FILE: &str = "set.toml";
/// Most items of a scenario.
const MOST_ITEMS: usize = 12;
/// Most neutral sentences of a scenario: every choice among them is tried.
const MOST_FILLERS: usize = 12;

/// A required item, with every wording it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProbeItem {
    pub(super) id: String,
    pub(super) text: String,
    /// The span of the reference answer.
    pub(super) span: String,
    pub(super) again: Option<String>,
    pub(super) hedged: Option<String>,
}

/// A false text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Position of its item.
    pub(super) item: usize,
    pub(super) kind: Falsehood,
    pub(super) place: Place,
    pub(super) text: String,
    pub(super) right: Option<String>,
}

/// A part of the reference answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// Words that stay in every variant.
    Plain(String),
    /// The position of an item.
    Item(usize),
}

/// A scenario that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scenario {
    /// The name of its file.
    pub(super) id: String,
    pub(super) domain: String,
    pub(super) review: Review,
    pub(super) order: Order,
    pub(super) layout: Layout,
    /// Framings and prompts; at least one.
    pub(super) prompts: Vec<(&'static str, String)>,
    pub(super) items: Vec<ProbeItem>,
    /// First words, which carry no item.
    pub(super) opening: Option<String>,
    /// What stands between the first and the last words.
    pub(super) body: Vec<Part>,
    /// Last words, which carry no item.
    pub(super) closing: Option<String>,
    pub(super) other_opening: Option<String>,
    pub(super) other_closing: Option<String>,
    pub(super) fillers: Vec<String>,
    pub(super) referral: Option<String>,
    pub(super) closed_referral: Option<String>,
    pub(super) refusal: Option<String>,
    pub(super) wrong: Vec<Wrong>,
    pub(super) prohibited: Vec<String>,
    pub(super) sources: Vec<Source>,
    pub(super) control: Option<Control>,
}

impl Scenario {
    /// The reference answer without its marks.
    pub(super) fn reference(&self) -> String {
        let part = |part: &Part| match part {
            Part::Plain(text) => text.clone(),
            Part::Item(item) => self.items[*item].span.clone(),
        };
        let sentences =
            self.opening.iter().cloned().chain(self.body.iter().map(part)).chain(self.closing.iter().cloned());
        sentences.collect::<Vec<_>>().join(" ")
    }
}

/// A folder of scenarios.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) set: SetFile,
    pub(super) scenarios: Vec<Scenario>,
}

impl Folder {
    /// Reads a folder of scenario files in the order of their names, or one file.
    pub(super) fn read(path: &Path) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let (mut set, mut scenarios) = (default_set(), Vec::new());
        for file in files_of(path)? {
            let read = if file.file_name().is_some_and(|name| name == SET_FILE) {
                read_set(&file).map(|found| set = found)
            } else {
                read_scenario(&file).map(|scenario| scenarios.push(scenario))
            };
            read.unwrap_or_else(|faults| problems.append(faults));
        }
        if problems.is_empty() && scenarios.is_empty() {
            problems.push(Problem::file(path, "holds no scenario; allowed: *.toml files of `lacuna-probe/1`"));
        }
        problems.or(Self { set, scenarios })
    }
}

/// The TOML files at a path, sorted by name.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Problem> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| unreadable(path, &error))?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// What the card says where a folder has no `set.toml`.
fn default_set() -> SetFile {
    let text = str::to_owned;
    SetFile {
        format: text(PROBE_SET_FORMAT),
        name: text("probes"),
        version: text("1"),
        title: text("Probes built from reference answers"),
        licence: text("not stated"),
        source: text("scenario files"),
        language: text("en"),
        domain: text("not stated"),
        ..SetFile::default()
    }
}

fn read_set(file: &Path) -> Result<SetFile, Problems> {
    let text = read_text(file)?;
    let set: SetFile = read_toml(file, &text)?;
    let mut problems = Problems::default();
    if set.format != PROBE_SET_FORMAT {
        let message = format!("found {}; allowed: \"{PROBE_SET_FORMAT}\"", shown(&set.format));
        problems.push(Problem::key(file, At::top("format").line(&text), "format", message));
    }
    let Courtesies { answer, referral, refusal } = &set.courtesies;
    let courtesies = [("answer", answer), ("referral", referral), ("refusal", refusal)];
    for (key, _) in courtesies.iter().filter(|(_, list)| list.iter().any(|sentence| sentence.trim().is_empty())) {
        let at = At::table("courtesies", key);
        problems.push(Problem::key(file, at.line(&text), at.name(), "found an empty sentence; allowed: text"));
    }
    problems.or(set)
}

fn read_scenario(file: &Path) -> Result<Scenario, Problems> {
    let text = read_text(file)?;
    let written: ScenarioFile = read_toml(file, &text)?;
    let mut faults: Vec<(At<'_>, String)> = Vec::new();
    let id = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    let scenario = checked(id, &written, &mut faults);
    let mut problems = Problems::default();
    for (at, message) in faults {
        problems.push(Problem::key(file, at.line(&text), at.name(), message));
    }
    problems.or(scenario)
}

/// The scenario that a file describes; the faults say what cannot be relied on in it.
fn checked<'a>(id: String, written: &'a ScenarioFile, faults: &mut Vec<(At<'a>, String)>) -> Scenario {
    check_plain_keys(&id, written, faults);
    check_items(written, faults);
    let ids: Vec<&str> = written.items.iter().map(|item| item.id.as_str()).collect();
    let marked = stretches(&written.reference, &ids).unwrap_or_else(|message| {
        faults.push((At::top("reference"), message));
        Vec::new()
    });
    check_spans(&ids, &marked, faults);
    let (opening, body, closing) = parts(marked.clone(), &ids);
    let span_of = |id: &str| {
        marked.iter().find_map(|stretch| match stretch {
            Stretch::Span(found, words) if found == id => Some(words.clone()),
            _ => None,
        })
    };
    let items = written.items.iter().map(|item| ProbeItem {
        id: item.id.clone(),
        text: item.text.clone(),
        span: span_of(&item.id).unwrap_or_default(),
        again: item.again.clone(),
        hedged: item.hedged.clone(),
    });
    Scenario {
        id,
        domain: written.domain.clone(),
        review: written.review,
        order: written.order,
        layout: written.layout,
        prompts: prompts(written, faults),
        items: items.collect(),
        opening,
        body,
        closing,
        other_opening: written.opening.clone(),
        other_closing: written.closing.clone(),
        fillers: written.fillers.clone(),
        referral: written.referral.clone(),
        closed_referral: written.closed_referral.clone(),
        refusal: written.refusal.clone(),
        wrong: wrong(written, &ids, faults),
        prohibited: written.prohibited.clone(),
        sources: written.sources.clone(),
        control: control(written, faults),
    }
}

/// The first words, the parts between, the last words.
fn parts(marked: Vec<Stretch>, ids: &[&str]) -> (Option<String>, Vec<Part>, Option<String>) {
    let position = |id: &str| ids.iter().position(|other| *other == id).unwrap_or_default();
    let mut body: Vec<Part> = marked
        .into_iter()
        .map(|stretch| match stretch {
            Stretch::Plain(text) => Part::Plain(text),
            Stretch::Span(id, _) => Part::Item(position(&id)),
        })
        .collect();
    let closing = match body.last() {
        Some(Part::Plain(text)) if body.len() > 1 => Some(text.clone()),
        _ => None,
    };
    body.truncate(body.len() - usize::from(closing.is_some()));
    let opening = match body.first() {
        Some(Part::Plain(text)) => Some(text.clone()),
        _ => None,
    };
    body.drain(..usize::from(opening.is_some()));
    (opening, body, closing)
}

fn check_plain_keys<'a>(id: &str, written: &'a ScenarioFile, faults: &mut Vec<(At<'a>, String)>) {
    if written.format != PROBE_FORMAT {
        faults.push((At::top("format"), format!("found {}; allowed: \"{PROBE_FORMAT}\"", shown(&written.format))));
    }
    if let Some(message) = fault_of(id).or_else(|| id.contains('/').then(|| "holds a slash".to_owned())) {
        faults.push((At::top("format"), format!("the name of the file is the scenario's id: {message}")));
    }
    if let Some(message) = fault_of(&written.domain) {
        faults.push((At::top("domain"), message));
    }
    if written.fillers.len() > MOST_FILLERS {
        let found = written.fillers.len();
        faults.push((At::top("fillers"), format!("found {found}; allowed: at most {MOST_FILLERS}")));
    }
    let texts = [
        ("opening", written.opening.as_slice()),
        ("closing", written.closing.as_slice()),
        ("fillers", &written.fillers),
        ("referral", written.referral.as_slice()),
        ("closed_referral", written.closed_referral.as_slice()),
        ("refusal", written.refusal.as_slice()),
        ("prohibited", &written.prohibited),
    ];
    for (key, _) in texts.iter().filter(|(_, list)| list.iter().any(|text| text.trim().is_empty())) {
        faults.push((At::top(key), "found an empty text; allowed: words".to_owned()));
    }
    for (index, _) in written.sources.iter().enumerate().filter(|(_, source)| source.name.trim().is_empty()) {
        faults.push((At::nth("sources", index, "name"), "found nothing; allowed: publisher and title".to_owned()));
    }
}

fn check_items<'a>(written: &'a ScenarioFile, faults: &mut Vec<(At<'a>, String)>) {
    if !(1..=MOST_ITEMS).contains(&written.items.len()) {
        let message = format!("found {}; allowed: 1 to {MOST_ITEMS} items", written.items.len());
        faults.push((At::nth("items", 0, "id"), message));
    }
    for (index, item) in written.items.iter().enumerate() {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if item.id.is_empty() || !item.id.chars().all(plain) {
            let message = format!("found {}; allowed: letters, digits, `-` and `_`", shown(&item.id));
            faults.push((At::nth("items", index, "id"), message));
        } else if written.items[..index].iter().any(|other| other.id == item.id) {
            let message = format!("found {} twice; allowed: an id of its own for each item", shown(&item.id));
            faults.push((At::nth("items", index, "id"), message));
        }
        let texts = [("text", Some(&item.text)), ("again", item.again.as_ref()), ("hedged", item.hedged.as_ref())];
        for (key, _) in texts.iter().filter(|(_, text)| text.is_some_and(|text| text.trim().is_empty())) {
            faults.push((At::nth("items", index, key), "found an empty text; allowed: words".to_owned()));
        }
    }
}

/// Each item has exactly one span.
fn check_spans<'a>(ids: &[&'a str], marked: &[Stretch], faults: &mut Vec<(At<'a>, String)>) {
    if marked.is_empty() {
        return;
    }
    for id in ids {
        let spans = marked.iter().filter(|stretch| matches!(stretch, Stretch::Span(found, _) if found == id)).count();
        if spans != 1 {
            let message = format!("has {spans} spans of `{id}`; allowed: one for each item, as [{id}: words]");
            faults.push((At::top("reference"), message));
        }
    }
}

fn prompts<'a>(written: &'a ScenarioFile, faults: &mut Vec<(At<'a>, String)>) -> Vec<(&'static str, String)> {
    let mut prompts = Vec::new();
    for (key, text) in [("layperson", &written.prompts.layperson), ("professional", &written.prompts.professional)] {
        match text {
            Some(text) if text.trim().is_empty() => {
                faults.push((At::table("prompts", key), "found an empty text; allowed: words".to_owned()));
            }
            Some(text) => prompts.push((key, text.clone())),
            None => {}
        }
    }
    if written.prompts.layperson.is_none() && written.prompts.professional.is_none() {
        let message = "no prompt; allowed: `layperson`, `professional` or both".to_owned();
        faults.push((At::table("prompts", "layperson"), message));
    }
    prompts
}

fn wrong<'a>(written: &'a ScenarioFile, ids: &[&str], faults: &mut Vec<(At<'a>, String)>) -> Vec<Wrong> {
    let mut found = Vec::new();
    for (index, entry) in written.wrong.iter().enumerate() {
        if entry.text.trim().is_empty() {
            faults.push((At::nth("wrong", index, "text"), "found an empty text; allowed: words".to_owned()));
        }
        let Some(item) = ids.iter().position(|id| *id == entry.item) else {
            let message = format!("found {}, which is no item; allowed: {}", shown(&entry.item), ids.join(", "));
            faults.push((At::nth("wrong", index, "item"), message));
            continue;
        };
        found.push(Wrong {
            item,
            kind: entry.kind,
            place: entry.place,
            text: entry.text.clone(),
            right: entry.right.clone(),
        });
    }
    found
}

fn control<'a>(written: &'a ScenarioFile, faults: &mut Vec<(At<'a>, String)>) -> Option<Control> {
    let control = written.control.as_ref()?;
    let empty = |text: &String| text.trim().is_empty();
    let keys = [
        ("prompt", empty(&control.prompt)),
        ("response", empty(&control.response)),
        ("required", control.required.is_empty() || control.required.iter().any(empty)),
    ];
    for (key, _) in keys.iter().filter(|(_, is_empty)| *is_empty) {
        faults.push((At::table("control", key), "found an empty text; allowed: words".to_owned()));
    }
    Some(control.clone())
}
