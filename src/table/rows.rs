//! Any Parquet file as rows of JSON values, for tables whose columns we do not know beforehand.

use polars::prelude::{AnyValue, Column};
use serde_json::{Map, Value};

use super::parquet::{MOST_DECODED_BYTES, ParquetFile, READABLE, bytes_of_texts, too_large};

/// What a cell takes in a row beside its text: its column's name, its value, its place in the map.
const BYTES_PER_CELL: u64 = 128;

/// The columns of a table and its rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Names of the columns that can be read, in order.
    pub columns: Vec<String>,
    /// Names of the others, each with what it holds and what can be read instead.
    pub unreadable: Vec<(String, String)>,
    /// One map a row, from each wanted column to its value; null where the cell is empty.
    pub rows: Vec<Map<String, Value>>,
}

/// Reads a Parquet file. Text, numbers, booleans and lists of them become JSON values; NaN, which other tools write for
/// an empty cell, becomes null. Columns of any other type, and those that nobody wants, are left out.
///
/// **Errors**: the file is damaged, no column can be read, or the rows would take more than [`MOST_DECODED_BYTES`].
pub fn read_rows(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Rows, String> {
    read_within(bytes, wanted, MOST_DECODED_BYTES)
}

fn read_within(bytes: &[u8], wanted: impl Fn(&str) -> bool, most: u64) -> Result<Rows, String> {
    let file = ParquetFile::open(bytes)?;
    let mut rows = Rows::default();
    for column in &file.columns {
        match column.unreadable {
            None => rows.columns.push(column.name.clone()),
            Some(what) => rows.unreadable.push((column.name.clone(), format!("holds {what}; allowed: {READABLE}"))),
        }
    }
    // Without a wanted column the first one still says how many rows there are.
    let first = rows.columns.first().ok_or_else(|| format!("has no column that can be read; allowed: {READABLE}"))?;
    let mut names: Vec<String> = rows.columns.iter().filter(|name| wanted(name)).cloned().collect();
    if names.is_empty() {
        names.push(first.clone());
    }
    let columns = file.read(names, most)?;
    let cells = columns.iter().map(|column| column.len() as u64).fold(0, u64::saturating_add);
    if cells.saturating_mul(BYTES_PER_CELL).saturating_add(bytes_of_texts(&columns)) > most {
        return Err(too_large(most));
    }
    rows.rows = vec![Map::new(); columns.first().map_or(0, Column::len)];
    for column in &columns {
        for (row, cell) in rows.rows.iter_mut().zip(column.as_materialized_series().iter()) {
            row.insert(column.name().to_string(), value_of(&cell));
        }
    }
    Ok(rows)
}

fn value_of(cell: &AnyValue<'_>) -> Value {
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::from(*truth),
        AnyValue::String(text) => Value::from(*text),
        AnyValue::StringOwned(text) => Value::from(text.as_str()),
        // JSON has no infinity: as a word it is found, and refused, where a number has to stand.
        AnyValue::Float64(number) if number.is_infinite() => Value::from(number.to_string()),
        AnyValue::Float32(number) if number.is_infinite() => Value::from(number.to_string()),
        AnyValue::UInt64(number) => Value::from(*number),
        // The shortest decimal of a single, not the digits of its double: 0.1 stays 0.1.
        AnyValue::Float32(number) => number.to_string().parse::<f64>().map_or(Value::Null, Value::from),
        AnyValue::Float64(number) => Value::from(*number),
        AnyValue::List(series) => series.iter().map(|cell| value_of(&cell)).collect(),
        other => other.extract::<i64>().map_or(Value::Null, Value::from),
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataFrame, ParquetWriter};
    use serde_json::json;

    use super::*;

    fn written(columns: Vec<Column>) -> Vec<u8> {
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new_infer_height(columns).unwrap()).unwrap();
        bytes
    }

    #[test]
    fn every_cell_becomes_the_json_value_that_people_would_write() {
        let list = Column::new("".into(), vec!["x", "y"]).take_materialized_series();
        let bytes = written(vec![
            Column::new("text".into(), vec![Some("a"), None]),
            Column::new("level".into(), vec![Some(2_i64), None]),
            Column::new("small".into(), vec![1_i32, -1]),
            Column::new("real".into(), vec![0.5_f64, f64::NAN]),
            Column::new("endless".into(), vec![f64::INFINITY, 1.0]),
            Column::new("single".into(), vec![0.1_f32, 3.0]),
            Column::new("yes".into(), vec![true, false]),
            Column::new("items".into(), vec![list.clone(), list]),
        ]);
        let rows = read_rows(&bytes, |_| true).unwrap();
        assert_eq!(rows.columns, ["text", "level", "small", "real", "endless", "single", "yes", "items"]);
        let first = json!({"text": "a", "level": 2, "small": 1, "real": 0.5, "endless": "inf", "single": 0.1, "yes": true, "items": ["x", "y"]});
        assert_eq!(json!(rows.rows[0]), first);
        let second = json!({"text": null, "level": null, "small": -1, "real": null, "endless": 1.0, "single": 3.0, "yes": false, "items": ["x", "y"]});
        assert_eq!(json!(rows.rows[1]), second);
    }

    #[test]
    fn what_is_not_parquet_is_an_error() {
        let said = read_rows(b"id,prompt\n1,x\n", |_| true).unwrap_err();
        assert!(said.starts_with("is not a readable Parquet file"), "{said}");
    }

    #[test]
    fn only_wanted_columns_become_cells() {
        let bytes = written(vec![Column::new("a".into(), vec![1_i64]), Column::new("b".into(), vec!["x"])]);
        let rows = read_rows(&bytes, |name| name == "b").unwrap();
        assert_eq!((rows.columns.len(), json!(rows.rows)), (2, json!([{"b": "x"}])));
        assert_eq!(read_rows(&bytes, |_| false).unwrap().rows.len(), 1);
    }

    /// 2,000 times one text of 4,096 characters: a file of one page, eight megabytes as rows.
    #[test]
    fn a_text_that_every_row_repeats_is_weighed_before_it_is_copied() {
        let text = "x".repeat(4096);
        let bytes = written(vec![Column::new("t".into(), vec![text.as_str(); 2000])]);
        assert!(bytes.len() < 100_000, "{} bytes", bytes.len());
        let said = read_within(&bytes, |_| true, 1 << 20).unwrap_err();
        assert_eq!(said, "holds more than 1024 KiB once decoded; allowed: less, in several files or as CSV");
        assert_eq!(read_within(&bytes, |_| true, 9 << 20).unwrap().rows.len(), 2000);
    }

    /// The cells of 100,000 rows of nothing but nulls take more than the file says.
    #[test]
    fn rows_count_beside_their_texts() {
        let bytes = written(vec![Column::new("n".into(), vec![None::<i64>; 100_000])]);
        assert!(read_within(&bytes, |_| true, 1 << 20).unwrap_err().starts_with("holds more than"));
    }
}
