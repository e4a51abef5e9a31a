//! Agreement of judge and gold severities, on scored examples and the full scale.

use crate::measure::counts::{AxisCells, Cells, Cut, proportion};
use crate::measure::evaluation::{Agreement, FlagAgreement, KappaErrors, Symmetry, SymmetryTest};
use crate::stats::agreement::{
    BinaryTable, ConfusionTable, Metric, ParadoxPanel, Weighting, bowker, clustered_kappa_error, cohen_kappa,
    gwet_coefficient, intraclass_agreement, krippendorff_alpha, ordinal_errors, paradox_panel, rank_association,
    stuart_maxwell,
};
use crate::stats::jackknife::{Scale, jackknife};
use crate::stats::{Estimate, Undefined};

/// The agreement block. Shares have guarded Wilson intervals, coefficients the cluster jackknife.
pub(crate) fn agreement(cells: &AxisCells, cut: Cut, level: f64) -> Agreement {
    let tables = Tables::new(cells, level);
    let share = |holds: fn(usize, usize) -> bool| {
        proportion(cells, level, Undefined::NoData, |cells| (cells.sum_scored(holds), cells.sum_scored(|_, _| true)))
            .with_missing(cells.total.sum_unscored(|_| true))
    };
    let kappa = |weighting: Weighting| {
        tables.smooth(Scale::Atanh, |table| cohen_kappa(table, weighting, level).map(|kappa| kappa.value))
    };
    let gwet = |weighting: Weighting| {
        tables.smooth(Scale::Atanh, |table| gwet_coefficient(table, weighting, level).map(|found| found.value))
    };
    let error = |of: fn(&ConfusionTable) -> Result<f64, Undefined>, scale: Scale| tables.smooth(scale, of);
    Agreement {
        cohen_kappa: kappa(Weighting::Nominal),
        kappa_linear: kappa(Weighting::Linear),
        kappa_quadratic: kappa(Weighting::Quadratic),
        kappa_errors: tables.kappa_errors(),
        krippendorff_alpha: tables.smooth(Scale::Atanh, ordinal_alpha),
        gwet_ac1: gwet(Weighting::Nominal),
        gwet_ac: gwet(Weighting::Quadratic),
        icc_agreement: tables.smooth(Scale::Atanh, intraclass_agreement),
        kendall_tau_b: tables.smooth(Scale::Atanh, |table| rank_association(table)?.tau_b),
        somers_d: tables.smooth(Scale::Atanh, |table| rank_association(table)?.somers_d),
        spearman: tables.smooth(Scale::Atanh, |table| rank_association(table)?.spearman),
        exact: share(|gold, judge| gold == judge),
        within_one: share(|gold, judge| gold.abs_diff(judge) <= 1),
        mean_error: error(|table| ordinal_errors(table).map(|errors| errors.mean_signed), Scale::Identity),
        mean_absolute_error: error(|table| ordinal_errors(table).map(|errors| errors.mean_absolute), Scale::Log),
        under_called: share(|gold, judge| judge < gold),
        over_called: share(|gold, judge| judge > gold),
        symmetry: symmetry(&tables.total),
        at_threshold: tables.flags(cut),
    }
}

/// Krippendorff's alpha with ordinal distances.
pub(crate) fn alpha(cells: &AxisCells, level: f64) -> Estimate {
    Tables::new(cells, level).smooth(Scale::Atanh, ordinal_alpha)
}

fn ordinal_alpha(table: &ConfusionTable) -> Result<f64, Undefined> {
    krippendorff_alpha(table, Metric::Ordinal)
}

/// The scored cells as tables: all of them, those of each cluster, and those without each cluster.
struct Tables {
    total: ConfusionTable,
    clusters: Vec<ConfusionTable>,
    without: Vec<ConfusionTable>,
    scored: f64,
    missing: f64,
    level: f64,
}

impl Tables {
    fn new(cells: &AxisCells, level: f64) -> Self {
        let scored = |cells: &Cells| cells.sum_scored(|_, _| true);
        let clusters = cells.contributing(scored);
        Self {
            total: table(&cells.total),
            clusters: clusters.iter().map(|cluster| table(cluster)).collect(),
            without: clusters.iter().map(|cluster| table(&cells.without(cluster))).collect(),
            scored: scored(&cells.total),
            missing: cells.total.sum_unscored(|_| true),
            level,
        }
    }

    /// A coefficient of the scored cells with its jackknife interval.
    fn smooth(&self, scale: Scale, coefficient: impl Fn(&ConfusionTable) -> Result<f64, Undefined>) -> Estimate {
        let mut estimate = jackknife(self.without.len(), scale, self.level, |left_out| match left_out {
            None => coefficient(&self.total),
            Some(cluster) => coefficient(&self.without[cluster]),
        });
        estimate.n = self.scored;
        estimate.missing = self.missing;
        estimate
    }

    fn kappa_errors(&self) -> KappaErrors {
        let error = |weighting: Weighting| clustered_kappa_error(&self.clusters, weighting);
        let nominal = error(Weighting::Nominal);
        KappaErrors {
            cohen_kappa: nominal.ok(),
            kappa_linear: error(Weighting::Linear).ok(),
            kappa_quadratic: error(Weighting::Quadratic).ok(),
            undefined: nominal.err(),
        }
    }

    /// Flags against positives, and why kappa may be low all the same.
    fn flags(&self, cut: Cut) -> FlagAgreement {
        let panel = |table: &ConfusionTable| paradox_panel(&BinaryTable::at_thresholds(table, cut.gold, cut.judge));
        let smooth = |scale: Scale, of: fn(&ParadoxPanel) -> Result<f64, Undefined>| {
            self.smooth(scale, |table| panel(table).and_then(|panel| of(&panel)))
        };
        let whole = panel(&self.total);
        let kappa_max = whole.and_then(|panel| panel.kappa_max);
        FlagAgreement {
            kappa: smooth(Scale::Atanh, |panel| panel.kappa),
            kappa_max: kappa_max.ok(),
            kappa_max_undefined: kappa_max.err(),
            pabak: smooth(Scale::Atanh, |panel| Ok(panel.pabak)),
            positive_agreement: smooth(Scale::Logit, |panel| panel.positive_agreement),
            negative_agreement: smooth(Scale::Logit, |panel| panel.negative_agreement),
            prevalence_index: whole.ok().map(|panel| panel.prevalence_index),
            bias_index: whole.ok().map(|panel| panel.bias_index),
        }
    }
}

fn symmetry(table: &ConfusionTable) -> Symmetry {
    let test = |statistic: f64, df: f64, p_value: f64| SymmetryTest {
        statistic: Some(statistic),
        df: Some(df),
        p_value_independent: Some(p_value),
        undefined: None,
    };
    Symmetry {
        bowker: bowker(table)
            .map_or_else(SymmetryTest::without, |found| test(found.statistic, found.df, found.p_value)),
        stuart_maxwell: stuart_maxwell(table)
            .map_or_else(SymmetryTest::without, |found| test(found.statistic, found.df, found.p_value)),
    }
}

/// The scored cells as a table of the full scale.
fn table(cells: &Cells) -> ConfusionTable {
    let levels = cells.levels();
    let mut table = ConfusionTable::new(levels).expect("a card has two levels or more");
    for gold in 0..levels {
        for judge in 0..levels {
            // Rounding may leave a difference of weights a hair below zero.
            table.add(gold, judge, cells.scored(gold, judge).max(0.0));
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Answer, Count, TrialRow};

    /// Trials of gold and judge severities, a cluster for every two.
    fn cells(severities: &[(u8, u8)]) -> AxisCells {
        let count = |(index, &(gold, judge)): (usize, &(u8, u8))| {
            let row = TrialRow::plain(index as u32 / 2, gold, Answer::Severity(judge));
            Count { row, trials: 1 }
        };
        let counts: Vec<Count> = severities.iter().enumerate().map(count).collect();
        AxisCells::collect(3, counts.iter())
    }

    const CUT: Cut = Cut { gold: 1, judge: 1 };

    #[test]
    fn errors_and_flags_by_hand() {
        let found = agreement(&cells(&[(0, 0), (1, 0), (2, 1), (0, 1), (2, 2), (1, 1), (0, 0), (2, 0)]), CUT, 0.95);
        // Distances 0, 1, 1, 1, 0, 0, 0, 2: 5/8 of a level; three below gold, one above.
        assert_eq!(found.mean_absolute_error.value, Some(5.0 / 8.0));
        assert_eq!((found.under_called.count, found.over_called.count), (Some(3.0), Some(1.0)));
        // Flags: both 3, only gold 2, only judge 1, neither 2.
        let flags = &found.at_threshold;
        assert_eq!((flags.prevalence_index, flags.bias_index), (Some(1.0 / 8.0), Some(1.0 / 8.0)));
        assert_eq!((flags.pabak.value, flags.positive_agreement.value), (Some(0.25), Some(6.0 / 9.0)));
        assert_eq!(flags.negative_agreement.value, Some(4.0 / 7.0));
        // Pairs of levels that are mistaken: (0,1) once each way, (0,2) once, (1,2) once: 0 + 1 + 1 on 3.
        let bowker = found.symmetry.bowker;
        assert_eq!((bowker.statistic, bowker.df), (Some(2.0), Some(3.0)));
        assert!(found.kappa_errors.cohen_kappa.is_some() && found.icc_agreement.lower.is_some());
    }

    #[test]
    fn a_judge_without_severities_keeps_its_flags_and_one_without_a_cut_neither() {
        let mut found = agreement(&cells(&[(0, 0), (1, 0), (2, 1), (0, 1)]), CUT, 0.95);
        found.without_severities(Undefined::NoSeverities);
        assert_eq!(found.spearman.undefined, Some(Undefined::NoSeverities));
        assert_eq!(found.symmetry.bowker.undefined, Some(Undefined::NoSeverities));
        assert!(found.at_threshold.kappa.value.is_some());
        found.without_flags(Undefined::NoCut);
        assert_eq!(found.at_threshold.kappa.undefined, Some(Undefined::NoCut));
        assert_eq!(found.at_threshold.prevalence_index, None);
    }

    #[test]
    fn perfect_and_empty_tables_say_why() {
        let perfect = agreement(&cells(&[(0, 0), (1, 1), (2, 2), (0, 0)]), CUT, 0.95);
        assert_eq!(perfect.symmetry.bowker.undefined, Some(Undefined::ZeroDiscordant));
        assert_eq!((perfect.mean_absolute_error.value, perfect.spearman.value), (Some(0.0), Some(1.0)));
        let empty = agreement(&cells(&[]), CUT, 0.95);
        assert_eq!(empty.icc_agreement.undefined, Some(Undefined::TooFew));
        assert_eq!(empty.kappa_errors.undefined, Some(Undefined::NoData));
        assert_eq!((empty.at_threshold.bias_index, empty.at_threshold.kappa_max), (None, None));
    }
}
