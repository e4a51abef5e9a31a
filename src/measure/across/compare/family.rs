//! Families of tests: which were named beforehand, and what the number of tests does to a p-value.

use crate::measure::blocks::gap::in_words;
use crate::measure::evaluation::{
    AdjustedTest, ComparedPairs, Comparison, ComparisonPlan, JudgeEvaluation, PairedDifference, TestFamily,
};
use crate::measure::options::{PrimaryComparison, PrimaryMetric};
use crate::model::{Axis, PerAxis};
use crate::stats::compare::{Adjustment, adjust_p_values};

/// A test and where its adjusted p-value goes.
struct Test<'a> {
    p_value: f64,
    family: TestFamily,
    adjusted: &'a mut Option<AdjustedTest>,
}

/// Adjusts every test of the comparisons and the gap of every judge, and says how many there were.
pub(super) fn adjust(
    comparisons: &mut [Comparison],
    judges: &mut [JudgeEvaluation],
    primary: PrimaryComparison,
    pairs: ComparedPairs,
    is_baseline: &dyn Fn(&str) -> bool,
) -> ComparisonPlan {
    let mut tests: Vec<Test<'_>> = Vec::new();
    for comparison in comparisons {
        let judged = !is_baseline(&comparison.first) && !is_baseline(&comparison.second);
        of_comparison(comparison, primary, judged, &mut tests);
    }
    for judge in judges.iter_mut() {
        let family = if is_baseline(&judge.judge) { TestFamily::Exploratory } else { TestFamily::Confirmatory };
        let gap = &mut judge.recall_gap;
        tests.extend(gap.p_value.map(|p_value| Test { p_value, family, adjusted: &mut gap.adjusted }));
    }
    let [confirmatory_tests, exploratory_tests] =
        [(TestFamily::Confirmatory, Adjustment::Holm), (TestFamily::Exploratory, Adjustment::BenjaminiHochberg)]
            .map(|(family, adjustment)| adjust_family(&mut tests, family, adjustment));
    judges.iter_mut().for_each(|judge| judge.recall_gap.in_words = in_words(&judge.recall_gap));
    ComparisonPlan { primary, pairs, confirmatory_tests, exploratory_tests }
}

/// The tests of one pair; the primary metric is confirmatory where neither judge is a baseline.
fn of_comparison<'a>(
    comparison: &'a mut Comparison,
    primary: PrimaryComparison,
    judged: bool,
    tests: &mut Vec<Test<'a>>,
) {
    let mut push = |difference: &'a mut PairedDifference, first: bool| {
        let family = if first && judged { TestFamily::Confirmatory } else { TestFamily::Exploratory };
        tests.extend(difference.p_value.map(|p_value| Test { p_value, family, adjusted: &mut difference.adjusted }));
    };
    let PerAxis { omission, commission } = &mut comparison.axes;
    for (axis, numbers) in [(Axis::Omission, omission), (Axis::Commission, commission)] {
        let Some(numbers) = numbers else { continue };
        let is_primary = |metric: PrimaryMetric| primary == PrimaryComparison { metric, axis };
        push(&mut numbers.recall, is_primary(PrimaryMetric::Recall));
        push(&mut numbers.false_alarm_rate, false);
        push(&mut numbers.youden_j, is_primary(PrimaryMetric::YoudenJ));
        push(&mut numbers.auc, false);
    }
    push(&mut comparison.recall_gap, false);
}

/// Adjusts one family and returns its size.
fn adjust_family(tests: &mut [Test<'_>], family: TestFamily, adjustment: Adjustment) -> usize {
    let mut own: Vec<&mut Test<'_>> = tests.iter_mut().filter(|test| test.family == family).collect();
    let family_size = own.len();
    let p_values: Vec<f64> = own.iter().map(|test| test.p_value).collect();
    let adjusted = adjust_p_values(&p_values, adjustment).unwrap_or_default();
    for (test, p_value) in own.iter_mut().zip(adjusted) {
        *test.adjusted = Some(AdjustedTest { p_value, family, family_size });
    }
    family_size
}
