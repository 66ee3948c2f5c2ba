"""A job's events: one JSON object a line, numbered from 1 without gaps, appended by whoever has news of the job.

Writers take turns by a lock that readers never touch, so a slow reader holds nobody up. A line that a writer did
not finish is nobody's event: readers wait for its end, and the next writer cuts it off.
"""

import contextlib
import math
import os
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from rvc import paths
from rvc.events import Event
from rvc.jobs.locks import Lock
from rvc.jobs.wire import JobEvent, JobProgress

EVENTS = "events.jsonl"
LOCK = "events.lock"
TAIL_BYTES = 1 << 14
CHUNK_BYTES = 1 << 20  # what a reader holds at a time
NUMBER = re.compile(rb'\{"number":(\d{1,18}),')

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """Appends to the events of the job in a folder. May be used by several threads and processes at once."""

    def __init__(self, folder: Path, clock: Clock = utc_now) -> None:
        self.path = folder / EVENTS
        self._lock = Lock(folder / LOCK)
        self._threads = threading.Lock()
        self._clock = clock
        self._known = (0, 0)  # size of the file and number of its last event, as this object left them

    def append(self, body: Event, *, durable: bool = False) -> int:
        """Write an event and return its number; `durable` waits until a power cut cannot take it back.

        Raises `Error` disk_full when there is no room.
        """
        try:
            with self._threads, self._lock.held(), os.fdopen(self._open(), "r+b", buffering=0) as file:
                size, number = self._find_end(file.fileno())
                line = _line(number + 1, self._clock(), body)
                file.truncate(size)
                file.seek(size)
                _write_all(file, line)
                if durable:
                    os.fsync(file.fileno())
                self._known = (size + len(line), number + 1)
                return number + 1
        except OSError as error:
            raise paths.as_error(error, self.path) from error

    def _open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)

    def _find_end(self, file: int) -> tuple[int, int]:
        """Return where the last whole event ends, and its number."""
        size = os.fstat(file).st_size
        if size == self._known[0]:
            return self._known
        window = TAIL_BYTES
        while True:
            start = max(0, size - window)
            os.lseek(file, start, os.SEEK_SET)
            found = _last(os.read(file, size - start), whole=start == 0)
            if found:
                return start + found[0], found[1]
            if start == 0:
                return 0, 0
            window *= 4


def _write_all(file: IO[bytes], data: bytes) -> None:
    """Write to the end: a disk that has just filled up takes a part and complains the next time."""
    while data:
        data = data[file.write(data) :]


def _line(number: int, time: datetime, body: Event) -> bytes:
    """Write a `JobEvent` as it is read."""
    return f'{{"number":{number},"time":"{time.isoformat()}","body":{body.model_dump_json()}}}\n'.encode()


def _last(tail: bytes, *, whole: bool) -> tuple[int, int] | None:
    """Return where the last whole event of a file's tail ends in it, and its number."""
    end = tail.rfind(b"\n") + 1
    while end:
        start = tail.rfind(b"\n", 0, end - 1) + 1
        if start == 0 and not whole:
            return None
        if event := parse(tail[start:end]):
            return end, event.number
        end = start
    return None


def _number(line: bytes) -> float:
    """Return the number that a line begins with, infinity where it does not begin as ours do."""
    found = NUMBER.match(line)
    return int(found[1]) if found else math.inf


def parse(line: bytes) -> JobEvent | None:
    """Read one line; None when it is no event."""
    try:
        return JobEvent.model_validate_json(line)
    except ValidationError:
        return None


class Reader:
    """Reads the events of a job from its file, each once, going on where it was."""

    def __init__(self, folder: Path, after: int = 0) -> None:
        self._path = folder / EVENTS
        self._after = after
        self._offset = 0
        self.last: JobEvent | None = None
        """The newest event read, also when it is not above `after`."""

    def read(self) -> list[JobEvent]:
        """Return events that were not returned before, up to a megabyte of them; none when there are none yet."""
        with contextlib.suppress(FileNotFoundError), self._path.open("rb") as file:
            while lines := self._next_lines(file):
                self.last = next((event for line in reversed(lines) if (event := parse(line))), self.last)
                # those that are known cost next to nothing: who comes back has seen most of a long journal
                new = (event for line in lines if _number(line) > self._after and (event := parse(line)))
                if events := [event for event in new if event.number > self._after]:
                    return events
        return []

    def _next_lines(self, file: IO[bytes]) -> list[bytes]:
        """Return the whole lines of the next megabyte; none at the end."""
        file.seek(self._offset)
        chunk = file.read(CHUNK_BYTES)
        end = chunk.rfind(b"\n") + 1
        self._offset += end
        return chunk[:end].splitlines()


def tail(folder: Path) -> list[JobEvent]:
    """Return the newest events of a job, at least one where there is any that is not very long."""
    try:
        with (folder / EVENTS).open("rb") as file:
            start = max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES)
            file.seek(start)
            lines = file.read().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    whole = lines[1:] if start else lines
    return [event for line in whole if line.endswith(b"\n") and (event := parse(line))]


def newest_progress(folder: Path) -> JobProgress | None:
    """Return how far a job is by its newest events; None when they do not say it."""
    return next((one.body for one in reversed(tail(folder)) if isinstance(one.body, JobProgress)), None)
