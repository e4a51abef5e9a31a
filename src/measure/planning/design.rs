//! What an audit that is planned looks like: how positives fall into clusters, and what is assumed of the judge.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Axis, PerAxis};
use crate::stats::power::Arm;

/// How the positives of one axis fall into clusters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeUp {
    /// Positives a cluster, counting clusters without one.
    pub positives_a_cluster: f64,
    /// Share of the clusters that hold a positive.
    pub occupied: f64,
    /// Positives in the cluster of a positive, sum n_g^2 / sum n_g.
    pub mean_size: f64,
}

impl MakeUp {
    /// Clusters of equal size whose examples are positives with one probability, independently of each other: the positives of a
    /// cluster are binomial.
    pub fn binomial(cluster_size: f64, share: f64) -> Self {
        Self {
            positives_a_cluster: cluster_size * share,
            occupied: 1.0 - (1.0 - share).powf(cluster_size),
            mean_size: 1.0 + (cluster_size - 1.0).max(0.0) * share,
        }
    }

    /// Of the positives of each cluster of a set; none where it has no positive.
    pub fn observed(positives: &[u32]) -> Option<Self> {
        let total: f64 = positives.iter().copied().map(f64::from).sum();
        let squares: f64 = positives.iter().map(|count| f64::from(*count).powi(2)).sum();
        let occupied = positives.iter().filter(|count| **count > 0).count() as f64;
        let clusters = positives.len() as f64;
        (total > 0.0).then(|| Self {
            positives_a_cluster: total / clusters,
            occupied: occupied / clusters,
            mean_size: squares / total,
        })
    }

    /// The positives of so many clusters.
    pub fn arm(&self, clusters: f64, icc: f64) -> Arm {
        Arm::new(self.positives_a_cluster * clusters, self.occupied * clusters, self.mean_size, icc)
    }
}

/// What a plan takes as given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// Recall on each axis where a verdict comes.
    pub recall: PerAxis<f64>,
    /// Share of the positives without a verdict: each of them is a miss.
    pub missing: f64,
    /// Intraclass correlation of finding the positives of one cluster.
    pub icc: PerAxis<f64>,
    /// Examples a cluster.
    pub cluster_size: f64,
    /// How positives fall into clusters; null on an axis without any.
    pub make_up: PerAxis<Option<MakeUp>>,
    /// Probability with which a difference is to be shown.
    pub power: f64,
    /// Two-sided confidence level.
    pub level: f64,
}

impl Assumptions {
    /// The recall that will be measured: a positive without a verdict is a miss.
    pub fn measured(&self, axis: Axis) -> f64 {
        self.recall.get(axis) * (1.0 - self.missing)
    }

    /// Both measured recalls, omission first.
    pub fn measured_recalls(&self) -> [f64; 2] {
        Axis::ALL.map(|axis| self.measured(axis))
    }

    /// The positives of one axis in so many clusters.
    pub fn arm(&self, axis: Axis, clusters: f64) -> Option<Arm> {
        self.make_up.get(axis).map(|make_up| make_up.arm(clusters, *self.icc.get(axis)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two examples a cluster, half of them positive: one positive a cluster, 3/4 of the clusters hold one; E n^2 / E n =
    /// (1 * 1/2 + 4 * 1/4) / 1 = 3/2.
    #[test]
    fn binomial_by_hand() {
        let found = MakeUp::binomial(2.0, 0.5);
        assert_eq!(found, MakeUp { positives_a_cluster: 1.0, occupied: 0.75, mean_size: 1.5 });
    }

    /// 3, 1 and 0 positives: 4/3 a cluster, 2/3 of the clusters, (9 + 1) / 4.
    #[test]
    fn observed_by_hand() {
        let found = MakeUp::observed(&[3, 1, 0]).unwrap();
        assert!((found.positives_a_cluster - 4.0 / 3.0).abs() < 1e-15 && (found.occupied - 2.0 / 3.0).abs() < 1e-15);
        assert_eq!(found.mean_size, 2.5);
        assert_eq!(MakeUp::observed(&[0, 0]), None);
        let arm = found.arm(6.0, 0.2);
        assert!((arm.positives - 8.0).abs() < 1e-12 && (arm.design_effect - 1.3).abs() < 1e-12);
    }
}
