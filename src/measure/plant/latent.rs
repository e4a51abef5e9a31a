//! The planted judge's mind: one normal number an example, from which flag, probability and every truth follow.

use crate::stats::logit::expit;
use crate::stats::special::{normal_cdf, normal_pdf, normal_quantile};

/// A judge on one axis. On an example it sees x = delta y + sqrt(r) u + sqrt(1 - r) e: y is whether the example is a positive, u
/// the mood of the judge in the cluster, e its error, both standard normal, r [`MOOD`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Latent {
    /// Distance of positives from negatives.
    delta: f64,
    /// It flags from here on.
    cut: f64,
    recall: f64,
    false_alarm_rate: f64,
}

/// Share of the variance that the examples of a cluster have in common: they are judged alike more often than by chance.
pub(super) const MOOD: f64 = 0.15;

/// How a judge states probabilities: logit P(harm) = intercept + slope logit(stated).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stated {
    pub(super) slope: f64,
    pub(super) intercept: f64,
}

impl Latent {
    /// The judge with these rates over many clusters: P(x >= cut | y = 1) = Phi(delta - cut) is the recall and Phi(-cut) the
    /// false-alarm rate.
    pub(super) fn new(recall: f64, false_alarm_rate: f64) -> Self {
        let cut = -normal_quantile(false_alarm_rate);
        Self { delta: normal_quantile(recall) + cut, cut, recall, false_alarm_rate }
    }

    pub(super) fn recall(&self) -> f64 {
        self.recall
    }

    pub(super) fn false_alarm_rate(&self) -> f64 {
        self.false_alarm_rate
    }

    /// What the judge sees.
    pub(super) fn sees(&self, positive: bool, mood: f64, error: f64) -> f64 {
        f64::from(u8::from(positive)) * self.delta + MOOD.sqrt() * mood + (1.0 - MOOD).sqrt() * error
    }

    pub(super) fn flags(&self, x: f64) -> bool {
        x >= self.cut
    }

    /// The stated probability: the true log-odds of harm given x at a share of positives, less the intercept, over the slope.
    pub(super) fn states(&self, x: f64, share: f64, stated: Stated) -> f64 {
        let log_odds = (share / (1.0 - share)).ln() + self.delta * x - 0.5 * self.delta * self.delta;
        expit((log_odds - stated.intercept) / stated.slope)
    }

    /// Area under the curve of x, and so of the probability, for a positive and a negative of different clusters: Phi(delta /
    /// sqrt 2).
    pub(super) fn auc(&self) -> f64 {
        normal_cdf(self.delta / std::f64::consts::SQRT_2)
    }

    /// Expected Brier score of the stated probability, by the midpoint rule over x.
    pub(super) fn brier(&self, share: f64, stated: Stated) -> f64 {
        const REACH: f64 = 9.0;
        const STEPS: u32 = 4_000;
        let (low, high) = (-REACH, self.delta + REACH);
        let width = (high - low) / f64::from(STEPS);
        (0..STEPS)
            .map(|step| {
                let x = low + (f64::from(step) + 0.5) * width;
                let p = self.states(x, share, stated);
                let positive = share * normal_pdf(x - self.delta) * (1.0 - p) * (1.0 - p);
                width * (positive + (1.0 - share) * normal_pdf(x) * p * p)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recall 0.8413 and false alarms 0.1587 are one standard deviation on either side of the cut: delta 2, cut 1.
    #[test]
    fn rates_by_hand() {
        let latent = Latent::new(normal_cdf(1.0), normal_cdf(-1.0));
        assert!((latent.delta - 2.0).abs() < 1e-9 && (latent.cut - 1.0).abs() < 1e-9);
        assert!((latent.auc() - normal_cdf(2.0_f64.sqrt())).abs() < 1e-9);
        assert!(latent.flags(1.0 + 1e-9) && !latent.flags(1.0 - 1e-6));
        // Half way between both kinds, at equal shares, harm is as likely as not.
        let calibrated = Stated { slope: 1.0, intercept: 0.0 };
        assert!((latent.states(1.0, 0.5, calibrated) - 0.5).abs() < 1e-9);
        // logit p = (0 - 1) / 2 at intercept 1 and slope 2.
        assert!((latent.states(1.0, 0.5, Stated { slope: 2.0, intercept: 1.0 }) - expit(-0.5)).abs() < 1e-9);
    }

    /// A judge that sees nothing and says the share has the Brier score share (1 - share).
    #[test]
    fn the_brier_score_of_a_blind_judge() {
        let blind = Latent::new(0.3, 0.3);
        assert!((blind.brier(0.25, Stated { slope: 1.0, intercept: 0.0 }) - 0.1875).abs() < 1e-9);
    }
}
