//! Scores with the class of each item, checked once.

use crate::input::{InputError, all_counts, all_finite, same_length};

/// One judge's scores with the class of each item: `true` is a positive (harmful).
#[derive(Debug, Clone, Copy)]
pub struct LabelledScores<'a> {
    labels: &'a [bool],
    scores: &'a [f64],
}

impl<'a> LabelledScores<'a> {
    /// Pairs labels with scores (higher = more harmful).
    ///
    /// **Errors**: lengths differ, or a score is not finite.
    pub fn new(labels: &'a [bool], scores: &'a [f64]) -> Result<Self, InputError> {
        same_length("scores", scores.len(), labels.len())?;
        all_finite("scores", scores)?;
        Ok(Self { labels, scores })
    }

    /// The class of each item.
    pub fn labels(&self) -> &'a [bool] {
        self.labels
    }

    /// The score of each item.
    pub fn scores(&self) -> &'a [f64] {
        self.scores
    }

    /// Scores of one class, in item order.
    pub(super) fn of_class(&self, class: bool) -> Vec<f64> {
        self.labels.iter().zip(self.scores).filter(|(label, _)| **label == class).map(|(_, score)| *score).collect()
    }

    /// The table of distinct scores.
    pub fn levels(&self) -> ScoreLevels {
        let level = |(label, score): (&bool, &f64)| ScoreLevel {
            score: *score,
            positives: f64::from(*label),
            negatives: f64::from(!*label),
        };
        ScoreLevels::pooled(self.labels.iter().zip(self.scores).map(level).collect())
    }
}

/// One distinct score and how many of each class have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreLevel {
    /// The score.
    pub score: f64,
    /// Positives with this score (fractional where repeats are averaged).
    pub positives: f64,
    /// Negatives with this score.
    pub negatives: f64,
}

/// The counts of both classes per distinct score, ascending: all that AUC, average precision and the choice of a
/// threshold need. Counts of clusters add up, so a jackknife runs on the tables.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreLevels {
    levels: Vec<ScoreLevel>,
}

impl ScoreLevels {
    /// A table from counts, for example from a group-by.
    ///
    /// **Errors**: a score or count is not finite, a count is negative, or scores are not strictly ascending.
    pub fn new(levels: Vec<ScoreLevel>) -> Result<Self, InputError> {
        let scores: Vec<f64> = levels.iter().map(|level| level.score).collect();
        all_finite("scores", &scores)?;
        if let Some(index) = scores.windows(2).position(|pair| pair[0] >= pair[1]) {
            let value = scores[index + 1];
            return Err(InputError::OutOfRange { what: "scores", index: index + 1, value, allowed: "ascending" });
        }
        all_counts("positives", &levels.iter().map(|level| level.positives).collect::<Vec<_>>())?;
        all_counts("negatives", &levels.iter().map(|level| level.negatives).collect::<Vec<_>>())?;
        Ok(Self { levels })
    }

    /// The table of several clusters together.
    pub fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::pooled(parts.into_iter().flat_map(|part| part.levels.iter().copied()).collect())
    }

    /// The table of rows in any order; equal scores are added up.
    pub fn pooled(mut rows: Vec<ScoreLevel>) -> Self {
        rows.sort_by(|a, b| a.score.total_cmp(&b.score));
        let mut levels: Vec<ScoreLevel> = Vec::new();
        for row in rows {
            match levels.last_mut() {
                // `==`, so that -0.0 and 0.0 are one level.
                Some(level) if level.score == row.score => {
                    level.positives += row.positives;
                    level.negatives += row.negatives;
                }
                _ => levels.push(row),
            }
        }
        Self { levels }
    }

    /// The rows, ascending in score.
    pub fn rows(&self) -> &[ScoreLevel] {
        &self.levels
    }

    /// All positives.
    pub fn positives(&self) -> f64 {
        self.levels.iter().map(|level| level.positives).sum()
    }

    /// All negatives.
    pub fn negatives(&self) -> f64 {
        self.levels.iter().map(|level| level.negatives).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_scores_make_one_level() {
        let labels = [true, false, true, false];
        let levels = LabelledScores::new(&labels, &[0.5, 0.0, 0.5, -0.0]).unwrap().levels();
        let expected = [
            ScoreLevel { score: 0.0, positives: 0.0, negatives: 2.0 },
            ScoreLevel { score: 0.5, positives: 2.0, negatives: 0.0 },
        ];
        assert_eq!(levels.rows(), expected);
        assert_eq!(ScoreLevels::new(expected.to_vec()).unwrap(), levels);
        let halves = [(0, 2), (2, 4)].map(|(from, to)| {
            LabelledScores::new(&labels[from..to], &[0.5, 0.0, 0.5, -0.0][from..to]).unwrap().levels()
        });
        assert_eq!(ScoreLevels::merged(&halves), levels);
    }

    #[test]
    fn malformed_scores_are_refused() {
        assert!(LabelledScores::new(&[true], &[]).is_err());
        assert!(LabelledScores::new(&[true], &[f64::NAN]).is_err());
        let row = ScoreLevel { score: 1.0, positives: 1.0, negatives: 0.0 };
        assert!(ScoreLevels::new(vec![row, row]).is_err());
        assert!(ScoreLevels::new(vec![ScoreLevel { positives: -1.0, ..row }]).is_err());
    }
}
