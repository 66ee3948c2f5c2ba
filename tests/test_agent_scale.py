"""What requests, streams and the queue cost with 10, 100 and 1,000 jobs, in computing time: prints a table."""

import contextlib
import hashlib
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from remote_agent.users import Users
from rvc.jobs.journal import tail
from rvcstudio.remote.client import RemoteJobs
from tests.agents import address, httpx2
from tests.jobs import LONG, cleared, dispatcher_of, until
from tests.test_agent_faults import counting_process

TIMES = 10
WATCH_S = 5.0
STREAMS = 50
PIECE = os.urandom(8 << 20)


class Costs:
    """An agent in a process of its own, and what it computes for what is asked of it."""

    def __init__(self, agent: psutil.Process, client: "httpx2.Client") -> None:
        self._agent = agent
        self.client = client

    def of(self, ask: Callable[[], object], times: int = TIMES) -> float:
        """Return the agent's computing time for a request, milliseconds."""
        before = _cpu_s(self._agent)
        for _ in range(times):
            ask()
        return 1e3 * (_cpu_s(self._agent) - before) / times

    def share(self, process: psutil.Process) -> float:
        """Return how much of a core a process takes that is left alone, percent."""
        before, began = _cpu_s(process), time.monotonic()
        time.sleep(WATCH_S)
        return 100 * (_cpu_s(process) - before) / (time.monotonic() - began)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@contextlib.contextmanager
def _agent(home: Path) -> Iterator[tuple[Costs, str, str]]:
    token = Users(home).add("anna")
    with cleared(home / "jobs"), counting_process(home) as process:
        url = address(home, process)
        headers = {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
            yield Costs(psutil.Process(process.pid), client), url, token


def _measure(costs: Costs, home: Path, running: str, jobs: int) -> dict[str, float]:
    """Add queued jobs until there are so many, and measure."""
    client, spec = costs.client, {"spec": {"kind": "count", **LONG}}
    while (count := len(list((home / "jobs").glob("*/job.json")))) < jobs - TIMES:
        for _ in range(jobs - TIMES - count):
            client.post("/jobs", json=spec).raise_for_status()
    figures = {"submit, ms": costs.of(lambda: client.post("/jobs", json=spec).raise_for_status())}
    for name, path in {
        "one job, ms": f"/jobs/{running}",
        "list of 50, ms": "/jobs?limit=50",
        "list of all (500 a page), ms": "/jobs",
        "events of a job, ms": f"/jobs/{running}/events?wait_s=0",
    }.items():
        figures[name] = costs.of(lambda path=path: client.get(path).raise_for_status())  # type: ignore[misc]
    dispatcher = dispatcher_of(home / "jobs")
    assert dispatcher is not None
    figures["agent at rest, % of a core"] = costs.share(costs._agent)
    figures["dispatcher with one running job, % of a core"] = costs.share(dispatcher)
    return figures


def _streams(costs: Costs, url: str, token: str, running: str, newest: int) -> float:
    """Return what fifty event streams of a running job (50 events a second each) take of a core, percent."""
    heard, over = [0] * STREAMS, threading.Event()

    def follow(number: int) -> None:
        with contextlib.closing(RemoteJobs(url, token)) as jobs:
            for _ in jobs.events(running, newest):
                heard[number] += 1
                if over.is_set():
                    return

    listeners = [threading.Thread(target=follow, args=(number,)) for number in range(STREAMS)]
    for listener in listeners:
        listener.start()
    until(lambda: all(heard), "all streams flow")
    share = costs.share(costs._agent)
    over.set()
    for listener in listeners:
        listener.join()
    return share


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_what_things_cost_with_10_100_and_1000_jobs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, table = tmp_path / "agent", dict[int, dict[str, float]]()

    def show(figures: Mapping[str, float]) -> None:
        with capsys.disabled():
            for name, value in figures.items():
                print(f"\n{name:50} {value:9.2f}", end="", flush=True)  # noqa: T201 - for docs/performance.md

    with _agent(home) as (costs, url, token):
        job = (
            costs.client.post("/jobs", json={"spec": {"kind": "count", **LONG}})
            .raise_for_status()
            .json()["id"]
        )
        until(lambda: costs.client.get(f"/jobs/{job}").json()["state"] == "running")
        for jobs in (10, 100, 1000):
            table[jobs] = _measure(costs, home, job, jobs)
            show({"jobs": jobs, **table[jobs]})
        show({"upload, ms a MB": statistics.median(_upload(costs) for _ in range(5))})
        newest = tail(home / "jobs" / job)[-1].number
        show({"50 event streams, % of a core": _streams(costs, url, token, job, newest)})
        costs.client.timeout = httpx2.Timeout(1800)
        costs.client.delete("/me/data").raise_for_status()
    few, many = table[10], table[1000]
    assert many["list of 50, ms"] < 10 * few["list of 50, ms"]
    assert many["submit, ms"] < 10 * few["submit, ms"]
    assert many["dispatcher with one running job, % of a core"] < 20


def _upload(costs: Costs) -> float:
    """Return what a megabyte of an upload costs, milliseconds of the agent's computing time."""
    content = os.urandom(16) + PIECE
    url = f"/blobs/{hashlib.sha256(content).hexdigest()}"
    return costs.of(lambda: costs.client.put(url, content=content).raise_for_status(), 1) / (
        len(content) / 1e6
    )
