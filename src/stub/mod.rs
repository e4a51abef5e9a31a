//! A stub provider: a judge on a local socket whose blindness is known and whose faults are scripted.
//!
//! It speaks OpenAI chat completions, Anthropic Messages and Gemini `generateContent` on one port, so that the whole path of a
//! live judge can be tried and tested without a key, a network or a bill. The same seed and the same request body always get
//! the same verdict.

mod answer;
mod anthropic;
mod ask;
mod body;
mod dialect;
mod draw;
mod exchange;
mod fault;
mod gemini;
mod items;
mod journal;
mod limit;
mod openai;
mod opinion;
mod options;
mod provider;
mod server;
mod tokens;
mod truth;

pub use options::{Blindness, Faults, Pace, StubOptions};
pub use server::serve;
