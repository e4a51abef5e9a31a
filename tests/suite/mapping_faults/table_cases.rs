//! Faults of tables: their files, their rows, their cells, and what joins them.

use super::Case;
use super::Change::{self, File, Folder, Map, Table};

/// A long table of ratings, used beside the first by the cases on several rows and several files.
const RATINGS: &[u8] = b"set,id,rater,level,kind\ns,1,cat,1,gap\ns,1,cat,2,gap\n";

const LONG: Change = Map(
    "[[raters]]\n",
    "[[sources]]\nname = \"ratings\"\nfiles = \"ratings.csv\"\n\n[[raters]]\nsource = \"ratings\"\nid_column = \"rater\"\n\
     omission = \"level\"\n\n[[raters]]\n",
);

const JOINED: Change = Map(
    "[example]\n",
    "[[sources]]\nname = \"more\"\nfiles = \"more.csv\"\njoin = { key = \"id\", agree = [\"model\"] }\n\n[example]\n\
     reference = \"more.good\"\n",
);

pub(super) const CASES: &[Case] = &[
    // Cells.
    Case {
        name: "severity out of range",
        changes: &[Map("{ values = \"words\" }", "{ column = \"score\" }"), Table("ok,3,0.2", "ok,7,0.2")],
        at: ("t.csv", "s,3,c"),
        says: "score: found \"7\"; allowed: 0 to 4, empty",
    },
    Case {
        name: "severity between two",
        changes: &[Map("{ values = \"words\" }", "{ column = \"p\" }")],
        at: ("t.csv", "s,1,a"),
        says: "p: found \"0.1\"; allowed: 0 to 4, empty",
    },
    Case {
        name: "probability out of range",
        changes: &[Table("0.9", "1.9")],
        at: ("t.csv", "s,2,b"),
        says: "p: found \"1.9\"; allowed: 0 to 1, or empty",
    },
    Case {
        name: "score that is no number",
        changes: &[Table("gaps,2,0.9", "gaps,two,0.9")],
        at: ("t.csv", "s,2,b"),
        says: "score: found \"two\"; allowed: a number, or empty",
    },
    Case {
        name: "score that is not finite",
        changes: &[Table("gaps,2,0.9", "gaps,inf,0.9")],
        at: ("t.csv", "s,2,b"),
        says: "score: found \"inf\"; allowed: a number, or empty",
    },
    Case {
        name: "score that is NaN",
        changes: &[Table("gaps,2,0.9", "gaps,NaN,0.9")],
        at: ("t.csv", "s,2,b"),
        says: "score: found \"NaN\"; allowed: a number, or empty",
    },
    Case {
        name: "a text where a label should be",
        changes: &[
            Map("ann = \"ann said\"", "ann = \"answer\""),
            Table(",r2,", ",It is a long answer that no message should ever repeat,"),
        ],
        at: ("t.csv", "s,2,b"),
        says: "answer: found a text of 54 characters; allowed",
    },
    Case {
        name: "no id",
        changes: &[Table("s,2,b", "s,,b")],
        at: ("t.csv", "s,,b"),
        says: "set, id: found nothing; allowed: the id of an example",
    },
    Case {
        name: "no cluster",
        changes: &[Table("s,2,b", "s,2,")],
        at: ("t.csv", "s,2,"),
        says: "case: found nothing; allowed: the cluster of an example",
    },
    Case {
        name: "no prompt",
        changes: &[Table("b,q2,", "b, ,")],
        at: ("t.csv", "s,2,b"),
        says: "question: found nothing; allowed: the prompt of an example",
    },
    Case {
        name: "control character in an id",
        changes: &[Table("s,2,b", "s,\u{1b}[2J,b")],
        at: ("t.csv", "[2J"),
        says: "id: found \"s/\\u{1b}[2J\"; allowed: text without control, bidirectional or zero-width characters",
    },
    Case {
        name: "control character in a cluster",
        changes: &[Table("s,2,b", "s,2,\u{7}")],
        at: ("t.csv", "s,2,"),
        says: "cluster: found \"\\u{7}\"; allowed: text without control, bidirectional or zero-width characters",
    },
    Case {
        name: "control character in a system",
        changes: &[Table("r2,m,", "r2,m\u{8},")],
        at: ("t.csv", "s,2,b"),
        says: "system: found \"m\\u{8}\"; allowed: text without control, bidirectional or zero-width characters",
    },
    Case {
        name: "control character in a rater",
        changes: &[LONG, File("ratings.csv", b"set,id,rater,level\ns,1,c\x1bat,1\n")],
        at: ("ratings.csv", "s,1"),
        says: "rater: found \"c\\u{1b}at\"; allowed: text without control, bidirectional or zero-width characters",
    },
    Case {
        name: "rater without a name",
        changes: &[LONG, File("ratings.csv", b"set,id,rater,level\ns,1,,1\n")],
        at: ("ratings.csv", "s,1"),
        says: "rater: found nothing; allowed: the id of a rater",
    },
    // Rows.
    Case {
        name: "one id for two examples",
        changes: &[Table("s,3,c", "s,2,c")],
        at: ("t.csv", "s,2,c"),
        says: "cluster: another value than t.csv:4 has for this example; allowed: the same in all its rows",
    },
    Case {
        name: "two severities of one rater",
        changes: &[LONG, File("ratings.csv", RATINGS)],
        at: ("ratings.csv", "cat,2"),
        says: "omission: found 2 where ratings.csv:2 has 1 of the same rater for the same example; allowed: one row per rater and example, or `aggregate`",
    },
    Case {
        name: "two verdicts of one judge",
        changes: &[Table("s,3,c,q3,r3,m,care,fine,useless,ok,3,0.2", "s,2,b,q2,r2,m,billing,useless,gaps,ok,2,0.9")],
        at: ("t.csv", "gaps,ok"),
        says: "auto: another verdict than t.csv:4 has for this example; allowed: one row per example, or `repeat`",
    },
    Case {
        name: "rating of an unknown example",
        changes: &[LONG, File("ratings.csv", b"set,id,rater,level\ns,9,cat,1\n")],
        at: ("ratings.csv", "s,9"),
        says: "set, id: found \"s/9\"; allowed: the id of an example of the first source",
    },
    Case {
        name: "unknown source",
        changes: &[Map("[[raters]]\n", "[[raters]]\nsource = \"ratings\"\n")],
        at: ("map.toml", "source = \"ratings\""),
        says: "raters[0].source: found \"ratings\"; allowed: a source: rows",
    },
    // Joins.
    Case {
        name: "join without a partner",
        changes: &[JOINED, File("more.csv", b"id,good,model\n1,g,m\n2,g,m\n")],
        at: ("t.csv", "s,3,c"),
        says: "id: found \"3\"; allowed: a key of source more",
    },
    Case {
        name: "join with two partners",
        changes: &[JOINED, File("more.csv", b"id,good,model\n1,g,m\n2,g,m\n3,g,m\n3,h,m\n")],
        at: ("more.csv", "3,h"),
        says: "id: \"3\" is the key of more.csv:4 already; allowed: one row a key",
    },
    Case {
        name: "joined rows that disagree",
        changes: &[JOINED, File("more.csv", b"id,good,model\n1,g,m\n2,g,other\n3,g,m\n")],
        at: ("more.csv", "2,g"),
        says: "model: differs from t.csv:4; allowed: the same in both (`agree`)",
    },
    Case {
        name: "join of the first source",
        changes: &[Map("files = \"t.csv\"", "files = \"t.csv\"\njoin = { key = \"id\" }")],
        at: ("map.toml", "join"),
        says: "sources[0].join: found on the first source; allowed: on the sources after it",
    },
    Case {
        name: "missing column of a join",
        changes: &[JOINED, File("more.csv", b"id,model\n1,m\n2,m\n3,m\n")],
        at: ("map.toml", "more.good"),
        says: "example.reference: found \"more.good\"; allowed: a column of rows",
    },
    // Files.
    Case {
        name: "no such table",
        changes: &[Map("t.csv", "u.csv")],
        at: ("map.toml", "u.csv"),
        says: "sources[0].files: found \"u.csv\"; allowed: a file that exists below",
    },
    Case {
        name: "glob without a match",
        changes: &[Map("t.csv", "t_{run}_*.csv")],
        at: ("map.toml", "t_{run}"),
        says: "sources[0].files: found \"t_{run}_*.csv\"; allowed: a file that exists below",
    },
    Case {
        name: "glob with a broken brace",
        changes: &[Map("t.csv", "t_{run.csv")],
        at: ("map.toml", "t_{run"),
        says: "sources[0].files: found a `{` or `}` without its partner or an empty name; allowed",
    },
    Case {
        name: "glob that names a column again",
        changes: &[Map("t.csv", "{id}.csv")],
        at: ("t.csv", ""),
        says: "id: is a column and a part of the file's name; allowed",
    },
    Case {
        name: "path that climbs out",
        changes: &[Map("t.csv", "../t.csv")],
        at: ("map.toml", "../t.csv"),
        says: "sources[0].files: found \"../t.csv\"; allowed: a file below the folder of the tables",
    },
    Case {
        name: "absolute path",
        changes: &[Map("t.csv", "/etc/passwd")],
        at: ("map.toml", "/etc/passwd"),
        says: "sources[0].files: found \"/etc/passwd\"; allowed: a file below the folder of the tables",
    },
    Case {
        name: "folder instead of a table",
        changes: &[Map("t.csv", "d.csv"), Folder("d.csv")],
        at: ("d.csv", "-"),
        says: "is not a regular file; allowed: a file (map.toml:",
    },
    Case {
        name: "empty table",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"")],
        at: ("u.csv", ""),
        says: "is empty; allowed: a table with rows (map.toml:",
    },
    Case {
        name: "header alone",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"id,case\n")],
        at: ("map.toml", "u.csv"),
        says: "sources[0].files: holds no row; allowed: a table with rows",
    },
    Case {
        name: "column twice",
        changes: &[Table("auto,score,p\n", "auto,score,score\n")],
        at: ("t.csv", ""),
        says: "score: stands twice in the header; allowed: unique names",
    },
    Case {
        name: "row too short",
        changes: &[Table("gaps,2,0.9", "gaps,2")],
        at: ("t.csv", "s,2,b"),
        says: "found 11 cells; allowed: 12, one a column",
    },
    Case {
        name: "row too long",
        changes: &[Table("gaps,2,0.9", "gaps,2,0.9,9")],
        at: ("t.csv", "s,2,b"),
        says: "found 13 cells; allowed: 12, one a column",
    },
    Case {
        name: "quote that is never closed",
        changes: &[Table("s,2,b,q2,r2,", "s,2,b,q2,\"r2,")],
        at: ("t.csv", "s,2,b"),
        says: "holds a quote that is never closed; allowed",
    },
    Case {
        name: "other delimiter",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"set;id;case\ns;1;a\n")],
        at: ("map.toml", "cluster = "),
        says: "example.cluster: found \"case\"; allowed: a column of rows: set;id;case (is another `delimiter` needed?)",
    },
    Case {
        name: "UTF-16",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"\xff\xfei\0d\0\n\0")],
        at: ("u.csv", ""),
        says: "is UTF-16; allowed: UTF-8 text (map.toml:",
    },
    Case {
        name: "Latin-1",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"id,case\n1,caf\xe9\n")],
        at: ("u.csv", "1,caf"),
        says: "is not UTF-8; allowed: UTF-8 text",
    },
    Case {
        name: "Excel",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"PK\x03\x04")],
        at: ("u.csv", ""),
        says: "is an Excel workbook or an archive; allowed: CSV",
    },
    Case {
        name: "JSON lines as CSV",
        changes: &[Map("t.csv", "u.csv"), File("u.csv", b"{\"id\": 1}\n")],
        at: ("u.csv", ""),
        says: "is JSON lines; allowed: CSV, or `format = \"jsonl\"` (map.toml:",
    },
    Case {
        name: "CSV as JSON lines",
        changes: &[Map("files = \"t.csv\"", "files = \"t.csv\"\nformat = \"jsonl\"")],
        at: ("t.csv", ""),
        says: "is not JSON lines; allowed: one JSON object a line",
    },
    Case {
        name: "CSV as Parquet",
        changes: &[Map("files = \"t.csv\"", "files = \"t.csv\"\nformat = \"parquet\"")],
        at: ("t.csv", ""),
        says: "is no Parquet file; allowed: Parquet, or `format = \"csv\"`",
    },
    Case {
        name: "damaged Parquet",
        changes: &[Map("t.csv", "u.parquet"), File("u.parquet", b"PAR1 and no more PAR1")],
        at: ("u.parquet", ""),
        says: "is not a readable Parquet file",
    },
    Case {
        name: "one JSON list",
        changes: &[Map("t.csv", "u.jsonl"), File("u.jsonl", b"[\n{\"id\": 1}\n]\n")],
        at: ("u.jsonl", ""),
        says: "is one JSON text; allowed: JSON lines",
    },
    Case {
        name: "broken JSON",
        changes: &[Map("t.csv", "u.jsonl"), File("u.jsonl", b"{\"id\": 1}\n{\"id\": 2\n")],
        at: ("u.jsonl", "{\"id\": 2"),
        says: "not valid JSON at column 8: it ends too early; allowed: one JSON object a line",
    },
    Case {
        name: "NaN in JSON",
        changes: &[Map("t.csv", "u.jsonl"), File("u.jsonl", b"{\"id\": 1}\n{\"id\": NaN}\n")],
        at: ("u.jsonl", "NaN"),
        says: "id: not valid JSON at column 8: no JSON value (NaN and Infinity are none); allowed",
    },
    Case {
        name: "line that is no object",
        changes: &[Map("t.csv", "u.jsonl"), File("u.jsonl", b"{\"id\": 1}\n[1]\n")],
        at: ("u.jsonl", "[1]"),
        says: "is not a JSON object; allowed: one object a line",
    },
    Case {
        name: "key twice in JSON",
        changes: &[Map("t.csv", "u.jsonl"), File("u.jsonl", b"{\"id\": 1}\n{\"id\": 2, \"id\": 3}\n")],
        at: ("u.jsonl", "\"id\": 3"),
        says: "key `id` stands twice; allowed: once",
    },
    Case {
        name: "unknown twin",
        changes: &[Map("[axes]\n", "twin_of = \"topic\"\n\n[axes]\n"), Map("slices = { topic = \"topic\" }\n", "")],
        at: ("t.csv", "s,1,a"),
        says: "twin_of: found \"care\"; allowed: the id of another example",
    },
    Case {
        name: "mark of an unknown item",
        changes: &[Map("score = \"score\"", "score = \"score\"\nitems = { columns = { dose = \"topic\" } }")],
        at: ("t.csv", "s,1,a"),
        says: "topic: found \"care\"; allowed: \"hit\", \"miss\", \"partial\"",
    },
    Case {
        name: "Parquet that decodes to five gigabytes",
        changes: &[Map("t.csv", "u.parquet"), File("u.parquet", BOMB)],
        at: ("u.parquet", ""),
        says: "holds more than 4 GiB once decoded; allowed: less, in several files or as CSV",
    },
];

/// 20,000 rows that repeat one text of 256 KiB, as pyarrow writes them with Brotli.
const BOMB: &[u8] = b"PAR1\x15\x04\x15\x88\x80 \x15 L\x15\x02\x15\x00\x12\x00\x00[\x03\x00\x04@\x12\x80\x00/^\x0b$\xf7~\x80\x0c\x15\x00\x15\x1a\x15\x22,\x15\xc0\xb8\x02\x15\x10\x15\x06\x15\x06\x1c\x00\x00\x00\x0b\x06\x80\x04\x00\x00\x00\xc0\xb8\x02\x01\x01\xc0\xb8\x02\x00\x03\x15\x04\x19,5\x00\x18\x06schema\x15\x02\x00\x15\x0c%\x02\x18\x08question%\x00L\x1c\x00\x00\x00\x16\xc0\xb8\x02\x19\x1c\x19\x1c&\x00\x1c\x15\x0c\x195\x00\x06\x10\x19\x18\x08question\x15\x08\x16\xc0\xb8\x02\x16\xec\x80 \x16\x8c\x01&H&\x08),\x15\x04\x15\x00\x15\x02\x00\x15\x00\x15\x10\x15\x02\x00<\x16\x80\x80\x80\x88'\x19\x06\x19&\x00\xc0\xb8\x02\x00\x00\x00\x16\xec\x80 \x16\xc0\xb8\x02&\x08\x16\x8c\x01\x00( parquet-cpp-arrow version 26.0.1\x19\x1c\x1c\x00\x00\x00\xac\x00\x00\x00PAR1";
