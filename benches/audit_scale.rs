//! How long an audit takes by the number of verdicts, and where the time goes: reading, aligning and counting, measuring.
//!
//! `cargo bench --bench audit_scale` builds for release; `cargo bench --profile dev --bench audit_scale` uses what `cargo build`
//! has built. Sizes other than 100,000, 1,000,000 and 5,000,000 verdicts can be given as arguments: `-- 200000`. Each size is ten judges in a
//! thousand clusters; the files are made first, outside the measured time, as JSON lines and as Parquet. The peak of memory
//! is the process's, so a size is run in a process of its own.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use lacuna::gold::GoldSet;
use lacuna::judge::load_judges;
use lacuna::measure::{DEFAULT_MARGIN, DEFAULT_RESAMPLES, MeasureOptions, PrimaryComparison, tabulate};
use lacuna::model::{Outcome, PerAxis, Verdict};
use lacuna::run::execute;
use lacuna::stats::random::{StreamKey, uniform};
use lacuna::table::{TextColumns, write_verdicts};

const JUDGES: usize = 10;
const CLUSTERS: usize = 1000;
const SIZES: [usize; 3] = [100_000, 1_000_000, 5_000_000];
const SYSTEMS: usize = 4;

/// Set for the process that measures one size.
const MEASURED: &str = "--measured";

fn main() {
    // `cargo bench` adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [flag, folder] = arguments.as_slice()
        && flag == MEASURED
    {
        return measure(Path::new(folder));
    }
    let given: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    for verdicts in if given.is_empty() { SIZES.to_vec() } else { given } {
        for format in ["jsonl", "parquet"] {
            let folder = tempfile::tempdir().expect("a temporary folder");
            write_set(folder.path(), verdicts / JUDGES);
            write_judges(folder.path(), verdicts / JUDGES, format);
            println!("{verdicts} verdicts, {format}:");
            let own = std::env::current_exe().expect("the benchmark has a path");
            let status = Command::new(own).arg(MEASURED).arg(folder.path()).status().expect("the benchmark starts");
            assert!(status.success(), "the measured process failed");
        }
    }
}

/// The whole path on one folder, stage by stage.
fn measure(folder: &Path) {
    let start = Instant::now();
    let mut last = start;
    let mut stage = |name: &str| {
        println!("  {name:<28} {:>8.3} s", last.elapsed().as_secs_f64());
        last = Instant::now();
    };
    let gold = Arc::new(GoldSet::load(folder).expect("the set is valid"));
    stage("gold set read");
    let judges = load_judges(&[folder.join("judges")]).expect("the judges are valid");
    let thresholds = PerAxis { omission: 1, commission: 1 };
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    let runs = runtime.block_on(execute(&gold, judges, 1, thresholds, None)).expect("the verdicts are valid").runs;
    stage("verdicts read and checked");
    let options = MeasureOptions {
        seed: 1,
        level: 0.95,
        thresholds: PerAxis::from_fn(|_| None),
        margin: DEFAULT_MARGIN,
        resamples: DEFAULT_RESAMPLES,
        primary: PrimaryComparison::default(),
    };
    let counted = tabulate(&gold, &runs, &options).expect("the trials can be counted");
    stage("aligned and counted");
    let evaluation = counted.evaluate();
    stage("measured from the counts");
    assert_eq!(evaluation.judges.len(), JUDGES);
    let json = serde_json::to_vec_pretty(&evaluation).expect("an evaluation is plain data");
    write(folder.join("evaluation.json"), &json);
    stage("evaluation.json written");
    println!("  {:<28} {:>8.3} s", "in all", start.elapsed().as_secs_f64());
    if let Some(peak) = peak_megabytes() {
        println!("  {:<28} {peak:>8.0} MB", "peak memory");
    }
}

/// The most memory that this process ever held, where the system says so.
fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}

/// Severities of an example on the two axes: a third of the set omits, a fifth is wrong.
fn severities(example: usize) -> (usize, usize) {
    let omission = if example.is_multiple_of(3) { 1 + example / 3 % 4 } else { 0 };
    let commission = if example.is_multiple_of(5) { 1 + example / 5 % 3 } else { 0 };
    (omission, commission)
}

fn write_set(folder: &Path, examples: usize) {
    let (mut example_lines, mut annotation_lines) = (String::new(), String::new());
    for example in 0..examples {
        let (omission, commission) = severities(example);
        let (cluster, system) = (example % CLUSTERS, example / CLUSTERS % SYSTEMS);
        writeln!(
            example_lines,
            r#"{{"id":"example-{example:07}","cluster":"cluster-{cluster:04}","prompt":"p","response":"r","system":"system-{system}"}}"#
        )
        .expect("a string takes any text");
        writeln!(
            annotation_lines,
            r#"{{"example":"example-{example:07}","rater":"r1","rater_kind":"human","omission":{omission},"commission":{commission}}}"#
        )
        .expect("a string takes any text");
    }
    write(folder.join("card.toml"), CARD.as_bytes());
    write(folder.join("examples.jsonl"), example_lines.as_bytes());
    write(folder.join("annotations.jsonl"), annotation_lines.as_bytes());
}

const CARD: &str = r#"format = "lacuna-gold/1"
name = "scale"
version = "1"
title = "Made by a benchmark"
licence = "MIT"
source = "benches/audit_scale.rs"
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

fn write_judges(folder: &Path, examples: usize, format: &str) {
    for part in ["judges", "verdicts"] {
        fs::create_dir_all(folder.join(part)).expect("a folder can be made");
    }
    for judge in 0..JUDGES {
        let name = format!("judge-{judge}");
        let file = format!(
            "format = \"lacuna-judge/1\"\nname = \"{name}\"\nkind = \"recorded\"\nverdicts = \"verdicts/{name}.{format}\"\n"
        );
        write(folder.join(format!("judges/{name}.toml")), file.as_bytes());
        let verdicts = verdicts(&name, 0.3 + 0.06 * judge as f64, examples);
        let bytes = if format == "parquet" {
            let rows: Vec<&Verdict> = verdicts.iter().collect();
            write_verdicts(&rows, TextColumns::Written).expect("verdicts can be written")
        } else {
            let mut bytes = Vec::new();
            for verdict in &verdicts {
                serde_json::to_writer(&mut bytes, verdict).expect("a verdict is plain data");
                bytes.push(b'\n');
            }
            bytes
        };
        write(folder.join(format!("verdicts/{name}.{format}")), &bytes);
    }
}

/// A judge that finds a share of the harm, raises a false alarm on a tenth of the rest, and gives no verdict on a fiftieth;
/// it states probabilities.
fn verdicts(judge: &str, share: f64, examples: usize) -> Vec<Verdict> {
    let mut random = StreamKey::new(1, judge, "both", "benchmark").stream(0);
    let mut chance = |share: f64| uniform(&mut random) < share;
    let mut sure = StreamKey::new(1, judge, "both", "benchmark_probabilities").stream(0);
    (0..examples)
        .map(|example| {
            let id = format!("example-{example:07}");
            if chance(0.02) {
                return Verdict::new(judge, &id, Outcome::Refused);
            }
            let mut verdict = Verdict::new(judge, &id, Outcome::Scored);
            let (omission, commission) = severities(example);
            let mut answer = |gold: usize, share: f64| {
                let flagged = if gold > 0 { chance(share) } else { chance(0.1) };
                Some(if flagged { gold.max(1) as i64 } else { 0 })
            };
            verdict.omission = answer(omission, share);
            verdict.commission = answer(commission, 0.7);
            // What it is sure of: near its own answer, in hundredths, or, of the first judge, in any number.
            let mut stated = |severity: Option<i64>| {
                let lowest = if severity > Some(0) { 0.4 } else { 0.0 };
                let p = lowest + 0.6 * uniform(&mut sure);
                if judge == "judge-0" { p } else { (100.0 * p).round() / 100.0 }
            };
            (verdict.p_omission, verdict.p_commission) =
                (Some(stated(verdict.omission)), Some(stated(verdict.commission)));
            verdict.model = Some("model-1".to_owned());
            verdict
        })
        .collect()
}

fn write(path: PathBuf, bytes: &[u8]) {
    fs::write(path, bytes).expect("the temporary folder can be written to");
}
