//! From gold and verdicts to the evaluation. Every number comes from the counts table, but for the AUC and the cuts of a
//! single scale, which need each example's probability or score and are computed while the trials are counted.

mod agreement;
mod align;
mod answers;
mod axis;
mod bias;
mod by_cluster;
mod by_example;
mod calibration;
mod ceiling;
mod cells;
mod compare;
mod consequences;
mod cost;
mod detectable;
mod dose;
mod evaluate;
mod evaluation;
mod framing;
mod gap;
mod gold_uncertainty;
mod items;
mod labels;
mod layout;
#[cfg(test)]
mod missing_carried;
mod missingness;
mod operating;
mod options;
mod pair_agreement;
pub mod planning;
pub mod plant;
mod raters;
mod replies_made;
mod scale;
mod separation;
mod shares;
mod stability;
mod summary;
mod systems;
#[cfg(test)]
mod toy;
mod twins;
mod votes;

pub use agreement::{Agreement, FlagAgreement, KappaErrors, Symmetry, SymmetryTest};
pub use bias::{AxisBias, FamilyBias, LengthBias, LengthThird, SelfPreference, SystemRecall};
pub use by_example::{CountedAnswer, JudgeAnswers, counted_answers};
pub use calibration::{
    AtOwnFalseAlarms, BinRule, BinnedError, Calibration, CalibrationLine, CalibrationPoint, Consistency, CorpLogParts,
    CorpParts, CumulativeError, Evidence, GoldGivenJudge, JudgeGivenGold, MurphyParts, ProbabilityAtSeverity,
    ProbabilityBin, ProbabilitySource, RecalibratedScores, RecalibrationFamily, RecalibrationMap, RecalibrationReport,
    ReplicateLimit, SeverityCalibration, Spiegelhalter,
};
pub use compare::{
    AdjustedTest, AxisChange, AxisComparison, Candidate, Choice, ChoiceCheck, CochranTest, ComparedPairs, Comparison,
    ComparisonPlan, DetectableDifference, DetectableFromLabels, DetectableOnAxis, Discordance, Flip, Flips, JudgeCost,
    LeftOutOfRanking, LeftOutReason, NoChoice, PairedDifference, PairedFlags, RankedJudge, RankedMetric, Ranking,
    ReferenceTests, RunChange, SeparatingScore, TestFamily, check_choice, choose, costs, detectable_from_labels,
    run_change,
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
pub use evaluate::{CountedTrials, MeasureError, evaluate, tabulate};
pub use evaluation::{
    AxisEvaluation, AxisSummary, Blindness, Bounds, CeilingEntry, CeilingReference, Evaluation, Finding, FindingLevel,
    FoldCut, GoldSummary, ItemEvaluation, JudgeEvaluation, LargestCluster, RaterSummary, ScaleCut, ScaleEvaluation,
    Settings, SeverityResponse, SliceEvaluation, UnscoredCounts,
};
pub use framing::{Framing, FramingContrast, FramingDiscordance};
pub use gap::{
    AucBasis, AucGap, EquivalenceVerdict, GapAtThresholds, GapEquivalence, GapOfSystem, RecallGap, SeverityClass,
    SeverityMatched, SurfaceBand, opposes,
};
pub use gold_uncertainty::{GoldUncertainty, ImperfectGoldCell, ImperfectGoldSweep, RaterDoubt, RecallIfGoldErrs};
pub use labels::{AlternativeAnnotator, LabelReliability, RaterDuel, RaterReliability, TruthBehindRatings};
pub use missingness::{CoveredRecall, MissingTrendTest, Missingness, UnscoredAtSeverity};
pub use operating::{
    CoverageAtRecall, CoveragePoint, CrossFittedCut, Operating, OperatingPoint, OperatingScale, OwnPoint,
    SelectivePrediction,
};
pub use options::{DEFAULT_MARGIN, DEFAULT_RESAMPLES, MeasureOptions, PrimaryComparison, PrimaryMetric};
pub use pair_agreement::{PairAgreement, PairAgreements, PartyKind};
pub use raters::{
    AxisAgreement, CannotJudge, Disagreement, Disagreements, DisputedExample, DisputedItem, ItemParting,
    JudgeByReference, Listing, MarkGiven, Parting, RaterAgreement, RaterCannotJudge, RaterPair, Reference,
    ReferenceLabels, ReferenceRecall, SeverityGiven, SliceParting, rater_agreement,
};
pub use replies_made::RepliesMade;
pub use stability::{MajorityRecall, RepeatNoiseOnPositives, Stability};
pub use systems::{LeaveOneOut, SystemRange, WithoutSystem};
pub use twins::{TwinComparison, TwinDiscrimination};
