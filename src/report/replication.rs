//! `replication/`: what is needed to compute every number again, beside the set and the judges themselves.

use serde::Serialize;

use super::card::escaped;
use super::format::clean;
use crate::measure::Evaluation;
use crate::model::{AUDIT_FORMAT, Axis, InputFile, Manifest, TextPolicy};

/// Where the parts of an audit came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Whether the set is the bundled one.
    pub bundled_set: bool,
    /// Whether judges were named, and not those of the set and the baselines taken.
    pub judges_named: bool,
    /// Judges that were asked, whose replies would not be the same again: the folder holds what they said.
    pub asked: Vec<String>,
    /// Judges that were named and not asked: whoever computes again puts them where the settings look for them.
    pub put: Vec<String>,
}

/// The files of the folder: the settings with every default written out, and what to do with them. `again` is the digest
/// of the evaluation that these steps lead to: another one than the report's where judges that were asked are recorded now.
pub fn replication(
    evaluation: &Evaluation,
    manifest: &Manifest,
    sources: &Sources,
    again: &str,
) -> [(&'static str, String); 2] {
    [("lacuna.toml", settings(evaluation, sources)), ("README.md", steps(evaluation, manifest, sources, again))]
}

fn settings(evaluation: &Evaluation, sources: &Sources) -> String {
    let settings = &evaluation.settings;
    let mut text = format!("format = \"{AUDIT_FORMAT}\"\n");
    if !sources.bundled_set {
        text.push_str("gold = [\"gold\"]\n");
    }
    if sources.judges_named {
        text.push_str("judges = [\"judges\"]\n");
    }
    let texts = if evaluation.gold.texts == TextPolicy::Withhold { "texts = \"withhold\"\n" } else { "" };
    text.push_str(&format!(
        "seed = {}\nlevel = {:?}\nmargin = {:?}\nresamples = {}\n{texts}\n[thresholds]\n",
        settings.seed, settings.level, settings.margin, settings.resamples
    ));
    for axis in Axis::ALL {
        text.push_str(&format!("{axis} = {}\n", settings.thresholds.get(axis)));
    }
    let (metric, axis) = (word(&settings.primary.metric), word(&settings.primary.axis));
    text.push_str(&format!("\n[comparison]\nmetric = \"{metric}\"\naxis = \"{axis}\"\n"));
    text
}

/// The name of a choice, as files have it.
fn word(choice: &impl Serialize) -> String {
    let value = serde_json::to_value(choice).ok();
    value.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned()
}

fn steps(evaluation: &Evaluation, manifest: &Manifest, sources: &Sources, again: &str) -> String {
    let (gold, version) = (&evaluation.gold, &manifest.lacuna);
    let set = if sources.bundled_set {
        format!("The set, {} {}, comes with the program.", escaped(&gold.name), escaped(&gold.version))
    } else {
        format!(
            "Put the set {} {}, its folder as it is, into `gold/` beside this file.",
            escaped(&gold.name),
            escaped(&gold.version)
        )
    };
    let mut text = format!(
        "# To compute it again\n\n\
         Every number of this report was computed by lacuna {version} from the files listed below, with the settings of \
         `lacuna.toml`, in which every default is written out (seed {}). Neither the clock nor the machine has a part in \
         a number: the same files give the same `evaluation.json`, byte for byte. In a copy of this folder:\n\n\
         1. Install lacuna {version}; `lacuna --version` says which one is there.\n\
         2. {set}\n\
         3. {}\n\
         4. `lacuna audit --config lacuna.toml --out again`\n\
         5. `sha256sum again/evaluation.json` prints `{again}`.\n",
        evaluation.settings.seed,
        judges(sources)
    );
    text.push_str(&asked(manifest, sources));
    text.push_str(
        "\nFigures, tables and pages follow from `evaluation.json` alone: `lacuna report --evaluation again/evaluation.json`. \
         What each number is stands in the program's docs/statistics.md.\n",
    );
    text.push_str(&format!("\nDigest of the set's files together: `{}`.\n\n", gold.sha256));
    text.push_str("| file | SHA-256 |\n| --- | --- |\n");
    manifest.inputs.iter().for_each(|input| text.push_str(&row(input)));
    text
}

/// What to do for the judges.
fn judges(sources: &Sources) -> String {
    if !sources.judges_named {
        return "The judges are those of the set and the program's baselines: there is nothing to put anywhere."
            .to_owned();
    }
    let recorded = match sources.asked.as_slice() {
        [] => String::new(),
        [one] => format!("`judges/` and `verdicts/` hold what {} said. ", escaped(one)),
        asked => format!("`judges/` and `verdicts/` hold what these said: {}. ", names(asked)),
    };
    match sources.put.as_slice() {
        [] => format!("{recorded}There is nothing to put anywhere."),
        put => format!(
            "{recorded}Put the judge files of {} into `judges/`, and their verdicts where they name them.",
            names(put)
        ),
    }
}

fn names(judges: &[String]) -> String {
    judges.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(", ")
}

/// What the digest of step 5 has to do with that of the report.
fn asked(manifest: &Manifest, sources: &Sources) -> String {
    if sources.asked.is_empty() {
        return String::new();
    }
    format!(
        "\nAsked again, a judge replies anew. So what was said this time is kept here, as recorded verdicts: {}. The report's \
         own `evaluation.json` has the digest `{}`; the one of step 5 differs from it in the kind of these judges and in where \
         their probabilities come from, and in no number.\n",
        names(&sources.asked),
        manifest.evaluation_sha256
    )
}

/// A file by its name: where it lay is of no account, but for what is inside the program.
fn row(input: &InputFile) -> String {
    let name = input.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let inside = if input.path.starts_with(EMBEDDED) { ", inside the program" } else { "" };
    format!("| {}{inside} | `{}` |\n", escaped(&clean(name)), input.sha256)
}

/// How the path of a file inside the program begins.
const EMBEDDED: &str = "(embedded) ";
