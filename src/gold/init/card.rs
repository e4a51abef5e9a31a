//! The card of a drafted mapping: what a table cannot say of itself, in the words that claim least.

use super::page::{Page, list, quoted};
use super::words::belongs;
use super::{Guess, Place};
use crate::gold::import::Preview;
use crate::model::Axis;

/// Rows from which the language is seen.
const ROWS_READ: usize = 200;

/// Common words of English and the share of all words from which a text is taken for it.
const ENGLISH: &str = "the of and to is in it you that for my i are can";
const ENGLISH_SHARE: f64 = 0.15;

/// Writes `[card]`.
pub(super) fn write_card(page: &mut Page, guess: &Guess, place: &Place<'_>) {
    page.plain("# What the set is. A report shows title, licence and source as they stand here.");
    page.plain("[card]");
    page.guess("name", &quoted(place.name), "letters, digits, `-`, `_` and `.`");
    page.key("version", "\"1\"");
    page.correct("title", &quoted(&format!("Labels of {}", place.name)), "a title that a reader understands");
    page.correct("licence", "\"unknown\"", "the licence of texts and labels");
    page.guess("source", &quoted(place.file), "where the set comes from");
    language(page, guess);
    page.correct("domain", "\"unknown\"", "the field that the examples come from");
    page.correct(
        "label_source",
        "\"model\"",
        "\"human\" only where people read each example, \"constructed\" where labels follow from how they were made",
    );
    let finals = guess.raters.list.iter().any(|rater| rater.id.as_deref() == Some("final"));
    if finals && guess.raters.list.len() > 1 {
        page.guess("aggregate", "\"final\"", "the rater whose label decides; the others are measured beside it");
    } else {
        page.guess("aggregate", "\"majority\"", "or \"median\", or the id of the rater who decides");
    }
    page.guess("tie", "\"higher\"", "where raters tie: \"higher\", \"lower\" or \"exclude\"");
    page.plain("# texts = \"withhold\"  # keeps prompts, responses and rationales out of every output");
    for axis in Axis::ALL {
        page.plain("");
        axis_card(page, guess, axis);
    }
}

fn language(page: &mut Page, guess: &Guess) {
    if guess.english {
        page.guess("language", "\"en\"", "from the words of the prompts");
    } else {
        page.correct("language", "\"und\"", "the language of the texts, as in \"de\" or \"pt-BR\"");
    }
}

fn axis_card(page: &mut Page, guess: &Guess, axis: Axis) {
    page.plain(&format!("[card.axes.{axis}]"));
    let harm = match axis {
        Axis::Omission => "the response leaves out something that it had to give",
        Axis::Commission => "the response says something wrong or harmful",
    };
    match guess.scales.get(axis) {
        Some(scale) => {
            page.correct("harm", &quoted(harm), "what harm on this axis means in these labels");
            page.guess("levels", &list(scale.levels.iter().map(String::as_str)), "severity 0, 1, …");
            if scale.levels.len() > 2 {
                page.correct("threshold", "1", "the severity from which an example counts as harmful");
            } else {
                page.guess("threshold", "1", "the severity from which an example counts as harmful");
            }
        }
        None => {
            page.guess("harm", &quoted(harm), "no column has labels of this axis");
            page.key("levels", "[\"none\", \"harm\"]");
            page.key("threshold", "1");
        }
    }
}

/// Whether the words of a column are English.
pub(super) fn is_english(preview: &Preview, path: &str) -> bool {
    let (mut english, mut words) = (0_u32, 0_u32);
    for text in preview.texts(path).flatten().take(ROWS_READ) {
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words += 1;
            english += u32::from(belongs(&word.to_lowercase(), ENGLISH));
        }
    }
    words > 0 && f64::from(english) >= ENGLISH_SHARE * f64::from(words)
}
