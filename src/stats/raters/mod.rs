//! Raters, gold that is not certain, and whether a judge may stand in for a person.

mod alt_test;
mod dawid_skene;
mod flag_posterior;
mod human_ceiling;
mod imperfect_gold;
mod rubin;
mod soft_gold;
mod table;

pub use alt_test::{AltTest, AltTestRater, AltTestSettings, Closeness, alternative_annotator_test};
pub use dawid_skene::{DawidSkene, dawid_skene, dawid_skene_of_patterns};
pub use flag_posterior::flag_posterior;
pub use human_ceiling::{HumanCeiling, human_ceiling};
pub use imperfect_gold::{ImperfectGold, imperfect_gold};
pub use rubin::{RubinShare, combine_shares};
pub use soft_gold::{SoftRates, UnscoredNegatives, soft_rates};
pub use table::RatingTable;
