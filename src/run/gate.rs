//! What the judges of one account share: requests in flight, requests and tokens a minute, and a rest when the server asks
//! for one.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::judge::live::Limits;

/// The gate of one account. Judges that share a key and a host share it.
#[derive(Debug)]
pub(super) struct Gate {
    permits: Arc<Semaphore>,
    requests: Option<DefaultDirectRateLimiter>,
    tokens: Option<Tokens>,
    rest_until: Mutex<Option<Instant>>,
}

#[derive(Debug)]
struct Tokens {
    limiter: DefaultDirectRateLimiter,
    a_minute: NonZeroU32,
}

impl Gate {
    /// A gate with the strictest limits of the judges that share it.
    pub(super) fn new<'a>(limits: impl Iterator<Item = &'a Limits> + Clone) -> Self {
        let least =
            |limit: fn(&Limits) -> Option<u32>| limits.clone().filter_map(limit).min().and_then(NonZeroU32::new);
        let concurrency = limits.clone().map(|limits| limits.concurrency).min().unwrap_or(1).max(1);
        // A burst of a second's worth: servers count in shorter windows than they say.
        let requests = least(|limits| limits.requests_per_minute).map(|a_minute| {
            let burst = NonZeroU32::new(a_minute.get() / 60).unwrap_or(NonZeroU32::MIN);
            RateLimiter::direct(Quota::per_minute(a_minute).allow_burst(burst))
        });
        // One long prompt may need a minute's worth at once.
        let tokens = least(|limits| limits.tokens_per_minute)
            .map(|a_minute| Tokens { limiter: RateLimiter::direct(Quota::per_minute(a_minute)), a_minute });
        Self { permits: Arc::new(Semaphore::new(concurrency)), requests, tokens, rest_until: Mutex::new(None) }
    }

    /// Waits for a place among the requests in flight.
    pub(super) async fn permit(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.permits).acquire_owned().await.expect("the semaphore is never closed")
    }

    /// Waits until a request of so many tokens may be sent. `spread`, from 0 to 1, differs between waiters, so that a rest
    /// does not end in a rush.
    pub(super) async fn pass(&self, tokens: u32, spread: f64) {
        if let Some(requests) = &self.requests {
            requests.until_ready().await;
        }
        if let Some(Tokens { limiter, a_minute }) = &self.tokens {
            // More than a minute's worth can only be counted as a minute's worth.
            let wanted = NonZeroU32::new(tokens.min(a_minute.get())).unwrap_or(NonZeroU32::MIN);
            let _ = limiter.until_n_ready(wanted).await;
        }
        while let Some(rest) = self.rest() {
            tokio::time::sleep(rest + RUSH.mul_f64(spread)).await;
        }
    }

    /// Nobody of this account asks for a while.
    pub(super) fn rest_for(&self, wait: Duration) {
        let until = Instant::now() + wait;
        let mut rest = self.rest_until.lock().unwrap_or_else(PoisonError::into_inner);
        *rest = Some(rest.map_or(until, |other| other.max(until)));
    }

    fn rest(&self) -> Option<Duration> {
        let until = *self.rest_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.and_then(|until| until.checked_duration_since(Instant::now())).filter(|rest| !rest.is_zero())
    }
}

/// Over how long the waiters come back after a rest.
const RUSH: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(concurrency: usize, requests: Option<u32>, tokens: Option<u32>) -> Limits {
        Limits {
            concurrency,
            requests_per_minute: requests,
            tokens_per_minute: tokens,
            connect_timeout_s: 1.0,
            first_byte_timeout_s: 1.0,
            timeout_s: 1.0,
            attempts: 1,
            most_reply_bytes: 1,
        }
    }

    /// How long it takes at least; a busy machine may take any longer.
    fn timed(work: impl Future<Output = ()>) -> Duration {
        let start = Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(work);
        start.elapsed()
    }

    #[test]
    fn the_strictest_limit_holds() {
        let gate = Gate::new([limits(8, Some(600), None), limits(2, None, None)].iter());
        assert_eq!(gate.permits.available_permits(), 2);
        assert!(gate.requests.is_some() && gate.tokens.is_none());
    }

    /// 1200 a minute are 20 a second: a burst of 20 at once, then one each 50 ms.
    #[test]
    fn requests_a_minute_are_kept() {
        let gate = Gate::new([limits(1, Some(1200), None)].iter());
        let taken = timed(async {
            for _ in 0..26 {
                gate.pass(1, 0.0).await;
            }
        });
        assert!(taken >= Duration::from_millis(250), "{taken:?}");
    }

    /// 6000 tokens a minute: the first 6000 at once, then 100 a second.
    #[test]
    fn tokens_a_minute_are_kept_and_a_long_prompt_passes() {
        let gate = Gate::new([limits(1, None, Some(6000))].iter());
        let taken = timed(async {
            gate.pass(60_000, 0.0).await;
            gate.pass(30, 0.0).await;
        });
        assert!(taken >= Duration::from_millis(250), "{taken:?}");
    }

    #[test]
    fn a_rest_holds_everybody() {
        let gate = Gate::new([limits(1, None, None)].iter());
        let taken = timed(async {
            gate.rest_for(Duration::from_millis(80));
            gate.rest_for(Duration::from_millis(10));
            gate.pass(1, 0.0).await;
        });
        assert!(taken >= Duration::from_millis(80), "{taken:?}");
    }
}
