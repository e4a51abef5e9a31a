//! Marks of a checklist: required items by `hit`, `partial` or `miss`, prohibited ones by whether they are there.

use std::collections::BTreeMap;

use serde_json::Value;

use super::menu::Choice;
use crate::model::Item;

/// Ids that are remembered of those that the example does not have: a reply may invent any number.
const MOST_UNKNOWN: usize = 20;

/// Marks by id.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge::live) struct Marks<M> {
    /// The marks of the example's items.
    pub(in crate::judge::live) marks: BTreeMap<String, M>,
    /// Ids without a mark, in the example's order.
    pub(in crate::judge::live) unmarked: Vec<String>,
    /// Ids that the example does not have.
    pub(in crate::judge::live) unknown: Vec<String>,
    /// Whether a mark of a known item is not on the menu.
    pub(in crate::judge::live) off_menu: bool,
}

/// Holds what a reply marks against the items of the example: `{id: mark}`, or a list of `{id, mark}` of which the last
/// word on an id counts. Unknown ids are passed over.
pub(in crate::judge::live) fn read_marks<M>(
    said: Option<&Value>,
    items: &[Item],
    mark: impl Fn(&Value) -> Choice<M>,
) -> Marks<M> {
    let mut found = Marks { marks: BTreeMap::new(), unmarked: Vec::new(), unknown: Vec::new(), off_menu: false };
    for (id, value) in said.map(entries).unwrap_or_default() {
        if items.iter().all(|item| item.id != id) {
            if found.unknown.len() < MOST_UNKNOWN {
                found.unknown.push(id.to_owned());
            }
            continue;
        }
        match mark(value) {
            Choice::On(mark) => drop(found.marks.insert(id.to_owned(), mark)),
            Choice::Off => found.off_menu = true,
            Choice::Absent => {}
        }
    }
    let unmarked = items.iter().filter(|item| !found.marks.contains_key(&item.id));
    found.unmarked = unmarked.map(|item| item.id.clone()).collect();
    found
}

/// Ids with the value that carries the mark, which may have reasons around it.
fn entries(said: &Value) -> Vec<(&str, &Value)> {
    const CARRIERS: [&str; 4] = ["mark", "present", "status", "verdict"];
    fn carried(value: &Value) -> &Value {
        CARRIERS.iter().find_map(|key| value.get(key)).unwrap_or(value)
    }
    match said {
        Value::Object(fields) => fields.iter().map(|(id, value)| (id.as_str(), carried(value))).collect(),
        Value::Array(list) => {
            list.iter().filter_map(|entry| Some((entry.get("id")?.as_str()?, carried(entry)))).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::live::examples::example;
    use crate::judge::live::verdict::{presence, required_mark};
    use crate::model::ItemMark;
    use serde_json::json;

    fn required(said: &Value) -> Marks<ItemMark> {
        read_marks(Some(said), &example("e").required, required_mark)
    }

    #[test]
    fn marks_by_id() {
        use ItemMark::{Hit, Miss, Partial};
        let expected =
            BTreeMap::from([("r0", Hit), ("r1", Partial), ("r2", Miss)].map(|(id, mark)| (id.to_owned(), mark)));
        for said in [
            json!({"r0": "hit", "r1": "Partial", "r2": " MISS "}),
            json!({"r0": {"mark": "hit", "why": "w"}, "r1": {"status": "partial"}, "r2": "miss"}),
            json!([{"id": "r0", "mark": "hit"}, {"id": "r1", "mark": "partial"}, {"id": "r2", "mark": "miss"}]),
            json!([{"id": "r0", "mark": "miss"}, {"id": "r0", "mark": "hit"}, {"id": "r1", "mark": "partial"}, {"id": "r2", "mark": "miss"}]),
        ] {
            let marks = required(&said);
            assert_eq!((&marks.marks, marks.unmarked.len(), marks.off_menu), (&expected, 0, false), "{said}");
        }
    }

    #[test]
    fn unknown_and_unmarked_ids() {
        let marks = required(&json!({"r0": "hit", "r9": "hit", "R1": "miss", "r2": null}));
        assert_eq!(marks.marks.keys().collect::<Vec<_>>(), ["r0"]);
        assert_eq!(marks.unmarked, ["r1", "r2"]);
        assert_eq!(marks.unknown, ["R1", "r9"]);
        assert!(!marks.off_menu);
        for said in [json!(null), json!("hit"), json!(7), json!([]), json!(["r0"]), json!({})] {
            assert_eq!(required(&said).unmarked.len(), 3, "{said}");
        }
        let many: serde_json::Map<String, Value> = (0..1000).map(|at| (format!("u{at}"), json!("hit"))).collect();
        assert_eq!(required(&Value::Object(many)).unknown.len(), MOST_UNKNOWN);
    }

    #[test]
    fn marks_off_the_menu() {
        assert!(required(&json!({"r0": "yes"})).off_menu);
        assert!(required(&json!({"r0": 1})).off_menu);
        assert!(!required(&json!({"unknown": "yes"})).off_menu);
    }

    #[test]
    fn prohibited_items() {
        let prohibited = |said: &Value| read_marks(Some(said), &example("e").prohibited, presence);
        let marks = prohibited(&json!({"x0": true, "x1": "Absent"}));
        assert_eq!(marks.marks.values().copied().collect::<Vec<_>>(), [true, false]);
        assert!(prohibited(&json!({"x0": "maybe"})).off_menu);
        assert_eq!(prohibited(&json!({"x0": {"present": false}})).marks.len(), 1);
    }
}
