//! What passes between a caller and the stub, whatever the protocol: a question, a reply, a failure.

use serde_json::{Map, Value};

use super::tokens::Token;

/// In which form a verdict is wanted.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Form {
    /// Text that holds JSON.
    Text,
    /// Text that is JSON of this schema.
    Schema(Value),
    /// A call of this tool, whose input has this schema.
    Tool(String, Value),
}

impl Form {
    pub(super) const fn schema(&self) -> Option<&Value> {
        match self {
            Self::Text => None,
            Self::Schema(schema) | Self::Tool(_, schema) => Some(schema),
        }
    }
}

/// What a request asks.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    /// All its text, system message first.
    pub(super) prompt: String,
    /// The model asked for.
    pub(super) model: String,
    /// The form of the verdict.
    pub(super) form: Form,
    /// How many likeliest tokens are wanted at each place, where log-probabilities are.
    pub(super) top_tokens: Option<usize>,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was done.
    Done,
    /// It ran out of tokens.
    Length,
    /// A filter withheld it.
    Filtered,
    /// The model refused.
    Refused,
}

/// A reply before it is put into a protocol.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reply<'a> {
    /// The question.
    pub(super) question: &'a Question,
    /// Hexadecimal digits, the same for the same body.
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) created: u64,
    /// The model that it names.
    pub(super) model: &'a str,
    /// Its text; that of the verdict, where it has one.
    pub(super) text: String,
    /// The verdict.
    pub(super) verdict: Option<Map<String, Value>>,
    /// Why it ended.
    pub(super) ending: Ending,
    /// Its tokens, where log-probabilities are wanted.
    pub(super) tokens: Option<Vec<Token>>,
}

impl Reply<'_> {
    /// A rough count of the tokens sent.
    pub(super) const fn input_tokens(&self) -> usize {
        self.question.prompt.len().div_ceil(4)
    }

    /// A rough count of the tokens received.
    pub(super) const fn output_tokens(&self) -> usize {
        self.text.len().div_ceil(4)
    }
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// The request is not what the protocol allows.
    BadRequest(String),
    /// No key or a wrong one.
    BadKey,
    /// No such model.
    UnknownModel(String),
    /// No such path.
    NoRoute,
    /// The body is too long.
    TooLarge,
    /// Too many requests; milliseconds to wait.
    RateLimited(u64),
    /// The account is out of money.
    OutOfQuota,
    /// Something broke.
    ServerError,
    /// Too much to do.
    Overloaded,
}

/// Reads a body as the type of a protocol.
pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let what = if error.is_data() { "the body is not of the protocol's form" } else { "the body is not JSON" };
        Failure::BadRequest(format!("{what}: line {} column {}", error.line(), error.column()))
    })
}

/// Refuses a schema that a strict provider refuses: every object has to close itself and to require all its properties.
pub(super) fn check_strict(schema: &Value, all_required: bool) -> Result<(), Failure> {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        if schema.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(Failure::BadRequest(
                "'additionalProperties' is required to be supplied and to be false".to_owned(),
            ));
        }
        let required = schema.get("required").and_then(Value::as_array);
        let is_required =
            |name: &String| required.is_some_and(|names| names.iter().any(|other| other == name.as_str()));
        if all_required && !properties.keys().all(is_required) {
            return Err(Failure::BadRequest("'required' has to include every key in properties".to_owned()));
        }
        properties.values().try_for_each(|property| check_strict(property, all_required))?;
    }
    schema.get("items").map_or(Ok(()), |items| check_strict(items, all_required))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_strict_schema_closes_every_object() {
        let inner = json!({"type": "object", "properties": {"b": {}}, "required": ["b"]});
        let outer = |inner: &Value| json!({"properties": {"a": {"type": "array", "items": inner}}, "required": ["a"], "additionalProperties": false});
        assert!(check_strict(&outer(&inner), true).is_err());
        let mut closed = inner;
        closed["additionalProperties"] = json!(false);
        assert!(check_strict(&outer(&closed), true).is_ok());
        closed["required"] = json!([]);
        assert!(check_strict(&outer(&closed), true).is_err());
        assert!(check_strict(&outer(&closed), false).is_ok());
    }
}
