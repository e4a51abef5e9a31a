//! What judges answered, written as recorded judges that are ready to be measured.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::error::CliError;
use super::run_args::RunArgs;
use super::staging::{Existing, Staged};
use super::{Format, output};
use crate::judge::recorded_file;
use crate::model::{Outcome, VERDICT_FORMAT, Verdict};
use crate::run::Answers;

/// What a judge answered, counted.
#[derive(Serialize)]
struct Counted<'a> {
    judge: &'a str,
    verdicts: usize,
    /// Verdicts by outcome.
    outcomes: BTreeMap<&'static str, usize>,
    /// What they cost by the judge's price table, in US dollars.
    cost_usd: Option<f64>,
}

/// Writes a recorded judge and its verdicts for each judge, and says what they were. Verdicts pass through one by one.
pub(super) fn write_answers(args: &RunArgs, answers: &Answers, out: &Path) -> Result<(), CliError> {
    let staged = Staged::new(out, Existing::Nothing)?;
    let mut counted = Vec::new();
    for (position, judge) in answers.judges().iter().enumerate() {
        let place = Path::new("verdicts").join(format!("{}.jsonl", judge.name));
        let mut file = staged.file(&place)?;
        file.write(format!("{{\"format\": \"{VERDICT_FORMAT}\"}}\n").as_bytes())?;
        let mut counts = Counted { judge: &judge.name, verdicts: 0, outcomes: BTreeMap::new(), cost_usd: None };
        let mut line = Vec::new();
        answers.each(position, |verdict| {
            counts.add(&verdict);
            line.clear();
            serde_json::to_writer(&mut line, &verdict).map_err(CliError::unexpected)?;
            line.push(b'\n');
            file.write(&line)
        })?;
        file.finish()?;
        counted.push(counts);
        let mut file = staged.file(&Path::new("judges").join(format!("{}.toml", judge.name)))?;
        file.write(recorded_file(judge, place).map_err(CliError::unexpected)?.as_bytes())?;
        file.finish()?;
    }
    staged.place()?;
    match args.format {
        Format::Json => output::json(&counted)?,
        Format::Text => output::data(&counted.iter().map(line).collect::<String>())?,
    }
    let (gold, out) = (output::path(&args.gold), output::path(out));
    output::say(&format!("next: lacuna audit --gold {gold} --judge {out}/judges"));
    Ok(())
}

impl Counted<'_> {
    fn add(&mut self, verdict: &Verdict) {
        self.verdicts += 1;
        *self.outcomes.entry(verdict.outcome.name()).or_default() += 1;
        if let Some(cost) = verdict.cost_usd {
            *self.cost_usd.get_or_insert(0.0) += cost;
        }
    }
}

fn line(counted: &Counted<'_>) -> String {
    let scored = counted.outcomes.get(Outcome::Scored.name()).copied().unwrap_or(0);
    let others: Vec<String> = counted
        .outcomes
        .iter()
        .filter(|(outcome, _)| **outcome != Outcome::Scored.name())
        .map(|(outcome, count)| format!(", {count} {outcome}"))
        .collect();
    let cost = counted.cost_usd.map(|cost| format!(", {cost:.4} USD")).unwrap_or_default();
    format!("{}: {} verdicts: {scored} scored{}{cost}\n", counted.judge, counted.verdicts, others.concat())
}
