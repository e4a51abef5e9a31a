//! What recalibration fitted on other clusters would mend.

use super::clustered::ratio;
use super::stated::{Stated, forecasts, levels};
use crate::measure::answers::{
    Answered, Cell, Choice, ClusterCells, ValueCounts, cluster_ranks, cross_fitted, own_point, twelve_digits,
};
use crate::measure::evaluation::{
    AtOwnFalseAlarms, CrossFittedCut, Evidence, RecalibratedScores, RecalibrationFamily, RecalibrationMap,
    RecalibrationReport,
};
use crate::stats::auc::{ScoreLevels, auc};
use crate::stats::calibration::{Forecasts, ProperScore, brier_score, calibration_evidence_of_counts, corp};
use crate::stats::gap::{GapCount, recall_gap};
use crate::stats::jackknife::Scale;
use crate::stats::proportion::ClusterCount;
use crate::stats::recalibrate::{Recalibration, crossfit_counts};
use crate::stats::{Estimate, Undefined};

/// Below so many positives an isotonic map over-fits: Platt's two parameters are quoted in its place.
const FEW_POSITIVES: f64 = 30.0;
/// Steps between 0 and 1 on which Venn-Abers is evaluated where there are more distinct probabilities: it costs their square.
const VENN_ABERS_STEPS: f64 = 200.0;
/// Name of the e-value.
const EVIDENCE_METHOD: &str = "cross_fitted_platt_independent";

const FAMILIES: [RecalibrationFamily; 5] = [
    RecalibrationFamily::Isotonic,
    RecalibrationFamily::Platt,
    RecalibrationFamily::Temperature,
    RecalibrationFamily::Beta,
    RecalibrationFamily::VennAbers,
];

/// Recalibrated probability of each fold (outer) and distinct probability (inner).
type Mapped = Vec<Vec<f64>>;

/// The report, and the e-value that one of its maps gives.
pub(super) fn recalibration(
    stated: &Stated,
    answered: &[Answered],
    has_rule: bool,
    level: f64,
) -> (RecalibrationReport, Evidence) {
    let own = if has_rule { own_rule(answered) } else { None };
    let folds = stated.folds();
    let positives = stated.all.positives();
    let mapped: Vec<Result<Mapped, Undefined>> =
        FAMILIES.iter().map(|family| stated.counts.two_folds().and_then(|()| map(stated, &folds, *family))).collect();
    let maps = FAMILIES.iter().zip(&mapped).map(|(family, mapped)| measured(stated, *family, mapped, own, level));
    let report = RecalibrationReport {
        folds: stated.counts.folds,
        preferred: if positives < FEW_POSITIVES { RecalibrationFamily::Platt } else { RecalibrationFamily::Isotonic },
        before: scores(&stated.all, &stated.counts),
        maps: maps.collect(),
        at_own_false_alarms: own.map(|rate| at_own_false_alarms(stated, answered, rate, level)),
    };
    let platt = FAMILIES.iter().position(|family| *family == RecalibrationFamily::Platt);
    let rival = platt.map_or(Err(Undefined::NoData), |at| mapped[at].clone());
    (report, evidence(stated, &folds, rival))
}

/// The maps of one family, applied out of fold.
fn map(stated: &Stated, folds: &[Vec<(f64, f64)>], family: RecalibrationFamily) -> Result<Mapped, Undefined> {
    let values = &stated.counts.values;
    let held = stated.held_at();
    let logit_of = |p: f64| {
        let clip = held.unwrap_or(0.25);
        let p = p.clamp(clip, 1.0 - clip);
        p.ln() - (-p).ln_1p()
    };
    let coarse = |p: f64| (p * VENN_ABERS_STEPS).round() / VENN_ABERS_STEPS;
    let many = values.len() as f64 > VENN_ABERS_STEPS;
    let inside = |p: f64| held.map_or(p, |clip| p.clamp(clip, 1.0 - clip));
    match family {
        RecalibrationFamily::Isotonic => mapped(values, folds, Recalibration::Isotonic, |p| p),
        RecalibrationFamily::Platt => mapped(values, folds, Recalibration::Platt, logit_of),
        RecalibrationFamily::Temperature => mapped(values, folds, Recalibration::Temperature, logit_of),
        RecalibrationFamily::Beta => mapped(values, folds, Recalibration::Beta, inside),
        RecalibrationFamily::VennAbers => {
            mapped(values, folds, Recalibration::VennAbers, |p| if many { coarse(p) } else { p })
        }
    }
}

/// Fits on the other folds and maps every value of each, on scores that rise with the values.
fn mapped(
    values: &[f64],
    folds: &[Vec<(f64, f64)>],
    family: Recalibration,
    score: impl Fn(f64) -> f64,
) -> Result<Mapped, Undefined> {
    let tables: Vec<ScoreLevels> = folds.iter().map(|fold| levels(values, fold, &score)).collect();
    let found = crossfit_counts(&tables, family)?;
    let of_fold = |(table, found): (&ScoreLevels, &Vec<f64>)| {
        let at = |p: &f64| {
            let score = score(*p);
            let place = table.rows().partition_point(|level| level.score < score);
            // A value that the fold does not have is never read; any number stands in its place.
            found.get(place).copied().map(twelve_digits).unwrap_or_default()
        };
        values.iter().map(at).collect()
    };
    Ok(tables.iter().zip(&found).map(of_fold).collect())
}

/// The counts with each probability replaced by its recalibrated one.
fn replaced(counts: &ValueCounts, mapped: &Mapped) -> ValueCounts {
    let mut values: Vec<f64> = mapped.iter().flatten().copied().collect();
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let place = |new: &f64| values.partition_point(|value| value < new);
    let places: Vec<Vec<usize>> = mapped.iter().map(|fold| fold.iter().map(place).collect()).collect();
    let moved = |cluster: &ClusterCells| {
        let cell = |cell: &Cell| Cell { value: places[cluster.fold][cell.value], ..*cell };
        let cells = cluster.cells.iter().map(cell).collect();
        ClusterCells { cells, missed: cluster.missed, passed_over: cluster.passed_over, fold: cluster.fold }
    };
    let clusters = counts.clusters.iter().map(moved).collect();
    ValueCounts { distinct: values.len(), clusters, folds: counts.folds, values }
}

fn scores(forecasts: &Forecasts, counts: &ValueCounts) -> RecalibratedScores {
    RecalibratedScores {
        brier: brier_score(forecasts).ok(),
        miscalibration: corp(forecasts, ProperScore::Brier).and_then(|parts| parts.miscalibration).ok(),
        auc: auc(&counts.levels(&counts.totals(|_| true))).ok(),
    }
}

fn measured(
    stated: &Stated,
    family: RecalibrationFamily,
    mapped: &Result<Mapped, Undefined>,
    own: Option<f64>,
    level: f64,
) -> RecalibrationMap {
    let mapped = match mapped {
        Ok(mapped) => mapped,
        Err(reason) => {
            let nothing = RecalibratedScores { brier: None, miscalibration: None, auc: None };
            let brier_gain = ratio(&[], Scale::Identity, level, *reason);
            return RecalibrationMap {
                family,
                undefined: Some(*reason),
                after: nothing,
                brier_gain,
                at_own_false_alarms: None,
            };
        }
    };
    let counts = replaced(&stated.counts, mapped);
    let after = scores(&forecasts(&counts.values, &counts.totals(|_| true)), &counts);
    RecalibrationMap {
        family,
        undefined: None,
        after,
        brier_gain: brier_gain(&stated.counts, mapped, level),
        at_own_false_alarms: own.map(|rate| cross_fitted(&counts, Choice::Budget(rate), level, |value| value)),
    }
}

/// Brier score before minus after over clusters, maps taken as given.
fn brier_gain(counts: &ValueCounts, mapped: &Mapped, level: f64) -> Estimate {
    let part = |cluster: &ClusterCells| {
        let (mut gain, mut n) = (0.0, 0.0);
        for cell in &cluster.cells {
            let (p, q) = (counts.values[cell.value], mapped[cluster.fold][cell.value]);
            gain += cell.positives * ((1.0 - p).powi(2) - (1.0 - q).powi(2)) + cell.negatives * (p * p - q * q);
            n += cell.positives + cell.negatives;
        }
        (gain, n)
    };
    let parts: Vec<(f64, f64)> = counts.clusters.iter().map(part).collect();
    ratio(&parts, Scale::Atanh, level, Undefined::NoData).with_missing(counts.missing())
}

/// Examples with a probability.
fn with_probability(answered: &[Answered]) -> Vec<Answered> {
    answered.iter().filter(|example| example.probability.is_some()).copied().collect()
}

/// False-alarm rate of the judge's own rule on the examples with a probability.
fn own_rule(answered: &[Answered]) -> Option<f64> {
    own_point(&with_probability(answered)).false_alarm_rate
}

fn at_own_false_alarms(stated: &Stated, answered: &[Answered], rate: f64, level: f64) -> AtOwnFalseAlarms {
    let mut counts = stated.counts.clone();
    // Both rules are compared on the examples with a probability.
    counts.clusters.iter_mut().for_each(|cluster| (cluster.missed, cluster.passed_over) = (0.0, 0.0));
    let by_probability = cross_fitted(&counts, Choice::Budget(rate), level, |value| value);
    let examples = with_probability(answered);
    AtOwnFalseAlarms {
        own_recall: own_point(&examples).recall,
        own_false_alarm_rate: rate,
        recall_gain: recall_gain(&examples, stated, &by_probability, level),
        by_probability,
    }
}

/// Recall by the cuts minus recall of the judge's own rule, on the same positives.
fn recall_gain(examples: &[Answered], stated: &Stated, by_probability: &CrossFittedCut, level: f64) -> Estimate {
    let cuts = &by_probability.fold_cuts;
    let (ranks, count) = cluster_ranks(examples);
    let fold_of: Vec<usize> =
        stated.counts.clusters.iter().filter(|cluster| !cluster.cells.is_empty()).map(|cluster| cluster.fold).collect();
    let mut cells = vec![GapCount { first: ClusterCount::default(), second: ClusterCount::default() }; count];
    for example in examples.iter().filter(|example| example.positive) {
        let cluster = ranks[example.cluster as usize];
        let cut = cuts.get(fold_of[cluster]).copied().flatten();
        let flagged = cut.is_some_and(|cut| example.probability.is_some_and(|p| stated.counts.rounded(p) >= cut));
        let cell = &mut cells[cluster];
        cell.first.total += 1.0;
        cell.second.total += 1.0;
        cell.first.hits += f64::from(u8::from(flagged));
        cell.second.hits += example.flagged_of_asked();
    }
    let mut gain = recall_gap(&cells, level);
    // The same positives stand on both sides.
    gain.n /= 2.0;
    match by_probability.recall.undefined {
        Some(reason) if cuts.is_empty() => gain.without_value(reason),
        _ => gain,
    }
}

/// The e-value of one family's forecasts against the judge's own.
fn evidence(stated: &Stated, folds: &[Vec<(f64, f64)>], rival: Result<Mapped, Undefined>) -> Evidence {
    let values = &stated.counts.values;
    let found = rival.and_then(|rival| {
        let tables: Vec<Forecasts> = folds.iter().map(|fold| forecasts(values, fold)).collect();
        let of_fold = |(mapped, table): (&Vec<f64>, &Forecasts)| -> Vec<f64> {
            let at = |atom: &crate::stats::calibration::Atom| mapped[values.partition_point(|value| *value < atom.p)];
            table.atoms().iter().map(at).collect()
        };
        let rivals: Vec<Vec<f64>> = rival.iter().zip(&tables).map(of_fold).collect();
        let found = calibration_evidence_of_counts(&tables, &rivals).expect("a map gives probabilities");
        found.and_then(|found| found.log_e)
    });
    Evidence { log_e: found.ok(), undefined: found.err(), method: EVIDENCE_METHOD.to_owned() }
}
