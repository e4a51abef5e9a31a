//! What a run may cost: reserved before a request is sent, settled when its reply is there.

use std::sync::{Mutex, PoisonError};

use crate::judge::live::{Call, Price};

/// Tokens sent are estimated from the length of the text; the reservation counts half as many again.
const SAFETY: f64 = 1.5;

/// The money of one run, in US dollars.
#[derive(Debug)]
pub(super) struct Budget {
    most: Option<f64>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    spent: f64,
    reserved: f64,
    refused: bool,
}

/// Money set aside for one trial.
#[derive(Debug, PartialEq)]
pub(super) struct Reservation(f64);

impl Budget {
    pub(super) fn new(most: Option<f64>) -> Self {
        Self { most, state: Mutex::new(State::default()) }
    }

    /// Sets money aside; none where the run could then cost more than it may.
    pub(super) fn reserve(&self, amount: f64) -> Option<Reservation> {
        let mut state = self.lock();
        if self.most.is_some_and(|most| state.spent + state.reserved + amount > most) {
            state.refused = true;
            return None;
        }
        state.reserved += amount;
        Some(Reservation(amount))
    }

    /// Gives back what was set aside and counts what was spent.
    pub(super) fn settle(&self, reservation: &Reservation, spent: f64) {
        let mut state = self.lock();
        state.reserved -= reservation.0;
        state.spent += spent;
    }

    /// Whether a trial was refused for want of money.
    pub(super) fn refused(&self) -> bool {
        self.lock().refused
    }

    pub(super) fn spent(&self) -> f64 {
        self.lock().spent
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The most that one request can be expected to cost.
pub(super) fn worst_cost(call: &Call, price: &Price) -> f64 {
    price.cost_usd(f64::from(call.input_tokens) * SAFETY, f64::from(call.most_output_tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_stops_before_it_costs_too_much() {
        let budget = Budget::new(Some(1.0));
        let first = budget.reserve(0.6).unwrap();
        assert_eq!(budget.reserve(0.6), None);
        assert!(budget.refused());
        budget.settle(&first, 0.1);
        let second = budget.reserve(0.6).unwrap();
        budget.settle(&second, 0.3);
        assert!((budget.spent() - 0.4).abs() < 1e-12);
        assert!(Budget::new(None).reserve(1e9).is_some());
    }

    /// 1000 tokens half as many again at 2 dollars a million, and 500 at 10: 0.003 + 0.005.
    #[test]
    fn the_worst_case_by_hand() {
        let call = Call {
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
            key: None,
            sha256: String::new(),
            prompt_sha256: String::new(),
            input_tokens: 1000,
            most_output_tokens: 500,
        };
        let price = Price { input_per_million_usd: 2.0, output_per_million_usd: 10.0 };
        assert!((worst_cost(&call, &price) - 0.008).abs() < 1e-15);
    }
}
