//! Which columns hold labels, whose they are, and on which axis they lie.

use std::collections::BTreeMap;

use super::columns::Column;
use super::labels::axes_named;
use super::senses::{Direction, Sense, sense};
use super::texts::{Free, Pick};
use super::words::{
    ABOUT, AGAIN, BETTER, CLUSTER, COMMISSION, FINAL, ID, JUDGE, LABEL, MODELS, OMISSION, PROBABILITY, RATER, SCORE,
    SLICE, SYSTEM, WHEN, WORSE, belongs, says, words_of,
};
use crate::model::{Axis, PerAxis};

/// Words of a column that names whoever labelled a row.
const WHO: &str = "rater annotator coder labeler labeller reviewer worker assessor evaluator by grader";

/// One rater of a wide table, or all those of a long one.
#[derive(Debug, Clone, Default)]
pub(super) struct RaterGuess {
    /// None where a column names them.
    pub(super) id: Option<String>,
    /// The column of the labels on each axis.
    pub(super) labels: PerAxis<Option<usize>>,
}

/// Labels found in a table.
#[derive(Debug, Default)]
pub(super) struct Raters {
    pub(super) list: Vec<RaterGuess>,
    /// What the axis was guessed from, and what to check.
    pub(super) why: PerAxis<Option<(String, Option<String>)>>,
    /// Whether the same labels speak of both axes.
    pub(super) both: bool,
    /// Columns that look like labels too.
    pub(super) left: Vec<usize>,
}

/// The column that names the rater of a row, where each row is one annotation.
pub(super) fn rater_column(free: &mut Free<'_>) -> Option<Pick> {
    free.take(
        |column| {
            let named = says(&column.words, WHO) || (says(&column.words, RATER) && says(&column.words, ABOUT));
            let about = says(&column.words, "kind type confidence time note count");
            let label = column.values.iter().flat_map(BTreeMap::keys).any(|value| is_label_word(value));
            let numbered = column.is_number() && says(&column.words, LABEL);
            let wide =
                column.words.iter().any(|word| word.chars().all(char::is_numeric)) && !says(&column.words, ABOUT);
            named
                && !about
                && !label
                && !numbered
                && !wide
                && column.longest <= 64
                && !column.controls
                && column.distinct < column.rows
        },
        "names whoever labelled the row: one row an annotation",
    )
}

fn is_label_word(value: &str) -> bool {
    // A single letter may be a rater: `Y`, `n`.
    value.chars().count() > 1 && matches!(sense(value, Direction::Harm), Sense::Harm(_))
}

/// Whether a column holds names of models.
pub(super) fn names_models(column: &Column) -> bool {
    let values = column.values.as_ref().filter(|values| !values.is_empty());
    values.is_some_and(|values| values.keys().all(|value| says(&words_of(value), MODELS)))
}

/// Whether a name says that an automated judge wrote the column.
pub(super) fn is_judge(column: &Column) -> bool {
    let gradable = column.is_label() || column.is_nearly_number();
    let graded = [LABEL, SCORE, PROBABILITY, "says said refused"];
    let model = says(&column.words, "model ai bot machine") && graded.iter().any(|family| says(&column.words, family));
    let person = says(&column.words, RATER);
    let about = says(&column.words, ABOUT) || says(&column.words, WHEN);
    // One word that is no label, in every row, is what a program left there.
    let silent = column.distinct == 1
        && !column.is_nearly_number()
        && !column.values.iter().flat_map(BTreeMap::keys).any(|value| is_label_word(value));
    gradable && !silent && !person && !about && !names_models(column) && (says(&column.words, JUDGE) || model)
}

/// Finds the label columns. In a long table each axis has one.
pub(super) fn raters_of(free: &mut Free<'_>, by_row: bool) -> Raters {
    let mut found = labelled(free);
    if found.is_empty() {
        found = by_values(free);
    }
    let named: Vec<Axis> = found.iter().filter_map(|position| axis_by_name(&free.columns[*position])).collect();
    let mut raters = Raters::default();
    let mut of_axis: PerAxis<Vec<usize>> = PerAxis::default();
    for position in found {
        let (axes, why, doubt) = axes_of(&free.columns[position], &named);
        raters.both |= axes.len() > 1;
        for axis in axes {
            raters.why.get_mut(axis).get_or_insert_with(|| (why.to_owned(), doubt.map(str::to_owned)));
            of_axis.get_mut(axis).push(position);
        }
    }
    for axis in Axis::ALL {
        let (kept, left) = family(free.columns, of_axis.get(axis), by_row);
        *of_axis.get_mut(axis) = kept;
        raters.left.extend(left);
    }
    raters.left.retain(|position| Axis::ALL.iter().all(|axis| !of_axis.get(*axis).contains(position)));
    raters.list = people(free.columns, &of_axis, by_row);
    free.taken.extend(Axis::ALL.iter().flat_map(|axis| of_axis.get(*axis)).chain(&raters.left).copied());
    raters
}

/// The axes of a label column, why, and what to check. `named` are those that some column's name says.
fn axes_of(column: &Column, named: &[Axis]) -> (Vec<Axis>, &'static str, Option<&'static str>) {
    if let Some(axis) = axis_by_name(column) {
        return (vec![axis], "its name says so", None);
    }
    let said = axes_named(column);
    match said.as_slice() {
        [_] => (said, "its labels say so", Some("is it what was left out (omission) or what was said (commission)?")),
        [] => {
            // A person's labels beside those of omission are about the other axis.
            let other = is_person(column) && named == [Axis::Omission];
            let axis = if other { Axis::Commission } else { Axis::Omission };
            let doubt = "nothing says which axis: omission is what was left out, commission what was said";
            (vec![axis], "a guess", Some(doubt))
        }
        _ => {
            let doubt = "a label that names one kind of harm is taken for none of the other";
            (said, "its labels speak of both axes", Some(doubt))
        }
    }
}

fn is_person(column: &Column) -> bool {
    says(&column.words, RATER) || says(&column.words, FINAL)
}

/// The axis that a name says.
pub(super) fn axis_by_name(column: &Column) -> Option<Axis> {
    match (says(&column.words, OMISSION), says(&column.words, COMMISSION)) {
        (true, false) => Some(Axis::Omission),
        (false, true) => Some(Axis::Commission),
        _ => None,
    }
}

/// Columns whose names say that they hold labels.
fn labelled(free: &Free<'_>) -> Vec<usize> {
    let families = [RATER, FINAL, LABEL, OMISSION, COMMISSION, WORSE, BETTER];
    let fits = |column: &Column| {
        let about = says(&column.words, ABOUT) || says(&column.words, WHEN) || says(&column.words, "count kind");
        let slice = says(&column.words, SLICE) && !is_person(column);
        (column.is_label() || column.is_number())
            && !about
            && !slice
            && !names_models(column)
            && families.iter().any(|family| says(&column.words, family))
    };
    let all: Vec<usize> = free.iter().filter(|(_, column)| fits(column)).map(|(position, _)| position).collect();
    // A bare `score` beside labels is an automated one.
    let bare = |position: &usize| {
        let words = &free.columns[*position].words;
        free.columns[*position].is_number()
            && words.iter().all(|word| belongs(word, SCORE) || belongs(word, PROBABILITY))
    };
    if all.iter().all(bare) { all } else { all.into_iter().filter(|position| !bare(position)).collect() }
}

/// Whether a column holds labels by its values, though its name does not say so: words that judge, or whole numbers
/// from 0 in more than two steps. Zeros and ones, and yes and no, may be anything.
pub(super) fn holds_labels(column: &Column) -> bool {
    let other = [SLICE, ABOUT, WHEN, ID, CLUSTER, SYSTEM, AGAIN, "count kind"];
    let judges = |value: &&String| is_label_word(value) && !says(&words_of(value), "yes no true false none");
    let worded = column.values.iter().flat_map(BTreeMap::keys).filter(judges).count() > 1;
    let graded = column.is_number()
        && column.distinct > 2
        && column.numbers.is_some_and(|numbers| numbers.whole && numbers.least == 0.0 && numbers.most <= 10.0);
    column.is_label()
        && column.distinct > 1
        && (worded || graded)
        && !names_models(column)
        && !other.iter().any(|family| says(&column.words, family))
}

/// Without a name to go by: labels whose words are known, otherwise zeros and ones.
fn by_values(free: &Free<'_>) -> Vec<usize> {
    let candidates: Vec<(usize, &Column)> = free
        .iter()
        .filter(|(_, column)| {
            column.is_label() && column.distinct > 1 && !says(&column.words, SLICE) && !says(&column.words, ABOUT)
        })
        .collect();
    let known = |column: &Column| {
        column.values.iter().flat_map(BTreeMap::keys).filter(|value| is_label_word(value)).count() > 1
    };
    let binary = |column: &Column| {
        column.is_number()
            && column.numbers.is_some_and(|numbers| numbers.least == 0.0 && numbers.most == 1.0 && numbers.whole)
    };
    let first = candidates
        .iter()
        .find(|(_, column)| known(column))
        .or_else(|| candidates.iter().find(|(_, column)| binary(column)));
    first.map(|(position, _)| *position).into_iter().collect()
}

/// The columns of one axis that hold the same kind of label, and the rest.
fn family(columns: &[Column], of_axis: &[usize], by_row: bool) -> (Vec<usize>, Vec<usize>) {
    let rank = |position: &&usize| {
        let column = &columns[**position];
        let last = says(&column.words, FINAL);
        (if by_row { last } else { !is_person(column) }, axis_by_name(column).is_none())
    };
    let Some(base) = of_axis.iter().min_by_key(rank) else { return (Vec::new(), Vec::new()) };
    let alike = |position: &usize| {
        position == base
            || (!by_row
                && same_labels(&columns[*base], &columns[*position])
                && same_kind(&columns[*base], &columns[*position]))
    };
    of_axis.iter().partition(|position| alike(position))
}

fn same_labels(one: &Column, other: &Column) -> bool {
    match (one.is_number(), other.is_number()) {
        (true, true) => one.numbers.zip(other.numbers).is_some_and(|(one, other)| one.whole == other.whole),
        (false, false) => {
            let (Some(one), Some(other)) = (&one.values, &other.values) else { return false };
            one.keys().any(|value| other.contains_key(value))
        }
        _ => false,
    }
}

/// Names that differ in whose label it is, not in what is labelled.
fn same_kind(one: &Column, other: &Column) -> bool {
    let shared = one.words.iter().any(|word| other.words.contains(word));
    shared || (is_person(one) && is_person(other)) || key_of(one).is_empty() && key_of(other).is_empty()
}

/// What is left of a name without the words for labels and axes: whose it is.
pub(super) fn key_of(column: &Column) -> String {
    let families = [LABEL, OMISSION, COMMISSION, SCORE, PROBABILITY, WORSE, BETTER];
    let whose = |word: &&String| !families.iter().any(|family| belongs(word, family));
    column.words.iter().filter(whose).cloned().collect::<Vec<_>>().join("-")
}

/// One rater for each name that the columns leave.
fn people(columns: &[Column], of_axis: &PerAxis<Vec<usize>>, by_row: bool) -> Vec<RaterGuess> {
    let mut list: Vec<(String, RaterGuess)> = Vec::new();
    for axis in Axis::ALL {
        for position in of_axis.get(axis) {
            let key = key_of(&columns[*position]);
            let known = list.iter_mut().find(|(other, rater)| *other == key && rater.labels.get(axis).is_none());
            match known {
                Some((_, rater)) => *rater.labels.get_mut(axis) = Some(*position),
                None => {
                    let mut rater = RaterGuess::default();
                    *rater.labels.get_mut(axis) = Some(*position);
                    list.push((key, rater));
                }
            }
        }
    }
    // One column on each axis is one person's, whatever the columns are called.
    if let [(_, one), (_, other)] = list.as_mut_slice()
        && one.labels.commission.is_none()
        && other.labels.omission.is_none()
    {
        one.labels.commission = other.labels.commission;
        list.truncate(1);
    }
    let last = |rater: &RaterGuess| {
        Axis::ALL
            .iter()
            .filter_map(|axis| *rater.labels.get(*axis))
            .any(|position| says(&columns[position].words, FINAL))
    };
    let (mut number, mut finals) = (0, 0);
    let mut raters: Vec<RaterGuess> = list.into_iter().map(|(_, rater)| rater).collect();
    for rater in raters.iter_mut().filter(|_| !by_row) {
        let (word, count) = if last(rater) { ("final", &mut finals) } else { ("rater", &mut number) };
        *count += 1;
        rater.id = Some(if word == "final" && *count == 1 { word.to_owned() } else { format!("{word}-{count}") });
    }
    raters
}

/// Whether a name belongs to a judge: no word of it says that a person labelled.
pub(super) fn is_bare_score(column: &Column) -> bool {
    column.is_nearly_number()
        && !column.words.is_empty()
        && column.words.iter().all(|word| belongs(word, SCORE) || belongs(word, PROBABILITY))
        && !says(&column.words, JUDGE)
}
