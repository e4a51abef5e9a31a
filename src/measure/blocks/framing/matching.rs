//! Which responses belong together: the same facts, the same system, the same repetition, another role.

use std::collections::{BTreeMap, BTreeSet};

use crate::gold::GoldSet;
use crate::measure::answers::Answered;

/// Responses to the same facts in two roles.
pub(super) type Matched<'a> = (&'a Answered, &'a Answered);

/// The responses of one pair and system, by role.
type ByRole<'a> = BTreeMap<&'a str, Vec<&'a Answered>>;

/// Every two roles with the responses that belong together; roles by name.
///
/// Within a pair and a system, responses of two roles are matched by the last part of their ids (what follows the last
/// `/`), where each has it once in its role and both roles share such a part; otherwise in the order of their ids, if both
/// roles hold as many.
pub(super) fn match_roles<'a>(
    answered: &'a [Answered],
    gold: &'a GoldSet,
) -> BTreeMap<(&'a str, &'a str), Vec<Matched<'a>>> {
    let mut groups: BTreeMap<(&str, Option<&str>), ByRole<'_>> = BTreeMap::new();
    for one in answered {
        let example = &gold.examples[one.example as usize];
        if let Some(pair) = &example.pair {
            let group = groups.entry((pair.id.as_str(), example.system.as_deref())).or_default();
            group.entry(pair.role.as_str()).or_default().push(one);
        }
    }
    let mut matched: BTreeMap<(&str, &str), Vec<Matched<'_>>> = BTreeMap::new();
    for roles in groups.values() {
        let named: Vec<(&&str, &Vec<&Answered>)> = roles.iter().collect();
        for (at, (first, own)) in named.iter().enumerate() {
            for (second, other) in &named[at + 1..] {
                let found = match_two(own, other, gold);
                if !found.is_empty() {
                    matched.entry((*first, *second)).or_default().extend(found);
                }
            }
        }
    }
    matched
}

fn match_two<'a>(first: &[&'a Answered], second: &[&'a Answered], gold: &GoldSet) -> Vec<Matched<'a>> {
    let (own, other) = (by_last_part(first, gold), by_last_part(second, gold));
    if let (Some(own), Some(other)) = (own, other) {
        let common: BTreeSet<&str> = own.keys().filter(|part| other.contains_key(*part)).copied().collect();
        if !common.is_empty() {
            return common.into_iter().map(|part| (own[part], other[part])).collect();
        }
    }
    if first.len() != second.len() {
        return Vec::new();
    }
    let in_order = |examples: &[&'a Answered]| {
        let mut examples = examples.to_vec();
        examples.sort_by(|one, other| id(one, gold).cmp(id(other, gold)));
        examples
    };
    in_order(first).into_iter().zip(in_order(second)).collect()
}

fn id<'a>(one: &Answered, gold: &'a GoldSet) -> &'a str {
    &gold.examples[one.example as usize].id
}

/// By what follows the last `/` of the id; none where an id has none or two share it.
fn by_last_part<'a, 'g>(examples: &[&'a Answered], gold: &'g GoldSet) -> Option<BTreeMap<&'g str, &'a Answered>> {
    let mut parts = BTreeMap::new();
    for one in examples {
        let (_, part) = id(one, gold).rsplit_once('/')?;
        if parts.insert(part, *one).is_some() {
            return None;
        }
    }
    Some(parts)
}
