//! `report.md`, which renders on GitHub, and `methods.md`.

use super::card::escaped;
use super::compared::compared;
use super::doses::doses;
use super::format::{difference, fraction, label_source, share};
use super::gates::{gate_rows, gates_met};
use super::methods::methods;
use super::own::OwnFirst;
use super::pair_agreement::pair_agreement;
use super::parts::PageParts;
use super::sentence::{axis_sentence, gap_sentence};
use super::worth::worth;
use crate::gate::Gates;
use crate::measure::{Evaluation, FindingLevel, JudgeEvaluation};
use crate::model::Axis;

/// Pairs of judges that the document spells out.
const PAIRS: usize = 10;

/// The report as Markdown, with the figures of its parts by their files.
pub fn report_markdown(evaluation: &Evaluation, parts: &PageParts<'_>) -> String {
    let gold = &evaluation.gold;
    let mut text = format!(
        "# Judge audit: {}\n\n**Measured against {}.** {} examples in {} clusters; set {} {}, licence {}. Brackets are {:.0} % \
         intervals over clusters.\n",
        escaped(&gold.title),
        label_source(gold.label_source),
        gold.examples,
        gold.clusters,
        escaped(&gold.name),
        escaped(&gold.version),
        escaped(&gold.licence),
        100.0 * evaluation.settings.level
    );
    text.push_str(&format!("\n{}\n", escaped(&worth(evaluation))));
    text.push_str(&findings(evaluation, None));
    text.push_str("\n## What each judge sees\n\n");
    text.push_str(
        "| judge | axis | recall | hits | false alarms | of | Youden J |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let judges = OwnFirst::of(evaluation);
    for judge in judges.all() {
        let baseline = if judges.for_comparison(&judge.judge) { " (baseline)" } else { "" };
        for (axis, numbers) in Axis::ALL.iter().filter_map(|axis| Some((axis, judge.axes.get(*axis).as_deref()?))) {
            let cells = [
                share(&numbers.recall),
                fraction(&numbers.recall),
                share(&numbers.false_alarm_rate),
                fraction(&numbers.false_alarm_rate),
                difference(&numbers.youden_j),
            ];
            let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
            text.push_str(&format!("| {}{baseline} | {axis} | {} |\n", escaped(&judge.judge), cells.join(" | ")));
        }
    }
    judges.own.iter().for_each(|judge| text.push_str(&answer(evaluation, judge)));
    if !judges.baselines.is_empty() {
        text.push_str("\n## For comparison: baselines\n");
        judges.baselines.iter().for_each(|judge| text.push_str(&answer(evaluation, judge)));
    }
    text.push_str(&parts.gates.map(gates).unwrap_or_default());
    let pairs = compared(evaluation, PAIRS);
    if !pairs.is_empty() {
        text.push_str("\n## Judge against judge\n\nOn the examples that both were asked. What is said to be fewer or more holds up among all the tests of this audit.\n\n");
        pairs.iter().for_each(|sentence| text.push_str(&format!("- {}\n", escaped(sentence))));
    }
    let doses = doses(evaluation);
    if !doses.is_empty() {
        text.push_str("\n## Dose and response\n\nHow flags rise with the number of items removed, or made wrong. These comparisons are not adjusted for one another.\n\n");
        for found in &doses {
            text.push_str(&format!("- **{}** {}\n", escaped(&found.judge), escaped(&found.sentences.join(" "))));
        }
    }
    text.push_str(&pair_agreement(evaluation, PAIRS));
    text.push_str("\n## Figures\n");
    for figure in parts.figures {
        text.push_str(&format!(
            "\n![{}](figures/{}.svg)\n\n{}\n",
            escaped(&figure.title),
            figure.name,
            escaped(&figure.caption)
        ));
    }
    text.push_str(&format!("\n## Methods\n\n{}", paragraphs(evaluation, parts)));
    text
}

/// Gates and what came of them.
fn gates(gates: &Gates) -> String {
    let mut text = format!(
        "\n## Gates\n\n{} A gate is met where the whole interval keeps to its limit.\n\n| gate | judge | interval | n | outcome \
         |\n| --- | --- | --- | --- | --- |\n",
        gates_met(gates)
    );
    for row in gate_rows(gates) {
        let cells = [row.gate, row.judge, row.found, row.size, row.outcome].map(|cell| escaped(&cell));
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    text
}

/// One judge in words, with the findings on it.
fn answer(evaluation: &Evaluation, judge: &JudgeEvaluation) -> String {
    let mut text = format!("\n### {}\n\n", escaped(&judge.judge));
    for axis in Axis::ALL {
        text.push_str(&format!("{}\n", escaped(&axis_sentence(evaluation, judge, axis))));
    }
    text.push_str(&format!("{}\n", escaped(&gap_sentence(judge))));
    text.push_str(&findings(evaluation, Some(&judge.judge)));
    text
}

/// The methods text on its own.
pub fn methods_markdown(evaluation: &Evaluation, parts: &PageParts<'_>) -> String {
    format!("# Methods\n\n{}", paragraphs(evaluation, parts))
}

fn paragraphs(evaluation: &Evaluation, parts: &PageParts<'_>) -> String {
    methods(evaluation, parts).iter().map(|paragraph| format!("{}\n\n", escaped(paragraph))).collect()
}

fn findings(evaluation: &Evaluation, judge: Option<&str>) -> String {
    let mut text = String::new();
    for finding in evaluation.findings.iter().filter(|finding| finding.judge.as_deref() == judge) {
        let level = if finding.level == FindingLevel::Warning { "Warning" } else { "Note" };
        text.push_str(&format!("- {level}: {} (`{}`)\n", escaped(&finding.message), finding.code));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}
