//! Any Parquet file as rows of JSON values, for tables whose columns we do not know beforehand.

use std::io::Cursor;

use polars::prelude::{AnyValue, Column, DataType, ParquetReader, SerReader};
use serde_json::{Map, Value};

/// The columns of a table and its rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Names of the columns whose type can be read, in order.
    pub columns: Vec<String>,
    /// One map a row, from column to value; null where the cell is empty.
    pub rows: Vec<Map<String, Value>>,
}

/// Reads a Parquet file. Text, numbers, booleans and lists of them become JSON values; a non-finite number, which other
/// tools write for an empty cell, becomes null. Columns of any other type are left out.
pub fn read_rows(bytes: Vec<u8>) -> Result<Rows, String> {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().map_err(|error| {
        format!("is not a readable Parquet file of text, 32- or 64-bit integers and doubles: {error}")
    })?;
    let mut rows = Rows { columns: Vec::new(), rows: vec![Map::new(); frame.height()] };
    for column in frame.columns() {
        let Some(column) = readable(column) else { continue };
        let name = column.name().to_string();
        for (index, row) in rows.rows.iter_mut().enumerate() {
            let cell = column.get(index).map_err(|error| format!("column {name}: row {}: {error}", index + 1))?;
            row.insert(name.clone(), value_of(&cell));
        }
        rows.columns.push(name);
    }
    Ok(rows)
}

/// The column, with dictionary-encoded text as text; none where its type has no JSON form.
fn readable(column: &Column) -> Option<Column> {
    let found = column.dtype();
    if found.is_categorical() || found.is_enum() {
        return column.strict_cast(&DataType::String).ok();
    }
    is_readable(found).then(|| column.clone())
}

fn is_readable(found: &DataType) -> bool {
    match found {
        DataType::List(inner) => is_readable(inner),
        DataType::Null | DataType::Boolean | DataType::String | DataType::UInt64 => true,
        _ => found.is_float() || (found.is_integer() && !matches!(found, DataType::Int128 | DataType::UInt128)),
    }
}

fn value_of(cell: &AnyValue<'_>) -> Value {
    match cell {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(truth) => Value::from(*truth),
        AnyValue::String(text) => Value::from(*text),
        AnyValue::StringOwned(text) => Value::from(text.as_str()),
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
            Column::new("single".into(), vec![0.1_f32, 3.0]),
            Column::new("yes".into(), vec![true, false]),
            Column::new("items".into(), vec![list.clone(), list]),
        ]);
        let rows = read_rows(bytes).unwrap();
        assert_eq!(rows.columns, ["text", "level", "small", "real", "single", "yes", "items"]);
        let first =
            json!({"text": "a", "level": 2, "small": 1, "real": 0.5, "single": 0.1, "yes": true, "items": ["x", "y"]});
        assert_eq!(json!(rows.rows[0]), first);
        let second = json!({"text": null, "level": null, "small": -1, "real": null, "single": 3.0, "yes": false, "items": ["x", "y"]});
        assert_eq!(json!(rows.rows[1]), second);
    }

    #[test]
    fn what_is_not_parquet_is_an_error() {
        assert!(read_rows(b"id,prompt\n1,x\n".to_vec()).unwrap_err().starts_with("is not a readable Parquet file"));
    }
}
