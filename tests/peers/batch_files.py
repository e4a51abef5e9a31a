"""Has the types of the official Python clients read the files that `lacuna run --batch-out` writes, and the lines of results
that `--batch-in` reads. Run by hand, since it needs packages:

    python3 -m venv venv && venv/bin/pip install anthropic google-genai
    venv/bin/python tests/peers/batch_files.py target/debug/lacuna

Nothing is sent. Last accepted by anthropic 2.14.0 and google-genai 3.6.1.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

from anthropic.types.messages import MessageBatchIndividualResponse
from anthropic.types.messages.batch_create_params import BatchCreateParams
from google.genai import types
from pydantic import TypeAdapter

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUDGE = """format = "lacuna-judge/1"
name = "{kind}"
kind = "{kind}"
model = "m"
structured = true
[sampling]
seed = 1
temperature = 0.5
"""

RESULTS = {
    "MessageBatchSucceededResult": {
        "type": "succeeded",
        "message": {
            "id": "m",
            "type": "message",
            "role": "assistant",
            "content": [{"type": "text", "text": "{}"}],
            "model": "m",
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 1, "output_tokens": 1},
        },
    },
    "MessageBatchErroredResult": {
        "type": "errored",
        "error": {"type": "error", "error": {"type": "invalid_request_error", "message": "m"}},
    },
    "MessageBatchExpiredResult": {"type": "expired"},
    "MessageBatchCanceledResult": {"type": "canceled"},
}


def write(lacuna: pathlib.Path, folder: pathlib.Path) -> None:
    (folder / "judges").mkdir()
    for kind in ("anthropic", "gemini"):
        (folder / "judges" / f"{kind}.toml").write_text(JUDGE.format(kind=kind))
    gold = ROOT / "gold_labels" / "lacuna-starter"
    command = [lacuna, "run", "--gold", gold, "--judge", "judges", "--batch-out", "batch"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def main() -> None:
    lacuna = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write(lacuna, folder)
        body = json.loads((folder / "batch" / "anthropic-1.json").read_text())
        requests = list(TypeAdapter(BatchCreateParams).validate_python(body)["requests"])
        print(f"anthropic: {len(requests)} requests")
        lines = (folder / "batch" / "gemini-1.jsonl").read_text().splitlines()
        for line in map(json.loads, lines):
            assert set(line) == {"key", "request"}, set(line)
            request = line["request"]
            assert set(request) <= {"contents", "systemInstruction", "generationConfig"}, set(request)
            [types.Content.model_validate(content) for content in request["contents"]]
            types.Content.model_validate(request["systemInstruction"])
            types.GenerationConfig.model_validate(request["generationConfig"])
        print(f"gemini: {len(lines)} requests")
    for expected, result in RESULTS.items():
        read = MessageBatchIndividualResponse.model_validate({"custom_id": "x", "result": result})
        assert type(read.result).__name__ == expected, type(read.result)
    print(f"anthropic: {len(RESULTS)} kinds of results")


if __name__ == "__main__":
    main()
