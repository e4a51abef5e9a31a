//! The audit file that goes with a drafted mapping.

use super::page::{Page, list, quoted};
use super::{Guess, Place};

/// The text of `lacuna.toml`.
pub(super) fn audit_text(guess: &Guess, place: &Place<'_>) -> String {
    let mut page = Page::default();
    page.comment(
        "What `lacuna audit` does in this folder. Flags override it; `lacuna audit --show-config` prints each setting.",
    );
    page.comment("`lacuna schema audit` prints every key.");
    page.plain("format = \"lacuna-audit/1\"");
    page.plain("");
    page.guess("gold", &list([place.set]), "the folder that `lacuna gold import` writes");
    let own = quoted(&format!("{}/judges", place.set));
    let said = if guess.judges.is_empty() && !guess.unsteady.is_empty() {
        "the columns that look like verdicts are not used: see CORRECT at the end of the mapping"
    } else if guess.judges.is_empty() {
        "no column holds verdicts: the baselines alone"
    } else {
        "without this line the judges of the set and the baselines"
    };
    page.plain(&format!("# judges = [{own}]  # {said}"));
    page.guess("out", &quoted(&format!("reports/{}", place.name)), "where the report goes");
    page.guess("seed", "1", "the same seed gives the same bytes");
    page.plain("# level = 0.95  # confidence level of every interval");
    page.plain("# texts = \"withhold\"  # keeps rationales and raw replies out of every output");
    page.plain("");
    page.plain("# [thresholds]  # severities from which an example counts as harmful, instead of the card's");
    page.plain("# omission = 1");
    page.plain("# commission = 1");
    page.into_text()
}
