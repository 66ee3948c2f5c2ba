"""What networks said of recordings, kept on the disk, so that converting one again with other settings is quick.

A result is kept under the hash of the sound and of the network. Everything here can be deleted at any time.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from rvc import paths
from rvc.analysis.content import ContentEncoder
from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_RATE_HZ
from rvc.errors import Error

SUFFIX = ".safetensors"
KEY_LENGTH = 40
PROBE_S = 0.5
ROOM = (
    0.9  # of the limit, to which the cache shrinks when it is full: not every new file pushes out an old one
)


class FeatureCache:
    """A folder of tensors of at most `limit` bytes; what was not used for longest goes first."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._size: int | None = None

    def fetch(self, key: str, make: Callable[[], Tensor]) -> Tensor:
        """Return the tensor kept under `key`, on the CPU; where there is none, make it and keep it."""
        path = self._folder / f"{key}{SUFFIX}"
        kept = _read(path)
        if kept is not None:
            return kept
        made = make().cpu()
        self._keep(path, made)
        return made

    def _keep(self, path: Path, made: Tensor) -> None:
        content = save({"features": made.contiguous()})
        if len(content) > self._limit:
            return
        try:
            with paths.atomic(path) as temporary:
                temporary.write_bytes(content)
        except Error:
            return  # a full disk costs time, not the conversion
        self._size = len(content) + (self._total() if self._size is None else self._size)
        if self._size > self._limit:
            self._shrink()

    def _total(self) -> int:
        return sum(size for _used, size, _path in self._files())

    def _files(self) -> list[tuple[float, int, Path]]:
        """List when each file was last used, its size and its path."""
        files = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except OSError:
                continue  # another program has just deleted it
            files.append((status.st_mtime, status.st_size, path))
        return files

    def _shrink(self) -> None:
        files = sorted(self._files())
        self._size = sum(size for _used, size, _path in files)
        for _used, size, path in files:
            if self._size <= ROOM * self._limit:
                return
            path.unlink(missing_ok=True)
            self._size -= size


class KeptEncoder:
    """A content encoder that remembers."""

    def __init__(self, encoder: ContentEncoder, cache: FeatureCache) -> None:
        self.name, self.dim, self.frame_rate = encoder.name, encoder.dim, encoder.frame_rate
        self._encoder = encoder
        self._cache = cache
        self._identity = _identity(encoder.name, encoder.encode)

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        key = _key(self._identity, wave, lengths)
        return self._cache.fetch(key, lambda: self._encoder.encode(wave, lengths)).to(wave.device)


class KeptEstimator:
    """A pitch estimator that remembers."""

    def __init__(self, estimator: PitchEstimator, cache: FeatureCache) -> None:
        self.name = estimator.name
        self._estimator = estimator
        self._cache = cache
        self._identity = _identity(estimator.name, estimator.estimate)

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        key = _key(self._identity, wave, lengths)
        return self._cache.fetch(key, lambda: self._estimator.estimate(wave, lengths)).to(wave.device)


def _identity(name: str, network: Callable[[Tensor], Tensor]) -> bytes:
    """Return what tells a network from others of its name: what it makes of a rising tone."""
    time = np.arange(int(PROBE_S * CONTENT_RATE_HZ)) / CONTENT_RATE_HZ
    probe = 0.3 * np.sin(2 * np.pi * (120 + 200 * time) * time)
    answer = network(torch.from_numpy(probe.astype(np.float32))[None])
    return name.encode() + answer.float().cpu().numpy().tobytes()


def _key(identity: bytes, wave: Tensor, lengths: Tensor | None) -> str:
    digest = hashlib.sha256(identity)
    digest.update(b"" if lengths is None else lengths.cpu().numpy().tobytes())
    digest.update(wave.cpu().numpy().tobytes())
    return digest.hexdigest()[:KEY_LENGTH]


def _read(path: Path) -> Tensor | None:
    """Return the tensor in a file, None where it is missing or damaged; note that it was used."""
    try:
        kept = load(path.read_bytes())["features"]
        os.utime(path)
    except (OSError, SafetensorError, KeyError):
        return None
    return kept
