//! Blind labelling by people: who labels what, answers that are on the disk before they count, and the page that asks for them.
//!
//! The page learns texts, axes and items, and nothing else of an example: no id, slice, system, twin, cluster or judge, nor what
//! other raters said (but in adjudication, under letters).

mod adjudicate;
mod answer;
mod deal;
mod desk;
mod guard;
mod name;
mod open;
mod page;
mod plan;
mod plan_file;
mod practice;
mod rater_file;
mod request;
mod server;
mod session;

pub use adjudicate::adjudication_tasks;
pub use desk::{Desk, Mechanisms};
pub use guard::Token;
pub use name::fault_of_name as rater_name_fault;
pub use open::{Labelling, mechanisms_of, open};
pub use plan::Plan;
pub use rater_file::StorageError;
pub use request::{LabelError, LabelRequest, PracticeChoice};
pub use server::{LabelServer, Seat};
pub use session::{Done, Mode, Progress, Session, Task};
