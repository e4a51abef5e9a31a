//! `lacuna gold export`: examples out to other labelling tools, blind.

use std::path::PathBuf;

use clap::{Args, Subcommand, error::ErrorKind};
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::staging::{Existing, check_target, write_folder};
use crate::cli::{Format, output};
use crate::gold::exchange::{Files, LabelStudioOptions, export_label_studio, export_sheets};
use crate::gold::{GoldSet, SetFiles};
use crate::label::rater_name_fault;

/// Arguments of `lacuna gold export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Raters see prompt, response and required items under an opaque key: no id, system, slice, judge or other
rater. docs/exchange.md tells the way there and back.

Examples:
  lacuna gold export label-studio mine --out mine-tasks
  lacuna gold export csv mine --out mine-sheets --rater ann --rater ben")]
pub(in crate::cli) struct ExportArgs {
    #[command(subcommand)]
    what: Export,
}

/// Where examples go.
#[derive(Debug, Subcommand)]
enum Export {
    /// Spreadsheets to be filled, and the mapping that reads them back.
    #[command(after_help = "\
Examples:
  lacuna gold export csv mine --out mine-sheets --rater ann --rater ben
  lacuna gold import csv --map mine-sheets/mapping.toml --out labelled")]
    Csv(CsvArgs),
    /// Tasks and a labelling configuration for Label Studio.
    #[command(after_help = "\
Examples:
  lacuna gold export label-studio mine --out mine-tasks
  lacuna gold export label-studio mine --out to-adjudicate --predictions")]
    LabelStudio(LabelStudioArgs),
}

/// Arguments of every export.
#[derive(Debug, Args)]
struct Common {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// A new or empty folder for the export.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Seed of the order of the examples.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct CsvArgs {
    #[command(flatten)]
    common: Common,
    /// Pseudonym of a rater, who gets a sheet of that name; repeatable.
    #[arg(long, value_name = "NAME", default_value = "rater-1", value_parser = rater_name)]
    rater: Vec<String>,
}

#[derive(Debug, Args)]
struct LabelStudioArgs {
    #[command(flatten)]
    common: Common,
    /// Show the raters' answers as predictions, for adjudication: this is not blind.
    #[arg(long)]
    predictions: bool,
}

/// A pseudonym that may name a file.
pub(super) fn rater_name(text: &str) -> Result<String, String> {
    rater_name_fault(text).map_or_else(|| Ok(text.to_owned()), Err)
}

/// What was written.
#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    examples: usize,
    files: Vec<String>,
}

pub(super) fn run(args: &ExportArgs) -> Result<(), CliError> {
    match &args.what {
        Export::Csv(args) => csv(args),
        Export::LabelStudio(args) => label_studio(args),
    }
}

fn csv(args: &CsvArgs) -> Result<(), CliError> {
    let repeated = |(at, rater): &(usize, &String)| args.rater[..*at].iter().any(|one| one.eq_ignore_ascii_case(rater));
    if let Some((_, twice)) = args.rater.iter().enumerate().find(repeated) {
        let message = format!("--rater {twice} would be the file of another rater; allowed: each rater once\n");
        clap::Error::raw(ErrorKind::ValueValidation, message).exit();
    }
    export(&args.common, |gold, files| Ok(export_sheets(gold, files, &args.rater, args.common.seed)?))?;
    let out = output::path(&args.common.out);
    output::say(&format!("raters get {out}/sheets alone: the other files say what an example is"));
    output::say(&format!("next: lacuna gold import csv --map {out}/mapping.toml --out labelled"));
    Ok(())
}

fn label_studio(args: &LabelStudioArgs) -> Result<(), CliError> {
    let options = LabelStudioOptions { seed: args.common.seed, predictions: args.predictions };
    export(&args.common, |gold, files| Ok(export_label_studio(gold, files, options)?))?;
    let (out, gold) = (output::path(&args.common.out), output::path(&args.common.gold));
    output::say(&format!("keep {out}/keys.json: it says what a task is, and the way back needs it"));
    output::say(&format!(
        "next: config.xml and tasks.json into a project, then lacuna gold import label-studio --from EXPORT.json --keys \
         {out}/keys.json --gold {gold} --out labelled"
    ));
    Ok(())
}

fn export(common: &Common, make: impl FnOnce(&GoldSet, &SetFiles) -> Result<Files, CliError>) -> Result<(), CliError> {
    check_target(&common.out, Existing::Nothing)?;
    let (gold, files) = GoldSet::load_in_the_making(&common.gold)?;
    let folder = make(&gold, &files)?;
    write_folder(&common.out, &folder, Existing::Nothing)?;
    let written = Written {
        name: &gold.card.name,
        examples: gold.examples.len(),
        files: folder.keys().map(|path| path.display().to_string()).collect(),
    };
    match common.format {
        Format::Json => output::json(&written),
        Format::Text => {
            let text = format!("{}: {} examples; wrote {}\n", written.name, written.examples, written.files.join(", "));
            output::data(&text)
        }
    }
}
