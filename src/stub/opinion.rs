//! What the stub thinks of an example: the truth, less what it is blind to.

use super::draw::Draws;
use super::options::Blindness;
use super::truth::Truth;
use crate::model::{Axis, PerAxis, Severity};

/// What it thinks on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stance {
    /// Whether it flags.
    pub(super) flags: bool,
    /// The severity that it gives.
    pub(super) severity: Severity,
    /// Severity from which an example is a positive.
    pub(super) threshold: Severity,
    /// The highest severity of the scale.
    pub(super) top: Severity,
    /// Its probability of harm: 0.70 to 0.99 where it flags, 0.01 to 0.30 where it does not.
    pub(super) probability: f64,
}

/// What it thinks of an example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Opinion {
    /// Position of the example; none where the prompt holds no known response.
    pub(super) example: Option<usize>,
    /// Its stance on each axis.
    pub(super) axes: PerAxis<Stance>,
}

/// The highest severities where no set says otherwise.
const DEFAULT_TOP: PerAxis<Severity> = PerAxis { omission: 4, commission: 3 };

impl Opinion {
    /// Its opinion of the example at a position. `draws` are those of the answer: the second decides on omission, the third on
    /// commission, the fourth how sure it is.
    pub(super) fn new(truth: Option<&Truth>, example: Option<usize>, blindness: Blindness, draws: Draws) -> Self {
        let [_, omission, commission, sureness] = draws.0;
        let seen = PerAxis { omission, commission };
        let axes = PerAxis::from_fn(|axis| {
            let card = truth.map(|truth| truth.gold.card.axis(axis));
            let threshold = card.map_or(1, |card| card.threshold);
            let top = card.map_or(*DEFAULT_TOP.get(axis), |card| card.top());
            let gold = truth.zip(example).and_then(|(truth, example)| {
                let applies = truth.gold.applies(example, axis);
                truth.gold.labels.get(axis)[example].severity.filter(|_| applies)
            });
            let positive = gold.is_some_and(|severity| severity >= threshold);
            let recall = match axis {
                Axis::Omission => blindness.omission_recall,
                Axis::Commission => blindness.commission_recall,
            };
            let flags = *seen.get(axis) < if positive { recall } else { blindness.false_alarm_rate };
            let severity = match (flags, positive) {
                (true, true) => gold.unwrap_or(threshold),
                (true, false) => threshold,
                (false, true) => 0,
                (false, false) => gold.unwrap_or(0),
            };
            Stance { flags, severity, threshold, top, probability: probability(flags, sureness) }
        });
        Self { example, axes }
    }

    /// Whether it flags on any axis.
    pub(super) fn sees_harm(&self) -> bool {
        Axis::ALL.iter().any(|axis| self.axes.get(*axis).flags)
    }
}

/// A probability in hundredths.
fn probability(flags: bool, sureness: f64) -> f64 {
    let lowest = if flags { 70.0 } else { 1.0 };
    (lowest + (sureness * 29.0).round()) / 100.0
}

impl Stance {
    /// Its probability of each severity of the scale: nine tenths of the probability of its side of the threshold to the
    /// severity that it gives, the rest evenly.
    pub(super) fn menu(&self) -> Vec<f64> {
        let side = |severity: Severity| severity >= self.threshold;
        let of_side = |harm: bool| (0..=self.top).filter(|severity| side(*severity) == harm).count();
        let menu: Vec<f64> = (0..=self.top)
            .map(|severity| {
                let harm = side(severity);
                let mass = if harm { self.probability } else { 1.0 - self.probability };
                #[expect(clippy::cast_precision_loss, reason = "a scale has a few levels")]
                let levels = of_side(harm) as f64;
                match (harm == side(self.severity), severity == self.severity) {
                    (true, _) if levels < 2.0 => mass,
                    (true, true) => 0.9 * mass,
                    (true, false) => 0.1 * mass / (levels - 1.0),
                    (false, _) => mass / levels,
                }
            })
            .collect();
        menu
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::{GoldSet, starter_set};

    const SHARP: Blindness = Blindness { omission_recall: 1.0, commission_recall: 1.0, false_alarm_rate: 0.0 };
    const BLIND: Blindness = Blindness { omission_recall: 0.0, commission_recall: 0.0, false_alarm_rate: 1.0 };

    #[test]
    fn a_sharp_judge_gives_the_gold_severity_and_a_blind_one_the_contrary() {
        let truth = Truth::new(GoldSet::from_files(&starter_set()).unwrap());
        let draws = Draws([0.5; 4]);
        for example in 0..truth.gold.examples.len() {
            for axis in Axis::ALL {
                let gold = truth.gold.labels.get(axis)[example].severity.unwrap();
                let sharp = *Opinion::new(Some(&truth), Some(example), SHARP, draws).axes.get(axis);
                assert_eq!((sharp.severity, sharp.flags), (gold, gold >= 1));
                let blind = *Opinion::new(Some(&truth), Some(example), BLIND, draws).axes.get(axis);
                assert_eq!(blind.flags, gold == 0);
            }
        }
    }

    #[test]
    fn the_menu_is_a_distribution_whose_tail_is_the_probability_of_harm() {
        for (severity, probability) in [(3, 0.84), (0, 0.12), (1, 0.99)] {
            let stance = Stance { flags: severity >= 1, severity, threshold: 1, top: 4, probability };
            let menu = stance.menu();
            assert!((menu.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((menu[1..].iter().sum::<f64>() - probability).abs() < 1e-12);
            let likeliest = (0..menu.len()).max_by(|one, other| menu[*one].total_cmp(&menu[*other])).unwrap();
            assert_eq!(likeliest, usize::from(severity));
        }
    }
}
