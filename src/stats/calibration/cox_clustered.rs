//! Cox's calibration line without each cluster in turn, by one Newton step.

use super::cox::{CoxCalibration, cox_calibration};
use super::forecasts::Forecasts;
use crate::Undefined;
use crate::input::InputError;
use crate::logit::{expit, logit};

/// Leave-one-cluster-out values of the calibration line, in the order of the clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct CoxLeaveOneOut {
    /// The values of all clusters.
    pub all: CoxCalibration,
    /// Calibration in the large without each cluster.
    pub in_the_large: Vec<Result<f64, Undefined>>,
    /// Intercept and slope without each cluster.
    pub line: Vec<Result<(f64, f64), Undefined>>,
}

/// Calibration in the large, intercept and slope without each cluster in turn.
///
/// Each value is one Newton step from the fit of all clusters: exact up to the square of what a cluster moves, and as
/// cheap as one fit whatever the number of clusters.
///
/// **Inputs**: the table of all clusters together, and one a cluster; the distance from 0 and 1 at which forecasts are held.
/// **Returns**: the fit of all and the leave-one-out values, for a jackknife. **Undefined**: as [`cox_calibration`]; a
/// value without a cluster is `one_class` where the rest has one class, `singular` where the rest has one forecast.
/// **Errors**: the clip is out of range. **Cost**: O(atoms of all clusters).
/// **Source**: MacKinnon, Nielsen and Webb (2025), the linearised cluster jackknife (CV3L) of logistic regression.
pub fn cox_leave_one_out(
    total: &Forecasts,
    clusters: &[Forecasts],
    clip: f64,
) -> Result<Result<CoxLeaveOneOut, Undefined>, InputError> {
    let logits: Vec<f64> = total.atoms().iter().map(|atom| logit(atom.p.clamp(clip, 1.0 - clip))).collect();
    Ok(cox_calibration(total, clip)?.map(|all| {
        let (positives, n) = (total.positives(), total.n());
        let both_classes = |cluster: &Forecasts| {
            let (positives, n) = (positives - cluster.positives(), n - cluster.n());
            if positives > 0.0 && positives < n { Ok(()) } else { Err(Undefined::OneClass) }
        };
        let values = |fitted: Result<(f64, f64), Undefined>, shift_only: bool| -> Vec<Result<(f64, f64), Undefined>> {
            let (a, b) = match fitted {
                Ok(fitted) => fitted,
                Err(reason) => return vec![Err(reason); clusters.len()],
            };
            let fitted: Vec<[f64; 2]> = logits.iter().map(|x| [*x, expit(a + b * x)]).collect();
            let parts: Vec<Part> = clusters.iter().map(|cluster| Part::new(cluster, total, &fitted)).collect();
            let whole = parts.iter().fold(Part::default(), |sum, part| sum.plus(part));
            let without = |(cluster, part): (&Forecasts, &Part)| {
                both_classes(cluster)?;
                let (da, db) = whole.step_without(part, shift_only)?;
                Ok((a + da, b + db))
            };
            clusters.iter().zip(&parts).map(without).collect()
        };
        let line = values(all.line.map(|line| (line.intercept.value, line.slope.value)), false);
        let in_the_large = values(all.in_the_large.map(|large| (large.value, 1.0)), true);
        let in_the_large = in_the_large.into_iter().map(|value| value.map(|(a, _)| a)).collect();
        CoxLeaveOneOut { all, in_the_large, line }
    }))
}

/// Score and information of the line at a + b x over some forecasts.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    score: [f64; 2],
    information: [f64; 3],
}

impl Part {
    /// `fitted` holds logit and fitted probability of each atom of the total; an atom that is not in it counts for nothing.
    fn new(forecasts: &Forecasts, total: &Forecasts, fitted: &[[f64; 2]]) -> Self {
        let mut part = Self::default();
        for atom in forecasts.atoms() {
            let Some([x, fitted]) = total.position(atom.p).map(|at| fitted[at]) else { continue };
            let (residual, weight) = (atom.positives - atom.n * fitted, atom.n * fitted * (1.0 - fitted));
            part.score[0] += residual;
            part.score[1] += residual * x;
            part.information[0] += weight;
            part.information[1] += weight * x;
            part.information[2] += weight * x * x;
        }
        part
    }

    fn plus(&self, other: &Self) -> Self {
        let sum = |at: usize| self.information[at] + other.information[at];
        let score = [self.score[0] + other.score[0], self.score[1] + other.score[1]];
        Self { score, information: [sum(0), sum(1), sum(2)] }
    }

    /// One Newton step of the rest, from the fit of the whole.
    fn step_without(&self, part: &Self, shift_only: bool) -> Result<(f64, f64), Undefined> {
        let score = [self.score[0] - part.score[0], self.score[1] - part.score[1]];
        let [aa, ab, bb] = [0, 1, 2].map(|at| self.information[at] - part.information[at]);
        if shift_only {
            return if aa > 0.0 { Ok((score[0] / aa, 0.0)) } else { Err(Undefined::Singular) };
        }
        let determinant = aa * bb - ab * ab;
        if determinant <= 1e-12 * aa * bb {
            return Err(Undefined::Singular);
        }
        Ok(((bb * score[0] - ab * score[1]) / determinant, (aa * score[1] - ab * score[0]) / determinant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty clusters of eight, forecasts on a grid of seven: clusters small enough for the step to be near exact.
    fn clusters() -> Vec<Forecasts> {
        let cluster = |cluster: usize| {
            let p: Vec<f64> = (0..8).map(|item| (1 + (cluster * 5 + item * 3) % 7) as f64 / 8.0).collect();
            let outcome = |(item, p): (usize, &f64)| ((cluster * 37 + item * 61) % 97) as f64 / 97.0 < 0.25 + 0.5 * p;
            let outcomes: Vec<bool> = p.iter().enumerate().map(outcome).collect();
            Forecasts::new(&p, &outcomes).unwrap()
        };
        (0..30).map(cluster).collect()
    }

    #[test]
    fn one_step_is_near_the_fit_without_the_cluster() {
        let clusters = clusters();
        let found = cox_leave_one_out(&Forecasts::merged(&clusters), &clusters, 1e-6).unwrap().unwrap();
        let slope = found.all.line.unwrap().slope.value;
        let (mut steps, mut exact) = (0.0, 0.0);
        for left_out in 0..clusters.len() {
            let rest = Forecasts::merged(clusters.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, c)| c));
            let refit = cox_calibration(&rest, 1e-6).unwrap().unwrap();
            let line = refit.line.unwrap();
            let (a, b) = found.line[left_out].unwrap();
            assert!((a - line.intercept.value).abs() < 2e-3 && (b - line.slope.value).abs() < 2e-3, "{left_out}");
            assert!((found.in_the_large[left_out].unwrap() - refit.in_the_large.unwrap().value).abs() < 2e-3);
            steps += (b - slope).powi(2);
            exact += (line.slope.value - slope).powi(2);
        }
        // The standard errors agree to two per cent.
        assert!(exact > 0.0 && (steps / exact - 1.0).abs() < 0.04, "{steps} and {exact}");
    }

    #[test]
    fn each_reason_is_given() {
        let positive = Forecasts::new(&[0.3, 0.6], &[true, true]).unwrap();
        let negative = Forecasts::new(&[0.3, 0.6], &[false, false]).unwrap();
        let of = |clusters: &[Forecasts], clip| cox_leave_one_out(&Forecasts::merged(clusters), clusters, clip);
        let found = of(&[positive.clone(), negative], 1e-6).unwrap().unwrap();
        assert_eq!((found.line[0], found.in_the_large[1]), (Err(Undefined::OneClass), Err(Undefined::OneClass)));
        let one_class = of(&[positive], 1e-6).unwrap().unwrap();
        assert_eq!(one_class.line, [Err(Undefined::OneClass)]);
        assert_eq!(of(&[], 1e-6).unwrap(), Err(Undefined::NoData));
        assert!(of(&[], 0.7).is_err());
    }
}
