//! The systems that wrote the responses.

use std::collections::BTreeMap;

use super::table::{Answered, Context};

/// More systems than these are no leaderboard that a person reads, and their pairs no longer cheap.
pub(crate) const MOST_SYSTEMS: usize = 100;

/// The examples of each system, by name; those without one are left out.
pub(crate) fn of_systems<'a, 'c>(
    answered: &'a [Answered],
    context: &Context<'c>,
) -> BTreeMap<&'c str, Vec<&'a Answered>> {
    let mut systems: BTreeMap<&str, Vec<&Answered>> = BTreeMap::new();
    for one in answered {
        if let Some(system) = context.gold.examples[one.example as usize].system.as_deref() {
            systems.entry(system).or_default().push(one);
        }
    }
    systems
}
