//! Words in the names of columns, and what each family of them says.

/// Words of a name: `judgeScore_2` is judge, score, 2.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for character in name.chars() {
        let kind = Kind::of(character);
        let new = match (last, kind) {
            (_, Kind::Other) => false,
            (Some(Kind::Lower | Kind::Digit), Kind::Upper) => true,
            (Some(Kind::Lower | Kind::Upper), Kind::Digit) | (Some(Kind::Digit), Kind::Lower) => true,
            (None | Some(Kind::Other), _) => true,
            _ => false,
        };
        if new {
            words.push(String::new());
        }
        if kind != Kind::Other
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        last = Some(kind);
    }
    words
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other,
}

impl Kind {
    fn of(character: char) -> Self {
        match character {
            c if c.is_numeric() => Self::Digit,
            c if c.is_uppercase() => Self::Upper,
            c if c.is_alphabetic() => Self::Lower,
            _ => Self::Other,
        }
    }
}

/// Whether one of the words belongs to a family: words with spaces between them, of which one that ends in `*` stands for
/// every word that begins so.
pub(super) fn says(words: &[String], family: &str) -> bool {
    words.iter().any(|word| belongs(word, family))
}

/// Whether a word belongs to a family.
pub(super) fn belongs(word: &str, family: &str) -> bool {
    family.split_ascii_whitespace().any(|entry| match entry.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == entry,
    })
}

pub(super) const PROMPT: &str = "\
    prompt prompts question query instruction instructions input request user task problem message post \
    enquiry inquiry";
pub(super) const RESPONSE: &str = "\
    response answer completion output reply generation generated assistant continuation summary advice text";
pub(super) const REFERENCE: &str = "reference ref ideal expected canonical target truth";
pub(super) const REQUIRED: &str = "required must checklist rubric points facts items requirements keypoints";
pub(super) const PROHIBITED: &str = "prohibited forbidden mustnot";
pub(super) const REMARK: &str = "\
    rationale why reason reasoning reasons explanation comment* note notes remark* justification feedback \
    critique thought* analysis";
pub(super) const WHEN: &str = "date time timestamp at when created";
/// A column that tells something about another one, not its content.
pub(super) const ABOUT: &str = "id ids uid uuid key type category template length tokens hash url name language";
pub(super) const RATER: &str = "\
    rater raters annotator annotators annotation annotations labeler labeller coder reviewer human expert \
    physician doctor clinician worker person assessor evaluator labelled";
/// The last word on an example, made from what several raters said.
pub(super) const FINAL: &str = "\
    final gold consensus adjudicated adjudication adjudicator agreed resolved majority golden";
pub(super) const JUDGE: &str = "\
    judge judges judgement judgment grader autograder gpt gpteval claude gemini llama mistral mixtral qwen \
    deepseek llm autorater automatic automated auto classifier detector predicted prediction pred strmatch \
    regex heuristic reward openai anthropic grok guard";
/// Families of models: as the value of a cell, the name of a system or of a judge.
pub(super) const MODELS: &str = "\
    gpt chatgpt claude gemini llama mistral* mixtral qwen deepseek llm grok palm phi gemma judge autograder";
pub(super) const SYSTEM: &str = "system model generator assistant bot engine responder vendor llm";
pub(super) const LABEL: &str = "\
    label labels labelled severity rating ratings score scores grade class harm verdict annotation assessment \
    outcome level decision judged rated mark evaluation eval said says";
/// A number that a scale gives.
pub(super) const SCORE: &str = "score scores rating grade points logit value confidence";
pub(super) const PROBABILITY: &str = "probability prob probs p likelihood";
pub(super) const OMISSION: &str = "\
    omission* omit* missing missed incomplete* complete completeness coverage covered withh* refus* refuse* \
    overrefusal gap gaps left helpful* unhelpful* evasi* complian* thorough* exhaustive*";
pub(super) const COMMISSION: &str = "\
    commission* incorrect* correct* wrong* error errors false* factual* accura* inaccura* hallucinat* \
    harmful* unsafe* safe safety toxic* dangerous* misinformation misleading faithful* fabricat* truthful*";
/// In a column so named, more of it is better.
pub(super) const BETTER: &str = "\
    complete completeness coverage covered helpful helpfulness complian* thorough* exhaustive* correct* \
    factual factuality accuracy accurate safe safety faithful* truthful* quality good pass passed acceptable \
    satisf* adequa* ok";
pub(super) const WORSE: &str = "\
    severity harm* risk* omission* omit* missing commission* error* wrong* unsafe* toxic* danger* hallucinat* \
    refus* incorrect* incomplete* gap* fail* bad violation*";
pub(super) const ID: &str = "id ids uid uuid guid key idx index no nr number";
/// Which time something was done, not how well.
pub(super) const AGAIN: &str =
    "rep repeat run trial seed sample attempt call turn fold batch round version epoch page step";
pub(super) const CLUSTER: &str = "\
    cluster scenario vignette family passage document thread patient case group situation story dialogue \
    conversation";
pub(super) const SLICE: &str = "\
    type category topic domain framing difficulty language split subset source tag theme area channel variant \
    condition subject specialty region kind";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        for (name, expected) in [
            ("judgeScore_2", "judge score 2"),
            ("GPT4_label", "gpt 4 label"),
            ("meta.item-ID", "meta item id"),
            ("Ärztin 1", "ärztin 1"),
            ("", ""),
            ("#", ""),
        ] {
            assert_eq!(words_of(name).join(" "), expected, "{name}");
        }
        assert!(says(&words_of("was it refused?"), OMISSION));
        assert!(!says(&words_of("preference"), REFERENCE));
    }
}
