"""Requests as programs of this version send them, and what answers to them look like, for later versions to keep to.

`python -m tests.contract.requests` writes `wire-N/requests.jsonl`: a request a line with its answer's status and
shape. Recordings of a version that was released are never made again: a new version gets a folder of its own.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rvc.config import ConvertConfig, TrainConfig
from rvc.jobs import ConvertSpec, EvaluateSpec, TrainSpec
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from tests.agents import RunningAgent, httpx2, running
from tests.contract.record import RECORDED

FILE = "requests.jsonl"
TAKE = b"a take"
BLOB = hashlib.sha256(TAKE).hexdigest()
FORM = "multipart/form-data; boundary=b"
JSON = "application/json"
PARTS = {"kind": "train", "name": "Anna", "train.preset": "draft", "consent": "Anna, in writing"}

Request = dict[str, Any]


@contextmanager
def still_agent(place: Path) -> Iterator[tuple[RunningAgent, "httpx2.Client"]]:
    """Run an agent with the built-in kinds of jobs, none of which starts."""
    (place / "agent" / "jobs").mkdir(parents=True)
    lock = Lock(place / "agent" / "jobs" / LOCK)
    assert lock.acquire()
    with running(place / "agent", kinds_module="rvc.jobs.kinds") as agent, agent.client() as client:
        yield agent, client
        lock.release()


def _requests() -> Iterator[Request]:
    """Yield what is sent; `{job}` stands for the job that was made last."""
    recordings = {"recordings": [{"folder": "takes", "files": [{"blob": BLOB, "name": "a.flac"}]}]}
    given = {"model": [{"blob": BLOB, "name": "anna.safetensors"}], **recordings}
    specs: list[tuple[Any, Any]] = [
        (TrainSpec(name="Anna", train=TrainConfig(preset="draft"), consent="Anna, in writing"), recordings),
        (ConvertSpec(convert=ConvertConfig(pitch_shift="auto"), priority=2), given),
        (EvaluateSpec(language="ko", keep_days=3), given),
    ]
    yield {"method": "GET", "path": "/health"}
    yield {"method": "HEAD", "path": f"/blobs/{BLOB}"}
    for _ in range(2):
        yield {"method": "PUT", "path": f"/blobs/{BLOB}", "body": TAKE.decode()}
    yield {"method": "GET", "path": f"/blobs/{BLOB}"}
    for number, (spec, inputs) in enumerate(specs):
        body = json.dumps({"spec": spec.model_dump(mode="json"), "inputs": inputs})
        headers = {"Content-Type": JSON, "Idempotency-Key": f"key-{number}"}
        for path in ("/jobs", f"/model/{spec.kind}"):
            yield {"method": "POST", "path": path, "headers": headers, "body": body}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in PARTS.items()
    )
    head = '--b\r\nContent-Disposition: form-data; name="recordings"; filename="a.flac"\r\n\r\n'
    form = f"{parts}{head}{TAKE.decode()}\r\n--b--\r\n"
    yield {"method": "POST", "path": "/model/train", "headers": {"Content-Type": FORM}, "body": form}
    yield {
        "method": "POST",
        "path": "/model/train",
        "headers": {"Content-Type": JSON},
        "body": '{"spec": {"train": {"steps": -1}}}',
    }
    for path in (
        "",
        "?state=queued&state=paused",
        "?limit=1",
        "/{job}",
        "/{job}/artifacts",
        "/{job}/events?wait_s=0",
        "/nothing",
    ):
        yield {"method": "GET", "path": f"/jobs{path}"}
    for step, body in (
        ("pause", None),
        ("resume", None),
        ("finish", None),
        ("move", "{}"),
        ("priority", '{"priority": 3}'),
        ("cancel", None),
        ("retry", None),
        ("cancel", None),
    ):
        headers = {"headers": {"Content-Type": JSON}} if body else {}
        yield {"method": "POST", "path": f"/jobs/{{job}}/{step}", "body": body or "", **headers}
    yield {"method": "GET", "path": "/jobs/{job}/events", "headers": {"Last-Event-ID": "2"}}
    yield {"method": "DELETE", "path": "/jobs/{job}"}
    targets = [
        {
            "id": "mine",
            "kind": "webhook",
            "url": "http://127.0.0.1:9/",
            "secret": "s" * 16,
            "events": ["failed"],
        }
    ]
    wanted = json.dumps({"language": "ko", "targets": targets})
    yield {"method": "PUT", "path": "/me/notifications", "headers": {"Content-Type": JSON}, "body": wanted}
    for path in ("/me", "/me/notifications", "/me/notifications/deliveries", "/models", "/models/nothing"):
        yield {"method": "GET", "path": path}
    yield {"method": "DELETE", "path": "/me/data"}


def send(client: "httpx2.Client", request: Request, job: str) -> "httpx2.Response":
    """Send a recorded request."""
    return client.request(
        request["method"],
        request["path"].replace("{job}", job),
        headers=request.get("headers"),
        content=request.get("body", "").encode(),
    )


def job_of(answer: "httpx2.Response", job: str) -> str:
    """Return the job that an answer says was made, or the one before."""
    return answer.headers.get("location", f"/jobs/{job}").removeprefix("/jobs/")


def shape(answer: "httpx2.Response") -> Any:
    """Say what an answer is made of: JSON with types in place of values; of others, the kind of content."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "text/event-stream":
        lines = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
        return [_shape(json.loads(line)) for line in lines]
    return _shape(answer.json()) if kind.endswith("json") and answer.content else kind


def _shape(value: Any) -> Any:
    match value:
        case dict():
            return {name: _shape(one) for name, one in value.items()}
        case list():
            return [_shape(one) for one in value[:1]]
        case bool() | str() | None:
            return type(value).__name__
        case _:
            return "number"


def differences(old: Any, new: Any, place: str = "answer") -> list[str]:
    """Return where a program that knows the old shape would miss something in the new one."""
    if "NoneType" in (old, new):
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        missing = [f"{place}.{name} is gone" for name in old.keys() - new.keys()]
        both = old.keys() & new.keys()
        return missing + [
            line for name in sorted(both) for line in differences(old[name], new[name], f"{place}.{name}")
        ]
    if isinstance(old, list) and isinstance(new, list):
        pairs = zip(old, new, strict=False)
        return [line for number, pair in enumerate(pairs) for line in differences(*pair, f"{place}.{number}")]
    return [] if old == new else [f"{place} was {old}, is {new}"]


def record(place: Path) -> None:
    """Send every request to this version, and write down what came back."""
    lines, job = list[str](), ""
    with still_agent(place) as (_, client):
        for request in _requests():
            answer = send(client, request, job)
            job = job_of(answer, job)
            lines.append(json.dumps({**request, "status": answer.status_code, "shape": shape(answer)}))
    (RECORDED / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        record(Path(folder))
