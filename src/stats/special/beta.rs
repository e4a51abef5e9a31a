//! The incomplete beta function with both tails, its inverse, and the binomial distribution that follows from it.

use super::ln_gamma;

/// Terms of the continued fraction; it needs about the square root of the larger parameter.
const TERMS: usize = 100_000;

/// Halvings from 1 to the smallest positive double.
const HALVINGS: usize = 1_100;

/// The regularised incomplete beta function and its complement, each without cancellation.
struct Tails {
    lower: f64,
    upper: f64,
}

/// P(X <= x) of the beta distribution with shapes `a`, `b` > 0: the regularised incomplete beta function I_x(a, b).
pub fn beta_cdf(x: f64, a: f64, b: f64) -> f64 {
    tails(x, a, b).lower
}

/// P(X > x) of the beta distribution.
pub fn beta_sf(x: f64, a: f64, b: f64) -> f64 {
    tails(x, a, b).upper
}

/// The x in \[0, 1\] with P(X <= x) = p of the beta distribution with shapes `a`, `b` > 0.
///
/// Newton's method on the smaller tail, held inside a bracket that bisection shrinks.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    debug_assert!((0.0..=1.0).contains(&p) && a > 0.0 && b > 0.0, "p {p}, shapes {a}, {b}");
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let ln_scale = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..HALVINGS {
        let Tails { lower, upper } = tails(x, a, b);
        let error = if p <= 0.5 { lower - p } else { (1.0 - p) - upper };
        if error > 0.0 {
            high = x
        } else {
            low = x
        }
        let density = (ln_scale + (a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p()).exp();
        let newton = x - error / density;
        let inside = newton > low && newton < high;
        let next = if inside { newton } else { 0.5 * (low + high) };
        // After a small step of Newton's the next would be its square; bisection goes on until the bracket closes.
        let done = (inside && (next - x).abs() <= 1e-10 * x) || high - low <= f64::EPSILON * high;
        x = next;
        if done {
            break;
        }
    }
    x
}

/// P(X <= k) of the binomial distribution with `n` trials of probability `p`.
pub fn binomial_cdf(k: f64, n: f64, p: f64) -> f64 {
    if k < 0.0 {
        0.0
    } else if k >= n {
        1.0
    } else {
        beta_sf(p, k + 1.0, n - k)
    }
}

/// P(X = k) of the binomial distribution, 0 < p < 1, 0 <= k <= n.
pub fn binomial_pmf(k: f64, n: f64, p: f64) -> f64 {
    let ln_ways = ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0);
    (ln_ways + k * p.ln() + (n - k) * (-p).ln_1p()).exp()
}

/// Both tails at `x`: the continued fraction converges fast below the mean and is mirrored above it.
fn tails(x: f64, a: f64, b: f64) -> Tails {
    debug_assert!(a > 0.0 && b > 0.0, "shapes {a}, {b}");
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if x >= 1.0 {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = front * fraction(x, a, b) / a;
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = front * fraction(1.0 - x, b, a) / b;
        Tails { lower: 1.0 - upper, upper }
    }
}

/// The continued fraction of I_x(a, b) (DLMF 8.17.22) by the modified Lentz method.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let floor = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / floor(1.0 + even * d);
        c = floor(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / floor(1.0 + odd * d);
        c = floor(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        // I_x(1, b) = 1 - (1 - x)^b; I_x(a, 1) = x^a; symmetric at a = b.
        assert!((beta_cdf(0.2, 1.0, 3.0) - (1.0 - 0.512)).abs() < 1e-14);
        assert!((beta_cdf(0.2, 3.0, 1.0) - 0.008).abs() < 1e-15);
        assert!((beta_cdf(0.5, 7.5, 7.5) - 0.5).abs() < 1e-13);
        assert!((beta_quantile(0.008, 3.0, 1.0) - 0.2).abs() < 1e-14);
    }

    #[test]
    fn ten_million_trials_converge() {
        // The median of Beta(a, b) is close to (a - 1/3)/(a + b - 2/3), to O(n^-2).
        let (a, b) = (3e6, 7e6);
        let median = beta_quantile(0.5, a, b);
        assert!((median - (a - 1.0 / 3.0) / (a + b - 2.0 / 3.0)).abs() < 1e-11, "{median}");
    }

    #[test]
    fn binomial_by_enumeration() {
        // Three coins: 1/8, 3/8, 3/8, 1/8.
        assert!((binomial_cdf(1.0, 3.0, 0.5) - 0.5).abs() < 1e-13);
        assert!((binomial_pmf(2.0, 3.0, 0.5) - 0.375).abs() < 1e-14);
        assert_eq!((binomial_cdf(-1.0, 3.0, 0.5), binomial_cdf(3.0, 3.0, 0.5)), (0.0, 1.0));
    }

    #[test]
    fn quantile_and_distribution_are_inverse() {
        for (a, b) in [(0.5, 0.5), (0.1, 8.0), (14.0, 32.0), (300.0, 1.0)] {
            for p in [1e-9, 0.025, 0.5, 0.975] {
                let x = beta_quantile(p, a, b);
                assert!((beta_cdf(x, a, b) / p - 1.0).abs() < 1e-10, "Beta({a}, {b}) at {p}: {x}");
            }
        }
    }
}
