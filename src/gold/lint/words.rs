//! Texts as sequences of words, and words as numbers.

use crate::model::Text;

/// What a prompt asks: all but the system messages, which examples of different scenarios share.
pub(super) fn asked(prompt: &Text) -> String {
    match prompt {
        Text::Plain(text) => text.clone(),
        Text::Chat(messages) => {
            let asked = messages.iter().filter(|message| message.role != "system");
            asked.map(|message| message.content.as_str()).collect::<Vec<_>>().join("\n\n")
        }
    }
}

/// The words of a text in lower case: runs of letters and digits.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Whether a sequence of words stands in a text.
pub(super) fn holds(text: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && text.windows(phrase.len()).any(|window| window == phrase)
}

/// FNV-1a, 64 bits: the same number on every platform and in every version. Source: Fowler, Noll & Vo.
pub(super) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Scrambles a number. Source: Steele, Lea & Flood (2014), OOPSLA, the finaliser of SplitMix64.
pub(super) fn scrambled(number: u64) -> u64 {
    let mixed = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
