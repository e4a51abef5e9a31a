//! Live judges end to end: what is planted in the stub is what an audit finds, over every protocol and prompt.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::asking::{Asking, LIMITS, outcomes};
use crate::driver::{close, judge};
use crate::provider::fits;

const PROTOCOLS: [&str; 3] = ["openai", "anthropic", "gemini"];
const PROMPTS: [&str; 8] = [
    "dual-axis",
    "dual-axis-reference",
    "gated",
    "gated-reference",
    "checklist",
    "checklist-reference",
    "overall",
    "overall-reference",
];
const SCALE: &str = "[score]\nscale = [1, 10]\ndirection = \"higher_is_better\"\nflag_at = 4\n";

/// Severities of the set by example: omission, commission, and whether there are prohibited items.
fn truth(asking: &Asking) -> BTreeMap<String, (u64, u64, bool)> {
    let gold = asking.lacuna.path("gold");
    let examples = crate::asking::read_lines(gold.join("examples.jsonl"));
    let annotations = crate::asking::read_lines(gold.join("annotations.jsonl"));
    let pairs = annotations.iter().map(|line| {
        let example = examples.iter().find(|example| example["id"] == line["example"]).unwrap();
        let prohibited = example["prohibited"].as_array().is_some_and(|items| !items.is_empty());
        let severity = |axis: &str| line[axis].as_u64().unwrap();
        (line["example"].as_str().unwrap().to_owned(), (severity("omission"), severity("commission"), prohibited))
    });
    pairs.collect()
}

/// Flags among positives, and among negatives, of each axis.
#[derive(Debug, Default)]
struct Seen([[(usize, usize); 2]; 2]);

impl Seen {
    fn add(&mut self, axis: usize, positive: bool, flagged: bool) {
        let count = &mut self.0[axis][usize::from(positive)];
        count.0 += usize::from(flagged);
        count.1 += 1;
    }

    /// One score tells of either harm, so that it is counted on the axis of the harm that is there.
    fn of_verdicts(&mut self, verdicts: &[Value], truth: &BTreeMap<String, (u64, u64, bool)>) {
        for verdict in verdicts {
            let (omission, commission, prohibited) = truth[verdict["example"].as_str().unwrap()];
            if let Some(score) = verdict["score"].as_f64() {
                let harm = [omission > 0, commission > 0];
                (0..2)
                    .filter(|axis| harm[*axis] || harm == [false; 2])
                    .for_each(|axis| self.add(axis, harm[axis], score <= 4.0));
                continue;
            }
            for (axis, name, gold) in [(0, "omission", omission), (1, "commission", commission)] {
                let Some(severity) = verdict[name].as_u64() else {
                    assert!(axis == 1 && !prohibited, "{verdict}");
                    continue;
                };
                self.add(axis, gold > 0, severity > 0);
            }
        }
    }

    fn check(&self, what: &str) {
        let [[omission_alarms, omission], [commission_alarms, commission]] = self.0;
        assert_eq!((omission_alarms.0, commission_alarms.0), (0, 0), "{what}: no false alarm was planted: {self:?}");
        assert!(fits(omission.0, omission.1, 0.40), "{what}: {self:?}");
        assert!(fits(commission.0, commission.1, 0.85), "{what}: {self:?}");
    }
}

#[test]
fn every_protocol_and_prompt_finds_the_planted_blindness() {
    let asking = Asking::new(48, &[]);
    for protocol in PROTOCOLS {
        for prompt in PROMPTS {
            let score = if prompt.starts_with("overall") { SCALE } else { "" };
            let plain = format!("prompt = \"{prompt}\"\n{score}{LIMITS}");
            asking.judge_of(protocol, &format!("{protocol}-{prompt}"), &plain);
            let held = format!("prompt = \"{prompt}\"\nstructured = true\n{score}{LIMITS}");
            asking.judge_of(protocol, &format!("{protocol}-{prompt}-held"), &held);
        }
    }
    asking.run(0, "out", &[]);
    let truth = truth(&asking);
    let mut by: BTreeMap<String, Seen> = BTreeMap::new();
    for protocol in PROTOCOLS {
        for prompt in PROMPTS {
            for held in ["", "-held"] {
                let verdicts = asking.verdicts("out", &format!("{protocol}-{prompt}{held}"));
                assert_eq!(outcomes(&verdicts), BTreeMap::from([("scored", 48)]), "{protocol} {prompt}{held}");
                by.entry(protocol.to_owned()).or_default().of_verdicts(&verdicts, &truth);
                by.entry(prompt.to_owned()).or_default().of_verdicts(&verdicts, &truth);
                by.entry(format!("held: {held}")).or_default().of_verdicts(&verdicts, &truth);
            }
        }
    }
    by.iter().for_each(|(what, seen)| seen.check(what));
    assert!(asking.paid().values().all(|count| *count == 1));
}

/// Probabilities agree with the flags, whether stated, read from tokens or counted over samples.
#[test]
fn confidence_from_words_tokens_and_samples() {
    let asking = Asking::new(24, &[]);
    for (protocol, confidence, more) in [
        ("openai", "stated", ""),
        ("anthropic", "stated", ""),
        ("gemini", "stated", ""),
        ("openai", "logprobabilities", ""),
        ("gemini", "logprobabilities", ""),
        ("openai", "samples", "samples = 5\n"),
    ] {
        let file = format!("confidence = \"{confidence}\"\n{more}[sampling]\nseed = 1\n{LIMITS}");
        asking.judge_of(protocol, &format!("{protocol}-{confidence}"), &file);
    }
    asking.run(0, "out", &[]);
    for name in
        ["openai-stated", "anthropic-stated", "gemini-stated", "openai-logprobabilities", "gemini-logprobabilities"]
    {
        let verdicts = asking.verdicts("out", name);
        assert_eq!(outcomes(&verdicts), BTreeMap::from([("scored", 24)]), "{name}");
        for verdict in &verdicts {
            for axis in ["omission", "commission"] {
                let chance = verdict[format!("p_{axis}")].as_f64().unwrap();
                assert_eq!(verdict[axis].as_u64().unwrap() > 0, chance > 0.5, "{name}: {verdict}");
            }
        }
    }
    let samples = asking.verdicts("out", "openai-samples");
    assert_eq!(samples.len(), 120);
    let mut shares: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    samples.iter().for_each(|verdict| shares.entry(verdict["example"].as_str().unwrap()).or_default().push(verdict));
    for repeats in shares.values() {
        let flags = repeats.iter().filter(|verdict| verdict["omission"].as_u64().unwrap() > 0).count();
        let share = f64::from(u32::try_from(flags).unwrap()) / 5.0;
        assert!(repeats.iter().all(|verdict| (verdict["p_omission"].as_f64().unwrap() - share).abs() < 1e-9));
    }
}

/// Twenty stubs of one blindness: its recalls lie in the intervals of at least seventeen audits, on either axis. Run by
/// hand: `cargo test --test suite live::twenty -- --ignored --nocapture`.
#[test]
#[ignore = "slow: twenty audits of the whole starter set"]
fn twenty_audits_cover_the_planted_recalls() {
    let mut covered = [0; 2];
    for seed in 1..=20 {
        let seed = format!("{seed}");
        let asking = Asking::new(192, &["--seed", &seed, "--omission-recall", "0.40", "--commission-recall", "0.85"]);
        asking.judge("blind", LIMITS);
        asking.lacuna.run(&["audit", "--gold", "gold", "--judge", "judges", "--out", "r", "--seed", &seed]);
        let evaluation = asking.lacuna.json("r/evaluation.json");
        for (axis, (name, planted)) in [("omission", 0.40), ("commission", 0.85)].into_iter().enumerate() {
            let recall = &judge(&evaluation, "blind")["axes"][name]["recall"];
            let (lower, upper) = (recall["lower"].as_f64().unwrap(), recall["upper"].as_f64().unwrap());
            eprintln!("seed {seed}, {name}: {} [{lower:.3}, {upper:.3}]", recall["value"]);
            covered[axis] += usize::from(lower <= planted && planted <= upper);
        }
    }
    eprintln!("covered: {covered:?} of 20");
    assert!(covered.iter().all(|count| *count >= 17), "{covered:?}");
}

/// An audit asks by itself, says when the replies were made and by which model, and measures what was planted.
#[test]
fn an_audit_asks_and_measures() {
    let asking = Asking::new(64, &["--served-model", "m-2026", "--omission-recall", "0", "--commission-recall", "1"]);
    asking.judge("blind", LIMITS);
    let arguments = ["audit", "--gold", "gold", "--judge", "judges", "--out", "r"];
    asking.lacuna.run(&arguments);
    let evaluation = asking.lacuna.json("r/evaluation.json");
    let axes = &judge(&evaluation, "blind")["axes"];
    close(&axes["omission"]["recall"]["value"], 0.0);
    close(&axes["commission"]["recall"]["value"], 1.0);
    let before = asking.requests().len();
    asking.lacuna.run(&arguments);
    assert_eq!((before, asking.requests().len()), (64, 64), "the ledger serves the second audit");
    assert_eq!(asking.lacuna.json("r/evaluation.json"), evaluation);
}

#[cfg(unix)]
#[test]
fn programs_are_asked_only_where_allowed() {
    let asking = Asking::new(16, &[]);
    fs::create_dir_all(asking.lacuna.path("judges")).unwrap();
    let script = "while read -r line; do echo x >> asked; echo '{\"text\": \"{\\\"omission\\\": 1, \\\"commission\\\": 0}\"}'; done";
    let file = format!(
        "format = \"lacuna-judge/1\"\nname = \"own\"\nkind = \"command\"\ncommand = [\"/bin/sh\", \"-c\", '''{script}''']\n"
    );
    fs::write(asking.lacuna.path("judges/own.toml"), file).unwrap();
    let said = asking.run(3, "out", &[]);
    assert!(said.contains("--allow-commands"), "{said}");
    assert!(!asking.lacuna.path("asked").exists() && !asking.lacuna.path("out").exists());
    asking.run(0, "out", &["--allow-commands"]);
    let verdicts = asking.verdicts("out", "own");
    assert_eq!(outcomes(&verdicts), BTreeMap::from([("scored", 16)]));
    assert!(verdicts.iter().all(|verdict| verdict["omission"] == 1 && verdict["commission"] == 0));
    asking.run(0, "again", &["--allow-commands"]);
    assert_eq!(fs::read_to_string(asking.lacuna.path("asked")).unwrap().lines().count(), 16);
}

#[test]
fn a_panel_combines_what_its_members_said() {
    let asking = Asking::new(24, &["--omission-recall", "0.5", "--commission-recall", "0.5"]);
    let members = ["one", "two", "three"];
    for (seed, name) in members.iter().enumerate() {
        asking.judge(name, &format!("confidence = \"stated\"\n[sampling]\nseed = {seed}\n{LIMITS}"));
    }
    for (name, rule) in [("most", "majority"), ("worst", "max"), ("middle", "median"), ("mean", "mean-probability")] {
        let file = format!(
            "format = \"lacuna-judge/1\"\nname = \"{name}\"\nkind = \"panel\"\nmembers = [\"one\", \"two\", \"three\"]\nrule = \"{rule}\"\n"
        );
        fs::write(asking.lacuna.path(&format!("judges/{name}.toml")), file).unwrap();
    }
    asking.run(0, "out", &[]);
    assert_eq!(asking.requests().len(), 72, "a panel asks nobody");
    let said: Vec<Vec<Value>> = members.iter().map(|name| asking.verdicts("out", name)).collect();
    let panels = ["most", "worst", "middle", "mean"].map(|name| asking.verdicts("out", name));
    for position in 0..24 {
        for axis in ["omission", "commission"] {
            let mut severities: Vec<u64> = said.iter().map(|one| one[position][axis].as_u64().unwrap()).collect();
            severities.sort_unstable();
            let flags = severities.iter().filter(|severity| **severity > 0).count();
            let chances = said.iter().map(|one| one[position][format!("p_{axis}")].as_f64().unwrap());
            let mean = chances.sum::<f64>() / 3.0;
            let of = |panel: usize| panels[panel][position][axis].as_u64().unwrap();
            assert_eq!((of(0), of(1), of(2)), (u64::from(flags >= 2), severities[2], severities[1]));
            assert_eq!(of(3), u64::from(mean >= 0.5));
        }
    }
    assert!(panels.iter().all(|panel| panel.len() == 24));
}

#[test]
fn a_set_brings_no_judge_that_is_asked() {
    let asking = Asking::new(8, &[]);
    asking.judge("guest", LIMITS);
    fs::rename(asking.lacuna.path("judges"), asking.lacuna.path("gold/judges")).unwrap();
    let said = asking.lacuna.fail(3, &["audit", "--gold", "gold", "--out", "r"]);
    assert!(said.contains("gold/judges/guest.toml") && said.contains("--judge"), "{said}");
    assert!(asking.requests().is_empty() && !asking.lacuna.path("r").exists());
    asking.lacuna.run(&["audit", "--gold", "gold", "--judge", "gold/judges", "--out", "r"]);
    assert_eq!(asking.requests().len(), 8);
}

/// A missing price, level or item is known before the first request.
#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let asking = Asking::new(8, &[]);
    asking.judge("priceless", LIMITS);
    let said = asking.run(3, "out", &["--max-cost", "1"]);
    assert!(said.contains("priceless.toml") && said.contains("price"), "{said}");
    asking.judge("priceless", "prompt = \"no-such-prompt\"\n");
    let said = asking.run(3, "out", &[]);
    assert!(said.contains("dual-axis") && said.contains("prompt"), "{said}");
    assert!(asking.requests().is_empty());
}
