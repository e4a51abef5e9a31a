//! Whether verdicts go missing at random.

use crate::Undefined;
use crate::special::chi_squared_sf;

/// One cluster's asked examples of one gold severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeverityMissing {
    /// Cluster, any label.
    pub cluster: usize,
    /// Gold severity.
    pub severity: f64,
    /// Asked.
    pub asked: f64,
    /// Asked without a verdict.
    pub missing: f64,
}

/// Whether verdicts go missing more often at graver severities, within clusters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MissingTrend {
    /// Covariance of severity and missingness summed over clusters: positive where graver examples go missing.
    pub direction: f64,
    /// Chi-squared with one degree of freedom.
    pub statistic: f64,
    /// p-value; below 0.05 the complete-case recall is not to be interpreted.
    pub p_value: f64,
}

/// The Cochran-Mantel-Haenszel correlation test of missingness with gold severity, stratified by cluster.
///
/// Within a cluster of n asked and m missing, the sum of the missing ones' severities has mean `m s` and variance
/// `m (n - m)/(n - 1) var(s)` if missing is unrelated to severity s.
///
/// **Undefined**: `NoData` without asked examples; `NoVariation` where no cluster has both severities and outcomes to compare;
/// `Incompatible` for malformed counts. **Cost** O(cells log cells). **Source**: Mantel (1963), JASA 58:690; Landis, Heyman & Koch
/// (1978), Int Stat Rev 46:237.
pub fn missing_trend(cells: &[SeverityMissing]) -> Result<MissingTrend, Undefined> {
    let sound = |cell: &SeverityMissing| {
        cell.severity.is_finite() && cell.asked.is_finite() && cell.missing >= 0.0 && cell.missing <= cell.asked
    };
    if !cells.iter().all(sound) {
        return Err(Undefined::Incompatible);
    }
    if !cells.iter().any(|cell| cell.asked > 0.0) {
        return Err(Undefined::NoData);
    }
    let mut sorted = cells.to_vec();
    sorted.sort_by_key(|cell| cell.cluster);
    let (mut direction, mut variance) = (0.0, 0.0);
    for members in sorted.chunk_by(|a, b| a.cluster == b.cluster) {
        let asked: f64 = members.iter().map(|cell| cell.asked).sum();
        let missing: f64 = members.iter().map(|cell| cell.missing).sum();
        if asked <= 1.0 {
            continue;
        }
        let mean = members.iter().map(|cell| cell.asked * cell.severity).sum::<f64>() / asked;
        let spread = members.iter().map(|cell| cell.asked * (cell.severity - mean).powi(2)).sum::<f64>() / asked;
        direction += members.iter().map(|cell| cell.missing * (cell.severity - mean)).sum::<f64>();
        variance += missing * (asked - missing) / (asked - 1.0) * spread;
    }
    if variance <= 0.0 {
        return Err(Undefined::NoVariation);
    }
    let statistic = direction * direction / variance;
    Ok(MissingTrend { direction, statistic, p_value: chi_squared_sf(statistic, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cluster: usize, severity: f64, asked: f64, missing: f64) -> SeverityMissing {
        SeverityMissing { cluster, severity, asked, missing }
    }

    #[test]
    fn missing_trend_by_hand() {
        // Four asked, severities 0 0 1 1, both grave ones missing: direction 2*(1 - 1/2) = 1, variance 2*2/3 * 1/4 = 1/3.
        let found = missing_trend(&[asked(0, 0.0, 2.0, 0.0), asked(0, 1.0, 2.0, 2.0)]).unwrap();
        assert!((found.direction - 1.0).abs() < 1e-15 && (found.statistic - 3.0).abs() < 1e-14);
        // A second such cluster in the other direction cancels it.
        let cancelled = missing_trend(&[
            asked(0, 0.0, 2.0, 0.0),
            asked(0, 1.0, 2.0, 2.0),
            asked(1, 0.0, 2.0, 2.0),
            asked(1, 1.0, 2.0, 0.0),
        ]);
        assert!((cancelled.unwrap().p_value - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_difference_between_clusters_is_no_trend() {
        // All of the grave cluster is missing and none of the mild one: nothing varies within either.
        let found = missing_trend(&[asked(0, 0.0, 4.0, 0.0), asked(1, 3.0, 4.0, 4.0)]);
        assert_eq!(found, Err(Undefined::NoVariation));
        assert_eq!(missing_trend(&[]), Err(Undefined::NoData));
        assert_eq!(missing_trend(&[asked(0, 0.0, 1.0, 2.0)]), Err(Undefined::Incompatible));
    }
}
