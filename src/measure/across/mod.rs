//! What is measured over several judges, or over judges and raters.

pub(crate) mod compare;
pub(crate) mod labels;
pub(crate) mod pair_agreement;
