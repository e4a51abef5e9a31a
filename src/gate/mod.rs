//! Gates: limits that the interval of an estimate has to keep to, fixed beforehand, for a build that passes or fails.
//!
//! A gate reads the limits of an interval and never the value between them: what is not shown does not pass.

mod find;
mod outcome;
mod path;
mod reading;
mod rule;

pub use outcome::{GateFault, GateOutcome, GateResult, Gates, GatesGold, hold};
pub use path::EstimatePath;
pub use reading::GateReading;
pub use rule::{Gate, limits_in_words};
