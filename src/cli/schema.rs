//! `lacuna schema`: JSON Schemas, generated from the types.

use clap::{Args, ValueEnum};
use schemars::{JsonSchema, schema_for};

use super::config::AuditFile;
use super::error::CliError;
use super::lock::Lock;
use super::output;
use super::output::pretty;
use crate::gate::Gates;
use crate::gold::exchange::Keys;
use crate::gold::import::MappingFile;
use crate::gold::{ProbeSetFile, ScenarioFile};
use crate::judge::JudgeFile;
use crate::label::Plan;
use crate::measure::Evaluation;
use crate::model::{Annotation, Card, Example, Manifest, Verdict};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// lacuna.toml.
    Audit,
    /// card.toml of a gold set.
    Card,
    /// A line of examples.jsonl.
    Example,
    /// A line of annotations.jsonl.
    Annotation,
    /// A judge file.
    Judge,
    /// A line of a verdict file.
    Verdict,
    /// evaluation.json.
    Evaluation,
    /// manifest.json.
    Manifest,
    /// A mapping file.
    Mapping,
    /// keys.json of an export to a labelling tool.
    Keys,
    /// A scenario of which probes are built.
    Probe,
    /// What the scenarios of a folder have in common.
    ProbeSet,
    /// The plan of who labels what.
    Labelling,
    /// lacuna.lock.
    Lock,
    /// gates.json, and what `lacuna gate --format json` prints.
    Gates,
}

/// Arguments of `lacuna schema`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna schema example
  lacuna schema judge > judge.schema.json")]
pub(super) struct SchemaArgs {
    /// The format.
    #[arg(value_enum)]
    name: Name,
}

pub(super) fn run(args: &SchemaArgs) -> Result<(), CliError> {
    let schema = match args.name {
        Name::Audit => schema::<AuditFile>(),
        Name::Card => schema::<Card>(),
        Name::Example => schema::<Example>(),
        Name::Annotation => schema::<Annotation>(),
        Name::Judge => schema::<JudgeFile>(),
        Name::Verdict => schema::<Verdict>(),
        Name::Evaluation => schema::<Evaluation>(),
        Name::Manifest => schema::<Manifest>(),
        Name::Mapping => schema::<MappingFile>(),
        Name::Keys => schema::<Keys>(),
        Name::Probe => schema::<ScenarioFile>(),
        Name::ProbeSet => schema::<ProbeSetFile>(),
        Name::Labelling => schema::<Plan>(),
        Name::Lock => schema::<Lock>(),
        Name::Gates => schema::<Gates>(),
    }?;
    output::data(&schema)
}

fn schema<T: JsonSchema>() -> Result<String, CliError> {
    Ok(String::from_utf8_lossy(&pretty(&schema_for!(T))?).into_owned())
}
