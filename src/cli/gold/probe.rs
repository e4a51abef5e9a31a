//! `lacuna gold probe`: matched examples from reference answers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::check::describe;
use crate::cli::error::CliError;
use crate::cli::staging::{Existing, check_target, write_folder};
use crate::cli::{Format, output};
use crate::gold::{ProbeOptions, Probes, build_probes};
use crate::report::one_line;

/// Notes that are spelled out before they are only counted.
const SPELLED_OUT: usize = 20;

/// Arguments of `lacuna gold probe`.
#[derive(Debug, Args)]
#[command(after_help = "\
A scenario is a TOML file with a question, a reference answer in which the words that carry each item
are marked, and what may stand in their place. docs/probes.md has every key.

Examples:
  lacuna gold probe examples/probes --out probes
  lacuna gold probe scenarios --out probes --doses --both-framings
  lacuna gold check probes && lacuna audit --gold probes")]
pub(in crate::cli) struct ProbeArgs {
    /// Folder of scenario files, or one file.
    #[arg(value_name = "SCENARIOS")]
    scenarios: PathBuf,
    /// A new or empty folder for the gold set.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also responses with k items removed for k from 0 to all of them, and with k false texts.
    #[arg(long)]
    doses: bool,
    /// Every kind of response in both framings.
    #[arg(long)]
    both_framings: bool,
    /// Seed of which neutral sentences a response has and which items it lacks.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How to print what was written.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What was written.
#[derive(Serialize)]
struct Written<'a> {
    name: &'a str,
    seed: u64,
    scenarios: usize,
    examples: usize,
    /// Examples of each kind.
    kinds: BTreeMap<&'a str, usize>,
    notes: &'a [String],
}

pub(super) fn run(args: &ProbeArgs) -> Result<(), CliError> {
    check_target(&args.out, Existing::Nothing)?;
    let options = ProbeOptions { seed: args.seed, doses: args.doses, both_framings: args.both_framings };
    let probes = build_probes(&args.scenarios, options)?;
    let files = [&probes.files.card, &probes.files.examples, &probes.files.annotations];
    let files: BTreeMap<PathBuf, Vec<u8>> = files.into_iter().cloned().collect();
    write_folder(&args.out, &files, Existing::Nothing)?;
    let written = summary(args.seed, &probes);
    match args.format {
        Format::Json => output::json(&written)?,
        Format::Text => output::data(&in_words(&probes, &written))?,
    }
    for note in probes.notes.iter().take(SPELLED_OUT) {
        output::say(&format!("note: {}", one_line(note)));
    }
    if probes.notes.len() > SPELLED_OUT {
        output::say(&format!("and {} more notes; --format json has all", probes.notes.len() - SPELLED_OUT));
    }
    let out = output::path(&args.out);
    output::say(&format!("next: lacuna gold show {out}, then lacuna audit --gold {out}"));
    Ok(())
}

fn summary(seed: u64, probes: &Probes) -> Written<'_> {
    let mut kinds = BTreeMap::new();
    for kind in probes.gold.examples.iter().filter_map(|example| example.slices.get("kind")) {
        *kinds.entry(kind.as_str()).or_insert(0) += 1;
    }
    Written {
        name: &probes.gold.card.name,
        seed,
        scenarios: probes.scenarios,
        examples: probes.gold.examples.len(),
        kinds,
        notes: &probes.notes,
    }
}

fn in_words(probes: &Probes, written: &Written<'_>) -> String {
    let kinds: Vec<String> = written.kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    format!("{}from {} scenarios: {}\n", describe(&probes.gold), written.scenarios, kinds.join(", "))
}
