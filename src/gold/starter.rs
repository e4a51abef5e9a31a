//! The bundled set, inside the program: `lacuna audit` answers from any directory.

use std::path::PathBuf;

use super::files::SetFiles;

/// What the bundled set is called in messages and manifests.
const FOLDER: &str = "(embedded) gold_labels/lacuna-starter";

/// The files of the bundled starter set.
pub fn starter_set() -> SetFiles {
    let file = |name: &str, text: &str| (PathBuf::from(FOLDER).join(name), text.as_bytes().to_vec());
    SetFiles {
        card: file("card.toml", include_str!("../../gold_labels/lacuna-starter/card.toml")),
        examples: file("examples.jsonl", include_str!("../../gold_labels/lacuna-starter/examples.jsonl")),
        annotations: file("annotations.jsonl", include_str!("../../gold_labels/lacuna-starter/annotations.jsonl")),
    }
}
