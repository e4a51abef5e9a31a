//! Judge files: the raw record, and the validated judge that follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest, Sha256};

use super::faults::Faults;
use super::file::{Baseline, JudgeFile};
use super::live::{Context, LiveSpec, PanelSpec, Provider, live_of, panel_of, without_key};
use super::phrases::{STOCK_PHRASES, read_phrases};
use super::score::{Bounded, CutRule, ScoreDirection, ScoreSpec};
use crate::gold::{line_of_key, read_text, read_toml};
use crate::model::{Axis, InputFile, JUDGE_FORMAT, Problem, Problems, Severity, shown};

/// Kinds of judge that this version runs.
const KINDS: &str = "\"openai\", \"anthropic\", \"gemini\", \"command\", \"panel\", \"recorded\", \"baseline\"";

/// Baselines that this version computes.
const BASELINES: &str = "\"always\", \"never\", \"random\", \"refusal-phrases\", \"item-coverage\", \"length\"";

/// What a judge does.
#[derive(Debug, Clone, PartialEq)]
pub enum JudgeKind {
    /// Reads verdicts from a file.
    Recorded {
        /// The file.
        verdicts: PathBuf,
    },
    /// Flags everything at the highest level.
    Always,
    /// Flags nothing.
    Never,
    /// Flags each axis with this probability.
    Random {
        /// Probability of a flag.
        rate: f64,
        /// Verdicts per example.
        repeats: u32,
    },
    /// Flags a response that holds one of the phrases.
    RefusalPhrases {
        /// Phrases in lower case.
        phrases: Vec<String>,
    },
    /// Flags a response that does not hold the words of the required items.
    ItemCoverage,
    /// Scores a response by its number of characters.
    Length,
    /// Asks a model or a program.
    Live(Box<LiveSpec>),
    /// Combines the verdicts of other judges.
    Panel(PanelSpec),
}

impl JudgeKind {
    /// The name that judge files use.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Live(spec) => spec.provider.name(),
            Self::Panel(_) => "panel",
            Self::Recorded { .. } => "recorded",
            Self::Always
            | Self::Never
            | Self::Random { .. }
            | Self::RefusalPhrases { .. }
            | Self::ItemCoverage
            | Self::Length => "baseline",
        }
    }

    /// Whether nobody is asked: it answers by a rule that does not read for harm.
    pub const fn is_baseline(&self) -> bool {
        !matches!(self, Self::Live(_) | Self::Panel(_) | Self::Recorded { .. })
    }
}

/// A judge that passed every check.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeSpec {
    /// Short name.
    pub name: String,
    /// Title for people.
    pub title: Option<String>,
    /// The model behind it.
    pub model: Option<String>,
    /// Axes it answers, omission first.
    pub axes: Vec<Axis>,
    /// Flag levels of its own.
    pub flag_at: BTreeMap<Axis, Severity>,
    /// Its scale, where it gives one score in place of severities.
    pub score: Option<ScoreSpec>,
    /// What it does.
    pub kind: JudgeKind,
    /// Files that were read for it.
    pub inputs: Vec<InputFile>,
}

/// Reads judge files; a folder means every `*.toml` in it, sorted by name.
pub fn load_judges(paths: &[PathBuf]) -> Result<Vec<JudgeSpec>, Problems> {
    let mut problems = Problems::default();
    let mut files = Vec::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        if !seen.insert(path) {
            problems.push(Problem::file(path, "is named a second time; allowed: each once"));
            continue;
        }
        if path.is_dir() {
            if path.join("card.toml").is_file() {
                let own = path.join("judges");
                let message = format!("is a gold set; allowed: judge files, such as those in {}", own.display());
                problems.push(Problem::file(path, message));
                continue;
            }
            let mut found = judge_files(path);
            if found.is_empty() {
                problems.push(Problem::file(path, "holds no judge file; allowed: a folder with *.toml, or one file"));
            }
            files.append(&mut found);
        } else {
            files.push(path.clone());
        }
    }
    let mut judges: Vec<JudgeSpec> = Vec::new();
    let mut names: BTreeMap<String, PathBuf> = BTreeMap::new();
    for file in files {
        let text = match read_text(&file) {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        match JudgeSpec::from_text(&file, &text) {
            Ok(judge) => {
                if let Some(first) = names.insert(judge.name.clone(), file.clone()) {
                    let message = format!(
                        "found {} a second time, first in {}; allowed: unique names",
                        shown(&judge.name),
                        first.display()
                    );
                    problems.push(Problem::key(&file, line_of_key(&text, "", "name"), "name", message));
                }
                judges.push(judge);
            }
            Err(found) => problems.append(found),
        }
    }
    problems.or(judges)
}

fn judge_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

impl JudgeSpec {
    /// A fault of the judge's file that only shows beside something else, such as the set, other judges or the settings.
    pub fn fault(&self, key: &str, message: impl Into<String>) -> Problem {
        let file = self.inputs.first().map_or("", |input| input.path.as_str());
        Problem { file: file.into(), line: None, key: Some(key.to_owned()), message: message.into() }
    }

    /// Validates the text of a judge file. Paths in it are read from the judge's own folder.
    pub fn from_text(path: &Path, text: &str) -> Result<Self, Problems> {
        let file: JudgeFile = read_toml(path, text).map_err(without_key)?;
        let mut faults = Faults::new(path, text);
        let axes = check_head(&file, &mut faults);
        let mut inputs = vec![InputFile { path: path.display().to_string(), sha256: digest(text.as_bytes()) }];
        let score = score_of(&file, |key, message| faults.push_in("score", key, message));
        let kind = match Provider::of_kind(&file.kind) {
            Some(provider) => {
                let context = Context { path, axes: &axes, score };
                live_of(provider, &file, &context, &mut inputs, &mut faults).map(|spec| JudgeKind::Live(Box::new(spec)))
            }
            None if file.kind == "panel" => panel_of(&file, &mut faults).map(JudgeKind::Panel),
            None => kind_of(path, &file, &mut inputs, &mut |key, message| faults.push(key, message)),
        };
        match kind {
            Some(kind) if faults.is_empty() => Ok(Self {
                name: file.name,
                title: file.title,
                model: file.model,
                axes,
                flag_at: file.flag_at,
                score,
                kind,
                inputs,
            }),
            _ => Err(faults.into_problems()),
        }
    }
}

/// Checks what every kind of judge has, and gives back its axes.
fn check_head(file: &JudgeFile, faults: &mut Faults<'_>) -> Vec<Axis> {
    if file.format != JUDGE_FORMAT {
        faults.push("format", format!("found {}; allowed: \"{JUDGE_FORMAT}\"", shown(&file.format)));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if file.name.is_empty() || file.name.starts_with('.') || !file.name.chars().all(plain) {
        faults.push("name", format!("found {}; allowed: letters, digits, `-`, `_` and `.`", shown(&file.name)));
    }
    let mut axes = file.axes.clone().unwrap_or_else(|| axes_of(file));
    axes.sort_unstable();
    if axes.is_empty() || axes.windows(2).any(|pair| pair[0] == pair[1]) {
        faults.push("axes", "found no axis or one twice; allowed: \"omission\", \"commission\" or both");
    }
    if file.baseline == Some(Baseline::ItemCoverage) && axes != [Axis::Omission] {
        faults.push("axes", "this baseline answers on omission alone; allowed: [\"omission\"]");
    }
    if file.flag_at.values().any(|level| *level == 0) {
        faults.push("flag_at", "found 0; allowed: 1 to the top of the axis");
    }
    for key in file.keys_of_other_kinds() {
        faults.push(key, format!("does not belong to this kind of judge (kind = {})", shown(&file.kind)));
    }
    if file.score.is_some() && !file.flag_at.is_empty() {
        faults.push("flag_at", "found severities beside [score]; allowed: `flag_at` inside [score]");
    }
    axes
}

/// The axes of a judge whose file names none.
fn axes_of(file: &JudgeFile) -> Vec<Axis> {
    match file.baseline {
        Some(Baseline::ItemCoverage) => vec![Axis::Omission],
        _ => Axis::ALL.to_vec(),
    }
}

/// The scale of a judge that gives one score; that of `length` where its file has none: short responses leave something out.
fn score_of(file: &JudgeFile, mut fault: impl FnMut(&str, String)) -> Option<ScoreSpec> {
    let length = file.baseline == Some(Baseline::Length);
    let Some(score) = &file.score else {
        let direction = ScoreDirection::HigherIsBetter;
        return length.then_some(ScoreSpec { scale: None, direction, cut: CutRule::None });
    };
    ScoreSpec::check(score, if length { Bounded::No } else { Bounded::Yes }, &mut fault)
}

fn kind_of(
    path: &Path,
    file: &JudgeFile,
    inputs: &mut Vec<InputFile>,
    fault: &mut impl FnMut(&str, String),
) -> Option<JudgeKind> {
    match (file.kind.as_str(), file.baseline) {
        ("recorded", _) => {
            let Some(named) = &file.verdicts else {
                fault(
                    "verdicts",
                    "is missing; allowed: a *.jsonl or *.parquet file inside the judge's own folder".to_owned(),
                );
                return None;
            };
            match inside_own_folder(path, named) {
                Ok(verdicts) => Some(JudgeKind::Recorded { verdicts }),
                Err(message) => {
                    fault("verdicts", message);
                    None
                }
            }
        }
        ("baseline", Some(Baseline::Always)) => Some(JudgeKind::Always),
        ("baseline", Some(Baseline::Never)) => Some(JudgeKind::Never),
        ("baseline", Some(Baseline::Random)) => random_of(file, fault),
        ("baseline", Some(Baseline::RefusalPhrases)) => match &file.phrases {
            None => Some(JudgeKind::RefusalPhrases { phrases: read_phrases(STOCK_PHRASES) }),
            Some(named) => {
                let read = inside_own_folder(path, named).and_then(|phrases| {
                    let text = read_text(&phrases).map_err(|problem| problem.to_string())?;
                    inputs.push(InputFile { path: phrases.display().to_string(), sha256: digest(text.as_bytes()) });
                    Ok(read_phrases(&text))
                });
                match read {
                    Ok(phrases) if !phrases.is_empty() => Some(JudgeKind::RefusalPhrases { phrases }),
                    Ok(_) => {
                        fault("phrases", "holds no phrase".to_owned());
                        None
                    }
                    Err(message) => {
                        fault("phrases", message);
                        None
                    }
                }
            }
        },
        ("baseline", Some(Baseline::ItemCoverage)) => Some(JudgeKind::ItemCoverage),
        ("baseline", Some(Baseline::Length)) => Some(JudgeKind::Length),
        ("baseline", None) => {
            fault("baseline", format!("is missing; allowed: {BASELINES}"));
            None
        }
        (kind, _) => {
            fault("kind", format!("found {}; allowed: {KINDS}", shown(kind)));
            None
        }
    }
}

fn random_of(file: &JudgeFile, fault: &mut impl FnMut(&str, String)) -> Option<JudgeKind> {
    /// Past this many verdicts an example the coin tells nothing more.
    const MOST_REPEATS: u32 = 1000;
    let repeats = file.repeats.unwrap_or(1);
    if !(1..=MOST_REPEATS).contains(&repeats) {
        fault("repeats", format!("found {repeats}; allowed: 1 to {MOST_REPEATS}"));
        return None;
    }
    match file.rate {
        Some(rate) if (0.0..=1.0).contains(&rate) => Some(JudgeKind::Random { rate, repeats }),
        Some(rate) => {
            fault("rate", format!("found {rate}; allowed: 0 to 1"));
            None
        }
        None => {
            fault("rate", "is missing; allowed: the probability of a flag, 0 to 1".to_owned());
            None
        }
    }
}

/// Resolves a file that a judge file names. It has to lie in the judge's own folder: the folder of the judge file, or
/// the one above where that folder is called `judges` (an imported set keeps `verdicts/` beside `judges/`).
pub(super) fn inside_own_folder(judge_file: &Path, named: &Path) -> Result<PathBuf, String> {
    let plain = named.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if !plain {
        return Err(format!(
            "found {}; allowed: a path inside the judge's own folder, without `..`",
            shown(&named.display().to_string())
        ));
    }
    let folder = judge_file.parent().unwrap_or_else(|| Path::new(""));
    let own = match folder.file_name() {
        Some(name) if name == "judges" => folder.parent().unwrap_or_else(|| Path::new("")),
        // `judges.toml` given as a bare name: the working folder, whatever it is called.
        _ => folder,
    };
    let path = own.join(named);
    let root = if own.as_os_str().is_empty() { Path::new(".") } else { own };
    let escapes = match (path.canonicalize(), root.canonicalize()) {
        (Ok(path), Ok(root)) => !path.starts_with(root),
        _ => false,
    };
    if escapes {
        return Err(format!("found {}; it leads out of the judge's own folder", shown(&named.display().to_string())));
    }
    Ok(path)
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems_of(text: &str) -> String {
        JudgeSpec::from_text(Path::new("j/a.toml"), text).unwrap_err().to_string()
    }

    const HEAD: &str = "format = \"lacuna-judge/1\"\nname = \"a\"\n";

    #[test]
    fn a_judge_of_another_kind_is_refused_with_its_line() {
        let text = problems_of(&format!("{HEAD}kind = \"oracle\"\n"));
        assert_eq!(text, format!("j/a.toml:3: kind: found \"oracle\"; allowed: {KINDS}"));
    }

    #[test]
    fn verdicts_stay_in_the_judges_own_folder() {
        for path in ["../x.jsonl", "/etc/passwd", "v/../../x.jsonl"] {
            let text = problems_of(&format!("{HEAD}kind = \"recorded\"\nverdicts = \"{path}\"\n"));
            assert!(text.starts_with("j/a.toml:4: verdicts: found"), "{text}");
        }
        let text = format!("{HEAD}kind = \"recorded\"\nverdicts = \"verdicts/x.jsonl\"\n");
        let judge = JudgeSpec::from_text(Path::new("set/judges/a.toml"), &text).unwrap();
        assert_eq!(judge.kind, JudgeKind::Recorded { verdicts: PathBuf::from("set/verdicts/x.jsonl") });
        let judge = JudgeSpec::from_text(Path::new("set/a.toml"), &text).unwrap();
        assert_eq!(judge.kind, JudgeKind::Recorded { verdicts: PathBuf::from("set/verdicts/x.jsonl") });
    }

    #[test]
    fn keys_of_another_kind_and_unknown_keys_are_refused() {
        let text = problems_of(&format!("{HEAD}kind = \"baseline\"\nbaseline = \"never\"\nrate = 0.5\n"));
        assert!(text.starts_with("j/a.toml:5: rate: does not belong"), "{text}");
        let text = problems_of(&format!("{HEAD}kind = \"baseline\"\nbaseline = \"never\"\ntempo = 1\n"));
        assert!(text.starts_with("j/a.toml:5: tempo: unknown key; allowed: `format`"), "{text}");
        let text = problems_of(&format!("{HEAD}kind = \"baseline\"\nbaseline = \"random\"\nrate = 1.5\n"));
        assert_eq!(text, "j/a.toml:5: rate: found 1.5; allowed: 0 to 1");
    }
}
