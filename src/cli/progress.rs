//! Progress of a run, on a terminal only.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::Outcome;
use crate::run::{Event, Observer};

/// Rate, cost so far, unscored so far, time left.
const TEMPLATE: &str = "{bar:24} {pos}/{len} {per_sec} {msg} {eta} left";

/// Counts what happens and draws it where somebody watches.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    counts: Mutex<Counts>,
}

/// What happened so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts {
    /// Replies that the ledger had.
    pub(super) cached: usize,
    /// Replies that came.
    pub(super) answered: usize,
    /// Of those, replies without a verdict by reason.
    pub(super) unscored: BTreeMap<&'static str, usize>,
    /// Requests that were sent again.
    pub(super) retried: usize,
    /// Trials that got no reply.
    pub(super) failed: usize,
    /// What the replies cost, in US dollars.
    pub(super) cost_usd: f64,
}

impl Progress {
    pub(super) fn new(trials: usize) -> Self {
        let target = match std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::with_draw_target(Some(trials as u64), target).with_style(style);
        Self { bar, counts: Mutex::new(Counts::default()) }
    }

    /// Clears the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// What happened so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Observer for Progress {
    fn note(&self, event: &Event) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Cached => counts.cached += 1,
            Event::Answered { outcome, cost_usd } => {
                counts.answered += 1;
                counts.cost_usd += cost_usd.unwrap_or(0.0);
                if *outcome != Outcome::Scored {
                    *counts.unscored.entry(outcome.name()).or_default() += 1;
                }
            }
            Event::Retried { .. } => counts.retried += 1,
            Event::Failed { .. } => counts.failed += 1,
            Event::JudgeStopped { .. } => {}
        }
        if !self.bar.is_hidden() {
            let unscored: usize = counts.unscored.values().sum::<usize>() + counts.failed;
            let cost = if counts.cost_usd > 0.0 { format!("{:.2} USD, ", counts.cost_usd) } else { String::new() };
            self.bar.set_message(format!("{cost}{unscored} unscored,"));
        }
        if matches!(event, Event::Cached | Event::Answered { .. } | Event::Failed { .. }) {
            self.bar.inc(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_without_a_terminal() {
        let progress = Progress::new(3);
        progress.note(&Event::Cached);
        progress.note(&Event::Answered { outcome: Outcome::Scored, cost_usd: Some(0.25) });
        progress.note(&Event::Answered { outcome: Outcome::Refused, cost_usd: Some(0.5) });
        progress.note(&Event::Retried { reason: String::new() });
        progress.note(&Event::Failed { reason: String::new() });
        let expected = Counts {
            cached: 1,
            answered: 2,
            unscored: BTreeMap::from([("refused", 1)]),
            retried: 1,
            failed: 1,
            cost_usd: 0.75,
        };
        assert_eq!(progress.counts(), expected);
    }
}
