//! The bundled set, inside the program: `lacuna audit` answers from any directory.

use std::path::PathBuf;

use super::files::SetFiles;

/// The files of a folder of this repository, by what they are called in messages and manifests.
macro_rules! embedded {
    ($folder:literal) => {{
        let file = |name: &str, text: &str| {
            (PathBuf::from(concat!("(embedded) ", $folder)).join(name), text.as_bytes().to_vec())
        };
        SetFiles {
            card: file("card.toml", include_str!(concat!("../../", $folder, "/card.toml"))),
            examples: file("examples.jsonl", include_str!(concat!("../../", $folder, "/examples.jsonl"))),
            annotations: file("annotations.jsonl", include_str!(concat!("../../", $folder, "/annotations.jsonl"))),
            by_rater: Vec::new(),
        }
    }};
}

/// The files of the core set, which is audited where no other set is named.
pub fn bundled_set() -> SetFiles {
    embedded!("gold_labels/lacuna-core")
}

/// The files of the starter set: small, for tests that need a whole set at hand.
#[cfg(test)]
pub(crate) fn starter_set() -> SetFiles {
    embedded!("gold_labels/lacuna-starter")
}
