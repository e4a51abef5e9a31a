//! Forecast probabilities with their outcomes, pooled to distinct values.

use crate::Undefined;
use crate::input::{InputError, all_counts, all_probabilities, same_length};

/// One distinct forecast probability: how often it was given, and how often the event came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Atom {
    /// The forecast probability that the item is positive (harmful).
    pub p: f64,
    /// Items with this forecast (fractional where repeats are averaged).
    pub n: f64,
    /// Positives among them, at most `n`.
    pub positives: f64,
}

impl Atom {
    /// Share of positives.
    pub fn observed(&self) -> f64 {
        self.positives / self.n
    }
}

/// A judge's forecasts as a table of atoms, ascending in probability: the sufficient statistic of every calibration
/// measure here. Verbalised confidences and vote shares sit on a few values, so the table is small; tables of clusters
/// merge, so the jackknife needs no items.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecasts {
    atoms: Vec<Atom>,
}

impl Forecasts {
    /// Pools the forecasts of items with their outcomes (`true` = positive).
    ///
    /// **Errors**: lengths differ, or a forecast is not a probability. **Cost**: O(n log n).
    ///
    /// ```
    /// use lacuna_stats::calibration::Forecasts;
    /// let forecasts = Forecasts::new(&[0.9, 0.2, 0.9], &[true, false, false])?;
    /// assert_eq!(forecasts.atoms().len(), 2);
    /// assert_eq!(forecasts.atoms()[1].observed(), 0.5);
    /// # Ok::<(), lacuna_stats::InputError>(())
    /// ```
    pub fn new(p: &[f64], outcomes: &[bool]) -> Result<Self, InputError> {
        same_length("outcomes", outcomes.len(), p.len())?;
        all_probabilities("forecasts", p)?;
        let atoms = p.iter().zip(outcomes).map(|(&p, &outcome)| Atom { p, n: 1.0, positives: f64::from(outcome) });
        Ok(Self::pooled(atoms.collect()))
    }

    /// A table from counts, in any order; equal probabilities are pooled and empty atoms left out.
    ///
    /// **Errors**: not a probability, a negative count, or more positives than items.
    pub fn from_atoms(atoms: Vec<Atom>) -> Result<Self, InputError> {
        all_probabilities("forecasts", &atoms.iter().map(|atom| atom.p).collect::<Vec<_>>())?;
        all_counts("items", &atoms.iter().map(|atom| atom.n).collect::<Vec<_>>())?;
        all_counts("positives", &atoms.iter().map(|atom| atom.positives).collect::<Vec<_>>())?;
        if let Some(index) = atoms.iter().position(|atom| atom.positives > atom.n) {
            let value = atoms[index].positives;
            return Err(InputError::OutOfRange { what: "positives", index, value, allowed: "at most the items" });
        }
        Ok(Self::pooled(atoms))
    }

    /// The table of several clusters together.
    pub fn merged<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::pooled(parts.into_iter().flat_map(|part| part.atoms.iter().copied()).collect())
    }

    fn pooled(mut atoms: Vec<Atom>) -> Self {
        atoms.retain(|atom| atom.n > 0.0);
        atoms.sort_by(|a, b| a.p.total_cmp(&b.p));
        let mut pooled: Vec<Atom> = Vec::new();
        for atom in atoms {
            match pooled.last_mut() {
                // `==`, so that -0.0 and 0.0 are one atom.
                Some(last) if last.p == atom.p => {
                    last.n += atom.n;
                    last.positives += atom.positives;
                }
                _ => pooled.push(atom),
            }
        }
        Self { atoms: pooled }
    }

    /// The atoms, ascending in probability; none is empty.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Items.
    pub fn n(&self) -> f64 {
        self.atoms.iter().map(|atom| atom.n).sum()
    }

    /// Positives.
    pub fn positives(&self) -> f64 {
        self.atoms.iter().map(|atom| atom.positives).sum()
    }

    /// Share of positives, or `no_data`.
    pub fn base_rate(&self) -> Result<f64, Undefined> {
        if self.atoms.is_empty() { Err(Undefined::NoData) } else { Ok((self.positives() / self.n()).min(1.0)) }
    }

    /// The atom in which `p` lies, where `p` is one of the forecasts.
    pub fn position(&self, p: f64) -> Option<usize> {
        let index = self.atoms.partition_point(|atom| atom.p < p);
        self.atoms.get(index).filter(|atom| atom.p == p).map(|_| index)
    }
}

/// Random small tables for the property tests of this family: few distinct values, 0 and 1 among them.
#[cfg(test)]
pub(super) fn arbitrary(random: &mut crate::arbitrary::Arbitrary) -> (Vec<f64>, Vec<bool>) {
    let n = random.below(14);
    let (steps, lean) = (1 + random.below(8), random.unit());
    (0..n).map(|_| (random.grid(steps), random.coin(lean))).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_equal_forecasts_and_merges_clusters() {
        let one = Forecasts::new(&[0.2, 0.0, 0.2], &[true, false, false]).unwrap();
        let two = Forecasts::new(&[0.2, -0.0], &[true, true]).unwrap();
        let both = Forecasts::merged([&one, &two]);
        let expected = [Atom { p: 0.0, n: 2.0, positives: 1.0 }, Atom { p: 0.2, n: 3.0, positives: 2.0 }];
        assert_eq!(both.atoms(), expected);
        assert_eq!((both.n(), both.positives(), both.base_rate()), (5.0, 3.0, Ok(0.6)));
        assert_eq!((both.position(0.2), both.position(0.3)), (Some(1), None));
        assert_eq!(Forecasts::from_atoms(expected.to_vec()).unwrap(), both);
    }

    #[test]
    fn refuses_what_is_no_forecast() {
        assert!(Forecasts::new(&[0.2], &[]).is_err());
        assert!(Forecasts::new(&[1.2], &[true]).is_err());
        assert!(Forecasts::new(&[f64::NAN], &[true]).is_err());
        assert!(Forecasts::from_atoms(vec![Atom { p: 0.5, n: 1.0, positives: 2.0 }]).is_err());
        let empty = Forecasts::from_atoms(vec![Atom { p: 0.5, n: 0.0, positives: 0.0 }]).unwrap();
        assert_eq!(empty.base_rate(), Err(Undefined::NoData));
    }
}
