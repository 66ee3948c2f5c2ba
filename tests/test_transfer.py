"""Downloads from a real HTTP server that misbehaves, one fault at a time."""

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from rvc import assets
from rvc.assets import memory, transfer
from rvc.assets.part import Origin, Part, alone_with
from rvc.errors import Error, InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.paths import weights_dir
from tests.asset_server import CONTENT, ETAG, SHA256, Server, asset, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(transfer, "RETRY_S", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as server:
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "TIMEOUT_S", 0.6)


def part() -> Path:
    return weights_dir() / ".thing.bin.part"


def leave_part(content: bytes, url: str | None = None, etag: str | None = ETAG) -> None:
    """Leave behind what a download that was stopped does."""
    weights_dir().mkdir(parents=True)
    part().write_bytes(content)
    if url:
        Part(weights_dir() / "thing.bin").origin = Origin(url=url, etag=etag, total=len(CONTENT))


class Fault(NamedTuple):
    """What a server does, and how the download must end: whole, or with an error of this code."""

    path: str
    code: str | None = None
    reason: str = ""
    timeout_s: float = 20.0


FAULTS = [
    Fault("good"),
    Fault("dropping"),
    Fault("truncating"),
    Fault("stalling", timeout_s=0.6),
    Fault("rangeless"),
    Fault("forgetful"),
    Fault("shifted"),
    Fault("changed"),
    Fault("lengthless"),
    Fault("chunked"),
    Fault("moved"),
    Fault("recovering"),
    Fault("busy"),
    Fault("corrupt", "damaged_download", "it sent another file"),
    Fault("short", "damaged_download", "it offers 1000 bytes instead of 1048576"),
    Fault("long", "damaged_download", "it offers 1048580 bytes instead of 1048576"),
    Fault("lying", "damaged_download", "it offers 1000 bytes"),
    Fault("stuck", "download_failed", "the connection breaks off"),
    Fault("silent", "download_failed", "it stopped answering", timeout_s=0.6),
    Fault("circle", "download_failed", "302"),
    Fault("missing", "download_failed", "404 Not Found"),
    Fault("forbidden", "download_failed", "403 Forbidden"),
    Fault("broken", "download_failed", "500 Internal Server Error"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.path)
def test_a_fault_ends_in_the_whole_file_or_in_its_reason(
    server: Server, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "TIMEOUT_S", fault.timeout_s)
    entry = asset(server, fault.path)
    if fault.code is None:
        fetched = assets.fetch_asset(entry, Reporter())
        assert fetched.read_bytes() == CONTENT
        assert list(weights_dir().iterdir()) == [fetched]
        return
    with pytest.raises(Error) as caught:
        assets.fetch_asset(entry, Reporter())
    assert caught.value.code == fault.code
    assert fault.reason in caught.value.text
    assert "RVC_STUDIO_ASSETS" in caught.value.hint
    assert not (weights_dir() / "thing.bin").exists()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.code], ids=lambda fault: fault.path)
def test_the_next_address_serves_when_one_does_not(
    server: Server, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "TIMEOUT_S", fault.timeout_s)
    assert assets.fetch_asset(asset(server, fault.path, "good"), Reporter()).read_bytes() == CONTENT


def test_a_truncated_download_goes_on_where_it_broke_off(server: Server) -> None:
    assets.fetch_asset(asset(server, "truncating"), Reporter())
    starts = ["bytes=300000-", "bytes=600000-", "bytes=900000-"]
    assert server.requests == [
        ("/truncating", None, None),
        *(("/truncating", start, ETAG) for start in starts),
    ]


def test_a_busy_server_is_given_the_time_it_asks_for(server: Server) -> None:
    started = time.monotonic()
    assets.fetch_asset(asset(server, "busy"), Reporter())
    assert 1 <= time.monotonic() - started < 3


@pytest.mark.parametrize("path", ["good", "rangeless", "picky"])
def test_an_older_part_is_taken_up(server: Server, path: str) -> None:
    leave_part(CONTENT[:500_000], server.url(path))
    assert assets.fetch_asset(asset(server, path), Reporter()).read_bytes() == CONTENT
    assert server.requests[0] == (f"/{path}", "bytes=500000-", ETAG)


def test_a_part_of_another_version_is_not_mixed_with_the_new_one(server: Server) -> None:
    leave_part(b"?" * 500_000, server.url("good"), etag='"older"')
    entry = asset(server, "good", sha256=None)
    assert assets.fetch_asset(entry, Reporter()).read_bytes() == CONTENT


def test_a_bad_part_is_dropped_and_the_same_address_asked_again(server: Server) -> None:
    leave_part(b"?" * 500_000)
    assert assets.fetch_asset(asset(server, "good"), Reporter()).read_bytes() == CONTENT
    assert [ranged for _, ranged, _ in server.requests] == ["bytes=500000-", None]


def test_a_part_goes_on_at_another_address_where_a_hash_will_tell(server: Server) -> None:
    assets.fetch_asset(asset(server, "stuck", "good"), Reporter())
    assert server.requests[-1] == ("/good", "bytes=300000-", None)


@pytest.mark.usefixtures("impatient")
def test_what_came_before_a_stall_is_kept(server: Server) -> None:
    assets.fetch_asset(asset(server, "stalling"), Reporter())
    assert server.requests[-1][1] == "bytes=400000-"


def test_without_a_hash_another_address_begins_anew(server: Server) -> None:
    leave_part(b"?" * 500_000, server.url("elsewhere"))
    entry = asset(server, "good", sha256=None, size=None)
    assert assets.fetch_asset(entry, Reporter()).read_bytes() == CONTENT
    assert server.requests == [("/good", None, None)]


@pytest.mark.parametrize("path", ["lengthless", "chunked"])
def test_a_file_of_which_nothing_is_known_needs_a_length(server: Server, path: str) -> None:
    with pytest.raises(Error, match="does not say how long"):
        assets.fetch_asset(asset(server, path, sha256=None, size=None), Reporter())


def test_the_first_file_is_trusted_where_no_hash_was_published(server: Server) -> None:
    unknown = asset(server, "good", size=None, sha256=None)
    events: list[Event] = []
    fetched = assets.fetch_asset(unknown, Reporter(events.append))
    (said,) = [event for event in events if isinstance(event, Log)]
    assert (said.code, said.params["sha256"]) == ("trusted_first", SHA256)
    assert events[1].model_dump()["total"] == len(CONTENT)
    fetched.unlink()
    known = memory.recall(unknown)
    assert (known.size, known.sha256) == (len(CONTENT), SHA256)
    with pytest.raises(Error) as caught:
        assets.fetch_asset(known.model_copy(update={"urls": (server.url("corrupt"),)}), Reporter())
    assert caught.value.code == "damaged_download"


def test_a_damaged_memory_of_hashes_is_said(server: Server) -> None:
    weights_dir().mkdir(parents=True)
    (weights_dir() / "trusted.json").write_text("{", encoding="utf-8")
    with pytest.raises(Error, match=r"trusted\.json.* cannot be read"):
        assets.fetch_asset(asset(server, "good", sha256=None), Reporter())


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "RETRY_S", 0.01)
    with pytest.raises(Error, match="could not be fetched"):
        assets.fetch_asset(asset(urls=("http://127.0.0.1:9/thing",)), Reporter())


def test_a_mirror_is_asked_first(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_MIRROR", f"http://127.0.0.1:9 {server.url('mirror/')}")
    entry = asset(urls=("https://hub.invalid/some/good",))
    assert assets.fetch_asset(entry, Reporter()).read_bytes() == CONTENT
    assert [path for path, _, _ in server.requests] == ["/mirror/some/good"]


def test_a_named_mirror_comes_before_that_of_the_environment(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RVC_STUDIO_MIRROR", "https://mirror.invalid")
    entry = asset(urls=("https://hub.invalid/good",))
    assert assets.fetch_asset(entry, Reporter(), mirror=[server.url()]).read_bytes() == CONTENT


def test_a_mirror_that_is_no_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_MIRROR", "mirror.example")
    with pytest.raises(InputError, match=r"mirror\.example is not the address"):
        assets.fetch_asset(asset(server, "good"), Reporter())


def test_progress_reaches_the_end(server: Server) -> None:
    events: list[Event] = []
    assets.fetch_asset(asset(server, "truncating"), Reporter(events.append))
    progress = [event for event in events if isinstance(event, Progress)]
    assert {event.phase for event in progress} == {"fetch thing"}
    assert (progress[0].step, progress[-1].step, progress[-1].total) == (0, len(CONTENT), len(CONTENT))


def test_progress_begins_where_the_part_ends(server: Server) -> None:
    leave_part(CONTENT[:500_000])
    events: list[Event] = []
    assets.fetch_asset(asset(server, "good"), Reporter(events.append))
    assert next(event for event in events if isinstance(event, Progress)).step == 500_000


def test_a_stop_request_keeps_the_part(server: Server) -> None:
    reporter = Reporter()
    reporter.request_stop()
    leave_part(CONTENT[:1000])
    with pytest.raises(Paused):
        assets.fetch_asset(asset(server, "good"), reporter)
    assert part().read_bytes() == CONTENT[: len(part().read_bytes())]
    assert part().stat().st_size >= 1000


def test_a_stop_request_is_heard_while_waiting_for_a_server(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "RETRY_S", 30)
    reporter = Reporter()
    threading.Timer(0.3, reporter.request_stop).start()
    started = time.monotonic()
    with pytest.raises(Paused):
        assets.fetch_asset(asset(server, "broken"), reporter)
    assert time.monotonic() - started < 5


@pytest.mark.usefixtures("impatient")
def test_two_that_want_the_same_file_fetch_it_once(server: Server) -> None:
    entry = asset(server, "stalling")
    events: list[Event] = []
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(assets.fetch_asset, entry, Reporter(events.append)) for _ in range(2)]
    assert [one.result().read_bytes() for one in both] == [CONTENT, CONTENT]
    assert [ranged for _, ranged, _ in server.requests if ranged != "bytes=400000-"] == [None]


def test_a_stop_request_is_heard_while_another_program_fetches(server: Server) -> None:
    reporter = Reporter()
    reporter.request_stop()
    with alone_with("thing.bin", Reporter()), pytest.raises(Paused):
        assets.fetch_asset(asset(server, "good"), reporter)


def test_a_disk_without_room_is_said_before_anything_comes(
    server: Server, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RVC_STUDIO_HOME", str(small_disk))
    with pytest.raises(Error, match=r"needs 1 MB more") as caught:
        assets.fetch_asset(asset(server, "good"), Reporter())
    assert caught.value.code == "disk_full"
    assert not part().exists()


def test_a_disk_that_fills_up_meanwhile_is_said(
    server: Server, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RVC_STUDIO_HOME", str(small_disk))
    usage = shutil.disk_usage(small_disk)._replace(free=1 << 30)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(Error) as caught:
        assets.fetch_asset(asset(server, "good"), Reporter())
    assert caught.value.code == "disk_full"
