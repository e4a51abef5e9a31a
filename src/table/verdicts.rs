//! Verdicts as Parquet (`lacuna-verdict/1`): one column a key; `items` holds JSON.

use std::collections::BTreeMap;

use polars::prelude::{Column, DataFrame, DataType, ParquetWriter, PolarsResult, StringChunked};

use super::parquet::{MOST_DECODED_BYTES, ParquetFile, READABLE, bytes_of_texts, too_large};
use crate::model::{ItemMark, Outcome, Verdict};

/// Whether columns that hold text of a judge or of a response are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextColumns {
    /// `rationale` and `raw` are written.
    Written,
    /// They are left empty.
    Withheld,
}

const COLUMNS: [&str; 20] = [
    "judge",
    "example",
    "repeat",
    "outcome",
    "omission",
    "commission",
    "p_omission",
    "p_commission",
    "score",
    "items",
    "rationale",
    "raw",
    "model",
    "prompt_sha256",
    "input_tokens",
    "output_tokens",
    "cost_usd",
    "latency_ms",
    "attempts",
    "at",
];

/// Writes verdicts as one Parquet file, in the given order.
pub fn write_verdicts(verdicts: &[&Verdict], texts: TextColumns) -> PolarsResult<Vec<u8>> {
    let text = |name: &str, value: &dyn Fn(&Verdict) -> Option<String>| {
        Column::new(name.into(), verdicts.iter().map(|verdict| value(verdict)).collect::<Vec<Option<String>>>())
    };
    let integer = |name: &str, value: &dyn Fn(&Verdict) -> Option<i64>| {
        Column::new(name.into(), verdicts.iter().map(|verdict| value(verdict)).collect::<Vec<Option<i64>>>())
    };
    let real = |name: &str, value: &dyn Fn(&Verdict) -> Option<f64>| {
        Column::new(name.into(), verdicts.iter().map(|verdict| value(verdict)).collect::<Vec<Option<f64>>>())
    };
    let written = |value: &Option<String>| if texts == TextColumns::Written { value.clone() } else { None };
    let tokens = |count: Option<u64>| count.and_then(|count| i64::try_from(count).ok());
    let items = |verdict: &Verdict| {
        (!verdict.items.is_empty()).then(|| serde_json::to_string(&verdict.items).expect("a map of plain words"))
    };
    let mut frame = DataFrame::new_infer_height(vec![
        text("judge", &|verdict| Some(verdict.judge.clone())),
        text("example", &|verdict| Some(verdict.example.clone())),
        integer("repeat", &|verdict| Some(i64::from(verdict.repeat))),
        text("outcome", &|verdict| Some(verdict.outcome.name().to_owned())),
        integer("omission", &|verdict| verdict.omission),
        integer("commission", &|verdict| verdict.commission),
        real("p_omission", &|verdict| verdict.p_omission),
        real("p_commission", &|verdict| verdict.p_commission),
        real("score", &|verdict| verdict.score),
        text("items", &items),
        text("rationale", &|verdict| written(&verdict.rationale)),
        text("raw", &|verdict| written(&verdict.raw)),
        text("model", &|verdict| verdict.model.clone()),
        text("prompt_sha256", &|verdict| verdict.prompt_sha256.clone()),
        integer("input_tokens", &|verdict| tokens(verdict.input_tokens)),
        integer("output_tokens", &|verdict| tokens(verdict.output_tokens)),
        real("cost_usd", &|verdict| verdict.cost_usd),
        real("latency_ms", &|verdict| verdict.latency_ms),
        integer("attempts", &|verdict| verdict.attempts.map(i64::from)),
        text("at", &|verdict| verdict.at.clone()),
    ])?;
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame)?;
    Ok(bytes)
}

/// Reads verdicts from a Parquet file. Columns may be missing where the key is optional; an unknown column, a value of
/// another type or an unknown outcome is an error that names the column and the row (counted from 1); so is a file that
/// would take more than [`MOST_DECODED_BYTES`].
pub fn read_verdicts(bytes: &[u8]) -> Result<Vec<Verdict>, String> {
    let frame = read_frame(bytes)?;
    let texts = |name: &str| text_column(&frame, name);
    let integers = |name: &str| {
        number_column(&frame, name, &DataType::Int64).map(|column| column.and_then(|column| column.i64().ok().cloned()))
    };
    let reals = |name: &str| {
        number_column(&frame, name, &DataType::Float64)
            .map(|column| column.and_then(|column| column.f64().ok().cloned()))
    };
    let (judge, example, outcome) = (texts("judge")?, texts("example")?, texts("outcome")?);
    let (items, rationale, raw) = (texts("items")?, texts("rationale")?, texts("raw")?);
    let (model, prompt, at) = (texts("model")?, texts("prompt_sha256")?, texts("at")?);
    let (repeat, omission, commission) = (integers("repeat")?, integers("omission")?, integers("commission")?);
    let (input, output, attempts) = (integers("input_tokens")?, integers("output_tokens")?, integers("attempts")?);
    let (p_omission, p_commission, score) = (reals("p_omission")?, reals("p_commission")?, reals("score")?);
    let (cost, latency) = (reals("cost_usd")?, reals("latency_ms")?);
    (0..frame.height())
        .map(|row| {
            let text = |column: &Option<StringChunked>| {
                column.as_ref().and_then(|column| column.get(row)).map(ToOwned::to_owned)
            };
            let needed = |name: &str, column: &Option<StringChunked>| {
                text(column).ok_or_else(|| format!("row {}: {name}: is missing; allowed: text", row + 1))
            };
            let fault = |name: &str, message: &str| format!("row {}: {name}: {message}", row + 1);
            let mut verdict = Verdict::new(&needed("judge", &judge)?, &needed("example", &example)?, Outcome::Scored);
            verdict.outcome =
                outcome_of(&needed("outcome", &outcome)?).ok_or_else(|| fault("outcome", "is not a known outcome"))?;
            let integer =
                |column: &Option<polars::prelude::Int64Chunked>| column.as_ref().and_then(|column| column.get(row));
            let real =
                |column: &Option<polars::prelude::Float64Chunked>| column.as_ref().and_then(|column| column.get(row));
            let small = |name: &str, value: Option<i64>| {
                value
                    .map(|value| u32::try_from(value).map_err(|_| fault(name, "found a negative or huge number")))
                    .transpose()
            };
            let large = |name: &str, value: Option<i64>| {
                value.map(|value| u64::try_from(value).map_err(|_| fault(name, "found a negative number"))).transpose()
            };
            verdict.repeat = small("repeat", integer(&repeat))?.unwrap_or(0);
            (verdict.omission, verdict.commission) = (integer(&omission), integer(&commission));
            (verdict.p_omission, verdict.p_commission) = (real(&p_omission), real(&p_commission));
            verdict.score = real(&score);
            verdict.items = match text(&items) {
                None => BTreeMap::new(),
                Some(json) => serde_json::from_str::<BTreeMap<String, ItemMark>>(&json)
                    .map_err(|_| fault("items", "is not JSON of the form {\"id\": \"hit|partial|miss\"}"))?,
            };
            (verdict.rationale, verdict.raw) = (text(&rationale), text(&raw));
            (verdict.model, verdict.prompt_sha256, verdict.at) = (text(&model), text(&prompt), text(&at));
            verdict.input_tokens = large("input_tokens", integer(&input))?;
            verdict.output_tokens = large("output_tokens", integer(&output))?;
            (verdict.cost_usd, verdict.latency_ms) = (real(&cost), real(&latency));
            verdict.attempts = small("attempts", integer(&attempts))?;
            Ok(verdict)
        })
        .collect()
}

/// The columns of a verdict file, where the verdicts would fit into memory.
fn read_frame(bytes: &[u8]) -> Result<DataFrame, String> {
    let file = ParquetFile::open(bytes)?;
    for column in &file.columns {
        let name = &column.name;
        if !COLUMNS.contains(&name.as_str()) {
            return Err(format!("unknown column `{name}`; allowed: {}", COLUMNS.join(", ")));
        }
        if let Some(what) = column.unreadable {
            return Err(format!("column {name}: holds {what}; allowed: {READABLE}"));
        }
    }
    let names = file.columns.iter().map(|column| column.name.clone()).collect();
    let columns = file.read(names, MOST_DECODED_BYTES)?;
    let rows = columns.first().map_or(0, Column::len) as u64;
    let bytes = rows.saturating_mul(size_of::<Verdict>() as u64).saturating_add(bytes_of_texts(&columns));
    if bytes > MOST_DECODED_BYTES {
        return Err(too_large(MOST_DECODED_BYTES));
    }
    Ok(DataFrame::new_infer_height(columns).expect("the columns of one file have one length"))
}

fn outcome_of(name: &str) -> Option<Outcome> {
    std::iter::once(Outcome::Scored).chain(Outcome::UNSCORED).find(|outcome| outcome.name() == name)
}

/// A column of text, or none where the file has no such column.
fn text_column(frame: &DataFrame, name: &str) -> Result<Option<StringChunked>, String> {
    let Ok(column) = frame.column(name) else { return Ok(None) };
    let allowed = || format!("column {name}: found {}; allowed: text", column.dtype());
    match column.dtype() {
        DataType::Null => Ok(None),
        // A column without a value need not be asked row by row.
        DataType::String if column.null_count() == column.len() => Ok(None),
        DataType::String => column.str().map(|column| Some(column.clone())).map_err(|_| allowed()),
        _ => Err(allowed()),
    }
}

/// A column of numbers cast to one type, or none where the file has no such column. Whole numbers may come as doubles: a
/// column of integers with gaps becomes one in many tools.
fn number_column(frame: &DataFrame, name: &str, wanted: &DataType) -> Result<Option<Column>, String> {
    let Ok(column) = frame.column(name) else { return Ok(None) };
    let kind = if wanted.is_float() { "numbers" } else { "whole numbers" };
    let allowed = || format!("column {name}: found {}; allowed: {kind}", column.dtype());
    match column.dtype() {
        DataType::Null => Ok(None),
        found if (found.is_float() || found.is_integer()) && column.null_count() == column.len() => Ok(None),
        found if found.is_float() && !wanted.is_float() => {
            let doubles = column.strict_cast(&DataType::Float64).map_err(|_| allowed())?;
            let fraction = doubles.f64().map_err(|_| allowed())?.iter().flatten().find(|value| value.fract() != 0.0);
            if let Some(value) = fraction {
                return Err(format!("column {name}: found {value}; allowed: {kind}"));
            }
            doubles.strict_cast(wanted).map(Some).map_err(|_| allowed())
        }
        found if found.is_integer() || found.is_float() => column.strict_cast(wanted).map(Some).map_err(|_| allowed()),
        _ => Err(allowed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict() -> Verdict {
        let mut verdict = Verdict::new("j", "a/1", Outcome::Scored);
        (verdict.omission, verdict.p_commission, verdict.raw) = (Some(2), Some(0.25), Some("words".to_owned()));
        verdict.items = BTreeMap::from([("r1".to_owned(), ItemMark::Partial)]);
        verdict.input_tokens = Some(9);
        verdict
    }

    #[test]
    fn verdicts_survive_a_round_trip() {
        let other = Verdict::new("j", "a/2", Outcome::Truncated);
        let bytes = write_verdicts(&[&verdict(), &other], TextColumns::Written).unwrap();
        assert_eq!(read_verdicts(&bytes).unwrap(), [verdict(), other]);
    }

    #[test]
    fn withheld_texts_are_not_in_the_bytes() {
        let bytes = write_verdicts(&[&verdict()], TextColumns::Withheld).unwrap();
        let read = read_verdicts(&bytes).unwrap();
        assert_eq!((read[0].raw.as_deref(), read[0].rationale.as_deref()), (None, None));
        assert_eq!(read[0].omission, Some(2));
    }

    #[test]
    fn anything_else_is_refused_with_the_column() {
        assert!(read_verdicts(b"no parquet").unwrap_err().starts_with("is not a readable Parquet file"));
        let write = |columns: Vec<Column>| {
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new_infer_height(columns).unwrap()).unwrap();
            read_verdicts(&bytes).unwrap_err()
        };
        let text = |name: &str, value: &str| Column::new(name.into(), vec![value.to_owned()]);
        assert!(write(vec![text("sevrity", "a")]).starts_with("unknown column `sevrity`"));
        assert_eq!(
            write(vec![text("judge", "a"), text("outcome", "scored")]),
            "row 1: example: is missing; allowed: text"
        );
        let odd = vec![text("judge", "a"), text("example", "e"), text("outcome", "meh")];
        assert_eq!(write(odd), "row 1: outcome: is not a known outcome");
        let odd = vec![text("judge", "a"), text("example", "e"), text("outcome", "scored"), text("omission", "two")];
        assert!(write(odd).starts_with("column omission: found"));
        let head = || vec![text("judge", "a"), text("example", "e"), text("outcome", "scored")];
        let number = |value: f64| [head(), vec![Column::new("omission".into(), vec![value])]].concat();
        assert_eq!(write(number(0.5)), "column omission: found 0.5; allowed: whole numbers");
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new_infer_height(number(2.0)).unwrap()).unwrap();
        assert_eq!(read_verdicts(&bytes).unwrap()[0].omission, Some(2));
    }
}
