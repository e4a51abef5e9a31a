//! Who agrees with whom, as the report words it.

use super::card::escaped;
use super::format::{number, share};
use crate::measure::{Evaluation, PairAgreement, PartyKind};
use crate::model::Axis;

/// What a party is, in words: what no person rated is never called a person.
pub(super) const fn party(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Judge => "judge",
        PartyKind::Human => "person",
        PartyKind::Model => "model",
        PartyKind::Construction => "construction",
    }
}

/// A table of the first `most` pairs of a judge and a rater and of two judges, and how many more there are; nothing where
/// there is no pair.
pub(super) fn pair_agreement(evaluation: &Evaluation, most: usize) -> String {
    let pairs: Vec<(Axis, &PairAgreement)> = Axis::ALL
        .into_iter()
        .flat_map(|axis| evaluation.pair_agreement.get(axis).pairs.iter().map(move |pair| (axis, pair)))
        .collect();
    let with_rater = |pair: &&(Axis, &PairAgreement)| {
        pair.1.first_kind == PartyKind::Judge && pair.1.second_kind != PartyKind::Judge
    };
    let of_judges = |pair: &&(Axis, &PairAgreement)| pair.1.second_kind == PartyKind::Judge;
    let chosen: Vec<&(Axis, &PairAgreement)> =
        pairs.iter().filter(with_rater).take(most).chain(pairs.iter().filter(of_judges).take(most)).collect();
    if chosen.is_empty() {
        return String::new();
    }
    let mut text =
        "\n## Who agrees with whom\n\nOn the examples on which both have a verdict. Two that flag nothing have the \
                    same flag everywhere, which kappa takes off. Agreement is not accuracy.\n\n\
                    | one | other | axis | examples | same flag | kappa of flags | kappa of severities |\n\
                    | --- | --- | --- | --- | --- | --- | --- |\n"
            .to_owned();
    for (axis, pair) in &chosen {
        let name = |name: &str, kind: PartyKind| match kind {
            PartyKind::Judge => escaped(name),
            rater => format!("{} ({})", escaped(name), party(rater)),
        };
        let cells = [share(&pair.same_flag), number(&pair.flag_kappa), number(&pair.severity_kappa_quadratic)];
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        text.push_str(&format!(
            "| {} | {} | {axis} | {} | {} |\n",
            name(&pair.first, pair.first_kind),
            name(&pair.second, pair.second_kind),
            pair.same_flag.n,
            cells.join(" | ")
        ));
    }
    let more = pairs.len() - chosen.len();
    if more > 0 {
        text.push_str(&format!("\nAll {} pairs: `tables/pair_agreement.csv`.\n", pairs.len()));
    }
    text
}
