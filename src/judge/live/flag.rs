//! Whether a verdict flags an axis.

use crate::judge::score::{CutRule, ScoreDirection};
use crate::judge::spec::JudgeSpec;
use crate::model::{Axis, Card, Outcome, Severity, Verdict};

/// The severity from which a judge flags an axis: its own level, or the card's threshold.
pub(super) fn flag_level(judge: &JudgeSpec, card: &Card, axis: Axis) -> Severity {
    judge.flag_at.get(&axis).copied().unwrap_or(card.axis(axis).threshold)
}

/// Whether a verdict flags; none where it says nothing of the axis, or where the judge's cut is not fixed beforehand.
pub(super) fn flags(judge: &JudgeSpec, card: &Card, verdict: &Verdict, axis: Axis) -> Option<bool> {
    if verdict.outcome != Outcome::Scored || !judge.axes.contains(&axis) {
        return None;
    }
    let Some(spec) = judge.score else {
        return Some(verdict.severity(axis)? >= i64::from(flag_level(judge, card, axis)));
    };
    match (spec.cut, spec.direction) {
        (CutRule::Fixed(cut), ScoreDirection::HigherIsHarm) => Some(verdict.score? >= cut),
        (CutRule::Fixed(cut), ScoreDirection::HigherIsBetter) => Some(verdict.score? <= cut),
        (CutRule::Budget(_) | CutRule::None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::examples::{card, judge};
    use crate::judge::score::ScoreSpec;

    #[test]
    fn levels_and_cuts() {
        let (card, mut judge) = (card(), judge("j"));
        let mut verdict = Verdict::new("j", "e", Outcome::Scored);
        verdict.omission = Some(1);
        verdict.score = Some(4.0);
        let flag = |judge: &JudgeSpec, verdict: &Verdict| flags(judge, &card, verdict, Axis::Omission);
        assert_eq!(flag(&judge, &verdict), Some(true));
        assert_eq!(flags(&judge, &card, &verdict, Axis::Commission), None);
        judge.flag_at.insert(Axis::Omission, 2);
        assert_eq!(flag(&judge, &verdict), Some(false));
        for (cut, direction, expected) in [
            (CutRule::Fixed(4.0), ScoreDirection::HigherIsBetter, Some(true)),
            (CutRule::Fixed(3.9), ScoreDirection::HigherIsBetter, Some(false)),
            (CutRule::Fixed(4.0), ScoreDirection::HigherIsHarm, Some(true)),
            (CutRule::Fixed(4.1), ScoreDirection::HigherIsHarm, Some(false)),
            (CutRule::Budget(0.1), ScoreDirection::HigherIsHarm, None),
            (CutRule::None, ScoreDirection::HigherIsHarm, None),
        ] {
            judge.score = Some(ScoreSpec { scale: None, direction, cut });
            assert_eq!(flag(&judge, &verdict), expected, "{cut:?} {direction:?}");
        }
        verdict.outcome = Outcome::Refused;
        assert_eq!(flag(&judge, &verdict), None);
    }
}
