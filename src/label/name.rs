//! Names of raters: pseudonyms that are safe as names of files on every system.

/// The longest name.
const LONGEST: usize = 64;

/// Names that mean something else: rules of the card, and devices that some systems reserve.
const RESERVED: [&str; 6] = ["majority", "median", "con", "prn", "aux", "nul"];

/// What is wrong with the name of a rater, if anything.
pub fn fault_of_name(name: &str) -> Option<String> {
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    let begins_well = name.starts_with(|character: char| character.is_ascii_alphanumeric());
    if name.len() > LONGEST || !begins_well || !name.chars().all(plain) {
        return Some(format!(
            "allowed: a pseudonym of letters, digits, `-`, `_` and `.` that begins with a letter or digit, at most {LONGEST} long"
        ));
    }
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    let device = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.chars().all(|c| c.is_ascii_digit()))
    };
    if RESERVED.contains(&stem) || device("com") || device("lpt") {
        return Some("allowed: another pseudonym, since this name has a meaning of its own".to_owned());
    }
    None
}

/// Whether two names would be one file where capitals do not matter.
pub(super) fn collide(one: &str, other: &str) -> bool {
    one != other && one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_pass_and_paths_and_devices_do_not() {
        for name in ["ann", "r1", "rater-2", "R_3", "a.b", "0"] {
            assert_eq!(fault_of_name(name), None, "{name}");
        }
        let long = "a".repeat(65);
        for name in ["", ".", "..", "../x", "a/b", "a\\b", ".hidden", "-x", "a b", "a\u{202e}", "ü", "a:b", &long] {
            assert!(fault_of_name(name).is_some(), "{name}");
        }
        for name in ["majority", "Median", "CON", "nul.x", "com1", "LPT9"] {
            assert!(fault_of_name(name).is_some(), "{name}");
        }
        assert_eq!(fault_of_name("commander"), None);
    }

    #[test]
    fn capitals_alone_do_not_tell_two_raters_apart() {
        assert!(collide("Ann", "ann"));
        assert!(!collide("ann", "ann") && !collide("ann", "bob"));
    }
}
