//! Replies of every kind, read to the end; and that nothing in a reply can make the reader fail.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::json;

use super::call::{Asked, StoredReply};
use super::examples::{card, example, judge, live_spec};
use super::read::Reader;
use super::spec::{ConfidenceSource, LiveSpec, Provider, ReplyShape};
use super::verdict::ReadReply;
use crate::judge::JudgeSpec;
use crate::judge::score::{CutRule, ScoreDirection, ScoreSpec};
use crate::model::{Axis, Card, Example, ItemMark, Outcome, Verdict};

/// A judge, its specification, and one example.
struct Case {
    spec: LiveSpec,
    judge: JudgeSpec,
    card: Card,
    example: Example,
}

impl Case {
    fn new(shape: ReplyShape) -> Self {
        let mut spec = live_spec();
        spec.prompt.shape = shape;
        let mut judge = judge("j");
        if shape == ReplyShape::Score {
            let (scale, cut) = (Some((1.0, 10.0)), CutRule::Fixed(4.0));
            judge.score = Some(ScoreSpec { scale, direction: ScoreDirection::HigherIsBetter, cut });
        }
        Self { spec, judge, card: card(), example: example("e") }
    }

    fn stated(mut self) -> Self {
        self.spec.confidence = ConfidenceSource::Stated;
        self
    }

    fn read_reply(&self, status: u16, body: &str) -> ReadReply {
        let asked = Asked { card: &self.card, example: &self.example, repeat: 2 };
        let at = "2025-01-01T00:00:00Z".to_owned();
        let reply = StoredReply { status, body: body.to_owned(), latency_ms: 12.5, attempts: 3, at };
        self.spec.read(&self.judge, &asked, &reply, "f00")
    }

    /// Reads a text as the provider would have sent it.
    fn read(&self, text: &str) -> Verdict {
        let choice = json!({"message": {"content": text}, "finish_reason": "stop"});
        self.read_reply(200, &json!({"choices": [choice]}).to_string()).verdict
    }
}

#[test]
fn a_whole_reply_fills_every_field() {
    let case = Case::new(ReplyShape::Severities);
    let ReadReply { verdict, notes } = case.read_reply(200, include_str!("reply/samples/openai_stop.json"));
    let text = "{\"omission\": 2, \"commission\": 0, \"rationale\": \"A format sample.\"}";
    let expected = Verdict {
        repeat: 2,
        omission: Some(2),
        commission: Some(0),
        rationale: Some("A format sample.".to_owned()),
        raw: Some(text.to_owned()),
        model: Some("example-model-2025-01-01".to_owned()),
        prompt_sha256: Some("f00".to_owned()),
        input_tokens: Some(812),
        output_tokens: Some(24),
        // 812 tokens at 2 dollars a million and 24 at 10.
        cost_usd: Some(0.001864),
        latency_ms: Some(12.5),
        attempts: Some(3),
        at: Some("2025-01-01T00:00:00Z".to_owned()),
        ..Verdict::new("j", "e", Outcome::Scored)
    };
    assert!((verdict.cost_usd.unwrap() - 0.001864).abs() < 1e-15);
    assert_eq!(Verdict { cost_usd: expected.cost_usd, ..verdict }, expected);
    assert_eq!(notes.reader, Some(Reader::Strict));
}

#[test]
fn severities() {
    use Outcome::{NoVerdict, OffMenu, Scored};
    let case = Case::new(ReplyShape::Severities);
    for (text, outcome, omission, commission) in [
        (r#"{"omission": 4, "commission": 3}"#, Scored, Some(4), Some(3)),
        (r#"{"omission": "Severe", "commission": "none"}"#, Scored, Some(3), Some(0)),
        (r#"{"omission": 2}"#, Scored, Some(2), None),
        (r#"{"omission": 2, "commission": null}"#, Scored, Some(2), None),
        ("Omission: 1\nCommission: minor", Scored, Some(1), Some(1)),
        (r#"{"omission": 1, "commission": 0} No: {"omission": 3, "commission": 0}"#, Scored, Some(3), Some(0)),
        (r#"{"omission": 5, "commission": 0}"#, OffMenu, None, None),
        (r#"{"omission": 0, "commission": 4}"#, OffMenu, None, None),
        (r#"{"omission": 2.5}"#, OffMenu, None, None),
        (r#"{"omission": "it depends"}"#, OffMenu, None, None),
        ("omission: 2-3", OffMenu, None, None),
        (r#"{"omission": null, "commission": null}"#, NoVerdict, None, None),
        (r#"{"omission": ""}"#, NoVerdict, None, None),
        (r#"{"omission": 1e400}"#, NoVerdict, None, None),
        (r#"{"omission": NaN}"#, NoVerdict, None, None),
        (r#"{"score": 2}"#, NoVerdict, None, None),
        ("", NoVerdict, None, None),
        ("I cannot judge this.", NoVerdict, None, None),
    ] {
        let verdict = case.read(text);
        assert_eq!((verdict.outcome, verdict.omission, verdict.commission), (outcome, omission, commission), "{text}");
        assert_eq!(verdict.raw.as_deref(), Some(text));
    }
}

#[test]
fn an_axis_that_does_not_apply_or_is_not_answered_stays_null() {
    let mut case = Case::new(ReplyShape::Severities).stated();
    case.example.axes = vec![Axis::Omission];
    let text = r#"{"omission": 2, "commission": 9, "p_omission": 0.8, "p_commission": 0.1}"#;
    let check = |case: &Case| {
        let verdict = case.read(text);
        assert_eq!((verdict.outcome, verdict.omission, verdict.commission), (Outcome::Scored, Some(2), None));
        assert_eq!((verdict.p_omission, verdict.p_commission), (Some(0.8), None));
    };
    check(&case);
    case.example.axes = Axis::ALL.to_vec();
    case.spec.axes = vec![Axis::Omission];
    check(&case);
    assert_eq!(case.read(r#"{"commission": 2}"#).outcome, Outcome::NoVerdict);
}

#[test]
fn stated_probabilities() {
    let case = Case::new(ReplyShape::Severities).stated();
    for (text, expected) in [
        (r#"{"omission": 2, "commission": 0, "p_omission": 0.8, "p_commission": "5%"}"#, (Some(0.8), Some(0.05))),
        (r#"{"omission": 2, "commission": 0, "p_omission": 80}"#, (None, None)),
        (r#"{"omission": 2, "p_omission": 0.8, "p_commission": 0.5}"#, (Some(0.8), None)),
        ("omission: 2\np_omission: 80%", (Some(0.8), None)),
        (r#"{"omission": 9, "p_omission": 0.8}"#, (None, None)),
    ] {
        let verdict = case.read(text);
        assert_eq!((verdict.p_omission, verdict.p_commission), expected, "{text}");
    }
    let silent = Case::new(ReplyShape::Severities).read(r#"{"omission": 2, "p_omission": 0.8}"#);
    assert_eq!(silent.p_omission, None);
}

/// At the verdict's place: "2" e^-0.5, "1" e^-1.5, " 2" e^-3, all of which flag from 1; from 2 up, "1" does not.
#[test]
fn probabilities_from_tokens() {
    let mut case = Case::new(ReplyShape::Severities);
    case.spec.confidence = ConfidenceSource::LogProbabilities;
    let body = include_str!("reply/samples/openai_logprobs.json");
    assert_eq!(case.read_reply(200, body).verdict.p_omission, Some(1.0));
    case.judge.flag_at.insert(Axis::Omission, 2);
    let (two, one, spaced) = (f64::exp(-0.5), f64::exp(-1.5), f64::exp(-3.0));
    let found = case.read_reply(200, body).verdict.p_omission.unwrap();
    assert!((found - (two + spaced) / (two + one + spaced)).abs() < 1e-12, "{found}");
    // No tokens, no probability.
    assert_eq!(case.read(r#"{"omission": 2}"#).p_omission, None);
}

#[test]
fn scores() {
    use Outcome::{NoVerdict, OffMenu, Scored};
    let case = Case::new(ReplyShape::Score);
    for (text, outcome, score) in [
        (r#"{"score": 7}"#, Scored, Some(7.0)),
        (r#"{"score": "7/10", "rationale": "r"}"#, Scored, Some(7.0)),
        ("Good.\n\n**Score: 7/10**", Scored, Some(7.0)),
        ("Score: 3\nOverall score: 4", Scored, Some(4.0)),
        (r#"{"score": 0}"#, OffMenu, None),
        (r#"{"score": 11}"#, OffMenu, None),
        ("Score: 70%", OffMenu, None),
        ("Score: 4/5", OffMenu, None),
        (r#"{"omission": 2}"#, NoVerdict, None),
        ("7", NoVerdict, None),
    ] {
        let verdict = case.read(text);
        assert_eq!((verdict.outcome, verdict.score), (outcome, score), "{text}");
        assert_eq!((verdict.omission, verdict.commission), (None, None));
    }
    let stated = Case::new(ReplyShape::Score).stated().read(r#"{"score": 7, "p_omission": 0.5}"#);
    assert_eq!((stated.p_omission, stated.p_commission), (Some(0.5), None));
}

/// Omission 0 to 4: of three items, one missing and one in part is 3 of 6 halves: 4 * 3/6 = 2. One in part of three:
/// 4 * 1/6, rounded up. An item without a mark leaves its axis without a severity, but for a prohibited one that is there.
#[test]
fn checklists() {
    use Outcome::{NoVerdict, OffMenu, Scored};
    let case = Case::new(ReplyShape::Checklist);
    for (text, outcome, omission, commission) in [
        (
            r#"{"items": {"r0": "hit", "r1": "partial", "r2": "miss"}, "prohibited": {"x0": false, "x1": false}}"#,
            Scored,
            Some(2),
            Some(0),
        ),
        (r#"{"items": {"r0": "hit", "r2": "miss"}, "prohibited": {"x0": true}}"#, Scored, None, Some(3)),
        (r#"{"required": {"r0": "hit", "r1": "partial", "r2": "hit"}}"#, Scored, Some(1), None),
        (r#"{"prohibited": {"x0": "absent", "x1": "present"}}"#, Scored, None, Some(3)),
        (r#"{"items": {"r0": "hit", "r1": "hit", "r2": "hit"}}"#, Scored, Some(0), None),
        (r#"{"items": {"r0": "hit", "r1": "hit"}, "prohibited": {"x0": false}}"#, NoVerdict, None, None),
        (r#"{"items": {"r0": "hit", "r1": "hit"}, "prohibited": {"x0": false, "x1": false}}"#, Scored, None, Some(0)),
        (r#"{"items": {"r0": "yes"}}"#, OffMenu, None, None),
        (r#"{"items": {"r0": "hit"}, "prohibited": {"x0": "perhaps"}}"#, OffMenu, None, None),
        (r#"{"items": {"r9": "hit"}}"#, NoVerdict, None, None),
        (r#"{"items": {}}"#, NoVerdict, None, None),
        (r#"{"omission": 2}"#, NoVerdict, None, None),
    ] {
        let verdict = case.read(text);
        assert_eq!((verdict.outcome, verdict.omission, verdict.commission), (outcome, omission, commission), "{text}");
        assert!(outcome != OffMenu || verdict.items.is_empty());
    }
    let body = json!({"choices": [{"message": {"content": r#"{"items": {"r0": "hit", "r9": "miss"}, "prohibited": {"x0": false}}"#}}]});
    let ReadReply { verdict, notes } = case.read_reply(200, &body.to_string());
    assert_eq!(verdict.items.into_iter().collect::<Vec<_>>(), [("r0".to_owned(), ItemMark::Hit)]);
    assert_eq!((notes.unknown_items, notes.unmarked_items.join(" ")), (vec!["r9".to_owned()], "r1 r2 x1".to_owned()));
}

#[test]
fn what_is_no_answer_keeps_its_reason_and_its_text() {
    use Outcome::{Filtered, NoVerdict, Refused, RequestFailed, Truncated};
    let case = Case::new(ReplyShape::Severities);
    let choice = |reason: &str| {
        format!(r#"{{"choices":[{{"message":{{"content":"omission: 2"}},"finish_reason":"{reason}"}}]}}"#)
    };
    for (status, body, outcome, raw) in [
        (200, choice("length"), Truncated, "omission: 2"),
        (200, choice("content_filter"), Filtered, "omission: 2"),
        (200, include_str!("reply/samples/openai_refusal.json").to_owned(), Refused, "I cannot help with that."),
        (
            400,
            include_str!("reply/samples/azure_filter.json").to_owned(),
            Filtered,
            include_str!("reply/samples/azure_filter.json"),
        ),
        (200, "<html>".to_owned(), NoVerdict, "<html>"),
        (200, String::new(), NoVerdict, ""),
        (500, "broken".to_owned(), RequestFailed, "broken"),
        (500, choice("stop"), RequestFailed, &choice("stop")),
    ] {
        let verdict = case.read_reply(status, &body).verdict;
        assert_eq!((verdict.outcome, verdict.raw.as_deref()), (outcome, Some(raw)), "{status} {body}");
        assert_eq!((verdict.omission, verdict.commission, verdict.attempts), (None, None, Some(3)));
    }
}

#[test]
fn a_models_name_cannot_drive_the_terminal() {
    let case = Case::new(ReplyShape::Severities);
    let named = |name: &str| {
        let body = json!({"model": name, "choices": [{"message": {"content": ""}}]}).to_string();
        case.read_reply(200, &body).verdict.model
    };
    assert_eq!(named("m\u{1b}[2J\u{202e}\n").as_deref(), Some("m[2J"));
    assert_eq!(named(" \u{0} "), None);
    assert_eq!(named(&"m".repeat(5000)).unwrap().len(), 200);
}

/// Every verdict keeps the rules of a verdict file, whatever the reply.
fn check_rules(verdict: &Verdict) {
    let scored = verdict.outcome == Outcome::Scored;
    let says = verdict.omission.is_some() || verdict.commission.is_some() || verdict.score.is_some();
    assert_eq!(scored, says, "{verdict:?}");
    assert!(verdict.omission.is_none_or(|severity| (0..=4).contains(&severity)));
    assert!(verdict.commission.is_none_or(|severity| (0..=3).contains(&severity)));
    assert!(verdict.score.is_none_or(|score| (1.0..=10.0).contains(&score)));
    for probability in [verdict.p_omission, verdict.p_commission].into_iter().flatten() {
        assert!(scored && (0.0..=1.0).contains(&probability));
    }
    assert!(scored || verdict.outcome == Outcome::NoVerdict || verdict.items.is_empty());
    assert!(verdict.cost_usd.is_none_or(f64::is_finite));
    assert!(verdict.raw.is_some());
}

const SHAPES: [ReplyShape; 3] = [ReplyShape::Severities, ReplyShape::Score, ReplyShape::Checklist];
const PROVIDERS: [Provider; 4] = [Provider::OpenAi, Provider::Anthropic, Provider::Gemini, Provider::Command];

/// Pieces that replies are made of, whole and broken, one a line, each a JSON string.
const PIECES: &str = include_str!("read/pieces.txt");

#[test]
fn random_pieces_never_make_the_reader_fail() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let pieces: Vec<String> = PIECES.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut scored = 0;
    for round in 0..6000_usize {
        let mut case = Case::new(SHAPES[round % 3]);
        case.spec.confidence =
            if round % 2 == 0 { ConfidenceSource::Stated } else { ConfidenceSource::LogProbabilities };
        let length = random.next_u32() as usize % 25;
        let text: String = (0..length).map(|_| pieces[random.next_u32() as usize % pieces.len()].as_str()).collect();
        let verdict = case.read(&text);
        check_rules(&verdict);
        scored += usize::from(verdict.outcome == Outcome::Scored);
        for provider in PROVIDERS {
            case.spec.provider = provider;
            check_rules(&case.read_reply([200, 400, 429, 500][round % 4], &text).verdict);
            case.spec.disposition([200, 400, 429, 500][round % 4], &text);
        }
    }
    assert!(scored > 50, "only {scored} texts held a verdict: the pieces test nothing");
}

#[test]
fn random_bytes_and_cut_replies_never_make_the_reader_fail() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let samples = [
        include_str!("reply/samples/openai_logprobs.json"),
        include_str!("reply/samples/anthropic_tool.json"),
        include_str!("reply/samples/gemini_stop.json"),
        include_str!("reply/samples/gemini_day.json"),
    ];
    for (round, sample) in samples.iter().cycle().take(800).enumerate() {
        let mut bytes = sample.as_bytes().to_vec();
        bytes.truncate(random.next_u32() as usize % (bytes.len() + 1));
        for _ in 0..round % 4 {
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(random.next_u32() as usize % length) {
                *byte = random.next_u32() as u8;
            }
        }
        let body = String::from_utf8_lossy(&bytes);
        for provider in PROVIDERS {
            let mut case = Case::new(SHAPES[round % 3]);
            case.spec.provider = provider;
            case.spec.confidence = ConfidenceSource::LogProbabilities;
            check_rules(&case.read_reply(200, &body).verdict);
            case.spec.disposition(429, &body);
        }
    }
}

/// Each of these ten megabytes takes a part of a second; what grew with the square of the text would take hours.
#[test]
fn hostile_texts_are_read_in_linear_time() {
    let texts: [fn(usize) -> String; 10] = [
        |size| "{".repeat(size),
        |size| "}".repeat(size),
        |size| "{\"a\":".repeat(size / 5),
        |size| format!("{}{}", "{\"a\":".repeat(size / 6), "}".repeat(size / 6)),
        |size| "{}".repeat(size / 2),
        |size| "{\"omission\":".repeat(size / 12),
        |size| "\"\\".repeat(size / 2),
        |size| "omission: x\n".repeat(size / 12),
        |size| "omission:".repeat(size / 9),
        |size| format!("{{\"k\":\"{}\"", "{\n".repeat(size / 2)),
    ];
    let case = Case::new(ReplyShape::Severities);
    for text in texts {
        let text = format!("{}\n{{\"omission\": 2}}", text(10_000_000));
        check_rules(&case.read(&text));
    }
}
