//! From a stored reply to a verdict. Pure: a better reader reads the same replies again.

use serde_json::Value;

use super::call::{Asked, StoredReply};
use super::disposition::is_filtered;
use super::flag::flag_level;
use super::provider_error::ProviderError;
use super::read::{
    Choice, Marks, PROHIBITED, REQUIRED, Reader, SCORE, Said, Wanted, chance_of_flag, probability_keys, read_marks,
    read_score, read_severity, read_stated, read_text, severity_keys, value_place, wanted_probability, wanted_severity,
};
use super::reply::{Answered, Stop, answered};
use super::spec::{ConfidenceSource, LiveSpec, Price, ReplyShape};
use crate::judge::coverage::severity_of_marks;
use crate::judge::spec::JudgeSpec;
use crate::model::{Axis, ItemMark, Outcome, Verdict, is_deceptive};

/// Characters of a model's name that are kept.
const NAME_CHARACTERS: usize = 200;

/// Keys under which a judge may give its reasons.
const RATIONALE: [&str; 4] = ["rationale", "reasons", "reasoning", "explanation"];

/// What the reader saw beside the verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadingNotes {
    /// Which reader found the verdict; none where none did.
    pub reader: Option<Reader>,
    /// Ids that the reply marks and the example does not have, the first twenty of each list.
    pub unknown_items: Vec<String>,
    /// Ids of the example that the reply leaves without a mark.
    pub unmarked_items: Vec<String>,
}

/// A verdict and how it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadReply {
    /// The verdict.
    pub verdict: Verdict,
    /// How it was read.
    pub notes: ReadingNotes,
}

impl LiveSpec {
    /// The verdict of a reply; `prompt_sha256` is that of the call which the reply answers.
    pub fn verdict(&self, judge: &JudgeSpec, asked: &Asked<'_>, reply: &StoredReply, prompt_sha256: &str) -> Verdict {
        self.read(judge, asked, reply, prompt_sha256).verdict
    }

    /// The verdict of a reply with what the reader saw beside it.
    pub fn read(&self, judge: &JudgeSpec, asked: &Asked<'_>, reply: &StoredReply, prompt_sha256: &str) -> ReadReply {
        let mut verdict = Verdict::new(&judge.name, &asked.example.id, Outcome::NoVerdict);
        verdict.repeat = asked.repeat;
        verdict.prompt_sha256 = Some(prompt_sha256.to_owned());
        verdict.latency_ms = (reply.latency_ms.is_finite() && reply.latency_ms >= 0.0).then_some(reply.latency_ms);
        verdict.attempts = Some(reply.attempts);
        verdict.at = Some(reply.at.clone());
        let success = (200..300).contains(&reply.status);
        let Some(answer) = success.then(|| answered(self.provider, &reply.body)).flatten() else {
            verdict.outcome = outcome_without_answer(reply);
            verdict.raw = Some(reply.body.clone());
            return ReadReply { verdict, notes: ReadingNotes::default() };
        };
        verdict.model = answer.model.as_deref().and_then(plain_name);
        verdict.input_tokens = answer.input_tokens;
        verdict.output_tokens = answer.output_tokens;
        verdict.cost_usd = self.price.and_then(|price| cost_usd(price, &answer));
        let mut notes = ReadingNotes::default();
        match answer.stop {
            Stop::Truncated => verdict.outcome = Outcome::Truncated,
            Stop::Filtered => verdict.outcome = Outcome::Filtered,
            Stop::Refused => verdict.outcome = Outcome::Refused,
            Stop::Finished => self.read_answer(judge, asked, &answer, &mut verdict, &mut notes),
        }
        verdict.raw = Some(answer.text);
        ReadReply { verdict, notes }
    }

    fn read_answer(
        &self,
        judge: &JudgeSpec,
        asked: &Asked<'_>,
        answer: &Answered,
        verdict: &mut Verdict,
        notes: &mut ReadingNotes,
    ) {
        let axes: Vec<Axis> = self.axes.iter().copied().filter(|axis| asked.example.axes.contains(axis)).collect();
        let Some(said) = read_text(&answer.text, &self.wanted(asked, &axes)) else { return };
        notes.reader = Some(said.reader);
        verdict.rationale = said.get(&RATIONALE).and_then(Value::as_str).map(str::to_owned);
        verdict.outcome = match self.prompt.shape {
            ReplyShape::Severities => severities(asked, &axes, &said, verdict),
            ReplyShape::Score => match said.get(SCORE.keys).map(|value| read_score(value, scale_of(judge))) {
                Some(Choice::On(score)) => {
                    verdict.score = Some(score);
                    Outcome::Scored
                }
                Some(Choice::Off) => Outcome::OffMenu,
                Some(Choice::Absent) | None => Outcome::NoVerdict,
            },
            ReplyShape::Checklist => checklist(asked, &axes, &said, verdict, notes),
        };
        if verdict.outcome == Outcome::Scored {
            for axis in axes {
                let probability = self.probability(judge, asked, axis, &said, answer, verdict);
                *probability_of(verdict, axis) = probability;
            }
        }
    }

    /// The values that a reply of this shape may hold.
    fn wanted<'a>(&self, asked: &Asked<'a>, axes: &[Axis]) -> Vec<Wanted<'a>> {
        let mut wanted = match self.prompt.shape {
            ReplyShape::Severities => axes.iter().map(|axis| wanted_severity(*axis, asked.card.axis(*axis))).collect(),
            ReplyShape::Score => vec![SCORE],
            ReplyShape::Checklist => vec![REQUIRED, PROHIBITED],
        };
        wanted.extend(axes.iter().map(|axis| wanted_probability(*axis)));
        wanted
    }

    /// The probability of harm on an axis of which the reply says something.
    fn probability(
        &self,
        judge: &JudgeSpec,
        asked: &Asked<'_>,
        axis: Axis,
        said: &Said,
        answer: &Answered,
        verdict: &Verdict,
    ) -> Option<f64> {
        let severity = verdict.severity(axis);
        match self.confidence {
            // Of samples the share is known only when all are there: `share_of_samples`.
            ConfidenceSource::None | ConfidenceSource::Samples => None,
            ConfidenceSource::Stated if severity.is_none() && verdict.score.is_none() => None,
            ConfidenceSource::Stated => read_stated(said.get(probability_keys(axis))?),
            // A severity that follows from marks, and a score on a scale of its own, stand in no token on the menu.
            ConfidenceSource::LogProbabilities if self.prompt.shape != ReplyShape::Severities => None,
            ConfidenceSource::LogProbabilities => {
                let levels = &asked.card.axis(axis).levels;
                let place = value_place(&answer.tokens, axis.name(), severity?.try_into().ok()?, levels)?;
                chance_of_flag(place, flag_level(judge, asked.card, axis), levels)
            }
        }
    }
}

/// A reply that holds no answer: a content filter's, a failure, or a body that is none.
fn outcome_without_answer(reply: &StoredReply) -> Outcome {
    match ProviderError::read(&reply.body) {
        Some(error) if is_filtered(reply.status, &error) => Outcome::Filtered,
        _ if (200..300).contains(&reply.status) => Outcome::NoVerdict,
        _ => Outcome::RequestFailed,
    }
}

/// A severity an axis. One off the menu puts the whole reply off it: a judge that lost the scale on one axis is not
/// trusted on the other.
fn severities(asked: &Asked<'_>, axes: &[Axis], said: &Said, verdict: &mut Verdict) -> Outcome {
    let mut outcome = Outcome::NoVerdict;
    let mut found = Vec::new();
    for axis in axes {
        let Some(value) = said.get(severity_keys(*axis)) else { continue };
        match read_severity(value, &asked.card.axis(*axis).levels) {
            Choice::On(severity) => {
                found.push((*axis, severity));
                outcome = Outcome::Scored;
            }
            Choice::Off => return Outcome::OffMenu,
            Choice::Absent => {}
        }
    }
    for (axis, severity) in found {
        verdict.set_severity(axis, Some(i64::from(severity)));
    }
    outcome
}

/// Marks and the severities that follow from them: of omission by the share of what is missing, as the `item-coverage`
/// baseline does; of commission the top where a prohibited item is there, 0 where none is. An item without a mark leaves
/// its axis without a severity, but for one that is there: silence on the rest must not pass for a mark.
fn checklist(
    asked: &Asked<'_>,
    axes: &[Axis],
    said: &Said,
    verdict: &mut Verdict,
    notes: &mut ReadingNotes,
) -> Outcome {
    let (omission, commission) = (axes.contains(&Axis::Omission), axes.contains(&Axis::Commission));
    let required = if omission { &asked.example.required[..] } else { &[] };
    let prohibited = if commission { &asked.example.prohibited[..] } else { &[] };
    let required = read_marks(said.get(REQUIRED.keys), required, required_mark);
    let prohibited = read_marks(said.get(PROHIBITED.keys), prohibited, presence);
    note(notes, &required);
    note(notes, &prohibited);
    if required.off_menu || prohibited.off_menu {
        return Outcome::OffMenu;
    }
    let top = |axis| asked.card.axis(axis).top();
    let missing = severity_of_marks(required.marks.values().copied(), top(Axis::Omission));
    let missing = missing.filter(|_| required.unmarked.is_empty());
    let present = prohibited.marks.values().copied().reduce(|one, other| one || other);
    let present = present.filter(|present| *present || prohibited.unmarked.is_empty());
    verdict.omission = missing.map(i64::from);
    verdict.commission = present.map(|present| if present { i64::from(top(Axis::Commission)) } else { 0 });
    verdict.items = required.marks;
    let answered = verdict.omission.is_some() || verdict.commission.is_some();
    if answered { Outcome::Scored } else { Outcome::NoVerdict }
}

fn note<M>(notes: &mut ReadingNotes, marks: &Marks<M>) {
    notes.unknown_items.extend(marks.unknown.iter().cloned());
    notes.unmarked_items.extend(marks.unmarked.iter().cloned());
}

/// The mark of a required item.
pub(super) fn required_mark(value: &Value) -> Choice<ItemMark> {
    match value {
        Value::Null => Choice::Absent,
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "" => Choice::Absent,
            "hit" => Choice::On(ItemMark::Hit),
            "partial" => Choice::On(ItemMark::Partial),
            "miss" => Choice::On(ItemMark::Miss),
            _ => Choice::Off,
        },
        _ => Choice::Off,
    }
}

/// Whether a prohibited item is there.
pub(super) fn presence(value: &Value) -> Choice<bool> {
    match value {
        Value::Null => Choice::Absent,
        Value::Bool(present) => Choice::On(*present),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "" => Choice::Absent,
            "present" | "true" => Choice::On(true),
            "absent" | "false" => Choice::On(false),
            _ => Choice::Off,
        },
        _ => Choice::Off,
    }
}

fn scale_of(judge: &JudgeSpec) -> Option<(f64, f64)> {
    judge.score.and_then(|score| score.scale)
}

pub(super) const fn probability_of(verdict: &mut Verdict, axis: Axis) -> &mut Option<f64> {
    match axis {
        Axis::Omission => &mut verdict.p_omission,
        Axis::Commission => &mut verdict.p_commission,
    }
}

/// The price of a reply; none where the provider does not count both ways.
fn cost_usd(price: Price, answer: &Answered) -> Option<f64> {
    let cost = price.cost_usd(answer.input_tokens? as f64, answer.output_tokens? as f64);
    (cost.is_finite() && cost >= 0.0).then_some(cost)
}

/// A model's name without what could drive a terminal; a provider may write anything.
fn plain_name(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !is_deceptive(*c)).take(NAME_CHARACTERS).collect();
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}
