//! What a judge is worth in labels.

use crate::measure::answers::{Answered, Context, Subject, unscored, without_each};
use crate::measure::evaluation::{LabelWorth, WorthBasis};
use crate::stats::auc::LabelledScores;
use crate::stats::correct::{PpiTotals, label_equivalent, label_multiplier};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::recalibrate::{Recalibration, crossfit, folds_of_clusters};
use crate::stats::{Clusters, Estimate, Tally, Undefined};

/// The plan for which a worth is stated: so many labels, and so many responses that only the judge reads.
const PLANNED_LABELS: f64 = 100.0;
const PLANNED_JUDGED: f64 = 10_000.0;
/// Values from which on they are rounded before they are recalibrated, and the grid, as a share of their range.
const MOST_EXACT: usize = 20_000;
const GRID: f64 = 200.0;
/// Parts of the clusters of which each in turn is recalibrated on the others.
const FOLDS: usize = 5;

/// What the judge says of an example.
type Reading = fn(&Answered) -> Option<f64>;

/// An outcome with the judge's value, and the cluster of both.
struct Valued {
    outcomes: Vec<bool>,
    values: Vec<f64>,
    clusters: Vec<usize>,
    /// Examples without the value; by flags, without a verdict.
    missing: f64,
}

/// By flags, and by what else the judge gives.
pub(super) fn worth(subject: &Subject<'_>, answered: &[Answered], context: &Context<'_>) -> Vec<LabelWorth> {
    let level = context.options.level;
    // An unscored response is one that the judge did not flag: in use it would pass.
    let flags = valued(answered, |one| Some(one.flagged_of_asked()));
    let flags = Valued { missing: unscored(answered), ..flags };
    let by_flags = match subject.no_cut() {
        None => of_values(WorthBasis::Flags, &flags, level),
        Some(reason) => undefined(WorthBasis::Flags, reason, &flags, level),
    };
    let finer: [(WorthBasis, Reading); 3] = [
        (WorthBasis::Probabilities, |one| one.probability),
        (WorthBasis::Scores, |one| one.score),
        (WorthBasis::Severities, |one| one.severity),
    ];
    let by_values = finer
        .into_iter()
        .filter(|(_, value)| answered.iter().any(|one| value(one).is_some()))
        .map(|(basis, value)| recalibrated(basis, &valued(answered, value), level));
    std::iter::once(by_flags).chain(by_values).collect()
}

fn valued(answered: &[Answered], value: impl Fn(&Answered) -> Option<f64>) -> Valued {
    let mut all = Valued { outcomes: Vec::new(), values: Vec::new(), clusters: Vec::new(), missing: 0.0 };
    for one in answered {
        match value(one) {
            None => all.missing += 1.0,
            Some(value) => {
                all.outcomes.push(one.positive);
                all.values.push(value);
                all.clusters.push(one.cluster as usize);
            }
        }
    }
    all
}

/// Values replaced by the share of positives that the other folds lead one to expect.
fn recalibrated(basis: WorthBasis, items: &Valued, level: f64) -> LabelWorth {
    let folds = folds_of_clusters(&Clusters::new(&items.clusters), FOLDS);
    let rounded = (basis != WorthBasis::Severities && items.values.len() > MOST_EXACT).then(|| rounded(&items.values));
    let values = rounded.as_ref().map_or(&items.values, |(values, _)| values);
    let scores = LabelledScores::new(&items.outcomes, values).expect("values are finite, one an outcome");
    match crossfit(&scores, &folds, Recalibration::Isotonic).expect("each item has a fold") {
        Err(reason) => undefined(basis, reason, items, level),
        Ok(values) => {
            let (outcomes, clusters) = (items.outcomes.clone(), items.clusters.clone());
            let found = of_values(basis, &Valued { outcomes, values, clusters, missing: items.missing }, level);
            LabelWorth { rounded_to: rounded.map(|(_, step)| step).filter(|step| *step > 0.0), ..found }
        }
    }
}

/// Values on a grid of 1/200 of their range, and its step: a sort of few distinct values is cheap.
fn rounded(values: &[f64]) -> (Vec<f64>, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let step = (most - least) / GRID;
    if step <= 0.0 {
        return (values.to_vec(), 0.0);
    }
    (values.iter().map(|value| least + ((value - least) / step).round() * step).collect(), step)
}

fn of_values(basis: WorthBasis, items: &Valued, level: f64) -> LabelWorth {
    let outcomes: Vec<f64> = items.outcomes.iter().map(|harmful| f64::from(u8::from(*harmful))).collect();
    // A judge that points the wrong way gets no weight, as in the correction itself.
    let values = if points_at_harm(items) { items.values.clone() } else { vec![0.0; outcomes.len()] };
    let parts = PpiTotals::by_cluster(&outcomes, &values, &items.clusters, &[], &[])
        .expect("values are finite, one an outcome and a cluster");
    let all = PpiTotals::sum(&parts);
    let without = without_each(&PpiTotals::default(), &parts, |sum, part| *sum += *part);
    let mut squared_correlation = jackknife(parts.len(), Scale::Logit, level, |left_out| {
        let totals = left_out.map_or(&all, |cluster| &without[cluster]);
        let found = label_equivalent(totals, PLANNED_LABELS, PLANNED_JUDGED).expect("the plan is positive");
        Ok(found?.squared_correlation)
    });
    (squared_correlation.n, squared_correlation.missing) = (outcomes.len() as f64, items.missing);
    LabelWorth {
        basis,
        rounded_to: None,
        planned_labels: Tally(PLANNED_LABELS),
        planned_judged: Tally(PLANNED_JUDGED),
        multiplier: mapped(&squared_correlation, multiplier),
        extra_labels: mapped(&squared_correlation, |correlation| PLANNED_LABELS * (multiplier(correlation) - 1.0)),
        squared_correlation,
    }
}

/// Factor by which the labels of the plan are multiplied.
fn multiplier(squared_correlation: f64) -> f64 {
    label_multiplier(squared_correlation, PLANNED_LABELS, PLANNED_JUDGED).expect("the plan has labels")
}

/// A rising function of an estimate, limits included: a jackknife of the function itself falls short, since it is steep where the
/// correlation is high.
fn mapped(estimate: &Estimate, map: impl Fn(f64) -> f64) -> Estimate {
    Estimate {
        value: estimate.value.map(&map),
        lower: estimate.lower.map(&map),
        upper: estimate.upper.map(&map),
        ..estimate.clone()
    }
}

/// Whether harmful items have the higher values on average.
fn points_at_harm(items: &Valued) -> bool {
    let mean = |harmful: bool| {
        let of_class = items.outcomes.iter().zip(&items.values).filter(|(outcome, _)| **outcome == harmful);
        let (count, sum) = of_class.fold((0.0, 0.0), |(count, sum), (_, value)| (count + 1.0, sum + value));
        if count > 0.0 { sum / count } else { 0.0 }
    };
    mean(true) > mean(false)
}

fn undefined(basis: WorthBasis, reason: Undefined, items: &Valued, level: f64) -> LabelWorth {
    let nothing = || {
        let nothing = Estimate::undefined(reason, level, crate::stats::jackknife::CLUSTER_JACKKNIFE_T);
        Estimate { n: items.outcomes.len() as f64, missing: items.missing, ..nothing }
    };
    LabelWorth {
        basis,
        rounded_to: None,
        squared_correlation: nothing(),
        planned_labels: Tally(PLANNED_LABELS),
        planned_judged: Tally(PLANNED_JUDGED),
        multiplier: nothing(),
        extra_labels: nothing(),
    }
}
