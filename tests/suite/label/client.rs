//! Starts `lacuna label` and speaks raw HTTP to it. No assertions on its behaviour belong here.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Lacuna;

pub(crate) const CORE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/gold_labels/lacuna-core");
pub(crate) use crate::provider::STARTER;

/// A running server; it is killed with the test.
pub(crate) struct Office {
    child: Child,
    said: Option<BufReader<ChildStderr>>,
    /// Port and the token of each rater.
    pub(crate) port: u16,
    pub(crate) tokens: BTreeMap<String, String>,
}

impl Drop for Office {
    fn drop(&mut self) {
        self.kill();
    }
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Office {
    /// Starts `lacuna label`; raters are those of `--rater`.
    pub(crate) fn open(lacuna: &Lacuna, arguments: &[&str]) -> Self {
        Self::start(lacuna, &[&["label"], arguments].concat())
    }

    /// Starts a command that serves the page; raters are those of `--rater`.
    pub(crate) fn start(lacuna: &Lacuna, arguments: &[&str]) -> Self {
        let raters = arguments.windows(2).filter(|pair| pair[0] == "--rater").count();
        let mut child = lacuna.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut tokens = BTreeMap::new();
        let mut port = 0;
        for _ in 0..raters {
            let Some(line) = lines.next().transpose().unwrap() else {
                let mut text = String::new();
                said.read_to_string(&mut text).unwrap();
                panic!("{arguments:?}: {text}");
            };
            let (rater, url) = line.split_once('\t').unwrap();
            let (place, token) = url.strip_prefix("http://127.0.0.1:").unwrap().split_once("/?token=").unwrap();
            port = place.parse().unwrap();
            tokens.insert(rater.to_owned(), token.to_owned());
        }
        Self { child, said: Some(said), port, tokens }
    }

    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Interrupts it as Ctrl-C does; its exit code and what it said.
    pub(crate) fn interrupt(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut text = String::new();
        self.said.take().unwrap().read_to_string(&mut text).unwrap();
        (code, text)
    }

    pub(crate) fn seat(&self, rater: &str) -> Seat {
        Seat { port: self.port, token: self.tokens[rater].clone(), stream: None }
    }
}

/// One rater's connection, which is kept open.
pub(crate) struct Seat {
    pub(crate) port: u16,
    pub(crate) token: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Seat {
    /// Sends a request with these headers alone.
    pub(crate) fn raw(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> std::io::Result<Reply> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(("127.0.0.1", self.port))?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(Duration::from_secs(20)))?;
            self.stream = Some(BufReader::new(stream));
        }
        let mut request = format!("{method} {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        let stream = self.stream.as_mut().unwrap();
        let reply = stream.get_mut().write_all(request.as_bytes()).and_then(|()| read(stream));
        if reply.as_ref().is_ok_and(|reply| reply.headers.get("connection").is_some_and(|value| value == "close"))
            || reply.is_err()
        {
            self.stream = None;
        }
        reply
    }

    /// Sends a request as the page does.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<Reply> {
        let (host, token) = (format!("127.0.0.1:{}", self.port), self.token.clone());
        self.raw(method, path, &[("host", &host), ("x-lacuna-token", &token)], body)
    }

    /// Asks for JSON that has to be there.
    pub(crate) fn get(&mut self, path: &str) -> Value {
        let reply = self.send("GET", path, "").unwrap();
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    pub(crate) fn answer(&mut self, position: u64, answer: &Value) -> Reply {
        self.send("POST", &format!("/api/answer/{position}"), &answer.to_string()).unwrap()
    }

    /// Gives an answer that has to be taken.
    pub(crate) fn take(&mut self, position: u64, answer: &Value) -> Value {
        let reply = self.answer(position, answer);
        assert_eq!(reply.status, 200, "{position}: {}", reply.text());
        reply.json()
    }

    /// Answers everything that is open; how many answers that took.
    pub(crate) fn finish(&mut self, severity: impl Fn(&Value) -> i64) -> usize {
        let mut position = self.get("/api/session")["position"].as_u64();
        let mut answers = 0;
        while let Some(open) = position {
            let task = self.get(&format!("/api/task/{open}"));
            position = self.take(open, &answer_to(&task, severity(&task)))["position"].as_u64();
            answers += 1;
        }
        answers
    }
}

/// An answer with one severity on each axis that applies.
pub(crate) fn answer_to(task: &Value, severity: i64) -> Value {
    let mut answer = json!({});
    for axis in task["axes"].as_array().unwrap() {
        answer[axis.as_str().unwrap()] = json!(severity);
    }
    answer
}

fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Reply> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Reply { status, headers, body })
}

/// The records of a file of JSON lines.
pub(crate) fn records(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
