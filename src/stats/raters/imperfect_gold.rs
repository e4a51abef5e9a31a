//! A judge's error rates if gold itself errs.

use crate::Undefined;
use crate::correct::Confusion;
use crate::input::{InputError, all_probabilities};

/// Rates as observed, and as they would be against the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImperfectGold {
    /// Sensitivity against gold as it is.
    pub observed_sensitivity: Result<f64, Undefined>,
    /// Specificity against gold as it is.
    pub observed_specificity: Result<f64, Undefined>,
    /// Sensitivity against the truth; not cut, so it may leave 0-1.
    pub sensitivity: Result<f64, Undefined>,
    /// Specificity against the truth; not cut.
    pub specificity: Result<f64, Undefined>,
    /// True share of harmful items.
    pub prevalence: Result<f64, Undefined>,
}

impl ImperfectGold {
    /// Whether a corrected rate leaves 0-1: the assumed errors of gold, or their independence, are refuted by the data.
    pub fn is_refuted(&self) -> bool {
        let outside =
            |rate: Result<f64, Undefined>| rate.is_ok_and(|rate| !(-ROUNDING..=1.0 + ROUNDING).contains(&rate));
        outside(self.sensitivity) || outside(self.specificity)
    }
}

/// Gold's flag rate must exceed its own false-alarm rate by more than this.
const ROUNDING: f64 = 1e-12;

/// Sensitivity and specificity of a judge corrected for assumed errors of gold.
///
/// For a sweep: "recall stays below x for every error rate of gold up to y". It assumes that judge and gold err
/// independently given the truth: a gold made by a model of the judge's family does not, and this then flatters the judge.
///
/// **Inputs**: judge against gold; the assumed sensitivity and specificity of gold.
/// **Returns**: uncut rates. **Undefined**: `no_data`; observed rates `no_positives`, `no_negatives`; corrected ones
/// `worse_than_chance` where gold's rates add to 1 or less, `incompatible` where gold calls fewer items harmful than its
/// own false alarms, or more than its sensitivity.
/// **Errors**: a rate outside 0-1. **Cost**: O(1).
/// **Source**: Gart and Buck (1966), Am J Epidemiol 83:593; Staquet et al. (1981), J Chron Dis 34:599.
pub fn imperfect_gold(
    table: &Confusion,
    gold_sensitivity: f64,
    gold_specificity: f64,
) -> Result<Result<ImperfectGold, Undefined>, InputError> {
    all_probabilities("assumed rates of gold", &[gold_sensitivity, gold_specificity])?;
    let n = table.n();
    if n <= 0.0 {
        return Ok(Err(Undefined::NoData));
    }
    let harmful = table.positives() / n;
    let excess = harmful + gold_specificity - 1.0;
    let lack = 1.0 - harmful + gold_sensitivity - 1.0;
    let usable = if gold_sensitivity + gold_specificity <= 1.0 {
        Err(Undefined::WorseThanChance)
    } else if excess <= ROUNDING || lack <= ROUNDING {
        Err(Undefined::Incompatible)
    } else {
        Ok(())
    };
    let flagged = (table.caught() + table.false_alarms()) / n;
    Ok(Ok(ImperfectGold {
        observed_sensitivity: table.recall(),
        observed_specificity: table.specificity(),
        sensitivity: usable.map(|()| (table.caught() / n - (1.0 - gold_specificity) * flagged) / excess),
        specificity: usable.map(|()| (table.passed() / n - (1.0 - gold_sensitivity) * (1.0 - flagged)) / lack),
        prevalence: usable.map(|()| excess / (gold_sensitivity + gold_specificity - 1.0)),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arbitrary::Arbitrary;

    /// What an erring gold would show: the forward model, cell by cell.
    fn forward(prevalence: f64, judge: [f64; 2], gold: [f64; 2]) -> Confusion {
        let cell = |flag: bool, call: bool| {
            let hit = |rate: f64, event: bool| if event { rate } else { 1.0 - rate };
            prevalence * hit(judge[0], flag) * hit(gold[0], call)
                + (1.0 - prevalence) * hit(1.0 - judge[1], flag) * hit(1.0 - gold[1], call)
        };
        Confusion::new(cell(true, true), cell(false, true), cell(true, false), cell(false, false)).unwrap()
    }

    #[test]
    fn recovers_the_truth_of_the_forward_model() {
        let mut random = Arbitrary::new(24);
        for _ in 0..200 {
            let (prevalence, judge) = (0.1 + 0.8 * random.unit(), [random.unit(), random.unit()]);
            let gold = [0.6 + 0.4 * random.unit(), 0.6 + 0.4 * random.unit()];
            let found = imperfect_gold(&forward(prevalence, judge, gold), gold[0], gold[1]).unwrap().unwrap();
            assert!((found.sensitivity.unwrap() - judge[0]).abs() < 1e-10);
            assert!((found.specificity.unwrap() - judge[1]).abs() < 1e-10);
            assert!((found.prevalence.unwrap() - prevalence).abs() < 1e-10);
            assert!(!found.is_refuted());
        }
    }

    /// Perfect gold changes nothing: 3/4 and 4/5.
    #[test]
    fn perfect_gold_by_hand() {
        let found = imperfect_gold(&Confusion::new(3.0, 1.0, 2.0, 8.0).unwrap(), 1.0, 1.0).unwrap().unwrap();
        assert!((found.sensitivity.unwrap() - 0.75).abs() < 1e-15 && (found.specificity.unwrap() - 0.8).abs() < 1e-15);
        assert_eq!((found.observed_sensitivity, found.observed_specificity), (Ok(0.75), Ok(0.8)));
    }

    #[test]
    fn undefined_refuted_and_malformed() {
        let of = |table: [f64; 4], gold: [f64; 2]| {
            imperfect_gold(&Confusion::new(table[0], table[1], table[2], table[3]).unwrap(), gold[0], gold[1])
        };
        assert_eq!(of([0.0; 4], [1.0, 1.0]), Ok(Err(Undefined::NoData)));
        let coin = of([1.0; 4], [0.5, 0.5]).unwrap().unwrap();
        assert_eq!(coin.sensitivity, Err(Undefined::WorseThanChance));
        let rare = of([1.0, 0.0, 0.0, 99.0], [0.9, 0.9]).unwrap().unwrap();
        assert_eq!((rare.sensitivity, rare.prevalence), (Err(Undefined::Incompatible), Err(Undefined::Incompatible)));
        assert!(!rare.is_refuted());
        assert!(of([4.0, 0.0, 0.0, 6.0], [0.9, 0.9]).unwrap().unwrap().is_refuted());
        assert!(of([1.0; 4], [1.1, 0.5]).is_err());
        let harmless = of([0.0, 0.0, 1.0, 9.0], [1.0, 1.0]).unwrap().unwrap();
        assert_eq!(harmless.observed_sensitivity, Err(Undefined::NoPositives));
    }
}
