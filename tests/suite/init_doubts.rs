//! What `lacuna init` cannot know: it says so beside the line, and never puts a column where a reader would not look for it.

use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, judge, lines};
use crate::init::{ASKED, TOLD, drafted_from, table, with_table};

fn line_with<'a>(text: &'a str, part: &str) -> &'a str {
    text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("no {part} in\n{text}"))
}

/// Examples from nested records, each made from its number.
fn nested(record: impl Fn(usize) -> Value) -> String {
    lines(&(0..12).map(record).collect::<Vec<_>>())
}

/// The four lines of the scale, with the lines deleted that the comment above them names, are a judge that an audit takes.
#[test]
fn the_scale_that_is_offered_is_a_judge_once_its_comment_is_followed() {
    let text =
        table("id,prompt,response,omission,judge_score", &[&["#"], ASKED, TOLD, &["0", "1", "2"], &["1", "9", "4.5"]]);
    let lacuna = with_table("t.csv", &text);
    lacuna.run(&["init", "t.csv"]);
    let draft = fs::read_to_string(lacuna.path("mapping.toml")).unwrap();
    let told = line_with(&draft, "# delete `omission = …` above");
    let (before, scale) = draft.split_once(told).unwrap();
    let offered = scale.replace("\n# ", "\n");
    let import = ["gold", "import", "csv", "--map", "mapping.toml", "--out", "t"];
    fs::write(lacuna.path("mapping.toml"), format!("{before}{offered}")).unwrap();
    let said = lacuna.fail(3, &import);
    assert!(said.contains("judges[0].omission: found severities beside a scale"), "{said}");
    assert!(!lacuna.path("t").exists());
    let at = before.rfind("\nomission = ").unwrap();
    let deleted = format!("{}{}", &before[..at], &before[at + 1..][before[at + 1..].find('\n').unwrap()..]);
    fs::write(lacuna.path("mapping.toml"), format!("{deleted}{offered}")).unwrap();
    lacuna.run(&import);
    lacuna.run(&["audit"]);
    let evaluation = lacuna.json("reports/t/evaluation.json");
    assert_eq!(judge(&evaluation, "judge")["asked"], 12);
}

#[test]
fn a_conversation_is_the_prompt_before_a_column_named_task() {
    let text = nested(|number| {
        json!({
            "run": {"task": format!("task{:02}", number / 3), "attempt": number % 3},
            "turns": [{"role": "user", "content": format!("Tell me all about number {number}, please.")}],
            "gen": {"text": format!("There is much to say about number {number}.")},
            "labels": {"omission": number % 3},
        })
    });
    let text = drafted_from("t.jsonl", &text);
    assert!(text.contains("prompt = \"turns\"  # a conversation"), "{text}");
    assert!(!text.contains("prompt = \"run.task\""), "{text}");
}

#[test]
fn labels_that_no_name_announces_are_no_slice() {
    let text = table(
        "id,prompt,response,omitted,misstated,auslassung,grader_om,grader_mis,branch,has image",
        &[
            &["#"],
            ASKED,
            TOLD,
            &["none", "partial", "full"],
            &["fine", "error"],
            &["0", "1", "2"],
            &["none", "partial"],
            &["fine", "error", "fine"],
            &["web", "phone"],
            &["yes", "no"],
        ],
    );
    let text = drafted_from("t.csv", &text);
    let slices = line_with(&text, "slices = ");
    assert!(slices.contains("branch") && slices.contains("has image"), "{slices}");
    assert!(!slices.contains("misstated") && !slices.contains("auslassung"), "{slices}");
    let left = line_with(&text, "labels by their values, of which axis?");
    assert!(left.starts_with("# CORRECT: ") && left.contains("\"misstated\", \"auslassung\""), "{left}");
    let judged = text.split("name = \"grader-mis\"").nth(1).unwrap();
    assert!(text.contains("nothing says which axis it is about"), "{judged}");
}

#[test]
fn a_constant_remark_of_a_judge_is_no_judge() {
    let text = nested(|number| {
        json!({
            "id": number, "prompt": format!("What is to be said of number {number}?"),
            "response": format!("There is much to say about number {number}."), "omission": number % 3,
            "judge": {"score": (number * 7) % 10, "why": "because", "status": "done"},
        })
    });
    let text = drafted_from("t.jsonl", &text);
    assert_eq!(text.matches("[[judges]]").count(), 1, "{text}");
    assert!(text.contains("rationale = \"judge.why\""), "{text}");
}

#[test]
fn one_judge_read_in_opposite_directions_is_marked_on_both_axes() {
    let text = table(
        "id,prompt,response,helpfulness,harmfulness,llm_judge",
        &[&["#"], ASKED, TOLD, &["0", "1", "2", "3", "4"], &["4", "3", "2", "1", "0"], &["0", "2", "3", "1", "4"]],
    );
    let text = drafted_from("t.csv", &text);
    let judge = text.split("[[judges]]").nth(1).unwrap();
    for axis in ["omission", "commission"] {
        let line = line_with(judge, &format!("{axis} = "));
        assert!(line.contains("# CORRECT: ") && line.contains("opposite directions"), "{line}");
    }
}

#[test]
fn any_column_that_differs_in_every_row_can_be_the_id() {
    let cells: &[&[&str]] = &[&["T-#"], ASKED, TOLD, &["ok", "omission"]];
    let text = drafted_from("t.csv", &table("Ticket,prompt,response,label", cells));
    let id = line_with(&text, "id = \"Ticket\"");
    assert!(id.contains("# CORRECT: different in every row"), "{id}");
    let text =
        drafted_from("t.csv", &table("Cost,prompt,response,label", &[&["0.#"], ASKED, TOLD, &["ok", "omission"]]));
    assert!(text.contains("id = \"row-{@line}\""), "a measurement is no id:\n{text}");
}

#[test]
fn numbers_with_a_decimal_comma_are_named_and_not_used() {
    let mut text = "prompt;response;missing;judge_score\n".to_owned();
    for number in 0..12 {
        text.push_str(&format!(
            "What of number {number}, if anything at all?;This is to be said of number {number}.;{};{},{}\n",
            number % 2,
            number,
            number % 4
        ));
    }
    let lacuna = with_table("t.csv", &text);
    let summary = lacuna.run(&["init", "t.csv"]);
    assert!(summary.contains("not used    \"judge_score\""), "{summary}");
    let draft = fs::read_to_string(lacuna.path("mapping.toml")).unwrap();
    let left = line_with(&draft, "decimal comma");
    assert!(left.starts_with("# CORRECT: ") && left.contains("\"judge_score\""), "{left}");
}

/// Two raters with a row each, and an id for each row: the import takes 24 ratings of 12 answers for 24 answers.
#[test]
fn ratings_that_were_taken_for_examples_are_noted() {
    let mut text = "prompt,response,annotator,omission\n".to_owned();
    for number in 0..12 {
        for rater in ["r1", "r2"] {
            text.push_str(&format!(
                "What of number {number} if anything at all?,This is to be said of number {number}.,{rater},{}\n",
                number % 3
            ));
        }
    }
    let lacuna = with_table("t.csv", &text);
    lacuna.run(&["init", "t.csv"]);
    let import = |id: &str, out: &str| {
        let draft = fs::read_to_string(lacuna.path("mapping.toml")).unwrap();
        let line = draft.lines().find(|line| line.starts_with("id = ")).unwrap();
        fs::write(lacuna.path("m.toml"), draft.replacen(line, id, 1)).unwrap();
        let output = lacuna.output(&["gold", "import", "csv", "--map", "m.toml", "--out", out]);
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = import("id = \"row-{@line}\"", "each");
    assert!(said.contains("note: 24 examples have the prompt and the response of another"), "{said}");
    assert!(said.contains("one id (`example.id`, m.toml:"), "{said}");
    let said = import("id = { digest = \"prompt\" }", "shared");
    assert!(said.contains("next: ") && !said.contains("examples have the prompt"), "{said}");
}

#[test]
fn a_table_that_is_not_there_is_told_before_what_is() {
    let lacuna = with_table("wide.csv", "a,b\n1,2\n");
    fs::write(lacuna.path("mapping.toml"), "mine").unwrap();
    let said = lacuna.fail(3, &["init", "wide.cvs"]);
    assert!(said.contains("wide.cvs: cannot be read: there is no such file; allowed"), "{said}");
    for out in ["wide.csv", "wide.csv/deeper"] {
        let said = lacuna.fail(3, &["init", "wide.csv", "--out", out]);
        assert!(said.contains("wide.csv: is no folder; allowed"), "{said}");
    }
}

#[test]
fn what_is_written_says_where_every_key_stands_without_the_docs() {
    let lacuna = with_table("t.csv", &table("id,prompt,response,omission", &[&["#"], ASKED, TOLD, &["0", "1"]]));
    lacuna.run(&["init", "t.csv"]);
    for (file, command) in [("mapping.toml", "mapping"), ("lacuna.toml", "audit")] {
        assert!(fs::read_to_string(lacuna.path(file)).unwrap().contains(&format!("`lacuna schema {command}`")));
        Lacuna::new().run(&["schema", command]);
    }
}
