//! lacuna audits automated judges: recall on omission harm beside recall on commission harm, with intervals.
//!
//! Data flows one way through the modules, in this order; a module imports only modules above it (a test holds it).

pub mod model;
pub use lacuna_stats as stats;

#[cfg(feature = "audit")]
pub mod table;

#[cfg(feature = "audit")]
pub mod gold;

#[cfg(feature = "audit")]
pub mod judge;

#[cfg(feature = "audit")]
pub mod run;

#[cfg(feature = "audit")]
pub mod measure;

#[cfg(feature = "audit")]
pub mod findings;

#[cfg(feature = "audit")]
pub mod gate;

#[cfg(feature = "audit")]
pub mod report;

#[cfg(feature = "audit")]
pub mod stub;

#[cfg(feature = "audit")]
pub mod label;

#[cfg(feature = "audit")]
pub mod cli;
