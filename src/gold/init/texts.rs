//! Which columns hold what an example is made of: prompt, response, reference, items.

use std::collections::BTreeSet;

use super::columns::{Column, Shape};
use super::words::{
    ABOUT, JUDGE, LABEL, PROHIBITED, PROMPT, RATER, REFERENCE, REMARK, REQUIRED, RESPONSE, WHEN, belongs, says,
};

/// A column and why it was picked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pick {
    /// Its position among the columns.
    pub(super) column: usize,
    pub(super) why: String,
    /// What a person has to check, if anything.
    pub(super) doubt: Option<String>,
}

/// The columns that hold texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) prompt: Option<Pick>,
    pub(super) response: Option<Pick>,
    pub(super) reference: Option<Pick>,
    pub(super) required: Option<Pick>,
    pub(super) prohibited: Option<Pick>,
    /// What raters or judges wrote beside their labels.
    pub(super) remarks: Vec<usize>,
}

/// Columns that are still to be had.
pub(super) struct Free<'a> {
    pub(super) columns: &'a [Column],
    pub(super) taken: BTreeSet<usize>,
}

impl<'a> Free<'a> {
    /// The columns that nothing has claimed yet.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &'a Column)> {
        self.columns.iter().enumerate().filter(|(position, _)| !self.taken.contains(position))
    }

    /// Claims the first column that fits.
    pub(super) fn take(&mut self, fits: impl Fn(&Column) -> bool, why: &str) -> Option<Pick> {
        let (column, _) = self.iter().find(|(_, column)| fits(column))?;
        self.taken.insert(column);
        Some(Pick { column, why: why.to_owned(), doubt: None })
    }
}

/// Finds the texts, by name first and by length second.
pub(super) fn texts_of(free: &mut Free<'_>) -> Texts {
    let mut texts = Texts {
        prohibited: free.take(|column| is_items(column, Items::Prohibited), "by its name"),
        ..Texts::default()
    };
    texts.required = free.take(|column| is_items(column, Items::Required), "by its name");
    texts.remarks = free
        .iter()
        .filter(|(_, column)| says(&column.words, REMARK) && column.shape == Shape::Plain && !column.is_number())
        .map(|(position, _)| position)
        .collect();
    free.taken.extend(texts.remarks.iter().copied());
    texts.reference = free.take(|column| is_named(column, REFERENCE) && column.is_text(), "by its name");
    texts.prompt = prompt_of(free);
    texts.response = named_text(free, RESPONSE);
    if texts.prompt.is_none() {
        texts.prompt = long_text(free, if texts.response.is_none() { 2 } else { 1 }, "the first column of long texts");
    }
    if texts.response.is_none() {
        texts.response = long_text(free, 1, "a column of long texts");
    }
    texts
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Items {
    Required,
    Prohibited,
}

/// A list of items, or text under a name that says so.
fn is_items(column: &Column, wanted: Items) -> bool {
    let forbids = says(&column.words, PROHIBITED) || (says(&column.words, "must") && says(&column.words, "not"));
    let named = match wanted {
        Items::Prohibited => forbids,
        Items::Required => says(&column.words, REQUIRED) && !forbids,
    };
    named && (column.shape == Shape::List || (column.shape == Shape::Plain && column.is_text()))
}

/// Whether a name says it and nothing in the name says that it is only about it.
fn is_named(column: &Column, family: &str) -> bool {
    says(&column.words, family) && !says(&column.words, ABOUT) && !says(&column.words, WHEN) && !is_graders(column)
}

/// Whether a text is what a judge or an audit wrote, not what was judged.
fn is_graders(column: &Column) -> bool {
    says(&column.words, "judge judges judgement judgment grader autograder audit raw")
}

/// Whether a column without a telling name could be a prompt or a response: sentences, not long ids.
fn is_prose(column: &Column) -> bool {
    let sentences = column.shape == Shape::Chat || column.spaced;
    column.is_text() && sentences && !is_graders(column) && !says(&column.words, ABOUT) && !says(&column.words, WHEN)
}

/// The prompt by its name; a conversation where only short cells have such a name: `run.task` may be the name of a task.
fn prompt_of(free: &mut Free<'_>) -> Option<Pick> {
    let named = named_text(free, PROMPT);
    if named.as_ref().is_some_and(|pick| free.columns[pick.column].is_text()) {
        return named;
    }
    let asked = |column: &Column| {
        column.shape == Shape::Chat && is_prose(column) && !is_named(column, RESPONSE) && !is_named(column, REFERENCE)
    };
    let Some((chat, _)) = free.iter().find(|(_, column)| asked(column)) else { return named };
    if let Some(pick) = named {
        free.taken.remove(&pick.column);
    }
    free.taken.insert(chat);
    Some(Pick { column: chat, why: "a conversation".to_owned(), doubt: None })
}

/// The text whose name says it most plainly: in the order of the family, and as its last word before anywhere.
fn named_text(free: &mut Free<'_>, family: &str) -> Option<Pick> {
    let fits = |column: &Column| {
        matches!(column.shape, Shape::Plain | Shape::Chat)
            && is_named(column, family)
            && !(column.words.len() > 1 && says(&column.words, "system"))
            // `response_label` and `answer_judge` are about a response.
            && (column.is_text() || !(column.is_number() || says(&column.words, LABEL) || says(&column.words, JUDGE) || says(&column.words, RATER)))
    };
    let rank = |column: &Column| {
        let at = |word: &String| family.split_ascii_whitespace().position(|entry| belongs(word, entry));
        let last = column.words.last().and_then(at).is_none();
        let named = column.words.iter().filter_map(at).min();
        (!column.is_text(), last, named)
    };
    let found = free.iter().filter(|(_, column)| fits(column)).min_by_key(|(_, column)| rank(column))?;
    free.taken.insert(found.0);
    let doubt = (!found.1.is_text() && found.1.distinct < found.1.rows.div_ceil(4))
        .then(|| "its cells are short and few: is it this one?".to_owned());
    Some(Pick { column: found.0, why: "by its name".to_owned(), doubt })
}

/// The first column of long texts, where there are as many as needed.
fn long_text(free: &mut Free<'_>, needed: usize, why: &str) -> Option<Pick> {
    let long: Vec<usize> = free
        .iter()
        .filter(|(_, column)| is_prose(column) && column.distinct > 1 && !is_named(column, REFERENCE))
        .map(|(position, _)| position)
        .collect();
    let first = *long.first().filter(|_| long.len() >= needed)?;
    free.taken.insert(first);
    let doubt = Some("its name does not say so: is it this one?".to_owned());
    Some(Pick { column: first, why: why.to_owned(), doubt })
}
