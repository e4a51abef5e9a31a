//! Runs the built program and builds small sets to run it on. No assertions on behaviour belong here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The program in a folder of its own, with an empty environment but for what is given.
pub(crate) struct Lacuna {
    pub(crate) folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Lacuna {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// Sets how many threads every pool may use.
    pub(crate) fn with_threads(mut self, threads: usize) -> Self {
        for name in ["RAYON_NUM_THREADS", "POLARS_MAX_THREADS", "TOKIO_WORKER_THREADS"] {
            self.environment.push((name.to_owned(), threads.to_string()));
        }
        self
    }

    /// Sets a variable.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command, ready to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacuna"));
        command.current_dir(self.folder.path()).args(arguments).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that has to succeed and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that has to end with this exit code and returns what it said.
    pub(crate) fn fail(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).unwrap()).unwrap()
    }
}

/// The bare `lacuna audit`, in a folder that was empty.
pub(crate) struct Bundled {
    pub(crate) folder: PathBuf,
    pub(crate) printed: String,
    pub(crate) said: String,
}

impl Bundled {
    pub(crate) fn report(&self) -> PathBuf {
        self.folder.join("reports/lacuna-core")
    }

    pub(crate) fn evaluation(&self) -> Value {
        serde_json::from_slice(&fs::read(self.report().join("evaluation.json")).unwrap()).unwrap()
    }
}

/// The bare `lacuna audit`, run once for all tests that look at it.
pub(crate) fn bundled() -> &'static Bundled {
    static BUNDLED: OnceLock<Bundled> = OnceLock::new();
    BUNDLED.get_or_init(|| {
        // Under target/: nobody is left to remove it once the last test has looked.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bundled-audit");
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_lacuna"));
        let output = command.current_dir(&folder).arg("audit").env_clear().output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        Bundled { folder, printed: String::from_utf8(output.stdout).unwrap(), said }
    })
}

/// A gold set under construction.
pub(crate) struct Set {
    pub(crate) card: String,
    pub(crate) examples: Vec<Value>,
    pub(crate) annotations: Vec<Value>,
}

/// A card with a scale of 0-4 and 0-3 and thresholds of 1.
pub(crate) const CARD: &str = r#"format = "lacuna-gold/1"
name = "toy"
version = "1"
title = "Toy"
licence = "MIT"
source = "tests"
language = "en"
domain = "tests"
label_source = "human"
aggregate = "majority"
tie = "higher"

[axes.omission]
harm = "something needed was left out"
levels = ["none", "mild", "moderate", "serious", "severe"]

[axes.commission]
harm = "something wrong was said"
levels = ["none", "mild", "serious", "dangerous"]
"#;

/// The same card as a part of a mapping file, which begins with it.
pub(crate) fn mapping(rest: &str) -> String {
    let card = CARD.replacen("format = \"lacuna-gold/1\"", "format = \"lacuna-mapping/1\"\n\n[card]", 1);
    format!("{}\n{rest}", card.replace("[axes.", "[card.axes."))
}

impl Set {
    pub(crate) fn new() -> Self {
        Self { card: CARD.to_owned(), examples: Vec::new(), annotations: Vec::new() }
    }

    /// An example with one human rater's severities.
    pub(crate) fn example(&mut self, id: &str, cluster: &str, omission: Value, commission: Value) {
        self.examples.push(json!({"id": id, "cluster": cluster, "prompt": "p", "response": "r"}));
        self.rating(id, "ann", omission, commission);
    }

    pub(crate) fn rating(&mut self, example: &str, rater: &str, omission: Value, commission: Value) {
        self.annotations.push(json!({
            "example": example, "rater": rater, "rater_kind": "human", "omission": omission, "commission": commission,
        }));
    }

    pub(crate) fn write(&self, folder: &Path) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("card.toml"), &self.card).unwrap();
        fs::write(folder.join("examples.jsonl"), lines(&self.examples)).unwrap();
        fs::write(folder.join("annotations.jsonl"), lines(&self.annotations)).unwrap();
    }
}

/// Writes a recorded judge with its verdicts into a set's folder.
pub(crate) fn write_judge(folder: &Path, name: &str, more: &str, verdicts: &[Value]) {
    fs::create_dir_all(folder.join("judges")).unwrap();
    fs::create_dir_all(folder.join("verdicts")).unwrap();
    let file = format!(
        "format = \"lacuna-judge/1\"\nname = \"{name}\"\nkind = \"recorded\"\nverdicts = \"verdicts/{name}.jsonl\"\n{more}"
    );
    fs::write(folder.join(format!("judges/{name}.toml")), file).unwrap();
    fs::write(folder.join(format!("verdicts/{name}.jsonl")), lines(verdicts)).unwrap();
}

/// A scored verdict.
pub(crate) fn verdict(judge: &str, example: &str, omission: Value, commission: Value) -> Value {
    json!({"judge": judge, "example": example, "outcome": "scored", "omission": omission, "commission": commission})
}

pub(crate) fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// The named judge of an evaluation.
pub(crate) fn judge<'a>(evaluation: &'a Value, name: &str) -> &'a Value {
    evaluation["judges"].as_array().unwrap().iter().find(|judge| judge["judge"] == name).unwrap()
}

/// Numerator and denominator of an estimate.
pub(crate) fn fraction(estimate: &Value) -> (f64, f64) {
    (estimate["count"].as_f64().unwrap(), estimate["n"].as_f64().unwrap())
}

/// Codes of the findings on a judge (or on the set).
pub(crate) fn codes(evaluation: &Value, judge: Option<&str>) -> Vec<String> {
    let about = judge.map_or(Value::Null, |judge| json!(judge));
    let findings = evaluation["findings"].as_array().unwrap().iter().filter(|finding| finding["judge"] == about);
    findings.map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn close(found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}
