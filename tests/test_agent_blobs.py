"""Uploads: cut and resumed, verified, kept once, limited, and never in memory."""

import hashlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tests.agents import RunningAgent, address, httpx2, process, put, running
from tests.jobs import until

from remote_agent.users import Users  # isort: skip

CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PIECE = b"\0" * (1 << 20)


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAgent]:
    with running(tmp_path_factory.mktemp("blobs") / "agent", idle_s=1.0) as agent:
        yield agent


@pytest.fixture
def client(agent: RunningAgent) -> Iterator["httpx2.Client"]:
    with agent.client() as client:
        yield client
        client.delete("/me/data").raise_for_status()


def send_part(agent: RunningAgent, head: str, body: bytes) -> socket.socket:
    """Begin a request and send only a part of its body."""
    url = urlsplit(agent.url)
    line = socket.create_connection((url.hostname, url.port))
    line.sendall(f"{head}\r\nHost: x\r\nAuthorization: Bearer {agent.token('anna')}\r\n".encode() + body)
    return line


def offset_of(client: "httpx2.Client") -> int:
    return int(client.head(f"/blobs/{SHA256}").headers["upload-offset"])


def test_a_blob_is_kept_once_and_comes_back(client: "httpx2.Client") -> None:
    assert client.head(f"/blobs/{SHA256}").status_code == 404
    first = client.put(f"/blobs/{SHA256}", content=CONTENT)
    assert (first.status_code, first.json()["size_bytes"], first.json()["complete"]) == (
        201,
        len(CONTENT),
        True,
    )
    assert first.json()["kept_until"] > time.strftime("%Y-%m-%d")
    assert client.put(f"/blobs/{SHA256}", content=CONTENT).status_code == 200
    assert client.get(f"/blobs/{SHA256}").content == CONTENT
    assert client.get("/me").json()["blob_bytes"]["used"] == len(CONTENT)


def test_an_upload_that_was_cut_goes_on(agent: RunningAgent, client: "httpx2.Client") -> None:
    head, half = f"PUT /blobs/{SHA256} HTTP/1.1", len(CONTENT) // 2
    line = send_part(agent, head, f"Content-Length: {len(CONTENT)}\r\n\r\n".encode() + CONTENT[:half])
    line.close()
    until(lambda: offset_of(client) == half, "what has arrived is kept")
    rest = {"Content-Range": f"bytes {half}-{len(CONTENT) - 1}/{len(CONTENT)}"}
    assert client.put(f"/blobs/{SHA256}", content=CONTENT[half:], headers=rest).status_code == 201
    assert client.get(f"/blobs/{SHA256}").content == CONTENT


def test_a_blob_may_come_in_parts_that_follow_each_other(client: "httpx2.Client") -> None:
    size = len(CONTENT)
    first = client.put(
        f"/blobs/{SHA256}", content=CONTENT[:1000], headers={"Content-Range": f"bytes 0-999/{size}"}
    )
    assert (first.status_code, first.headers["upload-offset"]) == (202, "1000")
    gap = client.put(f"/blobs/{SHA256}", content=b"x", headers={"Content-Range": f"bytes 2000-2000/{size}"})
    assert (gap.status_code, gap.json()["code"]) == (409, "wrong_offset")
    backwards = client.put(f"/blobs/{SHA256}", content=b"x", headers={"Content-Range": "bytes 9-3/5"})
    assert (backwards.status_code, backwards.json()["field"]) == (422, "Content-Range")


def test_two_cannot_send_the_same_at_once(agent: RunningAgent, client: "httpx2.Client") -> None:
    head = f"PUT /blobs/{SHA256} HTTP/1.1"
    with send_part(agent, head, f"Content-Length: {len(CONTENT)}\r\n\r\n".encode() + CONTENT[:9]):
        until(lambda: (agent.home / "blobs" / "anna" / f"{SHA256}.part").exists())
        assert client.put(f"/blobs/{SHA256}", content=CONTENT).json()["code"] == "upload_in_progress"
    until(lambda: client.put(f"/blobs/{SHA256}", content=CONTENT).is_success, "the way is free again")


def test_what_is_not_what_it_should_be_is_refused(client: "httpx2.Client") -> None:
    wrong = client.put(f"/blobs/{SHA256}", content=b"something else")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "hash_mismatch")
    assert offset_of(client) == 0
    for name in ("x", SHA256.upper(), SHA256 + "0", "..%2f..%2fusers.json"):
        assert client.put(f"/blobs/{name}", content=b"").status_code in (404, 422)


def test_a_slow_request_ends(agent: RunningAgent, client: "httpx2.Client") -> None:
    head = f"PUT /blobs/{SHA256} HTTP/1.1"
    with send_part(agent, head, f"Content-Length: {len(CONTENT)}\r\n\r\n".encode() + CONTENT[:500]) as line:
        line.settimeout(20)
        assert b"408" in line.recv(1000).splitlines()[0]
    assert offset_of(client) == 500


def test_a_part_of_a_file_can_be_fetched(client: "httpx2.Client") -> None:
    url = f"/blobs/{put(client, CONTENT)}"
    part = client.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, CONTENT[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(CONTENT)}"
    assert client.get(url, headers={"Range": "bytes=-10"}).content == CONTENT[-10:]
    assert client.get(url, headers={"Range": f"bytes={len(CONTENT)}-"}).status_code == 416


def test_quotas_and_sizes_hold(tmp_path: Path) -> None:
    with running(tmp_path / "agent", blobs_gb=2e-6, upload_gb=1.5e-6) as agent, agent.client() as client:
        put(client, b"a" * 1400)
        for content, code in ((b"b" * 1400, "quota_exceeded"), (b"c" * 1600, "too_large")):
            url = f"/blobs/{hashlib.sha256(content).hexdigest()}"
            for body in (content, iter([content])):  # which says its size, or does not
                answer = client.put(url, content=body)
                assert answer.status_code == 413
                assert answer.json()["code"] in (code, "quota_exceeded")
            assert client.put(url, content=content).json()["code"] == code
        with agent.client("eve") as other:
            put(other, b"b" * 1400)


def test_old_blobs_are_swept_and_used_ones_are_not(agent: RunningAgent, client: "httpx2.Client") -> None:
    assert agent.agent is not None
    old, used = put(client, b"old"), put(client, b"used")
    folder = agent.home / "blobs" / "anna"
    for sha256 in (old, used):
        os.utime(folder / sha256, (0, 0))
    body = {"spec": {"kind": "count", "steps": 1}, "inputs": {"numbers": [{"blob": used}]}}
    client.post("/jobs", json=body).raise_for_status()
    assert agent.agent.blobs.sweep(keep_days=7).files == 1
    assert [client.head(f"/blobs/{sha256}").status_code for sha256 in (old, used)] == [404, 200]


def _send_much(tmp_path: Path, megabytes: int) -> tuple[int, float]:
    """Send a blob and a form, and fetch the blob; return how the agent's memory grew, and bytes a second."""
    content = hashlib.sha256()
    for _ in range(megabytes):
        content.update(PIECE)
    home = tmp_path / "agent"
    with process(home) as agent:
        headers = {"Authorization": f"Bearer {Users(home).add('anna')}"}
        url, watched = address(home, agent), psutil.Process(agent.pid)
        with httpx2.Client(base_url=url, headers=headers, timeout=600, trust_env=False) as client:
            client.get("/jobs")
            before, began = watched.memory_info().rss, time.monotonic()
            peaks = []

            def pieces() -> Iterator[bytes]:
                for number in range(megabytes):
                    if number % 16 == 0:
                        peaks.append(watched.memory_info().rss)
                    yield PIECE

            client.put(f"/blobs/{content.hexdigest()}", content=pieces()).raise_for_status()
            seconds = time.monotonic() - began
            form = b'--b\r\nContent-Disposition: form-data; name="recordings"; filename="a.flac"\r\n\r\n'
            wrong_end = (
                b'\r\n--b\r\nContent-Disposition: form-data; name="train.steps"\r\n\r\n-1\r\n--b--\r\n'
            )
            kind = {"Content-Type": "multipart/form-data; boundary=b"}
            body = (part for parts in ([form], pieces(), [wrong_end]) for part in parts)
            with client.stream("GET", f"/blobs/{content.hexdigest()}") as answer:
                for number, _ in enumerate(answer.iter_bytes(len(PIECE))):
                    if number % 16 == 0:
                        peaks.append(watched.memory_info().rss)
            refused = client.post("/model/train", content=body, headers=kind)
            assert (refused.status_code, refused.json()["field"]) == (422, "train.steps")
            assert list((home / "staging" / "anna").iterdir()) == []
    return max(peaks) - before, megabytes * len(PIECE) / seconds


def test_an_upload_costs_no_memory(tmp_path: Path) -> None:
    grown, _ = _send_much(tmp_path, 80)
    assert grown < 24 << 20


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_an_upload_of_4_gb_costs_no_memory_either(tmp_path: Path) -> None:
    grown, speed = _send_much(tmp_path, 4096)
    assert grown < 40 << 20
    assert speed > 20e6
