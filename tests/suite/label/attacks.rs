//! Files of raters that somebody edited, replaced or spoilt: a clear error or nothing lost, and never both wrong.

use std::fs;
use std::io::Write;

use serde_json::{Value, json};

use super::client::{Office, records};
use super::talk::small;
use crate::driver::Lacuna;

const ANN: [&str; 5] = ["--gold", "set", "--rater", "ann", "--no-practice"];
const LABEL: [&str; 6] = ["label", "--gold", "set", "--rater", "ann", "--no-practice"];

fn line(example: &str, omission: u64) -> String {
    json!({"example": example, "rater": "ann", "rater_kind": "human", "omission": omission, "commission": 0})
        .to_string()
}

fn answer(omission: u64) -> Value {
    json!({"omission": omission, "commission": 0})
}

/// What an editor on another system makes of a file, a line given twice, and blank lines: all of it is read, and the last word counts.
#[test]
fn a_file_edited_by_hand_is_read_where_it_can_be() {
    let (one, two) = (line("e1", 1), line("e2", 2));
    for (name, text, held) in [
        ("a mark of the encoding", format!("\u{feff}{one}\n{two}\n"), 2),
        ("a mark, and one line without its end", format!("\u{feff}{one}"), 1),
        ("line ends of another system", format!("{one}\r\n{two}\r\n"), 2),
        ("a line twice", format!("{one}\n{one}\n{two}\n"), 2),
        ("blank lines", format!("\n{one}\n\n  \n{two}\n\n"), 2),
        ("no end of the last line", format!("{one}\n{two}"), 2),
    ] {
        let lacuna = Lacuna::new();
        small(&lacuna);
        fs::create_dir(lacuna.path("set/annotations")).unwrap();
        let file = lacuna.path("set/annotations/ann.jsonl");
        fs::write(&file, &text).unwrap();
        let office = Office::open(&lacuna, &ANN);
        let mut seat = office.seat("ann");
        assert_eq!(seat.get("/api/session")["progress"]["labelling"]["done"], held, "{name}");
        let open = seat.get("/api/session")["position"].as_u64().unwrap();
        seat.take(open, &answer(3));
        let (_, said) = office.interrupt();
        assert!(!said.contains("cut off"), "{name}: {said}");
        let after = fs::read_to_string(&file).unwrap();
        assert!(after.starts_with(text.trim_end()), "{name}: what was there stays: {after:?}");
        assert!(
            lacuna.run(&["gold", "check", "set"]).contains(&format!("{} annotations by 1 rater", held + 1)),
            "{name}"
        );
    }
}

/// A fault names file, line, key and what is allowed, and the file stays as it is.
#[test]
fn a_fault_in_a_file_edited_by_hand_is_named_and_nothing_is_touched() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    fs::create_dir(lacuna.path("set/annotations")).unwrap();
    let (good, file) = (line("e1", 1), lacuna.path("set/annotations/ann.jsonl"));
    let other = |from: &str, to: &str| good.replace(from, to);
    for (bad, expected) in [
        (other("\"ann\"", "\"bob\""), "ann.jsonl:2: rater: found \"bob\"; allowed: \"ann\", as the file is called"),
        (line("e1", 5), "ann.jsonl:2: omission: found 5; allowed: 0 to 4"),
        (other("\"omission\":1", "\"omission\":-1"), "ann.jsonl:2: omission: found -1; allowed: 0 to 4"),
        (line("nobody", 1), "ann.jsonl:2: example: found \"nobody\"; allowed: an id of set/examples.jsonl"),
        (other("\"human\"", "\"robot\""), "ann.jsonl:2: rater_kind: found `robot`; allowed: `human`, `model`"),
        (other("\"omission\"", "\"omision\""), "ann.jsonl:2: omision: unknown key; allowed: `example`"),
        (other("{", "[").replace('}', "]"), "ann.jsonl:2: not valid JSON at column"),
        (format!("{good} {good}"), "ann.jsonl:2: not valid JSON at column"),
        (good[..good.len() - 4].to_owned(), "ann.jsonl:2: rater_kind: not valid JSON at column 75: it ends too early"),
    ] {
        let text = format!("{good}\n{bad}\n");
        fs::write(&file, &text).unwrap();
        let said = lacuna.fail(3, &LABEL);
        assert!(said.contains(expected), "{expected}:\n{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
    }
    let mut bytes = format!("{good}\n").into_bytes();
    bytes.extend(b"{\"example\":\"e2\xff\"}\n");
    fs::write(&file, &bytes).unwrap();
    let said = lacuna.fail(3, &LABEL);
    assert!(said.contains("ann.jsonl:2: byte 15 is not UTF-8; allowed: UTF-8 text"), "{said}");
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

/// While the page is open, an editor adds a line, or puts a file of its own in the place of the rater's: the answer is refused with
/// what to do, nothing is overwritten, and a new start has everything.
#[test]
fn a_file_that_was_changed_while_the_page_is_open_loses_nothing() {
    for replace in [false, true] {
        let lacuna = Lacuna::new();
        small(&lacuna);
        let office = Office::open(&lacuna, &ANN);
        let mut seat = office.seat("ann");
        seat.take(1, &answer(1));
        let file = lacuna.path("set/annotations/ann.jsonl");
        let told = seat.get("/api/task/2")["prompt"].as_str().unwrap().to_owned();
        let added = line(told.strip_prefix("prompt of ").unwrap(), 4) + "\n";
        let edited = fs::read_to_string(&file).unwrap() + &added;
        if replace {
            fs::write(lacuna.path("new"), &edited).unwrap();
            fs::rename(lacuna.path("new"), &file).unwrap();
        } else {
            fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(added.as_bytes()).unwrap();
        }
        let refused = seat.answer(3, &answer(2));
        assert_eq!(refused.status, 500);
        let message = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(message.starts_with("the answer is not saved: another program changed the file"), "{message}");
        assert_eq!(seat.send("POST", "/api/undo", "").unwrap().status, 500);
        assert_eq!(seat.get("/api/session")["progress"]["labelling"]["done"], 1, "what is not written does not count");
        assert_eq!(fs::read_to_string(&file).unwrap(), edited);
        drop(office);
        let office = Office::open(&lacuna, &ANN);
        let mut seat = office.seat("ann");
        assert_eq!(seat.get("/api/session")["progress"]["labelling"]["done"], 2);
        seat.take(3, &answer(2));
        assert_eq!(records(&file).len(), 3);
    }
}

/// Whoever changes the examples while the page is open: what was answered stays, and the next start says what to do.
#[test]
fn a_set_that_was_changed_while_the_page_is_open_keeps_its_answers() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    let office = Office::open(&lacuna, &ANN);
    let mut seat = office.seat("ann");
    seat.take(1, &answer(1));
    set.examples[0]["id"] = json!("renamed");
    set.examples.pop();
    super::talk::write(&set, &lacuna);
    seat.take(2, &answer(2));
    seat.take(3, &answer(3));
    seat.take(4, &answer(4));
    drop(office);
    let file = lacuna.path("set/annotations/ann.jsonl");
    let answers = records(&file);
    assert_eq!(answers.len(), 4);
    for said in [lacuna.fail(3, &LABEL), lacuna.fail(3, &["gold", "check", "set"])] {
        assert!(said.contains("example: found \"e1\"; allowed: an id of set/examples.jsonl"), "{said}");
    }
    assert_eq!(records(&file), answers);
    // With the examples as they were it goes on.
    small(&lacuna);
    let office = Office::open(&lacuna, &ANN);
    assert_eq!(office.seat("ann").get("/api/session")["progress"]["labelling"]["done"], 4);
}

/// Where a refusal follows for another rater, no line has been set aside in silence.
#[test]
fn a_refusal_leaves_every_file_as_it_was() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let both = ["--gold", "set", "--rater", "ann", "--rater", "bob", "--no-practice"];
    drop(Office::open(&lacuna, &both));
    let file = lacuna.path("set/annotations/ann.jsonl");
    let text = format!("{}\n{{\"example\":\"e2\",\"ra", line("e1", 1));
    fs::write(&file, &text).unwrap();
    let _bob = Office::open(&lacuna, &["--gold", "set", "--rater", "bob"]);
    let said = lacuna.fail(3, &[&["label"], both.as_slice()].concat());
    assert!(said.contains("bob.jsonl: is in use"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
    assert!(!lacuna.path("set/annotations/ann.jsonl.cut").exists());
    let (_, said) = Office::open(&lacuna, &ANN).interrupt();
    assert!(said.contains("warning: a last line had been cut off"), "{said}");
    assert_eq!(fs::read_to_string(lacuna.path("set/annotations/ann.jsonl.cut")).unwrap(), "{\"example\":\"e2\",\"ra\n");
}
