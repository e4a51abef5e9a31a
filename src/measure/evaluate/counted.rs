//! The trials of every judge and rater, counted.

use rayon::prelude::*;

use crate::gold::GoldSet;
use crate::measure::blocks::separation::{AucContext, auc};
use crate::measure::options::MeasureOptions;
use crate::measure::trials::{
    Coverage, FittedScale, Layout, RaterSubject, align_judge, align_rater, rater_subjects, reference_labels,
};
use crate::model::{PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::Estimate;
use crate::table::{Count, TrialRow, count};

/// Why there is no evaluation.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The group-by failed.
    #[error("the counts table could not be made: {0}")]
    Count(String),
}

/// The AUC of one judge on each axis, where it states probabilities.
pub(super) type Aucs = PerAxis<Option<Estimate>>;

/// The trials of every judge and rater, counted: what an evaluation is computed from, whatever the number of verdicts.
#[derive(Debug)]
pub struct CountedTrials<'a> {
    pub(super) gold: &'a GoldSet,
    pub(super) runs: &'a [JudgeRun],
    pub(super) options: &'a MeasureOptions,
    pub(super) layout: Layout,
    pub(super) thresholds: PerAxis<Severity>,
    pub(super) raters: Vec<RaterSubject>,
    pub(super) scales: Vec<Option<FittedScale>>,
    pub(super) coverage: Vec<Coverage>,
    pub(super) aucs: Vec<Aucs>,
    pub(super) counts: Vec<Count>,
}

/// Aligns gold and verdicts and counts the trials: the part of [`evaluate`] whose cost grows with their number.
pub fn tabulate<'a>(
    gold: &'a GoldSet,
    runs: &'a [JudgeRun],
    options: &'a MeasureOptions,
) -> Result<CountedTrials<'a>, MeasureError> {
    let layout = Layout::new(gold);
    let thresholds = options.thresholds_on(&gold.card);
    let raters = rater_subjects(gold);
    let scales: Vec<Option<FittedScale>> =
        runs.par_iter().map(|run| FittedScale::of(run, gold, &layout, &thresholds)).collect();
    // Subject by subject, so that no more trials are held as rows than those of the judges at hand. The subject is the first
    // key of the table: the parts in order are the whole in order.
    let of_judges: Vec<(Coverage, Vec<Count>)> = runs
        .par_iter()
        .enumerate()
        .zip(&scales)
        .map(|((subject, run), scale)| {
            let mut rows: Vec<TrialRow> = Vec::with_capacity(run.verdicts.len());
            let coverage = align_judge(subject as u32, run, scale.as_ref(), gold, &layout, &mut rows);
            Ok((coverage, counted(&rows)?))
        })
        .collect::<Result<_, MeasureError>>()?;
    let (coverage, mut counts): (Vec<Coverage>, Vec<Vec<Count>>) = of_judges.into_iter().unzip();
    let mut rows = Vec::new();
    for (index, rater) in raters.iter().enumerate() {
        let subject = (runs.len() + index) as u32;
        align_rater(subject, rater, &reference_labels(rater, gold), gold, &layout, &mut rows);
    }
    counts.push(counted(&rows)?);
    let counts = counts.concat();
    let aucs = runs
        .par_iter()
        .zip(&scales)
        .map(|(run, scale)| {
            PerAxis::from_fn(|axis| {
                let context = AucContext { gold, layout: &layout, axis, thresholds, level: options.level };
                run.spec.axes.contains(&axis).then(|| auc(run, scale.as_ref(), &context)).flatten()
            })
        })
        .collect();
    Ok(CountedTrials { gold, runs, options, layout, thresholds, raters, scales, coverage, aucs, counts })
}

fn counted(rows: &[TrialRow]) -> Result<Vec<Count>, MeasureError> {
    count(rows).map_err(|error| MeasureError::Count(error.to_string()))
}
