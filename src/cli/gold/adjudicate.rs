//! `lacuna gold adjudicate`: what raters dispute, for one person to decide.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use super::export::rater_name;
use super::show::AxisName;
use crate::cli::error::CliError;
use crate::cli::label::{Served, tell_set_aside};
use crate::cli::live::now;
use crate::cli::staging::replace_file;
use crate::cli::{Format, output};
use crate::gold::{Dispute, DisputeFilter, GoldSet, IndependentAnswers, card_with_adjudicator, disputes};
use crate::label::{Desk, LabelError, Mode, Session, adjudication_tasks, mechanisms_of};
use crate::model::{Axis, Severity};
use crate::report::one_line;

/// Arguments of `lacuna gold adjudicate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Disputed is an example on which two raters gave different severities, or which nobody could judge. The
page shows what they said, under letters, and asks for the disputed axes alone. The card names the
adjudicator from then on: that answer is the label, and counts for no agreement. docs/exchange.md

Examples:
  lacuna gold adjudicate mine --list
  lacuna gold adjudicate mine --list --axis omission --min-difference 2 --format json
  lacuna gold adjudicate mine --rater chair")]
pub(in crate::cli) struct AdjudicateArgs {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// Pseudonym of the adjudicator, who is none of the raters.
    #[arg(long, value_name = "NAME", required_unless_present = "list", value_parser = rater_name)]
    rater: Option<String>,
    /// Only what is disputed on this axis.
    #[arg(long, value_name = "AXIS", value_enum)]
    axis: Option<AxisName>,
    /// From this difference of severities on.
    #[arg(long, value_name = "K", default_value = "1", value_parser = clap::value_parser!(u8).range(1..))]
    min_difference: Severity,
    /// Print what is disputed, and stop.
    #[arg(long, conflicts_with_all = ["rater", "seed", "port"])]
    list: bool,
    /// Seed of the order, and of the letters.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Port to listen on; 0 = any free one.
    #[arg(long, value_name = "N", default_value = "0")]
    port: u16,
    /// How to print the list, or the address.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Serialize)]
struct Listed<'a> {
    adjudicator: Option<&'a str>,
    examples: usize,
    disputed: Vec<ListedDispute<'a>>,
}

#[derive(Serialize)]
struct ListedDispute<'a> {
    example: &'a str,
    axes: &'a [Axis],
    difference: Option<Severity>,
    adjudicated: bool,
    answers: Vec<ListedAnswer<'a>>,
}

#[derive(Serialize)]
struct ListedAnswer<'a> {
    axis: Axis,
    rater: &'a str,
    /// Null where the rater could not judge.
    severity: Option<Severity>,
}

pub(super) fn run(args: &AdjudicateArgs) -> Result<(), CliError> {
    let filter = DisputeFilter { axis: args.axis.map(AxisName::axis), min_difference: args.min_difference };
    match &args.rater {
        Some(rater) => adjudicate(args, rater, filter),
        None => list(args, filter),
    }
}

fn list(args: &AdjudicateArgs, filter: DisputeFilter) -> Result<(), CliError> {
    let gold = GoldSet::load(&args.gold)?;
    let answers = IndependentAnswers::of(&gold);
    let found = disputes(&gold, &answers, filter);
    let listed = Listed {
        adjudicator: gold.adjudicator(),
        examples: gold.examples.len(),
        disputed: found.iter().map(|dispute| listed(&gold, &answers, dispute)).collect(),
    };
    match args.format {
        Format::Json => output::json(&listed),
        Format::Text => output::data(&in_words(&listed)),
    }
}

fn adjudicate(args: &AdjudicateArgs, rater: &str, filter: DisputeFilter) -> Result<(), CliError> {
    let (gold, files) = GoldSet::load_in_the_making(&args.gold)?;
    let card = card_with_adjudicator(&gold, &files, rater)?;
    let tasks = adjudication_tasks(&gold, &disputes(&gold, &IndependentAnswers::of(&gold), filter), rater, args.seed);
    if tasks.is_empty() {
        output::say("nothing is disputed: there is nothing to decide");
        return Ok(());
    }
    // First the card: an adjudicator whom it does not name would count as one more independent rater.
    if let Some(text) = card {
        replace_file(&files.card.0, text.as_bytes())?;
        output::say(&format!("{} names {rater} as the adjudicator now", output::path(&files.card.0)));
    }
    let session = Session::new(rater, Mode::Adjudicate, Arc::new(gold.card.clone()), tasks);
    let mut desk = Desk::open(&args.gold, session, mechanisms_of(&gold), now)?;
    tell_set_aside(&desk.settle().map_err(LabelError::from)?);
    let served = Served { folder: &args.gold, desks: vec![desk], port: args.port, format: args.format };
    let server = served.serve()?;
    for (_, progress) in server.progress() {
        let done = progress.labelling;
        output::say(&format!("{rater}: {} of {} disputed examples decided", done.done, done.total));
    }
    let folder = output::path(&args.gold);
    output::say(&format!("next: lacuna gold adjudicate {folder} --list, then lacuna audit --gold {folder}"));
    Ok(())
}

fn listed<'a>(gold: &'a GoldSet, answers: &IndependentAnswers, dispute: &'a Dispute) -> ListedDispute<'a> {
    let example = &gold.examples[dispute.example].id;
    let on = |axis: &Axis| {
        let said = &answers.axes.get(*axis)[dispute.example];
        let rated = said.ratings.iter().map(|(rater, severity)| (*rater, Some(*severity)));
        let mut all: Vec<(usize, Option<Severity>)> =
            rated.chain(said.cannot_judge.iter().map(|rater| (*rater, None))).collect();
        all.sort_unstable();
        let answer = |(rater, severity): (usize, Option<Severity>)| ListedAnswer {
            axis: *axis,
            rater: &gold.raters[rater].id,
            severity,
        };
        all.into_iter().map(answer).collect::<Vec<_>>()
    };
    ListedDispute {
        example,
        axes: &dispute.axes,
        difference: dispute.difference,
        adjudicated: dispute.axes.iter().all(|axis| is_decided(gold, example, *axis)),
        answers: dispute.axes.iter().flat_map(on).collect(),
    }
}

/// Whether the adjudicator answered on an axis of an example.
fn is_decided(gold: &GoldSet, example: &str, axis: Axis) -> bool {
    let Some(adjudicator) = gold.adjudicator() else { return false };
    gold.annotations
        .iter()
        .any(|annotation| annotation.rater == adjudicator && annotation.example == example && annotation.answers(axis))
}

fn in_words(listed: &Listed<'_>) -> String {
    let decided = listed.disputed.iter().filter(|dispute| dispute.adjudicated).count();
    let by = listed.adjudicator.map(|id| format!(", {decided} of them adjudicated by {}", one_line(id)));
    let mut text = format!(
        "{} of {} examples are disputed, or nobody could judge them{}\n",
        listed.disputed.len(),
        listed.examples,
        by.unwrap_or_default()
    );
    for dispute in &listed.disputed {
        let on = |axis: &Axis| {
            let answers = dispute.answers.iter().filter(|answer| answer.axis == *axis);
            let said = |answer: &ListedAnswer<'_>| match answer.severity {
                Some(severity) => format!("{} {severity}", one_line(answer.rater)),
                None => format!("{} could not judge", one_line(answer.rater)),
            };
            format!("{axis}: {}", answers.map(said).collect::<Vec<_>>().join(", "))
        };
        let axes: Vec<String> = dispute.axes.iter().map(on).collect();
        let decided = if dispute.adjudicated { " (adjudicated)" } else { "" };
        text.push_str(&format!("  {}{decided}: {}\n", one_line(dispute.example), axes.join("; ")));
    }
    text
}
