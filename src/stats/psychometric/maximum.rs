//! The highest point of a function of one variable that may have several hills.

/// How near the place of a maximum is found, on the scale of the variable.
const NEAR: f64 = 1e-6;
/// Steps of one search; most take eight.
const STEPS: usize = 80;
/// Hills that are climbed: those whose knot is highest.
const HILLS: usize = 2;

/// A place and the value there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Highest {
    pub(super) at: f64,
    pub(super) value: f64,
}

/// The highest point between the first and the last of rising knots, from the hills that the values at the knots show.
///
/// `sketch` has those values, maybe rougher ones than `value` gives; at the knot `kink` the function may have an edge.
pub(super) fn highest(
    knots: &[f64],
    sketch: &[f64],
    kink: Option<usize>,
    mut value: impl FnMut(f64) -> f64,
) -> Highest {
    let is_hill = |at: &usize| {
        (*at == 0 || sketch[*at] >= sketch[at - 1]) && (*at + 1 == knots.len() || sketch[*at] >= sketch[at + 1])
    };
    let mut hills: Vec<usize> = (0..knots.len()).filter(is_hill).collect();
    hills.sort_by(|one, other| sketch[*other].total_cmp(&sketch[*one]));
    let mut best = Highest { at: knots[0], value: f64::NEG_INFINITY };
    for hill in hills.into_iter().take(HILLS) {
        let mut at = hill;
        for _ in 0..knots.len() {
            let (low, top, high) = (knots[at.saturating_sub(1)], knots[at], knots[(at + 1).min(knots.len() - 1)]);
            let sides = if kink == Some(at) { vec![(low, top), (top, high)] } else { vec![(low, high)] };
            let found = sides.into_iter().map(|(low, high)| climb(low, top, high, &mut value));
            let found = found.max_by(|one, other| one.value.total_cmp(&other.value)).expect("one side or two");
            if found.value > best.value {
                best = found;
            }
            // A sketch may miss its hill by a knot: what rises to the next knot goes on from there.
            let next = (0..knots.len()).find(|next| *next != at && (knots[*next] - found.at).abs() < 10.0 * NEAR);
            match next {
                Some(next) if found.value >= best.value && next.abs_diff(at) == 1 => at = next,
                _ => break,
            }
        }
    }
    best
}

/// The top of the hill around `start` in `[low, high]`. Where it is an end of the knots, the way in is looked at first.
fn climb(low: f64, start: f64, high: f64, value: &mut impl FnMut(f64) -> f64) -> Highest {
    let top = Highest { at: start, value: value(start) };
    if start > low && start < high {
        return brent(low, top, high, value);
    }
    let inward = if start <= low { 1.0 } else { -1.0 };
    let at = start + inward * (10.0 * NEAR).min(0.5 * (high - low));
    let inside = Highest { at, value: value(at) };
    if low == high || inside.value <= top.value {
        return top;
    }
    let found = brent(low, inside, high, value);
    if found.value > top.value { found } else { top }
}

/// Brent (1973), Algorithms for minimization without derivatives, chapter 5: parabolas through the last three points, golden
/// sections where these lead nowhere.
fn brent(mut low: f64, mut best: Highest, mut high: f64, value: &mut impl FnMut(f64) -> f64) -> Highest {
    const GOLDEN: f64 = 0.381_966_011_250_105_1;
    let (mut second, mut third) = (best, best);
    let (mut moved, mut before) = (0.0_f64, 0.0_f64);
    for _ in 0..STEPS {
        let middle = 0.5 * (low + high);
        if (best.at - middle).abs() <= 2.0 * NEAR - 0.5 * (high - low) {
            break;
        }
        let parabola = parabola(best, second, third).filter(|step| {
            step.abs() < 0.5 * before.abs() && best.at + step > low + NEAR && best.at + step < high - NEAR
        });
        before = if parabola.is_some() { moved } else { if best.at < middle { high - best.at } else { low - best.at } };
        moved = parabola.unwrap_or(GOLDEN * before);
        let at = best.at + if moved.abs() >= NEAR { moved } else { NEAR.copysign(moved) };
        let found = Highest { at, value: value(at) };
        if found.value >= best.value {
            if at < best.at {
                high = best.at
            } else {
                low = best.at
            }
            (third, second, best) = (second, best, found);
        } else {
            if at < best.at {
                low = at
            } else {
                high = at
            }
            if found.value >= second.value || second.at == best.at {
                (third, second) = (second, found);
            } else if found.value >= third.value || third.at == best.at || third.at == second.at {
                third = found;
            }
        }
    }
    best
}

/// The step from the best point to the top of the parabola through three; none where it has none.
fn parabola(best: Highest, second: Highest, third: Highest) -> Option<f64> {
    let (near, far) = (best.at - second.at, best.at - third.at);
    let (by_far, by_near) = (near * (best.value - third.value), far * (best.value - second.value));
    let step = -0.5 * (near * by_far - far * by_near) / (by_far - by_near);
    step.is_finite().then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(knots: &[f64], value: impl Fn(f64) -> f64) -> Highest {
        let sketch: Vec<f64> = knots.iter().map(|at| value(*at)).collect();
        highest(knots, &sketch, None, value)
    }

    #[test]
    fn tops_inside_and_at_either_end() {
        let found = of(&[0.0, 1.0, 3.0], |x| -(x - 1.3).powi(4));
        assert!((found.at - 1.3).abs() < 1e-2 && found.value > -1e-9, "{found:?}");
        let found = of(&[0.0, 1.0, 3.0], |x| -x.exp());
        assert!((found.at - 0.0).abs() < 1e-12, "{found:?}");
        assert_eq!(of(&[0.0, 1.0, 3.0], |x| x).at, 3.0);
        // A top near an end, and two hills of which the lower knot hides the higher top.
        assert!((of(&[0.0, 1.0, 2.0], |x| -(x - 0.01).powi(2)).at - 0.01).abs() < 1e-6);
        let hills = |x: f64| (1.0 - (x - 1.0_f64).powi(2)).max(1.5 - 20.0 * (x - 3.2_f64).powi(2));
        let found = of(&[0.0, 1.0, 2.0, 3.0, 4.0], hills);
        assert!((found.at - 3.2).abs() < 1e-6 && found.value > 1.5 - 1e-9, "{found:?}");
    }

    /// The sketch has the hill between the wrong knots.
    #[test]
    fn a_sketch_may_be_a_knot_off() {
        let found =
            highest(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], None, |x| -(x - 0.4).powi(2));
        assert!((found.at - 0.4).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn an_edge_is_a_top() {
        let edge = |x: f64| -(x - 1.0).abs() + 0.3 * x;
        let sketch: Vec<f64> = [0.0, 1.0, 2.0].map(edge).to_vec();
        assert_eq!(highest(&[0.0, 1.0, 2.0], &sketch, Some(1), edge), Highest { at: 1.0, value: 0.3 });
    }

    #[test]
    fn one_knot_and_no_value() {
        assert_eq!(highest(&[2.0], &[5.0], None, |_| 5.0), Highest { at: 2.0, value: 5.0 });
        assert_eq!(of(&[0.0, 1.0], |_| f64::NEG_INFINITY).value, f64::NEG_INFINITY);
    }
}
