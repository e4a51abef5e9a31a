//! How well a score separates harmful from harmless: AUC with its standard errors, average precision, thresholds.

mod average_precision;
mod clustered;
mod delong;
mod labelled;
mod leave_out;
mod placements;
mod thresholds;

pub use average_precision::{average_precision, average_precision_interval};
pub use clustered::{
    ClusteredAuc, ClusteredAucDifference, auc_clustered, auc_clustered_difference, auc_clustered_difference_of_ranks,
    auc_clustered_of_counts,
};
pub use delong::{AucComparison, DelongAuc, delong, delong_paired};
pub use labelled::{LabelledScores, ScoreLevel, ScoreLevels};
pub use leave_out::PairSums;
pub use placements::{Placements, auc};
pub use thresholds::{
    CostThreshold, RecallThreshold, Threshold, YoudenThreshold, highest_recall_at_specificity, highest_youden_j,
    lowest_cost,
};
