//! Where each key of a TOML text stands: a fault found after parsing still names its line.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

/// Lines of the keys of a TOML text. A key is a path such as `judges[0].omission.column`.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines(BTreeMap<String, usize>);

impl Lines {
    /// Reads a text; of a text that is not TOML no key is known.
    pub(super) fn of_text(text: &str) -> Self {
        let mut lines = Self::default();
        if let Ok(document) = DeTable::parse(text) {
            let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
            lines.add_table("", document.get_ref(), &|offset| starts.partition_point(|start| *start < offset) + 1);
        }
        lines
    }

    fn add_table(&mut self, path: &str, table: &DeTable<'_>, line: &impl Fn(usize) -> usize) {
        for (key, value) in table {
            let name = key.get_ref();
            let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
            self.0.insert(path.clone(), line(key.span().start));
            self.add_value(&path, value.get_ref(), line);
        }
    }

    fn add_value(&mut self, path: &str, value: &DeValue<'_>, line: &impl Fn(usize) -> usize) {
        match value {
            DeValue::Table(table) => self.add_table(path, table, line),
            DeValue::Array(values) => {
                for (index, value) in values.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    self.0.insert(path.clone(), line(value.span().start));
                    self.add_value(&path, value.get_ref(), line);
                }
            }
            _ => {}
        }
    }

    /// The full path of a key somewhere in a table: directly in it, or in a table within where only that one has it.
    pub(super) fn below(&self, table: &str, key: &str) -> String {
        let direct = format!("{table}.{key}");
        let within = || {
            let inner = |path: &&String| {
                path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.') && rest.ends_with(&format!(".{key}")))
            };
            self.0.keys().find(inner).cloned()
        };
        if self.has(&direct) { direct } else { within().unwrap_or(direct) }
    }

    /// Whether the text has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Line of a key, or of the nearest key around it; the first line where there is none.
    pub(super) fn line(&self, key: &str) -> usize {
        let mut key = key;
        loop {
            if let Some(line) = self.0.get(key) {
                return *line;
            }
            match key.rfind(['.', '[']) {
                Some(at) => key = &key[..at],
                None => return 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_line_and_a_missing_one_that_of_its_table() {
        let text = "a = 1\n\n[b]\nc = { d = 2,\n  e = 3 }\n\n[[f]]\ng = 1\n[[f]]\ng = [1,\n2]\n";
        let lines = Lines::of_text(text);
        for (key, line) in
            [("a", 1), ("b", 3), ("b.c.d", 4), ("b.c.e", 5), ("b.x", 3), ("f[0]", 7), ("f[1].g", 10), ("f[1].g[1]", 11)]
        {
            assert_eq!(lines.line(key), line, "{key}");
        }
        assert_eq!((lines.below("b", "c"), lines.below("b", "e")), ("b.c".to_owned(), "b.c.e".to_owned()));
        assert_eq!(lines.below("b", "x"), "b.x");
        assert_eq!(lines.line("f[1].none"), 9);
        assert_eq!(lines.line("none"), 1);
        assert_eq!(Lines::of_text("= =").line("a"), 1);
    }
}
