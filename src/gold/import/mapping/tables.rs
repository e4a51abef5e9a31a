//! Reading the tables of a mapping: CSV, JSON lines and Parquet become rows of the same shape.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::context::Context;
use super::file::TableFormat;
use super::readers::{FileRows, read_csv, read_json_lines, read_parquet};
use super::row::{Column, LINE, Row};
use super::signature::mismatch;
use super::source::{FileName, Source};
use crate::gold::files::read_file;
use crate::model::{Problem, Problems, shown};

/// Columns that a message lists.
const COLUMNS_SHOWN: usize = 20;

/// The rows of a source.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Names of the columns in the order of the first file.
    pub(super) columns: Vec<String>,
    /// Columns that cannot be read, each with what it holds and what is allowed.
    unreadable: Vec<(String, String)>,
    pub(super) rows: Vec<Row>,
}

/// Reads the files of every source, joins them, and leaves out the rows that no one asked for.
///
/// The tables are in the order of the sources; that of a joined source is empty.
pub(super) fn read_tables(
    context: &mut Context<'_>,
    sources: &[Source],
    folder: &Path,
    format: TableFormat,
    notes: &mut Vec<String>,
) -> Vec<Table> {
    let mut tables: Vec<Table> = sources.iter().map(|source| read_source(context, source, folder, format)).collect();
    check_columns(context, &tables, |column| !is_joined(sources, column));
    if !context.problems.is_empty() {
        return tables;
    }
    for position in (0..sources.len()).rev() {
        let source = &sources[position];
        if position == 0 {
            check_columns(context, &tables, |column| is_joined(sources, column));
        }
        let table = &mut tables[position];
        let before = table.rows.len();
        table.rows.retain(|row| source.only.hold(row));
        if table.rows.len() < before {
            notes.push(format!(
                "{}: {} of {before} rows were left out by `where`",
                source.name,
                before - table.rows.len()
            ));
        }
        if let Some(join) = &source.join {
            let others = std::mem::take(&mut table.rows);
            join.complete(&source.name, &mut tables[0].rows, &others, &mut context.problems);
        }
    }
    tables
}

/// Whether a column lies in a joined source, as seen from the first one.
fn is_joined(sources: &[Source], column: &Column) -> bool {
    let first = column.path.trim_start_matches('/').split(['.', '/']).next().unwrap_or("");
    sources.iter().any(|source| source.join.is_some() && source.name == first)
}

/// Every column that the mapping names has to be in its source.
fn check_columns(context: &mut Context<'_>, tables: &[Table], which: impl Fn(&Column) -> bool) {
    let uses = context.uses.clone();
    let mut said = BTreeSet::new();
    for (source, column) in uses.iter().filter(|(_, column)| column.path != LINE && which(column)) {
        let table = &tables[*source];
        let at = |name: &str| {
            column.path == name || column.path.trim_start_matches('/').split(['.', '/']).next() == Some(name)
        };
        if let Some((name, message)) = table.unreadable.iter().find(|(name, _)| at(name)) {
            context.fault(&column.key, format!("column {} {message}", shown(name)));
            continue;
        }
        let known = table.columns.contains(&column.path) || table.rows.iter().any(|row| column.find(row).is_some());
        if known || table.rows.is_empty() || !said.insert((*source, &column.path, &column.key)) {
            continue;
        }
        let within = beside(table, column);
        let listed = if within.is_empty() { &table.columns } else { &within };
        let more = listed.len().saturating_sub(COLUMNS_SHOWN);
        let mut allowed = listed.iter().take(COLUMNS_SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if more > 0 {
            allowed.push_str(&format!(" and {more} more"));
        }
        let hint = if is_uncut(&table.columns) { " (is another `delimiter` needed?)" } else { "" };
        let found = shown(&column.path);
        let message = format!("found {found}; allowed: a column of {}: {allowed}{hint}", context.sources[*source]);
        context.fault(&column.key, message);
    }
}

/// What lies beside a path that leads into objects: `judge.score` and `judge.why` for `judge.scor`.
fn beside(table: &Table, column: &Column) -> Vec<String> {
    let Some((around, _)) = column.path.rsplit_once('.').filter(|(around, _)| !around.starts_with('/')) else {
        return Vec::new();
    };
    let outer = Column { path: around.to_owned(), key: String::new() };
    let objects = table.rows.iter().filter_map(|row| outer.find(row)?.as_object());
    let names: BTreeSet<String> = objects.flat_map(|cells| cells.keys().cloned()).collect();
    names.into_iter().map(|name| format!("{around}.{name}")).collect()
}

/// Whether a whole header was read as one name.
fn is_uncut(columns: &[String]) -> bool {
    matches!(columns, [only] if only.contains([',', ';', '\t', '|']))
}

fn read_source(context: &mut Context<'_>, source: &Source, folder: &Path, format: TableFormat) -> Table {
    let mut table = Table::default();
    for name in &source.files {
        let found = files_of(name, folder);
        if found.is_empty() {
            let allowed = format!("allowed: a file that exists below {}", shown_folder(folder));
            context.fault(&name.key, format!("found {}; {allowed}", shown(&name.text)));
        }
        for path in found {
            read_into(&mut table, context, source, name, &path, (folder, format));
        }
    }
    if table.rows.is_empty() && context.problems.is_empty() {
        let key = source.files.first().map_or("sources", |name| name.key.as_str());
        context.fault(key, "holds no row; allowed: a table with rows");
    }
    table
}

/// Whether a link leads out of the folder of the tables.
fn leads_out(path: &Path, folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    matches!((path.canonicalize(), folder.canonicalize()), (Ok(path), Ok(folder)) if !path.starts_with(&folder))
}

fn shown_folder(folder: &Path) -> String {
    if folder.as_os_str().is_empty() { "the working folder".to_owned() } else { folder.display().to_string() }
}

/// The files that a name stands for, sorted.
fn files_of(name: &FileName, folder: &Path) -> Vec<PathBuf> {
    let folder = folder.join(&name.folder);
    if name.pattern.is_plain() {
        let path = folder.join(Path::new(&name.text).file_name().unwrap_or_default());
        return if path.exists() { vec![path] } else { Vec::new() };
    }
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { &folder };
    let mut names: Vec<String> = fs::read_dir(place)
        .map(|entries| entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
        .unwrap_or_default();
    names.retain(|file| name.pattern.matches(file).is_some());
    names.sort();
    names.into_iter().map(|file| folder.join(file)).collect()
}

/// Reads one file and adds its rows, with the captures of its name as columns.
fn read_into(
    table: &mut Table,
    context: &mut Context<'_>,
    source: &Source,
    name: &FileName,
    path: &Path,
    (folder, default): (&Path, TableFormat),
) {
    let read = match read_one(context, source, path, (folder, default)) {
        Ok(read) => read,
        Err(problem) => {
            // The user sees both ends: the file, and what names it.
            let named = format!("{}:{}: {}", context.file.display(), context.lines.line(&name.key), name.key);
            let message = format!("{} ({named})", problem.message);
            return context.problems.push(Problem { message, ..problem });
        }
    };
    let file_name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let captures = name.pattern.matches(file_name).unwrap_or_default();
    let file: Arc<Path> = Arc::from(path);
    if let Some(column) = captures.keys().find(|column| read.columns.contains(column)) {
        let message = "is a column and a part of the file's name; allowed: another name in the braces of `files`";
        context.problems.push(Problem::key(path, 1, column, message));
    }
    for column in read.columns.into_iter().chain(name.pattern.captures().map(str::to_owned)) {
        if !table.columns.contains(&column) {
            table.columns.push(column);
        }
    }
    table.unreadable.extend(read.unreadable);
    for (line, mut cells) in read.rows {
        cells.extend(captures.iter().map(|(name, value)| (name.clone(), Json::String(value.clone()))));
        table.rows.push(Row { file: Arc::clone(&file), line, cells: Json::Object(cells) });
    }
}

/// Reads one file in its layout; the error is a fault of the file as a whole.
fn read_one(
    context: &mut Context<'_>,
    source: &Source,
    path: &Path,
    (folder, default): (&Path, TableFormat),
) -> Result<FileRows, Problem> {
    if leads_out(path, folder) {
        let message = format!("leads out of {}; allowed: files below the folder of the tables", shown_folder(folder));
        return Err(Problem::file(path, message));
    }
    let bytes = read_file(path)?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("").to_ascii_lowercase();
    let format = source.format.unwrap_or(match extension.as_str() {
        "csv" | "tsv" => TableFormat::Csv,
        "jsonl" | "ndjson" => TableFormat::Jsonl,
        "parquet" => TableFormat::Parquet,
        _ => default,
    });
    if let Some(message) = mismatch(&bytes, format) {
        return Err(Problem::line(path, 1, message));
    }
    let delimiter = source.delimiter.unwrap_or(if extension == "tsv" { b'\t' } else { b',' });
    Ok(match format {
        TableFormat::Csv => {
            let mut problems = Problems::default();
            let read = read_csv(path, &bytes, delimiter, &mut problems);
            // Every row would be at fault, and none of them is.
            if !problems.is_empty() && is_uncut(&read.columns) {
                let position = context.sources.iter().position(|name| *name == source.name).unwrap_or_default();
                let key = format!("sources[{position}].delimiter");
                let found = format!("is cut into one column by {:?}", char::from(delimiter));
                let message = format!("{found}; allowed: the character between its cells, as `{key}`");
                return Err(Problem::line(path, 1, message));
            }
            context.problems.append(problems);
            read
        }
        TableFormat::Jsonl => read_json_lines(path, &bytes, &mut context.problems),
        TableFormat::Parquet => {
            let Context { uses, problems, .. } = context;
            // A use may name a column of this file by a longer path, or through a join.
            read_parquet(path, &bytes, |name| uses.iter().any(|(_, column)| column.path.contains(name)), problems)
        }
    })
}
