//! Runs that end early: killed, interrupted, out of money, refused by the provider. What was paid for is never lost.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::Value;

use crate::asking::{Asking, LIMITS, PRICE, now_ms, outcomes, write_live_judge};
use crate::driver::Lacuna;
use crate::provider::Stub;

/// Requests in flight at most.
const IN_FLIGHT: usize = 4;

/// Two judges at a stub that takes its time, so that a run lasts about as many milliseconds.
fn slow(examples: usize, arguments: &[&str]) -> Asking {
    let mut all = vec!["--latency-ms", "20", "--jitter-ms", "40"];
    all.extend_from_slice(arguments);
    let asking = Asking::new(examples, &all);
    let limits = format!("[limits]\nconcurrency = {IN_FLIGHT}\nfirst_byte_timeout_s = 5\nattempts = 8\n");
    asking.judge("one", &limits);
    asking.judge("two", &format!("prompt = \"gated\"\nsamples = 2\n[sampling]\nseed = 3\n{limits}"));
    asking
}

/// Sends a signal by its name.
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Kills a run this many times at random moments, lets it finish, and compares it with one that was left alone.
fn killed_and_resumed(kills: usize, examples: usize, seed: u64) {
    let asking = slow(examples, &["--error-rate-500=0.03"]);
    let calm = slow(examples, &[]);
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut moments = Vec::new();
    // Three trials an example, each of ten milliseconds of the whole: the kills are spread over the run.
    let longest = u32::try_from(examples * 3 * 10 * 2 / kills).unwrap();
    for kill in 0..kills {
        let before = asking.requests().len();
        let mut child = asking.spawn("out", &[]);
        // From the first request on, or a slow start would be all that is ever killed.
        if kill % 4 > 0 {
            asking.wait_for_requests(before + 1);
        }
        std::thread::sleep(Duration::from_millis(u64::from(random.next_u32() % longest)));
        moments.push(now_ms());
        signal(&child, "KILL");
        child.wait().unwrap();
    }
    let said = asking.run(0, "out", &[]);
    calm.run(0, "out", &[]);
    for judge in ["one", "two"] {
        assert_eq!(asking.verdicts("out", judge), calm.verdicts("out", judge), "{said}");
    }
    check_bought_again(&asking.requests(), &moments);
    let from_ledger = said.split(" from the ledger").next().unwrap().rsplit(' ').next().unwrap().to_owned();
    assert!(from_ledger.parse::<usize>().unwrap() > 0, "nothing outlived the kills: {said}");
    eprintln!("{kills} kills: {}", said.lines().find(|line| line.contains("bought")).unwrap());
}

/// A reply may be bought again only where it was on its way at a kill: its first copy left the stub about then.
fn check_bought_again(requests: &[Value], kills: &[u64]) {
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    let mut again = 0;
    for line in requests.iter().filter(|line| line["paid"] == true) {
        let (body, at) = (line["sha256"].as_str().unwrap(), line["time_ms"].as_u64().unwrap());
        let Some(bought) = first.insert(body, at) else { continue };
        again += 1;
        assert!(kills.iter().any(|kill| bought + 500 >= *kill && bought <= kill + 500), "{bought}: {kills:?}");
    }
    eprintln!("{again} replies bought again over {} kills", kills.len());
    assert!(again <= kills.len() * IN_FLIGHT, "{again} over {} kills", kills.len());
}

#[test]
fn a_killed_run_goes_on_where_it_was() {
    killed_and_resumed(4, 24, 1);
}

/// Run by hand: `cargo test --test suite live_stops::twenty -- --ignored --nocapture`.
#[test]
#[ignore = "slow: twenty kills"]
fn twenty_kills_change_nothing() {
    killed_and_resumed(20, 192, 2);
}

#[test]
fn an_interrupted_run_saves_what_is_in_flight_and_goes_on() {
    let asking = slow(32, &[]);
    let mut child = asking.spawn("out", &[]);
    asking.wait_for_requests(12);
    signal(&child, "INT");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("the same command goes on from there"), "{said}");
    assert!(!asking.lacuna.path("out").exists(), "half a run is not written");
    let bought = asking.paid().len();
    assert!((12..96).contains(&bought), "{bought}");
    let said = asking.run(0, "out", &[]);
    assert!(said.contains(&format!("{} replies bought, {bought} from the ledger", 96 - bought)), "{said}");
    assert!(asking.paid().values().all(|count| *count == 1), "what was in flight was kept");
}

/// A limit of requests a minute does not hold up the end: what waits at the gate is not in flight.
#[test]
fn an_interrupt_does_not_wait_for_the_limit() {
    let asking = Asking::new(16, &[]);
    asking.judge("slow", "[limits]\nrequests_per_minute = 2\n");
    let mut child = asking.spawn("out", &[]);
    asking.wait_for_requests(1);
    std::thread::sleep(Duration::from_millis(200));
    let start = Instant::now();
    signal(&child, "INT");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
}

fn examples(verdicts: &[Value]) -> BTreeSet<&str> {
    verdicts.iter().map(|verdict| verdict["example"].as_str().unwrap()).collect()
}

#[test]
fn a_run_stops_before_it_costs_too_much() {
    let asking = Asking::new(64, &[]);
    for (name, prompt) in [("one", "dual-axis"), ("two", "gated-reference")] {
        let file = format!("prompt = \"{prompt}\"\n[sampling]\nmax_tokens = 200\n[limits]\nconcurrency = 4\n{PRICE}");
        asking.judge(name, &file);
    }
    let said = asking.run(4, "out", &["--max-cost", "0.6"]);
    assert!(said.contains("--max-cost was reached"), "{said}");
    let [one, two] = ["one", "two"].map(|judge| asking.verdicts("out", judge));
    let spent: f64 = one.iter().chain(&two).map(|verdict| verdict["cost_usd"].as_f64().unwrap()).sum();
    assert!(spent > 0.3 && spent < 0.6, "{spent}");
    assert!(one.len() < 64 && two.len() < 64);
    let (one, two) = (examples(&one), examples(&two));
    assert!(one.symmetric_difference(&two).count() <= 4, "{one:?} {two:?}");
    let bought = asking.paid().len();
    let said = asking.run(0, "again", &["--max-cost", "100"]);
    assert!(said.contains(&format!("{} replies bought, {bought} from the ledger", 128 - bought)), "{said}");
    assert!(asking.paid().values().all(|count| *count == 1));
}

/// One judge's account is empty, another's key is wrong, the third goes on to its end.
#[test]
fn a_refused_judge_stops_and_the_others_go_on() {
    let trusted = "format = \"lacuna-audit/1\"\n[[keys]]\nvariable = \"OWN_KEY\"\nhost = \"127.0.0.1\"\n";
    let lacuna = Lacuna::new().with_variable("OWN_KEY", "not-the-key");
    std::fs::write(lacuna.path("lacuna.toml"), trusted).unwrap();
    let asking = Asking::among(lacuna, 24, &[]);
    let (poor, strict) = (Stub::start(&["--quota", "5"]), Stub::start(&["--require-key", "the-key"]));
    asking.judge("good", LIMITS);
    write_live_judge(&asking.lacuna, &poor.address, "anthropic", "poor", LIMITS);
    write_live_judge(
        &asking.lacuna,
        &strict.address,
        "openai",
        "strict",
        &format!("api_key_env = \"OWN_KEY\"\n{LIMITS}"),
    );
    let said = asking.run(4, "out", &[]);
    assert_eq!(outcomes(&asking.verdicts("out", "good")), BTreeMap::from([("scored", 24)]), "{said}");
    assert_eq!(outcomes(&asking.verdicts("out", "poor"))["scored"], 5, "what was paid for is kept: {said}");
    assert!(asking.verdicts("out", "strict").iter().all(|verdict| verdict["outcome"] == "cancelled"), "{said}");
    for judge in ["poor: stopped: HTTP 4", "strict: stopped: HTTP 401"] {
        assert!(said.contains(judge), "{judge}: {said}");
    }
    assert!(!said.contains("good: stopped") && said.contains("a judge was stopped"), "{said}");
}

/// A port of this machine on which nothing listens.
fn closed_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// Ten trials without a connection stop the judge; nothing of it is unscored, the other judge goes on, and once the server runs
/// the same command asks what is missing.
#[test]
fn a_judge_whose_server_is_dead_stops_and_goes_on_later() {
    let asking = Asking::new(24, &[]);
    let limits = "prompt = \"gated\"\n[limits]\nconcurrency = 4\nattempts = 2\n";
    asking.judge("good", LIMITS);
    write_live_judge(&asking.lacuna, &closed_port(), "openai", "dead", limits);
    let said = asking.run(4, "out", &[]);
    assert!(said.contains("dead: stopped: 10 trials in a row: could not connect"), "{said}");
    assert!(said.contains("is the server running") && said.contains("a judge was stopped"), "{said}");
    assert!(said.contains("24 replies bought") && said.contains(" 0 trials without a reply"), "{said}");
    assert!(asking.verdicts("out", "dead").is_empty(), "what was never sent is not unscored");
    assert_eq!(outcomes(&asking.verdicts("out", "good")), BTreeMap::from([("scored", 24)]));
    write_live_judge(&asking.lacuna, &asking.stub.address, "openai", "dead", limits);
    let said = asking.run(0, "again", &[]);
    assert_eq!(outcomes(&asking.verdicts("again", "dead")), BTreeMap::from([("scored", 24)]), "{said}");
    assert!(!said.contains("stopped") && said.contains("24 replies bought, 24 from the ledger"), "{said}");
    // Everything is in the ledger now, and nothing is said of verdicts that were not read.
    let said = asking.run(0, "third", &[]);
    assert!(said.contains("0 replies bought, 48 from the ledger"), "{said}");
    assert!(!said.contains("without a verdict"), "{said}");
}

/// Fewer trials than ten in a row are unscored as before: nobody can tell a dead server from a short outage.
#[test]
fn a_few_trials_without_a_connection_are_unscored() {
    let asking = Asking::new(6, &[]);
    write_live_judge(&asking.lacuna, &closed_port(), "openai", "dead", "[limits]\nattempts = 1\n");
    let said = asking.run(0, "out", &[]);
    assert_eq!(outcomes(&asking.verdicts("out", "dead")), BTreeMap::from([("request_failed", 6)]), "{said}");
    assert!(
        said.contains("6 trials without a reply") && said.contains("6 without a reply: could not connect"),
        "{said}"
    );
}
