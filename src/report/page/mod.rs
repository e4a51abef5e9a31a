//! `index.html`: one self-contained file. A strict Content-Security-Policy lets in its own style and its own script, by
//! their digests, and nothing else; data is inert JSON that the script puts into the page as text.

mod every_table;
mod first;
mod glance;
mod numbers;
mod policy;

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use every_table::{TableBlock, table_blocks, table_data};
use first::{AxisBlock, FindingBlock, JudgeBlock, axes, findings, judges, paragraphs, what};
use glance::{Glance, glance};
use numbers::{NumberTable, number_tables};
pub use policy::content_policy;

use super::compared::compared;
use super::doses::{DoseSentences, doses};
use super::drill::{DrillDown, Parted, embedded};
use super::figures::Figure;
use super::format::{clean, flowing, label_source};
use super::gates::{GateRow, gate_rows, gates_met};
use super::methods::methods;
use super::own::OwnFirst;
use super::parts::PageParts;
use super::worth::made;
use crate::measure::Evaluation;
use crate::model::LabelSource;

const TEMPLATE: &str = include_str!("../templates/index.html");
/// The colours of every page of this program, light and dark, as properties of the root.
pub const COLOURS: &str = include_str!("../templates/colours.css");
/// Lets the reader choose between light and dark by a button with the id `theme`.
pub const THEME_SCRIPT: &str = include_str!("../templates/theme.js");
const STYLE: &str = concat!(include_str!("../templates/colours.css"), include_str!("../templates/style.css"));
/// The one script of the page, its parts in turn.
const SCRIPT: &str = concat!(
    include_str!("../templates/theme.js"),
    include_str!("../templates/tables.js"),
    include_str!("../templates/drill.js")
);

/// Why the page could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the page could not be rendered: {0}")]
pub struct PageError(String);

/// What the template is filled with.
#[derive(Serialize)]
struct Page {
    policy: String,
    style: Value,
    script: Value,
    title: String,
    what: String,
    made: String,
    labels: &'static str,
    labels_human: bool,
    source: String,
    citation: Option<String>,
    limits: Vec<String>,
    glance: Glance,
    axes: Vec<AxisBlock>,
    judges: Vec<JudgeBlock>,
    /// Judges that are there for comparison.
    baselines: Vec<JudgeBlock>,
    /// Gates and what came of them, with how many were met.
    gates: Vec<GateRow>,
    gates_met: String,
    compared: Vec<String>,
    doses: Vec<DoseSentences>,
    findings: Vec<FindingBlock>,
    /// What each judge sees, before its words, and what stands with them.
    first: Option<FigureBlock>,
    lead: Vec<FigureBlock>,
    figures: Vec<FigureBlock>,
    numbers: Vec<NumberTable>,
    all_tables: Vec<TableBlock>,
    tables_data: Value,
    /// Tables without a row.
    empty_tables: Vec<String>,
    drill: Option<Value>,
    drill_words: String,
    methods: Vec<String>,
    level: String,
    seed: u64,
    digest: String,
}

#[derive(Serialize)]
struct FigureBlock {
    name: &'static str,
    tinted: bool,
    caption: String,
    wide: Value,
    narrow: Value,
}

impl From<&Figure> for FigureBlock {
    fn from(figure: &Figure) -> Self {
        Self {
            name: figure.name,
            tinted: figure.tinted,
            caption: figure.caption.clone(),
            // The figures escape what they draw.
            wide: Value::from_safe_string(figure.svg.clone()),
            narrow: Value::from_safe_string(figure.narrow.clone()),
        }
    }
}

/// Pairs of judges that the page spells out.
const PAIRS: usize = 10;
/// The figure that is the answer, and the one beside the words of it.
const FIRST: &str = "blindness";
const LEADING: &str = "severity_response";

/// Renders the page.
pub fn page(evaluation: &Evaluation, parts: &PageParts<'_>) -> Result<String, PageError> {
    let fault = |error: minijinja::Error| PageError(error.to_string());
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.add_template("index.html", TEMPLATE).map_err(fault)?;
    let filled = filled(evaluation, parts)?;
    let page =
        environment.get_template("index.html").map_err(fault)?.render(Value::from(Serde(filled))).map_err(fault)?;
    // The macros at the top leave empty lines.
    Ok(page.trim_start().to_owned())
}

fn filled(evaluation: &Evaluation, parts: &PageParts<'_>) -> Result<Page, PageError> {
    let gold = &evaluation.gold;
    let (first, others): (Vec<&Figure>, Vec<&Figure>) = parts.figures.iter().partition(|figure| figure.name == FIRST);
    let (lead, figures): (Vec<&Figure>, Vec<&Figure>) = others.into_iter().partition(|figure| figure.name == LEADING);
    let (tables, empty) = table_data(parts.tables)?;
    let named = OwnFirst::of(evaluation);
    Ok(Page {
        policy: content_policy(STYLE, SCRIPT, &[]),
        style: Value::from_safe_string(STYLE.to_owned()),
        script: Value::from_safe_string(SCRIPT.to_owned()),
        title: clean(&gold.title),
        what: flowing(&what(evaluation)),
        made: flowing(&made(evaluation)),
        labels: label_source(gold.label_source),
        labels_human: gold.label_source == LabelSource::Human,
        source: clean(&gold.source),
        citation: gold.citation.as_deref().map(clean),
        limits: gold.limits.as_deref().map(paragraphs).unwrap_or_default(),
        glance: glance(evaluation),
        axes: axes(evaluation),
        judges: judges(evaluation, &named.own, parts.drill.is_some()),
        baselines: judges(evaluation, &named.baselines, parts.drill.is_some()),
        gates: parts.gates.map(gate_rows).unwrap_or_default(),
        gates_met: parts.gates.map(gates_met).unwrap_or_default(),
        compared: compared(evaluation, PAIRS).iter().map(|sentence| flowing(sentence)).collect(),
        doses: doses(evaluation)
            .into_iter()
            .map(|found| DoseSentences {
                sentences: found.sentences.iter().map(|sentence| flowing(sentence)).collect(),
                ..found
            })
            .collect(),
        findings: findings(evaluation, None),
        first: first.first().map(|figure| FigureBlock::from(*figure)),
        lead: lead.into_iter().map(FigureBlock::from).collect(),
        figures: figures.into_iter().map(FigureBlock::from).collect(),
        numbers: number_tables(evaluation),
        all_tables: table_blocks(&tables),
        tables_data: inert(&tables)?,
        empty_tables: empty,
        drill: parts.drill.map(drill_data).transpose()?,
        drill_words: flowing(&drill_words(parts.drill)),
        methods: methods(evaluation, parts).iter().map(|paragraph| flowing(paragraph)).collect(),
        level: format!("{:.0} %", 100.0 * evaluation.settings.level),
        seed: evaluation.settings.seed,
        digest: gold.sha256.clone(),
    })
}

/// A value as JSON that is inert inside the page.
fn inert(value: &impl Serialize) -> Result<Value, PageError> {
    let json = serde_json::to_string(value).map_err(|error| PageError(error.to_string()))?;
    Ok(Value::from_safe_string(embedded(&json)))
}

fn drill_data(drill: &DrillDown) -> Result<Value, PageError> {
    drill.json().map(Value::from_safe_string).map_err(|error| PageError(error.to_string()))
}

/// What the drill-down holds, and what it does not.
fn drill_words(drill: Option<&DrillDown>) -> String {
    let Some(drill) = drill else {
        return "This page was drawn from an evaluation alone, which holds no single examples. `lacuna report --evaluation \
                FILE --gold DIR --verdicts FILE` shows them; the verdicts of a report are its verdicts.parquet."
            .to_owned();
    };
    let (own, baselines) = (drill.own, drill.baselines);
    let (all, here) = (own.all + baselines.all, own.here + baselines.here);
    let mut words =
        format!("Judges and gold labels part in {all} cases (a case is a judge on one axis of one example). ");
    words.push_str(&match all - here {
        0 => "All of them are here".to_owned(),
        _ => format!("{here} of them are here{}", parts_here(own, baselines)),
    });
    words.push_str(&match drill.held() - here {
        0 => ".".to_owned(),
        others => format!(", and {others} other cases beside them."),
    });
    if here < all {
        words.push_str(
            " What is left out would make this page too large. Every disagreement stands by id in tables/disagreements.csv, \
             and what was said in verdicts.parquet.",
        );
    }
    if drill.withheld() {
        words.push_str(" Texts are withheld: ids, labels and marks only.");
    }
    words
}

/// What of the disagreements is here, where that is not all.
fn parts_here(own: Parted, baselines: Parted) -> String {
    const SOME: &str = "some of every axis, kind and severity";
    let part = |parted: Parted, whose: &str| match (parted.all, parted.here) {
        (0, _) => None,
        (all, here) if here == all => Some(format!("all {all} of {whose}")),
        (all, here) => Some(format!("{here} of the {all} of {whose}, {SOME}")),
    };
    match (part(own, "judges"), part(baselines, "baselines")) {
        (Some(own), Some(baselines)) => format!(": {own}; {baselines}"),
        _ => format!(", {SOME}"),
    }
}
