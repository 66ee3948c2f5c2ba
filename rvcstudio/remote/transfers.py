"""Files to an agent and from it: each once, verified, and from where they were when the way is cut."""

import base64
import contextlib
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx2

from rvc import paths
from rvc.errors import Error, InputError, Paused
from rvc.jobs import Inputs
from rvc.names import is_visible
from rvcstudio.remote.calls import Calls, unreachable

PIECE_BYTES = 1 << 20
PATIENCE_S = 120.0  # without a byte; an agent holds on to a cut upload for 60 s
PAUSE_S = 0.2
DIGEST = "sha-256"
PASSING = ("upload_in_progress", "too_many_requests")  # the former by our own try that was cut


@dataclass(frozen=True, slots=True)
class Transfer:
    """How far files are on their way, in bytes."""

    done: int = 0
    total: int = 0

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else 0.0


class Meter:
    """What is on its way to and from one agent, for whoever wants to show or stop it."""

    def __init__(self) -> None:
        self._counts: list[Count] = []
        self._lock = threading.Lock()

    @property
    def now(self) -> Transfer | None:
        """All that is on its way together; None while that is nothing."""
        return self._sum(self._known())

    @property
    def sending(self) -> Transfer | None:
        """What is on its way to the agent."""
        return self._sum([count for count in self._known() if count.is_sent])

    def _known(self) -> "list[Count]":
        with self._lock:
            return list(self._counts)

    @staticmethod
    def _sum(counts: "list[Count]") -> Transfer | None:
        return Transfer(sum(c.done for c in counts), sum(c.total for c in counts)) if counts else None

    @contextlib.contextmanager
    def measured(self, total: int, *, is_sent: bool = False) -> Iterator["Count"]:
        """Yield a counter for `total` bytes."""
        count = Count(total, is_sent)
        with self._lock:
            self._counts.append(count)
        try:
            yield count
        finally:
            with self._lock:
                self._counts.remove(count)

    def stop_sending(self) -> None:
        """End what is on its way to the agent with `Paused`; what has arrived is not sent again."""
        for count in self._known():
            count.is_stopped = count.is_sent


@dataclass(eq=False, slots=True)
class Count:
    """Counts bytes of one transfer; goes back where some have to be sent again."""

    total: int
    is_sent: bool
    done: int = 0
    is_stopped: bool = False

    def reach(self, done: int) -> None:
        """Note how far it is. Raises `Paused` where it shall end."""
        self.done = done
        if self.is_stopped:
            raise Paused


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file to be sent."""

    path: Path
    name: str
    sha256: str
    size: int


@dataclass(slots=True)
class Uploads:
    """Sends what jobs need."""

    calls: Calls
    meter: Meter
    _hashes: dict[tuple[Path, int, int], str] = field(default_factory=dict)

    def send(self, inputs: Inputs) -> dict[str, list[dict[str, Any]]]:
        """Send what the agent does not have, and return how a submission names all of it."""
        packed = {role: [(path, self._pack(path)) for path in given] for role, given in inputs.items()}
        parcels = {one.sha256: one for given in packed.values() for _, many in given for one in many}
        missing = [one for one in parcels.values() if self._standing(one) is not None]
        with self.meter.measured(sum(one.size for one in missing), is_sent=True) as count:
            for parcel in missing:
                self._send(parcel, count, count.done)
        return {role: [_reference(path, many) for path, many in given] for role, given in packed.items()}

    def _pack(self, path: Path) -> list[Parcel]:
        """Return a file, or a folder's visible files."""
        if path.is_file():
            return [self._parcel(path, path.name)]
        if not path.is_dir():
            raise InputError("missing_path", f"{path} does not exist.", "Check the path for spelling.")
        files = (file for file in sorted(path.rglob("*")) if is_visible(file, path) and file.is_file())
        return [self._parcel(file, file.relative_to(path).as_posix()) for file in files]

    def _parcel(self, path: Path, name: str) -> Parcel:
        stat = path.stat()
        key = (path, stat.st_size, stat.st_mtime_ns)
        if key not in self._hashes:
            with path.open("rb") as file:
                self._hashes[key] = hashlib.file_digest(file, "sha256").hexdigest()
        return Parcel(path, name, self._hashes[key], stat.st_size)

    def _standing(self, parcel: Parcel) -> int | None:
        """Return from where to go on with a file; None where it is there."""
        found = self.calls.ask("HEAD", _place(parcel), accepted=(404,))
        return None if found.status_code == 200 else int(found.headers["Upload-Offset"])

    def _send(self, parcel: Parcel, count: Count, before: int) -> None:
        """Send a file, from where an earlier try was cut off, until all of it is there."""
        farthest, deadline, spoilt = -1, 0.0, False
        while (offset := self._standing(parcel)) is not None:
            if offset > farthest:
                farthest, deadline = offset, time.monotonic() + PATIENCE_S
            try:
                self._put(parcel, offset, count, before)
            except (httpx2.TransportError, Error) as error:
                damaged = isinstance(error, Error) and error.code == "hash_mismatch" and not spoilt
                spoilt = spoilt or damaged
                if time.monotonic() >= deadline or not (damaged or _may_pass(error)):
                    raise error if isinstance(error, Error) else unreachable(error) from error
                time.sleep(PAUSE_S)
        count.reach(before + parcel.size)

    def _put(self, parcel: Parcel, offset: int, count: Count, before: int) -> None:
        headers = {"Content-Length": str(parcel.size - offset)}
        if offset:
            headers["Content-Range"] = f"bytes {offset}-{parcel.size - 1}/{parcel.size}"
        pieces = _pieces(parcel.path, offset, count, before)
        self.calls.call("PUT", _place(parcel), content=pieces, headers=headers)


def _may_pass(error: Exception) -> bool:
    """Tell whether a file may be sent when it is tried again."""
    return isinstance(error, httpx2.TransportError) or (isinstance(error, Error) and error.code in PASSING)


def _pieces(path: Path, offset: int, count: Count, before: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while piece := file.read(PIECE_BYTES):
            count.reach(before + file.tell() - len(piece))
            yield piece


def _place(parcel: Parcel) -> str:
    return f"/blobs/{parcel.sha256}"


def _reference(path: Path, parcels: list[Parcel]) -> dict[str, Any]:
    """Return how a submission names a file, or a folder with its files."""
    files = [{"blob": parcel.sha256, "name": parcel.name} for parcel in parcels]
    return files[0] if path.is_file() else {"folder": path.resolve().name or "folder", "files": files}


@dataclass(slots=True)
class Downloads:
    """Fetches what jobs have made."""

    calls: Calls
    meter: Meter

    def fetch(self, url: str, target: Path, size: int) -> Path:
        """Download a file whose size was told. Raises `Error` damaged_download, agent_unreachable."""
        with (
            paths.atomic(target) as temporary,
            temporary.open("wb") as file,
            self.meter.measured(size) as count,
        ):
            self._fetch(url, file, count)
        return target

    def _fetch(self, url: str, file: IO[bytes], count: Count) -> None:
        sha256, etag = hashlib.sha256(), ""
        farthest, deadline = -1, time.monotonic() + PATIENCE_S
        while True:
            at = file.tell()
            if at > farthest:
                farthest, deadline = at, time.monotonic() + PATIENCE_S
            headers = {"Want-Repr-Digest": f"{DIGEST}=1"}
            headers |= {"Range": f"bytes={at}-", "If-Range": etag} if at and etag else {}
            try:
                with self.calls.stream(url, headers=headers) as answer:
                    if answer.status_code != 206:  # it is another file by now, or the first try
                        file.seek(0)
                        file.truncate()
                        sha256 = hashlib.sha256()
                    etag, told = answer.headers.get("ETag", ""), answer.headers.get("Repr-Digest", "")
                    for piece in answer.iter_bytes(PIECE_BYTES):
                        file.write(piece)
                        sha256.update(piece)
                        count.reach(file.tell())
                return _verify(sha256.digest(), told)
            except httpx2.TransportError as error:
                if time.monotonic() >= deadline:
                    raise unreachable(error) from error
                time.sleep(PAUSE_S)


def _verify(found: bytes, told: str) -> None:
    """Compare what has come with what the agent says of the whole file; older ones say nothing."""
    if told and told != f"{DIGEST}=:{base64.b64encode(found).decode()}:":
        raise Error("damaged_download", "The file was damaged on its way.", "Fetch it again.")
