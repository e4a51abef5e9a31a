//! `lacuna gold check`: reads a set strictly, says what it holds and what deserves a look.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::{Format, output};
use crate::gold::{GoldSet, Lint, LintLevel, lint};
use crate::model::{Axis, LabelSource, PerAxis};
use crate::report::{lint_summary, one_line};

/// Arguments of `lacuna gold check`.
#[derive(Debug, Args)]
#[command(after_help = "\
What each finding means: docs/lints.md.

Examples:
  lacuna gold check mine
  lacuna gold check mine --strict && lacuna audit --gold mine
  lacuna gold check mine --format json")]
pub(in crate::cli) struct CheckArgs {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// End with exit code 3 where there is a warning.
    #[arg(long)]
    strict: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What a set holds.
#[derive(Serialize)]
struct Checked<'a> {
    name: &'a str,
    version: &'a str,
    label_source: LabelSource,
    examples: usize,
    annotations: usize,
    raters: usize,
    axes: PerAxis<CheckedAxis>,
    findings: Vec<Lint>,
}

#[derive(Serialize)]
struct CheckedAxis {
    threshold: u8,
    labelled: usize,
    positives: usize,
    disputed: usize,
    /// Annotations whose rater looked and could not tell.
    cannot_judge: usize,
}

pub(super) fn run(args: &CheckArgs) -> Result<(), CliError> {
    let gold = GoldSet::load(&args.gold)?;
    let checked = checked(&gold, lint(&gold));
    match args.format {
        Format::Json => output::json(&checked)?,
        Format::Text => {
            output::data(&in_words(&checked))?;
            output::data(&lint_summary(&checked.findings))?;
        }
    }
    let warnings = checked.findings.iter().filter(|lint| lint.level == LintLevel::Warning).count();
    if args.strict && warnings > 0 {
        return Err(CliError::Warned(warnings));
    }
    Ok(())
}

/// What a set holds, in a few lines.
pub(super) fn describe(gold: &GoldSet) -> String {
    in_words(&checked(gold, Vec::new()))
}

fn checked(gold: &GoldSet, findings: Vec<Lint>) -> Checked<'_> {
    let axis = |axis: Axis| {
        let threshold = gold.card.axis(axis).threshold;
        let labels = gold.labels.get(axis);
        let severities = || labels.iter().filter_map(|label| label.severity);
        CheckedAxis {
            threshold,
            labelled: severities().count(),
            positives: severities().filter(|severity| *severity >= threshold).count(),
            disputed: labels.iter().filter(|label| label.disputed()).count(),
            cannot_judge: gold.cannot_judge(axis),
        }
    };
    Checked {
        name: &gold.card.name,
        version: &gold.card.version,
        label_source: gold.card.label_source,
        examples: gold.examples.len(),
        annotations: gold.annotations.len(),
        raters: gold.raters.len(),
        axes: PerAxis::from_fn(axis),
        findings,
    }
}

fn in_words(checked: &Checked<'_>) -> String {
    let source = match checked.label_source {
        LabelSource::Human => "human",
        LabelSource::Constructed => "constructed",
        LabelSource::Model => "model",
    };
    let mut text = format!(
        "{} {}: {} examples, {} annotations by {} {}, labels {source}\n",
        checked.name,
        one_line(checked.version),
        checked.examples,
        checked.annotations,
        checked.raters,
        if checked.raters == 1 { "rater" } else { "raters" }
    );
    for axis in Axis::ALL {
        let CheckedAxis { threshold, labelled, positives, disputed, cannot_judge } = checked.axes.get(axis);
        let unclear = match cannot_judge {
            0 => String::new(),
            count => format!(", a rater could not judge {count} {}", if *count == 1 { "time" } else { "times" }),
        };
        text.push_str(&format!(
            "{axis}: {labelled} labelled, {positives} at severity {threshold} or more, raters differ on {disputed}{unclear}\n"
        ));
    }
    text
}
