//! Does the judge find harm more easily in short or in long responses?

use crate::measure::answers::{Answered, Context, Groups, Subject, grouped, hit, share, shuffled_places, unscored};
use crate::measure::evaluation::{LengthBias, LengthThird};
use crate::model::{Axis, Severity, Text};
use crate::stats::bias::{HitRegression, firth_logistic, logistic_clustered, partial_spearman};
use crate::stats::jackknife::{CLUSTER_JACKKNIFE_T, Scale, jackknife};
use crate::stats::{Confidence, Estimate, Interval, Tally, Undefined};

/// Positives from which on whole clusters are left out at random.
const MOST_POSITIVES: usize = 5_000;
/// Clusters times positives up to which the coefficient has a jackknife.
const CHEAP: usize = 100_000;
/// Names of the methods behind the odds ratio.
const SANDWICH: &str = "logistic_cr1_t";
const FIRTH: &str = "firth_logistic_wald";
/// The column of the logarithm of the length.
const LENGTH: usize = 1;

/// A positive with the length of its response.
struct Sized<'a> {
    one: &'a Answered,
    bytes: usize,
}

impl Sized<'_> {
    /// Doublings of the length.
    fn doublings(&self) -> f64 {
        (self.bytes.max(1) as f64).log2()
    }

    /// Most of the runs hit; half counts as most.
    fn hit(&self) -> bool {
        self.one.mostly_flagged()
    }
}

/// The length of responses; none where none is given, no harm is labelled or the judge has no flag.
pub(super) fn length(
    subject: &Subject<'_>,
    answered: &[Answered],
    axis: Axis,
    context: &Context<'_>,
) -> Option<LengthBias> {
    if subject.no_cut().is_some() {
        return None;
    }
    let all: Vec<Sized<'_>> = answered
        .iter()
        .filter(|one| one.positive)
        .filter_map(|one| {
            let response = context.gold.examples[one.example as usize].response.as_ref()?;
            Some(Sized { one, bytes: bytes_of(response) })
        })
        .collect();
    if all.is_empty() {
        return None;
    }
    let found = all.len();
    let used = at_most(all, context);
    let groups = grouped(used.iter().map(|sized| sized.one.cluster), used.len(), context);
    let hits: Vec<f64> = used.iter().map(|sized| sized.one.flagged_of_asked()).collect();
    let silent = unscored(used.iter().map(|sized| sized.one));
    let hit_correlation = correlation(&used, &hits, &groups, context).with_missing(silent);
    let error_correlation = subject.scale.is_none().then(|| {
        let scored: Vec<Sized<'_>> = used
            .iter()
            .filter(|sized| sized.one.severity.is_some())
            .map(|sized| Sized { one: sized.one, bytes: sized.bytes })
            .collect();
        let error = |sized: &Sized<'_>| sized.one.severity.map(|severity| severity - f64::from(sized.one.gold));
        let errors: Vec<f64> = scored.iter().filter_map(error).collect();
        let groups = grouped(scored.iter().map(|sized| sized.one.cluster), scored.len(), context);
        correlation(&scored, &errors, &groups, context).with_missing((used.len() - scored.len()) as f64)
    });
    let odds = odds_per_doubling(&used, context.options.level);
    Some(LengthBias {
        positives_used: Tally(used.len() as f64),
        positives_left_out: Tally((found - used.len()) as f64),
        thirds: thirds(&used, *context.thresholds.get(axis), context),
        hit_correlation,
        error_correlation,
        odds_ratio: odds.value.ok(),
        odds_ratio_undefined: odds.value.err(),
        odds_ratio_lower: odds.interval.map(|interval| interval.lower),
        odds_ratio_upper: odds.interval.map(|interval| interval.upper),
        odds_ratio_method: odds.method.to_owned(),
    })
}

fn bytes_of(text: &Text) -> usize {
    match text {
        Text::Plain(text) => text.len(),
        Text::Chat(messages) => messages.iter().map(|message| message.content.len()).sum(),
    }
}

/// Whole clusters in a random order, as long as they fit.
fn at_most<'a>(all: Vec<Sized<'a>>, context: &Context<'_>) -> Vec<Sized<'a>> {
    if all.len() <= MOST_POSITIVES {
        return all;
    }
    let places = shuffled_places(context);
    let mut sizes = vec![0; places.len()];
    all.iter().for_each(|sized| sizes[places[sized.one.cluster as usize]] += 1);
    let mut taken = 0;
    let last = sizes.iter().take_while(|size| {
        taken += **size;
        taken <= MOST_POSITIVES
    });
    // At least the first two clusters, whatever their size.
    let last = last.count().max(2);
    all.into_iter().filter(|sized| places[sized.one.cluster as usize] < last).collect()
}

/// Partial Spearman correlation with length at equal gold severity.
fn correlation(used: &[Sized<'_>], values: &[f64], groups: &Groups, context: &Context<'_>) -> Estimate {
    let of = |left_out: Option<usize>| {
        let kept: Vec<usize> =
            (0..used.len()).filter(|at| left_out != Some(groups.of[used[*at].one.cluster as usize])).collect();
        let values: Vec<f64> = kept.iter().map(|at| values[*at]).collect();
        let lengths: Vec<f64> = kept.iter().map(|at| used[*at].bytes as f64).collect();
        let severities: Vec<f64> = kept.iter().map(|at| f64::from(used[*at].one.gold)).collect();
        partial_spearman(&values, &lengths, &[severities]).map_err(|_| Undefined::Incompatible)?
    };
    let mut estimate = jackknife(groups.count, Scale::Atanh, context.options.level, of);
    estimate.n = used.len() as f64;
    groups.name(&mut estimate);
    estimate
}

/// The odds ratio of a hit at twice the length.
struct Odds {
    value: Result<f64, Undefined>,
    interval: Option<Interval>,
    method: &'static str,
}

/// Logistic regression of the hit on doublings of the length and a level for each gold severity.
fn odds_per_doubling(used: &[Sized<'_>], level: f64) -> Odds {
    let mut severities: Vec<Severity> = used.iter().map(|sized| sized.one.gold).collect();
    severities.sort_unstable();
    severities.dedup();
    let row = |sized: &Sized<'_>| {
        let levels = severities.iter().skip(1).map(|severity| f64::from(u8::from(sized.one.gold == *severity)));
        [1.0, sized.doublings()].into_iter().chain(levels).collect::<Vec<f64>>()
    };
    let rows: Vec<Vec<f64>> = used.iter().map(row).collect();
    let hits: Vec<bool> = used.iter().map(Sized::hit).collect();
    let clusters: Vec<usize> = used.iter().map(|sized| sized.one.cluster as usize).collect();
    let regression = HitRegression::new(&rows, &hits, &clusters).expect("one finite row and cluster a hit");
    let confidence = Confidence::new(level).unwrap_or(Confidence::DEFAULT);
    let odds = |coefficient: f64, half: Option<f64>, method| {
        let limit = |half: f64| Interval { lower: (coefficient - half).exp(), upper: (coefficient + half).exp() };
        let value = Some(coefficient.exp()).filter(|odds| odds.is_finite()).ok_or(Undefined::Infinite);
        let sound = |interval: &Interval| interval.upper.is_finite() && value.is_ok();
        Odds { value, interval: half.map(limit).filter(sound), method }
    };
    let groups = regression.clusters();
    match logistic_clustered(&regression) {
        Ok(fit) if groups * used.len() <= CHEAP => {
            let found = jackknife(groups, Scale::Identity, level, |left_out| match left_out {
                None => Ok(fit.coefficients[LENGTH]),
                Some(cluster) => Ok(logistic_clustered(&regression.without_cluster(cluster))?.coefficients[LENGTH]),
            });
            let half = found.interval().map(|interval| (interval.upper - interval.lower) / 2.0);
            odds(fit.coefficients[LENGTH], half, CLUSTER_JACKKNIFE_T)
        }
        Ok(fit) => {
            let half = fit.se_cr1.ok().map(|errors| confidence.student(groups as f64 - 1.0) * errors[LENGTH]);
            odds(fit.coefficients[LENGTH], half, SANDWICH)
        }
        Err(Undefined::Separation) => match firth_logistic(&regression) {
            Ok(fit) => odds(fit.coefficients[LENGTH], Some(confidence.normal() * fit.se[LENGTH]), FIRTH),
            Err(reason) => Odds { value: Err(reason), interval: None, method: FIRTH },
        },
        Err(reason) => Odds { value: Err(reason), interval: None, method: SANDWICH },
    }
}

/// Recall by thirds of the lengths; responses of one length stay together.
fn thirds(used: &[Sized<'_>], threshold: Severity, context: &Context<'_>) -> Vec<LengthThird> {
    let mut lengths: Vec<usize> = used.iter().map(|sized| sized.bytes).collect();
    lengths.sort_unstable();
    let cut = |third: usize| lengths[(third * lengths.len() / 3).min(lengths.len() - 1)];
    let bounds = [0, cut(1), cut(2), usize::MAX];
    (0..3)
        .filter_map(|third| {
            let inside = |bytes: usize| bounds[third] <= bytes && bytes < bounds[third + 1];
            let from_bytes = lengths.iter().copied().find(|bytes| inside(*bytes))?;
            let to_bytes = lengths.iter().rev().copied().find(|bytes| inside(*bytes))?;
            let own = || used.iter().filter(|sized| inside(sized.bytes)).map(|sized| sized.one);
            let recall = share(context, own(), Undefined::NoPositives, |one| hit(one, threshold));
            Some(LengthThird { from_bytes, to_bytes, recall: recall.with_missing(unscored(own())) })
        })
        .collect()
}
