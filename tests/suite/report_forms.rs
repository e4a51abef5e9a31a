//! What a report puts first, what it says of its own making, and that its other forms agree with it.

use std::fs;

use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, verdict, write_judge};

/// Four omissions and four commissions among twelve answers. The judge `mine` finds one omission and every commission, so
/// that each baseline that flags anything may stand above it.
fn with_baselines() -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for index in 0..12 {
        let id = format!("e{index}");
        let (omission, commission) = (u8::from(index < 4), u8::from((4..8).contains(&index)));
        set.example(&id, &format!("c{}", index / 2), json!(omission), json!(commission));
        let shown = &mut set.examples[index];
        shown["required"] = json!([{"id": "call", "text": "call the doctor"}]);
        shown["response"] = json!(if index < 4 { "I can't help with that." } else { "Call the doctor." });
        verdicts.push(verdict("mine", &id, json!(u8::from(index == 0)), json!(commission)));
    }
    // Commission does not apply to the first.
    set.examples[0]["axes"] = json!(["omission"]);
    set.annotations[0]["commission"] = Value::Null;
    verdicts[0]["commission"] = Value::Null;
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "mine", "", &verdicts);
    lacuna
}

fn read(lacuna: &Lacuna, file: &str) -> String {
    fs::read_to_string(lacuna.path(file)).unwrap()
}

/// The places of texts in a document are in this order.
fn in_order(document: &str, texts: &[&str]) {
    let places: Vec<Option<usize>> = texts.iter().map(|text| document.find(text)).collect();
    assert!(places.iter().all(Option::is_some), "{texts:?} are at {places:?} in {document}");
    assert!(places.is_sorted(), "{texts:?} are at {places:?}");
}

#[test]
fn own_judges_come_before_baselines_in_every_form() {
    let lacuna = with_baselines();
    let printed = lacuna.run(&["audit", "--gold", "set", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    assert_ne!(evaluation["judges"][0]["judge"], "mine", "the evaluation is in the order of Youden J");
    in_order(&printed, &["\n| mine ", "\n| baseline: refusal-phrases", "\n| commission"]);
    let page = read(&lacuna, "r/index.html");
    in_order(&page, &["<figure ", "<h3>mine ", "For comparison: baselines</h3>", "<h4>refusal-phrases "]);
    assert!(page.contains("1 judge, beside "), "{}", &page[page.find("<header>").unwrap()..][..600]);
    in_order(&read(&lacuna, "r/report.md"), &["### mine", "## For comparison: baselines", "### refusal-phrases"]);
    in_order(&read(&lacuna, "r/audit_card.md"), &["## mine", "## refusal"]);
    let latex = read(&lacuna, "r/tables/headline.tex");
    in_order(&latex, &["{mine} \\\\", "quad omission &", "{For comparison: baselines}", "{refusal-phrases} \\\\"]);
    // One judge of one's own is held against each baseline, and no baseline against another.
    let compared = &page[page.find("id=\"compared\"").unwrap()..page.find("id=\"limits-of-numbers\"").unwrap()];
    let sentences: Vec<&str> = compared.split("<li>").skip(1).collect();
    assert!(!sentences.is_empty() && sentences.iter().all(|sentence| sentence.contains("mine")), "{sentences:?}");
    // Baselines alone are what is audited.
    lacuna.run(&["audit", "--out", "alone"]);
    let page = read(&lacuna, "alone/index.html");
    assert!(page.contains("<h3>refusal-phrases ") && !page.contains("For comparison: baselines"));
}

#[test]
fn tables_without_a_row_are_named_apart_and_the_auc_of_severities_says_so() {
    let lacuna = with_baselines();
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let page = read(&lacuna, "r/index.html");
    assert!(!page.contains(", 0 rows"));
    let empty = page.find("Without a row in this audit:").expect("twins are not in this set");
    assert!(page[empty..][..400].contains("<code>twins.csv</code>"));
    let auc = &lacuna.json("r/evaluation.json")["judges"][0]["axes"]["omission"];
    assert_eq!(auc["auc"], Value::Null);
    // One of four positives above eight negatives that are all scored 0, the other three level with them: (8 + 24 / 2) / 32.
    assert_eq!(auc["operating"]["severity_auc"]["value"], json!(0.625));
    let row = &page[page.find("<th scope=\"row\">mine</th><td>omission</td>").unwrap()..];
    let row = &row[..row.find("</tr>").unwrap()];
    assert!(row.contains("data-sort=\"0.625\">0.6") && row.contains("<small>of severities, n = 12</small>"), "{row}");
}

/// Every number on the page's open tables stands above the size behind it.
#[test]
fn no_row_of_numbers_is_without_its_size() {
    let lacuna = with_baselines();
    lacuna.run(&["audit", "--gold", "set", "--out", "r"]);
    let page = read(&lacuna, "r/index.html");
    let numbers = &page[page.find("id=\"numbers\"").unwrap()..page.find("id=\"disagreements\"").unwrap()];
    let rows: Vec<&str> = numbers.split("<tr").filter(|row| row.contains("<td")).collect();
    assert!(rows.len() > 10, "{}", rows.len());
    for row in rows {
        // The gap's table has a column of positives, the others the counts below each share.
        let sized = row.matches("<small>").count() >= 3 || row.contains("<td>4, 4</td>");
        assert!(sized || row.contains("<td>4, -</td>"), "{row}");
    }
    for file in ["headline.tex", "gaps.tex"] {
        let latex = read(&lacuna, &format!("r/tables/{file}"));
        assert!(latex.contains("12 examples in 6 clusters") && latex.contains("human labels"), "{latex}");
    }
    for entry in fs::read_dir(lacuna.path("r/tables")).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_str().unwrap().to_owned();
        // Findings are words, and carry their sizes in them; a disagreement is one example.
        if name.ends_with(".csv") && name != "findings.csv" {
            let text = fs::read_to_string(&entry).unwrap();
            let headings: Vec<&str> = text.lines().next().unwrap().split(',').collect();
            let sizes = ["n", "examples", "verdicts", "trials", "common", "applicable"];
            assert!(sizes.iter().any(|size| headings.contains(size)), "{name}: {headings:?}");
        }
    }
}

/// LaTeX breaks where a row has more cells than columns, a brace stays open, or a sign of the data is a command.
#[test]
fn latex_tables_are_whole() {
    let lacuna = crate::report::hostile();
    for file in ["headline.tex", "gaps.tex"] {
        let latex = read(&lacuna, &format!("r/tables/{file}"));
        let columns = latex.split("\\begin{tabular}{").nth(1).unwrap();
        let columns = columns[..columns.find('}').unwrap()].len();
        let cells = |line: &str| line.replace("\\&", "").matches('&').count() + 1;
        let rows: Vec<&str> = latex.lines().filter(|line| line.ends_with(" \\\\")).collect();
        assert!(rows.len() > 1);
        for row in rows {
            let whole = format!("\\multicolumn{{{columns}}}");
            assert!(cells(row) == columns || cells(row) == 1 && row.starts_with(&whole), "{row}");
        }
        let plain = latex.replace("\\{", "").replace("\\}", "");
        assert_eq!(plain.matches('{').count(), plain.matches('}').count());
        assert!(latex.is_ascii(), "pdfLaTeX stops at a sign that it has no glyph for: {latex}");
    }
}

#[test]
fn the_card_has_the_day_of_the_audit_and_nothing_else_has() {
    let lacuna = with_baselines().with_variable("SOURCE_DATE_EPOCH", "1767312000");
    let audit = ["audit", "--gold", "set", "--out", "r"];
    lacuna.run(&audit);
    // 20,455 days after 1970-01-01.
    assert_eq!(lacuna.json("r/audit_card.json")["audited_on"], "2026-01-02");
    assert!(read(&lacuna, "r/audit_card.md").contains("Audited on 2026-01-02 (UTC)."));
    assert_eq!(lacuna.json("r/manifest.json")["created_unix_s"], 1_767_312_000);
    for file in ["evaluation.json", "index.html", "report.md", "methods.md", "replication/README.md"] {
        assert!(!read(&lacuna, &format!("r/{file}")).contains("2026-01-02"), "{file}");
    }
    // Drawn again, the day is that of the manifest beside the evaluation, whatever the day is now.
    let lacuna = lacuna.with_variable("SOURCE_DATE_EPOCH", "0");
    lacuna.run(&["report", "--evaluation", "r/evaluation.json", "--out", "again"]);
    assert_eq!(lacuna.json("again/audit_card.json")["audited_on"], "2026-01-02");
    assert_eq!(read(&lacuna, "again/methods.md"), read(&lacuna, "r/methods.md"));
    // A manifest of another evaluation knows nothing of this one.
    fs::create_dir(lacuna.path("alone")).unwrap();
    let evaluation = read(&lacuna, "r/evaluation.json");
    fs::write(lacuna.path("alone/evaluation.json"), format!("{evaluation}\n")).unwrap();
    fs::copy(lacuna.path("r/manifest.json"), lacuna.path("alone/manifest.json")).unwrap();
    lacuna.run(&["report", "--evaluation", "alone/evaluation.json", "--out", "undated"]);
    assert_eq!(lacuna.json("undated/audit_card.json")["audited_on"], Value::Null);
    assert!(read(&lacuna, "undated/audit_card.md").contains("Date unknown."));
    assert!(read(&lacuna, "undated/methods.md").contains("no manifest lies beside the evaluation"));
    let lacuna = lacuna.with_variable("SOURCE_DATE_EPOCH", "yesterday");
    let said = lacuna.fail(3, &audit);
    assert!(said.contains("SOURCE_DATE_EPOCH") && said.contains("allowed: seconds since 1970"), "{said}");
}

#[test]
fn methods_say_what_was_fixed_beforehand_and_what_these_data_chose() {
    let lacuna = with_baselines();
    fs::write(
        lacuna.path("lacuna.toml"),
        "format = \"lacuna-audit/1\"\nmargin = 0.05\n\n[thresholds]\nomission = 1\n\n[comparison]\nmetric = \"recall\"\n",
    )
    .unwrap();
    let mine = lacuna.path("set/judges/mine.toml");
    let file = fs::read_to_string(&mine).unwrap();
    fs::write(&mine, format!("{file}flag_at = {{ omission = 2 }}\n")).unwrap();
    lacuna.run(&["audit", "--gold", "set", "--seed", "4", "--out", "r"]);
    let text = read(&lacuna, "r/methods.md").replace('\\', "");
    for part in [
        "1 on omission (the audit file) and 1 on commission (the set's card)",
        "the level of intervals, 95 % (the default)",
        "the margin of equivalence, 0.05 (the audit file)",
        "recall (the audit file) on omission (the default)",
        "the seed, 4 (the command line)",
        "As their own files say: mine from severity 2 on omission and 1 on commission.",
        "Chosen from these data.",
        "Picked after the fact, with intervals that do not allow for it",
    ] {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    assert!(read(&lacuna, "r/index.html").contains("What was fixed beforehand."));
    // One score with a cut that these data choose.
    let scored: Vec<Value> = (0..12)
        .map(|index| json!({"judge": "one", "example": format!("e{index}"), "outcome": "scored", "score": index % 5}))
        .collect();
    let score = "[score]\nscale = [0, 4]\ndirection = \"higher_is_harm\"\nfalse_alarm_budget = 0.25\n";
    write_judge(&lacuna.path("set"), "one", score, &scored);
    lacuna.run(&["audit", "--gold", "set", "--out", "r"]);
    let text = read(&lacuna, "r/methods.md");
    assert!(
        text.contains(
            "Fitted on other clusters than those on which it is measured: the cut of one within 25 % false alarms"
        ),
        "{text}"
    );
}

/// A warning names the figures; a name that the font has all letters of is no matter.
#[test]
fn letters_that_the_built_in_font_lacks_are_counted_where_a_figure_is_drawn_with_it() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for index in 0..12 {
        let id = format!("e{index}");
        set.example(&id, &format!("c{}", index / 2), json!(u8::from(index < 6)), json!(0));
        let value = ["\u{5224}\u{4e8b}", "\u{642}\u{627}\u{636}\u{64a}"][index % 2];
        set.examples[index]["slices"] = json!({"script": value});
        verdicts.push(verdict("mine", &id, json!(u8::from(index < 4)), json!(0)));
    }
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "mine", "", &verdicts);
    let audit = ["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"];
    let said = |arguments: &[&str]| {
        let output = lacuna.output(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{said}");
        said
    };
    assert!(!said(&audit).contains("font"), "SVG is drawn in the reader's own fonts");
    let said = said(&[&audit[..], &["--figures", "png,pdf"]].concat());
    let warnings: Vec<&str> = said.lines().filter(|line| line.starts_with("warning:")).collect();
    assert_eq!(
        warnings,
        [
            "warning: 1 figure holds 2 letters that the built-in font lacks, the first U+4E8B: empty boxes in PNG and PDF, \
          whole in SVG: slices"
        ]
    );
    assert!(read(&lacuna, "r/figures/slices.svg").contains("\u{5224}\u{4e8b}"));
    assert!(fs::read(lacuna.path("r/figures/slices.png")).unwrap().starts_with(b"\x89PNG"));
}
