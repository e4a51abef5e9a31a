//! How long the joint resample of clusters takes, alone and against resampling rows.
//!
//! `cargo bench --no-default-features --bench resample`. With `LACUNA_BENCH_PYTHON` naming a Python that has numpy, the second part runs
//! `benches/resample_rows.py` on the same rows and prints the ratio; both then have to agree on an interval.

use lacuna::stats::Interval;
use lacuna::stats::random::{StreamKey, uniform};
use lacuna::stats::resample::{ClusterResample, REPLICATES, Replicates};
use std::fmt::Write as _;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::time::Instant;

const CLUSTERS: usize = 60;
const SUMS: usize = 64;
const JUDGES: usize = 10;
const EXAMPLES_PER_CLUSTER: usize = 9;
/// Hits, positives, false alarms and negatives on two axes.
const SUMS_PER_JUDGE: usize = 8;
const REPEATS: usize = 7;

fn main() {
    let available = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut counts = vec![NonZeroUsize::MIN];
    counts.extend((available > NonZeroUsize::MIN).then_some(available));
    for &threads in &counts {
        sums_alone(threads);
    }
    let rows = Rows::draw();
    for &threads in &counts {
        let (seconds, interval) = fastest(|| audit(&rows, threads));
        println!(
            "audit of {JUDGES} judges, {} rows, {REPLICATES} resamples of sums, {threads} thread(s): {:.1} ms",
            rows.cluster.len(),
            seconds * 1e3
        );
        if threads == NonZeroUsize::MIN {
            against_rows(&rows, seconds, interval);
        }
    }
}

/// The fastest of several runs: the one that the machine's other work disturbed least.
fn fastest<T>(run: impl Fn() -> T) -> (f64, T) {
    let timed = || {
        let start = Instant::now();
        let result = run();
        (start.elapsed().as_secs_f64(), result)
    };
    let mut best = timed();
    for _ in 1..REPEATS {
        let next = timed();
        if next.0 < best.0 {
            best = next;
        }
    }
    best
}

fn sums_alone(threads: NonZeroUsize) {
    let key = StreamKey::new(1, "", "", "benchmark");
    let columns = NonZeroUsize::new(SUMS).expect("not zero");
    let mut random = key.stream(u64::MAX);
    let table: Vec<f64> = (0..CLUSTERS * SUMS).map(|_| uniform(&mut random)).collect();
    let draw = || ClusterResample::draw(&[0; CLUSTERS], REPLICATES, &key, threads);
    let resample = draw();
    let (drawing, _) = fastest(draw);
    let (summing, _) = fastest(|| resample.sums(&table, columns, threads).expect("the table fits"));
    println!(
        "{REPLICATES} resamples of {SUMS} sums over {CLUSTERS} clusters, {threads} thread(s): draws {:.1} ms, sums {:.1} ms",
        drawing * 1e3,
        summing * 1e3
    );
}

/// Rows of an audit: a cluster, two gold labels and every judge's two flags.
struct Rows {
    cluster: Vec<usize>,
    gold: Vec<[bool; 2]>,
    flags: Vec<[[bool; 2]; JUDGES]>,
}

impl Rows {
    fn draw() -> Self {
        let mut random = StreamKey::new(1, "", "", "rows").stream(0);
        let mut chance = |share: f64| uniform(&mut random) < share;
        let mut rows = Self { cluster: Vec::new(), gold: Vec::new(), flags: Vec::new() };
        for row in 0..CLUSTERS * EXAMPLES_PER_CLUSTER {
            let gold = [chance(0.4), chance(0.25)];
            let mut flag = |axis: usize, share: f64| chance(if gold[axis] { share } else { 0.1 });
            rows.cluster.push(row / EXAMPLES_PER_CLUSTER);
            rows.flags.push(std::array::from_fn(|judge| [flag(0, 0.2 + 0.06 * judge as f64), flag(1, 0.7)]));
            rows.gold.push(gold);
        }
        rows
    }

    /// One row a line: cluster, gold, flags, separated by blanks.
    fn text(&self) -> String {
        let mut text = String::new();
        for ((cluster, gold), flags) in self.cluster.iter().zip(&self.gold).zip(&self.flags) {
            let bits = gold.iter().chain(flags.iter().flatten()).map(|bit| if *bit { " 1" } else { " 0" });
            writeln!(text, "{cluster}{}", bits.collect::<String>()).expect("a string takes any text");
        }
        text
    }
}

/// The whole resampling of an audit: sums of the rows by cluster, joint draws, five statistics a judge in each, and their intervals.
fn audit(rows: &Rows, threads: NonZeroUsize) -> Interval {
    let columns = NonZeroUsize::new(JUDGES * SUMS_PER_JUDGE).expect("not zero");
    let mut table = vec![0.0; CLUSTERS * columns.get()];
    for ((cluster, gold), flags) in rows.cluster.iter().zip(&rows.gold).zip(&rows.flags) {
        for (judge, flags) in flags.iter().enumerate() {
            let cells = &mut table[cluster * columns.get() + judge * SUMS_PER_JUDGE..][..SUMS_PER_JUDGE];
            for axis in 0..2 {
                let first = 4 * axis + if gold[axis] { 0 } else { 2 };
                cells[first] += f64::from(u8::from(flags[axis]));
                cells[first + 1] += 1.0;
            }
        }
    }
    let key = StreamKey::new(1, "", "", "audit");
    let resample = ClusterResample::draw(&[0; CLUSTERS], REPLICATES, &key, threads);
    let sums = resample.sums(&table, columns, threads).expect("the table fits");
    let mut first = None;
    for judge in 0..JUDGES {
        let share =
            |row: &[f64], from: usize| row[judge * SUMS_PER_JUDGE + from] / row[judge * SUMS_PER_JUDGE + from + 1];
        let interval = |statistic: &dyn Fn(&[f64]) -> f64| {
            let replicates: Replicates = resample.replicate(&sums, columns, |row| Ok(statistic(row)));
            replicates.percentile(0.95).expect("every replicate has positives and negatives")
        };
        for from in [0, 2, 4, 6] {
            interval(&|row| share(row, from));
        }
        let gap = interval(&|row| share(row, 0) - share(row, 4));
        first.get_or_insert(gap);
    }
    first.expect("there are judges")
}

/// Runs the row-resampling script on the same rows, if there is a Python to run it.
fn against_rows(rows: &Rows, seconds: f64, interval: Interval) {
    let Ok(python) = std::env::var("LACUNA_BENCH_PYTHON") else {
        println!("LACUNA_BENCH_PYTHON is not set: no comparison with resampling rows");
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/resample_rows.py");
    let mut child = Command::new(python)
        .args([script, &REPLICATES.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    let mut input = child.stdin.take().expect("stdin is piped");
    input.write_all(rows.text().as_bytes()).expect("the script reads its rows");
    drop(input);
    let output = child.wait_with_output().expect("the script ends");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [of_rows, lower, upper] = numbers[..] else { panic!("the script answered {text:?}") };
    println!("the same audit by resampling rows with numpy: {of_rows:.2} s, {:.0} times as long", of_rows / seconds);
    let agree = (lower - interval.lower).abs() < 0.02 && (upper - interval.upper).abs() < 0.02;
    assert!(agree, "rows gave {lower} to {upper}, sums {} to {}", interval.lower, interval.upper);
}
