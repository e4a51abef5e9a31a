//! What examples and cases share, held once, and what it weighs on the page.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::data::{DrillExample, DrillItem, DrillVerdict, Shown};
use super::embed::embedded;

/// Values as the JSON that stands on the page, each once, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Once {
    pub(super) all: Vec<Arc<str>>,
    /// Positions by the JSON of the value. Only looked up, so that its order reaches nothing.
    at: HashMap<Arc<str>, usize>,
    /// Bytes of all of them on the page.
    bytes: usize,
}

impl Once {
    /// The position of a value, which is taken in where it is new.
    fn put(&mut self, value: &impl Serialize) -> usize {
        let json = embedded(&serde_json::to_string(value).expect("texts and finite numbers are JSON"));
        if let Some(position) = self.at.get(&*json) {
            return *position;
        }
        let (position, json) = (self.all.len(), Arc::<str>::from(json));
        // A comma parts it from the next.
        self.bytes += json.len() + 1;
        self.at.insert(Arc::clone(&json), position);
        self.all.push(json);
        position
    }

    fn back_to(&mut self, length: usize, bytes: usize) {
        for json in self.all.drain(length..) {
            self.at.remove(&json);
        }
        self.bytes = bytes;
    }
}

/// Everything that cases refer to.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) texts: Once,
    pub(super) items: Once,
    pub(super) examples: Once,
    pub(super) answers: Once,
}

/// How full a shelf was: lengths and bytes of its four parts.
pub(super) struct Mark([(usize, usize); 4]);

impl Shelf {
    pub(super) fn text(&mut self, text: &Shown) -> usize {
        self.texts.put(text)
    }

    pub(super) fn list(&mut self, items: &[DrillItem]) -> usize {
        self.items.put(&items)
    }

    pub(super) fn example(&mut self, example: &DrillExample) -> usize {
        self.examples.put(example)
    }

    pub(super) fn answer(&mut self, verdicts: &[DrillVerdict]) -> usize {
        self.answers.put(&verdicts)
    }

    /// Bytes of all of it on the page.
    pub(super) fn bytes(&self) -> usize {
        self.mark().0.iter().map(|(_, bytes)| bytes).sum()
    }

    pub(super) fn mark(&self) -> Mark {
        Mark([
            (self.texts.all.len(), self.texts.bytes),
            (self.items.all.len(), self.items.bytes),
            (self.examples.all.len(), self.examples.bytes),
            (self.answers.all.len(), self.answers.bytes),
        ])
    }

    /// Takes out again what came after the mark.
    pub(super) fn back_to(&mut self, mark: &Mark) {
        let [texts, items, examples, answers] = mark.0;
        self.texts.back_to(texts.0, texts.1);
        self.items.back_to(items.0, items.1);
        self.examples.back_to(examples.0, examples.1);
        self.answers.back_to(answers.0, answers.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_already_weighs_nothing_and_what_is_taken_back_is_gone() {
        let mut once = Once::default();
        assert_eq!((once.put(&"a"), once.put(&"<"), once.put(&"a")), (0, 1, 0));
        // "a", and \u003c in quotes, with a comma each.
        assert_eq!(once.bytes, 4 + 9);
        let (length, bytes) = (once.all.len(), once.bytes);
        once.put(&"b");
        once.back_to(length, bytes);
        assert_eq!((&*once.all[0], &*once.all[1], once.all.len(), once.bytes), ("\"a\"", "\"\\u003c\"", 2, 13));
        assert_eq!((once.put(&"b"), once.put(&"a")), (2, 0));
    }
}
