//! Which examples a judge is asked about, and the committed example files, each asked about a whole set.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::*;
use crate::gold::{GoldSet, starter_set};
use crate::judge::live::asks;
use crate::judge::load_judges;

fn gold() -> GoldSet {
    GoldSet::from_files(&starter_set()).unwrap()
}

#[test]
fn every_example_file_asks_about_the_starter_set() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("judges/live");
    let judges = load_judges(&[folder]).unwrap();
    let kinds: BTreeSet<&str> = judges.iter().map(|judge| judge.kind.name()).collect();
    assert_eq!(Vec::from_iter(kinds), ["anthropic", "command", "gemini", "openai", "panel"]);
    let gold = gold();
    let mut digests = BTreeSet::new();
    let mut calls = 0;
    for judge in &judges {
        let positions = asks(judge, &gold);
        let JudgeKind::Live(spec) = &judge.kind else {
            assert!(positions.is_empty(), "{}", judge.name);
            continue;
        };
        assert_eq!(positions.len(), gold.examples.len(), "{}", judge.name);
        for position in positions {
            for repeat in 0..spec.samples {
                let asked = Asked { card: &gold.card, example: &gold.examples[position], repeat };
                digests.insert(spec.call(&asked).unwrap().sha256);
                calls += 1;
            }
        }
    }
    assert_eq!(digests.len(), calls, "two questions share a digest");
    let names: BTreeSet<&str> = judges.iter().map(|judge| judge.name.as_str()).collect();
    let JudgeKind::Panel(panel) = &judges.iter().find(|judge| judge.name == "panel").unwrap().kind else { panic!() };
    assert!(panel.members.iter().all(|member| names.contains(member.as_str())), "{:?}", panel.members);
}

#[test]
fn a_judge_is_not_asked_where_nothing_can_be_said() {
    let mut gold = gold();
    gold.examples.truncate(4);
    gold.examples[0].response = None;
    gold.examples[1].axes = vec![Axis::Omission];
    gold.examples[2].required.clear();
    gold.examples[3].reference = None;
    let of = |more: &str| asks(&judge(&format!("kind = \"openai\"\nmodel = \"m\"\n{more}")), &gold);
    assert_eq!(of(""), [1, 2, 3]);
    assert_eq!(of("axes = [\"commission\"]\n"), [2, 3]);
    assert_eq!(of("prompt = \"checklist\"\n"), [1, 3]);
    // An example without a reference is asked about, and its fault stops the run: it is not passed over in silence.
    assert_eq!(of("prompt = \"dual-axis-reference\"\n"), [1, 2, 3]);
    assert_eq!(asks(&judge("kind = \"baseline\"\nbaseline = \"never\"\n"), &gold), Vec::<usize>::new());
}

#[test]
fn a_prompt_of_ones_own_is_read_from_the_judges_folder() {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("j.toml");
    let prompt = "+++\nformat = \"lacuna-prompt/1\"\nname = \"mine\"\nversion = \"2\"\nshape = \"severities\"\n+++\n\
                  ## user\n{{ response }}\n{{ answer }}\n";
    std::fs::write(folder.path().join("mine.md"), prompt).unwrap();
    let text = format!("{HEAD}kind = \"openai\"\nmodel = \"m\"\nprompt = \"mine.md\"\n");
    let judge = JudgeSpec::from_text(&file, &text).unwrap();
    assert_eq!(judge.inputs.len(), 2);
    let JudgeKind::Live(spec) = &judge.kind else { panic!() };
    assert_eq!((spec.prompt.version.as_str(), spec.prompt.system.as_str()), ("2", ""));
    assert_eq!(judge.inputs[1].sha256, spec.prompt.sha256);
    let call = call(spec);
    assert!(call.body.contains("\"messages\":[{\"role\":\"user\",\"content\":\"<<<response "), "{}", call.body);
    std::fs::write(folder.path().join("mine.md"), prompt.replace("answer", "slices")).unwrap();
    let found = JudgeSpec::from_text(&file, &text).unwrap_err().to_string();
    assert!(found.contains("mine.md:9: uses \"slices\", which a judge is never shown"), "{found}");
}
