//! A table before there is a mapping: its rows as a mapping would read them, and a path to every cell.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde_json::Value as Json;

use super::causes::by_cause;
use super::context::Context;
use super::expression::{Conditions, Value};
use super::file::TableFormat;
use super::lines::Lines;
use super::pattern::Pattern;
use super::row::{Column, LINE, text_of};
use super::source::{FileName, Source};
use super::tables::{Table, read_tables};
use crate::gold::files::unreadable;
use crate::model::{Problem, Problems, shown};

/// Bytes from which the layout of a file is seen.
const BEGINNING: u64 = 64 * 1024;

/// How deep objects may lie in objects; what lies deeper is taken as it is.
const DEEPEST: usize = 8;

/// Paths that are looked at: objects used as dictionaries have a key for every row.
const MOST_PATHS: usize = 500;

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Its format.
    pub format: TableFormat,
    /// Whether an import sees the format from the file's name.
    pub named: bool,
    /// What separates its cells, where that is not what the name says.
    pub delimiter: Option<char>,
}

impl Layout {
    /// Looks at a file's name and beginning.
    pub fn of(path: &Path) -> Result<Self, Problem> {
        let start = beginning(path)?;
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
        let by_name = match extension.as_str() {
            "csv" | "tsv" => Some(TableFormat::Csv),
            "jsonl" | "ndjson" => Some(TableFormat::Jsonl),
            "parquet" => Some(TableFormat::Parquet),
            _ => None,
        };
        let format = by_name.unwrap_or_else(|| by_content(&start));
        let usual = if extension == "tsv" { '\t' } else { ',' };
        let delimiter = (format == TableFormat::Csv).then(|| delimiter_of(&start, usual)).filter(|one| *one != usual);
        Ok(Self { format, named: by_name.is_some(), delimiter })
    }
}

fn beginning(path: &Path) -> Result<Vec<u8>, Problem> {
    let fault = |error: std::io::Error| unreadable(path, &error);
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(Problem::file(path, "is not a regular file; allowed: a CSV, JSONL or Parquet table"));
    }
    let mut bytes = Vec::new();
    File::open(path).map_err(fault)?.take(BEGINNING).read_to_end(&mut bytes).map_err(fault)?;
    Ok(bytes.strip_prefix(b"\xef\xbb\xbf").map_or(bytes.clone(), <[u8]>::to_vec))
}

/// What a file without a telling name seems to be; reading it says more where it is none of these.
fn by_content(start: &[u8]) -> TableFormat {
    let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        _ if start.starts_with(b"PAR1") => TableFormat::Parquet,
        Some(b'{' | b'[') => TableFormat::Jsonl,
        _ => TableFormat::Csv,
    }
}

/// The separator that cuts the first line into the most cells.
fn delimiter_of(start: &[u8], usual: char) -> char {
    let mut quoted = false;
    let mut counts = [(usual, 0_usize), (',', 0), (';', 0), ('\t', 0), ('|', 0)];
    for byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            byte => counts.iter_mut().filter(|(one, _)| *one == char::from(*byte)).for_each(|(_, count)| *count += 1),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts.iter().find(|(_, count)| *count == most).map_or(usual, |(one, _)| *one)
}

/// The rows of one file.
#[derive(Debug)]
pub struct Preview(Table);

impl Preview {
    /// Reads a file below a folder, as the import reads it from there.
    pub fn read(folder: &Path, file: &str, layout: Layout) -> Result<Self, Problems> {
        let path = folder.join(file);
        let name = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(pattern) = Pattern::read(name).ok().filter(Pattern::is_plain) else {
            let message = format!("found {}; allowed: a file name without `{{`, `}}` and `*`", shown(name));
            return Err(Problem::file(&path, message).into());
        };
        let files = vec![FileName {
            folder: Path::new(file).parent().unwrap_or_else(|| Path::new("")).to_owned(),
            pattern,
            text: file.to_owned(),
            key: "rows".to_owned(),
        }];
        let source = Source {
            name: "rows".to_owned(),
            files,
            format: Some(layout.format),
            delimiter: layout.delimiter.and_then(|one| u8::try_from(one).ok()),
            only: Conditions::default(),
            example: Value::Text(String::new()),
            join: None,
        };
        // Nothing but the table can be at fault: there is no mapping yet.
        let lines = Lines::default();
        let mut context = Context::new(&path, &lines);
        context.sources = vec![source.name.clone()];
        let table = read_tables(&mut context, &[source], folder, layout.format, &mut Vec::new()).pop();
        let found = by_cause(&context.problems);
        found.or(Self(table.unwrap_or_default()))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.0.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.rows.is_empty()
    }

    /// Paths of all cells that are no objects, as a mapping writes them, in the order of the columns.
    pub fn paths(&self) -> Vec<String> {
        let mut found = Paths { columns: &self.0.columns, list: Vec::new(), seen: BTreeSet::new() };
        for column in &self.0.columns {
            for cell in self.0.rows.iter().filter_map(|row| row.cells.get(column)) {
                found.add(&mut vec![column], cell);
            }
        }
        found.list
    }

    /// The cells at a path, one a row; none where a row has no such cell.
    pub fn cells<'a>(&'a self, path: &str) -> impl Iterator<Item = Option<&'a Json>> + use<'a> {
        let column = Column { path: path.to_owned(), key: String::new() };
        self.0.rows.iter().map(move |row| column.find(row))
    }

    /// The text forms of the cells at a path, one a row; none where a cell is empty.
    pub fn texts(&self, path: &str) -> impl Iterator<Item = Option<String>> {
        self.cells(path).map(|cell| cell.and_then(text_of))
    }
}

/// Paths on their way of being found.
struct Paths<'a> {
    columns: &'a [String],
    list: Vec<String>,
    seen: BTreeSet<Vec<String>>,
}

impl Paths<'_> {
    fn add<'c>(&mut self, keys: &mut Vec<&'c str>, cell: &'c Json) {
        match cell {
            Json::Object(map) if !map.is_empty() && keys.len() < DEEPEST => {
                for (key, cell) in map {
                    keys.push(key);
                    self.add(keys, cell);
                    keys.pop();
                }
            }
            _ => {
                let known = keys.iter().map(|key| (*key).to_owned()).collect();
                if self.list.len() < MOST_PATHS && self.seen.insert(known) {
                    self.list.push(path_of(keys, self.columns));
                }
            }
        }
    }
}

/// The path that leads to a cell: names with dots between them, or a JSON pointer where a name is odd.
fn path_of(keys: &[&str], columns: &[String]) -> String {
    let dotted = keys.join(".");
    let plain = match keys {
        [one] => !one.is_empty() && !one.starts_with('/') && *one != LINE,
        [first, ..] => {
            !first.starts_with('/')
                && keys.iter().all(|key| !key.is_empty() && !key.contains('.'))
                && !columns.contains(&dotted)
        }
        [] => false,
    };
    if plain {
        return dotted;
    }
    keys.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(text: &str) -> Preview {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("t.jsonl"), text).unwrap();
        let layout = Layout::of(&folder.path().join("t.jsonl")).unwrap();
        Preview::read(folder.path(), "t.jsonl", layout).unwrap()
    }

    #[test]
    fn every_path_leads_to_its_cell_however_odd_its_name() {
        let odd = r#"{"a": {"b": 1, "c.d": 2, "": 3}, "a.b": 4, "/x": 5, "": 6, "e~/f": 7, "g": {"h": {"i": 8}}, "@line": 9}"#;
        let preview = preview(odd);
        let mut values: Vec<i64> = Vec::new();
        for path in preview.paths() {
            values.extend(preview.cells(&path).map(|cell| cell.unwrap().as_i64().unwrap()));
        }
        values.sort_unstable();
        assert_eq!(values, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert!(preview.paths().contains(&"g.h.i".to_owned()));
    }

    #[test]
    fn a_null_where_other_rows_have_an_object_hides_nothing() {
        assert_eq!(preview("{\"a\": null}\n{\"a\": {\"b\": 1}}\n").paths(), ["a", "a.b"]);
    }

    #[test]
    fn the_separator_is_the_one_that_cuts_most() {
        for (line, usual, expected) in [
            ("a,b,c\n1;2;3;4;5\n", ',', ','),
            ("a;b;c\n", ',', ';'),
            ("a\tb\n", ',', '\t'),
            ("\"a;b;c;d\",e\n", ',', ','),
            ("one column\n", ',', ','),
            ("a|b|c", '\t', '|'),
        ] {
            assert_eq!(delimiter_of(line.as_bytes(), usual), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_table_is_refused_with_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let cases =
            [("t.xlsx", &b"PK\x03\x04"[..], "save the sheet as CSV UTF-8"), ("t.json", b" [{}]", "one object a line")];
        for (name, bytes, expected) in cases {
            fs::write(folder.path().join(name), bytes).unwrap();
            let layout = Layout::of(&folder.path().join(name)).unwrap();
            let message = Preview::read(folder.path(), name, layout).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
        assert!(Layout::of(folder.path()).unwrap_err().to_string().contains("not a regular file"));
        fs::write(folder.path().join("t.txt"), "{\"a\": 1}\n").unwrap();
        let layout = Layout::of(&folder.path().join("t.txt")).unwrap();
        assert_eq!((layout.format, layout.named), (TableFormat::Jsonl, false));
    }
}
