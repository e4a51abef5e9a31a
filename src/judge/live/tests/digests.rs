//! The ledger's key changes exactly with what can change a reply.

use super::*;

const OPENAI: &str = "kind = \"openai\"\nmodel = \"m\"\nbase_url = \"https://h.example/v1\"\n";

fn digest(lines: &str) -> String {
    call(&live(lines)).sha256
}

#[test]
fn what_cannot_change_a_reply_does_not_change_its_digest() {
    let plain = digest(OPENAI);
    assert_eq!(plain.len(), 64);
    for more in [
        "title = \"A title\"\n",
        "samples = 5\n",
        "api_key_env = \"OTHER_KEY\"\n",
        "flag_at = { omission = 2 }\n",
        "prompt = \"dual-axis\"\n",
        "axes = [\"commission\", \"omission\"]\n",
        "base_url_env = \"X\"\n",
        "[limits]\nconcurrency = 1\ntimeout_s = 5\n",
        "[price]\ninput_per_million_usd = 1\noutput_per_million_usd = 2\n",
    ] {
        assert_eq!(digest(&format!("{OPENAI}{more}")), plain, "{more}");
    }
    assert_eq!(digest(&OPENAI.replace("h.example/v1", "H.example:443/v1/")), plain);
}

#[test]
fn what_can_change_a_reply_changes_its_digest() {
    let plain = digest(OPENAI);
    let mut seen = vec![plain];
    for lines in [
        OPENAI.replace("\"m\"", "\"n\""),
        OPENAI.replace("h.example", "i.example"),
        OPENAI.replace("openai", "anthropic"),
        OPENAI.replace("openai", "gemini"),
        format!("{OPENAI}prompt = \"gated\"\n"),
        format!("{OPENAI}prompt = \"dual-axis-reference\"\n"),
        format!("{OPENAI}axes = [\"omission\"]\n"),
        format!("{OPENAI}structured = true\n"),
        format!("{OPENAI}confidence = \"stated\"\n"),
        format!("{OPENAI}confidence = \"logprobabilities\"\n"),
        format!("{OPENAI}[sampling]\ntemperature = 0.5\n"),
        format!("{OPENAI}[sampling]\nmax_tokens = 10\n"),
        format!("{OPENAI}[sampling]\nseed = 0\n"),
        format!("{OPENAI}[query]\nv = \"1\"\n"),
        format!("{OPENAI}[headers]\nX-V = \"1\"\n"),
        "kind = \"command\"\ncommand = [\"a\"]\n".to_owned(),
        "kind = \"command\"\ncommand = [\"a\", \"b\"]\n".to_owned(),
    ] {
        let found = digest(&lines);
        assert!(!seen.contains(&found), "{lines}");
        seen.push(found);
    }
}

#[test]
fn the_texts_the_card_and_the_repeat_count_and_what_is_not_shown_does_not() {
    let spec = live(OPENAI);
    let (card, plain) = (card(), example());
    let of = |card: &Card, example: &Example, repeat: u32| spec.call(&Asked { card, example, repeat }).unwrap();
    let first = of(&card, &plain, 0);
    let repeated = of(&card, &plain, 1);
    assert_eq!((first.body == repeated.body, first.sha256 == repeated.sha256), (true, false));
    assert_eq!(first.prompt_sha256, repeated.prompt_sha256);
    let mut hidden = plain.clone();
    hidden.id = "other".to_owned();
    hidden.slices.clear();
    hidden.reference = None;
    hidden.required.clear();
    assert_eq!(of(&card, &hidden, 0), first);
    let mut other = plain.clone();
    other.response = Some(Text::Plain("Ask a doctor!".to_owned()));
    assert_ne!(of(&card, &other, 0).prompt_sha256, first.prompt_sha256);
    let mut levels = card.clone();
    levels.axes.omission.levels[1] = "slight".to_owned();
    assert_ne!(of(&levels, &plain, 0).sha256, first.sha256);
}
