"""Events on disk: numbered without gaps whoever writes, whole or not at all, and read once each."""

import multiprocessing
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rvc.errors import Error
from rvc.events import Log
from rvc.jobs.journal import CHUNK_BYTES, EVENTS, Journal, Reader, tail


def log(text: str) -> Log:
    return Log(code="test", text=text)


def texts(folder: Path, after: int = 0) -> list[str]:
    return [event.body.text for event in Reader(folder, after).read()]


def numbers(folder: Path) -> list[int]:
    return [event.number for event in Reader(folder).read()]


def write_some(folder: Path, count: int) -> None:
    journal = Journal(folder)
    for number in range(count):
        journal.append(log(f"line {number}\nwith a break"))


def test_events_are_numbered_whoever_writes_them(tmp_path: Path) -> None:
    first, second = Journal(tmp_path), Journal(tmp_path)
    assert [journal.append(log("x")) for journal in (first, second, second, first)] == [1, 2, 3, 4]
    assert numbers(tmp_path) == [1, 2, 3, 4]


def test_processes_and_threads_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    processes = [
        multiprocessing.get_context("spawn").Process(target=write_some, args=(tmp_path, 50)) for _ in "ab"
    ]
    threads = [threading.Thread(target=write_some, args=(tmp_path, 50)) for _ in "ab"]
    for worker in (*processes, *threads):
        worker.start()
    for worker in (*processes, *threads):
        worker.join()
    assert numbers(tmp_path) == list(range(1, 201))


@pytest.mark.parametrize(
    "torn", [b"{", b'{"number":3,"time":"2026', b"\x00" * 4096, b"no event\n", b"\xff\xfe"]
)
def test_what_a_writer_did_not_finish_is_nobodys_event(tmp_path: Path, torn: bytes) -> None:
    journal = Journal(tmp_path)
    journal.append(log("one"))
    reader = Reader(tmp_path)
    assert len(reader.read()) == 1
    with journal.path.open("ab") as file:
        file.write(torn)
    assert reader.read() == []
    assert Journal(tmp_path).append(log("two")) == 2
    assert texts(tmp_path) == ["one", "two"]
    assert [event.number for event in reader.read()] in ([2], [])  # a line that was whole was read past


def test_a_line_that_comes_in_pieces_is_read_when_it_is_whole(tmp_path: Path) -> None:
    Journal(tmp_path).append(log("whole"))
    line = (tmp_path / "events.jsonl").read_bytes()
    half = tmp_path / "half"
    half.mkdir()
    reader = Reader(half)
    for place, byte in enumerate(line):
        with (half / "events.jsonl").open("ab") as file:
            file.write(bytes([byte]))
        assert len(reader.read()) == (place == len(line) - 1)


def test_an_event_longer_than_the_tail_does_not_hide_the_number(tmp_path: Path) -> None:
    Journal(tmp_path).append(log("x" * 100_000))
    assert Journal(tmp_path).append(log("next")) == 2
    assert [event.number for event in tail(tmp_path)] == [2]


def test_who_comes_back_late_to_a_long_journal_hears_the_newest_at_once(tmp_path: Path) -> None:
    line = (
        b'{"number":%d,"time":"2026-11-20T09:00:00Z","body":{"event":"log","code":"x","text":"' + b"y" * 900
    )
    count = 4 * CHUNK_BYTES // 900
    lines = (line % number + b'"}}\n' for number in range(1, count + 1))
    (tmp_path / EVENTS).write_bytes(b"".join(lines))
    reader = Reader(tmp_path, after=count - 1)
    assert [event.number for event in reader.read()] == [count]
    assert reader.read() == []
    seen = Reader(tmp_path, after=count)
    assert seen.read() == []
    assert seen.last is not None
    assert seen.last.number == count


def test_a_reader_of_a_long_journal_gets_all_of_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for _ in range(30):
        journal.append(log("y" * 50_000))
    reader, seen = Reader(tmp_path, after=3), list[int]()
    while events := reader.read():
        seen += [event.number for event in events]
    assert seen == list(range(4, 31))


@given(st.lists(st.text(max_size=30), max_size=8), st.integers(0, 10))
def test_everything_above_a_number_is_read_and_nothing_else(lines: list[str], after: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        journal = Journal(Path(name))
        for line in lines:
            journal.append(log(line))
        assert texts(Path(name), after) == lines[after:]


def test_a_full_disk_is_said_and_costs_no_event(small_disk: Path) -> None:
    journal = Journal(small_disk)
    journal.append(log("before"))
    with pytest.raises(Error) as caught:
        list(map(journal.append, [log("z" * 5000)] * 100))
    assert caught.value.code == "disk_full"
    written = numbers(small_disk)
    assert written == list(range(1, len(written) + 1))
