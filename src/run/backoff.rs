//! How long to wait before asking again.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;

use crate::stats::random::{StreamKey, uniform};

/// First wait at most.
const FIRST: Duration = Duration::from_millis(500);
/// Any wait at most, unless the server asks for more.
const LONGEST: Duration = Duration::from_secs(60);
/// A server that asks for more than this is not waited for.
const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// Waits that double up to a minute, each drawn evenly between half of it and all of it, so that requests that failed
/// together do not come back together.
#[derive(Debug)]
pub(super) struct Backoff {
    stream: ChaCha8Rng,
    next: Duration,
}

impl Backoff {
    /// The waits of one trial; equal seeds wait equally.
    pub(super) fn new(seed: u64, judge: &str, trial: &str) -> Self {
        Self { stream: StreamKey::new(seed, judge, "run", "backoff").stream(position(trial)), next: FIRST }
    }

    /// A number from 0 to 1 that differs between trials.
    pub(super) fn spread(&mut self) -> f64 {
        uniform(&mut self.stream)
    }

    /// The next wait, at least as long as the server asked for; none where it asked for longer than anybody waits.
    pub(super) fn wait(&mut self, asked: Option<Duration>) -> Option<Duration> {
        if asked.is_some_and(|asked| asked > LONGEST_ASKED) {
            return None;
        }
        let share = 0.5 + 0.5 * uniform(&mut self.stream);
        let own = self.next.mul_f64(share);
        self.next = (self.next * 2).min(LONGEST);
        // What the server asked for, and a little more that differs between trials.
        Some(asked.map_or(own, |asked| own.max(asked + FIRST.mul_f64(share))))
    }
}

/// A stream for each trial: the first digits of its digest.
fn position(trial: &str) -> u64 {
    trial.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_stay_within_their_half_and_end() {
        let mut backoff = Backoff::new(1, "j", "00000000000000ff");
        for doubling in 0..10 {
            let most = (FIRST * 2_u32.pow(doubling)).min(LONGEST);
            let wait = backoff.wait(None).unwrap();
            assert!(most / 2 <= wait && wait <= most, "{doubling}: {wait:?}");
        }
        let asked = Duration::from_secs(90);
        assert!(backoff.wait(Some(asked)).unwrap() > asked);
        assert_eq!(backoff.wait(Some(Duration::from_secs(3600))), None);
    }

    #[test]
    fn trials_do_not_wait_alike() {
        let first = |trial: &str| Backoff::new(1, "j", trial).wait(None).unwrap();
        assert_eq!(first("0000000000000001"), first("0000000000000001"));
        assert_ne!(first("0000000000000001"), first("0000000000000002"));
    }
}
