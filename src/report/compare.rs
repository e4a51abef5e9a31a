//! Judges side by side as a terminal shows them.

use super::format::{clean, difference, plain, reason, share, short_name};
use super::terminal::{hanging, set_and_labels, table};
use crate::measure::{
    AxisComparison, Choice, ChoiceCheck, Comparison, DetectableFromLabels, Evaluation, Flips, JudgeCost, NoChoice,
    PairedDifference, PrimaryComparison, PrimaryMetric, RankedMetric, Ranking, RunChange, TestFamily,
};
use crate::model::Axis;

/// Pairs that are put in words; the rest are counted.
const PAIRS: usize = 10;

/// What a comparison of judges shows.
pub struct Compared<'a> {
    /// The numbers.
    pub evaluation: &'a Evaluation,
    /// What each judge costs.
    pub costs: &'a [JudgeCost],
    /// The choice that follows.
    pub choice: &'a Choice,
    /// The choice on another part.
    pub check: Option<&'a ChoiceCheck>,
    /// Whether another part was named.
    pub held_out: bool,
}

/// Judges side by side, which of them are told apart, and the one to choose.
pub fn comparison_summary(compared: &Compared<'_>) -> String {
    let evaluation = compared.evaluation;
    let gold = &evaluation.gold;
    let mut text = hanging("", &set_and_labels(gold), "  ");
    for axis in Axis::ALL.into_iter().filter(|axis| gold.axes.get(*axis).labelled > 0) {
        text.push_str(&format!("\n{}", judges(compared, axis)));
    }
    text.push_str(&format!("\n{}", gaps(compared)));
    for ranking in evaluation.rankings.iter().filter(|ranking| ranking.metric == RankedMetric::YoudenJ) {
        text.push_str(&format!("\n{}", places(ranking)));
    }
    text.push_str(&pairs(evaluation));
    text.push('\n');
    text.push_str(&hanging("", &choice(compared.choice, evaluation.settings.level), "  "));
    match compared.check {
        Some(check) => text.push_str(&hanging("", &checked(check, compared.choice), "  ")),
        None if compared.held_out => {
            text.push_str("nothing was chosen, so nothing is checked on the part that was held out\n");
        }
        None => {}
    }
    text
}

/// Recall beside false alarms on one axis, and what a thousand examples cost.
fn judges(compared: &Compared<'_>, axis: Axis) -> String {
    let mut table = table(&[axis.name(), "recall", "false alarms", "Youden J", "USD per 1000"]);
    for judge in &compared.evaluation.judges {
        let Some(numbers) = judge.axes.get(axis) else { continue };
        let cost = compared.costs.iter().find(|cost| cost.judge == judge.judge);
        table.add_row(vec![
            short_name(&judge.judge),
            share(&numbers.recall),
            share(&numbers.false_alarm_rate),
            difference(&numbers.youden_j),
            dollars(cost.and_then(|cost| cost.usd_per_thousand)),
        ]);
    }
    format!("{}\n", table.trim_fmt())
}

fn gaps(compared: &Compared<'_>) -> String {
    let mut table = table(&["recall gap", "omission - commission", "p adjusted"]);
    for judge in &compared.evaluation.judges {
        let gap = &judge.recall_gap;
        let adjusted = gap.adjusted.map(|adjusted| adjusted.p_value);
        table.add_row(vec![short_name(&judge.judge), difference(&gap.estimate), p_value(adjusted)]);
    }
    format!("{}\n", table.trim_fmt())
}

/// Places by one metric on the common examples; letters are shared by judges that are not told apart.
fn places(ranking: &Ranking) -> String {
    let axis = ranking.axis.map_or("both axes", Axis::name);
    let title = format!("place by J on {axis}");
    let mut table = table(&[title.as_str(), "judge", "Youden J", "could be", "group"]);
    for judge in &ranking.judges {
        let range = judge.rank_lower.zip(judge.rank_upper);
        table.add_row(vec![
            judge.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string()),
            short_name(&judge.judge),
            difference(&judge.estimate),
            range.map_or_else(|| "-".to_owned(), |(lower, upper)| format!("{lower} to {upper}")),
            judge.groups.clone(),
        ]);
    }
    let note = match ranking.undefined {
        Some(undefined) => format!("places are not bounded: {}", reason(undefined)),
        None => format!(
            "on the {} examples that all of them were asked; judges that share a letter are not told apart",
            ranking.examples
        ),
    };
    format!("{}\n{}", table.trim_fmt(), hanging("", &note, "  "))
}

/// Each pair: the primary difference with its tests, and the sentence.
fn pairs(evaluation: &Evaluation) -> String {
    let primary = evaluation.settings.primary;
    let mut text = String::new();
    for comparison in evaluation.comparisons.iter().take(PAIRS) {
        text.push('\n');
        text.push_str(&hanging("", &clean(&comparison.in_words), "  "));
        if let Some(found) = primary_of(comparison, primary) {
            text.push_str(&hanging("  ", &test(found, primary), "    "));
        }
    }
    let more = evaluation.comparisons.len().saturating_sub(PAIRS);
    if more > 0 {
        text.push_str(&format!("and {more} more pairs; --format json has all\n"));
    }
    text
}

fn primary_of(comparison: &Comparison, primary: PrimaryComparison) -> Option<&PairedDifference> {
    let numbers: &AxisComparison = comparison.axes.get(primary.axis).as_ref()?;
    Some(match primary.metric {
        PrimaryMetric::YoudenJ => &numbers.youden_j,
        PrimaryMetric::Recall => &numbers.recall,
    })
}

const fn metric_name(primary: PrimaryComparison) -> &'static str {
    match primary.metric {
        PrimaryMetric::YoudenJ => "Youden J",
        PrimaryMetric::Recall => "recall",
    }
}

fn test(found: &PairedDifference, primary: PrimaryComparison) -> String {
    let adjusted = found.adjusted.map_or_else(String::new, |adjusted| {
        let family = match adjusted.family {
            TestFamily::Confirmatory => "confirmatory",
            TestFamily::Exploratory => "exploratory",
        };
        format!(", adjusted {} among {} {family} tests", p_value(Some(adjusted.p_value)), adjusted.family_size)
    });
    let (metric, value) = (metric_name(primary), difference(&found.difference));
    format!("difference of {metric} on {}: {value}, p {}{adjusted}", primary.axis, p_value(found.p_value))
}

fn p_value(value: Option<f64>) -> String {
    super::format::p_value(value)
}

fn dollars(cost: Option<f64>) -> String {
    cost.map_or_else(
        || "unknown".to_owned(),
        |cost| if cost < 1.0 { format!("{cost:.4}") } else { format!("{cost:.2}") },
    )
}

/// The choice in words.
fn choice(choice: &Choice, level: f64) -> String {
    let on = format!("{} on {}", metric_name(choice.primary), choice.primary.axis);
    let Some(best) = &choice.best else {
        return format!(
            "choice: none, since no two judges can be ranked by {on} on the examples that all of them were asked"
        );
    };
    let good: Vec<String> = choice
        .candidates
        .iter()
        .filter(|candidate| candidate.not_worse && candidate.judge != *best)
        .map(|candidate| {
            format!(
                "{} ({})",
                clean(&candidate.judge),
                candidate.difference.as_ref().map_or_else(String::new, difference)
            )
        })
        .collect();
    let shown = match good.is_empty() {
        true => format!("no other is shown to be within {} of it", plain(Some(choice.margin))),
        false => format!("shown to be within {} of it: {}", plain(Some(choice.margin)), good.join(", ")),
    };
    let best = clean(best);
    let outcome = match (&choice.chosen, choice.no_choice) {
        (Some(chosen), _) => format!("choice: {}", clean(chosen)),
        (None, Some(NoChoice::NoCosts)) => "choice: open, since not every cost is known".to_owned(),
        (None, _) => "choice: none".to_owned(),
    };
    format!("{outcome}. The best by {on} is {best}; {shown} (two-sided intervals at {level}).")
}

fn checked(check: &ChoiceCheck, choice: &Choice) -> String {
    let gold = clean(&check.gold);
    let own = check.value.as_ref().map_or_else(|| "unknown".to_owned(), difference);
    let own = format!("{} of the choice is {own}", metric_name(choice.primary));
    if choice.chosen == choice.best {
        return format!("on {gold}: {own}; it was the best judge itself, so no difference is checked");
    }
    let value = check.difference.as_ref().map_or_else(|| "not compared".to_owned(), difference);
    let verdict = match check.holds {
        Some(true) => "the choice holds",
        Some(false) => "the choice is not confirmed",
        None => "nothing can be said",
    };
    format!(
        "on {gold}: {own}; on the {} examples that both were asked, less the best: {value}; {verdict}",
        check.examples.0
    )
}

/// What changed from one run to another.
pub fn change_summary(change: &RunChange) -> String {
    let (before, after) = (short_name(&change.before), short_name(&change.after));
    let mut text = hanging("", &clean(&change.comparison.in_words), "  ");
    for (axis, numbers) in change.answered() {
        let Some(compared) = change.comparison.axes.get(axis) else { continue };
        let mut table = table(&[axis.name(), before.as_str(), after.as_str(), "change", "p adjusted"]);
        let rows = [
            ("recall", &compared.recall),
            ("false alarms", &compared.false_alarm_rate),
            ("Youden J", &compared.youden_j),
            ("AUC", &compared.auc),
        ];
        for (name, found) in rows {
            table.add_row(row(name, found));
        }
        text.push_str(&format!("\n{}\n", table.trim_fmt()));
        let words = format!(
            "severity {}, another on {} of the examples; flags on positives {}, on negatives {}; verdicts {}",
            difference(&numbers.severity_shift),
            share(&numbers.severity_changed),
            flips(numbers.positives),
            flips(numbers.negatives),
            flips(numbers.verdicts)
        );
        text.push_str(&hanging("", &words, "  "));
        for flip in numbers.flips.iter().flatten() {
            let (old, new) = (flag(flip.before), flag(flip.after));
            text.push_str(&format!("  {}: gold {}, {old} -> {new}\n", clean(&flip.example), flip.gold));
        }
    }
    let gap = &change.comparison.recall_gap;
    text.push_str(&format!("\nrecall gap: change {}\n", difference(&gap.difference)));
    text
}

fn row(name: &str, found: &PairedDifference) -> Vec<String> {
    let adjusted = found.adjusted.map(|adjusted| adjusted.p_value);
    vec![name.to_owned(), plain(found.second), plain(found.first), difference(&found.difference), p_value(adjusted)]
}

fn flips(flips: Flips) -> String {
    format!("{} gained, {} lost", super::format::tally(flips.gained), super::format::tally(flips.lost))
}

fn flag(share: Option<f64>) -> String {
    match share {
        None => "no verdict".to_owned(),
        Some(share) if share <= 0.0 => "not flagged".to_owned(),
        Some(share) if share >= 1.0 => "flagged".to_owned(),
        Some(share) => format!("flagged {}", super::format::percent(share)),
    }
}

/// What a set could show.
pub fn detectable_summary(detectable: &DetectableFromLabels) -> String {
    let mut text = String::new();
    for axis in Axis::ALL {
        let Some(numbers) = detectable.axes.get(axis) else {
            text.push_str(&format!("{axis}: no positives, so no difference of recall can be shown\n"));
            continue;
        };
        text.push_str(&hanging(
            "",
            &format!(
                "{axis}: {} positives in {} clusters, worth {:.0} independent ones; the smallest difference of two judges' recalls that would be found {:.0} times in 100:",
                numbers.positives,
                numbers.clusters,
                numbers.positives as f64 / numbers.design_effect,
                100.0 * detectable.power
            ),
            "  ",
        ));
        for found in &numbers.recall_difference {
            let difference = found.difference.map_or_else(|| "none".to_owned(), |value| format!("{value:.2}"));
            let percent = super::format::percent(found.disagreement);
            text.push_str(&format!(
                "  {difference} where one of them misses what the other finds on {percent} of the positives\n"
            ));
        }
    }
    let gap = detectable.recall_gap.map_or_else(|| "none".to_owned(), |gap| format!("{gap:.2}"));
    text.push_str(&format!("recall gap of one judge: {gap} at recalls of one half\n"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_costs_in_words() {
        assert_eq!(flag(None), "no verdict");
        assert_eq!(flag(Some(0.5)), "flagged 50 %");
        assert_eq!(
            (dollars(None), dollars(Some(0.25)), dollars(Some(12.0))),
            ("unknown".into(), "0.2500".into(), "12.00".into())
        );
    }

    #[test]
    fn no_ranking_is_no_choice() {
        let found = Choice {
            primary: PrimaryComparison::default(),
            margin: 0.1,
            best: None,
            candidates: Vec::new(),
            chosen: None,
            no_choice: Some(NoChoice::NoRanking),
        };
        assert!(choice(&found, 0.95).starts_with("choice: none, since no two judges"));
    }
}
