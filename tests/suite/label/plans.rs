//! Who labels what: exact counts, balanced loads, the same on a resume, and one rater more.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::client::{CORE, Office, STARTER, records};
use super::talk::{small, write};
use crate::driver::Lacuna;

/// Ids by rater, from the plan.
fn plan(lacuna: &Lacuna, set: &str) -> BTreeMap<String, Vec<String>> {
    let plan = lacuna.json(&format!("{set}/annotations/plan.json"));
    let ids =
        |own: &Value| own["examples"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    plan["raters"].as_array().unwrap().iter().map(|own| (own["rater"].as_str().unwrap().to_owned(), ids(own))).collect()
}

/// The texts that a rater is shown, in order.
fn shown(office: &Office, rater: &str, positions: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let mut seat = office.seat(rater);
    positions.map(|position| seat.get(&format!("/api/task/{position}")).to_string()).collect()
}

/// 192 examples and an overlap of 0.2: 38 go to two raters and 154 to one, 230 in all; by three that is 77, 77 and 76.
#[test]
fn an_overlap_is_exact_balanced_and_the_same_on_a_resume() {
    let lacuna = Lacuna::new();
    let first = [
        "--gold",
        STARTER,
        "--out",
        "study",
        "--rater",
        "a",
        "--rater",
        "b",
        "--rater",
        "c",
        "--overlap",
        "0.2",
        "--seed",
        "5",
    ];
    let office = Office::open(&lacuna, &first);
    let made = fs::read_to_string(lacuna.path("study/annotations/plan.json")).unwrap();
    let dealt = plan(&lacuna, "study");
    let mut loads: Vec<usize> = dealt.values().map(Vec::len).collect();
    loads.sort_unstable();
    assert_eq!(loads, [76, 77, 77]);
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    dealt.values().flatten().for_each(|id| *counts.entry(id).or_default() += 1);
    assert_eq!((counts.len(), counts.values().filter(|count| **count == 2).count()), (192, 38));
    let progress = office.seat("a").get("/api/session")["progress"].clone();
    assert_eq!(
        (&progress["practice"]["total"], &progress["labelling"]["total"]),
        (&json!(6), &json!(dealt["a"].len()))
    );
    let before = shown(&office, "b", 1..=76);
    drop(office);
    let office = Office::open(&lacuna, &["--gold", "study", "--rater", "b"]);
    assert_eq!(shown(&office, "b", 1..=76), before);
    assert_eq!(fs::read_to_string(lacuna.path("study/annotations/plan.json")).unwrap(), made);
    drop(office);
    // Elsewhere with the same seed the same, with another another.
    let mut again = first;
    again[3] = "again";
    drop(Office::open(&lacuna, &again));
    assert_eq!(plan(&lacuna, "again"), dealt);
    (again[3], again[13]) = ("other", "6");
    drop(Office::open(&lacuna, &again));
    assert_ne!(plan(&lacuna, "other"), dealt);
}

/// By default every rater labels everything, in an order of their own; the eight of a cluster lie 24 apart.
#[test]
fn every_rater_labels_everything_with_twins_far_apart() {
    let lacuna = Lacuna::new();
    drop(Office::open(&lacuna, &["--gold", STARTER, "--out", "study", "--rater", "a", "--rater", "b"]));
    let dealt = plan(&lacuna, "study");
    assert_ne!(dealt["a"], dealt["b"]);
    let examples = records(&std::path::Path::new(STARTER).join("examples.jsonl"));
    let cluster =
        |id: &String| examples.iter().find(|example| example["id"] == **id).unwrap()["cluster"].as_str().unwrap();
    for own in dealt.values() {
        let mut sorted: Vec<&String> = own.iter().collect();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), 192);
        let mut last: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, id) in own.iter().enumerate() {
            if let Some(before) = last.insert(cluster(id), place) {
                assert!(place - before >= 24, "{id}: {} apart", place - before);
            }
        }
    }
}

/// A set of sixty examples in clusters of three.
fn sixty(lacuna: &Lacuna) {
    let mut set = small(lacuna);
    set.examples = (0..60)
        .map(|index| json!({"id": format!("e{index}"), "cluster": format!("c{}", index / 3), "prompt": format!("p{index}"), "response": "r"}))
        .collect();
    write(&set, lacuna);
}

#[test]
fn a_rater_who_comes_later_moves_nobodys_finished_work() {
    let lacuna = Lacuna::new();
    sixty(&lacuna);
    let both = ["--gold", "set", "--rater", "ann", "--rater", "bob", "--overlap", "0.5"];
    let office = Office::open(&lacuna, &both);
    let mut seat = office.seat("ann");
    for position in 1..=46 {
        let total = seat.get("/api/session")["progress"]["practice"]["total"].as_u64().unwrap();
        seat.take(position + total, &json!({"omission": 1, "commission": 0}));
        if position + total >= 40 {
            break;
        }
    }
    let before = plan(&lacuna, "set");
    assert_eq!((before["ann"].len(), before["bob"].len()), (45, 45));
    let said = lacuna.fail(3, &["label", "--gold", "set", "--rater", "cy"]);
    assert!(said.contains("plan.json: has no rater \"cy\"; allowed: ann, bob, or `--add`"), "{said}");
    let said = lacuna.fail(3, &["label", "--gold", "set", "--rater", "cy", "--add"]);
    assert!(said.contains("is in use"), "{said}");
    assert!(!lacuna.path("set/annotations/cy.jsonl").exists());
    drop(office);
    let finished: Vec<String> = records(&lacuna.path("set/annotations/ann.jsonl"))
        .iter()
        .map(|line| line["example"].as_str().unwrap().to_owned())
        .collect();
    let office = Office::open(&lacuna, &["--gold", "set", "--rater", "cy", "--add"]);
    let after = plan(&lacuna, "set");
    assert!(finished.iter().all(|id| after["ann"].contains(id)), "finished work moved");
    assert_eq!(after["ann"][..finished.len()], before["ann"][..finished.len()]);
    let all = |plan: &BTreeMap<String, Vec<String>>| {
        let mut ids: Vec<String> = plan.values().flatten().cloned().collect();
        ids.sort();
        ids
    };
    assert_eq!(all(&after), all(&before), "each example as often as before");
    // 90 in all, by three: 34 of ann's are finished, which is more than her share; the others have 28 each.
    let (ann, bob, cy) = (after["ann"].len(), after["bob"].len(), after["cy"].len());
    assert_eq!((finished.len(), ann, bob, cy), (34, 34, 28, 28));
    let progress = office.seat("cy").get("/api/session")["progress"]["labelling"].clone();
    assert_eq!(progress, json!({"done": 0, "total": cy}));
    drop(office);
    let office = Office::open(&lacuna, &["--gold", "set", "--rater", "ann"]);
    assert_eq!(
        office.seat("ann").get("/api/session")["progress"]["labelling"],
        json!({"done": finished.len(), "total": ann})
    );
}

/// Raters who come one after the other: each example stays with as many raters as before, none has one twice, and loads differ by
/// one at most. What another rater's disk lost of a line is left for that rater to be told of.
#[test]
fn raters_who_come_one_by_one_share_the_work() {
    let lacuna = Lacuna::new();
    sixty(&lacuna);
    let both = ["--gold", "set", "--rater", "ann", "--rater", "bob", "--overlap", "0.5", "--no-practice"];
    let office = Office::open(&lacuna, &both);
    office.seat("ann").take(1, &json!({"omission": 1, "commission": 0}));
    drop(office);
    let file = lacuna.path("set/annotations/ann.jsonl");
    let whole = fs::read_to_string(&file).unwrap();
    let left = format!("{whole}{{\"example\":\"e2\",\"rater\":\"an");
    fs::write(&file, &left).unwrap();
    let how_often = |dealt: &BTreeMap<String, Vec<String>>| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        dealt.values().flatten().for_each(|id| *counts.entry(id.clone()).or_default() += 1);
        counts
    };
    let before = how_often(&plan(&lacuna, "set"));
    for (rater, loads) in [("cy", [30, 30, 30].as_slice()), ("dee", &[22, 22, 23, 23]), ("eve", &[18; 5])] {
        let (_, said) = Office::open(&lacuna, &["--gold", "set", "--rater", rater, "--add"]).interrupt();
        assert!(!said.contains("cut off"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), left, "another rater's file stays as it is");
        let dealt = plan(&lacuna, "set");
        assert_eq!(how_often(&dealt), before);
        for own in dealt.values() {
            assert_eq!(own.iter().collect::<std::collections::BTreeSet<_>>().len(), own.len(), "an example twice");
        }
        let mut found: Vec<usize> = dealt.values().map(Vec::len).collect();
        found.sort_unstable();
        assert_eq!(found, loads, "{rater}");
        // What a later rater was given is what that rater is shown.
        let office = Office::open(&lacuna, &["--gold", "set", "--rater", rater]);
        assert_eq!(office.seat(rater).get("/api/session")["progress"]["labelling"]["total"], dealt[rater].len());
    }
    let (_, said) = Office::open(&lacuna, &["--gold", "set", "--rater", "ann"]).interrupt();
    assert!(said.contains("warning: a last line had been cut off") && said.contains("ann.jsonl.cut"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), whole);
}

#[test]
fn what_cannot_go_on_says_what_to_do() {
    let lacuna = Lacuna::new();
    let mut set = small(&lacuna);
    let label = |more: &[&str]| lacuna.fail(3, &[&["label", "--gold", "set"], more].concat());
    let says = |said: String, part: &str| assert!(said.contains(part), "{part}: {said}");
    says(label(&["--rater", "../x"]), "--rater: found \"../x\"; allowed: a pseudonym of letters");
    says(label(&["--rater", "ann", "--rater", "Ann"]), "differ in more than capitals");
    says(label(&["--rater", "ann", "--overlap", "0.2"]), "--overlap: is shared out between raters");
    says(
        label(&["--rater", "ann", "--rater", "bob", "--overlap", "2"]),
        "--overlap: found 2; allowed: a share from 0 to 1",
    );
    assert!(!lacuna.path("set/annotations/plan.json").exists(), "nothing was begun");
    drop(Office::open(&lacuna, &["--gold", "set", "--rater", "ann", "--rater", "bob", "--seed", "3", "--no-practice"]));
    says(label(&["--rater", "ann", "--seed", "4"]), "was made with --seed 3, and a plan does not change");
    says(label(&["--rater", "ann", "--overlap", "0.5"]), "was made without --overlap");
    says(label(&["--rater", "ann", "--practice", STARTER]), "was made with another practice round");
    says(label(&["--rater", "Bob", "--add"]), "differ in more than capitals");
    set.examples[0]["response"] = json!("changed");
    write(&set, &lacuna);
    says(label(&["--rater", "ann"]), "was made for other examples: examples.jsonl has changed since");
    fs::write(lacuna.path("set/annotations/plan.json"), "{\"format\": \"lacuna-labelling/1\", \"sed\": 1}").unwrap();
    says(label(&["--rater", "ann"]), "set/annotations/plan.json:1: sed: unknown key");
    fs::write(lacuna.path("set/annotations/plan.json"), "{\n  \"format\": \"lacuna-labelling/1\",\n").unwrap();
    says(
        label(&["--rater", "ann"]),
        "plan.json:3: not valid JSON at column 0: it ends too early; allowed: the plan as `lacuna label` wrote it",
    );
}

/// Labels of different kinds never mix, and people's labels are never called anything else.
#[test]
fn a_set_that_is_not_peoples_is_labelled_in_a_new_one() {
    let lacuna = Lacuna::new();
    let says = |said: String, part: &str| assert!(said.contains(part), "{part}: {said}");
    let said = lacuna.fail(3, &["label", "--gold", CORE, "--rater", "ann"]);
    says(said.clone(), "holds labels of \"construction\", who is no person");
    says(said, "`--out DEST`");
    drop(Office::open(&lacuna, &["--gold", CORE, "--out", "study", "--rater", "ann"]));
    let card = fs::read_to_string(lacuna.path("study/card.toml")).unwrap();
    assert!(card.contains("label_source = \"human\"") && card.contains("name = \"lacuna-core-labelled\""), "{card}");
    assert!(!lacuna.path("study/annotations.jsonl").exists());
    let (old, new) =
        (fs::read(format!("{CORE}/examples.jsonl")).unwrap(), fs::read(lacuna.path("study/examples.jsonl")).unwrap());
    assert_eq!(old, new);
    says(lacuna.fail(3, &["label", "--gold", STARTER, "--out", "study", "--rater", "ann"]), "has other examples than");
    // A rater of annotations.jsonl cannot go on in a file of their own.
    let mut set = small(&lacuna);
    set.rating("e1", "ann", json!(0), json!(0));
    write(&set, &lacuna);
    says(lacuna.fail(3, &["label", "--gold", "set", "--rater", "ann"]), "holds labels of \"ann\" already");
    let office = Office::open(&lacuna, &["--gold", "set", "--rater", "bob", "--no-practice"]);
    office.seat("bob").finish(|_| 1);
    drop(office);
    assert!(lacuna.run(&["gold", "check", "set"]).contains("5 annotations by 2 raters"));
    set.card = set.card.replacen("tie = \"higher\"\n", "", 1);
    set.annotations.clear();
    fs::remove_dir_all(lacuna.path("set")).unwrap();
    write(&set, &lacuna);
    says(
        lacuna.fail(3, &["label", "--gold", "set", "--rater", "a", "--rater", "b"]),
        "tie: is missing, and raters of one example can tie",
    );
}
