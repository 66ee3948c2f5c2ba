"""Accidents: the agent is killed in the middle of a job, its database is damaged, two are started."""

import contextlib
import hashlib
import os
import random
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rvc.errors import Error
from rvc.jobs import ACTIVE, ENDED, State
from rvc.jobs.folder import JobFolder
from rvcstudio.remote.client import RemoteJobs
from tests.agents import address, httpx2, process, running, wait_for
from tests.jobs import (
    LONG,
    cleared,
    finish,
    folder,
    kill_dispatcher,
    kill_worker,
    ledger,
    open_jobs,
    until,
)
from tests.jobs_kinds import CountSpec
from tests.receivers import free_port, make_certificate

from remote_agent.__main__ import main  # isort: skip
from remote_agent.serving import running as find_running  # isort: skip
from remote_agent.users import Users  # isort: skip

CODE = """
import pathlib, sys
from remote_agent.serving import serve
from tests.agents import settings_for
serve(settings_for(pathlib.Path(sys.argv[1]), port=int(sys.argv[2]), jobs=5000), print)
"""


@contextlib.contextmanager
def counting_process(home: Path, port: int = 0) -> Iterator["subprocess.Popen[bytes]"]:
    """Run an agent of counting jobs in a process that can be killed."""
    command = [sys.executable, "-c", CODE, str(home), str(port)]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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


class Storm:
    """An agent whose processes are killed, and a user who goes on all the same."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        self.queue = open_jobs(home / "jobs")
        self.user = RemoteJobs(f"http://127.0.0.1:{self.port}", Users(home).add("anna"))
        self.keys = 0
        self.heard: dict[str, list[int]] = {}
        self._listeners: list[threading.Thread] = []

    def submit(self) -> None:
        """Submit a job, again and again under the same key until its answer arrives, and listen to it."""
        self.keys += 1
        key, spec = f"job-{self.keys}", CountSpec(steps=120, step_s=0.02)

        def is_taken() -> bool:
            with contextlib.suppress(Error):
                self.heard.setdefault(self.user.submit(spec, {}, key=key).id, [])
                return True
            return False

        until(is_taken, "the job is taken")
        job_id = list(self.heard)[-1]
        self._listeners.append(threading.Thread(target=self._listen, args=(job_id,)))
        self._listeners[-1].start()

    def _listen(self, job_id: str) -> None:
        """Hear all of a job; an agent that is away for long is called again."""
        heard, over = self.heard[job_id], False
        while not over:
            with contextlib.suppress(Error):
                for event in self.user.events(job_id, heard[-1] if heard else 0):
                    heard.append(event.number)
                over = True

    def kill(self, victim: str, agent: "subprocess.Popen[bytes]") -> None:
        if victim == "agent":
            agent.kill()
            agent.wait()
        elif victim == "dispatcher":
            kill_dispatcher(self.home / "jobs")
        else:
            for job in self.queue.jobs(ACTIVE):
                kill_worker(self.queue, job)

    def settle(self) -> None:
        """Let every job come to its end; one whose worker was killed twice is tried again."""
        for job in self.queue.jobs():
            while finish(self.queue, job).state == State.FAILED:
                failure = self.queue.job(job.id).failure
                assert failure is not None
                assert failure.code in {"worker_killed", "worker_crashed"}
                self.queue.retry(job.id)
        for listener in self._listeners:
            listener.join()
        self.user.close()

    def check(self) -> None:
        """Every job was made once and done once, and its listener heard every event once."""
        jobs = self.queue.jobs()
        assert [job.id for job in jobs] == list(self.heard)
        for job in jobs:
            numbers = [event.number for event in self.queue.events(job.id)]
            assert numbers == list(range(1, len(numbers) + 1))
            # who listened when it failed heard that as its end
            assert self.heard[job.id] == numbers[: len(self.heard[job.id])]
            assert not (folder(self.queue, job).work / "TWO_AT_ONCE").exists()
            steps = ledger(self.queue, job)
            assert list(dict.fromkeys(steps)) == list(range(1, 121))
            assert len(steps) - 120 < job.attempt


def _survive(home: Path, kills: int) -> Storm:
    storm, chance = Storm(home), random.Random(5)
    killed = 0
    with cleared(home / "jobs"):
        while killed < kills:
            with counting_process(home, storm.port) as agent:
                address(home, agent)
                while killed < kills and agent.poll() is None:
                    if len(storm.queue.jobs(set(State) - ENDED)) < 2:
                        storm.submit()
                    time.sleep(chance.uniform(0.05, 0.8))
                    storm.kill(chance.choice(("agent", "dispatcher", "worker")), agent)
                    killed += 1
        with counting_process(home, storm.port) as agent:
            address(home, agent)
            storm.settle()
        storm.check()
    return storm


def test_no_job_is_lost_when_processes_are_killed(tmp_path: Path) -> None:
    assert len(_survive(tmp_path / "agent", 5).heard) >= 2


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_no_job_is_lost_when_processes_are_killed_fifty_times(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    storm = _survive(tmp_path / "agent", 50)
    attempts = sum(job.attempt for job in storm.queue.jobs())
    with capsys.disabled():
        print(f"\n50 kills: {len(storm.heard)} jobs done in {attempts} attempts, none lost, none run twice")  # noqa: T201


@pytest.fixture
def small_home(tmp_path: Path) -> Iterator[Path]:
    """An agent's home on a real file system of 4 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if os.name != "posix" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield disk / "agent"
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_said_and_costs_nothing(small_home: Path) -> None:
    much = bytes(range(256)) * (6 << 12)
    blob = f"/blobs/{hashlib.sha256(much).hexdigest()}"
    with running(small_home) as agent, agent.client() as client:
        done = client.post("/jobs", json={"spec": {"kind": "count"}}).raise_for_status().json()["id"]
        wait_for(client, done, "done")
        free = shutil.disk_usage(small_home).free
        answers = [
            client.put(blob, content=much),  # which says its size
            client.put(blob, content=iter([much[: 1 << 20]] * 6)),  # which does not
            client.post("/jobs", data={"kind": "count"}, files={"numbers": ("a.flac", much)}),
        ]
        assert [(one.status_code, one.json()["code"]) for one in answers] == [(507, "disk_full")] * 3
        until(lambda: shutil.disk_usage(small_home).free > free - (1 << 18), "nothing of it is left")
        going = client.post("/jobs", json={"spec": {"kind": "count", **LONG}}).raise_for_status().json()["id"]
        until(lambda: checkpoints(client, going))
        filler = small_home.parent / "filler"
        _fill(filler)
        refused = client.post("/jobs", json={"spec": {"kind": "count"}})
        assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")
        until(lambda: not JobFolder(small_home / "jobs" / going).is_worked_on, "its worker has noticed")
        assert {one["id"] for one in client.get("/jobs").json()} == {done, going}
        step = max(checkpoints(client, going))
        filler.unlink()
        until(lambda: client.get(f"/jobs/{going}").json()["attempt"] == 2 or _retry(client, going))
        until(lambda: max(checkpoints(client, going)) > step + 5, "it goes on")
        client.post(f"/jobs/{going}/cancel").raise_for_status()
        numbers = [
            int(line[4:])
            for line in client.get(f"/jobs/{going}/events").text.splitlines()
            if line[:4] == "id: "
        ]
        assert numbers == list(range(1, len(numbers) + 1))


def _retry(client: "httpx2.Client", job_id: str) -> bool:
    """Try a job again that has failed; where not even that could be written, it goes on by itself."""
    job = client.get(f"/jobs/{job_id}").json()
    if job["state"] != "failed":
        return False
    assert job["failure"]["code"] == "disk_full"
    return client.post(f"/jobs/{job_id}/retry").is_success


def _fill(file: Path) -> None:
    """Leave no byte free on a disk."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1 << 12))


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
