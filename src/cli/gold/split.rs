//! `lacuna gold split`: calibration and test parts of a set, by cluster.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CliError;
use crate::cli::staging::{Existing, check_target, write_folder};
use crate::cli::{Format, output};
use crate::gold::{GoldSet, Part, PartSet, SetFiles, Split, SplitOptions, split_set};
use crate::judge::{SplitJudges, split_judges};
use crate::model::{Axis, PerAxis};
use crate::report::one_line;

/// Arguments of `lacuna gold split`.
#[derive(Debug, Args)]
#[command(after_help = "\
Clusters stay whole, and so do pairs and twins. Each axis with positives in two clusters or more
has some in both parts. Judge files in DIR/judges and their recorded verdicts are split along;
other files of DIR are not copied.

Examples:
  lacuna gold split xstest --out xstest-parts
  lacuna gold split mine --out mine-parts --calibration 0.5 --seed 7
  lacuna audit --gold mine-parts/test --judge mine-parts/test/judges")]
pub(in crate::cli) struct SplitArgs {
    /// Folder of the set.
    #[arg(value_name = "DIR")]
    gold: PathBuf,
    /// A new or empty folder for calibration/ and test/.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Share of the examples for calibration.
    #[arg(long, value_name = "SHARE", default_value_t = 0.3, value_parser = share)]
    calibration: f64,
    /// Seed of the order in which clusters are dealt.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("allowed: a number above 0 and below 1".to_owned()),
    }
}

/// What was written.
#[derive(Serialize)]
struct Written<'a> {
    seed: u64,
    calibration: f64,
    parts: Vec<WrittenPart<'a>>,
    joined_clusters: &'a [Vec<String>],
    verdicts_left_out: usize,
}

#[derive(Serialize)]
struct WrittenPart<'a> {
    part: Part,
    name: &'a str,
    clusters: usize,
    examples: usize,
    annotations: usize,
    positives: PerAxis<usize>,
    /// Verdicts of each recorded judge.
    verdicts: BTreeMap<&'a str, usize>,
}

pub(super) fn run(args: &SplitArgs) -> Result<(), CliError> {
    check_target(&args.out, Existing::Nothing)?;
    let files = SetFiles::read(&args.gold)?;
    let gold = GoldSet::from_files(&files)?;
    let options = SplitOptions { calibration: args.calibration, seed: args.seed };
    let split = split_set(&files, &gold, options)?;
    let judges = split_judges(&args.gold, &gold, &split)?;
    let mut written: BTreeMap<PathBuf, Vec<u8>> = judges.files.clone();
    written.extend(split.parts.iter().flat_map(|part| part.files.clone().into_folder()));
    write_folder(&args.out, &written, Existing::Nothing)?;
    match args.format {
        Format::Json => output::json(&summary(args, &split, &judges))?,
        Format::Text => output::data(&in_words(&summary(args, &split, &judges)))?,
    }
    warn(&split, &judges);
    let out = output::path(&args.out);
    output::say(&format!("next: lacuna audit --gold {out}/test --judge {out}/test/judges"));
    Ok(())
}

fn summary<'a>(args: &SplitArgs, split: &'a Split, judges: &'a SplitJudges) -> Written<'a> {
    let part = |part: &'a PartSet| {
        let mut clusters: Vec<&str> = part.gold.examples.iter().map(|example| example.cluster.as_str()).collect();
        clusters.sort_unstable();
        clusters.dedup();
        let recorded = judges.judges.iter().filter_map(|(judge, counts)| Some((judge, (*counts)?)));
        WrittenPart {
            part: part.part,
            name: &part.gold.card.name,
            clusters: clusters.len(),
            examples: part.gold.examples.len(),
            annotations: part.gold.annotations.len(),
            positives: part.positives(),
            verdicts: recorded.map(|(judge, counts)| (judge.as_str(), counts[part.part as usize])).collect(),
        }
    };
    Written {
        seed: args.seed,
        calibration: args.calibration,
        parts: split.parts.iter().map(part).collect(),
        joined_clusters: &split.joined,
        verdicts_left_out: judges.left_out,
    }
}

fn in_words(written: &Written<'_>) -> String {
    let mut text = String::new();
    for part in &written.parts {
        let positives = Axis::ALL.map(|axis| format!("{} positives on {axis}", part.positives.get(axis)));
        text.push_str(&format!(
            "{}: {} examples in {} clusters, {}\n",
            part.part.name(),
            part.examples,
            part.clusters,
            positives.join(", ")
        ));
        for (judge, verdicts) in &part.verdicts {
            text.push_str(&format!("  judge {judge}: {verdicts} verdicts\n"));
        }
    }
    text
}

/// What a user should know before relying on the parts.
fn warn(split: &Split, judges: &SplitJudges) {
    for group in &split.joined {
        let named = group.iter().take(5).map(|cluster| one_line(cluster)).collect::<Vec<_>>().join(", ");
        let more = if group.len() > 5 { format!(" and {} more", group.len() - 5) } else { String::new() };
        output::say(&format!("note: clusters {named}{more} share pairs or twins and went to one part"));
    }
    for (part, axis) in &split.without_positives {
        let part = part.name();
        output::say(&format!("warning: {part} has no {axis} positive: one cluster holds all of them"));
    }
    if judges.left_out > 0 {
        output::say(&format!(
            "note: {} verdicts for examples that the set does not have went nowhere",
            judges.left_out
        ));
    }
}
