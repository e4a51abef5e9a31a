//! Who is let in, and what no reply ever tells.

use std::fs;

use serde_json::{Value, json};

use super::client::{CORE, Office, Reply, answer_to, records};
use crate::driver::Lacuna;

/// Two raters on the core set, whose ids name the kind of each example.
fn office(lacuna: &Lacuna) -> Office {
    Office::open(lacuna, &["--gold", CORE, "--out", "study", "--rater", "ann", "--rater", "zoe-the-other"])
}

#[test]
fn requests_from_anywhere_but_the_page_are_refused_without_saying_why() {
    let lacuna = Lacuna::new();
    let office = office(&lacuna);
    let mut seat = office.seat("ann");
    let (host, token) = (format!("127.0.0.1:{}", office.port), seat.token.clone());
    let (local, origin) = (format!("localhost:{}", office.port), format!("http://127.0.0.1:{}", office.port));
    let key = ("x-lacuna-token", token.as_str());
    let wrong = token.replace(|digit: char| digit != '0', "0");
    let paths = [
        "/",
        "/api/session",
        "/api/task/1",
        "/api/task/999999",
        "/api/../x",
        "/../../etc/passwd",
        "/etc/passwd",
        "/favicon.ico",
    ];
    let mut bodies = Vec::new();
    for path in paths {
        for headers in [
            vec![("host", host.as_str())],
            vec![("host", &host), ("x-lacuna-token", &wrong)],
            vec![("host", &host), ("x-lacuna-token", &token[..token.len() - 1])],
            vec![("host", &host), key, ("origin", "http://evil.example")],
            vec![("host", &host), key, ("origin", "null")],
            vec![("host", "evil.example"), key],
            vec![("host", "127.0.0.1"), key],
            vec![("host", &host), key, ("sec-fetch-site", "cross-site")],
            vec![("host", &host), key, ("sec-fetch-site", "same-site")],
            vec![("host", &host), ("cookie", &token)],
        ] {
            for method in ["GET", "POST", "OPTIONS"] {
                let reply = seat.raw(method, path, &headers, "").unwrap();
                assert_eq!(reply.status, 403, "{method} {path} {headers:?}: {}", reply.text());
                bodies.push(reply.body);
            }
        }
        // The token of the page leads to the page alone, under the same conditions.
        let with = format!("{path}?token={token}");
        for headers in [vec![("host", "evil.example")], vec![("host", host.as_str()), ("sec-fetch-site", "cross-site")]]
        {
            let reply = seat.raw("GET", &with, &headers, "").unwrap();
            assert_eq!(reply.status, 403, "{with}");
            bodies.push(reply.body);
        }
        if path != "/" {
            assert_eq!(seat.raw("GET", &with, &[("host", &host)], "").unwrap().status, 403, "{with}");
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "a refusal tells which of the conditions was not met");
    for headers in [
        vec![("host", host.as_str()), key],
        vec![("host", &local), key, ("origin", &origin), ("sec-fetch-site", "same-origin")],
    ] {
        assert_eq!(seat.raw("GET", "/api/session", &headers, "").unwrap().status, 200, "{headers:?}");
    }
    let page =
        seat.raw("GET", &format!("/?token={token}"), &[("host", &host), ("sec-fetch-site", "none")], "").unwrap();
    assert_eq!((page.status, page.headers["content-type"].as_str()), (200, "text/html; charset=utf-8"));
    assert!(!page.text().contains(&token), "the page holds the token");
}

#[test]
fn paths_methods_and_bodies_that_are_none_have_statuses_of_their_own() {
    let lacuna = Lacuna::new();
    let office = office(&lacuna);
    let mut seat = office.seat("ann");
    for path in [
        "/api",
        "/api/",
        "/api/x",
        "/api/session/",
        "/api/task",
        "/api/../x",
        "/etc/passwd",
        "/api/task/1/2",
        "//api/session",
    ] {
        assert_eq!(seat.send("GET", path, "").unwrap().status, 404, "{path}");
    }
    for position in ["0", "999999", "-1", "+1", "1.0", "99999999999999999999999", "%31", "a", ""] {
        assert_eq!(seat.send("GET", &format!("/api/task/{position}"), "").unwrap().status, 404, "{position}");
        assert_eq!(seat.send("POST", &format!("/api/answer/{position}"), "{}").unwrap().status, 404, "{position}");
    }
    assert_eq!(seat.send("POST", "/api/session", "").unwrap().status, 405);
    assert_eq!(seat.send("POST", "/api/answers", "").unwrap().status, 405);
    assert_eq!(seat.send("GET", "/api/undo", "").unwrap().status, 405);
    assert_eq!(seat.send("DELETE", "/api/task/1", "").unwrap().status, 405);
    assert_eq!(seat.send("POST", "/api/undo", "").unwrap().status, 409, "nothing was answered yet");
    let long = json!({"omission": 0, "commission": 0, "note": "a".repeat(65 << 10)});
    assert_eq!(office.seat("ann").answer(1, &long).status, 413);
    for (body, start) in [
        ("", "not valid JSON"),
        ("{\"omission\": 0", "not valid JSON"),
        ("{\"omission\": 9, \"commission\": 0}", "omission: found 9; allowed: 0 to 4"),
        ("{\"commission\": 0}", "omission: is missing; allowed: 0 to 4, or \"omission\" in `cannot_judge`"),
        ("{\"omission\": 0, \"commission\": 0, \"example\": \"x\"}", "example: unknown key"),
        ("{\"omission\": 0, \"commission\": 0, \"items\": {\"i1\": \"hit\"}}", "items: is no item; allowed: \"1\" to"),
    ] {
        let reply = seat.send("POST", "/api/answer/1", body).unwrap();
        assert_eq!(reply.status, 422, "{body}");
        let message = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(message.starts_with(start), "{body}: {message}");
    }
    assert!(records(&lacuna.path("study/annotations/ann.jsonl")).is_empty());
}

#[test]
fn every_reply_has_the_headers_that_keep_it_to_itself() {
    let lacuna = Lacuna::new();
    let office = office(&lacuna);
    let mut seat = office.seat("ann");
    let host = format!("127.0.0.1:{}", office.port);
    let page = format!("/?token={}", seat.token);
    let page = seat.raw("GET", &page, &[("host", &host)], "").unwrap();
    let paths = ["/api/session", "/api/task/1", "/api/task/0", "/x"];
    let mut replies: Vec<Reply> = paths.iter().map(|path| seat.send("GET", path, "").unwrap()).collect();
    replies.extend([seat.raw("GET", "/api/session", &[("host", &host)], "").unwrap(), page.clone()]);
    for reply in replies {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(reply.headers.get(name).map(String::as_str), Some(value), "{name} of {}", reply.text());
        }
        assert!(reply.headers["content-security-policy"].starts_with("default-src 'none'"));
    }
    let policy = &page.headers["content-security-policy"];
    assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
    use base64::Engine;
    use sha2::{Digest, Sha256};
    let text = page.text();
    for (tag, source) in [("style", "style-src"), ("script", "script-src")] {
        let inside = text.split_once(&format!("<{tag}>")).unwrap().1.split_once(&format!("</{tag}>")).unwrap().0;
        let digest = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(inside.as_bytes()));
        assert!(policy.contains(&format!("{source} 'sha256-{digest}'")), "{tag}: {policy}");
    }
}

/// Every task of one rater, every answer and the session: none holds anything that tells how an example was made.
#[test]
fn no_reply_tells_ids_systems_twins_or_other_raters() {
    let lacuna = Lacuna::new();
    let office = office(&lacuna);
    let mut seat = office.seat("ann");
    let mut other = office.seat("zoe-the-other");
    for position in 1..20 {
        let task = other.get(&format!("/api/task/{position}"));
        other.take(position, &json!({"cannot_judge": task["axes"], "note": "mine-alone", "mechanism": "mine-alone"}));
    }
    let mut replies = vec![seat.send("GET", "/api/session", "").unwrap().text()];
    // Nor does the title tell what to look for.
    let title = seat.get("/api/session")["set"]["title"].as_str().unwrap().to_owned();
    assert!(title.starts_with("Responses to judge: advice in medicine"), "{title}");
    for telling in ["removed", "hedged", "refused", "made wrong", "core"] {
        assert!(!replies[0].contains(telling), "{telling}: {}", replies[0]);
    }
    let progress = seat.get("/api/session")["progress"].clone();
    let total = progress["practice"]["total"].as_u64().unwrap() + progress["labelling"]["total"].as_u64().unwrap();
    // The core set is the bundled one, and no practice for itself.
    assert_eq!(total, 1504);
    for position in 1..=total {
        replies.push(seat.send("GET", &format!("/api/task/{position}"), "").unwrap().text());
    }
    let answered: Vec<Value> = (1..20).map(|position| seat.get(&format!("/api/task/{position}"))).collect();
    for (task, position) in answered.iter().zip(1..) {
        replies.push(seat.answer(position, &answer_to(task, 1)).text());
    }
    replies.push(seat.send("GET", "/api/answers", "").unwrap().text());
    replies.push(seat.send("POST", "/api/undo", "").unwrap().text());
    let all = replies.join("\n");
    assert!(all.len() > 2_000_000, "{}", all.len());
    for example in records(&std::path::Path::new(CORE).join("examples.jsonl")) {
        for hidden in [&example["id"], &example["twin_of"], &example["pair"]["id"]] {
            let Some(hidden) = hidden.as_str() else { continue };
            assert!(!all.contains(hidden), "{hidden}");
        }
        let cluster = example["cluster"].as_str().unwrap();
        assert!(!all.contains(&format!("\"{cluster}")) && !all.contains(&format!("{cluster}/")), "{cluster}");
    }
    for hidden in [
        "zoe",
        "mine-alone",
        "\"slices\"",
        "twin_of",
        "\"system\":",
        "\"cluster\"",
        "\"pair\"",
        "\"kind\"",
        "\"framing\"",
        "construction\"",
    ] {
        assert!(!all.contains(hidden), "{hidden}");
    }
    // Items go by number: an id such as that of a prohibited text would tell.
    for reply in &replies[1..] {
        let Ok(value) = serde_json::from_str::<Value>(reply) else { continue };
        let ids: Vec<String> = value["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(ids, (1..=ids.len()).map(|number| number.to_string()).collect::<Vec<_>>());
    }
    assert!(fs::read_to_string(lacuna.path("study/annotations/zoe-the-other.jsonl")).unwrap().contains("mine-alone"));
}
