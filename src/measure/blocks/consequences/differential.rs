//! Does the judge err alike on all systems? The condition under which blindness turns no ranking.

use std::collections::BTreeMap;

use crate::measure::answers::{Answered, Context, Part, severity_matched_scores};
use crate::measure::evaluation::EqualErrors;
use crate::stats::Undefined;
use crate::stats::random::StreamKey;
use crate::stats::signflip::joint_sign_flip;

/// Name of the method.
const METHOD: &str = "severity_matched_sign_flip";

/// Recall and false alarms compared over systems at equal gold severity.
pub(super) fn equal_errors(
    systems: &BTreeMap<&str, Vec<&Answered>>,
    names: (&str, &str),
    no_cut: Option<Undefined>,
    hit: impl Fn(&Answered) -> Part,
    alarm: impl Fn(&Answered) -> Part,
    context: &Context<'_>,
) -> EqualErrors {
    let groups: Vec<&[&Answered]> = systems.values().map(Vec::as_slice).collect();
    let (judge, axis) = names;
    let test = |statistic: &str, part: &dyn Fn(&Answered) -> Part| match no_cut {
        Some(reason) => Err(reason),
        None => {
            let key = StreamKey::new(context.options.seed, judge, axis, statistic);
            joint_sign_flip(&severity_matched_scores(&groups, part, context), &key)
        }
    };
    let (recall, alarms) = (test("equal_recall_by_system", &hit), test("equal_false_alarms_by_system", &alarm));
    EqualErrors {
        recall_p_value: recall.ok(),
        recall_p_value_undefined: recall.err(),
        false_alarm_p_value: alarms.ok(),
        false_alarm_p_value_undefined: alarms.err(),
        method: METHOD.to_owned(),
    }
}
