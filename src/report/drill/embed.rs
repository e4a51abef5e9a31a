//! JSON inside a page: inert, whatever it holds.

/// JSON whose text cannot end the element that holds it, nor be read as markup: `<`, `>`, `&` and the line separators
/// that JavaScript once took for ends of lines are written as escapes, which `JSON.parse` reads back.
pub(in crate::report) fn embedded(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 16);
    for character in json.chars() {
        match character {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_is_left_and_the_value_reads_back() {
        let hostile = "</script><!--<script>&amp;\u{2028}\u{2029}\"\\";
        let text = embedded(&serde_json::to_string(hostile).unwrap());
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
