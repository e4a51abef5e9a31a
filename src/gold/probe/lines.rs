//! Where a key of a scenario file stands, for the messages of faults that the parser does not see.

/// A key, and the table it stands in: none at the top, otherwise its header and which of the tables of that name.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    table: Option<(&'a str, usize)>,
    key: &'a str,
}

impl<'a> At<'a> {
    /// A key before the first table.
    pub(super) const fn top(key: &'a str) -> Self {
        Self { table: None, key }
    }

    /// A key of a table that stands once.
    pub(super) const fn table(table: &'a str, key: &'a str) -> Self {
        Self { table: Some((table, 0)), key }
    }

    /// A key of one table of a list, counted from 0.
    pub(super) const fn nth(table: &'a str, index: usize, key: &'a str) -> Self {
        Self { table: Some((table, index)), key }
    }

    /// What a message calls the key.
    pub(super) fn name(self) -> String {
        match self.table {
            None => self.key.to_owned(),
            Some((table, index)) if self.is_listed() => format!("{table}[{index}].{}", self.key),
            Some((table, _)) => format!("{table}.{}", self.key),
        }
    }

    fn is_listed(self) -> bool {
        self.table.is_some_and(|(table, _)| matches!(table, "items" | "wrong" | "sources"))
    }

    /// Line of the key, counted from 1; of the table's header where the table lacks the key, and 1 where both are missing.
    pub(super) fn line(self, text: &str) -> usize {
        let mut inside = self.table.is_none();
        let mut seen = 0;
        let mut header = 1;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') && line.ends_with(']') {
                let name = line.trim_matches(['[', ']']).trim();
                inside = self.table.is_some_and(|(table, wanted)| {
                    let same = name == table;
                    seen += usize::from(same);
                    same && seen == wanted + 1
                });
                header = if inside { index + 1 } else { header };
            } else if inside && line.split('=').next().is_some_and(|name| name.trim() == self.key) {
                return index + 1;
            }
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_its_own_table() {
        let text = "domain = \"d\"\n\n[[items]]\nid = \"a\"\n\n[[items]]\ntext = \"t\"\nid = \"b\"\n\n[control]\nprompt = \"p\"\n";
        assert_eq!(At::top("domain").line(text), 1);
        assert_eq!(At::nth("items", 0, "id").line(text), 4);
        assert_eq!(At::nth("items", 1, "id").line(text), 8);
        assert_eq!(At::nth("items", 1, "hedged").line(text), 6);
        assert_eq!(At::table("control", "prompt").line(text), 11);
        assert_eq!(At::nth("items", 1, "id").name(), "items[1].id");
    }
}
