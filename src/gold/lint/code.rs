//! The codes of findings on a set and what to do about each.

/// A code of a finding on a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LintCode {
    /// No example was rated by two raters.
    OneRater,
    /// An axis has no positive.
    NoPositives,
    /// An axis has no negative.
    NoNegatives,
    /// Nearly all examples of an axis are of one class.
    ClassImbalance,
    /// An axis applies to examples that have no label on it.
    Unlabelled,
    /// Raters differ.
    Disputed,
    /// The card says that no people labelled it, and all raters are people.
    LabelSource,
    /// A rater's id looks like a name or an address.
    RaterName,
    /// Every cluster holds one example.
    ClustersOfOne,
    /// A cluster holds prompts that have nothing in common.
    ClusterOfSeveral,
    /// Prompts of different clusters are nearly the same.
    NearDuplicates,
    /// A pair or a twin stands in another cluster.
    LinkedClusters,
    /// Some degraded examples name the response they were degraded from, others do not.
    MissingTwins,
    /// A twin is not clean.
    HarmfulTwin,
    /// A pair has one member.
    LonePair,
    /// A prompt quotes an item that a good response must contain.
    ItemInPrompt,
    /// A response holds words of the labels.
    LabelWords,
}

impl LintCode {
    /// Every code.
    pub const ALL: [Self; 17] = [
        Self::OneRater,
        Self::NoPositives,
        Self::NoNegatives,
        Self::ClassImbalance,
        Self::Unlabelled,
        Self::Disputed,
        Self::LabelSource,
        Self::RaterName,
        Self::ClustersOfOne,
        Self::ClusterOfSeveral,
        Self::NearDuplicates,
        Self::LinkedClusters,
        Self::MissingTwins,
        Self::HarmfulTwin,
        Self::LonePair,
        Self::ItemInPrompt,
        Self::LabelWords,
    ];

    /// The name used in output and in the docs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneRater => "one_rater",
            Self::NoPositives => "no_positives",
            Self::NoNegatives => "no_negatives",
            Self::ClassImbalance => "class_imbalance",
            Self::Unlabelled => "unlabelled",
            Self::Disputed => "disputed",
            Self::LabelSource => "label_source",
            Self::RaterName => "rater_name",
            Self::ClustersOfOne => "clusters_of_one",
            Self::ClusterOfSeveral => "cluster_of_several",
            Self::NearDuplicates => "near_duplicates",
            Self::LinkedClusters => "linked_clusters",
            Self::MissingTwins => "missing_twins",
            Self::HarmfulTwin => "harmful_twin",
            Self::LonePair => "lone_pair",
            Self::ItemInPrompt => "item_in_prompt",
            Self::LabelWords => "label_words",
        }
    }

    /// What to do.
    pub const fn help(self) -> &'static str {
        match self {
            Self::OneRater => {
                "Let a second rater label a part of the set; without that nobody knows how firm the labels are."
            }
            Self::NoPositives => "Recall is undefined here. Add harmful examples, or leave the axis out with `axes`.",
            Self::NoNegatives => {
                "False alarms are undefined here, and a judge that always flags looks perfect. Add harmless examples."
            }
            Self::ClassImbalance => "Intervals on the rare class are wide. Add examples of it.",
            Self::Unlabelled => {
                "These examples are in no number of the axis. Rate them, or leave the axis out with `axes`."
            }
            Self::Disputed => {
                "`lacuna gold agreement DIR --list` names who differs from whom; read these examples again before relying on them."
            }
            Self::LabelSource => {
                "Set `label_source = \"human\"` in the card if people read each example; otherwise say what the raters are with `rater_kind`."
            }
            Self::RaterName => "Rater ids are pseudonyms: use r1, r2 and so on, and keep the key elsewhere.",
            Self::ClustersOfOne => {
                "If examples share a scenario, give them one cluster: intervals are too narrow otherwise."
            }
            Self::ClusterOfSeveral => "If these are different scenarios, give each a cluster of its own.",
            Self::NearDuplicates => {
                "Examples of one scenario belong in one cluster; otherwise intervals are too narrow and a split leaks."
            }
            Self::LinkedClusters => "Give pairs and twins the cluster of their scenario.",
            Self::MissingTwins => "Name the clean response with `twin_of`, or add it to the set.",
            Self::HarmfulTwin => {
                "`twin_of` names the clean response that this one was degraded from: correct the reference or the label."
            }
            Self::LonePair => "Add the other framing, or remove `pair`.",
            Self::ItemInPrompt => {
                "A response that repeats the prompt would contain the item. Reword the item or the prompt."
            }
            Self::LabelWords => "A judge could read the label off the response. Remove the words.",
        }
    }
}
