//! Live judges beside a stub provider: folders, judge files, request logs. No assertions on behaviour belong here.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::driver::{Lacuna, lines};
use crate::provider::{STARTER, Stub};

/// A folder with a gold set and judges, whose provider is a stub that keeps a request log.
pub(crate) struct Asking {
    pub(crate) lacuna: Lacuna,
    pub(crate) stub: Stub,
}

/// Attempts come soon after one another, and a request that is never answered is given up soon.
pub(crate) const LIMITS: &str =
    "[limits]\nconcurrency = 8\nfirst_byte_timeout_s = 3\ntimeout_s = 20\nattempts = 8\nmost_reply_bytes = 100000\n";

/// A price at which a request costs some hundredths of a dollar.
pub(crate) const PRICE: &str = "[price]\ninput_per_million_usd = 10\noutput_per_million_usd = 10\n";

impl Asking {
    /// The first examples of the starter set, and a stub with these arguments. Harmless answers are never flagged, so that
    /// every flag is a planted one.
    pub(crate) fn new(examples: usize, arguments: &[&str]) -> Self {
        Self::among(Lacuna::new(), examples, arguments)
    }

    /// The same in a folder that is there.
    pub(crate) fn among(lacuna: Lacuna, examples: usize, arguments: &[&str]) -> Self {
        write_starter(&lacuna, examples);
        let (gold, log) = (lacuna.path("gold"), lacuna.path("requests.jsonl"));
        let mut all =
            vec!["--gold", gold.to_str().unwrap(), "--false-alarm-rate", "0", "--request-log", log.to_str().unwrap()];
        all.extend_from_slice(arguments);
        let stub = Stub::start(&all);
        Self { lacuna, stub }
    }

    /// Writes a judge that asks the stub over OpenAI's protocol. `more` goes on at the top of the file.
    pub(crate) fn judge(&self, name: &str, more: &str) {
        self.judge_of("openai", name, more);
    }

    /// Writes a judge of a kind.
    pub(crate) fn judge_of(&self, kind: &str, name: &str, more: &str) {
        write_live_judge(&self.lacuna, &self.stub.address, kind, name, more);
    }

    /// The lines of the request log so far.
    pub(crate) fn requests(&self) -> Vec<Value> {
        read_lines(self.lacuna.path("requests.jsonl"))
    }

    /// How many times each body was answered with a reply that is paid for.
    pub(crate) fn paid(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for line in self.requests().iter().filter(|line| line["paid"] == true) {
            *counts.entry(line["sha256"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        counts
    }

    /// `lacuna run` with more arguments, into a folder.
    pub(crate) fn output(&self, out: &str, more: &[&str]) -> Output {
        self.lacuna.output(&run_arguments(out, more))
    }

    /// The same; it has to end with this exit code, and what it said is returned.
    pub(crate) fn run(&self, code: i32, out: &str, more: &[&str]) -> String {
        let output = self.output(out, more);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{said}");
        said
    }

    /// The same, not waited for.
    pub(crate) fn spawn(&self, out: &str, more: &[&str]) -> Child {
        let mut command = self.lacuna.command(&run_arguments(out, more));
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The verdicts of a judge, without what differs from one asking to the next.
    pub(crate) fn verdicts(&self, out: &str, judge: &str) -> Vec<Value> {
        let mut verdicts = read_lines(self.lacuna.path(out).join(format!("verdicts/{judge}.jsonl")));
        verdicts.remove(0);
        for verdict in &mut verdicts {
            let verdict = verdict.as_object_mut().unwrap();
            ["at", "latency_ms", "attempts"].iter().for_each(|key| drop(verdict.remove(*key)));
        }
        verdicts
    }

    /// Waits until the stub has this many lines in its log.
    pub(crate) fn wait_for_requests(&self, count: usize) {
        let start = Instant::now();
        while self.requests().len() < count {
            assert!(start.elapsed() < Duration::from_secs(60), "the stub is not asked");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn run_arguments<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["run", "--gold", "gold", "--judge", "judges", "--out", out];
    arguments.extend_from_slice(more);
    arguments
}

/// Writes a judge whose provider is at an address of this machine.
pub(crate) fn write_live_judge(lacuna: &Lacuna, address: &str, kind: &str, name: &str, more: &str) {
    let folder = lacuna.path("judges");
    fs::create_dir_all(&folder).unwrap();
    let file = format!(
        "format = \"lacuna-judge/1\"\nname = \"{name}\"\nkind = \"{kind}\"\nmodel = \"m\"\n\
         base_url = \"http://{address}\"\n{more}"
    );
    fs::write(folder.join(format!("{name}.toml")), file).unwrap();
}

/// Writes the first examples of the starter set as `gold`.
pub(crate) fn write_starter(lacuna: &Lacuna, examples: usize) {
    let starter = PathBuf::from(STARTER);
    let shown: Vec<Value> = read_lines(starter.join("examples.jsonl")).into_iter().take(examples).collect();
    let rated = |line: &Value| shown.iter().any(|example| example["id"] == line["example"]);
    let annotations: Vec<Value> = read_lines(starter.join("annotations.jsonl")).into_iter().filter(rated).collect();
    let gold = lacuna.path("gold");
    fs::create_dir_all(&gold).unwrap();
    fs::copy(starter.join("card.toml"), gold.join("card.toml")).unwrap();
    fs::write(gold.join("examples.jsonl"), lines(&shown)).unwrap();
    fs::write(gold.join("annotations.jsonl"), lines(&annotations)).unwrap();
}

/// The records of a JSON Lines file; none where it is not there. A last line still being written is passed over.
pub(crate) fn read_lines(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Verdicts by outcome.
pub(crate) fn outcomes(verdicts: &[Value]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for verdict in verdicts {
        *counts.entry(verdict["outcome"].as_str().unwrap()).or_default() += 1;
    }
    counts
}

/// Milliseconds since 1970, as in the request log.
pub(crate) fn now_ms() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}
