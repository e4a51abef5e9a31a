//! What a comparison allows to say, in words: only differences that hold up among all tests made.

use crate::measure::evaluation::{AxisComparison, Comparison, PairedDifference};
use crate::model::Axis;

/// Shares of which one is at most this part of the other are far apart.
const FAR: f64 = 1.0 / 3.0;

/// The direction of a difference that is established.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Fewer,
    FarFewer,
    More,
    FarMore,
}

impl Direction {
    const fn word(self) -> &'static str {
        match self {
            Self::Fewer => "fewer",
            Self::FarFewer => "far fewer",
            Self::More => "more",
            Self::FarMore => "far more",
        }
    }
}

/// One difference of shares with its numbers.
struct Part {
    axis: Axis,
    direction: Option<Direction>,
    /// "57 % against 74 % of 295".
    numbers: String,
}

/// The sentences of one pair.
pub(super) fn in_words(comparison: &Comparison, level: f64) -> String {
    let (first, second) = (&comparison.first, &comparison.second);
    let parts = |of: fn(&AxisComparison) -> &PairedDifference| -> Vec<Part> {
        let on_axis = |axis: Axis| part(axis, of(comparison.axes.get(axis).as_ref()?), level);
        Axis::ALL.into_iter().filter_map(on_axis).collect()
    };
    let found = parts(|numbers| &numbers.recall);
    let alarms = parts(|numbers| &numbers.false_alarm_rate);
    let finds: Vec<String> = found.iter().filter_map(Part::finds).collect();
    let raises: Vec<String> = alarms.iter().filter_map(Part::raises).collect();
    // "false alarms" is said once, with the first of them.
    let raises = raises.join(" and ").replacen(" on ", " false alarms on ", 1);
    let shown = match (finds.is_empty(), raises.is_empty()) {
        (false, false) => Some(format!("{first} finds {} than {second}, with {raises}.", finds.join(" and "))),
        (false, true) => Some(format!("{first} finds {} than {second}.", finds.join(" and "))),
        (true, false) => Some(format!("{first} raises {raises} than {second}.")),
        (true, true) => None,
    };
    let mut open: Vec<String> = found.iter().filter_map(Part::open_finds).collect();
    open.extend(alarms.iter().filter_map(Part::open_raises));
    let open = (!open.is_empty()).then(|| match shown {
        Some(_) => format!("They are not shown to differ in {}.", open.join(", ")),
        None => format!("{first} and {second} are not shown to differ in {}.", open.join(", ")),
    });
    let sentences: Vec<String> = shown.into_iter().chain(open).collect();
    match sentences.is_empty() {
        true => format!("{first} and {second} cannot be compared on these examples."),
        false => sentences.join(" "),
    }
}

fn part(axis: Axis, difference: &PairedDifference, level: f64) -> Option<Part> {
    let (first, second) = difference.first.zip(difference.second)?;
    let shown = difference.adjusted.is_some_and(|adjusted| adjusted.p_value < 1.0 - level);
    let far = first.min(second) <= FAR * first.max(second);
    let direction = shown.then_some(match (first < second, far) {
        (true, false) => Direction::Fewer,
        (true, true) => Direction::FarFewer,
        (false, false) => Direction::More,
        (false, true) => Direction::FarMore,
    });
    let numbers = format!("{} against {} of {}", percent(first), percent(second), amount(difference.difference.n));
    Some(Part { axis, direction, numbers })
}

impl Part {
    fn things(&self) -> &'static str {
        match self.axis {
            Axis::Omission => "omissions",
            Axis::Commission => "commissions",
        }
    }

    fn finds(&self) -> Option<String> {
        Some(format!("{} {} ({})", self.direction?.word(), self.things(), self.numbers))
    }

    fn raises(&self) -> Option<String> {
        Some(format!("{} on {} ({})", self.direction?.word(), self.axis, self.numbers))
    }

    fn open_finds(&self) -> Option<String> {
        self.direction.is_none().then(|| format!("{} found ({})", self.things(), self.numbers))
    }

    fn open_raises(&self) -> Option<String> {
        self.direction.is_none().then(|| format!("false alarms on {} ({})", self.axis, self.numbers))
    }
}

/// A share in per cent, with a decimal where it is below ten.
fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value > 0.0 && value < 9.95 { format!("{value:.1} %") } else { format!("{value:.0} %") }
}

/// A count of examples; repeats may make it fractional.
fn amount(count: f64) -> String {
    if (count - count.round()).abs() < 1e-9 { format!("{:.0}", count.round()) } else { format!("{count:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::evaluation::{AdjustedTest, TestFamily};
    use crate::model::PerAxis;
    use crate::stats::{Estimate, Undefined};

    fn difference(first: f64, second: f64, n: f64, p_value: f64) -> PairedDifference {
        let mut difference = Estimate::undefined(Undefined::NoData, 0.95, "");
        difference.n = n;
        let adjusted = Some(AdjustedTest { p_value, family: TestFamily::Exploratory, family_size: 4 });
        PairedDifference {
            first: Some(first),
            second: Some(second),
            difference,
            p_value: Some(p_value),
            p_value_undefined: None,
            p_value_method: String::new(),
            adjusted,
        }
    }

    fn axis(recall: PairedDifference, false_alarm_rate: PairedDifference) -> AxisComparison {
        AxisComparison {
            examples: 0,
            positives: 0,
            negatives: 0,
            youden_j: recall.clone(),
            auc: recall.clone(),
            recall,
            false_alarm_rate,
            auc_of: [None; 2],
            positives_flagged: None,
            negatives_flagged: None,
        }
    }

    fn said(omission: AxisComparison, commission: Option<AxisComparison>) -> String {
        let recall_gap = omission.recall.clone();
        let axes = PerAxis { omission: Some(omission), commission };
        let (first, second) = ("a".to_owned(), "b".to_owned());
        in_words(&Comparison { first, second, axes, recall_gap, in_words: String::new() }, 0.95)
    }

    #[test]
    fn only_what_holds_up_is_said_to_differ() {
        let omission = axis(difference(0.5, 0.8, 40.0, 0.001), difference(0.01, 0.05, 200.0, 0.01));
        let commission = axis(difference(0.6, 0.9, 20.0, 0.2), difference(0.3, 0.15, 100.0, 0.04));
        assert_eq!(
            said(omission, Some(commission)),
            "a finds fewer omissions (50 % against 80 % of 40) than b, with far fewer false alarms on omission \
             (1.0 % against 5.0 % of 200) and more on commission (30 % against 15 % of 100). They are not shown to \
             differ in commissions found (60 % against 90 % of 20)."
        );
    }

    #[test]
    fn alarms_alone_and_nothing_at_all() {
        let alarms = axis(difference(0.5, 0.5, 4.0, 1.0), difference(0.4, 0.1, 50.0, 0.01));
        let words = said(alarms, None);
        assert!(words.starts_with("a raises far more false alarms on omission (40 % against 10 % of 50) than b."));
        let nothing = axis(difference(0.5, 0.5, 4.0, 1.0), difference(0.1, 0.1, 50.0, 1.0));
        assert!(said(nothing, None).starts_with("a and b are not shown to differ in omissions found"));
    }
}
