//! Hand-worked fits, and when there is none.

use super::*;
use crate::arbitrary::Arbitrary;

fn logistic<'a>(design: &'a DMatrix<f64>, targets: &'a [f64], penalty: Penalty) -> Logistic<'a> {
    Logistic { design, targets, weights: None, offset: None, penalty }
}

/// Hits 1/4 without and 3/4 with the trait: intercept ln(1/3), slope ln 3 - ln(1/3) = 2 ln 3; the variance of the
/// intercept is 1/1 + 1/3 = 4/3, of the slope 8/3; the log-likelihood 2 (ln(1/4) + 3 ln(3/4)).
#[test]
fn two_groups_by_hand() {
    let design = DMatrix::from_fn(8, 2, |row, column| if column == 0 { 1.0 } else { f64::from(row >= 4) });
    let targets = [1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0];
    let fit = logistic(&design, &targets, Penalty::None).fit().unwrap();
    assert!((fit.coefficients[0] + 3.0_f64.ln()).abs() < 1e-14);
    assert!((fit.coefficients[1] - 2.0 * 3.0_f64.ln()).abs() < 1e-14);
    assert!((fit.standard_errors()[0].powi(2) - 4.0 / 3.0).abs() < 1e-13);
    assert!((fit.standard_errors()[1].powi(2) - 8.0 / 3.0).abs() < 1e-13);
    assert!((fit.log_likelihood - 2.0 * (0.25_f64.ln() + 3.0 * 0.75_f64.ln())).abs() < 1e-13);
    assert!((fit.fitted[7] - 0.75).abs() < 1e-14);
}

/// Shares with weights are the same regression as their rows.
#[test]
fn weights_stand_for_rows() {
    let design = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 1.0, 1.0]);
    let weighted = Logistic {
        design: &design,
        targets: &[0.25, 0.75],
        weights: Some(&[4.0, 4.0]),
        offset: Some(&[0.0, 1.0]),
        penalty: Penalty::None,
    };
    let fit = weighted.fit().unwrap();
    assert!((fit.coefficients[1] - (2.0 * 3.0_f64.ln() - 1.0)).abs() < 1e-14);
}

#[test]
fn separation_and_dependent_columns_are_told_apart() {
    let design = DMatrix::from_fn(6, 2, |row, column| if column == 0 { 1.0 } else { row as f64 });
    let targets = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    assert_eq!(logistic(&design, &targets, Penalty::None).fit().err(), Some(Undefined::Separation));
    assert!(logistic(&design, &targets, Penalty::Jeffreys).fit().is_ok());
    assert_eq!(logistic(&design, &[1.0; 6], Penalty::None).fit().err(), Some(Undefined::Separation));
    let twice = DMatrix::from_element(4, 2, 1.0);
    assert_eq!(logistic(&twice, &[0.0, 1.0, 0.0, 1.0], Penalty::None).fit().err(), Some(Undefined::Singular));
    let empty = DMatrix::zeros(0, 1);
    assert_eq!(logistic(&empty, &[], Penalty::None).fit().err(), Some(Undefined::NoData));
}

/// Quasi-separation: only one group is constant; that direction alone is infinite.
#[test]
fn quasi_separation_is_separation() {
    let design = DMatrix::from_fn(8, 2, |row, column| if column == 0 { 1.0 } else { f64::from(row >= 4) });
    let targets = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    assert_eq!(logistic(&design, &targets, Penalty::None).fit().err(), Some(Undefined::Separation));
}

/// Intercept only: ln((k + 1/2) / (n - k + 1/2)), finite at k = n = 3: ln 7.
#[test]
fn firth_of_an_intercept_by_hand() {
    let design = DMatrix::from_element(3, 1, 1.0);
    let fit = logistic(&design, &[1.0; 3], Penalty::Jeffreys).fit().unwrap();
    assert!((fit.coefficients[0] - 7.0_f64.ln()).abs() < 1e-11);
}

/// With an intercept and one covariate the estimate is finite exactly where the classes overlap, Firth's always;
/// rescaling the covariate rescales its coefficient.
#[test]
fn finite_exactly_under_overlap() {
    let mut random = Arbitrary::new(30);
    let mut finite = 0;
    for _ in 0..500 {
        let n = 2 + random.below(7);
        let x: Vec<f64> = (0..n).map(|_| random.below(5) as f64).collect();
        let targets: Vec<f64> = (0..n).map(|_| f64::from(random.coin(0.5))).collect();
        let scaled = |scale: f64| DMatrix::from_fn(n, 2, |row, column| if column == 0 { 1.0 } else { scale * x[row] });
        let fit = logistic(&scaled(1.0), &targets, Penalty::None).fit();
        let of = |class: f64| (0..n).filter(|row| targets[*row] == class).map(|row| x[row]).collect::<Vec<f64>>();
        let (low, high) = (of(0.0), of(1.0));
        let most = |values: &[f64]| values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
        let expected = if x.iter().all(|value| *value == x[0]) {
            Some(Undefined::Singular)
        } else if most(&low) <= least(&high) || most(&high) <= least(&low) {
            Some(Undefined::Separation)
        } else {
            None
        };
        assert_eq!(fit.as_ref().err().copied(), expected, "{x:?} {low:?} {high:?}");
        let penalised = logistic(&scaled(1.0), &targets, Penalty::Jeffreys).fit();
        assert_eq!(penalised.err(), expected.filter(|reason| *reason == Undefined::Singular));
        let Ok(fit) = fit else { continue };
        finite += 1;
        let again = logistic(&scaled(1e6), &targets, Penalty::None).fit().unwrap();
        assert!((again.coefficients[1] * 1e6 - fit.coefficients[1]).abs() < 1e-9 * (1.0 + fit.coefficients[1].abs()));
    }
    assert!(finite > 100, "{finite}");
}
