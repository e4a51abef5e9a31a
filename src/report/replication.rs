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
    /// Judges that were asked, whose replies would not be the same again.
    pub asked: Vec<String>,
}

/// The files of the folder: the settings with every default written out, and what to do with them.
pub fn replication(evaluation: &Evaluation, manifest: &Manifest, sources: &Sources) -> [(&'static str, String); 2] {
    [("lacuna.toml", settings(evaluation, sources)), ("README.md", steps(evaluation, manifest, sources))]
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

fn steps(evaluation: &Evaluation, manifest: &Manifest, sources: &Sources) -> String {
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
    let judges = if sources.judges_named {
        "Put the judge files into `judges/`, and their verdicts where they name them."
    } else {
        "The judges are those of the set and the program's baselines: there is nothing to put anywhere."
    };
    let mut text = format!(
        "# To compute it again\n\n\
         Every number of this report was computed by lacuna {version} from the files listed below, with the settings of \
         `lacuna.toml`, in which every default is written out (seed {}). Neither the clock nor the machine has a part in \
         a number: the same files give the same `evaluation.json`, byte for byte. In a copy of this folder:\n\n\
         1. Install lacuna {version}; `lacuna --version` says which one is there.\n\
         2. {set}\n\
         3. {judges}\n\
         4. `lacuna audit --config lacuna.toml --out again`\n\
         5. `sha256sum again/evaluation.json` prints `{}`.\n",
        evaluation.settings.seed, manifest.evaluation_sha256
    );
    text.push_str(&asked(sources));
    text.push_str(
        "\nFigures, tables and pages follow from `evaluation.json` alone: `lacuna report --evaluation again/evaluation.json`. \
         What each number is stands in the program's docs/statistics.md.\n",
    );
    text.push_str(&format!("\nDigest of the set's three files together: `{}`.\n\n", gold.sha256));
    text.push_str("| file | SHA-256 |\n| --- | --- |\n");
    manifest.inputs.iter().for_each(|input| text.push_str(&row(input)));
    text
}

fn asked(sources: &Sources) -> String {
    if sources.asked.is_empty() {
        return String::new();
    }
    let names: Vec<String> = sources.asked.iter().map(|name| escaped(name)).collect();
    format!(
        "\n{}: asked again, a judge replies anew. What was said this time stands in `verdicts.parquet` of the report; a judge \
         file of kind `recorded` with that file as its `verdicts`, and `name`, `axes` and `flag_at` as before, gives the same \
         numbers. Only its kind differs, and with it the digest of step 5.\n",
        names.join(", ")
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
