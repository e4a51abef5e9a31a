//! What was fixed before these data were looked at, and what was chosen from them.

use super::format::{clean, counted, percent};
use super::own::OwnFirst;
use crate::measure::{ComparedPairs, Evaluation, JudgeEvaluation, PrimaryMetric, ScaleCut};
use crate::model::{Axis, LockRecord, PerAxis, SettingSource, SettingSources, Severity};

/// The two paragraphs. `sources` say where each setting stood, none where nobody knows; `lock` what was written down before.
pub(super) fn beforehand(
    evaluation: &Evaluation,
    sources: Option<&SettingSources>,
    lock: Option<&LockRecord>,
) -> [String; 2] {
    [fixed(evaluation, sources, lock), chosen(evaluation)]
}

fn fixed(evaluation: &Evaluation, sources: Option<&SettingSources>, lock: Option<&LockRecord>) -> String {
    let settings = &evaluation.settings;
    let from =
        |key: &str| sources.and_then(|sources| sources.get(key)).map_or(String::new(), |source| in_words(*source));
    let threshold = |axis: Axis| {
        let source = match sources.and_then(|sources| sources.get(&format!("thresholds.{axis}"))) {
            Some(SettingSource::Default) => " (the set's card)".to_owned(),
            Some(source) => in_words(*source),
            None => String::new(),
        };
        format!("{} on {axis}{source}", settings.thresholds.get(axis))
    };
    let metric = match settings.primary.metric {
        PrimaryMetric::YoudenJ => "Youden's J",
        PrimaryMetric::Recall => "recall",
    };
    let unknown = if sources.is_none() {
        " Where each of them stood is not known: no manifest lies beside the evaluation."
    } else {
        ""
    };
    format!(
        "What was fixed beforehand. None of these was taken from the data: the severity from which an example counts as harm, {} \
         and {}; the level of intervals, {:.0} %{}; the margin of equivalence, {}{}; what judges are compared on first, {metric}{} \
         on {}{}; the seed, {}{}.{unknown} {} {} {}",
        threshold(Axis::Omission),
        threshold(Axis::Commission),
        100.0 * settings.level,
        from("level"),
        settings.margin,
        from("margin"),
        from("comparison.metric"),
        settings.primary.axis,
        from("comparison.axis"),
        settings.seed,
        from("seed"),
        family(evaluation),
        rules(evaluation),
        lock.map_or_else(not_locked, locked)
    )
}

fn not_locked() -> String {
    "The program cannot tell whether a file was written before its author saw the labels; whoever publishes has to say so."
        .to_owned()
}

/// The lock, and what deviates from it.
fn locked(lock: &LockRecord) -> String {
    let before = match lock.recorded_before.as_slice() {
        [] => "before verdicts of any judge were recorded".to_owned(),
        names => {
            let names: Vec<String> = names.iter().map(|name| clean(name)).collect();
            format!("when verdicts of {} were recorded already", names.join(", "))
        }
    };
    let deviations = match lock.deviations.as_slice() {
        [] => "This audit keeps to it.".to_owned(),
        found => {
            let found: Vec<String> = found.iter().map(|deviation| clean(deviation)).collect();
            format!("THIS AUDIT DEVIATES FROM IT: {}.", found.join("; "))
        }
    };
    format!(
        "Settings, gates and the files of the sets and of the judges were locked on {}, {before} (SHA-256 of the lock: {}). \
         {deviations} The program cannot tell when a lock was written; a digest that was published has a date.",
        clean(&lock.locked),
        clean(&lock.sha256)
    )
}

fn in_words(source: SettingSource) -> String {
    let source = match source {
        SettingSource::AuditFile => "the audit file",
        SettingSource::CommandLine => "the command line",
        SettingSource::Default => "the default",
    };
    format!(" ({source})")
}

/// Which tests stand together.
fn family(evaluation: &Evaluation) -> String {
    let plan = &evaluation.comparison_plan;
    let pairs = match plan.pairs {
        ComparedPairs::All => "every two judges are compared",
        ComparedPairs::TwentyBest => {
            "every two of the twenty best judges are compared, and each other one with the best"
        }
    };
    format!(
        "The family of tests follows a fixed rule: {pairs}; confirmatory are the gap of each judge and the primary \
         comparison of every two judges that are no baselines ({}, Holm's method), exploratory all others ({}, that of \
         Benjamini and Hochberg).",
        counted(plan.confirmatory_tests, "test", "tests"),
        counted(plan.exploratory_tests, "test", "tests")
    )
}

/// From where each judge flags, as far as its file or the set fixes that.
fn rules(evaluation: &Evaluation) -> String {
    let mut by_set = Vec::new();
    let mut own = Vec::new();
    for judge in OwnFirst::of(evaluation).all() {
        let name = clean(&judge.judge);
        match (&judge.scale, &judge.flag_at) {
            (Some(scale), _) => match scale.cut {
                ScaleCut::Fixed { flag_at } => own.push(format!("{name} from a score of {flag_at}")),
                ScaleCut::CrossFitted { .. } => {}
                ScaleCut::None { .. } => own.push(format!("{name} from nowhere, as its file names no cut")),
            },
            (None, Some(flag_at)) if at_thresholds(evaluation, judge, flag_at) => by_set.push(name),
            (None, Some(flag_at)) => own.push(format!("{name} {}", levels(judge, flag_at))),
            (None, None) => {}
        }
    }
    let mut sentences = Vec::new();
    if !by_set.is_empty() {
        sentences.push(format!("From the severity of harm on flag: {}.", by_set.join(", ")));
    }
    if !own.is_empty() {
        sentences.push(format!("As their own files say: {}.", own.join("; ")));
    }
    sentences.join(" ")
}

fn at_thresholds(evaluation: &Evaluation, judge: &JudgeEvaluation, flag_at: &PerAxis<Severity>) -> bool {
    let answered = Axis::ALL.into_iter().filter(|axis| judge.axes.get(*axis).is_some());
    answered.into_iter().all(|axis| flag_at.get(axis) == evaluation.settings.thresholds.get(axis))
}

fn levels(judge: &JudgeEvaluation, flag_at: &PerAxis<Severity>) -> String {
    let answered = Axis::ALL.into_iter().filter(|axis| judge.axes.get(*axis).is_some());
    let levels: Vec<String> = answered.map(|axis| format!("{} on {axis}", flag_at.get(axis))).collect();
    format!("from severity {}", levels.join(" and "))
}

/// What these data decided.
fn chosen(evaluation: &Evaluation) -> String {
    let fitted: Vec<String> = OwnFirst::of(evaluation).all().filter_map(fitted_cut).collect();
    let mut sentences = vec!["Chosen from these data.".to_owned()];
    if !fitted.is_empty() {
        sentences.push(format!(
            "Fitted on other clusters than those on which it is measured: the cut of {}. Intervals take it as given.",
            fitted.join("; of ")
        ));
    }
    let on = || {
        evaluation
            .judges
            .iter()
            .flat_map(|judge| Axis::ALL.into_iter().filter_map(|axis| judge.axes.get(axis).as_ref()))
    };
    if on().any(|numbers| numbers.operating.is_some()) {
        sentences.push(
            "Recall within a budget of false alarms and the cut of the highest Youden J are fitted and measured in the same \
             way."
                .to_owned(),
        );
    }
    if on().any(|numbers| numbers.calibration.is_some()) {
        sentences.push("So are recalibrated probabilities.".to_owned());
    }
    sentences.push(
        "Picked after the fact, with intervals that do not allow for it: the severity at which a judge is said to be blindest, \
         the order of the judges, and which subgroups a figure shows. Lowest and highest of several are likely to lie too far \
         out."
            .to_owned(),
    );
    sentences.join(" ")
}

fn fitted_cut(judge: &JudgeEvaluation) -> Option<String> {
    match judge.scale.as_ref()?.cut {
        ScaleCut::CrossFitted { false_alarm_budget, .. } => {
            Some(format!("{} within {} false alarms", clean(&judge.judge), percent(false_alarm_budget)))
        }
        ScaleCut::Fixed { .. } | ScaleCut::None { .. } => None,
    }
}
