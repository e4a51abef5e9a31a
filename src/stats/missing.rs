//! What missing verdicts can do to a share: bounds, and the interval of a share that is only bounded.

mod trend;

pub use trend::{MissingTrend, SeverityMissing, missing_trend};

use super::proportion::{ClusterCount, check_level, guarded_wilson};
use super::root::bisect;
use super::special::normal_cdf;
use super::{Interval, Undefined};

/// A cluster's verdicts on its positives, with those that are missing. Counts may be fractional.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MissingCount {
    /// Scored and flagged.
    pub hits: f64,
    /// Scored and not flagged.
    pub misses: f64,
    /// Asked without a verdict.
    pub missing: f64,
}

impl MissingCount {
    /// Sums over clusters.
    pub fn sum(cells: &[MissingCount]) -> Self {
        cells.iter().fold(Self::default(), |sum, cell| Self {
            hits: sum.hits + cell.hits,
            misses: sum.misses + cell.misses,
            missing: sum.missing + cell.missing,
        })
    }

    fn total(&self) -> f64 {
        self.hits + self.misses + self.missing
    }

    fn is_sound(&self) -> bool {
        [self.hits, self.misses, self.missing].iter().all(|count| count.is_finite() && *count >= 0.0)
    }
}

/// A share under every reading of its missing verdicts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MissingBounds {
    /// Every missing verdict a miss.
    pub lower: f64,
    /// Every missing verdict a hit.
    pub upper: f64,
    /// Scored verdicts only; `NoData` if none was scored.
    pub complete_case: Result<f64, Undefined>,
    /// Intention to treat, the headline for recall: missing is not flagged, hence `lower`.
    pub intention_to_treat: f64,
}

/// Worst-case bounds of a share with missing verdicts, assuming nothing about them.
///
/// For specificity and other shares of negatives the headline is `complete_case` with these bounds: reading silence as a correct pass
/// flatters a judge that refuses.
///
/// **Undefined**: `NoData` without examples, `Incompatible` for malformed counts. **Cost** O(1). **Source**: Manski (1989), J Human
/// Resources 24:343.
///
/// ```
/// use lacuna_stats::missing::{MissingCount, missing_bounds};
/// let bounds = missing_bounds(&MissingCount { hits: 3.0, misses: 1.0, missing: 1.0 }).unwrap();
/// assert_eq!((bounds.lower, bounds.upper, bounds.complete_case), (3.0 / 5.0, 4.0 / 5.0, Ok(3.0 / 4.0)));
/// ```
pub fn missing_bounds(counts: &MissingCount) -> Result<MissingBounds, Undefined> {
    if !counts.is_sound() {
        return Err(Undefined::Incompatible);
    }
    let total = counts.total();
    if total == 0.0 {
        return Err(Undefined::NoData);
    }
    let scored = counts.hits + counts.misses;
    Ok(MissingBounds {
        lower: counts.hits / total,
        upper: (counts.hits + counts.missing) / total,
        complete_case: if scored > 0.0 { Ok(counts.hits / scored) } else { Err(Undefined::NoData) },
        intention_to_treat: counts.hits / total,
    })
}

/// Bounds of a difference from the bounds of its terms.
pub fn difference_bounds(first: &MissingBounds, second: &MissingBounds) -> Interval {
    Interval { lower: first.lower - second.upper, upper: first.upper - second.lower }
}

/// A conservative interval for a clustered share with missing verdicts: the guarded lower limit of the lower bound to the guarded
/// upper limit of the upper bound.
///
/// **Undefined**, **cost**, **source**: as [`guarded_wilson`].
pub fn clustered_missing_interval(cells: &[MissingCount], level: f64) -> Result<Interval, Undefined> {
    if !cells.iter().all(MissingCount::is_sound) {
        return Err(Undefined::Incompatible);
    }
    let share = |hits: fn(&MissingCount) -> f64| {
        let counts: Vec<ClusterCount> = cells.iter().map(|cell| ClusterCount::new(hits(cell), cell.total())).collect();
        guarded_wilson(&counts, level).map(|guarded| guarded.interval)
    };
    Ok(Interval { lower: share(|cell| cell.hits)?.lower, upper: share(|cell| cell.hits + cell.missing)?.upper })
}

/// The interval of Imbens and Manski for a bounded share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImbensManski {
    /// Critical value, between the one-sided and the two-sided one; `ZeroVariance` where neither bound varies.
    pub critical: Result<f64, Undefined>,
    /// The interval, clipped to \[0, 1\]; the bounds themselves where neither varies.
    pub interval: Interval,
}

/// The interval that covers a share, not its whole set of bounds, with probability `level`: `C` solves
/// `Phi(C + (upper - lower)/max(se)) - Phi(-C) = level`.
///
/// For independent examples; clusters have [`clustered_missing_interval`].
///
/// **Inputs**: bounds with their standard errors. **Undefined**: `Incompatible` outside the domain. **Cost**: one root. **Source**:
/// Imbens & Manski (2004), Econometrica 72:1845.
pub fn imbens_manski(bounds: Interval, standard_errors: [f64; 2], level: f64) -> Result<ImbensManski, Undefined> {
    check_level(level)?;
    let Interval { lower, upper } = bounds;
    let [lower_error, upper_error] = standard_errors;
    let sound = 0.0 <= lower && lower <= upper && upper <= 1.0;
    if !sound || !standard_errors.iter().all(|error| error.is_finite() && *error >= 0.0) {
        return Err(Undefined::Incompatible);
    }
    let largest = lower_error.max(upper_error);
    if largest == 0.0 {
        return Ok(ImbensManski { critical: Err(Undefined::ZeroVariance), interval: bounds });
    }
    let width = (upper - lower) / largest;
    let critical = bisect(|c| normal_cdf(c + width) - normal_cdf(-c) - level, 0.0, 40.0);
    let interval =
        Interval { lower: (lower - critical * lower_error).max(0.0), upper: (upper + critical * upper_error).min(1.0) };
    Ok(ImbensManski { critical: Ok(critical), interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::normal_critical;

    #[test]
    fn bounds_meet_where_nothing_is_missing() {
        let bounds = missing_bounds(&MissingCount { hits: 1.0, misses: 3.0, missing: 0.0 }).unwrap();
        assert_eq!((bounds.lower, bounds.upper, bounds.complete_case), (0.25, 0.25, Ok(0.25)));
    }

    #[test]
    fn all_missing_is_bounded_by_nothing_and_none_is_undefined() {
        let bounds = missing_bounds(&MissingCount { missing: 5.0, ..Default::default() }).unwrap();
        assert_eq!((bounds.lower, bounds.upper, bounds.intention_to_treat), (0.0, 1.0, 0.0));
        assert_eq!(bounds.complete_case, Err(Undefined::NoData));
        assert_eq!(missing_bounds(&MissingCount::default()), Err(Undefined::NoData));
        assert_eq!(missing_bounds(&MissingCount { hits: -1.0, ..Default::default() }), Err(Undefined::Incompatible));
    }

    #[test]
    fn difference_takes_the_worst_of_both() {
        let bounds = |hits, misses, missing| missing_bounds(&MissingCount { hits, misses, missing }).unwrap();
        // [1/4, 1/2] - [1/2, 3/4] = [-1/2, 0].
        let found = difference_bounds(&bounds(1.0, 2.0, 1.0), &bounds(2.0, 1.0, 1.0));
        assert_eq!((found.lower, found.upper), (-0.5, 0.0));
    }

    #[test]
    fn the_critical_value_runs_from_two_sided_to_one_sided() {
        let point = imbens_manski(Interval { lower: 0.4, upper: 0.4 }, [0.1, 0.1], 0.95).unwrap();
        assert!((point.critical.unwrap() - normal_critical(0.95)).abs() < 1e-12);
        let wide = imbens_manski(Interval { lower: 0.1, upper: 0.9 }, [0.01, 0.01], 0.95).unwrap();
        assert!((wide.critical.unwrap() - normal_critical(0.90)).abs() < 1e-12);
        let certain = imbens_manski(Interval { lower: 0.1, upper: 0.9 }, [0.0, 0.0], 0.95).unwrap();
        assert_eq!((certain.critical, certain.interval.lower), (Err(Undefined::ZeroVariance), 0.1));
        let crossed = imbens_manski(Interval { lower: 0.5, upper: 0.4 }, [0.1, 0.1], 0.95);
        assert_eq!(crossed, Err(Undefined::Incompatible));
    }

    #[test]
    fn the_clustered_interval_holds_both_guarded_ones() {
        let cell = |hits, misses, missing| MissingCount { hits, misses, missing };
        let cells = [cell(2.0, 1.0, 1.0), cell(0.0, 3.0, 0.0), cell(1.0, 1.0, 2.0)];
        let found = clustered_missing_interval(&cells, 0.95).unwrap();
        let bounds = missing_bounds(&MissingCount::sum(&cells)).unwrap();
        assert!(found.lower < bounds.lower && bounds.upper < found.upper);
        assert_eq!(clustered_missing_interval(&cells[..1], 0.95), Err(Undefined::SingleCluster));
        assert_eq!(clustered_missing_interval(&[], 0.95), Err(Undefined::NoData));
        assert_eq!(clustered_missing_interval(&[cell(-1.0, 2.0, 0.0)], 0.95), Err(Undefined::Incompatible));
    }
}
