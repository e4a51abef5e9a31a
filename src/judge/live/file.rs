//! A live judge's file, checked: every fault with its key, its line and what is allowed.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::endpoint::endpoint_of;
use super::spec::{
    ConfidenceSource, Limits, LiveSpec, PanelRule, PanelSpec, Price, Prompt, Provider, ReplyShape, Sampling,
};
use super::tables::{LimitsFile, PriceFile, SamplingFile};
use crate::gold::read_text;
use crate::judge::faults::Faults;
use crate::judge::file::JudgeFile;
use crate::judge::score::ScoreSpec;
use crate::judge::spec::inside_own_folder;
use crate::model::{Axis, InputFile, shown};

/// Past this many verdicts an example another one tells nothing more.
const MOST_SAMPLES: u32 = 1000;
/// Tokens of a reply where the file names no number: room to think and a verdict.
const MAX_TOKENS: u32 = 2048;
/// Seeds that every protocol can carry, with room for the number of the sample.
const MOST_SEED: u64 = 2_147_000_000;
/// Limits where the file names none.
const CONCURRENCY: u32 = 8;
const CONNECT_TIMEOUT_S: f64 = 10.0;
const FIRST_BYTE_TIMEOUT_S: f64 = 120.0;
const TIMEOUT_S: f64 = 180.0;
const ATTEMPTS: u32 = 6;
const REPLY_BYTES: u32 = 1 << 20;

/// Most requests in flight: more sockets than a machine gives to one program.
const MOST_CONCURRENCY: u32 = 10_000;
/// Most requests for one trial.
const MOST_ATTEMPTS: u32 = 100;
/// Most bytes of a reply.
const MOST_BYTES: u32 = 1 << 28;
/// A day.
const MOST_SECONDS: f64 = 86_400.0;

/// What the rest of the file says, checked before.
pub(in crate::judge) struct Context<'a> {
    /// The judge file.
    pub(in crate::judge) path: &'a Path,
    /// Its axes.
    pub(in crate::judge) axes: &'a [Axis],
    /// Its scale.
    pub(in crate::judge) score: Option<ScoreSpec>,
}

/// The judge that a file of a live kind describes; what is wrong goes to `faults`, files that were read to `inputs`.
pub(in crate::judge) fn live_of(
    provider: Provider,
    file: &JudgeFile,
    context: &Context<'_>,
    inputs: &mut Vec<InputFile>,
    faults: &mut Faults<'_>,
) -> Option<LiveSpec> {
    let endpoint = endpoint_of(provider, file, faults);
    let model = model_of(provider, file, faults);
    let prompt = prompt_of(file, context, inputs, faults);
    let samples = file.samples.unwrap_or(1);
    if !(1..=MOST_SAMPLES).contains(&samples) {
        faults.push("samples", format!("found {samples}; allowed: 1 to {MOST_SAMPLES}"));
    }
    let sampling = sampling_of(provider, file.sampling.as_ref(), faults);
    let limits = limits_of(file.limits.as_ref(), faults);
    let price = file.price.map(|price| price_of(price, faults));
    let (endpoint, prompt) = (endpoint?, prompt?);
    let confidence = confidence_of(provider, file, prompt.shape, faults);
    if !faults.is_empty() {
        return None;
    }
    Some(LiveSpec {
        provider,
        model,
        structured: file.structured.unwrap_or(endpoint.own),
        endpoint: endpoint.endpoint,
        prompt,
        axes: context.axes.to_vec(),
        score: context.score,
        sampling,
        samples,
        confidence,
        limits,
        price,
    })
}

fn model_of(provider: Provider, file: &JudgeFile, faults: &mut Faults<'_>) -> String {
    let model = file.model.as_deref().map(str::trim).unwrap_or_default();
    if model.is_empty() && provider != Provider::Command {
        faults.push("model", "is missing; allowed: the name of a model");
    }
    model.to_owned()
}

/// The prompt: a shipped one by name, or a file of the judge's own folder.
fn prompt_of(
    file: &JudgeFile,
    context: &Context<'_>,
    inputs: &mut Vec<InputFile>,
    faults: &mut Faults<'_>,
) -> Option<Prompt> {
    let usual = if file.score.is_some() { "overall" } else { "dual-axis" };
    let named = file.prompt.as_deref().unwrap_or(usual);
    let prompt = if named.ends_with(".md") {
        own_prompt(named, context.path, inputs, faults)?
    } else if let Some(prompt) = Prompt::shipped(named) {
        inputs.push(InputFile { path: Prompt::shipped_path(named), sha256: prompt.sha256.clone() });
        prompt
    } else {
        let shipped: Vec<&str> = Prompt::shipped_names().collect();
        let allowed = format!("{}, or a *.md file inside the judge's own folder", shipped.join(", "));
        faults.push("prompt", format!("found {}; allowed: {allowed}", shown(named)));
        return None;
    };
    match (prompt.shape, file.score.is_some()) {
        (ReplyShape::Score, false) => {
            let message =
                "is missing; allowed: [score] with `scale` and `direction`, as this prompt asks for one score";
            faults.push("score", message);
        }
        (ReplyShape::Severities | ReplyShape::Checklist, true) => {
            faults.push("prompt", "asks for no score, and the file has [score]; allowed: one whose shape is \"score\"");
        }
        _ => {}
    }
    Some(prompt)
}

fn own_prompt(named: &str, judge_file: &Path, inputs: &mut Vec<InputFile>, faults: &mut Faults<'_>) -> Option<Prompt> {
    let path =
        inside_own_folder(judge_file, Path::new(named)).map_err(|message| faults.push("prompt", message)).ok()?;
    let text = read_text(&path).map_err(|problem| faults.push("prompt", problem.to_string())).ok()?;
    inputs.push(InputFile { path: path.display().to_string(), sha256: hex::encode(Sha256::digest(text.as_bytes())) });
    Prompt::from_text(&path, &text).map_err(|problems| faults.append(problems)).ok()
}

fn sampling_of(provider: Provider, file: Option<&SamplingFile>, faults: &mut Faults<'_>) -> Sampling {
    let file = file.cloned().unwrap_or_default();
    let top = if provider == Provider::Anthropic { 1.0 } else { 2.0 };
    if let Some(found) = file.temperature.filter(|value| !(0.0..=top).contains(value)) {
        faults.push_in("sampling", "temperature", format!("found {found}; allowed: 0 to {top}"));
    }
    if let Some(found) = file.top_p.filter(|value| !(*value > 0.0 && *value <= 1.0)) {
        faults.push_in("sampling", "top_p", format!("found {found}; allowed: above 0 to 1"));
    }
    if file.max_tokens == Some(0) {
        faults.push_in("sampling", "max_tokens", "found 0; allowed: 1 or more");
    }
    if let Some(found) = file.seed.filter(|seed| *seed > MOST_SEED) {
        faults.push_in("sampling", "seed", format!("found {found}; allowed: 0 to {MOST_SEED}"));
    }
    Sampling {
        temperature: file.temperature,
        top_p: file.top_p,
        max_tokens: file.max_tokens.unwrap_or(MAX_TOKENS),
        seed: file.seed,
    }
}

fn limits_of(file: Option<&LimitsFile>, faults: &mut Faults<'_>) -> Limits {
    let file = file.cloned().unwrap_or_default();
    for (key, value, most) in [
        ("concurrency", file.concurrency, MOST_CONCURRENCY),
        ("requests_per_minute", file.requests_per_minute, u32::MAX),
        ("tokens_per_minute", file.tokens_per_minute, u32::MAX),
        ("attempts", file.attempts, MOST_ATTEMPTS),
        ("most_reply_bytes", file.most_reply_bytes, MOST_BYTES),
    ] {
        if let Some(found) = value.filter(|value| !(1..=most).contains(value)) {
            faults.push_in("limits", key, format!("found {found}; allowed: 1 to {most}"));
        }
    }
    for (key, value) in [
        ("connect_timeout_s", file.connect_timeout_s),
        ("first_byte_timeout_s", file.first_byte_timeout_s),
        ("timeout_s", file.timeout_s),
    ] {
        if let Some(found) = value.filter(|value| !(*value > 0.0 && *value <= MOST_SECONDS)) {
            faults.push_in("limits", key, format!("found {found}; allowed: above 0 to {MOST_SECONDS} seconds"));
        }
    }
    Limits {
        concurrency: file.concurrency.unwrap_or(CONCURRENCY) as usize,
        requests_per_minute: file.requests_per_minute,
        tokens_per_minute: file.tokens_per_minute,
        connect_timeout_s: file.connect_timeout_s.unwrap_or(CONNECT_TIMEOUT_S),
        first_byte_timeout_s: file.first_byte_timeout_s.unwrap_or(FIRST_BYTE_TIMEOUT_S),
        timeout_s: file.timeout_s.unwrap_or(TIMEOUT_S),
        attempts: file.attempts.unwrap_or(ATTEMPTS),
        most_reply_bytes: file.most_reply_bytes.unwrap_or(REPLY_BYTES) as usize,
    }
}

fn price_of(file: PriceFile, faults: &mut Faults<'_>) -> Price {
    let PriceFile { input_per_million_usd, output_per_million_usd } = file;
    for (key, value) in
        [("input_per_million_usd", input_per_million_usd), ("output_per_million_usd", output_per_million_usd)]
    {
        if !(value.is_finite() && value >= 0.0) {
            faults.push_in("price", key, format!("found {value}; allowed: 0 or more"));
        }
    }
    Price { input_per_million_usd, output_per_million_usd }
}

/// Where the probability comes from, and whether it can.
fn confidence_of(provider: Provider, file: &JudgeFile, shape: ReplyShape, faults: &mut Faults<'_>) -> ConfidenceSource {
    let confidence = file.confidence.unwrap_or(ConfidenceSource::None);
    if confidence != ConfidenceSource::None && shape == ReplyShape::Score {
        faults
            .push("confidence", "found beside a prompt for one score; allowed: \"none\", as a score is no probability");
    }
    match confidence {
        ConfidenceSource::LogProbabilities if matches!(provider, Provider::Anthropic | Provider::Command) => {
            let message =
                format!("{} gives no log-probabilities; allowed: \"none\", \"stated\", \"samples\"", provider.name());
            faults.push("confidence", message);
        }
        ConfidenceSource::LogProbabilities if shape == ReplyShape::Checklist => {
            faults.push(
                "confidence",
                "a checklist has no menu of severities; allowed: \"none\", \"stated\", \"samples\"",
            );
        }
        ConfidenceSource::Samples if file.samples.unwrap_or(1) < 2 => {
            faults.push("confidence", "found \"samples\" with one sample; allowed: `samples` of 2 or more");
        }
        ConfidenceSource::Samples if file.sampling.as_ref().and_then(|table| table.temperature) == Some(0.0) => {
            let message = "found 0 beside confidence = \"samples\"; allowed: above 0, as samples at 0 are all alike";
            faults.push_in("sampling", "temperature", message);
        }
        _ => {}
    }
    confidence
}

/// The panel that a file describes.
pub(in crate::judge) fn panel_of(file: &JudgeFile, faults: &mut Faults<'_>) -> Option<PanelSpec> {
    let members = file.members.clone().unwrap_or_default();
    let mut sorted = members.clone();
    sorted.sort_unstable();
    if members.len() < 2 {
        faults.push("members", format!("found {}; allowed: the names of 2 judges or more", members.len()));
    } else if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        faults.push("members", "found a name twice; allowed: different judges");
    } else if members.contains(&file.name) {
        faults.push("members", "found the panel itself; allowed: other judges");
    } else {
        return Some(PanelSpec { members, rule: file.rule.unwrap_or(PanelRule::Majority) });
    }
    None
}
