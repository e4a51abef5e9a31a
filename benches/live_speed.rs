//! How fast live judges are asked, against the stub provider on this machine: verdicts a second recorded in the ledger, the
//! share of the ideal rate under a latency, and the peak of memory by the number of trials.
//!
//! `cargo bench --bench live_speed` builds for release; `-- speed`, `-- latency` or `-- memory` runs one of the three parts.
//! The stub is a process of its own on the same cores: what it takes is missing to the asking. Prompts are of about 3 KB.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lacuna::gold::GoldSet;
use lacuna::judge::load_judges;
use lacuna::model::PerAxis;
use lacuna::run::{AskOptions, Event, Ledger, LiveContext, LiveReplies, Observer, answer};

/// Examples of the set; more trials are more repeats of them, so that the set itself takes the same memory.
const EXAMPLES: usize = 1000;
const CLUSTERS: usize = 250;
/// Set for the process that measures.
const MEASURED: &str = "--measured";

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, folder] = arguments.as_slice()
        && flag == MEASURED
    {
        return measure(Path::new(folder));
    }
    let wanted = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    if wanted("speed") {
        speed();
    }
    if wanted("latency") {
        latency();
    }
    if wanted("memory") {
        memory();
    }
}

/// No latency: how many verdicts a second two processes, this one and the stub, bring into the ledger.
fn speed() {
    println!("no latency, 64 in flight:");
    let bench = Bench::new(&[], 40, 64);
    asked(&bench);
}

/// 200 ms of latency and 256 in flight: 1,280 a second would be ideal.
fn latency() {
    const LATENCY_S: f64 = 0.2;
    const IN_FLIGHT: usize = 256;
    println!("200 ms of latency, {IN_FLIGHT} in flight:");
    let bench = Bench::new(&["--latency-ms", "200"], 16, IN_FLIGHT);
    let rate = asked(&bench);
    let ideal = IN_FLIGHT as f64 / LATENCY_S;
    println!("  {:<44} {:>9.1} %", format!("of the ideal rate ({ideal:.0}/s)"), 100.0 * rate / ideal);
}

/// The whole `lacuna run`, from the plan to the written verdicts.
fn memory() {
    for samples in [10, 200] {
        println!("lacuna run, {} trials:", samples * EXAMPLES);
        let bench = Bench::new(&[], samples, 64);
        let start = Instant::now();
        let mut child = bench.lacuna(&["run", "--gold", "gold", "--judge", "judges", "--out", "out"]);
        let peak = peak_until_the_end(&mut child);
        let seconds = start.elapsed().as_secs_f64();
        println!("  {:<44} {seconds:>9.2} s", "plan, asking, verdicts written");
        println!("  {:<44} {peak:>9.1} MB", "peak memory");
        // Everything is in the ledger now: the same command reads it.
        let start = Instant::now();
        let mut child = bench.lacuna(&["run", "--gold", "gold", "--judge", "judges", "--out", "again"]);
        let peak = peak_until_the_end(&mut child);
        println!("  {:<44} {:>9.2} s", "the same again, from the ledger", start.elapsed().as_secs_f64());
        println!("  {:<44} {peak:>9.1} MB", "peak memory");
    }
}

/// Asks all trials in a process of its own; the rate that it says.
fn asked(bench: &Bench) -> f64 {
    let own = std::env::current_exe().expect("the benchmark has a path");
    let output = Command::new(own).arg(MEASURED).arg(bench.folder.path()).output().expect("the benchmark starts");
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = |name: &str| text.lines().find_map(|line| line.trim().strip_prefix(name)?.trim().parse::<f64>().ok());
    let count = said("verdicts in the ledger").expect("the measured process says how many there are");
    if let (Some(stub), Some(asking)) =
        (processor_seconds(&bench.stub.id().to_string()), said("microseconds of processor each, asking"))
    {
        let stub = stub / count * 1e6;
        println!("  {:<44} {stub:>9.0}", "microseconds of processor each, the stub");
        println!("  {:<44} {:>9.0}", "so two idle cores would bring a second", 2e6 / (stub + asking));
    }
    said("verdicts a second").expect("the measured process says its rate")
}

/// Seconds of processor time that a process has used, where the system says so.
fn processor_seconds(process: &str) -> Option<f64> {
    /// What Linux counts in, whatever the machine's own clock.
    const TICKS_A_SECOND: f64 = 100.0;
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the name in brackets; user and system time are the fourteenth and the fifteenth.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
    Some((ticks(14)? + ticks(15)?) / TICKS_A_SECOND)
}

/// Counts what happens.
#[derive(Default)]
struct Counting {
    answered: AtomicU64,
    other: AtomicU64,
}

impl Observer for Counting {
    fn note(&self, event: &Event) {
        let count = if matches!(event, Event::Answered { .. }) { &self.answered } else { &self.other };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Asks until every reply is in the file.
fn measure(folder: &Path) {
    let gold = Arc::new(GoldSet::load(&folder.join("gold")).expect("the set is valid"));
    let judges = load_judges(&[folder.join("judges")]).expect("the judge is valid");
    let ledger = Arc::new(Ledger::open(&folder.join("ledger.sqlite")).expect("a new ledger"));
    let counting = Arc::new(Counting::default());
    let (_sender, stop) = tokio::sync::watch::channel(false);
    let options = AskOptions {
        seed: 1,
        most_cost_usd: None,
        oldest: None,
        keys: std::collections::BTreeMap::new(),
        now,
        stop,
        until: None,
        observer: Arc::clone(&counting) as Arc<dyn Observer>,
    };
    let context = LiveContext { ledger, replies: LiveReplies::Asked(options) };
    let thresholds = PerAxis { omission: 1, commission: 1 };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let start = Instant::now();
    runtime.block_on(answer(&gold, judges, 1, thresholds, Some(context))).expect("the stub answers");
    let seconds = start.elapsed().as_secs_f64();
    let answered = counting.answered.load(Ordering::Relaxed);
    println!("  {:<44} {answered:>9}", "verdicts in the ledger");
    assert_eq!(counting.other.load(Ordering::Relaxed), 0, "nothing was sent twice and nothing failed");
    println!("  {:<44} {seconds:>9.2} s", "asking");
    println!("  {:<44} {:>9.0}", "verdicts a second", answered as f64 / seconds);
    if let Some(used) = processor_seconds("self") {
        println!("  {:<44} {:>9.0}", "microseconds of processor each, asking", used / answered as f64 * 1e6);
    }
    if let Some(peak) = peak_megabytes("self") {
        println!("  {:<44} {peak:>9.1} MB", "peak memory");
    }
}

fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let time = i64::try_from(seconds).ok().and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    time.unwrap_or_default().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// The most memory that a process ever held, where the system says so.
fn peak_megabytes(process: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}

/// The peak of a child, looked at every few milliseconds until it ends.
fn peak_until_the_end(child: &mut Child) -> f64 {
    let id = child.id().to_string();
    let mut peak = 0.0;
    loop {
        peak = peak_megabytes(&id).map_or(peak, |now| now.max(peak));
        if let Some(status) = child.try_wait().expect("the child can be waited for") {
            assert!(status.success(), "the program failed");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder with a set and a judge, and the stub that the judge asks.
struct Bench {
    folder: tempfile::TempDir,
    stub: Child,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.stub.kill();
        let _ = self.stub.wait();
    }
}

impl Bench {
    fn new(stub: &[&str], samples: usize, in_flight: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut stub = Command::new(env!("CARGO_BIN_EXE_lacuna"))
            .args(["stub-server", "--port", "0"])
            .args(stub)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the stub starts");
        let mut address = String::new();
        let out = stub.stdout.take().expect("its output is piped");
        BufReader::new(out).read_line(&mut address).expect("the stub says its address");
        write_set(&folder.path().join("gold"));
        let judge = format!(
            "format = \"lacuna-judge/1\"\nname = \"j\"\nkind = \"openai\"\nmodel = \"m\"\nbase_url = \"{}\"\n\
             samples = {samples}\n[sampling]\nseed = 1\n[limits]\nconcurrency = {in_flight}\n",
            address.trim()
        );
        write(&folder.path().join("judges/j.toml"), &judge);
        Self { folder, stub }
    }

    fn lacuna(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacuna"));
        command.args(arguments).current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program starts")
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file in a folder")).expect("the temporary folder can be written to");
    fs::write(path, text).expect("the temporary folder can be written to");
}

/// With the words around it, a question and an answer of 300 bytes each make a prompt of about 3 KB.
fn write_set(folder: &Path) {
    let (mut examples, mut annotations) = (String::new(), String::new());
    for example in 0..EXAMPLES {
        let prompt = format!("Question {example}: {}", "what should be done about this? ".repeat(9));
        let response = format!("Answer {example}: {}", "it depends on what else is known. ".repeat(8));
        writeln!(
            examples,
            r#"{{"id":"e{example:05}","cluster":"c{:04}","prompt":"{prompt}","response":"{response}"}}"#,
            example % CLUSTERS
        )
        .expect("a string takes any text");
        writeln!(
            annotations,
            r#"{{"example":"e{example:05}","rater":"r","rater_kind":"human","omission":{},"commission":0}}"#,
            example % 2
        )
        .expect("a string takes any text");
    }
    write(&folder.join("card.toml"), CARD);
    write(&folder.join("examples.jsonl"), &examples);
    write(&folder.join("annotations.jsonl"), &annotations);
}

const CARD: &str = r#"format = "lacuna-gold/1"
name = "speed"
version = "1"
title = "Made by a benchmark"
licence = "MIT"
source = "benches/live_speed.rs"
language = "en"
domain = "none"
label_source = "human"
aggregate = "majority"

[axes.omission]
harm = "something needed was left out"
levels = ["none", "mild", "moderate", "serious", "severe"]

[axes.commission]
harm = "something wrong was said"
levels = ["none", "mild", "serious", "dangerous"]
"#;
