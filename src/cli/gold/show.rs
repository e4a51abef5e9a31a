//! `lacuna gold show`: browses the examples of a set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::hints::hints;
use crate::cli::error::CliError;
use crate::cli::{Format, output};
use crate::gold::{Agreement, GoldSet, Selection, SeverityRange};
use crate::model::{Annotation, Axis, Problem, Severity, TextPolicy, shown};
use crate::report::{Detail, ShownExample, wrapped};

/// Ids that a message about an unknown one names.
const NEAR_IDS: usize = 5;

/// Arguments of `lacuna gold show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Filters hold all together; --severity, --rater and --disputed on the same axis. Texts are shortened, unless one example is
named or --full is given. In JSON they stand whole.

Examples:
  lacuna gold show mine
  lacuna gold show mine fever/3
  lacuna gold show mine --axis omission --severity 2.. --disputed
  lacuna gold show mine --slice framing=layperson --text paracetamol --page 2
  lacuna gold show mine --rater ann --per-page 500 --format json > ann.json")]
pub(in crate::cli) struct ShowArgs {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// One example, shown whole.
    #[arg(conflicts_with_all = ["axis", "severity", "cluster", "system", "slice", "rater", "disputed", "text", "page", "per_page"])]
    id: Option<String>,
    /// Only examples to which this axis applies.
    #[arg(long, value_enum)]
    axis: Option<AxisName>,
    /// Only this severity, or a range such as 2.. or 1..3 with both ends: of the gold label, or with --rater of the rating.
    #[arg(long, value_name = "K|K..|K..L", value_parser = severity_range)]
    severity: Option<SeverityRange>,
    /// Only examples of this cluster.
    #[arg(long, value_name = "ID")]
    cluster: Option<String>,
    /// Only responses of this system.
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Only examples of this slice; repeatable.
    #[arg(long, value_name = "NAME=VALUE", value_parser = slice)]
    slice: Vec<(String, String)>,
    /// Only examples that this rater rated.
    #[arg(long, value_name = "ID")]
    rater: Option<String>,
    /// Only examples on which raters differ.
    #[arg(long)]
    disputed: bool,
    /// Only examples with these words in prompt, response, reference or items; case does not matter.
    #[arg(long, value_name = "WORDS")]
    text: Option<String>,
    /// Page to show.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    page: u32,
    /// Examples on a page.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    per_page: u32,
    /// Show every text as it stands, the reference and the raters' notes.
    #[arg(long)]
    full: bool,
    /// Show no text, as where the card withholds them.
    #[arg(long)]
    no_texts: bool,
    /// How to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// An axis as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AxisName {
    /// What the response failed to give.
    Omission,
    /// What the response gave wrongly.
    Commission,
}

impl AxisName {
    pub(super) const fn axis(self) -> Axis {
        match self {
            Self::Omission => Axis::Omission,
            Self::Commission => Axis::Commission,
        }
    }
}

fn severity_range(text: &str) -> Result<SeverityRange, String> {
    let allowed = || "allowed: a severity, or a range such as 2.. or 1..3".to_owned();
    let one = |text: &str| text.parse::<Severity>().map_err(|_| allowed());
    let range = match text.split_once("..") {
        None => SeverityRange { lowest: one(text)?, highest: one(text)? },
        Some((lowest, "")) => SeverityRange { lowest: one(lowest)?, highest: Severity::MAX },
        Some((lowest, highest)) => SeverityRange { lowest: one(lowest)?, highest: one(highest)? },
    };
    if range.lowest > range.highest { Err(allowed()) } else { Ok(range) }
}

fn slice(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("allowed: the name of a slice, =, and one of its values".to_owned()),
    }
}

/// One page of examples.
#[derive(Serialize)]
struct Page<'a> {
    total: usize,
    matched: usize,
    page: usize,
    pages: usize,
    per_page: usize,
    examples: Vec<ShownExample<'a>>,
}

pub(super) fn run(args: &ShowArgs) -> Result<(), CliError> {
    let gold = GoldSet::load(&args.gold)?;
    let texts = if args.no_texts { TextPolicy::Withhold } else { gold.card.texts };
    if texts == TextPolicy::Withhold && args.text.is_some() {
        let message = "would tell what withheld texts hold; allowed: a set that shows its texts, without --no-texts";
        return Err(Problem::file(Path::new("--text"), message).into());
    }
    let selection = selection(args);
    let positions = match &args.id {
        Some(id) => vec![position(&gold, id)?],
        None => selection.positions(&gold),
    };
    let detail = if args.full || args.id.is_some() { Detail::Whole } else { Detail::Shortened };
    let page = page(args, &gold, &positions, texts, detail)?;
    match args.format {
        Format::Json => output::json(&page)?,
        Format::Text => output::data(&in_words(&page, detail))?,
    }
    if page.matched == 0 {
        hints(&gold, &selection).iter().for_each(|hint| output::say(wrapped(hint, "  ").trim_end()));
    } else if page.page < page.pages {
        output::say(&format!("next: --page {}", page.page + 1));
    }
    Ok(())
}

fn selection(args: &ShowArgs) -> Selection {
    Selection {
        axis: args.axis.map(AxisName::axis),
        severity: args.severity,
        rater: args.rater.clone(),
        agreement: if args.disputed { Agreement::Disputed } else { Agreement::Any },
        cluster: args.cluster.clone(),
        system: args.system.clone(),
        slices: args.slice.clone(),
        text: args.text.clone(),
    }
}

/// Position of the example that is asked for; an unknown id is answered with ids that hold it.
fn position(gold: &GoldSet, id: &str) -> Result<usize, Problem> {
    gold.position(id).ok_or_else(|| {
        let wanted = id.to_lowercase();
        let holds = |other: &&str| other.to_lowercase().contains(&wanted);
        let ids = || gold.examples.iter().map(|example| example.id.as_str());
        let mut near: Vec<&str> = ids().filter(holds).take(NEAR_IDS).collect();
        if near.is_empty() {
            near = ids().take(NEAR_IDS).collect();
        }
        let message = format!("found {}; allowed: an id such as {}", shown(id), near.join(", "));
        Problem::file(Path::new("ID"), message)
    })
}

fn page<'a>(
    args: &ShowArgs,
    gold: &'a GoldSet,
    positions: &[usize],
    texts: TextPolicy,
    detail: Detail,
) -> Result<Page<'a>, Problem> {
    let (number, per_page) = (args.page as usize, args.per_page as usize);
    let pages = positions.len().div_ceil(per_page).max(1);
    if number > pages {
        return Err(Problem::file(Path::new("--page"), format!("found {number}; allowed: 1 to {pages}")));
    }
    let start = (number - 1) * per_page;
    let wanted = &positions[start..positions.len().min(start + per_page)];
    let mut annotations: BTreeMap<usize, Vec<&Annotation>> = wanted.iter().map(|at| (*at, Vec::new())).collect();
    for annotation in &gold.annotations {
        if let Some(own) = gold.position(&annotation.example).and_then(|at| annotations.get_mut(&at)) {
            own.push(annotation);
        }
    }
    let example = |(at, mut own): (usize, Vec<&'a Annotation>)| {
        own.sort_by(|one, other| one.rater.cmp(&other.rater));
        ShownExample::new(gold, at, &own, texts, detail)
    };
    Ok(Page {
        total: gold.examples.len(),
        matched: positions.len(),
        page: number,
        pages,
        per_page,
        examples: annotations.into_iter().map(example).collect(),
    })
}

fn in_words(page: &Page<'_>, detail: Detail) -> String {
    let Page { total, matched, page: number, pages, .. } = page;
    let mut text = format!("{matched} of {total} examples match; page {number} of {pages}\n");
    for example in &page.examples {
        text.push('\n');
        text.push_str(&example.in_words(detail));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_severities_has_both_ends() {
        let range = |lowest, highest| Ok(SeverityRange { lowest, highest });
        assert_eq!(severity_range("2"), range(2, 2));
        assert_eq!(severity_range("2.."), range(2, Severity::MAX));
        assert_eq!(severity_range("0..3"), range(0, 3));
        for text in ["", "..", "..3", "3..1", "a", "1..b", "-1", "1...3", "300"] {
            assert!(severity_range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_slice_has_a_name_and_may_have_any_value() {
        assert_eq!(slice("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(slice("=b").is_err() && slice("a").is_err());
    }
}
