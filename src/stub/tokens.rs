//! The tokens of a reply with their log-probabilities. The tokens, one after the other, are the reply.

use super::ask::Role;
use super::opinion::Opinion;

/// Log-probability of a token about which there is no doubt.
const CERTAIN: f64 = -0.000_01;

/// A token of a reply.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// Its text.
    pub(super) text: String,
    /// Natural logarithm of its probability.
    pub(super) logprob: f64,
    /// The likeliest tokens at its place with theirs, likeliest first.
    pub(super) top: Vec<(String, f64)>,
}

/// Cuts a reply into tokens. At a severity the likeliest tokens are the menu, by the stub's probabilities.
pub(super) fn tokens(reply: &str, opinion: &Opinion, top: usize) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut role = Role::Other;
    let mut rest = reply;
    while let Some(first) = rest.chars().next() {
        let class = class(first);
        let length = rest.find(|c| self::class(c) != class || class == Class::Mark).unwrap_or(rest.len());
        let (text, after) = rest.split_at(length.max(first.len_utf8()));
        if class == Class::Word && after.starts_with("\":") {
            role = Role::of(text);
        }
        tokens.push(token(text, role, opinion, top));
        if class == Class::Digit {
            role = Role::Other;
        }
        rest = after;
    }
    tokens
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Word,
    Digit,
    Mark,
}

fn class(character: char) -> Class {
    match character {
        '0'..='9' => Class::Digit,
        'a'..='z' | 'A'..='Z' | '_' | ' ' => Class::Word,
        _ => Class::Mark,
    }
}

fn token(text: &str, role: Role, opinion: &Opinion, top: usize) -> Token {
    let certain = Token { text: text.to_owned(), logprob: CERTAIN, top: vec![(text.to_owned(), CERTAIN)] };
    let mut token = match (role, text.parse::<usize>()) {
        (Role::Severity(axis), Ok(severity)) => {
            let menu = opinion.axes.get(axis).menu();
            let mut likeliest: Vec<(String, f64)> =
                menu.iter().enumerate().map(|(severity, share)| (severity.to_string(), logarithm(*share))).collect();
            likeliest.sort_by(|one, other| other.1.total_cmp(&one.1));
            match menu.get(severity) {
                Some(share) => Token { logprob: logarithm(*share), top: likeliest, ..certain },
                None => certain,
            }
        }
        _ => certain,
    };
    token.top.truncate(top);
    token
}

/// Six decimals are as many as the protocols send.
fn logarithm(share: f64) -> f64 {
    (share.ln().max(-9999.0) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::super::opinion::Stance;
    use super::*;
    use crate::model::PerAxis;

    #[test]
    fn the_tokens_are_the_reply_and_a_severity_has_the_menu() {
        let stance = Stance { flags: true, severity: 2, threshold: 1, top: 4, probability: 0.8 };
        let opinion = Opinion { example: None, axes: PerAxis { omission: stance, commission: stance } };
        let reply = r#"{"omission":2,"p_omission":0.8,"rationale":"bad – é 2"}"#;
        let tokens = tokens(reply, &opinion, 5);
        assert_eq!(tokens.iter().map(|token| token.text.as_str()).collect::<String>(), reply);
        let menus: Vec<&Token> = tokens.iter().filter(|token| token.top.len() > 1).collect();
        assert_eq!(menus.len(), 1, "only the severity has alternatives");
        assert_eq!((menus[0].text.as_str(), menus[0].top.len()), ("2", 5));
        // 0.9 of the 0.8 on the harmful side.
        assert!((menus[0].logprob - 0.72f64.ln()).abs() < 1e-6);
        let harm: f64 = menus[0].top.iter().filter(|(text, _)| text != "0").map(|(_, logprob)| logprob.exp()).sum();
        assert!((harm - 0.8).abs() < 1e-5);
        assert!(tokens.iter().all(|token| token.top.iter().any(|(text, _)| *text == token.text)));
    }
}
