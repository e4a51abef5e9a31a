//! Differential functioning by logistic regression.

use nalgebra::DMatrix;

use crate::Undefined;
use crate::input::{InputError, all_finite, same_length};
use crate::logistic::{Logistic, Penalty};
use crate::special::chi_squared_sf;

/// Likelihood-ratio tests of a group difference at equal severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticDif {
    /// Chi-squared (1) of a shift between groups.
    pub uniform: f64,
    /// p-value of the shift.
    pub p_uniform: f64,
    /// Chi-squared (1) of a slope in severity that differs between groups, given the shift.
    pub nonuniform: f64,
    /// p-value of the slope difference.
    pub p_nonuniform: f64,
    /// Chi-squared (2) of both.
    pub total: f64,
    /// p-value of both.
    pub p_total: f64,
}

/// Logistic tests of differential functioning: hit on severity, then group, then group x severity.
///
/// Finds what [`mantel_haenszel`](super::mantel_haenszel) cannot: a group whose severe harms are seen and whose mild ones
/// are not. Items are assumed independent: with clusters permute the group labels of whole clusters.
///
/// **Inputs**: hit, gold severity and group (0 or 1, or a score) per item.
/// **Returns**: chi-squared statistics and p-values.
/// **Undefined**: `no_data`; `singular` for a constant severity or group; `separation`.
/// **Errors**: lengths differ, or a value is not finite. **Cost**: three logistic fits.
/// **Source**: Swaminathan and Rogers (1990), JEM 27:361; agrees with R `glm` deviances and statsmodels `Logit` to 1e-9.
pub fn logistic_dif(
    hits: &[bool],
    severity: &[f64],
    group: &[f64],
) -> Result<Result<LogisticDif, Undefined>, InputError> {
    same_length("severities", severity.len(), hits.len())?;
    same_length("groups", group.len(), hits.len())?;
    all_finite("severities", severity)?;
    all_finite("groups", group)?;
    let targets: Vec<f64> = hits.iter().map(|hit| f64::from(*hit)).collect();
    let log_likelihood = |columns: usize| {
        let cell = |row: usize, column: usize| match column {
            0 => 1.0,
            1 => severity[row],
            2 => group[row],
            _ => group[row] * severity[row],
        };
        let design = DMatrix::from_fn(hits.len(), columns, cell);
        let logistic =
            Logistic { design: &design, targets: &targets, weights: None, offset: None, penalty: Penalty::None };
        logistic.fit().map(|fit| fit.log_likelihood)
    };
    Ok(tests([2, 3, 4].map(log_likelihood)))
}

fn tests([severity, group, interaction]: [Result<f64, Undefined>; 3]) -> Result<LogisticDif, Undefined> {
    let (severity, group, interaction) = (severity?, group?, interaction?);
    // A larger model is never less likely; what rounding leaves below 0 is 0.
    let ratio = |small: f64, large: f64| (2.0 * (large - small)).max(0.0);
    let (uniform, nonuniform, total) =
        (ratio(severity, group), ratio(group, interaction), ratio(severity, interaction));
    Ok(LogisticDif {
        uniform,
        p_uniform: chi_squared_sf(uniform, 1.0),
        nonuniform,
        p_nonuniform: chi_squared_sf(nonuniform, 1.0),
        total,
        p_total: chi_squared_sf(total, 2.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    /// Two severities, two groups, four items a cell, 1 and 3 hits in either group: every model fits alike.
    #[test]
    fn groups_that_do_not_differ_give_zero() {
        let (hits, severity, group) = cells([1, 3, 1, 3]);
        let found = logistic_dif(&hits, &severity, &group).unwrap().unwrap();
        assert!(found.uniform < 1e-12 && found.total < 1e-12 && (found.p_total - 1.0).abs() < 1e-9);
    }

    /// Cells 1 3 | 3 1 of 4: the severity slope is 0 overall and opposite by group, the shift is 0, so all of the total is
    /// non-uniform: 2 (16 ln 2 + 4 (ln(1/4) + 3 ln(3/4))).
    #[test]
    fn crossed_slopes_by_hand() {
        let (hits, severity, group) = cells([1, 3, 3, 1]);
        let found = logistic_dif(&hits, &severity, &group).unwrap().unwrap();
        let expected = 2.0 * (16.0 * 2.0_f64.ln() + 4.0 * (0.25_f64.ln() + 3.0 * 0.75_f64.ln()));
        assert!(found.uniform < 1e-12);
        assert!((found.nonuniform - expected).abs() < 1e-11 && (found.total - expected).abs() < 1e-11);
        assert!((found.p_total - (-expected / 2.0).exp()).abs() < 1e-13);
    }

    fn cells(hits: [usize; 4]) -> (Vec<bool>, Vec<f64>, Vec<f64>) {
        let (mut y, mut severity, mut group) = (vec![], vec![], vec![]);
        for (cell, hits) in hits.into_iter().enumerate() {
            for item in 0..4 {
                y.push(item < hits);
                severity.push((cell % 2) as f64);
                group.push((cell / 2) as f64);
            }
        }
        (y, severity, group)
    }

    #[test]
    fn undefined_and_malformed() {
        let of = |hits: &[bool], severity: &[f64], group: &[f64]| logistic_dif(hits, severity, group);
        assert_eq!(of(&[], &[], &[]), Ok(Err(Undefined::NoData)));
        let hits = [true, false, true, false];
        assert_eq!(of(&hits, &[1.0; 4], &[0.0, 0.0, 1.0, 1.0]), Ok(Err(Undefined::Singular)));
        let separated = of(&[false, false, true, true], &[1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, 0.0, 1.0]);
        assert_eq!(separated, Ok(Err(Undefined::Separation)));
        assert!(of(&hits, &[1.0], &[0.0; 4]).is_err());
        assert!(of(&hits, &[f64::NAN; 4], &[0.0; 4]).is_err());
    }

    #[test]
    fn p_values_are_probabilities_and_the_parts_add_up() {
        let mut random = Arbitrary::new(34);
        let mut defined = 0;
        for _ in 0..200 {
            let n = random.below(24);
            let hits: Vec<bool> = (0..n).map(|_| random.coin(0.5)).collect();
            let [severity, group] =
                [3, 2].map(|levels| (0..n).map(|_| random.below(levels) as f64).collect::<Vec<_>>());
            let Ok(found) = logistic_dif(&hits, &severity, &group).unwrap() else { continue };
            defined += 1;
            assert!((found.uniform + found.nonuniform - found.total).abs() < 1e-9);
            assert!([found.p_uniform, found.p_nonuniform, found.p_total].iter().all(|p| (0.0..=1.0).contains(p)));
        }
        assert!(defined > 20, "{defined}");
    }
}
