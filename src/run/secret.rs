//! A key: printed nowhere.

use std::fmt;

/// A key from the environment. Its `Debug` shows nothing of it, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key; blanks around it are dropped, as a trailing newline in a variable is no part of a key.
    pub fn new(key: &str) -> Self {
        Self(key.trim().to_owned())
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key itself, for the header of the request that it belongs to and nothing else.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }

    /// A text in which the key does not occur: what a server sent back may hold it.
    pub(super) fn redact(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { text.replace(&self.0, REDACTED) }
    }
}

/// What stands in the place of a key.
const REDACTED: &str = "[key]";

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_printed_and_not_echoed() {
        let key = Secret::new("sk-planted\n");
        assert_eq!(format!("{key:?} {:?}", Some(&key)), "[key] Some([key])");
        assert_eq!(key.expose(), "sk-planted");
        assert_eq!(key.redact("bad key sk-planted given"), "bad key [key] given");
        assert_eq!(Secret::new("  ").redact("a b"), "a b");
    }
}
