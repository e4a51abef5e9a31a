//! Are probabilities what they say? Scores, decompositions, curves, bands and tests of calibration.
//!
//! All of it works on [`Forecasts`], the table of distinct forecast probabilities with their counts.

mod band;
mod bins;
mod classwise;
mod consistency;
mod corp;
mod cox;
mod cox_clustered;
mod ece;
mod evalue;
mod forecasts;
mod isotonic;
mod murphy;
mod replicates;
mod scores;
mod selective;
mod smooth;
mod spiegelhalter;

pub use band::{BandPoint, calibration_band};
pub use bins::{Bin, BinnedForecasts, Binning};
pub use classwise::{ClassForecasts, ClasswiseError, classwise_error, cumulative_error, ranked_probability_score};
pub use consistency::{ConsistencyBand, calibrated_replicate, consistency_band};
pub use corp::{Corp, brier_parts_without, corp};
pub use cox::{Coefficient, CoxCalibration, DEFAULT_LOGIT_CLIP, RecalibrationLine, cox_calibration};
pub use cox_clustered::{CoxLeaveOneOut, cox_leave_one_out};
pub use ece::{CalibrationError, calibration_error};
pub use evalue::{CalibrationEvidence, FoldEvidence, calibration_evidence, calibration_evidence_of_counts};
pub use forecasts::{Atom, Forecasts};
pub(crate) use isotonic::pool_adjacent_violators;
pub use isotonic::{ReliabilityPoint, isotonic_regression, reliability_curve};
pub use murphy::{Murphy, murphy};
pub use replicates::calibrated_replicates;
pub use scores::{LogLoss, ProperScore, brier_score, log_loss};
pub use selective::{ConfidenceBlock, RiskCoverage, augrc, risk_coverage, risk_coverage_of_counts};
pub use smooth::{SmoothError, smooth_error, smooth_error_at};
pub use spiegelhalter::{CalibrationTest, spiegelhalter_clustered, spiegelhalter_z};
