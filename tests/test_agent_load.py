"""Many at once: 200 queued jobs, 50 event streams, uploads in parallel. Prints what it measured."""

import contextlib
import hashlib
import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.agents import RunningAgent, running
from tests.jobs import LONG, PATIENCE_S

JOBS, STREAMS, UPLOADS = 200, 50, 8
UPLOAD_BYTES = 16 << 20


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_jobs_streams_and_uploads_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tmp_path / "agent") as agent, agent.client() as client, ThreadPoolExecutor(STREAMS) as pool:
        first = client.post("/jobs", json={"spec": {"kind": "count", "steps": 600, "step_s": 0.05}}).json()[
            "id"
        ]
        submitted = [
            _time(lambda: client.post("/jobs", json={"spec": {"kind": "count", **LONG}})) for _ in range(JOBS)
        ]
        began = time.monotonic()
        streams = [pool.submit(_follow, agent, first) for _ in range(STREAMS)]
        with ThreadPoolExecutor(UPLOADS) as others:
            list(others.map(lambda number: _upload(agent, number), range(UPLOADS)))
        upload_s = time.monotonic() - began
        listed = [_time(lambda: client.get("/jobs")) for _ in range(20)]
        counts = {stream.result() for stream in streams}
        assert len(counts) == 1  # everybody has seen the same
        assert counts.pop() > 600
        assert statistics.median(submitted) < 0.5
        assert statistics.median(listed) < 2.0
        client.timeout = PATIENCE_S
        client.delete("/me/data").raise_for_status()
    with capsys.disabled():
        speed = UPLOADS * UPLOAD_BYTES / upload_s / 1e6
        submit_ms, list_ms = 1e3 * statistics.median(submitted), 1e3 * statistics.median(listed)
        text = f"submit {submit_ms:.0f} ms, list {list_ms:.0f} ms, uploads beside {STREAMS} streams {speed:.0f} MB/s"
        print(f"\n{text}")  # noqa: T201 - figures for docs/performance.md


def _time(step: object) -> float:
    began = time.monotonic()
    step().raise_for_status()  # type: ignore[operator]
    return time.monotonic() - began


def _follow(agent: RunningAgent, job_id: str) -> int:
    with contextlib.closing(agent.jobs()) as jobs:
        return sum(1 for _ in jobs.events(job_id))


def _upload(agent: RunningAgent, _number: int) -> None:
    content = os.urandom(1024) * (UPLOAD_BYTES // 1024)
    with agent.client() as client:
        client.put(f"/blobs/{hashlib.sha256(content).hexdigest()}", content=content).raise_for_status()
