//! A count that may be fractional.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};

/// A count of examples. Repeats of an example are averaged within it, so a count may be fractional; an integral one is
/// written as an integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Deserialize)]
#[serde(transparent)]
pub struct Tally(pub f64);

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::estimate::number(&self.0, serializer)
    }
}

impl JsonSchema for Tally {
    fn schema_name() -> Cow<'static, str> {
        "Tally".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "description": "A count of examples; repeats are averaged, so it may be fractional." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integral_counts_are_integers() {
        assert_eq!(serde_json::to_string(&[Tally(3.0), Tally(2.5)]).unwrap(), "[3,2.5]");
        assert!(serde_json::to_string(&Tally(f64::INFINITY)).is_err());
    }
}
