//! The codes of findings and what to do about each.

/// A code of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingCode {
    /// The labels were not made by people.
    LabelsNotHuman,
    /// An axis has no positive, so that nothing can be said of recall on it.
    AxisWithoutPositives,
    /// An axis has few positives.
    FewPositives,
    /// The intervals rest on few clusters.
    FewClusters,
    /// Most positives of an axis come from one system.
    PositivesFromOneSystem,
    /// Most positives of an axis come from one cluster.
    PositivesFromOneCluster,
    /// No human rater can be measured against other people.
    NoHumanCeiling,
    /// A judge gave no verdict on a considerable share of examples.
    ManyUnscored,
    /// A judge flags everything or nothing.
    ConstantJudge,
    /// A judge's recall is not shown to exceed its flag rate.
    NoBetterThanChance,
    /// Stated probabilities do not come true.
    Miscalibrated,
    /// A map fitted on other clusters makes the probabilities better.
    RecalibrationWouldHelp,
    /// A judge states few distinct probabilities.
    ProbabilitiesCoarse,
    /// A judge was asked about a part of the set only.
    NotAsked,
    /// Verdicts name examples that the set does not have.
    UnknownExamples,
    /// The provider named more than one model behind a judge's verdicts.
    ModelChanged,
    /// A judge gives one score in place of severities.
    SingleScale,
    /// A judge has a scale and nothing to flag from.
    NoCut,
    /// The gap changes sign with the thresholds.
    GapSignThresholds,
    /// The gap changes sign with what the unscored verdicts would have been.
    GapSignUnscored,
    /// The gap changes sign between systems.
    GapSignSystems,
    /// Verdicts fail to come where the harm is.
    MissingWhereHarmIs,
    /// The raters agree too little for their labels to be relied on.
    LabelsUnreliable,
    /// A judge's recall on what all raters call harmful is not that on the rest.
    RecallRestsOnDisputed,
    /// By the alternative annotator test a judge could stand in for most raters.
    AltTestPassed,
    /// By the alternative annotator test a judge could not.
    AltTestFailed,
    /// The first two judges by omission Youden J are not told apart.
    JudgesNotDistinguishable,
    /// Judges are ranked on a part of the set, since not all were asked the rest.
    FewerCommonExamples,
    /// Places in the order of judges are not settled.
    RankUncertain,
    /// A gap is not established, and the set could hardly have shown one.
    GapNotDetectable,
    /// Flags do not rise with the number of items removed or made wrong.
    FlatInDose,
    /// The judge's family of models made labels or wrote responses.
    SameFamily,
    /// Recall differs on systems of the judge's own family.
    SelfPreference,
    /// Recall depends on the length of the response.
    LengthMatters,
    /// Recall depends on the role in which the same facts are put.
    FramingMatters,
    /// Misses come from wavering rather than from blindness.
    NoiseNotBlindness,
    /// The judge would turn the order of systems.
    RankingWouldChange,
    /// The judge adds little to labels.
    JudgeWorthLittle,
}

impl FindingCode {
    /// Every code.
    pub const ALL: [Self; 38] = [
        Self::LabelsNotHuman,
        Self::AxisWithoutPositives,
        Self::FewPositives,
        Self::FewClusters,
        Self::PositivesFromOneSystem,
        Self::PositivesFromOneCluster,
        Self::NoHumanCeiling,
        Self::ManyUnscored,
        Self::ConstantJudge,
        Self::NoBetterThanChance,
        Self::Miscalibrated,
        Self::RecalibrationWouldHelp,
        Self::ProbabilitiesCoarse,
        Self::NotAsked,
        Self::UnknownExamples,
        Self::ModelChanged,
        Self::SingleScale,
        Self::NoCut,
        Self::GapSignThresholds,
        Self::GapSignUnscored,
        Self::GapSignSystems,
        Self::MissingWhereHarmIs,
        Self::LabelsUnreliable,
        Self::RecallRestsOnDisputed,
        Self::AltTestPassed,
        Self::AltTestFailed,
        Self::JudgesNotDistinguishable,
        Self::FewerCommonExamples,
        Self::RankUncertain,
        Self::GapNotDetectable,
        Self::FlatInDose,
        Self::SameFamily,
        Self::SelfPreference,
        Self::LengthMatters,
        Self::FramingMatters,
        Self::NoiseNotBlindness,
        Self::RankingWouldChange,
        Self::JudgeWorthLittle,
    ];

    /// The name used in `evaluation.json` and in the docs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LabelsNotHuman => "labels_not_human",
            Self::AxisWithoutPositives => "axis_without_positives",
            Self::FewPositives => "few_positives",
            Self::FewClusters => "few_clusters",
            Self::PositivesFromOneSystem => "positives_from_one_system",
            Self::PositivesFromOneCluster => "positives_from_one_cluster",
            Self::NoHumanCeiling => "no_human_ceiling",
            Self::ManyUnscored => "many_unscored",
            Self::ConstantJudge => "constant_judge",
            Self::NoBetterThanChance => "no_better_than_chance",
            Self::Miscalibrated => "miscalibrated",
            Self::RecalibrationWouldHelp => "recalibration_would_help",
            Self::ProbabilitiesCoarse => "probabilities_coarse",
            Self::NotAsked => "not_asked",
            Self::UnknownExamples => "unknown_examples",
            Self::ModelChanged => "model_changed",
            Self::SingleScale => "single_scale",
            Self::NoCut => "no_cut",
            Self::GapSignThresholds => "gap_sign_thresholds",
            Self::GapSignUnscored => "gap_sign_unscored",
            Self::GapSignSystems => "gap_sign_systems",
            Self::MissingWhereHarmIs => "missing_where_harm_is",
            Self::LabelsUnreliable => "labels_unreliable",
            Self::RecallRestsOnDisputed => "recall_rests_on_disputed",
            Self::AltTestPassed => "alt_test_passed",
            Self::AltTestFailed => "alt_test_failed",
            Self::JudgesNotDistinguishable => "judges_not_distinguishable",
            Self::FewerCommonExamples => "fewer_common_examples",
            Self::RankUncertain => "rank_uncertain",
            Self::GapNotDetectable => "gap_not_detectable",
            Self::FlatInDose => "flat_in_dose",
            Self::SameFamily => "same_family",
            Self::SelfPreference => "self_preference",
            Self::LengthMatters => "length_matters",
            Self::FramingMatters => "framing_matters",
            Self::NoiseNotBlindness => "noise_not_blindness",
            Self::RankingWouldChange => "ranking_would_change",
            Self::JudgeWorthLittle => "judge_worth_little",
        }
    }

    /// What a reader should do.
    pub const fn help(self) -> &'static str {
        match self {
            Self::LabelsNotHuman => {
                "Say so wherever these numbers are quoted. Recall against such labels is agreement with how they were made; have people label a part of the set before a judge is chosen by it."
            }
            Self::AxisWithoutPositives => {
                "Add examples that are harmful on this axis, or leave the axis out of the comparison."
            }
            Self::FewPositives => {
                "Read the interval, not the value. Adding positives narrows it; adding negatives does not."
            }
            Self::FewClusters => {
                "Intervals are approximate with so few clusters. Add scenarios rather than responses to the same ones."
            }
            Self::PositivesFromOneSystem => {
                "Recall on this axis describes that system's responses. Read the slice by system, and add positives from other systems."
            }
            Self::PositivesFromOneCluster => {
                "Recall on this axis describes that cluster. Add positives from other scenarios."
            }
            Self::NoHumanCeiling => {
                "Let a second person label a part of the set: without that nobody knows how much of the miss is the label's."
            }
            Self::ManyUnscored => {
                "Compare the headline with the scored-only value and with the bounds; mend the cause and ask again if they differ."
            }
            Self::ConstantJudge => {
                "The judge does not tell examples apart on this axis; its recall says nothing about what it sees."
            }
            Self::NoBetterThanChance => {
                "A coin that flags as often would find as many. Do not use the judge on this axis on this evidence."
            }
            Self::Miscalibrated => {
                "Do not read its probabilities as probabilities. Recalibrate them on labelled examples, or use a cut chosen on other examples."
            }
            Self::RecalibrationWouldHelp => {
                "Fit the map on labelled examples of your own before the probabilities are used. It does not raise recall at the same false alarms: for that, move the cut or change the judge."
            }
            Self::ProbabilitiesCoarse => {
                "Ask for more than round numbers, take log-probabilities, or draw several samples, if a finer cut is needed."
            }
            Self::NotAsked => {
                "Compare judges on the examples that all of them were asked; the numbers here are each judge's own."
            }
            Self::UnknownExamples => "Check that the verdicts belong to this version of the set.",
            Self::ModelChanged => {
                "These numbers mix judges. Name a dated model, and ask again with --fresh what the other one answered."
            }
            Self::SingleScale => {
                "Its recall is over other positives than that of judges with severities: compare the AUC, or run those judges on the same examples. Intervals take the cut as given; a fitted one adds to them."
            }
            Self::NoCut => {
                "Read the AUC. For recall and false alarms give the judge's [score] a `flag_at`, fixed before looking at these data, or a `false_alarm_budget`."
            }
            Self::GapSignThresholds => {
                "Do not quote the gap without its pair of thresholds; fix the pair before looking at the data."
            }
            Self::GapSignUnscored => "The sign of the gap depends on verdicts that never came. Quote the bounds.",
            Self::GapSignSystems => "Pooling hides that systems differ. Read the gap system by system.",
            Self::MissingWhereHarmIs => {
                "Recall over scored verdicts alone is not to be interpreted. Quote the recall that counts missing verdicts as misses, and the bounds; find out why the judge is silent on harm."
            }
            Self::LabelsUnreliable => {
                "Part of what looks like a judge's error is disagreement of people. Read the recall on examples that all raters call harmful, and mend the guidelines before labelling more."
            }
            Self::RecallRestsOnDisputed => {
                "Quote both recalls. What people dispute may be no error of the judge; what they agree on is the fairer headline."
            }
            Self::AltTestPassed => {
                "It is about typical examples, not about rare harm: read recall and false alarms before the judge takes anybody's place."
            }
            Self::AltTestFailed => {
                "Keep people on this axis. The test also fails for want of examples: see how many were compared."
            }
            Self::JudgesNotDistinguishable => {
                "Do not call one of them the best. Choose by cost with `lacuna compare`, or add positives until the interval of the difference is narrow enough."
            }
            Self::FewerCommonExamples => {
                "Ranks and comparisons describe those examples alone. Ask every judge about the whole set before ranking them."
            }
            Self::RankUncertain => {
                "Quote the range of places beside each place, or the groups of judges that are not told apart."
            }
            Self::GapNotDetectable => {
                "Do not read it as no gap. `lacuna plan --gold` says how many more scenarios it takes to show one."
            }
            Self::FlatInDose => {
                "What it flags does not follow what these responses lack or get wrong. Do not read its flags as a measure of how much is missing."
            }
            Self::SameFamily => {
                "Say so beside its numbers. Compare it with judges of other families, and have people label a part of the set."
            }
            Self::SelfPreference => {
                "Rank systems by a judge of another family. Its own systems may err in ways that are harder to see: the comparison over several judges sets that aside."
            }
            Self::LengthMatters => {
                "Compare systems of different length with care: look at recall by thirds of the length, and at examples of the blind end."
            }
            Self::FramingMatters => "Do not pool the framings. Quote recall for each, and say which one your use is.",
            Self::NoiseNotBlindness => {
                "Ask it several times and take the majority, or lower its temperature, before changing the prompt."
            }
            Self::RankingWouldChange => {
                "Do not rank systems by this judge. Use the corrected rates, with labels on a part of each system's responses."
            }
            Self::JudgeWorthLittle => "For a harm rate, spend on labels rather than on this judge.",
        }
    }
}
