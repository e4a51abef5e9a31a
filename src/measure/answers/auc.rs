//! An area under a ROC curve as an estimate.

use crate::stats::auc::ClusteredAuc;
use crate::stats::{Confidence, Estimate, Undefined};

/// Name of the interval of an AUC.
const METHOD: &str = "obuchowski_logit_t";

/// An AUC with its interval, or the reason for none; `examples` stand behind it.
pub(crate) fn auc_estimate(found: Result<ClusteredAuc, Undefined>, examples: f64, level: f64) -> Estimate {
    let reason = found.err().unwrap_or(Undefined::NoData);
    let mut estimate = Estimate::undefined(reason, level, METHOD);
    estimate.n = examples;
    let Ok(found) = found else { return estimate };
    (estimate.value, estimate.undefined, estimate.clusters) = (Some(found.auc), None, found.clusters);
    let confidence = Confidence::new(level).expect("a level was checked at the command line");
    match found.interval(confidence) {
        Ok(interval) => (estimate.lower, estimate.upper) = (Some(interval.lower), Some(interval.upper)),
        Err(reason) => estimate.interval_undefined = Some(reason),
    }
    estimate
}
