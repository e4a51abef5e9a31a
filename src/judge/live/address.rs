//! Addresses of judges: which are allowed, whose host they name, and how a path and a query are joined to them.
//!
//! Parsed by the same library as the client that sends: two readings of one address would let a key go astray.

use std::collections::BTreeMap;
use std::net::IpAddr;

use url::{Host, Url};

/// What an address may be.
const ALLOWED: &str = "allowed: https://…, or http://… where the host is this machine or a private address";

/// Checks an address and gives it back in its usual form, without a slash at the end. The message never repeats the
/// address: a part of it may be a secret.
pub(super) fn checked(address: &str) -> Result<String, String> {
    let url = Url::parse(address.trim()).map_err(|error| format!("is no address ({error}); {ALLOWED}"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password; allowed: none, as keys come from variables".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("holds a query or a fragment; allowed: an address without, and parameters in [query]".to_owned());
    }
    match url.scheme() {
        "https" => {}
        "http" if url.host().is_some_and(|host| is_near(&host)) => {}
        "http" => return Err(format!("is http, to a host elsewhere; {ALLOWED}")),
        _ => return Err(format!("is of another scheme; {ALLOWED}")),
    }
    let path = url.path().trim_end_matches('/');
    if ["/chat/completions", "/v1/messages"].iter().any(|end| path.ends_with(end)) || path.ends_with(":generateContent")
    {
        return Err("ends with the path of a request; allowed: the address before that path".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a host is this machine or has a private address. Link-local addresses are not private: clouds keep the secrets
/// of a machine there.
fn is_near(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback() || address.is_private(),
        Host::Ipv6(address) => match IpAddr::V6(*address).to_canonical() {
            IpAddr::V4(address) => address.is_loopback() || address.is_private(),
            IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
        },
    }
}

/// The host that an address names, in lower case and without a port.
pub(super) fn host_of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// The host and, where it is not the usual one, the port.
pub(super) fn authority_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// An address with path segments and query parameters behind it, both percent-encoded.
pub(super) fn joined(address: &str, segments: &[&str], query: &BTreeMap<String, String>) -> String {
    let Ok(mut url) = Url::parse(address) else { return String::new() };
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        for (address, expected) in [
            ("https://api.openai.com/v1/", Ok("https://api.openai.com/v1")),
            ("https://API.OpenAI.com:443/v1", Ok("https://api.openai.com/v1")),
            ("https://api.anthropic.com", Ok("https://api.anthropic.com")),
            ("http://localhost:8080/v1", Ok("http://localhost:8080/v1")),
            ("http://127.0.0.1:11434/v1", Ok("http://127.0.0.1:11434/v1")),
            ("http://192.168.1.20:8000/v1", Ok("http://192.168.1.20:8000/v1")),
            ("http://[::1]:8000", Ok("http://[::1]:8000")),
            ("http://[::ffff:10.0.0.1]/v1", Ok("http://[::ffff:a00:1]/v1")),
            ("http://api.openai.com/v1", Err("is http, to a host elsewhere")),
            ("http://169.254.169.254/latest", Err("is http, to a host elsewhere")),
            ("http://localhost.evil.example/v1", Err("is http, to a host elsewhere")),
            ("ftp://localhost/v1", Err("is of another scheme")),
            ("file:///etc/passwd", Err("is of another scheme")),
            ("localhost:8080/v1", Err("is of another scheme")),
            ("api.openai.com", Err("is no address")),
            ("", Err("is no address")),
            ("https://api.openai.com@evil.example/v1", Err("holds a user name")),
            ("https://x:sk-secret@api.openai.com/v1", Err("holds a user name")),
            ("https://x.openai.azure.com/openai?api-version=1", Err("holds a query")),
            ("https://api.openai.com/v1/chat/completions", Err("ends with the path of a request")),
        ] {
            match (checked(address), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => {
                    assert!(found.starts_with(expected), "{address}: {found}");
                    assert!(!found.contains("secret"));
                }
                (found, _) => panic!("{address}: {found:?}"),
            }
        }
    }

    /// An address that one reader takes for the provider's and another for a stranger's.
    #[test]
    fn a_host_is_read_as_the_client_reads_it() {
        assert_eq!(host_of("https://evil.example\\@api.openai.com/v1").as_deref(), Some("evil.example"));
        assert_eq!(host_of("https://api.openai.com\t.evil.example/").as_deref(), Some("api.openai.com.evil.example"));
        assert_eq!(authority_of("http://localhost:8080/v1").as_deref(), Some("localhost:8080"));
        assert_eq!(authority_of("https://api.openai.com:443/v1").as_deref(), Some("api.openai.com"));
    }

    #[test]
    fn paths_and_queries_are_joined_and_encoded() {
        let query = BTreeMap::from([("api-version".to_owned(), "2024-10-21&x=é y".to_owned())]);
        assert_eq!(
            joined("https://x.openai.azure.com/openai/deployments/d", &["chat", "completions"], &query),
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21%26x%3D%C3%A9+y"
        );
        assert_eq!(
            joined("https://h.example/v1beta", &["models", "a/../b?c:generateContent"], &BTreeMap::new()),
            "https://h.example/v1beta/models/a%2F..%2Fb%3Fc:generateContent"
        );
        assert_eq!(
            joined("http://localhost:1", &["v1", "messages"], &BTreeMap::new()),
            "http://localhost:1/v1/messages"
        );
    }
}
