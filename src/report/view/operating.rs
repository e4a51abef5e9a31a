//! Figure 6: what a judge would find at other cuts.

use super::{first_panels, in_drawing_order};
use crate::measure::{Evaluation, Operating};
use crate::model::{Axis, PerAxis};
use crate::report::format::{clean, label_source, percent, share};

/// Judges that are drawn, so that the figure fits on a page; the table has all.
const MOST_JUDGES: usize = 8;
/// The budget of false alarms that is shown, or the one nearest to it.
const SHOWN_BUDGET: f64 = 0.10;

/// A row of two fields a judge: ROC, and precision against recall.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct OperatingView {
    pub(in crate::report) note: String,
    /// What is left out.
    pub(in crate::report) drawn: String,
    pub(in crate::report) judges: Vec<(String, PerAxis<Option<Curves>>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct Curves {
    /// False-alarm rate and recall.
    pub(in crate::report) roc: Vec<(f64, f64)>,
    /// Recall and precision.
    pub(in crate::report) precision: Vec<(f64, f64)>,
    /// The judge's own rule in both fields.
    pub(in crate::report) own_roc: Option<(f64, f64)>,
    pub(in crate::report) own_precision: Option<(f64, f64)>,
    /// Recall within a budget of false alarms, cut fitted on other clusters.
    pub(in crate::report) budget: Option<String>,
}

impl OperatingView {
    pub(in crate::report) fn of(evaluation: &Evaluation) -> Self {
        let mut judges: Vec<_> = in_drawing_order(evaluation)
            .into_iter()
            .map(|judge| {
                let curves = PerAxis::from_fn(|axis| {
                    judge.axes.get(axis).as_deref()?.operating.as_ref().and_then(|at| curves(at, axis))
                });
                (clean(&judge.judge), curves)
            })
            .filter(|(_, curves)| curves.omission.is_some() || curves.commission.is_some())
            .collect();
        let drawn = first_panels(&mut judges, MOST_JUDGES, "judges that could be cut elsewhere", "operating");
        Self { note: format!("Measured against {}", label_source(evaluation.gold.label_source)), drawn, judges }
    }
}

fn curves(operating: &Operating, axis: Axis) -> Option<Curves> {
    let roc: Vec<(f64, f64)> =
        operating.points.iter().filter_map(|point| Some((point.false_alarm_rate?, point.recall?))).collect();
    let precision: Vec<(f64, f64)> =
        operating.points.iter().filter_map(|point| Some((point.recall?, point.precision?))).collect();
    let own = operating.own.as_ref();
    let from_shown = |budget: Option<f64>| budget.map_or(f64::INFINITY, |budget| (budget - SHOWN_BUDGET).abs());
    let found = operating.budgets.iter().filter(|cut| cut.recall.value.is_some());
    let nearest =
        found.min_by(|one, other| from_shown(one.false_alarm_budget).total_cmp(&from_shown(other.false_alarm_budget)));
    let budget = nearest.and_then(|cut| {
        Some(format!("{axis}: recall {} within {} false alarms", share(&cut.recall), percent(cut.false_alarm_budget?)))
    });
    (roc.len() > 1).then(|| Curves {
        roc,
        precision,
        own_roc: own.and_then(|own| Some((own.false_alarm_rate?, own.recall?))),
        own_precision: own.and_then(|own| Some((own.recall?, own.precision?))),
        budget,
    })
}
