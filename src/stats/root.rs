//! Roots of monotone functions of one variable.

/// The point of `[low, high]` at which the sign of `f` changes, to the last bit.
///
/// `f` is monotone with `f(low)` and `f(high)` on different sides of zero (infinite values allowed); where they are not, the end with
/// the sign of the root's side is returned. Bisection: some 60 evaluations, none wasted on a bad step.
pub(crate) fn bisect(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    let rising = f(low) < f(high);
    for _ in 0..1_100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        let value = f(middle);
        if value == 0.0 {
            return middle;
        }
        if (value < 0.0) == rising { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rising_and_falling() {
        assert!((bisect(|x| x * x - 2.0, 0.0, 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((bisect(|x| 1.0 - x, -5.0, 3.0) - 1.0).abs() < 1e-15);
        assert!((bisect(|x| if x < 0.3 { f64::NEG_INFINITY } else { x - 0.25 }, 0.0, 1.0) - 0.3).abs() < 1e-15);
    }
}
