//! `lacuna report`: draws the report again from an evaluation; with the set and the verdicts also its single examples.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use clap::Args;
use sha2::{Digest, Sha256};

use super::audit::{Beside, prompt_digests, report_files};
use super::error::CliError;
use super::evaluation_file::read_evaluation;
use super::figures::{FigureForm, forms};
use super::made::day;
use super::output;
use super::staging::{Existing, write_folder};
use crate::gate::Gates;
use crate::gold::{GoldSet, bundled_set, read_file};
use crate::judge::{CutRule, JudgeKind, JudgeSpec, ScoreSpec};
use crate::measure::{Evaluation, JudgeEvaluation, MeasureOptions, ScaleCut, counted_answers};
use crate::model::{Axis, Manifest, PerAxis, Problem, TextPolicy, Verdict};
use crate::report::{DrillDown, DrillSources, Notes, PromptDigests};
use crate::run::JudgeRun;
use crate::table::read_verdicts;

/// Arguments of `lacuna report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  lacuna report --evaluation r/evaluation.json --out page
  lacuna report --evaluation r/evaluation.json --out page --figures png,pdf
  lacuna report --evaluation r/evaluation.json --gold xs --verdicts r/verdicts.parquet --out page")]
pub(super) struct ReportArgs {
    /// An evaluation.json.
    #[arg(long, value_name = "FILE")]
    evaluation: PathBuf,
    /// The gold set it was made with, for the single examples. The bundled set where absent.
    #[arg(long, value_name = "DIR", requires = "verdicts")]
    gold: Option<PathBuf>,
    /// The verdicts.parquet beside the evaluation, for the single examples.
    #[arg(long, value_name = "FILE")]
    verdicts: Option<PathBuf>,
    /// Keep prompts, responses, items, rationales and raw replies out of the page.
    #[arg(long)]
    no_texts: bool,
    /// Show the raters' remarks beside their labels, where texts are shown.
    #[arg(long)]
    notes: bool,
    /// Forms in which figures are written beside SVG, separated by commas [default: svg].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMS")]
    figures: Vec<FigureForm>,
    /// A new or empty folder for page, figures and tables.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(args: &ReportArgs) -> Result<(), CliError> {
    let (evaluation, bytes) = read_evaluation(&args.evaluation)?;
    let mut prompts = PromptDigests::new();
    let drill = match &args.verdicts {
        Some(verdicts) => {
            let (drill, digests) = single_examples(args, &evaluation, verdicts)?;
            prompts = digests;
            Some(drill)
        }
        None => None,
    };
    let manifest = manifest_beside(&args.evaluation, &bytes);
    // Gates were held when the audit was made; they lie beside it as the manifest does, and belong to it as that does.
    let gates = manifest.as_ref().and_then(|_| gates_beside(&args.evaluation));
    let beside = Beside {
        drill: drill.as_ref(),
        prompts,
        day: manifest.as_ref().and_then(|manifest| day(manifest.created_unix_s)),
        settings_from: manifest.as_ref().map(|manifest| &manifest.settings_from),
        lock: manifest.as_ref().and_then(|manifest| manifest.lock.as_ref()),
        gates: gates.as_ref(),
    };
    let mut files: BTreeMap<PathBuf, Vec<u8>> = report_files(&evaluation, &beside, &forms(&args.figures))?;
    // The evaluation goes along as it was read, to the byte.
    files.insert(PathBuf::from("evaluation.json"), bytes);
    write_folder(&args.out, &files, Existing::Nothing)?;
    output::say(&format!("report: {}", output::path(&args.out.join("index.html"))));
    Ok(())
}

/// The manifest that lies beside an evaluation and was written with it: it knows the day of the audit, which the evaluation
/// does not. Without one the report says that the day is not known.
fn manifest_beside(evaluation: &Path, bytes: &[u8]) -> Option<Manifest> {
    let read = std::fs::read(evaluation.with_file_name("manifest.json")).ok()?;
    let manifest: Manifest = serde_json::from_slice(&read).ok()?;
    (manifest.evaluation_sha256 == hex::encode(Sha256::digest(bytes))).then_some(manifest)
}

/// What came of the gates of an audit, where it had any.
fn gates_beside(evaluation: &Path) -> Option<Gates> {
    serde_json::from_slice(&std::fs::read(evaluation.with_file_name("gates.json")).ok()?).ok()
}

/// The drill-down of an evaluation, from the set and the verdicts that it was made from.
fn single_examples(
    args: &ReportArgs,
    evaluation: &Evaluation,
    verdicts: &Path,
) -> Result<(DrillDown, PromptDigests), CliError> {
    let named = args.gold.as_deref().unwrap_or(Path::new("the bundled set, taken without --gold"));
    // Side by side: each takes about as long as the other, and what is wrong with the set is said first.
    let (set, rows) = rayon::join(
        || match &args.gold {
            Some(folder) => GoldSet::load(folder),
            None => GoldSet::from_files(&bundled_set()),
        },
        || Ok(read_verdicts(&read_file(verdicts)?).map_err(|message| Problem::file(verdicts, message))?),
    );
    let set = set?;
    if set.sha256 != evaluation.gold.sha256 {
        let message = format!(
            "is not the set of the evaluation, whose SHA-256 is {}: found {}; allowed: the same files",
            evaluation.gold.sha256, set.sha256
        );
        return Err(Problem::file(named, message).into());
    }
    let rows: Vec<Verdict> = rows.map_err(|fault: CliError| fault)?;
    let prompts = prompt_digests(rows.iter());
    let runs = runs(evaluation, verdicts, rows)?;
    let settings = &evaluation.settings;
    let options = MeasureOptions {
        seed: settings.seed,
        level: settings.level,
        thresholds: PerAxis::from_fn(|axis| Some(*settings.thresholds.get(axis))),
        margin: settings.margin,
        resamples: settings.resamples,
        primary: settings.primary,
    };
    let withheld =
        args.no_texts || evaluation.gold.texts == TextPolicy::Withhold || set.card.texts == TextPolicy::Withhold;
    let texts = if withheld { TextPolicy::Withhold } else { TextPolicy::Show };
    let notes = if args.notes { Notes::Shown } else { Notes::Left };
    let answers = counted_answers(&set, &runs, &options);
    let sources = DrillSources { gold: &set, runs: &runs, answers: &answers, evaluation };
    Ok((DrillDown::new(&sources, texts, notes), prompts))
}

/// The judges of an evaluation, as far as it says what they are, with their verdicts, in the order of the file: that of the
/// audit.
fn runs(evaluation: &Evaluation, file: &Path, rows: Vec<Verdict>) -> Result<Vec<JudgeRun>, CliError> {
    let mut order: Vec<String> = Vec::new();
    let mut by_judge: HashMap<String, Vec<Verdict>> = HashMap::new();
    for row in rows {
        match by_judge.get_mut(&row.judge) {
            Some(verdicts) => verdicts.push(row),
            None => {
                order.push(row.judge.clone());
                by_judge.insert(row.judge.clone(), vec![row]);
            }
        }
    }
    let place = |judge: &&JudgeEvaluation| order.iter().position(|name| *name == judge.judge).unwrap_or(order.len());
    let mut judges: Vec<&JudgeEvaluation> = evaluation.judges.iter().collect();
    judges.sort_by_key(place);
    let mut runs = Vec::new();
    for judge in judges {
        let verdicts = by_judge.remove(&judge.judge).unwrap_or_default();
        if verdicts.is_empty() && judge.asked > 0 {
            let name = crate::model::shown(&judge.judge);
            let message = format!("holds no verdict of {name}; allowed: the file that was written with the evaluation");
            return Err(Problem::file(file, message).into());
        }
        runs.push(JudgeRun { spec: spec(judge, file), verdicts, inputs: Vec::new() });
    }
    Ok(runs)
}

fn spec(judge: &JudgeEvaluation, file: &Path) -> JudgeSpec {
    JudgeSpec {
        name: judge.judge.clone(),
        title: judge.title.clone(),
        model: judge.model.clone(),
        axes: Axis::ALL.into_iter().filter(|axis| judge.axes.get(*axis).is_some()).collect(),
        flag_at: judge
            .flag_at
            .as_ref()
            .map(|levels| Axis::ALL.into_iter().map(|axis| (axis, *levels.get(axis))).collect())
            .unwrap_or_default(),
        score: judge.scale.as_ref().map(|scale| ScoreSpec {
            scale: scale.scale.map(|[low, high]| (low, high)),
            direction: scale.direction,
            cut: match &scale.cut {
                ScaleCut::Fixed { flag_at } => CutRule::Fixed(*flag_at),
                ScaleCut::CrossFitted { false_alarm_budget, .. } => CutRule::Budget(*false_alarm_budget),
                ScaleCut::None { .. } => CutRule::None,
            },
        }),
        kind: JudgeKind::Recorded { verdicts: file.to_owned() },
        inputs: Vec::new(),
    }
}
