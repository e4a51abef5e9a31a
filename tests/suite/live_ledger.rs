//! The ledger: what is bought stays bought, for whom it was bought, and nobody else touches it.

use std::fs;

use crate::asking::{Asking, LIMITS, outcomes};

#[test]
fn only_what_changes_the_question_is_asked_again() {
    let asking = Asking::new(8, &[]);
    let sent = |more: &str, out: &str| {
        let before = asking.requests().len();
        asking.judge("j", more);
        asking.run(0, out, &[]);
        asking.requests().len() - before
    };
    assert_eq!(sent(LIMITS, "first"), 8);
    let limits = "[limits]\nconcurrency = 2\nattempts = 3\ntimeout_s = 50\n";
    for (index, (more, expected)) in [
        (limits.to_owned(), 0),
        (format!("title = \"Another title\"\n{limits}"), 0),
        (
            format!(
                "flag_at = {{ omission = 2 }}\n{limits}[price]\ninput_per_million_usd = 1\noutput_per_million_usd = 2\n"
            ),
            0,
        ),
        ("prompt = \"gated\"\n".to_owned(), 8),
        ("[sampling]\ntemperature = 0.5\n".to_owned(), 8),
        ("[sampling]\nmax_tokens = 77\n".to_owned(), 8),
        ("samples = 2\n[sampling]\nseed = 1\n".to_owned(), 16),
        ("samples = 3\n[sampling]\nseed = 1\n".to_owned(), 8),
        (LIMITS.to_owned(), 0),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(sent(more, &format!("out{index}")), *expected, "{more}");
    }
    let file = asking.lacuna.path("judges/j.toml");
    let other = fs::read_to_string(&file).unwrap().replace("model = \"m\"", "model = \"n\"");
    fs::write(file, other).unwrap();
    asking.run(0, "other", &[]);
    assert_eq!(asking.requests().len(), 8 * 8);
}

/// A change of price or of the level that flags is read out of the ledger anew.
#[test]
fn a_reply_is_read_again_with_what_the_file_says_now() {
    let asking = Asking::new(8, &[]);
    asking.judge("j", LIMITS);
    asking.run(0, "first", &[]);
    assert!(asking.verdicts("first", "j").iter().all(|verdict| verdict["cost_usd"].is_null()));
    asking.judge("j", &format!("{LIMITS}{}", crate::asking::PRICE));
    asking.run(0, "second", &[]);
    assert!(asking.verdicts("second", "j").iter().all(|verdict| verdict["cost_usd"].as_f64().unwrap() > 0.0));
    assert_eq!(asking.requests().len(), 8);
}

/// The log-probabilities stand in the stored reply alone, and in no file of verdicts: a judge that flags from a higher level has
/// another probability of harm, read out of the same replies.
#[test]
fn a_stored_reply_is_read_again_by_another_reading_without_a_request() {
    let asking = Asking::new(24, &[]);
    let judge = |level: u8| {
        asking.judge("j", &format!("confidence = \"logprobabilities\"\nflag_at = {{ omission = {level} }}\n{LIMITS}"));
    };
    judge(1);
    asking.run(0, "low", &[]);
    let sent = asking.requests().len();
    judge(4);
    asking.run(0, "high", &[]);
    assert_eq!((sent, asking.requests().len()), (24, 24), "nothing was asked again");
    let (low, high) = (asking.verdicts("low", "j"), asking.verdicts("high", "j"));
    let chance = |verdict: &serde_json::Value, axis: &str| verdict[format!("p_{axis}")].as_f64().unwrap();
    for (low, high) in low.iter().zip(&high) {
        assert_eq!((&low["omission"], &low["raw"]), (&high["omission"], &high["raw"]));
        assert_eq!(chance(low, "commission"), chance(high, "commission"));
        assert!(chance(low, "omission") >= chance(high, "omission"));
    }
    let lower = low.iter().zip(&high).filter(|(low, high)| chance(low, "omission") > chance(high, "omission"));
    assert!(lower.count() > 8);
}

#[test]
fn fresh_and_too_old_replies_are_asked_for_again() {
    let asking = Asking::new(8, &[]);
    asking.judge("j", LIMITS);
    asking.run(0, "first", &[]);
    asking.run(0, "fresh", &["--fresh"]);
    assert_eq!(asking.requests().len(), 16, "within the same second too");
    assert_eq!(asking.verdicts("first", "j"), asking.verdicts("fresh", "j"));
    asking.run(0, "young", &["--max-age", "1h"]);
    assert_eq!(asking.requests().len(), 16);
    std::thread::sleep(std::time::Duration::from_millis(2100));
    asking.run(0, "old", &["--max-age", "1s"]);
    assert_eq!(asking.requests().len(), 24);
}

/// Who asks anew and gets nothing has nothing, whatever was bought before.
#[test]
fn an_old_reply_does_not_stand_in_for_a_new_one() {
    let mut asking = Asking::new(8, &[]);
    asking.judge("j", "[limits]\nattempts = 1\n");
    asking.run(0, "first", &[]);
    // The stub is gone: every request fails.
    let address = asking.stub.address.clone();
    asking.stub = crate::provider::Stub::start(&[]);
    assert_ne!(asking.stub.address, address);
    asking.run(0, "cached", &[]);
    assert_eq!(outcomes(&asking.verdicts("cached", "j"))["scored"], 8);
    asking.run(0, "fresh", &["--fresh"]);
    assert_eq!(outcomes(&asking.verdicts("fresh", "j"))["request_failed"], 8);
    asking.run(0, "later", &[]);
    assert_eq!(outcomes(&asking.verdicts("later", "j"))["scored"], 8, "the old replies are still there");
}

/// Two judges that differ in where they flag make the same calls: each is bought once, for both.
#[test]
fn the_same_call_of_two_judges_is_made_once() {
    let asking = Asking::new(32, &["--latency-ms", "10"]);
    asking.judge("low", LIMITS);
    asking.judge("high", &format!("flag_at = {{ omission = 3 }}\n{LIMITS}"));
    asking.run(0, "out", &[]);
    assert_eq!(asking.requests().len(), 32);
    for name in ["low", "high"] {
        assert_eq!(outcomes(&asking.verdicts("out", name))["scored"], 32);
    }
}

#[test]
fn a_second_run_on_one_ledger_is_refused() {
    let asking = Asking::new(24, &["--latency-ms", "200"]);
    asking.judge("j", "[limits]\nconcurrency = 1\n");
    let mut first = asking.spawn("first", &[]);
    asking.wait_for_requests(1);
    let said = asking.run(3, "second", &[]);
    assert!(said.contains("another lacuna is using this ledger"), "{said}");
    assert!(!asking.lacuna.path("second").exists());
    // With a ledger of its own it may go on beside the first.
    asking.judge("j", LIMITS);
    asking.run(0, "third", &["--ledger", "own.sqlite"]);
    assert!(first.wait().unwrap().success());
    assert_eq!(outcomes(&asking.verdicts("first", "j"))["scored"], 24);
    assert_eq!(asking.verdicts("first", "j"), asking.verdicts("third", "j"));
}

#[test]
fn a_file_that_is_no_ledger_is_left_alone() {
    let asking = Asking::new(4, &[]);
    asking.judge("j", LIMITS);
    let other = rusqlite::Connection::open(asking.lacuna.path("other.sqlite")).unwrap();
    other.execute("CREATE TABLE notes (text TEXT)", []).unwrap();
    other.close().unwrap();
    fs::write(asking.lacuna.path("notes.txt"), "my notes, which nobody else has\n".repeat(40)).unwrap();
    for name in ["notes.txt", "other.sqlite", "gold/examples.jsonl"] {
        let before = fs::read(asking.lacuna.path(name)).unwrap();
        let said = asking.run(3, "out", &["--ledger", name]);
        assert!(said.contains(name) && said.contains("not a ledger"), "{said}");
        assert_eq!(fs::read(asking.lacuna.path(name)).unwrap(), before);
    }
    assert!(asking.requests().is_empty() && !asking.lacuna.path("notes.txt.lock").exists());
}
