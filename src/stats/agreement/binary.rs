//! A judge's flags against gold positives: the two-by-two table, its smooth measures and the paradoxes of kappa on it.

use super::table::ConfusionTable;
use crate::Undefined;

/// Flags against positives. Weights may be fractional.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BinaryTable {
    /// Positive and flagged.
    pub true_positive: f64,
    /// Positive and not flagged.
    pub false_negative: f64,
    /// Negative and flagged.
    pub false_positive: f64,
    /// Negative and not flagged.
    pub true_negative: f64,
}

impl BinaryTable {
    /// The table of severities cut at a threshold on either side.
    pub fn at_thresholds(table: &ConfusionTable, gold_threshold: usize, judge_threshold: usize) -> Self {
        let mut binary = Self::default();
        for (gold, judge, weight) in table.iter() {
            let cell = match (gold >= gold_threshold, judge >= judge_threshold) {
                (true, true) => &mut binary.true_positive,
                (true, false) => &mut binary.false_negative,
                (false, true) => &mut binary.false_positive,
                (false, false) => &mut binary.true_negative,
            };
            *cell += weight;
        }
        binary
    }

    /// All examples.
    pub fn total(&self) -> f64 {
        self.positives() + self.negatives()
    }

    /// Gold positives.
    pub fn positives(&self) -> f64 {
        self.true_positive + self.false_negative
    }

    /// Gold negatives.
    pub fn negatives(&self) -> f64 {
        self.false_positive + self.true_negative
    }

    /// Share of the positives that is flagged; `NoPositives`.
    pub fn recall(&self) -> Result<f64, Undefined> {
        share(self.true_positive, self.positives(), Undefined::NoPositives)
    }

    /// Share of the negatives that is not flagged; `NoNegatives`.
    pub fn specificity(&self) -> Result<f64, Undefined> {
        share(self.true_negative, self.negatives(), Undefined::NoNegatives)
    }

    /// Share of the flags that is right; `NoFlags`.
    pub fn precision(&self) -> Result<f64, Undefined> {
        share(self.true_positive, self.true_positive + self.false_positive, Undefined::NoFlags)
    }

    /// Youden's J, recall + specificity - 1: 0 for any judge that does not look. Youden (1950), Cancer 3:32.
    pub fn youden_j(&self) -> Result<f64, Undefined> {
        Ok(self.recall()? + self.specificity()? - 1.0)
    }

    /// Mean of recall and specificity.
    pub fn balanced_accuracy(&self) -> Result<f64, Undefined> {
        Ok(0.5 * (self.recall()? + self.specificity()?))
    }

    /// Harmonic mean of recall and precision, 2 TP/(2 TP + FP + FN); `NoPositives`, since without one it only counts false alarms.
    pub fn f1(&self) -> Result<f64, Undefined> {
        if self.positives() == 0.0 {
            return Err(Undefined::NoPositives);
        }
        Ok(2.0 * self.true_positive / (2.0 * self.true_positive + self.false_positive + self.false_negative))
    }

    /// Matthews' correlation of flags and positives; `NoPositives`, `NoNegatives`, or `NoVariation` where every example or none is
    /// flagged. Matthews (1975), Biochim Biophys Acta 405:442.
    pub fn matthews_correlation(&self) -> Result<f64, Undefined> {
        self.recall()?;
        self.specificity()?;
        let flags = self.true_positive + self.false_positive;
        let passes = self.false_negative + self.true_negative;
        if flags == 0.0 || passes == 0.0 {
            return Err(Undefined::NoVariation);
        }
        let product = self.true_positive * self.true_negative - self.false_positive * self.false_negative;
        let scale = flags.sqrt() * passes.sqrt() * self.positives().sqrt() * self.negatives().sqrt();
        Ok((product / scale).clamp(-1.0, 1.0))
    }
}

fn share(part: f64, whole: f64, empty: Undefined) -> Result<f64, Undefined> {
    if whole > 0.0 { Ok(part / whole) } else { Err(empty) }
}

/// What has to be read beside a kappa of flags.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParadoxPanel {
    /// Observed agreement.
    pub observed: f64,
    /// Cohen's kappa; `OneClass` where chance agreement is 1.
    pub kappa: Result<f64, Undefined>,
    /// Prevalence- and bias-adjusted kappa, 2 po - 1.
    pub pabak: f64,
    /// (both yes - both no)/n: beyond 1/2 in size, kappa is not to be read alone.
    pub prevalence_index: f64,
    /// (gold only - judge only)/n.
    pub bias_index: f64,
    /// The largest kappa that these margins allow; `OneClass`.
    pub kappa_max: Result<f64, Undefined>,
    /// Agreement on yes, 2a/(2a + b + c); `NoPositives` where nobody says yes.
    pub positive_agreement: Result<f64, Undefined>,
    /// Agreement on no; `NoNegatives` where nobody says no.
    pub negative_agreement: Result<f64, Undefined>,
}

/// Kappa of flags with the figures that explain its paradoxes.
///
/// **Undefined**: `NoData` for an empty table; each figure for itself. **Cost** O(1). **Source**: Byrt, Bishop & Carlin (1993), J Clin
/// Epidemiol 46:423; Cicchetti & Feinstein (1990), J Clin Epidemiol 43:551; R `epiR` agrees to 1e-9.
///
/// ```
/// use lacuna_stats::agreement::{BinaryTable, paradox_panel};
/// // 90% agree, yet kappa is below chance: prevalence index 16/20.
/// let table = BinaryTable { true_positive: 17.0, false_negative: 1.0, false_positive: 1.0, true_negative: 1.0 };
/// let panel = paradox_panel(&table).unwrap();
/// assert_eq!((panel.observed, panel.prevalence_index, panel.positive_agreement), (0.9, 0.8, Ok(34.0 / 36.0)));
/// ```
pub fn paradox_panel(table: &BinaryTable) -> Result<ParadoxPanel, Undefined> {
    let BinaryTable { true_positive: a, false_negative: b, false_positive: c, true_negative: d } = *table;
    let total = table.total();
    if total == 0.0 {
        return Err(Undefined::NoData);
    }
    let observed = (a + d) / total;
    let (gold, judge) = ((a + b) / total, (a + c) / total);
    let expected = gold * judge + (1.0 - gold) * (1.0 - judge);
    let most = gold.min(judge) + (1.0 - gold).min(1.0 - judge);
    let beyond_chance = |agreement: f64| {
        if expected < 1.0 { Ok((agreement - expected) / (1.0 - expected)) } else { Err(Undefined::OneClass) }
    };
    Ok(ParadoxPanel {
        observed,
        kappa: beyond_chance(observed),
        pabak: 2.0 * observed - 1.0,
        prevalence_index: (a - d) / total,
        bias_index: (b - c) / total,
        kappa_max: beyond_chance(most),
        positive_agreement: share(2.0 * a, 2.0 * a + b + c, Undefined::NoPositives),
        negative_agreement: share(2.0 * d, 2.0 * d + b + c, Undefined::NoNegatives),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn binary(true_positive: f64, false_negative: f64, false_positive: f64, true_negative: f64) -> BinaryTable {
        BinaryTable { true_positive, false_negative, false_positive, true_negative }
    }

    #[test]
    fn measures_by_hand() {
        let table = binary(3.0, 1.0, 2.0, 4.0);
        assert_eq!((table.recall(), table.precision()), (Ok(0.75), Ok(0.6)));
        assert!((table.youden_j().unwrap() - (0.75 + 4.0 / 6.0 - 1.0)).abs() < 1e-15);
        assert!((table.f1().unwrap() - 6.0 / 9.0).abs() < 1e-15);
        // (12 - 2)/sqrt(5*5*4*6).
        assert!((table.matthews_correlation().unwrap() - 10.0 / 600.0_f64.sqrt()).abs() < 1e-14);
    }

    #[test]
    fn thresholds_cut_both_sides() {
        let table =
            ConfusionTable::from_rows(&[vec![5.0, 1.0, 0.0], vec![2.0, 3.0, 0.0], vec![1.0, 1.0, 4.0]]).unwrap();
        assert_eq!(BinaryTable::at_thresholds(&table, 1, 1), binary(8.0, 3.0, 1.0, 5.0));
        assert_eq!(BinaryTable::at_thresholds(&table, 2, 1), binary(5.0, 1.0, 4.0, 7.0));
    }

    #[test]
    fn each_reason_is_given() {
        let none = binary(0.0, 0.0, 1.0, 4.0);
        assert_eq!((none.recall(), none.f1()), (Err(Undefined::NoPositives), Err(Undefined::NoPositives)));
        assert_eq!(
            (none.youden_j(), none.matthews_correlation()),
            (Err(Undefined::NoPositives), Err(Undefined::NoPositives))
        );
        let all = binary(1.0, 4.0, 0.0, 0.0);
        assert_eq!(
            (all.specificity(), all.balanced_accuracy()),
            (Err(Undefined::NoNegatives), Err(Undefined::NoNegatives))
        );
        let silent = binary(0.0, 4.0, 0.0, 2.0);
        assert_eq!(
            (silent.precision(), silent.matthews_correlation()),
            (Err(Undefined::NoFlags), Err(Undefined::NoVariation))
        );
        assert_eq!(silent.f1(), Ok(0.0));
        assert_eq!(paradox_panel(&BinaryTable::default()), Err(Undefined::NoData));
        let certain = paradox_panel(&binary(9.0, 0.0, 0.0, 0.0)).unwrap();
        assert_eq!(
            (certain.kappa, certain.negative_agreement),
            (Err(Undefined::OneClass), Err(Undefined::NoNegatives))
        );
    }
}
