//! What makes an example: its id, its cluster, its system, its slices.

use super::columns::{Column, Shape};
use super::keys::{Fit, Groups};
use super::raters::{holds_labels, names_models};
use super::texts::{Free, Pick, Texts};
use super::words::{AGAIN, CLUSTER, ID, JUDGE, LABEL, PROBABILITY, REMARK, SCORE, SLICE, SYSTEM, WHEN, says};
use crate::gold::import::Preview;
use crate::gold::names::may_name_a_slice;

/// Slices that a report is worth reading with.
const MOST_SLICES: usize = 6;

/// Values up to which a slice says something.
const MOST_PARTS: usize = 12;

/// Where ids come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum IdGuess {
    /// Columns, joined by `/`.
    Columns(Vec<usize>),
    /// The line of the row.
    Line,
}

/// What makes an example.
#[derive(Debug)]
pub(super) struct ExampleGuess {
    pub(super) id: IdGuess,
    pub(super) id_why: String,
    pub(super) id_doubt: Option<String>,
    pub(super) groups: Groups,
    pub(super) cluster: Option<Pick>,
    pub(super) system: Option<Pick>,
    pub(super) slices: Vec<usize>,
}

/// The system that wrote a response.
pub(super) fn system_of(free: &mut Free<'_>) -> Option<Pick> {
    let fits = |column: &Column| {
        column.shape == Shape::Plain
            && column.longest <= 64
            && !column.controls
            && column.distinct <= (column.rows / 2).max(2)
            && !says(&column.words, LABEL)
            && !says(&column.words, WHEN)
            && !says(&column.words, "prompt")
    };
    let named = |column: &Column| fits(column) && says(&column.words, SYSTEM) && !says(&column.words, JUDGE);
    free.take(named, "by its name").or_else(|| {
        let models = |column: &Column| fits(column) && names_models(column) && !says(&column.words, JUDGE);
        free.take(models, "its values are names of models")
    })
}

/// Finds the id, the cluster and the slices. `rater` is the column that names the rater of a row in a long table.
pub(super) fn example_of(
    preview: &Preview,
    free: &mut Free<'_>,
    texts: &Texts,
    system: Option<Pick>,
    rater: Option<usize>,
) -> ExampleGuess {
    let own = [&texts.prompt, &texts.response, &texts.reference, &texts.required, &texts.prohibited];
    let own: Vec<usize> = own.into_iter().flatten().map(|pick| pick.column).collect();
    let search = Search { preview, columns: free.columns, own: &own, rater };
    let (id, groups, id_why, id_doubt) = search.id(free, system.as_ref());
    // The parts of a joined id can be clusters or slices as well.
    if let IdGuess::Columns(columns) = &id
        && let [one] = columns.as_slice()
        && is_id(&free.columns[*one])
    {
        free.taken.insert(*one);
    }
    let cluster = search.cluster(free, &groups, &texts.prompt);
    if let Some(pick) = &cluster {
        free.taken.insert(pick.column);
    }
    let shared = |position: &usize| groups.share(preview, &free.columns[*position].path);
    let system = system.filter(|pick| shared(&pick.column));
    let slices = slices_of(free).into_iter().filter(shared).take(MOST_SLICES).collect();
    ExampleGuess { id, id_why, id_doubt, groups, cluster, system, slices }
}

fn is_id(column: &Column) -> bool {
    column.shape == Shape::Plain
        && column.longest <= 128
        && !says(&column.words, WHEN)
        && (says(&column.words, ID) || column.words.is_empty() || column.words == ["unnamed", "0"] || is_thing(column))
}

/// A name such as `item` or `example` over short values without spaces.
fn is_thing(column: &Column) -> bool {
    let things = "item example sample record row instance case question prompt scenario";
    says(&column.words, things) && !column.spaced && !says(&column.words, SLICE)
}

struct Search<'a> {
    preview: &'a Preview,
    columns: &'a [Column],
    own: &'a [usize],
    rater: Option<usize>,
}

impl Search<'_> {
    fn groups(&self, columns: &[usize]) -> Option<Groups> {
        let paths: Vec<&str> = columns.iter().map(|position| self.columns[*position].path.as_str()).collect();
        if columns.iter().any(|position| !self.columns[*position].is_full()) {
            return None;
        }
        Groups::by(self.preview, &paths, Fit::Id)
    }

    /// The columns whose values name an example, and the rows that share each.
    fn id(&self, free: &Free<'_>, system: Option<&Pick>) -> (IdGuess, Groups, String, Option<String>) {
        let ids: Vec<usize> = free.iter().filter(|(_, column)| is_id(column)).map(|(position, _)| position).collect();
        let mut candidates: Vec<Vec<usize>> = ids.iter().map(|one| vec![*one]).collect();
        for one in &ids {
            candidates.extend(system.iter().map(|system| vec![system.column, *one]));
            candidates.extend(ids.iter().filter(|other| *other > one).map(|other| vec![*one, *other]));
        }
        // In a template a brace is not part of a name.
        let braced = |position: &usize| self.columns[*position].path.contains(['{', '}']);
        candidates.retain(|columns| columns.len() == 1 || !columns.iter().any(braced));
        let found: Vec<(Vec<usize>, Groups)> = candidates
            .into_iter()
            .filter_map(|columns| self.groups(&columns).map(|groups| (columns, groups)))
            .collect();
        if let Some(rater) = self.rater {
            return self.long_id(found, system, &self.columns[rater].path);
        }
        if let Some((columns, groups)) = found.iter().find(|(_, groups)| groups.is_unique()) {
            let why = "different in every row".to_owned();
            return (IdGuess::Columns(columns.clone()), groups.clone(), why, None);
        }
        // Rows that share an id, the texts and nothing else: several annotations by nobody in particular.
        let texts = !self.own.is_empty();
        let repeated =
            found.into_iter().filter(|(_, groups)| texts && self.fits(groups)).min_by_key(|(_, groups)| groups.count);
        if let Some((columns, groups)) = repeated {
            let doubt = Some("rows share it: is each row another annotation of the same example?".to_owned());
            return (IdGuess::Columns(columns), groups, "the same texts in all of its rows".to_owned(), doubt);
        }
        if let Some((column, groups)) = self.unnamed_id(free) {
            let doubt = Some("its name does not say so: is it an id, and names nobody?".to_owned());
            return (IdGuess::Columns(vec![column]), groups, "different in every row".to_owned(), doubt);
        }
        (
            IdGuess::Line,
            Groups::rows(self.preview),
            "no column has an id for every row: the line in the file".to_owned(),
            None,
        )
    }

    /// The first column of short values without spaces, a different one in every row. A number may be a measurement.
    fn unnamed_id(&self, free: &Free<'_>) -> Option<(usize, Groups)> {
        let measured = [WHEN, LABEL, SCORE, PROBABILITY, JUDGE, REMARK];
        let fits = |column: &Column| {
            column.shape == Shape::Plain
                && column.rows > 1
                && !column.is_text()
                && column.numeric == 0
                && !column.spaced
                && !column.commas
                && column.longest <= 64
                && !measured.iter().any(|family| says(&column.words, family))
        };
        let mut found = free.iter().filter(|(_, column)| fits(column));
        found.find_map(|(position, _)| {
            let groups = self.groups(&[position])?;
            groups.is_unique().then_some((position, groups))
        })
    }

    /// In a long table rows share an id, and no rater has two rows of one.
    fn long_id(
        &self,
        mut found: Vec<(Vec<usize>, Groups)>,
        system: Option<&Pick>,
        rater: &str,
    ) -> (IdGuess, Groups, String, Option<String>) {
        // Short texts can name an example themselves.
        let short = self.own.iter().take(1).copied().filter(|position| self.columns[*position].shape == Shape::Plain);
        for prompt in short {
            for columns in [vec![prompt], system.map_or_else(Vec::new, |system| vec![system.column, prompt])] {
                let braced =
                    columns.len() > 1 && columns.iter().any(|one| self.columns[*one].path.contains(['{', '}']));
                if !columns.is_empty() && !braced && found.is_empty() {
                    found.extend(self.groups(&columns).map(|groups| (columns.clone(), groups)));
                }
            }
        }
        // Without a text to go by only the raters say which rows belong together.
        let texts = !self.own.is_empty();
        found.retain(|(_, groups)| self.fits(groups) && (texts || groups.once_each(self.preview, rater)));
        let rank = |(columns, groups): &(Vec<usize>, Groups)| {
            (!groups.once_each(self.preview, rater), groups.count, columns.len())
        };
        match found.into_iter().min_by_key(rank) {
            Some((columns, groups)) => {
                let why = "the same texts in all rows of one, and each rater once".to_owned();
                let doubt = (!groups.once_each(self.preview, rater))
                    .then(|| "a rater has several rows of one example: the highest severity counts".to_owned());
                (IdGuess::Columns(columns), groups, why, doubt)
            }
            None => {
                let doubt = Some("rows of one example need an id in common: name its column".to_owned());
                (IdGuess::Line, Groups::rows(self.preview), "no column names an example".to_owned(), doubt)
            }
        }
    }

    /// Whether the rows of a group have the same texts.
    fn fits(&self, groups: &Groups) -> bool {
        self.own.iter().all(|position| groups.share(self.preview, &self.columns[*position].path))
    }

    /// Examples of one cluster are not independent: the same scenario, or the same prompt.
    fn cluster(&self, free: &Free<'_>, groups: &Groups, prompt: &Option<Pick>) -> Option<Pick> {
        let by = |position: usize| {
            let column = &self.columns[position];
            let found = Groups::by(self.preview, &[&column.path], Fit::Any).filter(|_| column.is_full())?;
            let repeats = found.hold(groups) && found.count < groups.count && found.count > 1;
            repeats.then_some(found)
        };
        let pick = |column: usize, why: &str, doubt: Option<&str>| {
            Some(Pick { column, why: why.to_owned(), doubt: doubt.map(str::to_owned) })
        };
        let of_prompt = prompt.as_ref().and_then(|pick| Some((pick.column, by(pick.column)?)));
        let wider = |found: &Groups| of_prompt.as_ref().is_none_or(|(_, of_prompt)| found.hold(of_prompt));
        let named = free.iter().find(|(position, column)| {
            column.shape == Shape::Plain
                && !column.controls
                && says(&column.words, CLUSTER)
                && !says(&column.words, SLICE)
                && by(*position).is_some_and(|found| wider(&found))
        });
        if let Some((position, _)) = named {
            return pick(position, "by its name; its examples are not independent", None);
        }
        let ids = || free.iter().filter(|(_, column)| is_id(column) && !column.controls && !says(&column.words, AGAIN));
        if let Some((column, of_prompt)) = &of_prompt {
            let same = ids().find(|(position, _)| by(*position).is_some_and(|found| found == *of_prompt));
            return match same {
                Some((position, _)) => {
                    pick(position, "one for each prompt: answers to one prompt are not independent", None)
                }
                None => pick(*column, "prompts repeat: answers to one prompt are not independent", None),
            };
        }
        let (position, _) = ids().find(|(position, _)| by(*position).is_some())?;
        pick(position, "its values repeat", Some("are the examples of one value not independent?"))
    }
}

/// Named subgroups: few values, by name before any other.
fn slices_of(free: &Free<'_>) -> Vec<usize> {
    let fits = |column: &Column| {
        column.shape == Shape::Plain
            && (2..=MOST_PARTS).contains(&column.distinct)
            && column.distinct * 2 <= column.filled
            && column.values.is_some()
            && !column.commas
            && !holds_labels(column)
            && !column.controls
            && may_name_a_slice(&column.path)
            && may_name_a_slice(column.path.rsplit(['.', '/']).next().unwrap_or_default())
            && !column.is_text()
            && !says(&column.words, WHEN)
            && !says(&column.words, ID)
    };
    let mut found: Vec<(usize, &Column)> = free.iter().filter(|(_, column)| fits(column)).collect();
    found.sort_by_key(|(_, column)| !says(&column.words, SLICE));
    found.into_iter().map(|(position, _)| position).collect()
}
