//! A judge's recall if the gold itself errs.

use crate::measure::answers::{Answered, unscored};
use crate::measure::counts::left_over;
use crate::measure::evaluation::{ImperfectGoldCell, ImperfectGoldSweep, RecallIfGoldErrs};
use crate::stats::correct::Confusion;
use crate::stats::jackknife::{CLUSTER_JACKKNIFE_T, Scale, jackknife_with};
use crate::stats::raters::imperfect_gold;
use crate::stats::{Estimate, Undefined};

/// A corrected rate beyond 0 or 1 by no more than this is one that rounding moved.
const ROUNDING: f64 = 1e-12;

/// Assumed sensitivities and specificities of the gold.
const RATES: [f64; 5] = [0.80, 0.85, 0.90, 0.95, 1.0];
/// Assumed error rates of the gold on harmless examples.
const ERRORS: [f64; 4] = [0.05, 0.10, 0.15, 0.20];

/// Counts of one cluster, or of all: caught, missed, false alarms, passed.
type Counts = [f64; 4];

/// Recall and specificity of the judge under every pair of assumed rates, and its recall under errors of the gold on
/// harmless examples with an interval.
pub(super) fn sweep(
    answers: &[Answered],
    clusters: usize,
    no_cut: Option<Undefined>,
    level: f64,
) -> ImperfectGoldSweep {
    let mut by_cluster = vec![[0.0; 4]; clusters];
    if no_cut.is_none() {
        answers.iter().for_each(|row| add(&mut by_cluster[row.cluster as usize], row));
    }
    by_cluster.retain(|counts| counts.iter().any(|count| *count > 0.0));
    let mut total = [0.0; 4];
    by_cluster.iter().for_each(|counts| total.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count));
    let cells = RATES.into_iter().flat_map(|sensitivity| RATES.map(|specificity| (sensitivity, specificity)));
    let recalls: Vec<RecallIfGoldErrs> = ERRORS
        .into_iter()
        .map(|gold_error| RecallIfGoldErrs {
            gold_error,
            recall: recall(&by_cluster, &total, gold_error, no_cut, level).with_missing(unscored(answers)),
        })
        .collect();
    let observed = (total[0] + total[1] > 0.0).then(|| total[0] / (total[0] + total[1]));
    ImperfectGoldSweep {
        cells: cells.map(|(sensitivity, specificity)| cell(&total, sensitivity, specificity, no_cut)).collect(),
        in_words: in_words(observed, &recalls, no_cut),
        recall_if_gold_errs: recalls,
    }
}

/// A missing verdict on a positive is a miss, on a negative left out.
fn add(counts: &mut Counts, row: &Answered) {
    let flagged = row.flagged_of_asked();
    if row.positive {
        counts[0] += flagged;
        counts[1] += 1.0 - flagged;
    } else {
        counts[2] += flagged;
        counts[3] += (1.0 - row.unscored() - flagged).max(0.0);
    }
}

fn confusion(counts: &Counts) -> Confusion {
    let [caught, missed, alarms, passed] = counts.map(left_over);
    Confusion::new(caught, missed, alarms, passed).expect("counts are finite and not negative")
}

fn cell(total: &Counts, sensitivity: f64, specificity: f64, no_cut: Option<Undefined>) -> ImperfectGoldCell {
    let found = imperfect_gold(&confusion(total), sensitivity, specificity).expect("assumed rates are probabilities");
    let refuted =
        found.as_ref().is_ok_and(|found| found.is_refuted() || found.sensitivity == Err(Undefined::Incompatible));
    let rates = found.and_then(|found| Ok((found.sensitivity?, found.specificity?, found.prevalence?)));
    let rates = if refuted { Err(Undefined::Incompatible) } else { rates };
    let rate = |value: f64| value.clamp(0.0, 1.0);
    ImperfectGoldCell {
        gold_sensitivity: sensitivity,
        gold_specificity: specificity,
        recall: rates.ok().map(|(recall, ..)| rate(recall)),
        specificity: rates.ok().map(|(_, specificity, _)| rate(specificity)),
        prevalence: rates.ok().map(|(.., prevalence)| rate(prevalence)),
        undefined: no_cut.or(rates.err()),
        refuted,
    }
}

/// The recall if the gold calls this share of the harmless examples harmful.
fn recall(by_cluster: &[Counts], total: &Counts, error: f64, no_cut: Option<Undefined>, level: f64) -> Estimate {
    let at = |counts: &Counts| {
        imperfect_gold(&confusion(counts), 1.0, 1.0 - error).expect("assumed rates are probabilities")?.sensitivity
    };
    if let Some(reason) = no_cut {
        return Estimate::undefined(reason, level, CLUSTER_JACKKNIFE_T);
    }
    let with_positives = by_cluster.iter().filter(|counts| counts[0] + counts[1] > 0.0).count();
    let mut estimate = jackknife_with(by_cluster.len(), with_positives as f64 - 1.0, Scale::Logit, level, |left_out| {
        let Some(cluster) = left_out else { return at(total) };
        let mut rest = *total;
        rest.iter_mut().zip(&by_cluster[cluster]).for_each(|(sum, count)| *sum -= count);
        at(&rest)
    });
    estimate.n = total.iter().sum();
    match estimate.value {
        Some(value) if !(-ROUNDING..=1.0 + ROUNDING).contains(&value) => {
            estimate.without_value(Undefined::Incompatible)
        }
        Some(value) => Estimate { value: Some(value.clamp(0.0, 1.0)), ..estimate },
        _ => estimate,
    }
}

/// The largest error of the gold up to which something can be said, and what.
///
/// Recall is monotone in that error, so it stays between its values at none and at the largest. Errors on harmful examples
/// do not change it.
fn in_words(observed: Option<f64>, recalls: &[RecallIfGoldErrs], no_cut: Option<Undefined>) -> String {
    if no_cut.is_some() {
        return "Without a cut there is no recall.".to_owned();
    }
    let Some(observed) = observed else { return "There is no positive, so there is no recall.".to_owned() };
    let defined = recalls.iter().rev().find_map(|at| Some((at.gold_error, at.recall.value?, at.recall.interval())));
    let Some((error, value, interval)) = defined else {
        return format!(
            "If the gold called {:.0} % of the harmless examples harmful, independently of the judge, the counts could not be \
             what they are: its errors are rarer than that, or judge and gold err together.",
            100.0 * recalls[0].gold_error
        );
    };
    let (low, high) = (observed.min(value), observed.max(value));
    let reach = match interval {
        Some(interval) if value >= observed => format!(" (interval up to {:.2})", interval.upper.max(high)),
        _ => String::new(),
    };
    format!(
        "Recall stays between {low:.2} and {high:.2}{reach} if the gold calls up to {:.0} % of the harmless examples \
         harmful and misses any share of the harmful ones, as long as judge and gold err independently.",
        100.0 * error
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(counts: [usize; 4]) -> Vec<Answered> {
        let kinds = [(true, 1), (true, 0), (false, 1), (false, 0)];
        let row = |index: usize, (positive, flagged): (bool, u32)| Answered {
            example: 0,
            cluster: index as u32 % 4,
            gold: u8::from(positive),
            positive,
            trials: 1,
            scored: 1,
            flagged,
            severity: None,
            probability: None,
            score: None,
        };
        let kind = |(kind, count): ((bool, u32), usize)| (0..count).map(move |index| row(index, kind));
        kinds.into_iter().zip(counts).flat_map(kind).collect()
    }

    #[test]
    fn recall_by_hand_and_whatever_the_gold_misses() {
        // 100 examples: 20 of 40 positives caught, 6 false alarms. At a specificity of 0.9:
        // (0.20 - 0.1 * 0.26) / (0.40 - 0.1) = 0.174 / 0.3 = 0.58.
        let found = sweep(&rows([20, 20, 6, 54]), 4, None, 0.95);
        let at = |sensitivity: f64, specificity: f64| {
            let same = |cell: &&ImperfectGoldCell| {
                cell.gold_sensitivity == sensitivity && cell.gold_specificity == specificity
            };
            found.cells.iter().find(same).unwrap()
        };
        assert!((at(1.0, 0.9).recall.unwrap() - 0.58).abs() < 1e-12);
        assert!((at(0.8, 0.9).recall.unwrap() - 0.58).abs() < 1e-12);
        assert!((at(1.0, 1.0).recall.unwrap() - 0.5).abs() < 1e-12);
        // At 0.8: (0.20 - 0.2 * 0.26) / 0.2 = 0.74: the largest of the sweep.
        assert!((found.recall_if_gold_errs[3].recall.value.unwrap() - 0.74).abs() < 1e-12);
        assert!(
            found.in_words.starts_with("Recall stays between 0.50 and 0.74 (interval up to "),
            "{}",
            found.in_words
        );
    }

    #[test]
    fn what_the_counts_contradict_is_marked() {
        // 10 positives of 100: a gold that calls 10 % or more of the harmless ones harmful would call more than these.
        let found = sweep(&rows([9, 1, 2, 88]), 4, None, 0.95);
        let refuted = found.cells.iter().filter(|cell| cell.refuted).count();
        assert!(refuted >= 10, "{refuted}");
        assert!(found.cells.iter().all(|cell| cell.recall.is_none() == cell.undefined.is_some()));
        // 0.09 - 0.05 * 0.11 over 0.10 - 0.05 = 1.69: no recall.
        assert_eq!(found.recall_if_gold_errs[0].recall.undefined, Some(Undefined::Incompatible));
        assert!(found.in_words.contains("rarer than that"), "{}", found.in_words);
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(sweep(&[], 1, None, 0.95).cells[0].undefined, Some(Undefined::NoData));
        let none = sweep(&rows([1, 1, 1, 1]), 4, Some(Undefined::NoCut), 0.95);
        assert!(none.cells.iter().all(|cell| cell.undefined == Some(Undefined::NoCut) && cell.recall.is_none()));
        assert_eq!(none.recall_if_gold_errs[0].recall.undefined, Some(Undefined::NoCut));
    }
}
