//! `evaluation.json` read back.

use std::path::Path;

use super::error::CliError;
use crate::gold::read_file;
use crate::measure::Evaluation;
use crate::model::{EVALUATION_FORMAT, Problem, shown};

/// The evaluation, and the bytes that it was read from.
pub(super) fn read_evaluation(file: &Path) -> Result<(Evaluation, Vec<u8>), CliError> {
    let bytes = read_file(file)?;
    Ok((evaluation_of(file, &bytes)?, bytes))
}

/// The evaluation that the bytes of a file are.
pub(super) fn evaluation_of(file: &Path, bytes: &[u8]) -> Result<Evaluation, Problem> {
    let evaluation: Evaluation = serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("is not an evaluation ({EVALUATION_FORMAT}): {error}");
        Problem::line(file, error.line(), message)
    })?;
    if evaluation.format != EVALUATION_FORMAT {
        let message = format!("found {}; allowed: \"{EVALUATION_FORMAT}\"", shown(&evaluation.format));
        return Err(Problem::key(file, 1, "format", message));
    }
    Ok(evaluation)
}
