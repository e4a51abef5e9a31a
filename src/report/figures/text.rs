//! How wide a text is: as wide as in DejaVu Sans, in which PNG and PDF are set and which is wider than other common sans-serif
//! faces, so that nothing overlaps in those either.

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|character| ems(character, bold)).sum::<f64>() * size
}

/// Advance widths of U+0020 to U+007E in thousandths of the font size: DejaVu Sans 2.37, rounded up.
const REGULAR: [u16; 95] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637, 637, 637,
    637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656, 558, 863,
    749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500, 500, 613, 635, 550, 635,
    616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818, 592, 592, 525, 637,
    337, 637, 838,
];
/// The same of DejaVu Sans Bold.
const BOLD: [u16; 95] = [
    349, 457, 521, 838, 696, 1002, 873, 307, 458, 458, 523, 838, 380, 416, 380, 366, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 581, 1000, 774, 763, 734, 831, 684, 684, 821, 837, 373, 373, 775, 638, 996,
    837, 851, 733, 851, 771, 721, 683, 813, 774, 1104, 771, 725, 726, 458, 366, 458, 838, 500, 500, 675, 716, 593, 716,
    679, 436, 716, 712, 343, 343, 666, 343, 1042, 712, 688, 716, 716, 494, 596, 479, 712, 652, 924, 646, 652, 583, 712,
    366, 712, 838,
];
/// How much wider a bold letter beyond ASCII is at most.
const BOLDER: f64 = 1.2;

/// Width of one character in units of the font size.
fn ems(character: char, bold: bool) -> f64 {
    let table = if bold { &BOLD } else { &REGULAR };
    let place = u32::from(character).checked_sub(0x20).and_then(|place| table.get(place as usize));
    match place {
        Some(thousandths) => f64::from(*thousandths) / 1000.0,
        None => ems_beyond_ascii(character) * if bold { BOLDER } else { 1.0 },
    }
}

/// Bounds for Latin, Greek and Cyrillic letters; what is beyond is taken to be as wide as an ideograph.
fn ems_beyond_ascii(character: char) -> f64 {
    match character {
        'œ' | '©' | '®' | 'Œ' | 'Љ' | 'Њ' | 'Ж' | 'Ш' | 'Щ' | 'Ю' => 1.11,
        'æ' | 'ж' | 'ш' | 'щ' | 'љ' | '¼' | '½' | '¾' | 'Æ' | 'Ħ' | 'Ŵ' | '…' | '—' => 1.0,
        'ŵ' | 'ŉ' | 'ω' | 'ώ' | 'ф' | 'ю' | 'њ' | 'м' | 'ъ' | 'ы' => 0.9,
        '\u{a1}'..='\u{17f}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{45f}' if character.is_lowercase() => 0.7,
        '\u{a1}'..='\u{17f}' | '\u{386}'..='\u{3ce}' | '\u{400}'..='\u{45f}' => 0.9,
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
