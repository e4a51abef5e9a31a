//! Starts the stub provider and speaks raw HTTP to it. No assertions on its behaviour belong here.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use lacuna::gold::GoldSet;
use serde_json::{Value, json};

pub(crate) const STARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/gold_labels/lacuna-starter");
pub(crate) const ASKED: &str =
    "Answer with JSON: {\"omission\": <0-4>, \"commission\": <0-3>, \"p_omission\": <0 to 1>, \"rationale\": \"...\"}";

/// A running stub; it is killed with the test.
pub(crate) struct Stub {
    child: Child,
    pub(crate) address: String,
}

impl Drop for Stub {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Stub {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacuna"));
        command.args(["stub-server", "--port", "0"]).args(arguments).env_clear().stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{address}");
        Self { child, address }
    }

    pub(crate) fn connect(&self) -> Connection {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Connection { reader: BufReader::new(stream), headers: Vec::new() }
    }
}

/// A connection that is kept open.
pub(crate) struct Connection {
    pub(crate) reader: BufReader<TcpStream>,
    headers: Vec<(&'static str, String)>,
}

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Connection {
    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) -> std::io::Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: stub\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in &self.headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += "\r\n";
        request += body;
        self.reader.get_mut().write_all(request.as_bytes())?;
        self.read()
    }

    pub(crate) fn read(&mut self) -> std::io::Result<Answer> {
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

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &body.to_string()).unwrap()
    }

    /// Asks over OpenAI's protocol; `seed` makes bodies differ.
    pub(crate) fn ask(&mut self, prompt: &str, seed: usize) -> Answer {
        self.post("/v1/chat/completions", &chat(prompt, seed))
    }
}

pub(crate) fn chat(prompt: &str, seed: usize) -> Value {
    json!({"model": "m", "seed": seed, "messages": [{"role": "user", "content": prompt}]})
}

/// The verdict in a reply over OpenAI's protocol.
pub(crate) fn verdict(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    serde_json::from_str(answer.json()["choices"][0]["message"]["content"].as_str().unwrap()).unwrap()
}

pub(crate) fn starter() -> GoldSet {
    GoldSet::load(Path::new(STARTER)).unwrap()
}

pub(crate) fn prompt(gold: &GoldSet, position: usize) -> String {
    let example = &gold.examples[position];
    let response = example.response.as_ref().unwrap().plain();
    format!("Judge.\n\nQuestion:\n{}\n\nResponse:\n<<<\n{response}\n>>>\n\n{ASKED}", example.prompt.plain())
}

/// Whether a count of draws fits a share: within four and a half standard deviations, one chance in 150,000. Seeds are fixed,
/// so that what passes once passes always.
pub(crate) fn fits(count: usize, of: usize, share: f64) -> bool {
    let (count, of) = (f64::from(u32::try_from(count).unwrap()), f64::from(u32::try_from(of).unwrap()));
    (count - of * share).abs() <= 4.5 * (of * share * (1.0 - share)).sqrt() + 1e-9
}
