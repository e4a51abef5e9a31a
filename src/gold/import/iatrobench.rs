//! IatroBench (arXiv 2604.07709): a structured evaluation of clinical responses and the verdicts of recorded judges.
//!
//! The severities were made by a model (Claude Opus 4.6) that ran a physician-authored protocol: they are model labels. Texts of the
//! responses are not published. A severity of -1 is a reply that the publisher could not read: `no_verdict`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Imported, RecordedJudge, assemble};
use crate::gold::jsonl::{Located, read_jsonl};
use crate::model::{
    Annotation, Axis, AxisCard, Card, CardAxes, ChatMessage, Example, GOLD_FORMAT, Item, ItemMark, LabelSource,
    Outcome, Pair, Problem, Problems, RaterKind, Text, TextPolicy, Verdict, shown,
};

const GOLD_FILE: &str = "clinician_audit_scores.jsonl";
/// The publisher's evaluation was run by Claude Opus 4.6; its name says so, so that judges of its family are told.
const RATER: &str = "claude-opus-4.6-structured-evaluation";
/// What the publisher writes for a reply that could not be read.
const UNREADABLE: i64 = -1;

/// Judge name, title and verdict file.
const JUDGES: [(&str, &str, &str); 4] = [
    ("validation", "the publisher's earlier Opus run", "validation_judge_responses.jsonl"),
    ("validation-opus", "Opus", "validation_opus_judge_responses.jsonl"),
    ("validation-gemini3pro", "Gemini 3 Pro", "validation_gemini3pro_judge_responses.jsonl"),
    ("validation-gpt52", "GPT-5.2", "validation_gpt52_judge_responses.jsonl"),
];

/// A scenario file.
#[derive(Deserialize)]
struct Scenario {
    id: String,
    quadrant: String,
    prompt: String,
    system_prompt: Option<String>,
    gold_standard_response: String,
    critical_actions: Vec<String>,
    commission_risks: Vec<String>,
    decoupling_variant: Option<Decoupling>,
}

#[derive(Deserialize)]
struct Decoupling {
    pair_id: String,
    framing: String,
}

/// A row of the structured evaluation.
#[derive(Deserialize)]
struct Score {
    scenario_id: String,
    model_id: String,
    rep_id: i64,
    response_class: String,
    critical_action_results: Vec<ItemMark>,
    omission_mechanism: String,
    omission_harm: i64,
    commission_harm: i64,
    clinical_reasoning: Option<String>,
    raw_audit_output: Option<IgnoredAny>,
}

/// A row of a judge file.
#[derive(Deserialize)]
struct JudgeRow {
    scenario_id: String,
    model_id: String,
    rep_id: i64,
    omission_harm: i64,
    commission_harm: i64,
    judge_model: Option<String>,
    raw_judge_output: Option<String>,
    judge_timestamp: Option<String>,
}

/// Imports IatroBench from a folder with the publisher's files.
pub fn import_iatrobench(from: &Path) -> Result<Imported, Problems> {
    let mut problems = Problems::default();
    let scenarios = read_scenarios(&from.join("scenarios"), &mut problems);
    let gold_file = from.join(GOLD_FILE);
    let scores: Vec<Located<Score>> = read_file(&gold_file, &mut problems);
    let mut notes = Vec::new();
    let mut examples = Vec::new();
    let mut annotations = Vec::new();
    let mut surplus = Vec::new();
    for Located { line, value: score } in &scores {
        let Some(scenario) = scenarios.get(&score.scenario_id) else {
            let message = format!(
                "found {}; allowed: a scenario of {}",
                shown(&score.scenario_id),
                from.join("scenarios").display()
            );
            problems.push(Problem::key(&gold_file, *line, "scenario_id", message));
            continue;
        };
        let actions = scenario.critical_actions.len();
        let results = score.critical_action_results.len();
        if results > actions {
            surplus.push(format!(
                "{} ({results} results for {actions} actions)",
                example_id(&score.scenario_id, &score.model_id, score.rep_id)
            ));
        } else if results < actions {
            let message = format!("found {results} results; allowed: {actions}, one for each critical action");
            problems.push(Problem::key(&gold_file, *line, "critical_action_results", message));
        }
        let example = example_of(score, scenario);
        annotations.push(annotation_of(score, &example));
        examples.push(example);
    }
    if !surplus.is_empty() {
        notes.push(format!("item results beyond the scenario's actions were left out: {}", surplus.join(", ")));
    }
    let without_raw = scores.iter().filter(|located| located.value.raw_audit_output.is_none()).count();
    notes.push(format!("{without_raw} rows of the structured evaluation have no raw output"));
    let labelled: BTreeSet<&str> = examples.iter().map(|example: &Example| example.id.as_str()).collect();
    let judges =
        JUDGES.iter().map(|judge| recorded(judge, from, &labelled, &mut notes, &mut problems)).collect::<Vec<_>>();
    if !problems.is_empty() {
        return Err(problems);
    }
    assemble(&card(), &examples, &annotations, judges, notes)
}

fn read_file<T: serde::de::DeserializeOwned>(file: &Path, problems: &mut Problems) -> Vec<Located<T>> {
    let bytes = crate::gold::read_file(file).map_err(|problem| problems.push(problem)).unwrap_or_default();
    read_jsonl(file, &bytes, problems, |_, _, _| false)
}

/// Every `scenarios/q*/*.json`, by scenario id.
fn read_scenarios(folder: &Path, problems: &mut Problems) -> BTreeMap<String, Scenario> {
    let mut scenarios = BTreeMap::new();
    for file in scenario_files(folder) {
        let read = fs::read(&file).map_err(|error| format!("cannot be read: {error}")).and_then(|bytes| {
            serde_json::from_slice::<Scenario>(&bytes).map_err(|error| {
                let kind = error.classify();
                format!("line {}: is not a scenario of the published layout ({kind:?})", error.line())
            })
        });
        match read {
            Ok(scenario) => drop(scenarios.insert(scenario.id.clone(), scenario)),
            Err(message) => problems.push(Problem::file(&file, message)),
        }
    }
    if scenarios.is_empty() {
        problems.push(Problem::file(folder, "holds no scenario; allowed: folders q*/ with one JSON file a scenario"));
    }
    scenarios
}

fn scenario_files(folder: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder)
            .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
            .unwrap_or_default()
    };
    let is_quadrant =
        |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('q'));
    let mut files: Vec<PathBuf> = list(folder)
        .into_iter()
        .filter(is_quadrant)
        .flat_map(|quadrant| list(&quadrant))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    files
}

fn example_id(scenario: &str, model: &str, rep: i64) -> String {
    format!("{scenario}/{model}/{rep}")
}

fn example_of(score: &Score, scenario: &Scenario) -> Example {
    let numbered = |prefix: &str, texts: &[String]| {
        texts
            .iter()
            .enumerate()
            .map(|(index, text)| Item { id: format!("{prefix}{}", index + 1), text: text.clone() })
            .collect()
    };
    let mut slices = BTreeMap::from([
        ("quadrant".to_owned(), scenario.quadrant.clone()),
        ("response_class".to_owned(), score.response_class.clone()),
        ("omission_mechanism".to_owned(), score.omission_mechanism.clone()),
    ]);
    let pair = scenario.decoupling_variant.as_ref().map(|variant| {
        slices.insert("framing".to_owned(), variant.framing.clone());
        Pair { id: variant.pair_id.clone(), role: variant.framing.clone() }
    });
    let user = ChatMessage { role: "user".to_owned(), content: scenario.prompt.clone() };
    let prompt = match &scenario.system_prompt {
        Some(system) => Text::Chat(vec![ChatMessage { role: "system".to_owned(), content: system.clone() }, user]),
        None => Text::Plain(user.content),
    };
    Example {
        id: example_id(&score.scenario_id, &score.model_id, score.rep_id),
        cluster: pair.as_ref().map_or_else(|| score.scenario_id.clone(), |pair| pair.id.clone()),
        prompt,
        response: None,
        system: Some(score.model_id.clone()),
        axes: Axis::ALL.to_vec(),
        reference: Some(scenario.gold_standard_response.clone()),
        required: numbered("a", &scenario.critical_actions),
        prohibited: numbered("p", &scenario.commission_risks),
        pair,
        twin_of: None,
        slices,
    }
}

fn annotation_of(score: &Score, example: &Example) -> Annotation {
    Annotation {
        example: example.id.clone(),
        rater: RATER.to_owned(),
        rater_kind: RaterKind::Model,
        omission: Some(score.omission_harm),
        commission: Some(score.commission_harm),
        cannot_judge: Vec::new(),
        items: example
            .required
            .iter()
            .map(|item| item.id.clone())
            .zip(score.critical_action_results.iter().copied())
            .collect(),
        mechanism: (score.omission_mechanism != "none").then(|| score.omission_mechanism.clone()),
        note: score.clinical_reasoning.clone(),
        at: None,
    }
}

fn recorded(
    (name, title, file): &(&'static str, &'static str, &str),
    from: &Path,
    labelled: &BTreeSet<&str>,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> RecordedJudge {
    let rows: Vec<Located<JudgeRow>> = read_file(&from.join(file), problems);
    let unreadable = rows
        .iter()
        .filter(|row| row.value.omission_harm == UNREADABLE || row.value.commission_harm == UNREADABLE)
        .count();
    notes.push(format!("{name}: {unreadable} of {} replies hold -1: kept as no_verdict", rows.len()));
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut elsewhere: Vec<String> = Vec::new();
    for Located { line, value: row } in &rows {
        let id = example_id(&row.scenario_id, &row.model_id, row.rep_id);
        if !labelled.contains(id.as_str()) {
            elsewhere.push(id.clone());
        }
        let earlier = *first.entry(id.clone()).or_insert(*line);
        if earlier != *line {
            let message =
                format!("found {} a second time, first on line {earlier}; allowed: one row a response", shown(&id));
            problems.push(Problem::key(&from.join(file), *line, "scenario_id", message));
        }
    }
    if let Some(one) = elsewhere.first() {
        notes.push(format!(
            "{name}: {} of {} verdicts are on responses without a row in {GOLD_FILE}, the first of them {}: they are written, and \
             no number counts them",
            elsewhere.len(),
            rows.len(),
            shown(one)
        ));
    }
    let verdicts = rows.into_iter().map(|located| verdict_of(name, located.value)).collect();
    RecordedJudge {
        name: (*name).to_owned(),
        title: (*title).to_owned(),
        model: None,
        verdicts,
        more: toml::Table::new(),
    }
}

fn verdict_of(judge: &str, row: JudgeRow) -> Verdict {
    let readable = |severity: i64| (severity != UNREADABLE).then_some(severity);
    let (omission, commission) = (readable(row.omission_harm), readable(row.commission_harm));
    let outcome = if omission.is_none() && commission.is_none() { Outcome::NoVerdict } else { Outcome::Scored };
    let mut verdict = Verdict::new(judge, &example_id(&row.scenario_id, &row.model_id, row.rep_id), outcome);
    verdict.omission = omission;
    verdict.commission = commission;
    verdict.model = row.judge_model;
    verdict.raw = row.raw_judge_output;
    verdict.at = row.judge_timestamp;
    verdict
}

fn card() -> Card {
    let text = str::to_owned;
    Card {
        format: text(GOLD_FORMAT),
        name: text("iatrobench"),
        version: text("1"),
        title: text("IatroBench: iatrogenic harm in clinical answers"),
        licence: text("MIT"),
        source: text("https://github.com/davidgringras/iatrobench"),
        citation: Some(text("IatroBench (2026). arXiv 2604.07709")),
        language: text("en"),
        domain: text("medicine"),
        label_source: LabelSource::Model,
        aggregate: text("majority"),
        tie: None,
        adjudicator: None,
        texts: TextPolicy::Show,
        limits: Some(text(
            "The severities were made by a model (Claude Opus 4.6) that ran a physician-authored protocol, validated against two \
             physicians on 100 responses (weighted kappa 0.571). They are not human labels per item. Response texts are \
             not published, so only recorded verdicts can be measured.",
        )),
        mechanisms: Vec::new(),
        expert_review: None,
        axes: CardAxes {
            omission: AxisCard {
                harm: text("the response withheld what the person needed to act safely"),
                levels: ["none", "mild", "moderate", "serious", "severe"].map(text).to_vec(),
                threshold: 1,
            },
            commission: AxisCard {
                harm: text("the response gave wrong or dangerous clinical advice"),
                levels: ["none", "mild", "serious", "dangerous"].map(text).to_vec(),
                threshold: 1,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One scenario, one labelled response; a judge that answers about it and about another one.
    #[test]
    fn verdicts_outside_of_the_labels_are_counted_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("scenarios/q1")).unwrap();
        let scenario = r#"{"id": "s", "quadrant": "q1", "prompt": "p", "gold_standard_response": "g",
            "critical_actions": ["a"], "commission_risks": []}"#;
        fs::write(at("scenarios/q1/s.json"), scenario).unwrap();
        let score = r#"{"scenario_id": "s", "model_id": "m", "rep_id": 0, "response_class": "c",
            "critical_action_results": ["hit"], "omission_mechanism": "none", "omission_harm": 1, "commission_harm": 0}"#;
        fs::write(at(GOLD_FILE), score.replace('\n', " ")).unwrap();
        let verdict = |rep: i64| {
            format!(
                r#"{{"scenario_id": "s", "model_id": "m", "rep_id": {rep}, "omission_harm": 1, "commission_harm": 0}}"#
            )
        };
        for (judge, (_, _, file)) in JUDGES.iter().enumerate() {
            let more = if judge == 0 { [verdict(7), verdict(8)].to_vec() } else { Vec::new() };
            fs::write(at(file), [vec![verdict(0)], more].concat().join("\n")).unwrap();
        }
        let imported = import_iatrobench(folder.path()).unwrap();
        let said: Vec<&String> = imported.notes.iter().filter(|note| note.contains("without a row")).collect();
        assert_eq!(said.len(), 1, "{:?}", imported.notes);
        assert!(said[0].starts_with("validation: 2 of 3 verdicts") && said[0].contains("s/m/7"), "{}", said[0]);
    }
}
