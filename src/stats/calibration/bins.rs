//! Grouping forecasts into bins, and what each bin holds.

use std::num::NonZeroUsize;

use super::forecasts::Forecasts;

/// How forecasts are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binning {
    /// Each distinct forecast is a bin.
    Atoms,
    /// Bins `[b/B, (b+1)/B)`, the last one closed. The edges are the doubles b/B, so 0.3 of ten lies in bin 3: dividing
    /// by a width of 0.1 and rounding down puts 0.3 and 0.7 a bin too low.
    EqualWidth(NonZeroUsize),
    /// Bins of near-equal counts; equal forecasts are never split: an atom goes where its mid-rank lies.
    EqualMass(NonZeroUsize),
}

/// Up to so many distinct forecasts are a grid rather than a continuum.
const MOST_ATOMS: usize = 20;

impl Binning {
    /// Bins of equal width; 0 is taken as 1.
    pub fn equal_width(bins: usize) -> Self {
        Self::EqualWidth(NonZeroUsize::new(bins).unwrap_or(NonZeroUsize::MIN))
    }

    /// Bins of near-equal counts; 0 is taken as 1.
    pub fn equal_mass(bins: usize) -> Self {
        Self::EqualMass(NonZeroUsize::new(bins).unwrap_or(NonZeroUsize::MIN))
    }

    /// Atoms up to 20 distinct forecasts, else ten bins of equal mass.
    pub fn recommended(forecasts: &Forecasts) -> Self {
        if forecasts.atoms().len() <= MOST_ATOMS { Self::Atoms } else { Self::equal_mass(10) }
    }

    /// Bin number of each atom, from 0.
    pub fn assign(self, forecasts: &Forecasts) -> Vec<usize> {
        match self {
            Self::Atoms => (0..forecasts.atoms().len()).collect(),
            Self::EqualWidth(bins) => {
                let edges: Vec<f64> = (1..bins.get()).map(|edge| edge as f64 / bins.get() as f64).collect();
                forecasts.atoms().iter().map(|atom| edges.partition_point(|edge| *edge <= atom.p)).collect()
            }
            Self::EqualMass(bins) => equal_mass(forecasts, bins.get()),
        }
    }
}

fn equal_mass(forecasts: &Forecasts, bins: usize) -> Vec<usize> {
    let n = forecasts.n();
    let mut before = 0.0;
    let place = |atom: &super::Atom| {
        let middle = before + atom.n / 2.0;
        before += atom.n;
        // The slack keeps a mid-rank that falls on an edge from being rounded below it.
        let bin = (bins as f64 * middle / n + 1e-12).floor() as usize;
        bin.min(bins - 1)
    };
    forecasts.atoms().iter().map(place).collect()
}

/// What a bin holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Items.
    pub n: f64,
    /// Sum of their forecasts.
    pub forecast: f64,
    /// Positives among them.
    pub positives: f64,
}

impl Bin {
    /// Mean forecast.
    pub fn mean_forecast(&self) -> f64 {
        self.forecast / self.n
    }

    /// Share of positives.
    pub fn observed(&self) -> f64 {
        self.positives / self.n
    }
}

/// The non-empty bins of some forecasts, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct BinnedForecasts {
    bins: Vec<Bin>,
    bin_of_atom: Vec<usize>,
}

impl BinnedForecasts {
    /// Groups the atoms.
    pub fn new(forecasts: &Forecasts, binning: Binning) -> Self {
        let mut bins: Vec<Bin> = Vec::new();
        let mut bin_of_atom = Vec::with_capacity(forecasts.atoms().len());
        let mut last = None;
        // Atoms ascend and so do their bin numbers: a new number opens a new bin.
        for (atom, number) in forecasts.atoms().iter().zip(binning.assign(forecasts)) {
            if last != Some(number) {
                bins.push(Bin { n: 0.0, forecast: 0.0, positives: 0.0 });
                last = Some(number);
            }
            let index = bins.len() - 1;
            bins[index].n += atom.n;
            bins[index].forecast += atom.n * atom.p;
            bins[index].positives += atom.positives;
            bin_of_atom.push(index);
        }
        Self { bins, bin_of_atom }
    }

    /// The non-empty bins, ascending.
    pub fn bins(&self) -> &[Bin] {
        &self.bins
    }

    /// Index into [`bins`](Self::bins) of each atom.
    pub fn bin_of_atom(&self) -> &[usize] {
        &self.bin_of_atom
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecasts(p: &[f64]) -> Forecasts {
        Forecasts::new(p, &vec![false; p.len()]).unwrap()
    }

    #[test]
    fn tenths_fall_into_their_own_bins() {
        let tenths: Vec<f64> = (0..=10).map(|tenth| f64::from(tenth) / 10.0).collect();
        let bins = Binning::equal_width(10).assign(&forecasts(&tenths));
        assert_eq!(bins, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]);
    }

    /// Six items in three bins: the atom 0.1 (four items, mid-rank place 2 of 6) is whole in bin 1.
    #[test]
    fn equal_mass_never_splits_an_atom() {
        let table = forecasts(&[0.1, 0.1, 0.1, 0.1, 0.2, 0.3]);
        assert_eq!(Binning::equal_mass(3).assign(&table), [1, 2, 2]);
        let binned = BinnedForecasts::new(&table, Binning::equal_mass(3));
        assert_eq!(binned.bin_of_atom(), [0, 1, 1]);
        assert_eq!(binned.bins()[1].n, 2.0);
        assert!((binned.bins()[1].mean_forecast() - 0.25).abs() < 1e-15);
    }

    #[test]
    fn few_values_are_atoms() {
        assert_eq!(Binning::recommended(&forecasts(&[0.1, 0.9])), Binning::Atoms);
        let many: Vec<f64> = (0..21).map(|k| f64::from(k) / 21.0).collect();
        assert_eq!(Binning::recommended(&forecasts(&many)), Binning::equal_mass(10));
        assert_eq!(Binning::equal_width(0), Binning::equal_width(1));
        assert!(BinnedForecasts::new(&forecasts(&[]), Binning::equal_mass(4)).bins().is_empty());
    }
}
