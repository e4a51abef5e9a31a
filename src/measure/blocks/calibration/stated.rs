//! Stated probabilities as tables of forecasts: all together, by cluster, by fold.

use crate::measure::answers::{Answered, Cell, ClusterCells, Thinning, ValueCounts};
use crate::stats::auc::{ScoreLevel, ScoreLevels};
use crate::stats::calibration::{Atom, Forecasts};

/// The probabilities that a judge stated on one axis.
#[derive(Debug)]
pub(super) struct Stated {
    pub(super) counts: ValueCounts,
    /// All of them.
    pub(super) all: Forecasts,
    /// Those of each cluster that has one.
    pub(super) clusters: Vec<Forecasts>,
}

impl Stated {
    /// Reads the answers; none where no probability is stated.
    pub(super) fn new(answered: &[Answered]) -> Option<Self> {
        if !answered.iter().any(|example| example.probability.is_some()) {
            return None;
        }
        let counts = ValueCounts::new(answered, Thinning::Grid, |example| example.probability);
        let all = forecasts(&counts.values, &counts.totals(|_| true));
        let occupied = counts.clusters.iter().filter(|cluster| !cluster.cells.is_empty());
        let clusters = occupied.map(|cluster| of_cluster(&counts, cluster)).collect();
        Some(Self { counts, all, clusters })
    }

    /// Step to which the probabilities were rounded, if they were.
    pub(super) fn rounded_to(&self) -> Option<f64> {
        self.counts.rounded_to(Thinning::Grid)
    }

    /// Counts of each fold, one entry a distinct probability of all folds; no count where the fold does not have it.
    pub(super) fn folds(&self) -> Vec<Vec<(f64, f64)>> {
        (0..self.counts.folds).map(|fold| self.counts.totals(|cluster| cluster.fold == fold)).collect()
    }

    /// How far inside of 0 and 1 probabilities of 0 and 1 are held, where a logarithm needs it: half of the smallest
    /// distance that another probability has from either end, and at most 1/4. Of shares of k votes that is 1 / (2k). None
    /// where every probability is 0 or 1.
    pub(super) fn held_at(&self) -> Option<f64> {
        let distance = |p: &f64| p.min(1.0 - p);
        let inside = self.counts.values.iter().map(distance).filter(|distance| *distance > 0.0);
        inside.reduce(f64::min).map(|least| (least / 2.0).min(0.25))
    }

    /// Examples with a probability of 0 or 1.
    pub(super) fn at_the_ends(&self) -> f64 {
        self.all.atoms().iter().filter(|atom| atom.p <= 0.0 || atom.p >= 1.0).map(|atom| atom.n).sum()
    }
}

/// Counts per value as forecasts.
pub(super) fn forecasts(values: &[f64], totals: &[(f64, f64)]) -> Forecasts {
    let atom = |(p, (positives, negatives)): (&f64, &(f64, f64))| Atom {
        p: *p,
        n: positives + negatives,
        positives: *positives,
    };
    Forecasts::from_atoms(values.iter().zip(totals).map(atom).collect())
        .expect("probabilities were checked as they were read, and counts are sums of ones")
}

/// Counts per value as levels of a score that a rising map makes of the value.
pub(super) fn levels(values: &[f64], totals: &[(f64, f64)], score: impl Fn(f64) -> f64) -> ScoreLevels {
    let level = |(p, (positives, negatives)): (&f64, &(f64, f64))| ScoreLevel {
        score: score(*p),
        positives: *positives,
        negatives: *negatives,
    };
    let rows = values.iter().zip(totals).filter(|(_, counts)| counts.0 + counts.1 > 0.0).map(level);
    ScoreLevels::pooled(rows.collect())
}

fn of_cluster(counts: &ValueCounts, cluster: &ClusterCells) -> Forecasts {
    let atom = |cell: &Cell| Atom {
        p: counts.values[cell.value],
        n: cell.positives + cell.negatives,
        positives: cell.positives,
    };
    Forecasts::from_atoms(cluster.cells.iter().map(atom).collect())
        .expect("probabilities were checked as they were read, and counts are sums of ones")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::answers::toy::stated;

    #[test]
    fn zero_and_one_are_held_at_half_a_vote() {
        // Shares of five votes: 0, 1/5, 3/5, 1.
        let votes = [0.0, 0.2, 0.6, 1.0, 1.0];
        let answered: Vec<Answered> =
            votes.iter().zip(0..).map(|(p, at)| stated(at, at, at % 2 == 0, Some(*p))).collect();
        let found = Stated::new(&answered).unwrap();
        assert_eq!((found.held_at(), found.at_the_ends()), (Some(0.1), 3.0));
        assert_eq!((found.all.n(), found.all.positives(), found.clusters.len()), (5.0, 3.0, 5));
        let certain = Stated::new(&[stated(0, 0, true, Some(1.0)), stated(1, 0, false, Some(0.0))]).unwrap();
        assert_eq!((certain.held_at(), certain.clusters.len()), (None, 1));
        assert!(Stated::new(&[stated(0, 0, true, None)]).is_none());
    }
}
