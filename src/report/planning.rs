//! A plan as a terminal shows it: a table and a sentence for each thing that was asked.

use super::format::{capital, clean, percent};
use super::terminal::{hanging, table};
use crate::measure::planning::{CorrelationSource, GapPlan, PairPlan, Plan, PlannedSet, RecallPlan, Simulated, Size};
use crate::model::{Axis, PerAxis};
use crate::stats::Interval;

/// A plan in words and numbers.
pub fn plan_summary(plan: &Plan) -> String {
    let mut text = hanging("", &assumed(plan), "  ");
    if let Some(set) = &plan.set {
        text.push_str(&format!("\n{}", hanging("", &of_set(plan, set), "  ")));
    }
    let rows = rows(plan);
    if !rows.is_empty() {
        let mut sizes = table(&["to", "clusters", "examples", "omission positives", "commission positives"]);
        for (what, size) in rows {
            sizes.add_row(cells(what, size));
        }
        text.push_str(&format!("\n{}\n\n", sizes.trim_fmt()));
    }
    let sentences = plan.gap.iter().map(|gap| of_gap(plan, gap));
    let sentences = sentences.chain(plan.recall.iter().map(|recall| of_recall(plan, recall)));
    let sentences = sentences.chain(plan.pairs.iter().map(|pairs| of_pairs(plan, pairs)));
    text.push_str(&sentences.map(|sentence| hanging("", &sentence, "  ")).collect::<String>());
    text
}

fn assumed(plan: &Plan) -> String {
    let assumed = &plan.assumed;
    let shares = PerAxis::from_fn(|axis| {
        assumed.make_up.get(axis).map_or(0.0, |make_up| make_up.positives_a_cluster / assumed.cluster_size)
    });
    format!(
        "Assumed: recall {:.2} on omission and {:.2} on commission; {} and {} of the examples positive; {:.1} examples a \
         cluster; correlation within a cluster {}; no verdict on {}, which counts as a miss; to be shown with a probability \
         of {} at the {} level.",
        assumed.recall.omission,
        assumed.recall.commission,
        percent(shares.omission),
        percent(shares.commission),
        assumed.cluster_size,
        correlations(plan),
        percent(assumed.missing),
        percent(assumed.power),
        percent(assumed.level)
    )
}

fn correlations(plan: &Plan) -> String {
    let one = |axis: Axis| {
        let from = match plan.icc_from.get(axis) {
            CorrelationSource::Given => "as given",
            CorrelationSource::Judges => "of the judges given",
            CorrelationSource::Raters => "of the set's raters",
            CorrelationSource::Usual => "a usual value",
        };
        format!("{:.2} ({from})", plan.assumed.icc.get(axis))
    };
    let [omission, commission] = Axis::ALL.map(one);
    if omission == commission { omission } else { format!("{omission} and {commission}") }
}

fn of_set(plan: &Plan, set: &PlannedSet) -> String {
    let shows = &set.shows;
    let gap = match shows.smallest_gap {
        Some(gap) => format!("gaps of {gap:.2} or more"),
        None => "no gap of any size".to_owned(),
    };
    let recall = |axis: Axis| {
        let of = shows.recall.get(axis);
        match (of.half_width, of.smallest_difference) {
            (Some(half_width), Some(difference)) => format!(
                "{axis} recall to +-{half_width:.2}, and two judges apart whose recalls differ by {difference:.2} or more"
            ),
            (Some(half_width), None) => {
                format!("{axis} recall to +-{half_width:.2}, and no difference of judges")
            }
            _ => format!("nothing of {axis} recall"),
        }
    };
    format!(
        "{} {} as it is ({} examples in {} clusters, {} omission and {} commission positives) shows {gap} with a probability of \
         {}; {}; {}.",
        clean(&set.name),
        clean(&set.version),
        shows.examples,
        shows.clusters,
        shows.positives.omission,
        shows.positives.commission,
        percent(plan.assumed.power),
        recall(Axis::Omission),
        recall(Axis::Commission)
    )
}

fn rows(plan: &Plan) -> Vec<(String, Option<Size>)> {
    let gap = plan.gap.iter().map(|gap| (format!("show a gap of {:+.2}", gap.gap), gap.size));
    let recall = plan
        .recall
        .iter()
        .map(|recall| (format!("bring {} recall within +-{:.2}", recall.axis, recall.half_width), recall.size));
    let pairs = plan
        .pairs
        .iter()
        .map(|pairs| (format!("tell judges {:.2} apart on {}", pairs.difference, pairs.axis), pairs.size));
    gap.chain(recall).chain(pairs).collect()
}

fn cells(what: String, size: Option<Size>) -> Vec<String> {
    match size {
        None => vec![what, "out of reach".to_owned(), String::new(), String::new(), String::new()],
        Some(size) => vec![
            what,
            size.clusters.to_string(),
            format!("{:.0}", size.examples),
            format!("{:.0}", size.positives.omission),
            format!("{:.0}", size.positives.commission),
        ],
    }
}

/// How many more clusters than the set has.
fn more(plan: &Plan, size: &Size) -> String {
    match plan.more(size) {
        None => String::new(),
        Some(0) => ": no more than the set has".to_owned(),
        Some(more) => format!(": {more} more than the set has, of the same make-up"),
    }
}

fn interval(found: Option<Interval>) -> String {
    found.map_or_else(String::new, |found| format!(" (expected interval {:.2} to {:.2})", found.lower, found.upper))
}

fn of_gap(plan: &Plan, gap: &GapPlan) -> String {
    let recalls = Axis::ALL.map(|axis| plan.assumed.measured(axis));
    let Some(size) = &gap.size else {
        return format!("A gap of {:+.2} cannot be shown by adding clusters like these.", gap.gap);
    };
    let scarce = size.positives;
    let decides = match scarce.omission.min(scarce.commission) / scarce.omission.max(scarce.commission) {
        ratio if ratio >= 0.5 => "",
        _ if scarce.omission < scarce.commission => {
            " Omission positives are the bottleneck: a set richer in them can be smaller."
        }
        _ => " Commission positives are the bottleneck: a set richer in them can be smaller.",
    };
    format!(
        "To show that omission recall of {:.2} and commission recall of {:.2} differ takes {} clusters{}{}.{decides}{}",
        recalls[0],
        recalls[1],
        size.clusters,
        more(plan, size),
        interval(gap.interval),
        simulated(gap.simulated.as_ref(), gap.power, [gap.size, gap.by_simulation])
    )
}

fn of_recall(plan: &Plan, recall: &RecallPlan) -> String {
    let Some(size) = &recall.size else {
        return format!("{} recall cannot be brought within +-{:.2}.", capital(recall.axis), recall.half_width);
    };
    format!(
        "To know {} recall of {:.2} to +-{:.2} takes {:.0} positives in {} clusters{}{}.{}",
        recall.axis,
        recall.recall,
        recall.half_width,
        size.positives.get(recall.axis),
        size.clusters,
        more(plan, size),
        interval(recall.interval),
        simulated(recall.simulated.as_ref(), None, [None, None])
    )
}

fn of_pairs(plan: &Plan, pairs: &PairPlan) -> String {
    let Some(size) = &pairs.size else {
        return format!("Two judges {:.2} apart on {} cannot be told apart.", pairs.difference, pairs.axis);
    };
    format!(
        "To tell two judges apart whose {} recalls differ by {:.2}, on the same examples, {} of the positives being found by only \
         one of them, takes {:.0} positives in {} clusters{} ({:.0} if positives were independent).{}",
        pairs.axis,
        pairs.difference,
        percent(pairs.discordant),
        size.positives.get(pairs.axis),
        size.clusters,
        more(plan, size),
        pairs.independent_pairs,
        simulated(pairs.simulated.as_ref(), pairs.power, [pairs.size, pairs.by_simulation])
    )
}

/// What a simulation found beside what the formula says.
fn simulated(found: Option<&Simulated>, formula: Option<f64>, sizes: [Option<Size>; 2]) -> String {
    let Some(found) = found else { return String::new() };
    let enough = match sizes {
        [Some(planned), Some(enough)] if enough.clusters > planned.clusters => {
            format!(" By simulation it takes {} clusters.", enough.clusters)
        }
        _ => String::new(),
    };
    let power = match (found.power, found.power_error, formula) {
        (Some(power), Some(error), Some(formula)) => format!(
            "shown in {:.1} % (Monte-Carlo error {:.1}), where the formula says {:.1} %; ",
            100.0 * power,
            100.0 * error,
            100.0 * formula
        ),
        _ => String::new(),
    };
    format!(
        " Simulated {} times: {power}the interval holds the truth in {:.1} % (error {:.1}) and reaches +-{:.3} on average.{enough}",
        found.repetitions,
        100.0 * found.coverage,
        100.0 * found.coverage_error,
        found.half_width
    )
}
