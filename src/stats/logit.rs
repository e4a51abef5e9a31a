//! The logit scale.

/// ln(p / (1 - p)), for p strictly between 0 and 1.
pub fn logit(p: f64) -> f64 {
    // 1 - p is exact for p >= 1/2 and ln_1p keeps the digits for small p.
    p.ln() - (-p).ln_1p()
}

/// 1 / (1 + e^-x), without overflow at either end.
pub fn expit(x: f64) -> f64 {
    if x >= 0.0 {
        return 1.0 / (1.0 + (-x).exp());
    }
    let e = x.exp();
    e / (1.0 + e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_to_each_other_and_bounded() {
        assert!((logit(0.75) - 3.0_f64.ln()).abs() < 1e-15);
        assert_eq!((expit(0.0), expit(800.0), expit(-800.0)), (0.5, 1.0, 0.0));
        for p in [1e-300, 1e-12, 0.2, 0.5, 0.999_999] {
            assert!((expit(logit(p)) / p - 1.0).abs() < 1e-12, "{p}");
        }
    }
}
