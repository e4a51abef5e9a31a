//! Standard output is data; everything else goes to standard error.

use std::io::{ErrorKind, Write, stderr, stdout};

use super::error::CliError;

/// Writes data. A reader that went away ends the command without complaint.
pub(super) fn data(text: &str) -> Result<(), CliError> {
    let mut out = stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(CliError::ClosedPipe),
        Err(error) => Err(CliError::unexpected(format!("standard output: {error}"))),
    }
}

/// Says something that is not data. Where nobody listens, nothing is lost.
pub(super) fn say(text: &str) {
    let _ = writeln!(stderr().lock(), "{text}");
}

pub(super) fn report_error(error: &CliError) {
    let text = error.to_string();
    if matches!(error, CliError::Input(_)) && text.contains('\n') {
        say(&format!("error: bad input\n{text}"));
    } else {
        say(&format!("error: {text}"));
    }
}
