//! A server that cannot be reached: after so many trials in a row without a connection its judge is asked no more.

use std::sync::{Mutex, PoisonError};

/// Trials in a row, each out of attempts, that end without a connection before the judge is given up. An attempt waits longer
/// than the one before it, so that a server that only starts again is not taken for a dead one.
pub(super) const MOST_IN_A_ROW: usize = 10;

/// The trials of one judge since its server last answered that ended without a connection, by example and repeat.
#[derive(Debug, Default)]
pub(super) struct Unreachable(Mutex<Row>);

#[derive(Debug, Default)]
struct Row {
    trials: Vec<(usize, u32)>,
    given_up: bool,
}

impl Unreachable {
    /// The server answered, with whatever status.
    pub(super) fn reached(&self) {
        let mut row = self.lock();
        // What was given up stays so: a late reply does not bring the judge back.
        if !row.given_up {
            row.trials.clear();
        }
    }

    /// One more trial without a connection; whether it is the one with which the judge is given up.
    pub(super) fn add(&self, example: usize, repeat: u32) -> bool {
        let mut row = self.lock();
        row.trials.push((example, repeat));
        let now = !row.given_up && row.trials.len() >= MOST_IN_A_ROW;
        row.given_up |= now;
        now
    }

    /// Whether the judge was given up.
    pub(super) fn is_given_up(&self) -> bool {
        self.lock().given_up
    }

    /// The trials that a judge that was given up never saw.
    pub(super) fn given_up(&self) -> Vec<(usize, u32)> {
        let row = self.lock();
        if row.given_up { row.trials.clone() } else { Vec::new() }
    }

    /// What is said of it; `last` is what the last trial ended with.
    pub(super) fn reason(last: &str) -> String {
        format!(
            "{MOST_IN_A_ROW} trials in a row: {last}; is the server running, and is the address in the judge's file right? What \
             it was not asked stays unasked, and a later run with this ledger asks it"
        )
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Row> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_starts_the_row_again_and_the_tenth_ends_it() {
        let row = Unreachable::default();
        (0..MOST_IN_A_ROW - 1).for_each(|example| assert!(!row.add(example, 0)));
        row.reached();
        assert!(!row.add(0, 1) && !row.is_given_up() && row.given_up().is_empty());
        (1..MOST_IN_A_ROW - 1).for_each(|example| assert!(!row.add(example, 1)));
        assert!(row.add(20, 1) && row.is_given_up());
        // Those still on their way are unasked too, and say so only once.
        assert!(!row.add(21, 1));
        row.reached();
        assert_eq!((row.given_up().len(), row.given_up()[0]), (MOST_IN_A_ROW + 1, (0, 1)));
    }
}
