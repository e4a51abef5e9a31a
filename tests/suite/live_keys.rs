//! Keys: they reach the host they belong to and nothing else: no file, no output, no error.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::sync::mpsc::{Receiver, channel};

use crate::asking::{Asking, LIMITS, outcomes, write_live_judge, write_starter};
use crate::driver::Lacuna;

const PLANTED: &str = "sk-planted-9f8e7d6c5b4a39281706f5e4d3c2b1a0";
const TRUSTED: &str = "format = \"lacuna-audit/1\"\n[[keys]]\nvariable = \"OPENAI_API_KEY\"\nhost = \"127.0.0.1\"\n";

/// A folder whose user trusts this machine with the key, or does not.
fn folder(trusted: &str) -> Lacuna {
    let lacuna = Lacuna::new().with_variable("OPENAI_API_KEY", PLANTED);
    if !trusted.is_empty() {
        fs::write(lacuna.path("lacuna.toml"), trusted).unwrap();
    }
    lacuna
}

/// The key stands nowhere that a run wrote: in no file of the folder, whatever its kind, and in no output.
fn hidden(lacuna: &Lacuna, output: &Output) {
    let key = PLANTED.as_bytes();
    let holds = |bytes: &[u8]| bytes.windows(key.len()).any(|window| window == key);
    assert!(!holds(&output.stdout) && !holds(&output.stderr), "{}", String::from_utf8_lossy(&output.stderr));
    fn walk(folder: &Path, look: &mut dyn FnMut(&Path)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path, look) } else { look(&path) }
        }
    }
    let mut files = 0;
    walk(lacuna.folder.path(), &mut |path| {
        files += 1;
        assert!(!holds(&fs::read(path).unwrap()), "{}", path.display());
    });
    assert!(files > 3);
}

const RUN: [&str; 7] = ["run", "--gold", "gold", "--judge", "judges", "--out", "out"];

#[test]
fn a_key_is_sent_and_written_nowhere() {
    let asking = Asking::among(folder(TRUSTED), 8, &["--require-key", PLANTED]);
    for protocol in ["openai", "anthropic", "gemini"] {
        asking.judge_of(protocol, protocol, &format!("api_key_env = \"OPENAI_API_KEY\"\n{LIMITS}"));
    }
    let output = asking.output("out", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    for protocol in ["openai", "anthropic", "gemini"] {
        assert_eq!(outcomes(&asking.verdicts("out", protocol))["scored"], 8);
    }
    hidden(&asking.lacuna, &output);
    let audit = asking.lacuna.output(&["audit", "--gold", "gold", "--judge", "judges", "--out", "r"]);
    assert_eq!(audit.status.code(), Some(0));
    hidden(&asking.lacuna, &audit);
}

#[test]
fn a_refused_key_is_not_repeated() {
    let asking = Asking::among(folder(TRUSTED), 8, &["--require-key", "another"]);
    asking.judge("j", &format!("api_key_env = \"OPENAI_API_KEY\"\n{LIMITS}"));
    let output = asking.output("out", &[]);
    assert_eq!(output.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&output.stderr).contains("j: stopped: HTTP 401"));
    hidden(&asking.lacuna, &output);
}

/// A server that sends back the key it was given, in its error or in its answer, and says what it was sent.
fn echo(status: &'static str, body: fn(&str) -> String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, received) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut key, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
                    break;
                }
                let (name, value) = line.trim_end().split_once(": ").unwrap_or_default();
                match name.to_lowercase().as_str() {
                    "authorization" => key = value.to_owned(),
                    "content-length" => length = value.parse().unwrap(),
                    _ => {}
                }
            }
            let mut asked = vec![0; length];
            if reader.read_exact(&mut asked).is_err() {
                continue;
            }
            let body = body(&key);
            let reply = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nlocation: /{key}\r\n\
                 retry-after: {key}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            );
            let _ = reader.get_mut().write_all(reply.as_bytes());
            let _ = sender.send(key);
        }
    });
    (address, received)
}

#[test]
fn a_key_that_a_server_sends_back_is_taken_out() {
    let error: fn(&str) -> String =
        |key| format!("{{\"error\": {{\"message\": \"bad key: {key}\", \"code\": \"{key}\"}}}}");
    let answer: fn(&str) -> String = |key| {
        let text = format!("{key} {{\\\"omission\\\": 1, \\\"commission\\\": 0, \\\"rationale\\\": \\\"{key}\\\"}}");
        format!(
            "{{\"id\": \"{key}\", \"model\": \"{key}\", \"choices\": [{{\"index\": 0, \"finish_reason\": \"stop\", \
             \"message\": {{\"role\": \"assistant\", \"content\": \"{text}\"}}}}]}}"
        )
    };
    for (status, body, code) in [
        ("401 Unauthorized", error, 4),
        ("400 Bad Request", error, 0),
        ("500 Internal Server Error", error, 0),
        ("302 Found", error, 4),
        ("200 OK", error, 0),
        ("200 OK", answer, 0),
    ] {
        let lacuna = folder(TRUSTED);
        write_starter(&lacuna, 4);
        let (address, received) = echo(status, body);
        let more = "api_key_env = \"OPENAI_API_KEY\"\n[limits]\nattempts = 1\nconcurrency = 1\n";
        write_live_judge(&lacuna, &address, "openai", "j", more);
        let output = lacuna.output(&RUN);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{status}: {said}");
        assert_eq!(received.recv().unwrap(), format!("Bearer {PLANTED}"), "{status}");
        hidden(&lacuna, &output);
    }
}

/// A judge file from a stranger, who pairs the user's key with a host of their own.
#[test]
fn a_key_goes_to_its_own_host_alone() {
    let stranger = format!("api_key_env = \"OPENAI_API_KEY\"\n{LIMITS}");
    let asking = Asking::among(folder(""), 8, &[]);
    asking.judge("j", &stranger);
    let output = asking.output("out", &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    for part in ["j.toml", "api_key_env", "OPENAI_API_KEY", "127.0.0.1", "[[keys]]"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    hidden(&asking.lacuna, &output);
    assert!(asking.requests().is_empty() && !asking.lacuna.path("out").exists());
    // A pair that the user trusts with another host, or for another variable, is not this one.
    for other in [TRUSTED.replace("127.0.0.1", "127.0.0.2"), TRUSTED.replace("OPENAI_API_KEY", "OTHER_KEY")] {
        fs::write(asking.lacuna.path("lacuna.toml"), other).unwrap();
        asking.run(3, "out", &[]);
    }
    assert!(asking.requests().is_empty());
    fs::write(asking.lacuna.path("lacuna.toml"), TRUSTED).unwrap();
    asking.run(0, "out", &[]);
    assert_eq!(asking.requests().len(), 8);
}

/// The address of a variable is the user's own wish; the key still goes to no host that it does not belong to.
#[test]
fn an_address_from_a_variable_is_held_to_the_same_rule() {
    let lacuna = folder("");
    let asking = Asking::among(lacuna, 8, &[]);
    let address = format!("http://{}/v1", asking.stub.address);
    let lacuna = asking.lacuna.with_variable("OPENAI_BASE_URL", &address);
    fs::create_dir_all(lacuna.path("judges")).unwrap();
    let file = "format = \"lacuna-judge/1\"\nname = \"j\"\nkind = \"openai\"\nmodel = \"m\"\nbase_url_env = \"OPENAI_BASE_URL\"\n";
    fs::write(lacuna.path("judges/j.toml"), file).unwrap();
    let said = lacuna.fail(3, &RUN);
    assert!(said.contains("OPENAI_API_KEY") && said.contains("127.0.0.1"), "{said}");
    fs::write(lacuna.path("lacuna.toml"), TRUSTED).unwrap();
    lacuna.run(&RUN);
}

#[test]
fn a_key_in_a_file_is_refused_and_not_repeated() {
    let lacuna = folder(TRUSTED);
    write_starter(&lacuna, 4);
    for more in [
        format!("api_key_env = \"{PLANTED}\"\n"),
        format!("[headers]\nauthorization = \"Bearer {PLANTED}\"\n"),
        format!("[headers]\nx-own = \"{PLANTED}\"\n"),
        format!("[query]\nkey = \"{PLANTED}\"\n"),
        format!("api_key = \"{PLANTED}\"\n"),
    ] {
        write_live_judge(&lacuna, "127.0.0.1:9", "openai", "j", &more);
        let output = lacuna.output(&RUN);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains("j.toml"), "{said}");
        fs::remove_file(lacuna.path("judges/j.toml")).unwrap();
        hidden(&lacuna, &output);
    }
}

#[test]
fn a_key_that_is_not_set_is_missed_before_anything_is_sent() {
    let lacuna = Lacuna::new();
    fs::write(lacuna.path("lacuna.toml"), TRUSTED).unwrap();
    let asking = Asking::among(lacuna, 4, &[]);
    asking.judge("j", "api_key_env = \"OPENAI_API_KEY\"\n");
    let said = asking.run(3, "out", &[]);
    assert!(said.contains("OPENAI_API_KEY is not set"), "{said}");
    assert!(asking.requests().is_empty());
}
