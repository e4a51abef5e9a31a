//! `tables/*.tex`: tables for a paper, with the rules of booktabs.

use super::format::{clean, difference, fraction, label_source, share};
use crate::measure::Evaluation;
use crate::model::Axis;

/// The headline numbers: a row a judge and axis.
pub(super) fn headline(evaluation: &Evaluation) -> Vec<u8> {
    let mut rows = Vec::new();
    for judge in &evaluation.judges {
        for (axis, numbers) in Axis::ALL.iter().filter_map(|axis| Some((axis, judge.axes.get(*axis).as_deref()?))) {
            rows.push(vec![
                clean(&judge.judge),
                axis.to_string(),
                share(&numbers.recall),
                fraction(&numbers.recall),
                share(&numbers.false_alarm_rate),
                fraction(&numbers.false_alarm_rate),
                difference(&numbers.youden_j),
            ]);
        }
    }
    let headings = ["Judge", "Axis", "Recall", "hits", "False alarms", "of", "Youden's $J$"];
    table(evaluation, "llllllr", &headings, &rows, "Recall of each judge beside its false alarms")
}

/// The recall gap: a row a judge.
pub(super) fn gaps(evaluation: &Evaluation) -> Vec<u8> {
    let rows: Vec<Vec<String>> = evaluation
        .judges
        .iter()
        .map(|judge| {
            let gap = &judge.recall_gap;
            vec![
                clean(&judge.judge),
                difference(&gap.estimate),
                format!("{}, {}", gap.thresholds.omission, gap.thresholds.commission),
                gap.p_value.map_or_else(|| "-".to_owned(), super::format::p_equation).replace("= ", ""),
                difference(&gap.scored_only),
            ]
        })
        .collect();
    let headings = ["Judge", "Recall gap", "Thresholds", "$p$", "Scored only"];
    table(evaluation, "lllll", &headings, &rows, "Omission recall minus commission recall")
}

/// A table; headings are LaTeX already, cells are not.
fn table(evaluation: &Evaluation, columns: &str, headings: &[&str], rows: &[Vec<String>], caption: &str) -> Vec<u8> {
    let gold = &evaluation.gold;
    let mut text = format!(
        "% Needs \\usepackage{{booktabs}}.\n\\begin{{table}}\n\\centering\n\\caption{{{caption}. {}: {} examples in {} clusters, \
         {}; {:.0}\\,\\% intervals over clusters in brackets.}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{} \\\\\n\\midrule\n",
        escaped(&gold.title),
        gold.examples,
        gold.clusters,
        label_source(gold.label_source),
        100.0 * evaluation.settings.level,
        headings.join(" & ")
    );
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        text.push_str(&format!("{} \\\\\n", cells.join(" & ")));
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n\\end{table}\n");
    text.into_bytes()
}

/// A text in which nothing is a command of LaTeX.
fn escaped(text: &str) -> String {
    clean(text)
        .chars()
        .map(|character| match character {
            '\\' => "\\textbackslash{}".to_owned(),
            '~' => "\\textasciitilde{}".to_owned(),
            '^' => "\\textasciicircum{}".to_owned(),
            // A bracket after a line's end would be read as an option.
            '[' => "{[}".to_owned(),
            '<' => "$<$".to_owned(),
            '>' => "$>$".to_owned(),
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => format!("\\{character}"),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_command() {
        assert_eq!(
            escaped("\\input{x} 5 % a_b & $ # ~ ^"),
            "\\textbackslash{}input\\{x\\} 5 \\% a\\_b \\& \\$ \\# \\textasciitilde{} \\textasciicircum{}"
        );
        assert_eq!(escaped("57 % [50-63] < 0.1"), "57 \\% {[}50-63] $<$ 0.1");
    }
}
