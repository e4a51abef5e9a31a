//! The labelling page: one HTML file with its style and its script, and the policy that lets in nothing else. It holds
//! no data; what it shows it asks of the server, and puts it in as text.

use crate::report::{COLOURS, THEME_SCRIPT, content_policy};

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
/// The one script of the page, its parts in turn.
const SCRIPT: [&str; 7] = [
    THEME_SCRIPT,
    include_str!("texts.js"),
    include_str!("server.js"),
    include_str!("combobox.js"),
    include_str!("form.js"),
    include_str!("views.js"),
    include_str!("page.js"),
];
/// Beside its own style and script: its own server, an empty icon, and no frame around it.
const MORE: [&str; 3] = ["connect-src 'self'", "img-src data:", "frame-ancestors 'none'"];

/// The page as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The document.
    pub(super) html: String,
    /// The value of its `Content-Security-Policy` header.
    pub(super) policy: String,
}

/// Puts the page together for the command that serves it, as its messages name it. The same build gives the same bytes.
pub(super) fn page(command: &str) -> Page {
    let style = [COLOURS, STYLE].concat();
    let script = SCRIPT.concat();
    Page {
        policy: content_policy(&style, &script, &MORE),
        html: TEMPLATE.replace("{{COMMAND}}", command).replace("{{STYLE}}", &style).replace("{{SCRIPT}}", &script),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::is_deceptive;

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let from = text.find(start).unwrap() + start.len();
        &text[from..from + text[from..].find(end).unwrap()]
    }

    #[test]
    fn the_policy_names_the_style_and_the_script_that_the_document_holds() {
        let page = page("lacuna label");
        let style = between(&page.html, "<style>", "</style>");
        let script = between(&page.html, "<script>", "</script>");
        assert_eq!(content_policy(style, script, &MORE), page.policy);
        assert_eq!(style, [COLOURS, STYLE].concat(), "no mark of an end inside the style");
        assert_eq!(script, SCRIPT.concat(), "no mark of an end inside the script");
        assert!(!page.html.contains("{{"), "every place is filled");
    }

    #[test]
    fn the_page_names_nothing_that_is_elsewhere() {
        let html = page("lacuna label").html;
        for outside in ["http:", "https:", "src=", "@import", "url(", "innerHTML", "outerHTML", "insertAdjacentHTML"] {
            assert!(!html.contains(outside), "{outside}");
        }
        assert!(!html.contains("eval(") && !html.contains("document.write"));
    }

    /// The characters of the class in `texts.js`, such as `\u200b-\u200f\u{e0000}-\u{e007f}`.
    fn shown_by_number() -> Vec<std::ops::RangeInclusive<u32>> {
        let class = between(include_str!("texts.js"), "HIDDEN = /[", "]+/gu");
        let mut ranges = Vec::new();
        for part in class.split("\\u").skip(1) {
            let (digits, rest) = match part.strip_prefix('{') {
                Some(braced) => braced.split_once('}').unwrap(),
                None => part.split_at(4),
            };
            let number = u32::from_str_radix(digits, 16).unwrap();
            match ranges.pop() {
                Some((start, None)) => ranges.push((start, Some(number))),
                Some(whole) => ranges.extend([whole, (number, Some(number))]),
                None => ranges.push((number, Some(number))),
            }
            if rest == "-" {
                ranges.last_mut().unwrap().1 = None;
            }
        }
        ranges.into_iter().map(|(start, end)| start..=end.unwrap()).collect()
    }

    #[test]
    fn exactly_the_deceptive_characters_stand_by_number() {
        let ranges = shown_by_number();
        for character in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let hidden = is_deceptive(character) && !matches!(character, '\n' | '\t');
            let number = u32::from(character);
            assert_eq!(ranges.iter().any(|range| range.contains(&number)), hidden, "U+{number:04X}");
        }
    }
}
