//! Recorded judges: cells become verdicts, and what is no verdict is kept as such.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::{JudgeFile, MarksFile};
use super::cells::ValueFile;
use super::context::Context;
use super::examples::Examples;
use super::expression::{Conditions, Value};
use super::forms::LevelOrWord;
use super::items::Marks;
use super::reading::{Answer, Answerer, Reading, Surroundings, label};
use super::row::{Column, Row};
use super::scale::DeclaredScale;
use super::source::Source;
use super::tables::Table;
use crate::gold::import::RecordedJudge;
use crate::model::{Axis, Card, Outcome, PerAxis, Problems, Verdict, shown};

/// Keys of a judge's file that an import writes itself.
const OWN_KEYS: [&str; 4] = ["format", "name", "kind", "verdicts"];

/// Whose verdict a row holds.
#[derive(Debug)]
enum Who {
    Named(String),
    In(Column),
}

/// A judge, or several that a column names, checked.
#[derive(Debug)]
pub(super) struct JudgeSpec {
    source: usize,
    who: Who,
    title: Option<String>,
    only: Conditions,
    axes: PerAxis<Option<Reading>>,
    probabilities: PerAxis<Option<Column>>,
    score: Option<Column>,
    repeat: Option<Column>,
    marks: Option<Marks>,
    rationale: Option<Value>,
    raw: Option<Value>,
    model: Option<Value>,
    at: Option<Value>,
    file: toml::Table,
    scale: Option<DeclaredScale>,
}

/// Checks one `[[judges]]`.
pub(super) fn check_judge(
    context: &mut Context<'_>,
    at: &str,
    file: &JudgeFile,
    card: &Card,
    named: &BTreeMap<String, BTreeMap<String, LevelOrWord>>,
) -> JudgeSpec {
    let source = context.source(&format!("{at}.source"), file.source.as_deref());
    let who = match (&file.name, &file.name_column) {
        (Some(name), None) => {
            if !is_plain(name) {
                let message = format!("found {}; allowed: letters, digits, `-`, `_` and `.`", shown(name));
                context.fault(&format!("{at}.name"), message);
            }
            Who::Named(name.clone())
        }
        (None, Some(path)) => Who::In(context.column(source, &format!("{at}.name_column"), path)),
        _ => {
            context.fault(at, "found none or both; allowed: one of `name`, `name_column`");
            Who::Named(String::new())
        }
    };
    if let Some(key) = file.file.keys().find(|key| OWN_KEYS.contains(&key.as_str())) {
        let message = "is written by the import; allowed: other keys of a judge's file";
        context.fault(&format!("{at}.file.{key}"), message);
    }
    let column_key = format!("{at}.column");
    let axes = PerAxis::from_fn(|axis| {
        let reading = match axis {
            Axis::Omission => file.omission.as_ref(),
            Axis::Commission => file.commission.as_ref(),
        }?;
        let around = Surroundings {
            source,
            answerer: Answerer::Judge,
            column: file.column.as_deref(),
            column_key: &column_key,
            unmapped: file.unmapped,
            top: i64::from(card.axis(axis).top()),
            named,
        };
        Some(Reading::check(context, around, &format!("{at}.{axis}"), reading))
    });
    let mut column = |name: &str, path: &Option<String>| {
        path.as_ref().map(|path| context.column(source, &format!("{at}.{name}"), path))
    };
    let probabilities = PerAxis {
        omission: column("p_omission", &file.p_omission),
        commission: column("p_commission", &file.p_commission),
    };
    let (score, repeat) = (column("score", &file.score), column("repeat", &file.repeat));
    let answers = Axis::ALL.iter().any(|axis| axes.get(*axis).is_some() || probabilities.get(*axis).is_some());
    let scores = score.is_some() && file.file.contains_key("score");
    if !answers && !scores {
        let allowed = "`omission`, `commission`, `p_omission`, `p_commission`, or `score` with `file.score`";
        context.fault(at, format!("answers nothing; allowed: {allowed}"));
    }
    let mut value = |name: &str, file: &Option<ValueFile>| {
        file.as_ref().map(|file| Value::check(context, source, &format!("{at}.{name}"), file))
    };
    JudgeSpec {
        source,
        who,
        title: file.title.clone(),
        axes,
        probabilities,
        score,
        repeat,
        rationale: value("rationale", &file.rationale),
        raw: value("raw", &file.raw),
        model: value("model", &file.model),
        at: value("at", &file.at),
        only: Conditions::check(context, source, &format!("{at}.where"), &file.only),
        marks: file
            .items
            .as_ref()
            .filter(|marks| has_own_columns(context, at, marks))
            .map(|marks| Marks::check(context, source, &format!("{at}.items"), named, marks)),
        file: file.file.clone(),
        scale: DeclaredScale::check(context, at, file),
    }
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(plain)
}

/// A name that can be a file's: every other character becomes `-`.
fn plain_name(name: &str) -> String {
    let plain: String = name
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .collect();
    plain.trim_start_matches('.').to_owned()
}

/// A judge's verdicts by example and repeat, each with the place of its row.
#[derive(Default)]
struct Found {
    title: Option<String>,
    verdicts: BTreeMap<(String, u32), (Verdict, String)>,
}

/// Every judge that the mapping itself names has a name of its own.
pub(super) fn check_names(context: &mut Context<'_>, specs: &[JudgeSpec]) {
    let mut names = BTreeSet::new();
    for (index, spec) in specs.iter().enumerate() {
        if let Who::Named(name) = &spec.who
            && !names.insert(name)
        {
            let message = format!("found {} a second time; allowed: unique names", shown(name));
            context.fault(&format!("judges[{index}].name"), message);
        }
    }
}

/// Makes the judges with their verdicts, each with the position of its `[[judges]]`.
pub(super) fn build_judges(
    specs: &[JudgeSpec],
    sources: &[Source],
    tables: &[Table],
    examples: &Examples,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> Vec<(usize, RecordedJudge)> {
    let mut judges: Vec<(usize, RecordedJudge)> = Vec::new();
    for (position, spec) in specs.iter().enumerate() {
        let mut found: BTreeMap<String, Found> = BTreeMap::new();
        for row in tables[spec.source].rows.iter().filter(|row| spec.only.hold(row)) {
            spec.record(row, &sources[spec.source].example, examples, &mut found, problems);
        }
        for (name, found) in found {
            if judges.iter().any(|(_, judge)| judge.name == name) {
                let message = format!("judge {} comes from two [[judges]]", shown(&name));
                let fault = |row: &Row| row.fault("name_column", format!("{message}; allowed: unique names"));
                tables[spec.source].rows.first().map(fault).into_iter().for_each(|problem| problems.push(problem));
            }
            if let Some(scale) = &spec.scale {
                scale.fault_of(&name, found.verdicts.values()).into_iter().for_each(|problem| problems.push(problem));
            }
            let verdicts: Vec<Verdict> = found.verdicts.into_values().map(|(verdict, _)| verdict).collect();
            let silent = verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Scored).count();
            if silent > 0 {
                notes.push(format!("{name}: {silent} of {} rows hold no verdict: kept as such", verdicts.len()));
            }
            let title = spec.title.clone().or(found.title).unwrap_or_else(|| name.clone());
            let judge = RecordedJudge { name, title, model: None, verdicts, more: spec.more() };
            judges.push((position, judge));
        }
    }
    judges
}

/// Items of a verdict are named: its example may be none of the set's.
fn has_own_columns(context: &mut Context<'_>, at: &str, marks: &MarksFile) -> bool {
    if marks.numbered.is_some() {
        context.fault(
            &format!("{at}.items.numbered"),
            "belongs to raters; allowed for a judge: `columns`, or `id` and `column`",
        );
    }
    marks.numbered.is_none()
}

impl JudgeSpec {
    /// Keys of the judge's file beyond those that every recorded judge has: the axes it answers, and the mapping's own.
    fn more(&self) -> toml::Table {
        let mut more = self.file.clone();
        let answered: Vec<toml::Value> = Axis::ALL
            .into_iter()
            .filter(|axis| self.axes.get(*axis).is_some() || self.probabilities.get(*axis).is_some())
            .map(|axis| toml::Value::from(axis.name()))
            .collect();
        if answered.len() == 1 && !more.contains_key("axes") {
            more.insert("axes".to_owned(), toml::Value::Array(answered));
        }
        more
    }

    fn record(
        &self,
        row: &Row,
        example: &Value,
        examples: &Examples,
        found: &mut BTreeMap<String, Found>,
        problems: &mut Problems,
    ) {
        let Some(id) = example.text(row) else {
            return problems.push(row.fault(&example.name(), "found nothing; allowed: the id of an example"));
        };
        // Verdicts on other examples are kept: an audit counts them.
        let id = examples.position(self.source, &id).map_or(id, |position| examples.list[position].id.clone());
        let (name, title) = match &self.who {
            Who::Named(name) => (name.clone(), None),
            Who::In(column) => match column.text(row) {
                Some(title) if is_plain(&plain_name(&title)) => (plain_name(&title), Some(title.trim().to_owned())),
                _ => return problems.push(row.fault(&column.path, "found no name; allowed: the name of a judge")),
            },
        };
        let Some(verdict) = self.verdict(row, &name, &id, examples, problems) else { return };
        let judge = found.entry(name).or_default();
        match &judge.title {
            Some(first) if title.as_ref() != Some(first) => {
                let message = format!("found a name that becomes the same file name as {}", shown(first));
                problems.push(row.fault(&verdict.judge, format!("{message}; allowed: names that stay distinct")));
            }
            _ => judge.title = title,
        }
        let key = (verdict.example.clone(), verdict.repeat);
        if let Some((first, place)) = judge.verdicts.get(&key) {
            if *first != verdict {
                let message =
                    format!("another verdict than {place} has for this example; allowed: one row per example");
                problems.push(row.fault(&verdict.judge, format!("{message}, or `repeat`")));
            }
            return;
        }
        judge.verdicts.insert(key, (verdict, row.place()));
    }

    /// The verdict of a row; none where nothing that the judge answers applies to the example.
    fn verdict(
        &self,
        row: &Row,
        judge: &str,
        example: &str,
        examples: &Examples,
        problems: &mut Problems,
    ) -> Option<Verdict> {
        let known = examples.positions.get(example).map(|position| &examples.list[*position]);
        let applies = |axis: &Axis| known.is_none_or(|example| example.axes.contains(axis));
        let axes: Vec<Axis> = Axis::ALL.into_iter().filter(applies).collect();
        let answers = |axis: &Axis| self.axes.get(*axis).is_some() || self.probabilities.get(*axis).is_some();
        if self.score.is_none() && !axes.iter().any(answers) {
            return None;
        }
        let mut verdict = Verdict::new(judge, example, Outcome::NoVerdict);
        let mut silent = None;
        for axis in axes {
            let read = self.axes.get(axis).as_ref().map_or(Ok(None), |reading| reading.read(row));
            match read {
                Ok(Some(Answer::Level(level))) => verdict.set_severity(axis, Some(level)),
                Ok(Some(Answer::Unscored(outcome))) => {
                    silent.get_or_insert((outcome, self.axes.get(axis).as_ref().and_then(|reading| reading.raw(row))));
                }
                Ok(None | Some(Answer::NotRated | Answer::CannotJudge)) => {}
                Err((key, message)) => problems.push(row.fault(&key, message)),
            }
            let probability = self.probabilities.get(axis).as_ref();
            let probability = probability.and_then(|column| number(column, row, Range::Probability, problems));
            match axis {
                Axis::Omission => verdict.p_omission = probability,
                Axis::Commission => verdict.p_commission = probability,
            }
        }
        verdict.score = self.score.as_ref().and_then(|column| number(column, row, Range::Any, problems));
        self.add_details(row, &mut verdict, problems);
        let (outcome, raw) = silent.unwrap_or((Outcome::NoVerdict, None));
        verdict.raw = self.raw.as_ref().and_then(|value| value.text(row)).or(raw);
        let numbers = [verdict.p_omission, verdict.p_commission, verdict.score];
        let answered =
            verdict.omission.is_some() || verdict.commission.is_some() || numbers.iter().any(Option::is_some);
        verdict.outcome = if answered { Outcome::Scored } else { outcome };
        Some(verdict)
    }

    fn add_details(&self, row: &Row, verdict: &mut Verdict, problems: &mut Problems) {
        let text = |value: &Option<Value>| value.as_ref().and_then(|value| value.text(row));
        (verdict.rationale, verdict.model, verdict.at) = (text(&self.rationale), text(&self.model), text(&self.at));
        if let Some(column) = &self.repeat {
            let found = number(column, row, Range::Any, problems).unwrap_or(0.0);
            if found.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&found) {
                verdict.repeat = found as u32;
            } else {
                problems.push(row.fault(&column.path, format!("found {found}; allowed: a whole number from 0")));
            }
        }
        match self.marks.as_ref().map_or(Ok(Vec::new()), |marks| marks.read(row, &[])) {
            Ok(marks) => verdict.items = marks.into_iter().collect(),
            Err((key, message)) => problems.push(row.fault(&key, message)),
        }
    }
}

/// What a number may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    Any,
    Probability,
}

/// The number in a cell; none where it is empty.
fn number(column: &Column, row: &Row, range: Range, problems: &mut Problems) -> Option<f64> {
    let text = column.text(row)?;
    let value = text.trim().parse::<f64>().ok().filter(|value| value.is_finite());
    let allowed = match range {
        Range::Any => "a number, or empty",
        Range::Probability => "0 to 1, or empty",
    };
    let value = value.filter(|value| range == Range::Any || (0.0..=1.0).contains(value));
    if value.is_none() {
        problems.push(row.fault(&column.path, format!("found {}; allowed: {allowed}", label(&text))));
    }
    value
}
