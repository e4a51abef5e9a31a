//! Figure 7: which judges flag the same examples.

use crate::measure::{Comparison, Evaluation, PairedFlags};
use crate::model::Axis;
use crate::report::format::{clean, label_source};

/// A square a pair of judges, on each axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct AgreementView {
    pub(in crate::report) note: String,
    pub(in crate::report) judges: Vec<String>,
    pub(in crate::report) grids: Vec<(Axis, Vec<Vec<Option<SameFlag>>>)>,
}

/// Common examples, and those of them with the same flag by both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct SameFlag {
    pub(in crate::report) share: f64,
    pub(in crate::report) examples: f64,
}

impl AgreementView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let names: Vec<&str> = evaluation.judges.iter().map(|judge| judge.judge.as_str()).collect();
        let grid = |axis: Axis| -> Vec<Vec<Option<SameFlag>>> {
            names
                .iter()
                .map(|row| names.iter().map(|column| same_flag(&evaluation.comparisons, row, column, axis)).collect())
                .collect()
        };
        let grids = Axis::ALL
            .into_iter()
            .map(|axis| (axis, grid(axis)))
            .filter(|(_, grid)| grid.iter().flatten().any(Option::is_some))
            .collect();
        Self {
            note: format!("Labels ({}) only say which examples count", label_source(evaluation.gold.label_source)),
            judges: names.iter().map(|name| clean(name)).collect(),
            grids,
        }
    }
}

fn same_flag(comparisons: &[Comparison], one: &str, other: &str, axis: Axis) -> Option<SameFlag> {
    let of_pair = comparisons.iter().find(|comparison| {
        (comparison.first == one && comparison.second == other)
            || (comparison.first == other && comparison.second == one)
    })?;
    let numbers = of_pair.axes.get(axis).as_ref()?;
    let flags: Vec<&PairedFlags> =
        [&numbers.positives_flagged, &numbers.negatives_flagged].into_iter().flatten().collect();
    let sum = |part: fn(&PairedFlags) -> f64| flags.iter().map(|flags| part(flags)).sum::<f64>();
    let same = sum(|flags| flags.examples.both.0 + flags.examples.neither.0);
    let apart = sum(|flags| flags.examples.only_first.0 + flags.examples.only_second.0);
    (same + apart > 0.0).then(|| SameFlag { share: same / (same + apart), examples: same + apart })
}
