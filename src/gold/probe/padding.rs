//! Chooses neutral sentences so that the length of a response does not give its label away.

use super::compose::{Draft, choice, order};

/// How far a degraded response may be from the complete one, in percent of its length, before an author is told.
pub(super) const UNEVEN_PERCENT: usize = 10;
/// Most neutral sentences among which every choice is tried.
const MOST_TRIED: usize = 12;

/// Where a response belongs: what its random choices depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address<'a> {
    pub(super) seed: u64,
    pub(super) scenario: &'a str,
    /// Framing and kind.
    pub(super) response: &'a str,
}

impl Address<'_> {
    pub(super) fn order(self, size: usize, what: &str) -> Vec<usize> {
        order(size, self.seed, self.scenario, self.response, what)
    }

    pub(super) fn choice(self, size: usize, what: &str) -> usize {
        choice(size, self.seed, self.scenario, self.response, what)
    }
}

/// A complete response: so many neutral sentences among its own that a false text of `room` characters can take their place.
pub(super) fn complete(draft: &Draft, neutral: &[String], room: usize, address: Address<'_>) -> Draft {
    let mut taken = 0;
    let mut chosen: Vec<&str> = Vec::new();
    for at in address.order(neutral.len(), "neutral") {
        if taken > room {
            break;
        }
        taken += neutral[at].chars().count();
        chosen.push(&neutral[at]);
    }
    placed(draft, &chosen, address)
}

/// A response of about the length of the complete one: a little longer or a little shorter, as the seed decides, so that
/// neither is a sign of a defect.
pub(super) fn even(draft: &Draft, neutral: &[String], length: usize, address: Address<'_>) -> Draft {
    let order = address.order(neutral.len(), "neutral");
    let tried: Vec<&str> = order.into_iter().take(MOST_TRIED).map(|at| neutral[at].as_str()).collect();
    let longer = address.choice(2, "longer") == 1;
    let lengths: Vec<usize> = tried.iter().map(|sentence| sentence.chars().count()).collect();
    // The characters of each choice, from those of the choice without its last sentence.
    let mut characters = vec![0; 1 << lengths.len()];
    for mask in 1..characters.len() {
        let last = mask.trailing_zeros() as usize;
        characters[mask] = characters[mask & (mask - 1)] + lengths[last];
    }
    let own = draft.measure();
    let rank = |mask: &usize| {
        let found = own.and(mask.count_ones() as usize, characters[*mask]).characters();
        let wanted = if longer { found > length } else { found < length };
        (!wanted || is_uneven(found, length), found.abs_diff(length))
    };
    let best = (0..characters.len()).min_by_key(rank).unwrap_or_default();
    let sentences: Vec<&str> =
        tried.iter().enumerate().filter(|(at, _)| best >> at & 1 == 1).map(|(_, sentence)| *sentence).collect();
    placed(draft, &sentences, address)
}

/// The same where a response may lack so much that its own neutral sentences are too few: then all of them stand in it, and
/// sentences that fit every answer fill the rest.
pub(super) fn filled(draft: &Draft, neutral: &[String], more: &[String], length: usize, address: Address<'_>) -> Draft {
    let all = neutral.iter().map(|sentence| sentence.chars().count()).sum();
    if more.is_empty() || draft.measure().and(neutral.len(), all).characters() >= length {
        return even(draft, neutral, length, address);
    }
    let chosen: Vec<&str> =
        address.order(neutral.len(), "neutral").into_iter().map(|at| neutral[at].as_str()).collect();
    even(&placed(draft, &chosen, address), more, length, address)
}

/// Whether two lengths are so far apart that an author is told.
pub(super) const fn is_uneven(found: usize, length: usize) -> bool {
    found.abs_diff(length) * 100 > length * UNEVEN_PERCENT
}

/// Neutral sentences at places of the seed's choosing, never before the first sentence.
fn placed(draft: &Draft, chosen: &[&str], address: Address<'_>) -> Draft {
    let places: Vec<usize> = (0..chosen.len())
        .map(|index| {
            let sentences = (draft.body.len() + index).max(1);
            1 + address.choice(sentences, &format!("place {index}"))
        })
        .collect();
    draft.with(chosen, &places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gold::probe::file::Layout;

    fn draft(body: &[&str]) -> Draft {
        let body = body.iter().map(|sentence| (*sentence).to_owned()).collect();
        Draft { opening: None, body, closing: None, layout: Layout::Prose }
    }

    /// Sentences of 10, 20 and 30 characters beside one of 50, to reach 81 (50 + 1 + 30): shorter by one blank and ten
    /// characters with 20, or with 10 and 20 (50 + 1 + 10 + 1 + 20 = 82) longer by one.
    #[test]
    fn the_nearest_choice_on_the_wanted_side() {
        let neutral: Vec<String> = [10, 20, 30].map(|length| "n".repeat(length)).to_vec();
        let own = draft(&[&"x".repeat(50)]);
        let mut seen = [0, 0];
        for seed in 0..40 {
            let address = Address { seed, scenario: "s", response: "r" };
            let length = even(&own, &neutral, 81, address).text().chars().count();
            match length {
                82 => seen[0] += 1,
                // 71 is 12 % shorter, which is uneven: the nearest of all is taken then.
                81 => seen[1] += 1,
                other => panic!("{other}"),
            }
        }
        assert!(seen[0] > 8 && seen[1] > 8, "{seen:?}");
    }

    /// Of 100 characters 19 are there; 10 own ones make 30, and 40 more (with a blank, 71) or 70 more (101) fill it up.
    #[test]
    fn where_the_own_sentences_are_too_few_others_fill_the_rest() {
        let text = |length: usize| "n".repeat(length);
        let (own, more) = ([text(10)], [text(40), text(70)]);
        let lengths: Vec<usize> = (0..20)
            .map(|seed| {
                let address = Address { seed, scenario: "s", response: "r" };
                filled(&draft(&[&"x".repeat(19)]), &own, &more, 100, address).text().chars().count()
            })
            .collect();
        assert!(lengths.iter().all(|length| *length == 101), "{lengths:?}");
    }

    #[test]
    fn without_neutral_sentences_a_draft_stays_as_it_is() {
        let address = Address { seed: 1, scenario: "s", response: "r" };
        assert_eq!(even(&draft(&["A."]), &[], 100, address), draft(&["A."]));
        let neutral: Vec<String> = ["N.", "N.", "N."].map(str::to_owned).to_vec();
        // One sentence of two characters is no longer than three; two are.
        assert_eq!(complete(&draft(&["A."]), &neutral, 3, address).body, ["A.", "N.", "N."]);
    }
}
