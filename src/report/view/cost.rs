//! Figure 9: what omission recall costs, in money and in time, where the verdicts say so.

use super::{Mark, in_drawing_order, labels_and_level};
use crate::measure::{CostAndSpeed, Evaluation, JudgeEvaluation};
use crate::model::Axis;
use crate::report::format::{clean, fraction, share};

/// A panel for money and one for time, each where a judge's verdicts state it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct CostView {
    pub(in crate::report) note: String,
    pub(in crate::report) panels: Vec<CostPanel>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct CostPanel {
    pub(in crate::report) name: &'static str,
    /// What runs to the right, with its unit.
    pub(in crate::report) unit: &'static str,
    pub(in crate::report) rows: Vec<CostRow>,
}

/// One judge.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct CostRow {
    pub(in crate::report) judge: String,
    pub(in crate::report) amount: f64,
    /// The amount as it stands beside the name.
    pub(in crate::report) written: String,
    pub(in crate::report) recall: Mark,
    /// Recall, amount and how many verdicts state it.
    pub(in crate::report) words: String,
}

impl CostView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let panel = |name, unit, amount: fn(&CostAndSpeed) -> Option<Amount>| CostPanel {
            name,
            unit,
            rows: in_drawing_order(evaluation).into_iter().filter_map(|judge| row(judge, amount)).collect(),
        };
        let panels = [
            panel("cost", "US dollars for 1000 verdicts", cost),
            panel("time", "seconds a verdict takes, median", seconds),
        ];
        Self {
            note: format!(
                "{}; {} omission positives in the set",
                labels_and_level(evaluation),
                evaluation.gold.axes.omission.positives
            ),
            panels: panels.into_iter().filter(|panel| !panel.rows.is_empty()).collect(),
        }
    }
}

/// An amount, how it is written, and what is said of it.
struct Amount {
    value: f64,
    written: String,
    words: String,
}

fn cost(of: &CostAndSpeed) -> Option<Amount> {
    let value = of.cost_usd_per_1000?;
    let written = format!("$ {}", decimals(value));
    let words = format!("{written} for 1000 verdicts, stated by {} of {}", of.cost_known, of.verdicts);
    Some(Amount { value, written, words })
}

fn seconds(of: &CostAndSpeed) -> Option<Amount> {
    let latency = of.latency_seconds.as_ref()?;
    let written = format!("{} s", decimals(latency.median));
    let words = format!(
        "{written} in the median and at most {} s for nine of ten verdicts, stated by {} of {}",
        decimals(latency.p90),
        of.latency_known,
        of.verdicts
    );
    Some(Amount { value: latency.median, written, words })
}

fn row(judge: &JudgeEvaluation, amount: fn(&CostAndSpeed) -> Option<Amount>) -> Option<CostRow> {
    let recall = &judge.axes.get(Axis::Omission).as_deref()?.recall;
    let amount = amount(judge.cost.as_ref()?)?;
    Some(CostRow {
        judge: clean(&judge.judge),
        amount: amount.value,
        written: amount.written,
        recall: Mark::of(recall)?,
        words: format!("recall {} ({}), {}", share(recall), fraction(recall), amount.words),
    })
}

/// Three digits or so, as far as there are any.
fn decimals(amount: f64) -> String {
    match amount {
        _ if amount == 0.0 => "0".to_owned(),
        _ if amount >= 100.0 => format!("{amount:.0}"),
        _ if amount >= 0.1 => format!("{amount:.2}"),
        _ if amount >= 0.0005 => format!("{amount:.3}"),
        _ => "< 0.001".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::LatencySeconds;

    #[test]
    fn amounts_are_said_with_their_unit_and_how_many_state_them() {
        let mut of = CostAndSpeed {
            verdicts: 40,
            cost_usd_per_1000: Some(0.0721),
            cost_known: 38,
            latency_seconds: Some(LatencySeconds { median: 1.25, p90: 130.4 }),
            latency_known: 39,
            input_tokens_per_verdict: None,
            output_tokens_per_verdict: None,
        };
        let found = cost(&of).unwrap();
        assert_eq!((found.value, found.words.as_str()), (0.0721, "$ 0.072 for 1000 verdicts, stated by 38 of 40"));
        let found = seconds(&of).unwrap();
        let words = "1.25 s in the median and at most 130 s for nine of ten verdicts, stated by 39 of 40";
        assert_eq!((found.value, found.words.as_str()), (1.25, words));
        (of.cost_usd_per_1000, of.latency_seconds) = (None, None);
        assert!(cost(&of).is_none() && seconds(&of).is_none());
    }
}
