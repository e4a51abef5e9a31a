//! How wide a text is, about: no font is read, so that a figure is the same everywhere and nothing overlaps in any common
//! sans-serif face.

/// Width of a text in pixels, in a wide face (DejaVu Sans), so that narrower ones fit as well.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(ems).sum();
    ems * size * if bold { 1.1 } else { 1.0 }
}

/// Width of one character in units of the font size.
fn ems(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 0.29,
        ' ' | '.' | ',' | ':' | ';' | '!' => 0.33,
        'f' | 't' | 'r' | 'I' | 'J' | '(' | ')' | '[' | ']' | '-' | '/' | '"' => 0.41,
        'm' | 'M' | 'W' | '%' | '…' | '@' => 0.98,
        'w' => 0.82,
        'A'..='Z' => 0.72,
        'a'..='z' | '0'..='9' => 0.62,
        _ if character.is_ascii() => 0.64,
        // Latin, Greek and Cyrillic letters as wide as capitals; what is beyond as wide as an ideograph.
        '\u{80}'..='\u{52f}' => 0.75,
        _ => 1.05,
    }
}

/// The beginning of a text that fits, with an ellipsis where it was cut.
pub(super) fn fitted(text: &str, size: f64, bold: bool, room: i32) -> String {
    if width(text, size, bold) <= f64::from(room) {
        return text.to_owned();
    }
    let mut cut = String::new();
    for character in text.chars() {
        if width(&format!("{cut}{character}…"), size, bold) > f64::from(room) {
            break;
        }
        cut.push(character);
    }
    format!("{}…", cut.trim_end())
}

/// Lines that fit, broken between words; a word that does not fit is cut.
pub(super) fn wrapped(text: &str, size: f64, bold: bool, room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let word = fitted(word, size, bold, room);
        if let Some(last) = lines.last_mut()
            && width(&format!("{last} {word}"), size, bold) <= f64::from(room)
        {
            last.push(' ');
            last.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text = format!("a few words and {} and more of them", "x".repeat(200));
        let lines = wrapped(&text, 12.0, false, 150);
        assert!(lines.len() >= 3 && lines.iter().all(|line| width(line, 12.0, false) <= 150.0), "{lines:?}");
        assert!(lines.iter().any(|line| line.ends_with('…')));
        assert_eq!(fitted("short", 12.0, false, 150), "short");
    }
}
