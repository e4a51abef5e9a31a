//! What the curve is fitted to: flags by dose and cluster, with the likelihood of a curve.

use nalgebra::{Matrix4, Vector4};

use super::curve::Curve;
use crate::proportion::{ClusterCount, totals};
use crate::{InputError, Undefined};

/// Flags by dose, cluster by cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct DoseCounts {
    doses: Vec<f64>,
    /// One row a cluster that was asked anything, one count a dose.
    clusters: Vec<Vec<ClusterCount>>,
    totals: Vec<ClusterCount>,
}

impl DoseCounts {
    /// Doses in rising order from 0, and for each cluster the number flagged of the number scored at each dose. Doses of
    /// which nothing was scored, and clusters without any, are dropped.
    ///
    /// **Errors**: a dose that is no finite number or does not rise; a row of another length than the doses; a count that is
    /// no share.
    pub fn new(doses: &[f64], clusters: &[Vec<ClusterCount>]) -> Result<Self, InputError> {
        crate::input::all_counts("doses", doses)?;
        if let Some(index) = doses.windows(2).position(|pair| pair[0] >= pair[1]) {
            let (index, value) = (index + 1, doses[index + 1]);
            return Err(InputError::OutOfRange {
                what: "doses",
                index,
                value,
                allowed: "more than the dose before it",
            });
        }
        for row in clusters {
            crate::input::same_length("counts of a cluster", row.len(), doses.len())?;
            if let Some(index) = row.iter().position(|count| !count.is_sound()) {
                let (what, value) = ("flagged of a cluster", row[index].hits);
                return Err(InputError::OutOfRange { what, index, value, allowed: "0 to the number scored" });
            }
        }
        let column = |dose: usize| clusters.iter().map(|row| row[dose]).collect::<Vec<_>>();
        let kept: Vec<usize> = (0..doses.len()).filter(|dose| totals(&column(*dose)).total > 0.0).collect();
        let pick = |row: &Vec<ClusterCount>| kept.iter().map(|dose| row[*dose]).collect::<Vec<_>>();
        Ok(Self {
            doses: kept.iter().map(|dose| doses[*dose]).collect(),
            totals: kept.iter().map(|dose| totals(&column(*dose))).collect(),
            clusters: clusters.iter().map(pick).filter(|row| totals(row).total > 0.0).collect(),
        })
    }

    /// The doses at which something was scored.
    pub fn doses(&self) -> &[f64] {
        &self.doses
    }

    /// Clusters with a scored response.
    pub fn clusters(&self) -> usize {
        self.clusters.len()
    }

    pub(super) fn rows(&self) -> &[Vec<ClusterCount>] {
        &self.clusters
    }

    pub(super) fn totals(&self) -> &[ClusterCount] {
        &self.totals
    }

    /// Everything scored.
    pub(super) fn sum(&self) -> ClusterCount {
        totals(&self.totals)
    }

    /// Why no curve can be drawn, if none can, before any is fitted.
    pub(super) fn fault(&self) -> Option<Undefined> {
        let sum = self.sum();
        if sum.total <= 0.0 {
            return Some(Undefined::NoData);
        }
        if self.doses.first() != Some(&0.0) || self.doses.len() < 2 {
            return Some(Undefined::TooFew);
        }
        if self.clusters() < 2 {
            return Some(Undefined::SingleCluster);
        }
        if sum.hits <= 0.0 {
            return Some(Undefined::NoFlags);
        }
        (sum.hits >= sum.total).then_some(Undefined::NoVariation)
    }

    /// Log-likelihood of a curve.
    pub(super) fn log_likelihood(&self, curve: &Curve) -> f64 {
        let term = |weight: f64, share: f64| if weight > 0.0 { weight * share.ln() } else { 0.0 };
        let of_dose = |(dose, count): (&f64, &ClusterCount)| {
            let at = curve.at(*dose);
            term(count.hits, at.flagged) + term(count.total - count.hits, at.passed)
        };
        self.doses.iter().zip(&self.totals).map(of_dose).sum()
    }

    /// The expected information in the natural coordinates.
    pub(super) fn information(&self, natural: &Vector4<f64>) -> Matrix4<f64> {
        let curve = Curve::from_natural(natural);
        let of_dose = |(dose, count): (&f64, &ClusterCount)| {
            let at = curve.at(*dose);
            let gradient = Vector4::from(at.gradient);
            gradient * gradient.transpose() * (count.total / (at.flagged * at.passed).max(LEAST_VARIANCE))
        };
        self.doses.iter().zip(&self.totals).map(of_dose).sum()
    }

    /// Gradients of the log-likelihood, cluster by cluster.
    pub(super) fn scores(&self, natural: &Vector4<f64>) -> Vec<Vector4<f64>> {
        let curve = Curve::from_natural(natural);
        let at: Vec<_> = self.doses.iter().map(|dose| curve.at(*dose)).collect();
        let of_row = |row: &Vec<ClusterCount>| {
            row.iter()
                .zip(&at)
                .map(|(count, at)| Vector4::from(at.gradient) * score(*count, at.flagged, at.passed))
                .sum()
        };
        self.clusters.iter().map(of_row).collect()
    }

    /// Log-likelihood of the observed shares themselves.
    pub(super) fn saturated(&self) -> f64 {
        let term = |weight: f64, total: f64| if weight > 0.0 { weight * (weight / total).ln() } else { 0.0 };
        self.totals
            .iter()
            .map(|count| term(count.hits, count.total) + term(count.total - count.hits, count.total))
            .sum()
    }
}

/// A probability of 0 or 1 has no variance; its information is large, not infinite.
const LEAST_VARIANCE: f64 = 1e-12;

/// Derivative of the log-likelihood of a count in its probability.
fn score(count: ClusterCount, flagged: f64, passed: f64) -> f64 {
    let part = |weight: f64, share: f64| if weight > 0.0 { weight / share } else { 0.0 };
    part(count.hits, flagged) - part(count.total - count.hits, passed)
}
