//! What was offered: the levels of an axis, the scale of a score. Nothing is moved onto the menu that is off it.

use serde_json::Value;

use crate::model::Severity;

/// What a value is, held against the menu.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::judge::live) enum Choice<T> {
    /// On it.
    On(T),
    /// A value, and not on it.
    Off,
    /// No value.
    Absent,
}

/// A severity: a whole number of the scale, the name of a level, or both where they agree.
pub(in crate::judge::live) fn read_severity(value: &Value, levels: &[String]) -> Choice<Severity> {
    match value {
        Value::Null => Choice::Absent,
        Value::Number(number) => number.as_f64().map_or(Choice::Off, |number| level_number(number, levels)),
        Value::String(text) if text.trim().is_empty() => Choice::Absent,
        Value::String(text) => severity_in(text, levels).unwrap_or(Choice::Off),
        // `{"severity": 2, "reason": …}`.
        Value::Object(fields) => match fields.get("severity").or_else(|| fields.get("level")) {
            Some(inner) if !inner.is_object() => read_severity(inner, levels),
            _ => Choice::Off,
        },
        Value::Bool(_) | Value::Array(_) => Choice::Off,
    }
}

/// A score: a number of the scale, alone or as `7/10` where 10 is the scale's highest.
pub(in crate::judge::live) fn read_score(value: &Value, scale: Option<(f64, f64)>) -> Choice<f64> {
    let on_scale = |number: f64| {
        let inside = number.is_finite() && scale.is_none_or(|(low, high)| (low..=high).contains(&number));
        if inside { Choice::On(number) } else { Choice::Off }
    };
    match value {
        Value::Null => Choice::Absent,
        Value::Number(number) => number.as_f64().map_or(Choice::Off, on_scale),
        Value::String(text) if text.trim().is_empty() => Choice::Absent,
        Value::String(text) => match Written::read(text) {
            Some(Written { number, out_of, rest: Rest::Words(_) })
                if out_of.is_none_or(|top| Some(top) == scale.map(|(_, high)| high)) =>
            {
                on_scale(number)
            }
            _ => Choice::Off,
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Choice::Off,
    }
}

/// Whether the text behind a label begins a value: a number, or the name of a level and nothing but an aside.
pub(super) fn begins_a_value(text: &str, levels: &[String]) -> bool {
    let unsigned = text.strip_prefix(['+', '-', '−']).unwrap_or(text);
    unsigned.starts_with(|c: char| c.is_ascii_digit()) || named_level(text, levels).is_some()
}

fn level_number(number: f64, levels: &[String]) -> Choice<Severity> {
    let on_scale = number.fract() == 0.0 && number >= 0.0 && number < levels.len() as f64;
    // A scale has at most 256 levels, so that the cast loses nothing.
    if on_scale { Choice::On(number as Severity) } else { Choice::Off }
}

/// A severity in text; none where the text is neither a number nor a level.
fn severity_in(text: &str, levels: &[String]) -> Option<Choice<Severity>> {
    if let Some((level, aside)) = named_level(text, levels) {
        // `moderate (1)` where moderate is 2 says two things.
        let number = aside.trim_matches(|c: char| !c.is_ascii_digit());
        let agrees = number.is_empty() || number.parse() == Ok(level);
        return Some(if agrees { Choice::On(level) } else { Choice::Off });
    }
    let Written { number, out_of, rest } = Written::read(text)?;
    let Rest::Words(words) = rest else { return Some(Choice::Off) };
    let choice = level_number(number, levels);
    let top = levels.len().saturating_sub(1) as f64;
    let named = exact_level(words.trim_matches(|c: char| !c.is_alphanumeric()), levels);
    let contradicts = named.is_some_and(|named| choice != Choice::On(named)) || out_of.is_some_and(|of| of != top);
    Some(if contradicts { Choice::Off } else { choice })
}

/// The level that a text names, and what follows the name behind a mark.
fn named_level<'a>(text: &'a str, levels: &[String]) -> Option<(Severity, &'a str)> {
    let text = text.trim();
    if let Some(level) = exact_level(text, levels) {
        return Some((level, ""));
    }
    let ends = text.char_indices().filter(|(at, c)| match c {
        '(' | '[' | ',' | ';' | '.' | ':' | '\n' => true,
        // `severe - as …`, and not `severe-ish`.
        '-' | '–' | '—' => text[..*at].ends_with(char::is_whitespace),
        _ => false,
    });
    // The longest name first: a name may hold a mark itself, as `life-threatening` does.
    let mut ends: Vec<usize> = ends.map(|(at, _)| at).take_while(|at| *at <= longest(levels)).collect();
    ends.reverse();
    ends.iter().find_map(|end| exact_level(text[..*end].trim_end(), levels).map(|level| (level, &text[*end..])))
}

fn longest(levels: &[String]) -> usize {
    // Room for the spaces between a name and its mark.
    4 + levels.iter().map(|level| 2 * level.len()).max().unwrap_or(0)
}

fn exact_level(text: &str, levels: &[String]) -> Option<Severity> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '`' | '"' | '\''));
    // Lowering a long text for every level would be paid again and again.
    let same = |level: &&String| text.len() <= 2 * level.len() && level.trim().to_lowercase() == text.to_lowercase();
    let at = levels.iter().position(|level| same(&level))?;
    Severity::try_from(at).ok()
}

/// A number as written, and what follows it.
struct Written<'a> {
    number: f64,
    /// The 10 of `7/10` and `7 out of 10`.
    out_of: Option<f64>,
    rest: Rest<'a>,
}

/// What follows a number.
enum Rest<'a> {
    /// Words that leave it what it is.
    Words(&'a str),
    /// Something that makes it another: a second choice (`2-3`, `0|1|2`), a percent sign, letters.
    Changes,
}

impl<'a> Written<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (number, rest) = leading_number(text.trim_start())?;
        let slash = rest.trim_start().strip_prefix('/').or_else(|| rest.trim_start().strip_prefix("out of "));
        let (out_of, rest) = match slash.map(|after| leading_number(after.trim_start())) {
            None => (None, rest),
            Some(Some((of, rest))) => (Some(of), rest),
            Some(None) => return Some(Self { number, out_of: None, rest: Rest::Changes }),
        };
        let rest = if changes_the_number(rest) { Rest::Changes } else { Rest::Words(rest) };
        Some(Self { number, out_of, rest })
    }
}

fn changes_the_number(rest: &str) -> bool {
    let stuck = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '/'));
    let spaced = rest.trim_start();
    let second = ["-", "–", "—", "|", ",", "to ", "or ", "and "].iter().any(|mark| {
        spaced.strip_prefix(mark).is_some_and(|after| after.trim_start().starts_with(|c: char| c.is_ascii_digit()))
    });
    stuck || second || spaced.starts_with(['%', '|'])
}

/// A plain decimal at the beginning of a text: ASCII digits, at most one point, a sign.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let (sign, unsigned) = match text.strip_prefix(['-', '−']) {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole = digits(unsigned);
    let fraction = match unsigned[whole..].strip_prefix('.') {
        Some(after) if digits(after) > 0 => 1 + digits(after),
        _ => 0,
    };
    let (number, rest) = unsigned.split_at(whole + fraction);
    let number: f64 = if whole > 0 { number.parse().ok()? } else { return None };
    Some((sign * number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn levels() -> Vec<String> {
        ["none", "minor", "moderate", "severe", "life-threatening"].map(str::to_owned).to_vec()
    }

    #[test]
    fn severities_on_the_menu() {
        for (value, expected) in [
            (json!(0), 0),
            (json!(4), 4),
            (json!(2.0), 2),
            (json!("2"), 2),
            (json!(" +2 "), 2),
            (json!("2/4"), 2),
            (json!("2 out of 4"), 2),
            (json!("2 (moderate)"), 2),
            (json!("2: Moderate"), 2),
            (json!("2 - a reason in words"), 2),
            (json!("2."), 2),
            (json!("MODERATE"), 2),
            (json!("moderate (2)"), 2),
            (json!("Life-Threatening"), 4),
            (json!("life-threatening - it is"), 4),
            (json!("severe, as the dose is missing"), 3),
            (json!({"severity": 3, "reason": "r"}), 3),
            (json!({"level": "minor"}), 1),
        ] {
            assert_eq!(read_severity(&value, &levels()), Choice::On(expected), "{value}");
        }
    }

    #[test]
    fn severities_off_the_menu() {
        for value in [
            json!(5),
            json!(-1),
            json!(2.5),
            json!(1e300),
            json!(u64::MAX),
            json!("5"),
            json!("-1"),
            json!("2.5"),
            json!("2/10"),
            json!("2-3"),
            json!("2 to 3"),
            json!("2 or 3"),
            json!("0|1|2|3|4"),
            json!("0, 1, 2"),
            json!("2%"),
            json!("2nd"),
            json!("2/"),
            json!("２"),
            json!("²"),
            json!("1e400"),
            json!("NaN"),
            json!("2 (none)"),
            json!("none (2)"),
            json!("severe-ish"),
            json!("moderately bad"),
            json!("9999999999999999999999999999"),
            json!(true),
            json!([2]),
            json!({}),
            json!({"severity": {"severity": 2}}),
        ] {
            assert_eq!(read_severity(&value, &levels()), Choice::Off, "{value}");
        }
        for value in [json!(null), json!(""), json!("  "), json!({"severity": null})] {
            assert_eq!(read_severity(&value, &levels()), Choice::Absent, "{value}");
        }
    }

    #[test]
    fn scores() {
        let scale = Some((1.0, 10.0));
        for (value, expected) in [
            (json!(7), Choice::On(7.0)),
            (json!(7.5), Choice::On(7.5)),
            (json!(10), Choice::On(10.0)),
            (json!("7/10"), Choice::On(7.0)),
            (json!("7 / 10."), Choice::On(7.0)),
            (json!("7 out of 10, as"), Choice::On(7.0)),
            (json!("7 good"), Choice::On(7.0)),
            (json!(0), Choice::Off),
            (json!(10.01), Choice::Off),
            (json!("3.5/5"), Choice::Off),
            (json!("70%"), Choice::Off),
            (json!("7-8"), Choice::Off),
            (json!("good"), Choice::Off),
            (json!(false), Choice::Off),
            (json!(""), Choice::Absent),
            (json!(null), Choice::Absent),
        ] {
            assert_eq!(read_score(&value, scale), expected, "{value}");
        }
        assert_eq!(read_score(&json!(-1e9), None), Choice::On(-1e9));
        assert_eq!(read_score(&json!("7/10"), None), Choice::Off);
    }

    #[test]
    fn what_begins_a_value() {
        for text in ["2", "-1", "5 of them", "none", "Severe (3)"] {
            assert!(begins_a_value(text, &levels()), "{text}");
        }
        for text in ["", "-", "the response", "severely", "２", "nonetheless, it is"] {
            assert!(!begins_a_value(text, &levels()), "{text}");
        }
    }
}
