"""What networks said is kept: same result, fewer calls, bounded, and nothing lost when it is gone."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc import paths
from rvc.analysis import pitch
from rvc.analysis.content import ContentVec
from rvc.config import ConvertConfig
from rvc.synthesis.converter import Converter
from rvc.synthesis.feature_cache import FeatureCache, KeptEncoder, KeptEstimator
from rvc.synthesis.index import RetrievalIndex
from tests import sounds, voices

MB = 1 << 20


class CountingEncoder:
    """A real encoder that counts how often it is asked."""

    def __init__(self, encoder: ContentVec) -> None:
        self.name, self.dim, self.frame_rate = encoder.name, encoder.dim, encoder.frame_rate
        self.calls = 0
        self._encoder = encoder

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        self.calls += 1
        return self._encoder.encode(wave, lengths)


class CountingEstimator:
    """The same for pitch."""

    name = "swift"

    def __init__(self) -> None:
        self.calls = 0
        self._estimator = pitch.load("swift")

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        self.calls += 1
        return self._estimator.estimate(wave, lengths)


def cache(limit: int = 100 * MB) -> FeatureCache:
    return FeatureCache(paths.features_dir() / "conversion", limit)


def test_only_a_new_recording_is_encoded_again() -> None:
    encoder, estimator = CountingEncoder(voices.small_encoder()), CountingEstimator()
    bank = RetrievalIndex(torch.randn(30, voices.SMALL_DIM, generator=torch.Generator().manual_seed(0)))
    kept = Converter(
        voices.small_lite(), bank, KeptEncoder(encoder, cache()), KeptEstimator(estimator, cache())
    )
    plain = Converter(voices.small_lite(), bank, voices.small_encoder(), pitch.load("swift"))
    wave = sounds.sentences(3, seconds=1.5)
    first = {"chunk_s": 2}
    kept.convert(wave, 16000, ConvertConfig(**first))
    calls = encoder.calls, estimator.calls
    assert calls == (1 + 3, 1 + 1)  # the first call of each tells who it is
    for settings in (
        {},
        {"pitch_shift": 5},
        {"index_rate": 0.2},
        {"formant_shift": 2},
        {"seed": 3, "protect": 0.5},
    ):
        again, _ = kept.convert(wave, 16000, ConvertConfig(**first, **settings))
        np.testing.assert_array_equal(
            again, plain.convert(wave, 16000, ConvertConfig(**first, **settings))[0]
        )
    assert (encoder.calls, estimator.calls) == calls
    kept.convert(wave[100:], 16000, ConvertConfig(**first))
    assert encoder.calls > calls[0]
    assert estimator.calls > calls[1]


def test_another_network_of_the_same_name_is_asked_itself() -> None:
    wave = torch.from_numpy(sounds.voice(0.5))[None]
    one, other = voices.small_encoder(seed=0), voices.small_encoder(seed=1)
    KeptEncoder(one, cache()).encode(wave)
    assert torch.equal(KeptEncoder(other, cache()).encode(wave), other.encode(wave))


def files() -> list[Path]:
    return sorted((paths.features_dir() / "conversion").glob("*.safetensors"))


def test_the_oldest_goes_when_there_is_no_room() -> None:
    small = cache(limit=450_000)
    tensors = [torch.full((25_000,), float(number)) for number in range(5)]  # 100 kB each
    for number, tensor in enumerate(tensors[:4]):
        small.fetch(f"key{number}", lambda tensor=tensor: tensor)
        os.utime(files()[-1], (time.time() - 100 + number,) * 2)
    small.fetch("key0", lambda: pytest.fail("it was kept"))  # used just now
    small.fetch("key4", lambda: tensors[4])
    assert [path.stem for path in files()] == ["key0", "key2", "key3", "key4"]
    small.fetch("large", lambda: torch.zeros(200_000))
    assert sum(path.stat().st_size for path in files()) <= 450_000


def test_what_is_damaged_or_gone_is_made_again() -> None:
    kept = cache()
    made = torch.arange(10.0)
    kept.fetch("key", lambda: made)
    files()[0].write_bytes(files()[0].read_bytes()[:30])
    assert torch.equal(kept.fetch("key", lambda: made), made)
    files()[0].unlink()
    assert torch.equal(kept.fetch("key", lambda: made), made)
    assert torch.equal(cache().fetch("key", lambda: pytest.fail("it was kept")), made)


def test_a_full_disk_does_not_end_a_conversion(small_disk: Path) -> None:
    full = FeatureCache(small_disk / "features", 100 * MB)
    made = torch.zeros(100_000)
    assert full.fetch("key", lambda: made) is not None
    assert not list(small_disk.rglob("*.safetensors"))
