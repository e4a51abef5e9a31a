//! The audit card: one page on what a judge was measured with, what it sees, and what limits that.

use serde::Serialize;

use super::format::{clean, difference, fraction, label_source, share};
use super::own::OwnFirst;
use super::sentence::{axis_sentence, gap_sentence, independent};
use super::worth::read_by_experts;
use crate::measure::{Evaluation, FindingLevel, JudgeEvaluation};
use crate::model::{Axis, ExpertReview, LabelSource, PerAxis};
use crate::stats::Estimate;

/// `audit_card.json` (`lacuna-audit-card/1`).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditCard {
    format: &'static str,
    /// The day of the audit in UTC; null where it is not known.
    audited_on: Option<String>,
    gold: CardGold,
    seed: u64,
    level: f64,
    judges: Vec<CardJudge>,
    /// Warnings on the set as a whole.
    limits: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CardGold {
    name: String,
    version: String,
    title: String,
    licence: String,
    label_source: LabelSource,
    examples: usize,
    clusters: usize,
    expert_review: Option<ExpertReview>,
    sha256: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct CardJudge {
    judge: String,
    kind: String,
    model: Option<String>,
    /// What the provider said had answered.
    models_said: Vec<String>,
    /// Digests of the prompts that were sent; one for each example where the prompt holds it.
    prompts: usize,
    first_prompt_sha256: Option<String>,
    asked: usize,
    recall: PerAxis<Option<Estimate>>,
    false_alarm_rate: PerAxis<Option<Estimate>>,
    recall_gap: Estimate,
    /// Lowest and highest recall of a person held against the others.
    human_ceiling: PerAxis<Option<[f64; 2]>>,
    in_words: Vec<String>,
    limits: Vec<String>,
}

/// What of the verdicts a card names: per judge, how many digests of prompts and the first of them.
pub type PromptDigests = std::collections::BTreeMap<String, (usize, Option<String>)>;

impl AuditCard {
    /// The card of an evaluation. The evaluation has no clock: whoever knows the day of the audit says it.
    pub fn new(evaluation: &Evaluation, prompts: &PromptDigests, audited_on: Option<String>) -> Self {
        let gold = &evaluation.gold;
        Self {
            format: "lacuna-audit-card/1",
            audited_on,
            gold: CardGold {
                name: gold.name.clone(),
                version: gold.version.clone(),
                title: gold.title.clone(),
                licence: gold.licence.clone(),
                label_source: gold.label_source,
                examples: gold.examples,
                clusters: gold.clusters,
                expert_review: gold.expert_review.clone(),
                sha256: gold.sha256.clone(),
            },
            seed: evaluation.settings.seed,
            level: evaluation.settings.level,
            judges: OwnFirst::of(evaluation).all().map(|judge| of_judge(evaluation, judge, prompts)).collect(),
            limits: warnings(evaluation, None),
        }
    }

    /// The card as Markdown.
    pub fn markdown(&self) -> String {
        let gold = &self.gold;
        let mut text = format!(
            "# Audit card: {}\n\n**Measured against {}.**{} {} Set {} {}, licence {}; {} examples in {} clusters. SHA-256 `{}`. \
             Seed {}; {:.0} % intervals.\n",
            escaped(&gold.title),
            label_source(gold.label_source),
            gold.expert_review
                .as_ref()
                .map(|review| format!(" {}", escaped(&read_by_experts(review))))
                .unwrap_or_default(),
            self.audited_on.as_ref().map_or("Date unknown.".to_owned(), |day| format!("Audited on {day} (UTC).")),
            escaped(&gold.name),
            escaped(&gold.version),
            escaped(&gold.licence),
            gold.examples,
            gold.clusters,
            gold.sha256,
            self.seed,
            100.0 * self.level
        );
        for limit in &self.limits {
            text.push_str(&format!("\n- Warning: {}\n", escaped(limit)));
        }
        for judge in &self.judges {
            text.push_str(&judge.markdown());
        }
        text
    }
}

impl CardJudge {
    fn markdown(&self) -> String {
        let mut text = format!("\n## {}\n\n| | |\n| --- | --- |\n", escaped(&self.judge));
        let mut row = |name: &str, value: String| text.push_str(&format!("| {name} | {value} |\n"));
        row("kind", escaped(&self.kind));
        row("model", self.model.as_deref().map_or_else(|| "not named".to_owned(), escaped));
        if !self.models_said.is_empty() {
            row("answered by", escaped(&self.models_said.join(", ")));
        }
        if let Some(first) = &self.first_prompt_sha256 {
            row("prompts", format!("{}, first SHA-256 `{}`", self.prompts, escaped(first)));
        }
        row("asked", self.asked.to_string());
        for axis in Axis::ALL {
            if let Some(recall) = self.recall.get(axis) {
                row(&format!("{axis} recall"), format!("{} ({})", share(recall), fraction(recall)));
            }
            if let Some(rate) = self.false_alarm_rate.get(axis) {
                row(&format!("{axis} false alarms"), format!("{} ({})", share(rate), fraction(rate)));
            }
            if let Some([lowest, highest]) = self.human_ceiling.get(axis) {
                row(&format!("{axis}, people"), format!("recall {:.0} % to {:.0} %", 100.0 * lowest, 100.0 * highest));
            }
        }
        row("recall gap", difference(&self.recall_gap));
        text.push('\n');
        for sentence in &self.in_words {
            text.push_str(&format!("{}\n", escaped(sentence)));
        }
        for limit in &self.limits {
            text.push_str(&format!("\n- Warning: {}\n", escaped(limit)));
        }
        text
    }
}

fn of_judge(evaluation: &Evaluation, judge: &JudgeEvaluation, prompts: &PromptDigests) -> CardJudge {
    let on = |axis: Axis| judge.axes.get(axis).as_deref();
    let (prompts, first) = prompts.get(&judge.judge).cloned().unwrap_or_default();
    CardJudge {
        judge: judge.judge.clone(),
        kind: judge.kind.clone(),
        model: judge.model.clone(),
        models_said: judge.models_said.keys().cloned().collect(),
        prompts,
        first_prompt_sha256: first,
        asked: judge.asked,
        recall: PerAxis::from_fn(|axis| on(axis).map(|numbers| numbers.recall.clone())),
        false_alarm_rate: PerAxis::from_fn(|axis| on(axis).map(|numbers| numbers.false_alarm_rate.clone())),
        recall_gap: judge.recall_gap.estimate.clone(),
        human_ceiling: PerAxis::from_fn(|axis| {
            let recalls: Vec<f64> = independent(evaluation, axis).filter_map(|entry| entry.axis.recall.value).collect();
            let lowest = recalls.iter().copied().reduce(f64::min)?;
            Some([lowest, recalls.iter().copied().reduce(f64::max)?])
        }),
        in_words: Axis::ALL
            .iter()
            .map(|axis| axis_sentence(evaluation, judge, *axis))
            .chain([gap_sentence(judge)])
            .collect(),
        limits: warnings(evaluation, Some(&judge.judge)),
    }
}

fn warnings(evaluation: &Evaluation, judge: Option<&str>) -> Vec<String> {
    evaluation
        .findings
        .iter()
        .filter(|finding| finding.level == FindingLevel::Warning && finding.judge.as_deref() == judge)
        .map(|finding| format!("{} ({})", finding.message, finding.code))
        .collect()
}

/// A text on one line of Markdown, in which nothing of it is markup.
pub(super) fn escaped(text: &str) -> String {
    let special = |character: char| "\\`*_{}[]<>()#|!~&$".contains(character);
    let mut safe = String::with_capacity(text.len());
    for character in clean(text).chars() {
        if special(character) {
            safe.push('\\');
        }
        safe.push(character);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(escaped("a|b <i>\n[x](y) `c`"), "a\\|b \\<i\\>\u{fffd}\\[x\\]\\(y\\) \\`c\\`");
        assert_eq!(escaped("57 % [50-63], p = 0.01"), "57 % \\[50-63\\], p = 0.01");
    }
}
