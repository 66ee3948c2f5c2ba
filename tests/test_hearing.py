"""What the networks hear: sounds without long silences, in chunks with their surroundings, of any length."""

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc.analysis import pitch
from rvc.config import ConvertConfig
from rvc.sound import audio
from rvc.sound.audio import Stream
from rvc.synthesis import chunks, hearing
from rvc.synthesis.chunks import CONTEXT, HOP
from rvc.synthesis.converter import PASSES, Converter
from rvc.synthesis.hearing import Source
from tests import sounds, voices


def heard(wave: np.ndarray, rate: int = 16000, chunk_s: float = 20) -> Source:
    return Source.hear(Stream(rate, np.array_split(wave, 7)), chunk_s)


def test_a_recording_is_heard_at_16_khz_and_not_too_loud() -> None:
    wave = sounds.voice(1.0, 44100) * 5
    with heard(wave, 44100) as source:
        expected = audio.limit(audio.resample(wave, 44100, 16000), hearing.SOURCE_PEAK)
        expected = audio.highpass(expected, 16000, zero_phase=True)
        np.testing.assert_allclose(source.wave[:], expected, rtol=0, atol=1e-6)
        assert (source.samples, source.rate, source.frames) == (44100, 44100, 100)
        assert source.length(22050) == 22050
        assert source.heard(0, 100).shape == (1, (100 + 2 * CONTEXT) * HOP)


def paused(*seconds: float) -> np.ndarray:
    """Return sounds and silences of so many seconds in turn."""
    parts = [
        (sounds.silence if number % 2 else sounds.voice)(length) for number, length in enumerate(seconds)
    ]
    return np.concatenate(parts)


def test_only_long_silences_are_left_out() -> None:
    with heard(paused(2, 2, 2, 5, 1)) as source:
        assert [(part.start, part.stop) for part in source.parts] == [(0, 624), (1076, 1200)]
    with heard(paused(0, 4, 1, 3)) as source:
        assert [(part.start, part.stop) for part in source.parts] == [(376, 524)]
    with heard(sounds.silence(3.0)) as source:
        assert source.parts == []


def test_quiet_sounds_are_no_silence() -> None:
    loud, quiet = sounds.voice(1.0), sounds.voice(4.0, level=0.3 * 10 ** (-50 / 20))
    with heard(np.concatenate([loud, quiet, loud])) as source:
        assert [(part.start, part.stop) for part in source.parts] == [(0, 600)]
    with heard(0.3 * np.concatenate([loud, quiet, loud])) as source:
        assert [(part.start, part.stop) for part in source.parts] == [(0, 600)]


class CountingEncoder:
    """A real encoder that counts the seconds that it hears."""

    def __init__(self) -> None:
        self._encoder = voices.small_encoder()
        self.name, self.dim, self.frame_rate = self._encoder.name, self._encoder.dim, 50
        self.seconds = 0.0

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        self.seconds += wave.numel() / 16000
        return self._encoder.encode(wave, lengths)


def test_no_network_hears_a_long_silence_and_it_stays_silent() -> None:
    encoder = CountingEncoder()
    converter = Converter(voices.small_lite(), None, encoder, pitch.load("swift"))
    wave = paused(1, 20, 1)
    frames: list[int] = []
    converted, rate = converter.convert(wave, 16000, ConvertConfig(rms_mix=1.0), frames.append)
    assert encoder.seconds < 7
    assert len(converted) == 22 * rate
    assert not converted[2 * rate : 20 * rate].any()
    for spoken in (converted[:rate], converted[21 * rate :]):
        assert np.abs(spoken).max() > 1e-3
    assert sum(frames) == PASSES * 2200


def test_chunks_around_silences_are_joined_in_their_places() -> None:
    total, hop = 1000, 3
    parts = [chunks.Chunk(*place, total) for place in ((100, 200), (200, 320), (600, 700))]
    frames = np.arange(-CONTEXT, total + CONTEXT, dtype=np.float32).repeat(hop)
    spoken = [(part, [frames.reshape(-1, hop)[part.heard][slice(*part.own)].ravel()]) for part in parts]
    whole = np.concatenate(list(chunks.join(spoken, total, hop))).reshape(total, hop)
    for first, last in ((102, 318), (602, 698)):
        np.testing.assert_allclose(whole[first:last, 0], np.arange(first, last), rtol=1e-5)
    for first, last in ((0, 98), (322, 598), (702, 1000)):
        assert not whole[first:last].any()
    assert not np.concatenate(list(chunks.join([], total, hop))).any()


def test_the_pitch_of_hours_is_estimated_in_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    estimator = pitch.load("swift")
    wave = sounds.sentences(6, seconds=1.5)
    with heard(wave, chunk_s=2) as source:
        whole = source.estimate_pitch(estimator)
        monkeypatch.setattr(hearing, "SPAN_S", 5)
        assert len(chunks.spans(source.parts, 500)) > 2
        spans = source.estimate_pitch(estimator)
    assert whole.shape == spans.shape == (source.frames + 2 * CONTEXT,)
    both = (whole > 0) & (spans > 0)
    assert ((whole > 0) == (spans > 0)).float().mean() > 0.98
    assert (12 * torch.log2(whole[both] / spans[both])).abs().median() < 0.02
