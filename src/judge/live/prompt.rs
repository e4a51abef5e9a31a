//! Prompt files (`lacuna-prompt/1`): TOML between lines of `+++`, then the templates under `## system` and `## user`.

use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::spec::{Need, Prompt, ReplyShape};
use crate::gold::{line_of_key, read_toml};
use crate::model::{PROMPT_FORMAT, Problem, Problems, shown};

/// The shipped prompts by name.
const SHIPPED: [(&str, &str); 8] = [
    ("overall", include_str!("../../../judges/prompts/overall.md")),
    ("overall-reference", include_str!("../../../judges/prompts/overall-reference.md")),
    ("dual-axis", include_str!("../../../judges/prompts/dual-axis.md")),
    ("dual-axis-reference", include_str!("../../../judges/prompts/dual-axis-reference.md")),
    ("gated", include_str!("../../../judges/prompts/gated.md")),
    ("gated-reference", include_str!("../../../judges/prompts/gated-reference.md")),
    ("checklist", include_str!("../../../judges/prompts/checklist.md")),
    ("checklist-reference", include_str!("../../../judges/prompts/checklist-reference.md")),
];

/// Variables that every template may use; those of `needs` come on top.
const VARIABLES: [&str; 6] = ["prompt", "response", "axes", "scale", "answer", "probabilities"];

/// Between the front matter and the rest.
const FENCE: &str = "+++";

/// The front matter as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    format: String,
    name: String,
    version: String,
    shape: ReplyShape,
    #[serde(default)]
    needs: Vec<Need>,
}

impl Prompt {
    /// Names of the shipped prompts.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A shipped prompt.
    pub fn shipped(name: &str) -> Option<Self> {
        let (name, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name)?;
        let path = Self::shipped_path(name);
        Some(Self::from_text(Path::new(&path), text).expect("shipped prompts are tested"))
    }

    /// What a shipped prompt is called among the inputs of a run.
    pub(super) fn shipped_path(name: &str) -> String {
        format!("(embedded) judges/prompts/{name}.md")
    }

    /// Reads and checks the text of a prompt file.
    pub fn from_text(path: &Path, text: &str) -> Result<Self, Problems> {
        let sha256 = hex::encode(Sha256::digest(text.as_bytes()));
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let Some((front_text, templates)) = split_front(&text) else {
            let message =
                format!("has no front matter; allowed: TOML between two lines of {FENCE}, then the templates");
            return Err(Problem::line(path, 1, message).into());
        };
        // The opening line stays as a remark, so that lines keep their numbers.
        let front_text = format!("#{front_text}");
        let front: Front = read_toml(path, &front_text)?;
        let mut problems = Problems::default();
        check_front(path, &front_text, &front, &mut problems);
        let first_line = front_text.lines().count() + 2;
        let parts = parts_of(path, templates, first_line, &mut problems);
        let prompt = Self {
            name: front.name,
            version: front.version,
            shape: front.shape,
            needs: front.needs,
            system: parts.system.text,
            user: parts.user.text,
            sha256,
        };
        check_template(path, &prompt.system, parts.system.line, &prompt.needs, &mut problems);
        let used = check_template(path, &prompt.user, parts.user.line, &prompt.needs, &mut problems);
        if prompt.user.is_empty() {
            problems.push(Problem::file(path, "has nothing under `## user`; allowed: `## user` and a template"));
        } else if used.is_some_and(|used| used.iter().all(|name| name != "response")) {
            problems.push(Problem::line(path, parts.user.line, "never shows {{ response }}; allowed: one that does"));
        }
        problems.or(prompt)
    }
}

fn check_front(path: &Path, front_text: &str, front: &Front, problems: &mut Problems) {
    let mut fault = |key: &str, message: String| {
        problems.push(Problem::key(path, line_of_key(front_text, "", key), key, message));
    };
    if front.format != PROMPT_FORMAT {
        fault("format", format!("found {}; allowed: \"{PROMPT_FORMAT}\"", shown(&front.format)));
    }
    for (key, value) in [("name", &front.name), ("version", &front.version)] {
        if value.trim().is_empty() {
            fault(key, "found nothing; allowed: a short text".to_owned());
        }
    }
    if front.shape == ReplyShape::Checklist && !front.needs.contains(&Need::Required) {
        fault("needs", "does not name \"required\"; allowed: a checklist with its items".to_owned());
    }
}

/// The front matter without its last fence, and what follows.
fn split_front(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix(FENCE)?;
    rest.starts_with('\n').then_some(())?;
    rest.split_once(&format!("\n{FENCE}\n"))
}

/// A template and the line of the file on which it begins.
#[derive(Debug, Default)]
struct Part {
    text: String,
    line: usize,
}

/// The two templates of a file.
#[derive(Debug, Default)]
struct Parts {
    system: Part,
    user: Part,
}

fn parts_of(path: &Path, templates: &str, first_line: usize, problems: &mut Problems) -> Parts {
    let mut parts = Parts::default();
    let mut current: Option<&mut Part> = None;
    for (index, line) in templates.lines().enumerate() {
        let number = first_line + index;
        match (line.trim_end(), &mut current) {
            (heading @ ("## system" | "## user"), _) => {
                let part = if heading == "## system" { &mut parts.system } else { &mut parts.user };
                if part.line > 0 {
                    problems.push(Problem::line(path, number, format!("`{heading}` stands twice; allowed: once")));
                }
                *part = Part { text: String::new(), line: number + 1 };
                current = Some(part);
            }
            (_, Some(part)) => {
                part.text.push_str(line);
                part.text.push('\n');
            }
            ("", None) => {}
            (_, None) => {
                problems.push(Problem::line(
                    path,
                    number,
                    "stands before the first part; allowed: `## system`, `## user`",
                ));
                return parts;
            }
        }
    }
    for part in [&mut parts.system, &mut parts.user] {
        part.text.truncate(part.text.trim_end().len());
    }
    parts
}

/// The rules that every template is rendered by: what is not there is a fault, never nothing.
pub(super) fn environment<'a>() -> Environment<'a> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.expect("the usual delimiters are sound"));
    environment
}

/// A template has to be one, and may use only what a judge is shown. Gives back what it uses, sorted.
fn check_template(
    path: &Path,
    template: &str,
    line: usize,
    needs: &[Need],
    problems: &mut Problems,
) -> Option<Vec<String>> {
    let environment = environment();
    let parsed = match environment.template_from_str(template) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = line + error.line().unwrap_or(1) - 1;
            let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            problems.push(Problem::line(path, at, format!("is no template: {detail}")));
            return None;
        }
    };
    let needed: Vec<&str> = needs.iter().map(|need| need.name()).collect();
    let globals: Vec<&str> = environment.globals().map(|(name, _)| name).collect();
    let mut used: Vec<String> = parsed.undeclared_variables(false).into_iter().collect();
    used.sort_unstable();
    for name in used.iter().map(String::as_str) {
        if VARIABLES.contains(&name) || needed.contains(&name) || globals.contains(&name) {
            continue;
        }
        let at = line + template.lines().position(|text| text.contains(name)).unwrap_or(0);
        let message = if [Need::Reference, Need::Required, Need::Prohibited].iter().any(|need| need.name() == name) {
            format!("uses {name}, which `needs` does not name; allowed: needs = [\"{name}\"]")
        } else {
            let allowed = [&VARIABLES[..], &["reference", "required", "prohibited"]].concat().join(", ");
            format!("uses {}, which a judge is never shown; allowed: {allowed}", shown(name))
        };
        problems.push(Problem::line(path, at, message));
    }
    Some(used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_prompt_is_sound_and_called_what_its_file_is() {
        for name in Prompt::shipped_names() {
            let prompt = Prompt::shipped(name).unwrap();
            assert_eq!(prompt.name, name);
            assert_eq!(prompt.needs.contains(&Need::Reference), name.ends_with("-reference"), "{name}");
            assert!(!prompt.system.is_empty() && prompt.user.contains("{{ answer }}"), "{name}");
        }
        assert_eq!(Prompt::shipped("unknown"), None);
    }

    #[test]
    fn faults_of_a_prompt_file_carry_their_line() {
        let head = "+++\nformat = \"lacuna-prompt/1\"\nname = \"a\"\nversion = \"1\"\nshape = \"score\"\n+++\n";
        let user = "## user\n{{ response }}\n";
        for (text, expected) in [
            (String::new(), "p.md:1: has no front matter"),
            (format!("{head}hello\n{user}"), "p.md:7: stands before the first part"),
            (format!("{head}## system\nx\n"), "p.md: has nothing under `## user`"),
            (format!("{head}## user\nthe response\n{{{{ prompt }}}}\n"), "p.md:8: never shows {{ response }}"),
            (format!("{head}{user}{user}"), "p.md:9: `## user` stands twice"),
            (format!("{head}{user}\n{{% if %}}\n"), "p.md:10: is no template: "),
            (
                format!("{head}{user}\n{{{{ slices.framing }}}}\n"),
                "p.md:10: uses \"slices\", which a judge is never shown",
            ),
            (format!("{head}{user}{{{{ reference }}}}\n"), "p.md:9: uses reference, which `needs` does not name"),
            (head.replace("prompt/1", "prompt/2") + user, "p.md:2: format: found \"lacuna-prompt/2\""),
            (head.replace("\"score\"", "\"rank\"") + user, "p.md:5: shape: found `rank`; allowed: `severities`"),
            (head.replace("\"score\"", "\"checklist\"") + user, "p.md:1: needs: does not name \"required\""),
            (head.replace("\"a\"", "\"\"") + user, "p.md:3: name: found nothing"),
        ] {
            let found = Prompt::from_text(Path::new("p.md"), &text).unwrap_err().to_string();
            assert!(found.starts_with(expected), "{found}");
        }
        let windows = format!("{head}## system\nbe fair\n{user}").replace('\n', "\r\n");
        let prompt = Prompt::from_text(Path::new("p.md"), &windows).unwrap();
        assert_eq!((prompt.system.as_str(), prompt.user.as_str()), ("be fair", "{{ response }}"));
    }
}
