//! Dose and response: how flags rise with the number of items removed or made wrong, and whether the same fact is found as
//! often removed as made wrong.

mod same_fact;
mod series;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use same_fact::same_fact;

use std::collections::BTreeSet;

use crate::measure::answers::{Answered, Context, Part, Subject, flag, jackknife_of_sums, share, unscored};
use crate::measure::counts::whole;
use crate::measure::evaluation::{CurveFit, DoseCurve, DosePoint, DoseResponse, IndependentItems};
use crate::model::Axis;
use crate::stats::jackknife::Scale;
use crate::stats::proportion::ClusterCount;
use crate::stats::psychometric::{DoseCounts, LapseRate, Psychometric, fit_psychometric};
use crate::stats::{Estimate, Undefined};
use series::{Series, series, slice_of};

/// The dose-response curve of one judge on one axis; none where the set has no doses or the judge does not answer on the axis.
pub(crate) fn dose_response(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Option<DoseResponse> {
    let answered = subject.axes.get(axis).as_deref()?;
    let series = series(answered, axis, context.gold)?;
    let doses: Vec<u32> = series.answered.iter().map(|(dose, _)| *dose).collect::<BTreeSet<_>>().into_iter().collect();
    let points = doses.iter().map(|dose| point(subject, *dose, &series, context)).collect();
    let counts = counts(&doses, &series, context);
    let mut fitted = fit_psychometric(&counts, context.options.level);
    if let Some(reason) = subject.no_cut() {
        without_cut(&mut fitted, reason);
    }
    let mut found = response(fitted, &series, points, axis);
    let missing = unscored(series.answered.iter().map(|(_, one)| *one));
    for estimate in [
        &mut found.rise,
        &mut found.threshold,
        &mut found.slope,
        &mut found.shape,
        &mut found.half_dose,
        &mut found.guess_rate,
        &mut found.lapse_rate,
        &mut found.independent.per_item,
    ] {
        estimate.missing = missing;
        estimate.n = whole(estimate.n);
    }
    found.in_words = words::response(&found, axis);
    Some(found)
}

/// A harmful response without a verdict is a miss; a harmless one is left out.
fn part(one: &Answered) -> Part {
    if one.positive { Some((one.flagged_of_asked(), 1.0)) } else { flag(one) }
}

fn point(subject: &Subject<'_>, dose: u32, series: &Series<'_>, context: &Context<'_>) -> DosePoint {
    let at_dose = || series.answered.iter().filter(|(own, _)| *own == dose).map(|(_, one)| *one);
    let flagged = share(context, at_dose(), Undefined::NoData, part);
    let flagged = flagged.with_missing(unscored(at_dose())).unless(subject.no_cut());
    DosePoint { dose, flagged, mean_severity: subject.scale.is_none().then(|| mean_severity(at_dose(), context)) }
}

/// Mean over the examples of a dose that have a verdict.
fn mean_severity<'a>(at_dose: impl Iterator<Item = &'a Answered>, context: &Context<'_>) -> Estimate {
    let mut parts = vec![vec![0.0, 0.0]; context.layout.clusters.len()];
    let (mut scored, mut unscored) = (0.0, 0.0);
    for one in at_dose {
        match one.severity {
            Some(severity) => {
                let own = &mut parts[one.cluster as usize];
                own[0] += severity;
                own[1] += 1.0;
                scored += 1.0;
            }
            None => unscored += 1.0,
        }
    }
    let mean = |sums: &[f64]| if sums[1] > 0.0 { Ok(sums[0] / sums[1]) } else { Err(Undefined::NoData) };
    let mut estimate = jackknife_of_sums(&parts, Scale::Identity, context.options.level, mean).with_missing(unscored);
    estimate.n = scored;
    estimate
}

fn counts(doses: &[u32], series: &Series<'_>, context: &Context<'_>) -> DoseCounts {
    let mut rows = vec![vec![ClusterCount::default(); doses.len()]; context.layout.clusters.len()];
    for (dose, one) in &series.answered {
        if let (Ok(column), Some((hits, total))) = (doses.binary_search(dose), part(one)) {
            let own = &mut rows[one.cluster as usize][column];
            own.hits += hits;
            own.total += total;
        }
    }
    let doses: Vec<f64> = doses.iter().map(|dose| f64::from(*dose)).collect();
    DoseCounts::new(&doses, &rows).expect("doses rise, and no more is flagged than was scored")
}

/// A judge without a cut has no flags to rise.
fn without_cut(fitted: &mut Psychometric, reason: Undefined) {
    for estimate in [
        &mut fitted.rise,
        &mut fitted.threshold,
        &mut fitted.slope,
        &mut fitted.shape,
        &mut fitted.half_dose,
        &mut fitted.guess,
        &mut fitted.lapse,
        &mut fitted.independent.per_item,
    ] {
        estimate.undefine(reason);
    }
    fitted.curve = Err(reason);
    fitted.goodness = Err(reason);
    fitted.independent.curve = Err(reason);
    fitted.independent.p_value = Err(reason);
}

fn response(fitted: Psychometric, series: &Series<'_>, doses: Vec<DosePoint>, axis: Axis) -> DoseResponse {
    let independent = fitted.independent;
    DoseResponse {
        dose_slice: slice_of(axis).to_owned(),
        dose_kind: series.kind.map(str::to_owned),
        doses,
        rise: fitted.rise,
        curve: fitted.curve.ok().map(DoseCurve::from),
        curve_undefined: fitted.curve.err(),
        threshold: fitted.threshold,
        slope: fitted.slope,
        shape: fitted.shape,
        half_dose: fitted.half_dose,
        guess_rate: fitted.guess,
        lapse_rate: fitted.lapse,
        fit: fitted.goodness.ok().map(|fit| CurveFit {
            deviance: fit.deviance,
            degrees_of_freedom: fit.degrees,
            scale: fit.scale,
            p_value: fit.p_value,
        }),
        fit_undefined: fitted.goodness.err(),
        independent: IndependentItems {
            per_item: independent.per_item,
            curve: independent.curve.ok().map(DoseCurve::from),
            lapse_fitted: independent.lapse == LapseRate::Fitted,
            p_value: independent.p_value.ok(),
            p_value_undefined: independent.p_value.err(),
        },
        in_words: String::new(),
    }
}
