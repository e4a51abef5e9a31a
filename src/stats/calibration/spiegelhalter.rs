//! Spiegelhalter's test of calibration, over items and over clusters.

use super::forecasts::Forecasts;
use crate::Undefined;
use crate::special::{normal_sf, t_sf};

/// A test statistic with its two-sided p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationTest {
    /// z, or t with G-1 degrees of freedom for clusters; above 0 the forecasts are too bold, below 0 too timid.
    pub statistic: f64,
    /// Two-sided p-value.
    pub p: f64,
}

/// Sum over items of (outcome - forecast)(1 - 2 forecast).
fn contrast(forecasts: &Forecasts) -> f64 {
    forecasts.atoms().iter().map(|atom| (atom.positives - atom.n * atom.p) * (1.0 - 2.0 * atom.p)).sum()
}

/// Spiegelhalter's z: tests whether the Brier score is what calibrated forecasts would get.
///
/// The reference test under independent items; for responses that share scenarios use [`spiegelhalter_clustered`]. It
/// sees boldness and timidity, not a miscalibration that cancels: a curve belongs beside it.
///
/// **Returns**: z and a two-sided p-value. **Undefined**: `no_data`; `zero_variance` where every forecast is 0, 1/2 or 1.
/// **Cost**: O(atoms).
/// **Source**: Spiegelhalter (1986), Statistics in Medicine 5:421; agrees with R rms `val.prob` S:z to 1e-10.
///
/// ```
/// use lacuna_stats::calibration::{Forecasts, spiegelhalter_z};
/// // (1 - 1/4)(1/2) over sqrt(1/4 * 3/16) = sqrt 3.
/// let test = spiegelhalter_z(&Forecasts::new(&[0.25], &[true])?).unwrap();
/// assert!((test.statistic - 3.0_f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn spiegelhalter_z(forecasts: &Forecasts) -> Result<CalibrationTest, Undefined> {
    if forecasts.atoms().is_empty() {
        return Err(Undefined::NoData);
    }
    let term = |atom: &super::Atom| atom.n * (1.0 - 2.0 * atom.p).powi(2) * atom.p * (1.0 - atom.p);
    let variance: f64 = forecasts.atoms().iter().map(term).sum();
    if variance <= 0.0 {
        return Err(Undefined::ZeroVariance);
    }
    let statistic = contrast(forecasts) / variance.sqrt();
    Ok(CalibrationTest { statistic, p: 2.0 * normal_sf(statistic.abs()) })
}

/// Spiegelhalter's test with the variance between clusters.
///
/// **Inputs**: one table of forecasts a cluster. **Returns**: t with G-1 degrees of freedom and a two-sided p-value.
/// **Undefined**: `no_data`; `single_cluster`; `zero_variance` where all clusters have the same contrast.
/// **Cost**: O(atoms of all clusters).
/// **Source**: the contrast of Spiegelhalter (1986), summed per cluster, with V = G/(G-1) sum (s_g - mean s)^2.
pub fn spiegelhalter_clustered(clusters: &[Forecasts]) -> Result<CalibrationTest, Undefined> {
    let contrasts: Vec<f64> = clusters.iter().filter(|cluster| !cluster.atoms().is_empty()).map(contrast).collect();
    let count = contrasts.len() as f64;
    match contrasts.len() {
        0 => return Err(Undefined::NoData),
        1 => return Err(Undefined::SingleCluster),
        _ => {}
    }
    let total: f64 = contrasts.iter().sum();
    let squares: f64 = contrasts.iter().map(|contrast| (contrast - total / count).powi(2)).sum();
    // Equal contrasts leave rounding errors of their own size squared.
    let scale = contrasts.iter().fold(0.0_f64, |largest, contrast| largest.max(contrast.abs()));
    if squares <= (1e-14 * scale).powi(2) * count {
        return Err(Undefined::ZeroVariance);
    }
    let statistic = total / (count / (count - 1.0) * squares).sqrt();
    Ok(CalibrationTest { statistic, p: 2.0 * t_sf(statistic.abs(), count - 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;
    use crate::calibration::forecasts::arbitrary;

    fn one(p: f64, outcome: bool) -> Forecasts {
        Forecasts::new(&[p], &[outcome]).unwrap()
    }

    /// Contrasts 3/4 * 1/2 = 3/8 and -1/4 * 1/2 = -1/8: total 1/4, squares 2 (1/4)^2 = 1/8, V = 2 * 1/8 = 1/4, t = 1/2;
    /// P(|t_1| > 1/2) = 1 - 2 atan(1/2) / pi.
    #[test]
    fn clusters_by_hand() {
        let test = spiegelhalter_clustered(&[one(0.25, true), one(0.25, false)]).unwrap();
        assert!((test.statistic - 0.5).abs() < 1e-15);
        assert!((test.p - (1.0 - 2.0 * 0.5_f64.atan() / std::f64::consts::PI)).abs() < 1e-13);
    }

    #[test]
    fn undefined_with_its_reason() {
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(spiegelhalter_z(&none), Err(Undefined::NoData));
        let coins = Forecasts::new(&[0.5, 0.0, 1.0], &[true, false, true]).unwrap();
        assert_eq!(spiegelhalter_z(&coins), Err(Undefined::ZeroVariance));
        assert_eq!(spiegelhalter_clustered(&[]), Err(Undefined::NoData));
        assert_eq!(spiegelhalter_clustered(&[one(0.2, true), none]), Err(Undefined::SingleCluster));
        let alike = [one(0.2, true), one(0.2, true), one(0.2, true)];
        assert_eq!(spiegelhalter_clustered(&alike), Err(Undefined::ZeroVariance));
    }

    /// Swapping the classes (p to 1 - p, outcome to its opposite) changes neither test; nor does the order of clusters.
    #[test]
    fn symmetric_in_the_classes() {
        let mut random = Arbitrary::new(13);
        for _ in 0..200 {
            let (p, y) = arbitrary(&mut random);
            let (q, z): (Vec<f64>, Vec<bool>) = p.iter().zip(&y).map(|(p, y)| (1.0 - p, !y)).unzip();
            let (one, other) = (Forecasts::new(&p, &y).unwrap(), Forecasts::new(&q, &z).unwrap());
            match (spiegelhalter_z(&one), spiegelhalter_z(&other)) {
                (Ok(one), Ok(other)) => assert!((one.statistic - other.statistic).abs() < 1e-9),
                (one, other) => assert_eq!(one.is_ok(), other.is_ok()),
            }
            let half = p.len() / 2;
            let first = Forecasts::new(&p[..half], &y[..half]).unwrap();
            let second = Forecasts::new(&p[half..], &y[half..]).unwrap();
            let there = spiegelhalter_clustered(&[first.clone(), second.clone()]);
            let back = spiegelhalter_clustered(&[second, first]);
            match (there, back) {
                (Ok(there), Ok(back)) => assert!((there.p - back.p).abs() < 1e-12),
                (there, back) => assert_eq!(there, back),
            }
        }
    }
}
