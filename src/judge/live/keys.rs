//! Which key belongs to which host, and what must not stand in a judge file because it looks like a key.
//!
//! A judge file may come from a stranger. It names a variable, never a key, and a variable reaches only the hosts it
//! belongs to: a file that pairs `OPENAI_API_KEY` with another host would send the user's key there.

use crate::model::Problem;

/// Well-known variables with the hosts that their keys belong to; `*.` stands for any labels before.
const BOUND: [(&str, &[&str]); 20] = [
    ("OPENAI_API_KEY", &["api.openai.com", "us.api.openai.com", "eu.api.openai.com"]),
    ("ANTHROPIC_API_KEY", &["api.anthropic.com"]),
    ("GEMINI_API_KEY", &["generativelanguage.googleapis.com"]),
    ("GOOGLE_API_KEY", &["generativelanguage.googleapis.com"]),
    ("OPENROUTER_API_KEY", &["openrouter.ai"]),
    ("MISTRAL_API_KEY", &["api.mistral.ai"]),
    ("GROQ_API_KEY", &["api.groq.com"]),
    ("TOGETHER_API_KEY", &["api.together.xyz", "api.together.ai"]),
    ("DEEPSEEK_API_KEY", &["api.deepseek.com"]),
    ("AZURE_OPENAI_API_KEY", &["*.openai.azure.com"]),
    ("XAI_API_KEY", &["api.x.ai"]),
    ("FIREWORKS_API_KEY", &["api.fireworks.ai"]),
    ("CEREBRAS_API_KEY", &["api.cerebras.ai"]),
    ("COHERE_API_KEY", &["api.cohere.com", "api.cohere.ai"]),
    ("PERPLEXITY_API_KEY", &["api.perplexity.ai"]),
    ("NVIDIA_API_KEY", &["integrate.api.nvidia.com"]),
    ("SAMBANOVA_API_KEY", &["api.sambanova.ai"]),
    ("MOONSHOT_API_KEY", &["api.moonshot.ai", "api.moonshot.cn"]),
    ("DASHSCOPE_API_KEY", &["dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com"]),
    ("HF_TOKEN", &["router.huggingface.co"]),
];

/// What to do instead of writing a key down.
pub(super) const KEY_HINT: &str = "allowed: no key in a file. hint: set a variable and name it in `api_key_env`";

/// Headers that carry a key, and which the program sets itself.
const KEY_HEADERS: [&str; 8] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "x-goog-api-key",
    "api-key",
    "apikey",
    "ocp-apim-subscription-key",
    "cookie",
];

/// Query parameters that carry a key.
const KEY_PARAMETERS: [&str; 8] =
    ["key", "api_key", "api-key", "apikey", "token", "access_token", "code", "subscription-key"];

/// How the keys of well-known services begin.
const KEY_BEGINNINGS: [&str; 13] =
    ["sk-", "sk_", "AIza", "AQ.", "gsk_", "xai-", "hf_", "pplx-", "nvapi-", "ya29.", "eyJ", "bearer ", "basic "];

/// Headers whose long values name an account or a project, and are no secret.
const NAMING_HEADERS: [&str; 2] = ["openai-organization", "openai-project"];

/// Whether the key in a well-known variable belongs to a host. Any other pair has to stand in the user's own settings.
pub fn key_is_bound(variable: &str, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    BOUND.iter().any(|(name, hosts)| *name == variable && hosts.iter().any(|pattern| matches_host(pattern, &host)))
}

/// The variable that usually holds the key of a host.
pub(super) fn usual_variable(host: &str) -> Option<&'static str> {
    BOUND.iter().map(|(name, _)| *name).find(|name| key_is_bound(name, host))
}

fn matches_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => host.len() > end.len() && host.ends_with(end),
        None => pattern == host,
    }
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In a header.
    Header,
    /// In the query of the address.
    Query,
    /// On a command line.
    Argument,
}

/// Whether a header, a query parameter or an argument carries a key, by its name or by what it looks like.
pub(super) fn carries_key(place: Place, name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    match place {
        Place::Header if KEY_HEADERS.contains(&name.as_str()) => true,
        Place::Header if NAMING_HEADERS.contains(&name.as_str()) => false,
        Place::Query if KEY_PARAMETERS.contains(&name.as_str()) => true,
        _ => looks_like_key(value),
    }
}

/// Whether a text looks like a key: it begins as keys of well-known services do, or it holds a long run of letters and
/// digits without a word in it.
pub(super) fn looks_like_key(value: &str) -> bool {
    /// Shorter texts are words, versions and dates.
    const RANDOM_FROM: usize = 20;
    /// What follows the beginning of a well-known key has at least this length.
    const REST_FROM: usize = 8;
    let begins = |text: &str| {
        KEY_BEGINNINGS.iter().any(|start| {
            text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
                && text.len() >= start.len() + REST_FROM
        })
    };
    let random = |run: &str| {
        run.len() >= RANDOM_FROM
            && run.bytes().any(|byte| byte.is_ascii_digit())
            && run.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    // An argument may hide it behind `--key=`, a message between quotes.
    let parts = || std::iter::once(value).chain(value.split(['=', ' ', ',', ';', '"', '`'])).map(str::trim);
    parts().any(begins) || value.split(|c: char| !c.is_ascii_alphanumeric()).any(random) || is_uuid(value.trim())
}

/// The fault of a file that could not be read, without a key that its message may repeat.
pub(in crate::judge) fn without_key(mut problem: Problem) -> Problem {
    let key = problem.key.as_deref().unwrap_or_default().to_ascii_lowercase();
    if KEY_PARAMETERS.contains(&key.as_str()) {
        problem.message = format!("unknown key; {KEY_HINT}");
    } else if let Some((found, allowed)) = problem.message.split_once("; allowed: ")
        && looks_like_key(found)
    {
        problem.message = format!("found what looks like a key; allowed: {allowed}");
    }
    problem
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_its_own_host_alone() {
        for (variable, host, bound) in [
            ("OPENAI_API_KEY", "api.openai.com", true),
            ("OPENAI_API_KEY", "API.OpenAI.com", true),
            ("OPENAI_API_KEY", "api.openai.com.evil.example", false),
            ("OPENAI_API_KEY", "evil-api.openai.com", false),
            ("OPENAI_API_KEY", "api.anthropic.com", false),
            ("OPENAI_API_KEY", "localhost", false),
            ("openai_api_key", "api.openai.com", false),
            ("ANTHROPIC_API_KEY", "api.anthropic.com", true),
            ("GOOGLE_API_KEY", "generativelanguage.googleapis.com", true),
            ("AZURE_OPENAI_API_KEY", "mine.openai.azure.com", true),
            ("AZURE_OPENAI_API_KEY", "openai.azure.com", false),
            ("AZURE_OPENAI_API_KEY", ".openai.azure.com", false),
            ("AZURE_OPENAI_API_KEY", "mineopenai.azure.com", false),
            ("HOME", "api.openai.com", false),
            ("", "", false),
        ] {
            assert_eq!(key_is_bound(variable, host), bound, "{variable} {host}");
        }
        assert_eq!(usual_variable("generativelanguage.googleapis.com"), Some("GEMINI_API_KEY"));
        assert_eq!(usual_variable("openrouter.ai"), Some("OPENROUTER_API_KEY"));
        assert_eq!(usual_variable("judge.example"), None);
    }

    #[test]
    fn keys_are_told_from_settings() {
        for value in [
            "sk-abcdefgh",
            "sk-proj-Ab12_cd34",
            "AIzaSyA1234567890",
            "gsk_0123456789",
            "Bearer abcdefgh",
            "a8f5f167f44f4964e6c998dee827110c",
            "--api-key=sk-abcdefgh",
            "123e4567-e89b-12d3-a456-426614174000",
        ] {
            assert!(looks_like_key(value), "{value}");
        }
        for value in [
            "2024-10-21",
            "structured-outputs-2025-11-13",
            "interleaved-thinking-2025-05-14",
            "https://example.org/lacuna",
            "--model=/models/llama-3.1-8b-instruct",
            "",
            "sk-",
            "production",
            "österreich-straße-ähnlich",
        ] {
            assert!(!looks_like_key(value), "{value}");
        }
        assert!(carries_key(Place::Header, "Authorization", "x"));
        assert!(carries_key(Place::Query, "key", "x"));
        assert!(!carries_key(Place::Query, "api-version", "2024-10-21"));
        assert!(!carries_key(Place::Header, "OpenAI-Organization", "org-a8f5f167f44f4964e6c998de"));
    }
}
