//! Browsing a set: which examples match, how they are paged, and that hostile text stays text.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set};

/// What a hostile response may hold: it drives terminals, reorders lines, hides words, and imitates our own rows.
const HOSTILE: &str = "first\n  gold        omission 0 (none)\ne9\n\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}\u{e0041}\ttab\rreturn\u{2028}end";

/// Twelve examples in four clusters; two raters, who differ on omission of the first three.
fn twelve() -> Set {
    let mut set = Set::new();
    for index in 0..12 {
        let id = format!("e{index}");
        set.example(&id, &format!("c{}", index / 3), json!(index % 5), json!(index % 2));
        set.rating(&id, "bob", json!(if index < 3 { (index + 1) % 5 } else { index % 5 }), json!(index % 2));
        set.examples[index]["system"] = json!(if index < 6 { "one" } else { "two" });
        set.examples[index]["slices"] = json!({"kind": if index % 2 == 0 { "even" } else { "odd" }});
    }
    set.examples[4]["prompt"] =
        json!([{"role": "user", "content": "Wie hoch?"}, {"role": "assistant", "content": "SEHR"}]);
    set.examples[5]["axes"] = json!(["commission"]);
    set.annotations[10]["omission"] = Value::Null;
    set.annotations[11]["omission"] = Value::Null;
    set.annotations[0]["note"] = json!("a private remark");
    set
}

fn written(set: &Set) -> Lacuna {
    let lacuna = Lacuna::new();
    set.write(&lacuna.path("set"));
    lacuna
}

fn show(lacuna: &Lacuna, flags: &[&str]) -> Value {
    let arguments = [&["gold", "show", "set", "--format", "json"], flags].concat();
    serde_json::from_str(&lacuna.run(&arguments)).unwrap()
}

fn ids(page: &Value) -> Vec<&str> {
    page["examples"].as_array().unwrap().iter().map(|example| example["id"].as_str().unwrap()).collect()
}

#[test]
fn filters_hold_all_together() {
    let lacuna = written(&twelve());
    let matched = |flags: &[&str]| ids(&show(&lacuna, flags)).join(" ");
    // The higher severity counts in a tie: 0|1, 1|2, 2|3, then 3 4 - 1 2 3 4 0 1 on omission.
    assert_eq!(matched(&["--axis", "omission", "--severity", "4"]), "e4 e9");
    assert_eq!(matched(&["--axis", "omission", "--severity", "3.."]), "e2 e3 e4 e8 e9");
    assert_eq!(matched(&["--axis", "omission", "--severity", "1..2"]), "e0 e1 e6 e7 e11");
    assert_eq!(matched(&["--axis", "omission", "--severity", "2", "--rater", "ann"]), "e2 e7");
    assert_eq!(matched(&["--disputed"]), "e0 e1 e2");
    assert_eq!(matched(&["--disputed", "--axis", "commission"]), "");
    assert_eq!(matched(&["--cluster", "c1"]), "e3 e4 e5");
    assert_eq!(matched(&["--cluster", "c1", "--slice", "kind=odd"]), "e3 e5");
    assert_eq!(matched(&["--cluster", "c1", "--axis", "omission"]), "e3 e4");
    assert_eq!(matched(&["--slice", "system=two", "--slice", "kind=even"]), "e6 e8 e10");
    assert_eq!(matched(&["--text", "sehr"]), "e4");
    assert_eq!(matched(&["--rater", "nobody"]), "");
}

#[test]
fn pages_hold_every_example_once() {
    let lacuna = written(&twelve());
    let mut seen = BTreeSet::new();
    for (number, expected) in [("1", 5), ("2", 5), ("3", 2)] {
        let page = show(&lacuna, &["--per-page", "5", "--page", number]);
        assert_eq!((&page["total"], &page["matched"], &page["pages"]), (&json!(12), &json!(12), &json!(3)));
        assert_eq!(ids(&page).len(), expected);
        seen.extend(ids(&page).into_iter().map(str::to_owned));
    }
    assert_eq!(seen.len(), 12);
    let text = lacuna.run(&["gold", "show", "set", "--disputed", "--per-page", "2", "--page", "2"]);
    assert!(text.starts_with("3 of 12 examples match; page 2 of 2\n\ne2\n"), "{text}");
    let said = lacuna.fail(3, &["gold", "show", "set", "--page", "3"]);
    assert!(said.contains("--page: found 3; allowed: 1 to 2"), "{said}");
    lacuna.fail(2, &["gold", "show", "set", "--page", "0"]);
    lacuna.fail(2, &["gold", "show", "set", "--severity", "3..1"]);
}

#[test]
fn an_example_shows_its_labels_with_the_names_of_the_levels() {
    let lacuna = written(&twelve());
    let page = show(&lacuna, &["e2"]);
    let example = &page["examples"][0];
    let gold = json!({"severity": 3, "level": "serious", "positive": true, "disputed": true});
    assert_eq!(example["gold"]["omission"], gold);
    assert_eq!(example["ratings"][0]["severities"]["omission"], json!({"severity": 2, "level": "moderate"}));
    assert_eq!(example["ratings"][1]["rater"], "bob");
    assert_eq!(show(&lacuna, &["e5"])["examples"][0]["gold"]["omission"], Value::Null);
    let text = lacuna.run(&["gold", "show", "set", "e2"]);
    assert!(text.contains("  gold        omission 3 (serious), a positive, disputed\n"), "{text}");
    assert!(text.contains("ann (human): omission 2 (moderate), commission 0 (none)\n"), "{text}");
}

#[test]
fn one_example_is_shown_whole_and_pages_are_shortened() {
    let mut set = twelve();
    set.examples[0]["response"] = json!("word ".repeat(200));
    set.examples[0]["reference"] = json!("what a good response says");
    let lacuna = written(&set);
    let (page, whole) = (lacuna.run(&["gold", "show", "set"]), lacuna.run(&["gold", "show", "set", "e0"]));
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("… (999 characters)") && !page.contains("good response") && !page.contains("remark"));
    assert_eq!(whole.matches("word").count(), 200);
    assert!(whole.contains("reference   what a good response says") && whole.contains("note: a private remark"));
    assert!(lacuna.run(&["gold", "show", "set", "--full"]).contains("a private remark"));
    assert!(page.lines().chain(whole.lines()).all(|line| line.chars().count() <= 100));
}

#[test]
fn hostile_text_stays_text() {
    let mut set = twelve();
    set.examples[0]["response"] = json!(HOSTILE);
    set.examples[1]["prompt"] = json!([{"role": "user", "content": HOSTILE}]);
    set.examples[0]["required"] = json!([{"id": "r1", "text": HOSTILE}]);
    set.annotations[0]["note"] = json!(HOSTILE);
    set.card = set.card.replace("\"mild\"", "\"mild <b>\"");
    let lacuna = written(&set);
    for flags in [vec!["--full"], vec![], vec!["e0"], vec!["--format", "json"]] {
        let text = lacuna.run(&[vec!["gold", "show", "set"], flags.clone()].concat());
        let bad = |c: char| c.is_control() && c != '\n' || ('\u{200b}'..='\u{206f}').contains(&c) || c > '\u{e0000}';
        assert!(!text.contains(bad), "{flags:?}: {:?}", text.find(bad));
        if !flags.contains(&"json") {
            assert!(text.contains("\\u{202e}"), "{flags:?}");
            let faked = text.lines().filter(|line| line.starts_with("  gold        omission 0 (none)"));
            assert_eq!(faked.count(), 0, "none of these has that label: {text}");
        }
    }
    let page = show(&lacuna, &["e0"]);
    assert_eq!(page["examples"][0]["response"], json!(HOSTILE));
}

#[test]
fn withheld_texts_are_in_no_output() {
    let mut set = twelve();
    for example in &mut set.examples {
        for key in ["prompt", "response", "reference"] {
            example[key] = json!("a secret");
        }
        example["required"] = json!([{"id": "r1", "text": "a secret"}]);
    }
    set.annotations[0]["note"] = json!("a secret");
    let open = written(&set);
    set.card = set.card.replace("domain =", "texts = \"withhold\"\ndomain =");
    let closed = written(&set);
    for flags in [vec![], vec!["--full"], vec!["e0"], vec!["--format", "json"], vec!["e0", "--format", "json"]] {
        let command = [vec!["gold", "show", "set"], flags].concat();
        let said = [closed.run(&command), open.run(&[command.clone(), vec!["--no-texts"]].concat())];
        assert!(said.iter().all(|text| !text.contains("secret") && text.contains("e0") && text.contains("r1")));
        assert!(open.run(&command).contains("secret"));
    }
    let said = closed.fail(3, &["gold", "show", "set", "--text", "secret"]);
    assert!(said.contains("--text: would tell what withheld texts hold"), "{said}");
}

#[test]
fn a_filter_that_finds_nothing_says_what_exists() {
    let lacuna = written(&twelve());
    let said = |flags: &[&str]| {
        let output = lacuna.output(&[&["gold", "show", "set"], flags].concat());
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "0 of 12 examples match; page 1 of 1\n");
        String::from_utf8(output.stderr).unwrap()
    };
    let text = said(&["--cluster", "c9\u{1b}"]);
    assert_eq!(
        text,
        "hint: no example matches --cluster \"c9\\u{1b}\"; clusters: \"c0\" (3), \"c1\" (3), \"c2\" (3), \"c3\" (3)\n"
    );
    assert!(said(&["--system", "three"]).contains("systems: \"one\" (6), \"two\" (6)"));
    assert!(said(&["--rater", "eve"]).contains("raters: \"ann\" (12), \"bob\" (12)"));
    assert!(said(&["--slice", "sort=even"]).contains("slices: \"kind\" (12), \"system\" (12)"));
    assert!(said(&["--slice", "kind=even", "--slice", "kind=none"]).contains("values: \"even\" (6), \"odd\" (6)"));
    assert!(said(&["--axis", "commission", "--severity", "3"]).contains("commission labels: \"0\" (6), \"1\" (6)"));
    let text = said(&["--cluster", "c0", "--system", "two"]);
    assert_eq!(text, "hint: 3 match --cluster \"c0\" alone\nhint: 6 match --system \"two\" alone\n");
    let said = lacuna.fail(3, &["gold", "show", "set", "E1x"]);
    assert!(said.contains("ID: found \"E1x\"; allowed: an id such as e0, e1, e2, e3, e4"), "{said}");
    assert!(lacuna.fail(3, &["gold", "show", "set", "E1"]).contains("allowed: an id such as e1, e10, e11\n"));
}
