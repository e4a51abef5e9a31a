//! Batches: what is written is what a run would send, and what comes back is filed as if it had been asked for live.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::asking::{Asking, LIMITS, PRICE, outcomes, read_lines};

/// What to run before the files that came back.
const READ: [&str; 6] = ["run", "--gold", "gold", "--judge", "judges", "--batch-in"];

/// A request of a batch file: its id and its body, word for word.
struct Asked {
    id: String,
    body: String,
}

/// The requests of a file of any form.
fn requests(path: PathBuf) -> Vec<Asked> {
    let text = fs::read_to_string(&path).unwrap();
    if path.extension().is_some_and(|ending| ending == "json") {
        let whole: Value = serde_json::from_str(&text).unwrap();
        assert!(whole["requests"].as_array().unwrap().iter().all(|request| request["params"].is_object()));
    }
    let lines = text.lines().filter(|line| line.contains("\"custom_id\"") || line.contains("\"key\""));
    lines
        .map(|line| {
            let line = line.trim_end_matches(',');
            let request: Value = serde_json::from_str(line).unwrap();
            let id = request.get("custom_id").unwrap_or(&request["key"]).as_str().unwrap().to_owned();
            assert_eq!(id.len(), 64);
            let place = ["\"body\":", "\"params\":", "\"request\":"].map(|key| line.split_once(key));
            let body = place.into_iter().flatten().next().unwrap().1.strip_suffix('}').unwrap();
            Asked { id, body: body.to_owned() }
        })
        .collect()
}

/// Writes a batch and has the stub answer each request; one line of results for each.
fn answered(asking: &Asking, folder: &str, kind: &str, judge: &str) -> Vec<Value> {
    let ending = if kind == "anthropic" { "json" } else { "jsonl" };
    let path = match kind {
        "openai" => "/chat/completions",
        "anthropic" => "/v1/messages",
        _ => "/models/m:generateContent",
    };
    let mut connection = asking.stub.connect().with_header("anthropic-version", "2023-06-01");
    let asked = requests(asking.lacuna.path(&format!("{folder}/{judge}-1.{ending}")));
    let results = asked.into_iter().map(|Asked { id, body }| {
        let answer = connection.send("POST", path, &body).unwrap();
        match kind {
            "openai" => json!({"id": "b", "custom_id": id, "error": null,
                "response": {"status_code": answer.status, "request_id": "r", "body": answer.json()}}),
            "anthropic" => json!({"custom_id": id, "result": {"type": "succeeded", "message": answer.json()}}),
            _ => json!({"key": id, "response": answer.json()}),
        }
    });
    results.collect()
}

fn write_results(asking: &Asking, name: &str, results: &[Value]) {
    fs::write(asking.lacuna.path(name), crate::driver::lines(results)).unwrap();
}

fn write_batch(asking: &Asking, folder: &str, more: &[&str]) -> String {
    let mut arguments = vec!["run", "--gold", "gold", "--judge", "judges", "--batch-out", folder];
    arguments.extend_from_slice(more);
    asking.lacuna.run(&arguments)
}

/// Reads results; what was said of it.
fn read_batch(asking: &Asking, code: i32, more: &[&str]) -> String {
    let output = asking.lacuna.output(&[&READ, more].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

#[test]
fn a_batch_and_a_live_run_give_the_same_verdicts() {
    let asking = Asking::new(12, &["--nonsense-rate", "0.2", "--refusal-rate", "0.1", "--truncation-rate", "0.1"]);
    let kinds = ["openai", "anthropic", "gemini"];
    for kind in kinds {
        asking.judge_of(kind, kind, &format!("samples = 2\nconfidence = \"stated\"\n[sampling]\nseed = 1\n{LIMITS}"));
    }
    write_batch(&asking, "batch", &[]);
    assert!(asking.requests().is_empty(), "nothing is sent");
    for kind in kinds {
        let mut results = answered(&asking, "batch", kind, kind);
        results.reverse();
        write_results(&asking, &format!("{kind}.results"), &results);
    }
    let sent = asking.requests().len();
    // The repeats of a protocol without a seed have the same words and are asked twice all the same.
    assert_eq!(sent, 3 * 24);
    let said = read_batch(&asking, 0, &["openai.results", "anthropic.results", "--batch-in", "gemini.results"]);
    assert!(said.contains("72 replies filed, 0 that the ledger had, 0 requests without a reply, 0 lines of"), "{said}");
    asking.run(0, "from-batch", &[]);
    assert_eq!(asking.requests().len(), sent, "the ledger has them all");
    asking.run(0, "live", &["--ledger", "other.sqlite"]);
    for kind in kinds {
        let verdicts = asking.verdicts("from-batch", kind);
        assert_eq!(verdicts, asking.verdicts("live", kind), "{kind}");
        assert_eq!(verdicts.len(), 24);
        assert!(outcomes(&verdicts).len() > 1, "some replies hold no verdict: {:?}", outcomes(&verdicts));
        let raw = read_lines(asking.lacuna.path(&format!("from-batch/verdicts/{kind}.jsonl")));
        assert!(raw[1..].iter().all(|verdict| verdict.get("latency_ms").is_none() && verdict["attempts"] == 1));
        assert!(raw[1..].iter().all(|verdict| verdict["at"].as_str().unwrap().starts_with("20")));
    }
    // Nothing is left to write, and what is read a second time is there already.
    let left = write_batch(&asking, "nothing", &[]);
    assert_eq!((left.as_str(), fs::read_dir(asking.lacuna.path("nothing")).unwrap().count()), ("", 0));
    let said = read_batch(&asking, 0, &["openai.results"]);
    assert!(said.contains("0 replies filed, 24 that the ledger had"), "{said}");
    // Unless the old replies are to be replaced: then what the files hold is what counts.
    let said = read_batch(&asking, 0, &["openai.results", "--fresh", "--out", "fresh"]);
    assert!(said.contains("24 replies filed, 0 that the ledger had"), "{said}");
    assert_eq!(asking.verdicts("fresh", "openai"), asking.verdicts("live", "openai"));
}

#[test]
fn what_failed_is_said_and_written_again() {
    let asking = Asking::new(8, &[]);
    asking.judge("j", LIMITS);
    write_batch(&asking, "batch", &[]);
    let mut results = answered(&asking, "batch", "openai", "j");
    let ids: Vec<String> = results.iter().map(|line| line["custom_id"].as_str().unwrap().to_owned()).collect();
    let expired = json!({"code": "batch_expired", "message": "This request could not be executed in time."});
    results[1] = json!({"id": "b", "custom_id": ids[1], "response": null, "error": expired});
    let long = json!({"error": {"message": "too long", "code": "context_length_exceeded"}});
    results[2] = json!({"id": "b", "custom_id": ids[2], "response": {"status_code": 400, "body": long}, "error": null});
    let filter = json!({"error": {"message": "m", "code": "content_filter"}});
    results[3] =
        json!({"id": "b", "custom_id": ids[3], "response": {"status_code": 400, "body": filter}, "error": null});
    results.push(results[0].clone());
    results.push(json!({"id": "b", "custom_id": "f".repeat(64), "response": null, "error": expired}));
    results.push(json!({"id": "b", "custom_id": "task\u{1b}-1", "response": null, "error": expired}));
    write_results(&asking, "results.jsonl", &results);
    let said = read_batch(&asking, 0, &["results.jsonl", "--out", "out"]);
    assert!(said.contains("6 replies filed, 0 that the ledger had, 2 requests without a reply, 2 lines of unknown ids, 1 lines of an id"), "{said}");
    assert!(said.contains("1 without a reply: This request could not be executed in time."), "{said}");
    assert!(said.contains("1 without a reply: HTTP 400: too long"), "{said}");
    assert!(said.contains(&"f".repeat(40)) && !said.contains('\u{1b}'), "{said}");
    let verdicts = asking.verdicts("out", "j");
    assert_eq!(outcomes(&verdicts), [("filtered", 1), ("request_failed", 2), ("scored", 5)].into());
    assert_eq!(asking.requests().len(), 8, "nothing was sent for the two");
    // Only they are written again; once they are answered, an old failure counts no more.
    write_batch(&asking, "again", &[]);
    let again = answered(&asking, "again", "openai", "j");
    assert_eq!(again.iter().map(|line| line["custom_id"].as_str().unwrap()).collect::<Vec<_>>().len(), 2);
    assert!(again.iter().all(|line| [&ids[1], &ids[2]].contains(&&line["custom_id"].as_str().unwrap().to_owned())));
    write_results(&asking, "again.jsonl", &again);
    let said = read_batch(&asking, 0, &["results.jsonl", "again.jsonl", "--out", "all"]);
    assert!(said.contains("2 replies filed, 6 that the ledger had, 0 requests without a reply"), "{said}");
    assert_eq!(outcomes(&asking.verdicts("all", "j")), [("filtered", 1), ("scored", 7)].into());
}

#[test]
fn a_damaged_file_is_refused_before_anything_is_filed() {
    let asking = Asking::new(4, &[]);
    asking.judge("j", LIMITS);
    asking.judge_of("anthropic", "a", LIMITS);
    write_batch(&asking, "batch", &[]);
    let results = answered(&asking, "batch", "openai", "j");
    write_results(&asking, "good.jsonl", &results);
    let good = fs::read_to_string(asking.lacuna.path("good.jsonl")).unwrap();
    let foreign = results[0]["custom_id"].as_str().unwrap();
    for (bad, expected) in [
        (good.replacen("\"error\"", "\"error", 1), "bad.jsonl:1: is no JSON"),
        (format!("{good}\n\n{{\"custom_id\": \"x\"}}\n"), "bad.jsonl:7: is no result of a batch"),
        (
            format!("{good}{{\"custom_id\":\"{foreign}\",\"result\":{{\"type\":\"expired\"}}}}\n"),
            "bad.jsonl:5: has the form of anthropic, and its id is of j; allowed: the form of openai",
        ),
        (fs::read_to_string(asking.lacuna.path("batch/j-1.jsonl")).unwrap(), "bad.jsonl:4: is a request and no result"),
    ] {
        fs::write(asking.lacuna.path("bad.jsonl"), bad).unwrap();
        let said = read_batch(&asking, 3, &["good.jsonl", "bad.jsonl", "--out", "out"]);
        assert!(said.contains(expected), "{said}");
        assert!(!asking.lacuna.path("out").exists());
    }
    let said = read_batch(&asking, 3, &["good.jsonl", "missing.jsonl"]);
    assert!(said.contains("missing.jsonl: cannot be read"), "{said}");
    let said = read_batch(&asking, 0, &["good.jsonl"]);
    assert!(said.contains("4 replies filed, 0 that the ledger had"), "nothing was filed before: {said}");
}

/// The key is neither needed nor written, and money is held to as in a run.
#[test]
fn a_batch_holds_no_key_and_no_more_than_it_may_cost() {
    const KEY: &str = "sk-planted-0123456789abcdef0123456789";
    let lacuna = crate::driver::Lacuna::new().with_variable("OPENAI_API_KEY", KEY);
    let asking = Asking::among(lacuna, 8, &[]);
    asking.judge("j", &format!("api_key_env = \"OPENAI_API_KEY\"\nheaders = {{ x-team = \"t\" }}\n{LIMITS}{PRICE}"));
    asking.judge("k", &format!("api_key_env = \"NOT_SET\"\nflag_at = {{ omission = 2 }}\n{LIMITS}{PRICE}"));
    let output = asking.lacuna.output(&["run", "--gold", "gold", "--judge", "judges", "--batch-out", "batch"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("j: 8 requests for a batch at 127.0.0.1 (m), 0 replies in the ledger; about"), "{said}");
    assert!(
        said.contains("USD by its price table") && said.contains("j: the headers of its file stand in no"),
        "{said}"
    );
    for file in fs::read_dir(asking.lacuna.path("batch")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(KEY) && !text.contains("x-team"));
        assert_eq!(text.lines().count(), 8);
    }
    let arguments = ["run", "--gold", "gold", "--judge", "judges", "--batch-out", "little", "--max-cost", "0.1"];
    let said = asking.lacuna.fail(4, &arguments);
    assert!(said.contains("--max-cost was reached"), "{said}");
    let written = |judge: &str| requests(asking.lacuna.path(&format!("little/{judge}-1.jsonl"))).len();
    assert!((1..8).contains(&written("j")) && written("j") - written("k") <= 1, "{} {}", written("j"), written("k"));
    assert!(asking.requests().is_empty());
}

/// Two judges that ask the same share a request, and a judge that is a program has none.
#[test]
fn each_request_stands_once_and_a_program_has_none() {
    let asking = Asking::new(8, &[]);
    asking.judge("low", LIMITS);
    asking.judge("strict", &format!("flag_at = {{ omission = 3 }}\n{LIMITS}"));
    let listed = write_batch(&asking, "batch", &["--format", "json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((&listed[0]["judge"], &listed[0]["requests"]), (&json!("low"), &json!(8)));
    write_results(&asking, "results.jsonl", &answered(&asking, "batch", "openai", "low"));
    read_batch(&asking, 0, &["results.jsonl", "--out", "out"]);
    for name in ["low", "strict"] {
        assert_eq!(outcomes(&asking.verdicts("out", name))["scored"], 8);
    }
    let program = "format = \"lacuna-judge/1\"\nname = \"own\"\nkind = \"command\"\ncommand = [\"cat\"]\n";
    fs::write(asking.lacuna.path("judges/own.toml"), program).unwrap();
    let arguments = ["run", "--gold", "gold", "--judge", "judges", "--batch-out", "other"];
    let said = asking.lacuna.fail(3, &arguments);
    assert!(said.contains("own.toml") && said.contains("which has no batches"), "{said}");
    assert!(!asking.lacuna.path("other").exists());
}
