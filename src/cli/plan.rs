//! `lacuna plan`: how many examples, positives and clusters an audit needs, and what a set as it is lets it show.

mod resolve;

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::error::CliError;
use super::{Format, output};
use crate::gold::GoldSet;
use crate::judge::load_judges;
use crate::measure::planning::{
    Assumptions, Plan, PlannedSet, Repetitions, Simulated, Size, enough_by_simulation, plan_gap, plan_pairs,
    plan_recall, power_of_set, simulate_gap, simulate_pairs, simulate_recall,
};
use crate::model::{Axis, PerAxis};
use crate::report::plan_summary;
use crate::run::{JudgeRun, execute};
use resolve::{Resolved, resolve};

/// The gap and the half-width that a set is planned for where nothing is asked for.
const USUAL_GAP: f64 = 0.2;
const USUAL_HALF_WIDTH: f64 = 0.1;

/// Arguments of `lacuna plan`.
#[derive(Debug, Args)]
#[command(after_help = "\
No gold set is needed: positives are assumed to fall into clusters by chance. With --gold, class
balance and clusters are the set's own, and the plan says what the set shows as it is. With --judge
(recorded judges or baselines) the correlation within clusters is theirs; without, that of the set's
raters where it has several. Formulas and the JSON: docs/planning.md.

Examples:
  lacuna plan --gap 0.2
  lacuna plan --gap 0.3 --recall-commission 0.9 --share-commission 0.05 --simulate
  lacuna plan --half-width 0.1 --recall-omission 0.3
  lacuna plan --pairs 0.15 --discordant 0.3
  lacuna plan --gold gold_labels/lacuna-starter --gap 0.25
  lacuna plan --gold xstest --judge xstest/judges --format json")]
pub(super) struct PlanArgs {
    /// Size of the gap between omission and commission recall that is to be shown.
    #[arg(long, value_name = "D", value_parser = gap_size, allow_negative_numbers = true)]
    pub(super) gap: Option<f64>,
    /// Half-width to which each recall is to be known.
    #[arg(long, value_name = "H", value_parser = open_share)]
    pub(super) half_width: Option<f64>,
    /// Difference of the recalls of two judges, on the same examples, that is to be shown.
    #[arg(long, value_name = "D", value_parser = open_share)]
    pub(super) pairs: Option<f64>,
    /// With --pairs: share of the positives that only one of the judges finds; as if they missed
    /// independently of each other where absent.
    #[arg(long, value_name = "SHARE", value_parser = open_share, requires = "pairs")]
    pub(super) discordant: Option<f64>,
    /// Recall on omission where a verdict comes [default: the gap below that on commission, or 0.5].
    #[arg(long, value_name = "R", value_parser = share)]
    pub(super) recall_omission: Option<f64>,
    /// Recall on commission where a verdict comes [default: 0.7 for a gap, or 0.5].
    #[arg(long, value_name = "R", value_parser = share)]
    pub(super) recall_commission: Option<f64>,
    /// Share of the examples that are omission positives [default: 0.3, or the set's].
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "gold")]
    pub(super) share_omission: Option<f64>,
    /// Share of the examples that are commission positives [default: 0.15, or the set's].
    #[arg(long, value_name = "SHARE", value_parser = share, conflicts_with = "gold")]
    pub(super) share_commission: Option<f64>,
    /// Examples a cluster [default: 6, or the set's].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "gold")]
    pub(super) cluster_size: Option<u32>,
    /// Correlation of finding the positives of one cluster [default: observed where it can be, or 0.1].
    #[arg(long, value_name = "ICC", value_parser = share)]
    pub(super) icc: Option<f64>,
    /// Share of the positives on which no verdict comes; each is a miss.
    #[arg(long, value_name = "SHARE", value_parser = below_one, default_value_t = 0.0)]
    pub(super) missing: f64,
    /// Probability with which a difference is to be shown.
    #[arg(long, value_name = "P", value_parser = open_share, default_value_t = 0.8)]
    pub(super) power: f64,
    /// Confidence level, two-sided.
    #[arg(long, value_name = "L", value_parser = open_share, default_value_t = 0.95)]
    pub(super) level: f64,
    /// Folder of a gold set to plan with.
    #[arg(long, value_name = "DIR")]
    pub(super) gold: Option<PathBuf>,
    /// Judge file, or a folder of them, recorded or baselines; repeatable.
    #[arg(long, value_name = "FILE|DIR", requires = "gold")]
    pub(super) judge: Vec<PathBuf>,
    /// Hold each size against simulated audits.
    #[arg(long)]
    pub(super) simulate: bool,
    /// Audits to simulate.
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(super) repetitions: u32,
    /// Seed of the simulation, and of baselines that draw.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

fn number(text: &str, allowed: &'static str, holds: impl Fn(f64) -> bool) -> Result<f64, String> {
    text.parse::<f64>().ok().filter(|value| holds(*value)).ok_or_else(|| format!("allowed: {allowed}"))
}

fn share(text: &str) -> Result<f64, String> {
    number(text, "a number from 0 to 1", |value| (0.0..=1.0).contains(&value))
}

fn open_share(text: &str) -> Result<f64, String> {
    number(text, "a number above 0 and below 1", |value| value > 0.0 && value < 1.0)
}

/// The size of a gap. Its sign would be that of which report: a recall gap is omission minus commission, and it is a smaller
/// omission recall that is mostly planned for.
fn gap_size(text: &str) -> Result<f64, String> {
    open_share(text).map_err(|allowed| match text.parse::<f64>() {
        Ok(gap) if gap < 0.0 => format!(
            "{allowed}: the size of the gap without a sign; omission has the lower recall unless --recall-omission and \
             --recall-commission say otherwise, such as --recall-omission 0.9 --recall-commission 0.7"
        ),
        _ => allowed,
    })
}

fn below_one(text: &str) -> Result<f64, String> {
    number(text, "a number from 0 to below 1", |value| (0.0..1.0).contains(&value))
}

pub(super) fn run(args: &PlanArgs) -> Result<(), CliError> {
    let gold = args.gold.as_deref().map(GoldSet::load).transpose()?.map(Arc::new);
    let runs = gold.as_ref().map(|gold| runs_of(args, gold)).transpose()?.unwrap_or_default();
    let resolved = resolve(args, gold.as_deref(), &runs)?;
    let mut plan = plan(args, gold.as_deref(), &resolved);
    if args.simulate {
        simulate(args, &resolved, &mut plan);
    }
    match args.format {
        Format::Json => output::json(&plan),
        Format::Text => output::data(&plan_summary(&plan)),
    }
}

/// The judges that are named, read or computed; none of them is asked.
fn runs_of(args: &PlanArgs, gold: &Arc<GoldSet>) -> Result<Vec<JudgeRun>, CliError> {
    if args.judge.is_empty() {
        return Ok(Vec::new());
    }
    let judges = load_judges(&args.judge)?;
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let runtime = tokio::runtime::Builder::new_multi_thread().build().map_err(CliError::unexpected)?;
    Ok(runtime.block_on(execute(gold, judges, args.seed, thresholds, None))?.runs)
}

fn plan(args: &PlanArgs, gold: Option<&GoldSet>, resolved: &Resolved) -> Plan {
    let Resolved { assumed, .. } = resolved;
    let asked = args.gap.is_some() || args.half_width.is_some() || args.pairs.is_some() || resolved.gap_by_recalls;
    let half_width = args.half_width.or((!asked).then_some(USUAL_HALF_WIDTH));
    let wants_gap = args.gap.is_some() || resolved.gap_by_recalls || !asked;
    Plan {
        assumed: assumed.clone(),
        icc_from: resolved.icc_from,
        set: gold.zip(resolved.shape.as_ref()).map(|(gold, shape)| PlannedSet {
            name: gold.card.name.clone(),
            version: gold.card.version.clone(),
            shows: power_of_set(shape, assumed),
        }),
        gap: wants_gap.then(|| plan_gap(assumed)),
        recall: half_width
            .map(|wanted| Axis::ALL.map(|axis| plan_recall(assumed, axis, wanted)).to_vec())
            .unwrap_or_default(),
        pairs: args
            .pairs
            .map(|difference| {
                let discordant = |axis| resolve::discordant(args, assumed, axis, difference);
                Axis::ALL.map(|axis| plan_pairs(assumed, axis, difference, discordant(axis))).to_vec()
            })
            .unwrap_or_default(),
    }
}

fn simulate(args: &PlanArgs, resolved: &Resolved, plan: &mut Plan) {
    let Resolved { assumed, sizes, .. } = resolved;
    let times = Repetitions { repetitions: args.repetitions, seed: args.seed };
    if let Some(gap) = &mut plan.gap {
        let draw = |clusters| simulate_gap(assumed, sizes, clusters, times);
        gap.simulated = gap.size.map(|size| draw(size.clusters));
        gap.by_simulation = enough(assumed, gap.size, gap.simulated.as_ref(), draw);
    }
    for recall in &mut plan.recall {
        let axis = recall.axis;
        recall.simulated = recall.size.map(|size| simulate_recall(assumed, axis, sizes, size.clusters, times));
    }
    for pairs in &mut plan.pairs {
        let pair = (pairs.axis, pairs.difference, pairs.discordant);
        let draw = |clusters| simulate_pairs(assumed, pair, sizes, clusters, times);
        pairs.simulated = pairs.size.map(|size| draw(size.clusters));
        pairs.by_simulation = enough(assumed, pairs.size, pairs.simulated.as_ref(), draw);
    }
}

/// The size at which the simulation, too, has the power.
fn enough(
    assumed: &Assumptions,
    size: Option<Size>,
    found: Option<&Simulated>,
    draw: impl Fn(usize) -> Simulated,
) -> Option<Size> {
    let clusters = enough_by_simulation(assumed, size?.clusters, found?, draw)?;
    Some(Size::new(clusters, assumed))
}
