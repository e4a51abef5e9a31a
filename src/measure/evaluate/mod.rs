//! The evaluation as a whole: align, count once, and compute each judge's numbers from its counts.

mod counted;
mod judge;

pub use counted::{CountedTrials, MeasureError, tabulate};

use rayon::prelude::*;

use crate::gold::GoldSet;
use crate::measure::across::compare::{comparisons, rankings};
use crate::measure::across::labels::label_reliability;
use crate::measure::across::pair_agreement::pair_agreement;
use crate::measure::answers::{Context, Subject};
use crate::measure::blocks::bias::self_preference;
use crate::measure::evaluation::{CeilingEntry, Evaluation, JudgeEvaluation, Settings};
use crate::measure::options::MeasureOptions;
use crate::measure::trials::summarise;
use crate::model::{EVALUATION_FORMAT, PerAxis};
use crate::run::JudgeRun;
use judge::Measure;

/// Measures every judge and every human rater. Findings are left empty.
pub fn evaluate(gold: &GoldSet, runs: &[JudgeRun], options: &MeasureOptions) -> Result<Evaluation, MeasureError> {
    Ok(tabulate(gold, runs, options)?.evaluate())
}

impl CountedTrials<'_> {
    /// Every number of the evaluation but its findings.
    pub fn evaluate(&self) -> Evaluation {
        let Self { gold, runs, options, layout, thresholds, raters, scales, coverage, aucs, counts } = self;
        let thresholds = *thresholds;
        let context = Context { gold, layout, thresholds, options };
        let subjects: Vec<Subject<'_>> =
            runs.par_iter().zip(scales).map(|(run, scale)| Subject::new(run, scale.as_ref(), &context)).collect();
        let measure =
            Measure { gold, layout, scales, coverage, aucs, counts, thresholds, options, subjects: &subjects };
        let mut judges: Vec<JudgeEvaluation> =
            runs.par_iter().enumerate().map(|(subject, run)| measure.judge(subject, run)).collect();
        judges.sort_by(by_omission_youden_j);
        let (comparisons, comparison_plan) = comparisons(&subjects, &mut judges, &context);
        let ceilings: Vec<PerAxis<Option<CeilingEntry>>> = raters
            .par_iter()
            .enumerate()
            .map(|(index, rater)| measure.rater((runs.len() + index) as u32, rater))
            .collect();
        let pair_agreement = pair_agreement(&subjects, &comparisons, &context);
        Evaluation {
            format: EVALUATION_FORMAT.to_owned(),
            gold: summarise(gold, layout, thresholds),
            settings: Settings {
                seed: options.seed,
                level: options.level,
                thresholds,
                margin: options.margin,
                resamples: options.resamples,
                primary: options.primary,
            },
            judges,
            human_ceiling: PerAxis::from_fn(|axis| {
                ceilings.iter().filter_map(|entry| entry.get(axis).clone()).collect()
            }),
            comparisons,
            comparison_plan,
            rankings: rankings(&subjects, &context),
            pair_agreement,
            label_reliability: label_reliability(&subjects, &context),
            self_preference: PerAxis::from_fn(|axis| self_preference(&subjects, axis, &context)),
            findings: Vec::new(),
        }
    }
}

/// Best first; judges without a value last; equal ones by name.
fn by_omission_youden_j(one: &JudgeEvaluation, other: &JudgeEvaluation) -> std::cmp::Ordering {
    let youden_j = |judge: &JudgeEvaluation| {
        judge.axes.omission.as_deref().and_then(|axis| axis.youden_j.value).unwrap_or(f64::NEG_INFINITY)
    };
    youden_j(other).total_cmp(&youden_j(one)).then_with(|| one.judge.cmp(&other.judge))
}
