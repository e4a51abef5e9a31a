//! From a path to the numbers that stand there.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::path::{Step, written};
use super::reading::GateReading;
use crate::model::{Outcome, harmless};

/// Keys whose value is a count, which has no interval and is held as it is.
const COUNTS: [&str; 8] =
    ["asked", "not_asked", "unknown_examples", "applicable", "positives", "negatives", "scored", "clusters"];
/// The key below which stand counts by reason; a reason that did not come up is not written.
const BY_REASON: &str = "unscored";
/// Keys that an error names.
const MOST_NAMED: usize = 40;

/// What stands at the steps below a value: none where the judge has no such number.
///
/// # Errors
/// What is not there, with what is.
pub(super) fn find(value: &Value, steps: &[Step]) -> Result<Option<GateReading>, String> {
    let mut here = value;
    for (place, step) in steps.iter().enumerate() {
        let next = match (step, here) {
            (_, Value::Null) => return Ok(None),
            (Step::Key(key), Value::Object(object)) => object.get(key),
            (Step::Place(at), Value::Array(list)) => list.get(*at),
            _ => None,
        };
        let above = &steps[..place];
        here = match next {
            Some(next) => next,
            None if is_by_reason(above) && is_reason(step) => return Ok(Some(GateReading::of_count(0.0))),
            None => return Err(nothing_there(here, above, step)),
        };
    }
    read(here, steps)
}

/// Whether the last of these steps leads to counts by reason.
fn is_by_reason(steps: &[Step]) -> bool {
    matches!(steps.last(), Some(Step::Key(key)) if key == BY_REASON)
}

fn is_reason(step: &Step) -> bool {
    matches!(step, Step::Key(key) if Outcome::deserialize(&Value::from(key.as_str())).is_ok())
}

fn nothing_there(here: &Value, above: &[Step], step: &Step) -> String {
    let place = if above.is_empty() { String::new() } else { format!(" in {}", written(above)) };
    let allowed = match here {
        Value::Object(object) => keys_of(object),
        Value::Array(list) if list.is_empty() => "nothing, the list is empty".to_owned(),
        Value::Array(list) => format!("[0] to [{}]", list.len() - 1),
        _ => "an estimate or a count, and nothing below one".to_owned(),
    };
    format!("found no {}{place}; allowed: {allowed}", written(std::slice::from_ref(step)))
}

/// The keys of an object, the first of many.
fn keys_of(object: &Map<String, Value>) -> String {
    let keys: Vec<&str> = object.keys().take(MOST_NAMED).map(String::as_str).collect();
    let more = if object.len() > MOST_NAMED { " and more" } else { "" };
    format!("{}{more}", harmless(&keys.join(", ")))
}

fn read(here: &Value, steps: &[Step]) -> Result<Option<GateReading>, String> {
    match here {
        Value::Null => Ok(None),
        Value::Number(count) if is_count(steps) => Ok(count.as_f64().map(GateReading::of_count)),
        Value::Object(object) => GateReading::of(here).map(Some).ok_or_else(|| {
            format!("{} is no estimate; allowed: one of those below it: {}", written(steps), keys_of(object))
        }),
        _ => {
            Err(format!("{} is neither an estimate with an interval nor a count; allowed: one that is", written(steps)))
        }
    }
}

fn is_count(steps: &[Step]) -> bool {
    let Some((last, above)) = steps.split_last() else { return false };
    matches!(last, Step::Key(key) if COUNTS.contains(&key.as_str())) || is_by_reason(above)
}
