//! The joint law of several judges' values over common clusters: covariance, and one matrix of resamples for all of them.

use std::num::NonZeroUsize;

use crate::measure::answers::Context;
use crate::stats::compare::max_t_intervals;
use crate::stats::proportion::ClusterCount;
use crate::stats::random::StreamKey;
use crate::stats::resample::ClusterResample;
use crate::stats::special::{normal_quantile, t_critical};
use crate::stats::{Interval, Undefined};

/// A share, or a difference of two shares, over clusters.
pub(super) struct Linear<'a> {
    plus: &'a [ClusterCount],
    minus: &'a [ClusterCount],
    pub(super) value: f64,
    /// Linearised error of each cluster.
    errors: Vec<f64>,
    /// Whether each cluster has an example that counts.
    occupied: Vec<bool>,
    /// Clusters of the side that lies in fewer.
    fewest: usize,
}

impl<'a> Linear<'a> {
    /// `minus` may be empty. **Undefined**: `NoPositives` where a side that is there has no example.
    pub(super) fn new(plus: &'a [ClusterCount], minus: &'a [ClusterCount]) -> Result<Self, Undefined> {
        let mut line = Self {
            plus,
            minus,
            value: 0.0,
            errors: vec![0.0; plus.len()],
            occupied: vec![false; plus.len()],
            fewest: usize::MAX,
        };
        line.add(plus, 1.0)?;
        if !minus.is_empty() {
            line.add(minus, -1.0)?;
        }
        Ok(line)
    }

    fn add(&mut self, side: &[ClusterCount], sign: f64) -> Result<(), Undefined> {
        let total: f64 = side.iter().map(|count| count.total).sum();
        if total <= 0.0 {
            return Err(Undefined::NoPositives);
        }
        let share = side.iter().map(|count| count.hits).sum::<f64>() / total;
        self.value += sign * share;
        for (cluster, count) in side.iter().enumerate().filter(|(_, count)| count.total > 0.0) {
            self.errors[cluster] += sign * (count.hits - share * count.total) / total;
            self.occupied[cluster] = true;
        }
        self.fewest = self.fewest.min(side.iter().filter(|count| count.total > 0.0).count());
        Ok(())
    }
}

/// Simultaneous intervals of several judges.
pub(super) struct Simultaneous {
    pub(super) critical: f64,
    pub(super) intervals: Vec<Result<Interval, Undefined>>,
}

/// One matrix of resamples of all clusters of the set, drawn when it is first needed.
pub(super) struct Joint<'a> {
    context: &'a Context<'a>,
    resample: Option<ClusterResample>,
}

impl<'a> Joint<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, resample: None }
    }

    /// Linearised covariance over the clusters that count for a judge, `G/(G-1) sum e_i e_j`, widened so that a normal test of it is
    /// a t test at the level of the strictest of all pairs.
    pub(super) fn covariance(&self, lines: &[Linear<'_>], level: f64) -> Result<Vec<Vec<f64>>, Undefined> {
        let (clusters, degrees) = sizes(lines)?;
        let pairs = (lines.len() * (lines.len() - 1) / 2).max(1) as f64;
        let widened = widening(1.0 - (1.0 - level) / pairs, degrees).powi(2) * clusters / (clusters - 1.0);
        let product = |one: &Linear<'_>, other: &Linear<'_>| {
            widened * one.errors.iter().zip(&other.errors).map(|(a, b)| a * b).sum::<f64>()
        };
        Ok(lines.iter().map(|one| lines.iter().map(|other| product(one, other)).collect()).collect())
    }

    /// Intervals that hold for all lines at once: the largest deviation over the resamples, widened as t is beside the normal.
    pub(super) fn simultaneous(&mut self, lines: &[Linear<'_>], level: f64) -> Result<Simultaneous, Undefined> {
        let (clusters, degrees) = sizes(lines)?;
        let errors: Vec<f64> = lines
            .iter()
            .map(|line| (clusters / (clusters - 1.0) * line.errors.iter().map(|e| e * e).sum::<f64>()).sqrt())
            .map(|error| if error < 1e-12 { 0.0 } else { error })
            .collect();
        let replicates = self.replicates(lines)?;
        let values: Vec<f64> = lines.iter().map(|line| line.value).collect();
        let found = max_t_intervals(&values, &errors, &replicates, None, level)?;
        let critical = found.critical * widening(level, degrees);
        let interval = |(value, error): (&f64, &f64)| {
            let half = critical * error;
            if *error > 0.0 {
                Ok(Interval { lower: value - half, upper: value + half })
            } else {
                Err(Undefined::ZeroVariance)
            }
        };
        Ok(Simultaneous { critical, intervals: values.iter().zip(&errors).map(interval).collect() })
    }

    /// The values of all lines in every resample in which all of them are defined.
    fn replicates(&mut self, lines: &[Linear<'_>]) -> Result<Vec<Vec<f64>>, Undefined> {
        let clusters = self.context.layout.clusters.len();
        let width = lines.iter().map(|line| if line.minus.is_empty() { 2 } else { 4 }).sum::<usize>();
        let columns = NonZeroUsize::new(width).ok_or(Undefined::NoData)?;
        let mut table = Vec::with_capacity(clusters * width);
        for cluster in 0..clusters {
            for line in lines {
                for side in [line.plus, line.minus] {
                    table.extend(side.get(cluster).into_iter().flat_map(|count| [count.hits, count.total]));
                }
            }
        }
        let sums = self.resample(clusters).sums(&table, columns, threads())?;
        let defined = sums.chunks(width).filter_map(|row| values(row, lines));
        let replicates: Vec<Vec<f64>> = defined.collect();
        // More than one resample in ten without a positive: its law is that of the others no longer.
        if replicates.len() * 10 < self.context.options.resamples * 9 {
            return Err(Undefined::TooFew);
        }
        Ok(replicates)
    }

    fn resample(&mut self, clusters: usize) -> &ClusterResample {
        let options = self.context.options;
        self.resample.get_or_insert_with(|| {
            let key = StreamKey::new(options.seed, "all", "both", "joint_resample");
            ClusterResample::draw(&vec![0; clusters], options.resamples, &key, threads())
        })
    }
}

/// The value of each line from one row of sums; none where a side has no example.
fn values(row: &[f64], lines: &[Linear<'_>]) -> Option<Vec<f64>> {
    let mut sums = row.chunks_exact(2).map(|pair| (pair[1] > 0.0).then(|| pair[0] / pair[1]));
    lines
        .iter()
        .map(|line| {
            let plus = sums.next()??;
            if line.minus.is_empty() { Some(plus) } else { Some(plus - sums.next()??) }
        })
        .collect()
}

/// Clusters that count for any line, and one less than those of the side that lies in the fewest.
fn sizes(lines: &[Linear<'_>]) -> Result<(f64, f64), Undefined> {
    let first = lines.first().ok_or(Undefined::NoData)?;
    let occupied = |cluster: usize| lines.iter().any(|line| line.occupied[cluster]);
    let clusters = (0..first.occupied.len()).filter(|cluster| occupied(*cluster)).count();
    let fewest = lines.iter().map(|line| line.fewest).min().unwrap_or(0);
    if fewest < 2 { Err(Undefined::SingleCluster) } else { Ok((clusters as f64, fewest as f64 - 1.0)) }
}

/// Critical value of t over that of the normal distribution.
fn widening(level: f64, degrees: f64) -> f64 {
    t_critical(level, degrees) / normal_quantile(0.5 + 0.5 * level)
}

/// Threads of the resampling; they change no byte.
fn threads() -> NonZeroUsize {
    NonZeroUsize::new(rayon::current_num_threads()).unwrap_or(NonZeroUsize::MIN)
}
