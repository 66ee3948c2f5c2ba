from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rvc.config import PrepareConfig
from rvc.datasets import slicing
from tests.sounds import sentences, silence, voice

RATE_HZ = 24000
CONFIG = PrepareConfig(rate=RATE_HZ)
FRAME = 2 * RATE_HZ // 100


def test_cuts_at_silences() -> None:
    wave = np.concatenate([voice(2, RATE_HZ), silence(1.5, RATE_HZ), voice(2, RATE_HZ)])
    (first, second) = slicing.slices(wave, RATE_HZ, -42)
    assert first[0] == 0
    assert 2 * RATE_HZ <= first[1] <= 2.5 * RATE_HZ
    assert 2.97 * RATE_HZ <= second[0] <= 3.5 * RATE_HZ
    assert second[1] == len(wave)


def test_a_short_pause_does_not_cut() -> None:
    wave = np.concatenate([voice(2, RATE_HZ), silence(0.3, RATE_HZ), voice(2, RATE_HZ)])
    assert slicing.slices(wave, RATE_HZ, -42) == [(0, len(wave))]


def test_drops_long_silence_at_both_ends() -> None:
    wave = np.concatenate([silence(2, RATE_HZ), voice(3, RATE_HZ), silence(2, RATE_HZ)])
    ((start, end),) = slicing.slices(wave, RATE_HZ, -42)
    assert 1.47 * RATE_HZ <= start <= 2 * RATE_HZ
    assert 5 * RATE_HZ <= end <= 5.5 * RATE_HZ


@pytest.mark.parametrize("length", [0, 1, 100, 500, 5000])
def test_next_to_nothing_has_no_clips(length: int) -> None:
    for wave in (np.zeros(length, np.float32), np.ones(length, np.float32)):
        cuts = slicing.cut(wave, RATE_HZ, CONFIG)
        assert cuts.clips == []
        assert cuts.unused_s == pytest.approx(length / RATE_HZ)


def test_silence_and_quiet_noise_have_no_clips() -> None:
    noise = np.random.default_rng(0).standard_normal(10 * RATE_HZ).astype(np.float32) * 0.001
    for wave in (silence(10, RATE_HZ), noise):
        assert slicing.cut(wave, RATE_HZ, CONFIG).clips == []
    assert slicing.cut(noise, RATE_HZ, CONFIG.model_copy(update={"silence_dbfs": -70.0})).clips


def test_windows_of_a_long_slice() -> None:
    parts = list(slicing.windows((100, 100 + 12 * RATE_HZ), RATE_HZ, 3.7, 0.3))
    assert parts[0] == (100, 100 + int(3.7 * RATE_HZ))
    assert parts[-1][1] == 100 + 12 * RATE_HZ
    assert all(before[1] - after[0] == round(0.3 * RATE_HZ) for before, after in pairwise(parts))
    assert parts[-1][1] - parts[-1][0] <= 4 * RATE_HZ


def test_a_slice_of_exactly_the_longest_length_stays_whole() -> None:
    assert list(slicing.windows((0, 4 * RATE_HZ), RATE_HZ, 3.7, 0.3)) == [(0, 4 * RATE_HZ)]
    assert len(list(slicing.windows((0, 4 * RATE_HZ + 1), RATE_HZ, 3.7, 0.3))) == 2


@settings(max_examples=20, deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.sampled_from([0.05, 0.3, 0.45, 0.8, 1.2, 2.0, 5.0]), st.sampled_from([0.0, 0.003, 0.1])),
        min_size=1,
        max_size=9,
    )
)
def test_nothing_loud_is_lost(parts: list[tuple[float, float]]) -> None:
    """Slices are ordered and disjoint, and every sample outside them lies near a silence."""
    random = np.random.default_rng(1)
    wave = np.concatenate([random.standard_normal(round(s * RATE_HZ)) * level for s, level in parts])
    spans = slicing.slices(wave, RATE_HZ, -42)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)
    outside = np.ones(len(wave), bool)
    for start, end in spans:
        outside[start:end] = False
    assert np.abs(wave[outside]).max(initial=0) < 0.1
    clips = slicing.cut(wave, RATE_HZ, CONFIG).clips
    assert all((end - start) % FRAME == 0 and end - start >= 0.4 * RATE_HZ for start, end in clips)
    assert all(end <= len(wave) for _, end in clips)


def test_unused_seconds_do_not_count_overlaps_twice() -> None:
    wave = voice(10, RATE_HZ)
    cuts = slicing.cut(wave, RATE_HZ, CONFIG)
    assert len(cuts.clips) == 3
    assert 0 <= cuts.unused_s < 0.1


def test_clips_of_several_sentences() -> None:
    cuts = slicing.cut(sentences(5, RATE_HZ), RATE_HZ, CONFIG)
    assert len(cuts.clips) == 5


@pytest.mark.parametrize(
    ("peak", "even"), [(0.9, 0.9), (0.45, 0.7875), (1.0, 0.925), (1.3, 1.0), (2.6, 1.0), (40, 1.0)]
)
def test_levels_are_evened_and_never_clip(peak: float, even: float) -> None:
    assert peak * slicing.gain(peak) == pytest.approx(even)
