//! The faults, limits and the request log of the stub provider, over real sockets.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Lacuna;
use crate::provider::{ASKED, Answer, STARTER, Stub, chat, fits, prompt, starter};

#[test]
fn faults_of_requests_come_in_their_shares_and_pass() {
    let stub = Stub::start(&[
        "--error-rate-429",
        "0.2",
        "--error-rate-500",
        "0.1",
        "--error-rate-overloaded",
        "0.1",
        "--bad-json-rate",
        "0.1",
        "--cut-rate",
        "0.1",
        "--retry-after-ms",
        "1500",
    ]);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut spellings: BTreeMap<String, usize> = BTreeMap::new();
    let (bodies, attempts) = (150, 8);
    let mut answered = 0;
    for body in 0..bodies {
        let mut passed = false;
        for _ in 0..attempts {
            // A cut breaks the connection, so that each request has its own.
            let mut connection = stub.connect();
            let what = match connection.send("POST", "/v1/chat/completions", &chat(ASKED, body).to_string()) {
                Err(_) => "cut",
                Ok(answer) if answer.status == 429 => {
                    let names = answer.headers.keys().filter(|name| name.contains("retry") || name.contains("reset"));
                    let spelled = names.map(|name| format!("{name} {}", answer.headers[name].len())).collect();
                    *spellings.entry(spelled).or_default() += 1;
                    "429"
                }
                Ok(answer) if answer.status == 500 => "500",
                Ok(answer) if answer.status == 503 => "503",
                Ok(answer) if serde_json::from_slice::<Value>(&answer.body).is_err() => "bad_json",
                Ok(answer) => {
                    passed = answer.json()["choices"].is_array();
                    "whole"
                }
            };
            *counts.entry(what).or_default() += 1;
        }
        answered += usize::from(passed);
    }
    let all = bodies * attempts;
    for (what, share) in [("429", 0.2), ("500", 0.1), ("503", 0.1), ("bad_json", 0.1), ("cut", 0.1), ("whole", 0.4)] {
        assert!(fits(counts[what], all, share), "{what}: {} of {all} is not {share}", counts[what]);
    }
    // "2", "1.500", a date of 29 characters, in milliseconds, as a limit's reset, and not at all.
    let expected =
        ["", "retry-after 1", "retry-after 29", "retry-after 5", "retry-after-ms 4", "x-ratelimit-reset-requests 4"];
    assert_eq!(spellings.keys().map(String::as_str).collect::<Vec<_>>(), expected);
    assert!(answered > 20, "the last attempt at a body passes as often as any other");
}

#[test]
fn faults_of_answers_come_in_their_shares_and_stay() {
    let rates = ["nonsense", "refusal", "truncation", "filter", "off-menu"];
    let flags: Vec<String> = rates.iter().map(|rate| format!("--{rate}-rate=0.1")).collect();
    let stub = Stub::start(&flags.iter().map(String::as_str).collect::<Vec<_>>());
    let mut connection = stub.connect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let all = 1500;
    for seed in 0..all {
        let answer = connection.ask(ASKED, seed);
        let reply = answer.json();
        let choice = &reply["choices"][0];
        let text = choice["message"]["content"].as_str().unwrap_or("");
        let found: Option<Value> = serde_json::from_str(text).ok();
        let what = match (choice["finish_reason"].as_str().unwrap(), found) {
            ("length", None) => "truncation",
            ("content_filter", None) => "filter",
            ("stop", Some(verdict)) if verdict["omission"] == 9 => "off-menu",
            ("stop", Some(_)) => "verdict",
            ("stop", None) if text.starts_with("I'm sorry") => "refusal",
            ("stop", None) => "nonsense",
            other => panic!("{other:?}"),
        };
        *counts.entry(what).or_default() += 1;
        if seed % 50 == 0 {
            assert_eq!(connection.ask(ASKED, seed).json()["choices"], reply["choices"], "asked again, answered alike");
        }
    }
    for what in rates {
        assert!(fits(counts[what], all, 0.1), "{what}: {} of {all}", counts[what]);
    }
    assert!(fits(counts["verdict"], all, 0.5));
}

#[test]
fn hostile_replies_hold_a_verdict_all_the_same() {
    let stub = Stub::start(&["--hostile"]);
    let mut connection = stub.connect();
    let (mut escapes, mut invalid, mut long) = (0, 0, 0);
    for seed in 0..24 {
        let answer = connection.ask(ASKED, seed);
        let text = String::from_utf8_lossy(&answer.body);
        let reply: Value = serde_json::from_str(&text).unwrap();
        let found: Value = serde_json::from_str(reply["choices"][0]["message"]["content"].as_str().unwrap()).unwrap();
        assert!(found["omission"].is_u64());
        let rationale = found["rationale"].as_str().unwrap();
        escapes += usize::from(rationale.contains('\u{1b}') && rationale.contains('\u{202e}'));
        invalid += usize::from(String::from_utf8(answer.body.clone()).is_err());
        long += usize::from(rationale.len() >= 10_000_000);
    }
    assert!(escapes > 0 && invalid > 0 && long > 0);
    assert_eq!(escapes + invalid + long, 24);
}

#[test]
fn a_key_is_asked_for_and_never_said() {
    const KEY: &str = "sk-planted-4711";
    let stub = Stub::start(&["--require-key", KEY]);
    let anthropic = json!({"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "json"}]});
    let gemini = json!({"contents": [{"parts": [{"text": "json"}]}]});
    for (path, body, name, value, status) in [
        ("/v1/chat/completions", chat("json", 1), "authorization", format!("Bearer {KEY}"), 401),
        ("/openai/deployments/d/chat/completions", chat("json", 1), "api-key", KEY.to_owned(), 401),
        ("/v1/messages", anthropic, "x-api-key", KEY.to_owned(), 401),
        // Google's service says 400 of a bad key, with a reason that tells it apart.
        ("/v1beta/models/m:generateContent", gemini, "x-goog-api-key", KEY.to_owned(), 400),
    ] {
        let connect = || stub.connect().with_header("anthropic-version", "2023-06-01");
        let without = connect().post(path, &body);
        assert_eq!(without.status, status, "{path}");
        assert!(status == 401 || String::from_utf8_lossy(&without.body).contains("API_KEY_INVALID"));
        let wrong = connect().with_header(name, &value.replace("4711", "4712")).post(path, &body);
        assert_eq!(wrong.status, status);
        assert!(!String::from_utf8_lossy(&wrong.body).contains("planted"));
        assert_eq!(connect().with_header(name, &value).post(path, &body).status, 200, "{path}");
    }
}

#[test]
fn a_limit_of_its_own_and_an_empty_purse() {
    let stub = Stub::start(&["--requests-per-minute", "60", "--burst", "3", "--model", "m"]);
    let mut connection = stub.connect();
    let answers: Vec<Answer> = (0..5).map(|seed| connection.ask(ASKED, seed)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200, 200, 429, 429]);
    assert_eq!(answers[0].headers["x-ratelimit-remaining-requests"], "2");
    assert_eq!(answers[3].headers["x-ratelimit-limit-requests"], "60");
    assert_eq!(answers[3].headers["retry-after"], "1");
    assert_eq!(answers[3].json()["error"]["code"], "rate_limit_exceeded");
    let mut body = chat(ASKED, 1);
    body["model"] = json!("unknown");
    assert_eq!(connection.post("/v1/chat/completions", &body).json()["error"]["code"], "model_not_found");

    let stub = Stub::start(&["--quota", "2"]);
    let mut connection = stub.connect();
    let answers: Vec<Answer> = (0..4).map(|seed| connection.ask(ASKED, seed)).collect();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 200, 429, 429]);
    assert_eq!(answers[3].json()["error"]["code"], "insufficient_quota");
}

#[test]
fn the_request_log_has_a_line_for_each_request() {
    let lacuna = Lacuna::new();
    let log = lacuna.path("requests.jsonl");
    let stub = Stub::start(&[
        "--gold",
        STARTER,
        "--request-log",
        log.to_str().unwrap(),
        "--error-rate-500",
        "0.5",
        "--latency-ms",
        "40",
        "--jitter-ms",
        "10",
    ]);
    let gold = starter();
    let mut connection = stub.connect();
    let started = std::time::Instant::now();
    let statuses: Vec<u16> = (0..10).map(|seed| connection.ask(&prompt(&gold, 0), seed).status).collect();
    assert!(started.elapsed() >= Duration::from_millis(400), "ten replies of 40 ms one after the other");
    // Who leaves before the answer gets a line of its own, unpaid.
    let mut left = stub.connect();
    let body = chat(ASKED, 99).to_string();
    let request =
        format!("POST /v1/chat/completions HTTP/1.1\r\nhost: stub\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    left.reader.get_mut().write_all(request.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(15));
    drop(left);
    std::thread::sleep(Duration::from_millis(200));
    let lines: Vec<Value> =
        fs::read_to_string(&log).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 11);
    for (line, status) in lines.iter().zip(&statuses) {
        assert_eq!((&line["status"], &line["paid"]), (&json!(status), &json!(*status == 200)));
        assert_eq!(line["path"], "/v1/chat/completions");
        assert_eq!(line["fault"], if *status == 200 { Value::Null } else { json!("server_error") });
        assert_eq!(line["example"], if *status == 200 { json!(gold.examples[0].id) } else { Value::Null });
        assert!(line["time_ms"].as_u64().unwrap() > 1_600_000_000_000);
    }
    let expected = {
        use sha2::Digest as _;
        hex::encode(sha2::Sha256::digest(chat(&prompt(&gold, 0), 3).to_string()))
    };
    assert_eq!(lines[3]["sha256"], json!(expected));
    assert_eq!((&lines[10]["status"], &lines[10]["paid"]), (&json!(499), &json!(false)));
}

#[test]
fn a_timeout_never_answers() {
    let stub = Stub::start(&["--timeout-rate", "1"]);
    let mut connection = stub.connect();
    connection.reader.get_mut().set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let error = connection.send("POST", "/v1/chat/completions", &chat(ASKED, 1).to_string()).unwrap_err();
    assert!(matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "{error}");
}
