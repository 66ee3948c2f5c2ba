"""What networks said is kept: same result, fewer calls, and nothing lost when it is gone."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc.analysis import pitch
from rvc.analysis.content import ContentVec
from rvc.cache import Cache
from rvc.config import ConvertConfig
from rvc.synthesis.converter import Converter
from rvc.synthesis.feature_cache import KeptEncoder, KeptEstimator, KeptSpeech, fetch
from rvc.synthesis.index import RetrievalIndex
from tests import sounds, voices


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


def test_only_a_new_recording_is_encoded_again() -> None:
    encoder, estimator = CountingEncoder(voices.small_encoder()), CountingEstimator()
    bank = RetrievalIndex(torch.randn(30, voices.SMALL_DIM, generator=torch.Generator().manual_seed(0)))
    kept = Converter(
        voices.small_lite(), bank, KeptEncoder(encoder, Cache()), KeptEstimator(estimator, Cache())
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
    KeptEncoder(one, Cache()).encode(wave)
    assert torch.equal(KeptEncoder(other, Cache()).encode(wave), other.encode(wave))


def held(kind: str) -> int:
    return next(one.files for one in Cache().holdings() if one.kind == kind)


def test_other_loudness_and_rates_cost_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, voice = tmp_path / "voice.safetensors", voices.small_lite()
    voice.save(model)
    cpu = torch.device("cpu")
    speech = KeptSpeech(model, torch.float32, cpu, Cache())
    encoder, estimator = voices.small_encoder(), pitch.load("swift")
    kept = Converter(voice, None, encoder, estimator, speech=speech)
    plain = Converter(voices.small_lite(), None, encoder, estimator)
    wave = sounds.sentences(3, seconds=1.5)
    first = ConvertConfig(chunk_s=2)
    kept.convert(wave, 16000, first)
    assert held("speech") == 3
    calls: list[object] = []
    speak = voice.synthesizer.infer
    monkeypatch.setattr(voice.synthesizer, "infer", lambda *a, **k: calls.append(a) or speak(*a, **k))
    for settings in ({}, {"rms_mix": 0.9}, {"loudness": -20.0, "rate": 16000}):
        config = first.model_copy(update=settings)
        again, _ = kept.convert(wave, 16000, config)
        np.testing.assert_array_equal(again, plain.convert(wave, 16000, config)[0])
    assert not calls
    for settings in ({"seed": 3}, {"speaker": 1}, {"pitch_shift": 2}, {"noise_scale": 0.1}):
        kept.convert(wave, 16000, first.model_copy(update=settings))
        assert len(calls) == 3
        calls.clear()
    monkeypatch.setattr("rvc.synthesis.converter.KEPT_SPEECH_S", 1)
    kept.convert(wave, 16000, first)
    assert len(calls) == 3


def test_another_voice_or_precision_speaks_itself(tmp_path: Path) -> None:
    model, phone, cpu = tmp_path / "voice.safetensors", torch.zeros(4, 8), torch.device("cpu")
    for seed, precision in ((0, torch.float32), (1, torch.float32), (1, torch.bfloat16)):
        voices.small_lite(seed).save(model)
        made = np.full(10, seed, np.float32)
        list(KeptSpeech(model, precision, cpu, Cache()).say((), phone, None, lambda made=made: iter([made])))
    assert held("speech") == 3


def test_what_is_damaged_or_gone_is_made_again() -> None:
    made = torch.arange(10.0)
    fetch(Cache(), "content", "key", lambda: made)
    file = Cache().path("content", "key.safetensors")
    file.write_bytes(file.read_bytes()[:30])
    assert torch.equal(fetch(Cache(), "content", "key", lambda: made), made)
    file.unlink()
    assert torch.equal(fetch(Cache(), "content", "key", lambda: made), made)
    assert torch.equal(fetch(Cache(), "content", "key", lambda: pytest.fail("it was kept")), made)


def test_a_full_disk_does_not_end_a_conversion(small_disk: Path) -> None:
    full = Cache(small_disk / "features", 100_000_000)
    made = torch.zeros(100_000)
    assert torch.equal(fetch(full, "content", "key", lambda: made), made)
    assert not list(small_disk.rglob("*.safetensors"))
