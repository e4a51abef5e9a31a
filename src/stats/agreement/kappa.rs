//! Cohen's kappa, plain and weighted.

use super::table::ConfusionTable;
use crate::proportion::check_level;
use crate::special::normal_critical;
use crate::{Interval, Undefined};

/// How much two levels of a scale agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// 1 for the same level, else 0.
    Nominal,
    /// Falls with the distance.
    Linear,
    /// Falls with the squared distance.
    Quadratic,
}

impl Weighting {
    /// Agreement of two of `levels` levels, from 0 at the ends of the scale to 1.
    pub fn weight(self, first: usize, second: usize, levels: usize) -> f64 {
        let distance = first.abs_diff(second) as f64 / (levels as f64 - 1.0);
        match self {
            Self::Nominal => f64::from(u8::from(first == second)),
            Self::Linear => 1.0 - distance,
            Self::Quadratic => 1.0 - distance * distance,
        }
    }
}

/// Cohen's kappa with its asymptotic errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CohenKappa {
    /// (po - pe)/(1 - pe), at most 1.
    pub value: f64,
    /// Observed weighted agreement po.
    pub observed: f64,
    /// Agreement by chance at the margins, pe.
    pub expected: f64,
    /// Standard error, for independent examples.
    pub standard_error: f64,
    /// Standard error if there were no agreement beyond chance.
    pub null_standard_error: f64,
    /// Normal interval for independent examples, not clipped: with clustered ones it covers 84 to 90% at a nominal 95%.
    pub interval: Interval,
}

/// Weighted agreement with what its influence values need.
struct Parts {
    kappa: f64,
    observed: f64,
    expected: f64,
    /// Expected weight of each gold level against the judge's margin.
    by_gold: Vec<f64>,
    /// Expected weight of each judge level against the gold margin.
    by_judge: Vec<f64>,
    total: f64,
}

/// Cohen's kappa of a judge with the gold labels.
///
/// Kappa falls when one level is rare however well the judge does: never print it alone (see [`super::paradox_panel`]). Its interval is
/// for independent examples; clusters take [`crate::jackknife::jackknife`] with `Scale::Atanh`.
///
/// **Undefined**: `NoData` for an empty table; `OneClass` where chance agreement is 1; `Incompatible` for a level outside (0, 1).
/// **Cost** O(q^2). **Source**: Cohen (1968), Psych Bull 70:213; errors Fleiss, Cohen & Everitt (1969), Psych Bull 72:323;
/// `statsmodels` 0.15 and R `vcd` agree to 5e-14.
///
/// ```
/// use lacuna_stats::agreement::{ConfusionTable, Weighting, cohen_kappa};
/// // 20 5 / 10 15: po = 35/50, pe = (25*30 + 25*20)/2500 = 1/2, kappa = 2/5.
/// let table = ConfusionTable::from_rows(&[vec![20.0, 5.0], vec![10.0, 15.0]]).unwrap();
/// assert!((cohen_kappa(&table, Weighting::Nominal, 0.95).unwrap().value - 0.4).abs() < 1e-15);
/// ```
pub fn cohen_kappa(table: &ConfusionTable, weighting: Weighting, level: f64) -> Result<CohenKappa, Undefined> {
    check_level(level)?;
    let parts = parts(table, weighting)?;
    let Parts { kappa, observed, expected, total, .. } = parts;
    let (gold, judge) = (table.gold_margin(), table.judge_margin());
    let (mut square, mut null_square) = (0.0, 0.0);
    for (i, j, cell) in table.iter() {
        let weight = weighting.weight(i, j, table.levels());
        let margins = parts.by_gold[i] + parts.by_judge[j];
        square += cell / total * (weight - margins * (1.0 - kappa)).powi(2);
        null_square += gold[i] / total * judge[j] / total * (weight - margins).powi(2);
    }
    let scale = total * (1.0 - expected).powi(2);
    let error = |square: f64, centre: f64| ((square - centre * centre).max(0.0) / scale).sqrt();
    let standard_error = error(square, kappa - expected * (1.0 - kappa));
    let null_standard_error = error(null_square, expected);
    let half = normal_critical(level) * standard_error;
    let interval = Interval { lower: kappa - half, upper: kappa + half };
    Ok(CohenKappa { value: kappa, observed, expected, standard_error, null_standard_error, interval })
}

/// Linearised standard error of kappa over clusters, one table each.
///
/// For reference: the jackknife covers better with few clusters. Influence of an example in cell (i, j):
/// `u = [(w_ij - po) - (1 - kappa)(wr_i + wc_j - 2 pe)]/(1 - pe)`; `se = sqrt(G/(G-1) sum_g (sum u)^2)/n`.
///
/// **Undefined**: as [`cohen_kappa`]; `SingleCluster`; `Incompatible` for tables of different scales. **Cost** O(G q^2). **Source**: the
/// linearisation of Fleiss, Cohen & Everitt (1969); with singleton clusters their error times `sqrt(n/(n-1))`, to 2e-16.
pub fn clustered_kappa_error(clusters: &[ConfusionTable], weighting: Weighting) -> Result<f64, Undefined> {
    let Some(table) = ConfusionTable::sum_without(clusters, None) else {
        return Err(if clusters.is_empty() { Undefined::NoData } else { Undefined::Incompatible });
    };
    let Parts { kappa, observed, expected, by_gold, by_judge, total } = parts(&table, weighting)?;
    let occupied: Vec<&ConfusionTable> = clusters.iter().filter(|cluster| cluster.total() > 0.0).collect();
    if occupied.len() < 2 {
        return Err(Undefined::SingleCluster);
    }
    let influence = |cluster: &&ConfusionTable| -> f64 {
        let cells = cluster.iter().map(|(i, j, cell)| {
            let margins = by_gold[i] + by_judge[j] - 2.0 * expected;
            cell * (weighting.weight(i, j, table.levels()) - observed - (1.0 - kappa) * margins) / (1.0 - expected)
        });
        cells.sum()
    };
    let squares: f64 = occupied.iter().map(|cluster| influence(cluster).powi(2)).sum();
    let count = occupied.len() as f64;
    Ok((count / (count - 1.0) * squares).sqrt() / total)
}

fn parts(table: &ConfusionTable, weighting: Weighting) -> Result<Parts, Undefined> {
    let (levels, total) = (table.levels(), table.total());
    if total == 0.0 {
        return Err(Undefined::NoData);
    }
    let (gold, judge) = (table.gold_margin(), table.judge_margin());
    let against = |margin: &[f64], level: usize| -> f64 {
        margin.iter().enumerate().map(|(other, share)| weighting.weight(level, other, levels) * share / total).sum()
    };
    let by_gold: Vec<f64> = (0..levels).map(|level| against(&judge, level)).collect();
    let by_judge: Vec<f64> = (0..levels).map(|level| against(&gold, level)).collect();
    let observed: f64 = table.iter().map(|(i, j, cell)| weighting.weight(i, j, levels) * cell / total).sum();
    let expected: f64 = gold.iter().zip(&by_gold).map(|(share, weight)| share / total * weight).sum();
    if 1.0 - expected < 1e-14 {
        return Err(Undefined::OneClass);
    }
    // Sums of shares may pass the ends by a bit.
    let kappa = ((observed - expected) / (1.0 - expected)).clamp(-1.0, 1.0);
    Ok(Parts { kappa, observed, expected, by_gold, by_judge, total })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Weighting; 3] = [Weighting::Nominal, Weighting::Linear, Weighting::Quadratic];

    fn table(rows: &[&[f64]]) -> ConfusionTable {
        ConfusionTable::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn quadratic_by_hand() {
        // Gold 0, 1, 2 against judge 0, 1, 1: weights 1, 1, 3/4, po = 11/12. Margins 1/3 each and (1/3, 2/3, 0):
        // pe = (1/9)(1 + 2*3/4 + 3/4 + 2*1 + 0 + 2*3/4) = 27/36 = 3/4, kappa = (1/6)/(1/4) = 2/3.
        let found =
            cohen_kappa(&table(&[&[1.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0, 1.0, 0.0]]), Weighting::Quadratic, 0.95);
        assert!((found.unwrap().value - 2.0 / 3.0).abs() < 1e-14);
    }

    #[test]
    fn rater_swap_and_duplication_leave_the_value() {
        let plain = table(&[&[5.0, 2.0, 0.0], &[1.0, 4.0, 3.0], &[0.0, 2.0, 7.0]]);
        let swapped = table(&[&[5.0, 1.0, 0.0], &[2.0, 4.0, 2.0], &[0.0, 3.0, 7.0]]);
        let doubled = table(&[&[10.0, 4.0, 0.0], &[2.0, 8.0, 6.0], &[0.0, 4.0, 14.0]]);
        for weighting in ALL {
            let [a, b, c] = [&plain, &swapped, &doubled].map(|table| cohen_kappa(table, weighting, 0.95).unwrap());
            assert!((a.value - b.value).abs() < 1e-14 && (a.standard_error - b.standard_error).abs() < 1e-14);
            assert!(
                (a.value - c.value).abs() < 1e-14
                    && (a.standard_error / c.standard_error - 2.0_f64.sqrt()).abs() < 1e-12
            );
        }
    }

    #[test]
    fn an_unused_level_changes_weighted_kappa() {
        let used = table(&[&[3.0, 1.0], &[1.0, 3.0]]);
        let spread = table(&[&[3.0, 0.0, 1.0], &[0.0, 0.0, 0.0], &[1.0, 0.0, 3.0]]);
        let value = |table: &ConfusionTable, weighting| cohen_kappa(table, weighting, 0.95).unwrap().value;
        assert!((value(&used, Weighting::Nominal) - value(&spread, Weighting::Nominal)).abs() < 1e-15);
        assert!((value(&used, Weighting::Linear) - value(&spread, Weighting::Linear)).abs() < 1e-15);
        let middle = table(&[&[3.0, 1.0, 0.0], &[1.0, 3.0, 0.0], &[0.0, 0.0, 0.0]]);
        assert!((value(&used, Weighting::Linear) - value(&middle, Weighting::Linear)).abs() < 1e-15);
        let three = table(&[&[3.0, 1.0, 0.0], &[1.0, 3.0, 0.0], &[1.0, 0.0, 2.0]]);
        let four = table(&[&[3.0, 0.0, 1.0, 0.0], &[0.0; 4], &[1.0, 0.0, 3.0, 0.0], &[1.0, 0.0, 0.0, 2.0]]);
        assert!((value(&three, Weighting::Quadratic) - value(&four, Weighting::Quadratic)).abs() > 1e-3);
    }

    #[test]
    fn one_class_and_no_data_have_no_kappa() {
        for weighting in ALL {
            let one = cohen_kappa(&table(&[&[9.0, 0.0], &[0.0, 0.0]]), weighting, 0.95);
            assert_eq!(one, Err(Undefined::OneClass));
            assert_eq!(cohen_kappa(&table(&[&[0.0; 2], &[0.0; 2]]), weighting, 0.95), Err(Undefined::NoData));
        }
        let single = [table(&[&[3.0, 1.0], &[1.0, 3.0]]), table(&[&[0.0; 2], &[0.0; 2]])];
        assert_eq!(clustered_kappa_error(&single, Weighting::Nominal), Err(Undefined::SingleCluster));
        assert_eq!(clustered_kappa_error(&[], Weighting::Nominal), Err(Undefined::NoData));
    }
}
