//! How wide a text is: as wide as in DejaVu Sans, in which PNG and PDF are set and which is wider than other common sans-serif
//! faces, so that nothing overlaps in those either.

use super::face::{BOLD, REGULAR};

/// Width of a text in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|character| ems(character, bold)).sum::<f64>() * size
}

/// How much wider than in the regular face a letter is at most that the bold one lacks.
const BOLDER: f64 = 1.2;
/// Width of a letter that neither face has and that the reader's own fonts draw: an ideograph, and what is drawn as a picture.
const IDEOGRAPH: f64 = 1.05;
const PICTURE: f64 = 1.4;

/// Width of one character in units of the font size.
fn ems(character: char, bold: bool) -> f64 {
    let regular = || REGULAR.ems(character).map(|ems| if bold { BOLDER * ems } else { ems });
    let known = if bold { BOLD.ems(character).or_else(regular) } else { regular().or_else(|| BOLD.ems(character)) };
    known.unwrap_or(match character {
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1ffff}' => PICTURE,
        _ => IDEOGRAPH,
    })
}

/// The beginning of a text that fits, with an ellipsis where it was cut.
pub(super) fn fitted(text: &str, size: f64, bold: bool, room: i32) -> String {
    let room = f64::from(room) / size;
    if text.chars().map(|character| ems(character, bold)).sum::<f64>() <= room {
        return text.to_owned();
    }
    let mut taken = ems('…', bold);
    let fits = |character: &char| {
        taken += ems(*character, bold);
        taken <= room
    };
    let cut: String = text.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}

/// A name that fits, with an ellipsis in its middle where it was cut: long names that begin alike end apart.
pub(super) fn named(name: &str, size: f64, bold: bool, room: i32) -> String {
    if width(name, size, bold) <= f64::from(room) {
        return name.to_owned();
    }
    let room = f64::from(room) / size - ems('…', bold);
    let within = |characters: &mut dyn Iterator<Item = char>, room: f64| {
        let mut taken = 0.0;
        let fits = |character: &char| {
            taken += ems(*character, bold);
            taken <= room
        };
        characters.take_while(fits).collect::<Vec<char>>()
    };
    let begin: String = within(&mut name.chars(), room / 2.0).into_iter().collect();
    let end = within(&mut name.chars().rev(), room - width(&begin, 1.0, bold));
    let end: String = end.into_iter().rev().collect();
    format!("{}…{}", begin.trim_end(), end.trim_start())
}

/// Lines that fit, broken between words; a word that does not fit is cut.
pub(super) fn wrapped(text: &str, size: f64, bold: bool, room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in unbroken(text) {
        let word = fitted(&word, size, bold, room);
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

/// Words, with a number and its sign as one: `57 %`, `(n 295)`.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if word.starts_with('%') || last == "(n" => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_sign_on_the_line() {
        let text = "Judges see 57 % (gpt4) to 100 %, of the harm (n 295)";
        assert_eq!(unbroken(text), ["Judges", "see", "57 %", "(gpt4)", "to", "100 %,", "of", "the", "harm", "(n 295)"]);
        for room in 60..200 {
            let lines = wrapped(text, 12.0, false, room);
            assert!(lines.iter().all(|line| !line.starts_with('%') && !line.ends_with("(n")), "{lines:?}");
        }
    }

    #[test]
    fn names_that_begin_alike_stay_apart() {
        let name = |end: &str| named(&format!("{}-{end}", "a-long-name".repeat(6)), 12.0, true, 150);
        let (one, other) = (name("mini, omission"), name("large, omission"));
        assert_ne!(one, other);
        assert!(one.starts_with("a-long") && one.contains('…') && one.ends_with("omission"), "{one}");
        assert!(width(&one, 12.0, true) <= 150.0);
        assert_eq!((named("short", 12.0, true, 150), named("", 12.0, true, 0)), ("short".to_owned(), String::new()));
        assert_eq!(named("wide", 12.0, true, 0), "…");
    }

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text = format!("a few words and {} and more of them", "x".repeat(200));
        let lines = wrapped(&text, 12.0, false, 150);
        assert!(lines.len() >= 3 && lines.iter().all(|line| width(line, 12.0, false) <= 150.0), "{lines:?}");
        assert!(lines.iter().any(|line| line.ends_with('…')));
        assert_eq!(fitted("short", 12.0, false, 150), "short");
    }
}
