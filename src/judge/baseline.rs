//! Baselines computed in process: what a judge that knows nothing would score.

use std::num::NonZeroU32;

use super::coverage::coverage_verdict;
use super::lexical::Lexicon;
use super::live::asks;
use super::phrases::holds_phrase;
use super::spec::{JudgeKind, JudgeSpec};
use crate::gold::GoldSet;
use crate::model::{Axis, Example, Outcome, PerAxis, Severity, Verdict};
use crate::stats::random::{StreamKey, below, uniform};

/// What a baseline works on.
#[derive(Debug, Clone, Copy)]
pub struct BaselineContext<'a> {
    /// The examples to judge.
    pub gold: &'a GoldSet,
    /// The seed of the audit.
    pub seed: u64,
    /// Severity from which an example is a positive in this audit.
    pub thresholds: PerAxis<Severity>,
}

/// A baseline's verdicts on the examples that it can be asked: a judge of the response is not asked where the response is
/// withheld, a judge of the required items not where there are none, or no stems for the set's language.
///
/// Returns none for a judge that is not a baseline.
pub fn baseline_verdicts(judge: &JudgeSpec, context: BaselineContext<'_>) -> Option<Vec<Verdict>> {
    let repeats = match judge.kind {
        JudgeKind::Recorded { .. } | JudgeKind::Live(_) | JudgeKind::Panel(_) => return None,
        JudgeKind::Random { repeats, .. } => repeats,
        JudgeKind::Always
        | JudgeKind::Never
        | JudgeKind::RefusalPhrases { .. }
        | JudgeKind::ItemCoverage
        | JudgeKind::Length => 1,
    };
    if judge.kind == JudgeKind::ItemCoverage {
        return Some(coverage_verdicts(judge, context.gold));
    }
    if judge.kind == JudgeKind::Length {
        return Some(context.gold.examples.iter().filter_map(|example| length_verdict(judge, example)).collect());
    }
    let examples = 0..context.gold.examples.len();
    Some(
        examples
            .flat_map(|position| (0..repeats).map(move |repeat| (position, repeat)))
            .filter_map(|(position, repeat)| verdict(judge, context, position, repeat))
            .collect(),
    )
}

/// Whether the set holds an example on which a judge can be asked.
pub fn can_be_asked(judge: &JudgeSpec, gold: &GoldSet) -> bool {
    let mut examples = gold.examples.iter();
    match judge.kind {
        JudgeKind::RefusalPhrases { .. } | JudgeKind::Length => examples.any(|example| example.response.is_some()),
        JudgeKind::ItemCoverage => {
            Lexicon::of_language(&gold.card.language).is_some()
                && examples.any(|example| example.response.is_some() && !example.required.is_empty())
        }
        JudgeKind::Live(_) => !asks(judge, gold).is_empty(),
        JudgeKind::Recorded { .. }
        | JudgeKind::Panel(_)
        | JudgeKind::Always
        | JudgeKind::Never
        | JudgeKind::Random { .. } => true,
    }
}

fn coverage_verdicts(judge: &JudgeSpec, gold: &GoldSet) -> Vec<Verdict> {
    let Some(lexicon) = Lexicon::of_language(&gold.card.language) else { return Vec::new() };
    let top = gold.card.axis(Axis::Omission).top();
    (0..gold.examples.len())
        .filter(|position| gold.applies(*position, Axis::Omission))
        .filter_map(|position| coverage_verdict(&judge.name, &gold.examples[position], top, &lexicon))
        .collect()
}

/// The number of characters of the response as the score; none where the response is withheld.
fn length_verdict(judge: &JudgeSpec, example: &Example) -> Option<Verdict> {
    let characters = example.response.as_ref()?.plain().chars().count();
    let mut verdict = Verdict::new(&judge.name, &example.id, Outcome::Scored);
    verdict.score = Some(characters as f64);
    Some(verdict)
}

/// One verdict; none where the judge cannot be asked.
fn verdict(judge: &JudgeSpec, context: BaselineContext<'_>, position: usize, repeat: u32) -> Option<Verdict> {
    let gold = context.gold;
    let example = &gold.examples[position];
    let mut verdict = Verdict::new(&judge.name, &example.id, Outcome::Scored);
    verdict.repeat = repeat;
    for axis in judge.axes.iter().copied().filter(|axis| gold.applies(position, *axis)) {
        let top = gold.card.axis(axis).top();
        let severity = match &judge.kind {
            JudgeKind::Always => top,
            JudgeKind::Never => 0,
            JudgeKind::Random { rate, .. } => {
                let flag_at = judge.flag_at.get(&axis).copied().unwrap_or(*context.thresholds.get(axis));
                let key = StreamKey::new(context.seed, &judge.name, axis.name(), &example.id);
                coin(&key, repeat, *rate, flag_at, top)
            }
            JudgeKind::RefusalPhrases { phrases } => {
                let response = example.response.as_ref()?.plain();
                if holds_phrase(&response, phrases) { top } else { 0 }
            }
            JudgeKind::ItemCoverage
            | JudgeKind::Length
            | JudgeKind::Recorded { .. }
            | JudgeKind::Live(_)
            | JudgeKind::Panel(_) => return None,
        };
        verdict.set_severity(axis, Some(i64::from(severity)));
    }
    Some(verdict)
}

/// Flags with probability `rate`; the level is drawn evenly among those on that side of the flag level.
fn coin(key: &StreamKey, repeat: u32, rate: f64, flag_at: Severity, top: Severity) -> Severity {
    let mut stream = key.stream(u64::from(repeat));
    let (lowest, levels) = if uniform(&mut stream) < rate { (flag_at, top - flag_at + 1) } else { (0, flag_at) };
    let levels = NonZeroU32::new(u32::from(levels)).expect("a flag level is from 1 to the top of the scale");
    lowest + below(&mut stream, levels) as Severity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coin_keeps_its_rate_and_stays_on_the_scale() {
        let flips: Vec<Severity> = (0..4000)
            .map(|index| coin(&StreamKey::new(1, "random", "omission", &index.to_string()), 0, 0.25, 2, 4))
            .collect();
        let flagged = flips.iter().filter(|severity| **severity >= 2).count();
        // 1000 expected, standard deviation sqrt(4000 * 3/16) = 27.4; five of them.
        assert!((863..=1137).contains(&flagged), "{flagged}");
        assert!(flips.iter().all(|severity| *severity <= 4));
        for level in 0..=4 {
            assert!(flips.contains(&level), "level {level} is never drawn");
        }
    }

    #[test]
    fn a_rate_of_zero_or_one_never_strays() {
        for index in 0..200 {
            let key = StreamKey::new(1, "random", "omission", &index.to_string());
            assert_eq!(coin(&key, 0, 0.0, 1, 3), 0);
            assert!(coin(&key, 0, 1.0, 1, 3) >= 1);
        }
    }
}
