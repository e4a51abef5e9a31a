//! Intervals and evidence that may be looked at while data come in.
//!
//! A confidence sequence holds at all times at once, so an audit may stop when it has seen enough; the price is width.
//! Several judges share the error rate: split it, or average e-values.

mod asymptotic;
mod beta_binomial;
mod empirical_bernstein;
mod hedged;
mod stream;

pub use asymptotic::asymptotic_sequence;
pub use beta_binomial::{BetaMixture, beta_binomial_interval, mcnemar_log_evidence};
pub use empirical_bernstein::empirical_bernstein_sequence;
pub use hedged::hedged_sequence;
pub use stream::{ConfidenceSequence, UnitStream};
