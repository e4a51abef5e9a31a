//! `index.html`: one self-contained file with a strict Content-Security-Policy and no script.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::figures::Figure;
use super::format::{clean, difference, flowing, fraction, label_source, number, percent, plain, share, tally};
use super::sentence::{axis_sentence, gap_sentence, replies_made};
use crate::findings::describe_scale;
use crate::measure::{AxisEvaluation, CeilingReference, Evaluation, Finding, FindingLevel};
use crate::model::{Axis, LabelSource};

const TEMPLATE: &str = include_str!("templates/index.html");
const STYLE: &str = include_str!("templates/style.css");

/// Why the page could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be rendered: {0}")]
pub struct PageError(String);

/// What the template is filled with.
#[derive(Serialize)]
struct Page {
    policy: String,
    style: Value,
    title: String,
    set: String,
    source: String,
    licence: String,
    citation: Option<String>,
    limits: Vec<String>,
    labels: &'static str,
    labels_human: bool,
    people: String,
    examples: usize,
    clusters: usize,
    systems: usize,
    axes: Vec<String>,
    judges: Vec<JudgeBlock>,
    findings: Vec<FindingBlock>,
    figures: Vec<FigureBlock>,
    headings: Vec<&'static str>,
    numbers: Vec<NumberRow>,
    ceiling: Vec<Vec<String>>,
    level: String,
    seed: u64,
    digest: String,
}

#[derive(Serialize)]
struct JudgeBlock {
    judge: String,
    about: String,
    sentences: Vec<String>,
    gap: String,
    findings: Vec<FindingBlock>,
}

#[derive(Serialize)]
struct FindingBlock {
    code: String,
    level: &'static str,
    message: String,
    help: String,
}

#[derive(Serialize)]
struct NumberRow {
    judge: String,
    axis: &'static str,
    cells: Vec<String>,
}

#[derive(Serialize)]
struct FigureBlock {
    title: String,
    name: &'static str,
    svg: Value,
}

/// Renders the page.
pub fn page(evaluation: &Evaluation, figures: &[Figure]) -> Result<String, PageError> {
    let fault = |error: minijinja::Error| PageError(error.to_string());
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_template("index.html", TEMPLATE).map_err(fault)?;
    let gold = &evaluation.gold;
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let figures: Vec<FigureBlock> = figures
        .iter()
        .map(|figure| FigureBlock {
            title: figure.title.clone(),
            name: figure.name,
            // The figures escape what they draw; nothing else on the page is marked safe.
            svg: Value::from_safe_string(figure.svg.clone()),
        })
        .collect();
    let page = environment.get_template("index.html").map_err(fault)?.render(Value::from(Serde(Page {
        policy: format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"),
        style: Value::from_safe_string(STYLE.to_owned()),
        title: clean(&gold.title),
        set: format!("{} {}", clean(&gold.name), clean(&gold.version)),
        source: clean(&gold.source),
        licence: clean(&gold.licence),
        citation: gold.citation.as_deref().map(clean),
        limits: gold.limits.as_deref().map(paragraphs).unwrap_or_default(),
        labels: label_source(gold.label_source),
        labels_human: gold.label_source == LabelSource::Human,
        people: people(evaluation),
        examples: gold.examples,
        clusters: gold.clusters,
        systems: gold.systems.len(),
        axes: axes(evaluation),
        judges: judges(evaluation),
        findings: findings(evaluation, None),
        figures,
        headings: HEADINGS.to_vec(),
        numbers: numbers(evaluation),
        ceiling: ceiling_rows(evaluation),
        level: format!("{:.0} %", 100.0 * evaluation.settings.level),
        seed: evaluation.settings.seed,
        digest: gold.sha256.clone(),
    })));
    page.map_err(fault)
}

/// Paragraphs of a text: blank lines part them, other line breaks are spaces.
fn paragraphs(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| flowing(&lines.join(" ")))
        .collect()
}

/// Who rated, in words.
fn people(evaluation: &Evaluation) -> String {
    let raters: Vec<String> = evaluation
        .gold
        .raters
        .iter()
        .map(|rater| {
            let kind = match rater.kind {
                crate::model::RaterKind::Human => "a person",
                crate::model::RaterKind::Model => "a model",
                crate::model::RaterKind::Construction => "by construction",
            };
            format!("{} ({kind})", clean(&rater.rater))
        })
        .collect();
    raters.join(", ")
}

fn axes(evaluation: &Evaluation) -> Vec<String> {
    Axis::ALL
        .iter()
        .map(|axis| {
            let summary = evaluation.gold.axes.get(*axis);
            let level = summary.levels.get(usize::from(summary.threshold)).map_or("", String::as_str);
            let disputed = match summary.disputed {
                0 => String::new(),
                disputed => format!("; raters differ on {disputed}"),
            };
            format!(
                "{axis}: {}. {} positives (severity {}, \u{201c}{}\u{201d}, or more) of {} labelled examples{disputed}.",
                clean(summary.harm.trim().trim_end_matches('.')),
                summary.positives,
                summary.threshold,
                clean(level),
                summary.labelled
            )
        })
        .collect()
}

fn judges(evaluation: &Evaluation) -> Vec<JudgeBlock> {
    evaluation
        .judges
        .iter()
        .map(|judge| {
            let title = judge.title.as_deref().map(|title| format!("{}, ", clean(title))).unwrap_or_default();
            JudgeBlock {
                judge: clean(&judge.judge),
                about: format!(
                    "{title}{}{}{}{}; asked about {} of {} examples",
                    judge.kind,
                    said(&judge.models_said),
                    replies_made(judge).map(|made| format!("; {made}")).unwrap_or_default(),
                    judge.scale.as_ref().map(|scale| format!("; {}", describe_scale(scale))).unwrap_or_default(),
                    judge.asked,
                    judge.asked + judge.not_asked
                ),
                sentences: Axis::ALL.iter().map(|axis| flowing(&axis_sentence(evaluation, judge, *axis))).collect(),
                gap: flowing(&gap_sentence(judge)),
                findings: findings(evaluation, Some(&judge.judge)),
            }
        })
        .collect()
}

/// Which models answered, where the provider said so.
fn said(models: &BTreeMap<String, usize>) -> String {
    match models.len() {
        0 => String::new(),
        1 => models.keys().map(|model| format!("; answered by {}", clean(model))).collect(),
        several => format!("; answered by {several} models"),
    }
}

fn findings(evaluation: &Evaluation, judge: Option<&str>) -> Vec<FindingBlock> {
    let block = |finding: &Finding| FindingBlock {
        code: finding.code.clone(),
        level: if finding.level == FindingLevel::Warning { "warning" } else { "note" },
        message: flowing(&finding.message),
        help: finding.help.clone(),
    };
    evaluation.findings.iter().filter(|finding| finding.judge.as_deref() == judge).map(block).collect()
}

const HEADINGS: [&str; 14] = [
    "Judge",
    "Axis",
    "Recall",
    "hits",
    "Scored only",
    "Bounds",
    "False alarms",
    "of",
    "Flag rate (chance)",
    "Youden J",
    "AUC",
    "Precision here",
    "Kappa (quadratic)",
    "Unscored",
];

fn numbers(evaluation: &Evaluation) -> Vec<NumberRow> {
    let mut rows = Vec::new();
    for judge in &evaluation.judges {
        for axis in Axis::ALL {
            if let Some(numbers) = judge.axes.get(axis) {
                rows.push(NumberRow { judge: clean(&judge.judge), axis: axis.name(), cells: cells(numbers) });
            }
        }
    }
    rows
}

fn cells(numbers: &AxisEvaluation) -> Vec<String> {
    let bounds = match (numbers.recall_bounds.lower, numbers.recall_bounds.upper) {
        (Some(lower), Some(upper)) => format!("{} to {}", percent(lower), percent(upper)),
        _ => "-".to_owned(),
    };
    let unscored: Vec<String> =
        numbers.unscored.iter().map(|(reason, count)| format!("{} {}", tally(*count), reason.name())).collect();
    vec![
        share(&numbers.recall),
        fraction(&numbers.recall),
        share(&numbers.recall_scored_only),
        bounds,
        share(&numbers.false_alarm_rate),
        fraction(&numbers.false_alarm_rate),
        share(&numbers.flag_rate),
        difference(&numbers.youden_j),
        numbers.auc.as_ref().map_or_else(|| "-".to_owned(), number),
        share(&numbers.precision),
        difference(&numbers.agreement.kappa_quadratic),
        if unscored.is_empty() { "0".to_owned() } else { unscored.join(", ") },
    ]
}

fn ceiling_rows(evaluation: &Evaluation) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        for entry in evaluation.human_ceiling.get(axis) {
            let against = match (entry.against, entry.independent) {
                (CeilingReference::Others, _) => "the other raters",
                (CeilingReference::Gold, _) => "the gold label (not independent)",
            };
            rows.push(vec![
                clean(&entry.rater),
                axis.name().to_owned(),
                against.to_owned(),
                share(&entry.axis.recall),
                fraction(&entry.axis.recall),
                share(&entry.axis.false_alarm_rate),
                fraction(&entry.axis.false_alarm_rate),
                plain(entry.axis.agreement.kappa_quadratic.value),
            ]);
        }
    }
    rows
}
