//! Spans of a reference answer: `[id: the words that carry the item]`.

/// A stretch of a reference answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stretch {
    /// Words that carry no item and stay in every variant.
    Plain(String),
    /// Words that carry an item: its id and the words.
    Span(String, String),
}

/// The stretches of a reference answer, without white space around them. A bracket that does not begin with one of the ids and a
/// colon is ordinary text.
pub(super) fn stretches(reference: &str, ids: &[&str]) -> Result<Vec<Stretch>, String> {
    let mut found = Vec::new();
    let mut rest = reference;
    let mut plain = String::new();
    while let Some(open) = rest.find('[') {
        let inner = &rest[open + 1..];
        let Some(id) = ids.iter().find(|id| inner.strip_prefix(**id).is_some_and(|after| after.starts_with(':')))
        else {
            plain.push_str(&rest[..=open]);
            rest = inner;
            continue;
        };
        plain.push_str(&rest[..open]);
        push_plain(&mut found, &mut plain);
        let words = &inner[id.len() + 1..];
        // A mark inside of a mark means that the first was never closed.
        let next = ids.iter().filter_map(|id| words.find(&format!("[{id}:"))).min().unwrap_or(words.len());
        let Some(close) = words[..next].find(']') else {
            return Err(format!("the span of `{id}` has no end; allowed: [{id}: words]"));
        };
        if words[..close].trim().is_empty() {
            return Err(format!("the span of `{id}` is empty; allowed: [{id}: words]"));
        }
        found.push(Stretch::Span((*id).to_owned(), words[..close].trim().to_owned()));
        rest = &words[close + 1..];
    }
    plain.push_str(rest);
    push_plain(&mut found, &mut plain);
    Ok(found)
}

fn push_plain(found: &mut Vec<Stretch>, plain: &mut String) {
    if !plain.trim().is_empty() {
        found.push(Stretch::Plain(plain.trim().to_owned()));
    }
    plain.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_and_what_stands_between_them() {
        let found = stretches("Open [see note]. [a: First.] Between. [b: Second.]", &["a", "b"]).unwrap();
        let plain = |text: &str| Stretch::Plain(text.to_owned());
        let span = |id: &str, text: &str| Stretch::Span(id.to_owned(), text.to_owned());
        assert_eq!(found, [plain("Open [see note]."), span("a", "First."), plain("Between."), span("b", "Second.")]);
    }

    #[test]
    fn a_span_has_an_end_and_words() {
        assert_eq!(stretches("[a: First.", &["a"]).unwrap_err(), "the span of `a` has no end; allowed: [a: words]");
        let open = stretches("[a: First. [b: Second.]", &["a", "b"]).unwrap_err();
        assert_eq!(open, "the span of `a` has no end; allowed: [a: words]");
        assert_eq!(stretches("[a: ]", &["a"]).unwrap_err(), "the span of `a` is empty; allowed: [a: words]");
    }
}
