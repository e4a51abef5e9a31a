//! `config.xml`: how Label Studio shows a task and asks for its answers.

use super::{
    ASKED, CANNOT_JUDGE, MECHANISM, NOTE, OTHER_MECHANISM, PROMPT, RESPONSE, item_name, item_text_name, shown_level,
};
use crate::gold::GoldSet;
use crate::gold::exchange::{Reach, most_items, reach};
use crate::model::{Axis, AxisCard, ItemMark, harmless};

/// The configuration of a set.
pub(super) fn config(gold: &GoldSet) -> String {
    let mut lines = vec![
        "<View>".to_owned(),
        // Line breaks of the texts are kept.
        "  <Style>.htx-richtext, .lsf-htx-richtext, .lsf-richtext { white-space: pre-wrap; }</Style>".to_owned(),
        header("Prompt"),
        text(PROMPT, PROMPT),
        header("Response"),
        text(RESPONSE, RESPONSE),
    ];
    if Axis::ALL.iter().any(|axis| reach(gold, *axis) == Reach::Some) {
        lines.extend([header("To be rated here"), text(ASKED, ASKED)]);
    }
    for axis in Axis::ALL {
        lines.extend(severities(gold.card.axis(axis), axis, reach(gold, axis)));
    }
    let items = most_items(gold);
    if items > 0 {
        lines.push(header("Required items: are they in the response?"));
    }
    for number in 1..=items {
        lines.push(text(&item_text_name(number), &item_name(number)));
        let marks = [ItemMark::Hit, ItemMark::Partial, ItemMark::Miss].map(|mark| choice(mark.name(), None));
        lines.extend(choices(&item_name(number), &item_text_name(number), "", &marks));
    }
    lines.push(header("How the harm came about, where there is any"));
    if !gold.card.mechanisms.is_empty() {
        let offered: Vec<String> = gold.card.mechanisms.iter().map(|name| choice(name, None)).collect();
        lines.extend(choices(MECHANISM, RESPONSE, "", &offered));
    }
    lines.push(area(OTHER_MECHANISM, "a word or two"));
    lines.push(header("Note"));
    lines.push(area(NOTE, "what somebody should know who reads this label"));
    lines.push("</View>".to_owned());
    lines.join("\n") + "\n"
}

/// The severities of an axis; nothing where it applies to no example.
fn severities(card: &AxisCard, axis: Axis, reach: Reach) -> Vec<String> {
    if reach == Reach::None {
        return Vec::new();
    }
    let name = axis.name();
    let title = format!("{}{}: examples where {}", name[..1].to_uppercase(), &name[1..], card.harm.trim());
    let levels = (0..=card.top()).map(|severity| choice(&shown_level(card, severity), Some(&severity.to_string())));
    let options: Vec<String> = levels.chain([choice(CANNOT_JUDGE.0, Some(CANNOT_JUDGE.1))]).collect();
    let required = match reach {
        Reach::All => format!(" required=\"true\" requiredMessage=\"{name}: a severity, or cannot judge\""),
        Reach::Some | Reach::None => String::new(),
    };
    let mut lines = vec![header(&title)];
    lines.extend(choices(name, RESPONSE, &required, &options));
    lines
}

fn header(value: &str) -> String {
    format!("  <Header value=\"{}\" size=\"4\"/>", attribute(value))
}

fn text(name: &str, data: &str) -> String {
    format!("  <Text name=\"{name}\" value=\"${data}\"/>")
}

fn area(name: &str, placeholder: &str) -> String {
    format!(
        "  <TextArea name=\"{name}\" toName=\"{RESPONSE}\" placeholder=\"{placeholder}\" editable=\"true\" maxSubmissions=\"1\" rows=\"2\"/>"
    )
}

fn choices(name: &str, to_name: &str, more: &str, options: &[String]) -> Vec<String> {
    let open =
        format!("  <Choices name=\"{name}\" toName=\"{to_name}\" choice=\"single-radio\" showInline=\"true\"{more}>");
    std::iter::once(open).chain(options.iter().cloned()).chain(["  </Choices>".to_owned()]).collect()
}

/// A choice; its alias, where it has one, is what the export holds.
fn choice(value: &str, alias: Option<&str>) -> String {
    let alias = alias.map(|alias| format!(" alias=\"{alias}\"")).unwrap_or_default();
    format!("    <Choice value=\"{}\"{alias}/>", attribute(value))
}

/// A text as the value of an XML attribute: what XML forbids or the terminal obeys is written as its escape.
fn attribute(text: &str) -> String {
    let escaped = |character: char| match character {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\u{fffe}' | '\u{ffff}' => character.escape_unicode().to_string(),
        other => other.to_string(),
    };
    harmless(&text.replace(['\n', '\r', '\t'], " ")).chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_holds_no_markup_and_no_control() {
        assert_eq!(attribute("a \"b\" <c> & d\ne\u{1b}"), "a &quot;b&quot; &lt;c&gt; &amp; d e\\u{1b}");
        assert_eq!(choice("0 none", Some("0")), "    <Choice value=\"0 none\" alias=\"0\"/>");
    }
}
