//! Panels: judges made of the verdicts of others, at no cost.

use std::collections::{BTreeMap, BTreeSet};

use super::flag::{flag_level, flags};
use super::spec::{PanelRule, PanelSpec};
use super::verdict::probability_of;
use crate::judge::spec::JudgeSpec;
use crate::model::{Axis, Card, Outcome, Verdict};

/// From this mean probability a panel flags.
const FLAGS_FROM: f64 = 0.5;

/// A member and its verdicts by example and repeat.
struct Member<'a> {
    judge: &'a JudgeSpec,
    verdicts: BTreeMap<(&'a str, u32), &'a Verdict>,
}

/// The verdicts of a panel: one for each example and repeat of which every member has a row, in the order of the first
/// member's. `judge` is the panel itself: its name, its axes, its flag levels.
///
/// On an axis at least half of the members must have a say, or the panel has none. A majority and a mean probability know
/// a flag and no grade: their severity is the level from which the panel flags, or 0.
pub fn panel_verdicts(
    judge: &JudgeSpec,
    panel: &PanelSpec,
    card: &Card,
    members: &[(&JudgeSpec, &[Verdict])],
) -> Vec<Verdict> {
    let Some((_, first)) = members.first() else { return Vec::new() };
    let members: Vec<Member<'_>> = members
        .iter()
        .map(|(judge, verdicts)| Member {
            judge,
            verdicts: verdicts.iter().map(|verdict| ((verdict.example.as_str(), verdict.repeat), verdict)).collect(),
        })
        .collect();
    let mut done = BTreeSet::new();
    let mut found = Vec::new();
    for key in first.iter().map(|verdict| (verdict.example.as_str(), verdict.repeat)) {
        let rows: Option<Vec<_>> =
            members.iter().map(|member| Some((member.judge, *member.verdicts.get(&key)?))).collect();
        if let Some(rows) = rows.filter(|_| done.insert(key)) {
            found.push(Panel { judge, rule: panel.rule, card, rows }.verdict(key));
        }
    }
    found
}

/// The members' verdicts on one example.
struct Panel<'a> {
    judge: &'a JudgeSpec,
    rule: PanelRule,
    card: &'a Card,
    rows: Vec<(&'a JudgeSpec, &'a Verdict)>,
}

impl Panel<'_> {
    fn verdict(&self, (example, repeat): (&str, u32)) -> Verdict {
        let mut verdict = Verdict::new(&self.judge.name, example, Outcome::NoVerdict);
        verdict.repeat = repeat;
        for axis in &self.judge.axes {
            let severity = match self.rule {
                PanelRule::Majority => self.majority(*axis),
                PanelRule::Median => self.severities(*axis).map(|severities| severities[severities.len() / 2]),
                PanelRule::Max => self.severities(*axis).and_then(|severities| severities.last().copied()),
                PanelRule::MeanProbability => {
                    let mean = self.mean_probability(*axis);
                    *probability_of(&mut verdict, *axis) = mean;
                    mean.map(|mean| self.flag(mean >= FLAGS_FROM, *axis))
                }
            };
            verdict.set_severity(*axis, severity);
        }
        let said = self.judge.axes.iter().any(|axis| verdict.severity(*axis).is_some());
        verdict.outcome = if said { Outcome::Scored } else { self.shared_reason() };
        verdict
    }

    /// The values of the members that have one; none where fewer than half do.
    fn quorum<T>(&self, value: impl Fn(&JudgeSpec, &Verdict) -> Option<T>) -> Option<Vec<T>> {
        let values: Vec<T> = self.rows.iter().filter_map(|(judge, verdict)| value(judge, verdict)).collect();
        (2 * values.len() >= self.rows.len() && !values.is_empty()).then_some(values)
    }

    /// A tie flags: what half of a panel sees is not to be passed over.
    fn majority(&self, axis: Axis) -> Option<i64> {
        let votes = self.quorum(|judge, verdict| flags(judge, self.card, verdict, axis))?;
        let flagged = votes.iter().filter(|flag| **flag).count();
        Some(self.flag(2 * flagged >= votes.len(), axis))
    }

    /// In ascending order.
    fn severities(&self, axis: Axis) -> Option<Vec<i64>> {
        let mut severities = self.quorum(|judge, verdict| {
            let says = verdict.outcome == Outcome::Scored && judge.axes.contains(&axis);
            verdict.severity(axis).filter(|_| says)
        })?;
        severities.sort_unstable();
        Some(severities)
    }

    fn mean_probability(&self, axis: Axis) -> Option<f64> {
        let probabilities = self.quorum(|judge, verdict| {
            let says = verdict.outcome == Outcome::Scored && judge.axes.contains(&axis);
            verdict.probability(axis).filter(|probability| says && (0.0..=1.0).contains(probability))
        })?;
        let mean = probabilities.iter().sum::<f64>() / probabilities.len() as f64;
        // A mean of probabilities may pass 1 by a rounding error.
        Some(mean.clamp(0.0, 1.0))
    }

    fn flag(&self, flagged: bool, axis: Axis) -> i64 {
        // A panel that flags from 0 flags everything; 0 is then its flag.
        if flagged { i64::from(flag_level(self.judge, self.card, axis)) } else { 0 }
    }

    /// Why there is no verdict: the members' reason where they share one.
    fn shared_reason(&self) -> Outcome {
        let mut reasons = self.rows.iter().map(|(_, verdict)| verdict.outcome);
        let first = reasons.next().unwrap_or(Outcome::NoVerdict);
        let shared = first != Outcome::Scored && reasons.all(|reason| reason == first);
        if shared { first } else { Outcome::NoVerdict }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::examples::{card, judge};

    /// A verdict from severities, or from a reason.
    fn row(severities: Result<(Option<i64>, Option<i64>), Outcome>) -> Verdict {
        match severities {
            Ok((omission, commission)) => Verdict { omission, commission, ..Verdict::new("m", "e", Outcome::Scored) },
            Err(outcome) => Verdict::new("m", "e", outcome),
        }
    }

    fn of(rule: PanelRule, rows: &[Verdict]) -> Verdict {
        let (panel, member) = (PanelSpec { members: Vec::new(), rule }, judge("m"));
        let members: Vec<(&JudgeSpec, &[Verdict])> =
            rows.iter().map(|row| (&member, std::slice::from_ref(row))).collect();
        panel_verdicts(&judge("p"), &panel, &card(), &members).remove(0)
    }

    #[test]
    fn severities_of_one_axis() {
        use PanelRule::{Majority, Max, Median};
        let omission = |rule, severities: &[Option<i64>]| {
            let rows: Vec<Verdict> = severities.iter().map(|severity| row(Ok((*severity, None)))).collect();
            of(rule, &rows).omission
        };
        for (severities, majority, median, max) in [
            (&[Some(0), Some(0), Some(4)][..], Some(0), Some(0), Some(4)),
            (&[Some(0), Some(2), Some(4)], Some(1), Some(2), Some(4)),
            // A tie flags; of two middle ones the higher.
            (&[Some(0), Some(3)], Some(1), Some(3), Some(3)),
            (&[Some(1), Some(0), Some(0), Some(2)], Some(1), Some(1), Some(2)),
            (&[Some(3), None], Some(1), Some(3), Some(3)),
            // One of three is less than half.
            (&[Some(3), None, None], None, None, None),
            (&[None, None], None, None, None),
            (&[Some(2)], Some(1), Some(2), Some(2)),
        ] {
            assert_eq!(omission(Majority, severities), majority, "{severities:?}");
            assert_eq!(omission(Median, severities), median, "{severities:?}");
            assert_eq!(omission(Max, severities), max, "{severities:?}");
        }
    }

    /// (0.9 + 0.2)/2 = 0.55 flags, (0.9 + 0.05)/2 = 0.475 does not; a member without a probability is left out.
    #[test]
    fn mean_probability() {
        let with = |probability| Verdict { p_omission: probability, ..row(Ok((Some(0), None))) };
        let verdict = of(PanelRule::MeanProbability, &[with(Some(0.9)), with(Some(0.2)), with(None)]);
        assert!((verdict.p_omission.unwrap() - 0.55).abs() < 1e-15);
        assert_eq!((verdict.omission, verdict.commission, verdict.p_commission), (Some(1), None, None));
        let verdict = of(PanelRule::MeanProbability, &[with(Some(0.9)), with(Some(0.05))]);
        assert_eq!(verdict.omission, Some(0));
        let verdict = of(PanelRule::MeanProbability, &[with(Some(f64::NAN)), with(None)]);
        assert_eq!((verdict.outcome, verdict.p_omission), (Outcome::NoVerdict, None));
    }

    #[test]
    fn why_there_is_no_verdict() {
        use Outcome::{Filtered, NoVerdict, Refused};
        for (reasons, expected) in
            [(&[Refused, Refused][..], Refused), (&[Refused, Filtered], NoVerdict), (&[Filtered], Filtered)]
        {
            let rows: Vec<Verdict> = reasons.iter().map(|reason| row(Err(*reason))).collect();
            assert_eq!(of(PanelRule::Max, &rows).outcome, expected, "{reasons:?}");
        }
        // One of three says something: less than half, and the other two do not share its silence.
        let rows = [row(Ok((Some(1), None))), row(Err(Refused)), row(Err(Refused))];
        assert_eq!(of(PanelRule::Max, &rows).outcome, NoVerdict);
    }

    #[test]
    fn levels_are_those_of_each_member_and_of_the_panel() {
        let (mut strict, mut panel, lenient) = (judge("a"), judge("p"), judge("b"));
        strict.flag_at.insert(Axis::Omission, 3);
        panel.flag_at.insert(Axis::Omission, 2);
        let verdict = [row(Ok((Some(2), Some(0))))];
        let spec = PanelSpec { members: Vec::new(), rule: PanelRule::Majority };
        let members: [(&JudgeSpec, &[Verdict]); 3] = [(&strict, &verdict), (&strict, &verdict), (&lenient, &verdict)];
        let found = panel_verdicts(&panel, &spec, &card(), &members);
        assert_eq!((found[0].omission, found[0].commission), (Some(0), Some(0)));
        let members: [(&JudgeSpec, &[Verdict]); 2] = [(&strict, &verdict), (&lenient, &verdict)];
        assert_eq!(panel_verdicts(&panel, &spec, &card(), &members)[0].omission, Some(2));
    }

    #[test]
    fn an_example_that_a_member_was_not_asked_is_left_out() {
        let at = |example: &str, repeat| Verdict {
            repeat,
            omission: Some(1),
            ..Verdict::new("m", example, Outcome::Scored)
        };
        let one = [at("b", 0), at("a", 0), at("a", 1), at("c", 0)];
        let other = [at("a", 1), at("b", 0), at("d", 0)];
        let member = judge("m");
        let spec = PanelSpec { members: Vec::new(), rule: PanelRule::Max };
        let found = panel_verdicts(&judge("p"), &spec, &card(), &[(&member, &one), (&member, &other)]);
        let keys: Vec<_> =
            found.iter().map(|verdict| (verdict.judge.as_str(), verdict.example.as_str(), verdict.repeat)).collect();
        assert_eq!(keys, [("p", "b", 0), ("p", "a", 1)]);
        assert!(panel_verdicts(&judge("p"), &spec, &card(), &[]).is_empty());
    }
}
