//! Malformed mappings and tables, one fault a case: each ends with exit code 3, names file, line and key, says what is
//! allowed, and leaves no folder behind.

mod mapping_cases;
mod table_cases;

use std::fs;

use crate::driver::{Lacuna, mapping};

/// What a case changes in the sound mapping and table.
enum Change {
    /// Text of the mapping.
    Map(&'static str, &'static str),
    /// Text of the table.
    Table(&'static str, &'static str),
    /// Another file beside them, or instead.
    File(&'static str, &'static [u8]),
    /// A folder.
    Folder(&'static str),
}
struct Case {
    name: &'static str,
    changes: &'static [Change],
    /// The file at fault, and a text on the line at fault (on its first line where empty).
    at: (&'static str, &'static str),
    /// Key and message, or how they begin.
    says: &'static str,
}

const MAPPING: &str = r#"
[[sources]]
files = "t.csv"

[example]
id = "{set}/{id}"
cluster = "case"
prompt = "question"
response = "answer"
system = "model"
slices = { topic = "topic" }

[axes]
commission = { column = "topic", not_equals = "billing" }

[values.words]
fine = 0
gaps = 2
useless = 4

[[raters]]
columns = { ann = "ann said", ben = "ben said" }
omission = { values = "words" }
commission = { value = 0 }

[[judges]]
name = "auto"
omission = { column = "auto", values = { ok = 0, gaps = 1 } }
p_omission = "p"
score = "score"
"#;

const TABLE: &str = "set,id,case,question,answer,model,topic,ann said,ben said,auto,score,p
s,1,a,q1,\"r1
goes on\",m,care,fine,fine,ok,1,0.1
s,2,b,q2,r2,m,billing,useless,gaps,gaps,2,0.9
s,3,c,q3,r3,m,care,fine,useless,ok,3,0.2
";

/// Words of the program's own making, which mean nothing to a user.
const INNER_WORDS: [&str; 12] =
    ["i64", "i128", "u64", "u32", "f64", "ident", "invalid type", "variant", "TextOr", "panicked", "os error", "Some("];

fn line_of(text: &[u8], part: &str) -> usize {
    let text = String::from_utf8_lossy(text);
    let at = text.find(part).unwrap_or_else(|| panic!("{part:?} is not in {text}"));
    text[..at].matches('\n').count() + 1
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} is not in {text}");
    text.replacen(from, to, 1)
}

/// Runs a case and returns what is wrong with what was said.
fn faults_of(case: &Case) -> Vec<String> {
    let lacuna = Lacuna::new();
    let (mut map, mut table) = (mapping(MAPPING), TABLE.to_owned());
    for change in case.changes {
        match change {
            Change::Map(from, to) => map = replaced(&map, from, to),
            Change::Table(from, to) => table = replaced(&table, from, to),
            Change::File(name, bytes) => fs::write(lacuna.path(name), bytes).unwrap(),
            Change::Folder(name) => fs::create_dir(lacuna.path(name)).unwrap(),
        }
    }
    fs::write(lacuna.path("map.toml"), map).unwrap();
    fs::write(lacuna.path("t.csv"), table).unwrap();
    let (file, part) = case.at;
    let map = if file == "absent.toml" { file } else { "map.toml" };
    let output = lacuna.output(&["gold", "import", "csv", "--map", map, "--out", "g"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut faults = Vec::new();
    let mut check = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{}: {what}:\n{said}", case.name));
        }
    };
    check(output.status.code() == Some(3), "is not exit code 3");
    let expected = if part == "-" {
        format!("{file}: {}", case.says)
    } else {
        format!("{file}:{}: {}", line_of(&fs::read(lacuna.path(file)).unwrap(), part), case.says)
    };
    check(said.contains(&expected), &expected);
    for line in said.lines().filter(|line| *line != "error: bad input" && !line.starts_with("and ")) {
        check(line.contains("allowed"), "a line does not say what is allowed");
    }
    check(!INNER_WORDS.iter().any(|word| said.contains(word)), "speaks of the program's own types");
    check(!lacuna.path("g").exists(), "left a folder behind");
    faults
}

#[test]
fn the_mapping_that_the_cases_break_is_sound() {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("map.toml"), mapping(MAPPING)).unwrap();
    fs::write(lacuna.path("t.csv"), TABLE).unwrap();
    lacuna.run(&["gold", "import", "csv", "--map", "map.toml", "--out", "g"]);
}

#[test]
fn every_fault_is_named_with_its_file_line_and_key() {
    let cases: Vec<&Case> = mapping_cases::CASES.iter().chain(table_cases::CASES).collect();
    assert!(cases.len() >= 100);
    let faults: Vec<String> = cases.iter().flat_map(|case| faults_of(case)).collect();
    assert!(faults.is_empty(), "{} faults in {} cases\n{}", faults.len(), cases.len(), faults.join("\n"));
}

/// The lines that an import of this table says, by a mapping with one change.
fn said_of(table: &str, from: &str, to: &str) -> Vec<String> {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("map.toml"), replaced(&mapping(MAPPING), from, to)).unwrap();
    fs::write(lacuna.path("t.csv"), table).unwrap();
    let said = lacuna.fail(3, &["gold", "import", "csv", "--map", "map.toml", "--out", "g"]);
    said.trim_start_matches("error: ").lines().filter(|line| *line != "bad input").map(str::to_owned).collect()
}

/// A table of many rows, each made from its number.
fn rows(row: impl Fn(usize) -> String) -> String {
    let header = TABLE.lines().next().unwrap();
    format!("{header}\n{}", (0..40).map(|number| format!("{}\n", row(number))).collect::<String>())
}

#[test]
fn one_slip_is_one_line_with_the_key_that_mends_it() {
    let sound = |number: usize| format!("s,{number},a,q,r,m,care,fine,fine,ok,1,0.1");
    let line = |key: &str| line_of(mapping(MAPPING).as_bytes(), key);
    let cases = [
        (
            rows(|number| sound(number).replace("fine,fine", "patchy,fine")),
            format!(
                "t.csv:2: ann said: found \"patchy\"; allowed: \"fine\", \"gaps\", \"useless\" (`raters[0].omission`); a line for it (`values.words`, map.toml:{}), or `unmapped` (and 39 more rows like it)",
                line("[values.words]")
            ),
        ),
        (
            rows(|number| {
                sound(number)
                    .replace("s,", "s,x")
                    .replace(&format!("x{number},"), "x,")
                    .replace(",q,", &format!(",q{number},"))
            }),
            format!(
                "t.csv:3: prompt: another value than t.csv:2 has for this example; allowed: the same in all its rows, or another id for each (`example.id`, map.toml:{}) (and 38 more rows like it)",
                line("id = ")
            ),
        ),
        (
            rows(|number| sound(number).replace(",0.1", "")),
            "t.csv:2: found 11 cells; allowed: 12, one a column (and 39 more rows like it)".to_owned(),
        ),
        (
            rows(|number| sound(number).replace(",q,", ",one, two,")).replace(',', ";").replace("one; two", "one, two"),
            format!(
                "t.csv:1: is cut into one column by ','; allowed: the character between its cells, as `sources[0].delimiter` (map.toml:{}: sources[0].files)",
                line("files = ")
            ),
        ),
    ];
    for (table, expected) in cases {
        assert_eq!(said_of(&table, "MIT", "BSD"), [expected]);
    }
}

#[test]
fn a_table_in_another_encoding_is_told_what_to_save_as() {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("map.toml"), mapping(MAPPING)).unwrap();
    let table = rows(|number| format!("s,{number},a,caf_,r,m,care,fine,fine,ok,1,0.1"));
    let bytes: Vec<u8> = table.bytes().map(|byte| if byte == b'_' { 0xe9 } else { byte }).collect();
    fs::write(lacuna.path("t.csv"), bytes).unwrap();
    let said = lacuna.fail(3, &["gold", "import", "csv", "--map", "map.toml", "--out", "g"]);
    let expected =
        "t.csv:2: is not UTF-8; allowed: UTF-8 text (from a spreadsheet: save as CSV UTF-8) (and 39 more rows like it)";
    assert!(said.contains(expected), "{said}");
}

/// Neither a huge cell nor a table full of faults fills the terminal.
#[test]
fn a_huge_cell_is_never_repeated() {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("map.toml"), mapping(MAPPING)).unwrap();
    let huge = "x".repeat(2_000_000);
    for (from, to) in
        [("fine,fine,ok", format!("{huge},fine,ok")), ("s,1,a", format!("s,\u{7}{huge},a")), ("0.9", huge.clone())]
    {
        fs::write(lacuna.path("t.csv"), replaced(TABLE, from, &to)).unwrap();
        let said = lacuna.fail(3, &["gold", "import", "csv", "--map", "map.toml", "--out", "g"]);
        assert!(said.len() < 600 && said.contains("allowed"), "{}", said.chars().take(600).collect::<String>());
    }
}

#[test]
fn tables_lie_below_the_folder_that_is_named() {
    let lacuna = Lacuna::new();
    fs::create_dir(lacuna.path("tables")).unwrap();
    fs::write(lacuna.path("map.toml"), mapping(MAPPING)).unwrap();
    fs::write(lacuna.path("t.csv"), TABLE).unwrap();
    let import =
        |from: &str| lacuna.fail(3, &["gold", "import", "csv", "--map", "map.toml", "--from", from, "--out", "g"]);
    assert!(import("nowhere").contains("nowhere: is no folder; allowed: the folder of the tables"));
    assert!(import("tables").contains("found \"t.csv\"; allowed: a file that exists below tables"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(lacuna.path("t.csv"), lacuna.path("tables/t.csv")).unwrap();
        assert!(import("tables").contains("leads out of tables; allowed: files below the folder of the tables"));
    }
}
