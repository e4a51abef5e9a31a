//! From a path to the limits that stand there.

use serde_json::{Map, Value};

use super::path::{Step, written};
use crate::model::harmless;
use crate::stats::Undefined;

/// Keys whose value is a count, which has no interval and is held as it is.
const COUNTS: [&str; 8] =
    ["asked", "not_asked", "unknown_examples", "applicable", "positives", "negatives", "scored", "clusters"];
/// The key below which stand counts by reason; a reason that did not come up is not written.
const BY_REASON: &str = "unscored";
/// Keys that an error names.
const MOST_NAMED: usize = 40;

/// What stands at a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// An estimate, or bounds with their outer interval, which have no value.
    Estimate(Limits),
    /// A count.
    Count(f64),
    /// Nothing: the judge has no such number.
    Absent,
}

/// The numbers of an estimate that a gate tells.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Limits {
    pub(super) value: Option<f64>,
    pub(super) interval: Option<[f64; 2]>,
    pub(super) undefined: Option<Undefined>,
    pub(super) level: Option<f64>,
    pub(super) n: Option<f64>,
    pub(super) clusters: Option<u64>,
    pub(super) missing: Option<f64>,
    pub(super) method: Option<String>,
}

/// What stands at the steps below a value, or what is wrong with them.
pub(super) fn find(value: &Value, steps: &[Step]) -> Result<Found, String> {
    let mut here = value;
    for (place, step) in steps.iter().enumerate() {
        let next = match (step, here) {
            (_, Value::Null) => return Ok(Found::Absent),
            (Step::Key(key), Value::Object(object)) => object.get(key),
            (Step::Place(at), Value::Array(list)) => list.get(*at),
            _ => None,
        };
        let Some(next) = next else {
            if place > 0 && steps[place - 1] == Step::Key(BY_REASON.to_owned()) && is_reason(step) {
                return Ok(Found::Count(0.0));
            }
            return Err(nothing_there(here, &steps[..place], step));
        };
        here = next;
    }
    read(here, steps)
}

fn is_reason(step: &Step) -> bool {
    matches!(step, Step::Key(key) if serde_json::from_value::<crate::model::Outcome>(Value::from(key.as_str())).is_ok())
}

fn nothing_there(here: &Value, above: &[Step], step: &Step) -> String {
    let place = match above {
        [] => String::new(),
        above => format!(" in {}", written(above)),
    };
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

fn read(here: &Value, steps: &[Step]) -> Result<Found, String> {
    let number = |key: &str| here.get(key).and_then(Value::as_f64);
    let reason = |key: &str| here.get(key).and_then(|reason| serde_json::from_value(reason.clone()).ok());
    match here {
        Value::Null => Ok(Found::Absent),
        Value::Object(object) if ["value", "lower", "upper", "method"].iter().all(|key| object.contains_key(*key)) => {
            Ok(Found::Estimate(Limits {
                value: number("value"),
                interval: number("lower").zip(number("upper")).map(|(lower, upper)| [lower, upper]),
                undefined: reason("undefined").or_else(|| reason("interval_undefined")),
                level: number("level"),
                n: number("n"),
                clusters: here.get("clusters").and_then(Value::as_u64),
                missing: number("missing"),
                method: here.get("method").and_then(Value::as_str).map(ToOwned::to_owned),
            }))
        }
        Value::Object(object) if object.contains_key("interval") && object.contains_key("undefined") => {
            let limit = |key: &str| here["interval"].get(key).and_then(Value::as_f64);
            Ok(Found::Estimate(Limits {
                value: None,
                interval: limit("lower").zip(limit("upper")).map(|(lower, upper)| [lower, upper]),
                undefined: reason("undefined"),
                level: None,
                n: None,
                clusters: None,
                missing: None,
                method: Some("bounds".to_owned()),
            }))
        }
        Value::Number(count) if is_count(steps) => Ok(Found::Count(count.as_f64().unwrap_or_default())),
        Value::Object(object) => {
            Err(format!("{} is no estimate; allowed: one of those below it: {}", written(steps), keys_of(object)))
        }
        _ => {
            Err(format!("{} is neither an estimate with an interval nor a count; allowed: one that is", written(steps)))
        }
    }
}

fn is_count(steps: &[Step]) -> bool {
    let key = |back: usize| match steps.len().checked_sub(back).and_then(|place| steps.get(place)) {
        Some(Step::Key(key)) => key.as_str(),
        _ => "",
    };
    COUNTS.contains(&key(1)) || key(2) == BY_REASON
}
