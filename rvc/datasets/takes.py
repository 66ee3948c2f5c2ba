"""A prepared take on disk: waves, content features and pitch of its clips in one file, and their cache."""

import contextlib
import logging
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from rvc.cache import Cache, link
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.paths import atomic

SUFFIX = ".safetensors"
FULL_SCALE = 32767

log = logging.getLogger(__name__)


class ClipRecord(BaseModel):
    """A clip of a take. `offset` and `frames` (100 frames/s) say where in the take's arrays it lies."""

    model_config = ConfigDict(frozen=True)

    start_s: float
    offset: int
    frames: int
    scale: float
    """Amplitude of the largest int16 value."""
    voiced: float
    """Share of frames with a pitch."""


class TakeRecord(BaseModel):
    """What is known of a take besides its arrays. `rate` is the recording's own, Hz."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    rate: int
    seconds: float
    unused_s: float
    dim: int
    clips: list[ClipRecord]
    bandwidth_hz: float | None = None
    """Up to where the recording holds anything; see `rvc.sound.bandwidth`."""

    @property
    def frames(self) -> int:
        return sum(clip.frames for clip in self.clips)


@dataclass(frozen=True, slots=True)
class Take:
    """A take's clips end to end: wave (T*hop,) int16, content (T//2, dim) float16, f0 (T,) float32 Hz."""

    record: TakeRecord
    wave: np.ndarray
    content: np.ndarray
    f0: np.ndarray


def write(path: Path, take: Take) -> None:
    """Write a take atomically, with a checksum over its arrays."""
    arrays = {"wave": take.wave, "content": take.content, "f0": take.f0}
    metadata = {"take": take.record.model_dump_json(), "crc32": str(_checksum(arrays))}
    with atomic(path) as temporary:
        temporary.write_bytes(save(arrays, metadata))


def read(path: Path) -> Take:
    """Read a take. Raises `InputError` with code `damaged_take` when a single byte of it is wrong."""
    try:
        with safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in ("wave", "content", "f0")}
            metadata = file.metadata()
        record = TakeRecord.model_validate_json(metadata["take"])
        if metadata["crc32"] == str(_checksum(arrays)):
            return Take(record, **arrays)
    except (SafetensorError, ValidationError, OSError, KeyError, TypeError) as error:
        log.debug("%s cannot be read: %s", path, error)
    raise InputError("damaged_take", f"{path} is damaged or missing.", "Run `rvc prepare` again.")


class TakeStore:
    """The takes of one prepared folder, backed by the user's cache: both hold them under the same key.

    The folder's files are links to the cache's where the file system can do that, copies elsewhere.
    """

    def __init__(self, folder: Path, reporter: Reporter, cache: Cache | None = None) -> None:
        self._folder = folder
        self._reporter = reporter
        self._cache = cache or Cache()
        self._caching = True

    def find(self, key: str) -> TakeRecord | None:
        """Return a stored take's record, its file now in the folder; None when none is whole."""
        own = _read_record(self.path(key))
        if own is not None:
            return own
        return self._cache.look_up("takes", f"{key}{SUFFIX}", partial(self._take_over, self.path(key)))

    @staticmethod
    def _take_over(own: Path, cached: Path) -> TakeRecord | None:
        """Make a take of the cache the folder's own; return its record, None when it is not whole."""
        record = _read_record(cached)
        if record is not None:
            try:
                link(cached, own)
            except FileNotFoundError:  # another process has made room in between
                return None
        return record

    def add(self, key: str, take: Take) -> None:
        """Store a take. A cache that cannot be written costs time later, not this dataset: said once."""
        write(self.path(key), take)
        if not self._caching:
            return
        try:
            self._cache.adopt("takes", f"{key}{SUFFIX}", self.path(key))
        except Error as error:
            self._caching = False
            self._reporter.warn("not_cached", f"Other datasets will have to prepare this again: {error}")

    def keep_only(self, keys: set[str]) -> None:
        """Remove the folder's takes of earlier preparations; the cache keeps them."""
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"


def _read_record(path: Path) -> TakeRecord | None:
    """Return the record of a take, None where the file is missing or not whole."""
    with contextlib.suppress(InputError):
        return read(path).record
    return None


def _checksum(arrays: dict[str, np.ndarray]) -> int:
    checksum = 0
    for name in sorted(arrays):
        checksum = zlib.crc32(np.ascontiguousarray(arrays[name]).data, checksum)
    return checksum
