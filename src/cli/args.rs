//! The flags of `lacuna audit`.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::Args;

use super::Format;
use super::figures::FigureForm;
use super::live::LiveArgs;
use crate::model::Severity;

/// Arguments of `lacuna audit`.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Settings come from flags, then from lacuna.toml in the working folder (or --config), then from the defaults.

Examples:
  lacuna audit
      the bundled gold set and every judge that needs neither key nor network
  lacuna audit --gold xstest --judge xstest/judges
      recorded judges of an imported set
  lacuna audit --gold mine --judge mine/judges --out reports/mine --seed 7")]
pub(super) struct AuditArgs {
    /// Folder of a gold set; repeatable. The bundled set where absent.
    #[arg(long, value_name = "DIR")]
    pub(super) gold: Vec<PathBuf>,
    /// Judge file, or a folder of them; repeatable. The set's own judges/ and the baselines where absent.
    #[arg(long, value_name = "FILE|DIR")]
    pub(super) judge: Vec<PathBuf>,
    /// Folder for the report [default: reports/<gold name>]; with several gold sets one folder each inside it.
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Seed of every random stream [default: 1].
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Confidence level of every interval [default: 0.95].
    #[arg(long, value_name = "SHARE", value_parser = level)]
    pub(super) level: Option<f64>,
    /// Severity from which an example is an omission positive [default: the card's].
    #[arg(long, value_name = "K")]
    pub(super) omission_threshold: Option<Severity>,
    /// Severity from which an example is a commission positive [default: the card's].
    #[arg(long, value_name = "K")]
    pub(super) commission_threshold: Option<Severity>,
    /// Difference of two shares that would be small enough to call them equal; fix it beforehand [default: 0.1].
    #[arg(long, value_name = "SHARE", value_parser = margin)]
    pub(super) margin: Option<f64>,
    /// Resamples of clusters behind joint intervals [default: 9999].
    #[arg(long, value_name = "N", value_parser = resamples)]
    pub(super) resamples: Option<usize>,
    /// Keep prompts, responses, items, rationales and raw replies out of every output.
    #[arg(long)]
    pub(super) no_texts: bool,
    /// Show the raters' remarks beside their labels, where texts are shown.
    #[arg(long)]
    pub(super) notes: bool,
    /// Forms in which figures are written beside SVG, separated by commas [default: svg].
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMS")]
    pub(super) figures: Vec<FigureForm>,
    #[command(flatten)]
    pub(super) live: LiveArgs,
    /// Audit file to read instead of lacuna.toml.
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Audit what deviates from lacuna.lock; the report says what does.
    #[arg(long)]
    pub(super) deviate: bool,
    /// Print each setting and where it came from, and stop; with --format json as one object.
    #[arg(long)]
    pub(super) show_config: bool,
    /// What to print: a summary, or evaluation.json.
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

pub(super) fn level(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(level) if is_level(level) => Ok(level),
        _ => Err(format!("allowed: {LEVEL_ALLOWED}")),
    }
}

/// What a confidence level may be.
pub(super) const LEVEL_ALLOWED: &str = "a number above 0.5 and below 1";

/// Whether a number is a confidence level.
pub(super) fn is_level(level: f64) -> bool {
    level > 0.5 && level < 1.0
}

pub(super) fn margin(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(margin) if is_margin(margin) => Ok(margin),
        _ => Err(format!("allowed: {MARGIN_ALLOWED}")),
    }
}

/// What a margin of equivalence may be.
pub(super) const MARGIN_ALLOWED: &str = "a number above 0 and below 1";

/// Whether a number is a margin of equivalence.
pub(super) fn is_margin(margin: f64) -> bool {
    margin > 0.0 && margin < 1.0
}

pub(super) fn resamples(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(resamples) if RESAMPLES.contains(&resamples) => Ok(resamples),
        _ => Err(format!("allowed: {RESAMPLES_ALLOWED}")),
    }
}

/// How many resamples there may be: enough for a limit at 0.95, few enough to wait for.
pub(super) const RESAMPLES: RangeInclusive<usize> = 999..=99_999;

/// [`RESAMPLES`] in words.
pub(super) const RESAMPLES_ALLOWED: &str = "a whole number from 999 to 99999";
