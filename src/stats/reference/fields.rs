//! Reading a case's input and writing an answer.

use crate::{Interval, Undefined};
use serde_json::{Value, json};

/// The number under `key`.
pub(super) fn number(input: &Value, key: &str) -> f64 {
    input[key].as_f64().unwrap_or_else(|| panic!("{key} is no number: {}", input[key]))
}

/// The whole number under `key`.
pub(super) fn count(input: &Value, key: &str) -> usize {
    number(input, key) as usize
}

/// The list of numbers under `key`.
pub(super) fn numbers(input: &Value, key: &str) -> Vec<f64> {
    list(&input[key], key).iter().map(|value| value.as_f64().unwrap()).collect()
}

/// The list of codes or labels under `key`.
pub(super) fn codes(input: &Value, key: &str) -> Vec<usize> {
    numbers(input, key).into_iter().map(|value| value as usize).collect()
}

/// The list of lists of numbers under `key`.
pub(super) fn rows(input: &Value, key: &str) -> Vec<Vec<f64>> {
    let row = |row: &Value| list(row, key).iter().map(|value| value.as_f64().unwrap()).collect();
    list(&input[key], key).iter().map(row).collect()
}

/// The list of lists of codes under `key`, null for a missing one.
pub(super) fn ratings(input: &Value, key: &str) -> Vec<Vec<Option<usize>>> {
    let row = |row: &Value| list(row, key).iter().map(|value| value.as_u64().map(|code| code as usize)).collect();
    list(&input[key], key).iter().map(row).collect()
}

/// A value, or null where it is undefined.
pub(super) fn value(result: Result<f64, Undefined>) -> Value {
    result.map_or(Value::Null, |value| json!(value))
}

/// An interval as `[lower, upper]`, or null where it is undefined.
pub(super) fn interval(result: Result<Interval, Undefined>) -> Value {
    result.map_or(Value::Null, |interval| json!([interval.lower, interval.upper]))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.as_array().unwrap_or_else(|| panic!("{key} is no list"))
}
