"""Jobs over HTTP: submitted by one request, followed without a gap, fetched in parts, removed on request."""

import contextlib
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rvc.jobs import State
from tests.agents import RunningAgent, httpx2, put, running, wait_for
from tests.jobs import LONG, until

Events = list[dict[str, Any]]


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAgent]:
    with running(tmp_path_factory.mktemp("jobs") / "agent", heartbeat_s=0.3, streams=3, files=5) as agent:
        yield agent


@pytest.fixture
def client(agent: RunningAgent) -> Iterator["httpx2.Client"]:
    with agent.client() as client:
        yield client
        client.delete("/me/data").raise_for_status()


def count(client: "httpx2.Client", key: str | None = None, **settings: object) -> str:
    """Submit a counting job and return its id."""
    headers = {"Idempotency-Key": key} if key else {}
    body = {"spec": {"kind": "warm-count", "step_s": 0, **settings}}
    answer = client.post("/jobs", json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/jobs/{answer.json()['id']}"
    return str(answer.json()["id"])


def read_events(client: "httpx2.Client", job_id: str, most: int = 10**6, **headers: str) -> Events:
    """Follow a job for so many events, as a browser would."""
    events: Events = []
    with client.stream("GET", f"/jobs/{job_id}/events", headers=headers) as answer:
        if answer.status_code == 204:
            return events
        assert answer.headers["content-type"].startswith("text/event-stream")
        number = ""
        for line in answer.iter_lines():
            if line.startswith("id: "):
                number = line[4:]
            if line.startswith("data: "):
                events.append(json.loads(line[6:]))
                assert str(events[-1]["number"]) == number
            if len(events) >= most:
                break
    return events


def test_a_form_makes_a_job(client: "httpx2.Client") -> None:
    form = {"kind": "count", "name": "Änna", "steps": "2", "consent": "Anna, in writing", "keep_days": "3"}
    files = [
        ("numbers", (name, b"1 2 3")) for name in ("../../etc/passwd", "b.flac", "C:\\x\\con.WAV", ".hidden")
    ]
    answer = client.post("/jobs", data=form, files=files)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert (job["kind"], job["name"], job["state"], job["progress"]) == ("count", "Änna", "queued", 0.0)
    assert (job["spec"]["consent"], job["spec"]["steps"], job["keep_days"]) == ("Anna, in writing", 2, 3.0)
    done = wait_for(client, job["id"], "done")
    assert done["progress"] == 1.0
    assert str(done["kept_until"]) > datetime.now(UTC).isoformat()


def test_names_of_files_never_become_paths(agent: RunningAgent, client: "httpx2.Client") -> None:
    names = ("../../etc/passwd", "b.flac", "C:\\x\\con.WAV", ".hidden", "b.flac")
    job = client.post(
        "/jobs", data={"kind": "count"}, files=[("numbers", (name, b"1")) for name in names]
    ).json()
    folder = agent.home / "jobs" / job["id"] / "inputs" / "numbers"
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert found == ["0001/passwd", "0002/b.flac", "0003/_con.wav", "0004/hidden", "0005/b.flac"]
    assert list((agent.home / "staging" / "anna").iterdir()) == []


def test_json_names_blobs_and_folders(agent: RunningAgent, client: "httpx2.Client") -> None:
    one, two = put(client, b"one"), put(client, b"two")
    folder = {
        "folder": "takes",
        "files": [{"blob": one, "name": "anna/1.flac"}, {"blob": two, "name": "../2.flac"}],
    }
    inputs = {"numbers": [{"blob": one, "name": "x/y.flac"}, folder]}
    job = client.post("/jobs", json={"spec": {"kind": "count"}, "inputs": inputs}).raise_for_status().json()
    place = agent.home / "jobs" / job["id"] / "inputs" / "numbers"
    found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    assert found == ["0001/y.flac", "0002/takes/2.flac", "0002/takes/anna/1.flac"]


def test_the_same_key_makes_one_job(client: "httpx2.Client") -> None:
    first = count(client, key="once")
    assert count(client, key="once") == first
    assert count(client, key="twice") != first
    other = client.post("/jobs", json={"spec": {"kind": "count"}}, headers={"Idempotency-Key": "once"})
    assert (other.status_code, other.json()["code"]) == (409, "key_used")
    with_space = client.post("/jobs", json={"spec": {"kind": "count"}}, headers={"Idempotency-Key": "a b"})
    assert with_space.status_code == 422


WRONG: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"json": {"spec": {"kind": "count", "steps": -1}}}, 422, "bad_spec", "steps"),
    ({"json": {"spec": {"kind": "count", "stepz": 1}}}, 422, "bad_spec", "stepz"),
    ({"json": {"spec": {"kind": "songs"}}}, 422, "unknown_kind", None),
    ({"json": {"spec": {"kind": "count", "version": 9}}}, 422, "newer_spec", None),
    ({"json": {"spec": {"kind": "count"}, "inputs": {"songs": []}}}, 422, "unknown_input", None),
    (
        {"json": {"spec": {"kind": "count"}, "inputs": {"numbers": [{"blob": "0" * 64}]}}},
        404,
        "unknown_blob",
        None,
    ),
    (
        {"json": {"spec": {"kind": "count"}, "inputs": {"model": [{"model": "no-1"}]}}},
        404,
        "unknown_model",
        None,
    ),
    ({"json": {"sqec": {}}}, 422, "bad_submission", "sqec"),
    ({"content": b"{", "headers": {"Content-Type": "application/json"}}, 422, "bad_submission", None),
    ({"content": b"", "headers": {"Content-Type": "text/plain"}}, 415, "bad_media_type", None),
    ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, 422, "bad_form", None),
    (
        {"content": b"--b\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        422,
        "bad_form",
        None,
    ),
    ({"data": {"kind": "count", "spec": "{"}, "files": {"numbers": b"1"}}, 422, "bad_spec", "spec"),
    ({"data": {"name": "x" * 70_000}, "files": {"numbers": b"1"}}, 413, "field_too_large", "name"),
    ({"files": [("numbers", ("a", b"1"))] * 6}, 413, "too_many_files", "numbers"),
    (
        {"data": {"numbers": "blob:x", "kind": "count"}, "files": {"numbers": b"1"}},
        422,
        "bad_reference",
        "numbers",
    ),
]


@pytest.mark.parametrize(
    ("request_", "status", "code", "field"), WRONG, ids=[f"{w[2]}-{w[3]}" for w in WRONG]
)
def test_what_is_wrong_is_named(
    client: "httpx2.Client", request_: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = client.post("/jobs", **request_)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["field"] == field
    assert problem["detail"].endswith(".")
    assert client.get("/jobs").json() == []


def test_a_body_that_is_no_text_is_named(client: "httpx2.Client") -> None:
    headers = {"Content-Type": "application/json"}
    for method, path in (("PUT", "/me/notifications"), ("POST", "/jobs/nothing/priority")):
        answer = client.request(method, path, content=b"\xff\x01", headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "body")


def test_kinds_have_addresses_of_their_own(client: "httpx2.Client") -> None:
    wrong = client.post("/model/train", json={"spec": {"kind": "convert"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_kind")


def test_a_stream_that_was_cut_goes_on_without_a_gap(client: "httpx2.Client") -> None:
    job = count(client, steps=60, step_s=0.01)
    events = read_events(client, job, most=3)
    while len(events) < 10_000:
        more = read_events(client, job, most=7, **{"Last-Event-ID": str(events[-1]["number"])})
        if not more:
            break
        events += more
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    assert events[-1]["body"] == {"event": "state", "state": "done", "attempt": 1}
    assert events == read_events(client, job)
    assert client.get(f"/jobs/{job}/events", headers={"Last-Event-ID": "x"}).status_code == 422


def test_a_silent_stream_shows_that_it_lives(client: "httpx2.Client") -> None:
    job = count(client, **LONG)
    until(lambda: client.post(f"/jobs/{job}/pause").is_success)
    wait_for(client, job, "paused")
    with client.stream("GET", f"/jobs/{job}/events") as answer:
        lines = iter(answer.iter_lines())
        assert next(line for line in lines if line.startswith(":")) == ": still there"
        client.delete(f"/jobs/{job}").raise_for_status()
        assert [line for line in lines if line.startswith("data")] == []  # and it ends with the job


def test_streams_are_limited_and_given_back(agent: RunningAgent, client: "httpx2.Client") -> None:
    job = count(client, **LONG)
    with contextlib.ExitStack() as stack:
        streams = [stack.enter_context(client.stream("GET", f"/jobs/{job}/events")) for _ in range(3)]
        lines = [answer.iter_lines() for answer in streams]
        assert all(next(one).startswith("retry") for one in lines)
        assert client.get(f"/jobs/{job}/events").json()["code"] == "too_many_streams"
    assert agent.agent is not None
    until(lambda: agent.agent.streams["anna"] == 0, "closed streams are noticed")  # type: ignore[union-attr]


def test_results_are_fetched_whole_or_in_part(client: "httpx2.Client") -> None:
    job = count(client, steps=12)
    wait_for(client, job, "done")
    assert client.get(f"/jobs/{job}/artifacts").json() == [{"name": "result.txt", "size_bytes": 2}]
    whole = client.get(f"/jobs/{job}/artifacts/result.txt")
    assert (whole.text, whole.headers["content-type"]) == ("12", "application/octet-stream")
    assert "attachment" in whole.headers["content-disposition"]
    part = client.get(f"/jobs/{job}/artifacts/result.txt", headers={"Range": "bytes=1-"})
    assert (part.status_code, part.text) == (206, "2")
    for name in ("..%2fspec.json", "spec.json", "%2fetc%2fpasswd", "result.txt%00"):
        assert client.get(f"/jobs/{job}/artifacts/{name}").status_code == 404


def test_steps_that_do_not_follow_are_conflicts(client: "httpx2.Client") -> None:
    job = count(client)
    wait_for(client, job, "done")
    for step in ("pause", "resume", "cancel", "retry"):
        assert client.post(f"/jobs/{job}/{step}").json()["code"] == "wrong_state"
    assert client.delete(f"/jobs/{job}").status_code == 204
    assert client.get(f"/jobs/{job}").json()["code"] == "unknown_job"


def test_everything_of_a_user_is_removed_and_named(agent: RunningAgent, client: "httpx2.Client") -> None:
    running_job, queued = count(client, **LONG), count(client, **LONG)
    put(client, b"a recording")
    answer = client.delete("/me/data").raise_for_status().json()
    removed = {one["what"]: one for one in answer["removed"]}
    assert removed["jobs"]["count"] == 2
    assert {name.split()[0] for name in removed["jobs"]["names"]} == {running_job, queued}
    assert (removed["uploads"]["count"], removed["uploads"]["size_bytes"]) == (1, 11)
    assert answer["kept"]
    left = [path for path in agent.home.rglob("*") if running_job in path.name or "anna" in path.parts]
    assert [path for path in left if path.is_file()] == []
    assert client.get("/jobs").json() == []


def test_jobs_are_kept_as_long_as_was_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    from remote_agent.upkeep import clean

    with running(tmp_path_factory.mktemp("kept") / "agent", job_days=1e-9) as agent, agent.client() as client:
        job = count(client)
        wait_for(client, job, "done")
        assert agent.agent is not None
        clean(agent.agent)
        assert client.get(f"/jobs/{job}").status_code == 404


def test_jobs_come_in_pages(
    agent: RunningAgent, client: "httpx2.Client", monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [count(client) for _ in range(5)]
    wait_for(client, made[-1], "done")
    page = client.get("/jobs", params={"limit": 2, "state": "done"})
    pages = [[job["id"] for job in page.json()]]
    while "next" in page.links:
        page = client.get(page.links["next"]["url"])
        pages.append([job["id"] for job in page.json()])
    assert pages == [made[3:], made[1:3], made[:1]]
    assert client.get("/jobs", params={"limit": 0}).json()["field"] == "limit"
    monkeypatch.setattr("rvcstudio.remote.client.PAGE_JOBS", 2)
    with contextlib.closing(agent.jobs()) as service:
        assert [job.id for job in service.jobs()] == made
        assert service.jobs({State.RUNNING}) == []


REPLAYED = {"kind": "count", "steps": "2"}


def test_a_request_that_is_sent_again_makes_one_job(agent: RunningAgent, client: "httpx2.Client") -> None:
    """Also when both are on their way at once, when the job has ended, and when the agent has started anew."""
    files = [("numbers", ("a.flac", b"1"))]

    def send(to: "httpx2.Client" = client) -> str:
        answer = to.post("/jobs", data=REPLAYED, files=files, headers={"Idempotency-Key": "again"})
        return str(answer.raise_for_status().json()["id"])

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: send(), range(8)))
    (job,) = made
    wait_for(client, job, "done")
    assert send() == job
    with agent.client("eve") as other:
        assert send(other) != job  # a key is a user's own
        other.delete("/me/data").raise_for_status()
    with running(agent.home) as again:
        again.tokens.update(agent.tokens)
        with again.client() as restarted:
            assert send(restarted) == job
    assert len(client.get("/jobs").json()) == 1
    assert list((agent.home / "staging" / "anna").iterdir()) == []
    client.delete(f"/jobs/{job}").raise_for_status()
    assert send() != job


def test_limits_of_jobs_hold(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("limits") / "agent", jobs=1) as agent, agent.client() as client:
        count(client, **LONG)
        more = client.post("/jobs", json={"spec": {"kind": "count"}})
        assert (more.status_code, more.json()["code"]) == (429, "too_many_jobs")
        client.delete("/me/data").raise_for_status()


def test_waiting_for_nothing_ends(client: "httpx2.Client") -> None:
    job = count(client, **LONG)
    wait_for(client, job, State.RUNNING)
    client.post(f"/jobs/{job}/pause")
    wait_for(client, job, "paused")
    began = time.monotonic()
    assert client.get(f"/jobs/{job}/events", params={"wait_s": 0.2}).status_code == 200
    assert timedelta(seconds=time.monotonic() - began) < timedelta(seconds=10)
