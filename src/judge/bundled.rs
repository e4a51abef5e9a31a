//! The judges that need neither key nor network, inside the program.

use std::path::Path;

use super::spec::JudgeSpec;

const FILES: [(&str, &str); 6] = [
    ("(embedded) judges/always.toml", include_str!("../../judges/always.toml")),
    ("(embedded) judges/never.toml", include_str!("../../judges/never.toml")),
    ("(embedded) judges/random.toml", include_str!("../../judges/random.toml")),
    ("(embedded) judges/refusal-phrases.toml", include_str!("../../judges/refusal-phrases.toml")),
    ("(embedded) judges/item-coverage.toml", include_str!("../../judges/item-coverage.toml")),
    ("(embedded) judges/length.toml", include_str!("../../judges/length.toml")),
];

/// The baselines, as the project's own judge files declare them.
pub fn bundled_judges() -> Vec<JudgeSpec> {
    FILES
        .iter()
        .map(|(path, text)| JudgeSpec::from_text(Path::new(path), text).expect("bundled judge files are tested"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_judge_files_are_valid() {
        let names: Vec<String> = bundled_judges().into_iter().map(|judge| judge.name).collect();
        assert_eq!(names, ["always", "never", "random", "refusal-phrases", "item-coverage", "length"]);
    }
}
