"""Takes a set out to Label Studio and its answers back, with Label Studio itself.

It shows that Label Studio's own package accepts the configuration, the tasks and the predictions of
`lacuna gold export label-studio`; that a server takes the project; and that `lacuna gold import label-studio` reads what the
server exports, answer by answer. It needs the package label-studio (which brings label-studio-sdk) and the path of a lacuna binary;
docs/exchange.md says how to run it. It uses no network but a local socket.
"""

import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import tempfile
import time

import requests
from label_studio_sdk.label_interface import LabelInterface

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLD = ROOT / "gold_labels" / "lacuna-core"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
MARKS = ["hit", "partial", "miss"]


def lacuna(binary, *arguments):
    """Runs a command that has to succeed; what it printed and what it said."""
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def records(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def accepted_by_the_package(folder):
    """Configuration, tasks, predictions: what the package's own validation says."""
    interface = LabelInterface((folder / "config.xml").read_text())
    interface.validate()
    tasks = json.loads((folder / "tasks.json").read_text())
    checked = 0
    for task in tasks:
        assert interface.validate_task({"data": task["data"]}), task["data"]["key"]
        for prediction in task.get("predictions", []):
            errors = interface.validate_prediction(prediction, return_errors=True)
            assert not errors, errors
            checked += 1
    return interface, tasks, checked


def answers(task, items, person, draw):
    """What a person says of a task, as the annotations of the set will have it, and as Label Studio keeps it."""
    said, result = {"items": {}}, []

    def choose(name, to_name, chosen):
        result.append({"from_name": name, "to_name": to_name, "type": "choices", "value": {"choices": [chosen]}})

    def write(name, text):
        result.append({"from_name": name, "to_name": "response", "type": "textarea", "value": {"text": [text]}})

    for axis, top in [("omission", 4), ("commission", 3)]:
        if axis not in task["data"]["asked"]:
            said[axis] = None
        elif draw.random() < 0.1:
            said[axis] = None
            said.setdefault("cannot_judge", []).append(axis)
            choose(axis, "response", "cannot_judge")
        else:
            said[axis] = draw.randint(0, top)
            choose(axis, "response", str(said[axis]))
    for number, item in enumerate(items, 1):
        if draw.random() < 0.8:
            said["items"][item] = draw.choice(MARKS)
            choose(f"item_{number}", f"item_{number}_text", said["items"][item])
    if draw.random() < 0.3:
        said["mechanism"] = draw.choice(["dose left out", "=1+1", "naïve \u2014 \u6f22\u5b57"])
        write("other_mechanism", said["mechanism"])
    if draw.random() < 0.3:
        said["note"] = f"note of person {person}: <b>\"quoted\"</b> & more"
        write("note", said["note"])
    if not said["items"]:
        del said["items"]
    return said, result


class Server:
    """Label Studio on a local socket, with its data in a folder that goes away."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        environment = dict(
            os.environ,
            LABEL_STUDIO_BASE_DATA_DIR=str(folder),
            LABEL_STUDIO_HOST=self.url,
            LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN="true",
            COLLECT_ANALYTICS="false",
        )
        program = pathlib.Path(sys.executable).with_name("label-studio")
        arguments = ["start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
        person = ["--username", "owner@example.org", "--password", "secret-123", "--user-token", TOKEN]
        self.log_path = folder / "server.log"
        self.log = open(self.log_path, "w")
        self.process = subprocess.Popen(
            [program, *arguments, *person], env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )
        self.owner = {"Authorization": f"Token {TOKEN}"}

    def wait(self, seconds=1800):
        """Until it answers: the first start makes its data base, which takes minutes on a slow machine."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, f"label-studio ended; its log ends with\n{self.last_words()}"
            try:
                if requests.get(f"{self.url}/api/projects", headers=self.owner, timeout=5).status_code == 200:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            time.sleep(1)
        raise AssertionError(f"label-studio did not come up in {seconds} s; its log ends with\n{self.last_words()}")

    def last_words(self):
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-20:])

    def post(self, path, body, **more):
        reply = requests.post(self.url + path, json=body, headers=self.owner, timeout=120, **more)
        assert reply.status_code in (200, 201), (path, reply.status_code, reply.text[:300])
        return reply.json()

    def person(self, name):
        """Signs a person up, as the page does."""
        session = requests.Session()
        session.get(f"{self.url}/user/signup/", timeout=60)
        body = {"csrfmiddlewaretoken": session.cookies["csrftoken"], "email": f"{name}@example.org"}
        body |= {"password": "secret-123", "allow_newsletters": "false"}
        session.post(f"{self.url}/user/signup/", data=body, headers={"Referer": self.url}, timeout=60)
        session.headers.update({"X-CSRFToken": session.cookies["csrftoken"], "Referer": self.url})
        found = session.get(f"{self.url}/api/current-user/whoami", timeout=60).json()
        return session, found["id"]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()


def annotate(server, session, task, body):
    reply = session.post(f"{server.url}/api/tasks/{task}/annotations/", json=body, timeout=60)
    assert reply.status_code == 201, reply.text[:300]


def round_trip(binary, server, work):
    """Three people answer through the API; what comes back is what they said."""
    lacuna(binary, "gold", "export", "label-studio", GOLD, "--out", work / "tasks")
    interface, tasks, _ = accepted_by_the_package(work / "tasks")
    keys = json.loads((work / "tasks" / "keys.json").read_text())["keys"]
    required = {one["id"]: [item["id"] for item in one.get("required", [])] for one in records(GOLD / "examples.jsonl")}
    config = (work / "tasks" / "config.xml").read_text()
    project = server.post("/api/projects", {"title": "from lacuna", "label_config": config})["id"]
    imported = server.post(f"/api/projects/{project}/import?return_task_ids=true", tasks)
    assert imported["task_count"] == len(tasks), imported
    draw, expected, skipped = random.Random(1), {}, 0
    people = [server.person(name) for name in ["ann", "ben", "cas"]]
    some = list(zip(imported["task_ids"], tasks))[:60]
    for task_id, task in some:
        example = keys[task["data"]["key"]]
        for session, number in people:
            if draw.random() < 0.1:
                annotate(server, session, task_id, {"result": [], "was_cancelled": True})
                skipped += 1
                continue
            said, result = answers(task, required[example], number, draw)
            errors = interface._validate_object({"result": result}, return_errors=True)
            assert not errors, errors
            annotate(server, session, task_id, {"result": result, "lead_time": 4.2})
            expected[example, number] = said
    # A draft that nobody submits.
    session, _ = people[0]
    draft = {"result": answers(tasks[60], [], 0, draw)[1]}
    reply = session.post(f"{server.url}/api/tasks/{imported['task_ids'][60]}/drafts", json=draft, timeout=60)
    assert reply.status_code == 201, reply.text[:300]
    address = f"{server.url}/api/projects/{project}/export?exportType=JSON&download_all_tasks=true"
    export = requests.get(address, headers=server.owner, timeout=120)
    (work / "export.json").write_bytes(export.content)
    first = people[0][1]
    arguments = ["--from", work / "export.json", "--keys", work / "tasks" / "keys.json", "--gold", GOLD]
    _, said = lacuna(
        binary, "gold", "import", "label-studio", *arguments, "--out", work / "back", "--raters", f"{first}=ann"
    )
    assert f"{skipped} skipped annotations" in said and "1 drafts" in said, said
    names = {number: "ann" if number == first else f"rater-{number}" for _, number in people}
    found = {}
    for record in records(work / "back" / "annotations.jsonl"):
        example, rater = record.pop("example"), record.pop("rater")
        assert record.pop("rater_kind") == "human" and record.pop("at").startswith("20")
        found[example, rater] = record
    assert found == {(example, names[number]): said for (example, number), said in expected.items()}
    text = "".join((work / "back" / name).read_text() for name in ["card.toml", "annotations.jsonl"])
    assert "@example.org" not in text
    lacuna(binary, "gold", "check", work / "back")
    lacuna(binary, "gold", "agreement", work / "back")
    lacuna(binary, "audit", "--gold", work / "back", "--out", work / "report")
    return len(found), skipped


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        lacuna(binary, "gold", "export", "label-studio", GOLD, "--out", work / "shown", "--predictions")
        _, tasks, predictions = accepted_by_the_package(work / "shown")
        print(f"the package accepts the configuration, {len(tasks)} tasks and {predictions} predictions")
        (work / "server").mkdir()
        server = Server(work / "server")
        try:
            server.wait()
            count, skipped = round_trip(binary, server, work)
            print(f"{count} annotations of three people came back as they were given, {skipped} skipped ones were counted")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
