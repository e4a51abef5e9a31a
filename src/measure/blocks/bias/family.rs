//! Which family of models a name belongs to, as far as the name says so. Careful: a family is named only where a word of
//! the name is its own; whatever is not listed has none, and no conclusion is drawn from it.

use std::collections::BTreeSet;

/// A family and the beginnings of words that name it. A beginning of four letters or fewer has to be the whole word, or be
/// followed by a digit.
const FAMILIES: [(&str, &[&str]); 14] = [
    ("Claude", &["claude", "opus", "sonnet", "haiku"]),
    ("GPT", &["gpt", "chatgpt", "openai"]),
    ("Gemini", &["gemini", "gemma"]),
    ("Llama", &["llama", "codellama", "vicuna"]),
    ("Mistral", &["mistral", "mixtral", "ministral", "magistral", "codestral"]),
    ("Qwen", &["qwen", "qwq"]),
    ("DeepSeek", &["deepseek"]),
    ("Grok", &["grok"]),
    ("Cohere", &["cohere"]),
    ("Phi", &["phi"]),
    ("Kimi", &["kimi", "moonshot"]),
    ("GLM", &["glm", "chatglm"]),
    ("OLMo", &["olmo"]),
    ("Falcon", &["falcon"]),
];
/// Words that are a family's only if they stand alone or before a digit, although they are long.
const WHOLE: [&str; 4] = ["opus", "sonnet", "haiku", "falcon"];
/// Longest beginning that has to be a whole word.
const SHORT: usize = 4;
/// What may follow `o1`, `o3` and `o4`, which name as many other things alone.
const AFTER_O: [&str; 3] = ["mini", "preview", "pro"];
/// What follows `gpt` in the names of models that are another maker's.
const NOT_GPT: [&str; 3] = ["j", "neo", "neox"];

/// Families that a name names.
pub(super) fn families_of(name: &str) -> BTreeSet<&'static str> {
    let name = name.to_lowercase();
    let words: Vec<&str> =
        name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).copied().unwrap_or_default();
        for (family, stems) in FAMILIES {
            if stems.iter().any(|stem| names(word, stem)) && !(*word == "gpt" && NOT_GPT.contains(&next)) {
                found.insert(family);
            }
        }
        if ["o1", "o3", "o4"].contains(word) && AFTER_O.contains(&next) {
            found.insert("GPT");
        }
    }
    found
}

fn names(word: &str, stem: &str) -> bool {
    let whole = stem.len() <= SHORT || WHOLE.contains(&stem);
    match word.strip_prefix(stem) {
        None => false,
        Some("") => stem != "phi",
        Some(rest) => !whole || rest.starts_with(|character: char| character.is_ascii_digit()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_models_name_their_family() {
        for (name, expected) in [
            ("gpt52", "GPT"),
            ("GPT-4o-mini-2024-07-18", "GPT"),
            ("o3-mini", "GPT"),
            ("opus_judge", "Claude"),
            ("claude-3-5-sonnet-20241022", "Claude"),
            ("gemini3pro", "Gemini"),
            ("google/gemma-2-9b-it", "Gemini"),
            ("llama4", "Llama"),
            ("meta-llama/Llama-3.1-70B-Instruct", "Llama"),
            ("mistralinstruct", "Mistral"),
            ("qwen2.5-72b", "Qwen"),
            ("deepseek", "DeepSeek"),
            ("phi3-medium", "Phi"),
        ] {
            assert_eq!(families_of(name).into_iter().collect::<Vec<_>>(), [expected], "{name}");
        }
    }

    #[test]
    fn other_names_have_none() {
        for name in [
            "",
            "string-match",
            "o1",
            "o3",
            "magnum opus-like",
            "gpt-j-6b",
            "gptj",
            "philosopher",
            "phi",
            "annotator-1",
            "grokking",
            "opusculum",
            "structured-evaluation",
        ] {
            let expected = usize::from(name == "magnum opus-like");
            assert_eq!(families_of(name).len(), expected, "{name}");
        }
    }

    #[test]
    fn a_model_made_from_two_has_both() {
        assert_eq!(families_of("DeepSeek-R1-Distill-Llama-70B").into_iter().collect::<Vec<_>>(), ["DeepSeek", "Llama"]);
    }
}
