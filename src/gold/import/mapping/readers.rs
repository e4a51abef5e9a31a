//! One reader a layout: CSV, JSON lines and Parquet become numbered rows of JSON objects.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read as _;
use std::path::Path;

use csv::StringRecord;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use crate::gold::jsonl::read_jsonl;
use crate::model::{Problem, Problems};
use crate::table::read_rows;

/// A record that is put after the last one of a CSV table: a quote that is never closed swallows it, and with it every
/// row from that quote on.
const END: &str = "lacuna: end of the table";

/// Columns and numbered rows of one file.
#[derive(Default)]
pub(super) struct FileRows {
    pub(super) columns: Vec<String>,
    /// Columns that cannot be read, each with what it holds and what is allowed.
    pub(super) unreadable: Vec<(String, String)>,
    /// Lines of a text; rows of a Parquet file, counted from 1.
    pub(super) rows: Vec<(usize, Map<String, Json>)>,
}

/// Reads CSV with a line of column names. A column without a name, such as spreadsheets leave at the end, is passed over.
pub(super) fn read_csv(path: &Path, bytes: &[u8], delimiter: u8, problems: &mut Problems) -> FileRows {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut lines = LineCounter { bytes, at: 0, line: 1 };
    let ended = bytes.chain(b"\n".as_slice()).chain(END.as_bytes());
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(ended);
    let columns: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(|name| name.trim().to_owned()).collect(),
        Err(_) => {
            problems.push(Problem::line(path, 1, NOT_UTF8));
            return FileRows::default();
        }
    };
    let mut seen = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
        problems.push(Problem::key(path, 1, twice, "stands twice in the header; allowed: unique names"));
    }
    let mut rows = Vec::new();
    // The last record read: it counts once it is known that another one follows.
    let mut last: Option<(usize, StringRecord)> = None;
    for record in reader.records() {
        match record {
            Ok(record) => {
                let next = (record.position().map_or(1, |position| lines.line_of(position.byte())), record);
                rows.extend(last.replace(next).and_then(|last| row_of(path, &columns, last, problems)));
            }
            Err(error) => {
                let line = error.position().map_or(1, |position| lines.line_of(position.byte()));
                problems.push(Problem::line(path, line, NOT_UTF8));
            }
        }
    }
    match last {
        Some((_, record)) if record.len() == 1 && &record[0] == END => {}
        last => {
            let line = last.map_or(1, |(line, _)| line);
            let message = "holds a quote that is never closed; allowed: \"…\", with \"\" for a quote inside";
            problems.push(Problem::line(path, line, message));
        }
    }
    FileRows { columns: columns.into_iter().filter(|name| !name.is_empty()).collect(), unreadable: Vec::new(), rows }
}

const NOT_UTF8: &str = "is not UTF-8; allowed: UTF-8 text (from a spreadsheet: save as CSV UTF-8)";

/// Lines of the records of a table, asked for in order. The reader's own count is taken before it passes over blank lines
/// and over the second half of a Windows line end.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl LineCounter<'_> {
    fn line_of(&mut self, byte: u64) -> usize {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(found) = self.bytes.get(self.at) {
            if self.at >= start && !matches!(found, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*found == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn row_of(
    path: &Path,
    columns: &[String],
    (line, record): (usize, StringRecord),
    problems: &mut Problems,
) -> Option<(usize, Map<String, Json>)> {
    if record.len() != columns.len() {
        let message = format!("found {} cells; allowed: {}, one a column", record.len(), columns.len());
        problems.push(Problem::line(path, line, message));
        return None;
    }
    let cells = columns.iter().zip(&record).filter(|(name, _)| !name.is_empty());
    Some((line, cells.map(|(name, cell)| (name.clone(), Json::String(cell.to_owned()))).collect()))
}

/// Reads one JSON object a line.
pub(super) fn read_json_lines(path: &Path, bytes: &[u8], problems: &mut Problems) -> FileRows {
    let values = read_jsonl::<Line>(path, bytes, problems, |_, _, _| false);
    let mut read = FileRows::default();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for located in values {
        match located.value {
            Line::Object(cells) => {
                for name in cells.keys() {
                    if known.insert(name.clone()) {
                        read.columns.push(name.clone());
                    }
                }
                read.rows.push((located.line, cells));
            }
            // The value itself may be a text of a response: it is not repeated.
            Line::Other => {
                problems.push(Problem::line(path, located.line, "is not a JSON object; allowed: one object a line"));
            }
        }
    }
    read
}

/// Reads the columns of a Parquet file that are wanted.
pub(super) fn read_parquet(
    path: &Path,
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
    problems: &mut Problems,
) -> FileRows {
    match read_rows(bytes, wanted) {
        Ok(found) => {
            FileRows { columns: found.columns, unreadable: found.unreadable, rows: (1..).zip(found.rows).collect() }
        }
        Err(message) => {
            problems.push(Problem::line(path, 1, message));
            FileRows::default()
        }
    }
}

/// One line of JSON lines. A key that stands twice is a fault: the map alone would keep the last one in silence.
enum Line {
    Object(Map<String, Json>),
    Other,
}

struct LineVisitor;

impl<'de> Visitor<'de> for LineVisitor {
    type Value = Line;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut cells = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Json>()? {
            if cells.contains_key(&name) {
                return Err(A::Error::custom(format!("duplicate field `{name}`")));
            }
            cells.insert(name, value);
        }
        Ok(Line::Object(cells))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Line, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Line::Other)
    }

    fn visit_str<E>(self, _: &str) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Line, E> {
        Ok(Line::Other)
    }

    fn visit_unit<E>(self) -> Result<Line, E> {
        Ok(Line::Other)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LineVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(text: &str) -> (Vec<usize>, String) {
        let mut problems = Problems::default();
        let read = read_csv(Path::new("t.csv"), text.as_bytes(), b',', &mut problems);
        (read.rows.into_iter().map(|(line, _)| line).collect(), problems.to_string())
    }

    #[test]
    fn each_row_has_the_line_it_begins_on() {
        for end in ["\n", "\r\n"] {
            let text = "a,b\n1,\"x\ny\"\n2,x\n\n3,x".replace('\n', end);
            assert_eq!(csv(&text), (vec![2, 4, 6], String::new()), "{end:?}");
        }
    }

    #[test]
    fn blank_lines_and_columns_without_a_name_are_passed_over() {
        assert_eq!(csv("a,,\n\n\n1,x,y\n"), (vec![4], String::new()));
    }

    /// Read without care, this table has one row, and the two rows after the quote are gone.
    #[test]
    fn a_quote_that_is_never_closed_is_a_fault() {
        let (lines, said) = csv("a,b\n1,x\n2,\"open\n3,x\n4,x\n");
        assert_eq!(lines, [2]);
        assert!(said.starts_with("t.csv:3: holds a quote that is never closed"), "{said}");
        assert!(csv("a,\"b\n1,x\n").1.starts_with("t.csv:1: holds a quote that is never closed"));
    }

    #[test]
    fn a_key_that_stands_twice_is_a_fault() {
        let mut problems = Problems::default();
        let text = b"{\"a\":1,\"b\":{}}\n{\"a\":1,\"a\":2}\n[1,[2]]\n\"words\"\nnull\n";
        let read = read_json_lines(Path::new("t.jsonl"), text, &mut problems);
        assert_eq!((read.rows.len(), read.columns), (1, vec!["a".to_owned(), "b".to_owned()]));
        let said = problems.to_string();
        assert!(said.contains("t.jsonl:2: key `a` stands twice; allowed: once"), "{said}");
        for line in [3, 4, 5] {
            assert!(
                said.contains(&format!("t.jsonl:{line}: is not a JSON object; allowed: one object a line")),
                "{said}"
            );
        }
    }
}
