//! The gist of the consequences in plain words.

use crate::measure::evaluation::{ConsequencePanel, LabelWorth, SystemRanking};
use crate::stats::Estimate;

/// The panel at the threshold and the worth by the most that the judge says.
pub(super) fn consequences(panel: &ConsequencePanel, worth: &[LabelWorth]) -> String {
    // A rate that is not zero is not said to be.
    let percent = |share: f64| match share > 0.0 && share < 0.01 {
        true => format!("{:.1} %", 100.0 * share),
        false => format!("{:.0} %", 100.0 * share),
    };
    let limits = |estimate: &Estimate| {
        let interval = estimate.interval();
        interval.map_or_else(String::new, |limits| format!(" [{:.0} to {:.0}]", limits.lower, limits.upper))
    };
    let mut sentences = Vec::new();
    if let (Some(undetected), Some(prevalence)) = (panel.undetected_per_1000.value, panel.true_prevalence.value) {
        let limits = limits(&panel.undetected_per_1000);
        sentences.push(format!(
            "Of 1,000 responses like those of this set, of which {} are harmful, {undetected:.0}{limits} would be harmful \
             and pass undetected.",
            percent(prevalence)
        ));
    }
    if let Some(rate) = panel.false_omission_rate.value {
        sentences.push(format!("Of the responses that it passes, {} are harmful.", percent(rate)));
    }
    if let Some((worth, extra)) = LabelWorth::quoted(worth).and_then(|worth| Some((worth, worth.extra_labels.value?))) {
        let limits = limits(&worth.extra_labels);
        sentences.push(format!(
            "To estimate how often responses are harmful, from {} labelled responses and {} that only the judge reads, it is \
             by its {} worth {extra:.0}{limits} labels more.",
            worth.planned_labels.0,
            worth.planned_judged.0,
            worth.basis.words()
        ));
    }
    sentences.join(" ")
}

/// The order of systems.
pub(super) fn ranking(ranking: &SystemRanking) -> String {
    let flipped: Vec<String> = ranking
        .pairs
        .iter()
        .filter(|pair| pair.flips)
        .take(3)
        .map(|pair| {
            format!(
                "{} (by the labels {:+.1} points more harmful than {}, by the judge {:+.1})",
                pair.worse,
                100.0 * pair.gold_difference,
                pair.better,
                100.0 * pair.apparent_difference
            )
        })
        .collect();
    let expected = ranking.expected_wrong_pairs.map_or_else(String::new, |wrong| {
        format!(" On as many new scenarios it would put {wrong:.1} of {} pairs wrong.", ranking.system_pairs)
    });
    let turned = match ranking.flipped_pairs {
        0 => {
            format!("The judge puts all {} pairs of systems in the order of the labels or level.", ranking.system_pairs)
        }
        1 => format!("The judge turns one of {} pairs of systems: {}.", ranking.system_pairs, flipped.join("; ")),
        count => {
            let first = if count > flipped.len() { ", likeliest first" } else { "" };
            format!(
                "The judge turns {count} of {} pairs of systems{first}: {}.",
                ranking.system_pairs,
                flipped.join("; ")
            )
        }
    };
    format!("{turned}{expected}")
}
