//! From flags, a gold set and judges to what a plan assumes.

use std::path::Path;

use super::{PlanArgs, USUAL_GAP};
use crate::cli::error::CliError;
use crate::gold::GoldSet;
use crate::measure::planning::{
    Assumptions, ClusterSizes, CorrelationSource, MakeUp, ObservedCorrelation, SetShape, observed_correlation,
};
use crate::model::{Axis, PerAxis, Problem};
use crate::run::JudgeRun;
use crate::stats::power::{around, independent_discordance};

/// Recall on commission of a gap where nobody names another.
const USUAL_COMMISSION_RECALL: f64 = 0.7;
/// Recall at which an interval is widest.
const WIDEST_RECALL: f64 = 0.5;
/// Shares of positives where there is no set.
const USUAL_SHARES: [f64; 2] = [0.3, 0.15];
/// Examples a cluster where there is no set.
const USUAL_CLUSTER_SIZE: u32 = 6;
/// Correlation of finding the positives of one cluster where nothing says another; judges of published audits had 0.05 to 0.27.
const USUAL_ICC: f64 = 0.1;

/// What a plan starts from.
pub(super) struct Resolved {
    pub(super) assumed: Assumptions,
    pub(super) icc_from: PerAxis<CorrelationSource>,
    pub(super) sizes: ClusterSizes,
    pub(super) shape: Option<SetShape>,
    /// Both recalls were named and differ, which asks for their gap.
    pub(super) gap_by_recalls: bool,
}

pub(super) fn resolve(args: &PlanArgs, gold: Option<&GoldSet>, runs: &[JudgeRun]) -> Result<Resolved, CliError> {
    if let (Some(difference), Some(discordant)) = (args.pairs, args.discordant)
        && discordant < difference
    {
        return Err(fault("--discordant", format!("found {discordant}; allowed: at least --pairs, {difference}")));
    }
    let recalls = recalls(args)?;
    let thresholds = gold.map(|gold| PerAxis::from_fn(|axis| gold.card.axis(axis).threshold));
    let shape = gold.zip(thresholds.as_ref()).map(|(gold, thresholds)| SetShape::of(gold, thresholds));
    let observed = gold
        .zip(thresholds.as_ref())
        .map(|(gold, thresholds)| observed_correlation(gold, runs, thresholds))
        .unwrap_or_default();
    let (icc, icc_from) = correlations(args, &observed, !runs.is_empty());
    let examples = args.cluster_size.unwrap_or(USUAL_CLUSTER_SIZE);
    let shares = [args.share_omission, args.share_commission];
    let shares = [0, 1].map(|side| shares[side].unwrap_or(USUAL_SHARES[side]));
    let drawn = |axis: Axis| {
        let share = shares[axis.index()];
        (share > 0.0).then(|| MakeUp::binomial(f64::from(examples), share))
    };
    Ok(Resolved {
        assumed: Assumptions {
            recall: PerAxis { omission: recalls[0], commission: recalls[1] },
            missing: args.missing,
            icc,
            cluster_size: shape.as_ref().map_or(f64::from(examples), SetShape::cluster_size),
            make_up: shape.as_ref().map_or_else(|| PerAxis::from_fn(drawn), SetShape::make_up),
            power: args.power,
            level: args.level,
        },
        icc_from,
        sizes: shape.as_ref().map_or(ClusterSizes::Binomial { examples, shares }, SetShape::sizes),
        gap_by_recalls: args.recall_omission.is_some()
            && args.recall_commission.is_some()
            && recalls[0] != recalls[1]
            && args.half_width.is_none()
            && args.pairs.is_none(),
        shape,
    })
}

/// Both recalls: as named, or so that they differ by the gap.
fn recalls(args: &PlanArgs) -> Result<[f64; 2], CliError> {
    /// Decimal fractions do not add up to the last bit.
    const ROUNDING: f64 = 1e-9;
    let only_widths = args.half_width.is_some() || args.pairs.is_some();
    let gap = args.gap.or((!only_widths).then_some(USUAL_GAP));
    let recalls = match (args.recall_omission, args.recall_commission, gap) {
        (Some(omission), Some(commission), _) => {
            if args.gap.is_some_and(|gap| ((omission - commission).abs() - gap).abs() > ROUNDING) {
                let found = (omission - commission).abs();
                return Err(fault(
                    "--gap",
                    format!("the recalls named differ by {found:.4}; allowed: that, or one recall"),
                ));
            }
            return Ok([omission, commission]);
        }
        (Some(omission), None, Some(gap)) => [omission, omission + gap],
        (None, Some(commission), Some(gap)) => [commission - gap, commission],
        (None, None, Some(gap)) => {
            let commission = USUAL_COMMISSION_RECALL.max(gap);
            [commission - gap, commission]
        }
        (omission, commission, None) => [omission.unwrap_or(WIDEST_RECALL), commission.unwrap_or(WIDEST_RECALL)],
    };
    match recalls.iter().zip(["omission", "commission"]).find(|(recall, _)| !(0.0..=1.0).contains(*recall)) {
        Some((recall, axis)) => {
            let message = format!("would put {axis} recall at {recall:.2}; allowed: recalls from 0 to 1");
            Err(fault("--gap", message))
        }
        None => Ok(recalls),
    }
}

fn correlations(
    args: &PlanArgs,
    observed: &PerAxis<Option<ObservedCorrelation>>,
    of_judges: bool,
) -> (PerAxis<f64>, PerAxis<CorrelationSource>) {
    let source = if of_judges { CorrelationSource::Judges } else { CorrelationSource::Raters };
    let of = |axis: Axis| match (args.icc, observed.get(axis)) {
        (Some(icc), _) => (icc, CorrelationSource::Given),
        (None, Some(found)) => (found.icc.clamp(0.0, 1.0), source),
        (None, None) => (USUAL_ICC, CorrelationSource::Usual),
    };
    (PerAxis::from_fn(|axis| of(axis).0), PerAxis::from_fn(|axis| of(axis).1))
}

/// Share of the positives that only one of two judges finds: as named, or as if they missed independently of each other.
pub(super) fn discordant(args: &PlanArgs, assumed: &Assumptions, axis: Axis, difference: f64) -> f64 {
    let independent = || independent_discordance(around(assumed.measured(axis), difference));
    args.discordant.unwrap_or_else(independent)
}

fn fault(flag: &str, message: String) -> CliError {
    Problem::file(Path::new(flag), message).into()
}
