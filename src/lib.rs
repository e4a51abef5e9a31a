//! lacuna audits automated judges: recall on omission harm beside recall on commission harm, with intervals.

pub mod stats;
