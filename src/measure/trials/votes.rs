//! What the raters said about the examples of one axis: equal rows of ratings are kept once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::raters::doubting_raters;
use crate::gold::GoldSet;
use crate::model::{Axis, Severity};
use crate::stats::Undefined;
use crate::stats::raters::{DawidSkene, RatingTable, dawid_skene_of_patterns};

/// Steps of the EM that estimates what is true behind the votes.
const STEPS: usize = 50;

/// Who said what of one example: columns of the raters with their severities, in the order of the columns.
pub(crate) type Pattern = Vec<(usize, Severity)>;

/// The ratings of one axis by those whose doubt counts.
#[derive(Debug, Clone)]
pub(crate) struct Votes {
    /// Position of each column's rater among the set's raters.
    pub(crate) raters: Vec<usize>,
    /// The different rows of ratings.
    pub(crate) patterns: Vec<Pattern>,
    /// Examples with each.
    pub(crate) weights: Vec<f64>,
    /// The row of each example; none where the axis does not apply or none of them rated it.
    pattern_of: Vec<Option<u32>>,
    levels: usize,
    truth: OnceLock<Result<DawidSkene, Undefined>>,
}

impl Votes {
    /// Collects the ratings of one axis.
    pub(crate) fn new(gold: &GoldSet, axis: Axis) -> Self {
        let raters = doubting_raters(gold);
        let column = |rater: &usize| raters.binary_search(rater).ok();
        let (mut rows, mut weights) = (BTreeMap::<Pattern, u32>::new(), Vec::new());
        let mut pattern_of = Vec::with_capacity(gold.examples.len());
        for (position, label) in gold.labels.get(axis).iter().enumerate() {
            let pattern: Pattern =
                label.ratings.iter().filter_map(|(rater, severity)| Some((column(rater)?, *severity))).collect();
            if pattern.is_empty() || !gold.applies(position, axis) {
                pattern_of.push(None);
                continue;
            }
            let row = *rows.entry(pattern).or_insert_with(|| {
                weights.push(0.0);
                weights.len() as u32 - 1
            });
            weights[row as usize] += 1.0;
            pattern_of.push(Some(row));
        }
        let mut patterns = vec![Pattern::new(); rows.len()];
        rows.into_iter().for_each(|(pattern, row)| patterns[row as usize] = pattern);
        let levels = gold.card.axis(axis).levels.len();
        Self { raters, patterns, weights, pattern_of, levels, truth: OnceLock::new() }
    }

    /// Levels of the axis.
    pub(crate) fn levels(&self) -> usize {
        self.levels
    }

    /// The row of an example's ratings.
    pub(crate) fn row(&self, example: usize) -> Option<usize> {
        self.pattern_of[example].map(|row| row as usize)
    }

    /// The row of an example that several rated.
    pub(crate) fn row_of_several(&self, example: usize) -> Option<usize> {
        self.row(example).filter(|row| self.patterns[*row].len() > 1)
    }

    /// Share of a row's ratings at or above the threshold.
    pub(crate) fn harmful_share(&self, row: usize, threshold: Severity) -> f64 {
        let pattern = &self.patterns[row];
        pattern.iter().filter(|(_, severity)| *severity >= threshold).count() as f64 / pattern.len() as f64
    }

    /// The row as a full line of a rating table.
    pub(crate) fn line(&self, row: usize) -> Vec<Option<usize>> {
        let mut line = vec![None; self.raters.len()];
        self.patterns[row].iter().for_each(|(column, severity)| line[*column] = Some(usize::from(*severity)));
        line
    }

    /// What is likely to be true behind each row, by Dawid and Skene; `too_few` with fewer than three raters.
    pub(crate) fn truth(&self) -> Result<&DawidSkene, Undefined> {
        let fit = || {
            let lines = (0..self.patterns.len()).map(|row| self.line(row)).collect();
            let table = RatingTable::new(lines, self.levels).expect("ratings lie on the card's scale");
            dawid_skene_of_patterns(&table, &self.weights, STEPS)
        };
        self.truth.get_or_init(fit).as_ref().map_err(|reason| *reason)
    }

    /// Whether fewer than three raters an example leave the truth behind them weakly identified.
    pub(crate) fn is_weakly_identified(&self) -> bool {
        let ratings: f64 = self.patterns.iter().zip(&self.weights).map(|(row, weight)| row.len() as f64 * weight).sum();
        ratings < 3.0 * self.weights.iter().sum::<f64>()
    }
}
