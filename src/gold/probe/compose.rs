//! Puts a response together from its sentences.

use std::num::NonZeroU32;

use super::file::Layout;
use crate::stats::random::{StreamKey, below};

/// The sentences of a response in their order, before neutral ones are put between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) opening: Option<String>,
    pub(super) body: Vec<String>,
    pub(super) closing: Option<String>,
    pub(super) layout: Layout,
}

/// From so many sentences on a body of prose is two paragraphs.
const TWO_PARAGRAPHS_FROM: usize = 5;

impl Draft {
    /// What the length of the response follows from.
    pub(super) fn measure(&self) -> Measure {
        let characters = |text: &String| text.chars().count();
        let ends: Vec<usize> = [&self.opening, &self.closing].into_iter().flatten().map(characters).collect();
        Measure {
            ends: ends.iter().sum(),
            // A blank line stands between an end and the body.
            breaks: 2 * ends.len(),
            body: self.body.iter().map(characters).sum(),
            sentences: self.body.len(),
            layout: self.layout,
        }
    }

    /// The draft with neutral sentences at the given places, each counted in the body as it grows; at the end where no place is given.
    pub(super) fn with(&self, neutral: &[&str], places: &[usize]) -> Self {
        let mut draft = self.clone();
        for (index, sentence) in neutral.iter().enumerate() {
            let place = places.get(index).copied().unwrap_or(usize::MAX).min(draft.body.len());
            draft.body.insert(place, (*sentence).to_owned());
        }
        draft
    }

    /// The response.
    pub(super) fn text(&self) -> String {
        let body = match self.layout {
            Layout::Prose => prose(&self.body),
            Layout::List => self.body.iter().map(|point| format!("- {point}")).collect::<Vec<_>>().join("\n"),
            Layout::Steps => {
                let step = |(index, step): (usize, &String)| format!("{}. {step}", index + 1);
                self.body.iter().enumerate().map(step).collect::<Vec<_>>().join("\n")
            }
        };
        let body = (!body.is_empty()).then_some(body);
        [&self.opening, &body, &self.closing].into_iter().flatten().cloned().collect::<Vec<_>>().join("\n\n")
    }
}

/// What the length of a response follows from, so that a choice of sentences can be tried without writing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measure {
    ends: usize,
    breaks: usize,
    body: usize,
    sentences: usize,
    layout: Layout,
}

impl Measure {
    /// With so many more sentences, which together have so many characters.
    pub(super) const fn and(mut self, sentences: usize, characters: usize) -> Self {
        self.body += characters;
        self.sentences += sentences;
        self
    }

    /// Characters of the response.
    pub(super) fn characters(self) -> usize {
        let between = self.sentences.saturating_sub(1);
        let signs = match self.layout {
            Layout::Prose => usize::from(self.sentences >= TWO_PARAGRAPHS_FROM),
            Layout::List => 2 * self.sentences,
            // A number, a point and a blank; a response has fewer than a hundred steps.
            Layout::Steps => 3 * self.sentences + self.sentences.saturating_sub(9),
        };
        let breaks = if self.sentences == 0 { self.breaks.saturating_sub(2) } else { self.breaks };
        self.ends + breaks + self.body + between + signs
    }
}

fn prose(body: &[String]) -> String {
    if body.len() < TWO_PARAGRAPHS_FROM {
        return body.join(" ");
    }
    let (first, second) = body.split_at(body.len().div_ceil(2));
    format!("{}\n\n{}", first.join(" "), second.join(" "))
}

/// The order of a choice that depends on the seed, on what it is for, and on nothing else.
pub(super) fn order(size: usize, seed: u64, scenario: &str, response: &str, what: &str) -> Vec<usize> {
    let mut random = StreamKey::new(seed, scenario, response, what).stream(0);
    let mut order: Vec<usize> = (0..size).collect();
    for last in (1..size).rev() {
        let bound = u32::try_from(last + 1).ok().and_then(NonZeroU32::new).expect("few sentences, and at least one");
        order.swap(last, below(&mut random, bound) as usize);
    }
    order
}

/// One of `size` possibilities, by the same rule.
pub(super) fn choice(size: usize, seed: u64, scenario: &str, response: &str, what: &str) -> usize {
    let bound = u32::try_from(size).ok().and_then(NonZeroU32::new).expect("few possibilities, and at least one");
    below(&mut StreamKey::new(seed, scenario, response, what).stream(0), bound) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(layout: Layout) -> Draft {
        let text = |text: &str| Some(text.to_owned());
        Draft { opening: text("Open."), body: vec!["A.".to_owned(), "B.".to_owned()], closing: text("Close."), layout }
    }

    #[test]
    fn layouts() {
        assert_eq!(draft(Layout::Prose).text(), "Open.\n\nA. B.\n\nClose.");
        assert_eq!(draft(Layout::List).text(), "Open.\n\n- A.\n- B.\n\nClose.");
        assert_eq!(draft(Layout::Steps).with(&["N."], &[1]).text(), "Open.\n\n1. A.\n2. N.\n3. B.\n\nClose.");
        let long = draft(Layout::Prose).with(&["C.", "D.", "E."], &[]);
        assert_eq!(long.text(), "Open.\n\nA. B. C.\n\nD. E.\n\nClose.");
        for layout in [Layout::Prose, Layout::List, Layout::Steps] {
            let mut written = draft(layout);
            let mut measure = written.measure();
            for sentences in 2..13 {
                assert_eq!(measure.characters(), written.text().chars().count(), "{layout:?}, {sentences}");
                written = written.with(&["Ünd."], &[]);
                measure = measure.and(1, 4);
            }
        }
    }

    #[test]
    fn an_order_depends_on_its_use_alone() {
        let mut orders: Vec<Vec<usize>> = (0..20).map(|seed| order(4, seed, "s", "r", "w")).collect();
        assert_eq!(orders[3], order(4, 3, "s", "r", "w"));
        orders.sort();
        orders.dedup();
        assert!(orders.len() > 5, "{orders:?}");
        assert!(choice(3, 1, "s", "r", "w") < 3);
    }
}
