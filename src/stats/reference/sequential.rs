//! Sequential methods: reference cases.

use serde_json::Value;

pub(super) fn run(_method: &str, _input: &Value) -> Option<Value> {
    None
}
