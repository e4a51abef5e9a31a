//! `tables/*.tex`: tables for a paper, with the rules of booktabs.

use super::format::{clean, difference, fraction, label_source, p_value, positives, share};
use super::own::OwnFirst;
use crate::measure::{AxisEvaluation, Evaluation, JudgeEvaluation};
use crate::model::Axis;

/// The headline numbers: a line a judge, below it a row an axis, so that a long name takes no room from the numbers.
pub(super) fn headline(evaluation: &Evaluation) -> Vec<u8> {
    let rows = |judge: &JudgeEvaluation| {
        let on = Axis::ALL.into_iter().filter_map(|axis| Some((axis, judge.axes.get(axis).as_deref()?)));
        let row = |(axis, numbers): (Axis, &AxisEvaluation)| {
            let cells = [
                share(&numbers.recall),
                fraction(&numbers.recall),
                share(&numbers.false_alarm_rate),
                fraction(&numbers.false_alarm_rate),
                difference(&numbers.youden_j),
            ];
            format!("\\quad {axis} & {}", cells.map(|cell| numeric(&cell)).join(" & "))
        };
        std::iter::once(format!("\\multicolumn{{6}}{{l}}{{{}}}", escaped(&judge.judge))).chain(on.map(row)).collect()
    };
    let headings = ["Judge, axis", "Recall, \\%", "hits", "False alarms, \\%", "of", "Youden's $J$"];
    table(evaluation, "llllll", &headings, &parts(evaluation, rows), "Recall of each judge beside its false alarms")
}

/// The recall gap: a line a judge, its numbers below it.
pub(super) fn gaps(evaluation: &Evaluation) -> Vec<u8> {
    let rows = |judge: &JudgeEvaluation| {
        let gap = &judge.recall_gap;
        let cells = [
            difference(&gap.estimate),
            positives(judge),
            format!("{}, {}", gap.thresholds.omission, gap.thresholds.commission),
            p_value(gap.p_value),
            difference(&gap.scored_only),
        ];
        let name = format!("\\multicolumn{{5}}{{l}}{{{}}}", escaped(&judge.judge));
        vec![name, format!("\\quad {}", cells.map(|cell| numeric(&cell)).join(" & "))]
    };
    let headings = ["Judge, recall gap", "positives", "thresholds", "$p$", "Scored only"];
    let caption = "Omission recall minus commission recall; positives and thresholds of omission and of commission";
    table(evaluation, "lllll", &headings, &parts(evaluation, rows), caption)
}

/// The rows of the judges that are audited, and those of the baselines beside them.
fn parts(evaluation: &Evaluation, rows: impl Fn(&JudgeEvaluation) -> Vec<String>) -> [Vec<String>; 2] {
    let judges = OwnFirst::of(evaluation);
    [judges.own, judges.baselines].map(|part| part.into_iter().flat_map(&rows).collect())
}

/// A table; headings and rows are LaTeX already.
fn table(
    evaluation: &Evaluation,
    columns: &str,
    headings: &[&str],
    parts: &[Vec<String>; 2],
    caption: &str,
) -> Vec<u8> {
    let gold = &evaluation.gold;
    let mut text = format!(
        "% Needs \\usepackage{{booktabs}}; names in other than Latin letters need LuaLaTeX or XeLaTeX.\n\\begin{{table}}\n\
         \\centering\n\\caption{{{caption}. {}: {} examples in {} clusters, {}; {:.0}\\,\\% intervals over clusters in \
         brackets.}}\n\\footnotesize\n\\setlength{{\\tabcolsep}}{{3pt}}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{} \\\\\n\
         \\midrule\n",
        escaped(&gold.title),
        gold.examples,
        gold.clusters,
        label_source(gold.label_source),
        100.0 * evaluation.settings.level,
        headings.join(" & ")
    );
    let [own, baselines] = parts;
    own.iter().for_each(|row| text.push_str(&format!("{row} \\\\\n")));
    if !baselines.is_empty() {
        let columns = headings.len();
        text.push_str(&format!(
            "\\midrule\n\\multicolumn{{{columns}}}{{l}}{{\\emph{{For comparison: baselines}}}} \\\\\n"
        ));
        baselines.iter().for_each(|row| text.push_str(&format!("{row} \\\\\n")));
    }
    text.push_str("\\bottomrule\n\\end{tabular}\n\\end{table}\n");
    text.into_bytes()
}

/// A number with its interval: per cents whose sign stands in the heading, a dash between limits, a minus before a number.
fn numeric(cell: &str) -> String {
    let cell = cell.replace(" %", "");
    let characters: Vec<char> = cell.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
    let signs = characters.iter().enumerate().map(|(at, character)| match character {
        '-' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => "--".to_owned(),
        '-' if is_digit(Some(at + 1)) => "$-$".to_owned(),
        other => escaped(&other.to_string()),
    });
    signs.collect()
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
            // What cannot be shown has no glyph in the fonts of pdfLaTeX either.
            '\u{fffd}' => "?".to_owned(),
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
        assert_eq!(escaped("a\u{202e}b"), "a?b");
    }

    #[test]
    fn limits_have_a_dash_between_them_and_numbers_a_minus() {
        assert_eq!(numeric("57 % [50-63]"), "57 {[}50--63]");
        assert_eq!(numeric("-0.05 [-0.16, +0.06]"), "$-$0.05 {[}$-$0.16, +0.06]");
        assert_eq!(numeric("-"), "-");
        assert_eq!(numeric("< 0.1 % [0.0-0.4]"), "$<$ 0.1 {[}0.0--0.4]");
    }
}
