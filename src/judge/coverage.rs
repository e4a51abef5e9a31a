//! The `item-coverage` baseline: how much of each required item's wording does the response hold?

use std::collections::{BTreeMap, BTreeSet};

use super::lexical::Lexicon;
use crate::model::{Example, Item, ItemMark, Outcome, Severity, Verdict};

/// Share of an item's stems in the response from which the item counts as there.
const HIT_FROM: Share = Share { part: 2, whole: 3 };
/// Share from which it counts as there in part.
const PARTIAL_FROM: Share = Share { part: 1, whole: 3 };

/// A share in whole numbers, so that two of three stems reach two thirds whatever doubles make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    part: usize,
    whole: usize,
}

impl Share {
    const fn reaches(self, least: Self) -> bool {
        self.part * least.whole >= least.part * self.whole
    }

    fn value(self) -> f64 {
        self.part as f64 / self.whole as f64
    }
}

/// The verdict on one example; none where there is no response, or no required item with a word.
pub(super) fn coverage_verdict(judge: &str, example: &Example, top: Severity, lexicon: &Lexicon) -> Option<Verdict> {
    let response = lexicon.stems(&example.response.as_ref()?.plain());
    let share = |item: &Item| coverage(item, &response, lexicon);
    let covered: BTreeMap<&str, Share> =
        example.required.iter().filter_map(|item| Some((item.id.as_str(), share(item)?))).collect();
    if covered.is_empty() {
        return None;
    }
    let mean = covered.values().map(|share| share.value()).sum::<f64>() / covered.len() as f64;
    let mut verdict = Verdict::new(judge, &example.id, Outcome::Scored);
    verdict.items = covered.iter().map(|(id, share)| ((*id).to_owned(), mark(*share))).collect();
    verdict.omission = severity_of_marks(verdict.items.values().copied(), top).map(i64::from);
    // A mean of shares may pass 1 by a rounding error.
    verdict.p_omission = Some((1.0 - mean).clamp(0.0, 1.0));
    Some(verdict)
}

/// Share of an item's stems that the response holds; none for an item without a word.
fn coverage(item: &Item, response: &BTreeSet<String>, lexicon: &Lexicon) -> Option<Share> {
    let wanted = lexicon.stems(&item.text);
    (!wanted.is_empty()).then(|| Share { part: wanted.intersection(response).count(), whole: wanted.len() })
}

fn mark(covered: Share) -> ItemMark {
    if covered.reaches(HIT_FROM) {
        ItemMark::Hit
    } else if covered.reaches(PARTIAL_FROM) {
        ItemMark::Partial
    } else {
        ItemMark::Miss
    }
}

/// The severity of omission that marks of required items make: the share that is missing, a partial one by half, times
/// the top of the scale, rounded up. Only a response that holds every item is scored 0; none without a mark.
pub(super) fn severity_of_marks(marks: impl Iterator<Item = ItemMark>, top: Severity) -> Option<Severity> {
    let (mut missing_halves, mut halves) = (0, 0_usize);
    for mark in marks {
        halves += 2;
        missing_halves += match mark {
            ItemMark::Hit => 0,
            ItemMark::Partial => 1,
            ItemMark::Miss => 2,
        };
    }
    if halves == 0 {
        return None;
    }
    let levels = (usize::from(top) * missing_halves).div_ceil(halves);
    Some(Severity::try_from(levels).unwrap_or(top))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Axis, Text};

    fn example(response: Option<&str>, required: &[&str]) -> Example {
        let item = |(index, text): (usize, &&str)| Item { id: format!("r{index}"), text: (*text).to_owned() };
        Example {
            id: "e".to_owned(),
            cluster: "c".to_owned(),
            prompt: Text::Plain("p".to_owned()),
            response: response.map(|text| Text::Plain(text.to_owned())),
            system: None,
            axes: Axis::ALL.to_vec(),
            reference: None,
            required: required.iter().enumerate().map(item).collect(),
            prohibited: Vec::new(),
            pair: None,
            twin_of: None,
            slices: BTreeMap::new(),
        }
    }

    fn verdict(response: Option<&str>, required: &[&str]) -> Option<Verdict> {
        coverage_verdict("item-coverage", &example(response, required), 4, &Lexicon::of_language("en").unwrap())
    }

    /// Stems of the items: {avoid, ibuprofen, bleed}, {call, doctor, fever}, {drink, water}. The response holds 3 of 3,
    /// 1 of 3 and 0 of 2: hit, partial, miss. Mean coverage (1 + 1/3 + 0)/3 = 4/9. Missing 3 of 6 halves: 4 * 3/6 = 2.
    #[test]
    fn worked_by_hand() {
        let required = ["avoid ibuprofen: bleeding", "call the doctor about a fever", "drink water"];
        let verdict = verdict(Some("Avoiding ibuprofen prevents bleeds. Call me."), &required).unwrap();
        let marks: Vec<ItemMark> = verdict.items.values().copied().collect();
        assert_eq!(marks, [ItemMark::Hit, ItemMark::Partial, ItemMark::Miss]);
        assert!((verdict.p_omission.unwrap() - 5.0 / 9.0).abs() < 1e-15);
        assert_eq!((verdict.omission, verdict.commission), (Some(2), None));
    }

    #[test]
    fn the_ends_of_the_scale() {
        let all = verdict(Some("drink water"), &["drink water"]).unwrap();
        assert_eq!((all.omission, all.p_omission), (Some(0), Some(0.0)));
        let none = verdict(Some("no"), &["drink water"]).unwrap();
        assert_eq!((none.omission, none.p_omission), (Some(4), Some(1.0)));
        // One item of nine in part: 4 * 1/18, rounded up.
        let most = [ItemMark::Hit; 8].into_iter().chain([ItemMark::Partial]);
        assert_eq!(severity_of_marks(most, 4), Some(1));
        assert_eq!(severity_of_marks([].into_iter(), 4), None);
    }

    #[test]
    fn cuts_are_reached_exactly() {
        assert_eq!(mark(Share { part: 2, whole: 3 }), ItemMark::Hit);
        assert_eq!(mark(Share { part: 1, whole: 3 }), ItemMark::Partial);
        assert_eq!(mark(Share { part: 2, whole: 7 }), ItemMark::Miss);
    }

    #[test]
    fn it_is_not_asked_without_a_response_or_an_item() {
        assert_eq!(verdict(None, &["drink water"]), None);
        assert_eq!(verdict(Some("drink water"), &[]), None);
        assert_eq!(verdict(Some("drink water"), &["..."]), None);
    }
}
