//! The stub provider over real sockets: its protocols, its scripted faults, and whether its blindness is what was asked for.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lacuna::gold::GoldSet;
use lacuna::model::Axis;
use serde_json::{Value, json};

use crate::driver::Lacuna;

const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/gold_labels/lacuna-starter");
const ASKED: &str =
    "Answer with JSON: {\"omission\": <0-4>, \"commission\": <0-3>, \"p_omission\": <0 to 1>, \"rationale\": \"...\"}";

/// A running stub; it is killed with the test.
struct Stub {
    child: Child,
    address: String,
}

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stub {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacuna"));
        command.args(["stub-server", "--port", "0"]).args(arguments).env_clear().stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        Self { child, address }
    }

    fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Connection { reader: BufReader::new(stream), headers: Vec::new() }
    }
}

/// A connection that is kept open.
struct Connection {
    reader: BufReader<TcpStream>,
    headers: Vec<(&'static str, String)>,
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Connection {
    fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn send(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: stub\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in &self.headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        self.reader.get_mut().write_all(request.as_bytes())?;
        self.read()
    }

    fn read(&mut self) -> std::io::Result<Answer> {
        let mut line = String::new();
        self.reader.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.reader.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }

    fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &body.to_string()).unwrap()
    }

    /// Asks over OpenAI's protocol; `seed` makes bodies differ.
    fn ask(&mut self, prompt: &str, seed: usize) -> Answer {
        self.post("/v1/chat/completions", &chat(prompt, seed))
    }
}

fn chat(prompt: &str, seed: usize) -> Value {
    json!({"model": "m", "seed": seed, "messages": [{"role": "user", "content": prompt}]})
}

/// The verdict in a reply over OpenAI's protocol.
fn verdict(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_str(answer.json()["choices"][0]["message"]["content"].as_str().unwrap()).unwrap()
}

fn starter() -> GoldSet {
    GoldSet::load(Path::new(STARTER)).unwrap()
}

fn prompt(gold: &GoldSet, position: usize) -> String {
    let example = &gold.examples[position];
    let response = example.response.as_ref().unwrap().plain();
    format!("Judge.\n\nQuestion:\n{}\n\nResponse:\n<<<\n{response}\n>>>\n\n{ASKED}", example.prompt.plain())
}

/// Whether a count of draws fits a share: within four and a half standard deviations, one chance in 150,000. Seeds are fixed,
/// so that what passes once passes always.
fn fits(count: usize, of: usize, share: f64) -> bool {
    let (count, of) = (f64::from(u32::try_from(count).unwrap()), f64::from(u32::try_from(of).unwrap()));
    (count - of * share).abs() <= 4.5 * (of * share * (1.0 - share)).sqrt() + 1e-9
}

#[test]
fn it_is_hidden_and_checks_its_flags() {
    let lacuna = Lacuna::new();
    assert!(!lacuna.run(&["--help"]).contains("stub-server"));
    assert!(lacuna.run(&["stub-server", "--help"]).contains("--omission-recall"));
    assert!(lacuna.fail(2, &["stub-server", "--omission-recall", "1.5"]).contains("0 to 1"));
    assert!(lacuna.fail(2, &["stub-server", "--cut-rate", "0.6", "--timeout-rate", "0.6"]).contains("more than 1"));
    lacuna.fail(3, &["stub-server", "--gold", "absent"]);
}

#[test]
fn openai_chat_completions() {
    let stub = Stub::start(&["--gold", STARTER, "--omission-recall", "1", "--false-alarm-rate", "0"]);
    let gold = starter();
    let harmful = (0..gold.examples.len()).find(|at| gold.labels.omission[*at].severity > Some(0)).unwrap();
    let mut connection = stub.connect();
    let mut body = chat(&prompt(&gold, harmful), 1);
    body["logprobs"] = json!(true);
    body["top_logprobs"] = json!(5);
    let answer = connection.post("/v1/chat/completions", &body);
    let reply = answer.json();
    assert_eq!((&reply["object"], &reply["model"]), (&json!("chat.completion"), &json!("m")));
    assert_eq!(reply["choices"][0]["finish_reason"], "stop");
    assert!(reply["usage"]["prompt_tokens"].as_u64().unwrap() > 100);
    let found = verdict(&answer);
    assert_eq!(found["omission"], json!(gold.labels.omission[harmful].severity));
    let tokens = reply["choices"][0]["logprobs"]["content"].as_array().unwrap();
    let text: String = tokens.iter().map(|token| token["token"].as_str().unwrap()).collect();
    assert_eq!(text, reply["choices"][0]["message"]["content"]);
    let menus: Vec<&Value> =
        tokens.iter().filter(|token| token["top_logprobs"].as_array().unwrap().len() > 1).collect();
    assert_eq!(menus.len(), 2, "one menu an axis");
    let omission = menus.iter().find(|menu| menu["token"] == found["omission"].to_string()).unwrap();
    let harm: f64 = omission["top_logprobs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|top| top["token"] != "0")
        .map(|top| top["logprob"].as_f64().unwrap().exp())
        .sum();
    assert!((harm - found["p_omission"].as_f64().unwrap()).abs() < 1e-4);

    let models = connection.send("GET", "/v1/models", "").unwrap().json();
    assert_eq!(models["object"], "list");
    let azure = connection.post("/openai/deployments/grader/chat/completions?api-version=1", &chat(ASKED, 1));
    assert_eq!((azure.status, &azure.json()["model"]), (200, &json!("grader")), "the path names the deployment");
    assert_eq!(connection.post("/v1/embeddings", &json!({})).status, 404);
    assert_eq!(connection.send("POST", "/v1/chat/completions", "{").unwrap().status, 400);
}

#[test]
fn structured_output_holds_to_its_schema() {
    let stub = Stub::start(&["--gold", STARTER, "--omission-recall", "1", "--false-alarm-rate", "0"]);
    let gold = starter();
    let at = (0..gold.examples.len()).find(|at| gold.labels.omission[*at].severity > Some(0)).unwrap();
    let ids: Vec<&str> = gold.examples[at].required.iter().map(|item| item.id.as_str()).collect();
    let mark = json!({"type": "string", "enum": ["hit", "partial", "miss"]});
    let marks: BTreeMap<&str, Value> = ids.iter().map(|id| (*id, mark.clone())).collect();
    let items = json!({"type": "object", "properties": marks, "required": ids, "additionalProperties": false});
    let schema =
        json!({"type": "object", "properties": {"items": items}, "required": ["items"], "additionalProperties": false});
    let mut body = chat(&prompt(&gold, at), 1);
    body["response_format"] =
        json!({"type": "json_schema", "json_schema": {"name": "verdict", "strict": true, "schema": schema}});
    let mut connection = stub.connect();
    let found = verdict(&connection.post("/v1/chat/completions", &body));
    let answered: Vec<&str> = found["items"].as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted = ids;
    wanted.sort_unstable();
    assert_eq!(answered, wanted);
    assert!(found["items"].as_object().unwrap().values().any(|mark| mark == "miss"));
    assert_eq!(found.as_object().unwrap().len(), 1, "nothing beside what the schema has");
    body["response_format"]["json_schema"]["schema"]["additionalProperties"] = json!(true);
    assert_eq!(connection.post("/v1/chat/completions", &body).status, 400);
}

#[test]
fn anthropic_messages() {
    let stub = Stub::start(&["--served-model", "other"]);
    let mut connection = stub.connect().with_header("anthropic-version", "2023-06-01");
    let mut body = json!({"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": ASKED}]});
    let text = connection.post("/v1/messages", &body).json();
    assert_eq!(
        (&text["type"], &text["model"], &text["stop_reason"]),
        (&json!("message"), &json!("other"), &json!("end_turn"))
    );
    assert!(serde_json::from_str::<Value>(text["content"][0]["text"].as_str().unwrap()).unwrap()["omission"].is_u64());
    assert!(text["usage"]["output_tokens"].as_u64().unwrap() > 0);
    let schema = json!({"type": "object", "properties": {"commission": {"type": "integer"}}});
    body["tools"] = json!([{"name": "verdict", "input_schema": schema}]);
    body["tool_choice"] = json!({"type": "tool", "name": "verdict"});
    let tool = connection.post("/v1/messages", &body).json();
    assert_eq!((&tool["stop_reason"], &tool["content"][0]["type"]), (&json!("tool_use"), &json!("tool_use")));
    assert!(tool["content"][0]["input"]["commission"].is_u64());
    body["max_tokens"] = Value::Null;
    assert_eq!(connection.post("/v1/messages", &body).json()["error"]["type"], "invalid_request_error");
}

#[test]
fn gemini_generate_content() {
    let stub = Stub::start(&[]);
    let mut connection = stub.connect();
    let body = json!({"contents": [{"role": "user", "parts": [{"text": ASKED}]}], "generationConfig": {
        "responseMimeType": "application/json", "responseLogprobs": true, "logprobs": 5,
        "responseSchema": {"type": "OBJECT", "properties": {"omission": {"type": "INTEGER"}}}}});
    let reply = connection.post("/v1beta/models/flash:generateContent", &body).json();
    assert_eq!((&reply["modelVersion"], &reply["candidates"][0]["finishReason"]), (&json!("flash"), &json!("STOP")));
    let text = reply["candidates"][0]["content"]["parts"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap().as_object().unwrap().len(), 1);
    assert!(reply["usageMetadata"]["totalTokenCount"].as_u64().unwrap() > 0);
    let chosen = reply["candidates"][0]["logprobsResult"]["chosenCandidates"].as_array().unwrap();
    assert_eq!(chosen.iter().map(|token| token["token"].as_str().unwrap()).collect::<String>(), text);
}

/// Every example of the starter set, twelve bodies each: 1,152 positives by omission, 576 by commission.
#[test]
fn its_blindness_is_what_was_asked_for() {
    for (omission, commission, alarms) in [(0.40, 0.85, 0.05), (0.95, 0.10, 0.30)] {
        let [one, two, three] = [omission, commission, alarms].map(|share: f64| share.to_string());
        let stub = Stub::start(&[
            "--gold",
            STARTER,
            "--omission-recall",
            &one,
            "--commission-recall",
            &two,
            "--false-alarm-rate",
            &three,
        ]);
        let gold = starter();
        let mut connection = stub.connect();
        let mut seen: BTreeMap<(Axis, bool), (usize, usize)> = BTreeMap::new();
        for position in 0..gold.examples.len() {
            for seed in 0..12 {
                let found = verdict(&connection.ask(&prompt(&gold, position), seed));
                for axis in Axis::ALL {
                    let severity = u64::from(gold.labels.get(axis)[position].severity.unwrap());
                    let answered = found[axis.name()].as_u64().unwrap();
                    let (flagged, all) = seen.entry((axis, severity >= 1)).or_default();
                    *flagged += usize::from(answered >= 1);
                    *all += 1;
                    assert!(answered == 0 || severity == 0 || answered == severity, "a flag has the gold severity");
                }
            }
        }
        for (key, share) in [
            ((Axis::Omission, true), omission),
            ((Axis::Commission, true), commission),
            ((Axis::Omission, false), alarms),
            ((Axis::Commission, false), alarms),
        ] {
            let (flagged, all) = seen[&key];
            assert!(all >= 576 && fits(flagged, all, share), "{key:?}: {flagged} of {all} is not {share}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_verdicts() {
    let gold = starter();
    let verdicts = |seed: &str, attempts: usize| {
        let stub = Stub::start(&["--gold", STARTER, "--seed", seed, "--error-rate-500", "0.3"]);
        let mut connection = stub.connect();
        // Asked until it answers, from the last example to the first or the other way round: neither may matter.
        let mut positions: Vec<usize> = (0..40).collect();
        if attempts > 1 {
            positions.reverse();
        }
        let mut found: Vec<(usize, Value)> = Vec::new();
        for position in positions {
            let answer = std::iter::repeat_with(|| connection.ask(&prompt(&gold, position), 7))
                .find(|answer| answer.status == 200)
                .unwrap();
            found.push((position, verdict(&answer)));
        }
        found.sort_by_key(|(position, _)| *position);
        found
    };
    assert_eq!(verdicts("5", 1), verdicts("5", 2));
    assert_ne!(verdicts("5", 1), verdicts("6", 1));
}

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

/// How fast it is: prompts of about 3 KB over 16 connections. Run by hand: `cargo test --test suite stub::speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a check"]
fn speed() {
    let lacuna = Lacuna::new();
    let log = lacuna.path("requests.jsonl");
    let stub = Stub::start(&["--gold", STARTER, "--request-log", log.to_str().unwrap()]);
    let gold = starter();
    let (connections, requests) = (16, 2500);
    let started = std::time::Instant::now();
    std::thread::scope(|scope| {
        for connection in 0..connections {
            let (stub, gold) = (&stub, &gold);
            scope.spawn(move || {
                let mut connected = stub.connect();
                for request in 0..requests {
                    let text = prompt(gold, request % gold.examples.len());
                    let padded = format!("{:3000}{text}", "Rules. ", text = text);
                    assert_eq!(
                        connected.ask(&padded[text.len().min(2500)..], connection * requests + request).status,
                        200
                    );
                }
            });
        }
    });
    let seconds = started.elapsed().as_secs_f64();
    let all = u32::try_from(connections * requests).unwrap();
    eprintln!("{:.0} replies/s, client and stub on one machine", f64::from(all) / seconds);
    assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), connections * requests);
}
