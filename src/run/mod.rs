//! Running judges: every example asked, every answer kept, in an order that does not depend on threads.

mod execute;

pub use execute::{JudgeRun, RunError, execute};
