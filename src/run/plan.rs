//! What a run would send, before anything is sent.

use serde::Serialize;

use super::RunError;
use super::ask::LiveJudge;
use super::ledger::Ledger;
use crate::gold::GoldSet;
use crate::judge::live::{Asked, Call};
use crate::model::{Problem, Problems};

/// Tokens are estimated at four bytes each.
const MILLION: f64 = 1e6;

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
        for &example in &judge.asks {
            for repeat in 0..judge.live.samples {
                let asked = Asked { card: &gold.card, example: &gold.examples[example], repeat };
                match judge.live.call(&asked) {
                    Ok(call) if bought(&call, ledger, oldest)? => plan.in_ledger += 1,
                    Ok(call) => {
                        plan.requests += 1;
                        plan.input_tokens += u64::from(call.input_tokens);
                        plan.most_output_tokens += u64::from(call.most_output_tokens);
                    }
                    Err(fault) if repeat == 0 => problems.push(of_judge(judge, &fault.to_string())),
                    Err(_) => {}
                }
            }
        }
        plan.most_cost_usd = judge.live.price.as_ref().map(|price| {
            (plan.input_tokens as f64 * price.input_per_million_usd
                + plan.most_output_tokens as f64 * price.output_per_million_usd)
                / MILLION
        });
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

fn bought(call: &Call, ledger: Option<&Ledger>, oldest: Option<&str>) -> Result<bool, RunError> {
    let Some(ledger) = ledger else { return Ok(false) };
    let at = ledger.when(&call.sha256).map_err(|error| RunError::Runner(error.to_string()))?;
    Ok(at.is_some_and(|at| oldest.is_none_or(|oldest| at.as_str() >= oldest)))
}

fn of_judge(judge: &LiveJudge, message: &str) -> Problem {
    let file = judge.judge.inputs.first().map_or("", |input| input.path.as_str());
    Problem { file: file.into(), line: None, key: Some("prompt".to_owned()), message: message.to_owned() }
}
