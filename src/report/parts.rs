//! What a report is drawn from beside its evaluation.

use std::collections::BTreeMap;

use super::drill::DrillDown;
use super::figures::Figure;
use crate::gate::Gates;
use crate::model::{LockRecord, SettingSources};

/// What page, Markdown and methods show beside the evaluation.
#[derive(Debug, Clone, Copy)]
pub struct PageParts<'a> {
    /// The figures; the first two stand on the first screen.
    pub figures: &'a [Figure],
    /// The tables by file name.
    pub tables: &'a BTreeMap<&'static str, Vec<u8>>,
    /// The single examples, where they are at hand.
    pub drill: Option<&'a DrillDown>,
    /// Where each setting stood, where that is known.
    pub settings_from: Option<&'a SettingSources>,
    /// The lock that the audit was held to, where there was one.
    pub lock: Option<&'a LockRecord>,
    /// What came of the gates, where the audit had any.
    pub gates: Option<&'a Gates>,
}
