//! Whole-program tests, in one binary. Each module says what belongs in it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod asking;
mod audit;
mod bad_input;
mod baselines;
mod calibration;
mod ceiling;
mod compare;
mod comparisons;
mod config;
mod core_set;
mod docs;
mod driver;
mod exchange;
mod gold_agreement;
mod gold_check;
mod gold_probe;
mod gold_show;
mod gold_split;
mod hand_worked;
mod init;
mod init_doubts;
mod label;
mod label_doubt;
mod layering;
mod live;
mod live_batch;
mod live_faults;
mod live_keys;
mod live_ledger;
mod live_stops;
mod mapping;
mod mapping_faults;
mod planning;
mod provider;
mod real_data;
mod report;
mod selftest;
mod separation;
mod shell;
mod single_scale;
mod starter;
mod stub;
mod stub_faults;
mod until;
