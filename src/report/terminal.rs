//! The summary that a terminal shows: at most 100 columns, no colour, nothing that drives the terminal.

use comfy_table::presets;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use textwrap::{Options, WordSplitter, fill};

use super::compared::compared;
use super::format::{clean, difference, fraction, label_source, p_value, share, short_name, signed};
use super::own::{OwnFirst, is_baseline};
use super::sentence::replies_made;
use super::worth::read_by_experts;
use crate::findings::FindingCode;
use crate::measure::{Evaluation, FindingLevel, GoldSummary, JudgeEvaluation, RepliesMade};
use crate::model::Axis;

/// Widest line.
const COLUMNS: u16 = 100;

/// The summary of an evaluation.
pub fn summary(evaluation: &Evaluation) -> String {
    let gold = &evaluation.gold;
    let mut text = wrapped(&set_and_labels(gold), "");
    for axis in Axis::ALL {
        let summary = gold.axes.get(axis);
        if summary.labelled == 0 {
            text.push_str(&format!("{axis}: no example is labelled on this axis.\n"));
            continue;
        }
        text.push_str(&wrapped(
            &format!(
                "{axis}: {} positives of {} labelled; a positive is an example where {}.",
                summary.positives,
                summary.labelled,
                clean(summary.harm.trim().trim_end_matches('.'))
            ),
            "  ",
        ));
    }
    text.push('\n');
    let labelled = |axis: &Axis| gold.axes.get(*axis).labelled > 0;
    for axis in Axis::ALL.into_iter().filter(labelled) {
        text.push_str(&axis_table(evaluation, axis));
        text.push('\n');
    }
    if Axis::ALL.iter().all(labelled) {
        text.push_str(&gap_table(evaluation));
    }
    text.push_str(&side_by_side(evaluation));
    text.push_str(&findings(evaluation));
    text.push_str(&long_made(evaluation));
    text
}

/// Pairs of judges that the summary spells out.
const PAIRS: usize = 3;

/// Judge against judge, where two judges that are no baselines were asked.
fn side_by_side(evaluation: &Evaluation) -> String {
    if evaluation.judges.iter().filter(|judge| !is_baseline(judge)).count() < 2 {
        return String::new();
    }
    let sentences: String = compared(evaluation, PAIRS).iter().map(|sentence| wrapped(sentence, "  ")).collect();
    format!("{sentences}\n")
}

/// The set, its size, what its labels are and how much of it an expert has read: the beginning of every summary.
pub(super) fn set_and_labels(gold: &GoldSummary) -> String {
    let read = gold.expert_review.as_ref().map(|review| format!(" {}", read_by_experts(review)));
    format!(
        "{} {}: {} examples in {} clusters, measured against {}.{}",
        clean(&gold.name),
        clean(&gold.version),
        gold.examples,
        gold.clusters,
        label_source(gold.label_source).to_uppercase(),
        read.unwrap_or_default()
    )
}

/// Replies that were made over a longer time than this may not be of one model, whatever it calls itself.
const MANY_DAYS: i64 = 30;

/// Judges whose replies were made over a long time.
fn long_made(evaluation: &Evaluation) -> String {
    let long = |judge: &&JudgeEvaluation| {
        judge.replies_made.as_ref().and_then(RepliesMade::days).is_some_and(|days| days > MANY_DAYS)
    };
    let line = |judge: &JudgeEvaluation| {
        let made = replies_made(judge)?;
        Some(wrapped(&format!("{}: {made}, more than {MANY_DAYS} days apart.", clean(&judge.judge)), "  "))
    };
    evaluation.judges.iter().filter(long).filter_map(line).collect()
}

pub(super) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Dynamic).set_width(COLUMNS);
    table.set_header(headings);
    table
}

fn axis_table(evaluation: &Evaluation, axis: Axis) -> String {
    let mut table = table(&[axis.name(), "recall", "hits", "false alarms", "of", "chance", "Youden J"]);
    let judges = OwnFirst::of(evaluation);
    let mut row = |name: String, judge: &JudgeEvaluation| {
        let Some(numbers) = judge.axes.get(axis) else { return };
        table.add_row(vec![
            name,
            share(&numbers.recall),
            fraction(&numbers.recall),
            share(&numbers.false_alarm_rate),
            fraction(&numbers.false_alarm_rate),
            numbers.flag_rate.value.map_or_else(|| "-".to_owned(), super::format::percent),
            numbers.youden_j.value.map_or_else(|| "-".to_owned(), signed),
        ]);
    };
    judges.own.iter().for_each(|judge| row(short_name(&judge.judge), judge));
    judges.baselines.iter().for_each(|judge| row(format!("baseline: {}", short_name(&judge.judge)), judge));
    for entry in evaluation.human_ceiling.get(axis).iter().filter(|entry| entry.independent) {
        table.add_row(vec![
            format!("person: {}", short_name(&entry.rater)),
            share(&entry.axis.recall),
            fraction(&entry.axis.recall),
            share(&entry.axis.false_alarm_rate),
            fraction(&entry.axis.false_alarm_rate),
            String::new(),
            entry.axis.youden_j.value.map_or_else(|| "-".to_owned(), signed),
        ]);
    }
    if let Some(column) = table.column_mut(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{}\n", table.trim_fmt())
}

fn gap_table(evaluation: &Evaluation) -> String {
    let mut table = table(&["recall gap", "omission - commission", "thresholds", "p", "scored only", "bounds"]);
    for judge in OwnFirst::of(evaluation).all() {
        let gap = &judge.recall_gap;
        let bounds = match (gap.bounds.lower, gap.bounds.upper) {
            (Some(lower), Some(upper)) => format!("{} to {}", signed(lower), signed(upper)),
            _ => "-".to_owned(),
        };
        table.add_row(vec![
            short_name(&judge.judge),
            difference(&gap.estimate),
            format!("{}, {}", gap.thresholds.omission, gap.thresholds.commission),
            p_value(gap.p_value),
            gap.scored_only.value.map_or_else(|| "-".to_owned(), signed),
            bounds,
        ]);
    }
    format!("{}\n", table.trim_fmt())
}

/// Warnings in words, and what a judge with one score is measured on; other notes are counted. Beside judges of the user's
/// own, so are warnings on baselines: that a coin is no better than chance is no news.
fn findings(evaluation: &Evaluation) -> String {
    let judges = OwnFirst::of(evaluation);
    let mut text = String::new();
    let (mut notes, mut of_baselines) = (0, 0);
    for finding in &evaluation.findings {
        if finding.judge.as_deref().is_some_and(|judge| judges.for_comparison(judge)) {
            of_baselines += 1;
            continue;
        }
        let level = match finding.level {
            FindingLevel::Warning => "warning",
            FindingLevel::Note if finding.code == FindingCode::SingleScale.name() => "note",
            FindingLevel::Note => {
                notes += 1;
                continue;
            }
        };
        let judge = finding.judge.as_deref().map(|judge| format!("{}: ", clean(judge))).unwrap_or_default();
        text.push_str(&wrapped(&format!("{level}[{}]: {judge}{}", finding.code, clean(&finding.message)), "  "));
    }
    let counted = |count: usize, one: &str, several: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {several}")),
    };
    let more =
        [counted(notes, "note", "notes"), counted(of_baselines, "finding on a baseline", "findings on baselines")];
    let more: Vec<String> = more.into_iter().flatten().collect();
    if !more.is_empty() {
        text.push_str(&format!("and {}; see the report\n", more.join(" and ")));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// A text on lines of at most 100 columns; those after the first are indented.
pub fn wrapped(text: &str, indent: &str) -> String {
    hanging("", text, indent)
}

/// A paragraph of at most 100 columns, as a terminal counts them, with the start of its first line and that of the others.
/// A word that is longer than a line is broken.
pub(super) fn hanging(first: &str, text: &str, indent: &str) -> String {
    let options = Options::new(usize::from(COLUMNS))
        .initial_indent(first)
        .subsequent_indent(indent)
        .word_splitter(WordSplitter::NoHyphenation);
    let mut lines = fill(text, options);
    lines.truncate(lines.trim_end().len());
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_before_the_hundredth_column() {
        let text = wrapped(&"word ".repeat(60), "  ");
        assert!(text.lines().all(|line| line.chars().count() <= usize::from(COLUMNS)));
        assert!(text.lines().skip(1).all(|line| line.starts_with("  word")));
        assert_eq!(text.matches("word").count(), 60);
    }

    #[test]
    fn a_word_longer_than_a_line_is_broken_and_wide_characters_take_two_columns() {
        assert!(wrapped(&"x".repeat(250), "  ").lines().all(|line| line.len() <= usize::from(COLUMNS)));
        assert!(wrapped(&"\u{6f22}".repeat(130), "").lines().all(|line| line.chars().count() <= 50));
    }
}
