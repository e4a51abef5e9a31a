//! From a question to the request that asks it, whole but for the key.

use sha2::{Digest, Sha256};

use super::address::{authority_of, checked, host_of};
use super::answer::{answer_keys, asked_axes};
use super::call::{Asked, Call, KeySlot};
use super::question::{Question, Request};
use super::render::{Asker, PromptFault, render};
use super::spec::{LiveSpec, Need, Provider};
use super::{anthropic, command, gemini, openai};
use crate::gold::GoldSet;
use crate::judge::spec::{JudgeKind, JudgeSpec};

impl LiveSpec {
    /// What shares limits: the host, with its port where that is not the usual one, and the variable of the key; of a
    /// local command the program.
    pub fn account(&self) -> String {
        if self.provider == Provider::Command {
            return format!("command {}", self.endpoint.command.join(" "));
        }
        let authority = authority_of(&self.endpoint.base_url).unwrap_or_default();
        match &self.endpoint.api_key_env {
            Some(variable) => format!("{authority} {variable}"),
            None => authority,
        }
    }

    /// The host that requests go to, without a port; none for a local command.
    pub fn host(&self) -> Option<String> {
        host_of(&self.endpoint.base_url)
    }

    /// The same judge at another address: that of the variable which its file names in `base_url_env`. The message never
    /// repeats the address.
    pub fn at_base_url(mut self, address: &str) -> Result<Self, String> {
        self.endpoint.base_url = checked(address)?;
        Ok(self)
    }

    /// The request that asks a question. For many questions, [`LiveSpec::asker`] parses the templates only once.
    pub fn call(&self, asked: &Asked<'_>) -> Result<Call, PromptFault> {
        self.asker().call(asked)
    }

    /// The protocol's headers and the file's, by name in lower case; the file's win.
    fn headers(&self, request: &Request) -> Vec<(String, String)> {
        let own = self.endpoint.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        let mut headers: Vec<(String, String)> = own.collect();
        for (name, value) in &request.headers {
            if headers.iter().all(|(own, _)| own != name) {
                headers.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        headers.sort_unstable();
        headers
    }

    /// Digest of what can change a reply: protocol, address, headers, body and repeat; of a local command its program and
    /// arguments in place of the address. Not of limits, prices and titles, nor of the key.
    fn digest(&self, request: &Request, headers: &[(String, String)], repeat: u32) -> String {
        let mut digest = Sha256::new();
        let mut take = |text: &str| {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        };
        take(self.provider.name());
        take(&request.url);
        for part in &self.endpoint.command {
            take(part);
        }
        for (name, value) in headers {
            take(name);
            take(value);
        }
        take(&request.body);
        take(&repeat.to_string());
        hex::encode(digest.finalize())
    }
}

impl Asker<'_> {
    /// The request that asks a question.
    pub fn call(&self, asked: &Asked<'_>) -> Result<Call, PromptFault> {
        let spec = self.spec;
        let keys = answer_keys(spec, asked);
        let rendered = render(self, asked, &keys)?;
        let question = Question { spec, rendered: &rendered, keys: &keys, repeat: asked.repeat };
        let request = match spec.provider {
            Provider::OpenAi => openai::request(&question),
            Provider::Anthropic => anthropic::request(&question),
            Provider::Gemini => gemini::request(&question),
            Provider::Command => command::request(&question),
        };
        let headers = spec.headers(&request);
        let (header, prefix) = request.key;
        let key = spec.endpoint.api_key_env.clone().map(|variable| KeySlot { variable, header, prefix });
        Ok(Call {
            sha256: spec.digest(&request, &headers, asked.repeat),
            prompt_sha256: rendered.sha256(),
            input_tokens: rendered.tokens(),
            most_output_tokens: spec.sampling.max_tokens,
            url: request.url,
            headers,
            body: request.body,
            key,
        })
    }
}

/// Positions of the examples that a live judge is asked about: the response is not withheld, an axis that it answers
/// applies, and there are required items where its prompt needs them. None for a judge that is not asked.
pub fn asks(judge: &JudgeSpec, gold: &GoldSet) -> Vec<usize> {
    let JudgeKind::Live(spec) = &judge.kind else { return Vec::new() };
    let needs_items = spec.prompt.needs.contains(&Need::Required);
    (0..gold.examples.len())
        .filter(|position| {
            let asked = Asked { card: &gold.card, example: &gold.examples[*position], repeat: 0 };
            asked.example.response.is_some()
                && !asked_axes(spec, &asked).is_empty()
                && !(needs_items && asked.example.required.is_empty())
        })
        .collect()
}
