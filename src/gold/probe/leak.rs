//! Words that give an item away where it is meant to be absent.

use unicode_segmentation::UnicodeSegmentation;

use super::file::SetFile;
use super::noted;
use super::read::Scenario;

/// So many words of meaning in a row make a run: fewer are a name of the thing that both texts speak of.
const RUN: usize = 3;

/// Words of meaning in their order, in lower case, without stop words.
fn content_words(text: &str, stop_words: &[&str]) -> Vec<String> {
    let words = text.unicode_words().map(|word| word.to_lowercase().replace('\u{2019}', "'"));
    words.filter(|word| !stop_words.contains(&word.as_str())).collect()
}

/// Sentences of a scenario that hold a run of words by which an item is carried, and that stand in responses without it. A run
/// that the prompt holds as well gives nothing away.
pub(super) fn leaks(scenario: &Scenario, set: &SetFile) -> Vec<String> {
    let primary = set.language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let stop_words: &[&str] = stop_words::lookup(&primary).unwrap_or_default();
    let words = |text: &str| content_words(text, stop_words);
    let prompts: Vec<Vec<String>> = scenario.prompts.iter().map(|(_, prompt)| words(prompt)).collect();
    let mut found = Vec::new();
    for item in &scenario.items {
        let carried = [Some(&item.span), item.again.as_ref()];
        let places: Vec<(String, Vec<String>)> =
            elsewhere(scenario, set, &item.id).into_iter().map(|(place, text)| (place, words(text))).collect();
        for carrier in carried.into_iter().flatten().map(|wording| words(wording)) {
            for run in carrier.windows(RUN).filter(|run| !prompts.iter().any(|prompt| holds(prompt, run))) {
                for (place, _) in places.iter().filter(|(_, text)| holds(text, run)) {
                    found.push(noted(scenario, &format!("{place} holds \"{}\" of item {}", run.join(" "), item.id)));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn holds(words: &[String], run: &[String]) -> bool {
    words.windows(run.len()).any(|window| window == run)
}

/// Every text that stands in a response without the item, and what it is called.
fn elsewhere<'a>(scenario: &'a Scenario, set: &'a SetFile, id: &str) -> Vec<(String, &'a str)> {
    let mut texts: Vec<(String, &str)> = Vec::new();
    let optional = [
        ("the first words", &scenario.opening),
        ("the last words", &scenario.closing),
        ("opening", &scenario.other_opening),
        ("closing", &scenario.other_closing),
        ("referral", &scenario.referral),
        ("closed_referral", &scenario.closed_referral),
        ("refusal", &scenario.refusal),
    ];
    for (name, text) in optional {
        texts.extend(text.iter().map(|text| (name.to_owned(), text.as_str())));
    }
    let lists = [
        ("filler", &scenario.fillers),
        ("courtesy of an answer", &set.courtesies.answer),
        ("courtesy of a referral", &set.courtesies.referral),
        ("courtesy of a refusal", &set.courtesies.refusal),
    ];
    for (name, list) in lists {
        texts.extend(list.iter().enumerate().map(|(index, text)| (format!("{name} {}", index + 1), text.as_str())));
    }
    for item in scenario.items.iter().filter(|item| item.id != id) {
        let wordings = [("span", Some(&item.span)), ("again", item.again.as_ref()), ("hedged", item.hedged.as_ref())];
        for (name, wording) in wordings {
            texts.extend(wording.map(|text| (format!("{name} of item {}", item.id), text.as_str())));
        }
    }
    for wrong in &scenario.wrong {
        if scenario.items[wrong.item].id != id {
            texts.push((format!("the false text of item {}", scenario.items[wrong.item].id), &wrong.text));
        }
    }
    texts
}
