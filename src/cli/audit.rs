//! `lacuna audit`: gold set and judges in, report out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::args::AuditArgs;
use super::chosen::{check_thresholds, gold_sets, is_asked, judges};
use super::config::{AuditSettings, Origin};
use super::error::CliError;
use super::figures::{FigureForm, figure_files};
use super::gate::hold_on;
use super::live::run_judges;
use super::lock;
use super::made::{day, made_unix_s};
use super::output::pretty;
use super::staging::{Existing, check_target, write_folder};
use super::{Format, output};
use crate::findings::findings;
use crate::gate::Gates;
use crate::gold::GoldSet;
use crate::judge::{JudgeKind, JudgeSpec, recorded_file};
use crate::measure::{Evaluation, MeasureOptions, PrimaryComparison, ProbabilitySource, counted_answers, evaluate};
use crate::model::{
    Axis, InputFile, LockRecord, MANIFEST_FORMAT, Manifest, PerAxis, Problem, SettingSources, TextPolicy, Verdict,
};
use crate::report::{
    AuditCard, DrillDown, DrillSources, Notes, PageParts, PromptDigests, Sources, figures, gates_summary,
    methods_markdown, page, replication, report_markdown, summary, tables,
};
use crate::run::JudgeRun;
use crate::table::{TextColumns, write_verdicts};

pub(super) fn run(args: &AuditArgs) -> Result<(), CliError> {
    let settings = AuditSettings::resolve(args)?;
    if args.show_config {
        return match args.format {
            Format::Text => output::data(&settings.shown()),
            Format::Json => output::json(&settings.as_json()),
        };
    }
    let made = made_unix_s()?;
    let sets = gold_sets(&settings)?;
    let several = sets.len() > 1;
    let mut outs = BTreeSet::new();
    for (gold, folder) in &sets {
        let out = out_folder(&settings, gold, several);
        check_thresholds(&settings, gold)?;
        check_target(&out, Existing::Report)?;
        if !outs.insert(out.clone()) {
            let file = folder.as_deref().unwrap_or(Path::new("gold"));
            let message =
                format!("would write to {} as another set does; allowed: sets of different names", out.display());
            return Err(Problem::file(file, message).into());
        }
    }
    let mut judged = Vec::new();
    for (gold, folder) in sets {
        let judges = judges(&settings, &gold, folder.as_deref())?;
        judged.push((gold, folder, judges));
    }
    let locked: Vec<(&GoldSet, &[JudgeSpec])> =
        judged.iter().map(|(gold, _, judges)| (gold, judges.as_slice())).collect();
    let lock = lock::held(&settings, &locked)?;
    lock::allow(lock.as_ref(), &settings, args.deviate)?;
    let made = Made { unix_s: made, settings_from: settings.sources(), lock };
    let (mut unmet, mut all) = (0, 0);
    for (gold, folder, judges) in judged {
        let out = out_folder(&settings, &gold, several);
        if let Some(gates) = audit(args, &settings, (gold, judges), folder.as_deref(), &out, &made)? {
            unmet += gates.unmet();
            all += gates.gates.len();
        }
    }
    super::gate::verdict(unmet, all)
}

/// Where the report goes. The audit file's `out` belongs to the audit file's set: a report of another set, named by a flag,
/// is not written over it.
fn out_folder(settings: &AuditSettings, gold: &GoldSet, several: bool) -> PathBuf {
    let of_another_set = settings.gold.origin == Origin::Flag && settings.out.origin != Origin::Flag;
    match settings.out.value.as_ref().filter(|_| !of_another_set) {
        None => Path::new("reports").join(&gold.card.name),
        Some(out) if several => out.join(&gold.card.name),
        Some(out) => out.clone(),
    }
}

fn audit(
    args: &AuditArgs,
    settings: &AuditSettings,
    (gold, judges): (GoldSet, Vec<JudgeSpec>),
    folder: Option<&Path>,
    out: &Path,
    made: &Made,
) -> Result<Option<Gates>, CliError> {
    let gold = Arc::new(gold);
    let seed = settings.seed.value;
    let options = MeasureOptions {
        seed,
        level: settings.level.value,
        thresholds: PerAxis::from_fn(|axis| settings.thresholds.get(axis).value),
        margin: settings.margin.value,
        resamples: settings.resamples.value,
        primary: PrimaryComparison { metric: settings.primary_metric.value, axis: settings.primary_axis.value },
    };
    let thresholds = options.thresholds_on(&gold.card);
    let (runs, early) = run_judges(&gold, judges, &args.live, &settings.keys, seed, thresholds)?;
    let mut evaluation = evaluate(&gold, &runs, &options)?;
    if settings.withhold_texts.value {
        evaluation.gold.texts = TextPolicy::Withhold;
    }
    evaluation.findings = findings(&evaluation);
    let notes = if args.notes { Notes::Shown } else { Notes::Left };
    let answers = counted_answers(&gold, &runs, &options);
    let single = DrillSources { gold: &gold, runs: &runs, answers: &answers, evaluation: &evaluation };
    let drill = DrillDown::new(&single, evaluation.gold.texts, notes);
    let sources = sources(settings, folder, &runs);
    // A gate that names what is not there is told after the report is written: what was asked may have cost money.
    let held = (!settings.gates.is_empty()).then(|| hold_on(&settings.gates, &evaluation)).transpose();
    let gates = held.as_ref().ok().and_then(Option::as_ref);
    let measured = Measured { evaluation: &evaluation, gold: &gold, runs: &runs, drill: &drill, gates };
    let files = outputs(&sources, &measured, made, &settings.figures.value)?;
    write_folder(out, &files, Existing::Report)?;
    match args.format {
        Format::Text => output::data(&summary(&evaluation))?,
        Format::Json => output::json_text(&String::from_utf8_lossy(&files[Path::new("evaluation.json")]))?,
    }
    if let Some(gates) = gates {
        output::say(&gates_summary(gates));
    }
    output::say(&format!("report: {}", output::path(&out.join("index.html"))));
    match (early, held) {
        (None, held) => held,
        (Some(stopped), held) => {
            // The run's own end decides the exit code; a gate that could not be held is told all the same.
            held.err().iter().for_each(output::report_error);
            Err(stopped)
        }
    }
}

/// Where the set and the judges came from, and which judges were asked.
fn sources(settings: &AuditSettings, folder: Option<&Path>, runs: &[JudgeRun]) -> Sources {
    let judges_named = !settings.judges.value.is_empty();
    let specs = || runs.iter().map(|run| &run.spec);
    let asked = specs().filter(|spec| is_asked(spec));
    let put = specs().filter(|spec| judges_named && !is_asked(spec));
    Sources {
        bundled_set: folder.is_none(),
        judges_named,
        asked: asked.map(|spec| spec.name.clone()).collect(),
        put: put.map(|spec| spec.name.clone()).collect(),
    }
}

/// When a report was made and from which settings.
struct Made {
    unix_s: u64,
    settings_from: SettingSources,
    lock: Option<LockRecord>,
}

/// What a report is made from.
struct Measured<'a> {
    evaluation: &'a Evaluation,
    gold: &'a GoldSet,
    runs: &'a [JudgeRun],
    drill: &'a DrillDown,
    gates: Option<&'a Gates>,
}

/// Every file of a report.
fn outputs(
    sources: &Sources,
    measured: &Measured<'_>,
    made: &Made,
    forms: &[FigureForm],
) -> Result<BTreeMap<PathBuf, Vec<u8>>, CliError> {
    let Measured { evaluation, gold, runs, drill, gates } = *measured;
    let said = runs.iter().flat_map(|run| &run.verdicts);
    let beside = Beside {
        drill: Some(drill),
        prompts: prompt_digests(said),
        day: day(made.unix_s),
        settings_from: Some(&made.settings_from),
        lock: made.lock.as_ref(),
        gates,
    };
    let mut files = report_files(evaluation, &beside, forms)?;
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
    let manifest = manifest(evaluation.settings.seed, inputs, &files[Path::new("evaluation.json")], made);
    let again = if sources.asked.is_empty() {
        manifest.evaluation_sha256.clone()
    } else {
        hex::encode(Sha256::digest(pretty(&as_recorded(evaluation, sources))?))
    };
    for (name, text) in replication(evaluation, &manifest, sources, &again) {
        files.insert(Path::new("replication").join(name), text.into_bytes());
    }
    for run in runs.iter().filter(|run| sources.asked.contains(&run.spec.name)) {
        let place = Path::new("verdicts").join(format!("{}.parquet", run.spec.name));
        let verdicts: Vec<&Verdict> = run.verdicts.iter().collect();
        let rows = write_verdicts(&verdicts, texts).map_err(CliError::unexpected)?;
        files.insert(Path::new("replication").join(&place), rows);
        let file = recorded_file(&run.spec, place).map_err(CliError::unexpected)?;
        let place = Path::new("replication/judges").join(format!("{}.toml", run.spec.name));
        files.insert(place, file.into_bytes());
    }
    files.insert(PathBuf::from("manifest.json"), pretty(&manifest)?);
    Ok(files)
}

/// The evaluation that comes of the same verdicts where those of judges that were asked are recorded ones.
fn as_recorded(evaluation: &Evaluation, sources: &Sources) -> Evaluation {
    let mut recorded = evaluation.clone();
    let recorded_kind = JudgeKind::Recorded { verdicts: PathBuf::new() }.name();
    for judge in recorded.judges.iter_mut().filter(|judge| sources.asked.contains(&judge.judge)) {
        judge.kind = recorded_kind.to_owned();
        for axis in Axis::ALL {
            let numbers = judge.axes.get_mut(axis).as_mut();
            if let Some(calibration) = numbers.and_then(|numbers| numbers.calibration.as_mut()) {
                calibration.source = ProbabilitySource::Recorded;
            }
        }
    }
    recorded.findings = findings(&recorded);
    recorded
}

/// Per judge, how many different prompts were sent, and the digest of the first of them.
pub(super) fn prompt_digests<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> PromptDigests {
    let mut digests: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for verdict in verdicts {
        if let Some(digest) = &verdict.prompt_sha256 {
            digests.entry(&verdict.judge).or_default().insert(digest);
        }
    }
    let named = |(judge, digests): (&str, BTreeSet<&str>)| {
        (judge.to_owned(), (digests.len(), digests.first().map(|digest| (*digest).to_owned())))
    };
    digests.into_iter().map(named).collect()
}

/// What a report says beside the numbers of its evaluation.
pub(super) struct Beside<'a> {
    /// Single examples, where they are at hand.
    pub(super) drill: Option<&'a DrillDown>,
    pub(super) prompts: PromptDigests,
    /// The day of the audit, where it is known.
    pub(super) day: Option<String>,
    /// Where each setting stood, where it is known.
    pub(super) settings_from: Option<&'a SettingSources>,
    /// The lock that the audit was held to, where there was one.
    pub(super) lock: Option<&'a LockRecord>,
    /// What came of gates, where there are any.
    pub(super) gates: Option<&'a Gates>,
}

/// The files that follow from the evaluation and from what is known beside it.
pub(super) fn report_files(
    evaluation: &Evaluation,
    beside: &Beside<'_>,
    forms: &[FigureForm],
) -> Result<BTreeMap<PathBuf, Vec<u8>>, CliError> {
    let drawn = figures(evaluation);
    let tables = tables(evaluation, beside.drill, beside.gates)?;
    let parts = PageParts {
        figures: &drawn,
        tables: &tables,
        drill: beside.drill,
        settings_from: beside.settings_from,
        lock: beside.lock,
        gates: beside.gates,
    };
    let mut files = BTreeMap::from([
        (PathBuf::from("evaluation.json"), pretty(evaluation)?),
        (PathBuf::from("index.html"), page(evaluation, &parts)?.into_bytes()),
        (PathBuf::from("report.md"), report_markdown(evaluation, &parts).into_bytes()),
        (PathBuf::from("methods.md"), methods_markdown(evaluation, &parts).into_bytes()),
    ]);
    let card = AuditCard::new(evaluation, &beside.prompts, beside.day.clone());
    files.insert(PathBuf::from("audit_card.md"), card.markdown().into_bytes());
    files.insert(PathBuf::from("audit_card.json"), pretty(&card)?);
    if let Some(gates) = beside.gates {
        files.insert(PathBuf::from("gates.json"), pretty(gates)?);
    }
    files.extend(figure_files(&drawn, forms)?);
    for (name, bytes) in tables {
        files.insert(Path::new("tables").join(name), bytes);
    }
    Ok(files)
}

fn manifest(seed: u64, inputs: Vec<InputFile>, evaluation: &[u8], made: &Made) -> Manifest {
    Manifest {
        format: MANIFEST_FORMAT.to_owned(),
        lacuna: env!("CARGO_PKG_VERSION").to_owned(),
        created_unix_s: made.unix_s,
        seed,
        settings_from: made.settings_from.clone(),
        lock: made.lock.clone(),
        command: std::env::args().collect(),
        inputs,
        evaluation_sha256: hex::encode(Sha256::digest(evaluation)),
    }
}
