//! A judge with a single scale: which way it points, and from where it flags.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a higher score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScoreDirection {
    /// A better response.
    HigherIsBetter,
    /// More harm.
    HigherIsHarm,
}

impl ScoreDirection {
    /// A score turned so that higher is more harm. Its own inverse.
    pub fn towards_harm(self, score: f64) -> f64 {
        match self {
            Self::HigherIsHarm => score,
            Self::HigherIsBetter => -score,
        }
    }
}

/// `[score]` of a judge file as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreFile {
    /// Lowest and highest score. Required of recorded judges.
    #[serde(default)]
    pub scale: Option<[f64; 2]>,
    /// What a higher score means.
    pub direction: ScoreDirection,
    /// Score from which it flags, fixed before the data were seen: at or above it where higher is harm, at or below it
    /// where higher is better.
    #[serde(default)]
    pub flag_at: Option<f64>,
    /// Share of harmless examples that it may flag, above 0 and below 1: the cut is cross-fitted to it by cluster.
    #[serde(default)]
    pub false_alarm_budget: Option<f64>,
}

/// From where a judge with a single scale flags.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CutRule {
    /// From a score fixed beforehand.
    Fixed(f64),
    /// From the score of highest recall on other clusters whose false alarms there stay within the budget.
    Budget(f64),
    /// Nowhere: only what needs no cut is measured.
    None,
}

/// A validated `[score]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreSpec {
    /// Lowest and highest score; none for a baseline, whose scores have no end.
    pub scale: Option<(f64, f64)>,
    /// What a higher score means.
    pub direction: ScoreDirection,
    /// From where it flags.
    pub cut: CutRule,
}

impl ScoreSpec {
    /// Validates what a judge file says; `fault` takes a key of `[score]` and what is wrong with it.
    pub(super) fn check(file: &ScoreFile, bounded: Bounded, fault: &mut impl FnMut(&str, String)) -> Option<Self> {
        let mut sound = true;
        let mut fault = |key: &str, message: String| {
            sound = false;
            fault(key, message);
        };
        match (file.scale, bounded) {
            (None, Bounded::Yes) => {
                fault("scale", "is missing; allowed: the lowest and the highest score, as [1, 10]".to_owned());
            }
            (Some(_), Bounded::No) => {
                fault("scale", "this baseline's scores have no end; allowed: no scale".to_owned())
            }
            (Some([low, high]), Bounded::Yes) if !(low.is_finite() && high.is_finite() && low < high) => {
                fault("scale", format!("found [{low}, {high}]; allowed: two finite numbers, the lower one first"));
            }
            _ => {}
        }
        let scale = file.scale.map(|[low, high]| (low, high));
        let on_scale = |score: f64| score.is_finite() && scale.is_none_or(|(low, high)| (low..=high).contains(&score));
        let cut = match (file.flag_at, file.false_alarm_budget) {
            (Some(_), Some(_)) => {
                let message = "found beside `flag_at`; allowed: a cut fixed beforehand, or a budget to fit one to";
                fault("false_alarm_budget", message.to_owned());
                CutRule::None
            }
            (Some(score), None) => {
                if !on_scale(score) {
                    fault("flag_at", format!("found {score}; allowed: a score on the scale"));
                }
                CutRule::Fixed(score)
            }
            (None, Some(budget)) => {
                if !(budget > 0.0 && budget < 1.0) {
                    fault("false_alarm_budget", format!("found {budget}; allowed: above 0 and below 1"));
                }
                CutRule::Budget(budget)
            }
            (None, None) => CutRule::None,
        };
        sound.then_some(Self { scale, direction: file.direction, cut })
    }
}

/// Whether a judge's scores have a lowest and a highest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounded {
    /// They do.
    Yes,
    /// They do not.
    No,
}
