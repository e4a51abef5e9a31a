//! Agreement of raters as a terminal shows it.

use super::format::{clean, fraction, number, percent, plain, share, short_name, tally};
use super::parting;
use super::terminal::{hanging, table};
use crate::measure::{AxisAgreement, RaterAgreement, RaterPair, Reference, ReferenceLabels};
use crate::model::Axis;
use crate::stats::Tally;

/// Pairs of raters that a table shows; the rest are counted.
const PAIRS: usize = 20;

/// Who agrees with whom, and each judge under labels made in three ways.
pub fn agreement_summary(agreement: &RaterAgreement) -> String {
    let gold = &agreement.gold;
    let raters = if gold.raters.len() == 1 { "rater" } else { "raters" };
    let mut text = hanging(
        "",
        &format!(
            "{} {}: {} examples in {} clusters, {} {raters}.{}",
            clean(&gold.name),
            clean(&gold.version),
            gold.examples,
            gold.clusters,
            gold.raters.len(),
            adjudicated(agreement)
        ),
        "  ",
    );
    for axis in Axis::ALL {
        text.push('\n');
        text.push_str(&on_axis(agreement, axis));
    }
    text.push_str(&parting::items(&agreement.items));
    text
}

fn adjudicated(agreement: &RaterAgreement) -> String {
    let Some(adjudicator) = &agreement.adjudicator else { return String::new() };
    let name = clean(adjudicator);
    format!(" {name} adjudicates: in the pairs below, but not in alpha nor in the labels by either or by all raters.")
}

fn on_axis(agreement: &RaterAgreement, axis: Axis) -> String {
    let numbers = agreement.axes.get(axis);
    let mut text = hanging("", &in_words(agreement, numbers, axis), "  ");
    if !numbers.pairs.is_empty() {
        text.push_str(&format!("\n{}", shares(numbers, axis)));
        text.push_str(&format!("\n{}", kappas(numbers, axis)));
        if numbers.pairs.len() > PAIRS {
            text.push_str(&format!("and {} more pairs; --format json has all\n", numbers.pairs.len() - PAIRS));
        }
    }
    let judges = judges(agreement, axis);
    if !judges.is_empty() {
        text.push_str(&format!("\n{judges}"));
    }
    text.push_str(&parting::on_axis(&numbers.parting, axis));
    text.push_str(&parting::examples(&numbers.parting, axis));
    text
}

fn in_words(agreement: &RaterAgreement, numbers: &AxisAgreement, axis: Axis) -> String {
    let size = |labels: &ReferenceLabels| format!("{} of {}", labels.positives, labels.positives + labels.negatives);
    if numbers.rated_by_several == 0 {
        let aggregated = numbers.references.iter().find(|labels| labels.reference == Reference::Aggregated);
        let positives = aggregated.map(size).unwrap_or_default();
        return format!(
            "{axis}: no example was rated by two raters, so there is no agreement to report; positives: {positives}."
        );
    }
    let labels = numbers.references.iter().map(|labels| format!("{} {}", size(labels), by(labels.reference)));
    let labels = labels.collect::<Vec<_>>().join(", ");
    format!(
        "{axis}: {} of {} rated examples have two ratings or more; raters differ on {}, on {} of them across the threshold of {}. Krippendorff's alpha {}. Positives: {labels}.",
        numbers.rated_by_several,
        numbers.rated,
        numbers.disputed,
        numbers.disputed_across_threshold,
        agreement.gold.axes.get(axis).threshold,
        number(&numbers.krippendorff_alpha)
    )
}

const fn by(reference: Reference) -> &'static str {
    match reference {
        Reference::EitherRater => "by either rater",
        Reference::AllRaters => "by all raters",
        Reference::Aggregated => "as aggregated",
    }
}

fn raters(pair: &RaterPair) -> [String; 2] {
    [short_name(&pair.first), short_name(&pair.second)]
}

fn shares(numbers: &AxisAgreement, axis: Axis) -> String {
    let mut table = table(&[axis.name(), "and", "exact", "within one", "of", "1st/2nd higher", "across"]);
    for pair in numbers.pairs.iter().take(PAIRS) {
        let [first, second] = raters(pair);
        table.add_row(vec![
            first,
            second,
            share(&pair.agreement.exact),
            pair.agreement.within_one.value.map_or_else(|| "-".to_owned(), percent),
            pair.examples.to_string(),
            format!("{}/{}", pair.disagreements.first_higher, pair.disagreements.second_higher),
            pair.disagreements.across_threshold.to_string(),
        ]);
    }
    format!("{}\n", table.trim_fmt())
}

fn kappas(numbers: &AxisAgreement, axis: Axis) -> String {
    let mut table = table(&[axis.name(), "and", "kappa", "linear", "quadratic", "AC2"]);
    for pair in numbers.pairs.iter().take(PAIRS) {
        let [first, second] = raters(pair);
        let agreement = &pair.agreement;
        table.add_row(vec![
            first,
            second,
            number(&agreement.cohen_kappa),
            number(&agreement.kappa_linear),
            number(&agreement.kappa_quadratic),
            plain(agreement.gwet_ac.value),
        ]);
    }
    format!("{}\n", table.trim_fmt())
}

/// Each judge under each way of making labels; empty where no judge answers on the axis.
fn judges(agreement: &RaterAgreement, axis: Axis) -> String {
    let mut table = table(&[axis.name(), "positives", "recall", "hits", "false alarms", "of", "positives unscored"]);
    for judge in &agreement.judges {
        for (row, numbers) in judge.axes.get(axis).iter().flatten().enumerate() {
            table.add_row(vec![
                if row == 0 { short_name(&judge.judge) } else { String::new() },
                by(numbers.reference).to_owned(),
                share(&numbers.recall),
                fraction(&numbers.recall),
                share(&numbers.false_alarm_rate),
                fraction(&numbers.false_alarm_rate),
                tally(Tally(numbers.recall.missing)),
            ]);
        }
    }
    if table.is_empty() { String::new() } else { format!("{}\n", table.trim_fmt()) }
}
