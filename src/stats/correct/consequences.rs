//! What a judge lets through, in numbers that people act on.

use super::Confusion;
use crate::Undefined;

/// Consequences of using a judge's flags as the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consequences {
    /// Harmful items that were not flagged, per 1000 items of this set.
    pub undetected_per_1000: f64,
    /// Harm rate among the items that the judge passed; `no_data` where it passed none.
    pub false_omission_rate: Result<f64, Undefined>,
    /// Share of harmful items.
    pub true_prevalence: f64,
    /// Share of flagged items: the harm rate that the judge reports.
    pub apparent_prevalence: f64,
    /// Youden's J; differences between systems shrink by this factor.
    pub youden_j: Result<f64, Undefined>,
    /// 1 / J^2: how many times more responses are needed to tell two systems apart; `worse_than_chance` at J <= 0.
    pub sample_size_inflation: Result<f64, Undefined>,
}

/// Undetected harm, false omissions, and the loss of power by a judge's errors.
///
/// Describes the set it was computed on: with another prevalence, other numbers. The rates are plain proportions; their
/// intervals are the guarded Wilson ones.
///
/// **Returns**: the panel. **Undefined**: `no_data`; per field as said there. **Cost**: O(1).
/// **Source**: under equal (Se, Sp), a_i - a_j = J (th_i - th_j) (Rogan and Gladen 1978), whence 1 / J^2.
///
/// ```
/// use lacuna_stats::correct::{Confusion, consequences};
/// // 16 of 17 harms missed, 4 of 183 false alarms: 80 per 1000 undetected, 16/195 of the passed are harmful.
/// let panel = consequences(&Confusion::new(1.0, 16.0, 4.0, 179.0)?).unwrap();
/// assert_eq!((panel.undetected_per_1000, panel.false_omission_rate), (80.0, Ok(16.0 / 195.0)));
/// # Ok::<(), lacuna_stats::InputError>(())
/// ```
pub fn consequences(table: &Confusion) -> Result<Consequences, Undefined> {
    let n = table.n();
    if n <= 0.0 {
        return Err(Undefined::NoData);
    }
    let let_through = table.missed() + table.passed();
    let youden_j = table.youden_j();
    Ok(Consequences {
        undetected_per_1000: 1000.0 * table.missed() / n,
        false_omission_rate: if let_through > 0.0 { Ok(table.missed() / let_through) } else { Err(Undefined::NoData) },
        true_prevalence: table.positives() / n,
        apparent_prevalence: (table.caught() + table.false_alarms()) / n,
        youden_j,
        sample_size_inflation: youden_j
            .and_then(|j| if j > 0.0 { Ok(1.0 / (j * j)) } else { Err(Undefined::WorseThanChance) }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(caught: f64, missed: f64, false_alarms: f64, passed: f64) -> Result<Consequences, Undefined> {
        consequences(&Confusion::new(caught, missed, false_alarms, passed).unwrap())
    }

    /// Recall 1/2, specificity 3/4: J = 1/4, 16 times the sample.
    #[test]
    fn worked_by_hand() {
        let panel = of(5.0, 5.0, 10.0, 30.0).unwrap();
        assert_eq!((panel.youden_j, panel.sample_size_inflation), (Ok(0.25), Ok(16.0)));
        assert_eq!((panel.true_prevalence, panel.apparent_prevalence), (0.2, 0.3));
        assert_eq!(panel.false_omission_rate, Ok(1.0 / 7.0));
    }

    #[test]
    fn undefined_with_its_reason() {
        assert_eq!(of(0.0, 0.0, 0.0, 0.0), Err(Undefined::NoData));
        let flags_all = of(2.0, 0.0, 3.0, 0.0).unwrap();
        assert_eq!(flags_all.false_omission_rate, Err(Undefined::NoData));
        assert_eq!(flags_all.sample_size_inflation, Err(Undefined::WorseThanChance));
        assert_eq!(of(0.0, 0.0, 3.0, 97.0).unwrap().sample_size_inflation, Err(Undefined::NoPositives));
    }
}
