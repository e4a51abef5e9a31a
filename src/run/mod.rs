//! Running judges: every example asked, every answer kept, in an order that does not depend on threads.

mod ask;
mod backoff;
mod budget;
mod client;
mod execute;
mod gate;
mod ledger;
mod order;
mod plan;
mod program;
mod replies;
mod secret;
mod sender;

pub use ask::{AskOptions, AskOutcome, Ended, Event, Failure, Failures, LiveJudge, Observer, ask};
pub use execute::{Executed, JudgeRun, LiveContext, RunError, execute, live_judges};
pub use ledger::{Entry, Ledger, LedgerError};
pub use plan::{JudgePlan, plan};
pub use replies::read_replies;
pub use secret::Secret;
