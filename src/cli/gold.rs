//! `lacuna gold`: check a set, browse it, hold its raters against each other, import a published one, split one.

mod agreement;
mod check;
mod hints;
mod show;
mod split;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::error::CliError;
use super::staging::{Existing, check_target, write_folder};
use super::{Format, output};
use crate::gold::import::{Imported, import_iatrobench, import_xstest};
use crate::model::{LabelSource, Problems};
use crate::report::one_line;

/// The end of `lacuna gold --help`.
pub(super) const AFTER_HELP: &str = "\
A gold set is a folder with card.toml, examples.jsonl and annotations.jsonl.

Examples:
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna gold check xstest
  lacuna gold show xstest --disputed";

/// Subcommands of `lacuna gold`.
#[derive(Debug, Subcommand)]
pub(super) enum GoldCommand {
    /// Holds raters against each other, and judges against labels made from them in three ways.
    Agreement(agreement::AgreementArgs),
    /// Reads a set strictly, says what it holds and what deserves a look.
    Check(check::CheckArgs),
    /// Reads a published set in its publisher's layout.
    Import(ImportArgs),
    /// Browses the examples: filters, pages, one example whole.
    Show(show::ShowArgs),
    /// Writes a calibration and a test part, by cluster.
    Split(split::SplitArgs),
}

/// Published sets with an importer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Published {
    /// XSTest: refusals of safe requests, compliance with unsafe ones; human labels, two recorded judges.
    Xstest,
    /// IatroBench: clinical answers; model-made labels, four recorded judge files.
    Iatrobench,
}

/// Arguments of `lacuna gold import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna audit --gold xstest --judge xstest/judges")]
pub(super) struct ImportArgs {
    /// The published set.
    #[arg(value_enum)]
    set: Published,
    /// Folder with the publisher's files.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// A new or empty folder for the set, its judges and their verdicts.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What an import wrote.
#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    version: &'a str,
    label_source: LabelSource,
    examples: usize,
    annotations: usize,
    raters: usize,
    /// Verdicts of each recorded judge.
    judges: BTreeMap<&'a str, usize>,
}

pub(super) fn run(command: &GoldCommand) -> Result<(), CliError> {
    match command {
        GoldCommand::Agreement(args) => agreement::run(args),
        GoldCommand::Check(args) => check::run(args),
        GoldCommand::Import(args) => import(args),
        GoldCommand::Show(args) => show::run(args),
        GoldCommand::Split(args) => split::run(args),
    }
}

fn import(args: &ImportArgs) -> Result<(), CliError> {
    check_target(&args.out, Existing::Nothing)?;
    let read: Result<Imported, Problems> = match args.set {
        Published::Xstest => import_xstest(&args.from),
        Published::Iatrobench => import_iatrobench(&args.from),
    };
    let imported = read?;
    write_folder(&args.out, &imported.files, Existing::Nothing)?;
    match args.format {
        Format::Json => output::json(&written(&imported))?,
        Format::Text => {
            output::data(&check::describe(&imported.gold))?;
            for (judge, verdicts) in &imported.judges {
                output::data(&format!("judge {judge}: {verdicts} verdicts\n"))?;
            }
        }
    }
    for note in &imported.notes {
        output::say(&format!("note: {}", one_line(note)));
    }
    let out = output::path(&args.out);
    output::say(&format!("next: lacuna audit --gold {out} --judge {out}/judges"));
    Ok(())
}

fn written(imported: &Imported) -> Written<'_> {
    let gold = &imported.gold;
    Written {
        name: &gold.card.name,
        version: &gold.card.version,
        label_source: gold.card.label_source,
        examples: gold.examples.len(),
        annotations: gold.annotations.len(),
        raters: gold.raters.len(),
        judges: imported.judges.iter().map(|(judge, verdicts)| (judge.as_str(), *verdicts)).collect(),
    }
}
