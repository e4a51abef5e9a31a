//! What a judge's own flag says of the truth behind uncertain labels.

use crate::input::{InputError, all_counts, all_probabilities, same_length};

/// Steps of the expectation-maximisation; most need thirty.
const STEPS: usize = 500;
/// A step that moves neither rate by more ends it.
const STILL: f64 = 1e-10;

/// Probability that each example is harmful given the raters and the judge's flag, for draws from which the judge's recall is taken.
///
/// A draw that knows nothing of the flag makes truth and flag independent where raters leave doubt, and so pulls the recall to the flag
/// rate (multiple imputation has to condition on what is analysed). The flag is taken as one more rater whose errors are independent of
/// the others' given the truth: P(harmful | votes, flag) is in proportion to h s^f (1 - s)^(1 - f) against (1 - h) a^f (1 - a)^(1 - f),
/// with the recall s and false-alarm rate a of highest likelihood.
///
/// **Inputs**: for each example, or for all that are alike, the probability h given the raters, the share f of the judge's trials that
/// flag, and how many there are. **Returns** as many probabilities; a certain h stays as it is. **Errors**: lengths differ, a probability or
/// share outside 0 to 1, a negative number. **Cost**: O(n) a step.
/// **Source**: Meng (1994), Statistical Science 9:538 (congeniality); Dawid and Skene (1979), Applied Statistics 28:20.
///
/// ```
/// use lacuna_stats::raters::flag_posterior;
/// // Certain examples teach recall 1 and no false alarm: the doubtful one that is flagged is then harmful.
/// let found = flag_posterior(&[1.0, 0.0, 0.5], &[1.0, 0.0, 1.0], &[50.0, 50.0, 1.0])?;
/// assert_eq!((found[0], found[1]), (1.0, 0.0));
/// assert!(found[2] > 0.999);
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn flag_posterior(harmful: &[f64], flags: &[f64], numbers: &[f64]) -> Result<Vec<f64>, InputError> {
    same_length("flags", flags.len(), harmful.len())?;
    same_length("numbers of examples", numbers.len(), harmful.len())?;
    all_counts("numbers of examples", numbers)?;
    all_probabilities("probabilities of harm", harmful)?;
    all_probabilities("shares that flag", flags)?;
    let share = |weight: &dyn Fn(usize) -> f64| {
        let (sum, flagged) = flags.iter().enumerate().fold((0.0, 0.0), |(sum, flagged), (at, flag)| {
            (sum + numbers[at] * weight(at), flagged + numbers[at] * weight(at) * flag)
        });
        if sum > 0.0 { flagged / sum } else { 0.5 }
    };
    let mut posterior = harmful.to_vec();
    // No rates yet.
    let mut rates = [f64::INFINITY; 2];
    for _ in 0..STEPS {
        let found = [share(&|at| posterior[at]), share(&|at| 1.0 - posterior[at])];
        let moved = found.iter().zip(&rates).any(|(new, old)| (new - old).abs() > STILL);
        if !moved {
            break;
        }
        rates = found;
        for ((own, prior), flag) in posterior.iter_mut().zip(harmful).zip(flags) {
            let likelihood = |rate: f64| rate.powf(*flag) * (1.0 - rate).powf(1.0 - flag);
            let (yes, no) = (prior * likelihood(rates[0]), (1.0 - prior) * likelihood(rates[1]));
            *own = if yes + no > 0.0 { yes / (yes + no) } else { *prior };
        }
    }
    Ok(posterior)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many certain examples fix recall 3/4 and false alarms 1/4; of the doubtful flagged one
    /// h s / (h s + (1 - h) a) = (1/2 3/4) / (1/2 3/4 + 1/2 1/4) = 3/4.
    #[test]
    fn worked_by_hand() {
        let harmful = [1.0, 1.0, 0.0, 0.0, 0.5, 0.5, 0.5];
        let flags = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.5];
        let numbers = [3e6, 1e6, 1e6, 3e6, 1.0, 1.0, 1.0];
        let found = flag_posterior(&harmful, &flags, &numbers).unwrap();
        let expected = [1.0, 1.0, 0.0, 0.0, 0.75, 0.25, 0.5];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-5), "{found:?}");
        assert_eq!(found[..4], harmful[..4]);
    }

    #[test]
    fn a_judge_that_says_nothing_changes_nothing() {
        let harmful = [0.2, 0.9, 0.5, 0.0, 1.0];
        for flag in [0.0, 1.0] {
            let found = flag_posterior(&harmful, &[flag; 5], &[1.0; 5]).unwrap();
            assert!(found.iter().zip(&harmful).all(|(found, prior)| (found - prior).abs() < 1e-12), "{found:?}");
        }
        assert!(flag_posterior(&[], &[], &[]).unwrap().is_empty());
        let refused = |harmful: f64, flags: &[f64], number: f64| flag_posterior(&[harmful], flags, &[number]).is_err();
        assert!(refused(0.5, &[], 1.0) && refused(1.5, &[0.0], 1.0) && refused(0.5, &[0.0], -1.0));
    }
}
