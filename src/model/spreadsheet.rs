//! Texts as cells of a spreadsheet.

use super::problem::is_deceptive;

/// A text as a cell that no spreadsheet runs: an apostrophe goes before what could be taken for a formula.
pub fn spreadsheet_text(text: &str) -> String {
    if runs(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet could take a text for something to run: a formula, also in full-width signs or after what it
/// passes over, a pipe, or a cell that opens with a break.
fn runs(text: &str) -> bool {
    let passed_over = |character: char| character.is_whitespace() || is_deceptive(character);
    let signs = ['=', '+', '-', '@', '|', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    text.starts_with(['\t', '\r', '\n']) || text.trim_start_matches(passed_over).starts_with(signs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_run_is_guarded() {
        assert_eq!(spreadsheet_text("=1+1"), "'=1+1");
        assert_eq!(spreadsheet_text("\u{200b} @x"), "'\u{200b} @x");
        assert_eq!(spreadsheet_text("a = b"), "a = b");
    }
}
