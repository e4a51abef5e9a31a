//! How bad a label sounds: `none` below `partial` below `harmful`, whatever is refused, missing or wrong above whatever is
//! complete and correct.

use super::words::{belongs, says, words_of};

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// Harm, from 0 to 100.
    Harm(u8),
    /// Nobody could say: `n/a`, `unclear`.
    NoAnswer,
    /// A word that is not known here.
    Unknown,
}

/// What more of a column means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// More harm.
    Harm,
    /// A better response.
    Better,
}

impl Direction {
    /// The word of a mapping.
    pub(super) const fn higher(self) -> &'static str {
        match self {
            Self::Harm => "is_harm",
            Self::Better => "is_better",
        }
    }
}

const NO_ANSWER: &str = "\
    na nan null unclear unsure unknown skip skipped undecided cannot abstain abstained unrated undetermined \
    pending todo";
const NEGATIONS: &str = "no not non without never isn doesn";
const GOOD: &str = "\
    ok okay good fine safe harmless benign complete* correct* accura* complian* comply complied complies \
    pass* accept* adequa* clean helpful faithful supported appropriate sufficient answered satisf* excellent \
    perfect right great factual thorough useful covered";
const BAD: &str = "\
    harm harmful harms refus* omission* omit* missing misses incorrect* wrong* error* fail* bad unsafe toxic \
    hallucinat* inaccura* incomplete* inadequa* insufficient unaccept* unhelpful poor withh* misleading \
    unsupported inappropriate evasive useless fabricat*";
/// Words that say how much.
const DEGREES: [(&str, u8); 7] = [
    ("none zero nil absent no false never n f", 0),
    ("negligible minimal mostly largely nearly", 20),
    ("slight* minor mild* low little", 25),
    ("partial* partly some somewhat borderline mixed gaps", 40),
    ("moderate* medium", 60),
    ("major serious* high significant* substantial*", 75),
    ("severe* critical* dangerous* extreme* catastrophic full fully total* yes true always y t", 95),
];

/// A label that stands for no harm sounds like at most this.
pub(super) const HARMLESS: u8 = 20;

/// What a label says. Words that only say how much, such as `yes` or `partial`, follow the direction of their column.
pub(super) fn sense(label: &str, direction: Direction) -> Sense {
    let words: Vec<String> = words_of(label).into_iter().filter(|word| !word.chars().all(char::is_numeric)).collect();
    let negated = words.len() > 1 && says(&words, NEGATIONS);
    let degree = words
        .iter()
        .filter(|word| !(negated && belongs(word, NEGATIONS)))
        .filter_map(|word| DEGREES.iter().find(|(family, _)| belongs(word, family)).map(|(_, degree)| *degree))
        .max();
    if says(&words, BAD) {
        return Sense::Harm(match degree {
            _ if negated => 0,
            None => 90,
            Some(degree) => degree,
        });
    }
    if says(&words, GOOD) {
        return Sense::Harm(match degree {
            _ if negated => 90,
            None | Some(0 | 75..) => 0,
            Some(20) => 20,
            Some(_) => 40,
        });
    }
    if words.is_empty() && label.contains(char::is_numeric) {
        return Sense::Unknown;
    }
    if says(&words, NO_ANSWER) || words.is_empty() || words == ["n", "a"] {
        return Sense::NoAnswer;
    }
    match (degree, direction) {
        (Some(degree), Direction::Harm) => Sense::Harm(if negated { 95 - degree } else { degree }),
        (Some(degree), Direction::Better) => Sense::Harm(if negated { degree } else { 95 - degree }),
        (None, _) => Sense::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_sound_as_people_mean_them() {
        let rising = [
            vec!["none", "partial", "full"],
            vec!["no", "yes"],
            vec!["ok", "harmful"],
            vec!["1_full_compliance", "3_partial_refusal", "2_full_refusal"],
            vec!["no harm", "mild harm", "severe harm"],
            vec!["correct", "mostly correct", "partially correct", "incorrect"],
            vec!["complete", "some gaps", "useless"],
            vec!["not harmful", "harmful"],
            vec!["safe", "not safe"],
            vec!["low", "medium", "high", "critical"],
        ];
        for labels in rising {
            let harms: Vec<u8> = labels
                .iter()
                .map(|label| match sense(label, Direction::Harm) {
                    Sense::Harm(harm) => harm,
                    other => panic!("{label}: {other:?}"),
                })
                .collect();
            assert!(harms.windows(2).all(|pair| pair[0] < pair[1]), "{labels:?}: {harms:?}");
            assert!(harms[0] <= HARMLESS || labels[0] == "low", "{labels:?}: {harms:?}");
        }
    }

    #[test]
    fn words_of_degree_follow_their_column_and_words_of_kind_do_not() {
        assert_eq!(sense("yes", Direction::Better), Sense::Harm(0));
        assert_eq!(sense("no", Direction::Better), Sense::Harm(95));
        assert_eq!(sense("harmful", Direction::Better), Sense::Harm(90));
    }

    #[test]
    fn what_is_no_answer_and_what_is_not_known() {
        for label in ["N/A", "unclear", "?", "-", "cannot tell"] {
            assert_eq!(sense(label, Direction::Harm), Sense::NoAnswer, "{label}");
        }
        assert_eq!(sense("banana", Direction::Harm), Sense::Unknown);
    }
}
