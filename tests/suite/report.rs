//! The page, the figures and the tables: that they say what the evaluation says, and that hostile text stays text.

use std::fs;

use roxmltree::Document;
use serde_json::{Value, json};

use crate::driver::{Lacuna, Set, close, judge, verdict, write_judge};
use crate::provider::STARTER;

const HOSTILE: &str = "<script>alert(1)</script>\u{202e}\"'&=1+1\u{1b}[31m";

pub(crate) fn hostile() -> Lacuna {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    set.card = set
        .card
        .replace("title = \"Toy\"", &format!("title = {}", json!(HOSTILE).to_string().replace("\\u001b", "\\u001B")))
        .replace("\"mild\"", "\"<img src=x onerror=alert(1)>\"");
    for index in 0..8 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 2), json!(index % 3 / 2));
        set.examples[index]["system"] = json!("=HYPERLINK(\"http://x\")");
        set.examples[index]["slices"] = json!({"@kind": "-2+3"});
        set.examples[index]["response"] = json!(HOSTILE);
    }
    set.write(&lacuna.path("set"));
    let mut answers: Vec<Value> =
        (0..8).map(|index| verdict("j", &format!("e{index}"), json!(index % 2), json!(0))).collect();
    for answer in &mut answers {
        answer["raw"] = json!(HOSTILE);
    }
    write_judge(&lacuna.path("set"), "j", &format!("title = {}\n", json!("<b>bold</b>")), &answers);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    lacuna
}

#[test]
fn hostile_text_stays_text_on_the_page() {
    let lacuna = hostile();
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    // Two blocks of inert data and the script of the page.
    assert_eq!(page.matches("<script").count(), 3, "markup of the data ran through");
    assert_eq!(page.matches("</script").count(), 3, "markup of the data ran through");
    assert!(!page.contains("<img") && !page.contains("<b>"), "markup of the data ran through");
    assert!(page.contains("&lt;script&gt;"));
    // In the drill-down as JSON that holds no markup either, what reorders a line by its number.
    assert!(page.contains(r"\u003cscript\u003ealert(1)\u003c/script\u003e[U+202E]"));
    assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}'));
}

#[test]
fn the_first_table_says_of_every_judge_what_it_misses() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    let table = page.split("<table class=\"glance\"").nth(1).unwrap().split("</table>").next().unwrap();
    let evaluation = lacuna.json("r/evaluation.json");
    for judge in evaluation["judges"].as_array().unwrap() {
        let line = table.split("<tr>").find(|line| line.contains(&format!(">{}<", judge["judge"].as_str().unwrap())));
        let line = line.unwrap_or_else(|| panic!("{} has no line: {table}", judge["judge"])).replace('\u{a0}', " ");
        for axis in ["omission", "commission"] {
            let expected = match judge["axes"][axis]["recall"]["value"].as_f64() {
                Some(1.0) => "misses 0 %".to_owned(),
                Some(0.0) => "misses 100 %".to_owned(),
                Some(_) => "misses ".to_owned(),
                None if judge["axes"][axis].is_null() => "does not answer".to_owned(),
                None => "not known".to_owned(),
            };
            assert!(line.contains(&expected), "{expected}: {line}");
        }
    }
    assert!(table.contains("nobody was measured against another person"), "nobody rated the starter set twice");
    let never = table.split("<tr>").find(|line| line.contains(">never<")).unwrap();
    assert_eq!(never.matches("not shown to beat a coin").count(), 2, "{never}");
    assert!(table.contains("sees nothing of either") && table.contains("flags everything"), "never and always");
}

#[test]
fn of_many_judges_the_first_table_has_the_first_and_the_last() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..20 {
        set.example(&format!("e{index:02}"), &format!("c{}", index / 2), json!(index % 2), json!(index % 2));
    }
    set.write(&lacuna.path("set"));
    // Judge 0 finds every omission, each after it one less.
    for number in 0..10 {
        let seen = |index: usize| if index / 2 < number { 0 } else { index % 2 };
        let name = format!("judge-{number}");
        let verdicts: Vec<Value> = (0..20)
            .map(|index| verdict(&name, &format!("e{index:02}"), json!(seen(index)), json!(index % 2)))
            .collect();
        write_judge(&lacuna.path("set"), &name, "", &verdicts);
    }
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r", "--resamples", "999"]);
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    let table = page.split("<table class=\"glance\"").nth(1).unwrap().split("</table>").next().unwrap();
    let lines: Vec<usize> = (0..10).filter(|number| table.contains(&format!(">judge-{number}<"))).collect();
    assert_eq!(lines, [0, 1, 2, 3, 6, 7, 8, 9]);
    assert!(page.contains("The first 4 and the last 4; 2 between them stand below."));
}

#[test]
fn the_page_forbids_everything_but_its_own_style_and_script() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    let policy = page.split("http-equiv=\"Content-Security-Policy\" content=\"").nth(1).unwrap();
    let policy = policy.split('"').next().unwrap().replace("&#x27;", "'").replace("&#x2f;", "/");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
    assert!(policy.contains("; script-src 'sha256-"), "{policy}");
    for outside in ["<link", "<iframe", "src=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains(" style=\""), "an inline style would be refused by the policy");
}

#[test]
fn no_cell_of_a_table_starts_a_formula() {
    let lacuna = hostile();
    let mut cells = 0;
    for entry in fs::read_dir(lacuna.path("r/tables")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension != "csv") {
            continue;
        }
        let mut reader = csv::Reader::from_path(&path).unwrap();
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                cells += 1;
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
                assert!(!formula, "{}: {cell:?}", path.display());
            }
        }
    }
    assert!(cells > 1000, "only {cells} cells were looked at");
    let slices = fs::read_to_string(lacuna.path("r/tables/slices.csv")).unwrap();
    assert!(slices.contains("'@kind") && slices.contains("'-2+3") && slices.contains("'=HYPERLINK"), "{slices}");
}

#[test]
fn the_terminal_is_not_driven_by_the_data() {
    let lacuna = hostile();
    let printed = lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    assert!(!printed.contains('\u{1b}') && !printed.contains('\u{202e}'));
    assert!(printed.lines().all(|line| line.chars().count() <= 100), "{printed}");
}

fn figure(lacuna: &Lacuna, name: &str) -> String {
    fs::read_to_string(lacuna.path("r/figures").join(name)).unwrap()
}

fn texts(document: &Document<'_>) -> Vec<String> {
    let nodes = document.descendants().filter(|node| node.has_tag_name("text"));
    nodes.map(|node| node.text().unwrap_or("").trim().to_owned()).collect()
}

#[test]
fn the_first_figure_draws_every_judge_with_its_counts() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    let svg = figure(&lacuna, "blindness.svg");
    let document = Document::parse(&svg).unwrap();
    let texts = texts(&document);
    for name in ["always", "never", "random", "refusal-phrases", "item-coverage", "length"] {
        // Letters of groups stand behind the names.
        let named = |text: &String| text == name || text.starts_with(&format!("{name} ("));
        assert!(texts.iter().any(named), "{name} is not in {texts:?}");
    }
    let recall = &judge(&evaluation, "always")["axes"]["omission"]["recall"];
    let count = format!("{}/{}", recall["count"], recall["n"]);
    assert!(texts.iter().any(|text| text.ends_with(&count)), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("constructed labels (not human)")));
    assert!(texts.contains(&"does not answer on commission".to_owned()));
    // Circles are the marks of omission: recall and false alarms of six judges and two in the legend, fill and outline each.
    let circles = document.descendants().filter(|node| node.has_tag_name("circle")).count();
    assert_eq!(circles, (6 * 2 + 2) * 2);
    assert_eq!(document.root_element().attribute("role"), Some("img"));
    let described = document.descendants().find(|node| node.has_tag_name("desc")).unwrap().text().unwrap();
    assert!(
        described.contains("always (d), omission: recall 100 % [95-100] (96/96), false alarms 100 % (96/96)."),
        "{described}"
    );
}

#[test]
fn the_other_figures_parse_and_hold_their_numbers() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    assert!(!lacuna.path("r/figures/cost.svg").exists(), "baselines state no cost");
    let confusion = figure(&lacuna, "confusion.svg");
    let document = Document::parse(&confusion).unwrap();
    let cells = document.descendants().filter(|node| node.has_tag_name("rect")).count();
    // The sheet, and 5 x 6 cells of omission for the five judges with severities and 4 x 5 of commission for three.
    assert_eq!(cells, 1 + 5 * 30 + 3 * 20);
    let response = figure(&lacuna, "severity_response.svg");
    let document = Document::parse(&response).unwrap();
    assert!(texts(&document).contains(&"96".to_owned()), "{:?}", texts(&document));
}

#[test]
fn no_mark_leaves_the_sheet_with_many_judges_and_long_names() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..12 {
        set.example(&format!("e{index}"), &format!("c{}", index / 2), json!(index % 2), json!(index % 3 / 2));
    }
    set.write(&lacuna.path("set"));
    for number in 0..20 {
        let name = format!("judge-{number:02}-{}", "x".repeat(60));
        let answers: Vec<Value> =
            (0..12).map(|index| verdict(&name, &format!("e{index}"), json!((index + number) % 2), json!(0))).collect();
        write_judge(&lacuna.path("set"), &name, "", &answers);
    }
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    for name in ["blindness.svg", "severity_response.svg", "confusion.svg"] {
        let svg = figure(&lacuna, name);
        let document = Document::parse(&svg).unwrap();
        let size = |name: &str| document.root_element().attribute(name).unwrap().parse::<f64>().unwrap();
        let (width, height) = (size("width"), size("height"));
        for node in document.descendants() {
            for (attribute, limit) in [("x", width), ("cx", width), ("y", height), ("cy", height)] {
                if let Some(value) = node.attribute(attribute) {
                    let value: f64 = value.parse().unwrap();
                    assert!((0.0..=limit).contains(&value), "{name}: {attribute} = {value} of {limit}");
                }
            }
        }
    }
}

#[test]
fn the_page_says_what_the_labels_are_and_what_each_judge_missed() {
    let lacuna = Lacuna::new();
    lacuna.run(&["audit", "--gold", STARTER, "--out", "r"]);
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    let head = &page[page.find("<body").unwrap()..page.find("<h2").unwrap()];
    assert!(head.contains("Measured against constructed labels (not human)."));
    assert!(page.contains("Of 96 examples where the response withholds something that the person needed"));
    // Each figure on a wide and on a narrow sheet.
    let drawn = fs::read_dir(lacuna.path("r/figures")).unwrap().count();
    assert!(drawn >= 3);
    assert_eq!(page.matches("<svg").count(), 2 * drawn);
    for code in ["labels_not_human", "no_human_ceiling", "constant_judge"] {
        assert!(page.contains(code), "{code}");
    }
}

/// Three hundred answers of some 8,000 bytes, all harmful, of which one judge of the user's finds half: its misses, 1.2 MB, are all on
/// the page; of the misses of baselines and of what it found, what fits into one megabyte more.
#[test]
fn every_miss_of_a_judge_is_on_the_page_and_of_baselines_only_some() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    for index in 0..300 {
        let id = format!("e{index}");
        set.example(&id, &format!("c{}", index / 3), json!(1 + index % 4), json!(0));
        set.examples[index]["response"] = json!(format!("{index} ").repeat(2_000 + index));
    }
    set.write(&lacuna.path("set"));
    let flag = |index: usize| u8::from(index.is_multiple_of(2));
    let verdicts: Vec<Value> =
        (0..300).map(|index| verdict("own", &format!("e{index}"), json!(flag(index)), json!(0))).collect();
    write_judge(&lacuna.path("set"), "own", "", &verdicts);
    lacuna.run(&["audit", "--gold", "set", "--out", "r"]);
    let page = fs::read_to_string(lacuna.path("r/index.html")).unwrap();
    let data = page.split("id=\"drill-data\">").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(data.len() < 4_000_000, "{} bytes", data.len());
    let data: Value = serde_json::from_str(data).unwrap();
    let name = |list: &str, entry: &Value, place: usize| {
        let found = &data[list][usize::try_from(entry[place].as_u64().unwrap()).unwrap()];
        found.as_str().or(found["name"].as_str()).unwrap().to_owned()
    };
    let held = |judge: &str, kind: &str| {
        let cases = data["cases"].as_array().unwrap().iter();
        cases.filter(|case| name("judges", case, 1) == judge && name("kinds", case, 3) == kind).count()
    };
    let absent = |judge: &str, kind: &str| -> u64 {
        let entries = data["left_out"].as_array().unwrap().iter();
        let of_them = entries.filter(|entry| name("judges", entry, 0) == judge && name("kinds", entry, 2) == kind);
        of_them.map(|entry| entry[3].as_u64().unwrap()).sum()
    };
    assert_eq!((held("own", "miss"), absent("own", "miss")), (150, 0));
    assert!(held("never", "miss") > 150 && absent("never", "miss") > 0, "{}", held("never", "miss"));
    assert!(held("own", "hit") > 0 && absent("own", "hit") > 0, "{}", held("own", "hit"));
    assert_eq!(held("never", "miss") as u64 + absent("never", "miss"), 300);
    assert!(page.contains(": all 150 of judges; "), "the page says what is there");
}

#[test]
fn a_report_is_drawn_again_with_its_single_examples() {
    let lacuna = hostile();
    let evaluation = ["report", "--evaluation", "r/evaluation.json"];
    let with = |more: &[&str]| lacuna.run(&[&evaluation[..], more].concat());
    with(&["--out", "bare"]);
    let bare = fs::read_to_string(lacuna.path("bare/index.html")).unwrap();
    assert!(!bare.contains("id=\"drill-data\"") && bare.contains("holds no single examples"));
    let single = ["--gold", "set", "--verdicts", "r/verdicts.parquet"];
    with(&[&single[..], &["--out", "again"]].concat());
    for file in ["index.html", "report.md", "audit_card.json", "tables/disagreements.csv", "figures/blindness.svg"] {
        let read = |folder: &str| fs::read(lacuna.path(folder).join(file)).unwrap();
        assert!(read("r") == read("again"), "{file} differs");
    }
    with(&[&single[..], &["--no-texts", "--out", "silent"]].concat());
    let silent = fs::read_to_string(lacuna.path("silent/index.html")).unwrap();
    assert!(!silent.contains("alert(1)\\u003c") && silent.contains("\"withheld\":true"));
}

#[test]
fn the_other_forms_hold_the_numbers_and_no_markup_of_the_data() {
    let lacuna = hostile();
    let read = |file: &str| fs::read_to_string(lacuna.path("r").join(file)).unwrap();
    let report = read("report.md");
    assert!(report.contains("\\<script\\>") && !report.contains("<script>"), "{report}");
    assert!(report.contains("![") && report.contains("](figures/blindness.svg)"));
    assert!(read("methods.md").contains("seed 1"));
    let latex = read("tables/headline.tex");
    assert!(latex.contains("\\toprule") && latex.contains("\\bottomrule"), "{latex}");
    let card = lacuna.json("r/audit_card.json");
    let evaluation = lacuna.json("r/evaluation.json");
    assert_eq!(card["gold"]["sha256"], evaluation["gold"]["sha256"]);
    assert_eq!(card["judges"][0]["recall"]["omission"], evaluation["judges"][0]["axes"]["omission"]["recall"]);
    assert!(read("audit_card.md").contains("| omission recall |"));
}

/// Ten examples of severity 1 of which the judge finds two, ten of severity 2 that it all finds, four without harm.
#[test]
fn the_first_screen_names_the_gap_the_labels_worth_and_the_worst_severity() {
    let lacuna = Lacuna::new();
    let mut set = Set::new();
    let mut verdicts = Vec::new();
    for index in 0..24 {
        let (id, severity) = (format!("e{index}"), [1, 2, 0][(index / 10).min(2)]);
        set.example(&id, &id, json!(severity), json!(index % 2));
        // One of the 24 is harm to one rater alone: the higher wins the tie.
        set.rating(&id, "bob", json!(if index == 0 { 0 } else { severity }), json!(index % 2));
        verdicts.push(verdict("j", &id, json!(u8::from(index < 2 || severity == 2)), json!(index % 2)));
        verdicts[index]["cost_usd"] = json!(0.002);
        verdicts[index]["latency_ms"] = json!(1500);
    }
    set.write(&lacuna.path("set"));
    write_judge(&lacuna.path("set"), "j", "", &verdicts);
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r"]);
    let evaluation = lacuna.json("r/evaluation.json");
    // 24 verdicts of 0.002 dollars and 1,500 ms each.
    let cost = &judge(&evaluation, "j")["cost"];
    assert_eq!((&cost["verdicts"], &cost["cost_known"], &cost["latency_known"]), (&json!(24), &json!(24), &json!(24)));
    assert_eq!(cost["latency_seconds"], json!({"median": 1.5, "p90": 1.5}));
    assert_eq!(cost["input_tokens_per_verdict"], Value::Null);
    close(&cost["cost_usd_per_1000"], 2.0);
    let table = fs::read_to_string(lacuna.path("r/tables/costs.csv")).unwrap();
    assert!(
        table.starts_with("judge,verdicts,cost_known,cost_usd_per_1000,")
            && table.contains("\nj,24,24,2")
            && table.contains(",24,1.5,1.5,,\n"),
        "{table}"
    );
    let svg = figure(&lacuna, "cost.svg");
    let words = texts(&Document::parse(&svg).unwrap());
    assert!(["j: $ 2.00", "j: 1.50 s"].iter().all(|name| words.contains(&(*name).to_owned())), "{words:?}");
    let gap = judge(&evaluation, "j")["recall_gap"]["in_words"].as_str().unwrap();
    assert!(gap.starts_with("Omission recall minus commission recall, -0.40 ("), "{gap}");
    let flat = |name: &str| {
        let text = fs::read_to_string(lacuna.path(&format!("r/{name}"))).unwrap();
        text.replace('\\', "").replace("&#x27;", "'").replace('\u{a0}', " ")
    };
    for name in ["index.html", "report.md", "audit_card.md"] {
        let text = flat(name);
        assert!(text.contains(gap), "{name} does not hold {gap:?}");
        assert!(!text.contains("Recall gap, omission minus commission:"), "{name} holds the older sentence");
        // 12 of 20 in all, 2 of 10 at severity 1.
        let worst = "It is blindest at severity 1, \u{201c}mild\u{201d}: of 10 it missed 80 % [";
        assert_eq!(text.matches(worst).count(), 1, "{name}");
    }
    for name in ["index.html", "report.md"] {
        let text = flat(name);
        assert!(
            text.contains(
                "On omission 24 examples were rated by several, who differ on 1; Krippendorff's alpha is 0.9"
            ),
            "{name}"
        );
        let omission = "Recall on omission rests on 20 positives in 20 clusters; on 1 example raters dispute whether it is \
                        harm at all.";
        for rests in [omission, "Recall on commission rests on 12 positives in 12 clusters."] {
            assert_eq!(text.matches(rests).count(), 1, "{name}: {rests}");
        }
    }
}

#[test]
fn png_and_pdf_are_made_of_every_figure_and_are_the_same_bytes_again() {
    let lacuna = hostile();
    let again = |out: &str| {
        let evaluation = ["report", "--evaluation", "r/evaluation.json", "--figures", "pdf,png", "--out", out];
        lacuna.run(&evaluation);
        let mut files: Vec<_> =
            fs::read_dir(lacuna.path(out).join("figures")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    };
    let (one, other) = (again("one"), again("other"));
    let figures = fs::read_dir(lacuna.path("r/figures")).unwrap().count();
    assert_eq!((one.len(), other.len()), (3 * figures, 3 * figures));
    for (first, second) in one.iter().zip(&other) {
        let bytes = fs::read(first).unwrap();
        assert!(bytes == fs::read(second).unwrap(), "{} is not the same bytes", first.display());
        let begins: &[u8] = match first.extension().and_then(|ending| ending.to_str()) {
            Some("png") => b"\x89PNG\r\n",
            Some("pdf") => b"%PDF-",
            _ => b"<svg",
        };
        assert!(bytes.starts_with(begins), "{}", first.display());
    }
}

#[test]
fn the_text_of_a_pdf_can_be_read() {
    let lacuna = hostile();
    lacuna.run(&["audit", "--gold", "set", "--judge", "set/judges", "--out", "r", "--figures", "pdf"]);
    let Ok(read) =
        std::process::Command::new("pdftotext").arg(lacuna.path("r/figures/blindness.pdf")).arg("-").output()
    else {
        println!("skipped: pdftotext is not installed");
        return;
    };
    let words = String::from_utf8_lossy(&read.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    // Title, note and a count of the figure, word by word.
    let svg = figure(&lacuna, "blindness.svg");
    for text in texts(&Document::parse(&svg).unwrap()) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&text), "{text:?} is not in {words:?}");
    }
}
