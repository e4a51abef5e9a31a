//! Where a judge is reached, as its file says.

use std::collections::BTreeMap;

use super::address::{checked, host_of};
use super::keys::{KEY_HINT, Place, carries_key, looks_like_key, usual_variable};
use super::spec::{Endpoint, Provider};
use crate::judge::faults::Faults;
use crate::judge::file::JudgeFile;
use crate::model::shown;

/// An endpoint, and whether it is the provider's own.
pub(super) struct Checked {
    /// The endpoint.
    pub(super) endpoint: Endpoint,
    /// Whether the address is the provider's own.
    pub(super) own: bool,
}

/// The provider's own address.
const fn own_url(provider: Provider) -> &'static str {
    match provider {
        Provider::OpenAi => "https://api.openai.com/v1",
        Provider::Anthropic => "https://api.anthropic.com",
        Provider::Gemini => "https://generativelanguage.googleapis.com/v1beta",
        Provider::Command => "",
    }
}

/// The endpoint of a live judge.
pub(super) fn endpoint_of(provider: Provider, file: &JudgeFile, faults: &mut Faults<'_>) -> Option<Checked> {
    if provider == Provider::Command {
        return command_of(file, faults);
    }
    check_headers(file, faults);
    for (name, value) in &file.query {
        if carries_key(Place::Query, name, value) {
            faults.push_in("query", name, format!("looks like a key; {KEY_HINT}"));
        }
    }
    for (key, variable) in [("base_url_env", &file.base_url_env), ("api_key_env", &file.api_key_env)] {
        let Some(variable) = variable else { continue };
        if looks_like_key(variable) {
            faults.push(key, format!("looks like a key itself; {KEY_HINT}"));
        } else if !is_variable(variable) {
            faults.push(key, format!("found {}; allowed: the name of a variable", shown(variable)));
        }
    }
    let own = own_url(provider);
    let base_url = match file.base_url.as_deref() {
        None => own.to_owned(),
        Some(address) => checked(address).map_err(|message| faults.push("base_url", message)).ok()?,
    };
    let usual = || host_of(&base_url).and_then(|host| usual_variable(&host)).map(str::to_owned);
    Some(Checked {
        own: base_url == own,
        endpoint: Endpoint {
            api_key_env: file.api_key_env.clone().or_else(usual),
            base_url,
            base_url_env: file.base_url_env.clone(),
            headers: file.headers.clone(),
            query: file.query.clone(),
            command: Vec::new(),
        },
    })
}

fn check_headers(file: &JudgeFile, faults: &mut Faults<'_>) {
    /// Headers that the client sets.
    const CLIENTS: [&str; 7] =
        ["host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding", "te"];
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in &file.headers {
        let lower = name.to_ascii_lowercase();
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if carries_key(Place::Header, name, value) {
            faults.push_in("headers", name, format!("looks like a key; {KEY_HINT}"));
        } else if name.is_empty() || !name.chars().all(token) {
            faults.push_in("headers", name, "is no name of a header; allowed: letters, digits and `-`");
        } else if CLIENTS.contains(&lower.as_str()) {
            faults.push_in("headers", name, "is set by the client; allowed: other headers");
        } else if !value.chars().all(|c| matches!(c, ' '..='~')) {
            faults.push_in("headers", name, "holds more than plain ASCII; allowed: letters, digits, signs and spaces");
        } else if seen.contains(&lower) {
            faults.push_in("headers", name, "stands twice; allowed: once, in capitals or not");
        }
        seen.push(lower);
    }
}

fn is_variable(name: &str) -> bool {
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    name.starts_with(start) && name.chars().all(|c| start(c) || c.is_ascii_digit())
}

fn command_of(file: &JudgeFile, faults: &mut Faults<'_>) -> Option<Checked> {
    let command = file.command.clone().unwrap_or_default();
    if command.first().is_none_or(|program| program.trim().is_empty()) {
        faults.push("command", "is missing; allowed: a program and its arguments, as [\"prog\", \"arg\"]");
        return None;
    }
    if command.iter().any(|part| carries_key(Place::Argument, "", part)) {
        let message =
            "holds what looks like a key; allowed: no key in a file. hint: the program reads it from a variable";
        faults.push("command", message);
    }
    if command.iter().any(|part| part.contains('\0')) {
        faults.push("command", "holds a null character; allowed: text without");
    }
    let endpoint = Endpoint {
        base_url: String::new(),
        base_url_env: None,
        headers: BTreeMap::new(),
        query: BTreeMap::new(),
        api_key_env: None,
        command,
    };
    Some(Checked { endpoint, own: false })
}
