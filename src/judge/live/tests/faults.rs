//! Faults of judge files: key, line, what was found and what is allowed; and never a key itself.

use super::*;
use crate::judge::live::{ConfidenceSource, PanelRule, PanelSpec, Provider};

/// What is wrong with a file of these lines below its format and name; the first of them is line 3.
fn problems_of(lines: &str) -> String {
    JudgeSpec::from_text(Path::new("j/a.toml"), &format!("{HEAD}{lines}")).unwrap_err().to_string()
}

const OPENAI: &str = "kind = \"openai\"\nmodel = \"m\"\n";

#[test]
fn faults_name_their_key_and_line() {
    for (lines, expected) in [
        ("base_url = \"http://judge.example/v1\"", "5: base_url: is http, to a host elsewhere; allowed: https://"),
        ("base_url_env = \"a b\"", "5: base_url_env: found \"a b\"; allowed: the name of a variable"),
        ("api_key_env = \"1X\"", "5: api_key_env: found \"1X\"; allowed: the name of a variable"),
        ("prompt = \"dual\"", "5: prompt: found \"dual\"; allowed: overall, overall-reference, dual-axis,"),
        ("prompt = \"../p.md\"", "5: prompt: found \"../p.md\"; allowed: a path inside the judge's own folder"),
        ("prompt = \"p.md\"", "5: prompt: j/p.md: cannot be read"),
        ("prompt = \"overall\"", "1: score: is missing; allowed: [score] with `scale` and `direction`"),
        (
            "prompt = \"gated\"\n[score]\nscale = [1, 5]\ndirection = \"higher_is_better\"",
            "5: prompt: asks for no score, and the file has [score]",
        ),
        ("samples = 0", "5: samples: found 0; allowed: 1 to 1000"),
        (
            "confidence = \"gut\"",
            "5: confidence: found `gut`; allowed: `none`, `stated`, `logprobabilities`, `samples`",
        ),
        ("confidence = \"samples\"", "5: confidence: found \"samples\" with one sample"),
        (
            "confidence = \"samples\"\nsamples = 5\n[sampling]\ntemperature = 0",
            "8: sampling.temperature: found 0 beside confidence",
        ),
        ("prompt = \"checklist\"\nconfidence = \"logprobabilities\"", "6: confidence: a checklist has no menu"),
        (
            "confidence = \"stated\"\n[score]\nscale = [1, 5]\ndirection = \"higher_is_better\"",
            "5: confidence: found beside a prompt for one score",
        ),
        ("[sampling]\ntemperature = 2.5", "6: sampling.temperature: found 2.5; allowed: 0 to 2"),
        ("sampling = { top_p = 0.0 }", "5: sampling.top_p: found 0; allowed: above 0 to 1"),
        ("[sampling]\nmax_tokens = 0", "6: sampling.max_tokens: found 0; allowed: 1 or more"),
        ("[sampling]\nseed = 9000000000", "6: sampling.seed: found 9000000000; allowed: 0 to"),
        ("[sampling]\ntop_k = 1", "6: top_k: unknown key; allowed: `temperature`, `top_p`, `max_tokens`, `seed`"),
        ("[limits]\nconcurrency = 0", "6: limits.concurrency: found 0; allowed: 1 to 10000"),
        ("[limits]\nattempts = 0", "6: limits.attempts: found 0; allowed: 1 to 100"),
        ("[limits]\ntimeout_s = nan", "6: limits.timeout_s: found NaN; allowed: above 0 to 86400 seconds"),
        (
            "[price]\noutput_per_million_usd = 1\ninput_per_million_usd = -1",
            "7: price.input_per_million_usd: found -1; allowed: 0 or more",
        ),
        ("[headers]\n\"a b\" = \"x\"", "6: headers.a b: is no name of a header"),
        ("[headers]\nHost = \"x\"", "6: headers.Host: is set by the client"),
        ("[headers]\nX-A = \"a\\r\\nb\"", "6: headers.X-A: holds more than plain ASCII"),
        ("[headers]\nX-A = \"a\"\nx-a = \"b\"", "7: headers.x-a: stands twice"),
        ("command = [\"x\"]", "5: command: does not belong to this kind of judge (kind = \"openai\")"),
        ("members = [\"x\", \"y\"]", "5: members: does not belong to this kind of judge"),
        ("rate = 0.5", "5: rate: does not belong to this kind of judge"),
    ] {
        let found = problems_of(&format!("{OPENAI}{lines}\n"));
        assert!(found.starts_with(&format!("j/a.toml:{expected}")), "{lines}\n{found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    for (lines, expected) in [
        ("kind = \"openai\"", "1: model: is missing; allowed: the name of a model"),
        ("kind = \"command\"", "1: command: is missing; allowed: a program and its arguments"),
        ("kind = \"command\"\ncommand = []", "4: command: is missing"),
        ("kind = \"command\"\ncommand = [\"x\"]\nbase_url = \"https://h.example\"", "5: base_url: does not belong"),
        ("kind = \"command\"\ncommand = [\"x\"]\napi_key_env = \"K\"", "5: api_key_env: does not belong"),
        (
            "kind = \"command\"\ncommand = [\"x\"]\nconfidence = \"logprobabilities\"",
            "5: confidence: command gives no log-probabilities",
        ),
        (
            "kind = \"anthropic\"\nmodel = \"m\"\nconfidence = \"logprobabilities\"",
            "5: confidence: anthropic gives no log-probabilities",
        ),
        (
            "kind = \"anthropic\"\nmodel = \"m\"\n[sampling]\ntemperature = 1.5",
            "6: sampling.temperature: found 1.5; allowed: 0 to 1",
        ),
        ("kind = \"panel\"\nmembers = [\"a\"]", "4: members: found 1; allowed: the names of 2 judges or more"),
        ("kind = \"panel\"\nmembers = [\"a\", \"b\", \"a\"]", "4: members: found a name twice"),
        ("kind = \"panel\"\nmembers = [\"a\", \"j\"]", "4: members: found the panel itself"),
        ("kind = \"panel\"\nmembers = [\"a\", \"b\"]\nrule = \"mean\"", "5: rule: found `mean`; allowed: `majority`,"),
        ("kind = \"panel\"\nmembers = [\"a\", \"b\"]\nmodel = \"m\"", "5: model: does not belong"),
    ] {
        let found = problems_of(&format!("{lines}\n"));
        assert!(found.starts_with(&format!("j/a.toml:{expected}")), "{lines}\n{found}");
    }
}

#[test]
fn a_key_in_a_file_is_refused_and_never_repeated() {
    let secret = "sk-Planted0Planted0Planted0";
    for lines in [
        format!("{OPENAI}[headers]\nAuthorization = \"{secret}\"\n"),
        format!("{OPENAI}[headers]\nX-Api-Key = \"{secret}\"\n"),
        format!("{OPENAI}[headers]\nX-Other = \"Bearer {secret}\"\n"),
        format!("{OPENAI}headers = {{ api-key = \"{secret}\" }}\n"),
        format!("{OPENAI}[query]\nkey = \"{secret}\"\n"),
        format!("{OPENAI}[query]\nv = \"{secret}\"\n"),
        format!("{OPENAI}api_key_env = \"{secret}\"\n"),
        format!("{OPENAI}base_url = \"https://u:{secret}@h.example\"\n"),
        format!("{OPENAI}base_url = \"https://h.example/?key={secret}\"\n"),
        format!("{OPENAI}api_key = \"{secret}\"\n"),
        format!("{OPENAI}headers = \"{secret}\"\n"),
        format!("{OPENAI}command = \"judge --key {secret}\"\n"),
        format!("kind = \"command\"\ncommand = [\"judge\", \"--key={secret}\"]\n"),
    ] {
        let found = problems_of(&lines);
        assert!(!found.contains("Planted"), "{found}");
        let hinted = found.contains("hint: ") || found.contains("base_url: holds a ") || found.contains("like a key");
        assert!(hinted, "{found}");
    }
}

#[test]
fn every_fault_of_a_file_is_reported() {
    let found =
        problems_of("kind = \"openai\"\nsamples = 0\nbase_url = \"x\"\nprompt = \"y\"\n[limits]\nattempts = 0\n");
    for key in ["model", "samples", "base_url", "prompt", "limits.attempts"] {
        assert!(found.contains(&format!(": {key}: ")), "{key}\n{found}");
    }
}

#[test]
fn defaults() {
    let spec = live(OPENAI);
    assert_eq!((spec.provider, spec.samples, spec.confidence), (Provider::OpenAi, 1, ConfidenceSource::None));
    assert_eq!((spec.prompt.name.as_str(), spec.structured, spec.sampling.max_tokens), ("dual-axis", true, 2048));
    assert_eq!((spec.limits.concurrency, spec.limits.attempts, spec.limits.most_reply_bytes), (8, 6, 1_048_576));
    let key = |lines: &str| {
        let spec = live(&format!("{OPENAI}{lines}"));
        (spec.endpoint.api_key_env, spec.structured)
    };
    assert_eq!(key(""), (Some("OPENAI_API_KEY".to_owned()), true));
    assert_eq!(key("base_url = \"http://localhost:8000/v1\"\n"), (None, false));
    assert_eq!(key("base_url = \"https://openrouter.ai/api/v1\"\n"), (Some("OPENROUTER_API_KEY".to_owned()), false));
    assert_eq!(key("base_url = \"https://judge.example/v1\"\n"), (None, false));
    assert_eq!(key("api_key_env = \"MINE\"\nstructured = false\n"), (Some("MINE".to_owned()), false));
    let judge = judge("kind = \"panel\"\nmembers = [\"a\", \"b\"]\nrule = \"mean-probability\"\n");
    let members = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(judge.kind, JudgeKind::Panel(PanelSpec { members, rule: PanelRule::MeanProbability }));
    assert_eq!(judge.kind.name(), "panel");
}

#[test]
fn the_address_of_a_variable_is_checked_like_a_files() {
    let fault = live(OPENAI).at_base_url("http://u:secret@judge.example").unwrap_err();
    assert!(fault.starts_with("holds a user name") && !fault.contains("secret"), "{fault}");
}
