//! Maps whose keys stand once: JSON allows a key twice, and the last one would win in silence.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::problem::shown;

/// Reads a map, and refuses one with a key that stands twice.
pub fn unique_keys<'de, D, V>(deserializer: D) -> Result<BTreeMap<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: Deserialize<'de>,
{
    deserializer.deserialize_map(UniqueKeys(PhantomData))
}

struct UniqueKeys<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueKeys<V> {
    type Value = BTreeMap<String, V>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry::<String, V>()? {
            if map.contains_key(&key) {
                return Err(Error::custom(format!("key {} stands twice; allowed: once", shown(&key))));
            }
            map.insert(key, value);
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let read = |text: &str| unique_keys::<_, u8>(&mut serde_json::Deserializer::from_str(text));
        assert_eq!(read(r#"{"a": 1, "b": 2}"#).unwrap(), BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]));
        let message = read(r#"{"a": 1, "b": 2, "a": 1}"#).unwrap_err().to_string();
        assert!(message.starts_with("key \"a\" stands twice; allowed: once"), "{message}");
        assert!(read(r#"["a"]"#).unwrap_err().to_string().contains("expected a map"));
    }
}
