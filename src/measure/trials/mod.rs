//! Gold and verdicts side by side: who was asked what, where an example stands, and the rows that are counted.

mod align;
mod cost;
mod layout;
mod raters;
mod replies_made;
mod scale;
mod summary;
mod votes;

pub(crate) use align::{Coverage, align_judge, align_rater, answer_of};
pub(crate) use layout::Layout;
pub(crate) use raters::{RaterSubject, rater_subjects, reference_labels};
pub(crate) use scale::{FLAG, FittedScale, severity_elsewhere};
pub(crate) use summary::summarise;
pub(crate) use votes::{Pattern, Votes};
