//! Figure 7: which judges flag the same examples as each other, and as each rater.

use super::in_drawing_order;
use crate::measure::{Evaluation, PairAgreement, PartyKind};
use crate::model::Axis;
use crate::report::format::{clean, label_source};
use crate::report::pair_agreement::party;

/// Judges that the figure holds; beyond, a cell has no room for its number.
const MOST_JUDGES: usize = 20;

/// A square a pair of judges, and a judge and a rater, on each axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct AgreementView {
    pub(in crate::report) note: String,
    pub(in crate::report) judges: Vec<String>,
    pub(in crate::report) grids: Vec<AgreementGrid>,
}

/// One axis: a row a judge, a column a judge and then a column a rater.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct AgreementGrid {
    pub(in crate::report) axis: Axis,
    /// Names, with what each rater is.
    pub(in crate::report) raters: Vec<String>,
    pub(in crate::report) with_judges: Vec<Vec<Option<SameFlag>>>,
    pub(in crate::report) with_raters: Vec<Vec<Option<SameFlag>>>,
}

/// Share of the common examples with the same flag, how many they are, and kappa where it is defined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::report) struct SameFlag {
    pub(in crate::report) share: f64,
    pub(in crate::report) examples: f64,
    pub(in crate::report) kappa: Option<f64>,
}

impl AgreementView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let judges = in_drawing_order(evaluation).into_iter();
        let names: Vec<&str> = judges.map(|judge| judge.judge.as_str()).take(MOST_JUDGES).collect();
        let grids: Vec<AgreementGrid> = Axis::ALL
            .into_iter()
            .map(|axis| grid(&evaluation.pair_agreement.get(axis).pairs, axis, &names))
            .filter(AgreementGrid::has_a_cell)
            .collect();
        Self { note: note(evaluation, &grids), judges: names.iter().map(|name| clean(name)).collect(), grids }
    }
}

impl AgreementGrid {
    /// Every cell.
    pub(in crate::report) fn cells(&self) -> impl Iterator<Item = SameFlag> + '_ {
        self.with_judges.iter().chain(&self.with_raters).flatten().copied().flatten()
    }

    fn has_a_cell(&self) -> bool {
        self.cells().next().is_some()
    }
}

fn grid(pairs: &[PairAgreement], axis: Axis, judges: &[&str]) -> AgreementGrid {
    let mut raters: Vec<(&str, PartyKind)> = Vec::new();
    for pair in pairs.iter().filter(|pair| pair.first_kind == PartyKind::Judge && pair.second_kind != PartyKind::Judge)
    {
        let rater = (pair.second.as_str(), pair.second_kind);
        if !raters.contains(&rater) {
            raters.push(rater);
        }
    }
    let between = |one: &str, other: (&str, PartyKind)| {
        let is = |first: &str, second: &str, pair: &PairAgreement| pair.first == first && pair.second == second;
        let of_kinds = |pair: &&PairAgreement| pair.first_kind == PartyKind::Judge && pair.second_kind == other.1;
        let turned = |pair: &PairAgreement| other.1 == PartyKind::Judge && is(other.0, one, pair);
        let found = pairs.iter().filter(of_kinds).find(|pair| is(one, other.0, pair) || turned(pair))?;
        let (share, kappa) = (found.same_flag.value?, found.flag_kappa.value);
        Some(SameFlag { share, examples: found.same_flag.n, kappa })
    };
    let rows = |columns: &[(&str, PartyKind)]| -> Vec<Vec<Option<SameFlag>>> {
        judges.iter().map(|judge| columns.iter().map(|column| between(judge, *column)).collect()).collect()
    };
    let columns: Vec<(&str, PartyKind)> = judges.iter().map(|judge| (*judge, PartyKind::Judge)).collect();
    AgreementGrid {
        axis,
        with_judges: rows(&columns),
        with_raters: rows(&raters),
        raters: raters.iter().map(|(name, kind)| format!("{} ({})", clean(name), party(*kind))).collect(),
    }
}

fn note(evaluation: &Evaluation, grids: &[AgreementGrid]) -> String {
    let sizes = || grids.iter().flat_map(AgreementGrid::cells).map(|cell| cell.examples);
    let (least, most) = (sizes().fold(f64::INFINITY, f64::min), sizes().fold(0.0, f64::max));
    let sizes = if least < most { format!("{least:.0} to {most:.0}") } else { format!("{most:.0}") };
    let mut note = format!("Set with {}; {sizes} common examples a cell", label_source(evaluation.gold.label_source),);
    if evaluation.judges.len() > MOST_JUDGES {
        note.push_str(&format!("; the first {MOST_JUDGES} of {} judges", evaluation.judges.len()));
    }
    let left_out = Axis::ALL.map(|axis| evaluation.pair_agreement.get(axis).raters_left_out).into_iter().max();
    if let Some(left_out) = left_out.filter(|left_out| *left_out > 0) {
        note.push_str(&format!("; {left_out} raters with fewer ratings left out"));
    }
    note
}
