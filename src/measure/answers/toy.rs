//! Answers, and a small gold set with one judge, put together in memory for unit tests.

use std::path::Path;

use super::table::{Answered, Context, Subject};
use crate::gold::{GoldSet, SetFiles};
use crate::judge::JudgeSpec;
use crate::measure::options::{DEFAULT_MARGIN, MeasureOptions};
use crate::measure::trials::{FittedScale, Layout};
use crate::model::{Outcome, PerAxis, Severity, Verdict};
use crate::run::JudgeRun;
use serde_json::{Value, json};

const CARD: &str = r#"format = "lacuna-gold/1"
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
levels = ["none", "mild", "moderate", "serious"]

[axes.commission]
harm = "something wrong was said"
levels = ["none", "mild", "serious"]
"#;

/// Examples with one rater's severities, and what a judge said of them.
pub(crate) struct Toy {
    pub(crate) card: String,
    /// What the judge's file says beside its name and kind.
    pub(crate) judge: String,
    pub(crate) rater: (&'static str, &'static str),
    examples: Vec<Value>,
    annotations: Vec<Value>,
    verdicts: Vec<Verdict>,
}

impl Toy {
    pub(crate) fn new() -> Self {
        let (examples, annotations, verdicts) = (Vec::new(), Vec::new(), Vec::new());
        let (card, rater) = (CARD.to_owned(), ("ann", "human"));
        Self { card, judge: String::new(), rater, examples, annotations, verdicts }
    }

    /// An example with its severities of omission and commission; to be changed.
    pub(crate) fn example(&mut self, id: &str, cluster: &str, system: &str, severities: [u8; 2]) -> &mut Value {
        let (rater, kind) = self.rater;
        self.annotations.push(json!({
            "example": id, "rater": rater, "rater_kind": kind, "omission": severities[0], "commission": severities[1],
        }));
        self.examples.push(json!({"id": id, "cluster": cluster, "prompt": "p", "response": "r", "system": system}));
        self.examples.last_mut().unwrap()
    }

    /// An example whose harm came about in this way.
    pub(crate) fn mechanism(&mut self, id: &str, cluster: &str, severities: [u8; 2], mechanism: &str) {
        self.example(id, cluster, "s", severities);
        self.annotations.last_mut().unwrap()["mechanism"] = json!(mechanism);
    }

    /// The slices of the last example.
    pub(crate) fn last_slices(&mut self, slices: Value) {
        self.examples.last_mut().unwrap()["slices"] = slices;
    }

    /// The marks of the last example's required items.
    pub(crate) fn last_items(&mut self, marks: Value) {
        let item = |id: &String| json!({"id": id, "text": id});
        let items: Vec<Value> = marks.as_object().unwrap().keys().map(item).collect();
        self.examples.last_mut().unwrap()["required"] = json!(items);
        self.annotations.last_mut().unwrap()["items"] = marks;
    }

    /// A verdict: a severity on both axes, or none.
    pub(crate) fn verdict(&mut self, id: &str, severity: Option<i64>) -> &mut Verdict {
        let outcome = if severity.is_some() { Outcome::Scored } else { Outcome::Refused };
        let mut verdict = Verdict::new("judge", id, outcome);
        (verdict.omission, verdict.commission) = (severity, severity);
        verdict.repeat = self.verdicts.iter().filter(|other| other.example == id).count() as u32;
        self.verdicts.push(verdict);
        self.verdicts.last_mut().unwrap()
    }

    /// Runs a measure on the set and the judge.
    pub(crate) fn measure<T>(&self, measure: impl FnOnce(&Subject<'_>, &Context<'_>) -> T) -> T {
        let lines = |values: &[Value]| values.iter().map(|value| format!("{value}\n")).collect::<String>().into_bytes();
        let file = |name: &str, bytes: Vec<u8>| (Path::new(name).to_path_buf(), bytes);
        let files = SetFiles {
            card: file("card.toml", self.card.clone().into_bytes()),
            examples: file("examples.jsonl", lines(&self.examples)),
            annotations: file("annotations.jsonl", lines(&self.annotations)),
            by_rater: Vec::new(),
        };
        let gold = GoldSet::from_files(&files).unwrap();
        let text = format!(
            "format = \"lacuna-judge/1\"\nname = \"judge\"\nkind = \"recorded\"\nverdicts = \"v.jsonl\"\n{}",
            self.judge
        );
        let spec = JudgeSpec::from_text(Path::new("judge.toml"), &text).unwrap();
        let run = JudgeRun { spec, verdicts: self.verdicts.clone(), inputs: Vec::new() };
        let layout = Layout::new(&gold);
        let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
        let options = MeasureOptions {
            seed: 7,
            level: 0.95,
            thresholds: PerAxis::default(),
            margin: DEFAULT_MARGIN,
            resamples: 999,
            primary: Default::default(),
        };
        let context = Context { gold: &gold, layout: &layout, thresholds, options: &options };
        let scale = FittedScale::of(&run, &gold, &layout, &thresholds);
        measure(&Subject::new(&run, scale.as_ref(), &context), &context)
    }
}

/// An answer that states nothing: how often it was asked for, scored and flagged, on an example that is positive from 1.
pub(crate) fn repeats(cluster: u32, gold: Severity, [trials, scored, flagged]: [u32; 3]) -> Answered {
    let (severity, probability, score) = (None, None, None);
    Answered { example: 0, cluster, gold, positive: gold > 0, trials, scored, flagged, severity, probability, score }
}

/// An answer with a stated probability.
pub(crate) fn stated(example: u32, cluster: u32, positive: bool, p: Option<f64>) -> Answered {
    let flagged = u32::from(p.is_some_and(|p| p >= 0.5));
    Answered {
        example,
        severity: Some(f64::from(flagged)),
        probability: p,
        ..repeats(cluster, Severity::from(positive), [1, 1, flagged])
    }
}
