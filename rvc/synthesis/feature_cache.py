"""What networks said of recordings, kept, so that converting one again with other settings is quick.

A result lies in the cache (`rvc.cache`) under the hash of the sound and of the network.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from rvc import __version__
from rvc.analysis.content import ContentEncoder
from rvc.analysis.pitch import PitchEstimator
from rvc.cache import Cache, Kind
from rvc.config import CONTENT_RATE_HZ
from rvc.errors import Error

SUFFIX = ".safetensors"
KEY_LENGTH = 40
PROBE_S = 0.5


def fetch(cache: Cache, kind: Kind, key: str, make: Callable[[], Tensor]) -> Tensor:
    """Return the tensor kept under `key`, on the CPU; where there is none, make it and keep it."""
    kept = look_up(cache, kind, key)
    if kept is not None:
        return kept
    made = make().cpu()
    keep(cache, kind, key, made)
    return made


def look_up(cache: Cache, kind: Kind, key: str) -> Tensor | None:
    """Return the tensor kept under `key`, if there is one."""
    return cache.look_up(kind, f"{key}{SUFFIX}", _read)


def keep(cache: Cache, kind: Kind, key: str, made: Tensor) -> None:
    """Keep a tensor under `key`."""
    with suppress(Error):  # a full disk costs time, not the conversion
        cache.keep(kind, f"{key}{SUFFIX}", save({"features": made.contiguous()}))


class KeptEncoder:
    """A content encoder that remembers."""

    def __init__(self, encoder: ContentEncoder, cache: Cache) -> None:
        self.name, self.dim, self.frame_rate = encoder.name, encoder.dim, encoder.frame_rate
        self._encoder = encoder
        self._cache = cache
        self._identity = _identity(encoder.name, encoder.encode)

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        key = key_of(self._identity, wave, lengths)
        return fetch(self._cache, "content", key, lambda: self._encoder.encode(wave, lengths)).to(wave.device)


class KeptEstimator:
    """A pitch estimator that remembers."""

    def __init__(self, estimator: PitchEstimator, cache: Cache) -> None:
        self.name = estimator.name
        self._estimator = estimator
        self._cache = cache
        self._identity = _identity(estimator.name, estimator.estimate)

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        key = key_of(self._identity, wave, lengths)
        return fetch(self._cache, "pitch", key, lambda: self._estimator.estimate(wave, lengths)).to(
            wave.device
        )


class KeptSpeech:
    """What a voice made of chunks: other loudness, rates and formats of the same conversion cost no network."""

    def __init__(self, model: Path, precision: torch.dtype, device: torch.device, cache: Cache) -> None:
        """`precision` and `device` are what the voice of the file `model` computes with."""
        with model.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        facts = (__version__, torch.__version__, precision, device.type)
        self._identity = digest.digest() + repr(facts).encode()
        self._cache = cache

    def say(
        self,
        settings: tuple[object, ...],
        phone: Tensor,
        f0: Tensor | None,
        speak: Callable[[], Iterator[np.ndarray]],
    ) -> Iterator[np.ndarray]:
        """Yield the blocks that `speak` makes of content and pitch with settings, or the wave that it has made."""
        key = key_of(self._identity + repr(settings).encode(), phone, f0)
        kept = look_up(self._cache, "speech", key)
        if kept is not None:
            yield kept.numpy()
            return
        made = []
        for block in speak():
            made.append(block)
            yield block
        keep(self._cache, "speech", key, torch.from_numpy(np.concatenate(made)))


def _identity(name: str, network: Callable[[Tensor], Tensor]) -> bytes:
    """Return what tells a network from others of its name: what it makes of a rising tone."""
    time = np.arange(int(PROBE_S * CONTENT_RATE_HZ)) / CONTENT_RATE_HZ
    probe = 0.3 * np.sin(2 * np.pi * (120 + 200 * time) * time)
    answer = network(torch.from_numpy(probe.astype(np.float32))[None])
    return name.encode() + answer.float().cpu().numpy().tobytes()


def key_of(identity: bytes, *tensors: Tensor | None) -> str:
    """Return the hash of what makes something, and of what it is made from."""
    digest = hashlib.sha256(identity)
    for tensor in tensors:
        digest.update(b"-" if tensor is None else f"{tensor.dtype}{tuple(tensor.shape)}".encode())
        digest.update(b"" if tensor is None else tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:KEY_LENGTH]


def _read(path: Path) -> Tensor | None:
    """Return the tensor in a file, None where it is missing or damaged."""
    try:
        return load(path.read_bytes())["features"]
    except (OSError, SafetensorError, KeyError):
        return None
