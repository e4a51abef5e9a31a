//! JSON whose keys stand in the order they were written: a model that is held to a schema answers in the schema's order,
//! and a digest of a body needs one order.

use serde::{Serialize, Serializer};

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Json {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A list.
    List(Vec<Json>),
    /// An object.
    Object(Object),
}

impl Json {
    /// Text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A list of texts.
    pub(super) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::List(texts.into_iter().map(Self::text).collect())
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

/// The keys and values of an object, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object(Vec<(String, Json)>);

impl Object {
    /// Adds a key.
    pub(super) fn with(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {
        self.0.push((key.into(), value.into()));
        self
    }

    /// Adds a key where there is a value.
    pub(super) fn with_some(self, key: &str, value: Option<Json>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The text of the object.
    pub(super) fn to_body(&self) -> String {
        serde_json::to_string(self).expect("text keys and finite numbers always have a JSON text")
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_absent_values_are_left_out() {
        let object = Object::default()
            .with("z", Json::Whole(1))
            .with("a", Object::default().with("y", Json::Number(0.5)).with("b", Json::Flag(true)))
            .with_some("none", None)
            .with_some("l", Some(Json::texts(["x\"\u{1b}"])));
        assert_eq!(object.to_body(), r#"{"z":1,"a":{"y":0.5,"b":true},"l":["x\"\u001b"]}"#);
    }
}
