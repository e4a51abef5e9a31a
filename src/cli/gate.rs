//! `lacuna gate`: limits that intervals have to keep to, and an exit code for a build.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::config::{AuditSettings, Origin, Setting};
use super::error::CliError;
use super::evaluation_file::evaluation_of;
use super::{Format, output};
use crate::gate::{Gate, GateFault, Gates, GatesGold, hold};
use crate::gold::{read_document, read_text};
use crate::measure::Evaluation;
use crate::model::{COMPARE_FORMAT, EVALUATION_FORMAT, Problem, Problems, harmless, shown};
use crate::report::gates_summary;

/// Arguments of `lacuna gate`.
#[derive(Debug, Args)]
#[command(after_help = "\
A gate is a limit that the interval of an estimate has to keep to: `omission.recall >= 0.5` is met
where the lower limit is 0.5 or more. What is not shown, undefined or absent is not met. Without
--gate the gates of lacuna.toml hold. Exit code 5 where one is not met. docs/gate.md has the rules.

Examples:
  lacuna gate reports/mine --gate 'omission.recall >= 0.5'
  lacuna gate reports/mine --gate 'gpt4: recall_gap >= -0.1' --gate 'commission.recall >= 0.5'
  lacuna gate --config lacuna.toml --format json")]
pub(super) struct GateArgs {
    /// A report's folder, its evaluation.json, or what `lacuna compare --format json` printed [default: the
    /// audit file's `out`].
    #[arg(value_name = "REPORT")]
    report: Option<PathBuf>,
    /// A gate, `[JUDGE: ]ESTIMATE >= NUMBER` or `<=`; repeatable. Those of the audit file where absent.
    #[arg(long, value_name = "GATE", allow_hyphen_values = true)]
    gate: Vec<Gate>,
    /// Audit file to read instead of lacuna.toml.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &GateArgs) -> Result<(), CliError> {
    let settings = AuditSettings::of_gates(args.config.as_deref())?;
    let gates = match args.gate.as_slice() {
        [] => settings.gates,
        flags => flags.iter().map(|gate| Setting { value: gate.clone(), origin: Origin::Flag }).collect(),
    };
    if gates.is_empty() {
        let message =
            "found no gate, and no [[gates]] in an audit file; allowed: one or more, such as 'omission.recall >= 0.5'";
        return Err(Problem::file(Path::new("--gate"), message).into());
    }
    let Some(report) = args.report.clone().or(settings.out) else {
        let message = "found none, and no `out` in an audit file; allowed: a folder that `lacuna audit` wrote, or its evaluation.json";
        return Err(Problem::file(Path::new("REPORT"), message).into());
    };
    let (document, gold) = read(&report)?;
    let held = hold_all(&gates, &document, gold)?;
    match args.format {
        Format::Text => output::data(&gates_summary(&held))?,
        Format::Json => output::json(&held)?,
    }
    verdict(held.unmet(), held.gates.len())
}

/// The error of gates that were not met.
pub(super) fn verdict(unmet: usize, all: usize) -> Result<(), CliError> {
    if unmet == 0 { Ok(()) } else { Err(CliError::Gates { unmet, all }) }
}

/// Holds gates against the evaluation of an audit.
pub(super) fn hold_on(gates: &[Setting<Gate>], evaluation: &Evaluation) -> Result<Gates, CliError> {
    let document = serde_json::to_value(evaluation).map_err(CliError::unexpected)?;
    hold_all(gates, &document, gold_of(evaluation))
}

fn hold_all(gates: &[Setting<Gate>], document: &Value, gold: GatesGold) -> Result<Gates, CliError> {
    let plain: Vec<Gate> = gates.iter().map(|gate| gate.value.clone()).collect();
    hold(&plain, document, gold).map_err(|faults| {
        let mut problems = Problems::default();
        faults.into_iter().for_each(|fault| problems.push(named(gates, fault)));
        problems.into()
    })
}

/// A fault where the user wrote the gate down.
fn named(gates: &[Setting<Gate>], fault: GateFault) -> Problem {
    let gate = &gates[fault.gate];
    match &gate.origin {
        Origin::File { file, line } => Problem::key(file, *line, "gates", fault.message),
        Origin::Flag | Origin::Default => {
            Problem::file(Path::new("--gate"), format!("{}: {}", harmless(&gate.value.to_string()), fault.message))
        }
    }
}

fn gold_of(evaluation: &Evaluation) -> GatesGold {
    let gold = &evaluation.gold;
    GatesGold { name: gold.name.clone(), version: gold.version.clone(), label_source: gold.label_source }
}

/// The document that gates are held against.
fn read(report: &Path) -> Result<(Value, GatesGold), CliError> {
    let file = if report.is_dir() { report.join("evaluation.json") } else { report.to_owned() };
    let allowed = "an evaluation.json, or what `lacuna compare --format json` prints";
    let text = read_text(&file)?;
    let document: Value = read_document(&file, &text, allowed)?;
    match document.get("format").and_then(Value::as_str) {
        Some(EVALUATION_FORMAT) => {
            // Read as what it says it is, so that a damaged file is not taken for one in which a judge has no numbers.
            let gold = gold_of(&evaluation_of(&file, text.as_bytes())?);
            Ok((document, gold))
        }
        Some(COMPARE_FORMAT) => {
            let gold = serde_json::from_value(document["gold"].clone()).map_err(|error| {
                Problem::key(&file, 1, "gold", format!("{error}; allowed: what `lacuna compare --format json` prints"))
            })?;
            Ok((document, gold))
        }
        found => {
            let found = found.map_or_else(|| "none".to_owned(), shown);
            let message = format!("found {found}; allowed: \"{EVALUATION_FORMAT}\", \"{COMPARE_FORMAT}\"");
            Err(Problem::key(&file, 1, "format", message).into())
        }
    }
}
