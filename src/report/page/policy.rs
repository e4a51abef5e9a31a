//! The Content-Security-Policy of a page in one file: what the page may run and load.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// A policy that lets in nothing from outside, and of the page's own only the one style and the one script, by their
/// digests; `more` are further directives, such as `connect-src 'self'`.
pub fn content_policy(style: &str, script: &str, more: &[&str]) -> String {
    let digest = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
    let own = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        digest(style),
        digest(script)
    );
    more.iter().fold(own, |policy, directive| format!("{policy}; {directive}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_exactly_the_text_and_directives_are_added_at_the_end() {
        // printf '' | openssl dgst -sha256 -binary | base64; printf 'a' | ... the same.
        let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let letter = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";
        let expected = format!(
            "default-src 'none'; style-src 'sha256-{empty}'; script-src 'sha256-{letter}'; base-uri 'none'; \
             form-action 'none'; connect-src 'self'"
        );
        assert_eq!(content_policy("", "a", &["connect-src 'self'"]), expected);
    }
}
