//! The bundled set, inside the program: `lacuna audit` answers from any directory.

use std::path::PathBuf;

use super::set::SetFiles;

/// Folder that the bundled set has in the project and in messages.
const FOLDER: &str = "gold_labels/lacuna-starter";

/// The files of the bundled starter set.
pub fn starter_set() -> SetFiles {
    let file = |name: &str, text: &str| (PathBuf::from(FOLDER).join(name), text.as_bytes().to_vec());
    SetFiles {
        card: file("card.toml", include_str!("../../gold_labels/lacuna-starter/card.toml")),
        examples: file("examples.jsonl", include_str!("../../gold_labels/lacuna-starter/examples.jsonl")),
        annotations: file("annotations.jsonl", include_str!("../../gold_labels/lacuna-starter/annotations.jsonl")),
    }
}
