"""Who may do what: every endpoint times every kind of caller, and what surrounds all requests."""

import html
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rvc.errors import InputError
from tests.agents import RunningAgent, httpx2, put, running, settings_for, wait_for
from tests.jobs import until

pytest.importorskip("fastapi")
from remote_agent.__main__ import main
from remote_agent.rates import Rates
from remote_agent.users import Users

COUNT = {"spec": {"kind": "count", "steps": 1}}
PUBLIC = {("GET", "/health")}
ADMINS = {("GET", "/metrics"), ("GET", "/users"), ("DELETE", "/users/{user_name}/data")}
MODEL_PATHS = ("/models/{model_id}", "/models/{model_id}/files/{part}")
FORGED = "rvc_" + "x" * 43


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAgent]:
    with running(tmp_path_factory.mktemp("access") / "agent") as agent:
        yield agent


@pytest.fixture(scope="module")
def owned(agent: RunningAgent) -> SimpleNamespace:
    """What anna has: a job that is done, and a blob."""
    with agent.client() as client:
        job = client.post("/jobs", json=COUNT).raise_for_status().json()
        wait_for(client, job["id"], "done")
        return SimpleNamespace(job=job["id"], blob=put(client, b"a take"))


def _operations(agent: RunningAgent) -> list[tuple[str, str]]:
    with agent.client(None) as client:
        paths = client.get("/openapi.json").raise_for_status().json()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def _call(
    client: "httpx2.Client", token: str | None, operation: tuple[str, str], owned: SimpleNamespace
) -> int:
    method, path = operation
    values = {
        "job_id": owned.job,
        "model_id": owned.job,
        "sha256": owned.blob,
        "name": "result.txt",
        "part": "model",
        "user_name": "anna",
    }
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body = {"json": {"priority": 1} if path.endswith("priority") else {}} if method in ("POST", "PUT") else {}
    return int(client.request(method, path, headers=headers, **body).status_code)


def _matrix(agent: RunningAgent, token: str | None, owned: SimpleNamespace) -> dict[tuple[str, str], int]:
    operations = sorted(
        _operations(agent), key=lambda one: one[0] == "DELETE"
    )  # which leaves nothing to look at
    with agent.client(None) as client:
        return {operation: _call(client, token, operation, owned) for operation in operations}


@pytest.mark.parametrize("kind", ["none", "forged", "revoked"])
def test_strangers_get_nothing(agent: RunningAgent, owned: SimpleNamespace, kind: str) -> None:
    tokens = {"none": None, "forged": FORGED, "revoked": agent.token("gone")}
    if kind == "revoked":
        with agent.client("gone") as client:
            assert client.get("/jobs").status_code == 200
        Users(agent.home).revoke("gone")  # takes effect at once, in an agent that runs
    found = _matrix(agent, tokens[kind], owned)
    assert len(found) >= 20
    assert {operation for operation, status in found.items() if status != 401} == PUBLIC


def test_users_see_only_their_own(agent: RunningAgent, owned: SimpleNamespace) -> None:
    found = _matrix(agent, agent.token("eve"), owned)
    assert {operation for operation, status in found.items() if status == 403} == ADMINS
    named = {one: status for one, status in found.items() if "{" in one[1] and one not in ADMINS}
    uploads = {("PUT", "/blobs/{sha256}")}
    assert {operation for operation, status in named.items() if status not in (404, 422)} == set()
    assert {operation for operation, status in named.items() if status == 422} <= uploads | {
        ("GET", "/models/{model_id}/files/{part}")
    }
    with agent.client("eve") as client:
        assert client.get("/jobs").json() == client.get("/models").json() == []
        stolen = {"spec": {"kind": "count"}, "inputs": {"numbers": [{"blob": owned.blob}]}}
        assert client.post("/jobs", json=stolen).json()["code"] == "unknown_blob"
        client.delete("/me/data").raise_for_status()
    with agent.client() as client:
        assert client.get(f"/jobs/{owned.job}").json()["state"] == "done"
        assert client.head(f"/blobs/{owned.blob}").status_code == 200


def test_owners_and_administrators_get_what_is_there(agent: RunningAgent, owned: SimpleNamespace) -> None:
    for name in ("anna", "root"):
        with agent.client(name) as client:
            assert [job["id"] for job in client.get("/jobs").json()] == [owned.job]
            assert client.get(f"/jobs/{owned.job}/artifacts/result.txt").text == "1"
            assert client.get("/metrics").status_code == (200 if name == "root" else 403)
    with agent.client("root") as client:  # blobs are nobody else's, whoever asks
        assert client.get(f"/blobs/{owned.blob}").status_code == 404
        numbers = client.get("/metrics").text
    assert 'rvc_jobs{kind="count",state="done"} 1' in numbers
    assert 'rvc_requests_total{method="GET",route="/jobs/{job_id}",status="200"}' in numbers


def test_every_endpoint_lets_owners_and_administrators_in(tmp_path: Path) -> None:
    with running(tmp_path / "agent") as agent:
        for name in ("anna", "root"):
            with agent.client() as client:
                job = client.post("/jobs", json=COUNT).raise_for_status().json()["id"]
                wait_for(client, job, "done")
                owned = SimpleNamespace(job=job, blob=put(client, b"a take"))
            found = _matrix(agent, agent.token(name), owned)
            refused = {operation for operation, status in found.items() if status in (401, 403)}
            assert refused == (ADMINS if name == "anna" else set())
            missing = {
                operation for operation, status in found.items() if status == 404 and operation[0] == "GET"
            }
            blobs = {("GET", "/blobs/{sha256}")} if name == "root" else set()  # nobody else's, whoever asks
            assert missing == blobs | {("GET", path) for path in MODEL_PATHS}  # the job made no model


def test_an_administrator_removes_what_a_user_left_who_is_gone(agent: RunningAgent) -> None:
    with agent.client("left") as client:
        job = client.post("/jobs", json=COUNT).raise_for_status().json()["id"]
        blob = put(client, b"another take")
    Users(agent.home).revoke("left")
    with agent.client("root") as client:
        known = {user["name"]: user for user in client.get("/users").json()}
        assert known["left"]["revoked"]
        assert "token_sha256" not in known["left"]
        removed = client.delete("/users/left/data").raise_for_status().json()["removed"]
        assert {one["what"]: one["count"] for one in removed}["jobs"] == 1
        assert client.get(f"/jobs/{job}").status_code == 404
        for name, status in (("nobody", 404), ("..%2fanna", 404), ("Anna", 422)):
            assert client.delete(f"/users/{name}/data").status_code == status
    assert not (agent.home / "blobs" / "left" / blob).exists()


def test_tokens_are_kept_as_hashes_only(tmp_path: Path) -> None:
    users = Users(tmp_path)
    token = users.add("anna")
    kept = (tmp_path / "users.json").read_text()
    assert token not in kept
    assert token.removeprefix("rvc_") not in kept
    assert users.find(token) is not None
    assert users.find(token[:-1]) is None
    with pytest.raises(InputError, match="has a token"):
        users.add("anna")
    users.revoke("anna")
    assert users.find(token) is None
    assert users.find("") is None
    assert Users(tmp_path).find(users.add("anna")) is not None


@pytest.mark.parametrize("name", ["", "..", "a/b", "Ann", "a b", "x" * 33, "-a"])
def test_names_that_could_be_paths_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        Users(tmp_path).add(name)
    assert caught.value.code == "bad_name"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.org"])
def test_a_public_address_needs_tls(tmp_path: Path, host: str) -> None:
    with pytest.raises(InputError) as caught:
        settings_for(tmp_path, host=host).require_safe_address()
    assert caught.value.code == "public_without_tls"
    settings_for(tmp_path, host="127.0.0.1").require_safe_address()


def test_folders_are_private(agent: RunningAgent, owned: SimpleNamespace) -> None:
    folders = [agent.home, agent.home / "jobs", agent.home / "jobs" / owned.job, agent.home / "staging"]
    folders += [agent.home / "blobs", *(agent.home / "blobs").iterdir(), *(agent.home / "staging").iterdir()]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    files = [
        agent.home / "users.json",
        agent.home / "audit.jsonl",
        agent.home / "blobs" / "anna" / owned.blob,
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_every_answer_is_careful_and_audited(agent: RunningAgent, owned: SimpleNamespace) -> None:
    with agent.client() as client:
        for path in ("/jobs", "/nothing", "/docs", f"/jobs/{owned.job}/artifacts/result.txt"):
            headers = client.get(path).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert headers["cache-control"] == "no-store"
    until(lambda: _fetched(agent), "the log has what was answered")
    fetched = _fetched(agent)
    assert fetched[-1]["status"] == 200
    assert fetched[-1]["sent_bytes"] == 1
    assert agent.token("anna") not in (agent.home / "audit.jsonl").read_text()


def _fetched(agent: RunningAgent) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in (agent.home / "audit.jsonl").read_text().splitlines()]
    return [one for one in entries if one["path"].endswith("result.txt") and one["user"] == "anna"]


def test_the_reference_names_every_endpoint_and_loads_nothing_from_elsewhere(agent: RunningAgent) -> None:
    with agent.client(None) as client:
        page = client.get("/docs")
        style = client.get("/docs/style.css")
    assert (page.status_code, style.status_code) == (200, 200)
    for method, path in _operations(agent):
        assert f"<b>{method}</b> <code>{path}</code>" in page.text
    assert f"'{agent.url}/model/train'" in html.unescape(page.text)
    links = re.findall(r'(?:href|src)="([^"]*)"', page.text)
    anchors = {f"#{name}" for name in re.findall(r'id="([^"]*)"', page.text)}
    assert {link for link in links if link.startswith("#")} <= anchors
    assert {link for link in links if not link.startswith("#")} == {"/docs/style.css", "/openapi.json"}
    assert "<script" not in page.text
    assert "url(" not in style.text
    assert "unsafe" not in page.headers["content-security-policy"]


def test_too_many_requests_wait(tmp_path: Path) -> None:
    with running(tmp_path / "agent", rate=0.01, burst=3) as agent, agent.client() as client:
        answers = [client.get("/jobs") for _ in range(5)]
        assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
        assert answers[-1].status_code == 429
        assert int(answers[-1].headers["retry-after"]) >= 1
        with agent.client("eve") as other:
            assert other.get("/jobs").status_code == 200


def test_a_bucket_fills_up_again_and_strangers_are_forgotten() -> None:
    now = [0.0]
    rates = Rates(per_s=2, burst=2, clock=lambda: now[0])
    assert [rates.wait_s("a") for _ in range(3)] == [0, 0, 0.5]
    now[0] = 0.5
    assert rates.wait_s("a") == 0
    for number in range(20_000):
        rates.wait_s(str(number))
    assert len(rates._buckets) <= 10_000


def test_the_agent_loads_no_torch_and_no_window(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib, remote_agent.app as a, remote_agent.settings as s\n"
        "a.create_app(s.AgentSettings(home=pathlib.Path(sys.argv[1])))\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert {"torch", "numpy", "librosa", "PySide6", "paramiko"} & set(done.stdout.split()) == set()


def test_commands_say_what_they_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "--home", str(tmp_path / "agent")])
        return code, *capsys.readouterr()

    assert said("token", "list")[::2] == (
        0,
        "Nobody has a token yet: `rvc-agent token add NAME` gives one.\n",
    )
    code, token, _ = said("token", "add", "anna")
    assert (code, token.count("\n"), token[:4]) == (0, 1, "rvc_")
    assert "anna" in said("token", "list")[1]
    assert said("token", "add", "../x")[0] == 3
    assert said("token", "revoke", "eve")[0] == 3
    assert said("status") == (1, "No agent runs.\n", "")
    assert said("stop")[0] == 0
    code, _, refused = said("serve", "--host", "0.0.0.0")
    assert (code, "--tls-cert" in refused) == (3, True)
    assert said("serve", "--jobs", "none")[0] == 3
    assert said("serve", "--tls-cert", "x")[0] == 3
    unit = said("unit", "--port", "9000")[1]
    assert "KillMode=process" in unit
    if shutil.which("systemd-analyze"):
        place = tmp_path / "rvc-agent.service"
        place.write_text(unit)
        command = ["systemd-analyze", "verify", "--user", str(place)]
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert "serve" in unit
    assert "--port 9000" in unit
