//! JSON inside a page: inert, whatever it holds.

/// JSON whose text cannot end the element that holds it, nor be read as markup: `<`, `>`, `&` and the line separators
/// that JavaScript once took for ends of lines are written as escapes, which `JSON.parse` reads back.
pub(in crate::report) fn embedded(json: &str) -> String {
    const SEPARATOR: [u8; 2] = [0xe2, 0x80];
    let bytes = json.as_bytes();
    let mut text = String::with_capacity(json.len() + json.len() / 16);
    // What stands as it is goes over in whole stretches: most of a page is such.
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let (escape, length) = match byte {
            b'<' => ("\\u003c", 1),
            b'>' => ("\\u003e", 1),
            b'&' => ("\\u0026", 1),
            0xe2 if bytes[at..].starts_with(&SEPARATOR) => match bytes.get(at + 2) {
                Some(0xa8) => ("\\u2028", 3),
                Some(0xa9) => ("\\u2029", 3),
                _ => continue,
            },
            _ => continue,
        };
        text.push_str(&json[from..at]);
        text.push_str(escape);
        from = at + length;
    }
    text.push_str(&json[from..]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_markup_is_left_and_the_value_reads_back() {
        let hostile = "</script><!--<script>&amp;\u{2028}\u{2029}\u{2027}\u{202a}é…\"\\";
        let text = embedded(&serde_json::to_string(hostile).unwrap());
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), hostile);
    }
}
