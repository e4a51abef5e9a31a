//! One gate: as a line (`gpt4: omission.recall >= 0.5`) and as a table of the audit file.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::path::EstimatePath;

/// What a gate may be.
const GATE_ALLOWED: &str = "allowed: `[JUDGE: ]ESTIMATE >= NUMBER` or `<=`, such as `omission.recall >= 0.5` or `gpt4: \
                                recall_gap >= -0.1`";

/// A limit that the interval of an estimate has to keep to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "GateTable", into = "GateTable")]
#[schemars(with = "GateTable")]
pub struct Gate {
    /// The judge; each that is no baseline where absent.
    judge: Option<String>,
    estimate: EstimatePath,
    /// The lower limit of the interval is at least this.
    at_least: Option<f64>,
    /// The upper limit of the interval is at most this.
    at_most: Option<f64>,
}

/// A gate as the audit file has it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gate")]
struct GateTable {
    /// The judge by its name; each judge that is no baseline where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    judge: Option<String>,
    /// The estimate by its path, such as `omission.recall` or `recall_gap`.
    estimate: String,
    /// The lower limit of its interval has to be at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<f64>,
    /// The upper limit of its interval has to be at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<f64>,
}

impl Gate {
    /// The judge that is named.
    pub fn judge(&self) -> Option<&str> {
        self.judge.as_deref()
    }

    /// Which estimate.
    pub fn estimate(&self) -> &EstimatePath {
        &self.estimate
    }

    /// Least value of the lower limit.
    pub fn at_least(&self) -> Option<f64> {
        self.at_least
    }

    /// Largest value of the upper limit.
    pub fn at_most(&self) -> Option<f64> {
        self.at_most
    }
}

/// Limits as they are written: `>= 0.5`, `<= 0.1`, or both.
pub fn limits_in_words(at_least: Option<f64>, at_most: Option<f64>) -> String {
    let least = at_least.map(|least| format!(">= {least}"));
    let most = at_most.map(|most| format!("<= {most}"));
    [least, most].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

impl TryFrom<GateTable> for Gate {
    type Error = String;

    fn try_from(table: GateTable) -> Result<Self, String> {
        let GateTable { judge, estimate, at_least, at_most } = table;
        let estimate = estimate.parse().map_err(|allowed| format!("estimate: found {estimate:?}; {allowed}"))?;
        if at_least.is_none() && at_most.is_none() {
            return Err(format!("estimate {estimate}: found no limit; allowed: `at_least`, `at_most`, or both"));
        }
        if [at_least, at_most].into_iter().flatten().any(|limit| !limit.is_finite()) {
            return Err(format!("estimate {estimate}: found a limit that is not finite; allowed: a number"));
        }
        if let (Some(least), Some(most)) = (at_least, at_most)
            && least > most
        {
            return Err(format!(
                "estimate {estimate}: no interval lies above {least} and below {most}; allowed: at_least <= at_most"
            ));
        }
        Ok(Self { judge, estimate, at_least, at_most })
    }
}

impl From<Gate> for GateTable {
    fn from(gate: Gate) -> Self {
        let Gate { judge, estimate, at_least, at_most } = gate;
        Self { judge, estimate: estimate.to_string(), at_least, at_most }
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(judge) = &self.judge {
            write!(formatter, "{judge}: ")?;
        }
        write!(formatter, "{} {}", self.estimate, limits_in_words(self.at_least, self.at_most))
    }
}

impl FromStr for Gate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = || GATE_ALLOWED.to_owned();
        let (sign, at) = [">=", "<=", "\u{2265}", "\u{2264}"]
            .into_iter()
            .find_map(|sign| Some((sign, text.rfind(sign)?)))
            .ok_or_else(allowed)?;
        let limit: f64 = text[at + sign.len()..].trim().parse().map_err(|_| allowed())?;
        let (judge, estimate) = without_judge(&text[..at]);
        let least = [">=", "\u{2265}"].contains(&sign);
        Self::try_from(GateTable {
            judge: judge.map(ToOwned::to_owned),
            estimate: estimate.to_owned(),
            at_least: least.then_some(limit),
            at_most: (!least).then_some(limit),
        })
    }
}

/// The judge before the last colon that stands outside quotes, and the path after it.
fn without_judge(text: &str) -> (Option<&str>, &str) {
    let unquoted = text.find('"').unwrap_or(text.len());
    match text[..unquoted].rfind(':') {
        Some(colon) => (Some(text[..colon].trim()), text[colon + 1..].trim()),
        None => (None, text.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_a_table_say_the_same() {
        let line: Gate = "gpt:4: omission.recall >= 0.5".parse().expect("a gate");
        let table: Gate =
            toml::from_str("judge = \"gpt:4\"\nestimate = \"omission.recall\"\nat_least = 0.5\n").expect("a gate");
        assert_eq!(line, table);
        assert_eq!(line.to_string(), "gpt:4: omission.recall >= 0.5");
        assert_eq!(line.to_string().parse::<Gate>().expect("a gate"), line);
    }

    #[test]
    fn each_part_of_a_line_is_read() {
        let gate: Gate = "omission.slices.tone.\"a: b\".false_alarm_rate\u{2264}.1".parse().expect("a gate");
        assert_eq!((gate.judge(), gate.at_least(), gate.at_most()), (None, None, Some(0.1)));
        assert_eq!(gate.estimate().to_string(), "omission.slices.tone.\"a: b\".false_alarm_rate");
        let gate: Gate = "recall_gap >= -0.1".parse().expect("a gate");
        assert_eq!((gate.at_least(), gate.at_most()), (Some(-0.1), None));
    }

    #[test]
    fn what_is_no_gate_is_refused_with_what_is_allowed() {
        for text in
            ["", "recall", "recall > 0.5", "recall >= half", ">= 0.5", "a b >= 1", "recall >= inf", "recall >= NaN"]
        {
            let message = text.parse::<Gate>().expect_err(text);
            assert!(message.contains("allowed"), "{text}: {message}");
        }
    }

    #[test]
    fn a_table_without_a_limit_or_with_one_that_nothing_meets_is_refused() {
        let read = |text: &str| toml::from_str::<Gate>(text).expect_err(text).to_string();
        assert!(read("estimate = \"recall_gap\"").contains("found no limit"));
        assert!(read("estimate = \"recall_gap\"\nat_least = 0.2\nat_most = 0.1").contains("at_least <= at_most"));
        assert!(read("estimate = \"recall_gap\"\nat_leas = 0.2").contains("unknown field"));
        assert!(read("estimate = \"recall gap\"\nat_least = 0.2").contains("keys joined by dots"));
    }

    #[test]
    fn both_limits_stand_in_one_gate() {
        let gate: Gate = toml::from_str("estimate = \"recall_gap\"\nat_least = -0.1\nat_most = 0.1").expect("a gate");
        assert_eq!(gate.to_string(), "recall_gap >= -0.1 and <= 0.1");
    }
}
