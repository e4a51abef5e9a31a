//! Which requests a batch holds: those that a run would send now, each once.

use std::collections::HashSet;

use serde::Serialize;

use crate::gold::GoldSet;
use crate::judge::live::{Asked, Asker, Call};
use crate::run::RunError;
use crate::run::ask::order_of;
use crate::run::budget::worst_cost;
use crate::run::ledger::{Ledger, digest};
use crate::run::trials::LiveJudge;

/// What holds a batch back.
#[derive(Debug, Clone, Copy)]
pub struct BatchLimits<'a> {
    /// Seed of the order.
    pub seed: u64,
    /// Replies from before this moment are asked for again.
    pub oldest: Option<&'a str>,
    /// The most that the requests may cost, in US dollars.
    pub most_cost_usd: Option<f64>,
}

/// What a batch holds of one judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BatchCount {
    /// The judge.
    pub judge: String,
    /// Requests.
    pub requests: usize,
    /// Trials whose reply the ledger has.
    pub in_ledger: usize,
    /// Trials that are served by a request of another trial, word for word the same.
    pub shared: usize,
    /// Tokens to be sent, roughly.
    pub input_tokens: u64,
    /// Tokens of the replies at most.
    pub most_output_tokens: u64,
    /// What that costs at most by the judge's own price table, which knows no price of a batch; none without a price.
    pub most_cost_usd: Option<f64>,
}

/// Hands over every request that a run would send now, in the order in which it would, with the place of its judge: one
/// that the ledger has no reply to, and each once, however many trials it serves. Gives back what each judge has in it, and
/// whether all of them are: a limit of cost ends it before it could be passed, with the judges at the same examples.
///
/// **Errors**: a prompt that cannot be rendered; a ledger that cannot be read; whatever `take` fails with.
pub fn batch_calls<E: From<RunError>>(
    gold: &GoldSet,
    judges: &[LiveJudge],
    ledger: &Ledger,
    limits: BatchLimits<'_>,
    mut take: impl FnMut(usize, &Call) -> Result<(), E>,
) -> Result<(Vec<BatchCount>, bool), E> {
    let askers: Vec<Asker<'_>> = judges.iter().map(|judge| judge.live.asker()).collect();
    let mut counts: Vec<BatchCount> = judges.iter().map(empty_count).collect();
    let mut seen: HashSet<[u8; 32]> = HashSet::new();
    let mut cost = 0.0;
    for example in order_of(gold, limits.seed) {
        for (index, judge) in judges.iter().enumerate().filter(|(_, judge)| judge.asks.binary_search(&example).is_ok())
        {
            for repeat in 0..judge.live.samples {
                let asked = Asked { card: &gold.card, example: &gold.examples[example], repeat };
                let call = askers[index].call(&asked).map_err(|error| RunError::Runner(error.to_string()))?;
                let count = &mut counts[index];
                if ledger.has(&call.sha256, limits.oldest).map_err(RunError::from)? {
                    count.in_ledger += 1;
                } else if digest(&call.sha256).is_some_and(|key| !seen.insert(key)) {
                    count.shared += 1;
                } else {
                    cost += judge.live.price.as_ref().map_or(0.0, |price| worst_cost(&call, price));
                    if limits.most_cost_usd.is_some_and(|most| cost > most) {
                        return Ok((with_costs(counts, judges), false));
                    }
                    count.requests += 1;
                    count.input_tokens += u64::from(call.input_tokens);
                    count.most_output_tokens += u64::from(call.most_output_tokens);
                    take(index, &call)?;
                }
            }
        }
    }
    Ok((with_costs(counts, judges), true))
}

fn empty_count(judge: &LiveJudge) -> BatchCount {
    BatchCount { judge: judge.judge.name.clone(), ..BatchCount::default() }
}

fn with_costs(mut counts: Vec<BatchCount>, judges: &[LiveJudge]) -> Vec<BatchCount> {
    for (count, judge) in counts.iter_mut().zip(judges) {
        let tokens = (count.input_tokens as f64, count.most_output_tokens as f64);
        count.most_cost_usd = judge.live.price.as_ref().map(|price| price.cost_usd(tokens.0, tokens.1));
    }
    counts
}
