//! A parser's message in the words of every other message: what was found, what is allowed.

/// What the parsers call the types of a file, and what they are called here.
const TYPES: [(&str, &str); 12] = [
    ("i64", "a whole number"),
    ("u64", "a whole number from 0"),
    ("u32", "a whole number from 0"),
    ("u8", "a whole number from 0"),
    ("f64", "a number"),
    ("a string", "text"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("a map", "an object"),
    ("path string", "a path"),
    ("string or table", "one of the allowed words"),
    ("unit variant", "a word"),
];

/// Puts a message of serde_json or toml into `found …; allowed: …`.
pub(super) fn in_plain_words(message: &str) -> String {
    if let Some(field) = message.strip_prefix("missing field ") {
        return format!("key {field} is missing");
    }
    if let Some(field) = message.strip_prefix("duplicate field ") {
        return format!("key {field} stands twice; allowed: once");
    }
    let Some((found, expected)) = message.split_once(", expected ") else { return message.to_owned() };
    let allowed = expected.strip_prefix("one of ").unwrap_or(expected);
    let allowed = TYPES
        .iter()
        .find(|(name, _)| allowed == *name || allowed.strip_prefix("struct ").is_some_and(|_| *name == "a map"))
        .map_or(allowed, |(_, word)| *word);
    let found = if found.starts_with("unknown field ") {
        "unknown key".to_owned()
    } else {
        let found = ["invalid type: ", "invalid value: ", "unknown variant "]
            .iter()
            .find_map(|prefix| found.strip_prefix(prefix))
            .unwrap_or(found);
        let found = match found {
            "sequence" => "a list".to_owned(),
            "map" => "a table".to_owned(),
            found => found.replace("floating point `", "number `").replace("boolean `", "`"),
        };
        format!("found {found}")
    };
    format!("{found}; allowed: {allowed}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_was_found_and_what_is_allowed() {
        for (message, expected) in [
            ("invalid type: string \"two\", expected i64", "found string \"two\"; allowed: a whole number"),
            ("invalid value: integer `-1`, expected u32", "found integer `-1`; allowed: a whole number from 0"),
            ("unknown field `a`, expected one of `b`, `c`", "unknown key; allowed: `b`, `c`"),
            ("unknown variant `a`, expected `b` or `c`", "found `a`; allowed: `b` or `c`"),
            ("invalid type: map, expected a string", "found a table; allowed: text"),
            ("invalid type: floating point `2.5`, expected i64", "found number `2.5`; allowed: a whole number"),
            ("invalid type: integer `1`, expected struct Item", "found integer `1`; allowed: an object"),
            ("missing field `id`", "key `id` is missing"),
            ("duplicate field `id`", "key `id` stands twice; allowed: once"),
            ("trailing comma", "trailing comma"),
        ] {
            assert_eq!(in_plain_words(message), expected);
        }
    }
}
