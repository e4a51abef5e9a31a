//! Whole-program tests, in one binary. Each module says what belongs in it.

mod audit;
mod bad_input;
mod ceiling;
mod docs;
mod driver;
mod hand_worked;
mod layering;
mod real_data;
mod report;
mod starter;
