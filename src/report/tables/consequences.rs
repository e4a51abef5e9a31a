//! Tables on what follows from relying on a judge, and on what its recall depends on: one number a row.

use super::{Cell, TableError, each_axis, estimate_headings, estimate_row, write};
use crate::measure::{
    AxisBias, AxisEvaluation, Consequences, Evaluation, Framing, LeaveOneOut, Stability, SystemRange, SystemRanking,
    TwinComparison, TwinDiscrimination,
};
use crate::model::Axis;
use crate::stats::{Estimate, Undefined};

/// Rows about one judge on one axis: what a number is at (a system, two roles, a severity), its name and its value.
pub(super) struct Rows<'a> {
    pub(super) judge: &'a str,
    pub(super) axis: &'a str,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Rows<'_> {
    pub(super) fn estimate(&mut self, at: &str, metric: &str, estimate: &Estimate) {
        self.rows.push(estimate_row(&[self.judge, self.axis, at], metric, estimate));
    }

    /// A number without an interval of its own.
    pub(super) fn plain(&mut self, at: &str, metric: &str, value: Option<f64>, undefined: Option<Undefined>) {
        let mut estimate = Estimate::undefined(Undefined::NoData, 0.0, "");
        (estimate.value, estimate.undefined) = (value, undefined.filter(|_| value.is_none()));
        let mut row = estimate_row(&[self.judge, self.axis, at], metric, &estimate);
        // No interval and no denominator, so no level and no size.
        row[ABOUT.len() + 4] = Cell::Number(None);
        row[ABOUT.len() + 5] = Cell::Number(None);
        self.rows.push(row);
    }
}

pub(super) const ABOUT: [&str; 3] = ["judge", "axis", "at"];

fn table(evaluation: &Evaluation, add: impl Fn(&AxisEvaluation, &mut Rows<'_>)) -> Result<Vec<u8>, TableError> {
    let mut all = Vec::new();
    for (judge, axis, numbers) in each_axis(evaluation) {
        let mut rows = Rows { judge: &judge.judge, axis: axis.name(), rows: Vec::new() };
        add(numbers, &mut rows);
        all.append(&mut rows.rows);
    }
    write(&estimate_headings(&ABOUT), all)
}

/// `tables/consequences.csv`.
pub(super) fn consequences(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        if let Some(found) = &numbers.consequences {
            panels(found, rows);
            of_systems(found, rows);
            if let Some(ranking) = &found.ranking_of_systems {
                order(ranking, rows);
            }
        }
    })
}

fn panels(found: &Consequences, rows: &mut Rows<'_>) {
    for panel in &found.panels {
        let at = format!("severity {} or more", panel.from_severity);
        rows.estimate(&at, "undetected_per_1000", &panel.undetected_per_1000);
        rows.estimate(&at, "false_omission_rate", &panel.false_omission_rate);
        rows.estimate(&at, "true_prevalence", &panel.true_prevalence);
        rows.estimate(&at, "apparent_prevalence", &panel.apparent_prevalence);
        rows.estimate(&at, "discrimination", &panel.discrimination);
        rows.estimate(&at, "sample_size_factor", &panel.sample_size_factor);
    }
    for worth in &found.label_equivalents {
        let at = format!("{:?}", worth.basis).to_lowercase();
        rows.estimate(&at, "squared_correlation", &worth.squared_correlation);
        rows.estimate(&at, "multiplier", &worth.multiplier);
        rows.estimate(&at, "extra_labels", &worth.extra_labels);
    }
}

fn of_systems(found: &Consequences, rows: &mut Rows<'_>) {
    for system in &found.by_system {
        let at = system.system.as_str();
        rows.estimate(at, "harm_rate", &system.harm_rate);
        rows.estimate(at, "reported_rate", &system.reported_rate);
        rows.estimate(at, "corrected_rate", &system.corrected_rate);
        rows.estimate(at, "labels_only_rate", &system.labels_only_rate);
        if let Some(rate) = &system.rogan_gladen {
            rows.estimate(at, "rogan_gladen", rate);
        }
    }
}

fn order(ranking: &SystemRanking, rows: &mut Rows<'_>) {
    rows.estimate("systems", "tau_b", &ranking.tau_b);
    rows.plain("systems", "expected_wrong_pairs", ranking.expected_wrong_pairs, None);
    let errors = &ranking.equal_errors;
    rows.plain("systems", "recall_p_value", errors.recall_p_value, errors.recall_p_value_undefined);
    rows.plain("systems", "false_alarm_p_value", errors.false_alarm_p_value, errors.false_alarm_p_value_undefined);
    for pair in &ranking.pairs {
        let at = format!("{} before {}", pair.better, pair.worse);
        rows.plain(&at, "gold_difference", Some(pair.gold_difference), None);
        rows.plain(&at, "apparent_difference", Some(pair.apparent_difference), None);
        rows.plain(&at, "gold_doubt", pair.gold_doubt, None);
        rows.plain(&at, "probability_wrong", pair.probability_wrong, None);
    }
}

/// `tables/systems.csv`; the gap stands on neither axis.
pub(super) fn systems(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut all = Vec::new();
    for judge in &evaluation.judges {
        for axis in Axis::ALL {
            let range = judge.axes.get(axis).as_deref().and_then(|numbers| numbers.systems.as_ref());
            let mut rows = Rows { judge: &judge.judge, axis: axis.name(), rows: Vec::new() };
            if let Some(SystemRange { recall, false_alarm_rate, youden_j }) = range {
                for (metric, found) in
                    [("recall", recall), ("false_alarm_rate", false_alarm_rate), ("youden_j", youden_j)]
                {
                    extremes(metric, found, &mut rows);
                }
            }
            all.append(&mut rows.rows);
        }
        let mut rows = Rows { judge: &judge.judge, axis: "", rows: Vec::new() };
        if let Some(found) = &judge.gap_without_one_system {
            extremes("recall_gap", found, &mut rows);
        }
        all.append(&mut rows.rows);
    }
    write(&estimate_headings(&["judge", "axis", "without"]), all)
}

fn extremes(metric: &str, found: &LeaveOneOut, rows: &mut Rows<'_>) {
    for (which, extreme) in [("lowest", &found.lowest), ("highest", &found.highest)] {
        if let Some(extreme) = extreme {
            rows.estimate(&extreme.without, &format!("{which}_{metric}"), &extreme.estimate);
        }
    }
}

/// `tables/twins.csv`.
pub(super) fn twins(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        let Some(TwinDiscrimination { by_severity, by_probability, by_score, by_flag, by_mechanism, .. }) =
            &numbers.twins
        else {
            return;
        };
        let readings =
            [("severity", by_severity), ("probability", by_probability), ("score", by_score), ("flag", by_flag)];
        for (reading, found) in readings {
            found.iter().for_each(|found| twin(&format!("by {reading}"), found, rows));
        }
        by_mechanism.iter().for_each(|(mechanism, found)| twin(&format!("mechanism {mechanism}"), found, rows));
    })
}

fn twin(at: &str, found: &TwinComparison, rows: &mut Rows<'_>) {
    rows.estimate(at, "judged_worse", &found.judged_worse);
    rows.plain(at, "ties", Some(found.ties.0), None);
    rows.plain(at, "reversed", Some(found.reversed.0), None);
    rows.plain(at, "clean_without_verdict", Some(found.clean_without_verdict.0), None);
}

/// `tables/framing.csv`.
pub(super) fn framing(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        let Some(Framing { contrasts }) = &numbers.framing else { return };
        for found in contrasts {
            let at = format!("{} against {}", found.first, found.second);
            rows.estimate(&at, "gold_shift", &found.gold_shift);
            rows.estimate(&at, "gold_positive_shift", &found.gold_positive_shift);
            rows.estimate(&at, "first_flag_rate", &found.first_flag_rate);
            rows.estimate(&at, "second_flag_rate", &found.second_flag_rate);
            rows.estimate(&at, "first_recall", &found.first_recall);
            rows.estimate(&at, "second_recall", &found.second_recall);
            rows.estimate(&at, "recall_difference", &found.recall_difference);
            rows.plain(&at, "p_value", found.p_value, found.p_value_undefined);
            let discordant = &found.discordant;
            rows.plain(&at, "first_only", Some(discordant.first_only.0), None);
            rows.plain(&at, "second_only", Some(discordant.second_only.0), None);
            rows.plain(&at, "odds_ratio", discordant.odds_ratio, discordant.odds_ratio_undefined);
            rows.plain(&at, "odds_ratio_lower", discordant.odds_ratio_lower, None);
            rows.plain(&at, "odds_ratio_upper", discordant.odds_ratio_upper, None);
            rows.plain(&at, "mcnemar_mid_p", Some(discordant.mcnemar_mid_p), None);
        }
    })
}

/// `tables/stability.csv`.
pub(super) fn stability(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    table(evaluation, |numbers, rows| {
        let Some(Stability { flip_rate, flag_agreement, severity_agreement, severity_alpha, noise, .. }) =
            &numbers.stability
        else {
            return;
        };
        rows.estimate("repeats", "flip_rate", flip_rate);
        rows.estimate("repeats", "flag_agreement", flag_agreement);
        severity_agreement.iter().for_each(|found| rows.estimate("repeats", "severity_agreement", found));
        severity_alpha.iter().for_each(|found| rows.estimate("repeats", "severity_alpha", found));
        rows.estimate("positives", "run_correlation", &noise.run_correlation);
        rows.plain("positives", "between_examples", noise.between_examples, noise.noise_undefined);
        rows.plain("positives", "within_examples", noise.within_examples, noise.noise_undefined);
        for majority in &noise.majority_recall {
            let at = format!("majority of {}", majority.runs);
            rows.plain(&at, "expected_recall", Some(majority.expected_recall), None);
        }
    })
}

/// `tables/bias.csv`; what is over all judges stands under no judge.
pub(super) fn bias(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut all = Vec::new();
    for axis in Axis::ALL {
        if let Some(found) = evaluation.self_preference.get(axis) {
            let mut rows = Rows { judge: "", axis: axis.name(), rows: Vec::new() };
            rows.estimate("all judges", "self_preference", &found.effect);
            all.append(&mut rows.rows);
        }
    }
    for (judge, axis, numbers) in each_axis(evaluation) {
        let mut rows = Rows { judge: &judge.judge, axis: axis.name(), rows: Vec::new() };
        numbers.bias.iter().for_each(|found| of_judge(found, &mut rows));
        all.append(&mut rows.rows);
    }
    write(&estimate_headings(&ABOUT), all)
}

fn of_judge(found: &AxisBias, rows: &mut Rows<'_>) {
    if let Some(length) = &found.length {
        rows.estimate("length", "hit_correlation", &length.hit_correlation);
        length.error_correlation.iter().for_each(|found| rows.estimate("length", "error_correlation", found));
        rows.plain("twice the length", "odds_ratio", length.odds_ratio, length.odds_ratio_undefined);
        rows.plain("twice the length", "odds_ratio_lower", length.odds_ratio_lower, None);
        rows.plain("twice the length", "odds_ratio_upper", length.odds_ratio_upper, None);
        for third in &length.thirds {
            rows.estimate(&format!("{} to {} bytes", third.from_bytes, third.to_bytes), "recall", &third.recall);
        }
    }
    for system in found.recall_by_system.iter().flatten() {
        rows.estimate(&system.system, "recall", &system.recall);
        rows.estimate(&system.system, "standardised_recall", &system.standardised_recall);
        rows.plain(&system.system, "odds_ratio", system.odds_ratio, system.odds_ratio_undefined);
        rows.plain(&system.system, "p_value", system.p_value, system.p_value_undefined);
    }
    if let Some(family) = &found.family {
        rows.estimate("own family", "own_recall", &family.own_recall);
        rows.estimate("own family", "other_recall", &family.other_recall);
        rows.estimate("own family", "own_minus_other", &family.own_minus_other);
    }
}
