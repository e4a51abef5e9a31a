//! The tables of `tables/`, as the page shows them when they are opened.

use std::collections::BTreeMap;

use serde::Serialize;

use super::PageError;

/// Rows of one table that the page holds.
const MOST_ROWS: usize = 1_000;

/// A table as the script builds it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct TableData {
    name: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    #[serde(skip)]
    in_all: usize,
}

/// A table as the page announces it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct TableBlock {
    name: String,
    rows: usize,
    /// Rows on the page, where they are not all.
    cut: Option<usize>,
}

/// Reads the tables back: those that hold something, and the names of those that have no row.
pub(super) fn table_data(tables: &BTreeMap<&'static str, Vec<u8>>) -> Result<(Vec<TableData>, Vec<String>), PageError> {
    let read: Vec<TableData> = tables
        .iter()
        .filter(|(name, _)| name.ends_with(".csv"))
        .map(|(name, bytes)| {
            let fault = |error: csv::Error| PageError(error.to_string());
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let headings = reader.headers().map_err(fault)?.iter().map(str::to_owned).collect();
            let mut rows = Vec::new();
            for record in reader.records().take(MOST_ROWS) {
                rows.push(record.map_err(fault)?.iter().map(super::clean).collect());
            }
            let read = usize::try_from(reader.position().byte()).unwrap_or(bytes.len());
            let in_all = rows.len() + rows_in(&bytes[read..]);
            Ok(TableData { name: (*name).to_owned(), headings, rows, in_all })
        })
        .collect::<Result<_, PageError>>()?;
    let (full, empty): (Vec<_>, Vec<_>) = read.into_iter().partition(|table| table.in_all > 0);
    Ok((full, empty.into_iter().map(|table| table.name).collect()))
}

/// Rows of a table that need not be read: lines, but for breaks inside quotes.
fn rows_in(csv: &[u8]) -> usize {
    let mut quoted = false;
    let ends = csv.iter().filter(|byte| {
        quoted ^= **byte == b'"';
        **byte == b'\n' && !quoted
    });
    ends.count()
}

pub(super) fn table_blocks(tables: &[TableData]) -> Vec<TableBlock> {
    let block = |table: &TableData| TableBlock {
        name: table.name.clone(),
        rows: table.in_all,
        cut: (table.in_all > table.rows.len()).then_some(table.rows.len()),
    };
    tables.iter().map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_table_is_cut_and_says_so_and_one_without_rows_is_named_apart() {
        let mut csv = String::from("a,b\n");
        (0..1_500).for_each(|row| csv.push_str(&format!("{row},\u{202e}x\n")));
        csv.push_str("1500,\"two lines:\n\"\"here\"\"\nand there\"\n");
        let tables = BTreeMap::from([
            ("long.csv", csv.into_bytes()),
            ("none.csv", b"a,b\n".to_vec()),
            ("short.tex", Vec::new()),
        ]);
        let (data, empty) = table_data(&tables).unwrap();
        assert_eq!((data.len(), data[0].rows.len()), (1, MOST_ROWS));
        assert_eq!(empty, ["none.csv"]);
        assert_eq!(data[0].rows[7], ["7", "\u{fffd}x"]);
        let block = &table_blocks(&data)[0];
        assert_eq!((block.rows, block.cut), (1_501, Some(MOST_ROWS)));
    }
}
