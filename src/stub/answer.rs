//! The JSON of a reply: a value for each key that the request wants, by the stub's opinion.

use serde_json::{Map, Value, json};

use super::ask::{Role, Wanted};
use super::draw::pick;
use super::items::{Words, ids, kind, listed, offered};
use super::opinion::Opinion;
use super::truth::Truth;
use crate::model::{ItemMark, Severity};

/// How an answer is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner<'a> {
    /// As asked.
    Plain,
    /// With values that nobody offered.
    OffMenu,
    /// With this text in it.
    Hostile(&'a str),
}

/// Writes the answers to one request.
pub(super) struct Writer<'a> {
    pub(super) truth: Option<&'a Truth>,
    pub(super) opinion: &'a Opinion,
    pub(super) manner: Manner<'a>,
    /// The score that the prompt calls the best, where it calls one so.
    pub(super) best: Option<f64>,
    /// Draws for what an opinion leaves open.
    pub(super) details: [f64; 4],
}

impl Writer<'_> {
    /// The whole object.
    pub(super) fn object(&self, wanted: &[Wanted]) -> Map<String, Value> {
        let mut object: Map<String, Value> =
            wanted.iter().map(|wanted| (wanted.name.clone(), self.value(wanted))).collect();
        if let Manner::Hostile(text) = self.manner {
            object.insert("rationale".to_owned(), json!(text));
        }
        object
    }

    fn value(&self, wanted: &Wanted) -> Value {
        match Role::of(&wanted.name) {
            Role::Severity(axis) => self.severity(wanted, self.opinion.axes.get(axis).severity),
            Role::Probability(axis) => json!(self.opinion.axes.get(axis).probability),
            Role::Score => self.score(wanted),
            Role::Required => listed(wanted, self.required(wanted), Words::MARKS),
            Role::Prohibited => listed(wanted, self.prohibited(wanted), Words::PRESENCE),
            Role::Path => yes_or_no(wanted, !self.opinion.axes.omission.flags),
            Role::Other => self.filler(wanted),
        }
    }

    /// A severity, by its number or by the name that the schema gives it.
    fn severity(&self, wanted: &Wanted, severity: Severity) -> Value {
        if self.manner == Manner::OffMenu {
            return json!(9);
        }
        let names = wanted.schema.get("enum").and_then(Value::as_array);
        match names.map(|names| names.get(usize::from(severity))) {
            Some(Some(name)) if name.is_string() => name.clone(),
            _ => json!(severity),
        }
    }

    /// A score on the scale that the request names: in the third at its worst end for harm on any axis, else in the third at its
    /// best end.
    fn score(&self, wanted: &Wanted) -> Value {
        if self.manner == Manner::OffMenu {
            return json!(999);
        }
        let (lowest, highest) = scale(wanted);
        let within = (highest - lowest) / 3.0 * self.details[0];
        // Whole numbers where the scale has room for them, hundredths where it has not.
        let within = if highest - lowest > 3.0 { within.floor() } else { (within * 100.0).round() / 100.0 };
        let low_is_harm = self.best.is_none_or(|best| best > lowest);
        let score = if self.opinion.sees_harm() == low_is_harm { lowest + within } else { highest - within };
        if score.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a score is small")]
            return json!(score as i64);
        }
        json!(score)
    }

    /// Whether each required item is missing: the truth where the stub flags the example, otherwise nothing is.
    fn required(&self, wanted: &Wanted) -> Vec<(String, ItemMark)> {
        let known = self.truth.zip(self.opinion.example);
        let ids = ids(wanted, || {
            known.map_or_else(Vec::new, |(truth, example)| {
                truth.gold.examples[example].required.iter().map(|item| item.id.clone()).collect()
            })
        });
        let mut marks: Vec<(String, ItemMark)> = ids.into_iter().map(|id| (id, ItemMark::Hit)).collect();
        if !self.opinion.axes.omission.flags || marks.is_empty() {
            return marks;
        }
        if let Some((truth, example)) = known {
            for (id, mark) in &mut marks {
                *mark = truth.gold.items[example].get(id).copied().unwrap_or(ItemMark::Hit);
            }
        }
        // Who flags an example misses at least one item, also where the raters marked none.
        if marks.iter().all(|(_, mark)| *mark != ItemMark::Miss) {
            let partial = marks.iter().position(|(_, mark)| *mark == ItemMark::Partial);
            let chosen = partial.unwrap_or_else(|| pick(self.details[1], marks.len()));
            marks[chosen].1 = ItemMark::Miss;
        }
        marks
    }

    /// Which prohibited items are there: one where the stub flags commission, otherwise none. A mark of `hit` says that it is.
    fn prohibited(&self, wanted: &Wanted) -> Vec<(String, ItemMark)> {
        let ids = ids(wanted, || {
            self.truth.zip(self.opinion.example).map_or_else(Vec::new, |(truth, example)| {
                truth.gold.examples[example].prohibited.iter().map(|item| item.id.clone()).collect()
            })
        });
        let chosen = pick(self.details[2], ids.len());
        let there = |position| self.opinion.axes.commission.flags && position == chosen;
        let mark = |position| if there(position) { ItemMark::Hit } else { ItemMark::Miss };
        ids.into_iter().enumerate().map(|(position, id)| (id, mark(position))).collect()
    }

    /// Something of the right type for a key that says nothing of the verdict.
    fn filler(&self, wanted: &Wanted) -> Value {
        if let Some(first) = wanted.schema.get("enum").and_then(|names| names.get(0)) {
            return first.clone();
        }
        match kind(&wanted.schema).as_str() {
            "boolean" => json!(false),
            "integer" | "number" => wanted.schema.get("minimum").cloned().unwrap_or(json!(0)),
            "array" => json!([]),
            "object" => json!({}),
            _ if self.opinion.sees_harm() => json!("Something is amiss."),
            _ => json!("Nothing is amiss."),
        }
    }
}

fn yes_or_no(wanted: &Wanted, yes: bool) -> Value {
    let words = offered(wanted);
    let offers = |word: &str| words.iter().any(|other| other == word);
    if offers("yes") && kind(&wanted.schema) != "boolean" { json!(if yes { "yes" } else { "no" }) } else { json!(yes) }
}

/// The ends of the scale of a score: the schema's bounds or menu, else the first two numbers beside the key, else 1 to 10.
fn scale(wanted: &Wanted) -> (f64, f64) {
    let bound = |key: &str| wanted.schema.get(key).and_then(Value::as_f64);
    if let (Some(lowest), Some(highest)) = (bound("minimum"), bound("maximum")) {
        return (lowest, highest);
    }
    let menu = wanted.schema.get("enum").and_then(Value::as_array);
    let menu: Vec<f64> = menu.into_iter().flatten().filter_map(Value::as_f64).collect();
    let described = wanted.schema.get("description").and_then(Value::as_str).unwrap_or(&wanted.hint);
    let numbers = described.split(|c: char| !c.is_ascii_digit() && c != '.' && c != '-');
    // "1-5" is a range and "-1" a number: a minus between digits parts them.
    let parted = numbers.flat_map(|text| match text.char_indices().skip(1).find(|(_, c)| *c == '-') {
        Some((at, _)) => vec![&text[..at], &text[at + 1..]],
        None => vec![text],
    });
    let shown: Vec<f64> = parted.filter_map(|number| number.trim_end_matches('.').parse().ok()).take(2).collect();
    let numbers = if menu.is_empty() { shown } else { menu };
    let lowest = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if highest > lowest { (lowest, highest) } else { (1.0, 10.0) }
}

#[cfg(test)]
mod tests {
    use super::super::ask::{best_score, wanted};
    use super::super::draw::Draws;
    use super::super::options::Blindness;
    use super::*;
    use crate::gold::{GoldSet, starter_set};
    use crate::model::Axis;

    fn truth() -> Truth {
        Truth::new(GoldSet::from_files(&starter_set()).unwrap())
    }

    /// An example that is harmful by omission, or harmless.
    fn example(truth: &Truth, harmful: bool) -> usize {
        let of = |axis: Axis, position: usize| truth.gold.labels.get(axis)[position].severity.unwrap();
        let fits =
            |position: &usize| (of(Axis::Omission, *position) > 0) == harmful && of(Axis::Commission, *position) == 0;
        (0..truth.gold.examples.len()).find(fits).unwrap()
    }

    fn answer(harmful: bool, manner: Manner<'_>, schema: Option<&Value>, prompt: &str) -> Value {
        let best = best_score(prompt);
        let truth = truth();
        let sharp = Blindness { omission_recall: 1.0, commission_recall: 1.0, false_alarm_rate: 0.0 };
        let opinion = Opinion::new(Some(&truth), Some(example(&truth, harmful)), sharp, Draws([0.5; 4]));
        let writer = Writer { truth: Some(&truth), opinion: &opinion, manner, best, details: [0.5; 4] };
        Value::Object(writer.object(&wanted(schema, prompt, Some(0))))
    }

    #[test]
    fn severities_and_probabilities() {
        let prompt = r#"{"omission": <0-4>, "commission": <0-3>, "p_omission": 0.0, "rationale": "..."}"#;
        let harmful = answer(true, Manner::Plain, None, prompt);
        assert!(harmful["omission"].as_u64().unwrap() >= 1 && harmful["commission"] == 0, "{harmful}");
        assert!(harmful["p_omission"].as_f64().unwrap() >= 0.7 && harmful["rationale"].is_string());
        let harmless = answer(false, Manner::Plain, None, prompt);
        assert!(harmless["omission"] == 0 && harmless["p_omission"].as_f64().unwrap() <= 0.3);
        assert_eq!(answer(true, Manner::OffMenu, None, prompt)["omission"], 9);
        assert_eq!(answer(true, Manner::Hostile("\u{1b}[2J"), None, prompt)["rationale"], "\u{1b}[2J");
    }

    #[test]
    fn a_score_lies_at_its_end_of_the_scale() {
        for (prompt, low, high) in
            [(r#"{"score": <1-5>}"#, 1..=2, 4..=5), (r#"{"score": <from -50 to 50.>}"#, -50..=-17, 17..=50)]
        {
            assert!(low.contains(&answer(true, Manner::Plain, None, prompt)["score"].as_i64().unwrap()));
            assert!(high.contains(&answer(false, Manner::Plain, None, prompt)["score"].as_i64().unwrap()));
        }
        let schema = json!({"properties": {"score": {"type": "INTEGER", "minimum": 1, "maximum": 5}}});
        assert_eq!(answer(true, Manner::Plain, Some(&schema), "")["score"], 1);
        let turned = "From 0 to 9, where 0 is the best and 9 the worst. {\"score\": <0 to 9>}";
        assert_eq!(answer(true, Manner::Plain, None, turned)["score"], 8);
        assert_eq!(answer(false, Manner::Plain, None, turned)["score"], 1);
        assert_eq!(answer(true, Manner::Plain, None, r#"{"score": <0 to 1>}"#)["score"], 0.17);
    }

    #[test]
    fn items_by_id_or_in_a_list() {
        let by_id = answer(true, Manner::Plain, None, r#"{"items": {"<id>": "hit|partial|miss"}}"#);
        let marks: Vec<&Value> = by_id["items"].as_object().unwrap().values().collect();
        assert!(marks.len() > 1 && marks.contains(&&json!("miss")), "{by_id}");
        let clean = answer(false, Manner::Plain, None, r#"{"items": {"<id>": "hit|partial|miss"}}"#);
        assert!(clean["items"].as_object().unwrap().values().all(|mark| mark == "hit"));
        let schema = json!({"properties": {"items": {"type": "array", "items": {"type": "object", "properties":
            {"id": {"type": "string"}, "mark": {"type": "string", "enum": ["hit", "partial", "miss"]}}}}}});
        let list = answer(true, Manner::Plain, Some(&schema), "");
        assert!(list["items"].as_array().unwrap().iter().any(|item| item["mark"] == "miss" && item["id"].is_string()));
        let shown = answer(
            true,
            Manner::Plain,
            None,
            r#"{"items": {"x y": <"hit" or "miss">}, "prohibited": {"z": <true or false>}}"#,
        );
        assert_eq!(shown, json!({"items": {"x y": "miss"}, "prohibited": {"z": false}}));
        let capitals =
            json!({"properties": {"prohibited": {"type": "OBJECT", "properties": {"z": {"type": "BOOLEAN"}}}}});
        assert_eq!(answer(true, Manner::Plain, Some(&capitals), ""), json!({"prohibited": {"z": false}}));
        let fixed = json!({"properties": {"items": {"type": "object", "properties": {"a": {}, "b": {}}}}});
        assert_eq!(answer(false, Manner::Plain, Some(&fixed), "")["items"], json!({"a": "hit", "b": "hit"}));
    }

    #[test]
    fn a_way_forward_and_names_of_levels() {
        assert_eq!(answer(true, Manner::Plain, None, r#"{"viable_path": true or false}"#)["viable_path"], false);
        assert_eq!(answer(false, Manner::Plain, None, r#"{"viable_path": "yes|no"}"#)["viable_path"], "yes");
        let schema = json!({"properties": {"omission": {"enum": ["none", "mild", "moderate", "serious", "severe"]}}});
        assert_eq!(answer(false, Manner::Plain, Some(&schema), "")["omission"], "none");
    }
}
