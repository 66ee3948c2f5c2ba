"""What can be made again, kept for a while: prepared takes, content, pitch, spoken chunks, measures of recordings.

A file lies under the hash of all that it was made from, so it is never out of date. What was not used for longest
goes when room runs short. Processes share the folder without a lock: a file appears whole or not at all, and two
that make room at once delete the same files, not twice as many. Imports no torch.
"""

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from pydantic import ValidationError

from rvc import paths
from rvc.config import CacheConfig
from rvc.events import Reporter

Kind = Literal["takes", "content", "pitch", "speech", "measures"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OTHER = (
    "other"  # files of earlier versions of this program: nobody asks for them, so they are the first to go
)
SETTINGS = "cache.json"
USES = ".uses"  # a byte is added to a file there for every answer: nothing is lost when a process is killed
HITS, MISSES = "hits", "misses"
ROOM = 0.9  # of the limit, to which a full cache shrinks: not every new file pushes out an old one
SLACK = 0.05  # of the limit, which a process adds before it looks again how much there is
ABANDONED_S = 3600.0  # so old a temporary file is nobody's any more

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the cache; `size` is what deleting it frees: nothing where a dataset holds the same file."""

    path: Path
    kind: str
    size: int
    used_ns: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept of a kind, in bytes, and how often it was asked for something that it had, or had not."""

    kind: str
    files: int
    size: int
    hits: int
    misses: int

    @property
    def hit_rate(self) -> float | None:
        asked = self.hits + self.misses
        return self.hits / asked if asked else None


class Cache:
    """A folder of files by kind and name, of at most `limit` bytes and what is being added."""

    def __init__(self, folder: Path | None = None, limit: int | None = None) -> None:
        self.folder = folder or paths.features_dir()
        self.limit = limit_bytes() if limit is None else limit
        self._added: int | None = None  # since room was last made, bytes; None: never

    def path(self, kind: Kind, name: str) -> Path:
        return self.folder / kind / name[:2] / name

    def look_up(self, kind: Kind, name: str, read: Callable[[Path], T | None]) -> T | None:
        """Return what `read` makes of a file, None where it is missing or damaged; count the answer."""
        path = self.path(kind, name)
        found = read(path)
        self._count(kind, MISSES if found is None else HITS)
        if found is not None:
            _note_use(path)
        return found

    def keep(self, kind: Kind, name: str, content: bytes) -> None:
        """Write a file, unless it is larger than the cache may be. Raises `Error` disk_full, not_writable."""
        if len(content) <= self.limit:
            with paths.atomic(self.path(kind, name)) as temporary:
                temporary.write_bytes(content)
            self._grow(len(content))

    def adopt(self, kind: Kind, name: str, file: Path) -> None:
        """Keep a file that lies elsewhere and never changes. Raises `Error` disk_full, not_writable."""
        if self.limit:
            link(file, self.path(kind, name))
            self._grow(file.stat().st_size)

    def _grow(self, size: int) -> None:
        known = self._added is not None
        self._added = (self._added or 0) + size
        if not known or self._added > SLACK * self.limit:
            self.make_room()

    def make_room(self) -> None:
        """Delete what was not used for longest, if there is more than the limit, and what killed processes left."""
        self._added = 0
        self._sweep()
        entries = sorted(self._entries(), key=lambda entry: entry.used_ns)
        total = sum(entry.size for entry in entries)
        if total <= self.limit:
            return
        for entry in entries:
            if total <= ROOM * self.limit:
                return
            if entry.size:
                _delete(entry.path)
                total -= entry.size  # whoever deleted it

    def _sweep(self) -> None:
        oldest_ns = time.time_ns() - int(ABANDONED_S * 1e9)
        for path in self._files():
            with suppress(OSError):
                if _is_temporary(path) and path.stat().st_mtime_ns < oldest_ns:
                    path.unlink()

    def holdings(self) -> list[Holding]:
        """Return what is kept of every kind, and of earlier versions where there is any."""
        entries = list(self._entries())
        others = [OTHER] if any(entry.kind == OTHER for entry in entries) else []
        return [
            self._holding(kind, [one for one in entries if one.kind == kind]) for kind in (*KINDS, *others)
        ]

    def _holding(self, kind: str, entries: list[Entry]) -> Holding:
        counts = [_size_of(self._uses(kind, answer)) for answer in (HITS, MISSES)]
        return Holding(kind, len(entries), sum(entry.size for entry in entries), *counts)

    def clear(self, reporter: Reporter, kinds: Collection[str] = ()) -> int:
        """Delete everything, or some kinds, with their counts; return the bytes of files that are in use and stay."""
        doomed = [entry for entry in self._entries() if not kinds or entry.kind in kinds]
        left = 0
        with reporter.phase("clear", len(doomed), unit="files") as phase:
            for entry in doomed:
                left += 0 if _delete(entry.path) else entry.size
                phase.advance()
        for kind in kinds or (*KINDS, OTHER):
            for answer in (HITS, MISSES):
                _delete(self._uses(kind, answer))
        return left

    def _entries(self) -> Iterator[Entry]:
        for path in self._files():
            if _is_temporary(path):
                continue
            kind = path.relative_to(self.folder).parts[0]
            with suppress(OSError):  # another process has just deleted it
                status = path.stat()
                size = status.st_size if status.st_nlink <= 1 else 0
                yield Entry(path, kind if kind in KINDS else OTHER, size, status.st_atime_ns)

    def _files(self) -> Iterator[Path]:
        for folder, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if name != USES]
            yield from (Path(folder, name) for name in names)

    def _count(self, kind: Kind, answer: str) -> None:
        uses = self._uses(kind, answer)
        with suppress(OSError):
            uses.parent.mkdir(parents=True, exist_ok=True)
            with uses.open("ab", buffering=0) as file:
                file.write(b".")

    def _uses(self, kind: str, answer: str) -> Path:
        return self.folder / USES / f"{kind}.{answer}"


def link(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, which never changes, or a copy where links are impossible.

    Raises `FileNotFoundError` when another process has just deleted `source`; `Error` disk_full, not_writable.
    """
    paths.make_dir(target.parent)
    try:
        target.unlink(missing_ok=True)
        os.link(source, target)
        return
    except FileNotFoundError:
        raise
    except OSError:
        pass
    with paths.atomic(target) as temporary:
        shutil.copyfile(source, temporary)


def limit_bytes() -> int:
    """Return how large the cache may be: as somebody has set it, else as it comes."""
    try:
        config = CacheConfig.model_validate_json(_settings_file().read_bytes())
    except (OSError, ValidationError):
        config = CacheConfig()
    return int(config.limit_gb * 1e9)


def set_limit(config: CacheConfig) -> None:
    """Set how large the cache may be from now on, and make it so."""
    paths.write_text(_settings_file(), config.model_dump_json())
    Cache().make_room()


def _settings_file() -> Path:
    return paths.cache_dir() / SETTINGS


def _is_temporary(path: Path) -> bool:
    """Tell a file that is being written, as `paths.atomic` names it."""
    return path.name.startswith(".")


def _note_use(path: Path) -> None:
    """Set when a file was last read; when it was last written tells others whether it changed."""
    with suppress(OSError):
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _delete(path: Path) -> bool:
    """Delete a file, if it can be now; tell whether it is gone."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        return True
    return False
