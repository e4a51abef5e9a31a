//! Running judges: every example asked, every answer kept, in an order that does not depend on threads.

mod ask;
mod backoff;
mod batch;
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
mod trials;
mod unreachable;
mod until;

pub use ask::{AskOptions, AskOutcome, Ended, Event, Observer, ask};
pub use batch::{BatchCount, BatchFiled, BatchLimits, BatchReader, batch_calls};
pub use execute::{Answers, Executed, JudgeRun, LiveContext, LiveReplies, RunError, answer, execute, live_judges};
pub use ledger::{Entry, Ledger, LedgerError};
pub use plan::{JudgePlan, plan};
pub use secret::Secret;
pub use trials::{Failure, Failures, LiveJudge};
pub use until::{Until, UntilOutcome, UntilQuantity};
