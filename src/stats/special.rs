//! Distribution functions and quantiles behind every interval, to near machine precision in the tails.
//!
//! Thin over `libm` and `statrs`. Two parts are our own, for a stated reason: the normal tail (`statrs` 0.19 loses digits past
//! six standard deviations) and the incomplete beta function (`statrs` stops its continued fraction after 140 terms,
//! which is too few beyond some ten thousand examples). Arguments outside the stated domain are a mistake of the caller, who has
//! the data and the reason; they are checked in debug builds only.

mod beta;

pub use beta::{beta_cdf, beta_quantile, beta_sf, binomial_cdf, binomial_pmf};

use std::f64::consts::{PI, SQRT_2};

/// Degrees of freedom from which the expansions of the t distribution in 1/df are exact to double precision.
const LARGE_DF: f64 = 1e4;

/// Natural logarithm of the gamma function, for x > 0.
pub fn ln_gamma(x: f64) -> f64 {
    statrs::function::gamma::ln_gamma(x)
}

/// Density of the standard normal distribution.
pub fn normal_pdf(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// P(Z <= x) of the standard normal distribution.
pub fn normal_cdf(x: f64) -> f64 {
    normal_sf(-x)
}

/// P(Z > x) of the standard normal distribution, with full relative precision in the tail.
pub fn normal_sf(x: f64) -> f64 {
    0.5 * libm::erfc(x / SQRT_2)
}

/// The x with P(Z <= x) = p; p in (0, 1), -inf at 0 and +inf at 1.
///
/// The inverse of `statrs` polished by one Newton step on the tail.
pub fn normal_quantile(p: f64) -> f64 {
    debug_assert!((0.0..=1.0).contains(&p), "a probability: {p}");
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p == 0.5 {
        return 0.0;
    }
    let start = -SQRT_2 * statrs::function::erf::erfc_inv(2.0 * p);
    // The error is measured on the smaller tail, where the subtraction keeps its digits.
    let error = if p < 0.5 { normal_cdf(start) - p } else { (1.0 - p) - normal_sf(start) };
    start - error / normal_pdf(start)
}

/// Critical value of a two-sided normal interval: `Phi^-1(1 - (1 - level)/2)`, 1.959963984540054 at 0.95.
pub fn normal_critical(level: f64) -> f64 {
    -normal_quantile(0.5 * (1.0 - level))
}

/// P(T > t) of Student's t with `df` > 0 degrees of freedom, not necessarily whole.
///
/// Source: `I_x(df/2, 1/2)/2` with `x = df/(df + t^2)`; from 10,000 degrees of freedom the normal deviate of Hill (1970,
/// Algorithm 395, CACM 13:617), whose error there is below 1e-15.
pub fn t_sf(t: f64, df: f64) -> f64 {
    debug_assert!(df > 0.0, "degrees of freedom: {df}");
    let tail = if df >= LARGE_DF { normal_sf(hill_deviate(t.abs(), df)) } else { t_tail(t.abs(), df) };
    if t >= 0.0 { tail } else { 1.0 - tail }
}

/// P(T <= t) of Student's t.
pub fn t_cdf(t: f64, df: f64) -> f64 {
    t_sf(-t, df)
}

/// The t with P(T <= t) = p; p in (0, 1), infinite at the ends.
///
/// The tail is convex and the normal quantile never exceeds that of t in magnitude, so Newton's steps from there are monotone.
pub fn t_quantile(p: f64, df: f64) -> f64 {
    debug_assert!((0.0..=1.0).contains(&p) && df > 0.0, "p {p}, df {df}");
    let tail = p.min(1.0 - p);
    let magnitude = if tail <= 0.0 {
        f64::INFINITY
    } else if df >= LARGE_DF {
        cornish_fisher(-normal_quantile(tail), df)
    } else {
        t_tail_quantile(tail, df)
    };
    if p < 0.5 { -magnitude } else { magnitude }
}

/// Critical value of a two-sided t interval at `level`.
pub fn t_critical(level: f64, df: f64) -> f64 {
    -t_quantile(0.5 * (1.0 - level), df)
}

/// P(X > x) of the chi-squared distribution with `df` > 0 degrees of freedom.
pub fn chi_squared_sf(x: f64, df: f64) -> f64 {
    debug_assert!(df > 0.0, "degrees of freedom: {df}");
    if x <= 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        statrs::function::gamma::gamma_ur(0.5 * df, 0.5 * x)
    }
}

/// P(T > t) for t >= 0, by the incomplete beta function.
fn t_tail(t: f64, df: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    let square = t * t;
    // The smaller of x and 1 - x is the one that is computed without a subtraction.
    if square < df {
        0.5 * beta_sf(square / (df + square), 0.5, 0.5 * df)
    } else {
        0.5 * beta_cdf(df / (df + square), 0.5 * df, 0.5)
    }
}

/// Density of t.
fn t_pdf(t: f64, df: f64) -> f64 {
    let scale = ln_gamma(0.5 * (df + 1.0)) - ln_gamma(0.5 * df) - 0.5 * (df * PI).ln();
    (scale - 0.5 * (df + 1.0) * (t * t / df).ln_1p()).exp()
}

/// The t >= 0 with P(T > t) = `tail`, 0 < tail <= 1/2.
fn t_tail_quantile(tail: f64, df: f64) -> f64 {
    let mut t = (-normal_quantile(tail)).max(0.0);
    for _ in 0..500 {
        let step = (t_tail(t, df) - tail) / t_pdf(t, df);
        t += step;
        // The next step would be the square of this one.
        if step.abs() <= 1e-10 * t || !t.is_finite() {
            break;
        }
    }
    t
}

/// Hill's normal deviate with the same tail as `t`.
fn hill_deviate(t: f64, df: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t * t / df).ln_1p();
    let correction = ((((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0) / b + 1.0;
    correction * y.sqrt()
}

/// Quantile of t from the normal quantile `z` (Abramowitz & Stegun 1964, 26.7.5).
fn cornish_fisher(z: f64, df: f64) -> f64 {
    let w = z * z;
    let g1 = z * (w + 1.0) / 4.0;
    let g2 = z * ((5.0 * w + 16.0) * w + 3.0) / 96.0;
    let g3 = z * (((3.0 * w + 19.0) * w + 17.0) * w - 15.0) / 384.0;
    let g4 = z * ((((79.0 * w + 776.0) * w + 1482.0) * w - 1920.0) * w - 945.0) / 92160.0;
    z + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-300), "{found} against {expected}");
    }

    #[test]
    fn closed_forms_of_t() {
        // One degree of freedom is Cauchy: P(T > 1) = 1/4. Two: P(T > t) = 1/2 - t/(2 sqrt(2 + t^2)), at sqrt(2/3): 1/4.
        close(t_sf(1.0, 1.0), 0.25);
        close(t_sf((2.0_f64 / 3.0).sqrt(), 2.0), 0.25);
        close(t_quantile(0.25, 1.0), -1.0);
        // The far tail of Cauchy: 1/(pi t).
        close(-t_quantile(1e-6, 1.0) * PI * 1e-6, 1.0 - (PI * 1e-6).powi(2) / 3.0);
        assert_eq!(t_quantile(0.5, 3.0), 0.0);
    }

    #[test]
    fn the_two_branches_of_t_meet() {
        for t in [0.1, 1.0, 2.0, 5.0, 9.0] {
            let (below, above) = (t_tail(t, LARGE_DF), normal_sf(hill_deviate(t, LARGE_DF)));
            assert!((below / above - 1.0).abs() < 5e-12, "at {t}: {below} against {above}");
            let tail = normal_sf(t);
            let (below, above) = (t_tail_quantile(tail, LARGE_DF), cornish_fisher(t, LARGE_DF));
            assert!((below / above - 1.0).abs() < 5e-12, "at {t}: {below} against {above}");
        }
    }

    #[test]
    fn quantiles_invert_their_distributions() {
        for p in [1e-12, 1e-4, 0.025, 0.3, 0.5, 0.7, 0.999] {
            close(normal_cdf(normal_quantile(p)), p);
            for df in [0.7, 1.0, 2.5, 17.0, 300.0, 5e4] {
                close(t_cdf(t_quantile(p, df), df), p);
            }
        }
        close(normal_critical(0.95), 1.959_963_984_540_054);
    }

    /// Values to 15 digits from mpmath at 40 digits; relative, since an absolute tolerance says nothing of a tail.
    #[test]
    fn tails_keep_their_relative_precision() {
        close(normal_sf(6.0), 9.865_876_450_376_98e-10);
        close(binomial_cdf(3.0, 60.0, 0.5), 3.126_925_801_621_99e-14);
        close(chi_squared_sf(25.0, 10.0), 0.005_345_505_487_134_06);
        close(beta_quantile(0.025, 1.0, 17.0), 0.001_488_174_391_266_63);
    }

    #[test]
    fn the_ends_of_the_line_are_infinite_and_certain() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(t_quantile(1.0, 4.0), f64::INFINITY);
        assert_eq!((normal_sf(f64::INFINITY), t_sf(f64::INFINITY, 3.0), t_sf(f64::NEG_INFINITY, 3.0)), (0.0, 0.0, 1.0));
        assert_eq!((chi_squared_sf(0.0, 3.0), chi_squared_sf(f64::INFINITY, 3.0)), (1.0, 0.0));
    }
}
