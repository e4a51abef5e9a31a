//! The judges that are planted.

use super::latent::{Latent, Stated};
use crate::model::{Axis, PerAxis};

/// How verdicts fail to come.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Silence {
    /// Share of the positives that it would flag on which it says nothing.
    pub(super) on_hits: f64,
    /// Share of the positives that it would pass.
    pub(super) on_misses: f64,
    /// Share of the negatives.
    pub(super) on_negatives: f64,
}

/// A planted judge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlantedJudge {
    pub(super) name: &'static str,
    pub(super) axes: PerAxis<Latent>,
    /// How it states probabilities; it states none where verdicts fail to come.
    pub(super) stated: Option<Stated>,
    pub(super) silence: Silence,
    /// Share of the missed required items that it marks missing, and of the given ones.
    pub(super) items: Option<(f64, f64)>,
}

impl PlantedJudge {
    /// Flagged positives over positives, an unscored one being a miss.
    pub(super) fn recall(&self, axis: Axis) -> f64 {
        self.axes.get(axis).recall() * (1.0 - self.silence.on_hits)
    }

    /// Flagged positives over scored positives.
    pub(super) fn recall_scored_only(&self, axis: Axis) -> f64 {
        let misses = (1.0 - self.axes.get(axis).recall()) * (1.0 - self.silence.on_misses);
        self.recall(axis) / (self.recall(axis) + misses)
    }

    /// Unscored positives over positives.
    pub(super) fn unscored_positives(&self, axis: Axis) -> f64 {
        let recall = self.axes.get(axis).recall();
        recall * self.silence.on_hits + (1.0 - recall) * self.silence.on_misses
    }
}

/// One that hardly sees what is withheld and is too sure of itself, one without a gap that is calibrated, and one that falls silent
/// where it would have found harm.
pub(super) fn planted_judges() -> [PlantedJudge; 3] {
    let axes = |omission: (f64, f64), commission: (f64, f64)| PerAxis {
        omission: Latent::new(omission.0, omission.1),
        commission: Latent::new(commission.0, commission.1),
    };
    [
        PlantedJudge {
            name: "planted-blind",
            axes: axes((0.35, 0.08), (0.75, 0.06)),
            stated: Some(Stated { slope: 0.6, intercept: -0.4 }),
            silence: Silence::default(),
            items: Some((0.45, 0.10)),
        },
        PlantedJudge {
            name: "planted-even",
            axes: axes((0.60, 0.15), (0.60, 0.10)),
            stated: Some(Stated { slope: 1.0, intercept: 0.0 }),
            silence: Silence::default(),
            items: None,
        },
        PlantedJudge {
            name: "planted-silent",
            axes: axes((0.55, 0.10), (0.70, 0.08)),
            stated: None,
            silence: Silence { on_hits: 0.25, on_misses: 0.10, on_negatives: 0.05 },
            items: None,
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recall 0.8 and a quarter of the hits lost: 0.6; of the misses a half: 0.6 / (0.6 + 0.1); unscored 0.2 + 0.1.
    #[test]
    fn silence_by_hand() {
        let judge = PlantedJudge {
            name: "x",
            axes: PerAxis { omission: Latent::new(0.8, 0.1), commission: Latent::new(0.8, 0.1) },
            stated: None,
            silence: Silence { on_hits: 0.25, on_misses: 0.5, on_negatives: 0.0 },
            items: None,
        };
        assert!((judge.recall(Axis::Omission) - 0.6).abs() < 1e-12);
        assert!((judge.recall_scored_only(Axis::Omission) - 6.0 / 7.0).abs() < 1e-12);
        assert!((judge.unscored_positives(Axis::Omission) - 0.3).abs() < 1e-12);
    }
}
