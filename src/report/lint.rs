//! Findings on a gold set as a terminal shows them.

use super::format::clean;
use super::terminal::hanging;
use crate::gold::{Lint, LintLevel};

/// Ids that a line names; the rest are counted.
const SHOWN: usize = 5;

/// Findings in words, each with its code, the first ids and what to do.
pub fn lint_summary(lints: &[Lint]) -> String {
    if lints.is_empty() {
        return "no finding\n".to_owned();
    }
    lints.iter().map(in_words).collect()
}

fn in_words(lint: &Lint) -> String {
    let level = match lint.level {
        LintLevel::Warning => "warning",
        LintLevel::Note => "note",
    };
    let mut text = hanging("", &format!("{level}[{}]: {}", lint.code, clean(&lint.message)), "  ");
    if !lint.ids.is_empty() {
        let named: Vec<String> = lint.ids.iter().take(SHOWN).map(|id| clean(id)).collect();
        let rest = lint.count - named.len();
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        text.push_str(&hanging("  ", &format!("{}{more}", named.join(", ")), "  "));
    }
    text.push_str(&hanging("  ", &format!("help: {}", lint.help), "    "));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_cut_short_and_cannot_drive_the_terminal() {
        let ids: Vec<String> = (0..7).map(|index| format!("e{index}\u{1b}[31m")).collect();
        let lint = Lint {
            code: "disputed",
            level: LintLevel::Warning,
            axis: None,
            message: "raters differ".to_owned(),
            help: "Read them.",
            count: 40,
            ids,
        };
        let text = lint_summary(&[lint]);
        assert!(text.starts_with("warning[disputed]: raters differ\n"), "{text}");
        assert!(text.contains("and 35 more") && !text.contains('\u{1b}') && !text.contains("e5"), "{text}");
        assert!(text.ends_with("  help: Read them.\n"), "{text}");
        assert_eq!(lint_summary(&[]), "no finding\n");
    }
}
