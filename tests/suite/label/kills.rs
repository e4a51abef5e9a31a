//! What is on the disk after the server was killed in the middle of two raters' work.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::client::{Office, Seat, records};
use super::talk::small;
use crate::driver::Lacuna;

/// The note of the answer that a rater was told is saved, by the prompt of the task. No two answers have the same note.
type Saved = Arc<Mutex<BTreeMap<String, String>>>;

const ARGUMENTS: [&str; 7] = ["--gold", "set", "--rater", "ann", "--rater", "bob", "--no-practice"];
const EXAMPLES: usize = 40;
const KILLS: u64 = 20;

/// Answers at random positions, some of them a second time, until the server is gone. What was sent and never answered may be
/// on the disk or not, and is kept apart.
fn work(mut seat: Seat, saved: &Saved, pending: &Saved, mut draw: u64, stamp: &str) {
    let mut random = move |below: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % below
    };
    for number in 0.. {
        let position = 1 + random(EXAMPLES as u64);
        let Ok(task) = seat.send("GET", &format!("/api/task/{position}"), "") else { return };
        let prompt = task.json()["prompt"].as_str().unwrap().to_owned();
        let note = format!("{stamp}-{number}");
        let answer = json!({"omission": random(5), "commission": random(4), "note": note});
        pending.lock().unwrap().insert(prompt.clone(), note.clone());
        let Ok(reply) = seat.send("POST", &format!("/api/answer/{position}"), &answer.to_string()) else { return };
        assert_eq!(reply.status, 200, "{}", reply.text());
        pending.lock().unwrap().remove(&prompt);
        saved.lock().unwrap().insert(prompt, note);
    }
}

/// The note of the last line on each example.
fn kept(lines: &[Value]) -> BTreeMap<String, String> {
    let last = lines.iter().map(|line| {
        let prompt = format!("prompt of {}", line["example"].as_str().unwrap());
        (prompt, line["note"].as_str().unwrap().to_owned())
    });
    last.collect()
}

#[test]
fn two_raters_lose_nothing_and_double_nothing_however_often_the_server_is_killed() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    set.examples = (0..EXAMPLES)
        .map(|index| {
            let id = format!("e{index}");
            json!({"id": id, "cluster": format!("c{}", index / 4), "prompt": format!("prompt of {id}"), "response": "r"})
        })
        .collect();
    super::talk::write(&set, &lacuna);
    let saved: BTreeMap<&str, Saved> = [("ann", Saved::default()), ("bob", Saved::default())].into_iter().collect();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut office = Office::open(&lacuna, &ARGUMENTS);
        let pending: BTreeMap<&str, Saved> = saved.keys().map(|rater| (*rater, Saved::default())).collect();
        let threads: Vec<_> = saved
            .iter()
            .map(|(rater, saved)| {
                let (seat, saved, pending) = (office.seat(rater), Arc::clone(saved), Arc::clone(&pending[rater]));
                let stamp = format!("{rater}-{kill}");
                let seed = kill * 7 + rater.len() as u64 + u64::from(stamp.as_bytes()[0]);
                thread::spawn(move || work(seat, &saved, &pending, seed, &stamp))
            })
            .collect();
        // From the first answers to some dozens of them.
        thread::sleep(Duration::from_millis(20 + 13 * kill));
        office.kill();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        if kill % 4 == 3 {
            // As a kill in the middle of a line would leave it.
            let path = lacuna.path("set/annotations/bob.jsonl");
            fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"{\"example\":\"e1\",\"ra").unwrap();
        }
        for (rater, saved) in &saved {
            let path = lacuna.path(&format!("set/annotations/{rater}.jsonl"));
            let text = fs::read_to_string(&path).unwrap();
            let whole = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect::<Vec<Value>>();
            assert!(text.lines().count() - whole.len() <= 1, "{rater}: more than the last line was cut off");
            let mut notes: Vec<&str> = whole.iter().map(|line| line["note"].as_str().unwrap()).collect();
            let found = kept(&whole);
            for (prompt, note) in saved.lock().unwrap().iter_mut() {
                let unanswered = pending[rater].lock().unwrap().get(prompt).cloned();
                let there = found.get(prompt).unwrap_or_else(|| panic!("{rater}: the answer to {prompt} was lost"));
                assert!(
                    there == note || Some(there) == unanswered.as_ref(),
                    "{rater}: {prompt} has {there}, not {note}"
                );
                *note = there.clone();
            }
            // What was written and not answered any more holds from now on.
            for (prompt, note) in pending[rater].lock().unwrap().iter() {
                if found.get(prompt) == Some(note) {
                    saved.lock().unwrap().insert(prompt.clone(), note.clone());
                }
            }
            notes.sort_unstable();
            let lines = notes.len();
            notes.dedup();
            assert_eq!(notes.len(), lines, "{rater}: an answer stands twice");
            acknowledged = acknowledged.max(lines);
        }
    }
    assert!(acknowledged > 40, "only {acknowledged} answers were given");
    let office = Office::open(&lacuna, &ARGUMENTS);
    for (rater, saved) in &saved {
        let mut seat = office.seat(rater);
        let saved = saved.lock().unwrap();
        assert_eq!(seat.get("/api/session")["progress"]["labelling"]["done"], json!(saved.len()), "{rater}");
        for position in 1..=EXAMPLES {
            let task = seat.get(&format!("/api/task/{position}"));
            let note = saved.get(task["prompt"].as_str().unwrap());
            assert_eq!(task["answer"]["note"].as_str(), note.map(String::as_str), "{rater}");
        }
    }
    drop(office);
    let cut = fs::read_to_string(lacuna.path("set/annotations/bob.jsonl.cut")).unwrap();
    assert!(cut.lines().filter(|line| line.starts_with("{\"example\":\"e1\",\"ra")).count() >= 5, "{cut}");
    lacuna.run(&["gold", "check", "set"]);
}

#[test]
fn a_line_that_was_cut_off_is_reported_set_aside_and_a_fault_until_then() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let arguments = ["--gold", "set", "--rater", "ann", "--no-practice"];
    let office = Office::open(&lacuna, &arguments);
    office.seat("ann").take(1, &json!({"omission": 1, "commission": 0}));
    drop(office);
    let path = lacuna.path("set/annotations/ann.jsonl");
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"example\":\"e2\",\"rater\":\"an").unwrap();
    let said = lacuna.fail(3, &["gold", "check", "set"]);
    assert!(said.contains("set/annotations/ann.jsonl:2: was cut off while it was written"), "{said}");
    let office = Office::open(&lacuna, &arguments);
    let mut seat = office.seat("ann");
    assert_eq!(seat.get("/api/session")["progress"]["labelling"]["done"], 1);
    seat.take(2, &json!({"omission": 0, "commission": 0}));
    let (code, said) = office.interrupt();
    assert_eq!(code, Some(0));
    assert!(said.contains("warning: a last line had been cut off") && said.contains("ann.jsonl.cut"), "{said}");
    assert_eq!(records(&path).len(), 2);
    assert_eq!(
        fs::read_to_string(lacuna.path("set/annotations/ann.jsonl.cut")).unwrap(),
        "{\"example\":\"e2\",\"rater\":\"an\n"
    );
    lacuna.run(&["gold", "check", "set"]);
}

#[test]
fn a_rater_is_served_by_one_process() {
    let lacuna = Lacuna::new();
    small(&lacuna);
    let office = Office::open(&lacuna, &ARGUMENTS);
    let said = lacuna.fail(3, &["label", "--gold", "set", "--rater", "bob"]);
    assert!(said.contains("bob.jsonl: is in use: another process labels for this rater"), "{said}");
    drop(office);
    // One process a rater is as good as one for both.
    let (first, second) = (
        Office::open(&lacuna, &["--gold", "set", "--rater", "ann"]),
        Office::open(&lacuna, &["--gold", "set", "--rater", "bob"]),
    );
    first.seat("ann").take(1, &json!({"omission": 1, "commission": 0}));
    second.seat("bob").take(1, &json!({"omission": 1, "commission": 0}));
    let mut stranger = first.seat("ann");
    stranger.port = second.port;
    assert_eq!(stranger.send("GET", "/api/session", "").unwrap().status, 403, "a token of the other process");
}
