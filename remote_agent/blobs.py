"""Uploaded files by the hash of their content: resumable, verified, each kept once a user, and private.

BLOBS/USER/SHA256 is a whole blob, SHA256.part one that is on its way, with SHA256.lock while somebody sends it. What
two users send is kept twice: that a file is there already would tell one of them what the other has.
"""

import errno
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from remote_agent.users import make_private
from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs.locks import Lock

SHA256 = re.compile(r"[0-9a-f]{64}")
DAY_S = 86400.0
PART_DAYS = 1.0  # an upload that nobody goes on with


@dataclass(frozen=True, slots=True)
class Standing:
    """How much of a blob is here."""

    size_bytes: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What was deleted."""

    files: int = 0
    size_bytes: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(self.files + other.files, self.size_bytes + other.size_bytes)


class Blobs:
    """The blobs of all users of an agent. Its methods wait for the disk: call them in a thread."""

    def __init__(self, folder: Path, quota_bytes: int, blob_bytes: int) -> None:
        self._folder = folder
        self._quota_bytes = quota_bytes
        self._blob_bytes = blob_bytes

    def standing(self, owner: str, sha256: str) -> Standing:
        """Return how much of a blob is here; 0 bytes of one that was never heard of."""
        whole = self._whole(owner, sha256)
        if whole.is_file():
            return Standing(whole.stat().st_size, complete=True)
        part = _part(whole)
        return Standing(part.stat().st_size if part.exists() else 0, complete=False)

    def use(self, owner: str, sha256: str) -> Path:
        """Return the file of a whole blob, which counts as used now. Raises `InputError` unknown_blob."""
        whole = self._whole(owner, sha256)
        if not whole.is_file():
            raise InputError("unknown_blob", f"There is no blob {sha256}.", "PUT it to /blobs first.")
        os.utime(whole)
        return whole

    def receive(self, owner: str, sha256: str, offset: int, size: int | None) -> "Upload":
        """Begin, or go on with, an upload at `offset`; `size` is that of the whole blob, where it is known.

        Raises `InputError`: too_large, quota_exceeded, upload_in_progress, wrong_offset; `Error` disk_full.
        """
        whole = self._whole(owner, sha256)
        make_private(self._folder)
        make_private(whole.parent)
        kept = self.usage(owner) - self.standing(owner, sha256).size_bytes
        most = min(self._blob_bytes, max(self._quota_bytes - kept, 0))
        if size is not None and size > most:
            raise self._too_much(size)
        if size is not None and size - offset > shutil.disk_usage(self._folder).free:
            raise paths.as_error(OSError(errno.ENOSPC, ""), whole)
        return Upload(whole, offset, most, self._too_much(most + 1))

    def _too_much(self, size: int) -> InputError:
        if size > self._blob_bytes:
            return InputError("too_large", f"A blob may have {self._blob_bytes / 1e6:.0f} MB at most.")
        return InputError(
            "quota_exceeded",
            f"All your blobs may have {self._quota_bytes / 1e6:.0f} MB at most.",
            "Wait until old ones are deleted, or delete your data.",
        )

    def usage(self, owner: str) -> int:
        """Return how many bytes a user's blobs take, those on their way too."""
        return sum(path.stat().st_size for path in self._files(owner))

    def remove(self, owner: str) -> Swept:
        """Delete all blobs of a user and say how much that was."""
        files = list(self._files(owner))
        swept = Swept(len(files), sum(path.stat().st_size for path in files))
        shutil.rmtree(self._folder / owner, ignore_errors=True)
        return swept

    def sweep(self, keep_days: float) -> Swept:
        """Delete blobs that were not used for so long, and uploads that nobody goes on with."""
        swept = Swept()
        owners = self._folder.iterdir() if self._folder.is_dir() else ()
        for path in (path for owner in owners for path in self._files(owner.name)):
            days = PART_DAYS if path.suffix else keep_days
            stat = path.stat()
            if time.time() - stat.st_mtime > days * DAY_S:
                path.unlink(missing_ok=True)
                swept += Swept(1, stat.st_size)
        return swept

    def _files(self, owner: str) -> Iterator[Path]:
        folder = self._folder / owner
        found = sorted(folder.iterdir()) if folder.is_dir() else []
        return (path for path in found if path.suffix != ".lock")

    def _whole(self, owner: str, sha256: str) -> Path:
        if not SHA256.fullmatch(sha256):
            raise InputError("bad_hash", f"{sha256!r} is no SHA-256.", "It has 64 of 0-9 and a-f.")
        return self._folder / owner / sha256


def _part(whole: Path) -> Path:
    return whole.with_name(f"{whole.name}.part")


class Upload:
    """A blob on its way. What has arrived stays when the way is cut, and the next upload goes on behind it.

    Only on a disk that has filled up nothing stays.
    """

    def __init__(self, whole: Path, offset: int, most: int, too_much: InputError) -> None:
        self._whole = whole
        self._offset = offset
        self._most = most
        self._too_much = too_much
        self._lock = Lock(whole.with_name(f"{whole.name}.lock"))
        self._file: IO[bytes] | None = None
        self._failure: Error | None = None

    def __enter__(self) -> Self:
        if not self._lock.acquire():
            raise InputError("upload_in_progress", "Somebody sends this blob already.", "Wait for its end.")
        part = _part(self._whole)
        self._file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        size = self._file.seek(0, os.SEEK_END)
        if self._offset > size:
            self.__exit__(None, None, None)
            raise InputError("wrong_offset", f"Only {size} bytes of the blob are here.", f"Go on at {size}.")
        self._file.truncate(self._offset)
        self._file.seek(self._offset)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        self._lock.path.unlink(missing_ok=True)
        self._lock.release()

    @property
    def size_bytes(self) -> int:
        """How much is here by now."""
        assert self._file is not None
        return self._file.tell()

    def write(self, data: bytes) -> None:
        """Add a piece. Raises `InputError` too_large or quota_exceeded, `Error` disk_full."""
        assert self._file is not None
        if self._failure is not None:
            raise self._failure
        if self._file.tell() + len(data) > self._most:
            raise self._too_much
        try:
            while data:
                data = data[self._file.write(data) :]
        except OSError as error:
            self._failure = paths.as_error(error, self._whole)
            self._file.truncate(0)  # a full disk is everybody's: what has arrived makes room for others
            raise self._failure from error

    def finish(self) -> int:
        """Verify the whole blob, keep it, and return its size. Raises `InputError` hash_mismatch."""
        assert self._file is not None
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.seek(0)
        size = os.fstat(self._file.fileno()).st_size
        found = hashlib.file_digest(self._file, "sha256").hexdigest()  # type: ignore[arg-type]
        if found != self._whole.name:
            _part(self._whole).unlink()
            raise InputError(
                "hash_mismatch", f"What arrived is {found}.", "Send it again from the beginning."
            )
        _part(self._whole).replace(self._whole)
        return size
