//! `lacuna compare`: judge against judge, run against run, and what a set could show.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::args::{level, margin, resamples};
use super::config::{DEFAULT_LEVEL, DEFAULT_SEED};
use super::error::CliError;
use super::{Format, output};
use crate::gold::GoldSet;
use crate::judge::{JudgeKind, JudgeSpec, load_judges};
use crate::measure::{
    Choice, ChoiceCheck, Comparison, ComparisonPlan, DEFAULT_MARGIN, DEFAULT_RESAMPLES, Evaluation, JudgeCost, Listing,
    MeasureOptions, PrimaryComparison, PrimaryMetric, Ranking, RunChange, Settings, check_choice, choose, costs,
    detectable_from_labels, evaluate, run_change,
};
use crate::model::{Axis, COMPARE_FORMAT, LabelSource, PerAxis, Problem, Problems, Severity};
use crate::report::{Compared, change_summary, comparison_summary, detectable_summary};
use crate::run::{JudgeRun, execute};
use crate::stats::Estimate;

/// Arguments of `lacuna compare`.
#[derive(Debug, Args)]
#[command(after_help = "\
Judges are compared on the examples that all of them (in a pair: both) were asked. Nothing is asked
here: ask live judges with `lacuna run` first, and compare what it wrote.
The choice is the cheapest judge that is shown to be no more than --margin worse than the best, by
the costs that its verdicts name. With --holdout it is looked at again on examples that had no part
in it. What each number is: docs/compare.md and docs/statistics.md.

Examples:
  lacuna compare --gold xstest
  lacuna compare --gold mine --judge runs/small/judges --judge runs/large/judges --margin 0.05
  lacuna compare --gold parts/calibration --holdout parts/test --format json
  lacuna compare --gold mine --paired march/judges/gpt.toml june/judges/gpt.toml --list
  lacuna compare --gold mine --plan")]
pub(super) struct CompareArgs {
    /// Folder of the gold set.
    #[arg(long, value_name = "DIR")]
    gold: PathBuf,
    /// Judge file, or a folder of them; repeatable [default: the set's own judges/].
    #[arg(long, value_name = "FILE|DIR")]
    judge: Vec<PathBuf>,
    /// The other part of the set, as `lacuna gold split` writes it, with the same judges in its judges/.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["paired", "plan"])]
    holdout: Option<PathBuf>,
    /// Two judge files: what changed from the first to the second.
    #[arg(long, value_names = ["BEFORE", "AFTER"], num_args = 2, conflicts_with_all = ["judge", "plan"])]
    paired: Vec<PathBuf>,
    /// With --paired, name the examples whose flag changed.
    #[arg(long, requires = "paired")]
    list: bool,
    /// Say what difference the set could show, from its labels alone.
    #[arg(long, conflicts_with = "judge")]
    plan: bool,
    /// What judges are compared on first.
    #[arg(long, value_enum, default_value = "youden-j")]
    metric: Metric,
    /// And on which axis.
    #[arg(long, value_enum, default_value = "omission")]
    axis: AxisName,
    /// How much worse than the best the chosen judge may be; fix it beforehand.
    #[arg(long, value_name = "SHARE", default_value_t = DEFAULT_MARGIN, value_parser = margin)]
    margin: f64,
    /// Confidence level of every interval.
    #[arg(long, value_name = "SHARE", default_value_t = DEFAULT_LEVEL, value_parser = level)]
    level: f64,
    /// Resamples of clusters behind joint intervals.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RESAMPLES, value_parser = resamples)]
    resamples: usize,
    /// Seed of every random stream.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// A primary metric as a flag names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Metric {
    /// Recall plus specificity minus one.
    YoudenJ,
    /// Recall.
    Recall,
}

/// An axis as a flag names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AxisName {
    /// What the response failed to give.
    Omission,
    /// What the response gave wrongly.
    Commission,
}

/// What `--format json` prints for judges side by side.
#[derive(Serialize)]
struct ComparedJudges<'a> {
    format: &'static str,
    gold: GoldName<'a>,
    settings: &'a Settings,
    judges: Vec<JudgeNumbers<'a>>,
    comparisons: &'a [Comparison],
    comparison_plan: &'a ComparisonPlan,
    rankings: &'a [Ranking],
    choice: &'a Choice,
    holdout: Option<&'a ChoiceCheck>,
}

/// What `--format json` prints for two runs.
#[derive(Serialize)]
struct ComparedRuns<'a> {
    format: &'static str,
    gold: GoldName<'a>,
    change: &'a RunChange,
}

#[derive(Serialize)]
struct GoldName<'a> {
    name: &'a str,
    version: &'a str,
    label_source: LabelSource,
    examples: usize,
}

#[derive(Serialize)]
struct JudgeNumbers<'a> {
    judge: &'a str,
    kind: &'a str,
    axes: PerAxis<Option<AxisNumbers<'a>>>,
    recall_gap: &'a Estimate,
    cost: Option<&'a JudgeCost>,
}

#[derive(Serialize)]
struct AxisNumbers<'a> {
    recall: &'a Estimate,
    false_alarm_rate: &'a Estimate,
    youden_j: &'a Estimate,
}

pub(super) fn run(args: &CompareArgs) -> Result<(), CliError> {
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    if args.plan {
        let found = detectable_from_labels(&gold, &options(args));
        return match args.format {
            Format::Json => output::json(&found),
            Format::Text => output::data(&detectable_summary(&found)),
        };
    }
    if let [before, after] = args.paired.as_slice() {
        return paired(args, &gold, before, after);
    }
    judges_side_by_side(args, &gold)
}

fn options(args: &CompareArgs) -> MeasureOptions {
    let metric = match args.metric {
        Metric::YoudenJ => PrimaryMetric::YoudenJ,
        Metric::Recall => PrimaryMetric::Recall,
    };
    let axis = match args.axis {
        AxisName::Omission => Axis::Omission,
        AxisName::Commission => Axis::Commission,
    };
    MeasureOptions {
        seed: args.seed,
        level: args.level,
        thresholds: PerAxis::default(),
        margin: args.margin,
        resamples: args.resamples,
        primary: PrimaryComparison { metric, axis },
    }
}

fn judges_side_by_side(args: &CompareArgs, gold: &Arc<GoldSet>) -> Result<(), CliError> {
    let runs = answers(gold, judges_of(&args.judge, &args.gold)?, args.seed)?;
    if runs.len() < 2 {
        let message = "holds one judge; allowed: two or more, named with --judge";
        return Err(Problem::file(args.judge.first().unwrap_or(&args.gold), message).into());
    }
    let evaluation = evaluate(gold, &runs, &options(args))?;
    let costs = costs(&runs);
    let choice = choose(&evaluation, &costs);
    let check = args.holdout.as_ref().map(|holdout| check(args, holdout, &choice)).transpose()?.flatten();
    match args.format {
        Format::Text => output::data(&comparison_summary(&Compared {
            evaluation: &evaluation,
            costs: &costs,
            choice: &choice,
            check: check.as_ref(),
            held_out: args.holdout.is_some(),
        })),
        Format::Json => output::json(&ComparedJudges {
            format: COMPARE_FORMAT,
            gold: name_of(gold),
            settings: &evaluation.settings,
            judges: numbers(&evaluation, &costs),
            comparisons: &evaluation.comparisons,
            comparison_plan: &evaluation.comparison_plan,
            rankings: &evaluation.rankings,
            choice: &choice,
            holdout: check.as_ref(),
        }),
    }
}

/// The choice on the other part, with the judges of the same names there.
fn check(args: &CompareArgs, holdout: &Path, choice: &Choice) -> Result<Option<ChoiceCheck>, CliError> {
    let gold = Arc::new(GoldSet::load(holdout)?);
    let own = GoldSet::load(&args.gold)?;
    if let Some(shared) = own.examples.iter().find(|example| gold.position(&example.id).is_some()) {
        let message = format!(
            "holds {}, which is in {} too; allowed: examples that had no part in the choice",
            crate::model::shown(&shared.id),
            output::path(&args.gold)
        );
        return Err(Problem::file(holdout, message).into());
    }
    let judges: Vec<JudgeSpec> = judges_of(&[], holdout)?
        .into_iter()
        .filter(|judge| choice.candidates.iter().any(|candidate| candidate.judge == judge.name))
        .collect();
    for name in [&choice.chosen, &choice.best].into_iter().flatten() {
        if !judges.iter().any(|judge| judge.name == *name) {
            let message =
                format!("holds no judge {}; allowed: the judges of the other part", crate::model::shown(name));
            return Err(Problem::file(&holdout.join("judges"), message).into());
        }
    }
    let runs = answers(&gold, judges, args.seed)?;
    Ok(check_choice(choice, &evaluate(&gold, &runs, &options(args))?))
}

/// The judges that are named, or the set's own.
fn judges_of(named: &[PathBuf], gold: &Path) -> Result<Vec<JudgeSpec>, CliError> {
    let own = gold.join("judges");
    if named.is_empty() && !own.is_dir() {
        let message = "there are no judges in it; allowed: a folder with judges/, or judges named with --judge";
        return Err(Problem::file(gold, message).into());
    }
    Ok(load_judges(if named.is_empty() { std::slice::from_ref(&own) } else { named })?)
}

/// What the judges answered; a judge that would have to be asked is refused.
fn answers(gold: &Arc<GoldSet>, judges: Vec<JudgeSpec>, seed: u64) -> Result<Vec<JudgeRun>, CliError> {
    let mut problems = Problems::default();
    for judge in judges.iter().filter(|judge| matches!(judge.kind, JudgeKind::Live(_))) {
        let message = "is a judge that has to be asked; allowed here: recorded judges. Ask it with `lacuna run` and \
                       compare what that wrote";
        problems.push(judge.fault("kind", message));
    }
    problems.or(())?;
    let thresholds: PerAxis<Severity> = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().map_err(CliError::unexpected)?;
    Ok(runtime.block_on(execute(gold, judges, seed, thresholds, None))?.runs)
}

fn paired(args: &CompareArgs, gold: &Arc<GoldSet>, before: &Path, after: &Path) -> Result<(), CliError> {
    let mut old = one_judge(gold, before, args.seed)?;
    let mut new = one_judge(gold, after, args.seed)?;
    if old.spec.name == new.spec.name {
        old.spec.name.push_str("-before");
        new.spec.name.push_str("-after");
    }
    let listing = if args.list { Listing::Examples } else { Listing::Counts };
    let change = run_change(gold, [&old, &new], &options(args), listing);
    match args.format {
        Format::Text => output::data(&change_summary(&change)),
        Format::Json => output::json(&ComparedRuns { format: COMPARE_FORMAT, gold: name_of(gold), change: &change }),
    }
}

fn one_judge(gold: &Arc<GoldSet>, file: &Path, seed: u64) -> Result<JudgeRun, CliError> {
    let mut runs = answers(gold, load_judges(&[file.to_owned()])?, seed)?;
    match (runs.pop(), runs.is_empty()) {
        (Some(run), true) => Ok(run),
        _ => Err(Problem::file(file, "holds several judges; allowed: one judge file").into()),
    }
}

fn name_of(gold: &GoldSet) -> GoldName<'_> {
    GoldName {
        name: &gold.card.name,
        version: &gold.card.version,
        label_source: gold.card.label_source,
        examples: gold.examples.len(),
    }
}

fn numbers<'a>(evaluation: &'a Evaluation, costs: &'a [JudgeCost]) -> Vec<JudgeNumbers<'a>> {
    let judges = evaluation.judges.iter();
    judges
        .map(|judge| JudgeNumbers {
            judge: &judge.judge,
            kind: &judge.kind,
            axes: PerAxis::from_fn(|axis| {
                let numbers = judge.axes.get(axis).as_deref()?;
                Some(AxisNumbers {
                    recall: &numbers.recall,
                    false_alarm_rate: &numbers.false_alarm_rate,
                    youden_j: &numbers.youden_j,
                })
            }),
            recall_gap: &judge.recall_gap.estimate,
            cost: costs.iter().find(|cost| cost.judge == judge.judge),
        })
        .collect()
}
