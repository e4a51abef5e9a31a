//! What a run would send, before anything is sent.

use serde::Serialize;

use super::RunError;
use super::ledger::Ledger;
use super::trials::LiveJudge;
use crate::gold::GoldSet;
use crate::judge::live::{Asked, Call};
use crate::model::Problems;

/// What asking one judge takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct JudgePlan {
    /// The judge.
    pub judge: String,
    /// The model that it asks.
    pub model: String,
    /// Where.
    pub host: Option<String>,
    /// Its prompt, with its version.
    pub prompt: String,
    /// Examples that it is asked about.
    pub examples: usize,
    /// Verdicts an example.
    pub samples: u32,
    /// Trials whose reply the ledger has.
    pub in_ledger: usize,
    /// Trials to be asked.
    pub requests: usize,
    /// Tokens to be sent, roughly.
    pub input_tokens: u64,
    /// Tokens of the replies at most.
    pub most_output_tokens: u64,
    /// What that costs at most by the judge's own price table, in US dollars, roughly; none without a price.
    pub most_cost_usd: Option<f64>,
}

/// Plans a run: every prompt is rendered, so that a missing variable is known before the first request.
pub fn plan(
    gold: &GoldSet,
    judges: &[LiveJudge],
    ledger: Option<&Ledger>,
    oldest: Option<&str>,
) -> Result<Vec<JudgePlan>, RunError> {
    let mut problems = Problems::default();
    let mut plans = Vec::new();
    for judge in judges {
        let mut plan = empty_plan(judge);
        let asker = judge.live.asker();
        let bought = |call: &Call| ledger.map_or(Ok(false), |ledger| ledger.has(&call.sha256, oldest));
        for &example in &judge.asks {
            for repeat in 0..judge.live.samples {
                let asked = Asked { card: &gold.card, example: &gold.examples[example], repeat };
                match asker.call(&asked) {
                    Ok(call) if bought(&call)? => plan.in_ledger += 1,
                    Ok(call) => {
                        plan.requests += 1;
                        plan.input_tokens += u64::from(call.input_tokens);
                        plan.most_output_tokens += u64::from(call.most_output_tokens);
                    }
                    Err(fault) if repeat == 0 => problems.push(judge.judge.fault("prompt", fault.to_string())),
                    Err(_) => {}
                }
            }
        }
        let tokens = (plan.input_tokens as f64, plan.most_output_tokens as f64);
        plan.most_cost_usd = judge.live.price.as_ref().map(|price| price.cost_usd(tokens.0, tokens.1));
        plans.push(plan);
    }
    Ok(problems.or(plans)?)
}

fn empty_plan(judge: &LiveJudge) -> JudgePlan {
    JudgePlan {
        judge: judge.judge.name.clone(),
        model: judge.live.model.clone(),
        host: judge.live.host(),
        prompt: format!("{} {}", judge.live.prompt.name, judge.live.prompt.version),
        examples: judge.asks.len(),
        samples: judge.live.samples,
        in_ledger: 0,
        requests: 0,
        input_tokens: 0,
        most_output_tokens: 0,
        most_cost_usd: None,
    }
}
