//! `lacuna run`: asks judges and writes what they answered, ready to be measured.

use std::sync::Arc;

use super::batch;
use super::config::AuditSettings;
use super::error::CliError;
use super::live::{LiveArgs, answer_judges};
use super::run_args::RunArgs;
use super::staging::{Existing, check_target};
use super::write_answers::write_answers;
use crate::gold::GoldSet;
use crate::judge::load_judges;
use crate::model::PerAxis;

pub(super) fn run(args: &RunArgs) -> Result<(), CliError> {
    if let Some(folder) = &args.batch_out {
        return batch::write(args, folder);
    }
    if !args.batch_in.is_empty() {
        return batch::read(args);
    }
    let Some(out) = &args.out else { return Err(CliError::unexpected("--out is missing")) };
    check_target(out, Existing::Nothing)?;
    let gold = Arc::new(GoldSet::load(&args.gold)?);
    let judges = load_judges(&args.judge)?;
    let thresholds = PerAxis::from_fn(|axis| gold.card.axis(axis).threshold);
    let trusted = AuditSettings::trusted_keys()?;
    if let Some(until) = &args.until {
        until.check(&gold, &judges)?;
    }
    let live = LiveArgs { until: args.until, ..args.live.clone() };
    let (answers, early) = answer_judges(&gold, judges, &live, &trusted, args.seed, thresholds)?;
    write_answers(args, &answers, out)?;
    early.map_or(Ok(()), Err)
}
