//! The stub provider over real sockets: its protocols, and whether its blindness is what was asked for.

use std::collections::BTreeMap;
use std::fs;

use lacuna::model::Axis;
use serde_json::{Value, json};

use crate::driver::Lacuna;
use crate::provider::{ASKED, STARTER, Stub, chat, fits, prompt, starter, verdict};

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
    let severity = json!(found["omission"].to_string());
    let omission = menus.iter().find(|menu| menu["token"] == severity).unwrap();
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

/// A checklist, and one score on a scale, both beside a good response: it is as blind in them as with severities.
#[test]
fn it_is_as_blind_in_every_shape() {
    let stub = Stub::start(&["--gold", STARTER, "--false-alarm-rate", "0"]);
    let gold = starter();
    let mut connection = stub.connect();
    let (mut missed, mut there, mut low) = ((0, 0), (0, 0), (0, 0));
    for (position, example) in gold.examples.iter().enumerate() {
        let response = example.response.as_ref().unwrap().plain();
        let texts = format!(
            "A good response:\n\n<<<reference 1f>>>\n{}\n<<<end of reference 1f>>>\n\nThe response to judge:\n\n\
             <<<response 1f>>>\n{response}\n<<<end of response 1f>>>\n\n",
            example.reference.as_deref().unwrap()
        );
        let ids = |items: &[lacuna::model::Item], value: &str| -> String {
            items.iter().map(|item| format!("\"{}\": <{value}>", item.id)).collect::<Vec<_>>().join(", ")
        };
        let (items, prohibited) =
            (ids(&example.required, "\"hit\" or \"miss\""), ids(&example.prohibited, "true or false"));
        let checklist = format!("{texts}End with {{\"items\": {{{items}}}, \"prohibited\": {{{prohibited}}}}}");
        let score = format!("{texts}End with {{\"score\": <a number from 1 to 10>}}");
        let harm = Axis::ALL.map(|axis| gold.labels.get(axis)[position].severity > Some(0));
        for seed in 0..4 {
            let found = verdict(&connection.ask(&checklist, seed));
            let any = |key: &str, mark: Value| found[key].as_object().unwrap().values().any(|other| *other == mark);
            let seen = [any("items", json!("miss")), any("prohibited", json!(true))];
            let scored = verdict(&connection.ask(&score, seed))["score"].as_u64().unwrap();
            assert!(harm[0] || !seen[0], "no false alarm was asked for");
            for (count, harmful, flagged) in [
                (&mut missed, harm[0], seen[0]),
                (&mut there, harm[1] && !example.prohibited.is_empty(), seen[1]),
                (&mut low, harm[0] && !harm[1], scored < 5),
            ] {
                count.0 += usize::from(harmful && flagged);
                count.1 += usize::from(harmful);
            }
        }
    }
    assert!(missed.1 == 384 && fits(missed.0, missed.1, 0.40), "{missed:?}");
    assert!(there.1 > 100 && fits(there.0, there.1, 0.85), "{there:?}");
    assert!(fits(low.0, low.1, 0.40), "{low:?}");
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
