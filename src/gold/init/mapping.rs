//! The text of a drafted mapping: every guess with its reason, every doubt on the line that it is about.

use super::answers::{write_judge, write_model_raters, write_raters, write_values};
use super::card::write_card;
use super::examples::IdGuess;
use super::page::{MARK, Page, column, key, quoted, told};
use super::texts::Pick;
use super::{Guess, Place};
use crate::model::{Axis, MAPPING_FORMAT};

/// The whole file.
pub(super) fn mapping_text(guess: &Guess, place: &Place<'_>) -> String {
    let mut page = Page::default();
    page.comment(&format!("What the columns of {} seem to be, guessed from their names and values.", told(place.file)));
    page.comment(
        "Read the reason beside each line. A line with CORRECT: holds something that the table cannot say, or that",
    );
    page.comment(
        "could be meant otherwise: check it before you trust a number. `lacuna schema mapping` prints every key;",
    );
    page.comment("docs/mapping.md, where the program's source lies, has examples.");
    page.plain(&format!("format = \"{MAPPING_FORMAT}\""));
    page.plain("");
    write_card(&mut page, guess, place);
    write_source(&mut page, guess, place);
    write_example(&mut page, guess);
    write_axes(&mut page, guess);
    write_values(&mut page, guess);
    write_raters(&mut page, guess);
    for judge in &guess.judges {
        write_judge(&mut page, guess, judge);
    }
    write_model_raters(&mut page, guess);
    write_left(&mut page, guess);
    page.into_text()
}

fn write_source(page: &mut Page, guess: &Guess, place: &Place<'_>) {
    page.plain("");
    page.plain("[[sources]]");
    page.key("files", &quoted(place.file));
    if !place.layout.named {
        page.guess("format", &quoted(place.layout.format.key()), "the file's name does not say it");
    }
    if let Some(delimiter) = place.layout.delimiter {
        page.guess("delimiter", &quoted(&delimiter.to_string()), "what separates the names in the first line");
    }
    let blank = guess.texts.prompt.as_ref().map(|pick| guess.column(pick.column)).filter(|column| !column.is_full());
    if let Some(prompt) = blank {
        let condition = format!("{{ column = {}, is_empty = false }}", quoted(&prompt.path));
        let what = format!("{} rows have no prompt and are left out", prompt.rows - prompt.filled);
        page.correct("where", &condition, &what);
    }
}

fn write_example(page: &mut Page, guess: &Guess) {
    page.plain("");
    page.plain("[example]");
    let example = &guess.example;
    page.either("id", &id_text(guess), &example.id_why, example.id_doubt.as_deref());
    let pick = |page: &mut Page, name: &str, pick: &Option<Pick>| {
        if let Some(pick) = pick {
            page.either(name, &column(guess.path(pick.column)), &pick.why, pick.doubt.as_deref());
        }
    };
    match &example.cluster {
        Some(found) if guess.texts.prompt.as_ref().is_some_and(|prompt| prompt.column == found.column) => {
            let digest = format!("{{ digest = {} }}", quoted(guess.path(found.column)));
            page.either("cluster", &digest, &found.why, found.doubt.as_deref());
        }
        Some(_) => pick(page, "cluster", &example.cluster),
        None => page.plain(
            "# cluster = \"a column\"  # where examples are not independent: the same scenario, the same prompt",
        ),
    }
    match &guess.texts.prompt {
        Some(_) => pick(page, "prompt", &guess.texts.prompt),
        None => page.correct("prompt", "{ text = \"(not in this table)\" }", "the column of what was asked"),
    }
    match &guess.texts.response {
        Some(_) => pick(page, "response", &guess.texts.response),
        None => page.plain("# response = \"a column\"  # CORRECT: the column of what was answered"),
    }
    pick(page, "system", &example.system);
    pick(page, "reference", &guess.texts.reference);
    for (name, items) in [("required", &guess.texts.required), ("prohibited", &guess.texts.prohibited)] {
        if let Some(pick) = items {
            let path = quoted(guess.path(pick.column));
            page.either(name, &path, &format!("{}; `{{ column, split }}` cuts a text into items", pick.why), None);
        }
    }
    if !example.slices.is_empty() {
        let slices: Vec<String> = slice_names(guess)
            .into_iter()
            .map(|(name, position)| format!("{} = {}", key(&name), column(guess.path(position))))
            .collect();
        page.guess("slices", &format!("{{ {} }}", slices.join(", ")), "few values: subgroups to look at");
    }
}

/// Slices by the last part of their paths, or by the whole path where two end alike.
fn slice_names(guess: &Guess) -> Vec<(String, usize)> {
    let last = |position: usize| {
        let part = guess.path(position).rsplit(['.', '/']).next().unwrap_or_default();
        part.replace("~1", "/").replace("~0", "~")
    };
    let slices = &guess.example.slices;
    let named = |position: &usize| {
        let name = last(*position);
        let alone = slices.iter().filter(|other| last(**other) == name).count() == 1;
        (if alone && !name.is_empty() { name } else { guess.path(*position).to_owned() }, *position)
    };
    slices.iter().map(named).collect()
}

/// A column, a template of several, or the line of the row.
fn id_text(guess: &Guess) -> String {
    match &guess.example.id {
        IdGuess::Line => "\"row-{@line}\"".to_owned(),
        IdGuess::Columns(columns) => match columns.as_slice() {
            [one] => column(guess.path(*one)),
            several => {
                let parts: Vec<String> = several.iter().map(|one| format!("{{{}}}", guess.path(*one))).collect();
                quoted(&parts.join("/"))
            }
        },
    }
}

/// An axis without labels applies to nothing.
fn write_axes(page: &mut Page, guess: &Guess) {
    let axes = guess.axes();
    let (Some(labelled), [_]) = (axes.first(), axes.as_slice()) else { return };
    let first = guess.raters.list.iter().find_map(|rater| *rater.labels.get(*labelled));
    let Some(path) = first.map(|position| guess.path(position)) else { return };
    for axis in Axis::ALL.into_iter().filter(|axis| !axes.contains(axis)) {
        page.plain("");
        page.plain("[axes]");
        page.guess(
            axis.name(),
            &format!("{{ column = {}, in = [] }}", quoted(path)),
            "never: there are no labels of it",
        );
    }
}

/// Columns that could have been something.
fn write_left(page: &mut Page, guess: &Guess) {
    let told_list = |positions: &[usize]| {
        positions.iter().map(|position| told(guess.path(*position))).collect::<Vec<_>>().join(", ")
    };
    if !guess.raters.left.is_empty() {
        page.plain("");
        page.comment(&format!("Not used, though labels by their looks: {}.", told_list(&guess.raters.left)));
    }
    if !guess.unnamed.is_empty() {
        page.plain("");
        let list = told_list(&guess.unnamed);
        page.plain(&format!(
            "{MARK}labels by their values, of which axis? Not used: {list}. Name each in [[raters]], or in slices."
        ));
    }
    if !guess.commas.is_empty() {
        page.plain("");
        let list = told_list(&guess.commas);
        page.plain(&format!(
            "{MARK}numbers with a decimal comma cannot be read. Not used: {list}. Write 7.3 for 7,3 in the table."
        ));
    }
    if !guess.unsteady.is_empty() {
        page.plain("");
        let list = told_list(&guess.unsteady);
        page.plain(&format!(
            "{MARK}verdicts that differ between rows of one example. Not used: {list}. Name them in [[judges]]; where the rows are \
             repeats of one question, with `repeat = \"...\"`, the column that numbers them."
        ));
    }
}
