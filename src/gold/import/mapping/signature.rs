//! What a file is by its beginning: a table in another layout than the mapping says is named as such, once, instead of
//! by a fault in every line.

use serde_json::Value as Json;

use super::file::TableFormat;

/// Bytes of a file that are looked at for what no text holds.
const LOOKED_AT: usize = 4096;

/// What a file is, and what is allowed, where it is no table of this format.
pub(super) fn mismatch(bytes: &[u8], expected: TableFormat) -> Option<String> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    let name = expected.name();
    if text.is_empty() {
        return Some("is empty; allowed: a table with rows".to_owned());
    }
    if bytes.starts_with(b"PAR1") {
        return (expected != TableFormat::Parquet).then(|| instead("Parquet", expected, TableFormat::Parquet));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(format!("is an Excel workbook or an archive; allowed: {name}; save the sheet as CSV UTF-8"));
    }
    if bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5\x2f\xfd") {
        return Some(format!("is compressed; allowed: {name}, unpacked"));
    }
    if expected == TableFormat::Parquet {
        let found = if is_object(first_line(text)) { TableFormat::Jsonl } else { TableFormat::Csv };
        let hint = format!("`format = \"{}\"`", found.key());
        return Some(format!("is no Parquet file; allowed: Parquet, or {hint} where it is {}", found.name()));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some("is UTF-16; allowed: UTF-8 text".to_owned());
    }
    if bytes[..bytes.len().min(LOOKED_AT)].contains(&0) {
        return Some("holds zero bytes, as UTF-16 and binary files do; allowed: UTF-8 text".to_owned());
    }
    let first = first_line(text);
    match expected {
        TableFormat::Csv if is_object(first) => Some(instead("JSON lines", expected, TableFormat::Jsonl)),
        TableFormat::Csv if first.starts_with(b"[") && is_json(text) => Some(one_text()),
        TableFormat::Jsonl
            if first.starts_with(b"[") || (first.starts_with(b"{") && !is_json(first) && is_json(text)) =>
        {
            Some(one_text())
        }
        TableFormat::Jsonl if !first.starts_with(b"{") => {
            Some("is not JSON lines; allowed: one JSON object a line, or `format = \"csv\"` where it is CSV".to_owned())
        }
        TableFormat::Csv | TableFormat::Jsonl | TableFormat::Parquet => None,
    }
}

fn instead(found: &str, expected: TableFormat, other: TableFormat) -> String {
    format!("is {found}; allowed: {}, or `format = \"{}\"`", expected.name(), other.key())
}

fn one_text() -> String {
    "is one JSON text; allowed: JSON lines, one object a line (`jq -c '.[]'` makes them of a list)".to_owned()
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii()
}

fn is_object(line: &[u8]) -> bool {
    matches!(serde_json::from_slice(line), Ok(Json::Object(_)))
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}

impl TableFormat {
    /// What a message calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Jsonl => "JSON lines",
            Self::Parquet => "Parquet",
        }
    }

    /// What a mapping and the command line call it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_what_it_says() {
        for (bytes, format) in [
            (&b"id,prompt\n1,x\n"[..], TableFormat::Csv),
            (b"\xef\xbb\xbf\"[a]\",b\n1,x\n", TableFormat::Csv),
            (b"[a],b\n1,2\n", TableFormat::Csv),
            (b"\n{\"id\": 1}\n{broken\n", TableFormat::Jsonl),
            (b"{broken\n{\"id\": 1}\n", TableFormat::Jsonl),
            (b"PAR1", TableFormat::Parquet),
        ] {
            assert_eq!(mismatch(bytes, format), None, "{bytes:?}");
        }
    }

    #[test]
    fn anything_else_is_named() {
        for (bytes, format, begin) in [
            (&b" \n"[..], TableFormat::Csv, "is empty"),
            (b"PAR1", TableFormat::Csv, "is Parquet; allowed: CSV, or `format = \"parquet\"`"),
            (b"PK\x03\x04", TableFormat::Csv, "is an Excel workbook"),
            (b"\x1f\x8b\x08", TableFormat::Jsonl, "is compressed"),
            (b"\xff\xfei\0d\0", TableFormat::Csv, "is UTF-16"),
            (b"i\0d\0", TableFormat::Csv, "holds zero bytes"),
            (b"{\"id\": 1}\n", TableFormat::Csv, "is JSON lines; allowed: CSV, or `format = \"jsonl\"`"),
            (b"[{\"id\": 1}]", TableFormat::Csv, "is one JSON text"),
            (b"[\n{\"id\": 1}\n]", TableFormat::Jsonl, "is one JSON text"),
            (b"{\n\"id\": 1\n}", TableFormat::Jsonl, "is one JSON text"),
            (b"id,prompt\n", TableFormat::Jsonl, "is not JSON lines"),
            (b"id,prompt\n", TableFormat::Parquet, "is no Parquet file; allowed: Parquet, or `format = \"csv\"`"),
            (b"{\"id\": 1}\n", TableFormat::Parquet, "is no Parquet file; allowed: Parquet, or `format = \"jsonl\"`"),
        ] {
            let said = mismatch(bytes, format).unwrap_or_default();
            assert!(said.starts_with(begin), "{bytes:?}: {said}");
        }
    }
}
