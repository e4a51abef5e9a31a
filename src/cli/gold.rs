//! `lacuna gold`: check a set, hold its raters against each other, import a published one or any table, split one.

mod agreement;
mod check;
mod split;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::error::CliError;
use super::output;
use super::staging::{Existing, check_target, write_folder};
use crate::gold::import::{Imported, TableFormat, import_iatrobench, import_mapping, import_xstest};
use crate::judge::JudgeSpec;
use crate::model::{Problem, Problems};
use crate::report::one_line;

/// Subcommands of `lacuna gold`.
#[derive(Debug, Subcommand)]
pub(super) enum GoldCommand {
    /// Holds raters against each other, and judges against labels made from them in three ways.
    Agreement(agreement::AgreementArgs),
    /// Reads a set strictly, says what it holds and what deserves a look.
    Check(check::CheckArgs),
    /// Reads a published set in its publisher's layout, or any table by a mapping file.
    Import(ImportArgs),
    /// Writes a calibration and a test part, by cluster.
    Split(split::SplitArgs),
}

/// What an import reads.
#[derive(Debug, Subcommand)]
enum Import {
    /// XSTest: refusals of safe requests, compliance with unsafe ones; human labels, two recorded judges.
    Xstest(PublishedArgs),
    /// IatroBench: clinical answers; model-made labels, four recorded judge files.
    Iatrobench(PublishedArgs),
    /// CSV tables, by a mapping file.
    Csv(MappedArgs),
    /// Tables of JSON lines, by a mapping file.
    Jsonl(MappedArgs),
    /// Parquet tables, by a mapping file.
    Parquet(MappedArgs),
}

/// Arguments of `lacuna gold import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna gold import xstest --from exaggerated-safety --out xstest
  lacuna gold import csv --map mapping.toml --out mine
  lacuna audit --gold mine --judge mine/judges")]
pub(super) struct ImportArgs {
    #[command(subcommand)]
    what: Import,
}

/// Arguments for a published set.
#[derive(Debug, Args)]
struct PublishedArgs {
    /// Folder with the publisher's files.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// A new or empty folder for the set, its judges and their verdicts.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Arguments for tables.
#[derive(Debug, Args)]
#[command(after_help = "\
A file whose name ends in .csv, .tsv, .jsonl, .ndjson or .parquet is read as that, any other as the format named here.
docs/mapping.md has every key of a mapping; examples/xstest-mapping.toml is one.

Example:
  lacuna gold import csv --map mapping.toml --from tables --out mine")]
struct MappedArgs {
    /// The mapping file.
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Folder of the tables; the mapping's own where absent.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// A new or empty folder for the set, its judges and their verdicts.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(command: &GoldCommand) -> Result<(), CliError> {
    match command {
        GoldCommand::Agreement(args) => agreement::run(args),
        GoldCommand::Check(args) => check::run(args),
        GoldCommand::Import(args) => match &args.what {
            Import::Xstest(args) => import(&args.out, || import_xstest(&args.from)),
            Import::Iatrobench(args) => import(&args.out, || import_iatrobench(&args.from)),
            Import::Csv(args) => import_mapped(args, TableFormat::Csv),
            Import::Jsonl(args) => import_mapped(args, TableFormat::Jsonl),
            Import::Parquet(args) => import_mapped(args, TableFormat::Parquet),
        },
        GoldCommand::Split(args) => split::run(args),
    }
}

fn import_mapped(args: &MappedArgs, format: TableFormat) -> Result<(), CliError> {
    import(&args.out, || {
        let imported = import_mapping(&args.map, args.from.as_deref(), format)?;
        check_judges(&args.map, &imported)?;
        Ok(imported)
    })
}

/// Judge files hold keys that the mapping passes on: they have to be a judge's.
fn check_judges(map: &Path, imported: &Imported) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (path, bytes) in imported.files.iter().filter(|(path, _)| path.starts_with("judges")) {
        let found = JudgeSpec::from_text(path, &String::from_utf8_lossy(bytes)).err().unwrap_or_default();
        let judge = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let place = imported.places.get(judge);
        for problem in found.iter() {
            problems.push(place.map_or_else(|| Problem::file(map, problem.to_string()), |place| place.fault(problem)));
        }
    }
    problems.or(())
}

fn import(out: &Path, read: impl FnOnce() -> Result<Imported, Problems>) -> Result<(), CliError> {
    check_target(out, Existing::Nothing)?;
    let imported = read()?;
    write_folder(out, &imported.files, Existing::Nothing)?;
    output::data(&check::describe(&imported.gold))?;
    for (judge, verdicts) in &imported.judges {
        output::data(&format!("judge {judge}: {verdicts} verdicts\n"))?;
    }
    for note in &imported.notes {
        output::say(&format!("note: {}", one_line(note)));
    }
    let judges = if imported.judges.is_empty() { String::new() } else { format!(" --judge {}/judges", out.display()) };
    output::say(&format!("next: lacuna audit --gold {}{judges}", out.display()));
    Ok(())
}
