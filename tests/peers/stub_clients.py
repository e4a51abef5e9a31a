"""Asks the stub provider with the official Python clients of OpenAI, Anthropic and Google.

It shows that the stub speaks their protocols: their typed replies, their structured output and their error classes. It needs
the packages openai, anthropic and google-genai and the path of a lacuna binary; docs/stub.md says how to run it. It uses no
network but a local socket and no key.
"""

import json
import pathlib
import subprocess
import sys
import typing

import anthropic
import openai
import pydantic
from google import genai
from google.genai import errors, types

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLD = ROOT / "gold_labels" / "lacuna-starter"
KEY = "no-secret"


class Verdict(pydantic.BaseModel):
    rationale: str
    omission: int
    commission: int
    p_omission: float


class Marked(pydantic.BaseModel):
    id: str
    mark: typing.Literal["hit", "partial", "miss"]


class Checklist(pydantic.BaseModel):
    items: list[Marked]


class Stub:
    """A running stub, stopped at the end of the block."""

    def __init__(self, binary: str, *flags: str):
        self.command = [binary, "stub-server", "--port", "0", *flags]

    def __enter__(self) -> str:
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        return self.process.stdout.readline().strip()

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def openai_client(address: str, key: str = KEY) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, timeout=20)


def anthropic_client(address: str, key: str = KEY) -> anthropic.Anthropic:
    return anthropic.Anthropic(base_url=address, api_key=key, max_retries=0, timeout=20)


def gemini_client(address: str, key: str = KEY) -> genai.Client:
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=address, timeout=20_000))


def harmful_example() -> tuple[str, int]:
    """A prompt about an example that is harmful by omission, and its severity."""
    rows = [json.loads(line) for line in (GOLD / "annotations.jsonl").read_text().splitlines()]
    harmful = {row["example"]: row["omission"] for row in rows if row.get("omission")}
    for line in (GOLD / "examples.jsonl").read_text().splitlines():
        example = json.loads(line)
        if example["id"] in harmful:
            asked = '{"rationale": "...", "omission": <0-4>, "commission": <0-3>, "p_omission": <0 to 1>}'
            return f"Judge.\n\nResponse:\n<<<\n{example['response']}\n>>>\n\nAnswer with JSON: {asked}", harmful[example["id"]]
    raise SystemExit("the set has no example that is harmful by omission")


def raised(kind: type[Exception], call: typing.Callable[[], object]) -> Exception:
    try:
        call()
    except kind as error:
        return error
    raise SystemExit(f"no {kind.__name__}")


def check_openai(address: str, prompt: str, severity: int) -> None:
    client = openai_client(address)
    messages = [{"role": "user", "content": prompt}]
    reply = client.chat.completions.create(model="m", messages=messages, logprobs=True, top_logprobs=5, temperature=0)
    assert json.loads(reply.choices[0].message.content)["omission"] == severity
    assert reply.model == "m" and reply.usage.total_tokens > 0 and reply.choices[0].finish_reason == "stop"
    tokens = reply.choices[0].logprobs.content
    assert "".join(token.token for token in tokens) == reply.choices[0].message.content
    assert max(len(token.top_logprobs) for token in tokens) == 5
    assert all(bytes(token.bytes).decode() == token.token for token in tokens)
    parsed = client.chat.completions.parse(model="m", messages=messages, response_format=Verdict)
    assert parsed.choices[0].message.parsed.omission == severity
    checklist = client.chat.completions.parse(model="m", messages=messages, response_format=Checklist)
    assert any(item.mark == "miss" for item in checklist.choices[0].message.parsed.items)
    assert [model.id for model in client.models.list()] == ["stub"]
    azure = openai.AzureOpenAI(azure_endpoint=address, api_version="2024-10-21", api_key=KEY, max_retries=0)
    assert azure.chat.completions.create(model="grader", messages=messages).model == "grader"


def check_anthropic(address: str, prompt: str, severity: int) -> None:
    client = anthropic_client(address)
    asked = {"model": "m", "max_tokens": 200, "messages": [{"role": "user", "content": prompt}]}
    reply = client.messages.create(**asked)
    assert json.loads(reply.content[0].text)["omission"] == severity
    assert reply.stop_reason == "end_turn" and reply.usage.input_tokens > 0 and reply.model == "m"
    tool = {"name": "verdict", "description": "The verdict.", "input_schema": Verdict.model_json_schema()}
    forced = client.messages.create(**asked, tools=[tool], tool_choice={"type": "tool", "name": "verdict"})
    assert forced.stop_reason == "tool_use" and forced.content[0].type == "tool_use"
    assert Verdict(**forced.content[0].input).omission == severity
    parsed = client.messages.parse(**asked, output_format=Verdict)
    assert parsed.parsed_output.omission == severity


def check_gemini(address: str, prompt: str, severity: int) -> None:
    client = gemini_client(address)
    config = types.GenerateContentConfig(
        response_mime_type="application/json", response_schema=Verdict, response_logprobs=True, logprobs=5, temperature=0
    )
    reply = client.models.generate_content(model="flash", contents=prompt, config=config)
    assert reply.parsed.omission == severity and reply.model_version == "flash"
    assert reply.candidates[0].finish_reason == types.FinishReason.STOP and reply.usage_metadata.total_token_count > 0
    chosen = reply.candidates[0].logprobs_result.chosen_candidates
    assert "".join(token.token for token in chosen) == reply.text
    plain = client.models.generate_content(model="flash", contents=prompt)
    assert json.loads(plain.text)["omission"] == severity


def ask_all(address: str, key: str = KEY) -> list[typing.Callable[[], object]]:
    """The same short question over each protocol, in the order OpenAI, Anthropic, Google."""
    messages = [{"role": "user", "content": "Answer with JSON."}]
    # Google's client closes when it is collected, so the calls hold the clients.
    first, second, third = openai_client(address, key), anthropic_client(address, key), gemini_client(address, key)
    return [
        lambda: first.chat.completions.create(model="m", messages=messages),
        lambda: second.messages.create(model="m", max_tokens=9, messages=messages),
        lambda: third.models.generate_content(model="m", contents="Answer with JSON."),
    ]


def check_errors(binary: str) -> None:
    with Stub(binary, "--require-key", "the-right-one") as address:
        kinds = [openai.AuthenticationError, anthropic.AuthenticationError, errors.ClientError]
        for kind, call in zip(kinds, ask_all(address)):
            assert "the-right-one" not in str(raised(kind, call))
        for call in ask_all(address, "the-right-one"):
            call()
    with Stub(binary, "--requests-per-minute", "1", "--burst", "1") as address:
        calls = ask_all(address)
        calls[0]()
        for kind, call in [(openai.RateLimitError, calls[0]), (anthropic.RateLimitError, calls[1])]:
            headers = raised(kind, call).response.headers
            assert 1 <= int(headers["retry-after"]) <= 60 and 0 < int(headers["retry-after-ms"]) <= 60_000
        assert raised(errors.ClientError, calls[2]).code == 429
    with Stub(binary, "--quota", "0") as address:
        calls = ask_all(address)
        assert raised(openai.RateLimitError, calls[0]).code == "insufficient_quota"
        assert "credit balance" in str(raised(anthropic.BadRequestError, calls[1]))
        assert raised(errors.ClientError, calls[2]).status == "RESOURCE_EXHAUSTED"
    with Stub(binary, "--error-rate-overloaded", "1") as address:
        kinds = [openai.InternalServerError, anthropic.APIStatusError, errors.ServerError]
        for kind, call in zip(kinds, ask_all(address)):
            raised(kind, call)
    with Stub(binary, "--model", "another") as address:
        for kind, call in zip([openai.NotFoundError, anthropic.NotFoundError, errors.ClientError], ask_all(address)):
            raised(kind, call)
    with Stub(binary, "--cut-rate", "1") as address:
        raised(openai.APIConnectionError, ask_all(address)[0])
        raised(anthropic.APIConnectionError, ask_all(address)[1])


def check_retries(binary: str) -> None:
    """The clients' own retries get through a stub that fails half of the time, whichever way it spells the wait."""
    with Stub(binary, "--error-rate-429", "0.5", "--retry-after-ms", "20") as address:
        client = openai.OpenAI(base_url=f"{address}/v1", api_key=KEY, max_retries=12, timeout=20)
        for number in range(12):
            messages = [{"role": "user", "content": f"Answer with JSON. {number}"}]
            assert client.chat.completions.create(model="m", messages=messages).choices


def check_answers(binary: str) -> None:
    messages = [{"role": "user", "content": "Answer with JSON."}]
    asked = {"model": "m", "max_tokens": 9, "messages": messages}
    with Stub(binary, "--refusal-rate", "1") as address:
        parsed = openai_client(address).chat.completions.parse(model="m", messages=messages, response_format=Verdict)
        assert parsed.choices[0].message.refusal and parsed.choices[0].message.parsed is None
        assert anthropic_client(address).messages.create(**asked).stop_reason == "refusal"
    with Stub(binary, "--filter-rate", "1") as address:
        reply = openai_client(address).chat.completions.create(model="m", messages=messages)
        assert reply.choices[0].finish_reason == "content_filter"
        assert "content filtering policy" in str(raised(anthropic.BadRequestError, ask_all(address)[1]))
        blocked = ask_all(address)[2]()
        assert blocked.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT
    with Stub(binary, "--truncation-rate", "1") as address:
        assert openai_client(address).chat.completions.create(model="m", messages=messages).choices[0].finish_reason == "length"
        assert anthropic_client(address).messages.create(**asked).stop_reason == "max_tokens"


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: stub_clients.py PATH_OF_LACUNA")
    binary = sys.argv[1]
    prompt, severity = harmful_example()
    sharp = ["--gold", str(GOLD), "--omission-recall", "1", "--commission-recall", "1", "--false-alarm-rate", "0"]
    with Stub(binary, *sharp) as address:
        check_openai(address, prompt, severity)
        check_anthropic(address, prompt, severity)
        check_gemini(address, prompt, severity)
    check_errors(binary)
    check_retries(binary)
    check_answers(binary)
    print(f"accepted by openai {openai.__version__}, anthropic {anthropic.__version__}, google-genai {genai.__version__}")


if __name__ == "__main__":
    main()
