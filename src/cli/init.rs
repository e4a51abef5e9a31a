//! `lacuna init`: a first mapping and audit file for a table, to be corrected by hand.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use clap::Args;

use super::error::CliError;
use super::output;
use super::staging::{check_new, write_new_files};
use crate::gold::import::{Layout, Preview};
use crate::gold::init::{Place, draft};
use crate::model::Problem;
use crate::report::one_line;

const MAPPING: &str = "mapping.toml";
const AUDIT: &str = "lacuna.toml";

/// Arguments of `lacuna init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Looks at the names and values of the columns, asks nothing, and never writes over a file. Each guess stands in the mapping
with its reason; what a table cannot say, or what could be meant otherwise, is marked CORRECT.

Examples:
  lacuna init ratings.csv
  lacuna init exports/annotations.jsonl --out study")]
pub(super) struct InitArgs {
    /// A CSV, JSONL or Parquet table: one row an example, or one row an annotation.
    #[arg(value_name = "TABLE")]
    table: PathBuf,
    /// Folder for mapping.toml and lacuna.toml [default: the working folder].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &InitArgs) -> Result<(), CliError> {
    let out = args.out.clone().unwrap_or_default();
    // A table that is not there is the first thing to be told: its name may be mistyped.
    let layout = Layout::of(&args.table)?;
    check_new(&out, &[MAPPING, AUDIT])?;
    let (folder, file) = place_of(&args.table, &out)?;
    let preview = Preview::read(&folder, &file, layout)?;
    let name = set_name(&args.table);
    let set = free_folder(&out, &name);
    let made = draft(&preview, &Place { file: &file, layout, name: &name, set: &set });
    let files = BTreeMap::from([(MAPPING, made.mapping.into_bytes()), (AUDIT, made.audit.into_bytes())]);
    write_new_files(&out, &files)?;
    output::data(&one_line_each(&made.summary))?;
    let (mapping, audit) = (out.join(MAPPING), out.join(AUDIT));
    output::say(&format!("wrote {} and {}", mapping.display(), audit.display()));
    output::say(&format!("check the {} lines of {} that are marked CORRECT", made.to_correct, mapping.display()));
    let from = if folder == out { String::new() } else { format!(" --from {}", word(&folder)) };
    let import = format!("lacuna gold import {} --map {}{from}", layout.format.key(), word(&mapping));
    output::say(&format!("next: {import} --out {}", word(&out.join(&set))));
    let config = if args.out.is_none() { String::new() } else { format!(" --config {}", word(&audit)) };
    output::say(&format!("then: lacuna audit{config}"));
    Ok(())
}

fn one_line_each(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", one_line(line))).collect()
}

/// The folder that an import reads tables from, and the table's name in it: the mapping's own folder where the table lies
/// in it, otherwise the table's.
fn place_of(table: &Path, out: &Path) -> Result<(PathBuf, String), Problem> {
    let below = table
        .strip_prefix(out)
        .ok()
        .filter(|below| below.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)));
    let (folder, file) = match below {
        Some(below) => (out.to_owned(), below),
        None => (
            table.parent().unwrap_or_else(|| Path::new("")).to_owned(),
            Path::new(table.file_name().unwrap_or_default()),
        ),
    };
    let folder = if below.is_none() && folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    let file = file.to_str().filter(|file| !file.is_empty());
    let file = file.ok_or_else(|| Problem::file(table, "has a name that is not UTF-8; allowed: a UTF-8 file name"))?;
    Ok((folder, file.to_owned()))
}

/// A name for the set, from the name of the table.
fn set_name(table: &Path) -> String {
    let stem = table.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') { c } else { '-' };
    let name: String = stem.chars().map(plain).take(60).collect();
    let name = name.trim_matches(['-', '.']);
    if name.is_empty() { "table".to_owned() } else { name.to_owned() }
}

/// A folder that an import can write.
fn free_folder(out: &Path, name: &str) -> String {
    let free = |folder: &String| {
        let path = out.join(folder);
        !path.exists() || path.read_dir().is_ok_and(|mut entries| entries.next().is_none())
    };
    let numbered = (2..).map(|number| format!("{name}-set-{number}"));
    let mut names = [name.to_owned(), format!("{name}-set")].into_iter().chain(numbered);
    names.find(free).unwrap_or_else(|| name.to_owned())
}

/// A path as a shell reads it back.
fn word(path: &Path) -> String {
    let text = path.display().to_string();
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+' | '=' | ':' | '@' | '%' | ',');
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_in_the_folder_of_the_mapping_needs_no_other() {
        let place = |table: &str, out: &str| {
            let (folder, file) = place_of(Path::new(table), Path::new(out)).unwrap();
            (folder.display().to_string(), file)
        };
        assert_eq!(place("t.csv", ""), (String::new(), "t.csv".to_owned()));
        assert_eq!(place("data/t.csv", ""), (String::new(), "data/t.csv".to_owned()));
        assert_eq!(place("data/t.csv", "data"), ("data".to_owned(), "t.csv".to_owned()));
        assert_eq!(place("t.csv", "study"), (".".to_owned(), "t.csv".to_owned()));
        assert_eq!(place("../t.csv", ""), ("..".to_owned(), "t.csv".to_owned()));
        assert_eq!(place("/x/t.csv", "study"), ("/x".to_owned(), "t.csv".to_owned()));
    }

    #[test]
    fn names_and_words_are_plain() {
        assert_eq!(set_name(Path::new("a/My ratings (2).csv")), "My-ratings--2");
        assert_eq!(set_name(Path::new("日本.csv")), "table");
        assert_eq!(word(Path::new("a b/it's")), r"'a b/it'\''s'");
        assert_eq!(word(Path::new("-x")), "./-x");
    }
}
