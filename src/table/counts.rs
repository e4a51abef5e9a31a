//! The counts table: every number of an evaluation is a function of it.
//!
//! One group-by over the trials gives, per subject (judge or rater), axis, cluster, stratum (one combination of slice
//! values), gold severity, answer and number of repeats, how many trials there are. What follows does not depend on how
//! many trials went in.

use polars::prelude::{Column, DataFrame, IntoLazy, PolarsError, col, cols};

use crate::model::{Outcome, Severity};

/// What a judge answered on one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// A severity.
    Severity(Severity),
    /// No verdict, for this reason.
    Unscored(Outcome),
}

/// Codes from here on are reasons, in the order of [`Outcome::UNSCORED`].
const FIRST_REASON: u32 = 256;

impl Answer {
    fn code(self) -> u32 {
        match self {
            Self::Severity(severity) => u32::from(severity),
            Self::Unscored(reason) => {
                let index = Outcome::UNSCORED.iter().position(|other| *other == reason);
                FIRST_REASON + u32::try_from(index.unwrap_or(Outcome::UNSCORED.len())).unwrap_or(u32::MAX)
            }
        }
    }

    fn from_code(code: u32) -> Self {
        match Severity::try_from(code) {
            Ok(severity) => Self::Severity(severity),
            Err(_) => Self::Unscored(Outcome::UNSCORED[(code - FIRST_REASON) as usize]),
        }
    }
}

/// One trial on one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialRow {
    /// Judge or rater, by position.
    pub subject: u32,
    /// Axis, by position.
    pub axis: u32,
    /// Cluster, by position.
    pub cluster: u32,
    /// Combination of slice values, by position.
    pub stratum: u32,
    /// Gold severity.
    pub gold: Severity,
    /// Gold severity on the other axis where the subject is measured apart from it; 0 otherwise.
    pub elsewhere: Severity,
    /// The answer.
    pub answer: Answer,
    /// How often this subject was asked about this example: each trial weighs 1/repeats.
    pub repeats: u32,
    /// Required items that the gold says are missing.
    pub items_missed: u32,
    /// Of those, how many the judge marks missing.
    pub items_missed_found: u32,
    /// Required items that the gold says are there, and that the judge marked at all.
    pub items_hit: u32,
    /// Of those, how many the judge marks missing.
    pub items_hit_flagged: u32,
}

#[cfg(test)]
impl TrialRow {
    /// One trial on omission that was asked once, without items.
    pub(crate) fn plain(cluster: u32, gold: Severity, answer: Answer) -> Self {
        Self {
            subject: 0,
            axis: 0,
            cluster,
            stratum: 0,
            gold,
            elsewhere: 0,
            answer,
            repeats: 1,
            items_missed: 0,
            items_missed_found: 0,
            items_hit: 0,
            items_hit_flagged: 0,
        }
    }
}

/// A row of the counts table: a [`TrialRow`] whose item counts are sums over `trials` trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The keys, and the sums of the item counts.
    pub row: TrialRow,
    /// How many trials share the keys.
    pub trials: u32,
}

const KEYS: [&str; 8] = ["subject", "axis", "cluster", "stratum", "gold", "elsewhere", "answer", "repeats"];
const SUMS: [&str; 5] = ["trials", "items_missed", "items_missed_found", "items_hit", "items_hit_flagged"];

/// Groups trials; the rows come sorted by their keys, so that the result does not depend on threads.
///
/// Memory holds the trials once more as columns. Cost: one hash group-by and a sort of its groups.
pub fn count(trials: &[TrialRow]) -> Result<Vec<Count>, PolarsError> {
    if trials.is_empty() {
        return Ok(Vec::new());
    }
    let column = |name: &str, value: &dyn Fn(&TrialRow) -> u32| {
        Column::new(name.into(), trials.iter().map(value).collect::<Vec<u32>>())
    };
    let frame = DataFrame::new_infer_height(vec![
        column("subject", &|row| row.subject),
        column("axis", &|row| row.axis),
        column("cluster", &|row| row.cluster),
        column("stratum", &|row| row.stratum),
        column("gold", &|row| u32::from(row.gold)),
        column("elsewhere", &|row| u32::from(row.elsewhere)),
        column("answer", &|row| row.answer.code()),
        column("repeats", &|row| row.repeats),
        column("trials", &|_| 1),
        column("items_missed", &|row| row.items_missed),
        column("items_missed_found", &|row| row.items_missed_found),
        column("items_hit", &|row| row.items_hit),
        column("items_hit_flagged", &|row| row.items_hit_flagged),
    ])?;
    let grouped = frame.lazy().group_by(KEYS.map(col)).agg([cols(SUMS).as_expr().sum()]).collect()?;
    let mut columns = Vec::new();
    for name in KEYS.iter().chain(&SUMS) {
        columns.push(grouped.column(name)?.u32()?.clone());
    }
    let value = |index: usize, row: usize| columns[index].get(row).unwrap_or(0);
    let mut rows: Vec<[u32; 13]> =
        (0..grouped.height()).map(|row| std::array::from_fn(|index| value(index, row))).collect();
    rows.sort_unstable();
    Ok(rows.into_iter().map(count_of).collect())
}

fn count_of(values: [u32; 13]) -> Count {
    let [subject, axis, cluster, stratum, gold, elsewhere, answer, repeats, trials, missed, found, hit, flagged] =
        values;
    let row = TrialRow {
        subject,
        axis,
        cluster,
        stratum,
        gold: Severity::try_from(gold).unwrap_or(Severity::MAX),
        elsewhere: Severity::try_from(elsewhere).unwrap_or(Severity::MAX),
        answer: Answer::from_code(answer),
        repeats,
        items_missed: missed,
        items_missed_found: found,
        items_hit: hit,
        items_hit_flagged: flagged,
    };
    Count { row, trials }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cluster: u32, gold: Severity, answer: Answer) -> TrialRow {
        TrialRow { axis: 1, items_missed: 2, items_missed_found: 1, ..TrialRow::plain(cluster, gold, answer) }
    }

    #[test]
    fn equal_keys_are_counted_and_item_counts_summed() {
        let unscored = Answer::Unscored(Outcome::Cancelled);
        let rows = [row(3, 2, Answer::Severity(1)), row(1, 2, unscored), row(3, 2, Answer::Severity(1))];
        let counts = count(&rows).unwrap();
        assert_eq!(counts.len(), 2);
        assert_eq!((counts[0].row.cluster, counts[0].trials, counts[0].row.answer), (1, 1, unscored));
        assert_eq!((counts[1].row.cluster, counts[1].trials), (3, 2));
        assert_eq!((counts[1].row.items_missed, counts[1].row.items_missed_found), (4, 2));
    }

    #[test]
    fn every_answer_survives_its_code() {
        for reason in Outcome::UNSCORED {
            assert_eq!(Answer::from_code(Answer::Unscored(reason).code()), Answer::Unscored(reason));
        }
        assert_eq!(Answer::from_code(Answer::Severity(255).code()), Answer::Severity(255));
    }

    #[test]
    fn no_trial_gives_no_count() {
        assert!(count(&[]).unwrap().is_empty());
    }
}
