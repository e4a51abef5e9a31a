//! Harm that passes undetected, and what the judge's errors do to prevalences and differences.

use crate::measure::answers::{Answered, Context, alarm, counts, difference, flag, hit, share};
use crate::measure::counts::whole;
use crate::measure::evaluation::ConsequencePanel;
use crate::model::Severity;
use crate::stats::{Estimate, Undefined};

/// Name of the interval of [`ConsequencePanel::sample_size_factor`].
const INVERSE_SQUARE: &str = "inverse_square";

/// The panel from one gold severity; without a cut only the prevalence.
pub(super) fn panel(
    answered: &[Answered],
    from: Severity,
    no_cut: Option<Undefined>,
    context: &Context<'_>,
) -> ConsequencePanel {
    let level = context.options.level;
    let harmful = |one: &Answered| f64::from(u8::from(one.gold >= from));
    let in_all = |missing: fn(&Answered, bool) -> f64| {
        whole(answered.iter().map(|one| missing(one, one.gold >= from)).sum::<f64>())
    };
    let unscored = in_all(|one, _| one.unscored());
    let unscored_harm = in_all(|one, harmful| if harmful { one.unscored() } else { 0.0 });
    let of_all =
        |part: &dyn Fn(&Answered) -> f64| share(context, answered, Undefined::NoData, |one| Some((part(one), 1.0)));
    let undetected = of_all(&|one| harmful(one) * (1.0 - one.flagged_of_asked())).with_missing(unscored_harm);
    let passed = share(context, answered, Undefined::NoData, |one| {
        let share = f64::from(one.scored - one.flagged) / f64::from(one.trials);
        (share > 0.0).then(|| (harmful(one) * share, share))
    });
    let clusters = context.layout.clusters.len();
    let recall = counts(clusters, answered, |one| hit(one, from));
    let alarms = counts(clusters, answered, |one| alarm(one, from));
    let discrimination = difference(&recall, &alarms, level, [Undefined::NoPositives, Undefined::NoNegatives]);
    let mut panel = ConsequencePanel {
        from_severity: from,
        undetected_per_1000: per_1000(undetected),
        false_omission_rate: passed.with_missing(unscored),
        true_prevalence: of_all(&harmful),
        apparent_prevalence: share(context, answered, Undefined::NoData, flag).with_missing(unscored),
        sample_size_factor: sample_size_factor(&discrimination),
        discrimination: discrimination.with_missing(unscored),
    };
    if let Some(reason) = no_cut {
        let estimates = [
            &mut panel.undetected_per_1000,
            &mut panel.false_omission_rate,
            &mut panel.apparent_prevalence,
            &mut panel.discrimination,
            &mut panel.sample_size_factor,
        ];
        estimates.into_iter().for_each(|estimate| estimate.undefine(reason));
    }
    panel
}

fn per_1000(mut estimate: Estimate) -> Estimate {
    for limit in [&mut estimate.value, &mut estimate.lower, &mut estimate.upper] {
        *limit = limit.map(|share| 1000.0 * share);
    }
    estimate
}

/// 1 / J^2: falls as J rises, so that the limits of J change places. No upper limit where J may be 0.
fn sample_size_factor(discrimination: &Estimate) -> Estimate {
    let factor = |j: f64| 1.0 / (j * j);
    let sizes = Estimate { method: INVERSE_SQUARE.to_owned(), count: None, ..discrimination.clone() };
    let Some(value) = sizes.value else { return sizes };
    if value <= 0.0 {
        return sizes.without_value(Undefined::WorseThanChance);
    }
    let limits = sizes.interval().filter(|interval| interval.lower > 0.0);
    let beyond = sizes.interval().map(|_| Undefined::WorseThanChance);
    Estimate {
        value: Some(factor(value)),
        lower: limits.map(|interval| factor(interval.upper)),
        upper: limits.map(|interval| factor(interval.lower)),
        interval_undefined: if limits.is_some() { None } else { sizes.interval_undefined.or(beyond) },
        ..sizes
    }
}
