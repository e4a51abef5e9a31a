//! Texts as another tool shows them.

use crate::model::Text;

/// A prompt or response as plain text: the messages of a conversation one below the other, each after its role. Characters
/// that a file or a reader could trip over are written as their escapes.
pub(super) fn flat(text: &Text) -> String {
    match text {
        Text::Plain(text) => harmless_lines(text),
        Text::Chat(messages) => {
            let message = |message: &crate::model::ChatMessage| format!("{}: {}", message.role, message.content);
            harmless_lines(&messages.iter().map(message).collect::<Vec<_>>().join("\n\n"))
        }
    }
}

/// Control characters other than tabs and line breaks, and those that reorder a line, as escapes. Joiners stay: emoji and
/// several scripts need them.
pub(super) fn harmless_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let bad = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(bad) {
        return text;
    }
    text.chars().map(|c| if bad(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ChatMessage;

    #[test]
    fn a_conversation_is_told_by_role_and_nothing_hides_in_it() {
        let message = |role: &str, content: &str| ChatMessage { role: role.to_owned(), content: content.to_owned() };
        let chat = Text::Chat(vec![message("user", "How\0much?"), message("assistant", "Two.\r\nAt \u{202e}most.")]);
        assert_eq!(flat(&chat), "user: How\\u{0}much?\n\nassistant: Two.\nAt \\u{202e}most.");
        assert_eq!(flat(&Text::Plain("\u{1f469}\u{200d}\u{1f52c}\tok".to_owned())), "\u{1f469}\u{200d}\u{1f52c}\tok");
    }
}
