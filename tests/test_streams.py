"""Block by block as in one piece: resampling, filtering, lengths."""

from collections.abc import Iterator

import numpy as np
import pytest

from rvc.sound import audio, streams
from rvc.synthesis import hearing
from tests import sounds


def pieces(wave: np.ndarray, size: int) -> Iterator[np.ndarray]:
    return (wave[start : start + size] for start in range(0, len(wave), size))


@pytest.mark.parametrize(
    ("source", "target"), [(44100, 16000), (16000, 48000), (24000, 24000), (8000, 16000)]
)
@pytest.mark.parametrize("size", [1, 977, 100000])
def test_resampling_in_blocks_is_resampling_of_the_whole(source: int, target: int, size: int) -> None:
    wave = sounds.voice(0.11 if size == 1 else 1.5, source)
    streamed = np.concatenate(list(streams.resampled(pieces(wave, size), source, target)))
    np.testing.assert_array_equal(streamed, audio.resample(wave, source, target))


def test_channels_are_resampled_side_by_side() -> None:
    left, right = sounds.voice(1.0, 44100), sounds.voice(1.0, 44100, seed=1)
    pair = np.stack([left, right], axis=1)
    streamed = np.concatenate(list(streams.resampled(pieces(pair, 5000), 44100, 16000, channels=2)))
    np.testing.assert_array_equal(streamed[:, 1], audio.resample(right, 44100, 16000))


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.9, 3.3])
def test_the_high_pass_in_blocks_is_that_of_the_whole(
    seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "BLOCK", 7001)
    wave = sounds.voice(seconds) + np.float32(0.3)  # an offset is what filters settle on longest
    filtered = np.concatenate([wave[:0], *hearing.highpassed(wave)])
    np.testing.assert_allclose(filtered, audio.highpass(wave, 16000, zero_phase=True), rtol=0, atol=1e-7)


@pytest.mark.parametrize("samples", [0, 5, 10, 12])
def test_lengths_are_made_exact(samples: int) -> None:
    blocks = [np.ones(4, np.float32), np.ones(6, np.float32)]
    whole = np.concatenate(list(streams.exactly(blocks, samples)))
    np.testing.assert_array_equal(whole, [1.0] * min(samples, 10) + [0.0] * max(samples - 10, 0))
