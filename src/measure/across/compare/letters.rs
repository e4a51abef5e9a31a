//! Letters that judges share where they are not told apart.

/// Letters for each judge: two judges share one exactly where they are not told apart; `a` is a group of the highest values.
///
/// **Source**: Piepho (2004), J Comput Graph Stat 13:456, insert and absorb. Beyond 26 groups letters are doubled.
pub(super) fn letters(values: &[f64], apart: impl Fn(usize, usize) -> bool) -> Vec<String> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*other].total_cmp(&values[*one]).then(one.cmp(other)));
    let mut groups: Vec<Vec<usize>> = vec![(0..order.len()).collect()];
    for one in 0..order.len() {
        for other in one + 1..order.len() {
            if apart(order[one], order[other]) {
                groups = split(groups, one, other);
            }
        }
    }
    groups.sort();
    let mut letters = vec![String::new(); values.len()];
    for (index, group) in groups.iter().enumerate() {
        for place in group {
            letters[order[*place]].push_str(&letter(index));
        }
    }
    letters
}

/// Splits each group that holds both, and drops what another group holds.
fn split(groups: Vec<Vec<usize>>, one: usize, other: usize) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    for group in groups {
        if group.contains(&one) && group.contains(&other) {
            for left_out in [other, one] {
                all.push(group.iter().copied().filter(|place| *place != left_out).collect());
            }
        } else {
            all.push(group);
        }
    }
    let within = |small: &[usize], large: &[usize]| small.iter().all(|place| large.contains(place));
    let absorbed = |index: usize| {
        let own = &all[index];
        all.iter()
            .enumerate()
            .any(|(at, large)| at != index && within(own, large) && (large.len() > own.len() || at < index))
    };
    (0..all.len()).filter(|index| !absorbed(*index)).map(|index| all[index].clone()).collect()
}

fn letter(index: usize) -> String {
    let letter = char::from(b'a' + (index % 26) as u8);
    letter.to_string().repeat(index / 26 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // 0.9, 0.8, 0.5: the first and the last are apart, the middle one from neither.
        let found = letters(&[0.5, 0.9, 0.8], |one, other| [one, other].contains(&0) && [one, other].contains(&1));
        assert_eq!(found, ["b", "a", "ab"]);
        assert_eq!(letters(&[0.5, 0.9], |_, _| false), ["a", "a"]);
        assert_eq!(letters(&[0.5, 0.9], |_, _| true), ["b", "a"]);
    }

    #[test]
    fn a_letter_is_shared_exactly_where_judges_are_not_apart() {
        let values = [0.9, 0.8, 0.7, 0.6, 0.5];
        let apart = |one: usize, other: usize| (one * 7 + other * 7 + one * other).is_multiple_of(3);
        let found = letters(&values, apart);
        for one in 0..5 {
            for other in one + 1..5 {
                let shared = found[one].chars().any(|letter| found[other].contains(letter));
                assert_eq!(shared, !apart(one, other), "{one} {other} {found:?}");
            }
        }
    }
}
