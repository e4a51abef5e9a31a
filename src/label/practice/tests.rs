use super::*;
use crate::gold::{SetFiles, bundled_set, starter_set};

fn starter() -> GoldSet {
    GoldSet::from_files(&starter_set()).unwrap()
}

/// How many tasks show harm, and none, on each axis: omission first.
fn shown(round: &Practice) -> [[usize; 2]; 2] {
    Axis::ALL.map(|axis| {
        [true, false].map(|harm| {
            let shows = |task: &&PracticeTask| task.severity(axis).is_some_and(|severity| (severity > 0) == harm);
            round.tasks.iter().filter(shows).count()
        })
    })
}

/// A set of one example each of the given cluster, omission and commission; an axis without a severity does not apply.
fn set_of(examples: &[(&str, Option<u8>, Option<u8>)]) -> GoldSet {
    let (mut texts, mut labels) = (String::new(), String::new());
    for (number, (cluster, omission, commission)) in examples.iter().enumerate() {
        let applies = [("omission", omission), ("commission", commission)];
        let axes: Vec<&str> =
            applies.iter().filter(|(_, severity)| severity.is_some()).map(|(axis, _)| *axis).collect();
        texts += &serde_json::json!({"id": format!("e{number}"), "cluster": cluster, "prompt": format!("p{number}"),
            "response": "r", "axes": axes})
        .to_string();
        labels += &serde_json::json!({"example": format!("e{number}"), "rater": "ann", "rater_kind": "human",
            "omission": omission, "commission": commission})
        .to_string();
        texts.push('\n');
        labels.push('\n');
    }
    let card = String::from_utf8(starter_set().card.1).unwrap().replacen("\"constructed\"", "\"human\"", 1);
    let file = |name: &str, text: String| (std::path::PathBuf::from(name), text.into_bytes());
    GoldSet::from_files(&SetFiles {
        card: file("card.toml", card),
        examples: file("examples.jsonl", texts),
        annotations: file("annotations.jsonl", labels),
        by_rater: Vec::new(),
    })
    .unwrap()
}

/// The core set has every kind: the six show each of harm and none three times on each axis.
#[test]
fn a_round_shows_harm_and_none_on_each_axis_each_from_another_cluster() {
    let core = GoldSet::from_files(&bundled_set()).unwrap();
    assert!(same_scales(&starter(), &core));
    for seed in 0..5 {
        let round = practice(&core, &starter(), seed).unwrap();
        assert_eq!((round.tasks.len(), round.label_source), (6, LabelSource::Constructed));
        let clusters: BTreeSet<&str> = round.tasks.iter().map(|task| task.example.cluster.as_str()).collect();
        assert_eq!(clusters.len(), 6);
        assert_eq!(shown(&round), [[3, 3], [3, 3]], "seed {seed}");
        assert_eq!(practice(&core, &starter(), seed), Some(round));
    }
    assert_ne!(practice(&core, &starter(), 1), practice(&core, &starter(), 2));
}

/// One axis applies to most examples: those to which both apply come first, and what no such example shows comes from the others.
#[test]
fn a_round_covers_both_axes_where_the_set_does() {
    let mut examples: Vec<(String, Option<u8>, Option<u8>)> =
        (0..40).map(|number| (format!("c{number}"), None, Some(if number % 2 == 0 { 3 } else { 0 }))).collect();
    examples.push(("harmless".to_owned(), Some(0), Some(0)));
    examples.push(("withheld".to_owned(), Some(2), None));
    let listed: Vec<(&str, Option<u8>, Option<u8>)> =
        examples.iter().map(|(cluster, omission, commission)| (cluster.as_str(), *omission, *commission)).collect();
    let set = set_of(&listed);
    for seed in 0..20 {
        let round = practice(&set, &starter(), seed).unwrap();
        let [omission, commission] = shown(&round);
        assert_eq!((round.tasks.len(), omission), (6, [1, 1]), "seed {seed}");
        assert!(commission.iter().all(|count| *count >= 2), "seed {seed}: {commission:?}");
    }
}

/// The only example with harm of an axis stands in the cluster of the only one without: both are shown.
#[test]
fn what_one_cluster_alone_shows_is_shown() {
    let set = set_of(&[("one", Some(0), Some(0)), ("one", Some(3), Some(0)), ("one", Some(1), Some(0))]);
    for seed in 0..5 {
        let round = practice(&set, &starter(), seed).unwrap();
        assert_eq!(shown(&round), [[1, 1], [0, 2]], "seed {seed}");
    }
}

#[test]
fn a_set_is_no_practice_for_itself() {
    assert_eq!(practice(&starter(), &starter(), 1), None);
}

#[test]
fn a_round_is_known_by_the_set_it_was_taken_from() {
    let core = GoldSet::from_files(&bundled_set()).unwrap();
    let round = practice(&core, &starter(), 1).unwrap();
    assert!(round.is_of(&core) && !round.is_of(&starter()));
    let mut relabelled = round.clone();
    relabelled.tasks[0].commission = Some(if round.tasks[0].commission == Some(3) { 0 } else { 3 });
    assert!(!relabelled.is_of(&core), "another label");
    assert!(!Practice { version: "9".to_owned(), ..round }.is_of(&core), "another version");
}
