//! Specifications for tests, built by hand.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::spec::{ConfidenceSource, Endpoint, Limits, LiveSpec, Price, Prompt, Provider, ReplyShape, Sampling};
use crate::judge::{JudgeKind, JudgeSpec};
use crate::model::{Axis, AxisCard, Card, CardAxes, Example, Item, LabelSource, Text, TextPolicy, Tie};

/// A judge over OpenAI's protocol that gives severities on both axes.
pub(super) fn live_spec() -> LiveSpec {
    LiveSpec {
        provider: Provider::OpenAi,
        model: "m".to_owned(),
        endpoint: Endpoint {
            base_url: "https://example.org".to_owned(),
            base_url_env: None,
            headers: BTreeMap::new(),
            query: BTreeMap::new(),
            api_key_env: None,
            command: Vec::new(),
        },
        prompt: Prompt {
            name: "p".to_owned(),
            version: "1".to_owned(),
            shape: ReplyShape::Severities,
            needs: Vec::new(),
            system: String::new(),
            user: String::new(),
            sha256: "0".repeat(64),
        },
        axes: Axis::ALL.to_vec(),
        score: None,
        structured: false,
        sampling: Sampling { temperature: None, top_p: None, max_tokens: 500, seed: None },
        samples: 1,
        confidence: ConfidenceSource::None,
        limits: Limits {
            concurrency: 1,
            requests_per_minute: None,
            tokens_per_minute: None,
            connect_timeout_s: 1.0,
            first_byte_timeout_s: 1.0,
            timeout_s: 1.0,
            attempts: 1,
            most_reply_bytes: 1_000_000,
        },
        price: Some(Price { input_per_million_usd: 2.0, output_per_million_usd: 10.0 }),
    }
}

/// The judge around a specification. Nothing here depends on its kind.
pub(super) fn judge(name: &str) -> JudgeSpec {
    JudgeSpec {
        name: name.to_owned(),
        title: None,
        model: None,
        axes: Axis::ALL.to_vec(),
        flag_at: BTreeMap::new(),
        score: None,
        kind: JudgeKind::Recorded { verdicts: PathBuf::new() },
        inputs: Vec::new(),
    }
}

/// Omission 0 to 4, commission 0 to 3, both flagged from 1.
pub(super) fn card() -> Card {
    let axis = |levels: &[&str]| AxisCard {
        harm: "h".to_owned(),
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        threshold: 1,
    };
    Card {
        format: "lacuna-gold/1".to_owned(),
        name: "c".to_owned(),
        version: "1".to_owned(),
        title: "t".to_owned(),
        licence: "l".to_owned(),
        source: "s".to_owned(),
        citation: None,
        language: "en".to_owned(),
        domain: "d".to_owned(),
        label_source: LabelSource::Constructed,
        aggregate: "majority".to_owned(),
        tie: Some(Tie::Higher),
        texts: TextPolicy::Show,
        limits: None,
        mechanisms: Vec::new(),
        axes: CardAxes {
            omission: axis(&["none", "minor", "moderate", "severe", "life-threatening"]),
            commission: axis(&["none", "minor", "moderate", "severe"]),
        },
    }
}

/// An example on both axes with required items `r0`, `r1`, `r2` and prohibited ones `x0`, `x1`.
pub(super) fn example(id: &str) -> Example {
    let items = |prefix: &str, count: usize| {
        (0..count).map(|at| Item { id: format!("{prefix}{at}"), text: "t".to_owned() }).collect()
    };
    Example {
        id: id.to_owned(),
        cluster: "c".to_owned(),
        prompt: Text::Plain("p".to_owned()),
        response: Some(Text::Plain("r".to_owned())),
        system: None,
        axes: Axis::ALL.to_vec(),
        reference: None,
        required: items("r", 3),
        prohibited: items("x", 2),
        pair: None,
        twin_of: None,
        slices: BTreeMap::new(),
    }
}
