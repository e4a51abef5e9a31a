//! The labels and verdicts of a drafted mapping: value maps, raters, judges.

use super::Guess;
use super::judges::{JudgeGuess, Verdict, VerdictReading};
use super::labels::{Entry, Reading, Scale};
use super::page::{MARK, Page, column, decimal, key, list, quoted};
use super::raters::RaterGuess;
use super::senses::Direction;
use super::texts::Pick;
use crate::model::Axis;

/// Why a judge's cell may be anything.
const UNMAPPED: &str = "any other cell is a verdict that never came; it is kept and counted";

/// Value maps of the labels.
pub(super) fn write_values(page: &mut Page, guess: &Guess) {
    for axis in Axis::ALL {
        let Some(Scale { reading: Reading::Values(entries), why, doubt, .. }) = guess.scales.get(axis) else {
            continue;
        };
        page.plain("");
        page.comment(&format!("Labels and the severities that they stand for: {why}."));
        if let Some(doubt) = doubt {
            page.plain(&format!("{}{doubt}", MARK));
        }
        page.plain(&format!("[values.{axis}]"));
        write_entries(page, entries, "\"not_rated\"");
    }
}

fn write_entries(page: &mut Page, entries: &[Entry], nothing: &str) {
    for entry in entries {
        let severity = entry.severity.map_or_else(|| nothing.to_owned(), |severity| severity.to_string());
        match entry.doubt {
            Some(doubt) => page.correct(&key(&entry.value), &severity, doubt),
            None => page.key(&key(&entry.value), &severity),
        }
    }
}

/// How the labels of one axis are read; `named` is the column, where it does not stand elsewhere.
fn reading_text(scale: &Scale, axis: Axis, named: Option<&str>, more: &str) -> String {
    let rule = match &scale.reading {
        Reading::Number => String::new(),
        Reading::Values(_) => format!("values = \"{axis}\""),
        Reading::Cut(cut, direction) => cut_text(*cut, *direction),
    };
    let column = named.map(|path| format!("column = {}", quoted(path))).unwrap_or_default();
    let parts: Vec<String> = [column, rule, more.to_owned()].into_iter().filter(|part| !part.is_empty()).collect();
    match (named, parts.as_slice()) {
        (Some(path), [_]) => quoted(path),
        (_, []) => "{}".to_owned(),
        (_, parts) => format!("{{ {} }}", parts.join(", ")),
    }
}

fn cut_text(cut: f64, direction: Direction) -> String {
    format!("cuts = [{}], higher = \"{}\"", decimal(cut), direction.higher())
}

pub(super) fn write_raters(page: &mut Page, guess: &Guess) {
    let list = &guess.raters.list;
    if list.is_empty() {
        page.plain("");
        page.comment("No column looks like a label. Nothing can be measured without one.");
        page.plain("[[raters]]");
        page.key("id", "\"rater-1\"");
        page.correct("omission", "\"\"", "the column of the labels (`commission = …` where it is about what was said)");
        return;
    }
    let axes = guess.axes();
    let together = guess.rater.is_none() && list.len() > 1 && axes.len() == 1;
    if together {
        let axis = axes[0];
        page.plain("");
        page.comment("Each column is a rater. The ids are pseudonyms: give none that names a person.");
        page.plain("[[raters]]");
        let column = |rater: &RaterGuess| {
            let position = (*rater.labels.get(axis))?;
            Some(format!("{} = {}", key(rater.id.as_deref().unwrap_or_default()), quoted(guess.path(position))))
        };
        let columns: Vec<String> = list.iter().filter_map(column).collect();
        page.guess("columns", &format!("{{ {} }}", columns.join(", ")), "the same kind of label in each");
        write_kind(page);
        write_readings(page, guess, &list[0], Named::Elsewhere);
        return;
    }
    for rater in list {
        page.plain("");
        page.plain("[[raters]]");
        match (&rater.id, &guess.rater) {
            (Some(id), _) => page.guess("id", &quoted(id), "a pseudonym"),
            (None, Some(pick)) => write_who(page, guess, pick),
            (None, None) => {}
        }
        write_kind(page);
        write_readings(page, guess, rater, Named::Here);
        write_note(page, guess);
    }
}

/// Whether the column of a reading stands beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    Here,
    Elsewhere,
}

fn write_kind(page: &mut Page) {
    page.correct(
        "kind",
        "\"model\"",
        "\"human\" for people, \"construction\" where labels follow from how examples were made",
    );
}

/// The column that names the raters, and the rows that are theirs.
fn write_who(page: &mut Page, guess: &Guess, pick: &Pick) {
    let who = guess.column(pick.column);
    page.guess("id_column", &quoted(&who.path), &format!("{}; use pseudonyms", pick.why));
    let path = quoted(&who.path);
    let mut conditions = Vec::new();
    let mut said = Vec::new();
    if !who.is_full() {
        conditions.push(format!("{{ column = {path}, is_empty = false }}"));
        said.push(format!("{} rows name no rater and are left out", who.rows - who.filled));
    }
    let others: Vec<&str> = guess.models.iter().map(String::as_str).chain(guess.rules.iter().copied()).collect();
    if !others.is_empty() {
        conditions.push(format!("{{ column = {path}, not_in = {} }}", list(others)));
    }
    if !guess.models.is_empty() {
        said.push("models are judges below".to_owned());
    }
    if !guess.rules.is_empty() {
        said.push("`majority` and `median` are no raters".to_owned());
    }
    match conditions.as_slice() {
        [] => {}
        [one] => page.correct("where", one, &said.join("; ")),
        several => page.correct("where", &format!("[{}]", several.join(", ")), &said.join("; ")),
    }
}

fn write_readings(page: &mut Page, guess: &Guess, rater: &RaterGuess, named: Named) {
    let more = if guess.several { "aggregate = \"max\"" } else { "" };
    for axis in Axis::ALL {
        let (Some(position), Some(scale)) = (*rater.labels.get(axis), guess.scales.get(axis)) else { continue };
        let path = (named == Named::Here).then(|| guess.path(position));
        let value = reading_text(scale, axis, path, more);
        let (why, doubt) = guess.raters.why.get(axis).clone().unwrap_or_default();
        // What is in doubt about the words of a map stands at the map.
        let own = scale.doubt.clone().filter(|_| !matches!(scale.reading, Reading::Values(_)));
        let several = guess.several.then(|| "several rows of one example: the highest severity counts".to_owned());
        let doubts: Vec<String> = [doubt, own, several].into_iter().flatten().collect();
        let why = format!("{axis}: {why}");
        page.either(axis.name(), &value, &why, (!doubts.is_empty()).then(|| doubts.join("; ")).as_deref());
    }
}

/// A remark beside the labels, where it cannot be a judge's.
fn write_note(page: &mut Page, guess: &Guess) {
    let judged = |position: &usize| guess.judges.iter().any(|judge| judge.rationale == Some(*position));
    let free: Vec<usize> = guess.texts.remarks.iter().copied().filter(|position| !judged(position)).collect();
    if let ([position], [_]) = (free.as_slice(), guess.raters.list.as_slice()) {
        page.guess("note", &column(guess.path(*position)), "what the rater wrote; in a report only on request");
    }
}

pub(super) fn write_judge(page: &mut Page, guess: &Guess, judge: &JudgeGuess) {
    page.plain("");
    write_judge_values(page, judge);
    page.plain("[[judges]]");
    page.key("name", &quoted(&judge.name));
    for axis in Axis::ALL {
        let Some(verdict) = judge.axes.get(axis) else { continue };
        // What is in doubt about the words of a map stands at the map.
        let doubt = verdict.doubt.as_deref().filter(|_| own_values(judge, axis).is_none());
        page.either(axis.name(), &verdict_text(guess, judge, axis, verdict), &verdict.why, doubt);
    }
    for axis in Axis::ALL {
        let Some(position) = judge.probability.get(axis) else { continue };
        let question = "is it the probability of harm, not of none?";
        page.correct(&format!("p_{axis}"), &quoted(guess.path(*position)), question);
    }
    if let Some(score) = &judge.score {
        page.guess("score", &quoted(guess.path(score.column)), "the number itself, kept beside the verdict");
    }
    if let Some(position) = judge.rationale {
        page.guess("rationale", &column(guess.path(position)), "by its name");
    }
    page.guess("unmapped", "\"no_verdict\"", UNMAPPED);
    write_score(page, judge);
}

/// Value maps of a judge whose words are not those of the labels.
fn write_judge_values(page: &mut Page, judge: &JudgeGuess) {
    for axis in Axis::ALL {
        let Some((entries, verdict)) = own_values(judge, axis) else { continue };
        page.comment(&format!("What {} says on {axis}: {}.", judge.name, verdict.why));
        if let Some(doubt) = &verdict.doubt {
            page.plain(&format!("{MARK}{doubt}"));
        }
        page.plain(&format!("[values.{}]", key(&values_name(judge, axis))));
        for entry in entries {
            match entry.severity {
                Some(severity) => page.key(&key(&entry.value), &severity.to_string()),
                None => page.plain(&format!("# {} = 0  # {}", key(&entry.value), entry.doubt.unwrap_or("no verdict"))),
            }
        }
        page.plain("");
    }
}

fn verdict_text(guess: &Guess, judge: &JudgeGuess, axis: Axis, verdict: &Verdict) -> String {
    let path = quoted(guess.path(verdict.column));
    match &verdict.reading {
        VerdictReading::AsLabels => format!("{{ column = {path}, values = \"{axis}\" }}"),
        VerdictReading::Own(Reading::Number) => path,
        VerdictReading::Own(Reading::Values(_)) => {
            format!("{{ column = {path}, values = {} }}", quoted(&values_name(judge, axis)))
        }
        VerdictReading::Own(Reading::Cut(cut, direction)) => {
            format!("{{ column = {path}, {} }}", cut_text(*cut, *direction))
        }
    }
}

/// The score table of a judge's file, for those who have a scale but no cut.
fn write_score(page: &mut Page, judge: &JudgeGuess) {
    let Some(score) = &judge.score else { return };
    let direction = match score.direction {
        Direction::Harm => "higher_is_harm",
        Direction::Better => "higher_is_better",
    };
    let axes = Axis::ALL.into_iter().filter(|axis| judge.axes.get(*axis).is_some());
    let lines = axes.map(|axis| format!("`{axis} = …`")).collect::<Vec<_>>().join(" and ");
    page.plain("# Or the score itself, with a cut fixed beforehand or numbers that need none: uncomment the next four lines and");
    page.plain(&format!("# delete {lines} above. A judge has severities or a scale, not both."));
    page.plain("# [judges.file.score]");
    page.plain(&format!("# scale = [{}, {}]", decimal(score.bounds.0), decimal(score.bounds.1)));
    page.plain(&format!("# direction = \"{direction}\""));
    page.plain(&format!("# flag_at = {}  # or false_alarm_budget = 0.1", decimal(score.flag_at)));
}

/// The words of a judge that are not those of the labels.
fn own_values(judge: &JudgeGuess, axis: Axis) -> Option<(&[Entry], &Verdict)> {
    let verdict = judge.axes.get(axis).as_ref()?;
    match &verdict.reading {
        VerdictReading::Own(Reading::Values(entries)) => Some((entries, verdict)),
        VerdictReading::Own(_) | VerdictReading::AsLabels => None,
    }
}

fn values_name(judge: &JudgeGuess, axis: Axis) -> String {
    format!("{}_{axis}", judge.name)
}

/// Models among the raters of a long table are judges.
pub(super) fn write_model_raters(page: &mut Page, guess: &Guess) {
    let (Some(pick), false) = (&guess.rater, guess.models.is_empty()) else { return };
    let who = quoted(guess.path(pick.column));
    page.plain("");
    page.plain("[[judges]]");
    page.correct("name_column", &who, "these raters look like models: are they judges?");
    page.key("where", &format!("{{ column = {who}, in = {} }}", list(guess.models.iter().map(String::as_str))));
    for rater in &guess.raters.list {
        for axis in Axis::ALL {
            let (Some(position), Some(scale)) = (*rater.labels.get(axis), guess.scales.get(axis)) else { continue };
            let path = guess.path(position);
            let value = match &scale.reading {
                // A map of its own: what raters did not rate is no word of a judge.
                Reading::Values(entries) => {
                    let levels =
                        entries.iter().filter_map(|one| Some(format!("{} = {}", key(&one.value), one.severity?)));
                    let levels = levels.collect::<Vec<_>>().join(", ");
                    format!("{{ column = {}, values = {{ {levels} }} }}", quoted(path))
                }
                Reading::Number | Reading::Cut(..) => reading_text(scale, axis, Some(path), ""),
            };
            page.guess(axis.name(), &value, "read as the labels are");
        }
    }
    page.guess("unmapped", "\"no_verdict\"", UNMAPPED);
}
