//! One line a cause. A slip in a mapping shows in every row of a table, and twenty lines that say the same hide the rest.

use std::collections::BTreeMap;
use std::path::Path;

use crate::model::{Problem, Problems};

/// Keeps the first of the faults that differ in numbers alone, with a count of the others.
pub(super) fn by_cause(found: &Problems) -> Problems {
    let mut order: Vec<(&Problem, usize)> = Vec::new();
    let mut known: BTreeMap<(&Path, Option<&str>, String), usize> = BTreeMap::new();
    for problem in found.iter() {
        let cause = (problem.file.as_path(), problem.key.as_deref(), without_numbers(&problem.message));
        match known.get(&cause) {
            Some(position) if problem.line.is_some() => order[*position].1 += 1,
            _ => {
                known.insert(cause, order.len());
                order.push((problem, 0));
            }
        }
    }
    let mut causes = Problems::default();
    for (problem, others) in order {
        let rows = if others == 1 { "row" } else { "rows" };
        let more = if others == 0 { String::new() } else { format!(" (and {others} more {rows} like it)") };
        causes.push(Problem { message: format!("{}{more}", problem.message), ..problem.clone() });
    }
    causes
}

/// A message with a mark for each number: `found 2 cells` and `found 13 cells` have one cause.
fn without_numbers(message: &str) -> String {
    let mut form = String::with_capacity(message.len());
    for character in message.chars() {
        match character {
            '0'..='9' if form.ends_with('#') => {}
            '0'..='9' => form.push('#'),
            other => form.push(other),
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_numbers_alone_is_one_line() {
        let mut problems = Problems::default();
        for (line, message) in [(2, "found 2 cells"), (3, "found \"a\""), (4, "found 13 cells"), (5, "found \"b\"")] {
            problems.push(Problem::line(Path::new("t.csv"), line, message));
        }
        problems.push(Problem::key(Path::new("t.csv"), 6, "k", "found 2 cells"));
        problems.push(Problem::line(Path::new("u.csv"), 7, "found 2 cells"));
        let expected = [
            "t.csv:2: found 2 cells (and 1 more row like it)",
            "t.csv:3: found \"a\"",
            "t.csv:5: found \"b\"",
            "t.csv:6: k: found 2 cells",
            "u.csv:7: found 2 cells",
        ];
        assert_eq!(by_cause(&problems).to_string(), expected.join("\n"));
    }
}
