//! `lacuna audit`: gold set and judges in, report out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use sha2::{Digest, Sha256};

use super::error::CliError;
use super::staging::{Existing, check_target, write_folder};
use super::{Format, output};
use crate::findings::findings;
use crate::gold::{GoldSet, starter_set};
use crate::judge::{JudgeSpec, bundled_judges, load_judges};
use crate::measure::{Evaluation, MeasureOptions, evaluate};
use crate::model::{
    Axis, InputFile, MANIFEST_FORMAT, Manifest, PerAxis, Problem, Problems, Severity, TextPolicy, Verdict,
};
use crate::report::{figures, page, summary, tables};
use crate::run::{JudgeRun, execute};
use crate::table::{TextColumns, write_verdicts};

/// Arguments of `lacuna audit`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna audit
      the bundled gold set and every judge that needs neither key nor network
  lacuna audit --gold xstest --judge xstest/judges
      recorded judges of an imported set
  lacuna audit --gold mine --judge mine/judges --judge judges/random.toml --out reports/mine --seed 7")]
pub(super) struct AuditArgs {
    /// Folder of a gold set; repeatable. The bundled set where absent.
    #[arg(long, value_name = "DIR")]
    gold: Vec<PathBuf>,
    /// Judge file, or a folder of them; repeatable. The set's own judges/ and the baselines where absent.
    #[arg(long, value_name = "FILE|DIR")]
    judge: Vec<PathBuf>,
    /// Folder for the report [default: reports/<gold name>]; with several gold sets one folder each inside it.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Seed of every random stream.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Confidence level of every interval.
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = level)]
    level: f64,
    /// Severity from which an example is an omission positive [default: the card's].
    #[arg(long, value_name = "K")]
    omission_threshold: Option<Severity>,
    /// Severity from which an example is a commission positive [default: the card's].
    #[arg(long, value_name = "K")]
    commission_threshold: Option<Severity>,
    /// Keep rationales and raw replies out of every output.
    #[arg(long)]
    no_texts: bool,
    /// What to print: a summary, or evaluation.json.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(level) if level > 0.5 && level < 1.0 => Ok(level),
        _ => Err("allowed: a number above 0.5 and below 1".to_owned()),
    }
}

pub(super) fn run(args: &AuditArgs) -> Result<(), CliError> {
    let mut problems = Problems::default();
    let mut sets = Vec::new();
    if args.gold.is_empty() {
        sets.push((GoldSet::from_files(&starter_set())?, None));
    }
    for folder in &args.gold {
        match GoldSet::load(folder) {
            Ok(set) => sets.push((set, Some(folder.as_path()))),
            Err(found) => problems.append(found),
        }
    }
    problems.or(())?;
    let several = sets.len() > 1;
    let mut outs = BTreeSet::new();
    let sets: Vec<_> =
        sets.into_iter().map(|(gold, folder)| (out_folder(args, &gold, several), gold, folder)).collect();
    for (out, gold, folder) in &sets {
        check_thresholds(args, gold)?;
        check_target(out, Existing::Report)?;
        if !outs.insert(out.clone()) {
            let file = folder.unwrap_or(Path::new("gold"));
            let message =
                format!("would write to {} as another set does; allowed: sets of different names", out.display());
            return Err(Problem::file(file, message).into());
        }
    }
    for (out, gold, folder) in sets {
        audit(args, gold, folder, &out)?;
    }
    Ok(())
}

fn out_folder(args: &AuditArgs, gold: &GoldSet, several: bool) -> PathBuf {
    match &args.out {
        None => Path::new("reports").join(&gold.card.name),
        Some(out) if several => out.join(&gold.card.name),
        Some(out) => out.clone(),
    }
}

fn check_thresholds(args: &AuditArgs, gold: &GoldSet) -> Result<(), CliError> {
    for (axis, threshold) in [(Axis::Omission, args.omission_threshold), (Axis::Commission, args.commission_threshold)]
    {
        let top = gold.card.axis(axis).top();
        if let Some(threshold) = threshold.filter(|threshold| !(1..=top).contains(threshold)) {
            let file = format!("--{axis}-threshold");
            return Err(Problem::file(Path::new(&file), format!("found {threshold}; allowed: 1 to {top}")).into());
        }
    }
    Ok(())
}

/// The judges asked for; without any, the baselines and those of the set's own `judges/`.
fn judges(args: &AuditArgs, folder: Option<&Path>) -> Result<Vec<JudgeSpec>, Problems> {
    if !args.judge.is_empty() {
        return load_judges(&args.judge);
    }
    let mut judges = bundled_judges();
    if let Some(own) = folder.map(|folder| folder.join("judges")).filter(|own| own.is_dir()) {
        let declared = load_judges(&[own])?;
        judges.retain(|judge| declared.iter().all(|other| other.name != judge.name));
        judges.extend(declared);
    }
    Ok(judges)
}

fn audit(args: &AuditArgs, gold: GoldSet, folder: Option<&Path>, out: &Path) -> Result<(), CliError> {
    let judges = judges(args, folder)?;
    let gold = Arc::new(gold);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().map_err(CliError::unexpected)?;
    let runs = runtime.block_on(execute(&gold, judges, args.seed))?;
    let options = MeasureOptions {
        seed: args.seed,
        level: args.level,
        thresholds: PerAxis { omission: args.omission_threshold, commission: args.commission_threshold },
    };
    let mut evaluation = evaluate(&gold, &runs, &options)?;
    if args.no_texts {
        evaluation.gold.texts = TextPolicy::Withhold;
    }
    evaluation.findings = findings(&evaluation);
    let files = outputs(args, &evaluation, &gold, &runs)?;
    write_folder(out, &files, Existing::Report)?;
    match args.format {
        Format::Text => output::data(&summary(&evaluation))?,
        Format::Json => output::data(&String::from_utf8_lossy(&files[Path::new("evaluation.json")]))?,
    }
    output::say(&format!("report: {}", out.join("index.html").display()));
    Ok(())
}

/// Every file of a report.
fn outputs(
    args: &AuditArgs,
    evaluation: &Evaluation,
    gold: &GoldSet,
    runs: &[JudgeRun],
) -> Result<BTreeMap<PathBuf, Vec<u8>>, CliError> {
    let mut files = report_files(evaluation)?;
    let texts = match evaluation.gold.texts {
        TextPolicy::Show => TextColumns::Written,
        TextPolicy::Withhold => TextColumns::Withheld,
    };
    let verdicts: Vec<&Verdict> = runs.iter().flat_map(|run| &run.verdicts).collect();
    files.insert(PathBuf::from("verdicts.parquet"), write_verdicts(&verdicts, texts).map_err(CliError::unexpected)?);
    let mut inputs = gold.inputs.clone();
    for run in runs {
        inputs.extend(run.inputs.iter().cloned());
    }
    let manifest = manifest(args, inputs, &files[Path::new("evaluation.json")]);
    files.insert(PathBuf::from("manifest.json"), pretty(&manifest)?);
    Ok(files)
}

/// The files that follow from the evaluation alone.
pub(super) fn report_files(evaluation: &Evaluation) -> Result<BTreeMap<PathBuf, Vec<u8>>, CliError> {
    let drawn = figures(evaluation);
    let mut files = BTreeMap::from([
        (PathBuf::from("evaluation.json"), pretty(evaluation)?),
        (PathBuf::from("index.html"), page(evaluation, &drawn)?.into_bytes()),
    ]);
    for figure in drawn {
        files.insert(Path::new("figures").join(format!("{}.svg", figure.name)), figure.svg.into_bytes());
    }
    for (name, bytes) in tables(evaluation)? {
        files.insert(Path::new("tables").join(name), bytes);
    }
    Ok(files)
}

fn manifest(args: &AuditArgs, inputs: Vec<InputFile>, evaluation: &[u8]) -> Manifest {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        lacuna: env!("CARGO_PKG_VERSION").to_owned(),
        created_unix_s: now.map_or(0, |now| now.as_secs()),
        seed: args.seed,
        command: std::env::args().collect(),
        inputs,
        evaluation_sha256: hex::encode(Sha256::digest(evaluation)),
    }
}

/// JSON with a line break at the end.
pub(super) fn pretty(value: &impl serde::Serialize) -> Result<Vec<u8>, CliError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(CliError::unexpected)?;
    bytes.push(b'\n');
    Ok(bytes)
}
