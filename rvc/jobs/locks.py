"""Locks that the system drops when their holder dies, however it dies: no clock, no stale lock."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

RETRY_S = 0.02
SHARED_MODE = 0o644  # other users only need to read a lock file to lock it
REGION = 1 << 30  # the byte that Windows locks: behind any content


class Lock:
    """An exclusive lock on a file, held by this object until it is released or its process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def acquire(self, timeout_s: float = 0.0) -> bool:
        """Take the lock, waiting up to `timeout_s`; tell whether it is held now."""
        deadline = time.monotonic() + timeout_s
        while not self._try():
            if time.monotonic() >= deadline:
                return False
            time.sleep(RETRY_S)
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)  # which unlocks
            self._file = None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock for a block, waiting for it as long as it takes."""
        self.acquire(timeout_s=float("inf"))
        try:
            yield
        finally:
            self.release()

    def _try(self) -> bool:
        file = _open(self.path)
        if not _lock(file):
            os.close(file)
            return False
        if not _is_at(file, self.path):  # it was deleted in between: what is held guards nothing
            os.close(file)
            return self._try()
        self._file = file
        return True


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock on a file."""
    if not path.exists():
        return True
    lock = Lock(path)
    free = lock.acquire()
    lock.release()
    return free


def _open(path: Path) -> int:
    """Open a lock file, which may be another user's in a folder that everybody may write to."""
    no_follow = getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(FileNotFoundError):
        return _open_known(path, no_follow)
    with contextlib.suppress(FileExistsError):
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | no_follow, SHARED_MODE)
        if sys.platform != "win32":
            os.fchmod(file, SHARED_MODE)  # whatever the umask says
        return file
    return _open(path)


def _open_known(path: Path, no_follow: int) -> int:
    """Open a lock file that exists: for writing where that may be, as network file systems lock no other way."""
    with contextlib.suppress(OSError):
        return os.open(path, os.O_RDWR | no_follow)
    return os.open(path, os.O_RDONLY | no_follow)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _lock(file: int) -> bool:
        os.lseek(file, REGION, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
