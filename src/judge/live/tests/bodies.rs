//! Requests, compared whole.

use serde_json::{Value, json};

use super::*;

/// The body without the words of the prompt, which have their own tests: each message becomes `S` or `U`.
fn body(call: &Call) -> Value {
    fn shorten(value: &mut Value) {
        match value {
            Value::String(text) if text.starts_with("You ") => *text = "S".to_owned(),
            Value::String(text) if text.starts_with("What the person wrote") => *text = "U".to_owned(),
            Value::Array(values) => values.iter_mut().for_each(shorten),
            Value::Object(values) => values.values_mut().for_each(shorten),
            _ => {}
        }
    }
    let mut value = serde_json::from_str(&call.body).unwrap();
    shorten(&mut value);
    value
}

fn schema() -> Value {
    json!({
        "type": "object",
        "properties": {
            "rationale": {"type": "string"},
            "omission": {"type": "integer", "enum": [0, 1, 2]},
            "commission": {"type": "integer", "enum": [0, 1]},
        },
        "required": ["rationale", "omission", "commission"],
        "additionalProperties": false,
    })
}

#[test]
fn openai_with_everything() {
    let mut spec = live(
        "kind = \"openai\"\nmodel = \"gpt\"\nconfidence = \"logprobabilities\"\nsamples = 3\n[sampling]\n\
         temperature = 0.7\ntop_p = 0.9\nmax_tokens = 500\nseed = 7\n[headers]\nOpenAI-Organization = \"org-x\"\n",
    );
    let (card, example) = (card(), example());
    let call = spec.call(&Asked { card: &card, example: &example, repeat: 2 }).unwrap();
    assert_eq!(call.url, "https://api.openai.com/v1/chat/completions");
    assert_eq!(call.headers, [("openai-organization".to_owned(), "org-x".to_owned())]);
    let key = call.key.clone().unwrap();
    assert_eq!((key.variable.as_str(), key.header, key.prefix), ("OPENAI_API_KEY", "authorization", "Bearer "));
    assert_eq!(
        body(&call),
        json!({
            "model": "gpt",
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}],
            "temperature": 0.7,
            "top_p": 0.9,
            "max_completion_tokens": 500,
            "seed": 9,
            "logprobs": true,
            "top_logprobs": 20,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "verdict", "strict": true, "schema": schema()},
            },
        })
    );
    // Written in the order in which the model is to answer: the reasons before the verdict.
    let order = ["\"rationale\":{", "\"omission\":{", "\"commission\":{"].map(|key| call.body.find(key).unwrap());
    assert!(order.is_sorted(), "{}", call.body);
    assert_eq!(
        (spec.account().as_str(), spec.host().as_deref()),
        ("api.openai.com OPENAI_API_KEY", Some("api.openai.com"))
    );
    assert_eq!(call.most_output_tokens, 500);
    let read: Value = serde_json::from_str(&call.body).unwrap();
    let bytes: usize = (0..2).map(|index| read["messages"][index]["content"].as_str().unwrap().len()).sum();
    assert_eq!(call.input_tokens as usize, bytes.div_ceil(4));
    spec = spec.at_base_url("http://localhost:8080/v1/").unwrap();
    assert_eq!(spec.account(), "localhost:8080 OPENAI_API_KEY");
}

#[test]
fn openai_at_another_address_is_plain() {
    let spec = live("kind = \"openai\"\nmodel = \"llama\"\nbase_url = \"http://localhost:11434/v1\"\n");
    let call = call(&spec);
    assert_eq!((call.url.as_str(), call.key.clone()), ("http://localhost:11434/v1/chat/completions", None));
    assert_eq!(
        body(&call),
        json!({
            "model": "llama",
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}],
            "max_tokens": 2048,
        })
    );
}

#[test]
fn azure_has_its_own_header_and_a_query() {
    let spec = live(
        "kind = \"openai\"\nmodel = \"gpt\"\nbase_url = \"https://mine.openai.azure.com/openai/deployments/judge/\"\n\
         [query]\napi-version = \"2024-10-21\"\n",
    );
    let call = call(&spec);
    assert_eq!(
        call.url,
        "https://mine.openai.azure.com/openai/deployments/judge/chat/completions?api-version=2024-10-21"
    );
    let key = call.key.unwrap();
    assert_eq!((key.variable.as_str(), key.header, key.prefix), ("AZURE_OPENAI_API_KEY", "api-key", ""));
}

#[test]
fn anthropic() {
    let spec = live("kind = \"anthropic\"\nmodel = \"claude\"\n[sampling]\ntemperature = 0\nseed = 1\n");
    let call = call(&spec);
    assert_eq!(call.url, "https://api.anthropic.com/v1/messages");
    assert_eq!(call.headers, [("anthropic-version".to_owned(), "2023-06-01".to_owned())]);
    let key = call.key.clone().unwrap();
    assert_eq!((key.variable.as_str(), key.header, key.prefix), ("ANTHROPIC_API_KEY", "x-api-key", ""));
    assert_eq!(
        body(&call),
        json!({
            "model": "claude",
            "max_tokens": 2048,
            "system": "S",
            "messages": [{"role": "user", "content": "U"}],
            "temperature": 0.0,
            "output_config": {"format": {"type": "json_schema", "schema": schema()}},
        })
    );
}

#[test]
fn a_file_may_set_a_header_of_the_protocol_otherwise() {
    let spec = live("kind = \"anthropic\"\nmodel = \"claude\"\n[headers]\nAnthropic-Version = \"2099-01-01\"\n");
    assert_eq!(call(&spec).headers, [("anthropic-version".to_owned(), "2099-01-01".to_owned())]);
}

#[test]
fn gemini() {
    let spec = live(
        "kind = \"gemini\"\nmodel = \"models/gemini-x\"\nconfidence = \"logprobabilities\"\n[sampling]\nseed = 3\n",
    );
    let call = call(&spec);
    assert_eq!(call.url, "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent");
    let key = call.key.clone().unwrap();
    assert_eq!((key.variable.as_str(), key.header, key.prefix), ("GEMINI_API_KEY", "x-goog-api-key", ""));
    assert_eq!(
        body(&call),
        json!({
            "systemInstruction": {"parts": [{"text": "S"}]},
            "contents": [{"role": "user", "parts": [{"text": "U"}]}],
            "generationConfig": {
                "maxOutputTokens": 2048,
                "seed": 3,
                "responseLogprobs": true,
                "logprobs": 20,
                "responseMimeType": "application/json",
                "responseSchema": {
                    "type": "OBJECT",
                    "properties": {
                        "rationale": {"type": "STRING"},
                        "omission": {"type": "INTEGER", "minimum": 0, "maximum": 2},
                        "commission": {"type": "INTEGER", "minimum": 0, "maximum": 1},
                    },
                    "required": ["rationale", "omission", "commission"],
                    "propertyOrdering": ["rationale", "omission", "commission"],
                },
            },
        })
    );
}

#[test]
fn a_command_reads_one_line() {
    let spec = live("kind = \"command\"\ncommand = [\"./judge\", \"--fast\"]\n[sampling]\nseed = 1\n");
    let call = call(&spec);
    assert_eq!((call.url.as_str(), call.headers.len(), call.key.clone()), ("", 0, None));
    assert!(!call.body.contains('\n'));
    assert_eq!(
        body(&call),
        json!({"format": "lacuna-ask/1", "system": "S", "user": "U", "max_tokens": 2048, "seed": 1, "repeat": 0})
    );
    assert_eq!((spec.account().as_str(), spec.host()), ("command ./judge --fast", None));
}

#[test]
fn schemas_of_a_checklist_and_of_a_score() {
    let schema_of = |lines: &str| {
        let call = call(&live(lines));
        body(&call)["output_config"]["format"]["schema"].clone()
    };
    let mark = json!({"type": "string", "enum": ["hit", "partial", "miss"]});
    assert_eq!(
        schema_of("kind = \"anthropic\"\nmodel = \"m\"\nprompt = \"checklist\"\nconfidence = \"stated\"\n")["properties"],
        json!({
            "rationale": {"type": "string"},
            "items": {
                "type": "object",
                "properties": {"r1": mark, "r2": mark},
                "required": ["r1", "r2"],
                "additionalProperties": false,
            },
            "prohibited": {
                "type": "object",
                "properties": {"x1": {"type": "boolean"}},
                "required": ["x1"],
                "additionalProperties": false,
            },
            "p_omission": {"type": "number"},
            "p_commission": {"type": "number"},
        })
    );
    assert_eq!(
        schema_of("kind = \"anthropic\"\nmodel = \"m\"\n[score]\nscale = [1, 5]\ndirection = \"higher_is_better\"\n"),
        json!({
            "type": "object",
            "properties": {"rationale": {"type": "string"}, "score": {"type": "number"}},
            "required": ["rationale", "score"],
            "additionalProperties": false,
        })
    );
}
