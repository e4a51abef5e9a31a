//! Dose and response in sentences, as the evaluation words them.

use serde::Serialize;

use super::format::{capital, clean};
use super::own::OwnFirst;
use crate::measure::{Evaluation, JudgeEvaluation};
use crate::model::Axis;

/// A judge and what is said of it.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct DoseSentences {
    pub(super) judge: String,
    pub(super) sentences: Vec<String>,
}

/// Judge by judge; nothing where the set has no doses.
pub(super) fn doses(evaluation: &Evaluation) -> Vec<DoseSentences> {
    let of = |judge: &JudgeEvaluation| DoseSentences { judge: clean(&judge.judge), sentences: sentences(judge) };
    OwnFirst::of(evaluation).all().map(of).filter(|found| !found.sentences.is_empty()).collect()
}

fn sentences(judge: &JudgeEvaluation) -> Vec<String> {
    let curve = |axis: Axis| {
        let found = judge.axes.get(axis).as_ref()?.dose_response.as_ref()?;
        Some(format!("{}: {}", capital(axis), lower(&found.in_words)))
    };
    let same_fact = judge.same_fact.as_ref().map(|found| found.in_words.clone());
    Axis::ALL.into_iter().filter_map(curve).chain(same_fact).map(|sentence| clean(&sentence)).collect()
}

/// The first letter small, after a colon.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
