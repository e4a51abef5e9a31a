//! Verdicts recorded elsewhere: read strictly, checked against the set they judge.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::spec::JudgeSpec;
use crate::gold::{GoldSet, Located, read_file, read_jsonl};
use crate::model::{Axis, InputFile, Outcome, Problem, Problems, VERDICT_FORMAT, Verdict, shown};
use crate::table::read_verdicts;

/// First line of a verdict file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
}

/// Reads and checks the verdicts of a recorded judge. Rows for examples that the set does not have are kept: alignment
/// counts them apart.
pub fn read_recorded(judge: &JudgeSpec, file: &Path, gold: &GoldSet) -> Result<(Vec<Verdict>, InputFile), Problems> {
    let bytes = read_file(file)?;
    let input = InputFile { path: file.display().to_string(), sha256: hex::encode(Sha256::digest(&bytes)) };
    recorded_of(judge, file, &bytes, gold).map(|verdicts| (verdicts, input))
}

/// Reads and checks the bytes of a file of verdicts.
pub fn recorded_of(judge: &JudgeSpec, file: &Path, bytes: &[u8], gold: &GoldSet) -> Result<Vec<Verdict>, Problems> {
    let mut problems = Problems::default();
    let verdicts = if file.extension().is_some_and(|extension| extension == "parquet") {
        let rows = read_verdicts(bytes).map_err(|message| Problem::file(file, message))?;
        rows.into_iter().enumerate().map(|(row, value)| Located { line: row + 1, value }).collect()
    } else {
        let mut first = true;
        read_jsonl(file, bytes, &mut problems, |line, text, problems| {
            let header = std::mem::take(&mut first).then(|| serde_json::from_str::<Header>(text).ok()).flatten();
            if let Some(found) = header.as_ref().filter(|header| header.format != VERDICT_FORMAT) {
                let message = format!("found {}; allowed: \"{VERDICT_FORMAT}\"", shown(&found.format));
                problems.push(Problem::key(file, line, "format", message));
            }
            header.is_some()
        })
    };
    check_verdicts(judge, file, &verdicts, gold, &mut problems);
    check_scale_declared(judge, file, &verdicts, &mut problems);
    problems.or(verdicts.into_iter().map(|located| located.value).collect())
}

/// Scores in a file whose judge has no scale would be lost: each of its rows would count as one without a verdict.
fn check_scale_declared(judge: &JudgeSpec, file: &Path, verdicts: &[Located<Verdict>], problems: &mut Problems) {
    let severity = |verdict: &Verdict| judge.axes.iter().any(|axis| verdict.severity(*axis).is_some());
    if judge.score.is_some() || verdicts.iter().any(|located| severity(&located.value)) {
        return;
    }
    if let Some(scored) = verdicts.iter().find(|located| located.value.score.is_some()) {
        let message = "found a score, and no severity in the whole file; allowed: severities, or a [score] table in the \
                       judge's file that says what the score means";
        problems.push(Problem::key(file, scored.line, "score", message));
    }
}

fn check_score(judge: &JudgeSpec, verdict: &Verdict, fault: &mut impl FnMut(&str, String)) {
    let Some(score) = verdict.score else { return };
    if !score.is_finite() {
        fault("score", "found a non-finite number; allowed: a number or null".to_owned());
        return;
    }
    let Some(spec) = &judge.score else { return };
    if verdict.outcome != Outcome::Scored {
        fault("score", format!("found {score} beside outcome \"{}\"; allowed: null", verdict.outcome.name()));
    }
    if let Some((low, high)) = spec.scale
        && !(low..=high).contains(&score)
    {
        fault("score", format!("found {score}; allowed: {low} to {high}, or null for no verdict"));
    }
}

/// Checks rows against the judge, the scale and the examples; `line` is the row's number where the file has no lines.
pub fn check_verdicts(
    judge: &JudgeSpec,
    file: &Path,
    verdicts: &[Located<Verdict>],
    gold: &GoldSet,
    problems: &mut Problems,
) {
    let mut seen: HashMap<(&str, u32), usize> = HashMap::with_capacity(verdicts.len());
    for Located { line, value: verdict } in verdicts {
        let mut fault = |key: &str, message: String| problems.push(Problem::key(file, *line, key, message));
        if verdict.judge != judge.name {
            fault("judge", format!("found {}; allowed: {}", shown(&verdict.judge), shown(&judge.name)));
        }
        if let Some(first) = seen.insert((&verdict.example, verdict.repeat), *line) {
            let which = format!("repeat {} of this example is on line {first} already", verdict.repeat);
            fault("example", format!("{which}; allowed: one row per example and repeat"));
        }
        for axis in Axis::ALL {
            let top = gold.card.axis(axis).top();
            if let Some(severity) = verdict.severity(axis) {
                if judge.score.is_some() {
                    fault(axis.name(), format!("found {severity}; allowed: null, as this judge gives one [score]"));
                } else if !(0..=i64::from(top)).contains(&severity) {
                    fault(axis.name(), format!("found {severity}; allowed: 0 to {top}, or null for no verdict"));
                } else if verdict.outcome != Outcome::Scored {
                    let outcome = verdict.outcome.name();
                    fault(axis.name(), format!("found {severity} beside outcome \"{outcome}\"; allowed: null"));
                }
            }
            if let Some(probability) = verdict.probability(axis)
                && !(0.0..=1.0).contains(&probability)
            {
                fault(&format!("p_{axis}"), format!("found {probability}; allowed: 0 to 1, or null"));
            }
        }
        for (key, amount) in [("cost_usd", verdict.cost_usd), ("latency_ms", verdict.latency_ms)] {
            if amount.is_some_and(|amount| !amount.is_finite() || amount < 0.0) {
                fault(key, "found a negative or non-finite number; allowed: 0 or more, or null".to_owned());
            }
        }
        check_score(judge, verdict, &mut fault);
        let Some(position) = gold.position(&verdict.example) else { continue };
        let required = &gold.examples[position].required;
        if let Some(id) = verdict.items.keys().find(|id| required.iter().all(|item| item.id != **id)) {
            fault("items", format!("found item {}; allowed: ids of the example's required items", shown(id)));
        }
    }
}
