//! The folder `replication/`: whoever follows its README comes to the digest that it names.

use std::fs;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::asking::{Asking, LIMITS};
use crate::driver::{Lacuna, codes, judge, verdict};
use crate::report::hostile;

/// Follows the README of `replication/` and comes to the digest that it names.
fn computed_again(lacuna: &Lacuna, report: &str, put: &[(&str, &str)]) -> String {
    let steps = fs::read_to_string(lacuna.path(&format!("{report}/replication/README.md"))).unwrap();
    let copy = lacuna.path(&format!("copy-{report}"));
    fs::create_dir_all(&copy).unwrap();
    let replication = format!("{report}/replication");
    fs::copy(lacuna.path(&format!("{replication}/lacuna.toml")), copy.join("lacuna.toml")).unwrap();
    let kept = ["judges", "verdicts"].map(|folder| (format!("{replication}/{folder}"), folder));
    let kept = kept.iter().filter(|(from, _)| lacuna.path(from).is_dir()).map(|(from, to)| (from.as_str(), *to));
    for (from, to) in kept.chain(put.iter().copied()) {
        fs::create_dir_all(copy.join(to)).unwrap();
        for entry in fs::read_dir(lacuna.path(from)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file())
        {
            fs::copy(entry.path(), copy.join(to).join(entry.file_name())).unwrap();
        }
    }
    let command = ["audit", "--config", "lacuna.toml", "--out", "again"];
    assert!(steps.contains(&format!("`lacuna {}`", command.join(" "))), "{steps}");
    let output = lacuna.command(&command).current_dir(&copy).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let digest = hex::encode(Sha256::digest(fs::read(copy.join("again/evaluation.json")).unwrap()));
    assert!(steps.contains(&format!("5. `sha256sum again/evaluation.json` prints `{digest}`.")), "{steps}");
    steps
}

#[test]
fn the_replication_folder_leads_to_the_same_evaluation() {
    let lacuna = hostile();
    let chosen = ["--seed", "7", "--level", "0.9", "--omission-threshold", "1", "--no-texts"];
    lacuna.run(&[&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"][..], &chosen[..]].concat());
    let put = [("set", "gold"), ("set/judges", "judges"), ("set/verdicts", "verdicts")];
    let steps = computed_again(&lacuna, "r", &put);
    let digest = hex::encode(Sha256::digest(fs::read(lacuna.path("set/annotations.jsonl")).unwrap()));
    assert!(steps.contains(&format!("| annotations.jsonl | `{digest}` |")), "{steps}");
    assert!(!steps.contains("replies anew"), "nothing was asked");
    // Over its own report an audit writes again, the folder included.
    lacuna.run(&["audit", "--gold", "set", "--out", "r", "--seed", "9"]);
    computed_again(&lacuna, "r", &[("set", "gold"), ("set/judges", "gold/judges"), ("set/verdicts", "gold/verdicts")]);
    lacuna.run(&["audit", "--out", "bundled"]);
    let steps = computed_again(&lacuna, "bundled", &[]);
    assert!(
        steps.contains("| always.toml, inside the program | `") && steps.contains("comes with the program"),
        "{steps}"
    );
}

/// A judge that is asked, a panel of it with a recorded judge and a baseline, each kept in the way that gives the same numbers.
#[test]
fn what_was_asked_is_kept_and_gives_the_same_numbers() {
    let asking = Asking::new(48, &["--omission-recall", "0.4", "--commission-recall", "0.85"]);
    let lacuna = &asking.lacuna;
    asking.judge("asked", &format!("flag_at = {{ omission = 2 }}\nconfidence = \"stated\"\n{LIMITS}"));
    let scale = "[score]\nscale = [1, 10]\ndirection = \"higher_is_better\"\nfalse_alarm_budget = 0.2\n";
    asking.judge("scored", &format!("prompt = \"overall\"\ntitle = \"One \\\"score\\\"\"\n{scale}{LIMITS}"));
    let more = [
        ("always", "kind = \"baseline\"\nbaseline = \"always\"\n".to_owned()),
        ("random", "kind = \"baseline\"\nbaseline = \"random\"\nrate = 0.5\n".to_owned()),
        ("three", "kind = \"panel\"\nmembers = [\"asked\", \"always\", \"told\"]\n".to_owned()),
        ("told", "kind = \"recorded\"\nverdicts = \"verdicts/told.jsonl\"\n".to_owned()),
    ];
    for (name, rest) in &more {
        let file = format!("format = \"lacuna-judge/1\"\nname = \"{name}\"\n{rest}");
        fs::write(lacuna.path(&format!("judges/{name}.toml")), file).unwrap();
    }
    let examples = crate::asking::read_lines(lacuna.path("gold/examples.jsonl"));
    let told: Vec<_> = examples
        .iter()
        .enumerate()
        .map(|(index, example)| verdict("told", example["id"].as_str().unwrap(), json!(index % 3), json!(index % 2)))
        .collect();
    fs::create_dir_all(lacuna.path("verdicts")).unwrap();
    fs::write(lacuna.path("verdicts/told.jsonl"), crate::driver::lines(&told)).unwrap();

    let arguments = ["audit", "--gold", "gold", "--judge", "judges", "--out", "r", "--seed", "3"];
    lacuna.run(&arguments);
    let asked_before = asking.requests().len();
    // Only what was not asked has to be put there by hand.
    for name in ["always", "random", "told"] {
        fs::create_dir_all(lacuna.path("own")).unwrap();
        fs::copy(lacuna.path(&format!("judges/{name}.toml")), lacuna.path(&format!("own/{name}.toml"))).unwrap();
    }
    let steps = computed_again(lacuna, "r", &[("gold", "gold"), ("own", "judges"), ("verdicts", "verdicts")]);
    assert!(steps.contains("`judges/` and `verdicts/` hold what these said: asked, scored, three."), "{steps}");
    assert!(steps.contains("Put the judge files of always, random, told into `judges/`"), "{steps}");
    assert_eq!(asking.requests().len(), asked_before, "nobody is asked again");

    // Nothing but the kind and where probabilities come from differs from the report's own evaluation.
    let (first, again) = (lacuna.json("r/evaluation.json"), lacuna.json("copy-r/again/evaluation.json"));
    for (name, kind) in [("asked", "openai"), ("scored", "openai"), ("three", "panel")] {
        assert_eq!((&judge(&first, name)["kind"], &judge(&again, name)["kind"]), (&json!(kind), &json!("recorded")));
        assert_eq!(codes(&first, Some(name)), codes(&again, Some(name)), "{name}");
    }
    let without_kind = |mut evaluation: serde_json::Value| {
        for judge in evaluation["judges"].as_array_mut().unwrap() {
            judge.as_object_mut().unwrap().remove("kind");
            for axis in ["omission", "commission"] {
                if let Some(calibration) = judge["axes"][axis]["calibration"].as_object_mut() {
                    calibration.remove("source");
                }
            }
        }
        evaluation
    };
    assert!(without_kind(first) == without_kind(again));
    let own = hex::encode(Sha256::digest(fs::read(lacuna.path("r/evaluation.json")).unwrap()));
    assert!(steps.contains(&format!("has the digest `{own}`")), "{steps}");

    // The folder with its own folders is still a report of ours, and is written over.
    lacuna.run(&arguments);
    fs::write(lacuna.path("r/replication/judges/notes.md"), "mine").unwrap();
    assert!(lacuna.fail(3, &arguments).contains("holds other files"));
}
