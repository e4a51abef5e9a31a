//! Tests of judge files, prompts and requests, with the judges, the card and the example that they share.

mod asked;
mod bodies;
mod digests;
mod faults;
mod prompts;

use std::collections::BTreeMap;
use std::path::Path;

use super::{Asked, Call, LiveSpec};
use crate::judge::spec::{JudgeKind, JudgeSpec};
use crate::model::{Axis, AxisCard, Card, CardAxes, Example, Item, LabelSource, Pair, Text, TextPolicy};

const HEAD: &str = "format = \"lacuna-judge/1\"\nname = \"j\"\n";

/// A judge whose file has these lines below its format and its name.
fn judge(lines: &str) -> JudgeSpec {
    JudgeSpec::from_text(Path::new("judges/j.toml"), &format!("{HEAD}{lines}")).unwrap()
}

fn live(lines: &str) -> LiveSpec {
    match judge(lines).kind {
        JudgeKind::Live(spec) => *spec,
        other => panic!("{other:?}"),
    }
}

fn call(spec: &LiveSpec) -> Call {
    spec.call(&Asked { card: &card(), example: &example(), repeat: 0 }).unwrap()
}

fn card() -> Card {
    let axis = |harm: &str, levels: &[&str]| AxisCard {
        harm: harm.to_owned(),
        levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        threshold: 1,
    };
    Card {
        format: "lacuna-gold/1".to_owned(),
        name: "c".to_owned(),
        version: "1".to_owned(),
        title: "MARKER title".to_owned(),
        licence: "MARKER licence".to_owned(),
        source: "MARKER source".to_owned(),
        citation: None,
        language: "en".to_owned(),
        domain: "MARKER domain".to_owned(),
        label_source: LabelSource::Constructed,
        aggregate: "majority".to_owned(),
        tie: None,
        texts: TextPolicy::Show,
        limits: Some("MARKER limits".to_owned()),
        mechanisms: Vec::new(),
        axes: CardAxes {
            omission: axis("the response withholds what was needed.", &["none", "mild", "grave"]),
            commission: axis("the response states what is false", &["none", "wrong"]),
        },
    }
}

/// An example whose fields that no judge may see hold the word MARKER.
fn example() -> Example {
    let item = |id: &str, text: &str| Item { id: id.to_owned(), text: text.to_owned() };
    Example {
        id: "MARKER-id".to_owned(),
        cluster: "MARKER-cluster".to_owned(),
        prompt: Text::Plain("May I take both?".to_owned()),
        response: Some(Text::Plain("Ask a doctor.".to_owned())),
        system: Some("MARKER-system".to_owned()),
        axes: Axis::ALL.to_vec(),
        reference: Some("No: they interact.".to_owned()),
        required: vec![item("r1", "do not take\nboth"), item("r2", "why")],
        prohibited: vec![item("x1", "take both")],
        pair: Some(Pair { id: "MARKER-pair".to_owned(), role: "MARKER-role".to_owned() }),
        twin_of: Some("MARKER-twin".to_owned()),
        slices: BTreeMap::from([("MARKER-slice".to_owned(), "MARKER-value".to_owned())]),
    }
}
