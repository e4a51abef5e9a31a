//! Who agrees with whom: judges with each other, with raters, and raters with each other.

use super::{TableError, estimate_headings, estimate_row, write};
use crate::measure::Evaluation;
use crate::model::Axis;

/// Three rows a pair and axis.
pub(super) fn pair_agreement(evaluation: &Evaluation) -> Result<Vec<u8>, TableError> {
    let mut rows = Vec::new();
    for axis in Axis::ALL {
        for pair in &evaluation.pair_agreement.get(axis).pairs {
            let about = [
                pair.first.as_str(),
                pair.first_kind.name(),
                pair.second.as_str(),
                pair.second_kind.name(),
                axis.name(),
            ];
            for (metric, estimate) in [
                ("same_flag", &pair.same_flag),
                ("flag_kappa", &pair.flag_kappa),
                ("severity_kappa_quadratic", &pair.severity_kappa_quadratic),
            ] {
                rows.push(estimate_row(&about, metric, estimate));
            }
        }
    }
    write(&estimate_headings(&["first", "first_kind", "second", "second_kind", "axis"]), rows)
}
