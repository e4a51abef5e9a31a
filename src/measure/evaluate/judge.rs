//! Everything of one judge, and of one rater.

use std::borrow::Cow;

use super::counted::Aucs;
use crate::gold::GoldSet;
use crate::measure::answers::{Context, Subject};
use crate::measure::blocks::axis::{AxisContext, evaluate_axis, without_cut, without_severities};
use crate::measure::blocks::bias::bias;
use crate::measure::blocks::calibration::{calibration, severity_calibration};
use crate::measure::blocks::consequences::consequences;
use crate::measure::blocks::detectable::detectable;
use crate::measure::blocks::dose::{dose_response, same_fact};
use crate::measure::blocks::framing::framing;
use crate::measure::blocks::gap::{AtThresholds, BothAxes, GapContext, gap, undefined_gap};
use crate::measure::blocks::gold_uncertainty::gold_uncertainty;
use crate::measure::blocks::items::items;
use crate::measure::blocks::missingness::missingness;
use crate::measure::blocks::operating::operating;
use crate::measure::blocks::stability::stability;
use crate::measure::blocks::systems::{gap_without_one_system, systems};
use crate::measure::blocks::twins::twins;
use crate::measure::counts::{AxisCells, Cut, Slices, counts_of, slices_of};
use crate::measure::evaluation::{AxisEvaluation, CeilingEntry, CeilingReference, JudgeEvaluation, RecallGap};
use crate::measure::options::MeasureOptions;
use crate::measure::trials::{Coverage, FLAG, FittedScale, Layout, RaterSubject};
use crate::model::{Axis, PerAxis, Severity};
use crate::run::JudgeRun;
use crate::stats::Undefined;
use crate::table::Count;

/// What the numbers of every judge and rater are taken from.
pub(super) struct Measure<'a> {
    pub(super) gold: &'a GoldSet,
    pub(super) layout: &'a Layout,
    pub(super) scales: &'a [Option<FittedScale>],
    pub(super) coverage: &'a [Coverage],
    pub(super) aucs: &'a [Aucs],
    pub(super) counts: &'a [Count],
    pub(super) thresholds: PerAxis<Severity>,
    pub(super) options: &'a MeasureOptions,
    pub(super) subjects: &'a [Subject<'a>],
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

    pub(super) fn judge(&self, subject: usize, run: &JudgeRun) -> JudgeEvaluation {
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

    pub(super) fn rater(&self, subject: u32, rater: &RaterSubject) -> PerAxis<Option<CeilingEntry>> {
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
