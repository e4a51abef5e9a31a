//! `lacuna.toml` and flags: what an audit is to do, and where each setting came from.

use std::fmt;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::args::{AuditArgs, LEVEL_ALLOWED, MARGIN_ALLOWED, RESAMPLES, RESAMPLES_ALLOWED, is_level, is_margin};
use super::error::CliError;
use super::figures::{FigureForm, forms};
use super::live::TrustedKey;
use crate::gate::Gate;
use crate::gold::{line_of_key, read_text, read_toml};
use crate::measure::{DEFAULT_MARGIN, DEFAULT_RESAMPLES, PrimaryComparison, PrimaryMetric};
use crate::model::{
    AUDIT_FORMAT, Axis, PerAxis, Problem, Problems, SettingSource, SettingSources, Severity, TextPolicy, shown,
};

/// The audit file that is read where no other is named.
const DEFAULT_FILE: &str = "lacuna.toml";
pub(super) const DEFAULT_SEED: u64 = 1;
pub(super) const DEFAULT_LEVEL: f64 = 0.95;

/// Severities from which an example is a positive, instead of the card's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Thresholds {
    /// For omission.
    #[serde(default)]
    omission: Option<Severity>,
    /// For commission.
    #[serde(default)]
    commission: Option<Severity>,
}

/// What judges are compared on first, fixed before the data are seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ComparisonTable {
    /// `youden_j` where absent.
    #[serde(default)]
    metric: Option<PrimaryMetric>,
    /// `omission` where absent.
    #[serde(default)]
    axis: Option<Axis>,
}

/// `lacuna.toml` as written. Paths are read from the folder of the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditFile {
    /// `lacuna-audit/1`.
    format: String,
    /// Folders of gold sets; the bundled set where absent.
    #[serde(default)]
    gold: Option<Vec<PathBuf>>,
    /// Judge files, or folders of them; the set's own and the baselines where absent.
    #[serde(default)]
    judges: Option<Vec<PathBuf>>,
    /// Folder for the report.
    #[serde(default)]
    out: Option<PathBuf>,
    /// Seed of every random stream.
    #[serde(default)]
    seed: Option<u64>,
    /// Confidence level of every interval, above 0.5 and below 1.
    #[serde(default)]
    level: Option<f64>,
    /// Thresholds instead of the card's.
    #[serde(default)]
    thresholds: Thresholds,
    /// Difference of two shares that would be small enough to call them equal, above 0 and below 1; fix it beforehand.
    #[serde(default)]
    margin: Option<f64>,
    /// Resamples of clusters behind joint intervals, 999 to 99,999.
    #[serde(default)]
    resamples: Option<usize>,
    /// What judges are compared on first.
    #[serde(default)]
    comparison: ComparisonTable,
    /// `withhold` keeps rationales and raw replies out of every output.
    #[serde(default)]
    texts: Option<TextPolicy>,
    /// Forms in which figures are written beside SVG: `png`, `pdf`; `svg` alone where absent.
    #[serde(default)]
    figures: Option<Vec<FigureForm>>,
    /// Hosts that may be sent a key which is not known to be theirs.
    #[serde(default)]
    keys: Vec<TrustedKey>,
    /// Limits that the intervals of estimates have to keep to; fix them beforehand.
    #[serde(default)]
    gates: Vec<Gate>,
}

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The command line.
    Flag,
    /// A line of the audit file.
    File { file: PathBuf, line: usize },
    /// Nobody said otherwise.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => formatter.write_str("flag"),
            Self::File { file, line } => write!(formatter, "{}:{line}", file.display()),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Setting<T> {
    pub(super) value: T,
    pub(super) origin: Origin,
}

/// Everything an audit needs to know.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AuditSettings {
    pub(super) gold: Setting<Vec<PathBuf>>,
    pub(super) judges: Setting<Vec<PathBuf>>,
    pub(super) out: Setting<Option<PathBuf>>,
    pub(super) seed: Setting<u64>,
    pub(super) level: Setting<f64>,
    pub(super) thresholds: PerAxis<Setting<Option<Severity>>>,
    pub(super) margin: Setting<f64>,
    pub(super) resamples: Setting<usize>,
    pub(super) primary_metric: Setting<PrimaryMetric>,
    pub(super) primary_axis: Setting<Axis>,
    pub(super) withhold_texts: Setting<bool>,
    /// Forms of the figures, in order and once each.
    pub(super) figures: Setting<Vec<FigureForm>>,
    /// Pairs of key and host that the audit file trusts.
    pub(super) keys: Vec<TrustedKey>,
    /// Gates of the audit file.
    pub(super) gates: Vec<Setting<Gate>>,
    /// The audit file, where one was read.
    pub(super) file: Option<PathBuf>,
}

/// What of an audit file a gate needs that is held later.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GateSettings {
    pub(super) gates: Vec<Setting<Gate>>,
    /// Where the audit file's report goes.
    pub(super) out: Option<PathBuf>,
}

/// An audit file that was read, with what is needed to find its lines again.
struct ReadFile {
    path: PathBuf,
    text: String,
    file: AuditFile,
}

impl ReadFile {
    /// The file that is named, the one in the working folder, or none.
    fn find(named: Option<&Path>) -> Result<Option<Self>, CliError> {
        let path = named.unwrap_or_else(|| Path::new(DEFAULT_FILE));
        if named.is_none() && !path.exists() {
            return Ok(None);
        }
        let text = read_text(path)?;
        let file: AuditFile = read_toml(path, &text)?;
        let read = Self { path: path.to_owned(), text, file };
        read.check()?;
        Ok(Some(read))
    }

    fn check(&self) -> Result<(), Problems> {
        let mut problems = Problems::default();
        let mut fault =
            |key: &str, message: String| problems.push(Problem::key(&self.path, self.line("", key), key, message));
        if self.file.format != AUDIT_FORMAT {
            fault("format", format!("found {}; allowed: \"{AUDIT_FORMAT}\"", shown(&self.file.format)));
        }
        if let Some(level) = self.file.level.filter(|level| !is_level(*level)) {
            fault("level", format!("found {level}; allowed: {LEVEL_ALLOWED}"));
        }
        if let Some(margin) = self.file.margin.filter(|margin| !is_margin(*margin)) {
            fault("margin", format!("found {margin}; allowed: {MARGIN_ALLOWED}"));
        }
        if let Some(resamples) = self.file.resamples.filter(|resamples| !RESAMPLES.contains(resamples)) {
            fault("resamples", format!("found {resamples}; allowed: {RESAMPLES_ALLOWED}"));
        }
        for (key, list) in [("gold", &self.file.gold), ("judges", &self.file.judges)] {
            if list.as_ref().is_some_and(Vec::is_empty) {
                fault(key, "found an empty list; allowed: paths, or no such key".to_owned());
            }
        }
        problems.or(())
    }

    fn line(&self, table: &str, key: &str) -> usize {
        line_of_key(&self.text, table, key)
    }

    /// A value of the file with its line.
    fn setting<T>(&self, table: &str, key: &str, value: T) -> Setting<T> {
        Setting { value, origin: Origin::File { file: self.path.clone(), line: self.line(table, key) } }
    }

    /// The gates with the line on which each begins.
    fn gates(&self) -> Vec<Setting<Gate>> {
        let heads: Vec<usize> =
            self.text.lines().enumerate().filter(|(_, line)| is_gate_head(line)).map(|(line, _)| line + 1).collect();
        // Gates that are written as one list stand where their key stands.
        let line = |place: usize| heads.get(place).copied().unwrap_or_else(|| self.line("", "gates"));
        let at = |(place, gate): (usize, &Gate)| Setting {
            value: gate.clone(),
            origin: Origin::File { file: self.path.clone(), line: line(place) },
        };
        self.file.gates.iter().enumerate().map(at).collect()
    }

    /// Where the report goes.
    fn out(&self) -> Option<PathBuf> {
        self.paths(self.file.out.as_slice()).pop()
    }

    /// Paths of the file, from its own folder.
    fn paths(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        paths.iter().map(|path| self.path.parent().unwrap_or_else(|| Path::new("")).join(path)).collect()
    }
}

fn is_gate_head(line: &str) -> bool {
    let inside = line.trim_start().strip_prefix("[[").and_then(|line| line.split_once("]]"));
    inside.is_some_and(|(name, _)| name.trim() == "gates")
}

/// The first of: the flag, the file, the default.
fn first_of<T>(flag: Option<T>, file: Option<Setting<T>>, default: T) -> Setting<T> {
    match (flag, file) {
        (Some(value), _) => Setting { value, origin: Origin::Flag },
        (None, Some(setting)) => setting,
        (None, None) => Setting { value: default, origin: Origin::Default },
    }
}

impl AuditSettings {
    /// Flags over file over defaults.
    pub(super) fn resolve(args: &AuditArgs) -> Result<Self, CliError> {
        let read = ReadFile::find(args.config.as_deref())?;
        let read = read.as_ref();
        let listed = |flag: &[PathBuf]| (!flag.is_empty()).then(|| flag.to_vec());
        let paths = |key: &str, paths: fn(&AuditFile) -> &Option<Vec<PathBuf>>| {
            read.and_then(|read| Some(read.setting("", key, read.paths(paths(&read.file).as_ref()?))))
        };
        let threshold = |axis: Axis, flag: Option<Severity>| {
            let file = read.and_then(|read| {
                let value = match axis {
                    Axis::Omission => read.file.thresholds.omission,
                    Axis::Commission => read.file.thresholds.commission,
                };
                value.map(|value| read.setting("thresholds", axis.name(), Some(value)))
            });
            first_of(flag.map(Some), file, None)
        };
        let out = read.and_then(|read| Some(read.setting("", "out", Some(read.out()?))));
        let texts = read.and_then(|read| Some(read.setting("", "texts", read.file.texts? == TextPolicy::Withhold)));
        let drawn = read.and_then(|read| Some(read.setting("", "figures", forms(read.file.figures.as_ref()?))));
        Ok(Self {
            gold: first_of(listed(&args.gold), paths("gold", |file| &file.gold), Vec::new()),
            judges: first_of(listed(&args.judge), paths("judges", |file| &file.judges), Vec::new()),
            out: first_of(args.out.clone().map(Some), out, None),
            seed: first_of(
                args.seed,
                read.and_then(|read| Some(read.setting("", "seed", read.file.seed?))),
                DEFAULT_SEED,
            ),
            level: first_of(
                args.level,
                read.and_then(|read| Some(read.setting("", "level", read.file.level?))),
                DEFAULT_LEVEL,
            ),
            thresholds: PerAxis {
                omission: threshold(Axis::Omission, args.omission_threshold),
                commission: threshold(Axis::Commission, args.commission_threshold),
            },
            margin: first_of(
                args.margin,
                read.and_then(|read| Some(read.setting("", "margin", read.file.margin?))),
                DEFAULT_MARGIN,
            ),
            resamples: first_of(
                args.resamples,
                read.and_then(|read| Some(read.setting("", "resamples", read.file.resamples?))),
                DEFAULT_RESAMPLES,
            ),
            primary_metric: first_of(
                None,
                read.and_then(|read| Some(read.setting("comparison", "metric", read.file.comparison.metric?))),
                PrimaryComparison::default().metric,
            ),
            primary_axis: first_of(
                None,
                read.and_then(|read| Some(read.setting("comparison", "axis", read.file.comparison.axis?))),
                PrimaryComparison::default().axis,
            ),
            withhold_texts: first_of(args.no_texts.then_some(true), texts, false),
            figures: first_of((!args.figures.is_empty()).then(|| forms(&args.figures)), drawn, vec![FigureForm::Svg]),
            keys: read.map(|read| read.file.keys.clone()).unwrap_or_default(),
            gates: read.map(ReadFile::gates).unwrap_or_default(),
            file: read.map(|read| read.path.clone()),
        })
    }

    /// What the audit file says of gates, and where its report goes.
    pub(super) fn of_gates(named: Option<&Path>) -> Result<GateSettings, CliError> {
        let read = ReadFile::find(named)?;
        Ok(read.map(|read| GateSettings { gates: read.gates(), out: read.out() }).unwrap_or_default())
    }

    /// Where the settings stood that a number depends on, by their keys in the audit file.
    pub(super) fn sources(&self) -> SettingSources {
        let origins = [
            ("seed", &self.seed.origin),
            ("level", &self.level.origin),
            ("thresholds.omission", &self.thresholds.omission.origin),
            ("thresholds.commission", &self.thresholds.commission.origin),
            ("margin", &self.margin.origin),
            ("resamples", &self.resamples.origin),
            ("comparison.metric", &self.primary_metric.origin),
            ("comparison.axis", &self.primary_axis.origin),
        ];
        let source = |origin: &Origin| match origin {
            Origin::Flag => SettingSource::CommandLine,
            Origin::File { .. } => SettingSource::AuditFile,
            Origin::Default => SettingSource::Default,
        };
        origins.into_iter().map(|(key, origin)| (key.to_owned(), source(origin))).collect()
    }

    /// The pairs of key and host that the audit file in the working folder trusts.
    pub(super) fn trusted_keys() -> Result<Vec<TrustedKey>, CliError> {
        Ok(ReadFile::find(None)?.map(|read| read.file.keys).unwrap_or_default())
    }

    /// Each value and where it came from; null where the card or the set decides.
    pub(super) fn as_json(&self) -> serde_json::Value {
        fn entry<T: Serialize>(setting: &Setting<T>) -> serde_json::Value {
            serde_json::json!({"value": setting.value, "from": setting.origin.to_string()})
        }
        let listed = |setting: &Setting<Vec<PathBuf>>| {
            let paths = Some(&setting.value).filter(|paths| !paths.is_empty());
            entry(&Setting { value: paths, origin: setting.origin.clone() })
        };
        let texts = self.withhold_texts.value.then_some(TextPolicy::Withhold);
        serde_json::json!({
            "gold": listed(&self.gold),
            "judges": listed(&self.judges),
            "out": entry(&self.out),
            "seed": entry(&self.seed),
            "level": entry(&self.level),
            "thresholds": {
                "omission": entry(&self.thresholds.omission),
                "commission": entry(&self.thresholds.commission),
            },
            "margin": entry(&self.margin),
            "resamples": entry(&self.resamples),
            "comparison": { "metric": entry(&self.primary_metric), "axis": entry(&self.primary_axis) },
            "texts": entry(&Setting { value: texts, origin: self.withhold_texts.origin.clone() }),
            "figures": entry(&self.figures),
            "gates": self.gates.iter().map(entry).collect::<Vec<_>>(),
        })
    }

    /// Each value and where it came from, one a line.
    pub(super) fn shown(&self) -> String {
        let list = |paths: &[PathBuf], absent: &str| {
            if paths.is_empty() {
                return absent.to_owned();
            }
            paths.iter().map(|path| format!("{:?}", path.display().to_string())).collect::<Vec<_>>().join(", ")
        };
        let threshold = |setting: &Setting<Option<Severity>>| {
            setting.value.map_or_else(|| "the card's".to_owned(), |value| value.to_string())
        };
        let out = self
            .out
            .value
            .as_ref()
            .map_or_else(|| "reports/<gold name>".to_owned(), |out| format!("{:?}", out.display().to_string()));
        let texts = if self.withhold_texts.value { "withhold" } else { "as the card says" };
        let drawn: Vec<&str> = self.figures.value.iter().map(|form| form.ending()).collect();
        let rows = [
            ("gold", list(&self.gold.value, "the bundled set"), &self.gold.origin),
            ("judges", list(&self.judges.value, "the set's own and the baselines"), &self.judges.origin),
            ("out", out, &self.out.origin),
            ("seed", self.seed.value.to_string(), &self.seed.origin),
            ("level", self.level.value.to_string(), &self.level.origin),
            ("thresholds.omission", threshold(&self.thresholds.omission), &self.thresholds.omission.origin),
            ("thresholds.commission", threshold(&self.thresholds.commission), &self.thresholds.commission.origin),
            ("margin", self.margin.value.to_string(), &self.margin.origin),
            ("resamples", self.resamples.value.to_string(), &self.resamples.origin),
            ("comparison.metric", self.primary_metric.value.name().to_owned(), &self.primary_metric.origin),
            ("comparison.axis", self.primary_axis.value.name().to_owned(), &self.primary_axis.origin),
            ("texts", texts.to_owned(), &self.withhold_texts.origin),
            ("figures", drawn.join(", "), &self.figures.origin),
        ];
        let gates = self.gates.iter().map(|gate| ("gates", gate.value.to_string(), &gate.origin));
        let row = |(key, value, origin): (&str, String, &Origin)| format!("{key:<22} {value}  ({origin})\n");
        rows.into_iter().chain(gates).map(row).collect()
    }
}
