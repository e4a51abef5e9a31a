//! The last JSON object of a text that holds a verdict, in time linear in the text.

use std::collections::VecDeque;

use serde_json::{Map, Value};

/// Objects side by side that are remembered; of more, the earlier ones are forgotten.
const MOST_SPANS: usize = 4096;

/// Open braces that are remembered; of more, the outer ones are forgotten: no verdict is nested as deep.
const MOST_OPEN: usize = 256;

/// How deep inside an object the verdict may lie.
const DEEPEST: usize = 8;

/// What a quotation mark between braces means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// It begins or ends a string, in which braces do not count.
    Matter,
    /// Nothing: a brace in the prose before may have thrown the strings out of step.
    Ignored,
}

/// Where an object begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
}

/// The last object for which `holds` is true, and whether it is the whole text. Objects inside a broken one are not
/// looked at: what is quoted in it could be taken for the verdict.
pub(super) fn last_object(
    text: &str,
    holds: &dyn Fn(&Map<String, Value>) -> bool,
) -> Option<(Map<String, Value>, bool)> {
    if let Some(fields) = parse(text).and_then(object).filter(|fields| holds(fields)) {
        return Some((fields, true));
    }
    [Quotes::Matter, Quotes::Ignored].iter().find_map(|quotes| {
        let spans = outermost(text, *quotes);
        let found = spans.iter().rev().find_map(|span| the_one_within(parse(&text[span.start..span.end])?, holds));
        found.map(|fields| (fields, false))
    })
}

/// Balanced braces that stand in no other balanced ones, in the order of the text.
fn outermost(text: &str, quotes: Quotes) -> VecDeque<Span> {
    let mut spans: VecDeque<Span> = VecDeque::new();
    let mut open: VecDeque<usize> = VecDeque::new();
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if in_string => drop(bytes.next()),
            b'"' if quotes == Quotes::Matter && !open.is_empty() => in_string = !in_string,
            b'{' if !in_string => {
                if open.len() == MOST_OPEN {
                    open.pop_front();
                }
                open.push_back(at);
            }
            b'}' if !in_string => {
                let Some(start) = open.pop_back() else { continue };
                while spans.back().is_some_and(|span| span.start > start) {
                    spans.pop_back();
                }
                if spans.len() == MOST_SPANS {
                    spans.pop_front();
                }
                spans.push_back(Span { start, end: at + 1 });
            }
            _ => {}
        }
    }
    spans
}

/// JSON, also where strings hold line ends and tabs as they are, as models write them.
fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&with_controls_escaped(text)?).ok())
}

/// The text with control characters inside its strings escaped; none where there is nothing to escape.
fn with_controls_escaped(text: &str) -> Option<String> {
    text.contains(|c: char| c.is_ascii_control()).then(|| {
        let mut escaped = String::with_capacity(text.len() + 64);
        let (mut in_string, mut after_backslash) = (false, false);
        for character in text.chars() {
            if in_string && character.is_ascii_control() {
                escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
                after_backslash = false;
                continue;
            }
            escaped.push(character);
            if character == '"' && !after_backslash {
                in_string = !in_string;
            }
            after_backslash = in_string && character == '\\' && !after_backslash;
        }
        escaped
    })
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// The object itself, or the only one inside it that holds a verdict; none where several do, as nothing says which counts.
fn the_one_within(value: Value, holds: &dyn Fn(&Map<String, Value>) -> bool) -> Option<Map<String, Value>> {
    let mut found = Vec::new();
    collect(value, holds, DEEPEST, &mut found);
    if found.len() == 1 { found.pop() } else { None }
}

fn collect(
    value: Value,
    holds: &dyn Fn(&Map<String, Value>) -> bool,
    depth: usize,
    found: &mut Vec<Map<String, Value>>,
) {
    if depth == 0 || found.len() > 1 {
        return;
    }
    match value {
        Value::Object(fields) if holds(&fields) => found.push(fields),
        Value::Object(fields) => fields.into_iter().for_each(|(_, inner)| collect(inner, holds, depth - 1, found)),
        Value::Array(list) => list.into_iter().for_each(|inner| collect(inner, holds, depth - 1, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let holds = |fields: &Map<String, Value>| fields.contains_key("k");
        last_object(text, &holds).map(|(fields, _)| fields["k"].to_string())
    }

    #[test]
    fn the_last_object_that_holds_it() {
        for (text, expected) in [
            (r#"{"k":1} {"k":2} {"other":3}"#, Some("2")),
            (r#"{"k":1,"inner":{"k":2}}"#, Some("1")),
            (r#"{"outer":{"outer":{"k":2}}}"#, Some("2")),
            (r#"{"first":{"k":1},"last":{"k":2}}"#, None),
            (r#"{"k":1} {"k":}"#, Some("1")),
            ("{\"k\":1} {\"k\":2", Some("1")),
            (r#"a set {x, y and then {"k":1}"#, Some("1")),
            (r#"a {curly "quote} and then {"k":1}"#, Some("1")),
            (r#"} } {"k":1} {"#, Some("1")),
            (r#"\frac{a}{b} {"k":"é}{"}"#, Some("\"é}{\"")),
            ("{\"k\":\"two\nlines\tand \\\" \\\\\"}", Some("\"two\\nlines\\tand \\\" \\\\\"")),
            (r#"{"k":1e400} {"k":NaN} {'k':1}"#, None),
            (r#"{"k":"\ud800"}"#, None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| format!("{}{{\"k\":1}}{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert_eq!(read(&nested(DEEPEST - 1)).as_deref(), Some("1"));
        assert_eq!(read(&nested(DEEPEST)), None);
        assert_eq!(read(&nested(100_000)), None);
        assert_eq!(read(&format!("{} {{\"k\":1}}", nested(100_000))).as_deref(), Some("1"));
    }

    #[test]
    fn spans_do_not_overlap() {
        let span = |start, end| Span { start, end };
        assert_eq!(outermost("{a{b}{c}}{d}", Quotes::Matter), [span(0, 9), span(9, 12)]);
        assert_eq!(outermost("{{a}{b}", Quotes::Matter), [span(1, 4), span(4, 7)]);
        assert_eq!(outermost("{\"}\"}", Quotes::Matter), [span(0, 5)]);
        assert_eq!(outermost("{\"}\"}", Quotes::Ignored), [span(0, 3)]);
        assert_eq!(outermost(&"{}".repeat(MOST_SPANS + 5), Quotes::Matter).len(), MOST_SPANS);
    }
}
