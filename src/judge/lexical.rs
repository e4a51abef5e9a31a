//! Words as the baseline that compares wording sees them: Unicode words, Snowball stems, stop words of a library.

use std::collections::{BTreeSet, HashSet};

use snowball_stemmers_rs::{Algorithm, Stemmer};
use unicode_segmentation::UnicodeSegmentation;

/// How words of one language are reduced to stems.
pub(super) struct Lexicon {
    stemmer: Stemmer,
    stop_words: HashSet<&'static str>,
}

impl Lexicon {
    /// The lexicon of a BCP 47 tag, by its primary language; none where the library has no stemmer for it.
    pub(super) fn of_language(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).to_ascii_lowercase();
        let algorithm = algorithm_of(&primary)?;
        let listed = if matches!(primary.as_str(), "nb" | "nn") { "no" } else { primary.as_str() };
        let stop_words = stop_words::lookup(listed).unwrap_or_default().iter().copied().collect();
        Some(Self { stemmer: Stemmer::create(algorithm), stop_words })
    }

    /// Distinct stems of the words that carry meaning; of all words where only stop words are there.
    pub(super) fn stems(&self, text: &str) -> BTreeSet<String> {
        let words: BTreeSet<String> = words_of(text).collect();
        let stem = |word: &String| self.stemmer.stem(word).into_owned();
        let content = || words.iter().filter(|word| !self.stop_words.contains(word.as_str()));
        match content().next() {
            Some(_) => content().map(stem).collect(),
            None => words.iter().map(stem).collect(),
        }
    }
}

/// Words (Unicode Standard Annex 29) in lower case with straight apostrophes.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.unicode_words().map(|word| word.to_lowercase().replace('\u{2019}', "'"))
}

/// The stemmer of a language, by its ISO 639-1 code.
fn algorithm_of(language: &str) -> Option<Algorithm> {
    Some(match language {
        "ar" => Algorithm::Arabic,
        "ca" => Algorithm::Catalan,
        "cs" => Algorithm::Czech,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "et" => Algorithm::Estonian,
        "eu" => Algorithm::Basque,
        "fa" => Algorithm::Persian,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "ga" => Algorithm::Irish,
        "hi" => Algorithm::Hindi,
        "hu" => Algorithm::Hungarian,
        "hy" => Algorithm::Armenian,
        "id" => Algorithm::Indonesian,
        "it" => Algorithm::Italian,
        "lt" => Algorithm::Lithuanian,
        "nb" | "nn" | "no" => Algorithm::Norwegian,
        "ne" => Algorithm::Nepali,
        "nl" => Algorithm::Dutch,
        "pl" => Algorithm::Polish,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sr" => Algorithm::Serbian,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "uk" => Algorithm::Ukrainian,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(tag: &str, text: &str) -> Vec<String> {
        Lexicon::of_language(tag).unwrap().stems(text).into_iter().collect()
    }

    #[test]
    fn words_become_stems_without_stop_words() {
        assert_eq!(stems("en", "Keep taking the tablets, and don\u{2019}t stop!"), ["keep", "stop", "tablet", "take"]);
        assert_eq!(stems("en-GB", "500 mg"), ["500", "mg"]);
        assert_eq!(stems("de", "die Tabletten"), stems("de", "eine Tablette"));
    }

    #[test]
    fn a_text_of_stop_words_keeps_them() {
        assert_eq!(stems("en", "do not"), ["do", "not"]);
        assert!(stems("en", " ... ").is_empty());
    }

    #[test]
    fn a_language_without_stems_has_no_lexicon() {
        assert!(Lexicon::of_language("zh-Hans").is_none());
        assert!(Lexicon::of_language("").is_none());
    }

    #[test]
    fn hostile_words_pass_through_every_stemmer() {
        let odd =
            "\u{301}a ß ŒUVRE x'' '' a\u{fe0f} ﬀ 𐍈𐍉 \u{64b}\u{64c} ಠ_ಠ ... ſ İI ıi ёЁ क्षत्रिय пере' y's e aeiou ing";
        for tag in [
            "ar", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "hi", "hu", "hy", "id",
            "it", "lt", "nb", "ne", "nl", "pl", "pt", "ro", "ru", "sr", "sv", "ta", "tr", "uk",
        ] {
            let lexicon = Lexicon::of_language(tag).unwrap();
            assert!(!lexicon.stems(odd).is_empty(), "{tag}");
            for long in ["ing".repeat(1000), "ё".repeat(1000), "ா".repeat(1000), "\u{64b}".repeat(1000)] {
                lexicon.stems(&long);
            }
        }
    }
}
