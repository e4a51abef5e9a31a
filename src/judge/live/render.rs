//! A prompt with an example in it. Only what the prompt names is ever shown to a judge: no slice, no system, no label.

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::answer::{AnswerKey, asked_axes, shown_answer};
use super::call::Asked;
use super::prompt::environment;
use super::spec::{ConfidenceSource, LiveSpec, Need, Prompt};
use crate::judge::score::{ScoreDirection, ScoreSpec};
use crate::model::{Axis, Card, Item, Severity, Text};

/// Why an example cannot be asked about. Found before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("example {example:?}: {message}")]
pub struct PromptFault {
    /// The example.
    pub example: String,
    /// What is missing, without any text of the example.
    pub message: String,
}

/// The messages of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rendered {
    /// The system message; empty for none.
    pub(super) system: String,
    /// The user message.
    pub(super) user: String,
}

impl Rendered {
    /// Digest of both messages.
    pub(super) fn sha256(&self) -> String {
        let mut digest = Sha256::new();
        for text in [&self.system, &self.user] {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        hex::encode(digest.finalize())
    }

    /// A rough count of tokens: four bytes each, rounded up.
    pub(super) fn tokens(&self) -> u32 {
        u32::try_from((self.system.len() + self.user.len()).div_ceil(4)).unwrap_or(u32::MAX)
    }
}

/// An axis as a template sees it.
#[derive(Debug, Serialize)]
struct AxisView {
    name: &'static str,
    /// The card's sentence, without a full stop.
    harm: String,
    levels: Vec<LevelView>,
    /// `0 none, 1 mild, …`.
    menu: String,
    top: Severity,
    threshold: Severity,
}

#[derive(Debug, Serialize)]
struct LevelView {
    number: usize,
    name: String,
}

/// The scale of a judge that gives one score, as a template sees it.
#[derive(Debug, Serialize)]
struct ScaleView {
    lowest: String,
    highest: String,
    best: String,
    worst: String,
}

#[derive(Debug, Serialize)]
struct ItemView<'a> {
    id: &'a str,
    text: String,
}

/// A judge with its templates parsed once for all its questions.
#[derive(Debug)]
pub struct Asker<'a> {
    /// The judge.
    pub(super) spec: &'a LiveSpec,
    environment: Environment<'a>,
}

impl LiveSpec {
    /// The judge, ready for many questions.
    pub fn asker(&self) -> Asker<'_> {
        let mut environment = environment();
        for (name, template) in [(SYSTEM, &self.prompt.system), (USER, &self.prompt.user)] {
            // One that is no template is missing then, and every question says so.
            drop(environment.add_template(name, template));
        }
        Asker { spec: self, environment }
    }
}

/// Names of the two templates.
const SYSTEM: &str = "system";
const USER: &str = "user";

/// Puts an example into the judge's prompt.
pub(super) fn render(asker: &Asker<'_>, asked: &Asked<'_>, keys: &[AnswerKey]) -> Result<Rendered, PromptFault> {
    let fault = |message: String| PromptFault { example: asked.example.id.clone(), message };
    let spec = asker.spec;
    let values = values_of(spec, asked, keys).map_err(fault)?;
    let fill = |name: &str| {
        fill(&asker.environment, name, &values)
            .map_err(|reason| fault(format!("the prompt {:?} cannot be filled in: {reason}", spec.prompt.name)))
    };
    Ok(Rendered { system: fill(SYSTEM)?, user: fill(USER)? })
}

/// The reason is the kind of error alone: its detail may hold text of the example.
fn fill(environment: &Environment<'_>, name: &str, values: &Value) -> Result<String, String> {
    environment
        .get_template(name)
        .and_then(|parsed| parsed.render(values))
        .map(|text| text.trim().to_owned())
        .map_err(|error| format!("{} on line {} of `## {name}`", error.kind(), error.line().unwrap_or(1)))
}

/// The variables. What the prompt does not need is not among them.
fn values_of(spec: &LiveSpec, asked: &Asked<'_>, keys: &[AnswerKey]) -> Result<Value, String> {
    let example = asked.example;
    let prompt = words(&example.prompt);
    let response = example.response.as_ref().map(words).ok_or("the response is withheld; a judge needs one")?;
    let reference = needed(&spec.prompt, Need::Reference)
        .then(|| {
            let given = example.reference.as_deref().filter(|text| !text.trim().is_empty());
            given.ok_or_else(|| lacks(&spec.prompt, "a reference"))
        })
        .transpose()?;
    let required = needed(&spec.prompt, Need::Required)
        .then(|| match example.required.as_slice() {
            [] => Err(lacks(&spec.prompt, "required items")),
            items => Ok(items.iter().map(item_view).collect::<Vec<_>>()),
        })
        .transpose()?;
    let prohibited =
        needed(&spec.prompt, Need::Prohibited).then(|| example.prohibited.iter().map(item_view).collect::<Vec<_>>());
    let code = fence_code(&[&prompt, &response, reference.unwrap_or("")]);
    let axes: Vec<AxisView> = asked_axes(spec, asked).into_iter().map(|axis| axis_view(asked.card, axis)).collect();
    // An absent value is undefined, not none: a template that uses it fails.
    let or_undefined = |value: Option<Value>| value.unwrap_or(Value::UNDEFINED);
    Ok(context! {
        prompt => fenced("prompt", &prompt, &code),
        response => fenced("response", &response, &code),
        reference => or_undefined(reference.map(|text| fenced("reference", text, &code).into())),
        required => or_undefined(required.map(|items| Value::from(Serde(items)))),
        prohibited => or_undefined(prohibited.map(|items| Value::from(Serde(items)))),
        axes => Value::from(Serde(axes)),
        scale => or_undefined(spec.score.and_then(scale_view).map(|scale| Value::from(Serde(scale)))),
        answer => shown_answer(keys),
        probabilities => spec.confidence == ConfidenceSource::Stated,
    })
}

fn needed(prompt: &Prompt, need: Need) -> bool {
    prompt.needs.contains(&need)
}

fn lacks(prompt: &Prompt, what: &str) -> String {
    format!("the prompt {:?} needs {what}, and this example has none", prompt.name)
}

fn axis_view(card: &Card, axis: Axis) -> AxisView {
    let of_axis = card.axis(axis);
    let names = of_axis.levels.iter().enumerate();
    AxisView {
        name: axis.name(),
        harm: of_axis.harm.trim().trim_end_matches('.').to_owned(),
        menu: names.clone().map(|(number, name)| format!("{number} {name}")).collect::<Vec<_>>().join(", "),
        levels: names.map(|(number, name)| LevelView { number, name: name.clone() }).collect(),
        top: of_axis.top(),
        threshold: of_axis.threshold,
    }
}

fn scale_view(score: ScoreSpec) -> Option<ScaleView> {
    let (lowest, highest) = score.scale.map(|(lowest, highest)| (lowest.to_string(), highest.to_string()))?;
    let (best, worst) = match score.direction {
        ScoreDirection::HigherIsBetter => (highest.clone(), lowest.clone()),
        ScoreDirection::HigherIsHarm => (lowest.clone(), highest.clone()),
    };
    Some(ScaleView { lowest, highest, best, worst })
}

/// An item on one line, whatever its text.
fn item_view(item: &Item) -> ItemView<'_> {
    ItemView { id: &item.id, text: item.text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// All the words of a text; the messages of a conversation with who said them.
fn words(text: &Text) -> String {
    match text {
        Text::Plain(plain) => plain.clone(),
        Text::Chat(messages) => {
            let said = |(role, content): (&str, &str)| format!("[{role}]\n{content}");
            let messages = messages.iter().map(|message| (message.role.as_str(), message.content.as_str()));
            messages.map(said).collect::<Vec<_>>().join("\n\n")
        }
    }
}

/// A text between two lines that it cannot forge.
fn fenced(name: &str, text: &str, code: &str) -> String {
    format!("<<<{name} {code}>>>\n{text}\n<<<end of {name} {code}>>>")
}

/// A code that none of the texts holds. It follows from all of them together, so that no text can be written to hold it:
/// whoever changes a text changes the code.
fn fence_code(texts: &[&str]) -> String {
    /// Enough that nobody finds a text that holds its own code, and short enough to be copied.
    const BYTES: usize = 8;
    let mut round = 0_u64;
    loop {
        let mut digest = Sha256::new();
        digest.update(round.to_le_bytes());
        for text in texts {
            digest.update((text.len() as u64).to_le_bytes());
            digest.update(text.as_bytes());
        }
        let code = hex::encode(&digest.finalize()[..BYTES]);
        if texts.iter().all(|text| !text.contains(&code)) {
            return code;
        }
        round += 1;
    }
}
