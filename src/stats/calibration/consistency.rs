//! Where the reliability curve of a calibrated judge would lie, and how unusual this one is.

use super::corp::corp;
use super::forecasts::{Atom, Forecasts};
use super::isotonic::calibrated;
use super::scores::ProperScore;
use crate::input::{Confidence, InputError, all_counts, all_probabilities, same_length};
use crate::quantile::quantile;
use crate::{Interval, Undefined};

/// Positives per atom that a calibrated judge would have met: item i is positive where its uniform number is below its
/// forecast.
///
/// **Inputs**: forecast and uniform number in [0, 1) per item, in the same order for every replicate.
/// **Returns**: one count an atom, ascending in forecast: a replicate for [`consistency_band`].
/// **Errors**: lengths differ, or a value is outside 0-1. **Cost**: O(n log n).
pub fn calibrated_replicate(p: &[f64], uniforms: &[f64]) -> Result<Vec<f64>, InputError> {
    same_length("uniforms", uniforms.len(), p.len())?;
    all_probabilities("uniforms", uniforms)?;
    let outcomes: Vec<bool> = p.iter().zip(uniforms).map(|(p, uniform)| uniform < p).collect();
    Ok(Forecasts::new(p, &outcomes)?.atoms().iter().map(|atom| atom.positives).collect())
}

/// The consistency band of a reliability curve and the test that goes with it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConsistencyBand {
    /// For each atom, ascending: where the curve of a calibrated judge lies, pointwise.
    pub band: Vec<Interval>,
    /// MCB (Brier) of the data.
    pub miscalibration: f64,
    /// Mean MCB of the replicates: what a calibrated judge shows by chance.
    pub chance_miscalibration: f64,
    /// One-sided p-value of calibration, (1 + #{MCB* >= MCB}) / (B + 1).
    pub p_value: f64,
    /// Replicates used, B.
    pub replicates: usize,
}

/// Replicates within this of the observed MCB count as reaching it.
const TIED: f64 = 1e-12;

/// Consistency band of the CORP curve under calibration, with a test of calibration by MCB.
///
/// Answers "is this deviation more than chance?" without an asymptotic theory. Assumes independent items: label it iid.
/// For clustered items draw the uniforms with a shared component per cluster, or use a cluster jackknife of MCB.
///
/// **Inputs**: forecasts with outcomes; replicates of the positives per atom (from [`calibrated_replicate`], or binomial
/// draws); the pointwise level.
/// **Returns**: one interval an atom, type-7 quantiles; MCB; a one-sided p-value that is never 0.
/// **Undefined**: `no_data` without items, `too_few` without replicates.
/// **Errors**: a replicate has the wrong length, a negative count, or more positives than items.
/// **Cost**: O(B atoms log B).
/// **Source**: Dimitriadis, Gneiting and Jordan (2021), PNAS 118:e2016191118; Phipson and Smyth (2010) for the p-value.
pub fn consistency_band(
    forecasts: &Forecasts,
    replicates: &[Vec<f64>],
    confidence: Confidence,
) -> Result<Result<ConsistencyBand, Undefined>, InputError> {
    let mut tables = Vec::with_capacity(replicates.len());
    for replicate in replicates {
        tables.push(with_positives(forecasts, replicate)?);
    }
    Ok(band_of(forecasts, &tables, confidence))
}

fn with_positives(forecasts: &Forecasts, positives: &[f64]) -> Result<Forecasts, InputError> {
    same_length("replicate", positives.len(), forecasts.atoms().len())?;
    all_counts("replicate", positives)?;
    let atoms = forecasts.atoms().iter().zip(positives).map(|(atom, &positives)| Atom { positives, ..*atom });
    Forecasts::from_atoms(atoms.collect())
}

fn band_of(forecasts: &Forecasts, tables: &[Forecasts], confidence: Confidence) -> Result<ConsistencyBand, Undefined> {
    let miscalibration = corp(forecasts, ProperScore::Brier)?.miscalibration?;
    if tables.is_empty() {
        return Err(Undefined::TooFew);
    }
    let mut fits: Vec<Vec<f64>> = vec![Vec::with_capacity(tables.len()); forecasts.atoms().len()];
    let (mut reached, mut chance) = (0, 0.0);
    for table in tables {
        for (fits, fitted) in fits.iter_mut().zip(calibrated(table.atoms())) {
            fits.push(fitted);
        }
        let replicate = corp(table, ProperScore::Brier)?.miscalibration?;
        chance += replicate / tables.len() as f64;
        reached += usize::from(replicate >= miscalibration - TIED);
    }
    let limits = |mut fits: Vec<f64>| {
        fits.sort_by(f64::total_cmp);
        let at = |probability| quantile(&fits, probability).ok_or(Undefined::TooFew);
        Ok(Interval { lower: at(confidence.tail())?, upper: at(1.0 - confidence.tail())? })
    };
    Ok(ConsistencyBand {
        band: fits.into_iter().map(limits).collect::<Result<_, _>>()?,
        miscalibration,
        chance_miscalibration: chance,
        p_value: (1 + reached) as f64 / (tables.len() + 1) as f64,
        replicates: tables.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confidence() -> Confidence {
        Confidence::new(0.5).unwrap()
    }

    /// Forecast 1/2 for two items, one positive: MCB 0. Replicates with 0, 1, 2 positives have curves 0, 1/2, 1, whose
    /// quartiles (type 7) are 1/4 and 3/4; MCB* = 1/4, 0, 1/4 >= 0, all three: p = 4/4.
    #[test]
    fn worked_by_hand() {
        let forecasts = Forecasts::new(&[0.5, 0.5], &[true, false]).unwrap();
        let replicates = [vec![0.0], vec![1.0], vec![2.0]];
        let band = consistency_band(&forecasts, &replicates, confidence()).unwrap().unwrap();
        assert_eq!(band.band, [Interval { lower: 0.25, upper: 0.75 }]);
        assert_eq!((band.miscalibration, band.p_value, band.replicates), (0.0, 1.0, 3));
        let off = Forecasts::new(&[0.5, 0.5], &[true, true]).unwrap();
        let band = consistency_band(&off, &replicates, confidence()).unwrap().unwrap();
        assert_eq!(band.p_value, 0.75);
    }

    #[test]
    fn a_replicate_counts_uniforms_below_the_forecast() {
        let positives = calibrated_replicate(&[0.5, 0.1, 0.5], &[0.4, 0.1, 0.6]).unwrap();
        assert_eq!(positives, [0.0, 1.0]);
        assert!(calibrated_replicate(&[0.5], &[]).is_err());
        assert!(calibrated_replicate(&[0.5], &[1.5]).is_err());
    }

    #[test]
    fn undefined_and_malformed() {
        let forecasts = Forecasts::new(&[0.5, 0.5], &[true, false]).unwrap();
        assert_eq!(consistency_band(&forecasts, &[], confidence()), Ok(Err(Undefined::TooFew)));
        let none = Forecasts::new(&[], &[]).unwrap();
        assert_eq!(consistency_band(&none, &[vec![]], confidence()), Ok(Err(Undefined::NoData)));
        assert!(consistency_band(&forecasts, &[vec![3.0]], confidence()).is_err());
        assert!(consistency_band(&forecasts, &[vec![]], confidence()).is_err());
    }
}
