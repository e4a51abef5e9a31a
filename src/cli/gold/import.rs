//! `lacuna gold import`: a published set in its publisher's layout, or any table by a mapping file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, error::ErrorKind};
use serde::Serialize;

use super::check::describe;
use super::export::rater_name;
use crate::cli::error::CliError;
use crate::cli::staging::{Existing, check_target, write_folder};
use crate::cli::{Format, output};
use crate::gold::GoldSet;
use crate::gold::exchange::{Answered, RaterNames, import_label_studio};
use crate::gold::import::{Imported, TableFormat, import_iatrobench, import_mapping, import_xstest};
use crate::judge::{JudgeKind, JudgeSpec, recorded_of};
use crate::model::{LabelSource, Problem, Problems};
use crate::report::one_line;

/// What an import reads.
#[derive(Debug, Subcommand)]
enum Import {
    /// XSTest: refusals of safe requests, compliance with unsafe ones; human labels, two recorded judges.
    #[command(after_help = "\
Examples:
  lacuna gold import xstest --from exaggerated-safety --out xstest")]
    Xstest(PublishedArgs),
    /// IatroBench: clinical answers; model-made labels, four recorded judge files.
    #[command(after_help = "\
Examples:
  lacuna gold import iatrobench --from iatrobench --out iatro")]
    Iatrobench(PublishedArgs),
    /// CSV tables, by a mapping file.
    Csv(MappedArgs),
    /// Tables of JSON lines, by a mapping file.
    Jsonl(MappedArgs),
    /// Label Studio's JSON export of a project that was made by `lacuna gold export label-studio`.
    #[command(after_help = "\
Examples:
  lacuna gold import label-studio --from e.json --keys out/keys.json --gold mine --out labelled
  lacuna gold import label-studio --from e.json --keys k.json --gold mine --out ours --raters 3=ann")]
    LabelStudio(LabelStudioArgs),
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
pub(in crate::cli) struct ImportArgs {
    #[command(subcommand)]
    what: Import,
}

/// Arguments for a published set.
#[derive(Debug, Args)]
struct PublishedArgs {
    /// Folder with the publisher's files.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    #[command(flatten)]
    target: Target,
}

/// Arguments for tables.
#[derive(Debug, Args)]
#[command(after_help = "\
A file whose name ends in .csv, .tsv, .jsonl, .ndjson or .parquet is read as that, any other as the
format named here. docs/mapping.md has every key of a mapping; examples/xstest-mapping.toml is one.

Examples:
  lacuna gold import csv --map mapping.toml --from tables --out mine")]
struct MappedArgs {
    /// The mapping file.
    #[arg(long, value_name = "FILE")]
    map: PathBuf,
    /// Folder of the tables; the mapping's own where absent.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Arguments for Label Studio.
#[derive(Debug, Args)]
struct LabelStudioArgs {
    /// The project's export, in the format that is named JSON; repeatable, where each rater has a project.
    #[arg(long, value_name = "EXPORT.json", required = true)]
    from: Vec<PathBuf>,
    /// The keys.json of the export.
    #[arg(long, value_name = "KEYS.json")]
    keys: PathBuf,
    /// Folder of the set that was exported.
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Pseudonym of a person by number [default: rater-<number>]; repeatable.
    #[arg(long, value_name = "ID=NAME", value_parser = rater_pair)]
    raters: Vec<(u64, String)>,
    #[command(flatten)]
    target: Target,
}

/// A person's number in Label Studio and the pseudonym.
fn rater_pair(text: &str) -> Result<(u64, String), String> {
    let allowed = || "allowed: the number of a person, `=` and a pseudonym, as in 3=ann".to_owned();
    let (person, name) = text.split_once('=').ok_or_else(allowed)?;
    Ok((person.trim().parse().map_err(|_| allowed())?, rater_name(name.trim())?))
}

/// Where an import goes.
#[derive(Debug, Args)]
struct Target {
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

pub(super) fn run(args: &ImportArgs) -> Result<(), CliError> {
    match &args.what {
        Import::Xstest(args) => import(&args.target, || import_xstest(&args.from)),
        Import::Iatrobench(args) => import(&args.target, || import_iatrobench(&args.from)),
        Import::Csv(args) => import_mapped(args, TableFormat::Csv),
        Import::Jsonl(args) => import_mapped(args, TableFormat::Jsonl),
        Import::LabelStudio(args) => label_studio(args),
        Import::Parquet(args) => import_mapped(args, TableFormat::Parquet),
    }
}

fn label_studio(args: &LabelStudioArgs) -> Result<(), CliError> {
    let (gold, files) = GoldSet::load_in_the_making(&args.gold)?;
    let mut raters = RaterNames::new();
    for (person, name) in &args.raters {
        if let Some(first) = raters.insert(*person, name.clone()).filter(|first| first != name) {
            let message = format!("--raters names {person} both {first} and {name}; allowed: one name each\n");
            clap::Error::raw(ErrorKind::ValueValidation, message).exit();
        }
    }
    import(&args.target, || {
        let Answered { files, gold, notes } = import_label_studio(&args.from, &args.keys, (&gold, &files), &raters)?;
        Ok(Imported { files, notes, gold, judges: Vec::new(), places: BTreeMap::new() })
    })
}

fn import_mapped(args: &MappedArgs, format: TableFormat) -> Result<(), CliError> {
    import(&args.target, || {
        let imported = import_mapping(&args.map, args.from.as_deref(), format)?;
        check_judges(&args.map, &imported)?;
        Ok(imported)
    })
}

/// Judge files hold keys that the mapping passes on: they have to be a judge's, and its verdicts what an audit reads.
fn check_judges(map: &Path, imported: &Imported) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for (path, bytes) in imported.files.iter().filter(|(path, _)| path.starts_with("judges")) {
        let judge = JudgeSpec::from_text(path, &String::from_utf8_lossy(bytes));
        let verdicts = judge.as_ref().ok().map(|judge| verdict_faults(judge, imported)).unwrap_or_default();
        let found = judge.err().unwrap_or_default();
        let judge = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let place = imported.places.get(judge);
        for problem in found.iter() {
            problems.push(place.map_or_else(|| Problem::file(map, problem.to_string()), |place| place.fault(problem)));
        }
        for problem in verdicts {
            problems.push(
                place.map_or_else(|| Problem::file(map, problem.to_string()), |place| place.verdict_fault(&problem)),
            );
        }
    }
    problems.or(())
}

/// What an audit would refuse in the verdicts of a judge: the first fault of each key, with a count.
fn verdict_faults(judge: &JudgeSpec, imported: &Imported) -> Vec<Problem> {
    let JudgeKind::Recorded { verdicts: file } = &judge.kind else { return Vec::new() };
    let Some(bytes) = imported.files.get(file) else { return Vec::new() };
    let found = recorded_of(judge, file, bytes, &imported.gold).err().unwrap_or_default();
    let mut first: BTreeMap<Option<&str>, (&Problem, usize)> = BTreeMap::new();
    for problem in found.iter() {
        first.entry(problem.key.as_deref()).or_insert((problem, 0)).1 += 1;
    }
    let counted = |(problem, count): (&Problem, usize)| {
        let rows = if count == 1 { "1 verdict".to_owned() } else { format!("{count} verdicts") };
        Problem { message: format!("{} ({rows} of judge {})", problem.message, judge.name), ..problem.clone() }
    };
    first.into_values().map(counted).collect()
}

fn import(target: &Target, read: impl FnOnce() -> Result<Imported, Problems>) -> Result<(), CliError> {
    check_target(&target.out, Existing::Nothing)?;
    let imported = read()?;
    write_folder(&target.out, &imported.files, Existing::Nothing)?;
    match target.format {
        Format::Json => output::json(&written(&imported))?,
        Format::Text => {
            output::data(&describe(&imported.gold))?;
            for (judge, verdicts) in &imported.judges {
                output::data(&format!("judge {judge}: {verdicts} verdicts\n"))?;
            }
        }
    }
    for note in &imported.notes {
        output::say(&format!("note: {}", one_line(note)));
    }
    let out = output::path(&target.out);
    let judges = if imported.judges.is_empty() { String::new() } else { format!(" --judge {out}/judges") };
    output::say(&format!("next: lacuna audit --gold {out}{judges}"));
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
