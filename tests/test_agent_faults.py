"""Accidents: the agent is killed in the middle of a job, its database is damaged, two are started."""

import contextlib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agents import address, httpx2, process, running, wait_for
from tests.jobs import LONG, cleared, kill_dispatcher, until
from tests.receivers import make_certificate

from remote_agent.__main__ import main  # isort: skip
from remote_agent.serving import running as find_running  # isort: skip
from remote_agent.users import Users  # isort: skip

CODE = """
import pathlib, sys
from remote_agent.serving import serve
from tests.agents import settings_for
serve(settings_for(pathlib.Path(sys.argv[1])), print)
"""


@contextlib.contextmanager
def counting_process(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run an agent of counting jobs in a process that can be killed."""
    started = subprocess.Popen(
        [sys.executable, "-c", CODE, str(home)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def client_at(home: Path, agent: "subprocess.Popen[bytes]", token: str) -> "httpx2.Client":
    headers = {"Authorization": f"Bearer {token}"}
    return httpx2.Client(base_url=address(home, agent), headers=headers, timeout=30, trust_env=False)


def checkpoints(client: "httpx2.Client", job_id: str) -> list[int]:
    text = client.get(f"/jobs/{job_id}/events", params={"wait_s": 0}).text
    return [int(part.split(",")[0].rstrip("}")) for part in text.split('"checkpoint","step":')[1:]]


def test_jobs_outlive_an_agent_that_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "agent"
    token = Users(home).add("anna")
    with cleared(home / "jobs"):
        with counting_process(home) as agent, client_at(home, agent, token) as client:
            spec = {"kind": "count", "steps": 150, "step_s": 0.02}
            job = client.post("/jobs", json={"spec": spec}).raise_for_status().json()["id"]
            until(lambda: checkpoints(client, job))
            agent.kill()
        kill_dispatcher(home / "jobs")  # and the queue with it: the next agent starts another
        with counting_process(home) as agent, client_at(home, agent, token) as client:
            done = wait_for(client, job, "done")
            assert done["attempt"] == 1  # the worker was adopted, not replaced
            assert checkpoints(client, job) == list(range(1, 151))


def test_a_damaged_database_is_made_again(tmp_path: Path) -> None:
    with running(tmp_path / "agent") as agent, agent.client() as client:
        spec = {"kind": "count", "steps": 2}
        job = client.post("/jobs", json={"spec": spec}).raise_for_status().json()["id"]
        wait_for(client, job, "done")
        database = agent.home / "jobs" / "queue.sqlite3"
        for suffix in ("-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        database.write_bytes(b"nonsense" * 4096)
        answers = [client.get("/jobs") for _ in range(3)]
        assert {answer.status_code for answer in answers} <= {200, 503}
        assert [one["id"] for one in answers[-1].json()] == [job]
        assert client.get("/models").status_code == 200
        assert database.with_name("queue.sqlite3.damaged-1").exists()


def test_there_is_one_agent_and_it_can_be_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "agent"
    with process(home) as agent:
        url = address(home, agent)
        assert main(["status", "--home", str(home)]) == 0
        assert url in capsys.readouterr().out
        assert main(["serve", "--home", str(home)]) == 3
        assert "already" in capsys.readouterr().err
        assert main(["stop", "--home", str(home)]) == 0
        assert agent.wait(10) == 0
    assert find_running(home) is None


def test_an_address_in_use_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tmp_path / "one") as agent:
        port = agent.url.rpartition(":")[2]
        assert main(["serve", "--port", port, "--home", str(tmp_path / "two")]) == 3
        assert port in capsys.readouterr().err


def test_an_agent_that_stops_ends_its_streams(tmp_path: Path) -> None:
    with running(tmp_path / "agent") as agent, agent.client() as client:
        job = client.post("/jobs", json={"spec": {"kind": "count", **LONG}}).raise_for_status().json()["id"]
        with client.stream("GET", f"/jobs/{job}/events") as answer:
            lines = answer.iter_lines()
            next(lines)
            assert agent.agent is not None
            agent.agent.stopping = True
            list(lines)  # they come to an end
            agent.agent.stopping = False
        client.delete("/me/data").raise_for_status()


def test_a_public_agent_speaks_tls(tmp_path: Path) -> None:
    made = make_certificate(tmp_path)
    with running(tmp_path / "agent", host="0.0.0.0", tls_cert=made.cert, tls_key=made.key) as agent:
        url = agent.url.replace("http://", "https://")
        trusted = ssl.create_default_context(cafile=str(made.cert))
        assert httpx2.get(f"{url}/health", verify=trusted, trust_env=False).json()["status"] == "ok"
        with pytest.raises(httpx2.TransportError):
            httpx2.get(f"{agent.url}/health", trust_env=False)
