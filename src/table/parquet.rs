//! Opening a Parquet file that a stranger may have made: what it holds is known, and bounded, before it is decoded.
//!
//! A file of a few hundred bytes can stand for terabytes: one long text that a million rows repeat, or pages that
//! compress a thousandfold. Readers allocate by what the header of each page says, so the headers are added up first.

use std::fmt::Display;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{AnyValue, ArrowDataType, Column, DataType, ParquetReader, PolarsResult, SerReader};
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use polars_parquet_format::{Encoding, PageHeader};

/// Most bytes that a Parquet file may decode to: 4 GiB.
pub const MOST_DECODED_BYTES: u64 = 4 << 30;

/// What a cell takes in memory beside its text.
const BYTES_PER_CELL: u64 = 16;

/// Types that this program reads.
pub(super) const READABLE: &str = "text, 32- and 64-bit numbers, true or false, and lists of them";

/// A Parquet file whose schema has been read and whose cells have not.
pub(super) struct ParquetFile<'a> {
    bytes: &'a [u8],
    reader: ParquetReader<Cursor<&'a [u8]>>,
    /// Its columns in order.
    pub(super) columns: Vec<ParquetColumn>,
}

/// A column by its name.
pub(super) struct ParquetColumn {
    pub(super) name: String,
    /// What it holds, in words, where that is nothing that we read.
    pub(super) unreadable: Option<&'static str>,
}

impl<'a> ParquetFile<'a> {
    /// Reads the schema of a file.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let schema = guarded(|| reader.schema())?;
        let columns = schema
            .iter_values()
            .map(|field| ParquetColumn { name: field.name.to_string(), unreadable: unreadable(&field.dtype) })
            .collect();
        Ok(Self { bytes, reader, columns })
    }

    /// Decodes the columns of these names, unless they would take more than `most` bytes.
    /// Dictionary-encoded text becomes text.
    pub(super) fn read(mut self, names: Vec<String>, most: u64) -> Result<Vec<Column>, String> {
        if self.decoded_bytes(&names)? > most {
            return Err(too_large(most));
        }
        let reader = self.reader.with_columns(Some(names));
        guarded(|| reader.finish()?.columns().iter().map(as_text).collect())
    }

    /// What the columns take at most once decoded, as polars holds them.
    fn decoded_bytes(&mut self, names: &[String]) -> Result<u64, String> {
        let metadata = guarded(|| self.reader.get_metadata().cloned())?;
        let rows = metadata.row_groups.iter().fold(0, |rows: usize, group| rows.saturating_add(group.num_rows()));
        let mut decoded = cells(rows.max(metadata.num_rows), names.len());
        for group in &metadata.row_groups {
            for column in group.parquet_columns() {
                let root = column.descriptor().path_in_schema.first();
                if root.is_none_or(|root| !names.iter().any(|name| name == root.as_str())) {
                    continue;
                }
                let range = guarded(|| Ok(column.byte_range()))?;
                let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
                let pages = range.and_then(|(start, end)| self.bytes.get(start..end));
                let pages = pages.ok_or_else(|| damaged("a column lies outside of the file"))?;
                decoded = decoded.saturating_add(decoded_bytes_of(pages, column.num_values())?);
            }
        }
        Ok(decoded)
    }
}

/// Bytes that cells take beside their texts.
fn cells(rows: usize, columns: usize) -> u64 {
    (rows as u64).saturating_mul(columns as u64).saturating_mul(BYTES_PER_CELL)
}

/// What the pages of a column take once decoded, by their headers; a reader stops after as many values.
fn decoded_bytes_of(pages: &[u8], values: i64) -> Result<u64, String> {
    let (mut rest, mut decoded, mut seen) = (pages, 0_u64, 0_i64);
    while !rest.is_empty() && seen < values {
        let most = rest.len();
        let header = PageHeader::read_from_in_protocol(&mut TCompactInputProtocol::new(&mut rest, most))
            .map_err(|error| damaged(&error))?;
        let compressed = usize::try_from(header.compressed_page_size).ok();
        rest = compressed.and_then(|size| rest.get(size..)).ok_or_else(|| damaged("a page is cut short"))?;
        let (count, encoding) = match (&header.data_page_header, &header.data_page_header_v2) {
            (Some(page), _) => (page.num_values, page.encoding),
            (None, Some(page)) => (page.num_values, page.encoding),
            (None, None) => (0, Encoding::PLAIN),
        };
        seen = seen.saturating_add(i64::from(count));
        // polars reserves room for as many values as a page claims, before it looks for them.
        if seen > values {
            return Err(damaged("a page claims more values than its column has"));
        }
        let whole = |number: i32| u64::try_from(number).map_err(|_| damaged("a page claims a negative size"));
        let (count, size) = (whole(count)?, whole(header.uncompressed_page_size)?);
        if let Some(page) = &header.data_page_header_v2 {
            whole(page.num_nulls)?;
            whole(page.num_rows)?;
        }
        // In this encoding a value repeats the beginning of the one before: each may be as long as the whole page.
        let texts = if encoding == Encoding::DELTA_BYTE_ARRAY { size.saturating_mul(count.max(1)) } else { size };
        decoded = decoded.saturating_add(texts).saturating_add(count.saturating_mul(BYTES_PER_CELL));
    }
    Ok(decoded)
}

fn as_text(column: &Column) -> PolarsResult<Column> {
    let found = column.dtype();
    if found.is_categorical() || found.is_enum() { column.strict_cast(&DataType::String) } else { Ok(column.clone()) }
}

/// What the texts of these columns take as texts of their own: polars keeps one that many rows repeat only once.
pub(super) fn bytes_of_texts(columns: &[Column]) -> u64 {
    fn bytes_of(cell: &AnyValue<'_>) -> u64 {
        match cell {
            AnyValue::String(text) => text.len() as u64,
            AnyValue::StringOwned(text) => text.len() as u64,
            AnyValue::List(series) => {
                series.iter().map(|cell| bytes_of(&cell).saturating_add(BYTES_PER_CELL)).fold(0, u64::saturating_add)
            }
            _ => 0,
        }
    }
    let texts = |column: &&Column| matches!(column.dtype(), DataType::String | DataType::List(_));
    let columns = columns.iter().filter(texts).map(Column::as_materialized_series);
    columns.flat_map(|column| column.iter().map(|cell| bytes_of(&cell))).fold(0, u64::saturating_add)
}

/// What is said of a file that decodes to more.
pub(super) fn too_large(most: u64) -> String {
    format!("holds more than {} once decoded; allowed: less, in several files or as CSV", in_words(most))
}

fn in_words(bytes: u64) -> String {
    let (size, unit) = if bytes >= 1 << 30 { (bytes >> 30, "GiB") } else { (bytes >> 10, "KiB") };
    format!("{size} {unit}")
}

fn damaged(why: &(impl Display + ?Sized)) -> String {
    let why = why.to_string().replace('\n', " ");
    format!("is not a readable Parquet file ({why}); allowed: a whole Parquet file")
}

/// polars stops at some damaged files with a panic: the file is at fault, not the program.
fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| damaged(&error)),
        Err(_) => Err(damaged("it is damaged")),
    }
}

/// What a column of this type holds, in words; none where we read it.
fn unreadable(found: &ArrowDataType) -> Option<&'static str> {
    use ArrowDataType as Type;
    match found {
        Type::Null
        | Type::Boolean
        | Type::Int32
        | Type::Int64
        | Type::UInt32
        | Type::UInt64
        | Type::Float32
        | Type::Float64
        | Type::Utf8
        | Type::LargeUtf8
        | Type::Utf8View => None,
        Type::List(inner) | Type::LargeList(inner) => unreadable(&inner.dtype),
        Type::Dictionary(_, values, _) => unreadable(values),
        Type::Int8 | Type::UInt8 => Some("8-bit integers"),
        Type::Int16 | Type::UInt16 => Some("16-bit integers"),
        Type::Int128 | Type::UInt128 => Some("128-bit integers"),
        Type::Float16 => Some("16-bit floating-point numbers"),
        Type::Decimal(..) | Type::Decimal32(..) | Type::Decimal64(..) | Type::Decimal256(..) => Some("decimals"),
        Type::Date32 | Type::Date64 => Some("dates"),
        Type::Timestamp(..) | Type::Time32(_) | Type::Time64(_) => Some("times"),
        Type::Duration(_) | Type::Interval(_) => Some("durations"),
        Type::Binary | Type::LargeBinary | Type::BinaryView | Type::FixedSizeBinary(_) => Some("bytes"),
        Type::FixedSizeList(..) => Some("lists of a fixed length"),
        Type::Struct(_) | Type::Map(..) => Some("records"),
        _ => Some("another type"),
    }
}
