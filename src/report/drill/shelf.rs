//! What examples and cases share, held once, and what it weighs on the page.

use std::collections::HashMap;

use serde::Serialize;

use super::data::{DrillExample, DrillItem, DrillVerdict, Shown};
use super::embed::embedded;

/// Values, each once, in the order in which they came.
#[derive(Debug)]
pub(super) struct Once<T> {
    pub(super) all: Vec<T>,
    /// Positions by the JSON of the value. Only looked up, so that its order reaches nothing.
    at: HashMap<String, usize>,
    /// Bytes of all of them on the page.
    bytes: usize,
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { all: Vec::new(), at: HashMap::new(), bytes: 0 }
    }
}

impl<T: Serialize> Once<T> {
    /// The position of a value, which is taken in where it is new.
    pub(super) fn put(&mut self, value: T) -> usize {
        let json = serde_json::to_string(&value).expect("texts and finite numbers are JSON");
        if let Some(position) = self.at.get(&json) {
            return *position;
        }
        let position = self.all.len();
        // A comma parts it from the next.
        self.bytes += embedded(&json).len() + 1;
        self.at.insert(json, position);
        self.all.push(value);
        position
    }

    fn back_to(&mut self, length: usize, bytes: usize) {
        if self.all.len() > length {
            self.all.truncate(length);
            self.at.retain(|_, position| *position < length);
            self.bytes = bytes;
        }
    }
}

/// Everything that cases refer to.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    pub(super) texts: Once<Shown>,
    pub(super) items: Once<Vec<DrillItem>>,
    pub(super) examples: Once<DrillExample>,
    pub(super) answers: Once<Vec<DrillVerdict>>,
}

/// How full a shelf was: lengths and bytes of its four parts.
pub(super) struct Mark([(usize, usize); 4]);

impl Shelf {
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
        let mut once: Once<String> = Once::default();
        assert_eq!((once.put("a".to_owned()), once.put("<".to_owned()), once.put("a".to_owned())), (0, 1, 0));
        // "a", and \u003c in quotes, with a comma each.
        assert_eq!(once.bytes, 4 + 9);
        let (length, bytes) = (once.all.len(), once.bytes);
        once.put("b".to_owned());
        once.back_to(length, bytes);
        assert_eq!((once.all.as_slice(), once.bytes), (&["a".to_owned(), "<".to_owned()][..], 13));
        assert_eq!(once.put("b".to_owned()), 2);
    }
}
