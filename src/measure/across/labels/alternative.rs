//! The alternative annotator test of every judge: could it stand in for a rater?

use rayon::prelude::*;

use crate::measure::answers::{Context, Subject};
use crate::measure::evaluation::{AlternativeAnnotator, RaterDuel};
use crate::model::Axis;
use crate::stats::Undefined;
use crate::stats::compare::{Adjustment, adjust_p_values};
use crate::stats::raters::{AltTest, AltTestSettings, Closeness, RatingTable, alternative_annotator_test};

/// Advantage granted to a judge for being cheap: Calderon and others have 0.2 against experts, 0.15 against skilled raters,
/// 0.1 against crowds. A card does not say which its raters are.
const EPSILON: f64 = 0.15;
/// False discovery rate over raters.
const FALSE_DISCOVERY_RATE: f64 = 0.05;
/// Share of the raters from which a judge passes.
const HALF: f64 = 0.5;
/// Name of the method.
const METHOD: &str = "alternative_annotator_clustered_t";

/// The test of every judge, in their order, the comparisons of all judges adjusted together.
pub(super) fn tests(subjects: &[Subject<'_>], axis: Axis, context: &Context<'_>) -> Vec<AlternativeAnnotator> {
    let votes = context.layout.votes(axis);
    let examples: Vec<usize> =
        (0..context.gold.examples.len()).filter(|example| votes.row_of_several(*example).is_some()).collect();
    let clusters: Vec<usize> = examples.iter().map(|example| context.layout.cluster(*example)).collect();
    let lines = examples.iter().filter_map(|example| Some(votes.line(votes.row(*example)?))).collect();
    let table = RatingTable::new(lines, votes.levels()).expect("ratings lie on the card's scale");
    let settings = AltTestSettings {
        epsilon: EPSILON,
        q: FALSE_DISCOVERY_RATE,
        closeness: Closeness::Accuracy,
        ..AltTestSettings::default()
    };
    let test = |subject: &Subject<'_>| {
        if subject.axes.get(axis).is_none() {
            return Err(Undefined::NotAnswered);
        }
        if subject.scale.is_some() {
            return Err(Undefined::NoSeverities);
        }
        let levels = levels(subject, axis, &examples);
        alternative_annotator_test(&levels, &table, Some(&clusters), &settings)
            .expect("lengths are those of the examples")
    };
    let found: Vec<Result<AltTest, Undefined>> = subjects.par_iter().map(test).collect();
    let rater = |column: usize| context.gold.raters[votes.raters[column]].id.clone();
    let mut tests: Vec<AlternativeAnnotator> =
        subjects.iter().zip(found).map(|(subject, found)| of_judge(subject.name(), found, &rater)).collect();
    tests.sort_by(|one, other| one.judge.cmp(&other.judge));
    together(&mut tests);
    tests
}

/// The judge's severity of each example, that of its repeats rounded, halves up; none where it has no verdict.
fn levels(subject: &Subject<'_>, axis: Axis, examples: &[usize]) -> Vec<Option<usize>> {
    let mut levels = vec![None; examples.len()];
    for row in subject.on(axis) {
        if let (Ok(position), Some(severity)) = (examples.binary_search(&(row.example as usize)), row.severity) {
            levels[position] = Some((severity + 0.5).floor() as usize);
        }
    }
    levels
}

fn of_judge(judge: &str, found: Result<AltTest, Undefined>, rater: &impl Fn(usize) -> String) -> AlternativeAnnotator {
    let duels = found.iter().flat_map(|test| &test.raters);
    AlternativeAnnotator {
        judge: judge.to_owned(),
        epsilon: EPSILON,
        false_discovery_rate: FALSE_DISCOVERY_RATE,
        winning_rate: found.as_ref().ok().map(|test| test.winning_rate),
        winning_rate_all_judges: None,
        advantage: found.as_ref().ok().map(|test| test.advantage),
        passed: None,
        undefined: found.as_ref().err().copied(),
        comparisons_with_raters: duels
            .map(|duel| RaterDuel {
                rater: rater(duel.rater),
                examples: duel.items,
                judge_wins: duel.judge_wins,
                rater_wins: duel.rater_wins,
                p_value: duel.p,
                p_adjusted: duel.p_adjusted,
                p_adjusted_all_judges: duel.p,
            })
            .collect(),
        method: METHOD.to_owned(),
    }
}

/// Adjusts the comparisons of all judges as one family (Benjamini and Yekutieli: they share examples and raters).
fn together(tests: &mut [AlternativeAnnotator]) {
    let duels = || tests.iter().flat_map(|test| &test.comparisons_with_raters);
    let p_values: Vec<f64> = duels().map(|duel| duel.p_value).collect();
    let Ok(adjusted) = adjust_p_values(&p_values, Adjustment::BenjaminiYekutieli) else { return };
    let mut adjusted = adjusted.into_iter();
    for test in tests.iter_mut().filter(|test| !test.comparisons_with_raters.is_empty()) {
        let mut won = 0;
        for duel in &mut test.comparisons_with_raters {
            duel.p_adjusted_all_judges = adjusted.next().unwrap_or(1.0);
            won += usize::from(duel.p_adjusted_all_judges <= FALSE_DISCOVERY_RATE);
        }
        let rate = won as f64 / test.comparisons_with_raters.len() as f64;
        (test.winning_rate_all_judges, test.passed) = (Some(rate), Some(rate >= HALF));
    }
}

#[cfg(test)]
mod tests_of_the_family {
    use super::*;
    use crate::stats::raters::AltTestRater;

    fn found(p: f64) -> Result<AltTest, Undefined> {
        let rater =
            AltTestRater { rater: 0, items: 40, judge_wins: 0.9, rater_wins: 0.8, p, p_adjusted: p, rejected: true };
        Ok(AltTest { winning_rate: 1.0, advantage: 0.9, raters: vec![rater] })
    }

    /// Two judges with one rater each, p = 0.01 and 0.04: the harmonic sum 3/2 times 2 over ranks 1 and 2: 0.03 and 0.06.
    #[test]
    fn a_second_judge_makes_the_test_stricter() {
        let name = |_: usize| "ann".to_owned();
        let mut tests = vec![
            of_judge("a", found(0.01), &name),
            of_judge("b", found(0.04), &name),
            of_judge("c", Err(Undefined::TooFew), &name),
        ];
        together(&mut tests);
        let adjusted = |index: usize| tests[index].comparisons_with_raters[0].p_adjusted_all_judges;
        assert!((adjusted(0) - 0.03).abs() < 1e-12 && (adjusted(1) - 0.06).abs() < 1e-12);
        assert_eq!((tests[0].passed, tests[1].passed, tests[2].passed), (Some(true), Some(false), None));
        assert_eq!((tests[1].winning_rate, tests[1].winning_rate_all_judges), (Some(1.0), Some(0.0)));
        assert_eq!(tests[2].undefined, Some(Undefined::TooFew));
    }
}
