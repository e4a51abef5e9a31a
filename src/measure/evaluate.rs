//! The evaluation as a whole: align, count once, and compute each judge's numbers from its counts.

use std::borrow::Cow;

use rayon::prelude::*;

use super::align::{Coverage, align_judge, align_rater};
use super::answers::{Context, Subject};
use super::axis::{AxisContext, evaluate_axis};
use super::bias::{bias, self_preference};
use super::calibration::{calibration, severity_calibration};
use super::ceiling::{RaterSubject, rater_subjects, reference_labels};
use super::cells::{AxisCells, Cut, counts_of};
use super::compare::{comparisons, rankings};
use super::consequences::consequences;
use super::detectable::detectable;
use super::dose::{dose_response, same_fact};
use super::evaluation::{AxisEvaluation, CeilingEntry, CeilingReference, Evaluation, JudgeEvaluation, Settings};
use super::framing::framing;
use super::gap::{AtThresholds, BothAxes, GapContext, RecallGap, gap, undefined_gap};
use super::gold_uncertainty::gold_uncertainty;
use super::items::items;
use super::labels::label_reliability;
use super::layout::Layout;
use super::missingness::missingness;
use super::operating::operating;
use super::options::MeasureOptions;
use super::pair_agreement::pair_agreement;
use super::scale::{FLAG, FittedScale, without_cut, without_severities};
use super::separation::{AucContext, auc};
use super::shares::{Slices, slices_of};
use super::stability::stability;
use super::summary::summarise;
use super::systems::{gap_without_one_system, systems};
use super::twins::twins;
use crate::gold::GoldSet;
use crate::model::{Axis, EVALUATION_FORMAT, PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::{Estimate, Undefined};
use crate::table::{Count, TrialRow, count};

/// Why there is no evaluation.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// The group-by failed.
    #[error("the counts table could not be made: {0}")]
    Count(String),
}

/// Measures every judge and every human rater. Findings are left empty.
pub fn evaluate(gold: &GoldSet, runs: &[JudgeRun], options: &MeasureOptions) -> Result<Evaluation, MeasureError> {
    Ok(tabulate(gold, runs, options)?.evaluate())
}

/// The AUC of one judge on each axis, where it states probabilities.
type Aucs = PerAxis<Option<Estimate>>;

/// The trials of every judge and rater, counted: what an evaluation is computed from, whatever the number of verdicts.
#[derive(Debug)]
pub struct CountedTrials<'a> {
    gold: &'a GoldSet,
    runs: &'a [JudgeRun],
    options: &'a MeasureOptions,
    layout: Layout,
    thresholds: PerAxis<Severity>,
    raters: Vec<RaterSubject>,
    scales: Vec<Option<FittedScale>>,
    coverage: Vec<Coverage>,
    aucs: Vec<Aucs>,
    counts: Vec<Count>,
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

struct Measure<'a> {
    gold: &'a GoldSet,
    layout: &'a Layout,
    scales: &'a [Option<FittedScale>],
    coverage: &'a [Coverage],
    aucs: &'a [Aucs],
    counts: &'a [Count],
    thresholds: PerAxis<Severity>,
    options: &'a MeasureOptions,
    subjects: &'a [Subject<'a>],
}

/// The numbers of one judge on one axis that need its examples and not only its counts.
fn from_examples(numbers: &mut AxisEvaluation, subject: &Subject<'_>, axis: Axis, context: &Context<'_>) {
    numbers.calibration = calibration(subject, axis, context);
    numbers.severity_calibration = severity_calibration(subject, axis, context);
    numbers.operating = operating(subject, axis, context);
    numbers.consequences = consequences(subject, axis, context);
    numbers.systems = systems(subject, axis, context);
    numbers.missingness = missingness(subject, axis, context);
    numbers.gold_uncertainty = gold_uncertainty(subject, axis, context);
    numbers.twins = twins(subject, axis, context);
    numbers.dose_response = dose_response(subject, axis, context);
    numbers.framing = framing(subject, axis, context);
    numbers.stability = stability(subject, axis, context);
    numbers.bias = bias(subject, axis, context);
}

impl Measure<'_> {
    fn context(&self) -> Context<'_> {
        Context { gold: self.gold, layout: self.layout, thresholds: self.thresholds, options: self.options }
    }

    fn levels(&self, axis: Axis) -> usize {
        self.gold.card.axis(axis).levels.len()
    }

    fn cut(&self, axis: Axis, flag_at: Severity) -> Cut {
        Cut { gold: usize::from(*self.thresholds.get(axis)), judge: usize::from(flag_at) }
    }

    /// Counts of one judge on one axis; of a single scale those whose severity on the other axis is below a threshold.
    fn counts_where(&self, subject: usize, axis: Axis, thresholds: &PerAxis<Severity>) -> Cow<'_, [Count]> {
        let counts = counts_of(self.counts, subject as u32, axis);
        if self.scales[subject].is_none() {
            return Cow::Borrowed(counts);
        }
        let below = *thresholds.get(axis.other());
        counts.iter().filter(|count| count.row.elsewhere < below).copied().collect()
    }

    fn judge(&self, subject: usize, run: &JudgeRun) -> JudgeEvaluation {
        let (coverage, scale) = (&self.coverage[subject], self.scales[subject].as_ref());
        let spec = &run.spec;
        let level = self.options.level;
        let own = |axis: Axis| spec.flag_at.get(&axis).copied().unwrap_or(*self.thresholds.get(axis));
        let flag_at = PerAxis::from_fn(|axis| if scale.is_some() { FLAG } else { own(axis) });
        let counts = PerAxis::from_fn(|axis| self.counts_where(subject, axis, &self.thresholds));
        let cells = PerAxis::from_fn(|axis| AxisCells::collect(self.levels(axis), counts.get(axis).iter()));
        let slices: PerAxis<Slices> =
            PerAxis::from_fn(|axis| slices_of(self.levels(axis), counts.get(axis), &self.layout.strata));
        let cuts = PerAxis::from_fn(|axis| self.cut(axis, *flag_at.get(axis)));
        let axes = PerAxis::from_fn(|axis| {
            let context = AxisContext { cut: *cuts.get(axis), level };
            spec.axes.contains(&axis).then(|| {
                let mut numbers = evaluate_axis(cells.get(axis), slices.get(axis), context);
                numbers.auc = self.aucs[subject].get(axis).clone();
                if let Some(scale) = scale {
                    without_severities(&mut numbers);
                    scale.no_cut().into_iter().for_each(|reason| without_cut(&mut numbers, reason));
                }
                from_examples(&mut numbers, &self.subjects[subject], axis, &self.context());
                Box::new(numbers)
            })
        });
        JudgeEvaluation {
            judge: spec.name.clone(),
            kind: spec.kind.name().to_owned(),
            title: spec.title.clone(),
            model: spec.model.clone(),
            models_said: coverage.models.clone(),
            replies_made: coverage.replies_made.clone(),
            cost: coverage.cost.clone(),
            flag_at: scale.is_none().then_some(flag_at),
            scale: scale.map(FittedScale::evaluation),
            asked: coverage.asked,
            not_asked: coverage.not_asked,
            unknown_examples: coverage.unknown_examples,
            first_unknown_example: coverage.first_unknown_example.clone(),
            axes,
            detectable: detectable(&cells, &cuts, &spec.axes, scale.and_then(FittedScale::no_cut), level),
            gap_without_one_system: gap_without_one_system(&self.subjects[subject], &self.context()),
            recall_gap: self.gap(subject, run, cuts, &cells, &slices),
            same_fact: same_fact(&self.subjects[subject], &self.context()),
            items: coverage.marks_items.then(|| items(counts.omission.iter(), level)),
        }
    }

    fn gap(
        &self,
        subject: usize,
        run: &JudgeRun,
        cuts: PerAxis<Cut>,
        cells: &PerAxis<AxisCells>,
        slices: &PerAxis<Slices>,
    ) -> RecallGap {
        let scale = self.scales[subject].as_ref();
        let no_cut = scale.and_then(FittedScale::no_cut);
        let one_axis = (run.spec.axes.len() < Axis::ALL.len()).then_some(Undefined::NotAnswered);
        if let Some(reason) = one_axis.or(no_cut) {
            return undefined_gap(&self.subjects[subject], &self.context(), reason);
        }
        let at = |thresholds: PerAxis<Severity>| AtThresholds {
            cells: PerAxis::from_fn(|axis| match scale {
                None => Cow::Borrowed(cells.get(axis)),
                Some(_) => {
                    let counts = self.counts_where(subject, axis, &thresholds);
                    Cow::Owned(AxisCells::collect(self.levels(axis), counts.iter()))
                }
            }),
            cuts: PerAxis::from_fn(|axis| {
                let gold = usize::from(*thresholds.get(axis));
                Cut { gold, judge: if scale.is_some() { usize::from(FLAG) } else { gold } }
            }),
        };
        let context = GapContext {
            subject: &self.subjects[subject],
            context: &self.context(),
            cuts,
            tops: PerAxis::from_fn(|axis| self.gold.card.axis(axis).top()),
            at: &at,
        };
        let both = BothAxes { omission: &cells.omission, commission: &cells.commission };
        gap(&both, &PerAxis { omission: &slices.omission, commission: &slices.commission }, &context)
    }

    fn rater(&self, subject: u32, rater: &RaterSubject) -> PerAxis<Option<CeilingEntry>> {
        PerAxis::from_fn(|axis| {
            let counts = counts_of(self.counts, subject, axis);
            if counts.is_empty() {
                return None;
            }
            let cells = AxisCells::collect(self.levels(axis), counts.iter());
            let slices = slices_of(self.levels(axis), counts, &self.layout.strata);
            let context = AxisContext { cut: self.cut(axis, *self.thresholds.get(axis)), level: self.options.level };
            Some(CeilingEntry {
                rater: self.gold.raters[rater.index].id.clone(),
                against: rater.against,
                independent: rater.against == CeilingReference::Others,
                axis: Box::new(evaluate_axis(&cells, &slices, context)),
            })
        })
    }
}
