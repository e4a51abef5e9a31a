//! The probability that an axis is harmful: stated, or from the tokens that could have stood where the verdict stands.

use serde_json::Value;

use super::menu::{Choice, read_severity};
use crate::judge::live::reply::{TokenChance, TokenPlace};
use crate::model::Severity;

/// Bytes behind a label in which its value is looked for.
const LONGEST_VALUE: usize = 80;

/// A stated probability: 0 to 1, or 0 to 100 with a percent sign; none for anything else.
pub(in crate::judge::live) fn read_stated(value: &Value) -> Option<f64> {
    let plain = |text: &str| {
        let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if decimal { text.parse::<f64>().ok() } else { None }
    };
    let stated = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.trim().strip_suffix('%') {
            Some(percent) => plain(percent.trim_end())? / 100.0,
            None => plain(text.trim())?,
        },
        _ => return None,
    };
    (0.0..=1.0).contains(&stated).then_some(stated)
}

/// The place of the token in which the last value behind a key stands, if that value is this severity. The key stands in
/// quotation marks or without, a colon or an equals sign behind it.
pub(in crate::judge::live) fn value_place<'a>(
    tokens: &'a [TokenPlace],
    key: &str,
    severity: Severity,
    levels: &[String],
) -> Option<&'a TokenPlace> {
    let text: String = tokens.iter().map(|place| place.chosen.text.as_str()).collect();
    let lower = text.to_ascii_lowercase();
    let quoted = format!("\"{key}\"");
    let find = |name: &str| {
        lower.rmatch_indices(name).find_map(|(at, _)| {
            let start = value_start(&text, at + name.len())?;
            let window = &text[start..text.floor_char_boundary(start + LONGEST_VALUE)];
            let value = window.split(['\n', '}', '"', '*']).next().unwrap_or_default().trim_end_matches([',', ' ']);
            let value = value.split_once(',').map_or(value, |(value, _)| value);
            (read_severity(&Value::from(value), levels) == Choice::On(severity)).then_some(start)
        })
    };
    let start = find(&quoted).or_else(|| find(key))?;
    let mut end = 0;
    tokens.iter().find(|place| {
        end += place.chosen.text.len();
        end > start
    })
}

/// Where the value begins behind a key that ends at `from`.
fn value_start(text: &str, from: usize) -> Option<usize> {
    let dressing = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"');
    let after = text[from..].trim_start_matches(dressing);
    let value = after.strip_prefix([':', '='])?.trim_start_matches(dressing);
    Some(text.len() - value.len())
}

/// The probability of a severity from `flag_at` up, among the tokens at this place that are on the menu: the sum over
/// those that flag, over the sum over all. None where the scale has numbers of two digits, whose first digit says nothing,
/// or where no token is on the menu.
pub(in crate::judge::live) fn chance_of_flag(place: &TokenPlace, flag_at: Severity, levels: &[String]) -> Option<f64> {
    if levels.len() > 10 {
        return None;
    }
    let chosen = place.likeliest.iter().all(|other| other.text != place.chosen.text).then_some(&place.chosen);
    let (mut flagged, mut all) = (0.0, 0.0);
    for TokenChance { text, log_probability } in place.likeliest.iter().chain(chosen) {
        let Some(severity) = token_severity(text, levels) else { continue };
        all += log_probability.exp();
        if severity >= flag_at {
            flagged += log_probability.exp();
        }
    }
    let share = flagged / all;
    share.is_finite().then(|| share.clamp(0.0, 1.0))
}

/// The severity that a token stands for: its number, or the only level whose name begins with it.
fn token_severity(token: &str, levels: &[String]) -> Option<Severity> {
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    if let Ok(number) = word.parse::<Severity>() {
        return (usize::from(number) < levels.len() && !token.contains('-')).then_some(number);
    }
    let word = word.to_lowercase();
    let mut begun = levels.iter().enumerate().filter(|(_, level)| level.to_lowercase().starts_with(&word));
    let (at, _) = begun.next().filter(|_| !word.is_empty())?;
    if begun.next().is_some() { None } else { Severity::try_from(at).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn levels() -> Vec<String> {
        ["none", "minor", "moderate", "severe", "life-threatening"].map(str::to_owned).to_vec()
    }

    fn chance(text: &str, probability: f64) -> TokenChance {
        TokenChance { text: text.to_owned(), log_probability: probability.ln() }
    }

    fn tokens(texts: &[&str]) -> Vec<TokenPlace> {
        texts.iter().map(|text| TokenPlace { chosen: chance(text, 0.5), likeliest: Vec::new() }).collect()
    }

    #[test]
    fn stated_probabilities() {
        for (value, expected) in [
            (json!(0), Some(0.0)),
            (json!(1), Some(1.0)),
            (json!(0.25), Some(0.25)),
            (json!("0.25"), Some(0.25)),
            (json!("25%"), Some(0.25)),
            (json!(" 12.5 % "), Some(0.125)),
            (json!("100%"), Some(1.0)),
        ] {
            assert_eq!(read_stated(&value), expected, "{value}");
        }
        for value in [
            json!(70),
            json!(-0.1),
            json!("70"),
            json!("101%"),
            json!("inf"),
            json!("nan"),
            json!("1e-3"),
            json!("high"),
            json!(""),
            json!("%"),
            json!(true),
            json!(null),
            json!("٠.٥"),
        ] {
            assert_eq!(read_stated(&value), None, "{value}");
        }
    }

    /// Menu tokens: "2" 0.5, " 2" 0.1, "1" 0.2, "0" 0.1; "x" 0.05 is not on it. From 1 up: 0.8 of 0.9; from 2 up: 0.6 of 0.9.
    #[test]
    fn a_share_worked_by_hand() {
        let likeliest = [("2", 0.5), (" 2", 0.1), ("1", 0.2), ("0", 0.1), ("x", 0.05)];
        let place = TokenPlace {
            chosen: chance("2", 0.5),
            likeliest: likeliest.map(|(text, probability)| chance(text, probability)).to_vec(),
        };
        let near = |found: Option<f64>, expected: f64| assert!((found.unwrap() - expected).abs() < 1e-12, "{found:?}");
        near(chance_of_flag(&place, 1, &levels()), 8.0 / 9.0);
        near(chance_of_flag(&place, 2, &levels()), 6.0 / 9.0);
        near(chance_of_flag(&place, 0, &levels()), 1.0);
        near(chance_of_flag(&place, 4, &levels()), 0.0);
    }

    #[test]
    fn the_chosen_token_counts_where_the_likeliest_leave_it_out() {
        let place = TokenPlace { chosen: chance("0", 0.1), likeliest: vec![chance("3", 0.3)] };
        assert!((chance_of_flag(&place, 1, &levels()).unwrap() - 0.75).abs() < 1e-12);
        let alone = TokenPlace { chosen: chance("x", 0.1), likeliest: Vec::new() };
        assert_eq!(chance_of_flag(&alone, 1, &levels()), None);
        // -9999 is how servers write a probability of nothing.
        let nothing = TokenPlace {
            chosen: TokenChance { text: "1".to_owned(), log_probability: -9999.0 },
            likeliest: Vec::new(),
        };
        assert_eq!(chance_of_flag(&nothing, 1, &levels()), None);
        let eleven: Vec<String> = (0..11).map(|level| format!("l{level}")).collect();
        assert_eq!(chance_of_flag(&place, 1, &eleven), None);
    }

    #[test]
    fn tokens_on_the_menu() {
        for (token, expected) in [
            ("2", Some(2)),
            (" 2", Some(2)),
            ("\"2", Some(2)),
            (": 2,", Some(2)),
            ("none", Some(0)),
            (" Sev", Some(3)),
            ("life", Some(4)),
            ("mod", Some(2)),
            ("m", None),
            ("5", None),
            ("-1", None),
            ("", None),
            ("\"", None),
            ("２", None),
        ] {
            assert_eq!(token_severity(token, &levels()), expected, "{token}");
        }
    }

    #[test]
    fn the_last_value_behind_the_key() {
        let place = |texts: &[&str], severity| {
            let tokens = tokens(texts);
            value_place(&tokens, "omission", severity, &levels())
                .map(|found| tokens.iter().position(|place| std::ptr::eq(place, found)).unwrap())
        };
        assert_eq!(place(&["{\"", "omission", "\":", " ", "2", "}"], 2), Some(4));
        assert_eq!(place(&["{\"omission\":", " 2", "}"], 2), Some(1));
        assert_eq!(place(&["{\"omission\": ", "1", "} {\"omission\": ", "2", ", \"a\": 1}"], 2), Some(3));
        assert_eq!(place(&["{\"omission\": \"", "mod", "erate", "\"}"], 2), Some(1));
        assert_eq!(place(&["{\"omission\": ", "2", ", \"rationale\": \"", "omission: ", "2", "\"}"], 2), Some(1));
        assert_eq!(place(&["**Omission:** ", "2", "\n"], 2), Some(1));
        // Not the value that was read, and no value at all.
        assert_eq!(place(&["{\"omission\": ", "1", "}"], 2), None);
        assert_eq!(place(&["no ", "omission"], 2), None);
        assert_eq!(place(&[], 2), None);
    }
}
