//! `lacuna label` over real sockets: who is let in, what is told, what is on the disk after a kill, and what the labels are good for.

mod adjudicate;
mod attacks;
mod client;
mod kills;
mod plans;
mod refusals;
mod results;
mod talk;
