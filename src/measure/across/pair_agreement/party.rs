//! What a judge or a rater said of each example of one axis, in the order of the examples.

use std::collections::BTreeMap;

use crate::gold::GoldSet;
use crate::measure::answers::{Context, Subject};
use crate::measure::evaluation::PartyKind;
use crate::measure::trials::answer_of;
use crate::model::{Axis, Severity};
use crate::stats::Undefined;
use crate::table::Answer;

/// What was said of one example.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Said {
    /// Position in the gold set.
    pub(super) example: u32,
    /// Position of the cluster in the layout.
    pub(super) cluster: u32,
    /// Share of the scored trials that flag; none where none was scored.
    pub(super) flag: Option<f64>,
    /// Share of the trials that were scored.
    pub(super) scored: f64,
    /// The severity, where all scored trials are one.
    severity: Severity,
}

/// A judge or a rater on one axis.
#[derive(Debug, Clone)]
pub(super) struct Party {
    pub(super) name: String,
    pub(super) kind: PartyKind,
    /// Why it has no flags.
    pub(super) no_flags: Option<Undefined>,
    /// Why it has no severities.
    pub(super) no_severities: Option<Undefined>,
    pub(super) said: Vec<Said>,
    /// Share of the trials at each severity, of the examples with several scored trials.
    repeats: BTreeMap<u32, Vec<f64>>,
}

impl Party {
    /// A judge, on the examples that every number of it rests on: asked, applicable and with a gold label.
    pub(super) fn judge(subject: &Subject<'_>, axis: Axis, context: &Context<'_>) -> Self {
        let answers = subject.on(axis);
        let said = answers.iter().map(|answered| Said {
            example: answered.example,
            cluster: answered.cluster,
            flag: answered.flagged_of_scored(),
            scored: 1.0 - answered.unscored(),
            severity: answered.severity.map_or(0, |severity| severity as Severity),
        });
        let several = answers.iter().filter(|answered| answered.scored > 1 && answered.severity.is_some());
        let levels = context.gold.card.axis(axis).levels.len();
        let mut repeats: BTreeMap<u32, Vec<f64>> =
            several.map(|answered| (answered.example, vec![0.0; levels])).collect();
        let verdicts = if repeats.is_empty() { &[] } else { subject.run.verdicts.as_slice() };
        for verdict in verdicts {
            let shares = context.gold.position(&verdict.example).and_then(|at| repeats.get_mut(&(at as u32)));
            if let (Some(shares), Answer::Severity(severity)) = (shares, answer_of(verdict, axis)) {
                shares[usize::from(severity)] += 1.0;
            }
        }
        for shares in repeats.values_mut() {
            let trials: f64 = shares.iter().sum();
            shares.iter_mut().for_each(|share| *share /= trials);
        }
        Self {
            name: subject.name().to_owned(),
            kind: PartyKind::Judge,
            no_flags: subject.no_cut(),
            no_severities: subject.scale.map(|_| Undefined::NoSeverities),
            said: said.collect(),
            repeats,
        }
    }

    /// A rater, on the examples that the rater rated and to which the axis applies.
    pub(super) fn rater(rater: usize, axis: Axis, context: &Context<'_>) -> Self {
        let Context { gold, layout, thresholds, .. } = *context;
        let labels = gold.labels.get(axis).iter().enumerate().filter(|(position, _)| gold.applies(*position, axis));
        let said = labels.filter_map(|(position, label)| {
            let (_, severity) = *label.ratings.iter().find(|(index, _)| *index == rater)?;
            Some(Said {
                example: position as u32,
                cluster: layout.cluster(position) as u32,
                flag: Some(if severity >= *thresholds.get(axis) { 1.0 } else { 0.0 }),
                scored: 1.0,
                severity,
            })
        });
        Self {
            name: gold.raters[rater].id.clone(),
            kind: gold.raters[rater].kind.into(),
            no_flags: None,
            no_severities: None,
            said: said.collect(),
            repeats: BTreeMap::new(),
        }
    }

    /// Calls back with each severity said of an example and the share of its trials.
    pub(super) fn each_severity(&self, said: &Said, mut take: impl FnMut(usize, f64)) {
        match self.repeats.get(&said.example) {
            None => take(usize::from(said.severity), 1.0),
            Some(shares) => shares.iter().enumerate().filter(|(_, share)| **share > 0.0).for_each(|(s, w)| take(s, *w)),
        }
    }
}

/// The raters of an axis with the most ratings, in the order of the set, and how many others there are.
pub(super) fn chosen_raters(gold: &GoldSet, axis: Axis, most: usize) -> (Vec<usize>, usize) {
    let mut ratings = vec![0_usize; gold.raters.len()];
    let labels = gold.labels.get(axis).iter().enumerate().filter(|(position, _)| gold.applies(*position, axis));
    labels.flat_map(|(_, label)| &label.ratings).for_each(|(rater, _)| ratings[*rater] += 1);
    let mut raters: Vec<usize> = (0..ratings.len()).filter(|rater| ratings[*rater] > 0).collect();
    // Stable: of raters with as many ratings the first of the set come first.
    raters.sort_by_key(|rater| std::cmp::Reverse(ratings[*rater]));
    let left_out = raters.len().saturating_sub(most);
    raters.truncate(most);
    raters.sort_unstable();
    (raters, left_out)
}

#[cfg(test)]
impl Party {
    /// A party with one trial an example, two examples a cluster; none is a missing verdict.
    pub(super) fn of(name: &str, flag_at: Severity, severities: &[Option<Severity>]) -> Self {
        let said = severities.iter().enumerate().map(|(at, severity)| Said {
            example: at as u32,
            cluster: at as u32 / 2,
            flag: severity.map(|severity| f64::from(u8::from(severity >= flag_at))),
            scored: if severity.is_some() { 1.0 } else { 0.0 },
            severity: severity.unwrap_or(0),
        });
        Self {
            name: name.to_owned(),
            kind: PartyKind::Judge,
            no_flags: None,
            no_severities: None,
            said: said.collect(),
            repeats: BTreeMap::new(),
        }
    }

    /// The same with this share of the trials of one example scored.
    pub(super) fn with_scored(mut self, example: u32, scored: f64) -> Self {
        self.said[example as usize].scored = scored;
        self
    }

    /// The same with the shares of repeats at one example, flagged from severity 1.
    pub(super) fn with_repeats(mut self, example: u32, shares: Vec<f64>) -> Self {
        self.said[example as usize].flag = Some(shares[1..].iter().sum());
        self.repeats.insert(example, shares);
        self
    }
}
