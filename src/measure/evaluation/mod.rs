//! `evaluation.json` (`lacuna-evaluation/1`): every number of an audit, without clock, path or host.

mod adjusted;
mod agreement;
mod axis;
mod bias;
mod bounds;
mod calibration;
mod ceiling;
mod comparison;
mod consequences;
mod cost;
mod detectable;
mod dose;
mod finding;
mod framing;
mod gap;
mod gold;
mod gold_uncertainty;
mod judge;
mod labels;
mod missingness;
mod operating;
mod pair_agreement;
mod ranking;
mod recalibration;
mod replies_made;
mod scale;
mod severity_calibration;
mod stability;
mod systems;
mod twins;

pub use adjusted::{AdjustedTest, TestFamily};
pub use agreement::{Agreement, FlagAgreement, KappaErrors, Symmetry, SymmetryTest};
pub use axis::{AxisEvaluation, Blindness, SeverityResponse, SliceEvaluation, UnscoredCounts};
pub use bias::{AxisBias, FamilyBias, LengthBias, LengthThird, SelfPreference, SystemRecall};
pub use bounds::Bounds;
pub use calibration::{
    BinRule, BinnedError, Calibration, CalibrationLine, CalibrationPoint, Consistency, CorpLogParts, CorpParts,
    Evidence, MurphyParts, ProbabilityAtSeverity, ProbabilityBin, ProbabilitySource, ReplicateLimit, Spiegelhalter,
};
pub use ceiling::{CeilingEntry, CeilingReference};
pub use comparison::{
    AxisComparison, ComparedPairs, Comparison, ComparisonPlan, Discordance, PairedDifference, PairedFlags,
    ReferenceTests, SeparatingScore,
};
pub use consequences::{
    ConsequencePanel, Consequences, CorrectionRefused, EqualErrors, LabelWorth, SmallestSwap, SystemConsequences,
    SystemPair, SystemRanking, WorthBasis,
};
pub use cost::{CostAndSpeed, LatencySeconds};
pub use detectable::{Detectable, DetectableGap, DetectableRecall};
pub use dose::{
    CurveFit, DoseCurve, DosePoint, DoseResponse, IndependentItems, SameFact, SameFactContrast, SameFactTable,
};
pub use finding::{Finding, FindingLevel};
pub use framing::{Framing, FramingContrast, FramingDiscordance};
pub use gap::{
    AucBasis, AucGap, EquivalenceVerdict, GapAtThresholds, GapEquivalence, GapOfSystem, GapShown, RecallGap,
    SeverityClass, SeverityMatched, SurfaceBand,
};
pub use gold::{AxisSummary, GoldSummary, LargestCluster, RaterSummary};
pub use gold_uncertainty::{GoldUncertainty, ImperfectGoldCell, ImperfectGoldSweep, RaterDoubt, RecallIfGoldErrs};
pub use judge::{ItemEvaluation, JudgeEvaluation};
pub use labels::{AlternativeAnnotator, LabelReliability, RaterDuel, RaterReliability, TruthBehindRatings};
pub use missingness::{CoveredRecall, MissingTrendTest, Missingness, UnscoredAtSeverity};
pub use operating::{
    CoverageAtRecall, CoveragePoint, CrossFittedCut, Operating, OperatingPoint, OperatingScale, OwnPoint,
    SelectivePrediction,
};
pub use pair_agreement::{PairAgreement, PairAgreements, PartyKind};
pub use ranking::{CochranTest, LeftOutOfRanking, LeftOutReason, RankedJudge, RankedMetric, Ranking};
pub use recalibration::{
    AtOwnFalseAlarms, RecalibratedScores, RecalibrationFamily, RecalibrationMap, RecalibrationReport,
};
pub use replies_made::RepliesMade;
pub(crate) use replies_made::moment;
pub use scale::{FoldCut, ScaleCut, ScaleEvaluation};
pub use severity_calibration::{CumulativeError, GoldGivenJudge, JudgeGivenGold, SeverityCalibration};
pub use stability::{MajorityRecall, RepeatNoiseOnPositives, Stability};
pub use systems::{LeaveOneOut, SystemRange, WithoutSystem};
pub use twins::{TwinComparison, TwinDiscrimination};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::options::PrimaryComparison;
use crate::model::{PerAxis, Severity};

/// The whole evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// `lacuna-evaluation/1`.
    pub format: String,
    /// What the judges were measured against.
    pub gold: GoldSummary,
    /// How it was measured.
    pub settings: Settings,
    /// One entry a judge, sorted by omission Youden J, best first; judges without one last, by name.
    pub judges: Vec<JudgeEvaluation>,
    /// Each human rater measured like a judge, per axis.
    pub human_ceiling: PerAxis<Vec<CeilingEntry>>,
    /// Judge against judge, on the examples that both were asked.
    pub comparisons: Vec<Comparison>,
    /// Which pairs were compared, and how many tests were made together.
    pub comparison_plan: ComparisonPlan,
    /// Judges in the order of a metric, with what is sure of it.
    pub rankings: Vec<Ranking>,
    /// Who agrees with whom, per axis: judges with each other, with raters, and raters with each other.
    pub pair_agreement: PerAxis<PairAgreements>,
    /// How far the labels can be relied on; null on an axis that nobody but an adjudicator rated.
    pub label_reliability: PerAxis<Option<LabelReliability>>,
    /// Whether judges spare the systems of their own family, over all judges of known family; null where nothing can be said.
    pub self_preference: PerAxis<Option<SelfPreference>>,
    /// What these data can and cannot support.
    pub findings: Vec<Finding>,
}

/// How the evaluation was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Seed of every random stream.
    pub seed: u64,
    /// Confidence level of every interval, two-sided.
    pub level: f64,
    /// Severity from which an example is a positive.
    pub thresholds: PerAxis<Severity>,
    /// Difference of two shares that would be small enough to call them equal.
    pub margin: f64,
    /// Resamples of clusters behind joint intervals.
    pub resamples: usize,
    /// What judges are compared on first.
    pub primary: PrimaryComparison,
}
